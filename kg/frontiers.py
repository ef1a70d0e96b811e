"""The best pathways of a graph elsewhere, without downloading it: level by level from both ends, until they are surely the best.

What is known after some levels: the edges that leave the nodes nearer to the sources than some distance, and those that enter the
nodes nearer to the targets than another. Every path of no more steps than the two distances together lies in that part. So a
search in the part gives the best paths exactly once there are as many as asked for within those steps. Paths are ranked by their
weakest step first, so the same is done for each standing, strongest first, on the steps that are at least that strong; where
nothing is left to grow, the part holds all paths there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import inf
from typing import TYPE_CHECKING

from kg.namespaces import expand
from kg.paths import STANDINGS, Filters, causal_paths, fits, level_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Unpack

    import networkx as nx

    from kg.paths import CausalPath, CausalPaths, PathOptions, Sign
    from kg.remotequads import Copy

__all__ = ["MOST_NODES", "remote_paths"]

MOST_NODES = 50_000
"""So many nodes are asked about before a search gives up, unless told otherwise."""


def remote_paths(
    copy: Copy,
    sources: str | Iterable[str],
    targets: str | Iterable[str],
    *,
    sign: Sign,
    most_nodes: int = MOST_NODES,
    **options: Unpack[PathOptions],
) -> CausalPaths:
    """Return the best pathways of a graph elsewhere.

    Parameters
    ----------
    copy
        What has been fetched of it; more will be.
    sources, targets
        CURIEs of nodes or classes.
    sign
        As in `kg.paths.causal_paths`.
    most_nodes
        How many nodes to ask about before giving up.
    **options
        As `kg.paths.causal_paths` takes them.

    Returns
    -------
    CausalPaths
        The same paths in the same order as in memory, with the part of the graph that was fetched. Where the search gave up,
        those that are surely among the best, and ``cut`` is ``effort``.

    Raises
    ------
    UnknownTermError
        If a name is neither a node nor a class.
    InputError
        As `kg.paths.causal_paths` does.
    """
    starts, ends, k = _listed(sources), _listed(targets), options.get("k", 10)
    _fetch_names(copy, [*starts, *ends], kinds=False)
    through = [_listed(group) for group in options.get("through", ())]
    avoiding = list(options.get("avoiding", ()))
    _fetch_names(copy, [name for group in [*through, avoiding] for name in group], kinds=True)
    wanted = list(options.get("predicates", ()))
    missing = [predicate for predicate in wanted if not copy.example(expand(predicate))]
    if missing:
        # The error then lists all relations there are.
        for relation in sorted(copy.relations()):
            copy.example(relation)
    # What may be an iterator is read once.
    given: PathOptions = {**options, "through": through, "avoiding": avoiding, "predicates": wanted}

    def search(k: int | None) -> CausalPaths:
        asked: PathOptions = {**given, "k": k}
        return causal_paths(copy.network(), starts, ends, sign=sign, **asked)

    # Options that cannot be used are refused before anything more is asked for.
    found = search(1)
    search_ = _Search(copy, found, k, search, most_nodes)
    certain = search_.grow()
    found = search(k)
    if certain is not None:
        found = replace(found, paths=tuple(path for path in found if certain(path)), cut="effort")
    elif not found.paths:
        search_.grow_without_filters()
        whole = search_.network()
        relations = {str(edge["predicate"]) for *_, edge in whole.edges(data=True)}
        copy.descriptions(map(expand, [*whole, *relations]))
        # Where there is no path, the claims of the graph may all be elsewhere.
        return replace(search(k), graded=copy.is_graded())
    nodes = {node for path in found for node in path.nodes}
    relations = {claim.predicate for path in found for step in path.steps for claim in (*step.claims, *step.opposing)}
    copy.descriptions(map(expand, {*nodes, *relations, *starts, *ends}))
    described = search(k)
    return replace(described, paths=described.paths[: len(found)], cut=found.cut)


def _listed(names: str | Iterable[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _fetch_names(copy: Copy, names: Iterable[str], *, kinds: bool) -> None:
    """Fetch what tells which nodes some names stand for."""
    meant: set[str] = set()
    for name in names:
        iri = expand(name)
        copy.descriptions([iri])
        meant |= {iri, *copy.members(name.removeprefix("kg:").rpartition(":")[2])}
        if kinds:
            meant |= copy.kinds([iri])
    # A lens may show a node only by its edges.
    for fetch in (copy.out_edges, copy.in_edges):
        shown = {expand(node) for node in copy.network()}
        fetch(meant - shown)


@dataclass(slots=True)
class _Search:
    copy: Copy
    first: CausalPaths
    k: int | None
    search: Callable[[int | None], CausalPaths]
    most_nodes: int
    left: set[str] = field(default_factory=set)
    """Nodes whose outgoing edges are known."""
    entered: set[str] = field(default_factory=set)
    """Nodes whose incoming edges are known."""

    def network(self) -> nx.MultiDiGraph[str]:
        """Return the part that is known."""
        return self.copy.network()

    def grow(self) -> Callable[[CausalPath], bool] | None:
        """Fetch until the best paths are known; where that is given up, return which paths are surely among them."""
        filters = self.first.filters
        lowest = STANDINGS.index(filters.min_standing) if filters.min_standing else 0
        levels = range(len(STANDINGS) - 1, lowest - 1, -1) if self.first.rank == "standing" else [lowest]
        for level in levels:
            while True:
                balls = self._balls(filters, level)
                steps = balls[0].radius + balls[1].radius
                if steps >= (filters.max_length or inf):
                    break

                def certain(path: CausalPath, level: int = level, steps: float = steps) -> bool:
                    if self.first.rank == "length":
                        return len(path) <= steps
                    weakest = STANDINGS.index(path.weakest)
                    return weakest > level or (weakest == level and len(path) <= steps)

                if self.k is not None:
                    # One more than asked for tells that there are more.
                    known = self.search(self.k + 1)
                    if len(known) > self.k and all(map(certain, known)):
                        return None
                if len(self.left | self.entered) >= self.most_nodes:
                    return certain
                self._widen(balls)
        return None

    def grow_without_filters(self) -> None:
        """Fetch all that leads from and to both ends, to tell why there is no path."""
        # Where pathways are of structure, why there is none is said of structure too.
        filters = Filters(sign="none" if self.first.filters.sign == "none" else "any")
        for turned in (False, True):
            while len(self.left | self.entered) < self.most_nodes:
                balls = self._balls(filters, 0, turned=turned)
                if not balls[0].open and not balls[1].open:
                    break
                self._fetch(set(balls[0].open), set(balls[1].open))

    def _widen(self, balls: tuple[_Ball, _Ball]) -> None:
        forward, backward = balls
        if len(forward.open) <= len(backward.open):
            self._fetch(set(forward.open), set())
        else:
            self._fetch(set(), set(backward.open))

    def _fetch(self, leave: set[str], enter: set[str]) -> None:
        self.copy.out_edges(map(expand, leave))
        self.copy.in_edges(map(expand, enter))
        self.left |= leave
        self.entered |= enter

    def _balls(self, filters: Filters, level: int, *, turned: bool = False) -> tuple[_Ball, _Ball]:
        forward: dict[str, set[str]] = {}
        backward: dict[str, set[str]] = {}
        for subject, object_, edge in self.network().edges(data=True):
            barred = subject in filters.avoiding or object_ in filters.avoiding
            if not barred and fits(edge, filters) and level_of(edge) >= level:
                forward.setdefault(subject, set()).add(object_)
                backward.setdefault(object_, set()).add(subject)
        starts, ends = (self.first.sources, self.first.targets)[:: -1 if turned else 1]
        return _ball(forward, starts, self.left), _ball(backward, ends, self.entered)


@dataclass(frozen=True, slots=True)
class _Ball:
    radius: float
    """All steps from nodes nearer than this are known."""
    open: frozenset[str]
    """The nodes at that distance whose steps are not known."""


def _ball(steps: dict[str, set[str]], origins: Iterable[str], known: set[str]) -> _Ball:
    rim, seen, distance = set(origins), set(origins), 0
    while rim:
        unknown = rim - known
        if unknown:
            return _Ball(distance, frozenset(unknown))
        rim = {node for each in rim for node in steps.get(each, ())} - seen
        seen |= rim
        distance += 1
    return _Ball(inf, frozenset())
