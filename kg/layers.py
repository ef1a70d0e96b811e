"""Who stands in which column, in what order, and how high: the steps of a layered layout, each a plain function.

Nodes are numbers; ties are broken by them, so that the answer depends on the graph alone.

References
----------
K. Sugiyama, S. Tagawa, M. Toda, Methods for visual understanding of hierarchical system structures (1981),
doi:10.1109/TSMC.1981.4308636: layers, and rows ordered by barycentre sweeps.
R. E. Barlow et al., Statistical Inference under Order Restrictions (1972): pooling adjacent violators, by which boxes
come as near to their wanted places as their order and size allow.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["cut", "levels", "neighbours", "ordinates", "spread"]

_SWEEPS = 12


def levels(nodes: Sequence[int], links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return the nodes by the longest chain within the lane that leads to them.

    Within a strongly connected part, edges that run against the order of (out-degree - in-degree) are left out of
    account, so that a feedback loop has a start; the idea is that of P. Eades, X. Lin and W. F. Smyth (1993,
    doi:10.1016/0020-0190(93)90079-O).
    """
    within = set(nodes)
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(sorted(within))
    graph.add_edges_from(link for link in links if link[0] in within and link[1] in within)
    part = {node: number for number, nodes_ in enumerate(nx.strongly_connected_components(graph)) for node in nodes_}
    rank = {node: (graph.in_degree(node) - graph.out_degree(node), node) for node in graph}
    against = [(u, v) for u, v in graph.edges if part[u] == part[v] and rank[u] > rank[v]]
    graph.remove_edges_from(against)
    return [sorted(generation) for generation in nx.topological_generations(graph)]


def cut(steps: list[list[int]], most: int, *, merge: bool) -> list[list[int]]:
    """Return columns of at most about `most` nodes; only a merge puts two steps of a chain into one column."""
    if merge:
        chain = list(itertools.chain.from_iterable(steps))
        return _evenly(chain, math.ceil(len(chain) / most))
    return [piece for level in steps for piece in _evenly(level, math.ceil(len(level) / most))]


def neighbours(links: Sequence[tuple[int, int]]) -> dict[int, list[int]]:
    """Return who is linked with whom, whichever way."""
    found: dict[int, list[int]] = defaultdict(list)
    for start, end in links:
        found[start].append(end)
        found[end].append(start)
    return found


def ordinates(
    columns: list[list[int]], sizes: Sequence[tuple[float, float]], linked: dict[int, list[int]], gap: float
) -> tuple[dict[int, float], float]:
    """Order each column by barycentre sweeps, then draw boxes towards their neighbours; return places and height."""
    if not columns:
        return {}, 0.0
    heights = [[sizes[node][1] for node in column] for column in columns]
    height = max(sum(column) + gap * (len(column) - 1) for column in heights)
    home = {node: number for number, column in enumerate(columns) for node in column}
    near = {node: [other for other in linked[node] if home.get(other, home[node]) != home[node]] for node in home}
    y: dict[int, float] = {}
    for column in columns:
        y.update(_stacked(column, sizes, gap, height))

    best, best_length = [list(column) for column in columns], math.inf
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for number in range(len(columns)) if forward else reversed(range(len(columns))):
            column = columns[number]
            wanted = {}
            for node in column:
                # The last sweeps look both ways, to settle.
                side = [o for o in near[node] if (home[o] < number) == forward or sweep >= _SWEEPS - 4]
                wanted[node] = sum(y[other] for other in side) / len(side) if side else y[node]
            column.sort(key=lambda node: (round(wanted[node], 3), node))
            y.update(_stacked(column, sizes, gap, height))
        length = sum(abs(y[node] - y[other]) for node in near for other in near[node])
        if length < best_length - 1e-6:
            best, best_length = [list(column) for column in columns], length

    for column in best:
        y.update(_stacked(column, sizes, gap, height))
    for sweep in range(_SWEEPS):
        for column in best if sweep % 2 == 0 else reversed(best):
            wanted_places = [
                sum(y[other] for other in near[node]) / len(near[node]) if near[node] else y[node] for node in column
            ]
            places = spread(wanted_places, [sizes[node][1] for node in column], gap, 0.0, height)
            y.update(zip(column, places, strict=True))
    return y, height


def spread(wanted: Sequence[float], lengths: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return the centres nearest to those wanted (least squares) that keep order and gaps within `low` and `high`."""
    offsets = [lengths[0] / 2]
    for one, other in itertools.pairwise(lengths):
        offsets.append(offsets[-1] + (one + other) / 2 + gap)
    pools: list[tuple[float, int]] = []
    for place, offset in zip(wanted, offsets, strict=True):
        total, count = place - offset, 1
        while pools and pools[-1][0] * count > total * pools[-1][1]:
            before, members = pools.pop()
            total, count = total + before, count + members
        pools.append((total, count))
    highest = high - offsets[-1] - lengths[-1] / 2
    starts = [min(max(total / count, low), max(low, highest)) for total, count in pools for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]


def _stacked(
    column: Sequence[int], sizes: Sequence[tuple[float, float]], gap: float, height: float
) -> dict[int, float]:
    lengths = [sizes[node][1] for node in column]
    top = (height - sum(lengths) - gap * (len(column) - 1)) / 2
    places = {}
    for node, length in zip(column, lengths, strict=True):
        places[node] = top + length / 2
        top += length + gap
    return places


def _evenly(nodes: Sequence[int], parts: int) -> list[list[int]]:
    bounds = [round(len(nodes) * part / parts) for part in range(parts + 1)]
    return [list(nodes[start:end]) for start, end in itertools.pairwise(bounds)]
