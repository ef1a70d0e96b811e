"""KGX tables and lines as Biolink RDF: a node is described, an edge is a reified association.

Every column becomes a property of the Biolink vocabulary, so that queries can ask for all of them; a cell with several values
(parted by ``|``, or a list in JSON) becomes several triples.

References
----------
KGX format, https://github.com/biolink/kgx/blob/master/specification/kgx-format.md.
"""

from __future__ import annotations

import csv
import io
import json
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import SyntaxFault
from kg.faults import utf8_fault
from kg.namespaces import PREFIXES, expand, register

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["kgx_quads"]

_BIOLINK = PREFIXES["biolink"]
_A = ox.NamedNode(PREFIXES["rdf"] + "type")
_ASSOCIATION = ox.NamedNode(_BIOLINK + "Association")
_LABEL = ox.NamedNode(PREFIXES["rdfs"] + "label")
_TERMS = {
    "subject",
    "predicate",
    "object",
    "category",
    "qualified_predicate",
    "primary_knowledge_source",
    "aggregator_knowledge_source",
    "same_as",
    "xref",
    "iri",
}
"""Columns whose values are terms and not text."""

_SEVERAL = {"category", "synonym", "xref", "same_as", "publications", "aggregator_knowledge_source", "provided_by"}
_UNKNOWN = "https://identifiers.org/"
"""Where an identifier goes whose prefix nobody declared, so that it is an IRI and still the same one everywhere."""


def kgx_quads(file: IO[bytes], path: Path, kind: str) -> Iterator[ox.Quad]:
    """Yield a KGX file as RDF.

    Parameters
    ----------
    file
        Its bytes: nodes or edges, told apart by the columns ``subject`` and ``object``.
    path
        Its name in errors.
    kind
        ``kgx-tsv``, ``kgx-jsonl`` or ``kgx-json``.

    Yields
    ------
    pyoxigraph.Quad
        Nodes as ``id rdf:type category; rdfs:label name``; edges as a ``biolink:Association`` with ``biolink:subject``,
        ``biolink:predicate`` and ``biolink:object``.

    Raises
    ------
    SyntaxFault
        If a row is not one of a node or an edge; with its line.
    """
    rows = {"kgx-tsv": _table, "kgx-jsonl": _lines, "kgx-json": _document}[kind](_text(file, path), path)
    for number, row in rows:
        if "subject" in row or "object" in row:
            yield from _edge(row, path, number)
        elif row.get("id"):
            yield from _node(row, path, number)
        else:
            raise SyntaxFault(
                path, "is no KGX: a row has neither id (a node) nor subject and object (an edge)", number, 1
            )


def _text(file: IO[bytes], path: Path) -> str:
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise utf8_fault(path, error) from error


def _table(text: str, path: Path) -> Iterator[tuple[int | None, dict[str, object]]]:
    # KGX quotes nothing: a quotation mark in a cell is one.
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = next(rows, [])
    if not {"id"} <= set(header) and not {"subject", "object"} <= set(header):
        raise SyntaxFault(path, "is no KGX: expected a header with id, or with subject, predicate and object", 1, 1)
    for cells in rows:
        if len(cells) != len(header):
            message = f"is no KGX: a row has {len(cells)} cells, and the header has {len(header)}"
            raise SyntaxFault(path, message, rows.line_num, 1)
        yield (
            rows.line_num,
            {
                name: (cell.split("|") if name in _SEVERAL else cell)
                for name, cell in zip(header, cells, strict=True)
                if cell
            },
        )


def _lines(text: str, path: Path) -> Iterator[tuple[int | None, dict[str, object]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, _row(_parsed(line, path, number), path, number)


def _document(text: str, path: Path) -> Iterator[tuple[int | None, dict[str, object]]]:
    document = _parsed(text, path, None)
    if not isinstance(document, dict):
        raise SyntaxFault(path, 'is no KGX: expected {"nodes": [...], "edges": [...]}', 1, 1)
    for name in ("nodes", "edges"):
        listed = document.get(name, [])
        if not isinstance(listed, list):
            raise SyntaxFault(path, f"is no KGX: {name} is no list", None, None)
        for item in listed:
            yield None, _row(item, path, None)


def _parsed(text: str, path: Path, number: int | None) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise SyntaxFault(path, f"is no JSON: {error.msg}", number or error.lineno, error.colno) from error
    except RecursionError as error:
        raise SyntaxFault(path, "is nested too deeply to be KGX", number, 1) from error


def _row(item: object, path: Path, number: int | None) -> dict[str, object]:
    if not isinstance(item, dict):
        raise SyntaxFault(path, "is no KGX: expected an object for each node and edge", number, 1)
    return item


def _node(row: dict[str, object], path: Path, number: int | None) -> Iterator[ox.Quad]:
    subject = _term(row["id"], path, number)
    for category in _listed(row.get("category")):
        yield ox.Quad(subject, _A, _term(category, path, number))
    if row.get("name"):
        yield ox.Quad(subject, _LABEL, ox.Literal(str(row["name"])))
    yield from _properties(subject, row, {"id", "name"}, path, number)


def _edge(row: dict[str, object], path: Path, number: int | None) -> Iterator[ox.Quad]:
    missing = [name for name in ("subject", "predicate", "object") if not row.get(name)]
    if missing:
        raise SyntaxFault(path, f"is no KGX: an edge has no {missing[0]}", number, 1)
    association = _term(row["id"], path, number) if row.get("id") else ox.BlankNode()
    yield ox.Quad(association, _A, _ASSOCIATION)
    yield from _properties(association, row, {"id"}, path, number)


def _properties(
    subject: ox.NamedNode | ox.BlankNode, row: dict[str, object], passed: set[str], path: Path, number: int | None
) -> Iterator[ox.Quad]:
    for name, values in row.items():
        if name in passed:
            continue
        property_ = ox.NamedNode(
            _BIOLINK + "".join(letter if letter.isalnum() or letter in "_-" else "_" for letter in name)
        )
        for value in _listed(values):
            if name in _TERMS:
                yield ox.Quad(subject, property_, _term(value, path, number))
            elif isinstance(value, bool | int | float | str):
                yield ox.Quad(subject, property_, ox.Literal(value))
            else:
                yield ox.Quad(subject, property_, ox.Literal(json.dumps(value, ensure_ascii=False)))


def _listed(values: object) -> Iterable[object]:
    if values is None:
        return ()
    return values if isinstance(values, list) else (values,)


def _term(value: object, path: Path, number: int | None) -> ox.NamedNode:
    text = str(value).strip()
    iri = expand(text)
    if iri == text and not text.startswith(("http://", "https://", "urn:")):
        prefix, colon, _ = text.partition(":")
        if colon and prefix.isidentifier():
            register(prefix, f"{_UNKNOWN}{prefix}:")
            iri = expand(text)
        else:
            iri = _UNKNOWN + text
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise SyntaxFault(path, f"is no KGX: {text!r} is no identifier", number, 1) from error
