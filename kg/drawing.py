"""A network as one HTML page that opens at once, asks nothing of the net, and shows what each statement rests on.

Any NetworkX graph can be drawn; one from `kg.network` also shows classes, signs, certainty, standing and evidence.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kg import layout, palette
from kg.boxes import text_width
from kg.curves import curves
from kg.errors import UnknownTermError
from kg.pagedata import RedFlag, records

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Sequence

    import networkx as nx

    Node = TypeVar("Node", bound=Hashable)
else:
    Node = TypeVar("Node")

__all__ = ["Page", "RedFlag", "draw"]

_FRAME_HEIGHT = 640
_WORDS_SIZE = 12.5
_LANE_TITLES = {
    "origins": "Causes and risks",
    "mechanisms": "Mechanisms",
    "conditions": "Conditions",
    "symptoms": "Symptoms",
    "outcomes": "Function, life",
    "other": "Other",
    "anatomy": "Body",
    "strategies": "Strategies",
    "red flags": "Red flags",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML page, whole; in a notebook it shows itself."""

    title: str
    html: str

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file, which then holds all of it or what it held before; return its path."""
        target = Path(path)
        # Beside the target, since only within one file system a rename is a single step.
        beside = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
        try:
            with beside.open("x", encoding="utf-8", newline="\n") as file:
                file.write(self.html)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        return target

    def __repr__(self) -> str:
        return f"<Page {self.title!r}, {len(self.html.encode()):,} bytes>"

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own, which can neither read nor change the notebook around it."""
        # Colours and height as attributes, since a notebook may strip styles.
        return (
            f'<iframe title="{escape(self.title)}" sandbox="allow-scripts" width="100%" height="{_FRAME_HEIGHT}" '
            f'frameborder="0" srcdoc="{escape(self.html)}"></iframe>'
        )


def draw(
    network: nx.Graph[Node],
    *,
    title: str = "",
    intro: str = "",
    focus: Collection[Node] = (),
    red_flags: Sequence[tuple[str, str, str, str]] | None = None,
) -> Page:
    """Return a page that draws a network.

    Parameters
    ----------
    network
        A graph as `kg.network` makes it, or any other; what it lacks is left out. Undirected edges have no heads.
    title
        The heading; without one, the network's own name.
    intro
        Plain text under the heading; a blank line starts a new paragraph.
    focus
        Nodes that are shown bright at first, the others faded.
    red_flags
        Signs that need urgent care, each as (sign, urgency, suspect, citation), for the fold in the page's head.
        Without them, the network's own red flags are listed.

    Returns
    -------
    Page
        The same bytes for the same network, title, intro, focus and red flags.

    Raises
    ------
    UnknownTermError
        If `focus` holds what is no node of `network`.
    """
    # pyvis takes a second to import, most of it for IPython, and is needed for nothing else.
    from kg.engine import DrawnNetwork

    for key in focus:
        if key not in network:
            raise UnknownTermError(str(key))
    title = title or str(network.graph.get("name") or "") or "Network"
    known = records(network)
    sizes = [(float(node.box.width), float(node.box.height)) for node in known.nodes]
    lanes = [known.looks[node.look].lane for node in known.nodes]
    links = [(edge.start, edge.end) for edge in known.edges]
    room = max((text_width(edge.words, _WORDS_SIZE) for edge in known.edges), default=0.0)
    wide = layout.arrange(sizes, lanes, links, room=room)
    tall = layout.arrange(sizes, lanes, links, down=True)

    drawn = DrawnNetwork()
    for number, (node, (x, y), below) in enumerate(zip(known.nodes, wide.centres, tall.centres, strict=True)):
        box = node.box
        drawn.add_node(
            number, node.label, shape="custom", color=known.looks[node.look].light.border,
            x=x, y=y, down=below, w=box.width, h=box.height, lines=box.lines, look=node.look, told=node.told,
        )  # fmt: skip
    bends = zip(
        known.edges, curves(wide.centres, sizes, links), curves(tall.centres, sizes, links, down=True), strict=True
    )
    for edge, bend, below_bend in bends:
        drawn.add_edge(
            edge.start, edge.end, bend=bend, downBend=below_bend, sign=edge.sign, certainty=edge.certainty,
            words=edge.words, told=edge.told,
        )  # fmt: skip
    told = {
        "directed": network.is_directed(),
        "focus": sorted({known.numbers[key] for key in focus}),
        "lanes": _lanes(wide),
        "downLanes": _lanes(tall),
        "looks": {name: asdict(look) for name, look in known.looks.items()},
        # The legend names classes in the order in which the lanes are read.
        "order": sorted(known.looks, key=lambda name: (_reading_order(known.looks[name].lane), name)),
        "sources": known.sources,
        "signs": palette.SIGNS,
        "certainties": palette.CERTAINTIES,
        "standings": palette.STANDINGS,
        "verdicts": palette.VERDICTS,
        "surfaces": palette.SURFACES,
    }
    flags = known.red_flags if red_flags is None else [RedFlag(*flag) for flag in red_flags]
    paragraphs = [" ".join(part.split()) for part in intro.split("\n\n") if part.strip()]
    return Page(title, drawn.html_page(title=title, intro=paragraphs, told=told, red_flags=flags))


def _lanes(placed: layout.Layout) -> list[list[object]]:
    # A single lane names nothing that the legend does not.
    lanes = placed.lanes if len(placed.lanes) > 1 else ()
    return [[_LANE_TITLES[lane.name], lane.left, lane.top, lane.right, lane.bottom] for lane in lanes]


def _reading_order(lane: str) -> int:
    return (*layout.COLUMNS, *layout.BELOW, *layout.ABOVE).index(lane)
