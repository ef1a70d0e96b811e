"""The edges of a graph that is not ours, as a lens shows them: triples, restrictions on classes, statements."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

import pyoxigraph as ox

from kg.lens import signs_of
from kg.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.lens import Lens

__all__ = ["DERIVED", "LensEdge", "derived_quads", "lens_edges", "pairs"]

DERIVED = "https://w3id.org/painpath/graph/lens"
"""The named graph of triples that only the lens shows."""

_Triple: TypeAlias = tuple[str, str, str]

_RDF, _RDFS, _OWL = (PREFIXES[name] for name in ("rdf", "rdfs", "owl"))
_A = ox.NamedNode(_RDF + "type")
_SUBCLASS = _RDFS + "subClassOf"
_DATATYPES = (_RDFS + "Literal", PREFIXES["xsd"])
"""What values of a property can be and no class of things is."""


class LensEdge(NamedTuple):
    """One edge, all terms as IRIs."""

    subject: str
    object: str
    predicate: str
    sign: int
    statement: str | None = None
    asserted: bool = True
    direct: bool = True
    """Whether the graph holds this very triple."""


def lens_edges(store: ox.Store, lens: Lens) -> list[LensEdge]:
    """Return the edges of a graph as a lens shows it.

    Parameters
    ----------
    store
        All graphs are read as one.
    lens
        Which triples, restrictions and statements are edges.

    Returns
    -------
    list of LensEdge
        Sorted, each once; a triple that is also a statement is the statement alone.
    """
    signs = signs_of(lens, store)
    inverses = dict(lens.inverses)
    found: list[LensEdge] = []
    stated: set[_Triple] = set()
    for subject, predicate, object_, statement, direction, asserted in _statements(store, lens):
        triple, _ = _turned((subject, predicate, object_), inverses)
        sign = signs.get(triple[1], 0) if direction is None else direction
        found.append(LensEdge(triple[0], triple[2], triple[1], sign, statement, asserted, direct=False))
        stated.add(triple)
    reified = {edge.statement for edge in found}
    triples: dict[_Triple, bool] = {}
    for predicate in _predicates(store, lens):
        for subject, object_ in pairs(store, predicate):
            if subject not in reified:
                triple, direct = _turned((subject, predicate, object_), inverses)
                triples[triple] = direct or triples.get(triple, False)
    for restriction in _restrictions(store) if lens.restrictions else ():
        triples.setdefault(_turned(restriction, inverses)[0], False)
    found += [
        LensEdge(subject, object_, predicate, signs.get(predicate, 0), direct=direct)
        for (subject, predicate, object_), direct in triples.items()
        if (subject, predicate, object_) not in stated
    ]
    return sorted(found, key=lambda edge: (edge.subject, edge.object, edge.predicate, edge.statement or ""))


def _turned(triple: _Triple, inverses: Mapping[str, str]) -> tuple[_Triple, bool]:
    """Return a triple as it is read, and whether that is as it is written."""
    subject, predicate, object_ = triple
    if predicate in inverses:
        return (object_, inverses[predicate], subject), False
    return triple, True


def derived_quads(edges: Iterable[LensEdge]) -> Iterator[ox.Quad]:
    """Yield the triples that edges stand for and the graph does not hold as such, in a named graph of their own.

    With them a query can ask ``?a obo:BFO_0000050 ?b`` of an ontology that says so by restrictions only.

    Parameters
    ----------
    edges
        As `lens_edges` gives them; what is not asserted is passed over.

    Yields
    ------
    pyoxigraph.Quad
        In the graph `DERIVED`.
    """
    graph = ox.NamedNode(DERIVED)
    for edge in edges:
        if not edge.direct and edge.asserted:
            yield ox.Quad(ox.NamedNode(edge.subject), ox.NamedNode(edge.predicate), ox.NamedNode(edge.object), graph)


def _predicates(store: ox.Store, lens: Lens) -> list[str]:
    if lens.edge_predicate:
        return sorted({*lens.edge_predicate, *(inverse for inverse, _ in lens.inverses)})
    if lens.statement_class and not lens.passed_over:  # statements only
        return []
    passed = {
        *lens.passed_over,
        *lens.statement_subject,
        *lens.statement_predicate,
        *lens.statement_object,
        *lens.mapping_property,
        _RDF + "type",
    }
    answer = store.query("SELECT DISTINCT ?p { ?s ?p ?o }", use_default_graph_as_union=True)
    found = {cast("ox.NamedNode", row["p"]).value for row in cast("ox.QuerySolutions", answer)}
    return sorted(found - passed)


def pairs(store: ox.Store, predicate: str) -> Iterator[tuple[str, str]]:
    """Yield the ends of all triples of a predicate that joins IRIs."""
    for subject, object_ in _ends(store, predicate):
        if subject[0] == object_[0] == "<":
            yield subject[1:-1], object_[1:-1]


def _ends(store: ox.Store, predicate: str) -> Iterator[tuple[str, str]]:
    """Yield the ends of all triples of a predicate that joins IRIs and blank nodes, as in N-Triples."""
    # As text and not as terms: a tenth of the time on a million triples.
    text = f"SELECT ?s ?o {{ ?s <{predicate}> ?o }}"
    answer = cast("ox.QuerySolutions", store.query(text, use_default_graph_as_union=True))
    rows = (answer.serialize(format=ox.QueryResultsFormat.TSV) or b"").decode().split("\n")
    for row in rows[1:-1]:
        subject, _, object_ = row.partition("\t")
        # A quoted triple begins with two brackets.
        if object_[0] in "<_" and subject[1] != "<" and object_[1] != "<":
            yield subject, object_


def _restrictions(store: ox.Store) -> Iterator[tuple[str, str, str]]:
    """Yield class, property and filler of each existential restriction, in ``rdfs:subClassOf`` or in a definition."""

    def objects(property_: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for subject, object_ in _ends(store, property_):
            if subject[0] == "_":
                found[subject].append(object_)
        return found

    on, fillers = objects(_OWL + "onProperty"), objects(_OWL + "someValuesFrom")
    intersections, firsts, rests = (objects(name) for name in (_OWL + "intersectionOf", _RDF + "first", _RDF + "rest"))
    for property_ in (_SUBCLASS, _OWL + "equivalentClass"):
        for subject, whole in _ends(store, property_):
            if subject[0] != "<" or whole[0] != "_":
                continue
            parts = [whole]
            seen = set()
            for start in intersections.get(whole, ()):
                place: str | None = start
                while place is not None and place[0] == "_" and place not in seen:
                    seen.add(place)
                    parts += firsts.get(place, ())
                    place = next(iter(rests.get(place, ())), None)
            for part in parts:
                if part[0] == "<":
                    if property_ != _SUBCLASS and part != subject:
                        yield subject[1:-1], _SUBCLASS, part[1:-1]
                    continue
                for relation in on.get(part, ()):
                    for filler in fillers.get(part, ()):
                        if relation[0] == filler[0] == "<" and not filler.startswith(_DATATYPES, 1):
                            yield subject[1:-1], relation[1:-1], filler[1:-1]


def _statements(store: ox.Store, lens: Lens) -> Iterator[tuple[str, str, str, str, int | None, bool]]:
    if not lens.statement_class:
        return

    def values(properties: Iterable[str]) -> dict[object, str]:
        return {
            quad.subject: quad.object.value  # type: ignore[union-attr] # no quoted triples
            for property_ in properties
            for quad in store.quads_for_pattern(None, ox.NamedNode(property_), None, None)
        }

    subjects, predicates, objects = (
        values(properties) for properties in (lens.statement_subject, lens.statement_predicate, lens.statement_object)
    )
    directions, negations = values(lens.direction_property), values(lens.negation_property)
    given = {**dict.fromkeys(lens.increases_value, 1), **dict.fromkeys(lens.decreases_value, -1)}
    classes = [ox.NamedNode(name) for name in lens.statement_class]
    typed = {quad.subject for name in classes for quad in store.quads_for_pattern(None, _A, name, None)}
    # An association may be of a narrower class than Association alone.
    for statement in {*typed, *(subjects.keys() & predicates.keys() & objects.keys())}:
        if statement not in subjects or statement not in predicates or statement not in objects:
            continue
        direction = directions.get(statement)
        yield (
            subjects[statement],
            predicates[statement],
            objects[statement],
            statement.value if isinstance(statement, ox.NamedNode) else str(statement),
            given.get(direction.rpartition("/")[2]) if direction else None,
            negations.get(statement) not in {"true", "1"},
        )
