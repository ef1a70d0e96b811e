"""Causal paths: which, in what order, with what sign."""

from __future__ import annotations

import json
from itertools import pairwise, product

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.errors import InputError, UnknownTermError
from kg.paths import CausalPaths, path_network
from kg.pathtext import paths_html, paths_json, paths_markdown, paths_text
from kg.whynot import why_no_path


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
    assert (len(found), found.complete, found.cut) == (1, False, "k")
    assert "; there are more" in paths_text(found)


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
        kg.causal_paths(two_roads_one_nerve, arguments.pop("source"), arguments.pop("target"), **arguments)  # type: ignore[arg-type] # the point of the test
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
    found = kg.causal_paths(network, "pain:sedentary-lifestyle", "pain:lower-back-pain", k=1)
    document = json.loads(paths_json(found))
    (claim,) = document["paths"][0]["steps"][0]["claims"]
    assert claim["standing"] == "Mixed"
    assert {item["effect_value"] for item in claim["evidence"]} >= {0.89, 1.24}
    assert {item["source"] for item in claim["evidence"]} == set(document["documents"])


def test_the_network_of_some_paths_holds_their_nodes_and_claims_only(network: nx.MultiDiGraph[str]) -> None:
    found = kg.causal_paths(network, "pain:pilates", "pain:lower-back-pain", k=2)
    part = path_network(network, found)
    assert set(part) == {node for path in found for node in path.nodes}
    assert part.number_of_edges() == sum(len(step.claims) for path in found for step in path.steps)
    assert part.graph["sources"] == network.graph["sources"]


def ranked(edges: list[tuple[str, str, int, str]]) -> nx.MultiDiGraph[str]:
    """Return a network with a standing on each edge."""
    graph = claim_graph([edge[:3] for edge in edges])
    for number, (subject, object_, _, standing) in enumerate(edges):
        graph.edges[subject, object_, f"claim:{number}"]["standing"] = standing
    return graph


def test_the_path_whose_weakest_step_is_strongest_comes_first_though_it_is_longer() -> None:
    graph = ranked([("a", "c", 1, "Disputed"), ("a", "b", 1, "Supported"), ("b", "c", 1, "Mixed")])
    by_standing = kg.causal_paths(graph, "a", "c")
    assert [(path.nodes, path.weakest) for path in by_standing] == [
        (("a", "b", "c"), "Mixed"),
        (("a", "c"), "Disputed"),
    ]
    by_length = kg.causal_paths(graph, "a", "c", rank="length")
    assert [path.nodes for path in by_length] == [("a", "c"), ("a", "b", "c")]


def test_a_step_stands_on_its_strongest_claim_and_shows_those_against_it() -> None:
    graph = ranked([("a", "b", 1, "Disputed"), ("a", "b", 1, "Supported"), ("a", "b", -1, "Mixed")])
    first = kg.causal_paths(graph, "a", "b", sign="increases").paths[0]
    assert first.weakest == "Supported"
    assert [claim.id for claim in first.steps[0].opposing] == ["claim:2"]


def test_only_the_sign_asked_for_is_found() -> None:
    graph = claim_graph([("a", "b", -1), ("b", "c", -1), ("a", "c", -1)])
    assert [path.nodes for path in kg.causal_paths(graph, "a", "c", sign="increases")] == [("a", "b", "c")]
    assert [path.nodes for path in kg.causal_paths(graph, "a", "c", sign="decreases")] == [("a", "c")]


def test_filters_keep_what_they_name() -> None:
    graph = ranked([
        ("a", "b", 1, "Supported"),
        ("b", "d", 1, "Mixed"),
        ("a", "c", 1, "Disputed"),
        ("c", "d", 1, "Mixed"),
    ])
    graph.edges["a", "b", "claim:0"]["certainty"] = "Possible"
    graph.edges["a", "c", "claim:2"]["predicate"] = "kg:promotes"

    def ways(**options: object) -> list[str]:
        found = kg.causal_paths(graph, "a", "d", **options)  # type: ignore[arg-type] # the options of each case
        return ["".join(path.nodes) for path in found]

    assert ways() == ["abd", "acd"]
    assert ways(min_standing="Unreviewed") == ["abd"]
    assert ways(min_certainty="Likely") == ["acd"]
    assert ways(predicates=["kg:causes"]) == ["abd"]
    assert ways(through=["c"]) == ["acd"]
    assert ways(through=[["b", "c"], "c"]) == ["acd"]
    assert ways(avoiding=["c"]) == ["abd"]
    assert ways(max_length=1) == []


def test_several_sources_and_a_class_will_do(network: nx.MultiDiGraph[str]) -> None:
    found = kg.causal_paths(
        network, "kg:RiskFactor", ["pain:osteoarthritis", "pain:hip-osteoarthritis"], k=None, max_length=2
    )
    assert {path.nodes[0] for path in found} >= {"pain:obesity", "pain:ageing"}
    assert {path.nodes[-1] for path in found} == {"pain:osteoarthritis", "pain:hip-osteoarthritis"}


def test_to_pass_a_thing_is_to_pass_one_of_its_kinds(network: nx.MultiDiGraph[str]) -> None:
    found = kg.causal_paths(network, "pain:obesity", "pain:hip-pain", through=["pain:inflammation"])
    assert found.paths
    assert all("pain:chronic-inflammation" in path.nodes for path in found)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sign": "up"}, "sign is 'up'; expected increases, decreases, any, none"),
        ({"rank": "best"}, "rank is 'best'; expected standing or length"),
        ({"min_standing": "good"}, "min_standing is 'good'; expected one of Disputed, Unreviewed, Mixed, Supported"),
        ({"min_certainty": "sure"}, "min_certainty is 'sure'; expected one of Possible, Likely, Stated"),
        ({"predicates": ["kg:cause"]}, "no claim has the relation 'kg:cause'; there are kg:causes"),
    ],
)
def test_an_option_that_is_none_lists_those_that_are(
    two_roads_one_nerve: nx.MultiDiGraph[str], options: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        kg.causal_paths(two_roads_one_nerve, "disc", "leg", **options)  # type: ignore[arg-type] # the point of the test
    assert str(caught.value) == message


def test_a_graph_without_signs_is_refused_with_its_first_edge() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edge("a", "b")
    with pytest.raises(InputError, match="edge a -> b has no sign; expected sign=1, -1 or 0"):
        kg.causal_paths(graph, "a", "b")


def test_a_graph_with_signs_and_nothing_else_will_do() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edge("a", "b", sign=1)
    graph.add_edge("b", "c", sign=-1)
    found = kg.causal_paths(graph, "a", "c")
    assert [(path.nodes, path.sign, path.weakest) for path in found] == [(("a", "b", "c"), -1, "Unreviewed")]
    assert "a\n   --> b\n" in paths_text(found)


@settings(max_examples=1000)
@given(edges)
def test_the_search_finds_what_trying_all_paths_and_signs_finds(edges: list[tuple[str, str, int]]) -> None:
    levels = ("Disputed", "Unreviewed", "Mixed", "Supported")
    all_edges = [("a", "b", 1), *edges]
    graph = ranked([(*edge, levels[number % 4]) for number, edge in enumerate(all_edges)])
    best: dict[tuple[str, str, int], int] = {}
    for number, edge in enumerate(all_edges):
        best[edge] = max(best.get(edge, 0), number % 4)
    expected = []
    for nodes in {tuple(path) for path in nx.all_simple_paths(nx.DiGraph(graph), "a", "b")}:
        choices = [[sign for sign in (1, -1) if (*pair, sign) in best] for pair in pairwise(nodes)]
        for signs in product(*choices):
            weakest = min(
                best[subject, object_, sign] for (subject, object_), sign in zip(pairwise(nodes), signs, strict=True)
            )
            expected.append((-weakest, len(nodes) - 1, nodes, tuple(-sign for sign in signs)))
    found = kg.causal_paths(graph, "a", "b", k=None)
    assert [
        (-levels.index(path.weakest), len(path), path.nodes, tuple(-step.sign for step in path.steps)) for path in found
    ] == sorted(expected)


# Why not


def reason(graph: nx.MultiDiGraph[str], source: str, target: str, **options: object) -> tuple[str, str]:
    absence = why_no_path(kg.causal_paths(graph, source, target, **options))  # type: ignore[arg-type] # of each case
    assert absence is not None
    return absence.reason, absence.text


def test_why_not_tells_which_it_is() -> None:
    graph = claim_graph([("a", "b", 1), ("b", "c", 1), ("d", "e", -1), ("f", "g", 0)])
    assert reason(graph, "a", "f") == ("no-causal-edges", "No source asserts a causal claim about f.")
    assert reason(graph, "c", "a")[0] == "other-direction"
    assert reason(graph, "d", "e", sign="increases")[0] == "other-sign"
    assert reason(graph, "a", "c", max_length=1) == (
        "filter",
        "No path from a to c is like that; with a greater length there is one.",
    )
    assert reason(graph, "a", "c", max_length=1, avoiding=["b"])[0] == "filters"
    assert reason(graph, "a", "e") == (
        "no-link",
        "Nothing links a and e: a goes no further than c, and what leads to e is d.",
    )
    assert why_no_path(kg.causal_paths(graph, "a", "c")) is None


def test_the_path_instead_is_shown() -> None:
    graph = claim_graph([("a", "b", 1)])
    absence = why_no_path(kg.causal_paths(graph, "b", "a"))
    assert absence is not None
    assert [path.nodes for path in absence.instead] == [("a", "b")]
    assert "Instead: 1 step" in paths_text(kg.causal_paths(graph, "b", "a"))


def test_a_search_that_is_given_up_says_so(network: nx.MultiDiGraph[str]) -> None:
    found = kg.causal_paths(network, "kg:RiskFactor", "kg:Symptom", k=None, effort=50)
    assert found.cut == "effort"
    assert "the search was given up here" in paths_text(found) or "given up" in reason_text(found)


def reason_text(found: CausalPaths) -> str:
    absence = why_no_path(found)
    return absence.text if absence else ""


# For notebooks


def test_hostile_labels_are_text_in_markdown_and_html() -> None:
    graph = claim_graph([("a", "b", 1)])
    graph.nodes["a"]["label"] = "<script>alert(1)</script> **x** [y](javascript:z)"
    found = kg.causal_paths(graph, "a", "b")
    assert "<script>" not in paths_html(found)
    assert "\\<script\\>" in paths_markdown(found)
    assert "**x**" not in paths_markdown(found)


def test_a_table_has_one_row_a_path(network: nx.MultiDiGraph[str]) -> None:
    frame = kg.causal_paths(network, "pain:pilates", "pain:lower-back-pain", k=2).df()
    assert list(frame.columns) == ["way", "steps", "sign", "weakest"]
    assert frame["way"][0] == "pilates → lower back pain"


def structure() -> nx.MultiDiGraph[str]:
    """Two vertebrae of one spine: L4 and L5 are each a kind of vertebra, which is part of the spine; a nerve presses on L5.

    ::

        L4 ..> vertebra ..> spine      nerve --> L5
        L5 ..> vertebra
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number, (subject, relation, object_, sign) in enumerate([
        ("L4", "kind", "vertebra", 0),
        ("L5", "kind", "vertebra", 0),
        ("vertebra", "part", "spine", 0),
        ("nerve", "harms", "L5", 1),
    ]):
        graph.add_edge(subject, object_, key=f"c{number}", predicate=f"kg:{relation}", sign=sign)
    return graph


def test_paths_of_structure_take_edges_without_a_sign_and_no_others() -> None:
    found = kg.causal_paths(structure(), "L4", "spine", sign="none")
    assert [(path.nodes, path.sign, [step.sign for step in path.steps]) for path in found] == [
        (("L4", "vertebra", "spine"), 0, [0, 0])
    ]
    assert not kg.causal_paths(structure(), "nerve", "spine", sign="none").paths
    assert not kg.causal_paths(structure(), "L4", "spine").paths


def test_two_that_do_not_lead_to_each_other_are_told_where_they_meet() -> None:
    absence = why_no_path(kg.causal_paths(structure(), "L4", "L5", sign="none"))
    assert absence is not None
    assert (absence.reason, absence.nearest) == ("meeting", ("vertebra",))
    assert absence.text == "Nothing leads from L4 to L5, nor back; both lead to vertebra."
    assert [path.nodes for path in absence.instead] == [("L4", "vertebra"), ("L5", "vertebra")]


def test_structure_the_other_way_round_and_other_relations_are_told() -> None:
    back = why_no_path(kg.causal_paths(structure(), "spine", "L4", sign="none"))
    narrow = why_no_path(kg.causal_paths(structure(), "L4", "spine", sign="none", predicates=["kg:part"]))
    alone = why_no_path(kg.causal_paths(structure(), "nerve", "spine", sign="none"))
    assert back is not None
    assert narrow is not None
    assert alone is not None
    assert (back.reason, narrow.reason, alone.reason) == ("other-direction", "filter", "no-causal-edges")
    assert alone.text == "Nothing is said of nerve by a relation without a sign."


def test_a_graph_without_standings_is_written_without_them() -> None:
    text = paths_text(kg.causal_paths(structure(), "L4", "spine", sign="none"))
    assert text.splitlines()[0] == "From L4 to spine: 1 path, the shortest first"
    assert "..> vertebra" in text
    assert "unreviewed" not in text
