"""The ontology in words: classes and properties in their trees, the sign of each relation, ends, alignments and shapes.

Own templates and not pyLODE: its release 3.4.1 does not start from its wheel, and it can tell neither the sign that a
relation has from its place in the tree nor the ends that the shapes ask for.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import SyntaxFault
from kg.faults import turtle_fault
from kg.namespaces import KG, PREFIXES, compact
from kg.ontology import GRAPHS
from kg.pagedata import safe_link
from kg.site.addresses import anchor
from kg.site.records import Link

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.graph import KnowledgeGraph

__all__ = ["Documentation", "SchemaTerm", "documentation"]

_RDF, _RDFS, _OWL, _SKOS, _SH = (PREFIXES[name] for name in ("rdf", "rdfs", "owl", "skos", "sh"))
_TYPE, _LABEL = _RDF + "type", _RDFS + "label"
_PARENTS = {_RDFS + "subClassOf", _RDFS + "subPropertyOf"}
_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_CHARACTERS = {
    _OWL + "TransitiveProperty": "transitive",
    _OWL + "SymmetricProperty": "symmetric",
    _OWL + "FunctionalProperty": "functional",
}

_Table = dict[str, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class SchemaTerm:
    """A class, a property or a value of the schema."""

    curie: str
    iri: str
    anchor: str
    label: str
    definition: str
    notes: tuple[str, ...]
    depth: int
    """How far below the top of its tree, from 0."""
    sign: int
    """1 or -1 for what is below ``kg:increases`` or ``kg:decreases``."""
    parents: tuple[Link, ...]
    domain: tuple[Link, ...]
    range: tuple[Link, ...]
    characters: tuple[str, ...]
    alignments: tuple[Link, ...]
    checks: tuple[str, ...]
    """What the shapes ask of it, in their own messages."""
    uses: int
    """Members of a class, claims with a relation or one below it, subjects of another property."""


@dataclass(frozen=True, slots=True)
class Documentation:
    """The whole ontology, in groups that a reader looks for."""

    title: str
    description: str
    version: str
    licence: str
    """IRI of the licence; empty where none is given."""
    classes: tuple[SchemaTerm, ...]
    relations: tuple[SchemaTerm, ...]
    properties: tuple[SchemaTerm, ...]
    values: tuple[SchemaTerm, ...]


def documentation(graph: KnowledgeGraph) -> Documentation:
    """Return the documentation of a graph's schema.

    Parameters
    ----------
    graph
        Its schema is read from the store, its shapes from the ontology's folder.

    Returns
    -------
    Documentation
        Each tree depth first, siblings by label; a term with several parents stands under the first.

    Raises
    ------
    SyntaxFault
        If the file of shapes does not parse.
    """
    schema = _table(graph.store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPHS["schema"])))
    shapes = _shapes(graph.ontology.shapes)
    used = _uses(graph.store, schema)
    groups: dict[str, list[str]] = {"classes": [], "relations": [], "properties": [], "values": []}
    for iri, told in schema.items():
        types = set(told.get(_TYPE, ()))
        if _OWL + "Class" in types or _RDFS + "Class" in types:
            groups["classes"].append(iri)
        elif KG + "Relation" in types or iri in {KG + "increases", KG + "decreases"}:
            groups["relations"].append(iri)
        elif any(kind.endswith("Property") for kind in types):
            groups["properties"].append(iri)
        elif iri.startswith(KG) and _LABEL in told:
            groups["values"].append(iri)
    head = next((told for told in schema.values() if _OWL + "versionInfo" in told), {})
    dcterms = PREFIXES["dcterms"]
    made = {
        name: tuple(
            _term(iri, depth, schema, shapes, used, classes=name == "classes") for iri, depth in _tree(iris, schema)
        )
        for name, iris in groups.items()
    }
    return Documentation(
        title=_first(head, dcterms + "title"),
        description=_first(head, dcterms + "description"),
        version=_first(head, _OWL + "versionInfo"),
        licence=_first(head, dcterms + "license"),
        classes=made["classes"],
        relations=made["relations"],
        properties=made["properties"],
        values=made["values"],
    )


def _tree(iris: Iterable[str], schema: _Table) -> list[tuple[str, int]]:
    """Return the terms depth first, each with its depth."""
    known = set(iris)
    below: dict[str, list[str]] = defaultdict(list)
    for iri in known:
        parents = [parent for parent in _parents(schema[iri]) if parent in known and parent != iri]
        below[parents[0] if parents else ""].append(iri)
    ordered: list[tuple[str, int]] = []

    def walk(parent: str, depth: int) -> None:
        # The schema's own words for a term, and its kind for values, give the order.
        for iri in sorted(
            below.pop(parent, ()), key=lambda iri: (_kind_of_value(schema[iri]), _name(iri, schema).lower(), iri)
        ):
            ordered.append((iri, depth))
            walk(iri, depth + 1)

    walk("", 0)
    # Terms in a circle have no top; they are told all the same.
    while below:
        walk(min(below), 0)
    return ordered


def _kind_of_value(told: dict[str, list[str]]) -> str:
    kinds = [kind for kind in told.get(_TYPE, ()) if kind in {KG + "Certainty", KG + "Standing", KG + "Verdict"}]
    return kinds[0] if kinds else ""


def _parents(told: dict[str, list[str]]) -> list[str]:
    return [parent for name in sorted(_PARENTS) for parent in told.get(name, ())]


def _term(
    iri: str, depth: int, schema: _Table, shapes: dict[str, list[_Shape]], used: dict[str, int], *, classes: bool
) -> SchemaTerm:
    told = schema[iri]
    found = shapes.get(iri, [])
    if classes:
        domain, range_ = [], []
    else:
        domain = [*told.get(KG + "subjectClass", ()), *told.get(_RDFS + "domain", ())]
        domain += [shape.target for shape in found if shape.target and not domain]
        range_ = [*told.get(KG + "objectClass", ()), *told.get(_RDFS + "range", ())]
        range_ += [value for shape in found for value in shape.values if not range_]
    return SchemaTerm(
        curie=compact(iri),
        iri=safe_link(iri),
        anchor=anchor(compact(iri).removeprefix("kg:")),
        label=_name(iri, schema),
        definition=_first(told, _SKOS + "definition") or _first(told, _RDFS + "comment"),
        notes=(*told.get(_SKOS + "scopeNote", ()), *_chain(told, schema)),
        depth=depth,
        sign=_sign(iri, schema),
        parents=_links((parent for parent in _parents(told) if parent != iri), schema),
        domain=_links(domain, schema),
        range=_links(range_, schema),
        characters=tuple(words for kind, words in _CHARACTERS.items() if kind in told.get(_TYPE, ())),
        alignments=tuple(
            Link(compact(other), safe_link(other), f"{match.removesuffix('Match')} match")
            for match in _MATCHES
            for other in told.get(_SKOS + match, ())
        ),
        checks=tuple(dict.fromkeys(shape.message for shape in found if shape.message)),
        uses=used.get(iri, 0),
    )


def _sign(iri: str, schema: _Table) -> int:
    above = {iri, *_ancestors(iri, schema)}
    return 1 if KG + "increases" in above else -1 if KG + "decreases" in above else 0


def _ancestors(iri: str, schema: _Table) -> set[str]:
    seen, waiting = set[str](), [iri]
    while waiting:
        fresh = [parent for parent in _parents(schema.get(waiting.pop(), {})) if parent not in seen]
        seen.update(fresh)
        waiting += fresh
    return seen


def _chain(told: dict[str, list[str]], schema: _Table) -> list[str]:
    lists = told.get(_OWL + "propertyChainAxiom", ())
    chains = []
    for at in lists:
        names: list[str] = []
        while at in schema and len(names) < 9:
            names.append(_name(_first(schema[at], _RDF + "first"), schema))
            at = _first(schema[at], _RDF + "rest")
        chains.append(f"Follows from the chain: {', then '.join(names)}.")
    return chains


def _links(iris: Iterable[str], schema: _Table) -> tuple[Link, ...]:
    return tuple(
        Link(_name(iri, schema), f"#{anchor(compact(iri).removeprefix('kg:'))}")
        if iri in schema and _LABEL in schema[iri]
        else Link(compact(iri), safe_link(iri))
        for iri in dict.fromkeys(iris)
    )


def _name(iri: str, schema: _Table) -> str:
    return _first(schema.get(iri, {}), _LABEL) or compact(iri)


def _first(told: dict[str, list[str]], name: str) -> str:
    return next(iter(told.get(name, ())), "")


def _table(quads: Iterable[ox.Quad]) -> _Table:
    found: _Table = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if not isinstance(quad.subject, ox.Triple) and not isinstance(quad.object, ox.Triple):
            found[quad.subject.value][quad.predicate.value].append(quad.object.value)
    return {iri: {name: sorted(values) for name, values in told.items()} for iri, told in sorted(found.items())}


def _uses(store: ox.Store, schema: _Table) -> dict[str, int]:
    """Return how many things are of a class, claims have a relation or one below it, or subjects have another property."""
    members: dict[str, set[str]] = defaultdict(set)
    claims: dict[str, set[str]] = defaultdict(set)
    subjects: dict[str, set[str]] = defaultdict(set)
    for quad in store:
        subject, object_ = str(quad.subject), quad.object
        subjects[quad.predicate.value].add(subject)
        if isinstance(object_, ox.NamedNode) and quad.predicate.value in {_TYPE, _RDF + "predicate"}:
            (members if quad.predicate.value == _TYPE else claims)[object_.value].add(subject)
    counted = {iri: len(found) for iri, found in {**subjects, **members}.items()}
    above: dict[str, set[str]] = defaultdict(set)
    for iri, found in claims.items():
        for relation in {iri, *_ancestors(iri, schema)}:
            above[relation] |= found
    return {**counted, **{iri: len(found) for iri, found in above.items()}}


@dataclass(frozen=True, slots=True)
class _Shape:
    target: str
    values: tuple[str, ...]
    message: str


def _shapes(path: Path) -> dict[str, list[_Shape]]:
    """Return what the shapes ask of each property and class, by its IRI."""
    if not path.is_file():
        return {}
    try:
        triples = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise turtle_fault(path, error) from error
    except OSError as error:
        raise SyntaxFault(path, error.strerror or str(error), None, None) from error
    table = _table(triples)
    found: dict[str, list[_Shape]] = defaultdict(list)
    for told in table.values():
        for target in told.get(_SH + "targetClass", ()):
            message = _first(told, _SH + "message")
            if message:
                found[target].append(_Shape("", (), message))
            for part in told.get(_SH + "property", ()):
                asked = table.get(part, {})
                for property_ in asked.get(_SH + "path", ()):
                    values = (*asked.get(_SH + "class", ()), *asked.get(_SH + "datatype", ()))
                    found[property_].append(_Shape(target, values, _first(asked, _SH + "message")))
    return found
