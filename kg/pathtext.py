"""Causal paths as text for a terminal, as Markdown and HTML for a notebook, and as JSON with the whole evidence."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from kg.citations import UNASSERTED, cited, markdown_text, standing_mark
from kg.paths import label
from kg.whynot import why_no_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.paths import CausalPath, CausalPaths, PathClaim
    from kg.whynot import NoPath

__all__ = ["LEGEND", "chain_lines", "paths_html", "paths_json", "paths_markdown", "paths_text"]

LEGEND = "+ supported  ~ mixed  ! disputed  · unreviewed (by the publications that were read)"

_EFFECT = {1: "more of the first makes for more of the last", -1: "more of the first makes for less of the last", 0: ""}
_ARROWS = {1: "-->", -1: "--|", 0: "..>"}
_SIGNS = {1: ("→", "increases"), -1: ("⊣", "decreases"), 0: ("⇢", "")}
_CUTS = {
    "k": "; there are more, -k shows them",
    "effort": "; the search was given up here, narrow it down for the rest",
}
_RANKS = {"standing": "the strongest weakest step first", "length": "the shortest first"}


def paths_text(found: CausalPaths) -> str:
    """Return paths as numbered chains, one claim a line.

    Parameters
    ----------
    found
        What to write.

    Returns
    -------
    str
        Ends with a line break; says where the list was cut and why, and why there is no path.
    """
    if not found.paths:
        return _absence_text(found, why_no_path(found))
    lines = [_headline(found)]
    for number, path in enumerate(found, start=1):
        lines += ["", f"{number}. {_summary(found, path)}", *chain_lines(found, path)]
    if found.graded:
        lines += ["", LEGEND]
    return "\n".join(lines) + "\n"


def _headline(found: CausalPaths) -> str:
    number = "1 path" if len(found) == 1 else f"{len(found)} paths"
    order = _RANKS[found.rank if found.graded else "length"]
    return f"From {_ends(found, found.sources)} to {_ends(found, found.targets)}: {number}, {order}" + (
        _CUTS[found.cut] if found.cut else ""
    )


def _ends(found: CausalPaths, nodes: tuple[str, ...]) -> str:
    names = [label(found.graph, node) for node in nodes]
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} terms"


def _summary(found: CausalPaths, path: CausalPath) -> str:
    steps = "1 step" if len(path) == 1 else f"{len(path)} steps"
    ground = f"{steps}, weakest {path.weakest.lower()}" if found.graded else steps
    return "; ".join(filter(None, (ground, _EFFECT[path.sign])))


def chain_lines(found: CausalPaths, path: CausalPath) -> list[str]:
    """Return one path as lines: its nodes, and under each step the claims with certainty, standing and sources."""
    lines = [f"   {label(found.graph, path.nodes[0])}"]
    for step in path.steps:
        lines.append(f"   {_ARROWS[step.sign]} {label(found.graph, step.object)}")
        lines += [f"         {text}" for text in _claim_lines(found, step.claims)]
        lines += [f"         against it: {text}" for text in _claim_lines(found, step.opposing)]
    return lines


def _claim_lines(found: CausalPaths, claims: Iterable[PathClaim]) -> list[str]:
    return [
        f"{standing_mark(claim.standing)} {claim.label}  [{_ground(found, claim)}]" if claim.graded else claim.label
        for claim in claims
    ]


def _ground(found: CausalPaths, claim: PathClaim) -> str:
    marks = f"{claim.certainty.lower()}, {claim.standing.lower()}"
    if not claim.asserted:
        marks += f", {UNASSERTED}"
    sources = cited(claim.evidence, found.graph.graph.get("sources", {}))
    return f"{marks}; {sources}" if sources else marks


def _absence_text(found: CausalPaths, absence: NoPath | None) -> str:
    if absence is None:
        return ""
    lines = [absence.text]
    for path in absence.instead:
        lines += ["", f"Instead: {_summary(found, path)}", *chain_lines(found, path)]
    if absence.instead and found.graded:
        lines += ["", LEGEND]
    return "\n".join(lines) + "\n"


def paths_markdown(found: CausalPaths) -> str:
    """Return paths as Markdown: a list of chains, each claim in a list of its own.

    Parameters
    ----------
    found
        What to write.

    Returns
    -------
    str
        Ends with a line break; characters with a meaning in Markdown are escaped.
    """
    absence = why_no_path(found)
    if absence is not None:
        instead = "".join(f"\n\nInstead: {_markdown_chain(found, path)}" for path in absence.instead)
        return markdown_text(absence.text) + instead + "\n"
    blocks = [f"**{markdown_text(_headline(found))}**"]
    for number, path in enumerate(found, start=1):
        claims = [claim for step in path.steps for claim in (*step.claims, *step.opposing)]
        lines = [f"{number}. {_markdown_chain(found, path)}  ", f"   {markdown_text(_summary(found, path))}"]
        lines += [
            f"   - {standing_mark(c.standing)} {markdown_text(c.label)} ({markdown_text(_ground(found, c))})"
            if c.graded
            else f"   - {markdown_text(c.label)}"
            for c in claims
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _markdown_chain(found: CausalPaths, path: CausalPath) -> str:
    parts = [markdown_text(label(found.graph, path.nodes[0]))]
    for step in path.steps:
        parts += [_SIGNS[step.sign][0], markdown_text(label(found.graph, step.object))]
    return " ".join(parts)


def paths_html(found: CausalPaths) -> str:
    """Return paths as an HTML list, all text escaped and all DOIs linked.

    Parameters
    ----------
    found
        What to write.

    Returns
    -------
    str
        A fragment without script or style.
    """
    absence = why_no_path(found)
    if absence is not None:
        instead = "".join(f"<p>Instead: {_html_chain(found, path)}</p>" for path in absence.instead)
        return f"<p>{escape(absence.text)}</p>{instead}"
    items = []
    for path in found:
        claims = "".join(
            f"<li>{_html_claim(found, claim)}</li>" for step in path.steps for claim in (*step.claims, *step.opposing)
        )
        summary = escape(_summary(found, path))
        items.append(f"<li>{_html_chain(found, path)}<br><small>{summary}</small><ul>{claims}</ul></li>")
    legend = f"<p><small>{escape(LEGEND)}</small></p>" if found.graded else ""
    return f"<p><strong>{escape(_headline(found))}</strong></p><ol>{''.join(items)}</ol>{legend}"


def _html_claim(found: CausalPaths, claim: PathClaim) -> str:
    if not claim.graded:
        return escape(claim.label)
    return f"{standing_mark(claim.standing)} {escape(claim.label)} <small>{escape(_ground(found, claim))}</small>"


def _html_chain(found: CausalPaths, path: CausalPath) -> str:
    parts = [f"<b>{escape(label(found.graph, path.nodes[0]))}</b>"]
    for step in path.steps:
        arrow, word = _SIGNS[step.sign]
        parts.append(f'<span title="{word}">{arrow}</span> <b>{escape(label(found.graph, step.object))}</b>')
    return " ".join(parts)


def paths_json(found: CausalPaths) -> str:
    """Return paths as JSON: every step with every claim and every piece of evidence, and the sources they name.

    Parameters
    ----------
    found
        What to write.

    Returns
    -------
    str
        Ends with a line break; two runs give the same bytes. Where there is no path, ``absence`` says why.
    """
    absence = why_no_path(found)
    shown = found.paths if absence is None else absence.instead
    claims = [claim for path in shown for step in path.steps for claim in (*step.claims, *step.opposing)]
    used = sorted({item.source for claim in claims for item in claim.evidence})
    sources = found.graph.graph.get("sources", {})
    nodes = {*found.sources, *found.targets, *(node for path in shown for node in path.nodes)}
    document: dict[str, object] = {
        "sources": found.sources,
        "targets": found.targets,
        "rank": found.rank,
        "complete": found.complete,
        "cut": found.cut,
        "paths": [_path(path) for path in found.paths],
    }
    if absence is not None:
        nodes |= {*absence.furthest, *absence.nearest}
        document["absence"] = {
            "reason": absence.reason,
            "text": absence.text,
            "instead": [_path(path) for path in absence.instead],
            "relax": absence.relax,
            "furthest": absence.furthest,
            "nearest": absence.nearest,
        }
    document["labels"] = {node: label(found.graph, node) for node in sorted(nodes)}
    document["documents"] = {source: asdict(sources[source]) for source in used if source in sources}
    return json.dumps(document, ensure_ascii=False, indent=1, default=_number) + "\n"


def _path(path: CausalPath) -> dict[str, object]:
    steps = [{**asdict(step), "standing": step.standing} for step in path.steps]
    return {"sign": path.sign, "weakest": path.weakest, "nodes": path.nodes, "steps": steps}


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(value)
