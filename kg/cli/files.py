"""Verbs that read and write files of the graph: check, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.common import add_source_options, emit, load_graph
from kg.errors import InputError

if TYPE_CHECKING:
    import argparse

    from kg.cli.common import Verbs

__all__ = ["add_verbs"]


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to the parser."""
    check = verbs.add_parser("check", help="check shapes and house rules")
    check.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="an ontology folder, or files of claims")
    check.add_argument("--coverage", action="store_true", help="print sentence by sentence what the article gave")
    check.add_argument("--fix", action="store_true", help="first write each Turtle file in its canonical form")
    check.add_argument("--shapes", type=Path, metavar="FILE", help="with --graph: SHACL shapes to hold it to as well")
    add_source_options(check)
    check.set_defaults(run=_check)

    export = verbs.add_parser("export", help="the whole graph in another format")
    export.add_argument("--format", required=True, metavar="FORMAT", help="kgx, graphml, turtle, ...; see the README")
    export.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="a folder for kgx, parquet; default: standard output"
    )
    add_source_options(export)
    export.set_defaults(run=_export)


def _check(options: argparse.Namespace) -> int:
    from kg.check import run_check, told

    elsewhere = options.store or options.endpoint
    if elsewhere or options.graph or options.shapes or options.lens or options.graph_format or options.with_ours:
        if options.paths or options.coverage or options.fix:
            raise InputError(
                "--graph, --lens and --shapes check a graph that is not ours; give no PATH, --coverage or --fix"
            )
        from kg.lensgraph import LensGraph

        graph = load_graph(options)
        if options.endpoint:
            from kg.remote import RemoteGraph

            graph = graph.fetched() if isinstance(graph, RemoteGraph) else graph
        if isinstance(graph, LensGraph):
            from kg.lenscheck import lens_faults

            return told(lens_faults(graph, options.shapes))
        # The folder of a project is laid out as ours is.
        options.paths = [Path(name) for name in options.graph]
    return run_check(options.paths, coverage=options.coverage, fix=options.fix)


def _export(options: argparse.Namespace) -> None:
    from kg.export import FORMATS, export

    if options.format not in FORMATS:
        raise InputError(f"no export format {options.format!r}; take one of {', '.join(FORMATS)}")
    files = export(load_graph(options), options.format)
    if len(files) == 1:
        (content,) = files.values()
        emit(content, options.output)
        return
    if options.output is None:
        raise InputError(f"{options.format} makes {len(files)} files; name a folder for them with -o")
    for name, content in files.items():
        path = options.output / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot make the folder {path.parent}: {error.strerror}") from error
        emit(content, path)
