"""How far is it still to the target: exact distances for every pair that a path no longer than some bound can pass.

Two balls grow around the sources and the targets, the one with less at its rim first, until their radii together exceed the
bound. A pair on a path within the bound then lies in the ball of the targets, where its distance is known, or in that of the
sources, from where it is found by going on backwards within that ball. So no more of a large graph is looked at than two balls
of half the radius, and the bound can be raised later, which goes on where it stopped.

References
----------
I. Pohl, Bi-directional search, Machine Intelligence 6 (1971), 127-140.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kg.states import StateGraph

__all__ = ["SLACK", "Hops", "Remaining"]

SLACK = 1e-9
"""Share by which sums of weights that are not whole may differ from their exact value, generously."""

_BATCH = 64


class Remaining:
    """Distances to the goals, exact wherever the distance from the starts and this one come to `bound` at most.

    Elsewhere they may be missing or too large, but not such that the sum is `bound` or less.
    """

    __slots__ = ("_first", "_from", "_graph", "_inner", "_raised", "_to", "_weighted", "bound", "table")

    def __init__(
        self,
        graph: StateGraph,
        starts: Collection[int],
        goals: Collection[int],
        blocked: Iterable[int],
        *,
        weighted: bool,
        whole_graph: bool,
    ) -> None:
        ball = _Nearest if weighted else Hops
        self._graph, self._weighted, self._raised = graph, weighted, 0
        walls = dict.fromkeys(blocked, inf)
        self._to = ball(graph.backward, goals, walls)
        self.table: Mapping[int, float] = self._to.settled
        self.bound = inf
        self._first = inf
        if whole_graph:
            while self._to.radius < inf:
                self._to.grow()
            return
        self._from = ball(graph.forward, starts, walls)
        self._first = self._meet()
        self._widen(self._first)

    def raise_bound(self) -> None:
        """Raise the bound: by one step, or for weights by shares of the shortest distance that double."""
        self._raised += 1
        if not self._weighted:
            self._widen(self.bound + 1)
        else:
            self._widen(self._first * (1 + 2 ** (self._raised - 1) / 8) if self._first else 2.0**self._raised)

    def _meet(self) -> float:
        """Grow both balls until they share a pair, and return its distance from start to goal; infinity if none can."""
        mine, other = self._to, self._from
        new: Iterable[int] = mine.settled
        while not any(other.settled.get(pair, inf) < inf for pair in new):
            mine, other = (self._to, self._from) if self._to.rim <= self._from.rim else (self._from, self._to)
            if mine.radius == inf:
                return inf
            new = mine.grow()
        shared = self._to.settled.keys() & self._from.settled.keys()
        return min(self._to.settled[pair] + self._from.settled[pair] for pair in shared)

    def _widen(self, bound: float) -> None:
        to, away = self._to, self._from
        while to.radius < inf and away.radius < inf and to.radius + away.radius <= bound * (1 + SLACK):
            (to if to.rim <= away.rim else away).grow()
        self.bound = bound if to.radius < inf and away.radius < inf else inf
        self.table = to.settled if to.radius == inf else to.settled | self._within(self.bound * (1 + SLACK))

    def _within(self, bound: float) -> dict[int, float]:
        """Return the distances of the pairs that only the ball of the sources holds, as far as the bound lets them matter."""
        near, far, forward, backward = self._to.settled, self._from.settled, self._graph.forward, self._graph.backward
        room = bound - self._to.radius
        queue: list[tuple[float, int]] = []
        for pair, gone in far.items():
            if gone <= room and pair not in near:
                left = min((weight + near[end] for end, weight, _, _ in forward[pair] if end in near), default=inf)
                if gone + left <= bound and left < inf:
                    queue.append((left, pair))
        heapify(queue)
        found: dict[int, float] = {}
        while queue:
            left, pair = heappop(queue)
            if pair in found:
                continue
            found[pair] = left
            for before, weight in backward[pair]:
                if (
                    before in far
                    and before not in near
                    and before not in found
                    and far[before] + left + weight <= bound
                ):
                    heappush(queue, (left + weight, before))
        return found


class Hops:
    """The ball of pairs within some number of steps; all nearer than `radius` are in `settled`."""

    __slots__ = ("_rim", "_rows", "radius", "settled")

    def __init__(
        self,
        rows: Mapping[int, Iterable[tuple[int, *tuple[float, ...]]]],
        centre: Iterable[int],
        walls: dict[int, float],
    ) -> None:
        self._rows = rows
        self._rim = list(dict.fromkeys(centre))
        self.settled: dict[int, float] = walls | dict.fromkeys(self._rim, 0)
        self.radius: float = 1

    @property
    def rim(self) -> int:
        """How many pairs the next growth starts from."""
        return len(self._rim)

    def grow(self) -> list[int]:
        """Settle the pairs one step further out, and return them."""
        settled, rows, radius = self.settled, self._rows, self.radius
        rim = []
        for pair in self._rim:
            for step in rows[pair]:
                if (end := step[0]) not in settled:
                    settled[end] = radius
                    rim.append(end)
        self._rim = rim
        self.radius = radius + 1 if rim else inf
        return rim


class _Nearest:
    """The same by weight (Dijkstra's algorithm, some pairs at a time)."""

    __slots__ = ("_queue", "_rows", "_seen", "radius", "settled")

    def __init__(
        self,
        rows: Mapping[int, Iterable[tuple[int, float, *tuple[int, ...]]]],
        centre: Iterable[int],
        walls: dict[int, float],
    ) -> None:
        self._rows = rows
        self._queue: list[tuple[float, int]] = [(0, pair) for pair in sorted(set(centre))]
        self._seen = walls | {pair: 0 for _, pair in self._queue}
        self.settled = dict(walls)
        self.radius: float = 0
        self.grow()

    @property
    def rim(self) -> int:
        """How many pairs wait."""
        return len(self._queue)

    def grow(self) -> list[int]:
        """Settle the next pairs in order of distance, and return them."""
        queue, rows, seen, settled = self._queue, self._rows, self._seen, self.settled
        new: list[int] = []
        while queue and len(new) < _BATCH:
            distance, pair = heappop(queue)
            if pair in settled:
                continue
            settled[pair] = distance
            new.append(pair)
            for end, weight, *_ in rows[pair]:
                further = distance + weight
                if further < seen.get(end, inf):
                    seen[end] = further
                    heappush(queue, (further, end))
        while queue and queue[0][1] in settled:
            heappop(queue)
        self.radius = queue[0][0] if queue else inf
        return new
