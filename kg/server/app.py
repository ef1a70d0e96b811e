"""The addresses of the server and what is behind each; requests in, answers of workers out."""

from __future__ import annotations

import asyncio
import contextlib
import json
from html import escape
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from kg.server.description import description
from kg.server.formats import GRAPH_FORMATS, choose
from kg.server.guard import Guard
from kg.server.openapi import PATHS, PLAN, document
from kg.server.pool import Answer, NoAnswerError
from kg.server.protocol import BadRequestError, parameters, query_task
from kg.server.start import start_page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from kg.server.metrics import Metrics
    from kg.server.openapi import Parameter
    from kg.server.pool import Pool

__all__ = ["app"]

_CHUNK = 1 << 16
_OWN = "'self'"
_PAGE_POLICY = (
    f"default-src 'none'; script-src {_OWN}; style-src {_OWN}; connect-src {_OWN}; img-src data:; frame-src {_OWN}; "
    f"form-action {_OWN}; base-uri 'none'; frame-ancestors 'none'"
)
# The drawn pages carry a stricter policy of their own; this one adds who may frame them, which a page cannot say of itself.
_DRAWN_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors "
)


def app(pool: Pool, metrics: Metrics, *, hosts: Collection[str], origins: Collection[str], log: bool) -> Starlette:
    """Return the application.

    Parameters
    ----------
    pool
        Started.
    metrics
        Counts requests.
    hosts, origins, log
        As `kg.server.guard.Guard` takes them.
    """
    server = _Server(pool, metrics)
    middleware = [Middleware(Guard, hosts=hosts, origins=origins, metrics=metrics, log=log)]
    if origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(origins),
                allow_methods=["GET", "POST"],
                allow_headers=["Content-Type"],
            )
        )
    return Starlette(
        routes=server.routes(),
        middleware=middleware,
        exception_handlers={BadRequestError: _bad_request, NoAnswerError: _failed, ClientDisconnect: _gone},
    )


class _Server:
    def __init__(self, pool: Pool, metrics: Metrics) -> None:
        self._pool = pool
        self._metrics = metrics
        self._pages = start_page(pool.told)

    def routes(self) -> list[Route]:
        return [
            Route("/", self.start),
            Route("/start.js", self.start),
            Route("/start.css", self.start),
            Route("/sparql", self.sparql, methods=["GET", "POST"]),
            Route("/picture", self.picture, methods=["POST"]),
            Route("/paths", self.paths),
            Route("/plan", self.plan),
            Route("/openapi.json", self.openapi),
            Route("/explore", self.explore),
            Route("/metrics", self.metrics),
            Route("/health", self.health),
        ]

    async def start(self, request: Request) -> Response:
        media, content = self._pages[request.url.path]
        return Response(content, media_type=media, headers={"content-security-policy": _PAGE_POLICY})

    async def sparql(self, request: Request) -> Response:
        task = await query_task(request)
        if task is not None:
            return _streamed(await self._asked(request, task))
        accept = request.headers.get("accept", "")
        name = choose({**GRAPH_FORMATS, "html": ("text/html",)}, accept)
        if name == "html":
            return RedirectResponse("/", status_code=303)
        if name is None:
            raise BadRequestError(406, "the service description comes as Turtle, N-Triples, RDF/XML or JSON-LD")
        content = description(str(request.url.replace(query="", fragment="")), name, union=self._pool.settings.union)
        return Response(content, media_type=GRAPH_FORMATS[name][0])

    async def picture(self, request: Request) -> Response:
        task = await query_task(request)
        if task is None:
            raise BadRequestError(400, "there is no query")
        headers = {"content-security-policy": _DRAWN_POLICY + _OWN, "x-frame-options": "SAMEORIGIN"}
        try:
            return _streamed(await self._asked(request, {**task, "kind": "picture"}), headers)
        except NoAnswerError as failed:
            # It is read by a person, in a frame.
            text = (
                f'<!doctype html><html lang="en"><title>No picture</title><p>{escape(failed.told["error"])}</p></html>'
            )
            return Response(text, media_type="text/html", status_code=failed.status, headers=headers)

    async def paths(self, request: Request) -> Response:
        return _streamed(await self._asked(request, {"kind": "paths", **_taken(request, PATHS)}))

    async def plan(self, request: Request) -> Response:
        return _streamed(await self._asked(request, {"kind": "plan", **_taken(request, PLAN)}))

    async def openapi(self, request: Request) -> Response:
        return JSONResponse(document())

    async def explore(self, request: Request) -> Response:
        if not self._pool.told["explorer"]:
            raise BadRequestError(404, "this graph is too large to be drawn whole; draw the answer of a query")
        headers = {"content-security-policy": _DRAWN_POLICY + "'none'"}
        return Response(self._pool.told["explorer"], media_type="text/html", headers=headers)

    async def metrics(self, request: Request) -> Response:
        text = self._metrics.text(self._pool.state, self._pool.told["quads"])
        return Response(text, media_type="text/plain; version=0.0.4")

    async def health(self, request: Request) -> Response:
        return JSONResponse({"quads": self._pool.told["quads"], **self._pool.state})

    async def _asked(self, request: Request, task: dict[str, Any]) -> Answer:
        """Return the answer to a task, and give the task up when the client goes."""
        asking = asyncio.create_task(self._pool.ask(task))
        leaving = asyncio.create_task(_left(request))
        try:
            await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                raise ClientDisconnect
            return asking.result()
        finally:
            for waited in (asking, leaving):
                if not waited.done():
                    waited.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await waited


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _taken(request: Request, known: Collection[Parameter]) -> dict[str, Any]:
    """Return the parameters of a request by what is said of them in the OpenAPI description."""
    given = parameters(request.scope["query_string"])
    taken: dict[str, Any] = {}
    for parameter in known:
        values = [value for value in given.pop(parameter.name, []) if value]
        if parameter.many:
            taken[parameter.name] = values
        elif len(values) > 1:
            raise BadRequestError(400, f"the parameter {parameter.name} can be given once only")
        elif values:
            taken[parameter.name] = values[0]
        if parameter.required and not values:
            raise BadRequestError(400, f"the parameter {parameter.name} is missing: {parameter.meaning}")
    if given:
        raise BadRequestError(400, f"there is no parameter {next(iter(given))[:40]!r}; see /openapi.json")
    return taken


def _streamed(answer: Answer, headers: dict[str, str] | None = None) -> Response:
    async def chunks() -> AsyncIterator[bytes]:
        with contextlib.closing(answer):
            while chunk := answer.body.read(_CHUNK):
                yield chunk

    charset = "" if "json" in answer.media or "xml" in answer.media else "; charset=utf-8"
    return StreamingResponse(
        chunks(),
        headers={"content-type": answer.media + charset, "content-length": str(answer.size), **(headers or {})},
    )


async def _bad_request(_: Request, error: Exception) -> Response:
    assert isinstance(error, BadRequestError)  # Starlette asks for the wider type
    headers = {"connection": "close"} if error.status in {408, 413} else {}
    return JSONResponse({"error": error.reason}, status_code=error.status, headers=headers)


async def _failed(_: Request, error: Exception) -> Response:
    assert isinstance(error, NoAnswerError)
    headers = {"retry-after": "5"} if error.status == 503 else {}
    return JSONResponse(error.told, status_code=error.status, headers=headers)


async def _gone(_: Request, error: Exception) -> Response:
    # Nobody reads it; 499 is what the log of other servers says of a client that did not wait.
    return Response(json.dumps({"error": "the client has gone"}), status_code=499)
