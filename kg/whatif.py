"""What if some claims or things were not there: the ways before and after, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import InputError, UnknownTermError
from kg.paths import CausalPath, CausalPaths, causal_paths, label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import networkx as nx

    from kg.paths import Sign

__all__ = ["WhatIf", "what_if", "what_if_text"]

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The paths with all there is, and with something taken away."""

    removed_nodes: tuple[str, ...]
    removed_claims: tuple[str, ...]
    before: CausalPaths
    after: CausalPaths

    @property
    def closed(self) -> tuple[CausalPath, ...]:
        """The paths of before that are gone, in their order; all of them where `before` is complete."""
        kept = {(path.nodes, tuple(step.sign for step in path.steps)) for path in self.after}
        return tuple(path for path in self.before if (path.nodes, tuple(step.sign for step in path.steps)) not in kept)

    @property
    def complete(self) -> bool:
        """Whether neither list was cut."""
        return self.before.complete and self.after.complete


def what_if(
    graph: nx.MultiDiGraph[str],
    sources: str | Iterable[str],
    targets: str | Iterable[str],
    *,
    remove_nodes: Collection[str] = (),
    remove_claims: Collection[str] = (),
    sign: Sign = "increases",
    limit: int = 1000,
    max_length: int | None = None,
) -> WhatIf:
    """Return the causal paths before and after some nodes or claims are taken away.

    Parameters
    ----------
    graph
        As for `kg.paths.causal_paths`; it is not changed.
    sources, targets
        Nodes or classes.
    remove_nodes
        Nodes that are gone with all their claims, such as those that a strategy acts on.
    remove_claims
        Keys of edges that are gone, such as claims that one does not believe.
    sign
        Which paths to compare.
    limit
        How many at most on each side, from 1.
    max_length
        Most steps of a path, from 1.

    Returns
    -------
    WhatIf
        Paths ranked by length.

    Raises
    ------
    UnknownTermError
        If a node or claim is not in the graph.
    InputError
        If nothing is taken away, or if it is a source or target; also as `causal_paths`.
    """
    keys = {str(key) for _, _, key in graph.edges(keys=True)}
    for name in (*remove_nodes, *remove_claims):
        if name not in graph and name not in keys:
            raise UnknownTermError(name)
    if not remove_nodes and not remove_claims:
        raise InputError("nothing is taken away; name nodes or claims to remove")
    before = causal_paths(graph, sources, targets, sign=sign, k=limit, rank="length", max_length=max_length)
    ends = sorted({*before.sources, *before.targets} & set(remove_nodes))
    if ends:
        raise InputError(f"{label(graph, ends[0])} is an end of the paths and cannot be taken away")
    rest = graph.copy()
    rest.remove_edges_from([(u, v, key) for u, v, key in graph.edges(keys=True) if str(key) in set(remove_claims)])
    rest.remove_nodes_from(remove_nodes)
    after = causal_paths(rest, before.sources, before.targets, sign=sign, k=limit, rank="length", max_length=max_length)
    return WhatIf(tuple(sorted(remove_nodes)), tuple(sorted(remove_claims)), before, after)


def what_if_text(found: WhatIf) -> str:
    """Return a comparison as plain text: the numbers, and the shortest paths that are gone and that are left.

    Parameters
    ----------
    found
        What to write.

    Returns
    -------
    str
        Ends with a line break.
    """
    graph = found.before.graph
    cut = "" if found.complete else " (of more; the lists were cut)"
    lines = [f"{len(found.before)} paths before, {len(found.after)} after{cut}"]
    for heading, paths in (("gone", found.closed), ("left", found.after.paths)):
        lines += [f"  {heading}  {' -> '.join(label(graph, node) for node in path.nodes)}" for path in paths[:_SHOWN]]
        if len(paths) > _SHOWN:
            lines.append(f"  {heading}  ... and {len(paths) - _SHOWN} more")
    return "\n".join(lines) + "\n"
