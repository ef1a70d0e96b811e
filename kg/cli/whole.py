"""The verb that analyses a graph as a whole: analyse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.common import NOTHING_FOUND, emit
from kg.errors import InputError

if TYPE_CHECKING:
    import argparse

    from kg.analysis import Analysis
    from kg.cli.common import Verbs

__all__ = ["add_verbs"]

_TERMS = {"reach": 1, "reached-by": 1, "signed-reach": 1, "paths": 2, "parts": 0, "pagerank": 0}


def add_verbs(verbs: Verbs) -> None:
    """Add the verb to the parser."""
    analyse = verbs.add_parser(
        "analyse", help="reach, best paths, parts and PageRank of a whole graph, in memory or on Apache Spark"
    )
    analyse.add_argument("what", choices=tuple(_TERMS), metavar="WHAT", help=", ".join(_TERMS))
    analyse.add_argument("terms", nargs="*", metavar="CURIE", help="one for reach, two for paths, none for the others")
    analyse.add_argument(
        "--tables", required=True, type=Path, metavar="DIR", help="as kg export --format parquet -o DIR makes them"
    )
    analyse.add_argument("--engine", choices=("memory", "spark"), default="memory", help="default: %(default)s")
    analyse.add_argument("--master", metavar="URL", help="of Spark, such as spark://host:7077 (default: this machine)")
    analyse.add_argument("--structure", action="store_true", help="take the edges without a sign")
    analyse.add_argument("--sign", choices=("increases", "decreases"), help="of paths")
    analyse.add_argument("-k", type=int, default=10, metavar="N", help="at most so many paths (default: %(default)s)")
    analyse.add_argument("--max-length", type=int, metavar="N", help="longest path wanted, in steps")
    analyse.add_argument("--limit", type=int, default=20, metavar="N", help="lines of text (default: %(default)s)")
    analyse.add_argument("--format", choices=("text", "json"), default="text", help="json has no limit")
    analyse.set_defaults(run=_analyse)


def _analyse(options: argparse.Namespace) -> int:
    from kg.analysis import open_analysis

    wanted = _TERMS[options.what]
    if len(options.terms) != wanted:
        raise InputError(f"{options.what} takes {wanted or 'no'} term{'' if wanted == 1 else 's'}")
    if options.master is not None and options.engine != "spark":
        raise InputError("--master goes with --engine spark")
    if options.k < 1 or options.limit < 1:
        raise InputError("-k and --limit take a number from 1")
    analysis = open_analysis(options.tables, engine=options.engine, master=options.master, structure=options.structure)
    try:
        head, rows = _rows(analysis, options)
    finally:
        analysis.close()
    if options.format == "json":
        emit(json.dumps([dict(zip(head, row, strict=True)) for row in rows], ensure_ascii=False, indent=1) + "\n", None)
    else:
        from kg.results import table_text

        shown = [tuple(map(str, row)) for row in rows[: options.limit]]
        more = f"{len(rows) - len(shown):,} more; --limit N shows them\n" if len(rows) > len(shown) else ""
        emit(table_text(head, shown) + more, None)
    return 0 if rows else NOTHING_FOUND


def _rows(analysis: Analysis, options: argparse.Namespace) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    match options.what:
        case "reach":
            return ("term", "steps"), list(analysis.reachable(options.terms[0]).items())
        case "reached-by":
            return ("term", "steps"), list(analysis.reaching(options.terms[0]).items())
        case "signed-reach":
            words = {1: "increases", -1: "decreases"}
            found = analysis.signed_reachable(options.terms[0])
            return ("term", "sign", "steps"), [(name, words[sign], steps) for (name, sign), steps in found.items()]
        case "paths":
            sign = {None: None, "increases": 1, "decreases": -1}[options.sign]
            best = analysis.best_paths(*options.terms, k=options.k, sign=sign, max_length=options.max_length)
            return ("steps", "way"), [(len(path.signs), _way(path.nodes, path.signs)) for path in best]
        case "parts":
            return ("size", "first"), [(len(part), part[0]) for part in analysis.connected_parts()]
        case _:
            return ("term", "rank"), [(name, f"{rank:.9f}") for name, rank in analysis.pagerank().items()]


def _way(nodes: tuple[str, ...], signs: tuple[int, ...]) -> str:
    steps = [f" {'+' if sign > 0 else '-'}> {node}" for sign, node in zip(signs, nodes[1:], strict=True)]
    return nodes[0] + "".join(steps)
