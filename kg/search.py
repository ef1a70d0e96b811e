"""Which are the best simple paths, in exact order, one after the other, on graphs from a hundred nodes to millions.

The search grows paths from the sources, always the one that could become the best: what it weighs plus what is left to go at
least (A*, on the tree of paths). What is left is the exact distance in the graph of (node, state) pairs, so that on most graphs
hardly a path is begun that does not lead to an answer. A path begun cannot pass its own nodes again, which such distances do not
know; where the search finds nothing for a while it therefore looks, for each path taken up, how far it is without them.
Without a sign, level or node wished for, the time between two answers is so at most polynomial; with them it cannot be, for
finding a simple path of one sign is NP-complete. Then `effort` says when to give up.

References
----------
P. E. Hart, N. J. Nilsson, B. Raphael, A formal basis for the heuristic determination of minimum cost paths, IEEE Transactions on
Systems Science and Cybernetics 4(2) (1968), 100-107, doi:10.1109/TSSC.1968.300136.
E. L. Lawler, A procedure for computing the K best solutions to discrete optimization problems and its application to the
shortest path problem, Management Science 18(7) (1972), 401-405, doi:10.1287/mnsc.18.7.401.
A. S. LaPaugh, C. H. Papadimitriou, The even-path problem for graphs and digraphs, Networks 14(4) (1984), 507-513,
doi:10.1002/net.3230140403.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import islice, pairwise
from math import fsum, inf
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar, cast

from kg.ahead import Ahead
from kg.errors import InputError, LimitError
from kg.remaining import SLACK, Hops, Remaining
from kg.states import state_graph

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator

    from kg.ahead import Begun, Step
    from kg.indexed import PathIndex
    from kg.states import StateGraph

__all__ = ["EFFORT", "FoundPath", "best_paths", "strongest_paths"]

N = TypeVar("N", bound="Hashable")

EFFORT = 1_000_000
"""How many paths are taken up before a search gives up, unless told otherwise; some seconds, and some hundred megabytes."""

_SMALL = 5_000
"""Up to so many steps, times states, distances are found at once for the whole graph."""

_KEPT = 100
"""For so many targets at most a small graph keeps its distances."""

_IDLE = 30
"""After so many paths taken up without an answer, each is looked at again without its own nodes."""


class FoundPath(NamedTuple, Generic[N]):
    """A path that passes no node twice, with the sign of each step."""

    nodes: tuple[N, ...]
    signs: tuple[int, ...]
    """One fewer than nodes; 1 more makes for more, -1 more makes for less."""
    weight: float
    """The sum of the weights of its steps; their number where the search was not weighted."""


def best_paths(
    index: PathIndex[N],
    sources: Iterable[N],
    targets: Iterable[N],
    *,
    k: int | None = None,
    sign: int | None = None,
    weighted: bool = False,
    max_length: int | None = None,
    forbidden: Iterable[N] = (),
    passing: Iterable[N] = (),
    min_level: int | None = None,
    weakest: int | None = None,
    inner_ends: bool = True,
    effort: int = EFFORT,
) -> Iterator[FoundPath[N]]:
    """Return an iterator over the simple paths from some nodes to some others, best first.

    Parameters
    ----------
    index
        The graph, as `kg.indexed.path_index` lays it out.
    sources, targets
        A path starts in one of the sources and ends in another node, one of the targets. A node may be in both.
    k
        How many at most, from 1; None for all. To know whether there are more, ask for one more.
    sign
        1 or -1: only paths whose signs multiply to it; None for all.
    weighted
        Whether the best path is the one of least weight; else it is the one of fewest steps.
    max_length
        Most steps of a path, from 1; None for any number.
    forbidden
        Nodes that no path may touch, as an end neither.
    passing
        Nodes of which each path must touch one at least, as an end or on the way; none for no such wish.
    min_level
        Least level of a step; None for any. A step has the highest level of the edges that it merges.
    weakest
        The level of the weakest step: no step is below it and one at least is at it. None for any.
    inner_ends
        Whether a path may run through further sources and targets, as every simple path may. If not, no node but the
        first and the last is one of them.
    effort
        How many paths to take up at most, answers and beginnings together, before giving up.

    Returns
    -------
    iterator of FoundPath
        Ordered by weight (or number of steps), then nodes in index order, then signs, 1 before -1; each once. Two nodes
        with steps of both signs give a path for each. Lazy: what is not asked for is not searched for. Weights that are
        not whole are added by `math.fsum`, and compared as it rounds them.

    Raises
    ------
    UnknownTermError
        If a node is not in the graph.
    InputError
        If source and target are one, or an option is out of its range or asks for weights or levels that the index lacks.
    LimitError
        By the iterator, once `effort` is spent; what it returned until then is right and complete so far.
    """
    start, end, barred, wanted = (
        frozenset(map(index.number, nodes)) for nodes in (sources, targets, forbidden, passing)
    )
    if start == end and len(start) == 1:
        raise InputError(f"a path needs two ends, and both are {index.nodes[min(start)]}")
    for name, number in (("k", k), ("max_length", max_length), ("effort", effort)):
        if number is not None and number < 1:
            raise InputError(f"{name} is {number}; expected 1 or more")
    if sign not in {None, 1, -1}:
        raise InputError(f"sign is {sign}; expected 1, -1 or None for both")
    if weighted and index.forward.weights is None:
        raise InputError("the index has no weights; name the attribute that holds them when it is made")
    if (min_level is not None or weakest is not None) and index.forward.levels is None:
        raise InputError("the index has no levels; name the attribute that holds them when it is made")
    least = weakest if min_level is None else min_level if weakest is None else max(weakest, min_level)
    graph = state_graph(
        index, signed=sign is not None, weighted=weighted, min_level=least, level=weakest, passing=wanted
    )
    task = _Task(index, graph, start - barred, end - barred, barred, sign, weighted, max_length, inner_ends, effort)
    return islice(_search(task), k)


def strongest_paths(
    index: PathIndex[N],
    sources: Collection[N],
    targets: Collection[N],
    *,
    k: int | None = None,
    sign: int | None = None,
    max_length: int | None = None,
    forbidden: Collection[N] = (),
    passing: Collection[N] = (),
    min_level: int | None = None,
    effort: int = EFFORT,
) -> Iterator[FoundPath[N]]:
    """Return an iterator over the simple paths from some nodes to some others, those with the strongest weakest step first.

    Parameters
    ----------
    index
        With levels.
    sources, targets, k, sign, max_length, forbidden, passing, min_level, effort
        As for `best_paths`; the effort is for each level.

    Returns
    -------
    iterator of FoundPath
        Ordered by the level of the weakest step, highest first, then number of steps, nodes and signs.

    Raises
    ------
    InputError
        As for `best_paths`; also UnknownTermError, and LimitError by the iterator.
    """
    if index.forward.levels is None:
        raise InputError("the index has no levels; name the attribute that holds them when it is made")
    levels = sorted(set(index.forward.levels.tolist()), reverse=True)
    searches = [
        best_paths(
            index,
            sources,
            targets,
            k=k,
            sign=sign,
            max_length=max_length,
            forbidden=forbidden,
            passing=passing,
            weakest=level,
            effort=effort,
        )
        for level in levels
        if min_level is None or level >= min_level
    ]
    return islice((path for search in searches for path in search), k)


@dataclass(frozen=True, slots=True)
class _Task(Generic[N]):
    index: PathIndex[N]
    graph: StateGraph
    starts: frozenset[int]
    ends: frozenset[int]
    barred: frozenset[int]
    sign: int | None
    weighted: bool
    max_length: int | None
    inner_ends: bool
    effort: int

    def ahead(self, goals: frozenset[int]) -> Ahead:
        """Return what lies ahead.

        On a small graph that is found for all sources at once and kept, for people ask from many sources to one target.
        A pair that no path passes on its way is a wall: those of forbidden nodes, and of an only source or target those
        that a path cannot have there.
        """
        graph, kept = self.graph, self.index.layouts
        whole = self.index.step_count << graph.bits <= _SMALL
        shared = whole and graph.shared and self.inner_ends and not self.barred
        key = (graph.bits, self.weighted, goals)
        if shared and key in kept:
            return cast("Ahead", kept[key])
        roots = [graph.start(node) for node in self.starts]
        walls = [pair for node in self.barred for pair in graph.pairs(node)]
        if graph.bits:
            if len(self.ends) == 1:
                walls += [pair for node in self.ends for pair in graph.pairs(node) if pair not in goals]
            if len(self.starts) == 1 and not self.starts & self.ends and not shared:
                walls += [pair for node in self.starts for pair in graph.pairs(node) if pair not in roots]
        remaining = Remaining(graph, roots, goals, walls, weighted=self.weighted, whole_graph=whole)
        found = Ahead(graph, goals, frozenset() if self.inner_ends else self.starts | self.ends, remaining)
        if shared:
            if sum(isinstance(each, Ahead) for each in kept.values()) >= _KEPT:
                kept.clear()
            kept[key] = found
        return found

    def hops(self, goals: Collection[int]) -> dict[int, float] | None:
        """Return the numbers of steps to the goals, where they are limited beside the weight."""
        if not self.weighted or self.max_length is None:
            return None
        ball = Hops(self.graph.backward, goals, {})
        while ball.radius <= self.max_length:
            ball.grow()
        return ball.settled


def _search(task: _Task[N]) -> Iterator[FoundPath[N]]:
    if not task.starts or not task.ends:
        return
    graph, index = task.graph, task.index
    goals = frozenset(graph.goal(node, task.sign) for node in task.ends)
    stops_there = len(goals) == 1 or not task.inner_ends
    exact = not task.weighted or index.whole
    shrink = 1 if exact else 1 - SLACK
    longest = inf if task.max_length is None else task.max_length
    most = inf if task.weighted else longest
    hops = task.hops(goals)
    ahead = task.ahead(goals)
    heap: list[Begun] = [(0, (node,), (), graph.start(node), 0) for node in sorted(task.starts)]
    later: list[tuple[Begun, list[Step] | None]] = []
    done: list[Begun] = []
    spent = idle = 0
    while True:
        bound, rows = ahead.bound, ahead.rows
        while heap:
            begun = heappop(heap)
            least, nodes, negative, pair, weight = begun
            if least > most:
                return
            while done and done[0][0] < least * shrink:
                yield _named(index, heappop(done))
            spent += 1
            idle += 1
            if spent > task.effort:
                raise LimitError(f"the search for paths stopped at its limit: {task.effort:,} paths taken up")
            if pair in goals and len(nodes) > 1:
                idle = 0
                if exact:
                    yield _named(index, begun)
                else:
                    heappush(done, (_sum(index, nodes, negative), nodes, negative, pair, weight))
                if stops_there:
                    continue
            elif idle > _IDLE:
                real, looked = ahead.detour(begun)
                spent += looked
                if real == inf:
                    if bound < inf:
                        later.append((begun, None))
                    continue
                if real > least:
                    heappush(heap, (real, nodes, negative, pair, weight))
                    continue
            if len(nodes) > longest:
                continue
            put_off: list[Step] = []
            for step in rows[pair]:
                cost, left, end, node, minus = step
                if node in nodes or (hops is not None and len(nodes) + hops.get(end, inf) > longest):
                    continue
                reach = weight + cost + left
                if reach > bound:
                    put_off.append(step)
                else:
                    heappush(
                        heap,
                        (reach if reach > least else least, (*nodes, node), (*negative, minus), end, weight + cost),
                    )
            if put_off:
                later.append((begun, put_off))
        while done and (bound == inf or done[0][0] < bound * shrink):
            yield _named(index, heappop(done))
        if bound == inf or bound >= most or not later:
            break
        ahead.raise_bound()
        later = _taken_up_again(later, ahead, heap)


def _taken_up_again(
    later: list[tuple[Begun, list[Step] | None]], ahead: Ahead, heap: list[Begun]
) -> list[tuple[Begun, list[Step] | None]]:
    """Put back on the heap what the raised bound allows, and return what still has to wait."""
    table, bound = ahead.table, ahead.bound
    waiting: list[tuple[Begun, list[Step] | None]] = []
    for begun, steps in later:
        if steps is None:
            heap.append(begun)
            continue
        least, nodes, negative, _, weight = begun
        put_off = []
        for step in steps:
            cost, _, end, node, minus = step
            reach = weight + cost + table.get(end, inf)
            if reach > bound:
                put_off.append(step)
            elif reach < inf:
                heap.append((max(least, reach), (*nodes, node), (*negative, minus), end, weight + cost))
        if put_off:
            waiting.append((begun, put_off))
    heapify(heap)
    return waiting


def _named(index: PathIndex[N], begun: Begun) -> FoundPath[N]:
    names = index.nodes
    return FoundPath(tuple([names[node] for node in begun[1]]), tuple([1 - 2 * minus for minus in begun[2]]), begun[0])


def _sum(index: PathIndex[N], nodes: tuple[int, ...], negative: tuple[int, ...]) -> float:
    """Return the weight of a path, rounded once, so that it does not depend on the order of its steps."""
    weights: list[float] = []
    for (tail, head), minus in zip(pairwise(nodes), negative, strict=True):
        links = index.forward
        first = bisect_left(links.ends, head, links.starts[tail], links.starts[tail + 1])
        place = first if links.negative[first] == minus else first + 1
        weights.append(links.weights[place] if links.weights is not None else 1)
    return fsum(weights)
