"""OBO Graphs as the RDF that the OWL release of an ontology has, so that one lens reads both.

What is said about a statement (sources of definitions and synonyms, types of synonyms) is left out.

References
----------
OBO Graphs, https://github.com/geneontology/obographs.
"""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import SyntaxFault
from kg.faults import utf8_fault
from kg.obo import Iris
from kg.owl import chain, defined, in_owl, obo, owl, rdf, rdfs, some

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["obograph_quads"]

_A, _LABEL, _COMMENT, _SUBCLASS, _SUBPROPERTY, _INVERSE, _EQUIVALENT = (
    rdf("type"), rdfs("label"), rdfs("comment"), rdfs("subClassOf"), rdfs("subPropertyOf"), owl("inverseOf"),
    owl("equivalentClass"),
)  # fmt: skip
_DEFINITION, _DEPRECATED, _XREF, _IN_SUBSET = (
    obo("IAO_0000115"), owl("deprecated"), in_owl("hasDbXref"), in_owl("inSubset"),
)  # fmt: skip
_KINDS = {"CLASS": owl("Class"), "PROPERTY": owl("ObjectProperty"), "INDIVIDUAL": owl("NamedIndividual")}
_PROPERTY_KINDS = {"ANNOTATION": owl("AnnotationProperty"), "DATA": owl("DatatypeProperty")}


def obograph_quads(file: IO[bytes], path: Path) -> list[ox.Quad]:
    """Return an OBO Graphs file as RDF.

    Parameters
    ----------
    file
        Its bytes.
    path
        Its name in errors.

    Returns
    -------
    list of pyoxigraph.Quad
        In the order of the file.

    Raises
    ------
    SyntaxFault
        If it is not JSON, or not what OBO Graphs says.
    """
    try:
        document = json.load(file)
    except UnicodeDecodeError as error:
        raise utf8_fault(path, error) from error
    except json.JSONDecodeError as error:
        raise SyntaxFault(path, f"is no JSON: {error.msg}", error.lineno, error.colno) from error
    except RecursionError as error:
        raise SyntaxFault(path, "is nested too deeply to be OBO Graphs", None, None) from error
    graphs = document.get("graphs") if isinstance(document, dict) else None
    if not isinstance(graphs, list):
        raise SyntaxFault(path, 'is no OBO Graphs: expected {"graphs": [...]}', 1, 1)
    try:
        return [quad for graph in graphs for quad in _graph(graph)]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        what = f"{type(error).__name__} {error}"
        raise SyntaxFault(path, f"is no OBO Graphs: a node or edge is not as expected ({what})", None, None) from error


def _graph(graph: dict[str, list[dict[str, object]]]) -> Iterator[ox.Quad]:
    iris = Iris("ontology", ())
    properties = set()
    for node in graph.get("nodes", ()):
        subject = iris(str(node["id"]))
        kind = _PROPERTY_KINDS.get(str(node.get("propertyType")), _KINDS.get(str(node.get("type"))))
        if node.get("type") == "PROPERTY":
            properties.add(subject)
        if kind is not None:
            yield ox.Quad(subject, _A, kind)
        if node.get("lbl"):
            yield ox.Quad(subject, _LABEL, ox.Literal(str(node["lbl"])))
        yield from _meta(subject, node.get("meta") or {}, iris)  # type: ignore[arg-type] # an object, or TypeError
    for edge in graph.get("edges", ()):
        tail, relation, head = iris(str(edge["sub"])), str(edge["pred"]), iris(str(edge["obj"]))
        if relation in {"is_a", "subPropertyOf"}:
            yield ox.Quad(tail, _SUBPROPERTY if tail in properties else _SUBCLASS, head)
        elif relation == "type":
            yield ox.Quad(tail, _A, head)
        elif relation == "inverseOf":
            yield ox.Quad(tail, _INVERSE, head)
        else:
            yield from some(tail, _SUBCLASS, iris(relation), head)
    yield from _axioms(graph, iris)


def _axioms(graph: dict[str, list[dict[str, object]]], iris: Iris) -> Iterator[ox.Quad]:
    for axiom in graph.get("logicalDefinitionAxioms", ()):
        yield from defined(
            iris(str(axiom["definedClassId"])),
            [iris(genus) for genus in _names(axiom, "genusIds")],
            [(iris(pair["propertyId"]), iris(pair["fillerId"])) for pair in _listed(axiom, "restrictions") if pair],
        )
    for axiom in graph.get("equivalentNodesSets", ()):
        members = [iris(name) for name in _names(axiom, "nodeIds")]
        yield from (ox.Quad(members[0], _EQUIVALENT, other) for other in members[1:])
    for axiom in graph.get("domainRangeAxioms", ()):
        subject = iris(str(axiom["predicateId"]))
        yield from (ox.Quad(subject, rdfs("domain"), iris(name)) for name in _names(axiom, "domainClassIds"))
        yield from (ox.Quad(subject, rdfs("range"), iris(name)) for name in _names(axiom, "rangeClassIds"))
    for axiom in graph.get("propertyChainAxioms", ()):
        yield from chain(iris(str(axiom["predicateId"])), [iris(name) for name in _names(axiom, "chainPredicateIds")])


def _meta(subject: ox.NamedNode, meta: Mapping[str, object], iris: Iris) -> Iterator[ox.Quad]:
    definition = meta.get("definition")
    if isinstance(definition, dict):
        yield ox.Quad(subject, _DEFINITION, ox.Literal(definition["val"]))
    for synonym in _listed(meta, "synonyms"):
        yield ox.Quad(subject, in_owl(synonym["pred"]), ox.Literal(synonym["val"]))
    for xref in _listed(meta, "xrefs"):
        yield ox.Quad(subject, _XREF, ox.Literal(xref["val"]))
    for comment in _names(meta, "comments"):
        yield ox.Quad(subject, _COMMENT, ox.Literal(comment))
    for subset in _names(meta, "subsets"):
        yield ox.Quad(subject, _IN_SUBSET, iris(subset))
    for value in _listed(meta, "basicPropertyValues"):
        yield ox.Quad(subject, ox.NamedNode(value["pred"]), ox.Literal(value["val"]))
    if meta.get("deprecated") is True:
        yield ox.Quad(subject, _DEPRECATED, ox.Literal(True))


def _listed(found: Mapping[str, object], name: str) -> list[dict[str, str]]:
    value = found.get(name) or []
    if not isinstance(value, list):
        raise TypeError(name)
    return value


def _names(found: Mapping[str, object], name: str) -> list[str]:
    return [str(value) for value in _listed(found, name)]
