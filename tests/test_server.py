"""``kg serve`` as its users meet it: with curl's requests, SPARQLWrapper, pandas and rdflib; runaways beside honest queries."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib

from kg.results import Triples
from tests.serving import CROSS_PRODUCT, MEMORY_EATER, Serving, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    import kg

SELECT = "SELECT ?x { ?x kg:hasSymptom pain:shooting-leg-pain } ORDER BY ?x"
CONSTRUCT = "CONSTRUCT WHERE { ?x kg:hasSymptom pain:shooting-leg-pain }"
LIMIT = 2.0


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    with serving("--timeout", str(LIMIT), "--memory", "200M", "--answer", "4M") as started:
        yield started


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.8", "application/sparql-results+xml"),
        ("*/*", "application/sparql-results+json"),
    ],
)
def test_rows_and_a_yes_come_in_the_format_that_is_asked_for(accept: str, media: str, server: Serving) -> None:
    rows, yes = server.ask(SELECT, accept), server.ask("ASK { ?s ?p ?o }", accept)
    assert (rows.status, yes.status) == (200, 200)
    assert rows.headers["content-type"] == yes.headers["content-type"] == media
    assert "https://w3id.org/painpath/sciatica" in rows.text
    assert "true" in yes.text


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_graphs_come_in_the_format_that_is_asked_for(
    accept: str, format: ox.RdfFormat, server: Serving, graph: kg.KnowledgeGraph
) -> None:
    found = graph.query(CONSTRUCT)
    assert isinstance(found, Triples)
    expected = {str(triple) for triple in found}
    for query in (
        CONSTRUCT,
        CONSTRUCT.replace("CONSTRUCT WHERE", "CONSTRUCT { ?x kg:hasSymptom pain:shooting-leg-pain } WHERE"),
    ):
        reply = server.ask(query, accept)
        assert reply.headers["content-type"].partition(";")[0] == accept
        assert {str(quad.triple) for quad in ox.parse(reply.body, format=format)} == expected


def test_all_ways_of_the_protocol_give_the_same(server: Serving) -> None:
    headers = {"Accept": "text/csv"}
    replies = [
        server.send("/sparql?" + urlencode({"query": SELECT}), headers=headers),
        server.send("/sparql?" + urlencode({"query": SELECT, "format": "csv"})),
        server.ask(SELECT, "text/csv"),
        server.send(
            "/sparql",
            method="POST",
            headers={**headers, "Content-Type": "application/sparql-query"},
            body=SELECT.encode(),
        ),
    ]
    assert {reply.status for reply in replies} == {200}
    assert len({reply.body for reply in replies}) == 1


def test_the_dataset_is_that_of_the_request_then_of_the_query_then_all(server: Serving) -> None:
    schema, claims = (f"https://w3id.org/painpath/graph/{name}" for name in ("schema", "claims"))
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"

    def number(query: str, **fields: str | list[str]) -> int:
        reply = server.get("/sparql", {"Accept": "text/csv"}, query=query, **fields)
        return int(reply.text.split()[1])

    of_schema = number(count, default_graph_uri=schema)
    of_claims = number(count.replace("{", f"FROM <{claims}> {{", 1))
    assert 0 < of_schema < of_claims < number(count)
    assert number(count, default_graph_uri=[schema, claims]) == of_schema + of_claims
    # The request wins over the query, and names all there is.
    assert number(count.replace("{", f"FROM <{claims}> {{", 1), default_graph_uri=schema) == of_schema
    assert number(named, named_graph_uri=claims) == of_claims
    assert (number(named, default_graph_uri=schema), number(count, named_graph_uri=schema)) == (0, 0)
    assert server.get("/sparql", query=count, default_graph_uri="no iri").status == 400


def test_a_broken_query_is_told_with_line_and_column(server: Serving) -> None:
    reply = server.ask("SELECT *\n{ ?s ?p }")
    assert reply.status == 400
    assert (reply.json["line"], reply.json["column"]) == (2, 3), reply.text
    assert "cannot be read from '?s ?p }' on" in reply.json["error"]


def test_a_format_that_there_is_not_gets_406(server: Serving) -> None:
    reply = server.ask(CONSTRUCT, "text/csv")
    assert reply.status == 406
    assert "text/turtle" in reply.json["error"]


def test_the_service_describes_itself(server: Serving) -> None:
    reply = server.send("/sparql", headers={"Accept": "text/turtle"})
    described = rdflib.Graph().parse(data=reply.body, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    endpoint = rdflib.URIRef(f"{server.url}/sparql")
    assert (endpoint, rdflib.RDF.type, sd.Service) in described
    assert (endpoint, sd.feature, sd.UnionDefaultGraph) in described
    page = server.send("/sparql", headers={"Accept": "text/html,*/*;q=0.1"})
    assert (page.status, page.headers["location"]) == (303, "/")


# SPARQLWrapper uses a class of rdflib that rdflib no longer likes.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_sparqlwrapper_reads_from_it(server: Serving) -> None:
    from SPARQLWrapper import CSV, JSON, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

    client = SPARQLWrapper(f"{server.url}/sparql")

    def read(query: str, format: str) -> Any:  # what comes depends on the format
        client.setQuery(query)
        client.setReturnFormat(format)
        return client.query().convert()

    for method in ("GET", "POST"):
        client.setMethod(method)
        values = [row["x"]["value"] for row in read(SELECT, JSON)["results"]["bindings"]]
        assert "https://w3id.org/painpath/sciatica" in values
        assert b"https://w3id.org/painpath/sciatica" in read(SELECT, CSV)
        assert b"https://w3id.org/painpath/sciatica" in read(SELECT, TSV)
        assert "https://w3id.org/painpath/sciatica" in read(SELECT, XML).toxml()
        assert len(read(CONSTRUCT, RDFXML)) > 0
        assert b"hasSymptom" in read(CONSTRUCT, TURTLE)


def test_pandas_and_rdflib_read_from_it(server: Serving) -> None:
    address = f"{server.url}/sparql?"
    table = pd.read_csv(address + urlencode({"query": SELECT, "format": "csv"}))
    assert "https://w3id.org/painpath/sciatica" in list(table["x"])
    same = pd.read_csv(io.StringIO(server.ask(SELECT, "text/tab-separated-values").text), sep="\t")
    assert len(same) == len(table)
    assert len(rdflib.Graph().parse(address + urlencode({"query": CONSTRUCT}), format="turtle")) > 0


def test_curl_reads_from_it(server: Serving) -> None:
    done = subprocess.run(
        ["curl", "-sS", "-G", f"{server.url}/sparql", "--data-urlencode", f"query={SELECT}", "-H", "Accept: text/csv"],
        capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    assert "https://w3id.org/painpath/sciatica" in done.stdout


def test_a_cross_product_is_killed_in_time_while_others_go_on(server: Serving) -> None:
    with ThreadPoolExecutor() as pool:
        before = time.monotonic()
        runaways = [pool.submit(server.ask, CROSS_PRODUCT) for _ in range(4)]
        time.sleep(0.3)
        beside = time.monotonic()
        assert server.ask("ASK { ?s ?p ?o }").json["boolean"] is True
        waited = time.monotonic() - beside
        replies = [runaway.result() for runaway in runaways]
        taken = time.monotonic() - before
    assert {reply.status for reply in replies} == {503}
    assert "took longer than the 2 s" in replies[0].json["error"]
    assert replies[0].headers["retry-after"] == "5"
    # What the server promises, and not how fast this machine is.
    assert (waited < 1, taken < LIMIT + 1) == (True, True)


def test_what_eats_memory_is_killed_and_the_server_lives(server: Serving) -> None:
    reply = server.ask(MEMORY_EATER)
    assert (reply.status, "needed more than the 200 MiB" in reply.json["error"]) == (413, True)
    assert server.ask("ASK { ?s ?p ?o }").json["boolean"] is True


def test_an_answer_too_large_is_refused_whole(server: Serving) -> None:
    reply = server.ask("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 100000")
    assert (reply.status, "larger than 4 MiB" in reply.json["error"]) == (413, True)


def test_a_value_that_xml_cannot_carry_is_not_half_an_answer(server: Serving) -> None:
    reply = server.ask('SELECT ("\\u0001" AS ?x) {}', "application/sparql-results+xml")
    assert (reply.status, "control character" in reply.json["error"]) == (406, True)


def test_paths_and_plans_are_those_of_the_command_line(server: Serving) -> None:
    reply = server.send("/paths?" + urlencode({"from": "obesity", "to": "lower back pain", "k": 3}))
    assert reply.text == command("paths", "obesity", "lower back pain", "-k", "3", "--format", "json")
    reply = server.send("/plan?" + urlencode({"factor": "obesity", "outcome": "lower back pain"}))
    assert reply.text == command("plan", "--factor", "obesity", "--outcome", "lower back pain", "--format", "json")


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/paths?from=obesity", 400, "the parameter to is missing"),
        ("/paths?from=obesity&to=nonsense", 404, "no term called 'nonsense'"),
        ("/paths?from=obesity&to=sciatica&k=0", 400, "k takes a number from 1 to 1000"),
        ("/paths?from=obesity&to=sciatica&sign=up", 400, "sign takes any, increases, decreases"),
        ("/paths?from=obesity&to=sciatica&x=1", 400, "there is no parameter 'x'"),
        ("/plan?factor=obesity", 400, "the parameter outcome is missing"),
        ("/plan?factor=obesity&outcome=sciatica&outcome=mobility", 400, "can be given once only"),
        ("/plan?factor=obesity&outcome=sciatica&limit=-1", 400, "limit takes a number from 1 to 100"),
    ],
)
def test_what_is_wrong_with_a_request_is_told(path: str, status: int, message: str, server: Serving) -> None:
    reply = server.send(path)
    assert (reply.status, message in reply.json["error"]) == (status, True), reply.text


def test_numbers_are_there_for_prometheus(server: Serving) -> None:
    server.ask("ASK {}")
    server.send("/made-up-by-a-client")
    lines = server.send("/metrics").text.splitlines()
    names = {line.partition(" ")[0].partition("{")[0] for line in lines if not line.startswith("#")}
    assert {"kg_quads", "kg_requests_total", "kg_request_seconds_bucket", "kg_workers", "kg_waiting"} <= names
    assert not [line for line in lines if "made-up" in line]
    assert all(float(line.rpartition(" ")[2]) >= 0 for line in lines if not line.startswith("#"))


def test_each_request_is_a_line_of_the_log_without_its_query(server: Serving) -> None:
    server.ask("ASK { ?a_private_word ?p ?o }")
    time.sleep(0.1)
    line = [line for line in server.lines if "POST /sparql 200" in line][-1]
    assert line.split()[1] == "127.0.0.1"
    assert "a_private_word" not in "".join(server.lines)


def test_a_stop_lets_what_has_begun_end() -> None:
    with serving("--timeout", "20") as server, ThreadPoolExecutor() as pool:
        slow = pool.submit(server.ask, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d a ?e }")
        while server.get("/health").json["busy"] == 0 and not slow.done():
            time.sleep(0.02)
        code = server.stop()
        assert (code, slow.result().status) == (0, 200)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port), timeout=5)


def children_of(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return list(map(int, listed.stdout.split()))


def test_processes_that_die_are_replaced() -> None:
    with serving("--quiet", "--timeout", "4") as server, ThreadPoolExecutor() as pool:
        (nursery,) = children_of(server.process.pid)
        slow = pool.submit(server.ask, CROSS_PRODUCT)
        while server.get("/health").json["busy"] == 0:
            time.sleep(0.02)
        for worker in children_of(nursery):
            os.kill(worker, signal.SIGKILL)
        assert (slow.result().status, "brought its worker down" in slow.result().json["error"]) == (503, True)
        assert server.ask("ASK {}").status == 200
        workers = children_of(nursery)
        os.kill(nursery, signal.SIGKILL)
        runaway = pool.submit(server.ask, CROSS_PRODUCT)
        assert runaway.result().status == 503
        for worker in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        time.sleep(0.5)  # the server has to notice
        for query in ("ASK { ?s ?p ?o }", SELECT, CONSTRUCT, "ASK {}"):
            assert server.ask(query, "*/*").status == 200
        assert [other for other in children_of(server.process.pid) if other != nursery]


def test_ctrl_c_ends_it_well_and_leaves_no_process() -> None:
    with serving() as server:
        server.ask("ASK {}")
        children = children_of(server.process.pid)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=30) == 0
    assert children
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_a_port_that_is_taken_is_told(server: Serving) -> None:
    done = run("serve", "--port", str(server.port))
    assert done.returncode == 2
    assert done.stderr.startswith(f"kg: cannot listen on 127.0.0.1 port {server.port}: ")


def test_it_goes_by_the_names_that_it_is_given() -> None:
    with serving("--allow-host", "graph.lab.example") as server:
        assert server.send("/health", headers={"Host": "graph.lab.example"}).status == 200
        assert server.send("/health", headers={"Host": "other.lab.example"}).status == 421


def test_the_openapi_description_holds(server: Serving) -> None:
    from jsonschema import Draft202012Validator

    described = server.send("/openapi.json").json
    assert described["openapi"] == "3.1.0"
    for path in ("/paths", "/plan"):
        get = described["paths"][path]["get"]
        example = {parameter["name"]: parameter["example"] for parameter in get["parameters"] if "example" in parameter}
        reply = server.send(f"{path}?{urlencode(example, doseq=True)}")
        schema = get["responses"][str(reply.status)]["content"]["application/json"]["schema"]
        Draft202012Validator(schema).validate(reply.json)
        assert reply.status == 200
        for parameter in get["parameters"]:
            kind = parameter["schema"]
            wrong = "no-such-value" if "enum" in kind else "0" if kind.get("type") == "integer" else None
            if wrong is None:
                continue
            reply = server.send(f"{path}?{urlencode({**example, parameter['name']: wrong}, doseq=True)}")
            assert reply.status == 400
            Draft202012Validator(get["responses"]["400"]["content"]["application/json"]["schema"]).validate(reply.json)


def command(*arguments: str) -> str:
    """Return what the command line prints."""
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    words = [sys.executable, "-m", "kg.cli", *arguments]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, env=environment)


def test_examples_of_the_start_page_all_run(server: Serving) -> None:
    page = server.send("/").text
    told = json.loads(page.partition('<script type="application/json" id="told">')[2].partition("</script>")[0])
    assert len(told["examples"]) >= 50
    for example in told["examples"]:
        reply = server.ask(example["query"], "application/sparql-results+json, text/turtle")
        assert reply.status == 200, example["name"]
