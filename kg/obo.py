"""OBO files and OBO Graphs as the RDF that their OWL releases have, so that one lens reads all three.

``is_a`` becomes ``rdfs:subClassOf``, any other relation a class restriction (``owl:someValuesFrom``), an ``intersection_of`` an
``owl:equivalentClass``; labels, definitions, synonyms and cross-references become what OBO ontologies use in OWL. OBO text is
parsed by obonet; OBO Graphs is plain JSON.

References
----------
OBO Foundry, OBO Flat File Format 1.4, section 5 (translation to OWL), https://owlcollab.github.io/oboformat/doc/obo-syntax.html.
OBO Graphs, https://github.com/geneontology/obographs.
"""

from __future__ import annotations

import io
import itertools
import json
import re
from typing import IO, TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from kg.errors import InputError, SyntaxFault
from kg.namespaces import PREFIXES, expand, register

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = ["IN_OWL", "obo_quads", "obograph_quads"]

_Json: TypeAlias = "dict[str, _Json] | list[_Json] | str | int | float | bool | None"

_OBO = PREFIXES["obo"]
_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"
IN_OWL = _IN_OWL
"""Namespace of the annotation properties that OBO ontologies have in OWL."""

_QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"\s*(EXACT|BROAD|NARROW|RELATED)?')
_ESCAPE = re.compile(r"\\(.)")
_SYNONYMS = {scope: f"has{scope.capitalize()}Synonym" for scope in ("EXACT", "BROAD", "NARROW", "RELATED")}


def _node(namespace: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(namespace + name)


_A = _node(PREFIXES["rdf"], "type")
_FIRST, _REST, _NIL = (_node(PREFIXES["rdf"], name) for name in ("first", "rest", "nil"))
_LABEL, _COMMENT, _SUBCLASS, _SUBPROPERTY = (
    _node(PREFIXES["rdfs"], name) for name in ("label", "comment", "subClassOf", "subPropertyOf")
)
_CLASS, _PROPERTY, _INDIVIDUAL, _RESTRICTION, _ON, _SOME, _EQUIVALENT, _INTERSECTION, _INVERSE, _DEPRECATED = (
    _node(PREFIXES["owl"], name)
    for name in (
        "Class",
        "ObjectProperty",
        "NamedIndividual",
        "Restriction",
        "onProperty",
        "someValuesFrom",
        "equivalentClass",
        "intersectionOf",
        "inverseOf",
        "deprecated",
    )
)
_DEFINITION, _REPLACED = _node(_OBO, "IAO_0000115"), _node(_OBO, "IAO_0100001")
_XREF, _NAMESPACE, _OTHER_ID = (_node(_IN_OWL, name) for name in ("hasDbXref", "hasOBONamespace", "hasAlternativeId"))
_TRUE = ox.Literal(True)


def obo_quads(file: IO[bytes], path: Path) -> list[ox.Quad]:
    """Return an OBO file as RDF.

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
        If a line is not OBO.
    InputError
        If obonet is not installed.
    """
    try:
        import obonet
    except ImportError as error:
        raise InputError(f"{path} is OBO, and its reader is not installed; pip install 'painpath[obo]'") from error
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SyntaxFault(path, f"is not UTF-8 text (byte {error.start}); save it as UTF-8", None, None) from error
    if "[Term]" not in text and "[Typedef]" not in text:
        raise SyntaxFault(path, "is no OBO: it has no [Term]", 1, 1)
    try:
        # obonet warns on the root logger where no header names the ontology.
        header = "" if re.search(r"^ontology:", text, re.MULTILINE) else "ontology: ontology\n"
        graph = obonet.read_obo(io.StringIO(header + text), ignore_obsolete=False)
        return list(_obo(graph, graph.graph["typedefs"], str(graph.graph.get("ontology", "ontology"))))
    except (ValueError, KeyError, TypeError) as error:
        raise _obo_fault(path, text, error) from error


def _obo_fault(path: Path, text: str, error: Exception) -> SyntaxFault:
    """Return the error for text that obonet stumbles over, with the line where its message quotes one."""
    if isinstance(error, KeyError) and error.args == ("id",):
        return SyntaxFault(path, "is no OBO: a [Term] or [Typedef] has no id", None, None)
    wrong = str(error).rpartition("\n")[2].strip() or str(error).strip().rpartition("\n")[2].strip()
    for number, line in enumerate(text.splitlines(), start=1):
        if wrong and line.strip() == wrong:
            return SyntaxFault(path, f"is no OBO: expected 'tag: value', and not {wrong[:60]!r}", number, 1)
    for number, line in enumerate(text.splitlines(), start=1):
        # The one tag that obonet takes apart itself.
        if line.startswith("relationship:") and len(line.partition(" !")[0].partition(" {")[0].split()) != 3:
            return SyntaxFault(path, "is no OBO: expected 'relationship: RELATION TERM'", number, 1)
    return SyntaxFault(path, f"is no OBO: {' '.join(str(error).split())[:200]}", None, None)


class _Iris:
    """The IRIs of OBO identifiers."""

    def __init__(self, ontology: str, typedefs: Iterable[Mapping[str, object]]) -> None:
        self._known: dict[str, ox.NamedNode] = {}
        self._local = f"{_OBO}{ontology}#"
        for typedef in typedefs:
            name = str(typedef["id"])
            xrefs = [str(xref).split()[0] for xref in typedef.get("xref", ())]  # type: ignore[attr-defined] # a list
            # A shorthand such as part_of stands for the one RO or BFO property that it is a cross-reference of.
            for xref in xrefs:
                if ":" not in name and xref.startswith(("RO:", "BFO:")):
                    self._known[name] = self(xref)
                    break

    def __call__(self, name: str) -> ox.NamedNode:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = ox.NamedNode(self._iri(name))
        return known

    def _iri(self, name: str) -> str:
        if name.startswith(("http://", "https://")):
            return name
        prefix, colon, _ = name.partition(":")
        if not colon:
            return self._local + name
        if prefix not in PREFIXES:
            register(prefix, f"{_OBO}{prefix}_")
        return expand(name)


def _obo(graph: object, typedefs: list[Mapping[str, object]], ontology: str) -> Iterator[ox.Quad]:
    iris = _Iris(ontology.removesuffix(".owl").rpartition("/")[2], typedefs)
    for typedef in typedefs:
        subject = iris(str(typedef["id"]))
        yield ox.Quad(subject, _A, _PROPERTY)
        yield from _annotations(subject, typedef, iris)
        for name in typedef.get("is_a", ()):  # type: ignore[attr-defined] # a list
            yield ox.Quad(subject, _SUBPROPERTY, iris(name))
        for name in typedef.get("inverse_of", ()):  # type: ignore[attr-defined] # a list
            yield ox.Quad(subject, _INVERSE, iris(name))
    for term, found in graph.nodes(data=True):  # type: ignore[attr-defined] # a networkx graph
        if not found:  # named by others only
            continue
        subject = iris(term)
        yield ox.Quad(subject, _A, _CLASS)
        yield from _annotations(subject, found, iris)
        parts = [tuple(str(part).split()) for part in found.get("intersection_of", ())]
        yield from _defined(
            subject,
            [iris(part[0]) for part in parts if len(part) == 1],
            [(iris(part[0]), iris(part[1])) for part in parts if len(part) == 2],
        )
    for tail, head, relation in graph.edges(keys=True):  # type: ignore[attr-defined] # a networkx graph
        if relation == "is_a":
            yield ox.Quad(iris(tail), _SUBCLASS, iris(head))
        else:
            yield from _some(iris(tail), _SUBCLASS, iris(relation), iris(head))


def _annotations(subject: ox.NamedNode, found: Mapping[str, object], iris: _Iris) -> Iterator[ox.Quad]:
    for tag, property_ in (("name", _LABEL), ("comment", _COMMENT), ("namespace", _NAMESPACE)):
        if found.get(tag):
            yield ox.Quad(subject, property_, ox.Literal(_plain(str(found[tag]))))
    definition = _QUOTED.match(str(found.get("def", "")))
    if definition:
        yield ox.Quad(subject, _DEFINITION, ox.Literal(_plain(definition[1])))
    for synonym in found.get("synonym", ()):  # type: ignore[attr-defined] # a list
        quoted = _QUOTED.match(synonym)
        if quoted:
            property_ = _node(_IN_OWL, _SYNONYMS[quoted[2] or "RELATED"])
            yield ox.Quad(subject, property_, ox.Literal(_plain(quoted[1])))
    for xref in found.get("xref", ()):  # type: ignore[attr-defined] # a list
        yield ox.Quad(subject, _XREF, ox.Literal(_plain(str(xref).partition(' "')[0])))
    for other in found.get("alt_id", ()):  # type: ignore[attr-defined] # a list
        yield ox.Quad(subject, _OTHER_ID, ox.Literal(str(other)))
    for other in found.get("replaced_by", ()):  # type: ignore[attr-defined] # a list
        yield ox.Quad(subject, _REPLACED, iris(str(other)))
    if found.get("is_obsolete") in ("true", ["true"]):
        yield ox.Quad(subject, _DEPRECATED, _TRUE)


def _plain(text: str) -> str:
    """Return OBO text without its escapes."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: {"n": "\n", "t": "\t", "W": " "}.get(found[1], found[1]), text)


def _some(
    subject: ox.NamedNode | ox.BlankNode, property_: ox.NamedNode, relation: ox.NamedNode, filler: ox.NamedNode
) -> Iterator[ox.Quad]:
    """Yield that a class is, by a property, what has some relation to another class."""
    restriction = ox.BlankNode()
    yield ox.Quad(subject, property_, restriction)
    yield ox.Quad(restriction, _A, _RESTRICTION)
    yield ox.Quad(restriction, _ON, relation)
    yield ox.Quad(restriction, _SOME, filler)


def _defined(
    subject: ox.NamedNode, genera: list[ox.NamedNode], differentia: list[tuple[ox.NamedNode, ox.NamedNode]]
) -> Iterator[ox.Quad]:
    """Yield that a class is equivalent to the intersection of some others and some restrictions."""
    if not genera and not differentia:
        return
    whole, places = ox.BlankNode(), [ox.BlankNode() for _ in range(len(genera) + len(differentia))]
    yield ox.Quad(subject, _EQUIVALENT, whole)
    yield ox.Quad(whole, _A, _CLASS)
    yield ox.Quad(whole, _INTERSECTION, places[0])
    for place, genus in zip(places, genera, strict=False):
        yield ox.Quad(place, _FIRST, genus)
    for place, (relation, filler) in zip(places[len(genera) :], differentia, strict=True):
        yield from _some(place, _FIRST, relation, filler)
    for place, rest in itertools.pairwise(places):
        yield ox.Quad(place, _REST, rest)
    yield ox.Quad(places[-1], _REST, _NIL)


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
        raise SyntaxFault(path, f"is not UTF-8 text (byte {error.start}); save it as UTF-8", None, None) from error
    except json.JSONDecodeError as error:
        raise SyntaxFault(path, f"is no JSON: {error.msg}", error.lineno, error.colno) from error
    except RecursionError as error:
        raise SyntaxFault(path, "is nested too deeply to be OBO Graphs", None, None) from error
    graphs = document.get("graphs") if isinstance(document, dict) else None
    if not isinstance(graphs, list):
        raise SyntaxFault(path, 'is no OBO Graphs: expected {"graphs": [...]}', 1, 1)
    try:
        return [quad for graph in graphs for quad in _obograph(graph)]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        what = f"{type(error).__name__} {error}"
        raise SyntaxFault(path, f"is no OBO Graphs: a node or edge is not as expected ({what})", None, None) from error


def _obograph(graph: dict[str, list[dict[str, object]]]) -> Iterator[ox.Quad]:
    iris = _Iris("ontology", ())
    kinds: dict[str, ox.NamedNode] = {"CLASS": _CLASS, "PROPERTY": _PROPERTY, "INDIVIDUAL": _INDIVIDUAL}
    properties = set()
    for node in graph.get("nodes", ()):
        subject = iris(str(node["id"]))
        kind = kinds.get(str(node.get("type")))
        if kind is _PROPERTY:
            properties.add(subject)
        if kind is not None:
            yield ox.Quad(subject, _A, kind)
        if node.get("lbl"):
            yield ox.Quad(subject, _LABEL, ox.Literal(str(node["lbl"])))
        yield from _meta(subject, node.get("meta") or {})  # type: ignore[arg-type] # an object, or TypeError
    for edge in graph.get("edges", ()):
        tail, relation, head = iris(str(edge["sub"])), str(edge["pred"]), iris(str(edge["obj"]))
        if relation in {"is_a", "subPropertyOf"}:
            yield ox.Quad(tail, _SUBPROPERTY if tail in properties else _SUBCLASS, head)
        elif relation == "type":
            yield ox.Quad(tail, _A, head)
        elif relation == "inverseOf":
            yield ox.Quad(tail, _INVERSE, head)
        else:
            yield from _some(tail, _SUBCLASS, iris(relation), head)
    for axiom in graph.get("logicalDefinitionAxioms", ()):
        genera: list[str] = axiom.get("genusIds") or []  # type: ignore[assignment] # a list, or TypeError
        pairs: list[dict[str, str]] = axiom.get("restrictions") or []  # type: ignore[assignment] # so is this
        yield from _defined(
            iris(str(axiom["definedClassId"])),
            [iris(genus) for genus in genera],
            [(iris(pair["propertyId"]), iris(pair["fillerId"])) for pair in pairs if pair],
        )


def _meta(subject: ox.NamedNode, meta: dict[str, dict[str, str] | list[dict[str, str]] | bool]) -> Iterator[ox.Quad]:
    definition = meta.get("definition")
    if isinstance(definition, dict):
        yield ox.Quad(subject, _DEFINITION, ox.Literal(definition["val"]))
    for synonym in _listed(meta, "synonyms"):
        yield ox.Quad(subject, _node(_IN_OWL, synonym["pred"]), ox.Literal(synonym["val"]))
    for xref in _listed(meta, "xrefs"):
        yield ox.Quad(subject, _XREF, ox.Literal(xref["val"]))
    for value in _listed(meta, "basicPropertyValues"):
        yield ox.Quad(subject, ox.NamedNode(value["pred"]), ox.Literal(value["val"]))
    if meta.get("deprecated") is True:
        yield ox.Quad(subject, _DEPRECATED, _TRUE)


def _listed(meta: Mapping[str, object], name: str) -> list[dict[str, str]]:
    found = meta.get(name) or []
    if not isinstance(found, list):
        raise TypeError(name)
    return found
