"""Published ontologies that some tests run on; they lie beside the clone and are no part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

__all__ = ["REFERENCE", "reference"]

REFERENCE = Path(__file__).parent.parent.parent / "shared" / "reference" / "data"


def reference(name: str) -> Path:
    """Return one of these files; skips the test where it is not there."""
    path = REFERENCE / name
    if not path.is_file():
        pytest.skip(f"needs the reference file {name} in ../shared/reference/data")
    return path
