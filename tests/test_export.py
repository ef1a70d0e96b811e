"""Exports of the whole graph: readable by others, the same bytes each time."""

from __future__ import annotations

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib

import kg
from kg import exchange
from kg.errors import InputError
from kg.export import FORMATS, export
from kg.ontology import GRAPHS


def only(graph: kg.KnowledgeGraph, name: str) -> bytes:
    (content,) = export(graph, name).values()
    return content


def test_nquads_hold_every_quad_in_its_graph(graph: kg.KnowledgeGraph) -> None:
    quads = list(ox.parse(only(graph, "nquads"), format=ox.RdfFormat.N_QUADS))
    assert len(quads) == len(graph.store)
    assert {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)} == set(
        GRAPHS.values()
    )


def test_rdflib_reads_the_turtle_and_the_jsonld(graph: kg.KnowledgeGraph) -> None:
    turtle = rdflib.Graph().parse(data=only(graph, "turtle"), format="turtle")
    triples = {quad.triple for quad in graph.store}
    assert len(turtle) == len(triples)
    dataset = rdflib.Dataset().parse(data=only(graph, "jsonld"), format="json-ld")
    assert len(dataset) > 0


@pytest.mark.parametrize("name", FORMATS)
def test_two_exports_are_the_same_bytes(graph: kg.KnowledgeGraph, name: str) -> None:
    assert export(graph, name) == export(kg.load(), name)


def test_graphml_and_node_link_json_come_back_equal(graph: kg.KnowledgeGraph, network: nx.MultiDiGraph[str]) -> None:
    for again in (
        exchange.from_graphml(only(graph, "graphml")),
        exchange.from_node_link(only(graph, "node-link").decode()),
    ):
        assert nx.utils.graphs_equal(network, again)
        assert again.graph == network.graph


def test_an_unknown_format_lists_the_known_ones(graph: kg.KnowledgeGraph) -> None:
    with pytest.raises(InputError, match="take one of turtle, ntriples"):
        export(graph, "docx")
