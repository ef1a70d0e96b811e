"""What a claim rests on: the article's sentences and the findings of publications.

Plain frozen records, so that an edge of the network carries its evidence whole and two networks can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["Evidence", "Source", "effect_text"]


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """One sentence of the article, or one finding of one publication.

    `section`, `sentence` (from 1 within its section), `start` and `end` (characters of the article's text, end not
    included) are set for a sentence of the article. `design`, `finding`, `grade` and, where reported, the effect with its
    95 % interval are set for a finding. The interval bounds and the value are in the unit that `effect_measure` names.
    """

    id: str
    """CURIE of the evidence node."""
    source: str
    """CURIE of the source, a key of ``network.graph["sources"]``."""
    verdict: str
    """``Supports``, ``Mixed``, ``Disputes`` or ``NoEvidenceFound``."""
    section: str | None = None
    sentence: int | None = None
    start: int | None = None
    end: int | None = None
    design: str | None = None
    finding: str | None = None
    effect_measure: str | None = None
    effect_value: Decimal | None = None
    ci_low: Decimal | None = None
    ci_high: Decimal | None = None
    grade: str | None = None
    """The certainty that the publication itself states, such as ``moderate``; ``not-graded`` where it states none."""
    indirectness: str | None = None
    """Why the finding answers the claim only indirectly."""
    locator: str | None = None
    """Where in the source it was read, such as a page, where it is no sentence of the article."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A document that claims were read in."""

    id: str
    """CURIE, such as ``source:koes-2007``."""
    label: str
    """Short citation, such as ``Koes BW 2007, BMJ``."""
    kind: str
    """``Article`` or ``Publication``."""
    doi: str | None = None
    """Whole IRI below ``https://doi.org/``."""
    pmid: str | None = None
    """Whole IRI below ``https://pubmed.ncbi.nlm.nih.gov/``."""
    url: str | None = None
    author: str | None = None
    year: int | None = None
    journal: str | None = None


def effect_text(evidence: Evidence) -> str:
    """Return the effect of a finding as one phrase, empty where none was reported.

    >>> from decimal import Decimal
    >>> effect_text(Evidence("evidence:x", "source:y", "Supports", effect_measure="OR",
    ...                      effect_value=Decimal("2.06"), ci_low=Decimal("1.32"), ci_high=Decimal("3.20")))
    'OR 2.06 (95 % CI 1.32 to 3.20)'
    """
    if evidence.effect_value is None:
        return ""
    interval = "" if evidence.ci_low is None else f" (95 % CI {evidence.ci_low} to {evidence.ci_high})"
    return f"{evidence.effect_measure} {evidence.effect_value}{interval}"
