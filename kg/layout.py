"""Where the nodes stand: a layered layout that reads as a story, from what sets pain off to what it does to a life.

Columns run from left to right in the order of `COLUMNS`; within a lane, a node stands right of what acts on it. Lanes
named in `ABOVE` and `BELOW` are bands of rows across all columns. The same nodes and edges always get the same places,
whatever order they come in. The steps, and whose they are, stand in `kg.layers`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg import layers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

__all__ = ["ABOVE", "BELOW", "COLUMNS", "SMALL", "Lane", "Layout", "arrange"]

COLUMNS = ("origins", "mechanisms", "conditions", "symptoms", "outcomes", "other")
ABOVE = ("anatomy",)
BELOW = ("strategies", "red flags")
SMALL = 40
"""Up to so many nodes, words on edges need room, and no column mixes steps of a chain."""

_TITLE = 34.0
_PAD = 14.0
_NARROWEST = 96.0
_LOOSEST = 58.0


@dataclass(frozen=True, slots=True)
class Lane:
    """A named region, in pixels at zoom 1."""

    name: str
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The centre of each node, in the order of the nodes, and the lanes."""

    centres: tuple[tuple[int, int], ...]
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class _Gaps:
    layers: float
    """Between two columns of a lane, where edges run."""
    stages: float
    """Between two columns of different lanes."""
    rows: float
    """Between two boxes of a column."""
    lanes: float
    """Between two lanes."""
    aspect: float
    """Wanted width of the whole for a height of 1."""


def arrange(
    sizes: Sequence[tuple[float, float]],
    lanes: Sequence[str],
    links: Iterable[tuple[int, int]],
    *,
    room: float = 0.0,
    down: bool = False,
) -> Layout:
    """Return the places of nodes numbered from 0.

    Parameters
    ----------
    sizes
        Width and height of each node's box.
    lanes
        The lane of each node, one of `COLUMNS`, `ABOVE` or `BELOW`.
    links
        Directed edges; loops and parallels do no harm.
    room
        Width of the longest words on an edge, for which a small network leaves room between columns.
    down
        Lay the columns as rows from top to bottom, for a screen held upright.

    Returns
    -------
    Layout
        Whole pixels; boxes never overlap. The cost grows with sweeps times edges, not with pairs of nodes.
    """
    pairs = sorted({(start, end) for start, end in links if start != end})
    small = len(sizes) <= SMALL
    if down:
        gaps = _Gaps(54 if small else 40, 68 if small else 62, 14 if small else 12, 26, 1.75)
        turned = _arranged([(height, width) for width, height in sizes], lanes, pairs, gaps, title=0.0)
        return Layout(
            tuple((y, x) for x, y in turned.centres),
            tuple(Lane(lane.name, lane.top, lane.left - 28, lane.bottom, lane.right) for lane in turned.lanes),
        )
    run = min(140.0, 64 + room)
    gaps = _Gaps(run if small else 46, run + _PAD if small else 92, 24 if small else 13, 26, 1.5)
    return _arranged(sizes, lanes, pairs, gaps, title=_TITLE)


def _arranged(
    sizes: Sequence[tuple[float, float]],
    lanes: Sequence[str],
    links: Sequence[tuple[int, int]],
    gaps: _Gaps,
    title: float,
) -> Layout:
    if not sizes:
        return Layout((), ())
    members: dict[str, list[int]] = defaultdict(list)
    for number, lane in enumerate(lanes):
        members[lane].append(number)
    levels = {lane: layers.levels(members[lane], links) for lane in COLUMNS if lane in members}
    columns = _best_columns(levels, sizes, members, gaps)
    neighbours = layers.neighbours(links)
    rows_gap = _row_gap(columns, sizes, _abscissas(columns, sizes, gaps)[1], gaps)
    y, height = layers.ordinates([column for _, column in columns], sizes, neighbours, rows_gap)
    bands = {name: members[name] for name in (*ABOVE, *BELOW) if name in members}

    def placed(gaps: _Gaps) -> Layout:
        middles, width = _abscissas(columns, sizes, gaps)
        regions = _column_lanes(columns, middles, sizes, height, gaps, title)
        x = {node: place for (_, column), place in zip(columns, middles, strict=True) for node in column}
        span = width or math.sqrt(sum((w + gaps.rows) * (h + gaps.rows) for w, h in sizes) * gaps.aspect)
        rows = {name: _rows(band, sizes, x, neighbours, span, gaps) for name, band in bands.items()}
        down = dict(y)
        regions += _place_bands(rows, sizes, regions, x, down, gaps, title)
        centres = tuple((round(x[node]), round(down[node])) for node in range(len(sizes)))
        return Layout(centres, tuple(_aligned(regions)))

    first = placed(gaps)
    spare = _spare_width(first, gaps) / max(1, len(columns) - 1)
    if len(sizes) <= SMALL or spare <= 0:
        return first
    # Bands of strategies make a drawing high; what is left beside it gives edges room, and bands fewer rows.
    return placed(replace(gaps, layers=gaps.layers + spare, stages=gaps.stages + spare))


def _spare_width(layout: Layout, gaps: _Gaps) -> float:
    """Return by how much a layout is narrower than wanted."""
    left, right = min(lane.left for lane in layout.lanes), max(lane.right for lane in layout.lanes)
    top, bottom = min(lane.top for lane in layout.lanes), max(lane.bottom for lane in layout.lanes)
    return (bottom - top) * gaps.aspect - (right - left)


def _best_columns(
    levels: dict[str, list[list[int]]],
    sizes: Sequence[tuple[float, float]],
    members: dict[str, list[int]],
    gaps: _Gaps,
) -> list[tuple[str, list[int]]]:
    """Cut the lanes into columns so that the whole comes nearest to the wanted aspect."""
    if not levels:
        return []
    tallest = max(len(level) for lane in levels.values() for level in lane)
    largest = max(sum(map(len, lane)) for lane in levels.values())
    merge = len(sizes) > SMALL
    band_area = sum(
        (sizes[node][0] + gaps.rows) * (sizes[node][1] + gaps.rows)
        for lane in (*ABOVE, *BELOW)
        for node in members.get(lane, ())
    )
    around = sum(_TITLE + 2 * _PAD + gaps.lanes for lane in (*ABOVE, *BELOW) if lane in members)
    best: list[tuple[str, list[int]]] = []
    best_fault = math.inf
    for most in _candidates(largest if merge else tallest):
        columns = [(lane, column) for lane in levels for column in layers.cut(levels[lane], most, merge=merge)]
        width = _abscissas(columns, sizes, gaps)[1]
        height = max(sum(sizes[node][1] + gaps.rows for node in column) for _, column in columns)
        whole = height + around + band_area / width
        fault = abs(math.log(width / whole / gaps.aspect))
        # Splitting a level of a small network hides its shape, so only height can force it.
        if fault < best_fault or (not merge and height < 640 * max(1.0, 1 / gaps.aspect)):
            best, best_fault = columns, fault
    return best


def _candidates(most: int) -> list[int]:
    """Return the numbers from 1 to `most`, further and further apart: to try all would take the square of the time."""
    found, number = [], 1
    while number <= most:
        found.append(number)
        number += 1 + number // 40
    return found


def _abscissas(
    columns: Sequence[tuple[str, list[int]]], sizes: Sequence[tuple[float, float]], gaps: _Gaps
) -> tuple[list[float], float]:
    """Return the middle of each column, and the width of all."""
    middles: list[float] = []
    right = 0.0
    previous = ""
    for lane, column in columns:
        # A lane of one narrow column still has room for its title.
        width = max(_NARROWEST, *(sizes[node][0] for node in column))
        if middles:
            right += gaps.layers if lane == previous else gaps.stages
        middles.append(right + width / 2)
        right += width
        previous = lane
    return middles, right


def _row_gap(
    columns: Sequence[tuple[str, list[int]]], sizes: Sequence[tuple[float, float]], width: float, gaps: _Gaps
) -> float:
    """Loosen the rows of a long and flat drawing, which has the height to spare."""
    if not columns or len(sizes) > SMALL:
        return gaps.rows
    _, fullest = max(columns, key=lambda entry: len(entry[1]))
    boxes = sum(sizes[node][1] for node in fullest)
    spare = (width / gaps.aspect * 0.7 - boxes) / max(1, len(fullest) - 1)
    return max(gaps.rows, min(_LOOSEST, spare))


def _column_lanes(
    columns: Sequence[tuple[str, list[int]]],
    middles: Sequence[float],
    sizes: Sequence[tuple[float, float]],
    height: float,
    gaps: _Gaps,
    title: float,
) -> list[Lane]:
    reach: dict[str, tuple[float, float]] = {}
    for (lane, column), middle in zip(columns, middles, strict=True):
        half = max(_NARROWEST, *(sizes[node][0] for node in column)) / 2
        left, right = reach.get(lane, (math.inf, -math.inf))
        reach[lane] = (min(left, middle - half), max(right, middle + half))
    return [
        Lane(lane, round(left - _PAD), round(-_PAD - title), round(right + _PAD), round(height + _PAD))
        for lane, (left, right) in reach.items()
    ]


def _rows(
    band: Sequence[int],
    sizes: Sequence[tuple[float, float]],
    x: dict[int, float],
    neighbours: dict[int, list[int]],
    span: float,
    gaps: _Gaps,
) -> list[list[int]]:
    """Deal a band into rows, each node as near as may be to what it is linked with; `x` gains their places."""
    total = sum(sizes[node][0] + gaps.rows for node in band)
    count = min(len(band), math.ceil(total / max(span, 1.0) / 0.94))
    for node in band:
        x[node] = span / 2
    rows: list[list[int]] = []
    for _ in range(4):
        wanted = {
            node: sum(x[other] for other in near) / len(near) if near else span / 2
            for node in band
            for near in [[other for other in neighbours[node] if other in x]]
        }
        order = sorted(band, key=lambda node: (round(wanted[node], 3), node))
        rows = [order[number::count] for number in range(count)]
        for row in rows:
            widths = [sizes[node][0] for node in row]
            needed = sum(widths) + gaps.rows * (len(row) - 1)
            slack = max(0.0, needed - span) / 2
            places = layers.spread([wanted[node] for node in row], widths, gaps.rows, -slack, span + slack)
            x.update(zip(row, places, strict=True))
    return rows


def _place_bands(
    rows: dict[str, list[list[int]]],
    sizes: Sequence[tuple[float, float]],
    above: Sequence[Lane],
    x: dict[int, float],
    y: dict[int, float],
    gaps: _Gaps,
    title: float,
) -> list[Lane]:
    bands = []
    between = gaps.rows if title else max(gaps.rows, 22.0)
    floor = float(max((lane.bottom for lane in above), default=0))
    ceiling = float(min((lane.top for lane in above), default=0))
    apart = gaps.lanes + (34.0 if len(sizes) <= SMALL else 8.0)
    for name, lines in rows.items():
        depths = [max(sizes[node][1] for node in line) for line in lines]
        depth = sum(depths) + between * (len(lines) - 1) + 2 * _PAD + title
        upper = name in ABOVE
        top = ceiling - apart - depth if upper else floor + apart
        at = top + title + _PAD
        for line, line_depth in zip(lines, depths, strict=True):
            for node in line:
                y[node] = at + line_depth / 2
            at += line_depth + between
        ends = [(x[node] - sizes[node][0] / 2, x[node] + sizes[node][0] / 2) for line in lines for node in line]
        left, right = min(end[0] for end in ends), max(end[1] for end in ends)
        bands.append(Lane(name, round(left - _PAD), round(top), round(right + _PAD), round(top + depth)))
        if upper:
            ceiling = top
        else:
            floor = top + depth
    return bands


def _aligned(lanes: Collection[Lane]) -> list[Lane]:
    """Stretch the bands to the width of all, and let columns share their top and bottom."""
    left, right = min(lane.left for lane in lanes), max(lane.right for lane in lanes)
    return [
        Lane(lane.name, left, lane.top, right, lane.bottom) if lane.name in {*ABOVE, *BELOW} else lane for lane in lanes
    ]
