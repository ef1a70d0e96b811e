"""Plans: exactly the least sets, proven, and honest about what they cannot close."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from itertools import chain, combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.errors import InputError, UnknownTermError
from kg.interventions import plan
from kg.plantext import ADVICE, plan_html, plan_json, plan_markdown, plan_text
from tests.benchmarks.plans import random_acts, random_graph

Edge = tuple[str, str, int]


def signed(*edges: Edge) -> nx.MultiDiGraph[str]:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from("fgabcz")
    for subject, object_, sign in edges:
        graph.add_edge(subject, object_, sign=sign)
    return graph


@pytest.fixture
def two_roads() -> nx.MultiDiGraph[str]:
    """Two factors f and g lead to z, by a and by b, and both by c."""
    return signed(
        ("f", "a", 1), ("a", "z", 1), ("g", "b", 1), ("b", "z", 1), ("f", "c", 1), ("g", "c", 1), ("c", "z", 1)
    )


def test_the_smallest_sets_are_found_all_of_them(two_roads: nx.MultiDiGraph[str]) -> None:
    found = plan(
        two_roads, ["f", "g"], "z", acts={"s": ["a", "c"], "t": ["b"], "u": ["c"], "v": ["b", "c"], "w": ["a"]}
    )
    assert [item.strategies for item in found] == [("s", "t"), ("s", "v"), ("v", "w")]
    assert (found.complete, found.closes_all, found.proof.optimal) == (True, True, True)
    assert found.proof.least == 2


def test_costs_change_what_is_least(two_roads: nx.MultiDiGraph[str]) -> None:
    acts = {"s": ["a", "c"], "t": ["b"], "all": ["a", "b", "c"]}
    assert [item.strategies for item in plan(two_roads, ["f", "g"], "z", acts=acts)] == [("all",)]
    found = plan(two_roads, ["f", "g"], "z", acts=acts, costs={"all": 5})
    assert [(item.strategies, item.cost) for item in found] == [(("s", "t"), Fraction(2))]


def test_a_way_that_nothing_closes_is_shown(two_roads: nx.MultiDiGraph[str]) -> None:
    found = plan(two_roads, ["f", "g"], "z", acts={"s": ["a"]})
    assert [item.strategies for item in found] == [("s",)]
    assert [way.nodes for way in found.open_ways] == [("f", "c", "z"), ("g", "b", "z"), ("g", "c", "z")]
    assert not found.closes_all
    assert "leaves the fewest ways open" in plan_text(found)


def test_to_ease_the_outcome_closes_no_way_unless_asked(two_roads: nx.MultiDiGraph[str]) -> None:
    acts = {"pill": ["z"]}
    found = plan(two_roads, ["f"], "z", acts=acts)
    assert [item.strategies for item in found] == [()]
    assert [act.strategy for act in found.easing] == ["pill"]
    assert [item.strategies for item in plan(two_roads, ["f"], "z", acts=acts, count_outcome=True)] == [("pill",)]


def test_strategies_can_be_left_out_or_chosen_among(two_roads: nx.MultiDiGraph[str]) -> None:
    acts = {"all": ["a", "b", "c"], "s": ["a", "c"], "t": ["b"]}
    assert [item.strategies for item in plan(two_roads, ["f", "g"], "z", acts=acts, avoid="all")] == [("s", "t")]
    assert [item.strategies for item in plan(two_roads, ["f"], "z", acts=acts, only="s")] == [("s",)]


def test_where_nothing_leads_there_is_nothing_to_block() -> None:
    found = plan(signed(("z", "f", 1)), "f", "z", acts={"s": ["f"]})
    assert not found.has_ways
    assert "nothing to block" in plan_text(found)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"factors": ["nobody"], "outcome": "z"}, UnknownTermError),
        ({"factors": ["z"], "outcome": "z"}, InputError),
        ({"factors": [], "outcome": "z"}, InputError),
        ({"factors": ["f"], "outcome": "z", "limit": 0}, InputError),
        ({"factors": ["f"], "outcome": "z", "costs": {"s": -1}}, InputError),
        ({"factors": ["f"], "outcome": "z", "costs": {"x": 1}}, InputError),
        ({"factors": ["f"], "outcome": "z", "avoid": "x"}, InputError),
        ({"factors": ["f"], "outcome": "z", "min_standing": "Good"}, InputError),
    ],
)
def test_unusable_arguments_are_refused(
    two_roads: nx.MultiDiGraph[str], options: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        plan(two_roads, options.pop("factors"), options.pop("outcome"), acts={"s": ["a"]}, **options)  # type: ignore[arg-type] # the point
    assert "\n" not in str(caught.value)


def test_a_graph_without_signs_is_refused() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edge("f", "z")
    with pytest.raises(InputError):
        plan(graph, "f", "z", acts={"s": ["f"]})


def test_on_our_graph_a_plan_names_its_claims_and_shows_red_flags(network: nx.MultiDiGraph[str]) -> None:
    found = kg.plan(network, ["pain:physical-inactivity", "pain:poor-posture"], "pain:hip-pain", avoid="pain:exercise")
    assert found.proof.optimal
    assert ("pain:ergonomics", "pain:physical-therapy") in {item.strategies for item in found}
    text = plan_text(found)
    assert "physical therapy corrects muscle imbalance [stated, unreviewed; article, strategies 4]" in text
    assert text.count("doi.org/10.2519/jospt.2020.9971") == 9
    assert ADVICE in text
    assert ADVICE in plan_markdown(found)
    assert ADVICE in plan_html(found)
    assert json.loads(plan_json(found))["outcome"] == "pain:hip-pain"


def test_a_plan_on_disputed_claims_says_so(network: nx.MultiDiGraph[str]) -> None:
    found = kg.plan(network, "pain:daily-activities", "pain:lower-back-pain", only="pain:workstation-setup")
    assert [item.standing for item in found] == ["Disputed"]
    assert "CAUTION: without disputed claims" in plan_text(found)
    firm = kg.plan(
        network,
        "pain:daily-activities",
        "pain:lower-back-pain",
        only="pain:workstation-setup",
        min_standing="Unreviewed",
    )
    assert [item.strategies for item in firm] == [()]


# Against trying everything

NODES = "fgabcz"
edges = st.lists(
    st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.sampled_from([1, 1, -1])).filter(
        lambda e: e[0] != e[1]
    ),
    max_size=14,
)
acting = st.dictionaries(
    st.sampled_from(["s", "t", "u", "v"]),
    st.sets(st.sampled_from("fgabc"), min_size=1, max_size=3),
    min_size=1,
    max_size=4,
)
prices = st.dictionaries(st.sampled_from(["s", "t", "u", "v"]), st.integers(0, 3), max_size=4)


def increasing_ways(edges: list[Edge]) -> set[tuple[str, ...]]:
    """Every simple path from f or g to z with a choice of edges whose signs multiply to +1."""
    found = set()

    def walk(nodes: tuple[str, ...], sign: int) -> None:
        if nodes[-1] == "z":
            if sign > 0:
                found.add(nodes)
            return
        for subject, object_, turn in set(edges):
            if subject == nodes[-1] and object_ not in nodes:
                walk((*nodes, object_), sign * turn)

    walk(("f",), 1)
    walk(("g",), 1)
    return found


@settings(max_examples=1000)
@given(edges, acting, st.none() | prices)
def test_the_sets_are_those_that_trying_every_set_finds(
    edges: list[Edge], acts: dict[str, set[str]], costs: dict[str, int] | None
) -> None:
    all_edges = [("f", "a", 1), *edges]
    costs = None if costs is None else {name: price for name, price in costs.items() if name in acts}
    ways = increasing_ways(all_edges)

    def left(chosen: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
        blocked = set().union(*(acts[name] for name in chosen))
        return frozenset(way for way in ways if not blocked & set(way))

    everything = left(tuple(acts))
    subsets = chain.from_iterable(combinations(sorted(acts), size) for size in range(len(acts) + 1))
    enough = [chosen for chosen in subsets if left(chosen) == everything]

    def price(chosen: tuple[str, ...]) -> tuple[int, int]:
        return (0 if costs is None else sum(costs.get(name, 1) for name in chosen), len(chosen))

    least = min(map(price, enough))
    found = plan(signed(*all_edges), ["f", "g"], "z", acts=acts, costs=costs, limit=100, open_limit=1000)
    assert [item.strategies for item in found] == sorted(chosen for chosen in enough if price(chosen) == least)
    assert found.proof.optimal
    assert found.complete
    assert {way.nodes for way in found.open_ways} == everything
    assert found.has_ways == bool(ways)


def test_on_a_large_graph_with_costs_the_least_is_reached_and_proven() -> None:
    # Here a solver that may stop within a tenth of the optimum stops at 930.
    graph, acts = random_graph(3), random_acts(3)
    choice = random.Random(3)
    costs = {strategy: choice.randint(1, 99) for strategy in sorted(acts)}
    found = plan(graph, [node for node in graph if node != "outcome"], "outcome", acts=acts, costs=costs)
    assert found.proof.optimal
    assert found.proof.least == 892
