"""Which things feed back on themselves: elementary cycles of the causal graph, each once, with their net sign.

Takes any `networkx.MultiDiGraph` with a ``sign`` on its edges, as `kg.paths` does.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import islice, pairwise, product
from typing import TYPE_CHECKING

import networkx as nx

from kg.errors import InputError
from kg.paths import label

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Loop", "Loops", "feedback_loops", "loops_json", "loops_text"]


@dataclass(frozen=True, slots=True, order=True)
class Loop:
    """A cycle that passes no node twice; from the last node it goes back to the first."""

    nodes: tuple[str, ...]
    """Beginning with the first in alphabetical order."""
    signs: tuple[int, ...]
    """Of the step from each node to the next, the last back to the first."""

    @property
    def sign(self) -> int:
        """The product of the signs: 1 for a reinforcing loop, -1 for a balancing one."""
        result = 1
        for sign in self.signs:
            result *= sign
        return result

    @property
    def kind(self) -> str:
        """``reinforcing`` (more of a thing ends in still more of it) or ``balancing`` (in less of it)."""
        return "reinforcing" if self.sign > 0 else "balancing"

    def __len__(self) -> int:
        return len(self.nodes)


@dataclass(frozen=True, slots=True)
class Loops:
    """The loops found, and the bounds that the search kept to."""

    loops: tuple[Loop, ...]
    complete: bool
    """Whether these are all the loops up to the length."""
    max_length: int

    def __iter__(self) -> Iterator[Loop]:
        return iter(self.loops)

    def __len__(self) -> int:
        return len(self.loops)


def feedback_loops(graph: nx.MultiDiGraph[str], *, max_length: int = 8, limit: int = 1000) -> Loops:
    """Return the elementary cycles of the causal edges.

    Parameters
    ----------
    graph
        Edges without a sign of 1 or -1, and claims that no source asserts, are passed over.
    max_length
        Most steps of a loop, from 1; an edge from a node to itself is a loop of one.
    limit
        How many at most, from 1.

    Returns
    -------
    Loops
        Fewest steps first, then in the order of their nodes; each once. Two nodes joined by claims of both signs give a loop
        for each sign.

    Raises
    ------
    InputError
        If a bound is below 1, or an edge has no sign.

    References
    ----------
    D. B. Johnson, Finding all the elementary circuits of a directed graph, SIAM Journal on Computing 4(1) (1975), 77-84,
    doi:10.1137/0204007; bounded in length as in A. Gupta, T. Suzumura, Finding all bounded-length simple cycles in a directed
    graph, arXiv:2105.10094 (2021); both through `networkx.simple_cycles`. The words are those of J. D. Sterman, Business
    Dynamics (2000), chapter 5.
    """
    for name, number in (("max_length", max_length), ("limit", limit)):
        if number < 1:
            raise InputError(f"{name} is {number}; expected 1 or more")
    signs: dict[tuple[str, str], set[int]] = {}
    for subject, object_, edge in graph.edges(data=True):
        if "sign" not in edge:
            raise InputError(f"edge {subject} -> {object_} has no sign; expected sign=1, -1 or 0 on each edge")
        if edge["sign"] and edge.get("asserted", True):
            signs.setdefault((subject, object_), set()).add(edge["sign"])
    simple: nx.DiGraph[str] = nx.DiGraph()
    simple.add_edges_from(sorted(signs))
    found: list[Loop] = []
    # Length by length, so that a list that is cut holds the shortest ones.
    for length in range(1, max_length + 1):
        cycles = (cycle for cycle in nx.simple_cycles(simple, length_bound=length) if len(cycle) == length)
        found += islice(_signed(cycles, signs), limit + 1 - len(found))
        if len(found) > limit:
            break
    found.sort(key=lambda loop: (len(loop), loop.nodes, tuple(-sign for sign in loop.signs)))
    return Loops(tuple(found[:limit]), len(found) <= limit, max_length)


def _signed(cycles: Iterator[list[str]], signs: dict[tuple[str, str], set[int]]) -> Iterator[Loop]:
    """Yield the loop for each choice of sign, turned so that it begins with its first node."""
    for cycle in cycles:
        start = cycle.index(min(cycle))
        nodes = (*cycle[start:], *cycle[:start])
        for choice in product(*(sorted(signs[pair], reverse=True) for pair in pairwise((*nodes, nodes[0])))):
            yield Loop(nodes, choice)


def loops_text(found: Loops, graph: nx.MultiDiGraph[str]) -> str:
    """Return loops as one line each.

    Parameters
    ----------
    found
        What to write.
    graph
        Gives the labels.

    Returns
    -------
    str
        Ends with a line break; says where there are none, and where the list was cut.
    """
    steps = "1 step" if found.max_length == 1 else f"{found.max_length} steps"
    if not found.loops:
        return f"No feedback loop of up to {steps}: no chain of claims leads back to where it began.\n"
    more = "" if found.complete else "; there are more"
    lines = [f"{len(found)} feedback {'loop' if len(found) == 1 else 'loops'} of up to {steps}{more}"]
    for loop in found:
        parts = [label(graph, loop.nodes[0])]
        for node, sign in zip((*loop.nodes[1:], loop.nodes[0]), loop.signs, strict=True):
            parts += ["-->" if sign > 0 else "--|", label(graph, node)]
        lines.append(f"  {loop.kind:11}  {' '.join(parts)}")
    return "\n".join(lines) + "\n"


def loops_json(found: Loops, graph: nx.MultiDiGraph[str]) -> str:
    """Return loops as JSON, with the labels of their nodes; two runs give the same bytes."""
    named = sorted({node for loop in found for node in loop.nodes})
    document = {
        "max_length": found.max_length,
        "complete": found.complete,
        "loops": [{**asdict(loop), "sign": loop.sign, "kind": loop.kind} for loop in found],
        "labels": {node: label(graph, node) for node in named},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
