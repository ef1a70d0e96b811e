"""All triples as a network: those that rdflib's own function gives, and as changeable as any other graph."""

from __future__ import annotations

import pickle
from itertools import pairwise

import networkx as nx
import pyoxigraph as ox
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.extras.external_graph_libs import rdflib_to_networkx_multidigraph

from kg.triplenetwork import triple_network

NAMES = st.sampled_from(["a", "b", "c", "d"])
TRIPLES = st.lists(st.tuples(NAMES, st.sampled_from(["p", "q"]), NAMES), max_size=12)


def store_of(triples: list[tuple[str, str, str]]) -> ox.Store:
    store = ox.Store()
    store.extend(ox.Quad(*(ox.NamedNode(f"http://x/{name}") for name in triple)) for triple in triples)
    return store


def plain(triples: list[tuple[str, str, str]]) -> nx.MultiDiGraph[str]:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for subject, predicate, object_ in triples:
        graph.add_edge(f"<http://x/{subject}>", f"<http://x/{object_}>", key=f"<http://x/{predicate}>")
    return graph


def same(one: nx.MultiDiGraph[str], other: nx.MultiDiGraph[str]) -> bool:
    return bool(nx.utils.graphs_equal(one, other)) and {node: set(one.pred[node]) for node in one} == {
        node: set(other.pred[node]) for node in other
    }


@given(TRIPLES)
def test_it_is_the_graph_that_networkx_would_have_made_edge_by_edge(triples: list[tuple[str, str, str]]) -> None:
    assert same(triple_network(store_of(triples)), plain(triples))
    assert same(triple_network(store_of(triples)).copy(), plain(triples))


@given(TRIPLES, st.lists(NAMES, max_size=3), TRIPLES, st.booleans())
def test_changes_take_hold_whatever_was_looked_at_before(
    triples: list[tuple[str, str, str]], gone: list[str], more: list[tuple[str, str, str]], looked: bool
) -> None:
    found, expected = triple_network(store_of(triples)), plain(triples)
    if looked:
        list(found.in_edges())
    for graph in (found, expected):
        for subject, predicate, object_ in more:
            graph.add_edge(f"<http://x/{subject}>", f"<http://x/{object_}>", key=f"<http://x/{predicate}>", seen=True)
        for subject, object_ in pairwise(gone):
            if graph.has_edge(f"<http://x/{subject}>", f"<http://x/{object_}>"):
                graph.remove_edge(f"<http://x/{subject}>", f"<http://x/{object_}>")
        graph.remove_nodes_from(f"<http://x/{name}>" for name in gone)
    assert same(found, expected)


def test_attributes_of_nodes_stay_and_are_copied() -> None:
    graph = triple_network(store_of([("a", "p", "b")]))
    graph.nodes["<http://x/a>"]["seen"] = True
    graph.add_node("<http://x/b>", size=2)
    for each in (graph, graph.copy(), pickle.loads(pickle.dumps(graph))):
        assert {node: each.nodes[node] for node in each} == {
            "<http://x/a>": {"seen": True},
            "<http://x/b>": {"size": 2},
        }
        assert list(each.edges(keys=True)) == [("<http://x/a>", "<http://x/b>", "<http://x/p>")]


def test_an_edge_is_one_from_both_ends() -> None:
    graph = triple_network(store_of([("a", "p", "b")]))
    graph.succ["<http://x/a>"]["<http://x/b>"]["<http://x/p>"]["weight"] = 2
    assert graph.pred["<http://x/b>"]["<http://x/a>"]["<http://x/p>"] == {"weight": 2}


def test_with_literals_it_has_the_edges_that_rdflib_makes() -> None:
    turtle = '<http://x/a> <http://x/p> "tab\\tand\\nbreak"@en , 5 , _:b ; <http://x/q> <http://x/a> . _:b <http://x/p> "t" .'
    store = ox.Store()
    store.load(turtle, ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("http://x/graph"))
    store.load("<http://x/a> <http://x/q> <http://x/a> .", ox.RdfFormat.TURTLE)
    ours = triple_network(store, literals=True)
    theirs = rdflib_to_networkx_multidigraph(rdflib.Graph().parse(data=turtle))
    assert (len(ours), ours.number_of_edges()) == (len(theirs), theirs.number_of_edges()) == (5, 5)
    assert sorted(d for _, d in ours.degree()) == sorted(d for _, d in theirs.degree())
    assert triple_network(store).number_of_edges() == 2


def test_an_empty_store_gives_an_empty_network() -> None:
    assert len(triple_network(ox.Store())) == 0
