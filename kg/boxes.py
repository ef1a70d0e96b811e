"""How large the box of a label is, and where its lines break.

A page is laid out before any browser opens it, so widths are estimated: those of Arial, a little widened, since the
reader's font is unknown. The page squeezes a line that turns out wider still, so that no text ever leaves its box.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

__all__ = ["FONT_SIZE", "LINE_HEIGHT", "Box", "label_box", "text_width"]

FONT_SIZE = 14
LINE_HEIGHT = 17
MOST_LINES = 4
WIDEST = 190.0
# Arial's advance widths in thousandths of the font size, by letter; the other letters are 556.
_WIDTHS = {
    **dict.fromkeys("ijl'|", 222),
    **dict.fromkeys("ftI.,:;/!() []-", 300),
    **dict.fromkeys('r"*', 345),
    **dict.fromkeys("cksvxyzJ", 500),
    **dict.fromkeys("wABEKPSVXYCDHNRUGOQ&", 710),
    **dict.fromkeys("mMW@%", 870),
}
_SAFETY = 1.07
# Room between text and outline, by shape: slanted sides eat into the box.
_PADDING = {"hexagon": 15, "slant": 15, "chevron": 19, "tag": 14, "flag": 15, "trapezoid": 15, "pill": 13}


@dataclass(frozen=True, slots=True)
class Box:
    """The space that a node takes, in pixels at zoom 1, and the lines written in it."""

    width: int
    height: int
    lines: tuple[str, ...]


def text_width(text: str, size: float = FONT_SIZE) -> float:
    """Return the estimated width of one line, in pixels."""
    return sum(map(_advance, text)) * size * _SAFETY / 1000


def label_box(label: str, shape: str) -> Box:
    """Return the box of a label: broken into lines so that it is about four times as wide as high, at most four lines.

    A longer label ends in an ellipsis; the page shows it whole in the details.
    """
    words = " ".join(label.split())
    longest = max(map(text_width, words.split(" ")))
    wanted = math.sqrt(text_width(words) * LINE_HEIGHT * 3.5)
    width = min(WIDEST, max(longest, wanted, 56.0))
    lines = _broken(words, width)
    if len(lines) > MOST_LINES:
        lines = _broken(words, WIDEST)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], _shortened(lines[MOST_LINES - 1] + "…", WIDEST)]
    inner = max(map(text_width, lines))
    padding = 2 * _PADDING.get(shape, 10)
    return Box(math.ceil(max(inner, 44)) + padding, LINE_HEIGHT * len(lines) + 15, tuple(lines))


def _broken(text: str, width: float) -> list[str]:
    """Break at spaces into lines not wider than `width`; a single word that is wider is shortened."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or text_width(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [_shortened(line, WIDEST) for line in lines]


def _shortened(line: str, width: float) -> str:
    if text_width(line) <= width:
        return line
    room, kept = width - text_width("…"), ""
    for character in line.rstrip("…"):
        room -= text_width(character)
        if room < 0:
            break
        kept += character
    return kept.rstrip() + "…"


def _advance(character: str) -> int:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if unicodedata.combining(character):
        return 0
    return 1000 if unicodedata.east_asian_width(character) in "WF" or ord(character) > 0xFFFF else 556
