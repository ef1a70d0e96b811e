"""A picture of an answer: the terms in it and what the graph says between them, drawn as every other page is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import pyoxigraph as ox

from kg.drawing import draw
from kg.errors import InputError, KGError
from kg.namespaces import compact
from kg.server.bars import bars, numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.graph import KnowledgeGraph

__all__ = ["picture"]

_MOST = 400
_TITLE = "Picture of the answer"


def picture(graph: KnowledgeGraph, answer: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean) -> str:
    """Return an HTML page that draws an answer.

    Triples are drawn as they are. Of rows, the claims in them are drawn, or where there is none, what the graph says between the
    terms in them. Rows of words and numbers become bars.

    Parameters
    ----------
    graph
        What was asked.
    answer
        What it answered; no more than the first few hundred terms are drawn, and the page says so.

    Raises
    ------
    InputError
        If there is nothing to draw.
    """
    if isinstance(answer, ox.QueryBoolean):
        raise InputError("a yes or no has no picture; ask a SELECT or a CONSTRUCT query")
    if isinstance(answer, ox.QueryTriples):
        return _page(_of_triples(answer))
    names = [variable.value for variable in answer.variables]
    rows = [tuple(row) for row, _ in zip(answer, range(_MOST * 5), strict=False)]
    iris = list(dict.fromkeys(term.value for row in rows for term in row if isinstance(term, ox.NamedNode)))
    drawn = _of_terms(graph, iris)
    if drawn.number_of_nodes():
        return _page(drawn)
    return bars(_TITLE, *numbers(names, rows))


def _page(network: nx.Graph[str]) -> str:
    if not network.number_of_nodes():
        raise InputError("the answer is empty, so there is nothing to draw")
    cut = " Only the first part is drawn." if network.graph.get("cut") else ""
    return draw(network, title=_TITLE, intro=cut.strip()).html


def _of_terms(graph: KnowledgeGraph, iris: list[str]) -> nx.MultiDiGraph[str]:
    network = _network(graph)
    wanted = [compact(iri) for iri in iris]
    nodes = [term for term in wanted if term in network][:_MOST]
    claims = {term for term in wanted if term not in network}
    edges = [edge for edge in network.edges(keys=True) if edge[2] in claims]
    if edges:
        return nx.MultiDiGraph(network.edge_subgraph(edges))
    if nodes:
        return nx.MultiDiGraph(network.subgraph(nodes))
    return _of_triples(_between(graph.store, iris[:_MOST]))


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
        if drawn.number_of_nodes() > _MOST:
            drawn.graph["cut"] = True
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
