"""What a query's answer speaks of becomes the network that is drawn: claims with their evidence, and triples of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.answers import answer_network
from kg.errors import InputError
from kg.results import Triples

if TYPE_CHECKING:
    import networkx as nx

    import kg


def test_rows_that_name_claims_give_these_claims_whole(graph: kg.KnowledgeGraph, network: nx.MultiDiGraph[str]) -> None:
    rows = graph.query("strategies-for", target="tight hip flexors")
    part = answer_network(rows, network)
    claims = {key for *_, key in part.edges(keys=True)}
    assert {"claim:stretching-relieves-tight-hip-flexors"} <= claims
    assert all(part.edges[edge] == network.edges[edge] for edge in part.edges(keys=True))


def test_rows_that_name_entities_alone_give_the_claims_between_them(
    graph: kg.KnowledgeGraph, network: nx.MultiDiGraph[str]
) -> None:
    rows = graph.query("SELECT * { VALUES ?x { pain:herniated-disc pain:sciatica pain:yoga } }")
    part = answer_network(rows, network)
    assert set(part) == {"pain:herniated-disc", "pain:sciatica", "pain:yoga"}
    assert {(u, v) for u, v in part.edges()} == {("pain:herniated-disc", "pain:sciatica")}


def test_a_direct_triple_becomes_its_claim_with_evidence(
    graph: kg.KnowledgeGraph, network: nx.MultiDiGraph[str]
) -> None:
    triples = graph.query("CONSTRUCT WHERE { pain:herniated-disc kg:causes ?what }")
    assert isinstance(triples, Triples)
    part = answer_network(triples, network)
    assert part.number_of_edges() == len(triples)
    assert all(edge["evidence"] for *_, edge in part.edges(data=True))


def test_a_described_claim_becomes_its_edge_and_not_a_node(
    graph: kg.KnowledgeGraph, network: nx.MultiDiGraph[str]
) -> None:
    part = answer_network(graph.query("DESCRIBE claim:herniated-disc-causes-sciatica"), network)
    assert set(part) == {"pain:herniated-disc", "pain:sciatica"}
    assert [key for *_, key in part.edges(keys=True)] == ["claim:herniated-disc-causes-sciatica"]


def test_triples_that_are_no_claims_are_drawn_as_they_are(
    graph: kg.KnowledgeGraph, network: nx.MultiDiGraph[str]
) -> None:
    text = "CONSTRUCT { <https://x.org/a> <https://x.org/likes> pain:sciatica . <https://x.org/a> rdfs:label 'A' } {}"
    part = answer_network(graph.query(text), network)
    assert part.nodes["https://x.org/a"] == {"label": "A"}
    assert part.nodes["pain:sciatica"]["label"] == "sciatica"
    (edge,) = part.edges(data=True)
    assert edge == ("https://x.org/a", "pain:sciatica", {"predicate": "https://x.org/likes"})


@pytest.mark.parametrize(
    "text", ["ASK {}", "SELECT (1 AS ?x) {}", "SELECT * { VALUES ?x { <https://x.org/unknown> } }"]
)
def test_an_answer_without_terms_says_that_there_is_nothing_to_draw(
    graph: kg.KnowledgeGraph, network: nx.MultiDiGraph[str], text: str
) -> None:
    with pytest.raises(InputError, match=r"nothing to draw|cannot be drawn"):
        answer_network(graph.query(text), network)


def test_the_network_asked_is_not_changed(graph: kg.KnowledgeGraph, network: nx.MultiDiGraph[str]) -> None:
    before = network.number_of_edges()
    part = answer_network(graph.query("CONSTRUCT WHERE { pain:herniated-disc kg:causes ?what }"), network)
    part.clear()
    assert network.number_of_edges() == before
