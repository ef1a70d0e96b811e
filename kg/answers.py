"""The part of the network that a query's answer speaks of, for it to be drawn.

Of rows: the entities and claims that their cells name; where rows name no claim, the claims between their entities. Of triples:
each whose subject and object are IRIs; where the triple is that of a claim, the claim with its evidence.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import networkx as nx
import pyoxigraph as ox

from kg.errors import InputError
from kg.namespaces import PREFIXES, compact
from kg.results import Solutions, Triples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.results import Result, Term

__all__ = ["answer_network"]

_RDF = PREFIXES["rdf"]
_LABELS = (PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label")


def answer_network(answer: Result, network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Return the part of a network that an answer speaks of.

    Parameters
    ----------
    answer
        Of SELECT, CONSTRUCT or DESCRIBE.
    network
        As `kg.network` describes it.

    Returns
    -------
    networkx.MultiDiGraph
        A copy. Triples that are no claim of the network become edges of their own, keyed by themselves, and IRIs that it does
        not know become nodes.

    Raises
    ------
    InputError
        If there is nothing to draw: the answer is yes or no, or names no entity and no claim.
    """
    match answer:
        case Solutions():
            part = _of_rows((term for row in answer for term in row if term is not None), network)
        case Triples():
            part = _of_triples(answer, network)
        case _:
            raise InputError("a yes or no cannot be drawn; ask with SELECT or CONSTRUCT")
    if not part:
        raise InputError("the answer names no term and no claim of the graph, so there is nothing to draw")
    return part


def _of_rows(terms: Iterable[Term], network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    named = {compact(term.value) for term in terms if isinstance(term, ox.NamedNode)}
    claims = [(u, v, key) for u, v, key in network.edges(keys=True) if key in named]
    entities = named & set(network)
    if claims:
        part: nx.MultiDiGraph[str] = nx.MultiDiGraph(**network.graph)
        part.add_nodes_from((node, network.nodes[node]) for u, v, _ in claims for node in (u, v))
        for u, v, key in claims:
            part.add_edge(u, v, key=key, **network.edges[u, v, key])
        part.add_nodes_from((node, network.nodes[node]) for node in sorted(entities - set(part)))
        return part
    return network.subgraph(entities).copy()


def _of_triples(triples: Triples, network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    part: nx.MultiDiGraph[str] = nx.MultiDiGraph(**network.graph)
    claims: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for u, v, key, edge in network.edges(keys=True, data=True):
        claims[u, str(edge["predicate"]), v].append(key)
    reified = {key: (u, v) for u, v, key in network.edges(keys=True)}
    labels: dict[str, str] = {}
    edges = []
    for triple in triples:
        subject, predicate, object_ = triple.subject, triple.predicate, triple.object
        if not isinstance(subject, ox.NamedNode):
            continue
        start = compact(subject.value)
        if predicate.value in _LABELS and isinstance(object_, ox.Literal):
            labels.setdefault(start, object_.value)
        elif isinstance(object_, ox.NamedNode) and predicate.value != _RDF + "type" and start not in reified:
            edges.append((start, compact(predicate.value), compact(object_.value)))
        elif start in reified and predicate.value == _RDF + "object":
            # A claim that is described and not only stated.
            edges.append((
                reified[start][0],
                str(network.edges[*reified[start], start]["predicate"]),
                reified[start][1],
            ))
    for start, relation, end in edges:
        for node in (start, end):
            if node not in part:
                known = network.nodes[node] if node in network else {"label": labels.get(node, node)}
                part.add_node(node, **known)
        for key in claims.get((start, relation, end), [f"{start} {relation} {end}"]):
            attributes = (
                network.edges[start, end, key] if network.has_edge(start, end, key) else {"predicate": relation}
            )
            part.add_edge(start, end, key=key, **attributes)
    return part
