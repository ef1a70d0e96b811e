"""Starting, loading, asking, drawing: beside rdflib and bare pyoxigraph, in one run, as ratios.

Run with ``python -m tests.benchmarks.start``. Medians; the two sides of a ratio are measured in turn, so that a slow moment of
the machine meets both.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.build import build_store
from kg.ontology import packaged

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 15


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def in_turn(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float, float]:
    """Return both medians in milliseconds and the median ratio of the pairs."""
    ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(RUNS)]
    return (
        statistics.median(pair[0] for pair in pairs) * 1e3,
        statistics.median(pair[1] for pair in pairs) * 1e3,
        statistics.median(pair[0] / pair[1] for pair in pairs),
    )


def process(*arguments: str) -> Callable[[], object]:
    """Return a call that runs Python as a whole process."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def parse_all() -> int:
    """Parse the ontology's files with pyoxigraph and count the triples."""
    return sum(1 for path, _ in packaged().turtle_files() for _ in ox.parse(path=str(path)))


def main() -> None:
    """Print the table."""
    script = "import sys; from kg.cli import main; sys.exit(main())"
    named = ("query", "strategies-for", "--set", "target=lower back pain")
    rows = [
        (
            "kg query (process)",
            "import rdflib (process)",
            process("-c", script, *named),
            process("-c", "import rdflib"),
            1.0,
        ),
        (
            "kg queries (process)",
            "python -c pass (process)",
            process("-c", script, "queries"),
            process("-c", "pass"),
            None,
        ),
        ("kg.load()", "pyoxigraph parses the files", lambda: build_store(packaged()), parse_all, 3.0),
        ("kg.load()", "rdflib parses the files", lambda: build_store(packaged()), rdflib_parse, None),
    ]
    print(f"{'ours':24} {'beside':30} {'ms':>8} {'ms':>8} {'ratio':>7}  goal")
    for ours_name, theirs_name, ours, theirs, goal in rows:
        mine, other, ratio = in_turn(ours, theirs)
        print(f"{ours_name:24} {theirs_name:30} {mine:8.1f} {other:8.1f} {ratio:7.2f}  {goal or ''}")
    from kg.drawing import draw
    from kg.graph import load

    page = draw(load().network(), title="Lower-back and hip pain")
    print(f"explorer page: {len(page.html.encode()) / 1e6:.2f} MB (goal: under 1.5)")


def rdflib_parse() -> None:
    """Parse the ontology's files with rdflib."""
    import rdflib

    graph = rdflib.Graph()
    for path, _ in packaged().turtle_files():
        graph.parse(path, format="turtle")


if __name__ == "__main__":
    main()
