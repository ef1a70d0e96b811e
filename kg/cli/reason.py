"""Verbs that reason on causes: paths, plan, loops, influence, diagram."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.common import NOTHING_FOUND, add_source_options, emit, load_graph, one_of
from kg.errors import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from kg.cli.common import Verbs

__all__ = ["add_verbs"]


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to the parser."""
    paths = verbs.add_parser("paths", help="ranked causal paths from some terms to others, with their evidence")
    paths.add_argument("source", metavar="FROM", help="a term, or a class such as 'risk factor'")
    paths.add_argument("target", metavar="TO", help="a term, or a class such as 'symptom'")
    paths.add_argument("--from", dest="sources", action="append", default=[], metavar="TERM", help="one more source")
    paths.add_argument("--to", dest="targets", action="append", default=[], metavar="TERM", help="one more target")
    paths.add_argument("-k", type=int, default=10, metavar="N", help="at most so many (default: %(default)s)")
    paths.add_argument("--all", action="store_true", help="all of them, however many")
    paths.add_argument(
        "--sign",
        choices=("increases", "decreases", "any", "none"),
        help="what a path does to its end; none: by relations without a sign, such as part of (default: by the graph)",
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
    add_source_options(paths)
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
    add_source_options(plan)
    plan.set_defaults(run=_plan)

    loops = verbs.add_parser("loops", help="feedback loops of the causal graph, with their net sign")
    loops.add_argument("--max-length", type=int, default=8, metavar="N", help="in steps (default: %(default)s)")
    loops.add_argument("--limit", type=int, default=1000, metavar="N", help="at most so many (default: %(default)s)")
    loops.add_argument("--format", choices=("text", "json"), default="text")
    add_source_options(loops)
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
    add_source_options(matters)
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
    add_source_options(diagram)
    diagram.set_defaults(run=_diagram)


def _paths(options: argparse.Namespace) -> int:
    from kg import pathtext
    from kg.paths import CERTAINTIES, STANDINGS

    graph = load_graph(options)

    def named(terms: Sequence[str]) -> list[str]:
        return [graph.find(term, classes=True) for term in terms]

    found = graph.paths(
        named([options.source, *options.sources]),
        named([options.target, *options.targets]),
        sign=options.sign,
        k=None if options.all else options.k,
        rank=options.rank,
        max_length=options.max_length,
        min_standing=one_of("--min-standing", options.min_standing, STANDINGS),
        min_certainty=one_of("--min-certainty", options.min_certainty, CERTAINTIES),
        predicates=[graph.relation(name) for name in options.predicate],
        through=named(options.through),
        avoiding=named(options.not_through),
    )
    write = {
        "text": pathtext.paths_text,
        "json": pathtext.paths_json,
        "markdown": pathtext.paths_markdown,
        "html": pathtext.paths_html,
    }
    emit(write[options.format](found), options.output)
    return 0 if len(found) else NOTHING_FOUND


def _plan(options: argparse.Namespace) -> int:
    from kg import plantext
    from kg.interventions import STANDINGS, plan
    from kg.paths import members

    graph = load_graph(options)
    network = graph.shared_network
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
        min_standing=one_of("--min-standing", options.min_standing, STANDINGS[::-1]),
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
    emit(write[options.format](found), options.output)
    return 0 if any(len(item) for item in found) else NOTHING_FOUND


def _loops(options: argparse.Namespace) -> int:
    from kg.loops import feedback_loops, loops_json, loops_text

    network = load_graph(options).shared_network
    found = feedback_loops(network, max_length=options.max_length, limit=options.limit)
    write = loops_json if options.format == "json" else loops_text
    emit(write(found, network), None)
    return 0 if len(found) else NOTHING_FOUND


def _influence(options: argparse.Namespace) -> int:
    from kg import influence
    from kg.paths import members

    graph = load_graph(options)
    network = graph.shared_network
    target = graph.find(options.target)
    origins = [node for term in options.sources for node in sorted(members(network, graph.find(term, classes=True)))]
    if options.strategy is not None:
        strategy = graph.find(options.strategy)
        reach = influence.strategy_reach(network, strategy, target, origins=origins, max_length=options.max_length)
        emit((influence.reach_json if options.format == "json" else influence.reach_text)(reach, network), None)
        return 0 if reach.acts_on else NOTHING_FOUND
    found = influence.influence(network, target, origins=origins, max_length=options.max_length)
    emit((influence.influence_json if options.format == "json" else influence.influence_text)(found, network), None)
    return 0 if len(found) else NOTHING_FOUND


def _diagram(options: argparse.Namespace) -> None:
    from kg import diagramtext
    from kg.diagrams import diagram
    from kg.paths import STANDINGS

    graph = load_graph(options)
    network = graph.shared_network
    found = diagram(
        network,
        graph.find(options.exposure),
        graph.find(options.outcome),
        min_standing=one_of("--min-standing", options.min_standing, STANDINGS),
        limit=options.limit,
    )
    write = {
        "text": diagramtext.diagram_text,
        "json": diagramtext.diagram_json,
        "dagitty": diagramtext.diagram_dagitty,
        "dot": diagramtext.diagram_dot,
    }
    emit(write[options.format](found, network), options.output)
