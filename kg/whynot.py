"""Why is there no path: which wish excludes it, which way round there is one, or where the ways from both ends stop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import networkx as nx

from kg.paths import CausalPath, CausalPaths, Filters, causal_paths, label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

__all__ = ["NoPath", "Reason", "why_no_path"]

Reason: TypeAlias = Literal[
    "no-causal-edges", "other-sign", "filter", "filters", "other-direction", "meeting", "no-link", "effort"
]

_WORDS = {
    "max_length": "a greater length",
    "min_standing": "weaker standings",
    "min_certainty": "weaker certainties",
    "predicates": "other relations",
    "through": "paths that do not pass the nodes wished for",
    "avoiding": "paths through the nodes to avoid",
}


@dataclass(frozen=True, slots=True)
class NoPath:
    """Why some sources do not lead to some targets."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    reason: Reason
    text: str
    """One or two sentences for a person."""
    instead: tuple[CausalPath, ...] = ()
    """The paths there are when the reason is taken away, or in the other direction."""
    relax: tuple[str, ...] = ()
    """Which options exclude the paths, by name."""
    furthest: tuple[str, ...] = ()
    """Where nothing links the two: the nodes at the greatest distance from the sources."""
    nearest: tuple[str, ...] = ()
    """Where nothing links the two: the nodes that lead to a target in one step."""


def why_no_path(found: CausalPaths) -> NoPath | None:
    """Return why a search for paths found none.

    Parameters
    ----------
    found
        Without paths.

    Returns
    -------
    NoPath or None
        None where there are paths. The reasons are looked for in this order: an end without causal claims; the sign
        asked for; one filter alone; all filters together; the other direction; no link at all. Where the path was to be
        of relations without a sign, a node that both ends lead to, such as the nearest common whole, goes before no link.
    """
    if found.paths:
        return None
    graph, sources, targets = found.graph, found.sources, found.targets
    from_, to = _named(graph, sources), _named(graph, targets)
    if found.cut == "effort":
        return NoPath(sources, targets, "effort", "The search was given up before it found a path; narrow it down.")
    structural = found.filters.sign == "none"
    view = _steps(graph, structural=structural)
    for ends, name in ((sources, from_), (targets, to)):
        if not any(view.degree(node) for node in ends):
            text = f"No source asserts a causal claim about {name}."
            if structural:
                text = f"Nothing is said of {name} by a relation without a sign."
            return NoPath(sources, targets, "no-causal-edges", text)
    relaxed = _relaxed(found)
    if relaxed is not None:
        return relaxed
    back = _again(found, _free(found), turned=True)
    if back:
        text = f"Nothing leads from {from_} to {to}; there is only the other direction, from {to} to {from_}."
        return NoPath(sources, targets, "other-direction", text, back)
    meeting = _meeting(found) if structural else None
    if meeting is not None:
        return meeting
    distances = nx.multi_source_dijkstra_path_length(view, set(sources))
    greatest = max(distances.values())
    furthest = tuple(sorted(node for node, distance in distances.items() if distance == greatest and greatest))
    nearest = tuple(sorted({node for target in targets for node in view.predecessors(target)}))
    stop = f"goes no further than {_named(graph, furthest)}" if furthest else "leads nowhere"
    start = f"what leads to {to} is {_named(graph, nearest)}" if nearest else f"nothing leads to {to}"
    text = f"Nothing links {from_} and {to}: {from_} {stop}, and {start}."
    return NoPath(sources, targets, "no-link", text, furthest=furthest, nearest=nearest)


def _relaxed(found: CausalPaths) -> NoPath | None:
    """Return the answer where a wish excludes the paths, or None where it is not the wishes."""
    graph, filters = found.graph, found.filters
    ends = f"from {_named(graph, found.sources)} to {_named(graph, found.targets)}"
    free = _free(found)
    if filters.sign != "any":
        instead = _again(found, replace(filters, sign="any"))
        if instead and filters.sign == "none":
            text = f"No path {ends} is made of relations without a sign; there is one of causal claims."
            return NoPath(found.sources, found.targets, "other-sign", text, instead, ("sign",))
        if instead:
            other = "decreases" if filters.sign == "increases" else "increases"
            text = f"No path {ends} {filters.sign} it; there is only one that {other} it."
            return NoPath(found.sources, found.targets, "other-sign", text, instead, ("sign",))
    set_ = [name for name in _WORDS if getattr(filters, name) != getattr(Filters(), name)]
    for name in set_:
        instead = _again(found, replace(filters, **{name: getattr(Filters(), name)}))
        if instead:
            text = f"No path {ends} is like that; with {_WORDS[name]} there is one."
            return NoPath(found.sources, found.targets, "filter", text, instead, (name,))
    instead = _again(found, free)
    if instead:
        excluded = (*(["sign"] if filters.sign != free.sign else []), *set_)
        text = f"No path {ends} is like that; only without {' and '.join(excluded)} together there is one."
        return NoPath(found.sources, found.targets, "filters", text, instead, excluded)
    return None


def _again(found: CausalPaths, filters: Filters, *, turned: bool = False) -> tuple[CausalPath, ...]:
    """Return the best path under other wishes, none or one."""
    sources, targets = (found.targets, found.sources) if turned else (found.sources, found.targets)
    again = causal_paths(
        found.graph,
        sources,
        targets,
        sign=filters.sign,
        k=1,
        rank=found.rank,
        max_length=filters.max_length,
        min_standing=filters.min_standing,
        min_certainty=filters.min_certainty,
        predicates=filters.predicates,
        through=filters.through,
        avoiding=filters.avoiding,
    )
    return again.paths


def _free(found: CausalPaths) -> Filters:
    """Return no wishes but for the kind of path: of claims with a sign, or of relations without one."""
    return Filters(sign="none") if found.filters.sign == "none" else Filters()


def _meeting(found: CausalPaths) -> NoPath | None:
    """Return the nearest node that both ends lead to, with the ways there; None where they lead to none."""
    view = _steps(found.graph, structural=True, predicates=found.filters.predicates)
    ways = [nx.multi_source_dijkstra_path_length(view, set(ends)) for ends in (found.sources, found.targets)]
    common = ways[0].keys() & ways[1].keys() - {*found.sources, *found.targets}
    if not common:
        return None
    nearest = min(common, key=lambda node: (ways[0][node] + ways[1][node], max(ways[0][node], ways[1][node]), node))
    instead = tuple(
        path
        for ends in (found.sources, found.targets)
        for path in causal_paths(
            found.graph, ends, nearest, sign="none", k=1, rank="length", predicates=found.filters.predicates
        )
    )
    from_, to, meet = (_named(found.graph, ends) for ends in (found.sources, found.targets, (nearest,)))
    text = f"Nothing leads from {from_} to {to}, nor back; both lead to {meet}."
    return NoPath(found.sources, found.targets, "meeting", text, instead, nearest=(nearest,))


def _steps(graph: nx.MultiDiGraph[str], *, structural: bool, predicates: Collection[str] = ()) -> nx.DiGraph[str]:
    """Return the steps that any path could take, without what they rest on."""
    view: nx.DiGraph[str] = nx.DiGraph()
    view.add_nodes_from(graph)
    view.add_edges_from(
        (subject, object_)
        for subject, object_, edge in graph.edges(data=True)
        if bool(edge.get("sign")) is not structural
        and edge.get("asserted", True)
        and (not predicates or edge.get("predicate") in predicates)
    )
    return view


def _named(graph: nx.MultiDiGraph[str], nodes: Iterable[str], most: int = 4) -> str:
    """Return labels as a list in words, cut after a few."""
    names = [label(graph, node) for node in nodes]
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
