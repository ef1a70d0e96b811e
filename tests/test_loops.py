"""Feedback loops: each once, with its sign, bounded."""

from __future__ import annotations

import json

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.loops import feedback_loops, loops_json, loops_text


def signed(*edges: tuple[str, str, int]) -> nx.MultiDiGraph[str]:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for subject, object_, sign in edges:
        graph.add_edge(subject, object_, sign=sign)
    return graph


def test_a_loop_is_found_once_and_begins_with_its_first_node() -> None:
    found = feedback_loops(signed(("pain", "rest", 1), ("rest", "weakness", 1), ("weakness", "pain", 1)))
    assert [(loop.nodes, loop.kind) for loop in found] == [(("pain", "rest", "weakness"), "reinforcing")]
    assert found.complete


def test_an_odd_number_of_minuses_balances() -> None:
    (loop,) = feedback_loops(signed(("pain", "lifting", -1), ("lifting", "pain", 1)))
    assert (loop.sign, loop.kind) == (-1, "balancing")


def test_claims_of_both_signs_give_a_loop_for_each() -> None:
    found = feedback_loops(signed(("a", "b", 1), ("a", "b", -1), ("b", "a", 1)))
    assert [loop.signs for loop in found] == [(1, 1), (-1, 1)]


def test_parallel_claims_of_one_sign_and_unsigned_edges_add_none() -> None:
    assert len(feedback_loops(signed(("a", "b", 1), ("a", "b", 1), ("b", "a", 1), ("b", "c", 1), ("c", "b", 0)))) == 1


def test_a_list_that_is_cut_says_so_and_holds_the_shortest() -> None:
    graph = signed(("a", "b", 1), ("b", "a", 1), ("b", "c", 1), ("c", "a", 1))
    found = feedback_loops(graph, limit=1)
    assert ([loop.nodes for loop in found], found.complete) == ([("a", "b")], False)
    assert "; there are more" in loops_text(found, graph)
    assert len(feedback_loops(graph, max_length=2)) == 1


def test_our_graph_has_no_loop_and_says_so(network: nx.MultiDiGraph[str]) -> None:
    found = feedback_loops(network)
    assert loops_text(found, network).startswith("No feedback loop of up to 8 steps")


@pytest.mark.parametrize("bound", ["max_length", "limit"])
def test_a_bound_below_one_is_refused(bound: str) -> None:
    with pytest.raises(InputError, match=f"{bound} is 0; expected 1 or more"):
        feedback_loops(signed(("a", "b", 1)), **{bound: 0})


def test_an_edge_without_a_sign_is_refused() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edge("a", "b")
    with pytest.raises(InputError, match="edge a -> b has no sign"):
        feedback_loops(graph)


edges = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.sampled_from([1, -1])), max_size=10)


@given(edges)
def test_the_loops_are_the_cycles_of_every_choice_of_edges(edges: list[tuple[str, str, int]]) -> None:
    graph = signed(*edges)
    expected = set()

    def walk(nodes: tuple[str, ...], signs: tuple[int, ...]) -> None:
        for subject, object_, sign in set(edges):
            if subject == nodes[-1]:
                if object_ == nodes[0]:
                    expected.add((nodes, (*signs, sign)))
                elif object_ > nodes[0] and object_ not in nodes:
                    walk((*nodes, object_), (*signs, sign))

    for node in "abcd":
        walk((node,), ())
    found = feedback_loops(graph)
    assert {(loop.nodes, loop.signs) for loop in found} == expected
    assert len(found) == len(expected)
    assert [len(loop) for loop in found] == sorted(len(loop) for loop in found)
    document = json.loads(loops_json(found, graph))
    assert len(document["loops"]) == len(expected)
