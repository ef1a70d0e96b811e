"""Bars for rows of words and numbers, as one page of SVG without a script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import InputError
from kg.namespaces import PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.results import Term

__all__ = ["bars", "numbers"]

_MOST = 60
_NUMBERS = {
    PREFIXES["xsd"] + name for name in ("decimal", "double", "float", "int", "integer", "long", "nonNegativeInteger")
}
_STYLE = """
:root { color-scheme: light dark; --ink: #16181d; --bar: #0072b2; --ground: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #f4f5f7; --bar: #4ba3dc; --ground: #14171c } }
body { margin: 1rem; font: 14px Arial, Helvetica, sans-serif; color: var(--ink); background: var(--ground) }
h1 { font-size: 1.1rem } table { border-collapse: collapse; width: 100% } th { text-align: left; font-weight: normal }
th, td { padding: 2px 8px 2px 0; vertical-align: middle } th, td.n { width: 1%; max-width: 45vw; overflow-wrap: anywhere }
td.n { text-align: right } svg { display: block; width: 100%; height: 16px } rect { fill: var(--bar) }
"""


def numbers(names: Sequence[str], rows: Sequence[tuple[Term | None, ...]]) -> tuple[str, list[tuple[str, float, str]]]:
    """Return what to draw of some rows: the name of the first column of numbers, and (words, number, number as written).

    Raises
    ------
    InputError
        If no column holds numbers, or there is no row.
    """
    for column, name in enumerate(names):
        found = []
        for row in rows:
            value = _number(row[column])
            if value is not None:
                words = ", ".join(_words(term) for place, term in enumerate(row) if place < column and term is not None)
                found.append((words or name, value, _words(row[column])))
        if found and len(found) == len(rows):
            return name, found
    raise InputError("there is nothing to draw: the answer holds neither terms of the graph nor a column of numbers")


def bars(title: str, name: str, values: Sequence[tuple[str, float, str]]) -> str:
    """Return a page with a bar for each value, in their order; no more than the first sixty."""
    most = max((abs(value) for _, value, _ in values), default=0.0) or 1.0
    lines = "".join(
        f'<tr><th scope="row">{escape(words)}</th><td class="n">{escape(text)}</td><td><svg aria-hidden="true">'
        f'<rect width="{100 * abs(value) / most:.2f}%" height="100%"/></svg></td></tr>'
        for words, value, text in values[:_MOST]
    )
    cut = f"<p>The first {_MOST} of {len(values)}.</p>" if len(values) > _MOST else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
        f"</head><body><h1>{escape(name)}</h1>{cut}<table>{lines}</table></body></html>\n"
    )


def _number(term: Term | None) -> float | None:
    if not isinstance(term, ox.Literal) or term.datatype.value not in _NUMBERS:
        return None
    try:
        value = float(term.value)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def _words(term: Term | None) -> str:
    if isinstance(term, ox.NamedNode):
        return compact(term.value)
    return term.value if isinstance(term, ox.Literal) else str(term)
