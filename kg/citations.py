"""How a claim's certainty, standing and sources are written in one line, the same everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.evidence import Evidence, Source

__all__ = ["UNASSERTED", "citation", "cited", "locator", "markdown_text", "standing_mark"]

UNASSERTED = "no source that was read says so"

_MARKS = {"Supported": "+", "Mixed": "~", "Disputed": "!", "Unreviewed": "·"}


def locator(evidence: Evidence, sources: Mapping[str, Source]) -> str:
    """Return where a piece of evidence is: the sentence of the article, or the publication.

    Parameters
    ----------
    evidence
        The piece.
    sources
        By CURIE, as in ``network.graph["sources"]``.

    Returns
    -------
    str
        Such as ``article, causes-nerves 2`` or ``Koes BW 2007, BMJ (supports)``.
    """
    if evidence.sentence is not None:
        return f"article, {evidence.section} {evidence.sentence}"
    source = sources.get(evidence.source)
    words = {"Supports": "supports", "Mixed": "mixed", "Disputes": "disputes", "NoEvidenceFound": "no evidence found"}
    place = f", {evidence.locator}" if evidence.locator else ""
    return f"{source.label if source else evidence.source}{place} ({words.get(evidence.verdict, evidence.verdict)})"


def citation(source: Source) -> str:
    """Return a source as a short citation with its DOI or PubMed address, whichever it has."""
    link = source.doi or source.pmid
    return f"{source.label}, {link}" if link else source.label


def cited(evidence: Sequence[Evidence], sources: Mapping[str, Source]) -> str:
    """Return the locators of several pieces of evidence, each once, the article's first."""
    ordered = sorted(evidence, key=lambda item: (item.sentence is None, item.id))
    return "; ".join(dict.fromkeys(locator(item, sources) for item in ordered))


def standing_mark(standing: str) -> str:
    """Return a sign for a standing that does not depend on colour: ``+``, ``~``, ``!`` or ``·``."""
    return _MARKS.get(standing, "·")


def markdown_text(text: str) -> str:
    r"""Return text as Markdown shows it as it is: characters with a meaning there are escaped.

    >>> print(markdown_text("2 * 3 < 7"))
    2 \* 3 \< 7
    """
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|~!" else letter for letter in text)
