"""What leads to what in a graph, whatever the sign: ancestors, descendants, strongly connected parts, all simple paths.

Each gives what the NetworkX function of like name gives, in a stated order and many times faster. Signs make no difference
here: a path is a sequence of nodes. NumPy does the sweeps, SciPy the strongly connected parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    import numpy as np
    import numpy.typing as npt

    from kg.indexed import Links, PathIndex

    Ints = npt.NDArray[np.int64]

__all__ = [
    "all_simple_paths",
    "ancestors",
    "beyond",
    "descendants",
    "strong_components",
]

N = TypeVar("N", bound="Hashable")

_BLOCK = 50_000
"""How many paths are grown together."""


def ancestors(index: PathIndex[N], node: N) -> dict[N, int]:
    """Return the nodes that lead to a node, each with its distance.

    Parameters
    ----------
    index
        The graph.
    node
        Of the graph; an UnknownTermError is raised if it is not.

    Returns
    -------
    dict
        Fewest steps to the node, from 1; nearest first, then in index order. The node itself is not among them.
    """
    return _swept(index, index.backward, node)


def descendants(index: PathIndex[N], node: N) -> dict[N, int]:
    """Return the nodes that a node leads to, each with its distance.

    Parameters
    ----------
    index
        The graph.
    node
        Of the graph; an UnknownTermError is raised if it is not.

    Returns
    -------
    dict
        Fewest steps from the node, from 1; nearest first, then in index order. The node itself is not among them.
    """
    return _swept(index, index.forward, node)


def strong_components(index: PathIndex[N]) -> list[tuple[N, ...]]:
    """Return the strongly connected parts: in each, every node leads to every other.

    Parameters
    ----------
    index
        The graph.

    Returns
    -------
    list of tuple
        Largest first, then by first node; the nodes of each in index order. Each node is in one, alone if on no cycle.

    References
    ----------
    D. J. Pearce, A space-efficient algorithm for finding strongly connected components, Information Processing Letters
    116(1) (2016), 47-52, doi:10.1016/j.ipl.2015.08.010; as `scipy.sparse.csgraph` has it.
    """
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    count = len(index)
    if not count:
        return []
    starts, ends = index.forward.arrays()
    matrix = csr_array((np.ones(len(ends), dtype=np.int8), ends, starts), shape=(count, count))
    parts, labels = connected_components(matrix, directed=True, connection="strong")
    sizes = np.bincount(labels, minlength=parts)
    order = np.argsort(labels, kind="stable")
    stops = np.cumsum(sizes)
    firsts = order[stops - sizes]
    names, stop, size = _names(index, order), stops.tolist(), sizes.tolist()
    return [tuple(names[stop[part] - size[part] : stop[part]]) for part in np.lexsort((firsts, -sizes)).tolist()]


def all_simple_paths(index: PathIndex[N], source: N, target: N, *, max_length: int) -> list[tuple[N, ...]]:
    """Return all simple paths from one node to another up to a length.

    Parameters
    ----------
    index
        The graph.
    source, target
        Two nodes of the graph.
    max_length
        Most steps of a path, from 1. No default: the number of paths can grow factorially.

    Returns
    -------
    list of tuple
        Shortest first, then in index order. Parallel steps give one path; `kg.search.best_paths` tells signs apart.

    Raises
    ------
    InputError
        If source and target are one, or the length is below 1; also UnknownTermError.
    """
    if max_length < 1:
        raise InputError(f"max_length is {max_length}; expected 1 or more")
    start, goal = index.two_numbers(source, target)
    import numpy as np

    starts, ends = index.forward.arrays()
    hops = np.full(len(index), max_length + 1)
    for distance, rim in enumerate(_rims(*index.backward.arrays(), goal)):
        if distance > max_length:
            break
        hops[rim] = distance
    found: list[list[tuple[N, ...]]] = [[] for _ in range(max_length + 1)]
    # Rows of nodes, in order. Growing all rows by one step at once keeps the order; growing a block at a time, the memory.
    blocks = [np.array([[start]])]
    while blocks:
        block = blocks.pop()
        if len(block) > _BLOCK:
            blocks += [block[_BLOCK:], block[:_BLOCK]]
            continue
        length = block.shape[1]
        last = block[:, -1]
        sizes = starts[last + 1] - starts[last]
        rows, tips = np.repeat(np.arange(len(block)), sizes), beyond(starts, ends, last)
        near = hops[tips] <= max_length - length
        if len(tips) > 1:
            near[1:] &= (tips[1:] != tips[:-1]) | (rows[1:] != rows[:-1])
        rows, tips = rows[near], tips[near]
        fresh = np.ones(len(tips), dtype=bool)
        for column in range(length):
            fresh &= block[rows, column] != tips
        block = np.column_stack((block[rows[fresh]], tips[fresh]))
        there = block[:, -1] == goal
        found[length] += _named(index, block[there])
        if not there.all() and length < max_length:
            blocks.append(block[~there])
    return [path for paths in found for path in paths]


def beyond(starts: Ints, ends: Ints, rim: Ints) -> Ints:
    """Return the other ends of all steps at some nodes, node by node; `starts` and `ends` as `Links` has them."""
    import numpy as np

    first = starts[rim]
    sizes = starts[rim + 1] - first
    places = np.arange(sizes.sum())
    places += np.repeat(first - np.cumsum(sizes) + sizes, sizes)
    return ends[places]


def _names(index: PathIndex[N], numbers: Ints) -> list[N]:
    listed = numbers.tolist()
    return cast("list[N]", listed) if index.numbers is None else [index.nodes[number] for number in listed]


def _named(index: PathIndex[N], block: Ints) -> list[tuple[N, ...]]:
    if index.numbers is None:
        return cast("list[tuple[N, ...]]", list(map(tuple, block.tolist())))
    name = index.nodes.__getitem__
    return [tuple(map(name, row)) for row in block.tolist()]


def _rims(starts: Ints, ends: Ints, origin: int) -> Iterator[Ints]:
    """Yield the nodes at each distance from a node, itself first, each in order."""
    import numpy as np

    count = len(starts) - 1
    seen = np.zeros(count, dtype=bool)
    rim = np.array([origin])
    while len(rim):
        seen[rim] = True
        yield rim
        met = beyond(starts, ends, rim)
        if len(met) * 16 < count:
            rim = np.unique(met[~seen[met]])
        else:
            fresh = np.zeros(count, dtype=bool)
            fresh[met] = True
            rim = np.flatnonzero(fresh & ~seen)


def _swept(index: PathIndex[N], links: Links, node: N) -> dict[N, int]:
    found: dict[N, int] = {}
    for distance, rim in enumerate(_rims(*links.arrays(), index.number(node))):
        if distance:
            found.update(dict.fromkeys(_names(index, rim), distance))
    return found
