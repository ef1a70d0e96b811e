"""How independent are the ways from one node to another, and which fewest nodes are on all of them.

Signs make no difference here: a path is a sequence of nodes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from kg.errors import InputError
from kg.reach import beyond

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from kg.indexed import PathIndex

__all__ = ["disjoint_paths", "minimum_node_cut"]

N = TypeVar("N", bound="Hashable")


def disjoint_paths(index: PathIndex[N], source: N, target: N) -> list[tuple[N, ...]]:
    """Return a largest set of paths that share no node but their ends.

    Parameters
    ----------
    index
        The graph.
    source, target
        Two nodes of the graph.

    Returns
    -------
    list of tuple
        Shortest first, then in index order. Their number is one answer to how many independent ways there are; which of
        several largest sets is returned depends on the graph alone. By Menger's theorem the number is also that of the
        nodes of a minimum cut, where no step joins the two. The time is the number times that of a sweep, at most.

    Raises
    ------
    InputError
        If source and target are one; also UnknownTermError.

    References
    ----------
    K. Menger, Zur allgemeinen Kurventheorie, Fundamenta Mathematicae 10 (1927), 96-115, doi:10.4064/fm-10-1-96-115.
    """
    flow = _Flow(index, *index.two_numbers(source, target))
    found = sorted(flow.paths(), key=lambda path: (len(path), path))
    return [tuple(index.nodes[node] for node in path) for path in found]


def minimum_node_cut(index: PathIndex[N], source: N, target: N) -> tuple[N, ...]:
    """Return a smallest set of nodes without which nothing leads from one node to another.

    Parameters
    ----------
    index
        The graph.
    source, target
        Two nodes of the graph; neither is in the cut.

    Returns
    -------
    tuple
        In index order; empty where nothing leads from source to target. Of all minimum cuts it is the one nearest to the
        target, which is unique and the one that `networkx.minimum_node_cut` returns.

    Raises
    ------
    InputError
        If source and target are one, or a step joins them, so that no cut exists; also UnknownTermError.

    References
    ----------
    S. Even, R. E. Tarjan, Network flow and testing graph connectivity, SIAM Journal on Computing 4(4) (1975), 507-518,
    doi:10.1137/0204043.
    """
    start, goal = index.two_numbers(source, target)
    if goal in index.forward.row(start):
        raise InputError(f"no cut parts {source} from {target}: a step joins them")
    return tuple(index.nodes[node] for node in _Flow(index, start, goal).cut())


class _Flow:
    """A largest set of paths from one node to another that share no node between.

    Each node is split in two halves, in and out, joined by one arc, so that one path at most passes it: node v has the halves
    2v and 2v + 1. Paths are found one by one, each by a search from both ends in what the paths so far leave open (Ford and
    Fulkerson's residual graph), which looks at little of a large graph.
    """

    def __init__(self, index: PathIndex[N], source: int, target: int) -> None:
        self._forward, self._backward = index.forward, index.backward
        self._source, self._target = source, target
        self._after: dict[int, int] = {}
        """The next node on its path, for each inner node of one."""
        self._before: dict[int, int] = {}
        self._first: set[int] = set()
        self._last: set[int] = set()
        self._behind: set[int] = set()
        self._swept = False
        while (way := self._open_way()) is not None:
            self._add(way)

    def paths(self) -> list[tuple[int, ...]]:
        """Return the paths, in no order."""
        found = []
        for node in self._first:
            path = [self._source, node]
            while path[-1] != self._target:
                path.append(self._after[path[-1]])
            found.append(tuple(path))
        return found

    def cut(self) -> list[int]:
        """Return the nodes at which the paths enter what still leads to the target, sorted."""
        if not self._swept:
            self._sweep()
        cut = []
        for node in self._after:
            leads = 2 * node + 1 in self._behind or self._after[node] == self._target
            if leads and 2 * node not in self._behind:
                cut.append(node)
        return sorted(cut)

    def _open_way(self) -> list[int] | None:
        """Return the halves of a way from source to target that is still open; None if none is."""
        root, goal = 2 * self._source + 1, 2 * self._target
        came: dict[int, int] = {root: root}
        goes: dict[int, int] = {goal: goal}
        near, far = [root], [goal]
        while near and far:
            ahead = len(near) <= len(far)
            seen, other, rim, reached = (came, goes, near, self._onward) if ahead else (goes, came, far, self._inward)
            grown: list[int] = []
            for half in rim:
                for end in reached(half):
                    if end in seen:
                        continue
                    seen[end] = half
                    if end in other:
                        way = [end]
                        while way[-1] != root:
                            way.append(came[way[-1]])
                        way.reverse()
                        while way[-1] != goal:
                            way.append(goes[way[-1]])
                        return way
                    grown.append(end)
            if ahead:
                near = grown
            else:
                far = grown
        self._behind, self._swept = set(goes), not far
        return None

    def _onward(self, half: int) -> Iterable[int]:
        """Return the halves that an open arc leads to."""
        node, out = divmod(half, 2)
        if not out:
            return [2 * self._before[node] + 1] if node in self._before else [half + 1]
        taken = self._first if node == self._source else {self._after.get(node)}
        ends = [2 * end for end in self._forward.row(node) if end not in taken and end not in {self._source, node}]
        return [*ends, 2 * node] if node in self._after else ends

    def _inward(self, half: int) -> Iterable[int]:
        """Return the halves from which an open arc leads here."""
        node, out = divmod(half, 2)
        if out:
            after = self._after.get(node)
            return [half - 1] if after is None and node != self._source else self._cancelled(after)
        taken = self._last if node == self._target else {self._before.get(node)}
        ends = [2 * end + 1 for end in self._backward.row(node) if end not in taken and end not in {self._target, node}]
        return [*ends, half + 1] if node in self._after else ends

    def _cancelled(self, after: int | None) -> list[int]:
        return [] if after is None or after == self._target else [2 * after]

    def _add(self, way: list[int]) -> None:
        steps = [(half // 2, end // 2, half % 2) for half, end in pairwise(way) if half // 2 != end // 2]
        for node, end, out in steps:
            if not out:  # back along a step of an earlier path, which is given up
                self._first.discard(node)
                self._last.discard(end)
                self._after.pop(end, None)
                self._before.pop(node, None)
        for node, end, out in steps:
            if out:
                if node == self._source:
                    self._first.add(end)
                else:
                    self._after[node] = end
                if end == self._target:
                    self._last.add(node)
                else:
                    self._before[end] = node

    def _sweep(self) -> None:
        """Find all halves that still lead to the target: most nodes at a time, those on the paths one by one."""
        import numpy as np

        starts, ends = self._backward.arrays()
        inner, outer = (np.zeros(len(starts) - 1, dtype=bool) for _ in range(2))
        on_path = np.zeros(len(starts) - 1, dtype=bool)
        on_path[[*self._after, self._source, self._target]] = True
        singly = [2 * self._target]
        inner[self._target] = True
        rim = np.zeros(0, dtype=np.int64)
        while singly or len(rim):
            halves = [end for half in singly for end in self._inward(half)]
            met = np.concatenate([
                beyond(starts, ends, rim),
                np.array([h // 2 for h in halves if h % 2], dtype=np.int64),
            ])
            fresh = np.zeros(len(outer), dtype=bool)
            fresh[met] = True
            fresh &= ~outer
            fresh[self._target] = False
            outer |= fresh
            singly = [2 * node + 1 for node in np.flatnonzero(fresh & on_path).tolist()]
            fresh &= ~on_path
            entered = np.array([h // 2 for h in halves if not h % 2], dtype=np.int64)
            fresh[entered] = True
            fresh &= ~inner
            inner |= fresh
            singly += [2 * node for node in np.flatnonzero(fresh & on_path).tolist()]
            rim = np.flatnonzero(fresh & ~on_path)
        self._behind = {2 * node for node in self._after if inner[node]} | {
            2 * node + 1 for node in self._after if outer[node]
        }
        self._swept = True
