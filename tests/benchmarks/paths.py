"""Paths, reach and cuts beside networkx, igraph and rustworkx, in one run, with the same answers, as ratios.

Run with ``python -m tests.benchmarks.paths`` (some minutes, 6 GB), or with ``--small`` for graphs a tenth of the size (b) and a
twentieth (c). Needs igraph and rustworkx. Each side searches what it was given beforehand; making that is timed too. What our
index keeps between searches is thrown away before each question on (b) and (c), and before each run over all questions on (a).
The two sides of a ratio are measured in turn; medians. A ratio is their time over ours: how many times faster we are.

An answer is the same where it has the same lengths or weights; which of several equal paths come first, each side decides for
itself, save ours, which is exact. What lists no simple paths by rank is not in the rows for that: rustworkx.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import igraph
import networkx as nx
import numpy as np
import rustworkx

from kg.cuts import minimum_node_cut
from kg.graph import load
from kg.indexed import PathIndex, path_index_from_arrays
from kg.network import causal
from kg.reach import all_simple_paths, ancestors, descendants, strong_components
from kg.search import best_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

K = 10
T = TypeVar("T")


@dataclass
class Graph:
    """One graph as each side wants it."""

    name: str
    index: PathIndex[int]
    networkx: nx.DiGraph[int]
    igraph: Any
    sweeps: list[list[tuple[int, int]]]
    """Questions, source and target; those of one sweep are asked in a row."""

    @classmethod
    def prepared(cls, name: str, count: int, tails: Ints, heads: Ints, *, seed: int) -> Graph:
        """Build all three and print how long each took."""
        random = np.random.default_rng(seed)
        signs = random.choice([1, -1], len(tails))
        weights = random.integers(1, 101, len(tails)).astype(float)
        index, ours = timed(lambda: path_index_from_arrays(count, tails, heads, signs=signs, weights=weights))

        def for_networkx() -> nx.DiGraph[int]:
            graph: nx.DiGraph[int] = nx.DiGraph()
            graph.add_nodes_from(range(count))
            columns = (tails.tolist(), heads.tolist(), signs.tolist(), weights.tolist())
            graph.add_edges_from((u, v, {"sign": s, "weight": w}) for u, v, s, w in zip(*columns, strict=True))
            return graph

        def for_igraph() -> Any:
            graph = igraph.Graph(n=count, edges=np.column_stack((tails, heads)), directed=True)
            graph.es["weight"], graph.es["sign"] = weights.tolist(), signs.tolist()
            return graph

        (in_networkx, theirs), (in_igraph, its) = timed(for_networkx), timed(for_igraph)
        print(
            f"\n{name}: {count:,} nodes, {len(tails):,} edges; made in {ours:.2f} s (ours), {theirs:.2f} s (networkx), "
            f"{its:.2f} s (igraph)"
        )
        return cls(name, index, in_networkx, in_igraph, [])

    def ask(self, number: int, *, seed: int) -> None:
        """Draw questions that have an answer, each a sweep of its own."""
        random = np.random.default_rng(seed)
        while len(self.sweeps) < number:
            source, target = map(int, random.integers(0, len(self.index), 2))
            if source != target and next(best_paths(self.index, [source], [target]), None) is not None:
                self.sweeps.append([(source, target)])


def random_edges(count: int, edges: int, seed: int, *, skewed: bool = False) -> tuple[Ints, Ints]:
    """Return distinct edges drawn at random; skewed: with degrees of exponent 3, as Barabasi and Albert's, both ways."""
    random = np.random.default_rng(seed)
    drawn = int(edges * 1.06) + 10
    tails = random.integers(0, count, drawn)
    heads = (count * random.random(drawn) ** 2).astype(np.int64) if skewed else random.integers(0, count, drawn)
    heads = random.permutation(count)[heads]
    turned = random.random(drawn) < 0.5
    tails, heads = np.where(turned, heads, tails), np.where(turned, tails, heads)
    codes = np.unique((tails * count + heads)[tails != heads])
    codes = np.sort(random.permutation(codes)[:edges])
    return codes // count, codes % count


def timed(work: Callable[..., T], *arguments: object) -> tuple[T, float]:
    """Return what a call returns and how long it takes."""
    before = time.perf_counter()
    answer = work(*arguments)
    return answer, time.perf_counter() - before


def row(label: str, side: str, pairs: list[tuple[float, float]], goal: float | None) -> None:
    """Print one line of the table from pairs of our and their seconds."""
    ours, theirs = (statistics.median(pair[side] for pair in pairs) * 1e3 for side in (0, 1))
    ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
    verdict = "" if goal is None else f"{goal:g} {'met' if ratio >= goal else 'MISSED'}"
    print(f"{label:44} {side:10} {ours:10.2f} {theirs:11.2f} {ratio:9.1f}  {verdict}", flush=True)


def asked(search: Callable[[int, int], T], sweep: list[tuple[int, int]]) -> list[T]:
    """Return the answer to each question."""
    return [search(source, target) for source, target in sweep]


def our_best(index: PathIndex[int], source: int, target: int, *, weighted: bool, sign: int | None) -> list[float]:
    """Return the weights of the best paths."""
    return [path.weight for path in best_paths(index, [source], [target], k=K, weighted=weighted, sign=sign)]


def networkx_best(graph: nx.DiGraph[int], source: int, target: int, *, weighted: bool, sign: int | None) -> list[float]:
    """Return the weights of the best paths, those of the other sign passed over."""

    def right(paths: Iterable[list[int]]) -> Iterator[float]:
        for path in paths:
            steps = [graph.edges[step] for step in pairwise(path)]
            if sign in (None, math.prod(step["sign"] for step in steps)):
                yield sum(step["weight"] for step in steps) if weighted else len(steps)

    return list(islice(right(nx.shortest_simple_paths(graph, source, target, "weight" if weighted else None)), K))


def igraph_best(graph: Any, source: int, target: int, *, weighted: bool, sign: int | None) -> list[float]:
    """Return the same; more and more paths are asked for until enough have the sign."""
    asked = K if sign is None else 2 * K
    while True:
        weights = "weight" if weighted else None
        paths = graph.get_k_shortest_paths(source, target, k=asked, weights=weights, output="epath")
        kept = [path for path in paths if sign in (None, math.prod(graph.es[path]["sign"]))][:K]
        if len(kept) == K or len(paths) < asked:
            return [sum(graph.es[path]["weight"]) if weighted else len(path) for path in kept]
        asked *= 2


def best(graph: Graph, *, goals: bool, with_igraph: bool, runs: int = 1) -> None:
    """Print the rows for the best simple paths."""
    sides: dict[str, tuple[Callable[..., list[float]], Any]] = {"networkx": (networkx_best, graph.networkx)}
    if with_igraph:
        sides["igraph"] = (igraph_best, graph.igraph)
    for weighted, sign in ((False, None), (True, None), (False, -1), (True, -1)):
        label = f"{K} best, {'weighted' if weighted else 'unweighted'}, {'of one sign' if sign else 'any sign'}"
        ours = partial(our_best, graph.index, weighted=weighted, sign=sign)
        for side, (search, theirs) in sides.items():
            other = partial(search, theirs, weighted=weighted, sign=sign)
            pairs = []
            for sweep in graph.sweeps * runs:
                graph.index.layouts.clear()
                mine, our_time = timed(asked, ours, sweep)
                answer, their_time = timed(asked, other, sweep)
                assert mine == answer, (label, side, sweep, mine, answer)
                pairs.append((our_time, their_time))
            row(label, side, pairs, 5 if goals and weighted and side == "networkx" else 1)


def cut_by_networkx(graph: nx.DiGraph[int], source: int, target: int) -> set[int]:
    """Return the cut as a plain call, which its stubs do not describe."""
    return set(nx.minimum_node_cut(graph, source, target))


def reach(graph: Graph) -> None:
    """Print the rows for ancestors, descendants, strongly connected parts and minimum node cuts."""
    in_rustworkx: Any = rustworkx.PyDiGraph()
    in_rustworkx.add_nodes_from(range(len(graph.index)))
    in_rustworkx.add_edges_from_no_data(list(graph.networkx.edges()))
    node = graph.sweeps[0][0][0]
    for label, ours, mode in (("ancestors", ancestors, "in"), ("descendants", descendants, "out")):
        for side, theirs in (
            ("networkx", partial(getattr(nx, label), graph.networkx, node)),
            ("igraph", partial(graph.igraph.subcomponent, node, mode=mode)),
            ("rustworkx", partial(getattr(rustworkx, label), in_rustworkx, node)),
        ):
            pairs = []
            for _ in range(5):
                mine, our_time = timed(ours, graph.index, node)
                other, their_time = timed(theirs)
                assert mine.keys() == set(other) - {node}, (label, side)
                pairs.append((our_time, their_time))
            row(f"{label} (ours: with distances)", side, pairs, 8 if side == "networkx" else None)
    parts = strong_components(graph.index)
    for found in (graph.igraph.connected_components(), rustworkx.strongly_connected_components(in_rustworkx)):
        assert {frozenset(part) for part in found} == set(map(frozenset, parts))
    assert {frozenset(part) for part in nx.strongly_connected_components(graph.networkx)} == set(map(frozenset, parts))
    for side, work in {
        "networkx": lambda: list(nx.strongly_connected_components(graph.networkx)),
        "igraph": lambda: list(graph.igraph.connected_components()),
        "rustworkx": lambda: rustworkx.strongly_connected_components(in_rustworkx),
    }.items():
        pairs = [(timed(strong_components, graph.index)[1], timed(work)[1]) for _ in range(5)]
        row("strongly connected parts", side, pairs, 8 if side == "networkx" else None)
    by_side: dict[str, list[tuple[float, float]]] = {"networkx": [], "igraph": []}
    for ((source, target),) in graph.sweeps[:3]:
        cut, our_time = timed(minimum_node_cut, graph.index, source, target)
        expected, their_time = timed(cut_by_networkx, graph.networkx, source, target)
        number, its_time = timed(graph.igraph.vertex_connectivity, source, target)
        assert set(cut) == expected, (cut, expected)
        assert len(cut) == number, (cut, number)
        by_side["networkx"].append((our_time, their_time))
        by_side["igraph"].append((our_time, its_time))
    row("minimum node cut", "networkx", by_side["networkx"], 20)
    row("minimum node cut (igraph: its size only)", "igraph", by_side["igraph"], None)


def everything(max_length: int = 10) -> None:
    """Print the rows for all simple paths on a graph of 200 nodes."""
    graph = Graph.prepared("(d) random", 200, *random_edges(200, 1000, seed=4), seed=4)
    in_rustworkx: Any = rustworkx.PyDiGraph()
    in_rustworkx.add_nodes_from(range(200))
    in_rustworkx.add_edges_from_no_data(list(graph.networkx.edges()))
    ours, _ = timed(lambda: all_simple_paths(graph.index, 0, 1, max_length=max_length))
    sides: dict[str, Callable[[], list[Any]]] = {
        "networkx": lambda: list(nx.all_simple_paths(graph.networkx, 0, 1, cutoff=max_length)),
        "igraph": lambda: graph.igraph.get_all_simple_paths(0, 1, maxlen=max_length),
        "rustworkx": lambda: rustworkx.all_simple_paths(in_rustworkx, 0, 1, cutoff=max_length + 1),
    }
    for side, work in sides.items():
        pairs = []
        for _ in range(3):
            our_time = timed(lambda: all_simple_paths(graph.index, 0, 1, max_length=max_length))[1]
            other, their_time = timed(work)
            assert sorted(map(tuple, other)) == sorted(ours), side
            pairs.append((our_time, their_time))
        row(
            f"all {len(ours):,} simple paths up to length {max_length}", side, pairs, 50 if side == "networkx" else None
        )


def our_graph() -> Graph:
    """Return the causal view of the packaged graph, with one edge for each pair, and a question from each ancestor of pain."""
    view = causal(load().network())
    nodes = sorted(view)
    number = {node: place for place, node in enumerate(nodes)}
    edges = np.array(sorted({(number[tail], number[head]) for tail, head in view.edges()}))
    graph = Graph.prepared("(a) ours", len(nodes), edges[:, 0], edges[:, 1], seed=2)
    target = number["pain:lower-back-pain"]
    graph.sweeps.append([(node, target) for node in sorted(ancestors(graph.index, target))])
    return graph


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="smaller graphs: 5,000 and 50,000 nodes")
    parser.add_argument("--without-c", action="store_true", help="leave the largest graph out")
    parser.add_argument(
        "--igraph-on-c", action="store_true", help="igraph on the largest graph too: minutes a question"
    )
    parser.add_argument("--questions", type=int, default=7, help="on (b); half as many on (c)")
    options = parser.parse_args()
    print("Ratio: their time / ours. Times are medians in ms; on (a) for the questions from all ancestors together.")
    print(f"{'question':44} {'beside':10} {'ours':>10} {'theirs':>11} {'ratio':>9}  goal")
    best(our_graph(), goals=False, with_igraph=True, runs=9)
    everything()
    size = 5_000 if options.small else 50_000
    middle = Graph.prepared("(b) random", size, *random_edges(size, 5 * size, seed=1), seed=1)
    middle.ask(options.questions, seed=1)
    best(middle, goals=not options.small, with_igraph=True)
    reach(middle)
    if not options.without_c:
        size = 50_000 if options.small else 1_000_000
        large = Graph.prepared("(c) skewed", size, *random_edges(size, 5 * size, seed=3, skewed=True), seed=3)
        large.ask(max(1, options.questions // 2), seed=3)
        best(large, goals=not options.small, with_igraph=options.igraph_on_c)


if __name__ == "__main__":
    main()
