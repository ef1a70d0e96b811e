"""Records to HTML: one environment with every text escaped, and a policy by which no page can load or run anything else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kg.inline import policy_hash, template
from kg.palette import CLASSES, PLAIN, SIGNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.site.records import Claim

__all__ = ["Renderer", "Sheet", "Site"]


_SHEETS = {"entity", "claim"}
"""Templates of which there are hundreds of pages; they carry no style that they do not use."""


@dataclass(frozen=True, slots=True)
class Site:
    """What every page shows."""

    title: str
    menu: tuple[tuple[str, str], ...]
    """Address and text of each part of the site."""
    red_flags: bool
    base_url: str
    """Where the site will be served, ending in a slash; empty where it is not known."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one page shows."""

    path: str
    """Its address in the site."""
    template: str
    """Name of its template in ``templates/site``, without ending."""
    title: str
    summary: str
    """What it is about, in a sentence or two."""
    told: Mapping[str, object]
    """What the template shows beside."""
    section: str = ""
    """Address of the part of the menu that it belongs to; empty where it is that part."""
    script: bool = False
    """Whether it has the site's script, for search and filters."""


class Renderer:
    """Writes the pages of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._templates = Environment(
            loader=PackageLoader("kg"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._script = template("site/site.js")
        self._macros = self._templates.get_template("site/macros.html").module

    def proofs(self, claim: Claim, up: str) -> Markup:
        """Return the evidence of a claim, as pages at one depth show it."""
        return Markup(self._macros.proofs(claim, up))  # type: ignore[attr-defined] # a macro of the template

    def page(self, sheet: Sheet) -> bytes:
        """Return a page as UTF-8."""
        style = _style("sheet.css" if sheet.template in _SHEETS else "lists.css")
        policy = ["default-src 'none'", f"style-src {policy_hash(style)}", "img-src data:"]
        policy += [f"script-src {policy_hash(self._script)}"] * sheet.script
        canonical = self._site.base_url + sheet.path.removesuffix("index.html")
        text = self._templates.get_template(f"site/{sheet.template}.html").render({
            "data": "",
            **sheet.told,
            "site": self._site,
            "here": sheet.path,
            "up": "../" * sheet.path.count("/"),
            "title": sheet.title,
            "summary": sheet.summary,
            "section": sheet.section or sheet.path,
            "canonical": canonical if self._site.base_url else "",
            "policy": "; ".join((*policy, "base-uri 'none'", "form-action 'none'")),
            "style": Markup(style),
            "script": Markup(self._script) if sheet.script else "",
        })
        # A lone surrogate has no UTF-8, and so no file.
        return text.encode(errors="replace")


@cache
def _style(sheet: str) -> str:
    """Return the style of a kind of page: what all share, its own sheet, and the colours of the palette."""
    light: list[str] = []
    dark: list[str] = []
    for name, look in {**CLASSES, "Plain": PLAIN}.items():
        for rules, colours in ((light, look.light), (dark, look.dark)):
            rules.append(f".k-{name}{{--fill:{colours.fill};--edge:{colours.border};--on:{colours.text}}}")
    for rules, shade in ((light, "light"), (dark, "dark")):
        signs = "".join(f"--{name}:{SIGNS[sign][shade]};" for name, sign in (("up", 1), ("down", -1), ("flat", 0)))
        rules.append(f":root{{{signs}}}")
    palette = f"{''.join(light)}\n@media (prefers-color-scheme:dark){{{''.join(dark)}}}"
    text = "\n".join((template("theme.css"), template("site/site.css"), template(f"site/{sheet}"), palette))
    # The sheet stands in every page: what only those who write it need is left out.
    text = re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
    return re.sub(r" *([{};]) *", r"\1", text).replace(";}", "}").strip()
