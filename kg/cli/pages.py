"""Verbs that draw: view, explore."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.common import NOTHING_FOUND, add_source_options, emit, load_graph
from kg.errors import InputError

if TYPE_CHECKING:
    import argparse
    from typing import TypeAlias

    import networkx as nx

    from kg.anygraph import AnyGraph
    from kg.cli.common import Verbs
    from kg.page import Page

    Flags: TypeAlias = list[tuple[str, str, str, str]]

__all__ = ["add_verbs"]


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to the parser."""
    view = verbs.add_parser(
        "view", help="draw the graph, a term's surroundings, the paths between two terms, or a plan, as one HTML page"
    )
    view.add_argument("source", nargs="?", metavar="FROM", help="a term; alone, what is near it is drawn")
    view.add_argument("target", nargs="?", metavar="TO", help="a term; then the causal paths are drawn")
    view.add_argument("-k", type=int, default=25, metavar="N", help="at most so many paths (default: %(default)s)")
    view.add_argument(
        "--steps", type=int, default=2, metavar="N", help="how far from a term alone, in steps (default: %(default)s)"
    )
    view.add_argument("--factor", action="append", default=[], metavar="TERM", help="of a plan; may be given again")
    view.add_argument("--outcome", metavar="TERM", help="of a plan")
    view.add_argument(
        "-o", "--output", type=Path, required=True, metavar="PAGE", help="PAGE.html, or PAGE.svg for a picture"
    )
    add_source_options(view)
    view.set_defaults(run=_view)

    explore = verbs.add_parser("explore", help="build the explorer of the whole graph and open it")
    explore.add_argument("-o", "--output", type=Path, default=Path("explorer.html"), metavar="PAGE.html")
    explore.add_argument("--no-open", action="store_true", help="only print the path of the page")
    add_source_options(explore)
    explore.set_defaults(run=_explore)


def _view(options: argparse.Namespace) -> int:
    from kg.drawing import draw
    from kg.redflags import red_flags

    graph = load_graph(options)
    network = graph.shared_network
    flags = red_flags(network)
    if options.factor or options.outcome:
        page = _plan_page(graph, network, flags, options)
    elif options.source is None:
        page = draw(network, title=graph.title, red_flags=flags)
    elif options.target is None:
        page = _near_page(graph, network, flags, options)
    else:
        found = _paths_page(graph, network, flags, options)
        if found is None:
            return NOTHING_FOUND
        page = found
    emit(page.text_for(options.output), options.output)
    return 0


def _plan_page(graph: AnyGraph, network: nx.MultiDiGraph[str], flags: Flags, options: argparse.Namespace) -> Page:
    from kg.drawing import draw
    from kg.interventions import plan
    from kg.paths import members

    if not options.factor or not options.outcome:
        raise InputError("a plan needs --factor, once or more, and --outcome")
    if options.source is not None:
        raise InputError("give either FROM and TO or --factor and --outcome, not both")
    outcome = graph.find(options.outcome)
    factors = sorted({node for term in options.factor for node in members(network, graph.find(term, classes=True))})
    sets = plan(network, factors, outcome, include_kinds=True, limit=1).sets
    opening = [("tab", "plan"), *(("factor", node) for node in factors), ("outcome", outcome)]
    opening += [("strategy", node) for node in (sets[0].strategies if sets else ())]
    names = " and ".join(str(network.nodes[node]["label"]) for node in factors[:4]) + (
        " ..." if len(factors) > 4 else ""
    )
    title = f"What blocks the ways from {names} to {network.nodes[outcome]['label']}"
    return draw(network, title=title, red_flags=flags, opening=opening)


def _near_page(graph: AnyGraph, network: nx.MultiDiGraph[str], flags: Flags, options: argparse.Namespace) -> Page:
    import networkx as nx

    from kg.drawing import draw

    if options.steps < 1:
        raise InputError(f"--steps is {options.steps}; expected 1 or more")
    node = graph.find(options.source)
    near = nx.single_source_shortest_path_length(network.to_undirected(as_view=True), node, cutoff=options.steps)
    title = f"{network.nodes[node]['label']} and what is up to {options.steps} steps away"
    return draw(network.subgraph(near), title=title, red_flags=flags, opening=[("node", node)])


def _paths_page(
    graph: AnyGraph, network: nx.MultiDiGraph[str], flags: Flags, options: argparse.Namespace
) -> Page | None:
    from kg.drawing import draw
    from kg.paths import path_network
    from kg.whynot import why_no_path

    source, target = graph.find(options.source), graph.find(options.target)
    found = graph.paths(source, target, k=options.k)
    absence = why_no_path(found)
    if absence is not None:
        print(f"kg: {absence.text}", file=sys.stderr)
        return None
    title = f"From {network.nodes[source]['label']} to {network.nodes[target]['label']}"
    kind = "paths of structure" if found.filters.sign == "none" else "causal paths"
    shown = f"{len(found)} {kind}" + ("" if found.complete else ", the best; there are more")
    opening = [("tab", "paths"), ("from", source), ("to", target)]
    if found.filters.sign == "none":
        opening.append(("effect", "none"))
    return draw(path_network(network, found), title=title, intro=shown, red_flags=flags, opening=opening)


def _explore(options: argparse.Namespace) -> None:
    from kg.drawing import draw
    from kg.redflags import red_flags

    graph = load_graph(options)
    network = graph.shared_network
    page = draw(network, title=f"{graph.title}: the whole graph", red_flags=red_flags(network))
    emit(page.html, options.output)
    path = options.output.resolve()
    print(path)
    if options.no_open:
        return
    import webbrowser

    try:
        webbrowser.get()
    except webbrowser.Error:
        print("kg: no browser was found here; open the page above in one", file=sys.stderr)
        return
    webbrowser.open(path.as_uri())
