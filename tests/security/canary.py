"""A server on this machine that counts its visits."""

from __future__ import annotations

import http.server
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["VISITS", "Canary", "canary"]

VISITS: list[int] = []
"""How often each canary was visited, once it has stopped."""


class Canary:
    """What was counted, and where."""

    def __init__(self) -> None:
        self.hits = 0
        self.url = ""


@contextmanager
def canary() -> Iterator[Canary]:
    """Start the server; it says yes to everything, so that no visitor is put off."""
    counted = Canary()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            counted.hits += 1
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.end_headers()
            self.wfile.write(b'{"head":{"vars":[]},"results":{"bindings":[{}]}}')

        do_POST = do_HEAD = do_GET  # noqa: N815 # the names are those of the library

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    counted.url = f"http://127.0.0.1:{server.server_port}/canary"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield counted
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        VISITS.append(counted.hits)
