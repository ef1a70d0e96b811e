"""A small picture of what stands around an entity: what leads to it and helps on the left, what comes of it on the right.

It repeats what the lists below it say, so it is hidden from screen readers and from narrow screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.boxes import LINE_HEIGHT, label_box
from kg.outlines import outline
from kg.palette import DASHES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.site.records import Entity, Section, Statement, Term

__all__ = ["Arrow", "Picture", "Shape", "neighbourhood"]

_WIDTH = 880
_MOST = 5
_GAP, _CAPTION, _APART = 10, 26, 13
_COLUMNS = {"left": 120, "middle": 440, "right": 760}
_SIDES = {
    "What leads to it": "left",
    "What helps": "left",
    "What it leads to": "right",
    "What it helps against": "right",
    "Where it is": "right",
    "What it is a kind of": "right",
    "Kinds of it": "left",
}
_FIRST = {"Supported": 0, "Mixed": 1, "Unreviewed": 2, "Disputed": 3}
_FIRM = {"Stated": 0, "Likely": 1, "Possible": 2}


@dataclass(frozen=True, slots=True)
class Shape:
    """A box with a label, or without an outline a line of text, around a place."""

    x: float
    y: float
    width: float
    height: float
    outline: str
    lines: tuple[tuple[float, str], ...]
    """Baseline, from `y`, and text of each line."""
    kind: str
    href: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """The curve of one claim."""

    path: str
    sign: int
    dashes: str
    title: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes and arrows in a frame."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...]


def neighbourhood(entity: Entity) -> Picture | None:
    """Return the picture of an entity and its nearest, best supported neighbours; None where it has none."""
    sides: dict[str, list[tuple[Section, list[Statement], int]]] = {"left": [], "right": []}
    for section in entity.sections:
        items = _best(section)
        # What has no side of its own, and comes last, goes where there is room.
        side = _SIDES.get(section.heading) or min(sides, key=lambda name: len(sides[name]))
        # Two sections fill a side; what else there is would crowd it.
        if items and len(sides[side]) < 2:
            sides[side].append((section, items[:_MOST], len(items) - _MOST))
    if not any(sides.values()):
        return None
    heights = {side: _height(groups) for side, groups in sides.items()}
    middle = label_box(entity.term.label, entity.term.kind.shape)
    most = max(sum(len(items) for _, items, _ in groups) for groups in sides.values())
    tall = max(middle.height + 10.0, most * _APART + 6)
    height = max(*heights.values(), tall) + 8
    centre = _box(_COLUMNS["middle"], height / 2, middle.width + 16, tall, middle.lines, entity.term, "")
    shapes, arrows = [centre], []
    for side, groups in sides.items():
        count = sum(len(items) for _, items, _ in groups)
        y, number = (height - heights[side]) / 2, 0
        for section, items, more in groups:
            shapes.append(_text(_COLUMNS[side], y + 16, section.heading, f"#{section.anchor}"))
            y += _CAPTION
            for item in items:
                box = label_box(item.other.label, item.other.kind.shape)
                shape = _box(_COLUMNS[side], y + box.height / 2, box.width, box.height, box.lines, item.other, "../")
                shapes.append(shape)
                spread = (number - (count - 1) / 2) * _APART
                arrows.append(_arrow(shape, centre, spread, item, entity.term, left=side == "left"))
                y += box.height + _GAP
                number += 1
            if more > 0:
                shapes.append(_text(_COLUMNS[side], y + 10, f"and {more} more", f"#{section.anchor}"))
                y += 20
            y += 6
    return Picture(_WIDTH, round(height), tuple(shapes), tuple(arrows))


def _best(section: Section) -> list[Statement]:
    ranked = sorted(
        section.statements,
        key=lambda row: (
            not row.claim.asserted,
            _FIRST.get(row.claim.standing, 4),
            _FIRM.get(row.claim.certainty, 3),
            row.other.label,
            row.claim.curie,
        ),
    )
    best: dict[str, Statement] = {}
    for row in ranked:
        best.setdefault(row.other.curie, row)
    return list(best.values())


def _height(groups: Iterable[tuple[Section, list[Statement], int]]) -> float:
    return sum(
        _CAPTION
        + sum(label_box(item.other.label, item.other.kind.shape).height + _GAP for item in items)
        + 20 * (more > 0)
        + 6
        for _, items, more in groups
    )


def _box(x: float, y: float, width: float, height: float, lines: tuple[str, ...], term: Term, up: str) -> Shape:
    top = 5 - (len(lines) - 1) * LINE_HEIGHT / 2
    placed = tuple((top + number * LINE_HEIGHT, line) for number, line in enumerate(lines))
    path = outline(term.kind.shape, width, height)
    return Shape(x, round(y, 1), width, height, path, placed, term.kind.name, up and up + term.href)


def _text(x: float, y: float, text: str, href: str) -> Shape:
    return Shape(x, round(y, 1), 0, 0, "", ((0, text),), "", href)


def _arrow(shape: Shape, centre: Shape, spread: float, item: Statement, term: Term, *, left: bool) -> Arrow:
    side = 1 if left else -1
    near = (shape.x + side * shape.width / 2, shape.y)
    far = (centre.x - side * centre.width / 2, centre.y + spread)
    # The head stands at the claim's object, a little before its box.
    start, end = (near, far) if item.claim.object.curie == term.curie else (far, near)
    step = 5 if start[0] < end[0] else -5
    end = (end[0] - step, end[1])
    bend = (end[0] - start[0]) * 0.5
    path = (
        f"M{start[0]:.1f} {start[1]:.1f}C{start[0] + bend:.1f} {start[1]:.1f} "
        f"{end[0] - bend:.1f} {end[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
    )
    dashes = " ".join(map(str, DASHES.get(item.claim.certainty, ())))
    return Arrow(path, item.claim.sign, dashes, item.claim.label)
