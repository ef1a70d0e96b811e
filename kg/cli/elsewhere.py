"""Graphs that lie elsewhere: the verb load, and what ``--store`` and ``--endpoint`` open."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError

if TYPE_CHECKING:
    import argparse

    from kg.anygraph import AnyGraph
    from kg.cli.common import Verbs

__all__ = ["add_elsewhere_options", "add_verbs", "open_elsewhere"]

_TIMEOUT = 60.0


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to the parser."""
    load = verbs.add_parser("load", help="load files into a store on disk, for --store")
    load.add_argument("files", nargs="+", type=Path, metavar="FILE", help="RDF, OBO or KGX, .gz or not")
    load.add_argument("--store", required=True, type=Path, metavar="DIR", help="made where there is none")
    load.add_argument("--graph-format", metavar="FORMAT", help="of all files, where their names do not tell")
    load.add_argument("--no-compact", action="store_true", help="done sooner, but queries are up to three times slower")
    load.add_argument(
        "--progress", action="store_true", help="print rate and time left, also where there is no terminal"
    )
    # The bulk loader sorts large pieces in memory, whatever the size of the files.
    load.set_defaults(run=_load, usual_memory="6G")


def add_elsewhere_options(group: argparse._ArgumentGroup) -> None:
    """Add the options that name a graph elsewhere."""
    group.add_argument("--store", type=Path, metavar="DIR", help="a store on disk, as kg load makes it")
    group.add_argument(
        "--endpoint", metavar="URL", help="a SPARQL 1.1 endpoint; its login is taken from the environment"
    )
    group.add_argument(
        "--endpoint-timeout",
        type=float,
        metavar="SECONDS",
        help=f"the longest that one request to the endpoint may take (default: {_TIMEOUT:g})",
    )


def open_elsewhere(options: argparse.Namespace) -> AnyGraph | None:
    """Return the graph that ``--store`` or ``--endpoint`` names, or None where neither is given.

    Parameters
    ----------
    options
        Of a parser with `add_elsewhere_options`.

    Returns
    -------
    AnyGraph or None
        What was guessed about it goes to standard error.

    Raises
    ------
    InputError
        If options do not go together; also what opening it raises.
    """
    named = [name for name in ("graph", "store", "endpoint") if getattr(options, name)]
    if len(named) > 1:
        raise InputError(f"--{named[0]} and --{named[1]} name two graphs; give one of them")
    timeout = options.endpoint_timeout
    if timeout is not None and (named != ["endpoint"] or not timeout > 0):
        raise InputError("--endpoint-timeout takes seconds, above 0, and goes with --endpoint URL")
    if named not in (["store"], ["endpoint"]):
        return None
    for name in ("graph_format", "with_ours"):
        if getattr(options, name):
            raise InputError(f"--{name.replace('_', '-')} goes with --graph FILE...")
    from kg.lens import lens

    chosen = None if options.lens is None else lens(options.lens)

    def tell(text: str) -> None:
        print(f"kg: {text}", file=sys.stderr)

    if options.store is not None:
        from kg.storegraph import StoreGraph

        return StoreGraph(options.store, chosen, tell=tell)
    from kg.endpoint import Endpoint
    from kg.remote import RemoteGraph

    return RemoteGraph(Endpoint(options.endpoint, timeout=timeout or _TIMEOUT), chosen, tell=tell)


def _load(options: argparse.Namespace) -> None:
    from kg.loading import load_files
    from kg.progress import Progress, span

    started = time.monotonic()
    progress = Progress(0, shown=options.progress or sys.stderr.isatty())
    with progress:
        report = load_files(
            options.files,
            options.store,
            format=options.graph_format,
            compact=not options.no_compact,
            progress=progress,
        )
    seconds = time.monotonic() - started
    if report.anew:
        print("kg: a file had changed, so all files of the store were loaded anew", file=sys.stderr)
    if report.kept:
        print(f"kg: {_files(len(report.kept))} in the store already, unchanged", file=sys.stderr)
    print(f"{_files(len(report.loaded))} loaded into {options.store}, {report.size / 1e6:,.1f} MB in {span(seconds)}")


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"
