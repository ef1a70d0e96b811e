"""How each edge bends: parallel and opposing edges apart, and lone edges around the boxes that stand in their way.

The page and the static picture draw the curves that `control_points` gives.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.boxes import Box

__all__ = ["Bend", "Curve", "control_points", "curves", "cut_at_box", "point_at"]

_MOST_CHECKS = 6000
"""Edges times nodes up to which edges are led around boxes; above, it would take seconds and show little."""
_SLOPE = 0.6
_SAMPLES = 24


class Bend(IntEnum):
    """How a curve leaves and arrives, or to which side it turns."""

    ACROSS = 0
    """Leaving and arriving horizontally."""
    UPRIGHT = 1
    """Leaving and arriving vertically."""
    CLOCKWISE = 2
    COUNTER = 3


class Curve(NamedTuple):
    """One edge's bend, and how strong it is, from 0 (a straight line) to 1."""

    bend: Bend
    roundness: float


_MIRRORED = {
    Bend.ACROSS: Bend.UPRIGHT,
    Bend.UPRIGHT: Bend.ACROSS,
    Bend.CLOCKWISE: Bend.COUNTER,
    Bend.COUNTER: Bend.CLOCKWISE,
}


def curves(
    centres: Sequence[tuple[int, int]],
    sizes: Sequence[tuple[float, float]],
    edges: Sequence[tuple[int, int]],
    *,
    down: bool = False,
) -> tuple[Curve, ...]:
    """Return the curve of each edge, in the order of `edges`, between nodes numbered from 0.

    `down` is for a layout whose columns run from top to bottom.
    """
    if down:
        # Mirrored at the diagonal, what runs down runs across, and what turns one way turns the other.
        mirrored = curves([(y, x) for x, y in centres], [(height, width) for width, height in sizes], edges)
        return tuple(Curve(_MIRRORED[bend], roundness) for bend, roundness in mirrored)
    bundles: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, (start, end) in enumerate(edges):
        bundles[min(start, end), max(start, end)].append(number)
    careful = len(edges) * len(centres) <= _MOST_CHECKS
    found: dict[int, Curve] = {}
    for (low, high), numbers in bundles.items():
        for rank, number in enumerate(numbers):
            if low == high:
                # Loops of one node grow outwards; the page draws them as circles of this size.
                found[number] = Curve(Bend.CLOCKWISE, 0.2 + 0.2 * rank)
            elif len(numbers) > 1:
                # Positive is clockwise seen from the lower number, so an opposing edge turns the other way.
                offset = (rank - (len(numbers) - 1) / 2) * min(0.3, 1.2 / len(numbers))
                found[number] = _turned(offset if edges[number][0] == low else -offset)
            else:
                found[number] = _lone(edges[number], centres, sizes, careful=careful)
    return tuple(found[number] for number in range(len(edges)))


def control_points(
    curve: Curve, start: tuple[float, float], end: tuple[float, float], loop: Box | None = None
) -> list[tuple[float, float]]:
    """Return the control points of a curve, ends included: two of a line, three of one bend, four of a level curve.

    Parameters
    ----------
    curve
        Its bend.
    start, end
        The middles of its boxes.
    loop
        The box of a node's edge to itself, which leaves above it and comes back from its right; None for other edges.

    Returns
    -------
    list of (float, float)
        Of a Bézier curve of one degree less.
    """
    (x1, y1), (x2, y2) = start, end
    if loop is not None:
        reach = 40 + 90 * curve.roundness
        return [
            start,
            (x1 + loop.width / 4, y1 - loop.height / 2 - reach),
            (x1 + loop.width / 2 + reach, y1 - loop.height / 4),
            end,
        ]
    if curve.roundness == 0:
        return [start, end]
    if curve.bend is Bend.ACROSS:
        reach = curve.roundness * (x2 - x1)
        return [start, (x1 + reach, y1), (x2 - reach, y2), end]
    if curve.bend is Bend.UPRIGHT:
        reach = curve.roundness * (y2 - y1)
        return [start, (x1, y1 + reach), (x2, y2 - reach), end]
    side = 1 if curve.bend is Bend.CLOCKWISE else -1
    angle = math.atan2(y1 - y2, x2 - x1) + (side * curve.roundness * 0.5 + 0.5) * math.pi
    radius = math.hypot(x2 - x1, y2 - y1) * (0.5 * curve.roundness + 0.5)
    return [start, (x1 + radius * math.sin(angle), y1 + radius * math.cos(angle)), end]


def cut_at_box(
    controls: Sequence[tuple[float, float]], box: tuple[float, float, float, float]
) -> list[tuple[float, float]]:
    """Return the control points of a curve up to where it last enters a box (left, top, right, bottom)."""
    left, top, right, bottom = box

    def inside(share: float) -> bool:
        x, y = point_at(controls, share)
        return left <= x <= right and top <= y <= bottom

    outer = next((step / 16 for step in range(15, 0, -1) if not inside(step / 16)), 0.0)
    inner = min(1.0, outer + 1 / 16)
    for _ in range(7):
        middle = (outer + inner) / 2
        if inside(middle):
            inner = middle
        else:
            outer = middle
    return _until(controls, outer)


def point_at(controls: Sequence[tuple[float, float]], share: float) -> tuple[float, float]:
    """Return the point at a share of a curve, from 0 (its start) to 1.

    >>> point_at([(0, 0), (10, 20), (20, 0)], 0.5)
    (10.0, 10.0)
    """
    return _until(controls, share)[-1]


def _turned(offset: float) -> Curve:
    return Curve(Bend.CLOCKWISE if offset >= 0 else Bend.COUNTER, round(abs(offset), 3))


def _lone(
    edge: tuple[int, int], centres: Sequence[tuple[int, int]], sizes: Sequence[tuple[float, float]], *, careful: bool
) -> Curve:
    (x1, y1), (x2, y2) = centres[edge[0]], centres[edge[1]]
    (w1, h1), (w2, h2) = sizes[edge[0]], sizes[edge[1]]
    beside = abs(x2 - x1) - (w1 + w2) / 2
    over = abs(y2 - y1) - (h1 + h2) / 2
    if beside < 0 and over > max(h1, h2):
        # The same column, with boxes between: bulge as far as the wider box reaches.
        around = min(0.6, max(0.12, 1.2 * (max(w1, w2) / 2 + 16) / max(1, abs(y2 - y1))))
        natural = _turned(around)
    elif beside >= 0 and (over < 0 or beside >= over * 0.2):
        natural = Curve(Bend.ACROSS, _SLOPE)
    elif over >= 0:
        natural = Curve(Bend.UPRIGHT, _SLOPE)
    else:
        natural = Curve(Bend.CLOCKWISE, 0.0)
    if not careful:
        return natural
    steps = [0.1, 0.18, 0.28, 0.4, 0.55, 0.75]
    others = [Curve(Bend.CLOCKWISE, 0.0), Curve(Bend.ACROSS, _SLOPE), Curve(Bend.UPRIGHT, _SLOPE)]
    if beside < 0:
        others = [Curve(Bend.CLOCKWISE, 0.0), Curve(Bend.UPRIGHT, _SLOPE)]
    choices = [natural, *others, *(_turned(sign * step) for step in steps for sign in (1, -1))]
    if beside < 0 and over > max(h1, h2):
        choices = [Curve(Bend.CLOCKWISE, 0.0), *choices]
    blocked = [
        (x - w / 2 - 6, y - h / 2 - 6, x + w / 2 + 6, y + h / 2 + 6)
        for number, ((x, y), (w, h)) in enumerate(zip(centres, sizes, strict=True))
        if number not in edge
    ]
    return min(choices, key=lambda choice: _hits(_points(choice, (x1, y1), (x2, y2)), blocked))


def _hits(points: Sequence[tuple[float, float]], blocked: Sequence[tuple[float, float, float, float]]) -> int:
    return sum(left < x < right and top < y < bottom for x, y in points for left, top, right, bottom in blocked)


def _points(curve: Curve, start: tuple[int, int], end: tuple[int, int]) -> list[tuple[float, float]]:
    """Return points along a curve."""
    controls = control_points(curve, start, end)
    return [point_at(controls, step / _SAMPLES) for step in range(1, _SAMPLES)]


def _until(controls: Sequence[tuple[float, float]], share: float) -> list[tuple[float, float]]:
    """Return the control points of the part of a curve before a share of it (de Casteljau)."""
    points = list(controls)
    part = [points[0]]
    while len(points) > 1:
        points = [(ax + (bx - ax) * share, ay + (by - ay) * share) for (ax, ay), (bx, by) in itertools.pairwise(points)]
        part.append(points[0])
    return part
