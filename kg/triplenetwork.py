"""The triples of a store as one NetworkX graph, fast: the terms are nodes, and nothing is made of them.

Where `kg.lensnetwork` shows what a lens makes of a graph, this is the plain picture of it, for all that NetworkX can tell of any
graph. Terms and edges are read into arrays at once; the dicts that NetworkX works on are made for each node when somebody first
asks for it, so that a search through a part of a large graph makes a part of them. The graph is an ordinary `MultiDiGraph`, to be
changed and copied as any other.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections import defaultdict, deque
from collections.abc import Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import networkx as nx
import numpy as np
import pyoxigraph as ox

from kg.limits import unwatched

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["triple_network"]

_Keys: TypeAlias = "dict[str, dict[str, Any]]"
_Row: TypeAlias = "dict[str, _Keys]"
_Value = TypeVar("_Value")


def triple_network(store: ox.Store, *, literals: bool = False) -> nx.MultiDiGraph[str]:
    """Return the network of the triples of a store.

    Parameters
    ----------
    store
        All graphs are read as one.
    literals
        Whether texts and numbers are nodes too; they join nothing, and are most of the nodes of many a graph.

    Returns
    -------
    networkx.MultiDiGraph
        A node for each term, written as in N-Triples (``<IRI>``, ``"text"@en``, ``_:blank``), and an edge for each triple from
        subject to object with the predicate as key. Edges and nodes have no attributes. In no order. A million triples take
        about a second on two cores.
    """
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    relations: list[str] = []
    ends: list[npt.NDArray[np.int64]] = []
    with unwatched():
        for relation, text in _tables(store, literals=literals):
            # TSV escapes tabs and line breaks within terms.
            cells = text.replace("\t", "\n").split("\n")[2:-1]
            ends.append(np.fromiter(map(numbers.__getitem__, cells), dtype=np.int64, count=len(cells)))
            relations.append(relation)
            del text, cells
        keys = np.repeat(np.arange(len(ends)), [len(found) // 2 for found in ends])
        joined = np.concatenate(ends) if ends else np.zeros(0, dtype=np.int64)
        tails, heads = joined[::2], joined[1::2]
        forward = _Rows(numbers, tails, heads, relations, keys)
        backward = _Rows(numbers, heads, tails, relations, keys)
        forward.opposite, backward.opposite = backward, forward
        network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        network._node = _Attributes(numbers)  # type: ignore[attr-defined] # as NetworkX keeps them
        network._adj = forward  # type: ignore[attr-defined] # so are these
        network._pred = backward  # type: ignore[attr-defined]
    return network


def _tables(store: ox.Store, *, literals: bool) -> Iterator[tuple[str, str]]:
    """Yield each predicate and, as the rows of a TSV table with a head, subject and object of each of its triples.

    One predicate at a time, since what all rows have in common is then neither written nor read, a third of the text; and
    several at once, since the engine writes a table without Python's lock.
    """
    union = _several(store)
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        waiting = deque(
            (relation, pool.submit(_pairs, store, relation, literals=literals, union=union))
            for relation in _predicates(store, union=union)
        )
        while waiting:
            relation, table = waiting.popleft()
            yield relation, table.result().decode()


def _several(store: ox.Store) -> bool:
    """Return whether triples lie in named graphs, so that one can be there twice."""
    return any(True for _ in store.named_graphs())


def _predicates(store: ox.Store, *, union: bool) -> Iterator[str]:
    answer = cast("ox.QuerySolutions", store.query("SELECT DISTINCT ?p { ?s ?p ?o }", use_default_graph_as_union=union))
    return (str(row["p"]) for row in answer)


def _pairs(store: ox.Store, relation: str, *, literals: bool, union: bool) -> bytes:
    once = "DISTINCT " if union else ""
    kept = "" if literals else " FILTER(!isLiteral(?o))"
    query = f"SELECT {once}?s ?o {{ ?s {relation} ?o{kept} }}"
    answer = cast("ox.QuerySolutions", store.query(query, use_default_graph_as_union=union))
    return answer.serialize(format=ox.QueryResultsFormat.TSV) or b""


class _Lazy(ABC, MutableMapping[str, _Value]):
    """Something for each node, made when first asked for; until then the number of the node stands in its place."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self._values: dict[str, _Value | int] = dict[str, "_Value | int"](numbers)

    @abstractmethod
    def _made(self, node: str, number: int) -> _Value:
        pass

    def __getitem__(self, node: str) -> _Value:
        value = self._values[node]
        if isinstance(value, int):
            value = self._values[node] = self._made(node, value)
        return value

    def __setitem__(self, node: str, value: _Value) -> None:
        self._values[node] = value

    def __delitem__(self, node: str) -> None:
        del self._values[node]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, node: object) -> bool:
        return node in self._values


class _Attributes(_Lazy["dict[str, Any]"]):
    """The attributes of each node: none, until somebody sets some."""

    def _made(self, node: str, number: int) -> dict[str, Any]:
        return {}


class _Rows(_Lazy["_Row"]):
    """The neighbours of each node in one direction."""

    opposite: _Rows

    def __init__(
        self,
        numbers: dict[str, int],
        near: npt.NDArray[np.int64],
        far: npt.NDArray[np.int64],
        relations: list[str],
        keys: npt.NDArray[np.int64],
    ) -> None:
        super().__init__(numbers)
        self._ends = near, far
        self._relations = relations
        self._keys = keys
        self._names = list(numbers)

    @cached_property
    def _sorted(self) -> tuple[list[int], list[int], list[int]]:
        """Where the row of each node starts, and for each edge, by row, the node at its other end and its key.

        Lists, since most rows are short, and a slice of an array takes longer than a short list. Made when the first row is, as
        many a search asks in one direction only.
        """
        near, far = self._ends
        order = np.argsort(near, kind="stable")
        starts = np.cumsum(np.bincount(near, minlength=len(self._names)))
        return [0, *starts.tolist()], far[order].tolist(), self._keys[order].tolist()

    def _made(self, node: str, number: int) -> _Row:
        names, relations, opposite = self._names, self._relations, self.opposite._values
        starts, far, keys = self._sorted
        start, end = starts[number], starts[number + 1]
        row: _Row = {}
        if start == end:
            return row
        for other, key in zip(far[start:end], keys[start:end], strict=True):
            name = names[other]
            across = opposite[name]
            # NetworkX wants both directions to hold one and the same dict of keys, and what was made may have been changed since.
            if isinstance(across, dict) and node in across:
                row[name] = across[node]
            else:
                row.setdefault(name, {})[relations[key]] = {}
        return row
