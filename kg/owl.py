"""OWL in RDF, as the OWL releases of OBO ontologies have it: the terms, and the patterns of triples that say one thing together.

References
----------
W3C, OWL 2 Mapping to RDF Graphs (2012), https://www.w3.org/TR/owl2-mapping-to-rdf/.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["IN_OWL", "OBO", "chain", "defined", "in_owl", "listed", "obo", "owl", "rdf", "rdfs", "some", "united"]

OBO = PREFIXES["obo"]
IN_OWL = PREFIXES["oboInOwl"]
"""Namespace of the annotation properties that OBO ontologies have in OWL."""


def owl(name: str) -> ox.NamedNode:
    """Return a term of OWL."""
    return ox.NamedNode(PREFIXES["owl"] + name)


def rdf(name: str) -> ox.NamedNode:
    """Return a term of RDF."""
    return ox.NamedNode(PREFIXES["rdf"] + name)


def rdfs(name: str) -> ox.NamedNode:
    """Return a term of RDF Schema."""
    return ox.NamedNode(PREFIXES["rdfs"] + name)


def obo(name: str) -> ox.NamedNode:
    """Return a term of the OBO library, such as ``IAO_0000115``."""
    return ox.NamedNode(OBO + name)


def in_owl(name: str) -> ox.NamedNode:
    """Return a term of oboInOwl, such as ``hasDbXref``."""
    return ox.NamedNode(IN_OWL + name)


_A, _FIRST, _REST, _NIL = rdf("type"), rdf("first"), rdf("rest"), rdf("nil")
_CLASS, _RESTRICTION, _ON, _SOME = owl("Class"), owl("Restriction"), owl("onProperty"), owl("someValuesFrom")
_EQUIVALENT, _INTERSECTION, _UNION, _CHAIN = (
    owl("equivalentClass"), owl("intersectionOf"), owl("unionOf"), owl("propertyChainAxiom"),
)  # fmt: skip


def some(
    subject: ox.NamedNode | ox.BlankNode, property_: ox.NamedNode, relation: ox.NamedNode, filler: ox.NamedNode
) -> Iterator[ox.Quad]:
    """Yield that a class is, by a property, what has some relation to another class."""
    restriction = ox.BlankNode()
    yield ox.Quad(subject, property_, restriction)
    yield ox.Quad(restriction, _A, _RESTRICTION)
    yield ox.Quad(restriction, _ON, relation)
    yield ox.Quad(restriction, _SOME, filler)


def defined(
    subject: ox.NamedNode, genera: Sequence[ox.NamedNode], differentia: Sequence[tuple[ox.NamedNode, ox.NamedNode]]
) -> Iterator[ox.Quad]:
    """Yield that a class is equivalent to the intersection of some others and some restrictions; nothing where there are none."""
    if not genera and not differentia:
        return
    whole, places = ox.BlankNode(), [ox.BlankNode() for _ in range(len(genera) + len(differentia))]
    yield ox.Quad(subject, _EQUIVALENT, whole)
    yield ox.Quad(whole, _A, _CLASS)
    yield ox.Quad(whole, _INTERSECTION, places[0])
    for place, genus in zip(places, genera, strict=False):
        yield ox.Quad(place, _FIRST, genus)
    for place, (relation, filler) in zip(places[len(genera) :], differentia, strict=True):
        yield from some(place, _FIRST, relation, filler)
    yield from _linked(places)


def united(subject: ox.NamedNode, members: Sequence[ox.NamedNode]) -> Iterator[ox.Quad]:
    """Yield that a class is equivalent to the union of some others; nothing where there are none."""
    if members:
        whole = ox.BlankNode()
        yield ox.Quad(subject, _EQUIVALENT, whole)
        yield ox.Quad(whole, _A, _CLASS)
        yield from listed(whole, _UNION, members)


def chain(subject: ox.NamedNode, steps: Sequence[ox.NamedNode]) -> Iterator[ox.Quad]:
    """Yield that a property holds wherever some others hold one after the other."""
    yield from listed(subject, _CHAIN, steps)


def listed(
    subject: ox.NamedNode | ox.BlankNode, property_: ox.NamedNode, members: Iterable[ox.NamedNode]
) -> Iterator[ox.Quad]:
    """Yield that something has, by a property, a list."""
    places = []
    for member in members:
        places.append(ox.BlankNode())
        yield ox.Quad(places[-1], _FIRST, member)
    yield ox.Quad(subject, property_, places[0] if places else _NIL)
    if places:
        yield from _linked(places)


def _linked(places: Sequence[ox.BlankNode]) -> Iterator[ox.Quad]:
    for place, rest in itertools.pairwise(places):
        yield ox.Quad(place, _REST, rest)
    yield ox.Quad(places[-1], _REST, _NIL)
