"""The W3C's SPARQL 1.1 query tests, asked as Python does and over HTTP; what fails is a list that may not grow."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.errors import KGError
from kg.lexer import has_outer_word
from kg.queries import run
from kg.results import Answer, Solutions, Triples
from tests import w3c
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.w3c import Case, Outcome

EXPLAINED = tomllib.loads((Path(__file__).parent / "data/w3c-sparql11-failures.toml").read_text(encoding="utf-8"))
pytestmark = pytest.mark.skipif(not w3c.ARCHIVE.exists(), reason=f"the W3C's tests are not here: {w3c.ARCHIVE.name}")


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    return w3c.cases(w3c.unpacked(tmp_path_factory.mktemp("w3c")))


def failing(suite: list[Case], asked: Callable[[Case], Outcome]) -> set[str]:
    """Return the names of the tests that do not give what they should."""
    failed = set()
    for case in suite:
        try:
            if not w3c.agrees(case, asked(case)):
                failed.add(case.name)
        except (KGError, ValueError, SyntaxError):
            failed.add(case.name)
    return failed


def in_python(case: Case) -> Outcome:
    store = ox.Store()
    for path in case.data:
        store.load(path=path, base_iri=path.as_uri())
    for path in case.named:
        store.load(path=path, base_iri=path.as_uri(), to_graph=ox.NamedNode(path.as_uri()))
    match run(store, case.text, union=False):
        case Answer(value):
            return value
        case Triples(triples):
            return list(triples)
        case Solutions() as found:
            if case.result.suffix == ".csv":
                return found.serialize("csv")
            return [
                {name: term for name, term in zip(found.variables, row, strict=True) if term is not None}
                for row in found
            ]


def test_what_fails_in_python_is_known_and_explained(suite: list[Case]) -> None:
    failed = failing(suite, in_python)
    print(f"W3C SPARQL 1.1 query evaluation in Python: {len(suite) - len(failed)} of {len(suite)}")
    assert failed == set(EXPLAINED)


def test_what_fails_over_http_is_known_and_explained(suite: list[Case], tmp_path: Path) -> None:
    # One store for all tests: each file is a graph, and each request says which graphs it is about.
    store = ox.Store(str(tmp_path / "store"))
    for path in sorted({path for case in suite for path in (*case.data, *case.named)}):
        store.load(path=path, base_iri=path.as_uri(), to_graph=ox.NamedNode(path.as_uri()))
    store.flush()
    del store

    with serving("--quiet", "--store", str(tmp_path / "store")) as server:

        def over_http(case: Case) -> Outcome:
            accept = {
                ".csv": "text/csv",
                ".tsv": "text/tab-separated-values",
                ".srx": "application/sparql-results+xml",
            }.get(case.result.suffix, "application/sparql-results+json, application/n-triples;q=0.9")
            # A query that names its graphs itself is sent as it is, since a request that names some would win over it. Without
            # data an empty graph is asked, which is any that the store does not hold.
            chosen = not has_outer_word(case.text, "FROM")
            graphs = ([path.as_uri() for path in case.data] or ["urn:nothing"]) if chosen else []
            named = [path.as_uri() for path in case.named] if chosen else []
            reply = server.get(
                "/sparql",
                {"Accept": accept + ", application/n-triples;q=0.1"},
                query=case.text,
                default_graph_uri=graphs,
                named_graph_uri=named,
            )
            if reply.status != 200:
                raise ValueError(reply.text)
            media = reply.headers["content-type"].partition(";")[0]
            if media == "text/csv":
                return reply.text
            if media == "application/n-triples":
                return [quad.triple for quad in ox.parse(reply.body, format=ox.RdfFormat.N_TRIPLES)]
            parsed = ox.parse_query_results(reply.body, format=ox.QueryResultsFormat.from_media_type(media))
            if isinstance(parsed, ox.QueryBoolean):
                return bool(parsed)
            names = [variable.value for variable in parsed.variables]
            return [{name: row[name] for name in names if row[name] is not None} for row in parsed]

        failed = failing(suite, over_http)
    print(f"W3C SPARQL 1.1 query evaluation over HTTP: {len(suite) - len(failed)} of {len(suite)}")
    assert failed == set(EXPLAINED)


def test_each_known_failure_has_an_explanation() -> None:
    assert all(len(reason) > 20 for reason in EXPLAINED.values())
