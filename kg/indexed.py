"""A signed graph laid out for searching: numbered nodes, their edges side by side in arrays, both ways.

A step is what all edges of one sign from a node to another come to: the lowest weight among them and the highest level. Two
nodes that edges of both signs join have two steps. Nodes are numbered in sorted order, so that comparing numbers compares
nodes, and whatever a search answers does not depend on the order in which a graph was put together.

An index that is made from a NetworkX graph needs no NumPy; one that is made from arrays does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from kg.errors import InputError, UnknownTermError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    import networkx as nx
    import numpy as np
    import numpy.typing as npt

__all__ = ["Links", "PathIndex", "path_index", "path_index_from_arrays"]

N = TypeVar("N", bound="Hashable")

_EXACT = 2**53
"""Whole numbers up to here add up in floating point without rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """The steps at each node, those of node `v` from place `starts[v]` to `starts[v + 1]`, in order of their other ends."""

    starts: memoryview
    ends: memoryview
    negative: memoryview
    """1 where the sign of the step is -1, 0 where it is +1."""
    weights: memoryview | None
    levels: memoryview | None

    def row(self, node: int) -> list[int]:
        """Return the other ends of the steps at a node; twice where steps of both signs lead there."""
        return self.ends[self.starts[node] : self.starts[node + 1]].tolist()

    def arrays(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return `starts` and `ends` as arrays, without a copy."""
        import numpy as np

        # NumPy refuses an empty buffer.
        empty = np.zeros(0, dtype=np.int64)
        return np.frombuffer(self.starts, np.int64), np.frombuffer(self.ends, np.int64) if len(self.ends) else empty


@dataclass(frozen=True, slots=True, eq=False)
class PathIndex(Generic[N]):
    """What searches stand on; made by `path_index` or `path_index_from_arrays`, and not changed by them."""

    nodes: Sequence[N]
    """In sorted order; the place of a node is its number."""
    numbers: Mapping[N, int] | None
    """None where each node is its own number."""
    forward: Links
    """The steps that leave each node."""
    backward: Links
    """The steps that enter each node."""
    whole: bool
    """Whether adding weights up never rounds: all are whole numbers and not too large."""
    layouts: dict[object, object] = field(default_factory=dict, repr=False)
    """What `kg.search` keeps from one search to the next: rows of steps, and on a small graph distances to targets."""

    def __len__(self) -> int:
        return len(self.nodes)

    @property
    def step_count(self) -> int:
        """How many steps there are."""
        return len(self.forward.ends)

    def number(self, node: N) -> int:
        """Return the number of a node.

        Parameters
        ----------
        node
            Any node.

        Returns
        -------
        int
            Its place in `nodes`.

        Raises
        ------
        UnknownTermError
            If it is not a node of the graph.
        """
        if self.numbers is None:
            if isinstance(node, int) and 0 <= node < len(self.nodes):
                return node
        elif node in self.numbers:
            return self.numbers[node]
        raise UnknownTermError(str(node))

    def two_numbers(self, source: N, target: N) -> tuple[int, int]:
        """Return the numbers of two nodes.

        Parameters
        ----------
        source, target
            Two nodes.

        Returns
        -------
        tuple of int
            That of the source, that of the target.

        Raises
        ------
        InputError
            If they are one; also UnknownTermError.
        """
        start, goal = self.number(source), self.number(target)
        if start == goal:
            raise InputError(f"a path needs two ends, and both are {source}")
        return start, goal


def path_index(
    graph: nx.DiGraph[N] | nx.MultiDiGraph[N], *, weight: str | None = None, level: str | None = None
) -> PathIndex[N]:
    """Return the index of a directed graph.

    Parameters
    ----------
    graph
        With a `sign` of 1 or -1 on each edge; other attributes are not read, save those named here. An edge u -> v of
        sign 1 means that more of u makes for more of v.
    weight
        Name of the edge attribute that holds its weight, a finite number from 0; None for no weights.
    level
        Name of the edge attribute that holds its level, a whole number; None for no levels.

    Returns
    -------
    PathIndex
        Nodes sorted; by `str` where they do not compare. Time and room grow with the edges (times log, for sorting).

    Raises
    ------
    InputError
        If an edge has no sign, or a weight or level that cannot be used; the first such edge in sorted order is named.
    """
    nodes = _sorted(graph)
    numbers = {node: number for number, node in enumerate(nodes)}
    merged: dict[tuple[int, int, int], tuple[float, int]] = {}
    faults: dict[tuple[int, int], str] = {}
    for tail, head, edge in graph.edges(data=True):
        sign = edge.get("sign")
        cost = 1.0 if weight is None else cast("float", edge.get(weight))
        rank = 0 if level is None else cast("int", edge.get(level))
        fault = None
        if sign not in (1, -1):  # a tuple, for what is there may not be hashable
            fault = f"sign {sign!r}; expected sign=1 (increases) or sign=-1 (decreases)"
        elif not _is_weight(cost):
            fault = f"{weight} {cost!r}; expected a finite number from 0"
        elif not isinstance(rank, int):
            fault = f"{level} {rank!r}; expected a whole number"
        ends = numbers[tail], numbers[head]
        if fault is not None:
            faults[ends] = min(fault, faults.get(ends, fault))
            continue
        key = (*ends, int(sign == -1))
        known = merged.get(key)
        merged[key] = (cost, rank) if known is None else (min(known[0], cost), max(known[1], rank))
    if faults:
        first, fault = min(faults.items())
        raise InputError(f"edge {nodes[first[0]]} -> {nodes[first[1]]} has {fault}")
    steps = sorted((tail, head, minus, cost, rank) for (tail, head, minus), (cost, rank) in merged.items())
    whole = _adds_up(step[3] for step in steps)
    forward = _links(steps, len(nodes), weighted=weight is not None, levelled=level is not None)
    turned = sorted((head, tail, minus, cost, rank) for tail, head, minus, cost, rank in steps)
    backward = _links(turned, len(nodes), weighted=weight is not None, levelled=level is not None)
    return PathIndex(nodes, numbers, forward, backward, whole)


def path_index_from_arrays(
    count: int,
    tails: npt.ArrayLike,
    heads: npt.ArrayLike,
    *,
    signs: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    levels: npt.ArrayLike | None = None,
) -> PathIndex[int]:
    """Return the index of a directed graph on the nodes 0 to `count` - 1, given edge by edge.

    Parameters
    ----------
    count
        How many nodes.
    tails, heads
        Where each edge leaves and enters.
    signs
        1 or -1 for each edge; None where all are 1.
    weights
        A finite number from 0 for each edge; None for no weights.
    levels
        A whole number for each edge; None for no levels.

    Returns
    -------
    PathIndex
        Equal to that of the NetworkX graph with the same edges. A million nodes and five million edges take seconds.

    Raises
    ------
    InputError
        If the arrays are not of one length, or hold what cannot be used.
    """
    import numpy as np

    tail, head = np.asarray(tails, dtype=np.int64), np.asarray(heads, dtype=np.int64)
    negative = np.zeros(len(tail), dtype=np.int8) if signs is None else (np.asarray(signs) < 0).astype(np.int8)
    cost = None if weights is None else np.asarray(weights, dtype=np.float64)
    rank = None if levels is None else np.asarray(levels, dtype=np.int64)
    if {len(column) for column in (tail, head, negative, cost, rank) if column is not None} != {len(tail)}:
        raise InputError("edges are given by arrays of different lengths; expected one entry for each edge in all")
    if len(tail) and not (min(tail.min(), head.min()) >= 0 and max(tail.max(), head.max()) < count):
        raise InputError(f"an edge has an end that is no node; expected numbers from 0 to {count - 1}")
    if signs is not None and not np.isin(np.asarray(signs), (1, -1)).all():
        raise InputError("an edge has a sign other than 1 (increases) or -1 (decreases)")
    if cost is not None and not (np.isfinite(cost) & (cost >= 0)).all():
        raise InputError("an edge has a weight that is not a finite number from 0")
    order = np.lexsort((negative, head, tail))
    tail, head, negative = tail[order], head[order], negative[order]
    first = np.ones(len(tail), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1]) | (negative[1:] != negative[:-1])
    places = np.flatnonzero(first)
    tail, head, negative = tail[places], head[places], negative[places]
    if cost is not None:
        cost = np.minimum.reduceat(cost[order], places) if len(places) else cost
    if rank is not None:
        rank = np.maximum.reduceat(rank[order], places) if len(places) else rank

    def links(near: npt.NDArray[np.int64], far: npt.NDArray[np.int64], order: npt.NDArray[np.int64]) -> Links:
        starts = np.zeros(count + 1, dtype=np.int64)
        np.cumsum(np.bincount(near, minlength=count), out=starts[1:])
        return Links(
            starts.data,
            far[order].data,
            negative[order].data,
            None if cost is None else cost[order].data,
            None if rank is None else rank[order].data,
        )

    whole = cost is None or bool((cost == np.floor(cost)).all() and cost.sum() < _EXACT)
    forward, backward = links(tail, head, np.arange(len(tail))), links(head, tail, np.lexsort((negative, tail, head)))
    return PathIndex(range(count), None, forward, backward, whole)


def _sorted(nodes: Iterable[N]) -> list[N]:
    try:
        return sorted(nodes)  # type: ignore[type-var] # nodes that do not compare are what the other branch is for
    except TypeError:
        return sorted(nodes, key=lambda node: (str(node), type(node).__name__))


def _is_weight(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and value >= 0


def _adds_up(costs: Iterable[float]) -> bool:
    total = 0.0
    for cost in costs:
        total += cost
        if cost != math.floor(cost) or total >= _EXACT:
            return False
    return True


def _links(steps: list[tuple[int, int, int, float, int]], count: int, *, weighted: bool, levelled: bool) -> Links:
    from array import array

    starts = array("q", bytes(8 * (count + 1)))
    for near, *_ in steps:
        starts[near + 1] += 1
    for node in range(count):
        starts[node + 1] += starts[node]
    return Links(
        memoryview(starts),
        memoryview(array("q", [step[1] for step in steps])),
        memoryview(array("b", [step[2] for step in steps])),
        memoryview(array("d", [step[3] for step in steps])) if weighted else None,
        memoryview(array("q", [step[4] for step in steps])) if levelled else None,
    )
