"""The verb that writes a site: site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from kg.cli.common import Verbs

__all__ = ["add_verbs"]


def add_verbs(verbs: Verbs) -> None:
    """Add the verbs to the parser."""
    site = verbs.add_parser(
        "site", help="a static site: a page for each term and claim, the explorer, queries, downloads"
    )
    site.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="replaced where it is such a site"
    )
    site.add_argument("--base-url", default="", metavar="URL", help="where it will be served; adds a sitemap.xml")
    site.set_defaults(run=_site)


def _site(options: argparse.Namespace) -> None:
    from kg.files import check_folder, write_folder
    from kg.graph import load
    from kg.site import site_files

    check_folder(options.output)
    files = site_files(load(), base_url=options.base_url)
    write_folder(options.output, files)
    pages = sum(path.endswith(".html") for path in files)
    size = sum(map(len, files.values())) / 1e6
    print(f"wrote {options.output}: {pages} pages, {len(files) - pages} other files, {size:.0f} MB", file=sys.stderr)
    if not options.base_url:
        print("kg: no sitemap.xml, since it needs whole addresses: give --base-url URL", file=sys.stderr)
    print(options.output / "index.html")
