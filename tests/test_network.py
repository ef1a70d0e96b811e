"""The network: what a node and an edge carry, the views, and the way to RDF and back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import networkx as nx
import pyoxigraph as ox
import pytest
from hypothesis import given, settings

from kg.build import parse_into
from kg.network import CLASSES, anatomy, causal, network_from_store, network_quads, strategies
from kg.ontology import GRAPHS, packaged
from tests.strategies import networks

if TYPE_CHECKING:
    import kg


def test_every_entity_of_the_store_is_a_node_and_every_claim_an_edge(
    graph: kg.KnowledgeGraph, network: nx.MultiDiGraph[str]
) -> None:
    assert len(network) == len(graph.names)
    claims = graph.query("SELECT ?c { ?c a kg:Claim }")
    assert network.number_of_edges() == len(claims)


def test_a_node_carries_what_the_vocabulary_says(network: nx.MultiDiGraph[str]) -> None:
    node = network.nodes["pain:herniated-disc"]
    assert node["label"] == "herniated disc"
    assert node["classes"] == ("Condition",)
    assert "slipped disc" in node["synonyms"]
    assert node["broader"] == ("pain:spinal-condition",)
    assert ("skos:exactMatch", "HP:0008441") in node["identifiers"]
    assert node["category"] == "biolink:Disease"


def test_an_edge_carries_sign_standing_and_evidence(network: nx.MultiDiGraph[str]) -> None:
    edge = network.edges["pain:herniated-disc", "pain:sciatica", "claim:herniated-disc-causes-sciatica"]
    assert (edge["predicate"], edge["sign"]) == ("kg:causes", 1)
    assert (edge["certainty"], edge["standing"], edge["publications"]) == ("Likely", "Supported", 1)
    assert edge["sources"] == ("source:article", "source:koes-2007")
    sentence, finding = edge["evidence"]
    assert (sentence.section, sentence.sentence) == ("causes-nerves", 2)
    assert (finding.effect_measure, finding.effect_value) == ("% of sciatica cases", Decimal(90))


def test_claims_about_one_pair_stay_apart(network: nx.MultiDiGraph[str]) -> None:
    signs = {
        str(key): edge["sign"]
        for _, object_, key, edge in network.out_edges("pain:weight-loss", keys=True, data=True)
        if object_ == "pain:lower-back-pain"
    }
    assert signs == {
        "claim:weight-loss-causes-lower-back-pain": 1,
        "claim:weight-loss-relieves-lower-back-pain": -1,
    }


def test_every_node_has_a_class_that_the_drawing_knows(network: nx.MultiDiGraph[str]) -> None:
    assert {network.nodes[node]["classes"][0] for node in network} <= set(CLASSES)


def test_the_causal_view_holds_signed_and_asserted_edges_only(network: nx.MultiDiGraph[str]) -> None:
    view = causal(network)
    assert all(edge["sign"] and edge["asserted"] for *_, edge in view.edges(data=True))
    assert not view.has_edge("pain:opioid", "pain:acute-lower-back-pain")
    assert "pain:pelvis" not in view


def test_the_anatomy_view_holds_structure_only(network: nx.MultiDiGraph[str]) -> None:
    view = anatomy(network)
    assert view.has_edge("pain:nucleus-pulposus", "pain:intervertebral-disc")
    assert {edge["sign"] for *_, edge in view.edges(data=True)} == {0}


def test_the_strategies_view_starts_at_strategies(network: nx.MultiDiGraph[str]) -> None:
    view = strategies(network)
    assert all("Strategy" in network.nodes[subject]["classes"] for subject, _ in view.edges())


def test_a_changed_copy_leaves_the_graph_as_it_was(graph: kg.KnowledgeGraph) -> None:
    graph.network().remove_node("pain:sciatica")
    assert "pain:sciatica" in graph.network()


@pytest.fixture(scope="module")
def schema() -> list[ox.Quad]:
    """The quads of the schema."""
    store = ox.Store()
    parse_into(store, packaged().folder / "schema.ttl", GRAPHS["schema"])
    return list(store)


def reread(network: nx.MultiDiGraph[str], schema: list[ox.Quad]) -> nx.MultiDiGraph[str]:
    store = ox.Store()
    store.extend(schema)
    store.extend(network_quads(network))
    return network_from_store(store, name=network.graph["name"])


def test_our_network_survives_the_way_to_rdf_and_back(network: nx.MultiDiGraph[str], schema: list[ox.Quad]) -> None:
    again = reread(network, schema)
    assert nx.utils.graphs_equal(network, again)
    assert again.graph == network.graph


@settings(max_examples=60)
@given(networks())
def test_any_network_survives_the_way_to_rdf_and_back(network: nx.MultiDiGraph[str]) -> None:
    store = ox.Store()
    parse_into(store, packaged().folder / "schema.ttl", GRAPHS["schema"])
    again = reread(network, list(store))
    assert list(again) == sorted(network)
    for node in network:
        assert again.nodes[node] == network.nodes[node]
    assert sorted(again.edges(keys=True)) == sorted(network.edges(keys=True))
    for edge in network.edges(keys=True):
        assert again.edges[edge] == network.edges[edge]
    assert again.graph == network.graph
