"""By which steps does one thing lead to another: simple causal paths, each step with the claims behind it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import networkx as nx

from kg.errors import InputError, UnknownTermError
from kg.network import causal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.evidence import Evidence

__all__ = ["CausalPath", "CausalPaths", "PathClaim", "Step", "causal_paths", "path_network"]


@dataclass(frozen=True, slots=True)
class PathClaim:
    """One claim that a step rests on."""

    id: str
    predicate: str
    sign: int
    certainty: str
    standing: str
    label: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step from a node to the next, with every claim that makes it; parallel claims make one step."""

    subject: str
    object: str
    sign: int
    """1 more makes for more, -1 more makes for less."""
    claims: tuple[PathClaim, ...]
    """In CURIE order; all have the step's sign."""


@dataclass(frozen=True, slots=True)
class CausalPath:
    """A way from a source to a target that passes no node twice."""

    nodes: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def sign(self) -> int:
        """The product of the signs of the steps: what more of the source makes of the target."""
        product = 1
        for step in self.steps:
            product *= step.sign
        return product

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class CausalPaths:
    """The paths found, and whether there are more."""

    source: str
    target: str
    paths: tuple[CausalPath, ...]
    complete: bool
    """False where the list was cut at the number asked for."""

    def __iter__(self) -> Iterator[CausalPath]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


def causal_paths(
    network: nx.MultiDiGraph[str], source: str, target: str, *, k: int = 10, max_length: int | None = None
) -> CausalPaths:
    """Return the simple causal paths from one node to another, shortest first.

    Parameters
    ----------
    network
        As `kg.network` describes it; edges without a sign and claims that no source asserts are passed over.
    source, target
        Nodes (CURIEs).
    k
        How many paths at most, from 1.
    max_length
        Longest path wanted, in steps, from 1; None for any length.

    Returns
    -------
    CausalPaths
        Shortest first, ties in CURIE order of their nodes; none where nothing leads from source to target. Two nodes joined
        by claims of both signs give a path for each sign.

    Raises
    ------
    UnknownTermError
        If a node is not in the network.
    InputError
        If source and target are one, or `k` or `max_length` is below 1.

    References
    ----------
    J. Y. Yen, Finding the K shortest loopless paths in a network, Management Science 17(11) (1971), 712-716,
    doi:10.1287/mnsc.17.11.712; used through `networkx.shortest_simple_paths`.
    """
    for node in (source, target):
        if node not in network:
            raise UnknownTermError(node)
    if source == target:
        raise InputError(f"a path needs two ends, and both are {source}")
    for name, number in (("k", k), ("max_length", max_length)):
        if number is not None and number < 1:
            raise InputError(f"{name} is {number}; expected 1 or more")
    view = causal(network)
    if source not in view or target not in view:
        return CausalPaths(source, target, (), complete=True)
    # Parallel claims would give one path for each choice among them; a path is a sequence of nodes.
    simple: nx.DiGraph[str] = nx.DiGraph()
    simple.add_nodes_from(sorted(view))
    simple.add_edges_from(sorted(set(view.edges())))
    if not nx.has_path(simple, source, target):
        return CausalPaths(source, target, (), complete=True)
    found: list[CausalPath] = []
    by_length = groupby(nx.shortest_simple_paths(simple, source, target), key=len)
    for length, nodes in by_length:
        if max_length is not None and length - 1 > max_length:
            break
        # All of one length before the next, so that ties are in order whatever the search met first.
        for sequence in sorted(map(tuple, nodes)):
            found.extend(_signed(view, sequence))
        if len(found) > k:
            return CausalPaths(source, target, tuple(found[:k]), complete=False)
    return CausalPaths(source, target, tuple(found), complete=True)


def _signed(view: nx.MultiDiGraph[str], nodes: tuple[str, ...]) -> Iterator[CausalPath]:
    """Yield the path for each choice of sign at the steps that claims of both signs make."""
    chains: list[tuple[Step, ...]] = [()]
    for subject, object_ in pairwise(nodes):
        by_sign: dict[int, list[PathClaim]] = defaultdict(list)
        for key, edge in sorted(view[subject][object_].items()):
            by_sign[edge["sign"]].append(
                PathClaim(
                    key,
                    edge["predicate"],
                    edge["sign"],
                    edge["certainty"],
                    edge["standing"],
                    edge["label"],
                    edge["evidence"],
                )
            )
        steps = [Step(subject, object_, sign, tuple(claims)) for sign, claims in sorted(by_sign.items(), reverse=True)]
        chains = [(*chain, step) for chain in chains for step in steps]
    for chain in chains:
        yield CausalPath(nodes, chain)


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
        A copy with the nodes of the paths and the claims of their steps, and no others.
    """
    part: nx.MultiDiGraph[str] = nx.MultiDiGraph(**network.graph)
    for path in found:
        part.add_nodes_from((node, network.nodes[node]) for node in path.nodes)
        for step in path.steps:
            for claim in step.claims:
                if not part.has_edge(step.subject, step.object, claim.id):
                    attributes = network.edges[step.subject, step.object, claim.id]
                    part.add_edge(step.subject, step.object, key=claim.id, **attributes)
    return part
