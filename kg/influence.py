"""What matters most on the way to a thing, and what a strategy cuts off there.

Takes any `networkx.MultiDiGraph` with a ``sign`` on its edges, as `kg.paths` does. The measures say how claims hang together;
none of them says how large an effect is.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import networkx as nx

from kg.errors import InputError, LimitError, UnknownTermError
from kg.paths import label
from kg.results import table_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.indexed import PathIndex

__all__ = [
    "Influence",
    "Reach",
    "Upstream",
    "influence",
    "influence_json",
    "influence_text",
    "reach_json",
    "reach_text",
    "strategy_reach",
]

_ORIGINS = ("Cause", "RiskFactor")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Upstream:
    """A node that leads to the target."""

    node: str
    distance: int
    """Fewest steps to the target, from 1."""
    ways: int
    """How many of the ways counted pass it, those that begin there included."""
    independent_ways: int
    """Most paths to the target that share no node but their ends."""
    betweenness: float
    """For how many of the origins the shortest ways to the target pass this node; of several shortest ones, the share."""
    signs: tuple[int, ...]
    """Which signs the simple paths to the target have: (1,), (-1,) or (1, -1)."""


@dataclass(frozen=True, slots=True)
class Influence:
    """All that leads to a target."""

    target: str
    origins: tuple[str, ...]
    upstream: tuple[Upstream, ...]
    """The one that most ways pass first; then most independent ways, smallest distance, CURIE order."""
    total: int
    """How many ways were counted: simple paths of any sign from an origin to the target that pass no further origin."""
    complete: bool
    """Whether these are all the ways up to the length."""
    max_length: int

    def __iter__(self) -> Iterator[Upstream]:
        return iter(self.upstream)

    def __len__(self) -> int:
        return len(self.upstream)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a strategy acts on, and which ways to a target pass it."""

    strategy: str
    target: str
    acts_on: tuple[str, ...]
    origins: tuple[str, ...]
    cut: tuple[tuple[str, ...], ...]
    """The increasing ways that pass a node acted on (the target itself does not count), shortest first."""
    left: tuple[tuple[str, ...], ...]
    """The increasing ways that do not."""
    max_length: int
    complete: bool
    """Whether these are all the ways up to the length."""


def influence(
    graph: nx.MultiDiGraph[str],
    target: str,
    *,
    origins: Iterable[str] = (),
    max_length: int = 8,
    limit: int = 10_000,
) -> Influence:
    """Return all nodes that lead to a target, with how much hangs on each.

    Parameters
    ----------
    graph
        Edges without a sign of 1 or -1, and claims that no source asserts, are passed over.
    target
        A node.
    origins
        Where ways begin, for the betweenness; by default the causes and risk factors that lead to the target, or all that
        leads to it where there are none.
    max_length
        Most steps of a way that is counted, from 1.
    limit
        How many ways to count at most, from 1.

    Returns
    -------
    Influence
        Empty where nothing leads to the target.

    Raises
    ------
    UnknownTermError
        If a node is not in the graph.
    InputError
        If a bound is below 1, or an edge has no sign.

    References
    ----------
    U. Brandes, On variants of shortest-path betweenness centrality and their generic computation, Social Networks 30(2)
    (2008), 136-145, doi:10.1016/j.socnet.2007.11.001 (restricted to sets of sources and targets). K. Menger, Zur allgemeinen
    Kurventheorie, Fundamenta Mathematicae 10 (1927), 96-115, doi:10.4064/fm-10-1-96-115 (independent ways).
    """
    from kg.cuts import disjoint_paths
    from kg.reach import ancestors

    _bounded(max_length, limit)
    index, simple = _indexed(graph)
    for node in (target, *origins):
        if node not in graph:
            raise UnknownTermError(node)
    distances = ancestors(index, target)
    begin = _origins(graph, distances, origins)
    between = nx.betweenness_centrality_subset(simple, begin, [target], normalized=False)
    ways, complete = _ways(index, begin, target, None, max_length, limit)
    passed = Counter(node for way in ways for node in way)
    upstream = [
        Upstream(
            node,
            distance,
            passed[node],
            len(disjoint_paths(index, node, target)),
            between[node],
            _signs(index, node, target),
        )
        for node, distance in distances.items()
    ]
    upstream.sort(key=lambda row: (-row.ways, -row.independent_ways, row.distance, row.node))
    return Influence(target, begin, tuple(upstream), len(ways), complete, max_length)


def strategy_reach(
    graph: nx.MultiDiGraph[str],
    strategy: str,
    target: str,
    *,
    origins: Iterable[str] = (),
    max_length: int = 8,
    limit: int = 10_000,
) -> Reach:
    """Return what a strategy acts on, and which of the increasing ways to a target that cuts.

    Parameters
    ----------
    graph
        As for `influence`.
    strategy, target
        Nodes.
    origins
        Where ways begin; as for `influence`, without the strategy.
    max_length
        Most steps of a way, from 1.
    limit
        How many ways at most, from 1.

    Returns
    -------
    Reach
        Each way is a simple path whose signs multiply to +1.

    Raises
    ------
    UnknownTermError
        If a node is not in the graph.
    InputError
        If strategy and target are one, a bound is below 1, or an edge has no sign.
    """
    from kg.reach import ancestors

    for node in (strategy, target, *origins):
        if node not in graph:
            raise UnknownTermError(node)
    if strategy == target:
        raise InputError(f"strategy and target are both {label(graph, target)}; expected two nodes")
    _bounded(max_length, limit)
    index, _ = _indexed(graph)
    acts_on = sorted({
        object_ for _, object_, edge in graph.out_edges(strategy, data=True) if _counts(edge) and edge["sign"] < 0
    })
    begin = tuple(node for node in _origins(graph, ancestors(index, target), origins) if node != strategy)
    blocked = set(acts_on) - {target}
    ways, complete = _ways(index, begin, target, 1, max_length, limit)
    cut = tuple(way for way in ways if blocked & set(way))
    left = tuple(way for way in ways if not blocked & set(way))
    return Reach(strategy, target, tuple(acts_on), begin, cut, left, max_length, complete)


def _bounded(max_length: int, limit: int) -> None:
    for name, number in (("max_length", max_length), ("limit", limit)):
        if number < 1:
            raise InputError(f"{name} is {number}; expected 1 or more")


def _ways(
    index: PathIndex[str], origins: Sequence[str], target: str, sign: int | None, max_length: int, limit: int
) -> tuple[list[tuple[str, ...]], bool]:
    """Return the ways from the origins, each told from the last origin on it, and whether these are all."""
    from kg.search import best_paths

    ways: list[tuple[str, ...]] = []
    known = set(origins)
    if not known - {target}:
        return ways, True
    try:
        for path in best_paths(index, origins, [target], sign=sign, max_length=max_length):
            if known & set(path.nodes[1:]):
                continue
            if len(ways) == limit:
                return ways, False
            # Signs at steps with claims of both kinds give one sequence of nodes several times.
            if not ways or ways[-1] != path.nodes:
                ways.append(path.nodes)
    except LimitError:
        return ways, False
    return ways, True


def _counts(edge: dict[str, object]) -> bool:
    return bool(edge["sign"]) and bool(edge.get("asserted", True))


def _indexed(graph: nx.MultiDiGraph[str]) -> tuple[PathIndex[str], nx.DiGraph[str]]:
    """Return the causal edges as an index for searches, and as a graph without parallels."""
    from kg.indexed import path_index

    steps: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    steps.add_nodes_from(sorted(graph))
    for subject, object_, edge in graph.edges(data=True):
        if "sign" not in edge:
            raise InputError(f"edge {subject} -> {object_} has no sign; expected sign=1, -1 or 0 on each edge")
        if _counts(edge):
            steps.add_edge(subject, object_, sign=edge["sign"])
    simple: nx.DiGraph[str] = nx.DiGraph()
    simple.add_nodes_from(sorted(graph))
    simple.add_edges_from(sorted(set(steps.edges())))
    return path_index(steps), simple


def _origins(graph: nx.MultiDiGraph[str], upstream: Iterable[str], given: Iterable[str]) -> tuple[str, ...]:
    listed = sorted(set(given))
    if not listed:
        listed = sorted(node for node in upstream if set(graph.nodes[node].get("classes", ())) & set(_ORIGINS))
    return tuple(listed or sorted(upstream))


def _signs(index: PathIndex[str], source: str, target: str) -> tuple[int, ...]:
    from kg.search import best_paths

    return tuple(sign for sign in (1, -1) if next(best_paths(index, [source], [target], k=1, sign=sign), None))


_EFFECTS = {(1,): "more", (-1,): "less", (1, -1): "both"}


def influence_text(found: Influence, graph: nx.MultiDiGraph[str]) -> str:
    """Return what leads to a target as a table.

    Parameters
    ----------
    found
        What to write.
    graph
        Gives the labels.

    Returns
    -------
    str
        Ends with a line break.
    """
    name = label(graph, found.target)
    if not found.upstream:
        return f"Nothing leads to {name}.\n"
    rows = [
        (
            label(graph, row.node),
            str(row.ways),
            f"{row.betweenness:.2f}",
            str(row.independent_ways),
            str(row.distance),
            _EFFECTS.get(row.signs, ""),
        )
        for row in found
    ]
    more = "" if found.complete else " and more"
    head = ("what leads to it", "ways", "shortest", "independent", "steps", "makes for")
    return (
        f"{len(found)} terms lead to {name}; at {len(found.origins)} of them begin {found.total}{more} ways of up to "
        f"{found.max_length} steps\n\n{table_text(head, rows)}\n"
        "ways: how many of them pass the term, or begin there\n"
        "shortest: for how many beginnings the shortest way passes the term\n"
        "independent: ways from the term that share nothing in between\n"
        "None of this says how large an effect is.\n"
    )


def influence_json(found: Influence, graph: nx.MultiDiGraph[str]) -> str:
    """Return what leads to a target as JSON with labels; two runs give the same bytes."""
    named = sorted({found.target, *found.origins, *(row.node for row in found)})
    return _json({**asdict(found), "labels": {node: label(graph, node) for node in named}})


def reach_text(found: Reach, graph: nx.MultiDiGraph[str]) -> str:
    """Return what a strategy acts on and cuts as plain text.

    Parameters
    ----------
    found
        What to write.
    graph
        Gives the labels.

    Returns
    -------
    str
        Ends with a line break; of the ways, the shortest few.
    """
    name, goal = label(graph, found.strategy), label(graph, found.target)
    if not found.acts_on:
        return f"No source says that {name} makes anything less.\n"
    lines = [f"{name} acts on {', '.join(label(graph, node) for node in found.acts_on)}"]
    total = len(found.cut) + len(found.left)
    bound = "" if found.complete else ", and there are more"
    lines.append(
        f"Of {total} increasing ways of up to {found.max_length} steps to {goal}{bound}, it cuts {len(found.cut)}"
    )
    for heading, ways in (("cut", found.cut), ("left", found.left)):
        for way in ways[:_SHOWN]:
            lines.append(f"  {heading:4}  {' --> '.join(label(graph, node) for node in way)}")
        if len(ways) > _SHOWN:
            lines.append(f"  {heading:4}  ... and {len(ways) - _SHOWN} more (--format json lists them)")
    if found.target in found.acts_on:
        lines.append(f"It is also said to ease {goal} itself, which cuts no way to it.")
    return "\n".join(lines) + "\n"


def reach_json(found: Reach, graph: nx.MultiDiGraph[str]) -> str:
    """Return what a strategy acts on and cuts as JSON with labels; two runs give the same bytes."""
    named = {found.strategy, found.target, *found.acts_on, *found.origins}
    named.update(node for way in (*found.cut, *found.left) for node in way)
    return _json({**asdict(found), "labels": {node: label(graph, node) for node in sorted(named)}})


def _json(document: dict[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
