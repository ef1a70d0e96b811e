"""The SPARQL client against servers that are busy, slow, cut short, or no endpoint at all; all on loopback."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple, cast
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from kg.endpoint import Endpoint, EndpointError, TruncatedError
from kg.errors import InputError
from kg.paging import all_rows, all_triples, whole_answer
from kg.remote import RemoteGraph
from kg.results import Answer
from tests.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JSON = "application/sparql-results+json"
EMPTY = json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": []}}).encode()


class Reply(NamedTuple):
    """What a server says to one request."""

    status: int = 200
    body: bytes = EMPTY
    headers: tuple[tuple[str, str], ...] = (("Content-Type", JSON),)
    cut: int = 0
    """So many bytes fewer are sent than announced."""
    drip: float = 0
    """Seconds between the bytes."""


class Fake(ThreadingHTTPServer):
    """A server that says what it is told, or answers from a store and cuts without a word."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: deque[Reply] = deque()
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.store: ox.Store | None = None
        self.most = 10**9
        self.sorts = True

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}/sparql"

    def answered(self, query: str) -> Reply:
        """Answer from the store, with no more rows than it gives."""
        assert self.store is not None
        if not self.sorts and "ORDER BY" in query:
            return Reply(400, b"this server sorts nothing", (("Content-Type", "text/plain"),))
        try:
            answer = self.store.query(query, use_default_graph_as_union=True)
        except SyntaxError as error:
            return Reply(400, str(error).encode(), (("Content-Type", "text/plain"),))
        if isinstance(answer, ox.QueryTriples):
            lines = sorted(f"{triple} ." for triple in answer)[: self.most]
            return Reply(200, "\n".join(lines).encode(), (("Content-Type", "application/n-triples"),))
        body = json.loads(answer.serialize(format=ox.QueryResultsFormat.JSON) or b"{}")
        if "results" in body:
            body["results"]["bindings"] = body["results"]["bindings"][: self.most]
        return Reply(200, json.dumps(body).encode())


class Handler(BaseHTTPRequestHandler):
    """Says what `Fake` is told."""

    server: Fake

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        query = parse_qs(body)["query"][0]
        self.server.seen.append((query, dict(self.headers)))
        reply = self.server.replies.popleft() if self.server.replies else self.server.answered(query)
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        sent = reply.body[: len(reply.body) - reply.cut]
        try:
            for place in range(0, len(sent), 1 if reply.drip else max(len(sent), 1)):
                self.wfile.write(sent[place : place + 1] if reply.drip else sent)
                time.sleep(reply.drip)
        except OSError:
            return  # the client has lost its patience
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def running(server: Fake) -> Iterator[Fake]:
    """Serve in a thread."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Fake]:
    """Start a server that says what it is told; nobody is logged in."""
    for name in ("TOKEN", "USER", "PASSWORD"):
        monkeypatch.delenv(f"KG_ENDPOINT_{name}", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "no-netrc"))
    with running(Fake()) as server:
        yield server


def quick(server: Fake, **options: float) -> Endpoint:
    """Return an endpoint that waits hardly at all."""
    return Endpoint(server.url, pause=0.01, **options)  # type: ignore[arg-type] # tries is whole where it is given


QUERY = "SELECT ?s { ?s ?p ?o }"


def people(count: int) -> ox.Store:
    """Return a store of so many names, some of which differ in their language only."""
    store = ox.Store()
    name = ox.NamedNode("http://example.org/name")
    for number in range(count):
        person = ox.NamedNode(f"http://example.org/{number}")
        store.add(ox.Quad(person, name, ox.Literal(f"nåme {number % 50}", language=("en", "de")[number % 2])))
    return store


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again(fake: Fake, status: int) -> None:
    fake.replies += [Reply(status), Reply(status, headers=(("Retry-After", "0"),)), Reply()]
    assert quick(fake).select(QUERY).rows == ()
    assert len(fake.seen) == 3


def test_a_server_that_says_how_long_to_wait_is_waited_for(fake: Fake) -> None:
    fake.replies += [Reply(429, headers=(("Retry-After", "1"),)), Reply()]
    before = time.monotonic()
    quick(fake).select(QUERY)
    assert time.monotonic() - before >= 1


def test_a_server_that_stays_busy_is_given_up(fake: Fake) -> None:
    fake.replies += [Reply(503)] * 3
    with pytest.raises(EndpointError, match=r"is busy \(HTTP 503\), 3 times in a row; try again later"):
        quick(fake, tries=3).select(QUERY)


def test_a_server_that_asks_for_an_hour_is_not_waited_for(fake: Fake) -> None:
    fake.replies += [Reply(429, headers=(("Retry-After", "3600"),))]
    with pytest.raises(EndpointError, match="asks to wait 3600 s"):
        quick(fake).select(QUERY)


def test_an_answer_that_breaks_off_is_asked_for_again(fake: Fake) -> None:
    fake.replies += [Reply(cut=10), Reply()]
    assert quick(fake).select(QUERY).rows == ()
    fake.replies += [Reply(cut=10)] * 2
    with pytest.raises(EndpointError, match="cut its answer off, 2 times in a row"):
        quick(fake, tries=2).select(QUERY)


def test_a_server_that_drips_meets_the_time_limit(fake: Fake) -> None:
    fake.replies += [Reply(drip=0.05)]
    with pytest.raises(
        EndpointError, match=r"no whole answer within 0\.3 s; narrow the query or raise --endpoint-timeout"
    ):
        quick(fake, timeout=0.3).select(QUERY)


def test_a_page_of_html_is_no_answer(fake: Fake) -> None:
    fake.replies += [Reply(body=b"<!DOCTYPE html><html></html>", headers=(("Content-Type", "text/html"),))] * 2
    for ask in (quick(fake).select, quick(fake).triples):
        with pytest.raises(EndpointError, match="answers with a page of HTML"):
            ask(QUERY)


def test_another_content_type_is_no_answer(fake: Fake) -> None:
    fake.replies += [Reply(body=b"PDF", headers=(("Content-Type", "application/pdf"),))]
    with pytest.raises(EndpointError, match="answers with application/pdf and not with SPARQL results"):
        quick(fake).select(QUERY)


def test_a_damaged_answer_is_told_in_one_line(fake: Fake) -> None:
    fake.replies += [Reply(body=EMPTY[:-9])]
    with pytest.raises(EndpointError, match="damaged or cut off") as error:
        quick(fake).select(QUERY)
    assert "\n" not in str(error.value)


def test_a_refused_query_is_the_askers_fault(fake: Fake) -> None:
    fake.replies += [Reply(400, b"line 1: no\nsuch thing", (("Content-Type", "text/plain"),))]
    with pytest.raises(InputError, match="refuses the query: line 1: no such thing"):
        quick(fake).select(QUERY)


def test_a_server_that_is_down_is_told_in_one_line() -> None:
    with pytest.raises(EndpointError, match=r"cannot reach http://127\.0\.0\.1:\d+/sparql: .*refused"):
        Endpoint(f"http://127.0.0.1:{free_port()}/sparql").select(QUERY)


def test_a_server_that_has_moved_is_not_followed_with_the_password(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_ENDPOINT_TOKEN", "secret")
    fake.replies += [Reply(302, headers=(("Location", "http://127.0.0.1:1/elsewhere"),))]
    with pytest.raises(EndpointError, match=r"has moved; give --endpoint http://127\.0\.0\.1:1/elsewhere"):
        quick(fake).select(QUERY)


@pytest.mark.parametrize(
    ("variables", "netrc", "header"),
    [
        ({}, None, None),
        ({"KG_ENDPOINT_TOKEN": "abc"}, None, "Bearer abc"),
        ({"KG_ENDPOINT_USER": "me", "KG_ENDPOINT_PASSWORD": "wörd"}, None, "Basic bWU6d8O2cmQ="),
        ({}, "machine 127.0.0.1 login you password pass", "Basic eW91OnBhc3M="),
    ],
)
def test_the_login_comes_from_the_environment_or_netrc(
    fake: Fake,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    variables: dict[str, str],
    netrc: str | None,
    header: str | None,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if netrc is not None:
        (tmp_path / "netrc").write_text(netrc)
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    fake.replies += [Reply()]
    quick(fake).select(QUERY)
    assert fake.seen[0][1].get("Authorization") == header


def test_no_password_goes_unencrypted_to_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_ENDPOINT_TOKEN", "secret")
    with pytest.raises(InputError, match=r"would go to example\.org unencrypted"):
        Endpoint("http://example.org/sparql")
    with pytest.raises(InputError, match="can be seen by others"):
        Endpoint("https://me:secret@example.org/sparql")


def test_a_login_that_is_wanted_is_asked_for(fake: Fake) -> None:
    fake.replies += [Reply(401)]
    with pytest.raises(EndpointError, match=r"wants a login \(HTTP 401\).*KG_ENDPOINT_TOKEN"):
        quick(fake).select(QUERY)


@pytest.mark.parametrize("url", ["ftp://example.org", "example.org/sparql", ""])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="is no endpoint"):
        Endpoint(url)


def test_virtuoso_says_yes_in_a_row(fake: Fake) -> None:
    row = {
        "__ASK_RETVAL": {"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#integer", "value": "1"}
    }
    body = json.dumps({"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": [row]}}).encode()
    fake.replies += [Reply(body=body)]
    assert quick(fake).ask("ASK { ?s ?p ?o }")


@pytest.mark.parametrize("most", [100, 137, 250, 999])
def test_rows_that_a_server_cuts_without_a_word_are_fetched_in_pages(fake: Fake, most: int) -> None:
    fake.store, fake.most = people(1000), most
    where = "?s ?p ?o"
    rows = all_rows(quick(fake), where, ("s", "p", "o"))
    assert len(rows) == len(set(rows)) == 1000
    answer = whole_answer(quick(fake), "SELECT ?s ?o { ?s ?p ?o }")
    assert len(set(answer.rows)) == 1000


def test_an_order_of_the_querys_own_outlives_paging(fake: Fake) -> None:
    fake.store, fake.most = people(400), 150
    query = "PREFIX ex: <http://example.org/> SELECT ?s ?o { ?s ex:name ?o } ORDER BY DESC(?o) ?s"
    expected = [tuple(row) for row in fake.store.query(query)]  # type: ignore[union-attr] # rows
    assert list(whole_answer(quick(fake), query).rows) == expected


def test_equal_rows_are_counted_off(fake: Fake) -> None:
    fake.store, fake.most = people(400), 150
    answer = whole_answer(quick(fake), "SELECT ?p { ?s ?p ?o }")
    assert len(answer.rows) == 400


@pytest.mark.parametrize("end", ["ORDER BY ?s LIMIT 350", "ORDER BY ?s", "LIMIT 350"])
def test_columns_stay_in_their_places_on_every_page(fake: Fake, end: str) -> None:
    fake.store, fake.most = people(400), 150
    answer = whole_answer(quick(fake), f"SELECT ?s ?p ?o {{ ?s ?p ?o }} {end}")
    assert len(set(answer.rows)) == (350 if "LIMIT" in end else 400)
    assert all(isinstance(row[0], ox.NamedNode) and isinstance(row[2], ox.Literal) for row in answer.rows)


def test_a_limit_of_the_querys_own_is_no_cut(fake: Fake) -> None:
    fake.store = people(400)
    assert len(whole_answer(quick(fake), "SELECT ?s { ?s ?p ?o } LIMIT 120").rows) == 120
    assert len(fake.seen) == 1


def test_rows_that_cannot_be_had_whole_are_an_error_and_never_fewer(fake: Fake) -> None:
    fake.store, fake.most, fake.sorts = people(400), 150, False
    with pytest.raises((TruncatedError, InputError), match=r"cuts answers short: 150 of 400 rows|sorts nothing"):
        whole_answer(quick(fake), "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s")


def test_a_length_that_was_given_whole_is_believed_afterwards(fake: Fake) -> None:
    fake.store = people(400)
    endpoint = quick(fake)
    all_rows(endpoint, "?s ?p ?o", ("s", "p", "o"))
    before = len(fake.seen)
    all_rows(endpoint, "?s ?p ?o", ("s",))
    all_rows(endpoint, "?s ?p ?o FILTER(STRENDS(STR(?s), '1'))", ("s",))
    assert len(fake.seen) == before + 3  # 400 is not below 400, and is proven again


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "PREFIX x: <http://example.org/> CONSTRUCT { ?o x:of ?s . ?s x:is 'a { name' } { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s <http://example.org/at> [ <http://example.org/is> ?o ] } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s LIMIT 350",
    ],
)
def test_triples_that_are_cut_are_made_of_all_rows(fake: Fake, query: str) -> None:
    fake.store, fake.most = people(400), 150
    whole = set(cast("ox.QueryTriples", fake.store.query(query, use_default_graph_as_union=True)))
    found = set(all_triples(quick(fake), query))
    assert len(found) == len(whole) > fake.most
    if "[" not in query:
        assert found == whole


def test_blank_nodes_of_rows_stay_the_same_ones(fake: Fake) -> None:
    fake.store, fake.most = people(200), 150
    knows = ox.NamedNode("http://example.org/knows")
    fake.store.extend(ox.Quad(ox.BlankNode(f"b{n}"), knows, ox.BlankNode(f"b{n}")) for n in range(200))
    found = all_triples(quick(fake), "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . ?s <http://example.org/knows> ?s }")
    assert len(found) == 200
    assert all(triple.subject == triple.object for triple in found)


def test_triples_whose_rows_cannot_be_had_are_an_error(fake: Fake) -> None:
    fake.store, fake.most, fake.sorts = people(400), 150, False
    with pytest.raises((TruncatedError, InputError), match=r"cuts answers short|sorts nothing"):
        all_triples(quick(fake), "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def test_an_empty_default_graph_gives_way_to_the_union_of_the_others(fake: Fake) -> None:
    fake.store = people(3)
    graphs = {
        "head": {"vars": ["g"]},
        "results": {"bindings": [{"g": {"type": "uri", "value": "http://example.org/g"}}]},
    }
    fake.replies += [Reply(body=b'{"head": {}, "boolean": false}'), Reply(body=json.dumps(graphs).encode())]
    told: list[str] = []
    graph = RemoteGraph(quick(fake), tell=told.append)
    assert graph.endpoint.graphs == ("http://example.org/g",)
    assert re.search("all 1 named graphs are asked as one", told[0])


def test_named_graphs_that_are_not_asked_are_told_of(fake: Fake) -> None:
    yes, no = b'{"head": {}, "boolean": true}', b'{"head": {}, "boolean": false}'
    iri = {"type": "uri", "value": "http://example.org/x"}
    rows = {"head": {"vars": ["s", "p", "o"]}, "results": {"bindings": [{"s": iri, "p": iri, "o": iri}]}}
    fake.replies += [Reply(body=yes), Reply(body=json.dumps(rows).encode()), Reply(body=no)]
    told: list[str] = []
    RemoteGraph(quick(fake), tell=told.append)
    assert "and not its named graphs" in told[0]


def test_a_prefix_is_not_taken_for_the_form_of_a_query(fake: Fake) -> None:
    fake.store = people(3)
    graph = RemoteGraph(quick(fake))
    assert graph.run("PREFIX select: <http://example.org/> ASK { ?s select:name ?o }") == Answer(True)
    name = {"o": ox.Literal("nåme 1", language="de")}
    rows = graph.run("PREFIX ask: <http://example.org/> SELECT ?s ?o { ?s ask:name ?o }", name)
    assert len(rows) == 1


def test_an_endpoint_without_triples_is_told_so(fake: Fake) -> None:
    fake.store = ox.Store()
    with pytest.raises(InputError, match="holds no triples"):
        RemoteGraph(quick(fake))
