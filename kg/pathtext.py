"""Causal paths as text for a terminal and as JSON with the whole evidence."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING

from kg.citations import cited, standing_mark

if TYPE_CHECKING:
    import networkx as nx

    from kg.paths import CausalPath, CausalPaths, Step

__all__ = ["paths_json", "paths_text"]

_EFFECT = {1: "more of the first makes for more of the last", -1: "more of the first makes for less of the last"}
_LEGEND = "+ supported  ~ mixed  ! disputed  · unreviewed (by the publications that were read)"


def paths_text(found: CausalPaths, network: nx.MultiDiGraph[str]) -> str:
    """Return paths as numbered chains, one claim a line.

    Parameters
    ----------
    found
        What to write.
    network
        Gives the labels and sources.

    Returns
    -------
    str
        Ends with a line break; says where the list was cut, and where there is no path.
    """
    source, target = (network.nodes[node]["label"] for node in (found.source, found.target))
    if not found.paths:
        return f"No causal path leads from {source} to {target}.\n"
    lines = [
        f"From {source} to {target}: {_counted(len(found))}{'' if found.complete else ', the shortest; more exist (-k)'}"
    ]
    for number, path in enumerate(found, start=1):
        lines += ["", *_chain(number, path, network)]
    lines += ["", _LEGEND]
    return "\n".join(lines) + "\n"


def _counted(number: int) -> str:
    return "1 path" if number == 1 else f"{number} paths"


def _chain(number: int, path: CausalPath, network: nx.MultiDiGraph[str]) -> list[str]:
    steps = "1 step" if len(path) == 1 else f"{len(path)} steps"
    lines = [f"{number}. {steps}; {_EFFECT[path.sign]}", f"   {network.nodes[path.nodes[0]]['label']}"]
    for step in path.steps:
        arrow = "-->" if step.sign > 0 else "--|"
        lines.append(f"   {arrow} {network.nodes[step.object]['label']}")
        lines += [f"         {text}" for text in _claims(step, network)]
    return lines


def _claims(step: Step, network: nx.MultiDiGraph[str]) -> list[str]:
    sources = network.graph["sources"]
    return [
        f"{standing_mark(claim.standing)} {claim.label}  "
        f"[{claim.certainty.lower()}, {claim.standing.lower()}; {cited(claim.evidence, sources)}]"
        for claim in step.claims
    ]


def paths_json(found: CausalPaths, network: nx.MultiDiGraph[str]) -> str:
    """Return paths as JSON: every step with every claim and every piece of evidence, and the sources they name.

    Parameters
    ----------
    found
        What to write.
    network
        Gives the labels and sources.

    Returns
    -------
    str
        Ends with a line break; two runs give the same bytes.
    """
    used = sorted({
        item.source for path in found for step in path.steps for claim in step.claims for item in claim.evidence
    })
    document = {
        "source": found.source,
        "target": found.target,
        "complete": found.complete,
        "paths": [{"sign": path.sign, "nodes": path.nodes, "steps": list(map(asdict, path.steps))} for path in found],
        "labels": {
            node: network.nodes[node]["label"] for node in sorted({node for path in found for node in path.nodes})
        },
        "sources": {source: asdict(network.graph["sources"][source]) for source in used},
    }
    return json.dumps(document, ensure_ascii=False, indent=1, default=_number) + "\n"


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(value)
