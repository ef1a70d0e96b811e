"""By which steps does one thing lead to another: ranked simple causal paths, each step with the claims behind it.

The functions take any `networkx.MultiDiGraph` with a ``sign`` on its edges: 1 where more of the first makes for more of the
second, -1 where it makes for less, 0 where it does neither, as a part and its whole. Edges of sign 0 are passed over, unless
paths of these alone are asked for (sign ``none``). What else `kg.network` puts on an edge is used where it is there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

import networkx as nx

from kg.errors import InputError, LimitError, UnknownTermError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    import pandas as pd

    from kg.evidence import Evidence
    from kg.search import FoundPath

__all__ = [
    "CERTAINTIES",
    "STANDINGS",
    "CausalPath",
    "CausalPaths",
    "Filters",
    "PathClaim",
    "PathOptions",
    "Rank",
    "Sign",
    "Step",
    "causal_paths",
    "fits",
    "level_of",
    "members",
    "path_network",
]

Sign: TypeAlias = Literal["increases", "decreases", "any", "none"]
Rank: TypeAlias = Literal["standing", "length"]

STANDINGS = ("Disputed", "Unreviewed", "Mixed", "Supported")
"""Weakest first: a claim that the literature speaks against is weaker ground than one that nobody has looked at."""

CERTAINTIES = ("Possible", "Likely", "Stated")
"""Weakest first."""

_SIGNS = {"increases": 1, "decreases": -1, "any": None, "none": None}
_RANKS = ("standing", "length")


@dataclass(frozen=True, slots=True)
class PathClaim:
    """One claim that a step rests on."""

    id: str
    predicate: str
    sign: int
    certainty: str
    standing: str
    asserted: bool
    """Whether any source says that it holds."""
    label: str
    evidence: tuple[Evidence, ...]
    graded: bool = True
    """Whether the graph says its standing; a claim from elsewhere counts as unreviewed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step from a node to the next; parallel claims make one step."""

    subject: str
    object: str
    sign: int
    """1 more makes for more, -1 more makes for less, 0 in a path of relations without a sign."""
    claims: tuple[PathClaim, ...]
    """Those that make the step, in CURIE order."""
    opposing: tuple[PathClaim, ...] = ()
    """Claims about the same two nodes that say the opposite, or that no source asserts."""

    @property
    def standing(self) -> str:
        """The strongest standing of its claims: one good reason is enough for a step."""
        return max((claim.standing for claim in self.claims), key=STANDINGS.index)


@dataclass(frozen=True, slots=True)
class CausalPath:
    """A way from a source to a target that passes no node twice."""

    nodes: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def sign(self) -> int:
        """The product of the signs of the steps: what more of the first makes of the last; 0 where they have none."""
        product = 1
        for step in self.steps:
            product *= step.sign
        return product

    @property
    def weakest(self) -> str:
        """The standing of the step that rests on the weakest ground."""
        return min((step.standing for step in self.steps), key=STANDINGS.index)

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a path must be like; the empty one lets every path through."""

    sign: Sign = "any"
    max_length: int | None = None
    """Most steps, from 1."""
    min_standing: str | None = None
    """Only claims of this standing or a stronger one."""
    min_certainty: str | None = None
    predicates: frozenset[str] = frozenset()
    """Only claims with one of these relations, such as ``kg:causes``; empty for all."""
    through: tuple[frozenset[str], ...] = ()
    """A path must touch one node at least of each set."""
    avoiding: frozenset[str] = frozenset()
    """A path may touch none of these."""


@dataclass(frozen=True, slots=True)
class CausalPaths:
    """The paths found, and whether there are more."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    rank: Rank
    filters: Filters
    paths: tuple[CausalPath, ...]
    cut: str | None
    """Why the list was cut: ``k`` (as many as asked for) or ``effort`` (the search gave up); None where it is whole."""
    graph: nx.MultiDiGraph[str] = field(repr=False, compare=False)
    """What was searched; gives the labels and sources."""
    graded: bool = True
    """Whether any claim of the graph has a standing; a graph from elsewhere may know none."""

    @property
    def complete(self) -> bool:
        """Whether these are all the paths there are."""
        return self.cut is None

    def __iter__(self) -> Iterator[CausalPath]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)

    def df(self) -> pd.DataFrame:
        """Return one row a path: way, steps, sign and weakest standing."""
        import pandas as pd

        rows = [
            (" → ".join(label(self.graph, node) for node in path.nodes), len(path), path.sign, path.weakest)
            for path in self.paths
        ]
        return pd.DataFrame(rows, columns=["way", "steps", "sign", "weakest"])

    def _repr_markdown_(self) -> str:
        from kg.pathtext import paths_markdown

        return paths_markdown(self)

    def _repr_html_(self) -> str:
        from kg.pathtext import paths_html

        return paths_html(self)


class PathOptions(TypedDict, total=False):
    """What `causal_paths` takes beside the graph, the ends and the sign."""

    k: int | None
    rank: Rank
    max_length: int | None
    min_standing: str | None
    min_certainty: str | None
    predicates: Iterable[str]
    through: Iterable[str | Iterable[str]]
    avoiding: Iterable[str]
    effort: int | None


def causal_paths(
    graph: nx.MultiDiGraph[str],
    sources: str | Iterable[str],
    targets: str | Iterable[str],
    *,
    sign: Sign = "any",
    k: int | None = 10,
    rank: Rank = "standing",
    max_length: int | None = None,
    min_standing: str | None = None,
    min_certainty: str | None = None,
    predicates: Iterable[str] = (),
    through: Iterable[str | Iterable[str]] = (),
    avoiding: Iterable[str] = (),
    effort: int | None = None,
) -> CausalPaths:
    """Return the best simple causal paths from some nodes to others.

    Parameters
    ----------
    graph
        Any multigraph with a `sign` on its edges. Claims that no source asserts (``asserted`` False) make no step.
    sources, targets
        One or several nodes, or classes: ``kg:RiskFactor`` stands for every node of that class.
    sign
        ``increases``: only paths whose signs multiply to +1; ``decreases``: to -1; ``any`` of the two; ``none``: paths of
        the edges of sign 0, and no others, such as the chain of wholes that a body part is in.
    k
        How many at most, from 1; None for all, which can be very many.
    rank
        ``standing``: the path whose weakest step rests on the strongest ground comes first, since a chain is as good as
        its weakest link; then the one with fewer steps, since each step may fail; then CURIE order. ``length``: fewer
        steps first, then CURIE order, whatever the ground.
    max_length
        Most steps, from 1; None for any number.
    min_standing, min_certainty
        Only claims of this `STANDINGS` or `CERTAINTIES`, or a stronger one.
    predicates
        Only these relations; none for all.
    through
        Nodes, classes or collections of either: a path must touch each (one of each collection), ends included. A node
        stands for its kinds too.
    avoiding
        Nodes or classes that a path must not touch, nor their kinds.
    effort
        How many partial paths to look at before giving up; None for `kg.search.EFFORT`. For a million it takes seconds.

    Returns
    -------
    CausalPaths
        In exact order: two runs give the same. Two nodes joined by claims of both signs give a path for each sign.

    Raises
    ------
    UnknownTermError
        If a name is neither a node nor a class of the graph.
    InputError
        If source and target are one, an edge has no sign, or an option is none of those listed.

    References
    ----------
    See `kg.search`, which finds the paths; a simple path passes no node twice (R. Diestel, Graph Theory, 5th ed. (2017),
    section 1.3).
    """
    filters = _filters(graph, sign, max_length, min_standing, min_certainty, predicates, through, avoiding)
    if rank not in _RANKS:
        raise InputError(f"rank is {rank!r}; expected {' or '.join(_RANKS)}")
    if k is not None and k < 1:
        raise InputError(f"k is {k}; expected 1 or more")
    start, end = _ends(graph, sources), _ends(graph, targets)
    if start == end and len(start) == 1:
        raise InputError(f"a path needs two ends, and both are {label(graph, start[0])}")
    found, cut = _search(graph, start, end, rank, filters, k, effort)
    paths = tuple(_dressed(graph, filters, path) for path in found)
    graded = any("standing" in edge for *_, edge in graph.edges(data=True))
    return CausalPaths(start, end, rank, filters, paths, cut, graph, graded)


def members(graph: nx.MultiDiGraph[str], name: str, *, kinds: bool = False) -> frozenset[str]:
    """Return the nodes that a name stands for: itself, or all of a class.

    Parameters
    ----------
    graph
        Whose nodes may have ``classes`` and ``broader``.
    name
        A node, or a class such as ``kg:RiskFactor``.
    kinds
        Whether a node also stands for its kinds and theirs, as inflammation for chronic inflammation.

    Returns
    -------
    frozenset of str
        Never empty.

    Raises
    ------
    UnknownTermError
        If it is neither.
    """
    if name in graph:
        found = {name}
        while kinds and (more := {node for node, up in graph.nodes(data="broader") if found & set(up or ())} - found):
            found |= more
        return frozenset(found)
    local = name.removeprefix("kg:")
    of_class = frozenset(node for node, classes in graph.nodes(data="classes") if local in (classes or ()))
    if not of_class:
        raise UnknownTermError(name)
    return of_class


def path_network(network: nx.MultiDiGraph[str], found: CausalPaths) -> nx.MultiDiGraph[str]:
    """Return the part of a network that some paths run through.

    Parameters
    ----------
    network
        That the paths were found in.
    found
        The paths.

    Returns
    -------
    networkx.MultiDiGraph
        A copy with the nodes of the paths and the claims of their steps, opposing ones included, and no others.
    """
    part: nx.MultiDiGraph[str] = nx.MultiDiGraph(**network.graph)
    for path in found:
        part.add_nodes_from((node, network.nodes[node]) for node in path.nodes)
        for step in path.steps:
            for claim in (*step.claims, *step.opposing):
                if not part.has_edge(step.subject, step.object, claim.id):
                    attributes = network.edges[step.subject, step.object, claim.id]
                    part.add_edge(step.subject, step.object, key=claim.id, **attributes)
    return part


def label(graph: nx.MultiDiGraph[str], node: str) -> str:
    """Return the label of a node, or the node itself where it has none."""
    return str(graph.nodes[node].get("label") or node)


def _ends(graph: nx.MultiDiGraph[str], names: str | Iterable[str]) -> tuple[str, ...]:
    listed = [names] if isinstance(names, str) else list(names)
    found = {node for name in listed for node in members(graph, name)}
    if not found:
        raise InputError("a path needs a source and a target, and one of them is an empty list")
    return tuple(sorted(found))


def _filters(
    graph: nx.MultiDiGraph[str],
    sign: Sign,
    max_length: int | None,
    min_standing: str | None,
    min_certainty: str | None,
    predicates: Iterable[str],
    through: Iterable[str | Iterable[str]],
    avoiding: Iterable[str],
) -> Filters:
    if sign not in _SIGNS:
        raise InputError(f"sign is {sign!r}; expected {', '.join(_SIGNS)}")
    if max_length is not None and max_length < 1:
        raise InputError(f"max_length is {max_length}; expected 1 or more")
    for name, value, known in (
        ("min_standing", min_standing, STANDINGS),
        ("min_certainty", min_certainty, CERTAINTIES),
    ):
        if value is not None and value not in known:
            raise InputError(f"{name} is {value!r}; expected one of {', '.join(known)}")
    wanted = frozenset(predicates)
    known_predicates = {
        str(edge["predicate"]) for *_, edge in (graph.edges(data=True) if wanted else ()) if edge.get("predicate")
    }
    for predicate in sorted(wanted - known_predicates):
        raise InputError(f"no claim has the relation {predicate!r}; there are {', '.join(sorted(known_predicates))}")
    groups = tuple(
        frozenset(
            node for name in ([group] if isinstance(group, str) else group) for node in members(graph, name, kinds=True)
        )
        for group in through
    )
    barred = frozenset(node for name in avoiding for node in members(graph, name, kinds=True))
    return Filters(sign, max_length, min_standing, min_certainty, wanted, groups, barred)


def fits(edge: Mapping[str, object], filters: Filters) -> bool:
    """Return whether an edge can make a step of a path that is like some filters want it; nodes are not looked at."""
    if bool(edge.get("sign")) is (filters.sign == "none") or not edge.get("asserted", True):
        return False
    if filters.predicates and edge.get("predicate") not in filters.predicates:
        return False
    if filters.min_standing and level_of(edge) < STANDINGS.index(filters.min_standing):
        return False
    certainty = edge.get("certainty", CERTAINTIES[-1])
    return not filters.min_certainty or CERTAINTIES.index(str(certainty)) >= CERTAINTIES.index(filters.min_certainty)


def level_of(edge: Mapping[str, object]) -> int:
    """Return the place of an edge's standing among `STANDINGS`."""
    return STANDINGS.index(str(edge.get("standing", "Unreviewed")))


def _search(
    graph: nx.MultiDiGraph[str],
    sources: Collection[str],
    targets: Collection[str],
    rank: Rank,
    filters: Filters,
    k: int | None,
    effort: int | None,
) -> tuple[list[FoundPath[str]], str | None]:
    """Return the paths, and why the list was cut."""
    from kg import search
    from kg.indexed import path_index

    steps: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    steps.add_nodes_from(graph)
    for subject, object_, key, edge in graph.edges(keys=True, data=True):
        if "sign" not in edge:
            raise InputError(f"edge {subject} -> {object_} has no sign; expected sign=1, -1 or 0 on each edge")
        if fits(edge, filters):
            # The search knows steps with a sign only; where they have none, any one will do for all.
            steps.add_edge(subject, object_, key=key, sign=edge["sign"] or 1, level=level_of(edge))
    if not steps.number_of_edges():
        return [], None
    index = path_index(steps, level="level")
    first, *others = filters.through or (frozenset[str](),)
    options = {
        "sign": _SIGNS[filters.sign],
        "max_length": filters.max_length,
        "forbidden": filters.avoiding,
        "passing": first,
        "effort": effort or search.EFFORT,
    }
    find = search.strongest_paths if rank == "standing" else search.best_paths
    found: list[FoundPath[str]] = []
    try:
        for path in find(index, sources, targets, **options):  # type: ignore[arg-type] # one dict for both
            if all(group & set(path.nodes) for group in others):
                found.append(path)
            if k is not None and len(found) > k:
                return found[:k], "k"
    except LimitError:
        return found, "effort"
    return found, None


def _dressed(graph: nx.MultiDiGraph[str], filters: Filters, found: FoundPath[str]) -> CausalPath:
    """Return a path with its claims."""
    steps = []
    signs = [0] * len(found.signs) if filters.sign == "none" else found.signs
    for subject, object_, sign in zip(found.nodes, found.nodes[1:], signs, strict=False):
        claims: dict[bool, list[PathClaim]] = defaultdict(list)
        for key, edge in sorted(graph.get_edge_data(subject, object_).items(), key=lambda item: str(item[0])):
            if fits(edge, filters) and edge["sign"] == sign:
                claims[True].append(_claim(str(key), edge))
            elif bool(edge["sign"]) is bool(sign) and (edge["sign"] != sign or not edge.get("asserted", True)):
                claims[False].append(_claim(str(key), edge))
        steps.append(Step(subject, object_, sign, tuple(claims[True]), tuple(claims[False])))
    return CausalPath(found.nodes, tuple(steps))


def _claim(key: str, edge: Mapping[str, object]) -> PathClaim:
    evidence: tuple[Evidence, ...] = edge.get("evidence", ())  # type: ignore[assignment] # as kg.network writes it
    sign = edge["sign"]
    assert isinstance(sign, int)
    return PathClaim(
        key,
        str(edge.get("predicate", "")),
        sign,
        str(edge.get("certainty", CERTAINTIES[-1])),
        str(edge.get("standing", "Unreviewed")),
        bool(edge.get("asserted", True)),
        str(edge.get("label", key)),
        evidence,
        "standing" in edge,
    )
