"""Verbs that ask: query, queries, find, show."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.common import add_source_options, emit, load_graph
from kg.errors import InputError
from kg.limits import limit_time, seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg import queries
    from kg.anygraph import AnyGraph
    from kg.cli.common import Verbs
    from kg.results import Result

__all__ = ["add_verbs"]

_RDF_FORMATS = ("turtle", "ntriples", "jsonld", "rdfxml")
_ROW_FORMATS = ("csv", "tsv", "json", "xml", "xlsx-csv")


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to the parser."""
    query = verbs.add_parser("query", help="run SPARQL, or a query of the library")
    query.add_argument("query", nargs="?", help="name of a query, a file, or - for standard input")
    query.add_argument("-e", "--execute", metavar="SPARQL", help="the query itself")
    query.add_argument(
        "--set", action="append", default=[], metavar="NAME=TERM", help="a parameter; may be given again"
    )
    query.add_argument("--format", choices=("table", *_ROW_FORMATS, *_RDF_FORMATS), help="default: table, or turtle")
    query.add_argument("-o", "--output", type=Path, metavar="FILE")
    query.add_argument("--timeout", metavar="SECONDS", help="stop a query that takes longer")
    # Said before the verb it means the same; without a default here it does not hide what was said there.
    query.add_argument("--memory", default=argparse.SUPPRESS, metavar="SIZE", help="stop a query that needs more")
    query.add_argument("--view", action="store_true", help="draw what the answer speaks of, as one HTML page (with -o)")
    add_source_options(query)
    query.set_defaults(run=_query)

    listing = verbs.add_parser("queries", help="list the query library")
    add_source_options(listing)
    listing.set_defaults(run=_queries)

    find = verbs.add_parser("find", help="find terms by label or synonym")
    find.add_argument("text", nargs="+")
    add_source_options(find)
    find.set_defaults(run=_find)

    show = verbs.add_parser("show", help="all about one term")
    show.add_argument("term")
    add_source_options(show)
    show.set_defaults(run=_show)


def _query(options: argparse.Namespace) -> None:
    import pyoxigraph as ox

    from kg import queries

    if options.timeout is not None:
        limit_time(seconds(options.timeout))
    if (options.query is None) == (options.execute is None):
        raise InputError("give one query: a name, a file, - or -e SPARQL (kg queries lists the names)")
    values: dict[str, str] = {}
    bound: dict[str, queries.Parameter] = {}
    for pair in options.set:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise InputError(f"--set takes NAME=TERM, and not {pair!r}")
        values[name] = value
    graph = load_graph(options)
    inputs: list[Path] = []
    title = "What the query found"
    if options.execute is not None or options.query == "-" or _is_file(options.query):
        if options.execute is not None:
            text, source = options.execute, "-e"
        elif options.query == "-":
            text, source = sys.stdin.read(), "standard input"
        else:
            from kg.files import read_text

            inputs = [Path(options.query)]
            text, source = read_text(inputs[0]), options.query
        bound = {name: ox.NamedNode(graph.names.resolve(value)) for name, value in values.items()}
    elif "{" in options.query:
        raise InputError("this is SPARQL and not the name of a query; put -e before it: kg query -e '...'")
    else:
        named = queries.named_query(graph.library, options.query)
        title = named.summary
        text, source, bound = named.text, named.name, queries.bind(named, values, graph.names.resolve)
    result = graph.run(text, bound, source=source)
    from kg.results import Triples

    if options.view:
        _view(graph, result, title, bound, options.output)
        return
    chosen = options.format or ("turtle" if isinstance(result, Triples) else "table")
    emit(result.serialize(chosen), options.output, inputs)
    if not len(result):
        _explain_empty(graph, text, bound)


def _view(
    graph: AnyGraph, result: Result, title: str, bound: Mapping[str, queries.Parameter], output: Path | None
) -> None:
    from kg.answers import answer_network
    from kg.drawing import draw
    from kg.redflags import red_flags

    if output is None:
        raise InputError("--view writes a page; name it with -o PAGE.html")
    network = graph.shared_network
    part = answer_network(result, network)
    labels = {name: str(graph.names.label(term.value)) for name, term in bound.items()}
    intro = "; ".join(f"{name}: {label}" for name, label in labels.items())
    page = draw(part, title=title, intro=intro, red_flags=red_flags(network))
    emit(page.text_for(output), output)


def _is_file(name: str) -> bool:
    return name.endswith((".rq", ".sparql")) or (os.sep in name and Path(name).exists())


def _explain_empty(graph: AnyGraph, text: str, bound: Mapping[str, queries.Parameter]) -> None:
    print("kg: the answer is empty", file=sys.stderr)
    for absence in graph.why_empty(text, bound):
        print(f"kg: {absence}", file=sys.stderr)
    for name, term in bound.items():
        print(f"kg: {name} was {term}", file=sys.stderr)


def _queries(options: argparse.Namespace) -> None:
    from kg import queries
    from kg.ontology import packaged
    from kg.results import table_text

    # Listing ours needs no graph.
    folder = load_graph(options).library if options.graph else packaged().queries

    rows = [
        (query.name, " ".join(f"--set {name}=..." for name, _ in query.params), query.summary)
        for query in queries.library(folder)
    ]
    emit(table_text(("name", "parameters", "question"), rows), None)


def _find(options: argparse.Namespace) -> None:
    from kg.errors import UnknownTermError
    from kg.results import table_text

    names = load_graph(options).names
    text = " ".join(options.text)
    matches = names.search(text)
    if not matches:
        raise UnknownTermError(text, [match.label for match in names.nearest(text)])
    rows = [(match.label, match.curie, ", ".join(match.classes), match.name) for match in matches]
    emit(table_text(("label", "term", "classes", "found as"), rows), None)


def _show(options: argparse.Namespace) -> None:
    from kg.describe import description, description_text

    graph = load_graph(options)
    node = graph.find(options.term)
    emit(description_text(description(graph.around(node), node)), None)
