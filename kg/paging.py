"""All rows and no fewer: answers of endpoints that cut them short without a word.

A server may give the first ten thousand rows of an answer as if they were all. So no answer of some length is believed: the
server is asked to count, and where it has given fewer, the rows are fetched page by page, each page from where the last one
ended. What still does not add up is an error and never a shorter answer. An answer below a length that a server has once given
whole needs no such proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.constructs import construct, instances
from kg.endpoint import EndpointError, Rows, TruncatedError
from kg.errors import InputError
from kg.lexer import opening, outer_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.endpoint import Endpoint, Row

__all__ = ["PAGE", "all_rows", "all_triples", "whole_answer"]

PAGE = 10_000
"""Rows of a page at most; Virtuoso sorts no more than these."""

_BELIEVED = 100
"""Answers shorter than this are taken as whole: no server cuts so low."""

_KEY = "_key"


def all_rows(endpoint: Endpoint, where: str, variables: Sequence[str], *, distinct: bool = False) -> tuple[Row, ...]:
    """Return all rows that some patterns have.

    Parameters
    ----------
    endpoint
        That is asked.
    where
        What stands between the braces of ``SELECT ... { ... }``, with full IRIs.
    variables
        Names of the columns; the first is never a blank node or unbound.
    distinct
        Whether equal rows count as one.

    Returns
    -------
    tuple of rows
        In no order.

    Raises
    ------
    TruncatedError
        If they cannot all be had; also what `Endpoint.select` raises.
    """
    head = f"SELECT {'DISTINCT ' if distinct else ''}{' '.join(f'?{name}' for name in variables)}"
    got = endpoint.select(f"{head} {{ {where} }}")
    if _is_whole_by_length(endpoint, got):
        return got.rows
    total = endpoint.count(f"{{ {head} {{ {where} }} }}" if distinct else where)
    if total <= len(got.rows):
        endpoint.proved(len(got.rows))
        return got.rows
    rows = _by_keys(endpoint, where, got, min(len(got.rows), PAGE))
    return _checked(endpoint, rows, total, len(got.rows))


def whole_answer(endpoint: Endpoint, query: str) -> Rows:
    """Return all rows of a SELECT query.

    Parameters
    ----------
    endpoint
        That is asked.
    query
        SELECT with all its prefixes.

    Returns
    -------
    Rows
        In the query's order where it has one.

    Raises
    ------
    TruncatedError
        If they cannot all be had; also what `Endpoint.select` raises.
    """
    got = endpoint.select(query)
    if _is_whole_by_length(endpoint, got):
        return got
    prologue, body = _parted(query)
    outer = [token.upper for token in outer_tokens(body)]
    limit = int(outer[outer.index("LIMIT") + 1]) if "LIMIT" in outer else None
    if limit is not None and not got.cut and len(got.rows) >= limit:
        return got
    if "FROM" in outer:
        # A query within a query has no FROM, so that its rows cannot be counted.
        if got.cut:
            raise _cut(endpoint, len(got.rows), None)
        return got
    counted = endpoint.select(f"{prologue} SELECT (COUNT(*) AS ?n) {{ {{ {body}\n}} }}").rows
    total = int(counted[0][0].value) if counted and isinstance(counted[0][0], ox.Literal) else 0
    if total <= len(got.rows):
        endpoint.proved(len(got.rows))
        return got
    size = min(len(got.rows), PAGE)
    if not size:
        raise _cut(endpoint, 0, total)
    if "ORDER" not in outer:
        rows = _by_keys(endpoint, f"{{ {body}\n}}", got, size, prologue)
        if len(rows) == total:
            return Rows(got.variables, rows)
    # Equal rows make no keys, and an order of the query's own is to be kept: such pages are counted off.
    has_limit = limit is not None or "OFFSET" in outer
    # Named, since servers differ in the order of the columns of SELECT *.
    columns = " ".join(f"?{name}" for name in got.variables)
    paged: list[Row] = []
    while len(paged) < total:
        slice_ = f"LIMIT {size} OFFSET {len(paged)}"
        if "ORDER" in outer and not has_limit:
            text = f"{query}\n{slice_}"
        else:
            order = "" if has_limit else f"ORDER BY {columns}"
            text = f"{prologue} SELECT {columns} {{ {{ {body}\n}} }} {order} {slice_}"
        try:
            page = endpoint.select(text).rows
        except (InputError, EndpointError) as error:
            raise _cut(endpoint, len(got.rows), total) from error
        if not page:
            break
        paged += page
    return Rows(got.variables, _checked(endpoint, tuple(paged), total, len(got.rows)))


def all_triples(endpoint: Endpoint, query: str) -> tuple[ox.Triple, ...]:
    """Return all triples of a CONSTRUCT query, and those that come of a DESCRIBE query.

    Parameters
    ----------
    endpoint
        That is asked.
    query
        With all its prefixes.

    Returns
    -------
    tuple of pyoxigraph.Triple
        In no order. Where a CONSTRUCT was cut short, they are made here of all the rows that it rests on; what DESCRIBE gives is
        for the server to say, so that nobody can tell whether it was cut.

    Raises
    ------
    TruncatedError
        If the rows cannot all be had.
    """
    triples = endpoint.triples(query)
    prologue, body = _parted(query)
    parts = construct(body)
    if parts is None or not parts.variables or len(triples) < _BELIEVED or endpoint.is_surely_whole(len(triples)):
        return triples
    names = " ".join(f"?{name}" for name in parts.variables)
    rows = whole_answer(endpoint, f"{prologue} SELECT {names} {parts.rest}").rows
    made = instances(prologue, parts, rows)
    return tuple(made) if len(made) > len(set(triples)) else triples


def _is_whole_by_length(endpoint: Endpoint, got: Rows) -> bool:
    count = len(got.rows)
    return got.cut is None and (count < _BELIEVED or endpoint.is_surely_whole(count))


def _by_keys(endpoint: Endpoint, where: str, got: Rows, size: int, prologue: str = "") -> tuple[Row, ...]:
    """Return the distinct rows in the order of their keys, each page from the last one's last key on."""
    variables = got.variables
    keys = [_key(name, bound=all(row[place] is not None for row in got.rows)) for place, name in enumerate(variables)]
    # Keys come with the rows, so that they are what the server itself compares.
    columns = " ".join(f"({key} AS ?{name}{_KEY})" for name, key in zip(variables, keys, strict=True))
    head = f"{prologue} SELECT DISTINCT {' '.join(f'?{name}' for name in variables)} {columns}"
    order = f"ORDER BY {' '.join(f'?{name}{_KEY}' for name in variables)}"
    # A key is the text of a term alone: those that differ in their language only come twice, and are one here.
    rows: dict[Row, None] = {}
    after = ""
    while True:
        page = endpoint.select(f"{head} {{ {where} {after} }} {order} LIMIT {size}").rows
        before = len(rows)
        rows.update(dict.fromkeys(row[: len(variables)] for row in page))
        if len(page) < size or len(rows) == before:
            return tuple(rows)
        after = f"FILTER({_from(keys, page[-1][len(variables) :])})"


def _key(name: str, *, bound: bool = True) -> str:
    # Where it need not be, nothing is coalesced: Virtuoso 7 mixes rows up then.
    return f"STR(?{name})" if bound else f'COALESCE(STR(?{name}), "")'


def _from(keys: Sequence[str], last: Row) -> str:
    alternatives = []
    equal: list[str] = []
    for place, (key, term) in enumerate(zip(keys, last, strict=True), start=1):
        value = ox.Literal(term.value if isinstance(term, ox.Literal) else "")
        alternatives.append(" && ".join([*equal, f"{key} {'>=' if place == len(keys) else '>'} {value}"]))
        equal.append(f"{key} = {value}")
    return " || ".join(f"({each})" for each in alternatives)


def _parted(query: str) -> tuple[str, str]:
    """Return the prefixes of a query and the rest of it."""
    word = opening(query)
    end = word.start if word else 0
    return query[:end], query[end:]


def _checked(endpoint: Endpoint, rows: tuple[Row, ...], total: int, first: int) -> tuple[Row, ...]:
    if len(rows) != total:
        raise _cut(endpoint, first, total)
    return rows


def _cut(endpoint: Endpoint, rows: int, total: int | None) -> TruncatedError:
    of = "" if total is None else f" of {total:,}"
    return TruncatedError(
        f"{endpoint.name} cuts answers short: {rows:,}{of} rows came, and the others can't be had in pages; "
        "narrow the query, or give it a LIMIT below that"
    )
