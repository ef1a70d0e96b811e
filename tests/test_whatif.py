"""What if some claims or things were not there."""

from __future__ import annotations

import networkx as nx
import pytest

from kg.errors import InputError, UnknownTermError
from kg.whatif import what_if, what_if_text


@pytest.fixture
def two_roads() -> nx.MultiDiGraph[str]:
    """From f to z by a and by b."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for subject, object_ in (("f", "a"), ("a", "z"), ("f", "b"), ("b", "z")):
        graph.add_edge(subject, object_, key=subject + object_, sign=1)
    return graph


def test_a_node_taken_away_closes_the_paths_through_it(two_roads: nx.MultiDiGraph[str]) -> None:
    found = what_if(two_roads, "f", "z", remove_nodes=["a"])
    assert [path.nodes for path in found.closed] == [("f", "a", "z")]
    assert [path.nodes for path in found.after] == [("f", "b", "z")]
    assert found.complete
    assert what_if_text(found) == "2 paths before, 1 after\n  gone  f -> a -> z\n  left  f -> b -> z\n"
    assert "a" in two_roads


def test_a_claim_taken_away_closes_its_step(two_roads: nx.MultiDiGraph[str]) -> None:
    assert [path.nodes for path in what_if(two_roads, "f", "z", remove_claims=["bz"]).closed] == [("f", "b", "z")]


def test_a_list_that_was_cut_says_so(two_roads: nx.MultiDiGraph[str]) -> None:
    assert "the lists were cut" in what_if_text(what_if(two_roads, "f", "z", remove_nodes=["a"], limit=1))


def test_unusable_arguments_give_one_line(two_roads: nx.MultiDiGraph[str]) -> None:
    with pytest.raises(UnknownTermError):
        what_if(two_roads, "f", "z", remove_nodes=["q"])
    with pytest.raises(InputError, match="nothing is taken away"):
        what_if(two_roads, "f", "z")
    with pytest.raises(InputError, match="z is an end of the paths"):
        what_if(two_roads, "f", "z", remove_nodes=["z"])


def test_without_what_exercise_acts_on_a_sedentary_life_has_fewer_ways(network: nx.MultiDiGraph[str]) -> None:
    found = what_if(
        network, "pain:sedentary-lifestyle", "pain:lower-back-pain", remove_nodes=["pain:physical-inactivity"]
    )
    assert (len(found.before), len(found.after)) == (8, 2)
