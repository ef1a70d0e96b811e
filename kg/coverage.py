"""Is all of the article in the graph: which claims each sentence makes, or why it makes none.

A sentence is a kg:Sentence of ``sources.ttl``; it is covered where a claim names it as its evidence, or where
kg:statesNothing says why none does. The words of the sentences are not in the graph, so this shows that no sentence was
passed over, not that its claims are right.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, cast

from kg.check import Fault
from kg.namespaces import compact
from kg.queries import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyoxigraph as ox

    from kg.results import Solutions

__all__ = ["SentenceCoverage", "coverage", "coverage_text", "uncovered"]

_SENTENCES = """
SELECT ?evidence ?section ?sentence ?reason ?claim
WHERE {
  ?evidence a kg:Sentence ; kg:section ?section ; kg:sentence ?number .
  BIND(xsd:integer(?number) AS ?sentence)
  FILTER(BOUND(?sentence))  # any other number is a fault of shape, and the gap that it leaves is one here
  OPTIONAL { ?evidence kg:statesNothing ?reason }
  OPTIONAL { ?claim kg:evidence ?evidence }
  OPTIONAL {
    ?evidence dcterms:source ?source .
    ?node a kg:Section ; dcterms:isPartOf ?source ; kg:section ?section ; kg:rank ?rank .
  }
}
ORDER BY (!BOUND(?rank)) ?rank ?section ?sentence ?evidence ?claim
"""
_BARE_CLAIMS = """
SELECT ?claim
WHERE {
  ?claim a kg:Claim .
  FILTER NOT EXISTS { ?claim kg:evidence ?evidence }
}
ORDER BY ?claim
"""


@dataclass(frozen=True, slots=True)
class SentenceCoverage:
    """What the graph has of one sentence of the article."""

    section: str
    """Short name, such as ``risk-weight``."""
    sentence: int
    """Number in its section, from 1."""
    claims: tuple[str, ...]
    """CURIEs of the claims that name it as evidence, sorted."""
    reason: str | None
    """Why it makes no claim."""
    evidence: str
    """CURIE of the sentence's own node."""


def coverage(store: ox.Store) -> list[SentenceCoverage]:
    """Return what the graph has of each sentence, in the order of the article.

    Parameters
    ----------
    store
        Any graphs; all are read as one.

    Returns
    -------
    list of SentenceCoverage
        Sections by kg:rank, those without one last, and sentences by number; empty where the store has none.
    """
    rows = cast("Solutions", run(store, _SENTENCES, source="coverage"))
    found = []
    for _, group in groupby(rows, key=lambda row: row[:3]):
        same = list(group)
        evidence, section, sentence, reason, _ = same[0]
        claims = sorted({_curie(row[4]) for row in same if row[4] is not None})
        text = None if reason is None else _value(reason)
        found.append(SentenceCoverage(_value(section), int(_value(sentence)), tuple(claims), text, _curie(evidence)))
    return found


def uncovered(store: ox.Store) -> list[Fault]:
    """Return what is missing between the article and the claims.

    Parameters
    ----------
    store
        As for `coverage`.

    Returns
    -------
    list of Fault
        The sentences in the order of the article: with neither claim nor reason, with both, numbered twice, and the gaps in
        the numbers of a section. Then the claims without evidence, sorted. Empty where all is covered.
    """
    sentences = coverage(store)
    bare = cast("Solutions", run(store, _BARE_CLAIMS, source="coverage"))
    missing = "has no evidence; add the sentence or the finding that it was read in as kg:evidence"
    return [*_sentence_faults(sentences), *(Fault(_curie(claim), "claim read somewhere", missing) for (claim,) in bare)]


def _sentence_faults(sentences: Sequence[SentenceCoverage]) -> Iterator[Fault]:
    places = Counter((place.section, place.sentence) for place in sentences)
    for section, group in groupby(sentences, key=lambda place: place.section):
        expected = 1
        for place in group:
            if place.sentence > expected:
                gap = f"{expected}" if place.sentence == expected + 1 else f"{expected} to {place.sentence - 1}"
                message = f"follows a gap in section {section}; add a kg:Sentence for number {gap}"
                yield Fault(place.evidence, "sentences without a gap", message)
            expected = place.sentence + 1
            if places[section, place.sentence] > 1:
                message = (
                    f"is not alone as sentence {place.sentence} of section {section}; keep one node, with all claims"
                )
                yield Fault(place.evidence, "sentence given once", message)
            if not place.claims and place.reason is None:
                message = "has neither a claim nor a reason; add the claims that it makes, or say why none in kg:statesNothing"
                yield Fault(place.evidence, "sentence covered", message)
            if place.claims and place.reason is not None:
                message = (
                    "has both claims and a reason why it makes none; take kg:statesNothing out, or move the claims"
                )
                yield Fault(place.evidence, "sentence covered", message, ", ".join(place.claims))


def coverage_text(sentences: Sequence[SentenceCoverage]) -> str:
    """Return the table of sentence and claims, or reason, for a person to read.

    Parameters
    ----------
    sentences
        As `coverage` gives them.

    Returns
    -------
    str
        A line for each: section, number, number of claims, and the claims or the reason; then a line that sums them up.

    Examples
    --------
    >>> made = SentenceCoverage("anatomy", 1, ("claim:a", "claim:b"), None, "evidence:article-anatomy-1")
    >>> none = SentenceCoverage("anatomy", 2, (), "A greeting.", "evidence:article-anatomy-2")
    >>> print(coverage_text([made, none]), end="")
    anatomy  1  2  claim:a claim:b
    anatomy  2  0  A greeting.
    2 sentences: 1 with claims, 1 with a reason, 0 with neither
    """
    fields = [
        (
            place.section,
            str(place.sentence),
            str(len(place.claims)),
            " ".join((*place.claims, place.reason or "")).strip(),
        )
        for place in sentences
    ]
    wide = [max((len(row[column]) for row in fields), default=0) for column in range(3)]
    lines = [
        f"{section.ljust(wide[0])}  {number.rjust(wide[1])}  {claims.rjust(wide[2])}  {' '.join(rest.split()) or '-'}"
        for section, number, claims, rest in fields
    ]
    made = sum(bool(place.claims) for place in sentences)
    reasons = sum(place.reason is not None for place in sentences)
    neither = sum(not place.claims and place.reason is None for place in sentences)
    noun = "sentence" if len(sentences) == 1 else "sentences"
    lines.append(f"{len(sentences)} {noun}: {made} with claims, {reasons} with a reason, {neither} with neither")
    return "\n".join(lines) + "\n"


def _value(term: object) -> str:
    return cast("ox.Literal | ox.NamedNode | ox.BlankNode", term).value


def _curie(term: object) -> str:
    return compact(_value(term))
