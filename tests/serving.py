"""A server as its users start it: ``kg serve`` in a process of its own, on a free port."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["CROSS_PRODUCT", "MEMORY_EATER", "Reply", "Serving", "serving"]

CROSS_PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
MEMORY_EATER = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c"
_ADDRESS = re.compile(r"^(http://\S+)/ serves ")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer over HTTP."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class Serving:
    """A running server."""

    url: str
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    """What it has written to standard error."""

    @property
    def port(self) -> int:
        return urllib.parse.urlsplit(self.url).port or 0

    def get(self, path: str, headers: Mapping[str, str] | None = None, **fields: str | list[str]) -> Reply:
        """Return the reply to a GET with some fields; underscores in their names stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in fields.items()}
        query = urllib.parse.urlencode(named, doseq=True)
        return self.send(f"{path}?{query}" if query else path, headers=headers)

    def ask(self, query: str, accept: str = "application/sparql-results+json") -> Reply:
        """Return the reply to a query, sent as a form."""
        return self.send(
            "/sparql", method="POST", headers={"Accept": accept}, body=urllib.parse.urlencode({"query": query}).encode()
        )

    def send(
        self, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Reply:
        """Return the reply to a request; errors are replies as well."""
        request = urllib.request.Request(self.url + path, method=method, headers=dict(headers or {}), data=body)
        try:
            with _OPENER.open(request, timeout=60) as response:
                return Reply(response.status, _small(response.headers), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, _small(error.headers), error.read())

    def stop(self) -> int:
        """Ask it to stop and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


# No proxy of this machine may come between, and a redirect is an answer to look at.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def _small(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@contextmanager
def serving(*arguments: str) -> Iterator[Serving]:
    """Start ``kg serve`` with some arguments and stop it afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kg.cli", "serve", "--port", "0", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert process.stderr is not None
    lines: list[str] = []
    started = threading.Event()
    seen = Serving("", process, lines)

    def read() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            lines.append(line)
            found = _ADDRESS.match(line)
            if found:
                seen.url = found[1]
                started.set()
        started.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        started.wait(timeout=60)
        assert seen.url, "".join(lines)
        yield seen
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)
        reader.join(timeout=5)
        process.stderr.close()
