"""Every query of the corpus, asked in Python, on the command line's path and over HTTP: none leaves the graph it is asked on."""

from __future__ import annotations

import contextlib
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from kg.errors import KGError, RefusedError, SyntaxFault
from kg.gate import MAX_DEPTH, MAX_JOINTS, MAX_LENGTH, check_query
from kg.notebook import sparql
from kg.queries import run
from tests.security.canary import Canary, canary
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    import kg
    from tests.serving import Serving

SECRET = "the-secret-that-nobody-may-read"


class Hostile(NamedTuple):
    name: str
    expected: str
    text: str


CORPUS = [
    Hostile(**entry) for entry in tomllib.loads((Path(__file__).parent / "queries.toml").read_text("utf-8"))["query"]
]


class Traps(NamedTuple):
    canary: Canary
    secret: Path

    def set(self, text: str) -> str:
        """Put the traps into a query."""
        return text.replace("{canary}", self.canary.url).replace("{secret}", self.secret.as_uri())


@pytest.fixture(scope="module")
def traps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traps]:
    secret = tmp_path_factory.mktemp("secret") / "secret.ttl"
    secret.write_text(f'<https://example.org/s> <https://example.org/p> "{SECRET}" .\n', encoding="utf-8")
    with canary() as watched:
        yield Traps(watched, secret)
        assert watched.hits == 0


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    with serving("--quiet", "--timeout", "20") as started:
        yield started


def test_the_corpus_is_large_and_its_names_differ() -> None:
    assert sum(entry.expected == "refused" for entry in CORPUS) >= 60
    assert len({entry.name for entry in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("entry", CORPUS, ids=lambda entry: entry.name)
def test_a_hostile_query_is_refused_and_a_harmless_one_runs(
    entry: Hostile, traps: Traps, graph: kg.KnowledgeGraph, server: Serving
) -> None:
    text = traps.set(entry.text)
    statuses = {"refused": 400, "fault": 400, "passes": 200}

    if entry.expected == "refused":
        with pytest.raises(RefusedError):
            run(graph.store, text)
    elif entry.expected == "fault":
        with pytest.raises(SyntaxFault):
            run(graph.store, text)
    else:
        assert SECRET not in run(graph.store, text).serialize()

    for accept in ("application/sparql-results+json, text/turtle", "text/csv, application/n-triples"):
        reply = server.ask(text, accept)
        assert reply.status == statuses[entry.expected], reply.text
        assert SECRET.encode() not in reply.body
    assert traps.canary.hits == 0


def test_a_notebook_cell_passes_the_same_gate(traps: Traps, graph: kg.KnowledgeGraph) -> None:
    with pytest.raises(RefusedError, match="SERVICE is refused"):
        sparql(graph, "", traps.set("SELECT * { SERVICE <{canary}> { ?s ?p ?o } }"))


def test_graphs_named_in_the_request_are_not_fetched(traps: Traps, server: Serving) -> None:
    query = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    for address in (traps.canary.url, traps.secret.as_uri()):
        for reply in (
            server.get("/sparql", query=query, default_graph_uri=address),
            server.get("/sparql", query=query, named_graph_uri=address),
        ):
            assert (reply.status, reply.json["results"]["bindings"]) == (200, [])
    assert traps.canary.hits == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * " + "{" * (MAX_DEPTH + 1) + "}" * (MAX_DEPTH + 1), "brackets within brackets"),
        ("SELECT * { FILTER(" + "(" * 100_000 + "1" + ")" * 100_000 + ") }", "brackets within brackets"),
        ("SELECT * { FILTER(" + "!" * 100_000 + "true) }", "operators and keywords"),
        ("SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o }" * 100_000 + " }", "characters|operators and keywords"),
        ("SELECT * { FILTER(" + "||".join(["true"] * MAX_JOINTS) + ") }", "operators and keywords"),
        ("SELECT * { ?s ?p " + "[ ?q " * 100_000 + "1" + "]" * 100_000 + " }", "brackets within brackets"),
        ("SELECT * { ?s ?p " + "<<( ?s ?p " * 10_000 + "1" + ")>>" * 10_000 + " }", "brackets within brackets"),
        ("ASK { ?s ?p '" + "x" * MAX_LENGTH + "' }", "characters"),
        ("SELECT * {" + "{SELECT * {" * 1000 + "}}" * 1000 + "}", "brackets within brackets"),
    ],
)
def test_a_query_that_would_break_the_parser_is_refused(text: str, message: str, server: Serving) -> None:
    with pytest.raises(RefusedError, match=message):
        check_query(text)
    reply = server.ask(text)
    assert reply.status in {400, 413}
    assert server.ask("ASK {}").json["boolean"] is True


def test_a_query_with_many_values_is_not_too_long(graph: kg.KnowledgeGraph) -> None:
    text = "SELECT (COUNT(*) AS ?n) { VALUES ?x { " + " ".join(map(str, range(50_000))) + " } }"
    assert "50000" in run(graph.store, text).serialize()


def test_the_place_of_what_is_refused_is_told() -> None:
    with pytest.raises(RefusedError) as caught:
        check_query("SELECT * {\n  ?s ?p ?o .\n  SERVICE <https://example.org/> {}\n}", "mine.rq")
    assert str(caught.value).startswith("mine.rq, line 3, column 3: SERVICE is refused")


@pytest.mark.parametrize(
    "unit", ["a.", "'", '"', "'\\", "<", "< ", "\\u0053", "SERVICE:", "#\n", "_:", "@", "?", "{|", "''' "]
)
def test_the_time_to_judge_a_text_does_not_grow_with_its_square(unit: str) -> None:
    # No time is asserted; with a square this would take hours and not the blink that it takes.
    text = unit * (MAX_LENGTH // len(unit))
    with contextlib.suppress(KGError):
        check_query("SELECT * { ?s ?p ?o } " + text[: MAX_LENGTH - 100])
