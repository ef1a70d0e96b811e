"""What the verbs share: which graph they work on, writing answers, reading options.

A verb that reads a graph calls `add_source_options` on its parser and `load_graph` on its options, and gets an `AnyGraph`
(`kg.anygraph`): ours, or the one that ``--graph FILE...`` names. A further kind of source (a store on disk, an endpoint) adds
its options in `add_source_options` and its branch in `load_graph`, and every verb has it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kg.errors import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from kg.anygraph import AnyGraph

    Verbs: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

__all__ = ["NOTHING_FOUND", "add_source_options", "each_graph", "emit", "load_graph", "one_of"]

NOTHING_FOUND = 6
"""Exit code where the answer is an honest none."""


def add_source_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that put another graph in place of ours."""
    group = parser.add_argument_group("another graph")
    group.add_argument(
        "--graph",
        action="append",
        default=[],
        metavar="FILE ...",
        help="RDF, OBO or KGX files (.gz too), or the folder of a project",
    )
    group.add_argument("--lens", metavar="NAME|FILE", help="how to read it; see kg lenses (default: a printed guess)")
    group.add_argument("--graph-format", metavar="FORMAT", help="of all files, where their names do not tell")
    group.add_argument("--with-ours", action="store_true", help="join our graph to it, over the mappings")
    from kg.cli.elsewhere import add_elsewhere_options

    add_elsewhere_options(group)


def each_graph(arguments: Sequence[str]) -> list[str]:
    """Return arguments in which each file after ``--graph`` has an option of its own.

    Terms may follow the files without a sign between them: the first word is a file in any case, and those after it are as long
    as they name something that is there.

    >>> each_graph(["find", "--graph", "uberon.obo", "lumbar vertebra"])
    ['find', '--graph', 'uberon.obo', 'lumbar vertebra']
    """
    found: list[str] = []
    files = 0
    for word in arguments:
        if files > 1 and not word.startswith("-") and Path(word).exists():
            found += ["--graph", word]
            continue
        files = 1 if word == "--graph" else files + 1 if files == 1 else 0
        found.append(word)
    return found


def load_graph(options: argparse.Namespace) -> AnyGraph:
    """Return the graph that a verb works on.

    Parameters
    ----------
    options
        As a parser with `add_source_options` gives them.

    Returns
    -------
    AnyGraph
        Ours where no other is named. What was guessed about another goes to standard error.

    Raises
    ------
    InputError
        If options do not go together, or a file or lens can't be used.
    """
    from kg.cli.elsewhere import open_elsewhere

    elsewhere = open_elsewhere(options)
    if elsewhere is not None:
        return elsewhere
    if not options.graph:
        for name in ("lens", "graph_format", "with_ours"):
            if getattr(options, name):
                raise InputError(f"--{name.replace('_', '-')} goes with --graph FILE...")
        from kg.graph import load

        return load()
    from kg.opening import open_graph

    return open_graph(
        [Path(name) for name in options.graph],
        lens=options.lens,
        format=options.graph_format,
        with_ours=options.with_ours,
        tell=lambda text: print(f"kg: {text}", file=sys.stderr),
    )


def emit(text: str | bytes, output: Path | None, inputs: Sequence[Path] = ()) -> None:
    """Write an answer to a file, or to standard output without one."""
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8") if isinstance(text, str) else text)
        return
    from kg.files import write_whole

    write_whole(output, text, inputs=inputs)
    print(f"wrote {output}", file=sys.stderr)


def one_of(option: str, value: str | None, known: Sequence[str]) -> str | None:
    """Return the value as it is known, whatever its case; InputError if it is not."""
    if value is None:
        return None
    for name in known:
        if name.lower() == value.lower():
            return name
    raise InputError(f"{option} takes {', '.join(name.lower() for name in reversed(known))}, and not {value!r}")
