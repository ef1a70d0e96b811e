"""The start page: example queries, an editor, answers as table and picture, and code to do the same elsewhere.

It is three files that the server itself serves; nothing is asked of any other host.
"""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from typing import Any

from kg.inline import template

__all__ = ["start_page"]


def start_page(told: dict[str, Any]) -> dict[str, tuple[str, bytes]]:
    """Return the files of the page: for each address its media type and content.

    Parameters
    ----------
    told
        ``title``, ``quads``, ``examples`` and ``prefixes``.
    """
    html = files("kg").joinpath("templates", "start.html").read_text(encoding="utf-8")
    # As data that no script runs; "<" is escaped since "</script>" would end it wherever it stands.
    shown = {name: told[name] for name in ("examples", "prefixes")}
    data = json.dumps(shown, ensure_ascii=False).replace("<", "\\u003c")
    number = f"{told['quads']:,}"
    html = html.replace("{{ title }}", escape(told["title"]))
    return {
        "/": ("text/html", html.replace("{{ quads }}", number).replace("{{ told }}", data).encode()),
        "/start.css": ("text/css", (template("theme.css") + template("start.css")).encode()),
        "/start.js": ("text/javascript", template("start.js").encode()),
    }
