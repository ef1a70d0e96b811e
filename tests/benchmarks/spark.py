"""The analysis of whole graphs at one and ten million edges: on Spark with two workers, and in memory.

Run with ``python -m tests.benchmarks.spark [EDGES ...]``. The workers run on this machine, so that the figures tell what Spark
costs and not what a cluster gains.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kg.analysis import MemoryAnalysis
from kg.parquet import write_arrays
from kg.spark import SparkAnalysis
from tests.servers import spark_master

if TYPE_CHECKING:
    from collections.abc import Callable

FROM, TO = "n000000001", "n000000777"
STEPS = 5
"""Of PageRank."""


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def measure(edges: int, folder: Path, master: str) -> None:
    """Print the rows of one size."""
    # Ten edges a node, heads skewed towards low numbers, as links are.
    chance, nodes = np.random.default_rng(1), edges // 10
    tails = chance.integers(0, nodes, edges)
    heads = (nodes * chance.random(edges) ** 2).astype(np.int64)
    signs = np.where(chance.random(edges) < 0.8, 1, -1)
    written = seconds(lambda: write_arrays(nodes, tails, heads, signs, folder))
    print(f"{edges:,} edges on {nodes:,} nodes; tables written in {written:.1f} s")
    started = time.perf_counter()
    spark = SparkAnalysis(folder, master=master)
    opened = time.perf_counter() - started
    started = time.perf_counter()
    memory = MemoryAnalysis(folder)
    memory.reachable(FROM)
    print(f"{'open':12} spark {opened:7.1f} s   memory {time.perf_counter() - started:7.1f} s")
    works: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "reach": (lambda: spark.distances(FROM).count(), lambda: memory.reachable(FROM)),
        "best path": (lambda: spark.shortest_path(FROM, TO), lambda: memory.shortest_path(FROM, TO)),
        "parts": (lambda: spark.parts().groupBy("part").count().count(), memory.connected_parts),
        f"{STEPS} x pagerank": (lambda: spark.ranks(steps=STEPS).count(), lambda: memory.pagerank(steps=STEPS)),
    }
    for title, (theirs, ours) in works.items():
        on_spark, in_memory = seconds(theirs), seconds(ours)
        a_million = on_spark / (edges / 1e6)
        print(
            f"{title:12} spark {on_spark:7.1f} s = {a_million:6.2f} s a million edges   memory {in_memory:7.1f} s",
            flush=True,
        )
    spark.close()


def main() -> None:
    """Print the table."""
    sizes = [int(word) for word in sys.argv[1:]] or [1_000_000, 10_000_000]
    with tempfile.TemporaryDirectory() as name, spark_master(Path(name)) as master:
        for edges in sizes:
            measure(edges, Path(name) / str(edges), master)


if __name__ == "__main__":
    main()
