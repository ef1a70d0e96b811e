"""The command line: data goes to stdout, everything else to stderr.

Exit codes: 0 done; 1 an error of ours; 2 unusable input; 3 unknown or ambiguous term; 4 the graph breaks its shapes;
5 a limit was reached; 6 nothing found (no path, no plan). Ctrl-C ends any verb at once.

Nothing heavy is imported before a verb needs it, so that a query takes no longer than its store.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from kg.cli import ask, elsewhere, files, pages, projects, reason, serve, site, whole
from kg.cli.common import each_graph
from kg.errors import KGError
from kg.limits import DEFAULT_MEMORY, die_on_interrupt, limit_memory, memory_size

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


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
    options = _parser().parse_args(each_graph(sys.argv[1:] if arguments is None else arguments))
    try:
        if arguments is None:
            limit_memory(memory_size(options.memory or getattr(options, "usual_memory", DEFAULT_MEMORY)))
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
        "--memory", metavar="SIZE", help=f"stop when more is needed (default: {DEFAULT_MEMORY}; more for load)"
    )
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)

    for family in (ask, reason, pages, site, files, projects, elsewhere, whole, serve):
        family.add_verbs(verbs)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"painpath {version('painpath')}")
        parser.exit()
