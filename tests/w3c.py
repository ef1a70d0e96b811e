"""The query evaluation tests of the W3C's SPARQL 1.1 suite: read from its manifests, run, and compared.

Left out, as everybody does who has no entailment and follows no SERVICE: the folders ``entailment`` and ``service``.
"""

from __future__ import annotations

import csv
import io
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.results import Term

__all__ = ["ARCHIVE", "Case", "Outcome", "agrees", "cases", "unpacked"]

ARCHIVE = Path(__file__).parents[2] / "shared/reference/data/w3c-sparql11_2026-08-07.tar.gz"
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {
    "byte",
    "decimal",
    "double",
    "float",
    "int",
    "integer",
    "long",
    "nonNegativeInteger",
    "positiveInteger",
    "short",
}
_RDF_FORMATS = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}
_ROW_FORMATS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}


@dataclass(frozen=True, slots=True)
class Case:
    """One test."""

    name: str
    """Folder and local name, such as ``aggregates/agg01``."""
    query: Path
    data: tuple[Path, ...]
    """For the default graph."""
    named: tuple[Path, ...]
    """Named graphs, each called by its own address."""
    result: Path

    @property
    def text(self) -> str:
        """The query with the address that relative ones in it are read against."""
        return f"BASE <{self.query.as_uri()}>\n{self.query.read_text(encoding='utf-8')}"


Outcome = bool | list[dict[str, "Term"]] | list[ox.Triple] | str
"""What a query answers: yes or no, rows, triples, or CSV as it is."""


def unpacked(folder: Path) -> Path:
    """Unpack the suite into a folder and return where it lies."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return folder / "sparql11"


def cases(folder: Path) -> list[Case]:
    """Return the tests of an unpacked suite, in order of their names."""
    found = []
    for manifest in sorted(folder.glob("*/manifest.ttl")):
        if manifest.parent.name in {"entailment", "service"}:
            continue
        store = ox.Store()
        store.load(path=manifest, format=ox.RdfFormat.TURTLE, base_iri=manifest.as_uri())
        for kind in ("QueryEvaluationTest", "CSVResultFormatTest"):
            for quad in store.quads_for_pattern(None, ox.NamedNode(_RDF + "type"), ox.NamedNode(_MF + kind)):
                found.append(_case(store, cast("ox.NamedNode", quad.subject), manifest.parent))
    return sorted(found, key=lambda case: case.name)


def _case(store: ox.Store, test: ox.NamedNode, folder: Path) -> Case:
    def objects(subject: object, name: str) -> list[ox.NamedNode]:
        pattern = store.quads_for_pattern(cast("ox.NamedNode", subject), ox.NamedNode(name), None)
        return [cast("ox.NamedNode", quad.object) for quad in pattern]

    (action,) = objects(test, _MF + "action")
    (query,) = objects(action, _QT + "query")
    (result,) = objects(test, _MF + "result")
    return Case(
        f"{folder.name}/{test.value.rpartition('#')[2].rpartition('/')[2]}",
        _path(query),
        tuple(map(_path, objects(action, _QT + "data"))),
        tuple(sorted(map(_path, objects(action, _QT + "graphData")))),
        _path(result),
    )


def _path(iri: ox.NamedNode) -> Path:
    return Path(iri.value.removeprefix("file://"))


def agrees(case: Case, outcome: Outcome) -> bool:
    """Return whether an outcome is what the test expects, whatever its blank nodes are called and its rows' order is."""
    suffix = case.result.suffix
    if isinstance(outcome, str):
        return _csv(outcome) == _csv(case.result.read_text(encoding="utf-8"))
    if suffix in _ROW_FORMATS:
        expected = ox.parse_query_results(path=case.result, format=_ROW_FORMATS[suffix])
        if isinstance(expected, ox.QueryBoolean):
            return outcome == bool(expected)
        return isinstance(outcome, list) and _same(_quads(_rows(expected)), _quads(outcome))
    triples = [
        quad.triple for quad in ox.parse(path=case.result, format=_RDF_FORMATS[suffix], base_iri=case.result.as_uri())
    ]
    if any(triple.predicate.value == _RS + "resultVariable" for triple in triples):
        return isinstance(outcome, list) and _same(_quads(_written_rows(triples)), _quads(outcome))
    return isinstance(outcome, list) and _same(_quads(triples), _quads(outcome))


def _rows(solutions: ox.QuerySolutions) -> list[dict[str, Term]]:
    names = [variable.value for variable in solutions.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in solutions]


def _written_rows(triples: list[ox.Triple]) -> list[dict[str, Term]]:
    """Return rows that are written as RDF, in the vocabulary for that."""

    def objects(subject: object, name: str) -> list[Term]:
        return [
            triple.object for triple in triples if triple.subject == subject and triple.predicate.value == _RS + name
        ]

    solutions = [triple.object for triple in triples if triple.predicate.value == _RS + "solution"]
    return [
        {
            cast("ox.Literal", objects(part, "variable")[0]).value: objects(part, "value")[0]
            for part in objects(row, "binding")
        }
        for row in solutions
    ]


def _quads(outcome: Iterable[object]) -> Iterator[ox.Quad]:
    """Return rows as triples, each row a blank node, so that rows and graphs are compared in one way."""
    for number, item in enumerate(outcome):
        if isinstance(item, ox.Triple):
            yield ox.Quad(item.subject, item.predicate, _by_value(item.object))
        else:
            row = ox.BlankNode(f"row{number}")
            yield ox.Quad(row, ox.NamedNode(_RDF + "type"), ox.NamedNode(_RS + "ResultSet"))
            for name, term in cast("dict[str, Term]", item).items():
                yield ox.Quad(row, ox.NamedNode(_RS + name), _by_value(term))


def _same(one: Iterable[ox.Quad], other: Iterable[ox.Quad]) -> bool:
    datasets = [ox.Dataset(one), ox.Dataset(other)]
    for dataset in datasets:
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, datasets[0])) == sorted(map(str, datasets[1]))


def _csv(text: str) -> list[dict[str, str]]:
    """Return the rows by column, since the standard leaves the columns of ``SELECT *`` in no order; blank nodes alike."""
    rows = [
        {name: "_:" if field.startswith("_:") else _number(field) for name, field in row.items()}
        for row in csv.DictReader(io.StringIO(text))
    ]
    return sorted(rows, key=lambda row: sorted(row.items()))


def _by_value(term: Term) -> Term:
    """Return a number in one form, since the suite compares values: 2.0 is 2."""
    if not isinstance(term, ox.Literal):
        return term
    kind = term.datatype.value.removeprefix(_XSD)
    if kind in _NUMBERS:
        return ox.Literal(_number(term.value), datatype=term.datatype)
    if kind == "boolean":
        return ox.Literal({"0": "false", "1": "true"}.get(term.value, term.value), datatype=term.datatype)
    return term


def _number(text: str) -> str:
    try:
        return repr(float(text))
    except ValueError:
        return text
