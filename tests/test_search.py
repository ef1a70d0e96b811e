"""Searches on indexed graphs: against brute force, against networkx, and at their limits."""

from __future__ import annotations

import math
from itertools import islice, pairwise, product
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import reach, search
from kg.cuts import disjoint_paths, minimum_node_cut
from kg.errors import InputError, LimitError, UnknownTermError
from kg.indexed import PathIndex, path_index, path_index_from_arrays
from kg.reach import all_simple_paths, ancestors, descendants, strong_components
from kg.search import best_paths, strongest_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

Edge = tuple[str, str, int, float, int]
Answer = tuple[tuple[str, ...], tuple[int, ...], float]

NODES = "abcdefg"


def signed(*edges: str) -> nx.MultiDiGraph[str]:
    """Return a graph from edges such as "a+b" and "b-c"."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for edge in edges:
        graph.add_edge(edge[0], edge[2], sign=1 if edge[1] == "+" else -1)
    return graph


def graph_of(edges: list[Edge]) -> nx.MultiDiGraph[str]:
    """Return a graph on all nodes from edges with sign, weight and level."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(NODES)
    for tail, head, sign, weight, level in edges:
        graph.add_edge(tail, head, sign=sign, weight=weight, level=level)
    return graph


@st.composite
def edge_lists(draw: st.DrawFn) -> list[Edge]:
    """Draw edges, self-loops and parallel ones among them; weights whole, or not, or zero."""
    nodes = st.sampled_from(NODES[: draw(st.integers(3, len(NODES)))])
    weights: list[float] = draw(st.sampled_from([[1.0, 2.0, 3.0], [0.0, 1.0], [0.1, 0.2, 0.3, 0.7]]))
    edge = st.tuples(nodes, nodes, st.sampled_from([1, 1, -1]), st.sampled_from(weights), st.integers(0, 2))
    return draw(st.lists(edge, min_size=4, max_size=22))


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the arguments of `best_paths` but for `k`."""
    some = st.frozensets(st.sampled_from(NODES), max_size=2)
    sources = draw(st.frozensets(st.sampled_from(NODES[:4]), min_size=1, max_size=2))
    targets = draw(st.frozensets(st.sampled_from(NODES[:4]), min_size=1, max_size=2))
    if sources == targets and len(sources) == 1:
        targets |= {"e"}
    rare = st.sampled_from([False, False, False, True])
    return {
        "sources": sources,
        "targets": targets,
        "sign": draw(st.sampled_from([None, 1, -1])),
        "weighted": draw(st.booleans()),
        "max_length": draw(st.sampled_from([None, None, 1, 2, 3, 4])),
        "forbidden": draw(some) if draw(rare) else frozenset(),
        "passing": draw(some) if draw(rare) else frozenset(),
        "min_level": draw(st.sampled_from([None, None, 0, 1])),
        "weakest": draw(st.sampled_from([None, None, 0, 1, 2])),
        "inner_ends": draw(st.booleans()),
    }


def brute_force(graph: nx.MultiDiGraph[str], asked: dict[str, Any]) -> list[Answer]:
    """Return what `best_paths` should: each path of networkx with each choice of signs, sieved and sorted."""
    steps: dict[tuple[str, str, int], tuple[float, int]] = {}
    for tail, head, edge in graph.edges(data=True):
        weight, level = steps.get((tail, head, edge["sign"]), (math.inf, -1))
        steps[tail, head, edge["sign"]] = min(weight, edge["weight"]), max(level, edge["level"])
    ends = asked["sources"] | asked["targets"]

    def found() -> Iterator[tuple[float, tuple[str, ...], tuple[int, ...]]]:
        for source, target in product(asked["sources"], asked["targets"]):
            if source == target:
                continue
            for nodes in map(tuple, nx.all_simple_paths(nx.DiGraph(graph), source, target)):
                if asked["max_length"] is not None and len(nodes) - 1 > asked["max_length"]:
                    continue
                if asked["forbidden"].intersection(nodes):
                    continue
                if asked["passing"] and not asked["passing"].intersection(nodes):
                    continue
                if not asked["inner_ends"] and ends.intersection(nodes[1:-1]):
                    continue
                choices = [[sign for sign in (1, -1) if (*step, sign) in steps] for step in pairwise(nodes)]
                for signs in product(*choices):
                    taken = [steps[(*step, sign)] for step, sign in zip(pairwise(nodes), signs, strict=True)]
                    levels = [level for _, level in taken]
                    if asked["sign"] not in (None, math.prod(signs)):
                        continue
                    if asked["min_level"] is not None and min(levels) < asked["min_level"]:
                        continue
                    if asked["weakest"] not in (None, min(levels)):
                        continue
                    weight = math.fsum(weight for weight, _ in taken) if asked["weighted"] else len(taken)
                    yield weight, nodes, tuple(-sign for sign in signs)

    return [(nodes, tuple(-sign for sign in turned), weight) for weight, nodes, turned in sorted(found())]


def index_of(graph: nx.MultiDiGraph[str]) -> PathIndex[str]:
    return path_index(graph, weight="weight", level="level")


@settings(max_examples=2000)
@given(edge_lists(), questions(), st.sampled_from([None, 1, 3]), st.sampled_from([0, 5_000]), st.sampled_from([0, 100]))
def test_the_best_paths_are_those_of_brute_force_in_its_order(
    edges: list[Edge], asked: dict[str, Any], k: int | None, small: int, idle: int
) -> None:
    graph = graph_of(edges)
    # Small graphs take neither the way of large ones nor that of long searches, unless told to.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_SMALL", small)
        patch.setattr(search, "_IDLE", idle)
        found = list(best_paths(index_of(graph), k=k, **asked))
    assert [tuple(path) for path in found] == brute_force(graph, asked)[:k]


@given(edge_lists(), st.sampled_from([None, 1, -1]))
def test_the_strongest_paths_come_by_their_weakest_step_then_length(edges: list[Edge], sign: int | None) -> None:
    index = index_of(graph_of(edges))
    expected = [path for level in (2, 1, 0) for path in best_paths(index, "a", "b", sign=sign, weakest=level)]
    assert list(strongest_paths(index, "a", "b", sign=sign)) == expected
    assert set(expected) == set(best_paths(index, "a", "b", sign=sign))
    assert (
        list(strongest_paths(index, "a", "b", sign=sign, k=2, min_level=1))
        == [path for level in (2, 1) for path in best_paths(index, "a", "b", sign=sign, weakest=level)][:2]
    )


@given(edge_lists(), st.randoms(use_true_random=False))
def test_the_order_in_which_a_graph_was_made_does_not_matter(edges: list[Edge], random: Any) -> None:
    shuffled = list(edges)
    random.shuffle(shuffled)
    one, other = index_of(graph_of(edges)), index_of(graph_of(shuffled))
    for weighted in (False, True):
        assert list(best_paths(one, "a", "bc", weighted=weighted)) == list(
            best_paths(other, "a", "bc", weighted=weighted)
        )
    assert disjoint_paths(one, "a", "b") == disjoint_paths(other, "a", "b")


@given(edge_lists())
def test_an_index_from_arrays_is_that_of_the_graph(edges: list[Edge]) -> None:
    number = {node: place for place, node in enumerate(NODES)}
    columns = [list(column) for column in zip(*edges, strict=True)]
    made = path_index_from_arrays(
        len(NODES),
        [number[tail] for tail in columns[0]],
        [number[head] for head in columns[1]],
        signs=columns[2],
        weights=columns[3],
        levels=columns[4],
    )
    index = index_of(graph_of(edges))
    assert made.whole == index.whole
    for mine, other in ((made.forward, index.forward), (made.backward, index.backward)):
        for name in ("starts", "ends", "negative", "weights", "levels"):
            assert getattr(mine, name).tolist() == getattr(other, name).tolist()


@settings(max_examples=300)
@given(edge_lists(), st.integers(1, 7), st.sampled_from([1, 3, 50_000]))
def test_reach_and_cuts_are_those_of_networkx(edges: list[Edge], max_length: int, block: int) -> None:
    graph = graph_of(edges)
    index, plain = index_of(graph), nx.DiGraph(graph)
    distances = dict(nx.single_source_shortest_path_length(plain, "a"))
    del distances["a"]
    assert list(descendants(index, "a").items()) == sorted(distances.items(), key=lambda item: (item[1], item[0]))
    turned = {node: steps for node, steps in nx.single_target_shortest_path_length(plain, "a").items() if node != "a"}
    assert list(ancestors(index, "a").items()) == sorted(turned.items(), key=lambda item: (item[1], item[0]))
    parts = [tuple(sorted(part)) for part in nx.strongly_connected_components(plain)]
    assert strong_components(index) == sorted(parts, key=lambda part: (-len(part), part))
    paths = set(map(tuple, nx.all_simple_paths(plain, "a", "b", cutoff=max_length)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reach, "_BLOCK", block)
        found = all_simple_paths(index, "a", "b", max_length=max_length)
    assert found == sorted(paths, key=lambda path: (len(path), path))


@settings(max_examples=500)
@given(edge_lists())
def test_as_many_paths_are_disjoint_as_a_minimum_cut_has_nodes(edges: list[Edge]) -> None:
    graph = graph_of(edges)
    index, plain = index_of(graph), nx.DiGraph(graph)
    # networkx returns no cut where a step leads back from target to source, which no cut needs to part.
    plain.remove_edges_from([("b", "a")])
    paths = disjoint_paths(index, "a", "b")
    inner = [node for path in paths for node in path[1:-1]]
    assert len(inner) == len(set(inner))
    assert len(paths) == len(set(paths))
    assert all(nx.is_simple_path(plain, list(path)) for path in paths)
    assert {(path[0], path[-1]) for path in paths} <= {("a", "b")}
    if plain.has_edge("a", "b"):
        with pytest.raises(InputError, match="no cut parts a from b: a step joins them"):
            minimum_node_cut(index, "a", "b")
        plain.remove_edge("a", "b")
        assert len(paths) == 1 + len(nx.minimum_node_cut(plain, "a", "b"))
    else:
        cut = minimum_node_cut(index, "a", "b")
        assert list(cut) == sorted(nx.minimum_node_cut(plain, "a", "b"))
        assert len(paths) == len(cut)


def test_edges_of_both_signs_give_a_path_each_increasing_first() -> None:
    found = list(best_paths(path_index(signed("a+b", "a-b", "b+c", "a+c")), "a", "c"))
    assert [(path.nodes, path.signs, path.weight) for path in found] == [
        (("a", "c"), (1,), 1),
        (("a", "b", "c"), (1, 1), 2),
        (("a", "b", "c"), (-1, 1), 2),
    ]


def test_a_walk_of_the_wanted_sign_that_passes_a_node_twice_is_no_path() -> None:
    # a -> b -> c has sign +; only by going round b -> d -> b would it be -.
    index = path_index(signed("a+b", "b+c", "b-d", "d+b"))
    assert [path.nodes for path in best_paths(index, "a", "c", sign=1)] == [("a", "b", "c")]
    assert not list(best_paths(index, "a", "c", sign=-1))


def test_a_graph_needs_no_names_that_compare() -> None:
    graph: nx.DiGraph[object] = nx.DiGraph()
    graph.add_edge("x", 1, sign=1)
    graph.add_edge(1, (2, 3), sign=-1)
    assert [path.nodes for path in best_paths(path_index(graph), ["x"], [(2, 3)])] == [("x", 1, (2, 3))]


def complete(count: int) -> PathIndex[int]:
    """Return the index of the graph with a step from each node to each other."""
    pairs = [(tail, head) for tail in range(count) for head in range(count) if tail != head]
    return path_index_from_arrays(count, [tail for tail, _ in pairs], [head for _, head in pairs])


def test_what_is_not_asked_for_is_not_searched_for() -> None:
    found = best_paths(complete(60), [0], [59], effort=200)
    assert [path.nodes for path in islice(found, 4)] == [(0, 59), (0, 1, 59), (0, 2, 59), (0, 3, 59)]


def test_a_search_without_end_stops_at_its_limit_and_says_so() -> None:
    found = best_paths(complete(20), [0], [19], effort=500)
    assert next(found).nodes == (0, 19)
    with pytest.raises(LimitError, match="the search for paths stopped at its limit: 500 paths taken up"):
        list(found)
    assert not list(found)


def test_a_thicket_without_a_way_out_does_not_stop_a_search() -> None:
    # Node 0 leads to 2 and 1; from 2 a complete graph of 30 nodes is entered, which leads on by 2 alone.
    thicket = [(tail, head) for tail in range(2, 32) for head in range(2, 32) if tail != head]
    edges = [(0, 2), (2, 1), *thicket]
    index = path_index_from_arrays(32, [tail for tail, _ in edges], [head for _, head in edges])
    assert [path.nodes for path in best_paths(index, [0], [1], effort=100_000)] == [(0, 2, 1)]


@pytest.mark.parametrize(
    ("edge", "message"),
    [
        ({}, "edge a -> b has sign None; expected sign=1 (increases) or sign=-1 (decreases)"),
        ({"sign": 0}, "edge a -> b has sign 0; expected sign=1 (increases) or sign=-1 (decreases)"),
        ({"sign": []}, "edge a -> b has sign []; expected sign=1 (increases) or sign=-1 (decreases)"),
        ({"sign": 1}, "edge a -> b has weight None; expected a finite number from 0"),
        ({"sign": 1, "weight": -1}, "edge a -> b has weight -1; expected a finite number from 0"),
        ({"sign": 1, "weight": 1}, "edge a -> b has level None; expected a whole number"),
    ],
)
def test_the_first_edge_that_cannot_be_used_is_named(edge: dict[str, object], message: str) -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edge("b", "c")
    graph.add_edge("a", "b", **edge)
    with pytest.raises(InputError) as caught:
        path_index(graph, weight="weight", level="level")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"targets": "a"}, "a path needs two ends, and both are a"),
        ({"k": 0}, "k is 0; expected 1 or more"),
        ({"max_length": -2}, "max_length is -2; expected 1 or more"),
        ({"effort": 0}, "effort is 0; expected 1 or more"),
        ({"sign": 2}, "sign is 2; expected 1, -1 or None for both"),
        ({"weighted": True}, "the index has no weights; name the attribute that holds them when it is made"),
        ({"weakest": 1}, "the index has no levels; name the attribute that holds them when it is made"),
    ],
)
def test_unusable_arguments_are_refused_before_any_search(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        best_paths(path_index(signed("a+b")), **{"sources": "a", "targets": "b", **arguments})
    assert str(caught.value) == message


def test_a_strange_node_is_an_unknown_term() -> None:
    index = path_index(signed("a+b"))
    for ask in (ancestors, descendants):
        with pytest.raises(UnknownTermError):
            ask(index, "z")
    with pytest.raises(UnknownTermError):
        best_paths(index, "a", "z")
    with pytest.raises(UnknownTermError):
        path_index_from_arrays(2, [0], [1]).number(2)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"heads": [1]}, "arrays of different lengths"),
        ({"heads": [1, 3]}, "an edge has an end that is no node; expected numbers from 0 to 2"),
        ({"signs": [1, 0]}, "an edge has a sign other than 1"),
        ({"weights": [1, math.nan]}, "an edge has a weight that is not a finite number from 0"),
    ],
)
def test_unusable_arrays_are_refused(columns: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        path_index_from_arrays(3, **{"tails": [0, 1], "heads": [1, 2], **columns})


def test_an_empty_graph_has_an_index_and_no_parts() -> None:
    index = path_index(signed())
    assert (len(index), index.step_count, strong_components(index)) == (0, 0, [])
    assert not len(path_index_from_arrays(0, [], []))


def test_searching_paths_by_rank_imports_no_compiled_library() -> None:
    import subprocess
    import sys

    script = (
        "import sys, networkx as nx; from kg.indexed import path_index; from kg.search import best_paths\n"
        "graph = nx.DiGraph(); graph.add_edge(0, 1, sign=1)\n"
        "assert len(list(best_paths(path_index(graph), [0], [1]))) == 1\n"
        "assert not {'numpy', 'scipy', 'igraph', 'rustworkx'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
