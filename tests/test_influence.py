"""What matters most on the way to a thing, and what a strategy cuts off there."""

from __future__ import annotations

import json

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError, UnknownTermError
from kg.influence import influence, influence_json, influence_text, reach_json, reach_text, strategy_reach


def signed(*edges: tuple[str, str, int]) -> nx.MultiDiGraph[str]:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for subject, object_, sign in edges:
        graph.add_edge(subject, object_, sign=sign)
    return graph


@pytest.fixture
def hourglass() -> nx.MultiDiGraph[str]:
    """Two origins a and b meet in m, which leads to z by c and by d; s makes m less."""
    return signed(
        ("a", "m", 1), ("b", "m", 1), ("m", "c", 1), ("m", "d", 1), ("c", "z", 1), ("d", "z", 1), ("s", "m", -1)
    )


def test_the_node_that_all_ways_pass_comes_first(hourglass: nx.MultiDiGraph[str]) -> None:
    found = influence(hourglass, "z", origins=["a", "b"])
    first = found.upstream[0]
    assert (first.node, first.ways, first.betweenness, first.independent_ways, first.distance) == ("m", 4, 2.0, 2, 2)
    assert (found.total, found.complete) == (4, True)
    assert {row.node: row.signs for row in found} == {"m": (1,), "a": (1,), "b": (1,), "c": (1,), "d": (1,), "s": (-1,)}


def test_a_count_that_is_cut_says_so(hourglass: nx.MultiDiGraph[str]) -> None:
    found = influence(hourglass, "z", origins=["a", "b"], limit=2)
    assert (found.total, found.complete) == (2, False)
    assert "2 and more ways" in influence_text(found, hourglass)


def test_where_nothing_leads_nothing_is_listed(hourglass: nx.MultiDiGraph[str]) -> None:
    assert influence_text(influence(hourglass, "a"), hourglass) == "Nothing leads to a.\n"


def test_a_strategy_cuts_the_ways_through_what_it_acts_on(hourglass: nx.MultiDiGraph[str]) -> None:
    hourglass.add_edge("a", "z", sign=1)
    found = strategy_reach(hourglass, "s", "z", origins=["a", "b"])
    assert found.acts_on == ("m",)
    assert found.left == (("a", "z"),)
    assert len(found.cut) == 4
    assert "it cuts 4" in reach_text(found, hourglass)


def test_to_ease_the_target_itself_cuts_no_way(hourglass: nx.MultiDiGraph[str]) -> None:
    hourglass.add_edge("t", "z", sign=-1)
    found = strategy_reach(hourglass, "t", "z", origins=["a"])
    assert (found.cut, len(found.left)) == ((), 2)
    assert "said to ease z itself" in reach_text(found, hourglass)


def test_bad_arguments_give_one_line(hourglass: nx.MultiDiGraph[str]) -> None:
    with pytest.raises(UnknownTermError):
        influence(hourglass, "elbow")
    with pytest.raises(InputError, match="strategy and target are both s"):
        strategy_reach(hourglass, "s", "s")
    with pytest.raises(InputError, match="limit is 0; expected 1 or more"):
        influence(hourglass, "z", limit=0)
    hourglass.add_edge("x", "y")
    with pytest.raises(InputError, match="edge x -> y has no sign"):
        influence(hourglass, "z")


def test_on_our_graph_origins_are_causes_and_risk_factors(network: nx.MultiDiGraph[str]) -> None:
    found = influence(network, "pain:lower-back-pain")
    assert {"pain:ageing", "pain:poor-posture"} <= set(found.origins)
    assert found.upstream[0].node == "pain:ageing"
    document = json.loads(influence_json(found, network))
    assert document["labels"]["pain:ageing"] == "ageing"
    reach = strategy_reach(network, "pain:exercise", "pain:lower-back-pain")
    assert "pain:muscle-weakness" in reach.acts_on
    assert json.loads(reach_json(reach, network))["strategy"] == "pain:exercise"


edges = st.lists(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")).filter(lambda e: e[0] != e[1]), max_size=12
)


@given(edges)
def test_ways_and_independent_ways_are_those_that_networkx_counts(edges: list[tuple[str, str]]) -> None:
    graph = signed(("a", "b", 1), *((subject, object_, 1) for subject, object_ in edges))
    simple: nx.DiGraph[str] = nx.DiGraph(graph)
    found = {row.node: row for row in influence(graph, "b", origins=["a"])}
    paths = [tuple(path) for path in nx.all_simple_paths(simple, "a", "b")]
    for node, row in found.items():
        assert row.ways == sum(node in path for path in paths)
        assert row.independent_ways == len(list(nx.node_disjoint_paths(simple, node, "b")))
        assert row.distance == nx.shortest_path_length(simple, node, "b")
    assert set(found) == nx.ancestors(simple, "b")
