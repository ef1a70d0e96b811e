"""What lies ahead of a path begun: the steps that may lead to a goal, and how far it still is without its own nodes."""

from __future__ import annotations

from heapq import heappop, heappush
from math import inf
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.remaining import Remaining
    from kg.states import StateGraph

__all__ = ["Ahead", "Begun", "Step"]

Begun: TypeAlias = tuple[float, tuple[int, ...], tuple[int, ...], int, float]
"""A path begun: what any path that goes on from it weighs at least, its nodes, its minuses, where it stands, what it weighs.

The order of these is that of the answers, and a path comes before all that go on from it.
"""
Step: TypeAlias = tuple[float, float, int, int, int]
"""A step that may lead to a goal: its weight, what is left after it, the pair it leads to, that pair's node, its minus."""


class Ahead:
    """What lies ahead of each pair: the steps that may lead to a goal, with what is left after each, up to the bound."""

    __slots__ = ("_goals", "_graph", "_remaining", "_shut", "bound", "rows", "table")

    def __init__(self, graph: StateGraph, goals: frozenset[int], shut: frozenset[int], remaining: Remaining) -> None:
        self._graph, self._goals, self._shut, self._remaining = graph, goals, shut, remaining
        self._look()

    def raise_bound(self) -> None:
        """Look further ahead."""
        self._remaining.raise_bound()
        self._look()

    def _look(self) -> None:
        self.bound, self.table = self._remaining.bound, self._remaining.table
        self.rows = _StepRows(self._graph, self._goals, self._shut, self.table, whole=self.bound == inf)

    def detour(self, begun: Begun) -> tuple[float, int]:
        """Return what a walk to a goal weighs at least that passes none of the nodes begun with, and the effort it took."""
        least, nodes, _, first, already = begun
        queue = [(least, already, first)]
        seen: set[int] = set()
        while queue:
            least, weight, pair = heappop(queue)
            if pair in self._goals and pair != first:
                return least, len(seen)
            if pair in seen:
                continue
            seen.add(pair)
            for cost, left, end, node, _ in self.rows[pair]:
                reach = weight + cost + left
                if reach <= self.bound and end not in seen and node not in nodes:
                    heappush(queue, (max(least, reach), weight + cost, end))
        return inf, len(seen)


class _StepRows(dict[int, list[Step]]):
    __slots__ = ("goals", "graph", "shut", "table", "whole")

    def __init__(
        self,
        graph: StateGraph,
        goals: frozenset[int],
        shut: frozenset[int],
        table: Mapping[int, float],
        *,
        whole: bool,
    ) -> None:
        self.graph, self.goals, self.shut, self.table, self.whole = graph, goals, shut, table, whole

    def __missing__(self, pair: int) -> list[Step]:
        table, shut = self.table, self.shut
        steps = self.graph.forward[pair]
        if self.whole:
            row = [
                (cost, left, end, node, minus)
                for end, cost, node, minus in steps
                if (left := table.get(end, inf)) < inf
            ]
        else:
            row = [(cost, table.get(end, inf), end, node, minus) for end, cost, node, minus in steps]
        if shut:
            row = [step for step in row if step[3] not in shut or step[2] in self.goals]
        self[pair] = row
        return row
