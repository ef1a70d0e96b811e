"""The network as KGX, the two tables that Biolink knowledge graphs are exchanged in, in terms of Biolink Model 4.4.4.

A claim becomes an association with a Biolink predicate that says no more than the claim does. Where the relation has a
direction that the predicate lacks, a qualifier gives it: ``affects`` with the direction ``increased`` is read "causes
increased ...", as the model asks. Our own relation stays in ``original_predicate``.

What is chosen, and why:

- No ``treats``, ``ameliorates_condition``, ``preventative_for_condition`` or ``exacerbates_condition``. Their subject
  has to be a chemical, drug or treatment, which posture and body weight are not, and they say that a treatment works;
  our claims are hedged, and stay so in ``kg_certainty`` and ``kg_standing``.
- ``negated`` is not used: it says that the statement is false. A claim that no source asserts (every publication read
  disputes it or found no evidence) is not known to be false either, so it is left out of the edges.
- ``publications`` are the sources whose verdict is ``Supports`` or ``Mixed``, the article among them, because the slot
  is for what reports or supports the statement; ``evidence_count`` counts their sentences and findings. The other
  sources stand in ``kg_not_supported_by``, so that no reader takes them for support.
- ``primary_knowledge_source`` is the IRI of the graph: the resource that curated the claims, whatever they were read
  in. The model states neither range nor pattern for the slot, so an IRI is valid; an ``infores:`` id would have to be
  registered.
- ``same_as`` holds exact matches alone; ``xref`` exact and close ones. Weaker matches are left out. SNOMED CT codes get
  the prefix that Biolink registers, SNOMEDCT.
- ``in_taxon`` is left out, because exposures, treatments and activities have no taxon.
- Columns that begin with ``kg_`` are ours; KGX allows them.

The kgx program keys an edge by subject, predicate and object, so that it may merge claims which differ in the qualifier
alone; the ``id`` column tells them apart.

References
----------
KGX format, https://github.com/biolink/kgx/blob/master/specification/kgx-format.md.
Biolink Model 4.4.4, https://w3id.org/biolink/biolink-model, CC0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kg.namespaces import PAIN, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import networkx as nx

    from kg.evidence import Evidence, Source

__all__ = ["kgx_edges", "kgx_nodes"]

_NODE_COLUMNS = ("id", "category", "name", "description", "synonym", "xref", "same_as", "iri")
_EDGE_COLUMNS = (
    "id",
    "subject",
    "predicate",
    "object",
    "qualified_predicate",
    "object_direction_qualifier",
    "knowledge_level",
    "agent_type",
    "primary_knowledge_source",
    "publications",
    "evidence_count",
    "original_predicate",
    "kg_certainty",
    "kg_standing",
    "kg_not_supported_by",
)

_NAMED_THING = "biolink:NamedThing"

# Which of the categories in use are below the class that a predicate asks for. One that is missing here costs
# precision, never validity, because the last reading of a relation asks for nothing; the tests hold these sets to the
# model.
_DISEASE = frozenset({"biolink:Disease"})
_PHENOTYPE = frozenset({"biolink:PhenotypicFeature"})
_PROCESS = frozenset({"biolink:Behavior", "biolink:PathologicalProcess", "biolink:PhysiologicalProcess"})
_BIOLOGICAL_ENTITY = _DISEASE | _PHENOTYPE | _PROCESS | {"biolink:AnatomicalEntity", "biolink:GrossAnatomicalStructure"}
_ONTOLOGY_CLASS = _BIOLOGICAL_ENTITY | {
    "biolink:BehavioralExposure",
    "biolink:Drug",
    "biolink:EnvironmentalExposure",
    "biolink:ExposureEvent",
    "biolink:OrganismAttribute",
    "biolink:Treatment",
}


class _Reading(NamedTuple):
    """A Biolink predicate, and the categories at its ends that it takes; None takes any."""

    predicate: str
    direction: str = ""
    subjects: frozenset[str] | None = None
    objects: frozenset[str] | None = None

    def takes(self, subject: str, object_: str) -> bool:
        return (self.subjects is None or subject in self.subjects) and (self.objects is None or object_ in self.objects)


_RELATED = _Reading("biolink:related_to")
_INCREASES = _Reading("biolink:affects", "increased")
_DECREASES = _Reading("biolink:affects", "decreased")
_LESS_LIKELY = _Reading("biolink:associated_with_decreased_likelihood_of")

# The first reading that takes the categories at both ends is the one; after the last comes related_to.
_READINGS: dict[str, tuple[_Reading, ...]] = {
    "kg:causes": (_Reading("biolink:causes"),),
    "kg:contributesTo": (_Reading("biolink:contributes_to"),),
    "kg:increasesRiskOf": (_Reading("biolink:associated_with_increased_likelihood_of"),),
    "kg:exacerbates": (_INCREASES,),
    "kg:promotes": (_INCREASES,),
    "kg:hasSymptom": (_Reading("biolink:has_phenotype", subjects=_BIOLOGICAL_ENTITY, objects=_PHENOTYPE),),
    "kg:prevents": (_LESS_LIKELY,),
    "kg:reducesRiskOf": (_LESS_LIKELY,),
    "kg:relieves": (_DECREASES,),
    "kg:corrects": (_DECREASES,),
    "kg:reduces": (_DECREASES,),
    "kg:affects": (_Reading("biolink:affects"),),
    "kg:targets": (_Reading("biolink:affects"),),
    "kg:partOf": (_Reading("biolink:part_of"),),
    "kg:includes": (_Reading("biolink:has_part"),),
    # Not capable_of, which says that the subject alone is able to: a muscle moves no leg alone.
    "kg:hasFunction": (_Reading("biolink:actively_involved_in", objects=_PROCESS),),
    "kg:locatedIn": (
        _Reading("biolink:disease_has_location", subjects=_DISEASE),
        _Reading("biolink:occurs_in", subjects=_PROCESS),
        _Reading("biolink:located_in"),
    ),
    # Not a likelihood: how well red flags tell is poorly known.
    "kg:raisesSuspicionOf": (_Reading("biolink:associated_with"),),
    # Biolink maps the hierarchy of MeSH to subclass_of too, and ours is one of kinds, never of parts.
    "skos:broader": (
        _Reading("biolink:subclass_of", subjects=_ONTOLOGY_CLASS, objects=_ONTOLOGY_CLASS),
        _Reading("biolink:related_to_at_concept_level"),
    ),
    # Biolink maps the nearest relations of Uberon and FMA (connected to, protects) to related_to itself.
    "kg:connectedTo": (),
    "kg:supports": (),
    # treats_or_applied_or_studied_to_treat would say that the strategy is in use, tested or works; advice is less.
    "kg:recommendedFor": (),
    "kg:callsFor": (),
    # Of ontologies that are not ours.
    "rdfs:subClassOf": (_Reading("biolink:subclass_of"),),
    "BFO:0000050": (_Reading("biolink:part_of"),),
    "obo:BFO_0000050": (_Reading("biolink:part_of"),),
    "BFO:0000051": (_Reading("biolink:has_part"),),
    "obo:BFO_0000051": (_Reading("biolink:has_part"),),
}

_SUPPORTING = {"Supports", "Mixed"}
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029|]+")
_DOI = "https://doi.org/"
_PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"


def kgx_nodes(network: nx.MultiDiGraph[str]) -> str:
    """Return the entities as a KGX node table.

    Parameters
    ----------
    network
        Left as it is.

    Returns
    -------
    str
        Tab-separated text, header first, one row for each node in the order of CURIEs. Several values in one cell are
        parted by ``|``. Line breaks, tabs, control characters and ``|`` within a text become a blank, and nothing is
        quoted, as the kgx program reads it. The category is the most specific class, then ``biolink:NamedThing``.
    """
    rows = []
    for node in sorted(network):
        held = network.nodes[node]
        exact = _matches(held.get("identifiers", ()), {"skos:exactMatch"})
        close = _matches(held.get("identifiers", ()), {"skos:exactMatch", "skos:closeMatch"})
        rows.append({
            "id": [node],
            "category": dict.fromkeys([held.get("category") or _NAMED_THING, _NAMED_THING]),
            "name": [held.get("label", "")],
            "description": [held.get("definition", "")],
            "synonym": held.get("synonyms", ()),
            "xref": close,
            "same_as": exact,
            "iri": [held.get("iri", "")],
        })
    return _table(_NODE_COLUMNS, rows)


def kgx_edges(network: nx.MultiDiGraph[str], *, knowledge_source: str = PAIN) -> str:
    """Return the claims as a KGX edge table.

    Claims that no source asserts are left out; the module says why, and which predicate stands for which relation. A
    relation that is not ours becomes ``biolink:related_to``.

    Parameters
    ----------
    network
        Left as it is.
    knowledge_source
        CURIE or IRI of the resource that made the claims; give another for a graph that is not ours, empty for not known.

    Returns
    -------
    str
        Tab-separated text as `kgx_nodes` gives it, one row for each asserted claim in the order of claim CURIEs.
    """
    sources: Mapping[str, Source] = network.graph.get("sources", {})
    category = {node: str(held.get("category", "")) for node, held in network.nodes(data=True)}
    rows = []
    for claim, subject, object_ in sorted(
        (claim, subject, object_) for subject, object_, claim in network.edges(keys=True)
    ):
        held = network.edges[subject, object_, claim]
        if not held.get("asserted", True):
            continue
        evidence: Sequence[Evidence] = held.get("evidence", ())
        supporting = [item for item in evidence if item.verdict in _SUPPORTING]
        others = [item for item in evidence if item.verdict not in _SUPPORTING]
        reading = _reading(held["predicate"], category[subject], category[object_])
        rows.append({
            "id": [claim],
            "subject": [subject],
            "predicate": [reading.predicate],
            "object": [object_],
            # Without it the full statement would read "affects increased ...".
            "qualified_predicate": ["biolink:causes"] if reading.direction else [],
            "object_direction_qualifier": [reading.direction],
            # A statement without evidence comes from a graph that does not say who made it, nor how.
            "knowledge_level": ["knowledge_assertion" if "evidence" in held else "not_provided"],
            "agent_type": ["manual_agent" if "evidence" in held else "not_provided"],
            "primary_knowledge_source": [knowledge_source],
            "publications": _publications(supporting, sources),
            "evidence_count": [str(len(supporting))],
            "original_predicate": [held["predicate"]],
            "kg_certainty": [held.get("certainty", "")],
            "kg_standing": [held.get("standing", "")],
            "kg_not_supported_by": _publications(others, sources),
        })
    return _table(_EDGE_COLUMNS, rows)


def _reading(predicate: str, subject: str, object_: str) -> _Reading:
    if predicate.startswith("biolink:"):
        return _Reading(predicate)
    for reading in _READINGS.get(predicate, ()):
        if reading.takes(subject, object_):
            return reading
    return _RELATED


def _matches(identifiers: Iterable[tuple[str, str]], kinds: set[str]) -> list[str]:
    return sorted({re.sub("^SCTID:", "SNOMEDCT:", term) for kind, term in identifiers if kind in kinds})


def _publications(evidence: Iterable[Evidence], sources: Mapping[str, Source]) -> list[str]:
    return sorted({_publication(item.source, sources.get(item.source)) for item in evidence})


def _publication(curie: str, source: Source | None) -> str:
    """Return the identifier that Biolink prefers: PMID, else DOI, else the address or IRI."""
    if source is not None and source.pmid is not None and source.pmid.startswith(_PUBMED):
        return "PMID:" + source.pmid.removeprefix(_PUBMED).strip("/")
    if source is not None and source.doi is not None and source.doi.startswith(_DOI):
        return "doi:" + source.doi.removeprefix(_DOI)
    return (source and source.url) or expand(curie)


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, Iterable[str]]]) -> str:
    lines = ["\t".join(columns)]
    for row in rows:
        cells = ([_UNSAFE.sub(" ", value) for value in row[column]] for column in columns)
        lines.append("\t".join("|".join(values) for values in cells))
    return "\n".join(lines) + "\n"
