"""A causal diagram in the syntax of DAGitty and of Graphviz, as plain text and as JSON.

References
----------
J. Textor, B. van der Zander, M. S. Gilthorpe, M. Liśkiewicz, G. T. H. Ellison, Robust causal inference using directed acyclic
graphs: the R package 'dagitty', International Journal of Epidemiology 45(6) (2016), 1887-1894, doi:10.1093/ije/dyw341.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kg.diagrams import implied_independencies
from kg.paths import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx

    from kg.diagrams import Diagram

__all__ = ["diagram_dagitty", "diagram_dot", "diagram_json", "diagram_text"]

CAUTION = "The diagram is made of claims in an article and in publications. It is no validated causal model."


def diagram_dagitty(found: Diagram, graph: nx.MultiDiGraph[str]) -> str:
    """Return a diagram in DAGitty's syntax, to be pasted into dagitty.net or read by the R package.

    Parameters
    ----------
    found
        What to write.
    graph
        Gives the labels, which become the names of the nodes.

    Returns
    -------
    str
        Ends with a line break; nodes and edges in order.
    """
    names = _names(found, graph)
    roles = {found.exposure: " [exposure]", found.outcome: " [outcome]"}
    lines = [f"{_quoted(names[node])}{roles.get(node, '')}" for node in sorted(found.graph)]
    lines += [f"{_quoted(names[u])} -> {_quoted(names[v])}" for u, v in sorted(found.graph.edges())]
    return "dag {\n" + "\n".join(lines) + "\n}\n"


def diagram_dot(found: Diagram, graph: nx.MultiDiGraph[str]) -> str:
    """Return a diagram in Graphviz's syntax, exposure and outcome with a double border; see `diagram_dagitty`."""
    names = _names(found, graph)
    lines = ["rankdir=LR;", "node [shape=box];"]
    lines += [f"{_quoted(names[node])} [peripheries=2];" for node in (found.exposure, found.outcome)]
    lines += [f"{_quoted(names[node])};" for node in sorted(found.graph)]
    lines += [f"{_quoted(names[u])} -> {_quoted(names[v])};" for u, v in sorted(found.graph.edges())]
    return "digraph {\n" + "\n".join(f"  {line}" for line in lines) + "\n}\n"


def diagram_text(found: Diagram, graph: nx.MultiDiGraph[str]) -> str:
    """Return what to adjust for, and what the diagram implies, as plain text.

    Parameters
    ----------
    found
        What to write.
    graph
        Gives the labels.

    Returns
    -------
    str
        Ends with a line break.
    """

    def named(nodes: Iterable[str]) -> str:
        return ", ".join(label(graph, node) for node in nodes) or "nothing"

    exposure, outcome = label(graph, found.exposure), label(graph, found.outcome)
    size = f"{found.graph.number_of_nodes()} terms, {found.graph.number_of_edges()} arrows"
    lines = [f"{exposure} -> {outcome}: {size}"]
    if not found.affects:
        lines.append(f"No causal way leads from {exposure} to {outcome}: the diagram says that there is no effect.")
    lines += [f"Between them: {named(found.mediators)}", "", "Minimal sets to adjust for (total effect, back-door):"]
    if found.adjustment_sets:
        lines += [f"  {named(nodes)}" for nodes in found.adjustment_sets]
        if not found.complete:
            lines.append("  ... and more")
    else:
        lines.append("  none")
    lines += ["Always enough: the parents of the exposure", f"  {named(found.parents)}"]
    if found.cut:
        lines += ["", "Left out, since they closed a cycle:"]
        lines += [f"  {label(graph, u)} -> {label(graph, v)}" for u, v in found.cut]
    independencies, whole = implied_independencies(found, limit=10)
    if independencies:
        lines += ["", "The diagram implies, among others:" if not whole else "The diagram implies:"]
        for item in independencies:
            given = f" given {named(item.given)}" if item.given else ""
            lines.append(f"  {label(graph, item.first)} is independent of {label(graph, item.second)}{given}")
    return "\n".join([*lines, "", CAUTION]) + "\n"


def diagram_json(found: Diagram, graph: nx.MultiDiGraph[str]) -> str:
    """Return a diagram and all that follows from it as JSON; two runs give the same bytes."""
    independencies, whole = implied_independencies(found, limit=1000)
    document = {
        "exposure": found.exposure,
        "outcome": found.outcome,
        "nodes": {node: label(graph, node) for node in sorted(found.graph)},
        "edges": sorted(found.graph.edges()),
        "cut": found.cut,
        "mediators": found.mediators,
        "adjustment_sets": found.adjustment_sets,
        "adjustment_sets_complete": found.complete,
        "parents": found.parents,
        "independencies": [
            {"first": item.first, "second": item.second, "given": item.given} for item in independencies
        ],
        "independencies_complete": whole,
        "caution": CAUTION,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _names(found: Diagram, graph: nx.MultiDiGraph[str]) -> dict[str, str]:
    """Return a name for each node: its label, or the node itself where another has the same label."""
    labels = {node: label(graph, node) for node in found.graph}
    shared = {name for name in labels.values() if list(labels.values()).count(name) > 1}
    return {node: node if name in shared else name for node, name in labels.items()}


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
