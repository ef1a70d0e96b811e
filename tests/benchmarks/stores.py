"""Loading into a store on disk, and asking it: beside the ``oxigraph`` binary and bare pyoxigraph, in one run, as ratios.

Run with ``python -m tests.benchmarks.stores [TRIPLES] [FOLDER]``; ten million triples need some 5 GB of disk and a few minutes.
"""

from __future__ import annotations

import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.storegraph import StoreGraph

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 5
ROUNDS = 2
PREFIX = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
QUERIES = {
    "labels of a class": PREFIX + "SELECT ?s ?l { ?s a <http://example.org/Class3> ; rdfs:label ?l }",
    "two-hop join": "SELECT ?a ?c { ?a <http://example.org/p3> ?b . ?b <http://example.org/p4> ?c } LIMIT 100000",
    "grouping": "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c",
    "one entity": "SELECT ?p ?o { <http://example.org/entity/5> ?p ?o }",
}


def made(count: int, path: Path) -> Path:
    """Write so many triples: types, labels and links of random entities."""
    chance, nodes = random.Random(1), count // 10
    entity = "<http://example.org/entity/{}>".format
    with path.open("w", buffering=1 << 20) as file:
        for number in range(nodes):
            subject = entity(number)
            file.write(
                f"{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/Class{number % 50}> .\n"
                f'{subject} <http://www.w3.org/2000/01/rdf-schema#label> "entity number {number}"@en .\n'
            )
            for _ in range(8):
                link = f"<http://example.org/p{chance.randrange(20)}>"
                file.write(f"{subject} {link} {entity(chance.randrange(nodes))} .\n")
    return path


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def process(*words: str | Path) -> float:
    """Return how long a process takes."""
    quiet = subprocess.DEVNULL
    return seconds(lambda: subprocess.run(list(map(str, words)), check=True, stdout=quiet, stderr=quiet))


def main() -> None:
    """Print the tables."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as name:
        folder = Path(name)
        file = made(count, folder / "made.nt")
        oxigraph = Path(sys.executable).with_name("oxigraph")
        kg = (sys.executable, "-m", "kg.cli", "load", file, "--store")
        print(f"{count:,} triples, {file.stat().st_size / 1e6:,.0f} MB; processes as a whole, one after the other")
        process("cat", file)
        for number in range(ROUNDS):
            theirs, ours = folder / f"theirs{number}", folder / f"ours{number}"
            load = process(oxigraph, "load", "--location", theirs, "--file", file)
            mine = process(*kg, ours, "--no-compact")
            print(
                f"oxigraph load {load:6.1f} s   kg load --no-compact {mine:6.1f} s   speed {load / mine:4.2f} (goal: 0.90)"
            )
            shutil.rmtree(ours)
            load += process(oxigraph, "optimize", "--location", theirs)
            mine = process(*kg, ours)
            print(
                f"   and optimize {load:6.1f} s   kg load             {mine:6.1f} s   speed {load / mine:4.2f}",
                flush=True,
            )
            if number + 1 < ROUNDS:
                shutil.rmtree(theirs)
                shutil.rmtree(ours)
        bare, graph = ox.Store.read_only(str(theirs)), StoreGraph(ours)
        print("queries, rows as a table of Python terms; medians, in turn")
        for title, query in QUERIES.items():

            def ask_bare(query: str = query) -> object:
                answer = bare.query(query)
                return sorted((tuple(row) for row in answer), key=str)  # type: ignore[union-attr] # rows

            def ask_ours(query: str = query) -> object:
                return graph.run(query)

            ask_ours()
            # What takes no time at all is asked for a second.
            runs = max(RUNS, int(0.5 / seconds(ask_bare)))
            pairs = [(seconds(ask_ours), seconds(ask_bare)) for _ in range(runs)]
            ours_ms, bare_ms = (statistics.median(pair[side] for pair in pairs) * 1e3 for side in (0, 1))
            ratio = statistics.median(pair[0] / pair[1] for pair in pairs)
            print(f"{title:20} ours {ours_ms:8.1f} ms   pyoxigraph {bare_ms:8.1f} ms   ratio {ratio:4.2f} (goal: 1.10)")


if __name__ == "__main__":
    main()
