"""The command line: data goes to stdout, everything else to stderr.

Exit codes: 0 done; 1 an error of ours; 2 unusable input; 3 unknown or ambiguous term; 4 the graph breaks its shapes;
5 a limit was reached; 6 nothing found (no path, no plan). Ctrl-C ends any verb at once.

Nothing heavy is imported before a verb needs it, so that a query takes no longer than its store.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, KGError
from kg.limits import DEFAULT_MEMORY, die_on_interrupt, limit_memory, memory_size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg import queries
    from kg.graph import KnowledgeGraph

__all__ = ["main"]

_RDF_FORMATS = ("turtle", "ntriples", "jsonld", "rdfxml")
_NOTHING_FOUND = 6
_ROW_FORMATS = ("csv", "tsv", "json", "xml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code.

    Parameters
    ----------
    arguments
        Without the program's name; None for those of the process.

    Returns
    -------
    int
        See the module's docstring.
    """
    if arguments is None:
        die_on_interrupt()
    options = _parser().parse_args(arguments)
    try:
        if arguments is None:
            limit_memory(memory_size(options.memory))
        code = options.run(options)
        sys.stdout.flush()
    except KGError as error:
        print(f"kg: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader has gone, as in `kg query ... | head`: not our error. Nothing more can be written, on exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return int(code or 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kg",
        description="Query, draw and analyse the knowledge graph of lower-back and hip pain. It is no medical advice.",
        epilog="Exit codes: 0 done, 1 error, 2 unusable input, 3 unknown term, 4 broken shapes, 5 limit, 6 nothing found.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and stop")
    parser.add_argument(
        "--memory", default=DEFAULT_MEMORY, metavar="SIZE", help="stop when more is needed (default: %(default)s)"
    )
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)

    query = verbs.add_parser("query", help="run SPARQL, or a query of the library")
    query.add_argument("query", nargs="?", help="name of a query, a file, or - for standard input")
    query.add_argument("-e", "--execute", metavar="SPARQL", help="the query itself")
    query.add_argument(
        "--set", action="append", default=[], metavar="NAME=TERM", help="a parameter; may be given again"
    )
    query.add_argument("--format", choices=("table", *_ROW_FORMATS, *_RDF_FORMATS), help="default: table, or turtle")
    query.add_argument("-o", "--output", type=Path, metavar="FILE")
    query.set_defaults(run=_query)

    listing = verbs.add_parser("queries", help="list the query library")
    listing.set_defaults(run=_queries)

    find = verbs.add_parser("find", help="find terms by label or synonym")
    find.add_argument("text", nargs="+")
    find.set_defaults(run=_find)

    show = verbs.add_parser("show", help="all about one term")
    show.add_argument("term")
    show.set_defaults(run=_show)

    paths = verbs.add_parser("paths", help="ranked causal paths from some terms to others, with their evidence")
    paths.add_argument("source", metavar="FROM", help="a term, or a class such as 'risk factor'")
    paths.add_argument("target", metavar="TO", help="a term, or a class such as 'symptom'")
    paths.add_argument("--from", dest="sources", action="append", default=[], metavar="TERM", help="one more source")
    paths.add_argument("--to", dest="targets", action="append", default=[], metavar="TERM", help="one more target")
    paths.add_argument("-k", type=int, default=10, metavar="N", help="at most so many (default: %(default)s)")
    paths.add_argument("--all", action="store_true", help="all of them, however many")
    paths.add_argument(
        "--sign", choices=("increases", "decreases", "any"), default="any", help="what a path does to its end"
    )
    paths.add_argument("--rank", choices=("standing", "length"), default="standing", help="default: %(default)s")
    paths.add_argument("--max-length", type=int, metavar="N", help="longest path wanted, in steps")
    paths.add_argument("--min-standing", metavar="STANDING", help="supported, mixed, unreviewed or disputed")
    paths.add_argument("--min-certainty", metavar="CERTAINTY", help="stated, likely or possible")
    paths.add_argument(
        "--predicate", action="append", default=[], metavar="RELATION", help="only this; may be given again"
    )
    paths.add_argument("--through", action="append", default=[], metavar="TERM", help="pass this; may be given again")
    paths.add_argument(
        "--not-through", action="append", default=[], metavar="TERM", help="avoid this; may be given again"
    )
    paths.add_argument("--format", choices=("text", "json", "markdown", "html"), default="text")
    paths.add_argument("-o", "--output", type=Path, metavar="FILE")
    paths.set_defaults(run=_paths)

    plan = verbs.add_parser(
        "plan", help="the smallest sets of strategies that block every way from factors to an outcome"
    )
    plan.add_argument(
        "--factor", action="append", required=True, metavar="TERM", help="a term or class; may be given again"
    )
    plan.add_argument("--outcome", required=True, metavar="TERM")
    plan.add_argument("--avoid", action="append", default=[], metavar="TERM", help="not this strategy, nor its kinds")
    plan.add_argument("--only", action="append", default=[], metavar="TERM", help="only this strategy and its kinds")
    plan.add_argument(
        "--cost", action="append", default=[], metavar="TERM=NUMBER", help="others cost 1; then least cost counts"
    )
    plan.add_argument("--min-standing", metavar="STANDING", help="rely on claims of this standing or better only")
    plan.add_argument("--no-kinds", action="store_true", help="what acts on a thing does not act on its kinds")
    plan.add_argument("--count-outcome", action="store_true", help="to ease the outcome itself closes the ways to it")
    plan.add_argument("--limit", type=int, default=10, metavar="N", help="at most so many sets (default: %(default)s)")
    plan.add_argument("--format", choices=("text", "json", "markdown", "html"), default="text")
    plan.add_argument("-o", "--output", type=Path, metavar="FILE")
    plan.set_defaults(run=_plan)

    loops = verbs.add_parser("loops", help="feedback loops of the causal graph, with their net sign")
    loops.add_argument("--max-length", type=int, default=8, metavar="N", help="in steps (default: %(default)s)")
    loops.add_argument("--limit", type=int, default=1000, metavar="N", help="at most so many (default: %(default)s)")
    loops.add_argument("--format", choices=("text", "json"), default="text")
    loops.set_defaults(run=_loops)

    matters = verbs.add_parser(
        "influence", help="what matters most on the way to a term, or what a strategy cuts there"
    )
    matters.add_argument("target", metavar="TERM")
    matters.add_argument(
        "--strategy", metavar="TERM", help="show what this acts on, and which ways to the term it cuts"
    )
    matters.add_argument("--from", dest="sources", action="append", default=[], metavar="TERM", help="where ways begin")
    matters.add_argument("--max-length", type=int, default=8, metavar="N", help="in steps (default: %(default)s)")
    matters.add_argument("--format", choices=("text", "json"), default="text")
    matters.set_defaults(run=_influence)

    diagram = verbs.add_parser(
        "diagram", help="an acyclic causal diagram: what to adjust for, and exports for DAGitty, Graphviz"
    )
    diagram.add_argument("--exposure", required=True, metavar="TERM")
    diagram.add_argument("--outcome", required=True, metavar="TERM")
    diagram.add_argument("--min-standing", metavar="STANDING", help="claims of this standing or better only")
    diagram.add_argument(
        "--limit", type=int, default=50, metavar="N", help="at most so many sets (default: %(default)s)"
    )
    diagram.add_argument("--format", choices=("text", "json", "dagitty", "dot"), default="text")
    diagram.add_argument("-o", "--output", type=Path, metavar="FILE")
    diagram.set_defaults(run=_diagram)

    view = verbs.add_parser("view", help="draw the graph, or the causal paths between two terms, as one HTML page")
    view.add_argument("source", nargs="?", metavar="FROM")
    view.add_argument("target", nargs="?", metavar="TO")
    view.add_argument("-k", type=int, default=25, metavar="N", help="at most so many paths (default: %(default)s)")
    view.add_argument("-o", "--output", type=Path, required=True, metavar="PAGE.html")
    view.set_defaults(run=_view)

    explore = verbs.add_parser("explore", help="build the explorer of the whole graph and open it")
    explore.add_argument("-o", "--output", type=Path, default=Path("explorer.html"), metavar="PAGE.html")
    explore.add_argument("--no-open", action="store_true", help="only print the path of the page")
    explore.set_defaults(run=_explore)

    check = verbs.add_parser("check", help="check shapes and house rules")
    check.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="an ontology folder, or files of claims")
    check.add_argument("--coverage", action="store_true", help="print sentence by sentence what the article gave")
    check.add_argument("--fix", action="store_true", help="first write each Turtle file in its canonical form")
    check.set_defaults(run=_check)

    export = verbs.add_parser("export", help="the whole graph in another format")
    export.add_argument("--format", required=True, metavar="FORMAT", help="kgx, graphml, turtle, ...; see the README")
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help="a folder for kgx; default: standard output")
    export.set_defaults(run=_export)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"painpath {version('painpath')}")
        parser.exit()


def _load() -> KnowledgeGraph:
    from kg.graph import load

    return load()


def _emit(text: str | bytes, output: Path | None, inputs: Sequence[Path] = ()) -> None:
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8") if isinstance(text, str) else text)
        return
    from kg.files import write_whole

    write_whole(output, text, inputs=inputs)
    print(f"wrote {output}", file=sys.stderr)


def _query(options: argparse.Namespace) -> None:
    import pyoxigraph as ox

    from kg import queries

    if (options.query is None) == (options.execute is None):
        raise InputError("give one query: a name, a file, - or -e SPARQL (kg queries lists the names)")
    values: dict[str, str] = {}
    bound: dict[str, queries.Parameter] = {}
    for pair in options.set:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise InputError(f"--set takes NAME=TERM, and not {pair!r}")
        values[name] = value
    graph = _load()
    inputs: list[Path] = []
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
    else:
        named = queries.named_query(graph.ontology.folder / "queries", options.query)
        text, source, bound = named.text, named.name, queries.bind(named, values, graph.names.resolve)
    result = queries.run(graph.store, text, bound, source=source)
    from kg.results import Triples

    chosen = options.format or ("turtle" if isinstance(result, Triples) else "table")
    _emit(result.serialize(chosen), options.output, inputs)
    if not len(result):
        _explain_empty(graph, text, bound)


def _is_file(name: str) -> bool:
    return name.endswith((".rq", ".sparql")) or (os.sep in name and Path(name).exists())


def _explain_empty(graph: KnowledgeGraph, text: str, bound: Mapping[str, queries.Parameter]) -> None:
    from kg.absence import why_empty

    print("kg: the answer is empty", file=sys.stderr)
    for absence in why_empty(graph.store, text, bound):
        print(f"kg: {absence}", file=sys.stderr)
    for name, term in bound.items():
        print(f"kg: {name} was {term}", file=sys.stderr)


def _queries(options: argparse.Namespace) -> None:
    from kg import queries
    from kg.ontology import packaged
    from kg.results import table_text

    rows = [
        (query.name, " ".join(f"--set {name}=..." for name, _ in query.params), query.summary)
        for query in queries.library(packaged().folder / "queries")
    ]
    _emit(table_text(("name", "parameters", "question"), rows), None)


def _find(options: argparse.Namespace) -> None:
    from kg.errors import UnknownTermError
    from kg.results import table_text

    names = _load().names
    text = " ".join(options.text)
    matches = names.search(text)
    if not matches:
        raise UnknownTermError(text, [match.label for match in names.nearest(text)])
    rows = [(match.label, match.curie, ", ".join(match.classes), match.name) for match in matches]
    _emit(table_text(("label", "term", "classes", "found as"), rows), None)


def _show(options: argparse.Namespace) -> None:
    from kg.describe import description, description_text

    graph = _load()
    _emit(description_text(description(graph.network(), graph.find(options.term))), None)


def _paths(options: argparse.Namespace) -> int:
    from kg import pathtext
    from kg.paths import CERTAINTIES, STANDINGS, causal_paths

    graph = _load()

    def named(terms: Sequence[str]) -> list[str]:
        return [graph.find(term, classes=True) for term in terms]

    found = causal_paths(
        graph.network(),
        named([options.source, *options.sources]),
        named([options.target, *options.targets]),
        sign=options.sign,
        k=None if options.all else options.k,
        rank=options.rank,
        max_length=options.max_length,
        min_standing=_one_of("--min-standing", options.min_standing, STANDINGS),
        min_certainty=_one_of("--min-certainty", options.min_certainty, CERTAINTIES),
        predicates=[name if ":" in name else f"kg:{name}" for name in options.predicate],
        through=named(options.through),
        avoiding=named(options.not_through),
    )
    write = {
        "text": pathtext.paths_text,
        "json": pathtext.paths_json,
        "markdown": pathtext.paths_markdown,
        "html": pathtext.paths_html,
    }
    _emit(write[options.format](found), options.output)
    return 0 if len(found) else _NOTHING_FOUND


def _one_of(option: str, value: str | None, known: Sequence[str]) -> str | None:
    if value is None:
        return None
    for name in known:
        if name.lower() == value.lower():
            return name
    raise InputError(f"{option} takes {', '.join(name.lower() for name in reversed(known))}, and not {value!r}")


def _plan(options: argparse.Namespace) -> int:
    from kg import plantext
    from kg.interventions import STANDINGS, plan
    from kg.paths import members

    graph = _load()
    network = graph.network()
    outcome = graph.find(options.outcome)
    factors = {node for term in options.factor for node in members(network, graph.find(term, classes=True))}
    costs: dict[str, float] = {}
    for pair in options.cost:
        term, equals, number = pair.rpartition("=")
        try:
            costs[graph.find(term)] = float(number)
        except ValueError:
            raise InputError(f"--cost takes TERM=NUMBER, and not {pair!r}") from None
        if not equals:
            raise InputError(f"--cost takes TERM=NUMBER, and not {pair!r}")
    found = plan(
        network,
        factors,
        outcome,
        costs=costs or None,
        avoid=[graph.find(term) for term in options.avoid],
        only=[graph.find(term) for term in options.only],
        min_standing=_one_of("--min-standing", options.min_standing, STANDINGS[::-1]),
        include_kinds=not options.no_kinds,
        count_outcome=options.count_outcome,
        limit=options.limit,
    )
    write = {
        "text": plantext.plan_text,
        "json": plantext.plan_json,
        "markdown": plantext.plan_markdown,
        "html": plantext.plan_html,
    }
    _emit(write[options.format](found), options.output)
    return 0 if any(len(item) for item in found) else _NOTHING_FOUND


def _loops(options: argparse.Namespace) -> int:
    from kg.loops import feedback_loops, loops_json, loops_text

    network = _load().network()
    found = feedback_loops(network, max_length=options.max_length, limit=options.limit)
    write = loops_json if options.format == "json" else loops_text
    _emit(write(found, network), None)
    return 0 if len(found) else _NOTHING_FOUND


def _influence(options: argparse.Namespace) -> int:
    from kg import influence
    from kg.paths import members

    graph = _load()
    network = graph.network()
    target = graph.find(options.target)
    origins = [node for term in options.sources for node in sorted(members(network, graph.find(term, classes=True)))]
    if options.strategy is not None:
        strategy = graph.find(options.strategy)
        reach = influence.strategy_reach(network, strategy, target, origins=origins, max_length=options.max_length)
        _emit((influence.reach_json if options.format == "json" else influence.reach_text)(reach, network), None)
        return 0 if reach.acts_on else _NOTHING_FOUND
    found = influence.influence(network, target, origins=origins, max_length=options.max_length)
    _emit((influence.influence_json if options.format == "json" else influence.influence_text)(found, network), None)
    return 0 if len(found) else _NOTHING_FOUND


def _diagram(options: argparse.Namespace) -> None:
    from kg import diagramtext
    from kg.diagrams import diagram
    from kg.paths import STANDINGS

    graph = _load()
    network = graph.network()
    found = diagram(
        network,
        graph.find(options.exposure),
        graph.find(options.outcome),
        min_standing=_one_of("--min-standing", options.min_standing, STANDINGS),
        limit=options.limit,
    )
    write = {
        "text": diagramtext.diagram_text,
        "json": diagramtext.diagram_json,
        "dagitty": diagramtext.diagram_dagitty,
        "dot": diagramtext.diagram_dot,
    }
    _emit(write[options.format](found, network), options.output)


def _view(options: argparse.Namespace) -> int:
    from kg.drawing import draw
    from kg.redflags import red_flags

    graph = _load()
    network = graph.network()
    flags = red_flags(network)
    if options.source is None:
        _emit(draw(network, title="Lower-back and hip pain", red_flags=flags).html, options.output)
        return 0
    if options.target is None:
        raise InputError("give two terms, FROM and TO, or none for the whole graph")
    from kg.paths import causal_paths, path_network
    from kg.whynot import why_no_path

    source, target = graph.find(options.source), graph.find(options.target)
    found = causal_paths(network, source, target, k=options.k)
    absence = why_no_path(found)
    if absence is not None:
        print(f"kg: {absence.text}", file=sys.stderr)
        return _NOTHING_FOUND
    title = f"From {network.nodes[source]['label']} to {network.nodes[target]['label']}"
    shown = f"{len(found)} causal paths" + ("" if found.complete else ", the best; there are more")
    page = draw(path_network(network, found), title=title, intro=shown, red_flags=flags)
    _emit(page.html, options.output)
    return 0


def _explore(options: argparse.Namespace) -> None:
    from kg.drawing import draw
    from kg.redflags import red_flags

    network = _load().network()
    page = draw(network, title="Lower-back and hip pain: the whole graph", red_flags=red_flags(network))
    _emit(page.html, options.output)
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


def _check(options: argparse.Namespace) -> int:
    from kg.check import run_check

    return run_check(options.paths, coverage=options.coverage, fix=options.fix)


def _export(options: argparse.Namespace) -> None:
    from kg.export import FORMATS, export

    if options.format not in FORMATS:
        raise InputError(f"no export format {options.format!r}; take one of {', '.join(FORMATS)}")
    files = export(_load(), options.format)
    if len(files) == 1:
        (content,) = files.values()
        _emit(content, options.output)
        return
    if options.output is None:
        raise InputError(f"{options.format} makes {len(files)} files; name a folder for them with -o")
    try:
        options.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the folder {options.output}: {error.strerror}") from error
    for name, content in files.items():
        _emit(content, options.output / name)


if __name__ == "__main__":
    sys.exit(main())
