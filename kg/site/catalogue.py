"""The records of a whole network, each made once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.describe import description
from kg.evidence import effect_text
from kg.namespaces import KG, PREFIXES, expand
from kg.pagedata import safe_link
from kg.palette import CERTAINTIES, STANDINGS, VERDICTS, in_words
from kg.site import addresses
from kg.site.records import Claim, Entity, Link, Proof, Section, Statement, Term, document_links, kinds

if TYPE_CHECKING:
    import networkx as nx

    from kg.describe import Statement as Described
    from kg.evidence import Evidence, Source

__all__ = ["Catalogue"]

_MAPPINGS = {
    "skos:exactMatch": "same meaning",
    "skos:closeMatch": "close meaning",
    "skos:broadMatch": "wider meaning",
    "skos:narrowMatch": "narrower meaning",
    "skos:relatedMatch": "related",
}


class Catalogue:
    """The records of a whole network, each made once.

    Parameters
    ----------
    network
        As `kg.network` describes it.
    store
        The store that it was made from, for the names of relations and of the article's sections.
    """

    def __init__(self, network: nx.MultiDiGraph[str], store: ox.Store) -> None:
        self.network = network
        self.sources: dict[str, Source] = network.graph["sources"]
        self._labels = _labels(store)
        self.section_titles = _section_titles(store)
        self.terms = {node: self._term(node) for node in sorted(network.nodes)}
        self.claims = {
            key: self._claim(subject, object_, key, edge)
            for subject, object_, key, edge in sorted(
                network.edges(keys=True, data=True), key=lambda row: (row[3]["label"], row[2])
            )
        }

    def iri(self, curie: str) -> str:
        """Return the IRI of an entity, claim or source."""
        return str(self.network.nodes[curie]["iri"]) if curie in self.network else expand(curie)

    def relation(self, curie: str) -> Link:
        """Return a property in words, with its place in the documentation of the ontology."""
        return Link(self._labels.get(expand(curie)) or in_words(curie), addresses.schema_place(curie))

    @cached_property
    def entities(self) -> list[Entity]:
        """The records of all entities, in the order of their CURIEs."""
        narrower: dict[str, list[str]] = {}
        for node, broader in self.network.nodes(data="broader"):
            for wider in broader:
                narrower.setdefault(wider, []).append(node)
        return [self._entity(node, narrower.get(node, [])) for node in self.terms]

    def _term(self, node: str) -> Term:
        found = self.network.nodes[node]
        classes = found.get("classes", ())
        return Term(
            node,
            found.get("label") or node,
            addresses.entity_page(node),
            kinds(classes[:1] or [""])[0],
            found.get("definition", ""),
            tuple(found.get("synonyms", ())),
        )

    def _claim(self, subject: str, object_: str, key: str, edge: dict[str, object]) -> Claim:
        evidence: tuple[Evidence, ...] = edge["evidence"]  # type: ignore[assignment] # the network's own attributes
        certainty, standing = str(edge["certainty"]), str(edge["standing"])
        ordered = sorted(evidence, key=lambda item: (item.finding is None, item.id))
        return Claim(
            curie=key,
            iri=expand(key),
            anchor=f"claim-{addresses.file_name(key, 'claim')}",
            label=str(edge["label"]) or key,
            href=addresses.claim_page(key),
            comment=str(edge["comment"]),
            hedge=str(edge["hedge"]),
            subject=self.terms[subject],
            relation=self.relation(str(edge["predicate"])),
            object=self.terms[object_],
            sign=int(str(edge["sign"])),
            certainty=certainty,
            certainty_words=cast("dict[str, str]", CERTAINTIES.get(certainty, {})).get("words", certainty.lower()),
            standing=standing,
            symbol=STANDINGS.get(standing, {}).get("symbol", "·"),
            standing_words=STANDINGS.get(standing, {}).get("words", standing.lower()),
            asserted=bool(edge["asserted"]),
            publications=int(str(edge["publications"])),
            sentences=len({(item.source, item.section, item.sentence) for item in evidence if item.finding is None}),
            proofs=tuple(map(self._proof, ordered)),
        )

    def _proof(self, item: Evidence) -> Proof:
        verdict = VERDICTS.get(item.verdict, {"symbol": "·", "words": item.verdict})
        source = self.sources.get(item.source)
        place = Link(source.label if source else item.source, addresses.source_place(item.source))
        if item.section is not None and item.sentence is not None:
            title = self.section_titles.get(item.section, item.section)
            place = Link(
                f"The article, “{title}”, sentence {item.sentence}",
                addresses.sentence_place(item.section, item.sentence),
            )
        elif source is None or source.kind == "Article":
            place = Link(place.text, "article.html" if source else "")
        return Proof(
            curie=item.id,
            verdict=item.verdict,
            symbol=verdict["symbol"],
            words=verdict["words"],
            source=place,
            design=item.design or "",
            finding=item.finding or "",
            effect=effect_text(item),
            grade=(item.grade or "").replace("-", " "),
            indirectness=item.indirectness or "",
            links=document_links(source) if source else (),
        )

    def _entity(self, node: str, narrower: list[str]) -> Entity:
        found = description(self.network, node)
        attributes = self.network.nodes[node]
        seen: set[str] = set()
        return Entity(
            term=self.terms[node],
            iri=safe_link(found.iri),
            kinds=kinds(found.classes),
            note=found.note,
            broader=self._several(attributes["broader"]),
            narrower=self._several(narrower),
            identifiers=tuple(
                Link(curie, safe_link(expand(curie)), _MAPPINGS.get(relation, in_words(relation)))
                for relation, curie in sorted(found.identifiers, key=_nearness)
            ),
            category=attributes.get("category", "").removeprefix("biolink:"),
            sections=tuple(
                Section(
                    group.heading,
                    addresses.anchor(group.heading).lower(),
                    tuple(
                        self._statement(each.other, each.claim, seen) for each in sorted(group.statements, key=_ground)
                    ),
                )
                for group in found.groups
            ),
        )

    def _statement(self, other: str, key: str, seen: set[str]) -> Statement:
        claim = self.claims[key]
        first = key not in seen
        seen.add(key)
        return Statement(self.terms[other], claim, claim.anchor if first else "")

    def _several(self, curies: list[str] | tuple[str, ...]) -> tuple[Term, ...]:
        return tuple(
            sorted((self.terms[curie] for curie in curies if curie in self.terms), key=lambda term: term.label)
        )


def _ground(statement: Described) -> tuple[int, str, str]:
    """Put what publications speak of first, and what they support before what they dispute."""
    order = list(STANDINGS)
    standing = statement.standing
    return order.index(standing) if standing in order else len(order), statement.text, statement.claim


def _nearness(identifier: tuple[str, str]) -> tuple[int, str, str]:
    order = list(_MAPPINGS)
    relation, curie = identifier
    return order.index(relation) if relation in order else len(order), relation, curie


def _labels(store: ox.Store) -> dict[str, str]:
    label = ox.NamedNode(PREFIXES["rdfs"] + "label")
    return {
        quad.subject.value: quad.object.value
        for quad in store.quads_for_pattern(None, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(KG + "Relation"))
        for quad in store.quads_for_pattern(quad.subject, label, None)
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
    }


def _section_titles(store: ox.Store) -> dict[str, str]:
    """Return the headings of the article's sections by their names, in reading order."""
    text = """SELECT ?name ?title WHERE {
      ?section a kg:Section ; kg:section ?name ; rdfs:label ?title OPTIONAL { ?section kg:rank ?rank }
    } ORDER BY ?rank ?name ?title"""
    rows = cast("ox.QuerySolutions", store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True))
    return {row["name"].value: row["title"].value for row in rows}
