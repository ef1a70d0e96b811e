"""How meaning looks: shape and colour of a class, arrow of a sign, line of a certainty, symbol of a standing.

Hues are those of Okabe and Ito, which people with any common colour vision tell apart; no meaning hangs on hue alone,
since every class has an outline of its own, every sign an arrow head and every standing a symbol.

References
----------
M. Okabe, K. Ito, Color Universal Design (2008), https://jfly.uni-koeln.de/color/
WCAG 2.2, success criteria 1.4.3 (contrast of text) and 1.4.11 (contrast of what is not text).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = [
    "CERTAINTIES",
    "CLASSES",
    "DASHES",
    "PLAIN",
    "SIGNS",
    "STANDINGS",
    "SURFACES",
    "VERDICTS",
    "ClassLook",
    "Colours",
    "class_looks",
    "contrast",
    "in_words",
]


@dataclass(frozen=True, slots=True)
class Colours:
    """Fill, border and text of a node, as ``#rrggbb``."""

    fill: str
    border: str
    text: str


@dataclass(frozen=True, slots=True)
class ClassLook:
    """What the nodes of one class look like, and the lane that they stand in."""

    singular: str
    plural: str
    lane: str
    shape: str
    light: Colours
    dark: Colours


INK, CHALK = "#16181d", "#f4f5f7"
SURFACES = {"light": "#ffffff", "dark": "#14171c"}
"""The ground that nodes and edges are drawn on."""


def _look(
    singular: str, plural: str, lane: str, shape: str, light: tuple[str, str], dark: tuple[str, str]
) -> ClassLook:
    return ClassLook(singular, plural, lane, shape, Colours(*light, INK), Colours(*dark, CHALK))


CLASSES = {
    "RiskFactor": _look(
        "risk factor", "Risk factors", "origins", "tag", ("#fdebc8", "#a86f00"), ("#4a3408", "#e69f00")
    ),
    "Cause": _look("cause", "Causes", "origins", "chevron", ("#faf6bd", "#857a00"), ("#45400a", "#f0e442")),
    "Mechanism": _look(
        "mechanism", "Mechanisms", "mechanisms", "hexagon", ("#f7e3ee", "#ad4f80"), ("#4a2438", "#dc94bb")
    ),
    "Condition": _look(
        "condition", "Conditions", "conditions", "octagon", ("#d9eaf7", "#0072b2"), ("#0b3654", "#4ba3dc")
    ),
    "Symptom": _look("symptom", "Symptoms", "symptoms", "pill", ("#fde2d3", "#d55e00"), ("#54260a", "#f0803a")),
    "Function": _look("function", "Functions", "outcomes", "ticket", ("#e4f4fd", "#2a86b8"), ("#173a4d", "#7cc8f0")),
    "Impact": _look("impact", "Impacts", "outcomes", "trapezoid", ("#e9eaee", "#24272e"), ("#363a44", "#e2e4ea")),
    "Strategy": _look("strategy", "Strategies", "strategies", "slant", ("#d6f2e8", "#007d5b"), ("#083f30", "#1fbf92")),
    "AnatomicalStructure": _look(
        "body part", "Body parts", "anatomy", "rect", ("#f1ece4", "#857257"), ("#393228", "#b8a687")
    ),
    # The only full fill: a sign that needs urgent care is seen first.
    "RedFlag": ClassLook(
        "red flag",
        "Red flags",
        "red flags",
        "flag",
        Colours("#b3261e", "#7f120c", "#ffffff"),
        Colours("#b3261e", "#ff8f86", "#ffffff"),
    ),
}
PLAIN = _look("thing", "Things", "other", "round", ("#eef0f3", "#6a7280"), ("#2b3038", "#9aa3b2"))
"""The look of a node without a class."""

SIGNS = {
    1: {"name": "increases", "light": "#b84f00", "dark": "#f0803a", "arrow": "arrow"},
    -1: {"name": "decreases", "light": "#0067a3", "dark": "#5ab4ec", "arrow": "bar"},
    0: {"name": "structure or other", "light": "#6a7280", "dark": "#9aa3b2", "arrow": "vee"},
}
DASHES = {"Stated": (), "Likely": (11, 6), "Possible": (2, 5)}
"""Lengths of lines and gaps, in pixels; none for a whole line."""

CERTAINTIES = {
    "Stated": {"words": "stated plainly", "dashes": DASHES["Stated"]},
    "Likely": {"words": "said to be likely", "dashes": DASHES["Likely"]},
    "Possible": {"words": "said to be possible", "dashes": DASHES["Possible"]},
}
STANDINGS = {
    "Supported": {"symbol": "●", "words": "publications support it"},
    "Mixed": {"symbol": "◐", "words": "publications disagree, or find it only in part"},
    "Disputed": {"symbol": "✕", "words": "publications speak against it"},
    "Unreviewed": {"symbol": "○", "words": "no publication that was read speaks for or against it"},
}
VERDICTS = {
    "Supports": {"symbol": "●", "words": "supports it"},
    "Mixed": {"symbol": "◐", "words": "supports it in part"},
    "Disputes": {"symbol": "✕", "words": "speaks against it"},
    "NoEvidenceFound": {"symbol": "○", "words": "looked and found no evidence for it"},
}


def class_looks(names: Collection[str]) -> dict[str, ClassLook]:
    """Return the look of each class, sorted by name; the empty name stands for nodes without a class.

    A class that the model does not know takes a look that is free in this graph, so that foreign classes are told apart
    too; when none is left, it is plain. They share the lane of other things, since nothing says where they belong.
    """
    spare = [look for name, look in CLASSES.items() if name not in names and name != "RedFlag"]
    looks = {}
    for name in sorted(set(names)):
        if name in CLASSES:
            looks[name] = CLASSES[name]
        elif name in {"", "Thing"} or not spare:
            looks[name] = ClassLook(
                in_words(name) or "thing", name or "Things", PLAIN.lane, PLAIN.shape, PLAIN.light, PLAIN.dark
            )
        else:
            look = spare.pop(0)
            looks[name] = ClassLook(
                in_words(name), in_words(name, capital=True), PLAIN.lane, look.shape, look.light, look.dark
            )
    return looks


def in_words(name: str, *, capital: bool = False) -> str:
    """Return a camel-case name or CURIE as words.

    >>> in_words("kg:increasesRiskOf")
    'increases risk of'
    >>> in_words("MedicalDevice", capital=True)
    'Medical device'
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.rpartition(":")[2]).replace("_", " ").lower()
    return words[:1].upper() + words[1:] if capital else words


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21.

    >>> round(contrast("#000000", "#ffffff"), 2)
    21.0

    References
    ----------
    WCAG 2.2, definitions of contrast ratio and relative luminance.
    """
    dim, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
