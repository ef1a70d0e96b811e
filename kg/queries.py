"""The query library: the questions of real readers, one file each, with their parameters bound as terms.

A query opens with ``#+`` lines: ``summary`` (the question in plain words), ``params`` (``name: what it is``, comma between
them, or ``none``), ``columns`` and ``row``. A parameter is also projected, since the store substitutes only projected
variables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from kg.errors import InputError
from kg.faults import sparql_fault
from kg.gate import check_query
from kg.lexer import has_outer_word
from kg.namespaces import PREFIXES
from kg.results import Answer, Result, Solutions, Term, Triples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

__all__ = ["NamedQuery", "Parameter", "bind", "is_ordered", "library", "named_query", "row_key", "run"]

Parameter: TypeAlias = "ox.NamedNode | ox.Literal"

_HEADER = re.compile(r"^#\+ *([a-z]+): *(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query of the library."""

    name: str
    text: str
    summary: str
    """The question, in plain words."""
    params: tuple[tuple[str, str], ...]
    """Name and meaning of each parameter, in the order of the file."""
    columns: str
    row: str
    """What one row means."""


def library(folder: Path) -> list[NamedQuery]:
    """Return the queries of a folder, in alphabetical order of their names.

    Parameters
    ----------
    folder
        Holds one ``.rq`` file a query.

    Returns
    -------
    list of NamedQuery
        Empty where there are none.
    """
    return [_read(path) for path in sorted(folder.glob("*.rq"))]


def named_query(folder: Path, name: str) -> NamedQuery:
    """Return one query of the library.

    Parameters
    ----------
    folder
        Holds one ``.rq`` file a query.
    name
        File name without its ending; hyphens and underscores are alike.

    Returns
    -------
    NamedQuery
        The query with its header.

    Raises
    ------
    InputError
        If there is none of that name; the message names the nearest ones.
    """
    path = folder / f"{name.replace('_', '-')}.rq"
    # The name must not lead out of the folder.
    if path.parent != folder or not path.is_file():
        from difflib import get_close_matches

        names = [found.stem for found in sorted(folder.glob("*.rq"))]
        near = get_close_matches(name, names, n=3, cutoff=0.3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise InputError(f"no query called {name!r}{hint} (kg queries lists them all)")
    return _read(path)


def _read(path: Path) -> NamedQuery:
    text = path.read_text(encoding="utf-8")
    header = {key: value.strip() for key, value in _HEADER.findall(text)}
    params = []
    if header.get("params", "none") != "none":
        for part in header["params"].split(";"):
            name, _, meaning = part.partition(":")
            params.append((name.strip(), meaning.strip()))
    return NamedQuery(
        path.stem, text, header.get("summary", ""), tuple(params), header.get("columns", ""), header.get("row", "")
    )


def bind(query: NamedQuery, values: Mapping[str, str], resolve: Callable[[str], str]) -> dict[str, Parameter]:
    """Return the terms for a query's parameters.

    Parameters
    ----------
    query
        The query whose parameters are set.
    values
        What a person gave for each: a term as people say it.
    resolve
        Gives the IRI of such a term.

    Returns
    -------
    dict
        One term for each parameter.

    Raises
    ------
    InputError
        If a parameter is missing, or a value is for none of them.
    """
    names = [name for name, _ in query.params]
    strange = [name for name in values if name not in names]
    if strange:
        raise InputError(
            f"the query {query.name} has no parameter {strange[0]!r}; it takes {', '.join(names) or 'none'}"
        )
    missing = [f"--set {name}=... ({meaning})" for name, meaning in query.params if name not in values]
    if missing:
        raise InputError(f"the query {query.name} needs {' and '.join(missing)}")
    return {name: ox.NamedNode(resolve(values[name])) for name in names}


def run(
    store: ox.Store,
    text: str,
    params: Mapping[str, Parameter] | None = None,
    *,
    source: str = "query",
    union: bool = True,
) -> Result:
    """Return what a SPARQL query answers, by reading the store and nothing else (see `kg.gate`).

    The prefixes of `kg.namespaces.PREFIXES` need no declaration. ``FROM`` and ``FROM NAMED`` choose among the graphs of the
    store.

    Parameters
    ----------
    store
        Any store.
    text
        SELECT, ASK, CONSTRUCT or DESCRIBE.
    params
        Terms to put in place of variables; each must be projected.
    source
        Name of the text in error messages.
    union
        Whether the default graph of a query without ``FROM`` is the union of all graphs; False for a store that is known to have
        none but its own.

    Returns
    -------
    Solutions, Triples or Answer
        Rows in the query's own order where it has one, else sorted.

    Raises
    ------
    SyntaxFault
        If the text does not parse; RefusedError if it would do more than read.
    InputError
        If a parameter names a variable that the query does not project.
    """
    check_query(text, source)
    substitutions: dict[ox.Variable, Term] | None = None
    if params:
        substitutions = {ox.Variable(name): term for name, term in params.items()}
    try:
        answer = store.query(
            text,
            prefixes=_meant(text),
            # The engine would let the union win over FROM.
            use_default_graph_as_union=union and not has_outer_word(text, "FROM"),
            substitutions=substitutions,
        )
        match answer:
            case ox.QueryBoolean():
                return Answer(bool(answer))
            case ox.QueryTriples():
                return Triples(tuple(sorted(set(answer), key=str)))
            case _:
                return _solutions(answer, ordered=is_ordered(text))
    except SyntaxError as error:
        raise sparql_fault(source, error, text) from error
    except (RuntimeError, OSError) as error:
        # A variable that is not projected, or a store that cannot be read.
        raise InputError(f"{source}: {' '.join(str(error).split())}") from error


def is_ordered(text: str) -> bool:
    """Return whether the query itself, and not a query within it, asks for an order."""
    return has_outer_word(text, "ORDER")


def _meant(text: str) -> dict[str, str] | None:
    """Return those of our prefixes that a query can mean, since handing over all takes as long as a small answer."""
    # Where all colons are those of IRIs, there is no name with a prefix.
    if text.count(":") == text.count("://"):
        return None
    return {prefix: PREFIXES[prefix] for prefix in PREFIXES if prefix in text}


def row_key(row: Iterable[Term | None]) -> tuple[str, ...]:
    """Return what rows are sorted by where a query has no order: their terms as written in N-Triples, texts before IRIs."""
    return tuple(map(str, row))


def _solutions(answer: ox.QuerySolutions, *, ordered: bool) -> Solutions:
    variables = answer.variables
    rows = list(map(tuple, answer))
    if not ordered:
        rows.sort(key=row_key)
    return Solutions(tuple(variable.value for variable in variables), tuple(rows))
