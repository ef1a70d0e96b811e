"""Verbs for graphs of one's own: new, add, lenses."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.common import emit
from kg.errors import InputError

if TYPE_CHECKING:
    import argparse

    from kg.cli.common import Verbs

__all__ = ["add_verbs"]


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to the parser."""
    new = verbs.add_parser("new", help="begin a graph of your own")
    new.add_argument("folder", type=Path, metavar="DIR")
    new.add_argument("--prefix", metavar="NAME", help="of the names of its terms (default: the folder's name)")
    new.add_argument("--namespace", metavar="IRI", help="where its terms live (default: https://example.org/PREFIX/)")
    new.add_argument("--title", metavar="TEXT", help="what the graph is called (default: the folder's name)")
    new.set_defaults(run=_new)

    add = verbs.add_parser("add", help="add claims to a graph of your own")
    add.add_argument("subject", nargs="?", metavar="SUBJECT", help="a term as people say it")
    add.add_argument("relation", nargs="?", metavar="RELATION")
    add.add_argument("object", nargs="?", metavar="OBJECT")
    add.add_argument("--graph", type=Path, required=True, metavar="DIR", help="the folder of the project")
    add.add_argument("--from", dest="table", type=Path, metavar="FILE", help="a CSV or TSV table of claims instead")
    add.add_argument("--certainty", default="", help="stated, likely or possible (default: possible)")
    add.add_argument("--source", default="", metavar="SOURCE", help="one of sources.ttl, a DOI or an address")
    add.add_argument("--locator", default="", metavar="TEXT", help="where in the source, such as 'p. 12'")
    add.add_argument("--verdict", default="", help="supports, mixed, disputes or noevidencefound (default: supports)")
    add.add_argument("--finding", default="", metavar="TEXT", help="what was found, in your words")
    add.add_argument("--label", default="", metavar="TEXT", help="the claim in words (default: made from its terms)")
    add.add_argument("--comment", default="", metavar="TEXT", help="more on it, in your words")
    add.add_argument("--more-evidence", action="store_true", help="add the source to a claim that is there already")
    add.add_argument("--file", default="claims/added.ttl", metavar="FILE", help="where to (default: %(default)s)")
    add.set_defaults(run=_add)

    lenses = verbs.add_parser("lenses", help="list the ways to look at a graph that is not ours")
    lenses.set_defaults(run=_lenses)


def _new(options: argparse.Namespace) -> None:
    from kg.project import new_project

    files = new_project(options.folder, prefix=options.prefix, namespace=options.namespace, title=options.title)
    emit("".join(f"{path}\n" for path in files), None)
    print(f"kg: made {options.folder}; its README.md says how to go on", file=sys.stderr)


def _add(options: argparse.Namespace) -> None:
    from kg.adding import add_claims
    from kg.claimtable import GivenClaim, given_claims
    from kg.ontology import Ontology

    ends = (options.subject, options.relation, options.object)
    details = {
        name: getattr(options, name)
        for name in ("certainty", "source", "locator", "verdict", "finding", "label", "comment")
    }
    if options.table is not None:
        if any(ends) or any(details.values()):
            raise InputError("--from reads all from the table; give no claim and no details beside it")
        given = given_claims(options.table)
    elif not all(ends):
        raise InputError("give SUBJECT RELATION OBJECT, or --from FILE with a table of claims")
    else:
        given = [GivenClaim(subject=ends[0], relation=ends[1], object=ends[2], **details)]
    added = add_claims(Ontology(options.graph), given, file=options.file, more_evidence=options.more_evidence)
    emit("".join(f"{claim}\n" for claim in added.claims), None)
    for path in added.files:
        print(f"wrote {path}", file=sys.stderr)


def _lenses(options: argparse.Namespace) -> None:
    from kg.lens import lens, lens_names
    from kg.results import table_text

    emit(table_text(("lens", "shows"), [(name, lens(name).title) for name in lens_names()]), None)
