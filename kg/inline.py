"""What is written into pages as it is: our templates' styles and scripts, and the hashes by which a page allows them.

References
----------
Content Security Policy Level 3, https://www.w3.org/TR/CSP3/: scripts and styles are allowed by their hash alone.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

from kg.errors import KGError

__all__ = ["checked", "policy_hash", "template"]


@cache
def template(name: str) -> str:
    """Return a file of ``kg/templates``, ready to stand in a script or style element.

    Parameters
    ----------
    name
        Its path in that folder, with slashes.
    """
    return checked(name, files("kg").joinpath("templates", *name.split("/")).read_text(encoding="utf-8"))


def checked(name: str, text: str) -> str:
    """Return a text with the line breaks of HTML, if it can stand in a script or style element as it is.

    Raises
    ------
    KGError
        If it holds what would end the element.
    """
    # A browser turns CR LF into LF before it hashes, so the hash must be of LF.
    text = text.replace("\r\n", "\n")
    if re.search(r"</(script|style)|<!--", text, re.IGNORECASE):
        raise KGError(f"{name} can't be put into a page: it holds an end tag or a comment of HTML")
    return text


def policy_hash(text: str) -> str:
    """Return what allows an inline script or style in a content security policy.

    >>> policy_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
