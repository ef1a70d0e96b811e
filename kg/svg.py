"""A network as a static SVG picture, for where no script runs: paper, repositories, notebooks that are not trusted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from kg.curves import Curve, control_points, cut_at_box, point_at
from kg.outlines import outline
from kg.palette import DASHES, SIGNS, SURFACES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.layout import Layout
    from kg.pagedata import EdgeRecord, NodeRecord, Records

__all__ = ["MOST_NODES", "static_svg"]

MOST_NODES = 600
"""Above so many nodes, a picture has too many bytes and too small a text to be of use."""

_MARGIN = 24
_FONT = "Arial, Helvetica, sans-serif"
_SOFT, _LANE, _LINE = "#535b68", "#f6f7f9", "#d9dde4"
_CONTROL = dict.fromkeys(range(32), "�") | dict.fromkeys((*range(55296, 57344), 65534, 65535), "�")


def static_svg(
    known: Records,
    placed: Layout,
    lane_titles: Mapping[str, str],
    bends: Sequence[Curve],
    *,
    title: str,
    directed: bool = True,
) -> str:
    """Return a picture of a network in light colours.

    Parameters
    ----------
    known, placed, bends
        Nodes and edges, their places and the curves of the edges, in one order.
    lane_titles
        The name of each lane that is shown.
    title
        For whoever cannot see it.
    directed
        Whether edges have heads.

    Returns
    -------
    str
        SVG 1.1 without scripts or outside references, the same for the same arguments; empty above `MOST_NODES` nodes.
    """
    if not known.nodes or len(known.nodes) > MOST_NODES:
        return ""
    lanes = placed.lanes if len(placed.lanes) > 1 else ()
    boxes = [
        (x - node.box.width / 2, y - node.box.height / 2, x + node.box.width / 2, y + node.box.height / 2)
        for node, (x, y) in zip(known.nodes, placed.centres, strict=True)
    ]
    drawn = [
        control_points(
            bend,
            placed.centres[edge.start],
            placed.centres[edge.end],
            known.nodes[edge.start].box if edge.start == edge.end else None,
        )
        for edge, bend in zip(known.edges, bends, strict=True)
    ]
    areas = [*boxes, *((lane.left, lane.top, lane.right, lane.bottom) for lane in lanes)]
    # A curve stays within its control points; half of the way to them is as far as it gets.
    areas += [(x, y, x, y) for points in drawn for x, y in [point_at(points, 0.5)]]
    left, top = (min(area[side] for area in areas) - _MARGIN for side in (0, 1))
    right, bottom = (max(area[side] for area in areas) + _MARGIN for side in (2, 3))
    dense = len(known.edges) > 80
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {right - left:g} {bottom - top:g}" '
        f'width="{right - left:g}" height="{bottom - top:g}" font-family="{_FONT}" role="img">',
        f"<title>{_text(title)}</title>",
        f'<rect x="{left:g}" y="{top:g}" width="{right - left:g}" height="{bottom - top:g}" fill="{SURFACES["light"]}"/>',
    ]
    for lane in lanes:
        parts.append(
            f'<rect x="{lane.left}" y="{lane.top}" width="{lane.right - lane.left}" height="{lane.bottom - lane.top}" '
            f'rx="12" fill="{_LANE}" stroke="{_LINE}"/><text x="{lane.left + 10}" y="{lane.top + 23}" font-size="16" '
            f'font-weight="600" fill="{_SOFT}">{_text(lane_titles[lane.name])}</text>'
        )
    for edge, points in zip(known.edges, drawn, strict=True):
        parts.append(_edge(known, boxes, edge, points, dense=dense, directed=directed))
    parts += [_node(known, node, place) for node, place in zip(known.nodes, placed.centres, strict=True)]
    return "\n".join([*parts, "</svg>\n"])


def _edge(
    known: Records,
    boxes: Sequence[tuple[float, float, float, float]],
    edge: EdgeRecord,
    whole: Sequence[tuple[float, float]],
    *,
    dense: bool,
    directed: bool,
) -> str:
    points = cut_at_box(whole, boxes[edge.end])
    look = SIGNS[edge.sign]
    colour = str(look["light"])
    letter = {2: "L", 3: "Q", 4: "C"}[len(points)]
    path = f"M{_pair(points[0])}{letter}{' '.join(map(_pair, points[1:]))}"
    dashes = DASHES.get(edge.certainty, ())
    dashed = f' stroke-dasharray="{" ".join(map(str, dashes))}"' if dashes else ""
    words = known.relations[edge.predicate] or "→"
    said = f"{known.nodes[edge.start].label} {words} {known.nodes[edge.end].label}"
    head = _head(str(look["arrow"]), points, colour) if directed else ""
    x, y = point_at(whole, 0.5)
    written = (
        ""
        if dense or not known.relations[edge.predicate]
        else f'<text x="{x:.0f}" y="{y + 4:.0f}" font-size="12.5" text-anchor="middle" fill="{colour}" '
        f'stroke="{SURFACES["light"]}" stroke-width="4" stroke-opacity="0.9" paint-order="stroke">{_text(words)}</text>'
    )
    return (
        f'<g fill="none" stroke="{colour}" stroke-opacity="{0.45 if dense else 0.9}"><title>{_text(said)}</title>'
        f'<path d="{path}" stroke-width="{1.4 if dense else 1.9}"{dashed}/>{head}{written}</g>'
    )


def _head(kind: str, points: Sequence[tuple[float, float]], colour: str) -> str:
    (x, y), (before_x, before_y) = points[-1], points[-2]
    angle = math.atan2(y - before_y, x - before_x)

    def at(along: float, across: float) -> str:
        return _pair((
            x + along * math.cos(angle) - across * math.sin(angle),
            y + along * math.sin(angle) + across * math.cos(angle),
        ))

    match kind:
        case "arrow":
            return f'<path d="M{at(0, 0)}L{at(-10, 4.5)}L{at(-10, -4.5)}Z" fill="{colour}" fill-opacity="0.9"/>'
        case "bar":
            return f'<path d="M{at(-1.5, 6)}L{at(-1.5, -6)}" stroke-width="2.2"/>'
        case _:
            return f'<path d="M{at(-8.5, 5)}L{at(0, 0)}L{at(-8.5, -5)}" stroke-width="1.8"/>'


def _node(known: Records, node: NodeRecord, place: tuple[int, int]) -> str:
    look = known.looks[node.look]
    colours, box = look.light, node.box
    lines = "".join(
        f'<tspan x="0" y="{(at - (len(box.lines) - 1) / 2) * 17 + 5:g}">{_text(line)}</tspan>'
        for at, line in enumerate(box.lines)
    )
    return (
        f'<g transform="translate({place[0]} {place[1]})"><title>{_text(node.label)}</title>'
        f'<path d="{outline(look.shape, box.width, box.height)}" fill="{colours.fill}" stroke="{colours.border}" '
        f'stroke-width="1.7"/><text font-size="14" text-anchor="middle" fill="{colours.text}">{lines}</text></g>'
    )


def _pair(point: tuple[float, float]) -> str:
    return f"{round(point[0], 1):g},{round(point[1], 1):g}"


def _text(value: str) -> str:
    # XML has no control characters, and UTF-8 no surrogates.
    return escape(value.translate(_CONTROL))
