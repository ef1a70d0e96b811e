"""The triples of a store as one NetworkX graph, fast: the terms are nodes, and nothing is made of them.

Where `kg.lensnetwork` shows what a lens makes of a graph, this is the plain picture of it, for all that NetworkX can tell of any
graph. Terms and edges are read into arrays at once; the dicts that NetworkX works on are made for each node when somebody first
asks for it, so that a search through a part of a large graph makes a part of them. The graph is an ordinary `MultiDiGraph`, to be
changed and copied as any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, MutableMapping
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import networkx as nx
import numpy as np
import pyoxigraph as ox

from kg.limits import unwatched

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["triple_network"]

_Keys: TypeAlias = "dict[str, dict[str, Any]]"
_Row: TypeAlias = "dict[str, _Keys]"


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
        some seconds.
    """
    union = _several(store)
    relations = _predicates(store, union=union)
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    ends: list[npt.NDArray[np.int64]] = []
    with unwatched():
        # One predicate at a time: what all rows have in common is then neither written nor read, a third of the text.
        for relation in relations:
            text = _pairs(store, relation, literals=literals, union=union)
            # TSV escapes tabs and line breaks within terms.
            cells = text.replace("\t", "\n").split("\n")[2:-1]
            ends.append(np.fromiter(map(numbers.__getitem__, cells), dtype=np.int64, count=len(cells)))
            del text, cells
        keys = np.repeat(np.arange(len(ends)), [len(found) // 2 for found in ends])
        joined = np.concatenate(ends) if ends else np.zeros(0, dtype=np.int64)
        tails, heads = joined[::2], joined[1::2]
        edges = _Edges(list(numbers), relations, keys)
        network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        nodes = dict(numbers)
        network._node = {node: {} for node in nodes}  # type: ignore[attr-defined] # as NetworkX keeps them
        network._adj = _Rows(edges, nodes, tails, heads, forward=True)  # type: ignore[attr-defined] # so are these
        network._pred = _Rows(edges, nodes, heads, tails, forward=False)  # type: ignore[attr-defined]
    return network


def _several(store: ox.Store) -> bool:
    """Return whether triples lie in named graphs, so that one can be there twice."""
    return any(True for _ in store.named_graphs())


def _predicates(store: ox.Store, *, union: bool) -> list[str]:
    answer = cast("ox.QuerySolutions", store.query("SELECT DISTINCT ?p { ?s ?p ?o }", use_default_graph_as_union=union))
    return sorted(str(row["p"]) for row in answer)


def _pairs(store: ox.Store, relation: str, *, literals: bool, union: bool) -> str:
    """Return subject and object of each triple of a predicate, as the rows of a TSV table with a head."""
    once = "DISTINCT " if union else ""
    kept = "" if literals else " FILTER(!isLiteral(?o))"
    query = f"SELECT {once}?s ?o {{ ?s {relation} ?o{kept} }}"
    answer = cast("ox.QuerySolutions", store.query(query, use_default_graph_as_union=union))
    return (answer.serialize(format=ox.QueryResultsFormat.TSV) or b"").decode()


class _Edges:
    """What both directions share: the names, and the dict of keys of each pair, which NetworkX wants to be one and the same."""

    def __init__(self, names: list[str], relations: list[str], keys: npt.NDArray[np.int64]) -> None:
        self.names = names
        self.relations = relations
        self.keys = keys
        self.made: dict[int, _Keys] = {}


class _Rows(MutableMapping[str, "_Row"]):
    """The neighbours of each node, made when first asked for."""

    def __init__(
        self,
        edges: _Edges,
        numbers: dict[str, int],
        near: npt.NDArray[np.int64],
        far: npt.NDArray[np.int64],
        *,
        forward: bool,
    ) -> None:
        self._edges = edges
        self._numbers = numbers
        order = np.argsort(near, kind="stable")
        # Lists, since most rows are short, and a slice of an array takes longer than a short list.
        self._starts: list[int] = [0, *np.cumsum(np.bincount(near, minlength=len(numbers))).tolist()]
        self._far: list[int] = far[order].tolist()
        self._keys: list[int] = edges.keys[order].tolist()
        self._forward = forward
        self._rows: dict[str, _Row | None] = dict.fromkeys(numbers)

    def __getitem__(self, node: str) -> _Row:
        row = self._rows[node]
        if row is None:
            row = self._rows[node] = self._made(self._numbers[node])
        return row

    def _made(self, number: int) -> _Row:
        edges, names = self._edges, self._edges.names
        start, end = self._starts[number : number + 2]
        row: _Row = {}
        fresh: set[int] = set()
        for other, key in zip(self._far[start:end], self._keys[start:end], strict=True):
            pair = number * len(names) + other if self._forward else other * len(names) + number
            keys = edges.made.get(pair)
            if keys is None:
                keys = edges.made[pair] = {}
                fresh.add(pair)
            # What the other direction made is whole, and may have been changed since.
            if pair in fresh:
                keys[edges.relations[key]] = {}
            row[names[other]] = keys
        return row

    def __setitem__(self, node: str, row: _Row) -> None:
        self._rows[node] = row

    def __delitem__(self, node: str) -> None:
        del self._rows[node]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, node: object) -> bool:
        return node in self._rows
