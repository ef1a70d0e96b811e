"""Where each thing has its page: addresses within the site that stay the same as long as the thing keeps its name.

All addresses are relative to the root of the site; a page puts ``../`` before them where it lies deeper.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

__all__ = [
    "anchor",
    "claim_page",
    "entity_page",
    "explorer_claim",
    "explorer_node",
    "file_name",
    "query_page",
    "schema_place",
    "sentence_place",
    "source_place",
]

_LONGEST = 120
_PLAIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Windows opens devices under these names, whatever their ending.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}


def file_name(curie: str, prefix: str) -> str:
    """Return a name that any file system takes, different for any two CURIEs.

    A plain local name below the prefix is kept. All else is cleaned and gets a digest after an underscore, which no plain
    name holds.

    Parameters
    ----------
    curie
        CURIE or IRI.
    prefix
        The one whose local names are kept, such as ``pain``.

    Returns
    -------
    str
        Lower-case letters, digits and hyphens, since some file systems do not tell cases apart.

    Examples
    --------
    >>> file_name("pain:herniated-disc", "pain"), file_name("pain:../Evil", "pain")
    ('herniated-disc', 'evil_2752631915')
    """
    head, _, local = curie.partition(":")
    if head == prefix and len(local) <= _LONGEST and _PLAIN.fullmatch(local) and local not in _DEVICES:
        return local
    cleaned = "-".join(re.findall(r"[a-z0-9]+", (local or head).lower()))[:40].strip("-")
    digest = hashlib.sha256(curie.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{cleaned}_{digest}"


def entity_page(curie: str) -> str:
    """Return the address of an entity's page.

    >>> entity_page("pain:sciatica")
    'entity/sciatica.html'
    """
    return f"entity/{file_name(curie, 'pain')}.html"


def claim_page(curie: str) -> str:
    """Return the address of a claim's page.

    >>> claim_page("claim:yoga-relieves-lower-back-pain")
    'claim/yoga-relieves-lower-back-pain.html'
    """
    return f"claim/{file_name(curie, 'claim')}.html"


def query_page(name: str) -> str:
    """Return the address of the page of a query of the library."""
    return f"query/{file_name(f'query:{name}', 'query')}.html"


def source_place(curie: str) -> str:
    """Return the place of a publication in the list of publications.

    >>> source_place("source:koes-2007")
    'publications.html#koes-2007'
    """
    return f"publications.html#{file_name(curie, 'source')}"


def sentence_place(section: str, sentence: int) -> str:
    """Return the place of a sentence of the article.

    >>> sentence_place("causes-nerves", 2)
    'article.html#causes-nerves-2'
    """
    return f"article.html#{anchor(section)}-{sentence}"


def schema_place(curie: str) -> str:
    """Return the place of a class or property in the documentation of the ontology.

    >>> schema_place("kg:causes")
    'ontology.html#causes'
    """
    return f"ontology.html#{anchor(curie.removeprefix('kg:'))}"


def explorer_node(curie: str) -> str:
    """Return the address of the explorer with an entity chosen.

    >>> explorer_node("pain:sciatica")
    'explorer.html#node=pain:sciatica'
    """
    return f"explorer.html#node={quote(curie, safe=':', errors='replace')}"


def explorer_claim(curie: str) -> str:
    """Return the address of the explorer with a claim chosen."""
    return f"explorer.html#edge={quote(curie, safe=':', errors='replace')}"


def anchor(text: str) -> str:
    """Return a text as a fragment that needs no escaping; case is kept, since ``kg:Supports`` is not ``kg:supports``.

    >>> anchor("What leads to it")
    'What-leads-to-it'
    """
    return "-".join(re.findall(r"[A-Za-z0-9]+", text)) or "x"
