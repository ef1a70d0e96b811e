"""Other people's graphs: loading published ontologies, asking them, projecting them, beside rdflib and bare pyoxigraph.

Run with ``python -m tests.benchmarks.graphs``; it needs the reference files in ``../shared/reference/data`` and some minutes.
All but the networks is measured in seconds of processor time of this process, since a shared machine's clock tells what others
do; networks are made by several threads, so the clock tells their time. Of each query the engines must give the same number of
rows; ratios are theirs to ours, so that more is better.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox
import rdflib
from rdflib.extras.external_graph_libs import rdflib_to_networkx_multidigraph

from kg.lens import lens
from kg.lensgraph import LensGraph
from kg.namespaces import PREFIXES
from kg.reading import read_into
from kg.results import Solutions
from kg.triplenetwork import triple_network
from tests.reference import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import networkx as nx

RDF_FILES = ("ecto-base_2023-02-14.owl.gz", "maxo-base_2024-07-29.owl.gz", "exmo_2025-06-05.owl.gz", "sio_1.61.owl.gz")
OTHER_FILES = (
    "ncit-disease_2018-06-08.json.gz",
    "hp_2025-01-16.obo.gz",
    "uberon-mondo-import_2021-08-03.obo.gz",
    "uberon-musculoskeletal_2021-02-17.obo.gz",
    "maxo_2024-07-29.obo.gz",
    "bcio_2026-08-06.owl.gz",
    "ro_2025-12-17.owl.gz",
    "biolink-model_4.4.4.owl.ttl.gz",
    "eco_2024-07-19.obo.gz",
    "uberon-bridge-to-sctid_2026-04-01.owl.gz",
)
QUERIES = {
    "label lookup": 'SELECT ?s { ?s rdfs:label "lumbar vertebra" }',
    "two-hop join": "SELECT ?a ?c { ?a rdfs:subClassOf ?b . ?b rdfs:subClassOf ?c . ?c rdfs:label ?l }",
    "closure": "SELECT ?x { ?x rdfs:subClassOf+ <http://purl.obolibrary.org/obo/HP_0000118> }",
    "grouping": "SELECT ?p (COUNT(?s) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "regex": 'SELECT ?s { ?s rdfs:label ?l FILTER(REGEX(?l, "spin(e|al)", "i")) }',
    "optional": "SELECT ?s ?d { ?s a owl:Class ; rdfs:label ?l OPTIONAL { ?s obo:IAO_0000115 ?d } }",
}
RUNS = 3


def seconds(work: Callable[[], object]) -> tuple[float, object]:
    """Return the processor time of one call, and what it gave."""
    gc.collect()
    before = time.process_time()
    found = work()
    return time.process_time() - before, found


def elapsed(work: Callable[[], object]) -> tuple[float, object]:
    """Return the median time of some calls by the clock, and what the last one gave."""
    times = []
    for _ in range(RUNS):
        found = None  # two at once would need twice the memory
        gc.collect()
        before = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - before)
    return statistics.median(times), found


def line(what: str, ours: float, rdflib_: float | None, bare: float | None) -> None:
    """Print a row of the table."""
    cells = [f"{what:28} {ours:9.3f}"]
    for other in (rdflib_, bare):
        cells.append(f"{other:9.3f} {other / ours:7.2f}" if other is not None else f"{'':17}")
    print(" ".join(cells))


def loaded() -> tuple[ox.Store, rdflib.Graph]:
    """Load the files that all three can read, side by side; then the rest, and return it all in both engines."""
    from gzip import decompress

    store, bare, graph = ox.Store(), ox.Store(), rdflib.Graph()
    raw = {name: decompress((REFERENCE / name).read_bytes()) for name in RDF_FILES}
    ours, _ = seconds(lambda: [read_into(store, REFERENCE / name) for name in RDF_FILES])
    alone, _ = seconds(lambda: [_bulk(bare, raw[name]) for name in RDF_FILES])
    theirs, _ = seconds(lambda: [graph.parse(data=raw[name], format="xml", publicID="http://x/") for name in RDF_FILES])
    line(f"load {len(store)} triples (gz)", ours, theirs, alone)
    for name in OTHER_FILES:
        read_into(store, REFERENCE / name)
    content = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b""
    alone, _ = seconds(lambda: _bulk(ox.Store(), content, ox.RdfFormat.N_TRIPLES))
    graph = rdflib.Graph()
    theirs, _ = seconds(lambda: graph.parse(data=content, format="nt"))
    print(f"all: {len(store)} triples; as N-Triples pyoxigraph loads them in {alone:.1f} s, rdflib in {theirs:.1f} s")
    return store, graph


def _bulk(store: ox.Store, content: bytes, form: ox.RdfFormat = ox.RdfFormat.RDF_XML) -> int:
    store.bulk_load(content, form, base_iri="http://x/")
    return len(store)


def asked(answer: Callable[[], Iterable[object]]) -> tuple[float, int]:
    """Return the processor time of reading an answer to its end, and its number of rows."""
    took, found = seconds(lambda: len(list(answer())))
    return took, cast("int", found)


def rows(graph: LensGraph, query: str) -> Iterable[object]:
    """Return the rows that ours gives, sorted where the query has no order."""
    found = graph.run(query)
    assert isinstance(found, Solutions)
    return found.rows


def rows_of(store: ox.Store, query: str) -> Callable[[], Iterable[object]]:
    """Return a call that asks bare pyoxigraph."""
    return lambda: cast("ox.QuerySolutions", store.query(query, prefixes=PREFIXES))


def main() -> None:
    """Print the table."""
    if not REFERENCE.is_dir():
        sys.exit("needs the reference files in ../shared/reference/data")
    print(f"{'':28} {'ours':>9} {'rdflib':>9} {'ratio':>7} {'bare':>9} {'ratio':>7}   (seconds; ratio over ours)")
    store, graph = loaded()
    seen = LensGraph(store, lens("owl"))
    for name, query in QUERIES.items():
        ours, bare = [], []
        theirs, count = asked(partial(graph.query, query, initNs=PREFIXES))
        for _ in range(RUNS):
            took, found = asked(partial(rows, seen, query))
            ours.append(took)
            alone, bare_count = asked(rows_of(store, query))
            bare.append(alone)
            assert found == bare_count == count, (name, found, bare_count, count)
        line(f"{name} ({count} rows)", statistics.median(ours), theirs, statistics.median(bare))
    everything, network = elapsed(lambda: triple_network(store, literals=True))
    joined, _ = elapsed(lambda: triple_network(store))
    shown, _ = elapsed(lambda: LensGraph(store, lens("owl")).read_network())
    theirs_, other = elapsed(lambda: rdflib_to_networkx_multidigraph(graph))
    assert len(network) == len(other)  # type: ignore[arg-type] # both are graphs
    line("network, literals too", everything, theirs_, None)
    line("network of what is joined", joined, theirs_, None)
    line("network of the lens owl", shown, theirs_, None)
    took, _ = seconds(lambda: len(list(cast("nx.MultiDiGraph[str]", network).edges(keys=True))))
    print(f"all edges of the first, visited once: {took:.1f} s more")
    names, _ = seconds(lambda: seen.names)
    find, _ = seconds(lambda: seen.names.search("lumbar vertebra"))
    near, _ = seconds(lambda: seen.names.nearest("lumber vertebre"))
    print(f"names of {len(seen.names)} terms read in {names:.2f} s; a search {find:.3f} s; a misspelling {near:.3f} s")


if __name__ == "__main__":
    main()
