"""What a page holds, read back from its HTML."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import Any

__all__ = ["page_graph", "page_sources", "page_told"]


def page_graph(html: str) -> dict[str, Any]:
    """Return the columns that the page reads at once."""
    found = re.search(r'<script type="application/json" id="graph">(.*?)</script>', html, re.DOTALL)
    assert found
    columns: dict[str, Any] = json.loads(found[1])
    return columns


def page_told(html: str, kind: str) -> list[dict[str, Any]]:
    """Return what is told of all nodes or edges, unpacked, in the order of their numbers."""
    packed = re.findall(rf'<script type="text/plain" id="piece-{kind}-\d+">(.*?)</script>', html)
    return [record for piece in packed for record in _unpacked(piece)]


def page_sources(html: str) -> dict[str, Any]:
    """Return what is told of the sources, unpacked."""
    (piece,) = re.findall(r'<script type="text/plain" id="piece-sources">(.*?)</script>', html)
    sources: dict[str, Any] = _unpacked(piece)
    return sources


def _unpacked(piece: str) -> Any:  # any JSON
    return json.loads(gzip.decompress(base64.b64decode(piece)))
