"""An open knowledge graph of lower-back and hip pain, and the toolkit to query, draw and analyse it.

It informs; it is no medical advice.

Names are fetched when they are first used: ``import kg`` alone imports nothing heavy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.drawing import draw
    from kg.errors import KGError
    from kg.graph import KnowledgeGraph, load
    from kg.interventions import plan
    from kg.paths import causal_paths

__all__ = ["KGError", "KnowledgeGraph", "causal_paths", "draw", "load", "plan"]

_HOME = {
    "KGError": "kg.errors",
    "KnowledgeGraph": "kg.graph",
    "causal_paths": "kg.paths",
    "draw": "kg.drawing",
    "load": "kg.graph",
    "plan": "kg.interventions",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
