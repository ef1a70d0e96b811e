"""Which format does a client want? Media types of answers, and the choice among them.

References
----------
RFC 9110, HTTP Semantics (2022), section 12.5.1, https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

__all__ = ["GRAPH_FORMATS", "ROW_FORMATS", "Formats", "choose", "formats_of"]

Formats: TypeAlias = Mapping[str, tuple[str, ...]]
"""Short names of formats, the first being what is sent to whoever takes anything; the first of their media types is sent."""

ROW_FORMATS: Formats = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
}
GRAPH_FORMATS: Formats = {
    "turtle": ("text/turtle", "application/x-turtle"),
    "ntriples": ("application/n-triples", "text/plain"),
    "rdfxml": ("application/rdf+xml", "application/xml", "text/xml"),
    "jsonld": ("application/ld+json", "application/json"),
}
_RANGE = re.compile(r"\s*([\w!#$&^.+*-]+/[\w!#$&^.+*-]+)\s*((?:;[^,]*)?)$")
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)", re.IGNORECASE)
_MOST_RANGES = 100


def formats_of(form: str) -> Formats:
    """Return the formats for the answer to a query of a form, such as ``SELECT``."""
    return GRAPH_FORMATS if form in {"CONSTRUCT", "DESCRIBE"} else ROW_FORMATS


def choose(formats: Formats, accept: str) -> str | None:
    """Return the format that an Accept header prefers, or None if it takes none of them.

    Parameters
    ----------
    formats
        What there is.
    accept
        The header; empty means that anything will do. Parts that are no media range are passed over.

    Examples
    --------
    >>> choose(ROW_FORMATS, "text/html, text/csv;q=0.9, */*;q=0.1")
    'csv'
    >>> choose(ROW_FORMATS, "image/png") is None
    True
    """
    if not accept.strip():
        return next(iter(formats))
    ranges: dict[str, float] = {}
    for part in accept.split(",")[:_MOST_RANGES]:
        found = _RANGE.match(part)
        if found:
            quality = _QUALITY.search(found[2])
            ranges[found[1].lower()] = float(quality[1]) if quality else 1.0
    best, best_quality = None, 0.0
    for name, types in formats.items():
        quality_of_name = max(_quality(ranges, media) for media in types)
        if quality_of_name > best_quality:
            best, best_quality = name, quality_of_name
    return best


def _quality(ranges: Mapping[str, float], media: str) -> float:
    # The most exact range that fits decides, also where it says no.
    for pattern in (media, media.partition("/")[0] + "/*", "*/*"):
        if pattern in ranges:
            return ranges[pattern]
    return 0.0
