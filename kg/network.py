"""The same graph in NetworkX: a node is an entity, an edge is a claim.

Node: the entity's CURIE, with ``label``, ``classes`` (main class first), ``definition``, ``note``, ``iri``, ``synonyms``,
``broader`` (CURIEs), ``identifiers`` (pairs of SKOS relation and CURIE) and ``category`` (Biolink).

Edge: from the claim's subject to its object under the claim's CURIE as key, with ``predicate``, ``sign`` (1 increases,
-1 decreases, 0 neither), ``certainty``, ``standing``, ``publications`` (how many were read), ``sources`` (CURIEs),
``asserted`` (whether any source says that the claim holds), ``label``, ``comment``, ``hedge`` and ``evidence``
(`kg.evidence.Evidence`).
Claims about one pair stay edges of their own, opposing ones too.

Graph: ``name`` and ``sources`` (`kg.evidence.Source` by CURIE); ``relations`` where `relations_in_words` has something to read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

import networkx as nx
import pyoxigraph as ox

from kg.evidence import Evidence, Source
from kg.lens import signs_in
from kg.namespaces import KG, PREFIXES, compact, expand
from kg.ontology import GRAPHS
from kg.terms import entity_classes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["CLASSES", "anatomy", "causal", "network_from_store", "network_quads", "relations_in_words", "strategies"]

CLASSES = (
    "Cause",
    "RiskFactor",
    "Mechanism",
    "Condition",
    "Symptom",
    "Impact",
    "Function",
    "Strategy",
    "AnatomicalStructure",
    "RedFlag",
)
"""Local names of the classes; an entity of several is first of all the earliest here."""

Node = TypeVar("Node", bound=Hashable)
_Properties: TypeAlias = dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]

_RDF, _RDFS, _SKOS, _DCTERMS = (PREFIXES[name] for name in ("rdf", "rdfs", "skos", "dcterms"))
_TYPE = _RDF + "type"
_MAPPINGS = {_SKOS + kind + "Match" for kind in ("exact", "close", "broad", "narrow", "related")}
_ASSERTING = {"Supports", "Mixed"}
_STRUCTURE = {"kg:partOf", "kg:connectedTo", "kg:supports", "kg:hasFunction"}


def network_from_store(store: ox.Store, name: str = "painpath") -> nx.MultiDiGraph[str]:
    """Return the network of a built store.

    Parameters
    ----------
    store
        As `kg.build.build_store` makes it: rules applied, graphs named as in `GRAPHS`.
    name
        Name of the network.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes and edges in CURIE order, with the attributes that this module lists.
    """
    whole = not any(True for _ in store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPHS["claims"])))
    described = _by_subject(store, *([] if whole else ["entities", "claims"]))
    # Where the graphs were put together, as in a file of ours in Turtle, every graph is looked through for each kind.
    mappings = described if whole else _by_subject(store, "mappings")
    derived = described if whole else _by_subject(store, "derived")
    signs = signs_in(store)
    # Ours in their order, then those of another schema.
    kinds = entity_classes(store)
    classes = (*CLASSES, *sorted({name for names in kinds.values() for name in names}.difference(CLASSES)))
    sources: dict[str, Source] = {}
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=name, sources=sources)
    claims, entities = [], []
    for iri, properties in sorted(described.items()):
        types = _types(properties, kinds)
        if types & {"Article", "Publication"}:
            sources[compact(iri)] = _source(iri, properties)
        elif "Claim" in types:
            claims.append((iri, properties))
        elif types.intersection(classes):
            entities.append((iri, properties, tuple(name for name in classes if name in types)))
    for iri, properties, names in entities:
        broader = {*_values(properties, _SKOS + "broader"), *_values(derived.get(iri, {}), _SKOS + "broader")}
        network.add_node(compact(iri), **_node(iri, properties, mappings.get(iri, {}), broader, names))
    for iri, properties in claims:
        subject, predicate, object_ = (
            compact(_first(properties, _RDF + part)) for part in ("subject", "predicate", "object")
        )
        for end in {subject, object_}.difference(network):
            # A file of claims may speak of entities that it does not describe.
            network.add_node(end, **_node(expand(end), described.get(expand(end), {}), {}, set(), ()))
        evidence = tuple(
            sorted(_evidence(node, described.get(node, {})) for node in _values(properties, KG + "evidence"))
        )
        network.add_edge(
            subject,
            object_,
            key=compact(iri),
            predicate=predicate,
            sign=signs.get(expand(predicate), 0),
            certainty=_first(properties, KG + "certainty").removeprefix(KG),
            standing=_first(derived.get(iri, {}), KG + "standing").removeprefix(KG),
            publications=len({item.source for item in evidence if item.finding is not None}),
            sources=tuple(sorted({item.source for item in evidence})),
            asserted=any(item.verdict in _ASSERTING for item in evidence),
            label=_first(properties, _RDFS + "label"),
            comment=_first(properties, _RDFS + "comment"),
            hedge=_first(properties, KG + "hedge"),
            evidence=evidence,
        )
    return network


def causal(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Return the view of the edges that have a sign and that some source asserts, with the nodes at their ends."""
    return _edge_view(network, {key for *_, key, edge in network.edges(keys=True, data=True) if _is_causal(edge)})


def anatomy(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Return the view of what body parts are part of, joined to, hold up and do."""
    keep = {key for *_, key, edge in network.edges(keys=True, data=True) if edge["predicate"] in _STRUCTURE}
    return _edge_view(network, keep)


def strategies(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Return the view of what strategies do and what they are recommended for."""
    keep = {
        key for subject, _, key in network.edges(keys=True) if "Strategy" in network.nodes[subject].get("classes", ())
    }
    return _edge_view(network, keep)


def relations_in_words(network: nx.Graph[Node]) -> dict[str, str]:
    """Return how the relations of a network are read, by CURIE, where it says so itself; a graph seen by a lens does.

    It says so in one text, a relation a line, so that it can be written to any format.
    """
    lines = str(network.graph.get("relations", "")).splitlines()
    return {curie: words for curie, _, words in (line.partition(" ") for line in lines)}


def _is_causal(edge: dict[str, object]) -> bool:
    return bool(edge["sign"]) and bool(edge["asserted"])


def _edge_view(network: nx.MultiDiGraph[str], keys: set[str]) -> nx.MultiDiGraph[str]:
    ends = {node for subject, object_, key in network.edges(keys=True) if key in keys for node in (subject, object_)}
    view: nx.MultiDiGraph[str] = nx.subgraph_view(
        network,
        filter_node=ends.__contains__,
        filter_edge=lambda _subject, _object, key: str(key) in keys,
    )
    return view


def network_quads(network: nx.MultiDiGraph[str]) -> Iterator[ox.Quad]:
    """Yield the RDF of a network: entities, mappings, claims, evidence, sources, and the derived standings.

    Reading the quads back with `network_from_store`, beside the schema, gives an equal network. What the rules derive is
    left out but for the standing; `kg.build.apply_rules` gives it.

    Parameters
    ----------
    network
        With the attributes that this module lists.

    Yields
    ------
    pyoxigraph.Quad
        Each in the named graph that it belongs to.
    """
    seen: set[str] = set()
    for source in network.graph["sources"].values():
        yield from _source_quads(source)
    for node, attributes in network.nodes(data=True):
        yield from _node_quads(node, attributes)
    for subject, object_, key, edge in network.edges(keys=True, data=True):
        write = _Writer("claims", key)
        yield write.iri(_TYPE, "kg:Claim")
        yield write.iri(_RDF + "subject", subject)
        yield write.iri(_RDF + "predicate", edge["predicate"])
        yield write.iri(_RDF + "object", object_)
        yield write.text(_RDFS + "label", edge["label"])
        yield write.text(_RDFS + "comment", edge["comment"])
        yield write.iri(KG + "certainty", f"kg:{edge['certainty']}")
        if edge.get("hedge"):
            yield write.string(KG + "hedge", edge["hedge"])
        yield _Writer("derived", key).iri(KG + "standing", f"kg:{edge['standing']}")
        for item in edge["evidence"]:
            yield write.iri(KG + "evidence", item.id)
            if item.id not in seen:
                seen.add(item.id)
                yield from _evidence_quads(item)


def _node_quads(node: str, attributes: dict[str, object]) -> Iterator[ox.Quad]:
    write = _Writer("entities", node)
    for name in cast("tuple[str, ...]", attributes["classes"]):
        yield write.iri(_TYPE, f"kg:{name}")
    yield write.text(_SKOS + "prefLabel", str(attributes["label"]))
    for synonym in cast("tuple[str, ...]", attributes["synonyms"]):
        yield write.text(_SKOS + "altLabel", synonym)
    yield write.text(_SKOS + "definition", str(attributes["definition"]))
    if attributes["note"]:
        yield write.text(_SKOS + "scopeNote", str(attributes["note"]))
    for broader in cast("tuple[str, ...]", attributes["broader"]):
        yield write.iri(_SKOS + "broader", broader)
    yield write.iri(KG + "biolinkCategory", str(attributes["category"]))
    for relation, identifier in cast("tuple[tuple[str, str], ...]", attributes["identifiers"]):
        yield _Writer("mappings", node).iri(expand(relation), identifier)


def _source_quads(source: Source) -> Iterator[ox.Quad]:
    write = _Writer("claims", source.id)
    yield write.iri(_TYPE, f"kg:{source.kind}")
    yield write.text(_RDFS + "label", source.label)
    for name, iri in (("doi", source.doi), ("pmid", source.pmid)):
        if iri:
            yield write.iri(KG + name, iri)
    if source.url:
        yield write.iri(_RDFS + "seeAlso", source.url)
    if source.author:
        yield write.string(KG + "firstAuthor", source.author)
    if source.year:
        yield write.typed(_DCTERMS + "issued", str(source.year), "gYear")
    if source.journal:
        yield write.string(KG + "journal", source.journal)


def _evidence_quads(item: Evidence) -> Iterator[ox.Quad]:
    write = _Writer("claims", item.id)
    yield write.iri(_TYPE, "kg:Evidence")
    yield write.iri(_TYPE, "kg:Sentence" if item.finding is None else "kg:Finding")
    yield write.iri(_DCTERMS + "source", item.source)
    yield write.iri(KG + "verdict", f"kg:{item.verdict}")
    for name, number in (("sentence", item.sentence), ("start", item.start), ("end", item.end)):
        if number is not None:
            yield write.typed(KG + name, str(number), "integer")
    for name, decimal in (("effectValue", item.effect_value), ("ciLow", item.ci_low), ("ciHigh", item.ci_high)):
        if decimal is not None:
            yield write.typed(KG + name, f"{decimal:f}", "decimal")
    for name, string in (
        ("section", item.section),
        ("design", item.design),
        ("effectMeasure", item.effect_measure),
        ("certaintyGrade", item.grade),
        ("locator", item.locator),
    ):
        if string is not None:
            yield write.string(KG + name, string)
    for name, text in (("finding", item.finding), ("indirectness", item.indirectness)):
        if text is not None:
            yield write.text(KG + name, text)


class _Writer:
    """Quads about one subject in one graph."""

    def __init__(self, graph: str, subject: str) -> None:
        self._graph = ox.NamedNode(GRAPHS[graph])
        self._subject = ox.NamedNode(expand(subject))

    def iri(self, predicate: str, value: str) -> ox.Quad:
        return self._quad(predicate, ox.NamedNode(expand(value)))

    def text(self, predicate: str, value: str) -> ox.Quad:
        return self._quad(predicate, ox.Literal(value, language="en"))

    def string(self, predicate: str, value: str) -> ox.Quad:
        return self._quad(predicate, ox.Literal(value))

    def typed(self, predicate: str, value: str, datatype: str) -> ox.Quad:
        return self._quad(predicate, ox.Literal(value, datatype=ox.NamedNode(PREFIXES["xsd"] + datatype)))

    def _quad(self, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(self._subject, ox.NamedNode(predicate), value, self._graph)


def _by_subject(store: ox.Store, *graphs: str) -> dict[str, _Properties]:
    """Return what some graphs, or all where none is named, say of each subject."""
    found: dict[str, _Properties] = defaultdict(lambda: defaultdict(list))
    patterns: list[ox.NamedNode | None] = [ox.NamedNode(GRAPHS[name]) for name in graphs]
    for graph in patterns or [None]:
        for quad in store.quads_for_pattern(None, None, None, graph):
            if isinstance(quad.subject, ox.NamedNode):
                found[quad.subject.value][quad.predicate.value].append(quad.object)
    return found


def _types(properties: _Properties, kinds: Mapping[str, frozenset[str]]) -> set[str]:
    """Return the local names of the classes that something is of, those above them included."""
    return {
        name
        for iri in _values(properties, _TYPE)
        for name in kinds.get(iri) or (iri.removeprefix(KG) if iri.startswith(KG) else re.split(r"[/#]", iri)[-1],)
    }


def _values(properties: _Properties, predicate: str) -> list[str]:
    return sorted(term.value for term in properties.get(predicate, ()) if not isinstance(term, ox.Triple))


def _first(properties: _Properties, predicate: str) -> str:
    values = _values(properties, predicate)
    return values[0] if values else ""


def _node(
    iri: str, properties: _Properties, mappings: _Properties, broader: set[str], classes: tuple[str, ...]
) -> dict[str, object]:
    return {
        "label": _first(properties, _SKOS + "prefLabel") or compact(iri),
        "classes": classes,
        "definition": _first(properties, _SKOS + "definition"),
        "note": _first(properties, _SKOS + "scopeNote"),
        "iri": iri,
        "synonyms": tuple(_values(properties, _SKOS + "altLabel")),
        "broader": tuple(sorted(map(compact, broader))),
        "category": compact(_first(properties, KG + "biolinkCategory")),
        "identifiers": tuple(
            sorted(
                (compact(relation), compact(value))
                for relation in mappings
                if relation in _MAPPINGS
                for value in _values(mappings, relation)
            )
        ),
    }


def _source(iri: str, properties: _Properties) -> Source:
    year = _first(properties, _DCTERMS + "issued")
    return Source(
        id=compact(iri),
        label=_first(properties, _RDFS + "label"),
        kind="Article" if KG + "Article" in _values(properties, _TYPE) else "Publication",
        doi=_first(properties, KG + "doi") or None,
        pmid=_first(properties, KG + "pmid") or None,
        url=_first(properties, _RDFS + "seeAlso") or None,
        author=_first(properties, KG + "firstAuthor") or _first(properties, _DCTERMS + "creator") or None,
        year=int(year) if year else None,
        journal=_first(properties, KG + "journal") or None,
    )


def _evidence(iri: str, properties: _Properties) -> Evidence:
    def string(name: str) -> str | None:
        return _first(properties, KG + name) or None

    def integer(name: str) -> int | None:
        value = string(name)
        return None if value is None else int(value)

    def decimal(name: str) -> Decimal | None:
        value = string(name)
        return None if value is None else Decimal(value)

    return Evidence(
        id=compact(iri),
        source=compact(_first(properties, _DCTERMS + "source")),
        verdict=_first(properties, KG + "verdict").removeprefix(KG),
        section=string("section"),
        sentence=integer("sentence"),
        start=integer("start"),
        end=integer("end"),
        design=string("design"),
        finding=string("finding"),
        effect_measure=string("effectMeasure"),
        effect_value=decimal("effectValue"),
        ci_low=decimal("ciLow"),
        ci_high=decimal("ciHigh"),
        grade=string("certaintyGrade"),
        indirectness=string("indirectness"),
        locator=string("locator"),
    )
