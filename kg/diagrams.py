"""What would a researcher have to adjust for: an acyclic slice of the causal graph, and its back-door adjustment sets.

Takes any `networkx.MultiDiGraph` with a ``sign`` on its edges, as `kg.paths` does; the signs make no difference here. The slice
is the ancestors of exposure and outcome, mediators among them. It is drawn from claims, and is no validated causal model.

References
----------
J. Pearl, Causality, 2nd ed. (2009), section 3.3.1 (the back-door criterion).
B. van der Zander, M. Liśkiewicz, J. Textor, Separators and adjustment sets in causal graphs: complete criteria and an algorithmic
framework, Artificial Intelligence 270 (2019), 1-40, doi:10.1016/j.artint.2018.12.006 (the adjustment criterion, the proper
back-door graph, minimal separators in the moral graph of the ancestors).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import networkx as nx

from kg.errors import InputError, UnknownTermError
from kg.paths import STANDINGS, label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Diagram", "Independence", "diagram", "implied_independencies"]


@dataclass(frozen=True, slots=True, order=True)
class Independence:
    """Two nodes that the diagram holds to be independent once some others are known."""

    first: str
    second: str
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diagram:
    """A directed acyclic graph with an exposure and an outcome, and what follows from it."""

    exposure: str
    outcome: str
    graph: nx.DiGraph[str] = field(repr=False, compare=False)
    """Exposure, outcome and their ancestors; an edge u -> v means that u is claimed to influence v."""
    cut: tuple[tuple[str, str], ...]
    """Edges left out because they closed a cycle, in the order in which they were left out."""
    mediators: tuple[str, ...]
    """The nodes between exposure and outcome on causal ways."""
    adjustment_sets: tuple[tuple[str, ...], ...]
    """The minimal sets to adjust for, for the total effect: smallest first, then in order. One empty set: nothing is needed."""
    complete: bool
    """Whether these are all the minimal sets."""
    parents: tuple[str, ...]
    """The parents of the exposure: always enough to adjust for, though seldom minimal."""

    @property
    def affects(self) -> bool:
        """Whether any causal way leads from the exposure to the outcome."""
        return bool(nx.has_path(self.graph, self.exposure, self.outcome))


def diagram(
    graph: nx.MultiDiGraph[str],
    exposure: str,
    outcome: str,
    *,
    min_standing: str | None = None,
    limit: int = 50,
) -> Diagram:
    """Return the causal diagram of an exposure and an outcome, with its minimal adjustment sets.

    Parameters
    ----------
    graph
        Edges without a sign of 1 or -1, and claims that no source asserts, are passed over.
    exposure, outcome
        Nodes.
    min_standing
        Only claims of this `kg.paths.STANDINGS` or a stronger one.
    limit
        How many adjustment sets at most, from 1.

    Returns
    -------
    Diagram
        Of each cycle the edge on the weakest ground is left out; of several, the last in order.

    Raises
    ------
    UnknownTermError
        If a node is not in the graph.
    InputError
        If exposure and outcome are one, an edge has no sign, or an option is out of range.
    """
    for node in (exposure, outcome):
        if node not in graph:
            raise UnknownTermError(node)
    if exposure == outcome:
        raise InputError(f"exposure and outcome are both {label(graph, exposure)}; expected two nodes")
    if limit < 1:
        raise InputError(f"limit is {limit}; expected 1 or more")
    if min_standing is not None and min_standing not in STANDINGS:
        raise InputError(f"min_standing is {min_standing!r}; expected one of {', '.join(STANDINGS)}")
    slice_, cut = _acyclic(_ancestral(graph, exposure, outcome, min_standing))
    after: set[str] = nx.descendants(slice_, exposure)
    before: set[str] = nx.ancestors(slice_, outcome)
    between = after & before
    causal: set[str] = set(between)
    if nx.has_path(slice_, exposure, outcome):
        causal.add(outcome)
    forbidden = {exposure, outcome} | causal
    for node in causal:
        forbidden |= nx.descendants(slice_, node)
    backdoor = slice_.copy()
    backdoor.remove_edges_from([(exposure, node) for node in slice_.successors(exposure) if node in causal])
    found = _minimal_separators(backdoor, exposure, outcome, forbidden)
    sets: list[tuple[str, ...]] = []
    for separator in found:
        sets.append(tuple(sorted(separator)))
        if len(sets) > limit:
            break
    return Diagram(
        exposure,
        outcome,
        slice_,
        tuple(cut),
        tuple(sorted(between)),
        tuple(sorted(sets, key=lambda nodes: (len(nodes), nodes))[:limit]),
        len(sets) <= limit,
        tuple(sorted(slice_.predecessors(exposure))),
    )


def implied_independencies(found: Diagram, *, limit: int = 100) -> tuple[tuple[Independence, ...], bool]:
    """Return pairs of nodes that the diagram holds to be independent, each with a smallest-possible set to condition on.

    Parameters
    ----------
    found
        The diagram.
    limit
        How many at most, from 1.

    Returns
    -------
    tuple of (tuple of Independence, bool)
        One for each pair that no edge joins, in order of the pair; the set is minimal: without any of its nodes the two are
        no longer separated. And whether these are all.

    Raises
    ------
    InputError
        If the limit is below 1.
    """
    if limit < 1:
        raise InputError(f"limit is {limit}; expected 1 or more")
    told: list[Independence] = []
    for first, second in combinations(sorted(found.graph), 2):
        if found.graph.has_edge(first, second) or found.graph.has_edge(second, first):
            continue
        if len(told) == limit:
            return tuple(told), False
        given = nx.find_minimal_d_separator(found.graph, {first}, {second})
        told.append(Independence(first, second, tuple(sorted(given or ()))))
    return tuple(told), True


def _ancestral(graph: nx.MultiDiGraph[str], exposure: str, outcome: str, min_standing: str | None) -> nx.DiGraph[str]:
    """Return the causal edges among exposure, outcome and their ancestors, with the standing of the best claim."""
    least = 0 if min_standing is None else STANDINGS.index(min_standing)
    simple: nx.DiGraph[str] = nx.DiGraph()
    simple.add_nodes_from((exposure, outcome))
    for subject, object_, edge in sorted(graph.edges(data=True), key=lambda item: (item[0], item[1])):
        if "sign" not in edge:
            raise InputError(f"edge {subject} -> {object_} has no sign; expected sign=1, -1 or 0 on each edge")
        level = STANDINGS.index(edge.get("standing", "Unreviewed"))
        if edge["sign"] and edge.get("asserted", True) and level >= least and subject != object_:
            known = simple.get_edge_data(subject, object_, {"level": -1})["level"]
            simple.add_edge(subject, object_, level=max(level, known))
    keep = {exposure, outcome} | nx.ancestors(simple, exposure) | nx.ancestors(simple, outcome)
    part: nx.DiGraph[str] = nx.DiGraph()
    part.add_nodes_from(sorted(keep))
    part.add_edges_from(
        (u, v, {"level": simple.edges[u, v]["level"]}) for u, v in sorted(simple.edges()) if {u, v} <= keep
    )
    return part


def _acyclic(graph: nx.DiGraph[str]) -> tuple[nx.DiGraph[str], list[tuple[str, str]]]:
    """Return the graph without one edge of each cycle, and those edges."""
    cut: list[tuple[str, str]] = []
    while True:
        try:
            cycle = [(u, v) for u, v, *_ in nx.find_cycle(graph)]
        except nx.NetworkXNoCycle:
            return graph, cut
        weakest = min(graph.edges[edge]["level"] for edge in cycle)
        dropped = max(edge for edge in cycle if graph.edges[edge]["level"] == weakest)
        graph.remove_edge(*dropped)
        cut.append(dropped)


def _minimal_separators(
    graph: nx.DiGraph[str], first: str, second: str, forbidden: Iterable[str]
) -> Iterator[frozenset[str]]:
    """Yield the minimal sets that d-separate two nodes and hold no forbidden one; none where there is none.

    A set of ancestors d-separates two nodes if and only if it separates them in the moral graph of their ancestors. There,
    to pass a forbidden node over is to join its neighbours. The minimal separators of two nodes are grown one from another.

    References
    ----------
    H. Shen, W. Liang, Efficient enumeration of all minimal separators in a graph, Theoretical Computer Science 180 (1997),
    169-180, doi:10.1016/S0304-3975(97)83809-1.
    """
    ancestors = {first, second} | nx.ancestors(graph, first) | nx.ancestors(graph, second)
    moral: nx.Graph[str] = nx.moral_graph(graph.subgraph(ancestors))
    for node in sorted(set(forbidden) & ancestors - {first, second}):
        around = list(moral.neighbors(node))
        moral.remove_node(node)
        moral.add_edges_from(combinations(around, 2))
    if moral.has_edge(first, second):
        return
    if not nx.has_path(moral, first, second):
        yield frozenset()
        return

    def beyond(near: set[str]) -> frozenset[str]:
        """Return the minimal separator nearest to a connected set around the first node; empty where the second touches it."""
        closed = near.union(*(moral.neighbors(node) for node in near))
        if second in closed:
            return frozenset()
        far = nx.node_connected_component(moral.subgraph(set(moral) - closed), second)
        return frozenset(node for node in closed if set(moral.neighbors(node)) & far)

    waiting = [beyond({first})]
    seen = set(waiting)
    while waiting:
        separator = waiting.pop()
        yield separator
        near = nx.node_connected_component(moral.subgraph(set(moral) - separator), first)
        for node in sorted(separator):
            more = beyond(near | {node})
            if more and more not in seen:
                seen.add(more)
                waiting.append(more)
