"""What the fuzzers throw bytes at: each takes any bytes at all, and fails where a promise is broken.

The promises: nothing but our own errors comes out, each in one line; and no query is let through that the engine takes for a call
of SERVICE.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pyoxigraph as ox

import kg
from kg.errors import KGError, UnknownTermError
from kg.exchange import from_graphml, from_node_link
from kg.gate import check_query, is_plain
from kg.lens import lens
from kg.lexer import has_outer_word, query_form, tokens, without_escapes
from kg.safe import check_rdf
from kg.server.formats import GRAPH_FORMATS, ROW_FORMATS, choose
from kg.server.guard import host_name
from kg.server.protocol import BadRequestError, parameters
from tests.security.hostile import PROLOGUE, calls_service, hostile_query, is_query

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TARGETS", "judge"]

_FORMATS = (
    ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS, ox.RdfFormat.RDF_XML,
    ox.RdfFormat.JSON_LD,
)  # fmt: skip


def judge(query: str) -> None:
    """Fail if the gate and the engine differ on a query: whether it calls SERVICE."""
    text = PROLOGUE + query
    if not is_query(text):
        return
    # Also with its escapes put in full, as the standard has it, though the engine leaves them.
    full = without_escapes(query)
    called = calls_service(query) or (is_query(PROLOGUE + full) and calls_service(full))
    reason = _refusal(text)
    assert not (called and is_plain(text)), query
    if called:
        assert reason, query
    else:
        # FILTERex:f(...) can be read in two ways, which is reason enough; so is a text that grew open strings with its escapes.
        assert not reason or "can be read as" in reason or "\\u" in query.lower(), query


def _refusal(text: str) -> str:
    try:
        check_query(text)
    except KGError as error:
        return str(error)
    return ""


def _gate(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    with suppress(KGError):
        check_query(text)
    places = [token.start for token in tokens(text)]
    assert places == sorted(set(places))
    assert all(text.startswith(token.text, token.start) for token in tokens(text))
    query_form(text)
    has_outer_word(text, "FROM")
    judge(text)


def _grammar(data: bytes) -> None:
    judge(hostile_query(Random(data)))


def _readers(data: bytes) -> None:
    format, content = _FORMATS[(data[0] if data else 0) % len(_FORMATS)], data[1:]
    with suppress(KGError, SyntaxError):
        check_rdf(content, format, "theirs")
        for _ in ox.parse(content, format=format):
            pass


def _networks(data: bytes) -> None:
    with suppress(KGError):
        from_graphml(data)
    with suppress(KGError):
        from_node_link(data.decode("utf-8", "replace"))


@cache
def _graph() -> kg.KnowledgeGraph:
    return kg.load()


def _terms(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    with suppress(UnknownTermError):
        _graph().find(text, classes=True)
    _graph().names.search(text)


def _lens(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "lens.ttl"
        path.write_bytes(data)
        with suppress(KGError):
            lens(str(path))


def _headers(data: bytes) -> None:
    text = data.decode("latin-1")
    for formats in (ROW_FORMATS, GRAPH_FORMATS):
        assert choose(formats, text) in {*formats, None}
    host_name(text)
    with suppress(BadRequestError):
        parameters(data)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "gate": _gate,
    "grammar": _grammar,
    "headers": _headers,
    "lens": _lens,
    "networks": _networks,
    "readers": _readers,
    "terms": _terms,
}
"""By name: the gate on any text, the gate on queries from a grammar, request headers, lenses, networks in
files, RDF, names of terms."""
