"""Requests that no honest client sends: refused with a reason, and the server goes on for all others."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.serving import Serving, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

FORM = "application/x-www-form-urlencoded"
ASK = "query=ASK%20%7B%7D"


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    with serving() as started:
        yield started
        assert started.ask("ASK {}").json["boolean"] is True
        assert "Traceback" not in "".join(started.lines), "".join(started.lines[-60:])


def raw(server: Serving, request: bytes, *, patience: float = 20) -> bytes:
    """Send bytes as they are and return all that comes back."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=patience) as connection:
        connection.sendall(request)
        parts = []
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except (ConnectionError, TimeoutError):
            pass
        return b"".join(parts)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", "localhost@evil.example",
        "evil.example#localhost", "[::ffff:1.2.3.4]", "0.0.0.0", "localhost\\evil", "xn--", "127.1", "2130706433",
    ],
)  # fmt: skip
def test_a_foreign_host_is_refused(host: str, server: Serving) -> None:
    for path in ("/", f"/sparql?{ASK}", "/explore", "/paths?from=a&to=b", "/metrics"):
        reply = server.send(path, headers={"Host": host})
        assert (reply.status, "does not go by that name" in reply.text) == (421, True)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1234", "127.0.0.1", "[::1]:8000", "localhost."])
def test_the_names_of_this_machine_for_itself_are_its_own(host: str, server: Serving) -> None:
    assert server.send(f"/sparql?{ASK}", headers={"Host": host}).status == 200


def test_a_request_without_or_with_two_hosts_is_refused(server: Serving) -> None:
    for head in (b"", b"Host: localhost\r\nHost: evil.example\r\n"):
        answered = raw(server, b"GET /health HTTP/1.1\r\n" + head + b"Connection: close\r\n\r\n")
        assert answered.split(b" ")[1] in {b"400", b"421"}


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1", "file://", ""]
)
def test_a_page_of_another_origin_may_not_ask(origin: str, server: Serving) -> None:
    for method, path in (
        ("GET", f"/sparql?{ASK}"),
        ("POST", "/sparql"),
        ("GET", "/paths?from=a&to=b"),
        ("OPTIONS", "/sparql"),
    ):
        reply = server.send(path, method=method, headers={"Origin": origin, "Content-Type": FORM}, body=ASK.encode())
        assert reply.status == 403
        assert not [name for name in reply.headers if name.startswith("access-control-")]


def test_its_own_page_may_ask(server: Serving) -> None:
    assert server.send(f"/sparql?{ASK}", headers={"Origin": server.url}).status == 200


def test_there_is_no_cors_header_unless_asked(server: Serving) -> None:
    reply = server.get("/sparql", query="ASK {}")
    assert not [name for name in reply.headers if name.startswith("access-control-")]
    with serving("--cors", "https://lab.example") as other:
        allowed = other.send(f"/sparql?{ASK}", headers={"Origin": "https://lab.example"})
        assert allowed.headers["access-control-allow-origin"] == "https://lab.example"
        assert other.send(f"/sparql?{ASK}", headers={"Origin": "https://evil.example"}).status == 403
        preflight = other.send(
            "/sparql",
            method="OPTIONS",
            headers={"Origin": "https://lab.example", "Access-Control-Request-Method": "POST"},
        )
        assert (preflight.status, preflight.headers["access-control-allow-origin"]) == (200, "https://lab.example")


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"query=" + b"x" * (2 << 20), FORM, 413),
        (b"x" * (2 << 20), "application/sparql-query", 413),
        (b"query=ASK%20%7B%FF%7D", FORM, 400),
        (b"ASK { ?s ?p '\xff' }", "application/sparql-query", 400),
        ("query=ASK {ü}".encode(), FORM, 400),
        (b"\x00" * 1000, "application/sparql-query", 400),
        (b"", FORM, 400),
        (b"query=ASK%7B%7D&query=ASK%7B%7D", FORM, 400),
        (b"&".join(b"a=b" for _ in range(10_000)), FORM, 400),
        (b"<xml/>", "text/xml", 415),
        (b"ASK {}", "", 415),
        (b"--x\r\n", "multipart/form-data; boundary=x", 415),
        (b"update=DELETE%20WHERE%20%7B%3Fs%20%3Fp%20%3Fo%7D", FORM, 403),
        (b"query=ASK%20%7B%7D&update=CLEAR%20ALL", FORM, 403),
        (b"CLEAR ALL", "application/sparql-update", 403),
    ],
)
def test_a_body_that_is_no_query_is_refused(body: bytes, media: str, status: int, server: Serving) -> None:
    reply = server.send("/sparql", method="POST", headers={"Content-Type": media}, body=body)
    assert reply.status == status
    assert reply.json["error"]


def test_an_update_changes_nothing(server: Serving) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    before = server.ask(count, "text/csv").text
    for path in ("/sparql", "/update", "/sparql/update", "/statements"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            reply = server.send(
                path, method=method, headers={"Content-Type": "application/sparql-update"}, body=b"CLEAR ALL"
            )
            assert reply.status in {403, 404, 405}
    assert server.get("/sparql", update="CLEAR ALL").status == 403
    assert server.ask(count, "text/csv").text == before


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("image/png", 406), ("text/html", 406), ("text/csv;q=0", 406), ("*/*;q=0", 406), ("nonsense", 406), ("/", 406),
        (",,,", 406), ("a/b;q=" + "9" * 1000, 406), ("\xff/\xff", 406), ("text/csv;q=7", 200), ("*/*", 200), ("text/*", 200),
        (",".join(["a/b"] * 5000), 406), ("TEXT/CSV", 200), ("text/csv ; q=0.5 , */*;q=0", 200),
    ],
)  # fmt: skip
def test_an_accept_header_is_understood_or_answered_406(accept: str, status: int, server: Serving) -> None:
    if len(accept) > 10_000:
        accept = accept[:10_000]
    reply = server.send(f"/sparql?{ASK}", headers={"Accept": accept.encode("latin-1").decode("latin-1")})
    assert reply.status == status


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/start.js/../../kg/errors.py", "//evil.example/", "/.git/config",
        "/start.css%00", "/explore/..%2f..%2fetc%2fpasswd", "/SPARQL", "/sparql/", "/metrics%0d%0aX-Evil:%20yes", "/docs",
    ],
)  # fmt: skip
def test_nothing_but_its_own_addresses_is_served(path: str, server: Serving) -> None:
    answered = raw(server, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert answered.split(b" ")[1] in {b"404", b"307", b"400"}
    assert b"root:" not in answered
    assert b"\r\nX-Evil" not in answered


@pytest.mark.parametrize(
    "request_",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n bad: header\r\n\r\n",
        b"\r\n" * 1000,
    ],
)
def test_what_is_no_http_ends_the_connection_and_nothing_else(request_: bytes, server: Serving) -> None:
    answered = raw(server, request_, patience=1)
    assert b"HTTP/1.1 200" not in answered
    assert server.get("/health").status == 200


def test_whoever_never_finishes_a_request_is_cut_off(server: Serving) -> None:
    head = b"Host: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 99"
    request = b"POST /sparql HTTP/1.1\r\n" + head + b"\r\n\r\nASK"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        before = time.monotonic()
        assert b" 408 " in raw(server, request)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(100) == b""
        assert time.monotonic() - before < 25


def test_clients_that_do_not_read_hold_no_worker() -> None:
    large = "query=SELECT%20*%20%7B%20%3Fa%20%3Fb%20%3Fc%20.%20%3Fd%20%3Fe%20%3Ff%20%7D%20LIMIT%20100000"
    with serving("--quiet", "--workers", "2") as server:
        request = f"GET /sparql?{large} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        connections = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(6)]
        try:
            for connection in connections:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                connection.sendall(request)
            for connection in connections:
                assert connection.recv(15) == b"HTTP/1.1 200 OK"
            assert server.ask("ASK {}").json["boolean"] is True
            assert server.get("/health").json["busy"] == 0
        finally:
            for connection in connections:
                connection.close()


def test_when_a_client_goes_its_query_goes_too(server: Serving) -> None:
    query = "query=SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20%3Fe%20%3Ff.%3Fg%20%3Fh%20%3Fi%7D"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert _becomes(lambda: server.get("/health").json["busy"] == 1)
    assert _becomes(lambda: server.get("/health").json["busy"] == 0, within=5)


def _becomes(holds: object, within: float = 10) -> bool:
    assert callable(holds)
    until = time.monotonic() + within
    while not holds():
        if time.monotonic() > until:
            return False
        threading.Event().wait(0.05)
    return True


def test_a_line_of_the_log_stays_one_line(server: Serving) -> None:
    server.send("/a%0Ab%1B%5B31mred%20200%20OK")
    assert _becomes(lambda: any("/a\\nb\\x1b[31mred" in line for line in server.lines))


def test_answers_carry_headers_that_keep_a_browser_in_bounds(server: Serving) -> None:
    for path in ("/", f"/sparql?{ASK}", "/explore", "/metrics", "/none"):
        headers = server.send(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "server" not in headers
