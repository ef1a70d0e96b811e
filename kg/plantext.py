"""A plan as text for a terminal, as Markdown and HTML for a notebook, and as JSON with everything in it."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from kg.citations import cited, markdown_text
from kg.redflags import CAUTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.interventions import Act, Plan, StrategySet
    from kg.ways import Way

__all__ = ["ADVICE", "plan_html", "plan_json", "plan_markdown", "plan_text"]

ADVICE = "This says how claims hang together. It is no advice for a person: what helps somebody is for them and a professional."

_Section = tuple[str, list[str]]


def plan_text(found: Plan) -> str:
    """Return a plan as plain text.

    Parameters
    ----------
    found
        What to write.

    Returns
    -------
    str
        Ends with a line break: what is least and whether that is proven, each set with what it blocks and on whose word, the
        ways that stay open, what eases the outcome, the red flags, and that it is no advice.
    """
    blocks = []
    for heading, lines in _sections(found):
        blocks.append("\n".join([heading, *(f"  {line}" for line in lines)]))
    return "\n\n".join(blocks) + "\n"


def plan_markdown(found: Plan) -> str:
    """Return a plan as Markdown: a heading and a list for each part; characters with a meaning are escaped."""
    blocks = []
    for heading, lines in _sections(found):
        items = "\n".join(f"{'  ' if line.startswith('  ') else ''}- {markdown_text(line.strip())}" for line in lines)
        blocks.append(f"**{markdown_text(heading)}**" + (f"\n\n{items}" if items else ""))
    return "\n\n".join(blocks) + "\n"


def plan_html(found: Plan) -> str:
    """Return a plan as an HTML fragment without script or style; all text is escaped."""
    blocks = []
    for heading, lines in _sections(found):
        items = "".join(f"<li>{escape(line.strip())}</li>" for line in lines)
        blocks.append(f"<p><strong>{escape(heading)}</strong></p>" + (f"<ul>{items}</ul>" if items else ""))
    return "".join(blocks)


def plan_json(found: Plan) -> str:
    """Return a plan as JSON: every set, claim and piece of evidence, the proof, labels and sources.

    Parameters
    ----------
    found
        What to write.

    Returns
    -------
    str
        Ends with a line break; two runs give the same bytes. Costs are numbers.
    """
    document = {**asdict(found), "closes_all": found.closes_all, "caution": CAUTION, "advice": ADVICE}
    return json.dumps(document, ensure_ascii=False, indent=1, default=_number) + "\n"


def _number(value: object) -> object:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(value)


def _sections(found: Plan) -> list[_Section]:
    outcome = found.labels[found.outcome]
    factors = _listed(found.labels[factor] for factor in found.factors)
    sections: list[_Section] = [(f"From {factors} to {outcome}", [_headline(found)])]
    sections += [
        (_set_heading(found, number, item), _set_lines(found, item))
        for number, item in enumerate(found, start=1)
        if len(item)
    ]
    if found.open_ways:
        more = "" if found.open_ways_complete else ", the shortest of them"
        heading = f"No strategy{_allowed(found)} closes these ways{more}"
        sections.append((heading, [_chain(found, way) for way in found.open_ways]))
    if found.easing:
        names = _listed(dict.fromkeys(found.labels[act.strategy] for act in found.easing))
        sections.append((f"Said to ease {outcome} itself, which closes no way to it", [names]))
    flags = [f"{sign}: {care} ({suspect}; {source})" for sign, care, suspect, source in found.red_flags]
    if flags:
        sections.append(("Signs that need urgent care, whatever the plan", [*flags, CAUTION]))
    sections.append((ADVICE, []))
    return sections


def _headline(found: Plan) -> str:
    if not found.has_ways:
        return "Nothing leads from the one to the other, so there is nothing to block."
    if not any(len(item) for item in found):
        return "No strategy can close any of the ways."
    size = len(found.sets[0])
    strategies = "1 strategy" if size == 1 else f"{size} strategies"
    least = f"cost {_cost(found.proof.least)}, {strategies}" if found.with_costs else strategies
    sets = "1 set" if len(found) == 1 else f"{len(found)} sets"
    which = (
        "the only one"
        if found.complete and len(found) == 1
        else "all there are"
        if found.complete
        else "and there are more"
    )
    goal = "closes every way" if found.closes_all else "leaves the fewest ways open"
    proof = (
        "minimum: proven" if found.proof.optimal else f"not proven to be minimum (at least {_cost(found.proof.bound)})"
    )
    return f"What {goal}: {least} ({proof}; {sets}, {which})"


def _allowed(found: Plan) -> str:
    parts = []
    if found.only:
        parts.append(f"only {_listed(found.labels[name] for name in found.only)}")
    if found.avoid:
        parts.append(f"without {_listed(found.labels[name] for name in found.avoid)}")
    if found.min_standing:
        parts.append(f"on {found.min_standing.lower()} claims or better")
    return f" ({', '.join(parts)})" if parts else ""


def _set_heading(found: Plan, number: int, item: StrategySet) -> str:
    names = " + ".join(found.labels[name] for name in item.strategies)
    cost = f", cost {_cost(item.cost)}" if found.with_costs else ""
    return f"{number}. {names}{cost}"


def _set_lines(found: Plan, item: StrategySet) -> list[str]:
    lines = []
    if item.standing:
        lines.append(
            f"rests on {item.standing.lower()} claims" + (" or better" if item.standing != "Supported" else "")
        )
    if item.standing == "Disputed":
        lines.append("CAUTION: without disputed claims this set would not do what it does")
    for measure in item.measures:
        lines += [_act_line(found, act) for act in measure.acts]
        if measure.closes is not None:
            lines.append(f"  closes, among others: {_chain(found, measure.closes)}")
        if measure.backfires is not None:
            lines.append(f"  but itself leads on: {_chain(found, measure.backfires)}")
    return lines


def _act_line(found: Plan, act: Act) -> str:
    text = f"{found.labels[act.strategy]} blocks {found.labels[act.node]}"
    for claim in act.claims[:1]:
        sources = cited(claim.evidence, found.sources)
        text += (
            f": {claim.label} [{claim.certainty.lower()}, {claim.standing.lower()}{'; ' + sources if sources else ''}]"
        )
    return text


def _chain(found: Plan, way: Way) -> str:
    parts = [_label(found, way.nodes[0])]
    for node, sign in zip(way.nodes[1:], way.signs, strict=True):
        parts += ["-->" if sign > 0 else "--|", _label(found, node)]
    return " ".join(parts)


def _label(found: Plan, node: str) -> str:
    return found.labels.get(node, node)


def _listed(names: Iterable[str]) -> str:
    words: Sequence[str] = list(names)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def _cost(value: Fraction) -> str:
    return str(int(value)) if value.denominator == 1 else f"{float(value):g}"
