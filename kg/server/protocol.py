"""What a request asks: the SPARQL 1.1 Protocol's ways to say it, checked before any of it is believed.

References
----------
W3C, SPARQL 1.1 Protocol (2013), section 2.1, https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["BadRequestError", "parameters", "query_task"]

MAX_BODY = 1 << 20
_BODY_TIME = 10.0
# So much of a body that is too large is read and dropped: a client that is cut off while it sends does not see why.
_MOST_DROPPED = 16 << 20
_MOST_FIELDS = 200
_FORM = "application/x-www-form-urlencoded"
_READ_ONLY = "this endpoint only reads: there is no update"


class BadRequestError(Exception):
    """A request that cannot be understood, or is not granted: an HTTP status and a reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(status, reason)
        self.status = status
        self.reason = reason


def parameters(raw: bytes) -> dict[str, list[str]]:
    """Return the fields of a query string or form.

    Raises
    ------
    BadRequestError
        If it is not UTF-8, or has too many fields.
    """
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=_MOST_FIELDS
        )
    except UnicodeDecodeError:
        raise BadRequestError(400, "the parameters are not UTF-8 in percent-encoding") from None
    except ValueError as error:
        raise BadRequestError(400, str(error).lower()) from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


async def query_task(request: Request) -> dict[str, Any] | None:
    """Return the task that a request asks for, or None for a plain GET that asks for nothing.

    Raises
    ------
    BadRequestError
        If it is no request of the protocol, or one for an update.
    """
    fields = parameters(request.scope["query_string"])
    query: str | None = None
    if request.method == "POST":
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media == "application/sparql-update":
            raise BadRequestError(403, _READ_ONLY)
        if media not in {_FORM, "application/sparql-query"}:
            raise BadRequestError(415, f"send the query as {_FORM} or application/sparql-query")
        body = await _body(request)
        if media == _FORM:
            for name, values in parameters(body).items():
                fields.setdefault(name, []).extend(values)
        else:
            query = _decoded(body)
            if "query" in fields:
                raise BadRequestError(400, "there are two queries: one in the address, one in the body")
    if "update" in fields:
        raise BadRequestError(403, _READ_ONLY)
    if query is None:
        queries = fields.get("query", [])
        if len(queries) > 1:
            raise BadRequestError(400, "there are several queries; send one")
        if not queries:
            if request.method == "POST":
                raise BadRequestError(400, "there is no query; send it as the field query")
            return None
        query = queries[0]
    return {
        "kind": "query",
        "query": query,
        "accept": ",".join(request.headers.getlist("accept")),
        "format": fields.get("format", [""])[-1].lower(),
        "default_graphs": fields.get("default-graph-uri", []),
        "named_graphs": fields.get("named-graph-uri", []),
    }


async def _body(request: Request) -> bytes:
    """Return the body of a request unless it is too large or too slow to come."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise BadRequestError(415, "send the body without compression")
    body = bytearray()
    size = 0
    try:
        async with asyncio.timeout(_BODY_TIME):
            async for part in request.stream():
                size += len(part)
                if size <= MAX_BODY:
                    body += part
                elif size > _MOST_DROPPED:
                    break
    except TimeoutError:
        raise BadRequestError(408, f"the body did not come within {_BODY_TIME:g} s") from None
    if size > MAX_BODY:
        raise BadRequestError(413, f"the body is larger than {MAX_BODY >> 20} MiB")
    return bytes(body)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequestError(400, f"the query is not UTF-8 (byte {error.start})") from None
