"""What the verbs share: loading the graph, writing answers, reading options."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeAlias

from kg.errors import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from kg.graph import KnowledgeGraph

    Verbs: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

__all__ = ["NOTHING_FOUND", "emit", "load_graph", "one_of"]

NOTHING_FOUND = 6
"""Exit code where the answer is an honest none."""


def load_graph() -> KnowledgeGraph:
    """Return the graph that a verb works on."""
    from kg.graph import load

    return load()


def emit(text: str | bytes, output: Path | None, inputs: Sequence[Path] = ()) -> None:
    """Write an answer to a file, or to standard output without one."""
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8") if isinstance(text, str) else text)
        return
    from kg.files import write_whole

    write_whole(output, text, inputs=inputs)
    print(f"wrote {output}", file=sys.stderr)


def one_of(option: str, value: str | None, known: Sequence[str]) -> str | None:
    """Return the value as it is known, whatever its case; InputError if it is not."""
    if value is None:
        return None
    for name in known:
        if name.lower() == value.lower():
            return name
    raise InputError(f"{option} takes {', '.join(name.lower() for name in reversed(known))}, and not {value!r}")
