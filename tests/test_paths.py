"""Causal paths: which, in what order, with what sign."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.errors import InputError, UnknownTermError
from kg.paths import path_network
from kg.pathtext import paths_json, paths_text


def claim_graph(edges: list[tuple[str, str, int]], *, asserted: bool = True) -> nx.MultiDiGraph[str]:
    """Return a network with the attributes that paths need."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="toy", sources={})
    for number, (subject, object_, sign) in enumerate(edges):
        for node in (subject, object_):
            graph.add_node(node, label=node)
        graph.add_edge(
            subject,
            object_,
            key=f"claim:{number}",
            predicate="kg:causes",
            sign=sign,
            certainty="Stated",
            standing="Unreviewed",
            label=f"{subject} {object_}",
            asserted=asserted,
            evidence=(),
        )
    return graph


@pytest.fixture
def two_roads_one_nerve() -> nx.MultiDiGraph[str]:
    """Disc -> nerve -> leg, and disc -> leg at once."""
    return claim_graph([("disc", "nerve", 1), ("nerve", "leg", 1), ("disc", "leg", 1)])


def test_paths_come_shortest_first_cause_first(two_roads_one_nerve: nx.MultiDiGraph[str]) -> None:
    found = kg.causal_paths(two_roads_one_nerve, "disc", "leg")
    assert [path.nodes for path in found] == [("disc", "leg"), ("disc", "nerve", "leg")]
    assert found.complete


def test_a_cut_list_says_so(two_roads_one_nerve: nx.MultiDiGraph[str]) -> None:
    found = kg.causal_paths(two_roads_one_nerve, "disc", "leg", k=1)
    assert (len(found), found.complete) == (1, False)
    assert "more exist" in paths_text(found, two_roads_one_nerve)


def test_a_length_that_is_too_short_gives_fewer_paths(two_roads_one_nerve: nx.MultiDiGraph[str]) -> None:
    assert len(kg.causal_paths(two_roads_one_nerve, "disc", "leg", max_length=1)) == 1


def test_the_sign_of_a_path_is_the_product_of_its_steps() -> None:
    graph = claim_graph([("a", "b", -1), ("b", "c", -1), ("a", "c", -1)])
    assert {path.nodes: path.sign for path in kg.causal_paths(graph, "a", "c")} == {("a", "c"): -1, ("a", "b", "c"): 1}


def test_parallel_claims_of_one_sign_make_one_step_and_opposing_ones_two_paths() -> None:
    graph = claim_graph([("a", "b", 1), ("a", "b", 1), ("a", "b", -1)])
    found = kg.causal_paths(graph, "a", "b")
    assert [(path.sign, [claim.id for claim in path.steps[0].claims]) for path in found] == [
        (1, ["claim:0", "claim:1"]),
        (-1, ["claim:2"]),
    ]


def test_unsigned_and_unasserted_claims_are_no_steps() -> None:
    assert not len(kg.causal_paths(claim_graph([("a", "b", 0)]), "a", "b"))
    assert not len(kg.causal_paths(claim_graph([("a", "b", 1)], asserted=False), "a", "b"))


def test_where_nothing_leads_the_list_is_empty_and_whole() -> None:
    found = kg.causal_paths(claim_graph([("b", "a", 1)]), "a", "b")
    assert (len(found), found.complete) == (0, True)
    assert paths_text(found, claim_graph([("b", "a", 1)])) == "No causal path leads from a to b.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"source": "disc", "target": "disc"}, "a path needs two ends, and both are disc"),
        ({"source": "disc", "target": "leg", "k": 0}, "k is 0; expected 1 or more"),
        ({"source": "disc", "target": "leg", "max_length": -1}, "max_length is -1; expected 1 or more"),
    ],
)
def test_unusable_arguments_are_refused_in_one_line(
    two_roads_one_nerve: nx.MultiDiGraph[str], arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        kg.causal_paths(two_roads_one_nerve, **arguments)  # type: ignore[arg-type] # the point of the test
    assert str(caught.value) == message


def test_a_strange_node_is_an_unknown_term(two_roads_one_nerve: nx.MultiDiGraph[str]) -> None:
    with pytest.raises(UnknownTermError):
        kg.causal_paths(two_roads_one_nerve, "disc", "elbow")


edges = st.lists(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"), st.sampled_from([1, -1])).filter(
        lambda edge: edge[0] != edge[1]
    ),
    max_size=14,
)


@given(edges)
def test_all_simple_paths_are_found_each_once(edges: list[tuple[str, str, int]]) -> None:
    graph = claim_graph([("a", "b", 1), ("b", "a", 1), *edges])
    found = kg.causal_paths(graph, "a", "b", k=10_000)
    expected = {tuple(path) for path in nx.all_simple_paths(nx.DiGraph(graph), "a", "b")}
    assert {path.nodes for path in found} == expected
    assert len({(path.nodes, tuple(step.sign for step in path.steps)) for path in found}) == len(found)
    assert [len(path) for path in found] == sorted(len(path) for path in found)
    for path in found:
        assert len(set(path.nodes)) == len(path.nodes)


@given(edges, st.randoms(use_true_random=False))
def test_the_order_in_which_claims_were_added_does_not_matter(
    edges: list[tuple[str, str, int]], random: object
) -> None:
    ordered = claim_graph([("a", "b", 1), *edges])
    shuffled: nx.MultiDiGraph[str] = nx.MultiDiGraph(**ordered.graph)
    triples = list(ordered.edges(keys=True, data=True))
    random.shuffle(triples)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    shuffled.add_nodes_from(ordered.nodes(data=True))
    for subject, object_, key, edge in triples:
        shuffled.add_edge(subject, object_, key=key, **edge)
    first, second = (kg.causal_paths(graph, "a", "b", k=3) for graph in (ordered, shuffled))
    assert first == second


def test_the_step_that_the_text_names_is_not_swallowed(network: nx.MultiDiGraph[str]) -> None:
    found = kg.causal_paths(network, "pain:physical-inactivity", "pain:lower-back-pain", k=100)
    chain = ("pain:physical-inactivity", "pain:muscle-weakness", "pain:muscle-imbalance", "pain:movement-compensation")
    assert (*chain, "pain:lower-back-pain") in {path.nodes for path in found}
    assert ("pain:physical-inactivity", "pain:lower-back-pain") not in {path.nodes for path in found}


def test_json_carries_the_whole_evidence(network: nx.MultiDiGraph[str]) -> None:
    import json

    found = kg.causal_paths(network, "pain:sedentary-lifestyle", "pain:lower-back-pain", k=1)
    document = json.loads(paths_json(found, network))
    (claim,) = document["paths"][0]["steps"][0]["claims"]
    assert claim["standing"] == "Mixed"
    assert {item["effect_value"] for item in claim["evidence"]} >= {0.89, 1.24}
    assert {item["source"] for item in claim["evidence"]} == set(document["sources"])


def test_the_network_of_some_paths_holds_their_nodes_and_claims_only(network: nx.MultiDiGraph[str]) -> None:
    found = kg.causal_paths(network, "pain:pilates", "pain:lower-back-pain", k=2)
    part = path_network(network, found)
    assert set(part) == {node for path in found for node in path.nodes}
    assert part.number_of_edges() == sum(len(step.claims) for path in found for step in path.steps)
    assert part.graph["sources"] == network.graph["sources"]
