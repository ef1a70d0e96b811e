"""A network as one HTML page that opens at once, asks nothing of the net, and shows what each statement rests on.

Any NetworkX graph can be drawn; one from `kg.network` also shows classes, signs, certainty, standing and evidence.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

from kg import layout, palette
from kg.boxes import text_width
from kg.curves import Curve, curves
from kg.errors import InputError, LimitError, UnknownTermError
from kg.namespaces import PREFIXES
from kg.outlines import OUTLINES
from kg.page import Page
from kg.pagedata import Records, RedFlag, records, safe_link
from kg.pagejson import PIECE, columns, pieces
from kg.redflags import CAUTION

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import networkx as nx

__all__ = ["MOST_EDGES", "MOST_NODES", "Page", "RedFlag", "draw"]

Node = TypeVar("Node", bound=Hashable)

MOST_NODES = 10_000
MOST_EDGES = 30_000
"""What one page holds; within it, a page is ready in seconds, and beyond it nobody can read it."""

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
_CHOICES = {"node", "edge", "from", "to", "effect", "tab", "factor", "outcome", "strategy", "steps", "way", "path"}


def draw(
    network: nx.Graph[Node],
    *,
    title: str = "",
    intro: str = "",
    focus: Collection[Node] = (),
    red_flags: Sequence[tuple[str, str, str, str]] | None = None,
    opening: Sequence[tuple[str, str]] = (),
    home: str = "",
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
    opening
        What is chosen when the page opens, as pairs of a page's address: ``node``, ``edge``, ``from``, ``to``, ``effect``,
        ``tab`` (legend, paths or plan), ``factor``, ``outcome``, ``strategy``, each with a key of the network or a word.
    home
        Relative address of a page that this one belongs to, for a link in its head.

    Returns
    -------
    Page
        The same bytes for the same network, title, intro, focus, red flags and opening.

    Raises
    ------
    UnknownTermError
        If `focus` holds what is no node of `network`.
    InputError
        If `opening` names what a page cannot open with.
    LimitError
        If the network has more than `MOST_NODES` nodes or `MOST_EDGES` edges.
    """
    for key in focus:
        if key not in network:
            raise UnknownTermError(str(key))
    for name, _ in opening:
        if name not in _CHOICES:
            raise InputError(f"a page cannot open with {name!r}; expected one of {', '.join(sorted(_CHOICES))}")
    _narrow_enough(network)
    # pyvis takes a second to import, most of it for IPython, and is needed for nothing else.
    from kg.engine import DrawnNetwork
    from kg.svg import static_svg

    title = title or str(network.graph.get("name") or "") or "Network"
    known = records(network)
    sizes = [(float(node.box.width), float(node.box.height)) for node in known.nodes]
    lanes = [known.looks[node.look].lane for node in known.nodes]
    links = [(edge.start, edge.end) for edge in known.edges]
    room = max((text_width(words, _WORDS_SIZE) for words in known.relations.values()), default=0.0)
    wide = layout.arrange(sizes, lanes, links, room=room)
    tall = layout.arrange(sizes, lanes, links, down=True)
    bends = curves(wide.centres, sizes, links)

    drawn = DrawnNetwork()
    drawn.fill(
        _nodes(known, wide.centres, tall.centres),
        _edges(known, bends, curves(tall.centres, sizes, links, down=True)),
    )
    told = {
        "nodes": {
            **columns(drawn.nodes, ("key", "label", "look", "x", "y", "downX", "downY", "w", "h", "lines")),
            "synonyms": {number: node.synonyms for number, node in enumerate(known.nodes) if node.synonyms},
            "broader": {number: node.broader for number, node in enumerate(known.nodes) if node.broader},
        },
        "edges": {
            **columns(
                drawn.edges,
                ("from", "to", "key", "predicate", "sign", "certainty", "standing",
                 "bend", "round", "downBend", "downRound"),
            ),
            "denied": [number for number, edge in enumerate(known.edges) if edge.denied],
        },
        **_vocabulary(known),
        "directed": network.is_directed(),
        "focus": sorted({known.numbers[key] for key in focus}),
        "opening": "&".join(f"{name}={_quoted(value)}" for name, value in opening),
        "lanes": _lanes(wide),
        "downLanes": _lanes(tall),
        "strategies": _strategies(network, known),
        "piece": PIECE,
    }  # fmt: skip
    flags = known.red_flags if red_flags is None else [RedFlag(*flag) for flag in red_flags]
    html = drawn.html_page(
        title=title,
        intro=[" ".join(part.split()) for part in intro.split("\n\n") if part.strip()],
        told=told,
        pieces=pieces([node.told for node in known.nodes], [edge.told for edge in known.edges], known.sources),
        home=home,
        red_flags=flags,
        caution=CAUTION,
        citations=_citations(flags),
    )
    picture = static_svg(known, wide, _LANE_TITLES, bends, title=title, directed=network.is_directed())
    return Page(title, html, picture, _summary(title, known))


def _narrow_enough(network: nx.Graph[Node]) -> None:
    nodes, edges = network.number_of_nodes(), network.number_of_edges()
    if nodes <= MOST_NODES and edges <= MOST_EDGES:
        return
    hubs = sorted(network.degree, key=lambda pair: (-pair[1], str(pair[0])))[:3]
    named = ", ".join(repr(str(network.nodes[node].get("label") or node)) for node, _ in hubs)
    raise LimitError(
        f"a page holds up to {MOST_NODES:,} nodes and {MOST_EDGES:,} edges, and this graph has {nodes:,} and {edges:,}; "
        f"narrow it down to the ways between two terms, or to one term and what is near it, such as {named}"
    )


def _nodes(known: Records, wide: Sequence[tuple[int, int]], tall: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    return [
        {
            "id": number, "key": node.key, "label": node.label, "look": node.look, "lines": node.box.lines,
            "x": x, "y": y, "downX": down_x, "downY": down_y, "w": node.box.width, "h": node.box.height,
        }
        for number, (node, (x, y), (down_x, down_y)) in enumerate(zip(known.nodes, wide, tall, strict=True))
    ]  # fmt: skip


def _edges(known: Records, wide: Sequence[Curve], tall: Sequence[Curve]) -> list[dict[str, Any]]:
    number = {predicate: at for at, predicate in enumerate(known.relations)}
    return [
        {
            "from": edge.start, "to": edge.end, "key": edge.key, "predicate": number[edge.predicate],
            "sign": edge.sign, "certainty": edge.certainty, "standing": edge.standing,
            # In thousandths, since whole numbers are short.
            "bend": bend, "round": round(roundness * 1000), "downBend": below, "downRound": round(below_roundness * 1000),
        }
        for edge, (bend, roundness), (below, below_roundness) in zip(known.edges, wide, tall, strict=True)
    ]  # fmt: skip


def _vocabulary(known: Records) -> dict[str, object]:
    """Return what words, looks and prefixes mean, as far as the page needs it."""
    from kg.paths import STANDINGS

    classes = {name for node in known.nodes for name in _strings(node.told.get("classes"))}
    return {
        "relations": [{"name": name, "words": words} for name, words in known.relations.items()],
        "looks": {name: asdict(look) for name, look in known.looks.items()},
        # The legend names classes in the order in which the lanes are read.
        "order": sorted(known.looks, key=lambda name: (_reading_order(known.looks[name].lane), name)),
        "ownClasses": list(palette.CLASSES),
        "classNames": {name: palette.in_words(name) for name in sorted(classes)},
        "outlines": {shape: asdict(form) for shape, form in OUTLINES.items()},
        "signs": palette.SIGNS,
        "certainties": palette.CERTAINTIES,
        "standings": palette.STANDINGS,
        "strength": STANDINGS,
        "verdicts": palette.VERDICTS,
        "surfaces": palette.SURFACES,
        "prefixes": _prefixes(known),
    }


def _prefixes(known: Records) -> dict[str, str]:
    """Return the prefixes that the page's keys use, and those in which it writes Turtle."""
    names = [*(node.key for node in known.nodes), *known.relations, *known.sources]
    for edge in known.edges:
        names.append(edge.key)
        evidence = edge.told.get("evidence")
        names += [str(item["id"]) for item in evidence] if isinstance(evidence, list) else []
    used = {name.partition(":")[0] for name in names} | {"dcterms", "kg", "rdf", "rdfs", "skos", "xsd"}
    return {prefix: namespace for prefix, namespace in sorted(PREFIXES.items()) if prefix in used}


def _strategies(network: nx.Graph[Node], known: Records) -> list[int]:
    return sorted(known.numbers[key] for key, classes in network.nodes(data="classes") if "Strategy" in (classes or ()))


def _lanes(placed: layout.Layout) -> list[list[object]]:
    # A single lane names nothing that the legend does not.
    lanes = placed.lanes if len(placed.lanes) > 1 else ()
    return [[_LANE_TITLES[lane.name], lane.left, lane.top, lane.right, lane.bottom] for lane in lanes]


def _reading_order(lane: str) -> int:
    return (*layout.COLUMNS, *layout.BELOW, *layout.ABOVE).index(lane)


def _citations(flags: Sequence[RedFlag]) -> list[tuple[str, str]]:
    """Return who says that these signs need care, each once, with the address where there is one."""
    found = []
    for citation in dict.fromkeys(part for flag in flags for part in flag.citation.split("; ") if part):
        words, _, address = citation.rpartition(", ")
        found.append((words, address) if words and safe_link(address) else (citation, ""))
    return found


def _summary(title: str, known: Records) -> str:
    counts: dict[str, int] = {}
    for node in known.nodes:
        counts[node.look] = counts.get(node.look, 0) + 1
    kinds = ", ".join(
        f"{count} {known.looks[name].singular if count == 1 else known.looks[name].plural.lower()}"
        for name, count in sorted(counts.items())
    )
    return f"{title}: {len(known.nodes)} terms ({kinds}), {len(known.edges)} statements"


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe=":")


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else []
