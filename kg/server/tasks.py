"""What a worker does: answer one query, path, plan or picture, and write the answer down frame by frame.

A task is a dict with its ``kind``, one of the keys of `TASKS`. What a client did wrong is a `TaskError` with an HTTP status.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, TypeAlias, cast

import pyoxigraph as ox

from kg.errors import InputError, KGError, LimitError, SyntaxFault, UnknownTermError
from kg.faults import sparql_fault
from kg.gate import check_query
from kg.lexer import FORMS, has_outer_word, query_form, tokens
from kg.namespaces import PREFIXES
from kg.results import NOT_XML, Solutions
from kg.server.formats import choose, formats_of
from kg.server.sealed import sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from kg.anygraph import AnyGraph

__all__ = ["TASKS", "Out", "Source", "TaskError", "answer", "fault_of"]

_ROWS = {
    "csv": ox.QueryResultsFormat.CSV,
    "json": ox.QueryResultsFormat.JSON,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
_GRAPHS = {
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "turtle": ox.RdfFormat.TURTLE,
}
_Found: TypeAlias = "ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples"
_MOST_GRAPHS = 100
_MOST_K = 1000
_MOST_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Source:
    """What is asked."""

    graph: AnyGraph
    union: bool = True
    """Whether the default graph is the union of all."""
    in_memory: bool = True
    """A store on disk opens its files when it needs them."""

    def seal(self) -> AbstractContextManager[None]:
        """Return a context for a query to run in; see `kg.server.sealed`."""
        return sealed() if self.in_memory else nullcontext()


class TaskError(Exception):
    """An answer that cannot be given: an HTTP status, a reason in one line, and the place in the query if there is one."""

    def __init__(self, status: int, reason: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(status, reason, line, column)
        self.told = {"status": status, "error": reason, "line": line, "column": column}


class Out:
    """Where an answer is written: a header first, then a body of limited size.

    Parameters
    ----------
    header, body
        Take what is to be sent.
    limit
        Bytes of a body.
    """

    _FULL = 1 << 16

    def __init__(self, header: Callable[[dict[str, Any]], None], body: Callable[[bytes], None], limit: int) -> None:
        self._header = header
        self._body = body
        self._limit = limit
        self._waiting = bytearray()
        self._size = 0
        self.is_xml = False
        self.fault: TaskError | None = None
        """What made `write` fail; the engine turns any error of a writer into one of its own."""

    def start(self, media: str) -> None:
        """Say what kind of body follows."""
        self.is_xml = media.endswith("sparql-results+xml")
        self._header({"media": media})

    def write(self, content: bytes) -> int:
        """Add to the body."""
        if self.is_xml:
            if NOT_XML.search(content):
                self.fault = TaskError(406, "a value holds a control character that XML cannot carry; ask for JSON")
                raise self.fault
            # Any XML parser would read a bare carriage return as a line feed.
            content = content.replace(b"\r", b"&#13;")
        self._size += len(content)
        if self._size > self._limit:
            self.fault = TaskError(
                413, f"the answer is larger than {self._limit >> 20} MiB; narrow the query or add a LIMIT"
            )
            raise self.fault
        self._waiting += content
        if len(self._waiting) >= self._FULL:
            self.flush()
        return len(content)

    def flush(self) -> None:
        """Send what was kept back so as not to send many small frames."""
        if self._waiting:
            self._body(bytes(self._waiting))
            self._waiting.clear()


def answer(source: Source, task: dict[str, Any], out: Out) -> None:
    """Do a task and write its answer.

    Parameters
    ----------
    source
        What is asked.
    task
        See `TASKS`.
    out
        Takes the answer.

    Raises
    ------
    TaskError
        If there is no answer.
    """
    try:
        TASKS[task["kind"]](source, task, out)
        out.flush()
    except KGError as error:
        raise fault_of(error) from error
    except (OSError, RuntimeError, ValueError) as error:
        if out.fault is not None:
            raise out.fault from error
        # What the engine says of a query that it cannot finish.
        raise TaskError(400, " ".join(str(error).split())[:500]) from error


def fault_of(error: KGError) -> TaskError:
    """Return what a client is told of an error of ours."""
    if isinstance(error, SyntaxFault):
        return TaskError(400, str(error), line=error.line, column=error.column)
    if isinstance(error, UnknownTermError):
        return TaskError(404, str(error))
    return TaskError(413 if isinstance(error, LimitError) else 400, str(error))


def _query(source: Source, task: dict[str, Any], out: Out) -> None:
    text = task["query"]
    check_query(text)
    form = query_form(text)
    if form not in FORMS:
        with _running(source, text, {}):  # the engine says what is wrong
            pass
        raise TaskError(400, f"expected {', '.join(FORMS)}")
    formats = formats_of(form)
    # ``format`` is what many clients send besides the header, and the one way for those that cannot set a header.
    for_spreadsheet = task["format"] == "xlsx-csv" and form == "SELECT"
    wanted = "csv" if for_spreadsheet else task["format"]
    name = wanted if wanted in formats else choose(formats, task["accept"])
    if name is None:
        offered = ", ".join(types[0] for types in formats.values())
        raise TaskError(406, f"{form} answers come as {offered}, and as none of what the Accept header names")
    dataset = _dataset(task, text, source)
    with _running(source, text, dataset) as solutions:
        out.start(formats[name][0])
        if isinstance(solutions, ox.QueryTriples):
            ox.serialize(solutions, cast("IO[bytes]", out), format=_GRAPHS[name], prefixes=_prefixes(text))
        elif for_spreadsheet and isinstance(solutions, ox.QuerySolutions):
            names = tuple(variable.value for variable in solutions.variables)
            rows = Solutions(names, tuple(tuple(row) for row in solutions))
            out.write(rows.serialize("xlsx-csv").encode())
        elif isinstance(solutions, ox.QueryBoolean):
            out.write(solutions.serialize(format=_ROWS[name]) or b"")
        else:
            solutions.serialize(output=cast("IO[bytes]", out), format=_ROWS[name])


@contextmanager
def _running(source: Source, text: str, dataset: dict[str, Any]) -> Iterator[_Found]:
    """Run a query, and let the block read its answer, while nothing can be opened; what does not parse is explained after."""
    try:
        with source.seal():
            yield source.graph.quads.query(text, prefixes=PREFIXES, **dataset)
    except SyntaxError as error:
        raise sparql_fault("query", error, text) from error


def _dataset(task: dict[str, Any], text: str, source: Source) -> dict[str, Any]:
    """Return which graphs a query is asked on: those of the request, else those of the query, else all.

    SPARQL 1.1 Protocol, section 2.1.4: what the request names stands in place of what the query names.
    """
    default, named = task.get("default_graphs", []), task.get("named_graphs", [])
    if len(default) + len(named) > _MOST_GRAPHS:
        raise TaskError(400, f"more than {_MOST_GRAPHS} graphs are named")
    if default or named:
        try:
            return {
                "default_graph": [ox.NamedNode(iri) for iri in default],
                "named_graphs": [ox.NamedNode(iri) for iri in named],
            }
        except ValueError as error:
            raise TaskError(400, f"default-graph-uri and named-graph-uri take IRIs: {error}") from error
    return {"use_default_graph_as_union": source.union and not has_outer_word(text, "FROM")}


def _prefixes(text: str) -> dict[str, str]:
    """Return those of our prefixes that a query mentions, so that its answer is as short to read."""
    used = {token.text.partition(":")[0] for token in tokens(text) if token.kind == "name"}
    return {prefix: namespace for prefix, namespace in PREFIXES.items() if prefix in used}


def _paths(source: Source, task: dict[str, Any], out: Out) -> None:
    from kg.paths import CERTAINTIES, STANDINGS, causal_paths
    from kg.pathtext import paths_json

    graph = source.graph

    def named(values: list[str]) -> list[str]:
        return [graph.find(value, classes=True) for value in values]

    found = causal_paths(
        graph.shared_network,
        named(task["from"]),
        named(task["to"]),
        sign=_one_of("sign", task.get("sign", "any"), ("any", "increases", "decreases")),
        k=_number("k", task.get("k", "10"), _MOST_K),
        rank=_one_of("rank", task.get("rank", "standing"), ("standing", "length")),
        max_length=_number("max_length", task["max_length"], _MOST_LENGTH) if task.get("max_length") else None,
        min_standing=_one_of("min_standing", task["min_standing"], STANDINGS) if task.get("min_standing") else None,
        min_certainty=_one_of("min_certainty", task["min_certainty"], CERTAINTIES)
        if task.get("min_certainty")
        else None,
        through=named(task.get("through", [])),
        avoiding=named(task.get("avoiding", [])),
    )
    out.start("application/json")
    out.write(paths_json(found).encode())


def _plan(source: Source, task: dict[str, Any], out: Out) -> None:
    from kg.interventions import STANDINGS, plan
    from kg.paths import members
    from kg.plantext import plan_json

    graph = source.graph
    network = graph.shared_network
    factors = {node for term in task["factor"] for node in members(network, graph.find(term, classes=True))}
    found = plan(
        network,
        factors,
        graph.find(task["outcome"]),
        avoid=[graph.find(term) for term in task.get("avoid", [])],
        only=[graph.find(term) for term in task.get("only", [])],
        min_standing=_one_of("min_standing", task["min_standing"], STANDINGS) if task.get("min_standing") else None,
        include_kinds=True,
        limit=_number("limit", task.get("limit", "10"), 100),
    )
    out.start("application/json")
    out.write(plan_json(found).encode())


def _one_of(name: str, value: str, known: tuple[str, ...]) -> Any:
    for item in known:
        if item.lower() == value.lower():
            return item
    raise InputError(f"{name} takes {', '.join(item.lower() for item in known)}, and not {value[:40]!r}")


def _number(name: str, value: str, most: int) -> int:
    if re.fullmatch(r"[0-9]{1,9}", value) and 1 <= int(value) <= most:
        return int(value)
    raise InputError(f"{name} takes a number from 1 to {most}, and not {value[:40]!r}")


def _picture(source: Source, task: dict[str, Any], out: Out) -> None:
    from kg.server.pictures import drawable, picture

    check_query(task["query"])
    dataset = _dataset(task, task["query"], source)
    with _running(source, task["query"], dataset) as solutions:
        found = drawable(solutions)
    page = picture(source.graph, found)
    out.start("text/html")
    out.write(page.encode())


TASKS: dict[str, Callable[[Source, dict[str, Any], Out], None]] = {
    "paths": _paths,
    "picture": _picture,
    "plan": _plan,
    "query": _query,
}
"""The kinds of task.

``query`` takes ``query``, ``accept``, ``format``, ``default_graphs`` and ``named_graphs``; ``picture`` the same but for the
format; ``paths`` and ``plan`` take what ``/openapi.json`` says of them.
"""
