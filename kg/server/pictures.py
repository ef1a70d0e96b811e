"""A picture of an answer: the terms in it and what the graph says between them, drawn as every other page is."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import networkx as nx
import pyoxigraph as ox

from kg.drawing import draw
from kg.errors import InputError, KGError
from kg.namespaces import compact
from kg.results import Solutions, Triples
from kg.server.bars import bars, numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.graph import KnowledgeGraph

__all__ = ["drawable", "picture"]

_MOST = 1000
_MOST_TERMS = 300
_TITLE = "Picture of the answer"


def drawable(answer: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean) -> Solutions | Triples:
    """Return the first part of an answer, as much as can be drawn.

    Raises
    ------
    InputError
        If it is a yes or no.
    """
    match answer:
        case ox.QueryBoolean():
            raise InputError("a yes or no has no picture; ask a SELECT or a CONSTRUCT query")
        case ox.QueryTriples():
            return Triples(tuple(islice(answer, _MOST)))
        case _:
            names = tuple(variable.value for variable in answer.variables)
            return Solutions(names, tuple(tuple(row) for row in islice(answer, _MOST)))


def picture(graph: KnowledgeGraph, found: Solutions | Triples) -> str:
    """Return an HTML page that draws an answer.

    Triples are drawn as they are. Of rows, the claims in them are drawn, or where there is none, what the graph says between the
    terms in them. Rows of words and numbers become bars.

    Parameters
    ----------
    graph
        What was asked.
    found
        What it answered, as `drawable` gives it.

    Raises
    ------
    InputError
        If there is nothing to draw.
    """
    cut = f"The first {_MOST} of the answer." if len(found) == _MOST else ""
    if isinstance(found, Triples):
        drawn = _of_triples(found)
    else:
        drawn = _of_terms(
            graph, list(dict.fromkeys(term.value for row in found for term in row if isinstance(term, ox.NamedNode)))
        )
        if not drawn.number_of_nodes() and len(found):
            return bars(_TITLE, *numbers(found.variables, found.rows))
    if not drawn.number_of_nodes():
        raise InputError("the answer is empty, so there is nothing to draw")
    return draw(drawn, title=_TITLE, intro=cut).html


def _of_terms(graph: KnowledgeGraph, iris: list[str]) -> nx.MultiDiGraph[str]:
    network = _network(graph)
    wanted = [compact(iri) for iri in iris]
    nodes = [term for term in wanted if term in network][:_MOST_TERMS]
    claims = {term for term in wanted if term not in network}
    edges = [edge for edge in network.edges(keys=True) if edge[2] in claims]
    if edges:
        # networkx takes the keys of parallel edges too, which its stubs do not say.
        return nx.MultiDiGraph(network.edge_subgraph(edges))  # type: ignore[arg-type]
    if nodes:
        return nx.MultiDiGraph(network.subgraph(nodes))
    return _of_triples(_between(graph.store, iris[:_MOST_TERMS]))


def _network(graph: KnowledgeGraph) -> nx.MultiDiGraph[str]:
    try:
        return graph.network()
    except KGError:  # a graph of another kind has no claims
        return nx.MultiDiGraph()


def _between(store: ox.Store, iris: list[str]) -> Iterator[ox.Triple]:
    wanted = set(iris)
    for iri in iris:
        for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None):
            if isinstance(quad.object, ox.NamedNode) and quad.object.value in wanted:
                yield quad.triple


def _of_triples(triples: Iterable[ox.Triple]) -> nx.MultiDiGraph[str]:
    drawn: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for triple in triples:
        ends = [_node(triple.subject), _node(triple.object)]
        if drawn.number_of_nodes() > _MOST_TERMS:
            break
        for key, label in ends:
            drawn.add_node(key, label=label)
        predicate = compact(triple.predicate.value)
        drawn.add_edge(ends[0][0], ends[1][0], key=predicate, predicate=predicate, label=predicate)
    return drawn


def _node(term: object) -> tuple[str, str]:
    if isinstance(term, ox.NamedNode):
        return compact(term.value), compact(term.value)
    if isinstance(term, ox.Literal):
        return str(term), term.value[:80]
    return str(term), str(term)
