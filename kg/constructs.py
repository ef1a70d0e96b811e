"""CONSTRUCT taken apart: the rows that it rests on, asked for as any others, and the triples that its template makes of them.

The triples of an answer tell nothing about how many there should be; rows can be counted and fetched in pages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast
from urllib.parse import quote, unquote

import pyoxigraph as ox

from kg.lexer import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.results import Term

__all__ = ["Construct", "construct", "instances"]

_BLANK = "urn:painpath:blank:"


class Construct(NamedTuple):
    """A CONSTRUCT query in parts."""

    template: str
    """With its braces."""
    variables: tuple[str, ...]
    """Those of the template, in the order in which they come."""
    rest: str
    """All that follows the template, such as ``WHERE { ... } LIMIT 3``."""


def construct(body: str) -> Construct | None:
    """Return the parts of a query, or None if it is no CONSTRUCT.

    Parameters
    ----------
    body
        A query without its prologue.

    Examples
    --------
    >>> construct("CONSTRUCT { ?s ?p 5 } WHERE { ?s ?p ?o }")
    Construct(template='{ ?s ?p 5 }', variables=('s', 'p'), rest=' WHERE { ?s ?p ?o }')
    >>> construct("construct where { ?s ?p ?o } limit 5")
    Construct(template='{ ?s ?p ?o }', variables=('s', 'p', 'o'), rest=' where { ?s ?p ?o } limit 5')
    """
    found = list(tokens(body))
    if not found or found[0].upper != "CONSTRUCT":
        return None
    begin = next((place for place, token in enumerate(found) if token.text == "{"), None)
    if begin is None:
        return None
    depth, variables = 0, dict[str, None]()
    for token in found[begin:]:
        depth += (token.text == "{") - (token.text == "}")
        if token.kind == "variable":
            variables[token.text[1:]] = None
        if depth == 0:
            break
    else:
        return None  # it is never closed
    stop = token.start + 1
    # Without a template of its own, the pattern is the template.
    rest = body[stop:] if begin == 1 else body[found[0].start + len("CONSTRUCT") :]
    return Construct(body[found[begin].start : stop], tuple(variables), rest)


def instances(prologue: str, parts: Construct, rows: Sequence[Sequence[Term | None]]) -> frozenset[ox.Triple]:
    """Return the triples that a template makes of some rows.

    Parameters
    ----------
    prologue
        The prefixes that the template may use.
    parts
        Of the query.
    rows
        Terms for the variables of the template, in their order; None where one is not bound.

    Returns
    -------
    frozenset of pyoxigraph.Triple
        Blank nodes of the rows keep their names, those of the template are new for each row.
    """
    names = " ".join(f"?{name}" for name in parts.variables)
    values = "\n".join(f"({' '.join(map(_written, row))})" for row in rows)
    answer = ox.Store().query(f"{prologue} CONSTRUCT {parts.template} {{ VALUES ({names}) {{ {values} }} }}")
    return frozenset(
        ox.Triple(cast("ox.NamedNode | ox.BlankNode", _read(triple.subject)), triple.predicate, _read(triple.object))
        for triple in cast("ox.QueryTriples", answer)
    )


def _written(term: Term | None) -> str:
    if term is None:
        return "UNDEF"
    # A blank node cannot stand among values.
    return f"<{_BLANK}{quote(term.value, safe='')}>" if isinstance(term, ox.BlankNode) else str(term)


def _read(term: Term) -> Term:
    if isinstance(term, ox.NamedNode) and term.value.startswith(_BLANK):
        return ox.BlankNode(re.sub(r"\W", "_", unquote(term.value.removeprefix(_BLANK))))
    return term
