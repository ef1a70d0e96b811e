"""A drawn page: HTML that stands alone, with a static picture and one line of text for where no HTML can run."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError
from kg.files import write_whole

if TYPE_CHECKING:
    import os

__all__ = ["Page"]

_FRAME_HEIGHT = 640
_ALLOWED = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML page, whole; in a notebook it shows itself."""

    title: str
    html: str
    svg: str = field(repr=False)
    """The same network as a static picture in light colours; empty where it would be too large."""
    summary: str
    """What is drawn, in one line."""

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file, which then holds all of it or what it held before; return its path.

        A path that ends in ``.svg`` gets the static picture.
        """
        target = Path(path)
        write_whole(target, self.text_for(target))
        return target

    def text_for(self, path: Path) -> str:
        """Return what a file of that name holds: the static picture where it ends in ``.svg``, else the HTML.

        Raises
        ------
        InputError
            If the picture is asked for and would be too large.
        """
        if path.suffix != ".svg":
            return self.html
        if not self.svg:
            raise InputError(
                f"{path}: too much is drawn for a static picture; name a file that ends in .html, or draw less"
            )
        return self.svg

    def __repr__(self) -> str:
        return f"<Page {self.title!r}, {len(self.html.encode()):,} bytes>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return the page for whoever shows it: a notebook the HTML, paper the picture, a terminal the line of text."""
        return {
            "text/plain": self.summary,
            "text/html": self._frame(),
            **({"image/svg+xml": self.svg} if self.svg else {}),
        }

    def _frame(self) -> str:
        """Return the page in a frame of its own, which can neither read nor change the notebook around it.

        Where a notebook is not trusted, or shown by a site that runs no frames, the frame is taken out and what stands within
        it is left: the static picture and the line of text.
        """
        picture = ""
        if self.svg:
            source = f"data:image/svg+xml;base64,{b64encode(self.svg.encode()).decode('ascii')}"
            picture = f'<img alt="{escape(self.summary)}" width="100%" src="{source}">'
        # Colours and height as attributes, since a notebook may strip styles.
        return (
            f'<iframe title="{escape(self.title)}" sandbox="{_ALLOWED}" '
            f'width="100%" height="{_FRAME_HEIGHT}" frameborder="0" srcdoc="{escape(self.html)}">'
            f"<p>{escape(self.summary)}</p>{picture}</iframe>"
        )
