"""What leads where in a whole graph, on the engine that its size asks for, with the same answer from each.

`open_analysis` reads the tables of `kg.parquet` and gives an `Analysis`: in this process' memory (NumPy and SciPy), or on Apache
Spark, on one machine or many. Nodes are ordered by their names everywhere. PageRank is reckoned in whole numbers, whose sums
do not depend on the order in which they are added up, so that two engines give the same ranks to the last digit.

References
----------
S. Brin, L. Page, The anatomy of a large-scale hypertextual web search engine, Computer Networks and ISDN Systems 30 (1998),
107-117, doi:10.1016/S0169-7552(98)00110-X.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from kg.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from kg.indexed import PathIndex
    from kg.search import FoundPath

    Ints = npt.NDArray[np.int64]

__all__ = ["ENGINES", "MASS", "Analysis", "Engine", "MemoryAnalysis", "open_analysis", "ranked", "shares"]

Engine: TypeAlias = Literal["memory", "spark"]
ENGINES = ("memory", "spark")

MASS = 10**16
"""What all ranks add up to: a thousand times as much still fits 64 bits, and a node of ten million has nine digits of it."""

_PER_MILLE = 1000


class Analysis(ABC):
    """A graph to be analysed as a whole; what is asked and answered is the same for every engine."""

    @abstractmethod
    def reachable(self, node: str) -> dict[str, int]:
        """Return the nodes that a node leads to, each with the fewest steps; nearest first, then by name; not itself."""

    @abstractmethod
    def reaching(self, node: str) -> dict[str, int]:
        """Return the nodes that lead to a node, each with the fewest steps; nearest first, then by name; not itself."""

    @abstractmethod
    def signed_reachable(self, node: str) -> dict[tuple[str, int], int]:
        """Return what a node makes more and less of: node and sign, each with the steps of the shortest such walk.

        A walk may pass a node twice; whether there is a way of a sign that does not is a far harder question, which
        `best_paths` answers for two nodes. Nearest first, then by name, 1 before -1; the node itself with 1 is left out.
        """

    @abstractmethod
    def best_paths(
        self, source: str, target: str, *, k: int = 1, sign: int | None = None, max_length: int | None = None
    ) -> list[FoundPath[str]]:
        """Return the paths of fewest steps from one node to another, as `kg.search.best_paths` orders them.

        Parameters
        ----------
        source, target
            Two nodes.
        k
            How many at most, from 1.
        sign
            1 or -1: only paths whose signs multiply to it.
        max_length
            Most steps; None for any number.
        """

    @abstractmethod
    def connected_parts(self) -> list[tuple[str, ...]]:
        """Return the parts that hang together, whatever the direction; largest first, then by first name."""

    @abstractmethod
    def pagerank(self, *, damping: float = 0.85, steps: int = 50) -> dict[str, float]:
        """Return the PageRank of each node after some steps; highest first, then by name.

        Parameters
        ----------
        damping
            Share of a node's rank that goes on to where it leads, to a thousandth; a node that leads nowhere gives it to all.
        steps
            How many; after 50 the ranks differ from their limit by less than a thousandth.
        """

    def shortest_path(self, source: str, target: str) -> FoundPath[str] | None:
        """Return the first of the shortest paths from one node to another, or None where there is none."""
        return next(iter(self.best_paths(source, target)), None)

    def close(self) -> None:
        """Let go of what the engine holds."""
        return  # in memory there is nothing to let go of


def open_analysis(
    folder: Path, *, engine: Engine = "memory", master: str | None = None, structure: bool = False
) -> Analysis:
    """Return the graph in a folder of Parquet tables, to be analysed.

    Parameters
    ----------
    folder
        As ``kg export --format parquet`` makes it. For a cluster, on storage that all its machines see.
    engine
        ``memory``, or ``spark`` for Apache Spark.
    master
        Of Spark, such as ``spark://host:7077``; None for this machine alone.
    structure
        Whether the edges without a sign are taken; else those that have one and are asserted.

    Returns
    -------
    Analysis
        To be closed when done.

    Raises
    ------
    InputError
        If there is no such engine, it is not installed, or the folder holds no tables.
    """
    if engine == "memory":
        return MemoryAnalysis(folder, structure=structure)
    if engine == "spark":
        from kg.spark import SparkAnalysis

        return SparkAnalysis(folder, master=master, structure=structure)
    raise InputError(f"no engine {engine!r}; take {' or '.join(ENGINES)}")


class MemoryAnalysis(Analysis):
    """The graph in this process; a hundred million edges need some ten gigabytes."""

    def __init__(self, folder: Path, *, structure: bool = False) -> None:
        from kg.parquet import read_arrays

        self._names, self._tails, self._heads, self._signs = read_arrays(folder, structure=structure)
        self._numbers = {name: number for number, name in enumerate(self._names)}

    @cached_property
    def _index(self) -> PathIndex[int]:
        from kg.indexed import path_index_from_arrays

        return path_index_from_arrays(len(self._names), self._tails, self._heads, signs=self._signs)

    @cached_property
    def _signed(self) -> PathIndex[int]:
        """The graph of nodes and signs: node v with sign 1 is 2v, with -1 is 2v + 1."""
        import numpy as np

        from kg.indexed import path_index_from_arrays

        minus = (self._signs < 0).astype(np.int64)
        tails = np.concatenate([2 * self._tails, 2 * self._tails + 1])
        heads = np.concatenate([2 * self._heads + minus, 2 * self._heads + 1 - minus])
        return path_index_from_arrays(2 * len(self._names), tails, heads)

    def _number(self, name: str) -> int:
        from kg.errors import UnknownTermError

        if name not in self._numbers:
            raise UnknownTermError(name)
        return self._numbers[name]

    def reachable(self, node: str) -> dict[str, int]:  # noqa: D102
        from kg.reach import descendants

        return {self._names[number]: steps for number, steps in descendants(self._index, self._number(node)).items()}

    def reaching(self, node: str) -> dict[str, int]:  # noqa: D102
        from kg.reach import ancestors

        return {self._names[number]: steps for number, steps in ancestors(self._index, self._number(node)).items()}

    def signed_reachable(self, node: str) -> dict[tuple[str, int], int]:  # noqa: D102
        from kg.reach import descendants

        found = descendants(self._signed, 2 * self._number(node))
        return {(self._names[pair >> 1], -1 if pair & 1 else 1): steps for pair, steps in found.items()}

    def best_paths(  # noqa: D102
        self, source: str, target: str, *, k: int = 1, sign: int | None = None, max_length: int | None = None
    ) -> list[FoundPath[str]]:
        from kg.search import FoundPath, best_paths

        start, end = self._number(source), self._number(target)
        found = best_paths(self._index, [start], [end], k=k, sign=sign, max_length=max_length)
        return [
            FoundPath(tuple(self._names[number] for number in path.nodes), path.signs, path.weight) for path in found
        ]

    def connected_parts(self) -> list[tuple[str, ...]]:  # noqa: D102
        import numpy as np
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        count = len(self._names)
        if not count:
            return []
        ones = np.ones(len(self._tails), dtype=np.int8)
        _, labels = connected_components(
            coo_array((ones, (self._tails, self._heads)), shape=(count, count)), directed=False
        )
        order = np.argsort(labels, kind="stable")
        cuts = np.flatnonzero(np.diff(labels[order])) + 1
        parts = [tuple(self._names[number] for number in part) for part in np.split(order, cuts)]
        return sorted(parts, key=lambda part: (-len(part), part[0]))

    def pagerank(self, *, damping: float = 0.85, steps: int = 50) -> dict[str, float]:  # noqa: D102
        import numpy as np

        count = len(self._names)
        if not count:
            return {}
        kept, base = shares(damping, count)
        pairs = np.unique(self._heads * count + self._tails)
        heads, tails = np.divmod(pairs, count)
        degrees = np.bincount(tails, minlength=count)
        stops = np.searchsorted(heads, np.arange(count + 1))
        rank = np.full(count, MASS // count, dtype=np.int64)
        for _ in range(steps):
            given = rank * kept // (_PER_MILLE * np.maximum(degrees, 1))
            lost = int(rank[degrees == 0].sum()) * kept // (_PER_MILLE * count)
            sums = np.concatenate([[0], np.cumsum(given[tails])])
            rank = base + lost + sums[stops[1:]] - sums[stops[:-1]]
        return ranked(self._names, rank.tolist())


def shares(damping: float, count: int) -> tuple[int, int]:
    """Return how many thousandths of a rank go on, and what each of some nodes has anyway.

    Raises
    ------
    InputError
        If damping is not a share below 1.
    """
    kept = round(damping * _PER_MILLE)
    if not 0 <= kept < _PER_MILLE:
        raise InputError(f"damping is {damping}; expected a share from 0 to below 1, such as 0.85")
    return kept, MASS * (_PER_MILLE - kept) // (_PER_MILLE * count)


def ranked(names: list[str], ranks: list[int]) -> dict[str, float]:
    """Return ranks as shares of all, highest first, then by name."""
    order = sorted(range(len(names)), key=lambda number: (-ranks[number], number))
    return {names[number]: ranks[number] / MASS for number in order}
