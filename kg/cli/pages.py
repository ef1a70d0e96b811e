"""Verbs that draw: view, explore."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.common import NOTHING_FOUND, add_source_options, emit, load_graph
from kg.errors import InputError

if TYPE_CHECKING:
    import argparse

    from kg.cli.common import Verbs

__all__ = ["add_verbs"]


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to the parser."""
    view = verbs.add_parser("view", help="draw the graph, or the causal paths between two terms, as one HTML page")
    view.add_argument("source", nargs="?", metavar="FROM")
    view.add_argument("target", nargs="?", metavar="TO")
    view.add_argument("-k", type=int, default=25, metavar="N", help="at most so many paths (default: %(default)s)")
    view.add_argument("-o", "--output", type=Path, required=True, metavar="PAGE.html")
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
    if options.source is None:
        emit(draw(network, title=graph.title, red_flags=flags).html, options.output)
        return 0
    if options.target is None:
        raise InputError("give two terms, FROM and TO, or none for the whole graph")
    from kg.paths import path_network
    from kg.whynot import why_no_path

    source, target = graph.find(options.source), graph.find(options.target)
    found = graph.paths(source, target, k=options.k)
    absence = why_no_path(found)
    if absence is not None:
        print(f"kg: {absence.text}", file=sys.stderr)
        return NOTHING_FOUND
    title = f"From {network.nodes[source]['label']} to {network.nodes[target]['label']}"
    shown = f"{len(found)} causal paths" + ("" if found.complete else ", the best; there are more")
    page = draw(path_network(network, found), title=title, intro=shown, red_flags=flags)
    emit(page.html, options.output)
    return 0


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
