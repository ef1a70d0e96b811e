"""The page itself: pyvis with our template. The only module that imports pyvis, which is slow to import and untyped.

Of pyvis we take its network of nodes and edges, and the vis-network that it carries; its own template loads from hosts
and pastes labels into HTML, so ours takes its place. The page's script stands in files, joined here into one.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from pyvis.network import Network

from kg.inline import checked, policy_hash, template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["DrawnNetwork", "script_json"]


_SCRIPTS = (
    "base",
    "pathways",
    "state",
    "model",
    "shapes",
    "details",
    "legend",
    "combobox",
    "tables",
    "paths-panel",
    "plan-panel",
    "drawing",
    "camera",
    "downloads",
    "main",
)
"""The files of the page's script, in the order in which they are joined."""


class DrawnNetwork(Network):  # type: ignore[misc]  # an untyped base class
    """A pyvis network that writes our page: offline, with every text escaped."""

    def __init__(self) -> None:
        super().__init__(directed=True, cdn_resources="in_line")
        # PackageLoader and autoescape, where pyvis has a folder of its own and none.
        self.templateEnv = Environment(
            loader=PackageLoader("kg"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self.path = "page/page.html"

    def fill(self, nodes: Sequence[dict[str, Any]], edges: Sequence[dict[str, Any]]) -> None:
        """Take all nodes and edges at once; each node with its number as ``id``.

        pyvis looks through all its nodes for each edge that is added, which takes minutes for tens of thousands.
        """
        self.nodes = list(nodes)
        self.node_ids = [node["id"] for node in nodes]
        self.node_map = dict(zip(self.node_ids, self.nodes, strict=True))
        self.edges = list(edges)

    def html_page(
        self,
        *,
        title: str,
        intro: Sequence[str],
        told: Mapping[str, object],
        pieces: Sequence[tuple[str, str]],
        **shown: object,
    ) -> str:
        """Return the page as text.

        `told` is what the page's script reads at once, `pieces` what it unpacks on request, and what else is given goes to the
        template.
        """
        style = template("theme.css") + template("page/page.css")
        engine, script = _vis_network(), _script()
        policy = "; ".join((
            "default-src 'none'",
            f"script-src {policy_hash(engine)} {policy_hash(script)}",
            f"style-src {policy_hash(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ))
        text: str = self.templateEnv.get_template(self.path).render(
            title=title,
            intro=intro,
            policy=policy,
            style=Markup(style),
            engine=Markup(engine),
            script=Markup(script),
            told=script_json(told),
            pieces=pieces,
            empty=not self.nodes,
            **shown,
        )
        # A lone surrogate has no UTF-8, and so no file.
        return text.encode(errors="replace").decode()


def script_json(value: object) -> Markup:
    r"""Return JSON that no HTML parser can leave: ``<``, ``>``, ``&`` and the line separators are escaped.

    >>> print(script_json({"label": "</script>"}))
    {"label":"\u003c/script\u003e"}
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A lone surrogate can't be written as UTF-8; JSON's own escape can.
    text = re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)
    return Markup(text)


@cache
def _vis_network() -> str:
    """Return the vis-network of the installed pyvis, without its source map, which a browser would try to load."""
    path = files("pyvis") / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
    text = path.read_text(encoding="utf-8")
    return checked("vis-network.min.js", re.sub(r"\n//# sourceMappingURL=.*", "", text))


@cache
def _script() -> str:
    joined = "\n".join(template(f"page/{name}.js") for name in _SCRIPTS)
    return f'"use strict";\n(() => {{\n{joined}\n}})();\n'
