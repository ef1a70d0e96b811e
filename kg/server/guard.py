"""Who may ask, and what goes with every answer: names of the host, origins, headers, the access log and the numbers.

A page of another site can make a browser send requests to a server on the same machine, so a request is refused when it names a
host that this server does not go by (DNS rebinding), or comes from an origin that it was not told of.

References
----------
RFC 9110, section 7.4, https://www.rfc-editor.org/rfc/rfc9110#section-7.4 (421 for a misdirected request)
"""

from __future__ import annotations

import ipaddress
import re
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from h11 import LocalProtocolError
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from kg.server.metrics import Metrics

__all__ = ["Guard", "host_name", "is_loopback", "is_origin"]

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]{1,253})(?::([0-9]{1,5}))?$")
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: a browser would then call the origin of our own forms null.
    "referrer-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "cache-control": "no-cache",
}


def host_name(header: str) -> str | None:
    """Return the name in a Host header without its port, or None if it is none.

    Examples
    --------
    >>> host_name("[::1]:8000")
    '::1'
    >>> host_name("localhost@example.org") is None
    True
    """
    found = _HOST.match(header)
    return found[1].strip("[]").lower().removesuffix(".") if found else None


class Guard:
    """Stands before the app.

    Parameters
    ----------
    app
        What requests go to.
    hosts
        Names that this server goes by; ``*`` for any.
    origins
        Origins other than its own whose pages may read answers; ``*`` for any.
    metrics
        Counts the requests.
    log
        Whether each request is a line on standard error.
    """

    def __init__(
        self, app: ASGIApp, *, hosts: Collection[str], origins: Collection[str], metrics: Metrics, log: bool
    ) -> None:
        self._app = app
        self._hosts = {host.lower() for host in hosts}
        self._origins = {origin.lower().rstrip("/") for origin in origins}
        self._metrics = metrics
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        before = time.monotonic()
        status = size = 0
        is_over = False

        async def told(message: Message) -> None:
            nonlocal status, size, is_over
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            else:
                size += len(message.get("body", b""))
            try:
                if not is_over:
                    await send(message)
            except LocalProtocolError:
                # What came after the head was no HTTP, and the connection has been told so and closed.
                is_over = True

        refusal = self._refusal(scope)
        try:
            await (refusal or self._app)(scope, receive, told)
        finally:
            taken = time.monotonic() - before
            self._metrics.count(scope["path"], status, taken)
            if self._log:
                _write_line(scope, status, size, taken)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        names = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        host = host_name(names[0]) if len(names) == 1 else None
        if host is None or not (self._hosts & {host, "*"}):
            return JSONResponse(
                {"error": "this server does not go by that name; start it with --allow-host NAME"}, status_code=421
            )
        origins = [value.decode("latin-1").lower() for name, value in scope["headers"] if name == b"origin"]
        own = f"{scope['scheme']}://{names[0].lower()}"
        if any(origin != own and not self._origins & {origin, "*"} for origin in origins):
            return JSONResponse(
                {"error": "pages of that origin may not ask; start the server with --cors ORIGIN"}, status_code=403
            )
        return None


def _write_line(scope: Scope, status: int, size: int, taken: float) -> None:
    client = scope["client"][0] if scope["client"] else "-"
    # The path may hold anything; ascii() keeps it to one line. The query is not written: it may be private.
    path = ascii(scope["path"][:200])[1:-1]
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    line = f"{when} {client} {scope['method']} {path} {status or 'gone'} {size} B {taken * 1000:.0f} ms\n"
    sys.stderr.write(line)


def is_loopback(host: str) -> bool:
    """Return whether an address or name can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_origin(text: str) -> bool:
    """Return whether a text is an origin as a browser names one, such as ``https://example.org``, or ``*``."""
    parts = urlsplit(text)
    return text == "*" or (
        parts.scheme in {"http", "https"} and bool(parts.netloc) and text == f"{parts.scheme}://{parts.netloc}"
    )
