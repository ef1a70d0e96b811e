"""The analysis of whole graphs: each engine gives the same, Spark with a master and two workers of its own."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import networkx as nx
import pytest

from kg.analysis import Analysis, MemoryAnalysis, open_analysis
from kg.errors import InputError, UnknownTermError
from tests.servers import spark_master

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("pyarrow", reason="pyarrow is not installed (painpath[spark])")


def random_graph(nodes: int, edges: int, seed: int) -> nx.MultiDiGraph[str]:
    """Return a graph with parallel and opposing edges, loops, nodes apart, and edges that make no step."""
    chance = random.Random(seed)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    names = [f"n{number:03}" for number in range(nodes)]
    graph.add_nodes_from(names)
    for number in range(edges):
        tail, head = chance.choice(names), chance.choice(names[: nodes * 2 // 3])
        graph.add_edge(tail, head, key=number, sign=chance.choice([1, 1, -1, 0]), asserted=chance.random() < 0.9)
    return graph


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory, network: nx.MultiDiGraph[str]) -> dict[str, Path]:
    """Return the tables of our graph and of a random one."""
    from kg.parquet import write_network

    made = {name: tmp_path_factory.mktemp(name) for name in ("ours", "random")}
    write_network(network, made["ours"])
    write_network(random_graph(60, 130, 3), made["random"])
    return made


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a master with two workers."""
    with spark_master(tmp_path_factory.mktemp("spark")) as url:
        yield url


@pytest.fixture(scope="module", params=["ours", "random"])
def both(request: pytest.FixtureRequest, folders: dict[str, Path], cluster: str) -> Iterator[tuple[Analysis, Analysis]]:
    """Return the analysis of one graph in memory and on the cluster."""
    folder = folders[request.param]
    on_spark = open_analysis(folder, engine="spark", master=cluster)
    yield open_analysis(folder), on_spark
    on_spark.close()


@pytest.fixture
def names(both: tuple[Analysis, Analysis]) -> list[str]:
    """Return three nodes that lead far, and one that leads nowhere."""
    memory = both[0]
    assert isinstance(memory, MemoryAnalysis)
    every = [name for part in memory.connected_parts() for name in part]
    far = sorted(every, key=lambda name: (-len(memory.reachable(name)), name))
    return [*far[:3], far[-1]]


def test_both_find_the_same_reachable_nodes_in_the_same_order(
    both: tuple[Analysis, Analysis], names: list[str]
) -> None:
    memory, spark = both
    target = list(memory.reachable(names[0]))[-1]
    assert list(spark.reachable(names[0]).items()) == list(memory.reachable(names[0]).items())
    assert list(spark.reaching(target).items()) == list(memory.reaching(target).items())
    assert spark.reachable(names[-1]) == memory.reachable(names[-1]) == {}


def test_both_find_the_same_signed_walks(both: tuple[Analysis, Analysis], names: list[str]) -> None:
    memory, spark = both
    assert list(spark.signed_reachable(names[0]).items()) == list(memory.signed_reachable(names[0]).items())


def test_both_find_the_same_best_paths(both: tuple[Analysis, Analysis], names: list[str]) -> None:
    memory, spark = both
    target = list(memory.reachable(names[0]))[-1]
    for options in ({}, {"k": 12, "sign": -1}, {"k": 100, "max_length": 4}):
        expected = memory.best_paths(names[0], target, **options)
        assert spark.best_paths(names[0], target, **options) == expected
    assert spark.shortest_path(names[0], target) == memory.shortest_path(names[0], target)
    assert spark.shortest_path(names[-1], target) is None


def test_both_find_the_same_parts(both: tuple[Analysis, Analysis]) -> None:
    memory, spark = both
    assert spark.connected_parts() == memory.connected_parts()


def test_both_reckon_the_same_ranks(both: tuple[Analysis, Analysis]) -> None:
    memory, spark = both
    assert list(spark.pagerank(steps=3).items()) == list(memory.pagerank(steps=3).items())


def test_a_name_that_is_no_node_is_an_error_on_both(both: tuple[Analysis, Analysis]) -> None:
    for engine in both:
        with pytest.raises(UnknownTermError, match="nobody"):
            engine.reachable("nobody")


def test_a_master_that_is_not_there_is_told_in_one_line(folders: dict[str, Path]) -> None:
    with pytest.raises(InputError, match=r"no engine 'sparkle'; take memory or spark"):
        open_analysis(folders["ours"], engine="sparkle")  # type: ignore[arg-type] # what a user may type
    with pytest.raises(InputError, match="has no table nodes"):
        open_analysis(folders["ours"] / "nodes", engine="spark")


def test_ranks_are_those_of_networkx(folders: dict[str, Path]) -> None:
    from kg.parquet import read_arrays

    names, tails, heads, _ = read_arrays(folders["random"])
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(names)))
    graph.add_edges_from(zip(tails.tolist(), heads.tolist(), strict=True))
    theirs = nx.pagerank(graph, tol=1e-12, max_iter=500)
    ours = open_analysis(folders["random"]).pagerank(steps=200)
    for number, name in enumerate(names):
        assert ours[name] == pytest.approx(theirs[number], abs=1e-9)


def test_parts_are_those_of_networkx(folders: dict[str, Path]) -> None:
    from kg.parquet import read_arrays

    names, tails, heads, _ = read_arrays(folders["random"])
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(names)
    graph.add_edges_from((names[tail], names[head]) for tail, head in zip(tails, heads, strict=True))
    parts = sorted(
        (tuple(sorted(part)) for part in nx.connected_components(graph)), key=lambda part: (-len(part), part[0])
    )
    assert open_analysis(folders["random"]).connected_parts() == parts
