"""The one form of Turtle that every ontology file has, so that a difference between two files is a difference in meaning.

The form is rdflib's ``longturtle`` with canonical blank nodes: one triple a line, sorted, and the same bytes for isomorphic
graphs. Comments are no part of it; a note that must last is a triple, such as ``skos:editorialNote``.

References
----------
W3C, RDF 1.1 Turtle (2014), https://www.w3.org/TR/turtle/.
W3C, RDF Dataset Canonicalization (2024), https://www.w3.org/TR/rdf-canon/, by which two graphs are compared.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import InputError
from kg.faults import turtle_fault
from kg.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import rdflib

__all__ = ["formatted", "rdflib_graph", "unformatted"]

_BOUND = (
    "kg",
    "pain",
    "claim",
    "evidence",
    "source",
    "biolink",
    "dcterms",
    "rdf",
    "rdfs",
    "skos",
    "xsd",
    "owl",
    "obo",
    "prov",
    "sh",
)


def formatted(text: str, *, source: str | Path = "Turtle text") -> str:
    """Return Turtle in its canonical form.

    Parameters
    ----------
    text
        Turtle; its comments are lost.
    source
        Name of the text in errors.

    Returns
    -------
    str
        The same graph; ends with one line break. Formatting it again changes nothing.

    Raises
    ------
    SyntaxFault
        If the text does not parse.
    InputError
        If rdflib can't write one of its terms without loss, as is so with many numbers of type ``xsd:double``.
    """
    triples = _triples(text, source)
    graph = rdflib_graph(triples)
    for prefix in _BOUND:
        graph.bind(prefix, PREFIXES[prefix])
    bound = {PREFIXES[prefix] for prefix in _BOUND}
    for prefix, namespace in sorted(_declared(text).items()):
        if namespace not in bound:
            graph.bind(prefix, namespace)
    with _without_warnings():
        form = graph.serialize(format="longturtle", canon=True).rstrip("\n") + "\n"
    # Formatting overwrites a curator's file, so what comes out is read again and compared.
    try:
        same = _canonical(_triples(form, source)) == _canonical(triples)
    except InputError:
        same = False
    if not same:
        raise InputError(f"{source}: the formatter can't write this graph without loss; its file is best left as it is")
    return form


def unformatted(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """Return the files that are not in canonical form, each with the text that it should have.

    Parameters
    ----------
    paths
        Turtle files.

    Returns
    -------
    list of (Path, str)
        In the order of `paths`; nothing is written.

    Raises
    ------
    SyntaxFault
        If a file does not parse.
    InputError
        If a file can't be read, or not be written without loss.
    """
    found = []
    for path in paths:
        try:
            raw = path.read_bytes()
            text = raw.decode("utf-8")
        except OSError as error:
            raise InputError(f"cannot read {path}: {error.strerror or error}") from error
        except UnicodeDecodeError as error:
            raise InputError(f"{path} is not UTF-8 text: {error.reason} at byte {error.start}") from error
        form = formatted(text, source=path)
        if form != text:
            found.append((path, form))
    return found


def rdflib_graph(triples: Iterable[ox.Triple | ox.Quad]) -> rdflib.Graph:
    """Return triples of pyoxigraph as a graph of rdflib in memory, without any prefix bound.

    Parameters
    ----------
    triples
        Triples, or quads, of which the graph name is left out.

    Returns
    -------
    rdflib.Graph
        A copy; literals keep their lexical forms.

    Raises
    ------
    InputError
        If a term is a triple, which RDF 1.1 does not know.
    """
    import rdflib

    terms: dict[object, rdflib.term.Node] = {}

    def term(found: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> rdflib.term.Node:
        if found not in terms:
            terms[found] = _rdflib_term(found)
        return terms[found]

    # Without the namespaces that rdflib binds by itself, a file names only the prefixes that it uses.
    graph = rdflib.Graph(bind_namespaces="none")
    with _without_warnings():
        for triple in triples:
            graph.add((term(triple.subject), term(triple.predicate), term(triple.object)))
    return graph


def _rdflib_term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> rdflib.term.Node:
    import rdflib

    match term:
        case ox.NamedNode():
            return rdflib.URIRef(term.value)
        case ox.BlankNode():
            return rdflib.BNode(term.value)
        case ox.Literal(language=str(language)):
            return rdflib.Literal(term.value, lang=language)
        case ox.Literal():
            # rdflib holds "x" and "x"^^xsd:string for two terms; RDF 1.1 for one. The shorter is the one it parses to.
            plain = term.datatype.value == PREFIXES["xsd"] + "string"
            return rdflib.Literal(
                term.value, datatype=None if plain else rdflib.URIRef(term.datatype.value), normalize=False
            )
        case _:
            raise InputError(f"{term} is a triple in the place of a term, which RDF 1.1 does not know")


def _triples(text: str, source: str | Path) -> list[ox.Triple]:
    try:
        return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise turtle_fault(source, error) from error


def _declared(text: str) -> dict[str, str]:
    parser = ox.parse(text, format=ox.RdfFormat.TURTLE)
    for _ in parser:
        pass
    return {prefix: namespace for prefix, namespace in parser.prefixes.items() if prefix}


def _canonical(triples: Iterable[ox.Triple]) -> ox.Dataset:
    dataset = ox.Dataset(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Keep rdflib from printing a traceback for each literal that is not of its datatype: that is for the shapes to say."""
    import logging

    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
