"""What a drawing is told of a network: plain records of numbers and strings.

Nodes become numbers, in the order of their keys, so that neither records nor places depend on the order in which a
network was filled. Attributes that the network lacks are left empty; any NetworkX graph can be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import networkx as nx

from kg.boxes import Box, label_box
from kg.evidence import Evidence, Source
from kg.namespaces import expand
from kg.network import relations_in_words
from kg.palette import CERTAINTIES, SIGNS, STANDINGS, VERDICTS, ClassLook, class_looks, in_words

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence


__all__ = ["EdgeRecord", "NodeRecord", "Records", "RedFlag", "records", "safe_link"]

if TYPE_CHECKING:
    Node = TypeVar("Node", bound=Hashable)
else:
    Node = TypeVar("Node")

_RELATIONS = {
    "skos:broader": "is a kind of",
    "kg:partOf": "is part of",
    "kg:connectedTo": "is connected to",
    "kg:locatedIn": "is located in",
    "kg:recommendedFor": "is recommended for",
    "kg:hasSymptom": "has symptom",
}
_MAPPINGS = {
    "skos:exactMatch": "same meaning",
    "skos:closeMatch": "close meaning",
    "skos:broadMatch": "wider meaning",
    "skos:narrowMatch": "narrower meaning",
    "skos:relatedMatch": "related",
}


class RedFlag(NamedTuple):
    """A sign that needs urgent care."""

    sign: str
    urgency: str
    suspect: str
    citation: str


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """One node: what is drawn and searched, and what is told on request."""

    key: str
    label: str
    look: str
    box: Box
    synonyms: tuple[str, ...]
    broader: tuple[int, ...]
    """Numbers of the nodes that this is a kind of."""
    told: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class EdgeRecord:
    """One edge between numbered nodes: what is drawn and filtered, and what is told on request."""

    start: int
    end: int
    key: str
    predicate: str
    sign: int
    certainty: str
    standing: str
    denied: bool
    """Whether no source asserts it."""
    told: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Records:
    """A whole network as records."""

    nodes: tuple[NodeRecord, ...]
    edges: tuple[EdgeRecord, ...]
    relations: Mapping[str, str]
    """The words for each predicate, in the order of the predicates."""
    sources: Mapping[str, Mapping[str, object]]
    """What is told of each source that some evidence names, by its CURIE."""
    looks: Mapping[str, ClassLook]
    numbers: Mapping[object, int]
    red_flags: tuple[RedFlag, ...]


def records(network: nx.Graph[Node]) -> Records:
    """Return the records of a network, in the order of its keys."""
    keys = sorted(network.nodes, key=lambda node: (str(node), type(node).__name__))
    numbers: dict[object, int] = {key: number for number, key in enumerate(keys)}
    attributes = [network.nodes[key] for key in keys]
    mains = [(*_texts(found, "classes"), "")[0] for found in attributes]
    looks = class_looks(set(mains))
    labels = [_name(found, str(key)) for key, found in zip(keys, attributes, strict=True)]
    nodes = [
        NodeRecord(
            str(key),
            label,
            main,
            label_box(label, looks[main].shape),
            _texts(found, "synonyms"),
            tuple(numbers[name] for name in _texts(found, "broader") if name in numbers),
            _node_told(str(key), found, numbers),
        )
        for key, found, main, label in zip(keys, attributes, mains, labels, strict=True)
    ]
    known = network.graph.get("sources")
    sources = known if isinstance(known, dict) else {}
    edges = _edges(network, numbers)
    cited = {str(item["source"]) for edge in edges for item in _evidence_told(edge)}
    own = relations_in_words(network)
    relations = {
        name: _RELATIONS.get(name) or own.get(name) or in_words(name) for name in {edge.predicate for edge in edges}
    }
    return Records(
        tuple(nodes),
        tuple(edges),
        {name: relations[name] for name in sorted(relations)},
        {name: _source_told(sources[name]) for name in sorted(cited) if isinstance(sources.get(name), Source)},
        looks,
        numbers,
        tuple(_red_flags(mains, labels, edges)),
    )


def safe_link(iri: str) -> str:
    """Return an IRI that may become a link, and an empty string for all others.

    >>> safe_link("https://doi.org/10.1136/bmj.b4153"), safe_link("javascript:alert(1)")
    ('https://doi.org/10.1136/bmj.b4153', '')
    """
    return iri if re.match(r"(https?://|mailto:)[^\s<>\"\\^`{|}]+\Z", iri, re.IGNORECASE) else ""


def _node_told(key: str, found: Mapping[str, object], numbers: Mapping[object, int]) -> dict[str, object]:
    identifiers = [
        [curie, mapping, _MAPPINGS.get(mapping, in_words(mapping)), safe_link(expand(curie))]
        for mapping, curie in _pairs(found.get("identifiers"))
    ]
    return _filled(
        # Where it can be told from the key, the page does so.
        iri=iri if (iri := _text(found, "iri")) != expand(key) else "",
        classes=list(_texts(found, "classes")),
        definition=_text(found, "definition"),
        note=_text(found, "note"),
        # What it is a kind of, where that is no node of this network.
        wider=[name for name in _texts(found, "broader") if name not in numbers],
        category=_text(found, "category"),
        identifiers=identifiers,
    )


def _edges(network: nx.Graph[Node], numbers: Mapping[object, int]) -> list[EdgeRecord]:
    if isinstance(network, nx.MultiGraph):
        rows = [(u, v, str(key), found) for u, v, key, found in network.edges(keys=True, data=True)]
    else:
        rows = [(u, v, "", found) for u, v, found in network.edges(data=True)]
    told = []
    for start, end, key, found in rows:
        first, last = numbers[start], numbers[end]
        if not network.is_directed() and first > last:
            first, last = last, first
        sign = found.get("sign")
        evidence = found.get("evidence")
        items = evidence if isinstance(evidence, (tuple, list)) else ()
        told.append(
            EdgeRecord(
                first,
                last,
                key,
                _text(found, "predicate"),
                sign if sign in SIGNS and isinstance(sign, int) else 0,
                certainty if (certainty := _text(found, "certainty")) in CERTAINTIES else "",
                standing if (standing := _text(found, "standing")) in STANDINGS else "",
                found.get("asserted") is False,
                _filled(
                    claim=_text(found, "label"),
                    comment=_text(found, "comment"),
                    evidence=[_evidence(item) for item in items if isinstance(item, Evidence)],
                ),
            )
        )
    return sorted(told, key=lambda edge: (edge.start, edge.end, edge.key, edge.predicate, repr(edge)))


def _evidence(item: Evidence) -> dict[str, object]:
    effect = (item.effect_measure, item.effect_value, item.ci_low, item.ci_high)
    return _filled(
        id=item.id,
        source=item.source,
        verdict=item.verdict if item.verdict in VERDICTS else "",
        section=item.section,
        sentence=item.sentence,
        locator=item.locator,
        design=item.design,
        finding=item.finding,
        effect=None if item.effect_value is None else ["" if part is None else str(part) for part in effect],
        grade=item.grade,
        indirectness=item.indirectness,
    )


def _source_told(source: Source) -> dict[str, object]:
    links = [
        [name, link]
        for name, iri in (
            ("DOI", source.doi),
            ("PubMed", source.pmid),
            ("article" if source.kind == "Article" else "web page", source.url),
        )
        if iri and (link := safe_link(iri))
    ]
    return _filled(label=source.label, kind=source.kind, journal=source.journal or "", links=links)


def _red_flags(mains: Sequence[str], labels: Sequence[str], edges: Iterable[EdgeRecord]) -> list[RedFlag]:
    urgency: dict[int, list[str]] = {}
    suspects: dict[int, list[str]] = {}
    for edge in edges:
        if edge.predicate == "kg:callsFor":
            urgency.setdefault(edge.start, []).append(labels[edge.end])
        elif edge.predicate == "kg:raisesSuspicionOf":
            suspects.setdefault(edge.start, []).append(labels[edge.end])
    return [
        RedFlag(label, ", ".join(urgency.get(number, ())), ", ".join(suspects.get(number, ())), "")
        for number, (main, label) in enumerate(zip(mains, labels, strict=True))
        if main == "RedFlag"
    ]


def _evidence_told(edge: EdgeRecord) -> list[dict[str, object]]:
    items = edge.told.get("evidence", [])
    return items if isinstance(items, list) else []


def _filled(**values: object) -> dict[str, object]:
    """Leave out what is empty: it would be half of the page's bytes."""
    return {name: value for name, value in values.items() if value}


def _name(found: Mapping[str, object], key: str) -> str:
    return next((name for name in (_text(found, "label"), key) if name.strip()), "(no name)")


def _text(found: Mapping[str, object], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""


def _texts(found: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = found.get(name)
    return tuple(map(str, value)) if isinstance(value, (tuple, list)) else ()


def _pairs(value: object) -> list[tuple[str, str]]:
    if not isinstance(value, (tuple, list)):
        return []
    return [(str(pair[0]), str(pair[1])) for pair in value if isinstance(pair, (tuple, list)) and len(pair) == 2]
