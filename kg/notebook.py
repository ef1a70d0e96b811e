"""SPARQL in a notebook: ``%load_ext kg.notebook``, then ``%%sparql`` cells and ``%sparql NAME name=term`` lines.

A SELECT gives a pandas DataFrame, an ASK a bool, a CONSTRUCT or DESCRIBE the triples. ``%%sparql --out NAME`` also keeps the
answer in a variable. The graph asked is ours, or the one given with ``--graph VARIABLE``.
"""

from __future__ import annotations

import shlex
from functools import cache
from typing import TYPE_CHECKING, cast

from kg.anygraph import AnyGraph
from kg.errors import InputError, KGError
from kg.graph import KnowledgeGraph, load
from kg.results import Answer, Solutions

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from IPython.core.interactiveshell import InteractiveShell

    from kg.results import Triples

__all__ = ["load_ipython_extension", "sparql"]


def sparql(graph: AnyGraph, line: str, cell: str | None = None) -> pd.DataFrame | Triples | bool:
    """Return the answer of a cell, or of a named query given on a line.

    Parameters
    ----------
    graph
        What is asked.
    line
        Parameters as ``name=term``; without a cell, the name of a query first.
    cell
        SPARQL text.

    Returns
    -------
    pandas.DataFrame, Triples or bool
        As the query is SELECT, CONSTRUCT or DESCRIBE, or ASK.

    Raises
    ------
    InputError
        If a line names no query, or something on it is neither a name nor ``name=term``.
    """
    words = _words(line)
    query = cell
    if query is None:
        if not words:
            raise InputError("give the name of a query: %sparql NAME name=term")
        query = words.pop(0)
    values = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise InputError(f"expected name=term, and not {word!r}")
        values[name] = value
    answer = graph.query(query, **values)
    if isinstance(answer, Solutions):
        return answer.df()
    return answer.value if isinstance(answer, Answer) else answer


@cache
def _ours() -> KnowledgeGraph:
    return load()


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magics; called by ``%load_ext kg.notebook``."""

    def magic(line: str, cell: str | None = None) -> object:
        try:
            words, options = _options(_words(line))
            answer = sparql(_asked(shell, options.get("--graph")), shlex.join(words), cell)
        except KGError as error:
            # One clear line instead of a traceback through this package.
            raise _shown(error) from None
        if "--out" in options:
            shell.user_ns[options["--out"]] = answer
        return answer

    # IPython declares the method through a decorator that hides its signature.
    register = cast("Callable[..., None]", shell.register_magic_function)
    register(magic, magic_kind="line_cell", magic_name="sparql")


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        raise InputError(f"{line!r}: {str(error).lower()}; put a term with an apostrophe in double quotes") from error


def _options(words: list[str]) -> tuple[list[str], dict[str, str]]:
    """Return the words without the options, and the options."""
    rest = list(words)
    options: dict[str, str] = {}
    for option in ("--graph", "--out"):
        if option in rest:
            place = rest.index(option)
            if place + 1 == len(rest):
                raise InputError(f"{option} takes the name of a variable")
            options[option] = rest[place + 1]
            del rest[place : place + 2]
    return rest, options


def _asked(shell: InteractiveShell, name: str | None) -> AnyGraph:
    if name is None:
        return _ours()
    graph = shell.user_ns.get(name)
    if not isinstance(graph, AnyGraph):
        raise InputError(f"the variable {name} holds no knowledge graph; make one with {name} = kg.load()")
    return graph


def _shown(error: KGError) -> Exception:
    from IPython.core.error import UsageError

    shown: Exception = UsageError(str(error))
    return shown
