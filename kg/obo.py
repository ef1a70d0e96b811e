"""OBO files as the RDF that their OWL releases have, so that one lens reads both.

``is_a`` becomes ``rdfs:subClassOf``, any other relation a class restriction (``owl:someValuesFrom``), an ``intersection_of`` an
``owl:equivalentClass``; labels, definitions, synonyms, cross-references, subsets and property values become what OBO ontologies
use in OWL. What is said about a statement (sources of definitions and synonyms, types of synonyms, trailing modifiers) is left
out. OBO text is parsed by obonet.

References
----------
OBO Foundry, OBO Flat File Format 1.4, section 5 (translation to OWL), https://owlcollab.github.io/oboformat/doc/obo-syntax.html.
"""

from __future__ import annotations

import io
import re
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import InputError, SyntaxFault
from kg.faults import utf8_fault
from kg.namespaces import PREFIXES, expand, register
from kg.owl import OBO, chain, defined, in_owl, obo, owl, rdf, rdfs, some, united

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    import networkx as nx

__all__ = ["Iris", "obo_quads"]

_QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"\s*(EXACT|BROAD|NARROW|RELATED)?')
_IN_QUOTES = re.compile(r'"(?:\\.|[^"\\\n])*"')
_ESCAPE = re.compile(r"\\(.)")
_VALUE = re.compile(r'"((?:\\.|[^"\\])*)"(?:\s+([\w-]+:\S+))?|([^\s"]\S*)(?:\s+(xsd:\S+))?')
"""The value of a property: a text and its datatype, or an identifier, which a datatype makes a text."""
_MOMENT = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")

_A, _LABEL, _COMMENT, _SUBCLASS, _SUBPROPERTY = (
    rdf("type"), rdfs("label"), rdfs("comment"), rdfs("subClassOf"), rdfs("subPropertyOf"),
)  # fmt: skip
_SHORT = {name: rdfs(name) for name in ("comment", "isDefinedBy", "label", "seeAlso")}
"""Names without a prefix that are no identifiers of the ontology."""
_CLASS, _TRUE = owl("Class"), ox.Literal(True)
_DEFINITION, _DEPRECATED = obo("IAO_0000115"), owl("deprecated")
_SYNONYMS = {scope: in_owl(f"has{scope.capitalize()}Synonym") for scope in ("EXACT", "BROAD", "NARROW", "RELATED")}
_TEXTS = {
    "name": _LABEL,
    "comment": _COMMENT,
    "namespace": in_owl("hasOBONamespace"),
    "alt_id": in_owl("hasAlternativeId"),
}
_QUOTES = {
    "def": _DEFINITION,
    "expand_expression_to": obo("IAO_0000424"),
    "expand_assertion_to": obo("IAO_0000425"),
}
_TERMS = {"replaced_by": obo("IAO_0100001"), "consider": in_owl("consider"), "subset": in_owl("inSubset")}
_OF_CLASSES = {"disjoint_from": owl("disjointWith"), "equivalent_to": owl("equivalentClass")}
_OF_PROPERTIES = {
    "is_a": _SUBPROPERTY,
    "inverse_of": owl("inverseOf"),
    "domain": rdfs("domain"),
    "range": rdfs("range"),
    "disjoint_from": owl("propertyDisjointWith"),
    "equivalent_to": owl("equivalentProperty"),
}
_CHARACTERS = {
    f"is_{tag}": owl(name)
    for tag, name in (
        ("transitive", "TransitiveProperty"),
        ("symmetric", "SymmetricProperty"),
        ("asymmetric", "AsymmetricProperty"),
        ("reflexive", "ReflexiveProperty"),
        ("functional", "FunctionalProperty"),
        ("inverse_functional", "InverseFunctionalProperty"),
    )
}


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
        raise utf8_fault(path, error) from error
    if "[Term]" not in text and "[Typedef]" not in text:
        raise SyntaxFault(path, "is no OBO: it has no [Term]", 1, 1)
    try:
        # obonet warns on the root logger where no header names the ontology.
        header = "" if re.search(r"^ontology:", text, re.MULTILINE) else "ontology: ontology\n"
        # What follows " !" is a comment to obonet, also within quotes.
        text = _IN_QUOTES.sub(lambda quoted: quoted[0].replace(" !", r" \!"), text)
        graph = obonet.read_obo(io.StringIO(header + text), ignore_obsolete=False)
        return list(_quads(graph, graph.graph))
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


class Iris:
    """The IRIs of OBO identifiers.

    Parameters
    ----------
    ontology
        Name of the ontology, which identifiers without a prefix belong to.
    typedefs
        Those of the file.
    spaces
        What the file says that prefixes stand for; those that are known here keep their meaning.
    """

    def __init__(
        self, ontology: str, typedefs: Iterable[Mapping[str, object]], spaces: Mapping[str, str] | None = None
    ) -> None:
        self._known = dict(_SHORT)
        self._local = f"{OBO}{ontology}#"
        self._spaces = spaces or {}
        for typedef in typedefs:
            name = str(typedef["id"])
            # A shorthand such as part_of stands for the one RO or BFO property that it is a cross-reference of.
            for xref in _each(typedef, "xref"):
                if ":" not in name and xref.startswith(("RO:", "BFO:")):
                    self._known[name] = self(xref.split()[0])
                    break

    def __call__(self, name: str) -> ox.NamedNode:
        """Return the IRI of an identifier; ValueError if it makes none."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = ox.NamedNode(self._iri(name))
        return known

    def _iri(self, name: str) -> str:
        if name.startswith(("http://", "https://")):
            return name
        prefix, colon, local = name.partition(":")
        if not colon:
            return self._local + name
        if prefix not in PREFIXES:
            if prefix in self._spaces:
                return self._spaces[prefix] + local
            register(prefix, f"{OBO}{prefix}_")
        return expand(name)


def _quads(graph: nx.MultiDiGraph[str], header: Mapping[str, Any]) -> Iterator[ox.Quad]:
    name = str(header.get("ontology", "ontology")).removeprefix(OBO).removesuffix(".owl").removesuffix(".obo")
    spaces = {words[0]: words[1] for words in map(str.split, _each(header, "idspace")) if len(words) > 1}
    for prefix, namespace in spaces.items():
        register(prefix, namespace)
    iris = Iris(name, header["typedefs"], spaces)
    yield from _ontology(name, header, iris)
    for typedef in header["typedefs"]:
        yield from _property(iris(typedef["id"]), typedef, iris)
    for instance in header["instances"]:
        yield from _individual(iris(instance["id"]), instance, iris)
    for term, found in graph.nodes(data=True):
        if found:  # else it is named by others only
            yield from _class(iris(term), found, iris)
    for tail, head, relation in graph.edges(keys=True):
        if relation == "is_a":
            yield ox.Quad(iris(tail), _SUBCLASS, iris(head))
        else:
            yield from some(iris(tail), _SUBCLASS, iris(relation), iris(head))


def _ontology(name: str, header: Mapping[str, object], iris: Iris) -> Iterator[ox.Quad]:
    subject = ox.NamedNode(f"{OBO}{name}.owl")
    yield ox.Quad(subject, _A, owl("Ontology"))
    for version in _each(header, "data-version"):
        where = f"{name}/{version.removeprefix(f'{name}/')}/{name.rpartition('/')[2]}.owl"
        yield ox.Quad(subject, owl("versionIRI"), _node(OBO + (version if version.endswith(".owl") else where), iris))
    for remark in _each(header, "remark"):
        yield ox.Quad(subject, _COMMENT, ox.Literal(_plain(remark)))
    yield from _values(subject, header, iris)
    for definition in _each(header, "subsetdef"):
        subset, _, meaning = definition.partition(" ")
        yield ox.Quad(iris(subset), _SUBPROPERTY, in_owl("SubsetProperty"))
        quoted = _QUOTED.match(meaning)
        if quoted and quoted[1]:
            yield ox.Quad(iris(subset), _COMMENT, ox.Literal(_plain(quoted[1])))


def _property(subject: ox.NamedNode, found: Mapping[str, object], iris: Iris) -> Iterator[ox.Quad]:
    annotates = "true" in _each(found, "is_metadata_tag")
    yield ox.Quad(subject, _A, owl("AnnotationProperty" if annotates else "ObjectProperty"))
    yield from _annotations(subject, found, iris)
    yield from _terms(subject, found, iris, _OF_PROPERTIES)
    for tag, kind in _CHARACTERS.items():
        if "true" in _each(found, tag):
            yield ox.Quad(subject, _A, kind)
    for steps in _each(found, "holds_over_chain"):
        yield from chain(subject, [iris(step) for step in steps.split()])
    for step in _each(found, "transitive_over"):
        yield from chain(subject, [subject, iris(step)])


def _individual(subject: ox.NamedNode, found: Mapping[str, object], iris: Iris) -> Iterator[ox.Quad]:
    yield ox.Quad(subject, _A, owl("NamedIndividual"))
    yield from _annotations(subject, found, iris)
    yield from _terms(subject, found, iris, {"instance_of": _A})
    for relationship in _each(found, "relationship"):
        relation, other = relationship.split()
        yield ox.Quad(subject, iris(relation), iris(other))


def _class(subject: ox.NamedNode, found: Mapping[str, object], iris: Iris) -> Iterator[ox.Quad]:
    yield ox.Quad(subject, _A, _CLASS)
    yield from _annotations(subject, found, iris)
    yield from _terms(subject, found, iris, _OF_CLASSES)
    parts = [part.split() for part in _each(found, "intersection_of")]
    yield from defined(
        subject,
        [iris(part[0]) for part in parts if len(part) == 1],
        [(iris(part[0]), iris(part[1])) for part in parts if len(part) == 2],
    )
    yield from united(subject, [iris(part) for part in _each(found, "union_of")])


def _annotations(subject: ox.NamedNode, found: Mapping[str, object], iris: Iris) -> Iterator[ox.Quad]:
    for tag, property_ in _TEXTS.items():
        yield from (ox.Quad(subject, property_, ox.Literal(_plain(text))) for text in _each(found, tag) if text)
    for tag, property_ in _QUOTES.items():
        quotes = (_QUOTED.match(text) for text in _each(found, tag))
        yield from (ox.Quad(subject, property_, ox.Literal(_plain(quoted[1]))) for quoted in quotes if quoted)
    for synonym in _each(found, "synonym"):
        quoted = _QUOTED.match(synonym)
        if quoted:
            yield ox.Quad(subject, _SYNONYMS[quoted[2] or "RELATED"], ox.Literal(_plain(quoted[1])))
    for xref in _each(found, "xref"):
        yield ox.Quad(subject, in_owl("hasDbXref"), ox.Literal(_plain(xref.partition(' "')[0])))
    yield from _terms(subject, found, iris, _TERMS)
    for author in _each(found, "created_by"):
        yield ox.Quad(subject, in_owl("created_by"), _node(author, iris) if "//" in author else ox.Literal(author))
    for date in _each(found, "creation_date"):
        kind = ox.NamedNode(PREFIXES["xsd"] + "dateTime") if _MOMENT.fullmatch(date) else None
        yield ox.Quad(subject, in_owl("creation_date"), ox.Literal(date, datatype=kind))
    yield from _values(subject, found, iris)
    if "true" in _each(found, "is_obsolete"):
        yield ox.Quad(subject, _DEPRECATED, _TRUE)


def _terms(
    subject: ox.NamedNode, found: Mapping[str, object], iris: Iris, tags: Mapping[str, ox.NamedNode]
) -> Iterator[ox.Quad]:
    for tag, property_ in tags.items():
        yield from (ox.Quad(subject, property_, iris(name)) for name in _each(found, tag))


def _values(subject: ox.NamedNode, found: Mapping[str, object], iris: Iris) -> Iterator[ox.Quad]:
    for value in _each(found, "property_value"):
        name, _, rest = value.partition(" ")
        property_ = _node(name, iris)
        # Published files hold a few values without a property.
        if isinstance(property_, ox.NamedNode):
            yield ox.Quad(subject, property_, _value(rest.strip(), iris))


def _value(text: str, iris: Iris) -> ox.NamedNode | ox.Literal:
    read = _VALUE.fullmatch(text)
    if read is None:
        return ox.Literal(_plain(text))  # older files have texts without quotes
    quoted, kind, name, name_kind = read.groups()
    datatype = kind or name_kind
    if quoted is None and datatype is None:
        return _node(_plain(name), iris)
    return ox.Literal(_plain(name if quoted is None else quoted), datatype=iris(datatype) if datatype else None)


def _node(name: str, iris: Iris) -> ox.NamedNode | ox.Literal:
    """Return the node that a name stands for, or the name as a text where it makes no IRI."""
    try:
        return iris(name)
    except ValueError:
        return ox.Literal(name)


def _each(found: Mapping[str, object], tag: str) -> list[str]:
    """Return the values of a tag, which obonet gives as a text where the format allows for one alone."""
    value = found.get(tag, ())
    return [value] if isinstance(value, str) else list(map(str, value))  # type: ignore[call-overload] # a list


def _plain(text: str) -> str:
    """Return OBO text without its escapes."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: {"n": "\n", "t": "\t", "W": " "}.get(found[1], found[1]), text)
