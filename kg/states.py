"""The graph of (node, state) that a signed search walks: what a path has come to so far is part of where it stands.

A state is a few bits: whether the signs so far multiply to -1, whether a step of the wanted level has been used, whether a
wanted node has been passed; only the bits that a search asks about are there. Pair (v, q) has the number ``v << bits | q``, and
a walk that ends in a target in the wanted state is one that meets what was asked, so nothing else is ever listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from kg.indexed import Links, PathIndex

__all__ = ["StateGraph", "state_graph"]

N = TypeVar("N", bound="Hashable")

Forward: TypeAlias = "dict[int, list[tuple[int, float, int, int]]]"
"""For each pair the pairs that a step leads to, each with the step's weight, its node, and 1 where the step's sign is -1."""
Backward: TypeAlias = "dict[int, list[tuple[int, float]]]"
"""For each pair the pairs that a step comes from, each with the step's weight."""

_MOST_ROWS = 100_000
"""How many rows are kept; past it they are made anew, so that a search of a vast graph does not copy all of it."""


@dataclass(frozen=True, slots=True, eq=False)
class StateGraph:
    """Steps between pairs, in order of node and then sign (1 before -1), made when first asked for."""

    bits: int
    forward: Forward
    backward: Backward
    passing: frozenset[int]
    passing_bit: int
    needed: int
    """The state, sign aside, that a path must end in."""
    shared: bool
    """Whether all searches on the index use these very rows."""

    def start(self, node: int) -> int:
        """Return the pair that a path from a node starts as."""
        return node << self.bits | (self.passing_bit if node in self.passing else 0)

    def goal(self, node: int, sign: int | None) -> int:
        """Return the pair that a path to a node must end as."""
        return node << self.bits | self.needed | (sign == -1)

    def pairs(self, node: int) -> range:
        """Return all pairs of a node."""
        return range(node << self.bits, (node + 1) << self.bits)


def state_graph(
    index: PathIndex[N],
    *,
    signed: bool,
    weighted: bool,
    min_level: int | None = None,
    level: int | None = None,
    passing: frozenset[int] = frozenset(),
) -> StateGraph:
    """Return the graph of nodes and states.

    Parameters
    ----------
    index
        The graph.
    signed
        Whether the product of signs is part of the state.
    weighted
        Whether steps have their weights; else each weighs 1.
    min_level
        Steps below are left out; None for none.
    level
        A step of this level must be used; None for no such wish.
    passing
        Numbers of nodes of which one must be on the path, its ends included; empty for no such wish.

    Returns
    -------
    StateGraph
        Where no level or node is wished for, the same rows serve all searches on the index.
    """
    level_bit = int(level is not None) << int(signed)
    passing_bit = int(bool(passing)) << (int(signed) + int(level is not None))
    bits = int(signed) + int(level is not None) + int(bool(passing))
    plain = min_level is None and not level_bit | passing_bit
    kept = index.layouts.get((signed, weighted)) if plain else None
    if isinstance(kept, StateGraph):
        return kept
    made = StateGraph(
        bits,
        _ForwardRows(_Rows(index.forward, bits, signed, weighted, min_level, level, level_bit, passing, passing_bit)),
        _BackwardRows(_Rows(index.backward, bits, signed, weighted, min_level, level, level_bit, passing, passing_bit)),
        passing,
        passing_bit,
        level_bit | passing_bit,
        plain,
    )
    if plain:
        index.layouts[signed, weighted] = made
    return made


@dataclass(frozen=True, slots=True)
class _Rows:
    """How rows are cut from an index."""

    links: Links
    bits: int
    signed: bool
    weighted: bool
    min_level: int | None
    level: int | None
    level_bit: int
    passing: frozenset[int]
    passing_bit: int

    def steps(self, node: int) -> Iterable[tuple[int, int, float, int]]:
        """Return the other end, the minus, the weight and the level bit of each step at a node that counts."""
        links = self.links
        first, last = links.starts[node], links.starts[node + 1]
        ends, negative = links.ends[first:last].tolist(), links.negative[first:last].tolist()
        some = self.weighted and links.weights is not None
        weights = links.weights[first:last].tolist() if some and links.weights is not None else [1] * len(ends)
        if links.levels is None or (self.min_level is None and self.level is None):
            return zip(ends, negative, weights, [0] * len(ends), strict=True)
        levels = links.levels[first:last].tolist()
        return [
            (end, minus, weight, self.level_bit if rank == self.level else 0)
            for end, minus, weight, rank in zip(ends, negative, weights, levels, strict=True)
            if self.min_level is None or rank >= self.min_level
        ]


class _ForwardRows(dict[int, list[tuple[int, float, int, int]]]):
    __slots__ = ("rows",)

    def __init__(self, rows: _Rows) -> None:
        self.rows = rows

    def __missing__(self, pair: int) -> list[tuple[int, float, int, int]]:
        rows, bits = self.rows, self.rows.bits
        node, state = pair >> bits, pair & ((1 << bits) - 1)
        if not bits:
            row = [(end, weight, end, minus) for end, minus, weight, _ in rows.steps(node)]
        else:
            row = [
                (
                    end << bits
                    | (state ^ (minus if rows.signed else 0))
                    | flag
                    | (rows.passing_bit if end in rows.passing else 0),
                    weight,
                    end,
                    minus,
                )
                for end, minus, weight, flag in rows.steps(node)
            ]
        if len(self) >= _MOST_ROWS:
            self.clear()
        self[pair] = row
        return row


class _BackwardRows(dict[int, list[tuple[int, float]]]):
    __slots__ = ("rows",)

    def __init__(self, rows: _Rows) -> None:
        self.rows = rows

    def __missing__(self, pair: int) -> list[tuple[int, float]]:
        rows, bits = self.rows, self.rows.bits
        node, state = pair >> bits, pair & ((1 << bits) - 1)
        here = rows.passing_bit if node in rows.passing else 0
        if not bits:
            row = [(end, weight) for end, _, weight, _ in rows.steps(node)]
        elif not rows.level_bit | rows.passing_bit:
            row = [(end << 1 | (state ^ minus), weight) for end, minus, weight, _ in rows.steps(node)]
        else:
            row = [
                (end << bits | before, weight)
                for end, minus, weight, flag in rows.steps(node)
                for before in _before(state, minus if rows.signed else 0, flag | here)
            ]
        if len(self) >= _MOST_ROWS:
            self.clear()
        self[pair] = row
        return row


def _before(state: int, minus: int, set_bits: int) -> list[int]:
    """Return the states from which a step that sets some bits leads to a state: those bits may have been set or not."""
    if set_bits & ~state:
        return []
    found = [(state ^ minus) & ~set_bits]
    for bit in (2, 4, 1):
        if set_bits & bit:
            found += [before | bit for before in found]
    return found
