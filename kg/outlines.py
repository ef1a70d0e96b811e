"""The outline of each shape that a box can have, written once for the page, its legend and the static picture.

An outline is an SVG path around (0, 0) in which ``x`` and ``y`` stand for half the width and height, and ``c`` for the corner
that is cut or rounded: at most so many pixels, and at most such a share of half the height.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["OUTLINES", "Outline", "outline"]


@dataclass(frozen=True, slots=True)
class Outline:
    """An SVG path in ``x``, ``y`` and ``c``, with the limits of the corner ``c``."""

    path: str
    corner: float
    """In pixels, at most."""
    share: float
    """Of half the height, at most."""


_ROUNDED = (
    "M -x+c -y L x-c -y A c c 0 0 1 x -y+c L x y-c A c c 0 0 1 x-c y L -x+c y A c c 0 0 1 -x y-c L -x -y+c "
    "A c c 0 0 1 -x+c -y Z"
)
OUTLINES = {
    "tag": Outline("M -x -y L x-c -y L x 0 L x-c y L -x y Z", 11, 0.6),
    "chevron": Outline("M -x -y L x-c -y L x 0 L x-c y L -x y L -x+c 0 Z", 11, 0.6),
    "hexagon": Outline("M -x 0 L -x+c -y L x-c -y L x 0 L x-c y L -x+c y Z", 11, 0.6),
    "octagon": Outline("M -x+c -y L x-c -y L x -y+c L x y-c L x-c y L -x+c y L -x y-c L -x -y+c Z", 8, 0.55),
    "pill": Outline(_ROUNDED, 22, 1),
    "ticket": Outline(_ROUNDED.replace("0 0 1", "0 0 0"), 7, 0.5),
    "trapezoid": Outline("M -x+c -y L x-c -y L x y L -x y Z", 11, 0.6),
    "slant": Outline("M -x+c -y L x -y L x-c y L -x y Z", 11, 0.6),
    "flag": Outline("M -x -y L x -y L x-c 0 L x y L -x y Z", 11, 0.6),
    "round": Outline(_ROUNDED, 9, 1),
    "rect": Outline(_ROUNDED, 2, 1),
}


def outline(shape: str, width: float, height: float) -> str:
    """Return the SVG path of a shape around (0, 0).

    >>> outline("tag", 60, 30)
    'M -30 -15 L 21 -15 L 30 0 L 21 15 L -30 15 Z'
    """
    form = OUTLINES[shape]
    half = {"x": width / 2, "y": height / 2, "c": min(form.corner, height / 2 * form.share)}

    def number(found: re.Match[str]) -> str:
        value = half[found[2]] * (-1 if found[1] else 1)
        if found[3]:
            value += half["c"] * (1 if found[3] == "+" else -1)
        return f"{round(value, 2):g}"

    return re.sub(r"(-?)([xyc])(?:([+-])c)?", number, form.path)
