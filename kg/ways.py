"""Which simple ways lead from some factors to an outcome so that more of the factor makes for more of the outcome.

A way is a simple path over the signed edges whose signs multiply to +1: it passes no node twice, and reaches the outcome at
its end only. Its steps are searched in states of node and sign, so that ways of the other sign are never listed.

To tell whether a directed graph has a simple path of one parity is NP-complete (LaPaugh and Papadimitriou 1984), and this is the
same question. The search is exact all the same: a breadth-first walk answers nearly always at once; where the shortest walk
meets a node twice, edges that no simple path can use are dropped by their dominators, and a best-first search with exact
distances around the nodes already passed decides. It stops at a stated number of steps.

References
----------
A. S. LaPaugh and C. H. Papadimitriou, The even-path problem for graphs and digraphs, Networks 14(4) (1984), 507-513,
doi:10.1002/net.3230140403.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import networkx as nx

from kg.errors import InputError, LimitError, UnknownTermError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

__all__ = ["Way", "Ways", "in_order", "signed_edges"]

# For each node, the nodes that it leads to, each with 0 where the sign is kept and 1 where it is turned.
_Adjacency: TypeAlias = "list[list[tuple[int, int]]]"
# A state is 4 * node + mode. The bits of the mode: 1, the signs so far multiply to -1; 2, what has to be touched has been.
_State: TypeAlias = int
_DONE = 2


@dataclass(frozen=True, slots=True)
class Way:
    """A simple path from a factor to the outcome, as nodes and the signs of its steps."""

    nodes: tuple[str, ...]
    signs: tuple[int, ...]
    """1 or -1 for each step."""
    claims: tuple[tuple[str, ...], ...]
    """The keys of the edges that make each step, sorted; parallel edges of one sign make one step."""

    def __len__(self) -> int:
        return len(self.signs)


def in_order(names: Iterable[str]) -> list[str]:
    """Return names in the order of every answer: as text, so that nodes of other types than strings have one too."""
    return sorted(names, key=lambda name: (str(name), type(name).__name__))


def signed_edges(graph: nx.MultiDiGraph[str]) -> Iterator[tuple[str, str, int, str, dict[str, object]]]:
    """Yield the edges that ways can use: those with a sign, but for the claims that no source asserts.

    Parameters
    ----------
    graph
        Of its edge attributes ``sign`` alone is needed; an edge without one, or with 0, is passed over.

    Yields
    ------
    (str, str, int, str, dict)
        Subject, object, sign (1 or -1), key as text, attributes.

    Raises
    ------
    InputError
        If the graph is no directed multigraph, if it has edges and none has a sign, or if a sign is not 1, 0 or -1.
    """
    if not (graph.is_directed() and graph.is_multigraph()):
        raise InputError(
            f"expected a networkx.MultiDiGraph, not a {type(graph).__name__}; MultiDiGraph(graph) makes one"
        )
    unsigned = graph.number_of_edges() > 0
    for subject, object_, key, edge in graph.edges(keys=True, data=True):
        sign = edge.get("sign")
        if sign is None:
            continue
        unsigned = False
        if sign not in (1, 0, -1):
            raise InputError(
                f"the edge from {subject} to {object_} has the sign {sign!r}; expected 1, -1, or 0 for none"
            )
        if sign and edge.get("asserted", True):
            yield subject, object_, int(sign), str(key), edge
    if unsigned:
        raise InputError(
            "the graph has no sign on its edges; expected the attribute sign, 1 (increases) or -1 (decreases)"
        )


class Ways:
    """The increasing ways of one graph from some factors to an outcome, found as they are asked for.

    Only nodes that some factor reaches and that reach the outcome are kept.

    Parameters
    ----------
    graph
        With ``sign`` on its edges.
    factors, outcome
        Nodes of the graph.
    max_steps
        How many beginnings of ways one search may look at before it gives up.
    """

    def __init__(
        self, graph: nx.MultiDiGraph[str], factors: Iterable[str], outcome: str, *, max_steps: int = 100_000
    ) -> None:
        wanted = in_order(set(factors))
        for node in (*wanted, outcome):
            if node not in graph:
                raise UnknownTermError(str(node))
        if not wanted:
            raise InputError("no factor was given; expected one or more")
        if outcome in wanted:
            raise InputError(f"a way needs two ends, and both are {outcome}")
        if max_steps < 1:
            raise InputError(f"max_steps is {max_steps}; expected 1 or more")
        self._max_steps = max_steps
        claims: dict[tuple[str, str, int], list[str]] = defaultdict(list)
        plain: nx.DiGraph[str] = nx.DiGraph()
        plain.add_nodes_from([*wanted, outcome])
        for subject, object_, sign, key, _ in signed_edges(graph):
            # Nothing goes on from the outcome, and no simple path uses a loop.
            if subject not in {outcome, object_}:
                claims[subject, object_, sign].append(key)
                plain.add_edge(subject, object_)
        onward = set(wanted).union(*(nx.descendants(plain, factor) for factor in wanted))
        kept = onward & {outcome, *nx.ancestors(plain, outcome)}
        self.nodes: tuple[str, ...] = tuple(in_order(kept))
        """The nodes that a walk from a factor to the outcome can pass, in order."""
        self._number = {node: number for number, node in enumerate(self.nodes)}
        self._claims = {edge: tuple(sorted(keys)) for edge, keys in claims.items()}
        self._outcome = self._number.get(outcome)
        self._factors = [self._number[factor] for factor in wanted if factor in kept]
        self._onward: _Adjacency = [[] for _ in self.nodes]
        for subject, object_, sign in claims:
            if subject in kept and object_ in kept:
                self._onward[self._number[subject]].append((self._number[object_], int(sign < 0)))
        for leads in self._onward:
            leads.sort()

    def any_way(self, blocked: Collection[str] = (), *, touching: Collection[str] | None = None) -> Way | None:
        """Return a way that passes no blocked node, a short one where that is easy to tell.

        Parameters
        ----------
        blocked
            Nodes that the way must not pass, its ends included.
        touching
            If given, the way passes at least one of these nodes, its ends included.

        Returns
        -------
        Way or None
            None if there is no such way. The same for the same arguments, whatever the order of the graph.
        """
        closed = self._numbers(blocked)
        touch = None if touching is None else self._numbers(touching) - closed
        if self._outcome is None or self._outcome in closed or touch == set():
            return None
        adjacency = self._onward
        for attempt in ("all edges", "edges that a simple path can use"):
            walk = self._walk(adjacency, closed, touch)
            if walk is None:
                return None
            if len({state >> 2 for state in walk}) == len(walk):
                return self._way(walk)
            if attempt == "all edges":
                adjacency = self._usable(closed)
        return next(self._best_first(adjacency, closed, touch), None)

    def lighter_than(
        self, limit: float, weights: Mapping[str, float], *, touching: Collection[str] | None = None
    ) -> Iterator[Way]:
        """Yield some ways whose nodes together weigh less than a limit: a lightest through each node, where that is easy to tell.

        Parameters
        ----------
        limit
            Above 0.
        weights
            Of the nodes, from 0; a node that is not named weighs nothing.
        touching
            As for `any_way`.

        Yields
        ------
        Way
            Each once. None where the lightest walks are all too heavy or pass a node twice, which does not mean that there is no
            such way.
        """
        touch = None if touching is None else self._numbers(touching)
        starts = self._starts(set(), touch)
        if self._outcome is None or not starts or touch == set():
            return
        heavy = [weights.get(node, 0.0) for node in self.nodes]
        goal = 4 * self._outcome + _DONE
        onward = self._states(touch)
        back: dict[_State, list[_State]] = defaultdict(list)
        for state, leads in onward.items():
            for after in leads:
                back[after].append(state)
        first, before = _lightest(onward, starts, heavy, limit)
        last, after_ = _lightest(back, [goal], heavy, limit)
        seen = set()
        for state in sorted(first.keys() & last.keys()):
            if first[state] + last[state] - heavy[state >> 2] < limit:
                walk = (*_chain(state, before)[:0:-1], *_chain(state, after_))
                if walk not in seen and len({passed >> 2 for passed in walk}) == len(walk):
                    seen.add(walk)
                    yield self._way(walk)

    def shortest(self, blocked: Collection[str] = (), *, touching: Collection[str] | None = None) -> Iterator[Way]:
        """Yield the ways that pass no blocked node, shortest first, ties in the order of their nodes.

        Parameters
        ----------
        blocked, touching
            As for `any_way`.

        Yields
        ------
        Way
            Each once.
        """
        closed = self._numbers(blocked)
        touch = None if touching is None else self._numbers(touching) - closed
        if self._outcome is not None and self._outcome not in closed and touch != set():
            yield from self._best_first(self._usable(closed), closed, touch)

    def _numbers(self, nodes: Collection[str]) -> set[int]:
        return {self._number[node] for node in nodes if node in self._number}

    def _starts(self, closed: set[int], touch: set[int] | None) -> list[_State]:
        return [
            4 * factor + (_DONE if touch is None or factor in touch else 0)
            for factor in self._factors
            if factor not in closed
        ]

    def _walk(self, adjacency: _Adjacency, closed: set[int], touch: set[int] | None) -> list[_State] | None:
        """Return a shortest walk in states; it may pass a node in two of them."""
        starts = self._starts(closed, touch)
        before: dict[_State, _State | None] = dict.fromkeys(starts)
        queue = deque(starts)
        goal = 4 * (self._outcome or 0) + _DONE
        while queue:
            state = queue.popleft()
            mode = state & 3
            for node, turned in adjacency[state >> 2]:
                if node in closed:
                    continue
                after = 4 * node + (mode ^ turned | (_DONE if touch is not None and node in touch else 0))
                if after in before:
                    continue
                before[after] = state
                if after == goal:
                    walk = [after]
                    while (last := before[walk[-1]]) is not None:
                        walk.append(last)
                    return walk[::-1]
                queue.append(after)
        return None

    def _states(self, touch: set[int] | None) -> dict[_State, list[_State]]:
        return {
            4 * node + mode: [
                4 * after + (mode ^ turned | (_DONE if touch is not None and after in touch else 0))
                for after, turned in leads
            ]
            for node, leads in enumerate(self._onward)
            for mode in range(4)
        }

    def _usable(self, closed: set[int]) -> _Adjacency:
        """Return the edges left when those that no simple path from a factor to the outcome can use are dropped.

        An edge is of no use where every walk to its start and every walk from its end pass one common node: a simple path would
        pass that node twice.
        """
        outcome, root = self._outcome or 0, -1
        edges = {
            (node, after)
            for node, leads in enumerate(self._onward)
            if node not in closed
            for after, _ in leads
            if after not in closed
        }
        while True:
            plain: nx.DiGraph[int] = nx.DiGraph()
            plain.add_nodes_from([root, outcome])
            plain.add_edges_from((root, factor) for factor in self._factors if factor not in closed)
            plain.add_edges_from(edges)
            needed_before = _dominators(plain, root)
            needed_after = _dominators(plain.reverse(copy=False), outcome)
            kept = {
                (node, after)
                for node, after in edges
                if node in needed_before and after in needed_after and not needed_before[node] & needed_after[after]
            }
            if kept == edges:
                break
            edges = kept
        return [
            [(after, turned) for after, turned in leads if (node, after) in edges]
            for node, leads in enumerate(self._onward)
        ]

    def _best_first(self, adjacency: _Adjacency, closed: set[int], touch: set[int] | None) -> Iterator[Way]:
        backward: _Adjacency = [[] for _ in adjacency]
        for node, leads in enumerate(adjacency):
            if node not in closed:
                for after, turned in leads:
                    backward[after].append((node, turned))
        goal = 4 * (self._outcome or 0) + _DONE
        # By the length of the shortest walk on; among equals a beginning comes before what it goes on to, and the lower states
        # first, so that ways of one length leave the heap in order.
        heap: list[tuple[int, tuple[_State, ...]]] = [(0, ())]
        for step in range(self._max_steps + 1):
            if not heap:
                return
            _, path = heappop(heap)
            if path and path[-1] == goal:
                yield self._way(path)
                continue
            if step == self._max_steps:
                break
            passed = {state >> 2 for state in path}
            togo = _distances(backward, goal, closed | passed, touch)
            for state in self._next(path, adjacency, closed, touch):
                if state >> 2 not in passed and state in togo:
                    heappush(heap, (len(path) + togo[state], (*path, state)))
        raise LimitError(
            f"the search for ways to {self.nodes[goal >> 2]} stopped after max_steps = {self._max_steps} steps, undecided"
        )

    def _next(
        self, path: Sequence[_State], adjacency: _Adjacency, closed: set[int], touch: set[int] | None
    ) -> Iterator[_State]:
        if not path:
            yield from self._starts(closed, touch)
            return
        mode = path[-1] & 3
        for node, turned in adjacency[path[-1] >> 2]:
            if node not in closed:
                yield 4 * node + (mode ^ turned | (_DONE if touch is not None and node in touch else 0))

    def _way(self, states: Sequence[_State]) -> Way:
        nodes = tuple(self.nodes[state >> 2] for state in states)
        signs = tuple(-1 if (state ^ after) & 1 else 1 for state, after in pairwise(states))
        steps = zip(nodes, nodes[1:], signs, strict=False)
        return Way(nodes, signs, tuple(self._claims[step] for step in steps))


def _lightest(
    leads: Mapping[_State, Sequence[_State]], starts: Iterable[_State], heavy: Sequence[float], limit: float
) -> tuple[dict[_State, float], dict[_State, _State | None]]:
    """Return how much the lightest walk to each state weighs, if below a limit, and the state before it on that walk."""
    weights: dict[_State, float] = {}
    before: dict[_State, _State | None] = {}
    heap: list[tuple[float, int, _State, _State]] = [(heavy[start >> 2], 0, start, -1) for start in starts]
    heapify(heap)
    while heap:
        weight, steps, state, previous = heappop(heap)
        if state in weights or weight >= limit:
            continue
        weights[state] = weight
        before[state] = previous if previous >= 0 else None
        for after in leads.get(state, ()):
            if after not in weights:
                heappush(heap, (weight + heavy[after >> 2], steps + 1, after, state))
    return weights, before


def _chain(state: _State, before: Mapping[_State, _State | None]) -> list[_State]:
    chain = [state]
    while (previous := before[chain[-1]]) is not None:
        chain.append(previous)
    return chain


def _distances(backward: _Adjacency, goal: _State, closed: set[int], touch: set[int] | None) -> dict[_State, int]:
    """Return how many steps the shortest walk to the goal has, from each state that one leads from."""
    distances = {goal: 0}
    queue = deque([goal])
    while queue:
        state = queue.popleft()
        node, mode = state >> 2, state & 3
        marks: tuple[int, ...] = (mode & _DONE,)
        if touch is not None and node in touch:
            # Touched here at the latest: before it, touched or not.
            marks = (0, _DONE) if mode & _DONE else ()
        for previous, turned in backward[node]:
            if previous in closed:
                continue
            for mark in marks:
                before = 4 * previous + ((mode & 1) ^ turned | mark)
                if before not in distances:
                    distances[before] = distances[state] + 1
                    queue.append(before)
    return distances


def _dominators(graph: nx.DiGraph[int], root: int) -> dict[int, int]:
    """Return, for each node that the root reaches, the nodes that every walk to it passes, itself included, as bits."""
    # Versions of networkx differ in whether the root is its own dominator, has none, or is left out.
    above = nx.immediate_dominators(graph, root)
    found: dict[int, int] = {}
    for node in above:
        chain = [node]
        while chain[-1] not in found and (parent := above.get(chain[-1])) is not None and parent != chain[-1]:
            chain.append(parent)
        bits = found.get(chain[-1], 0)
        for link in reversed(chain):
            if link >= 0:
                bits |= 1 << link
            found[link] = bits
    return found
