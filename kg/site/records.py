"""What the pages say, as plain records of text and addresses; the templates only set them.

Links that leave the site are kept only where they are http, https or mailto.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kg.outlines import outline
from kg.pagedata import safe_link
from kg.palette import CLASSES, PLAIN, in_words
from kg.site import addresses

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.evidence import Source

__all__ = [
    "Claim",
    "Entity",
    "Kind",
    "Link",
    "Proof",
    "Section",
    "Statement",
    "Term",
    "count_words",
    "document_link",
    "document_links",
    "kinds",
]


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere; without an address it is only a text."""

    text: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of entities."""

    name: str
    """Local name, which is also the name of its colours."""
    words: str
    plural: str
    anchor: str
    shape: str
    outline: str
    """Its shape as a small SVG path around (0, 0)."""


@dataclass(frozen=True, slots=True)
class Term:
    """An entity as others speak of it."""

    curie: str
    label: str
    href: str
    kind: Kind
    definition: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence."""

    curie: str
    verdict: str
    symbol: str
    words: str
    source: Link
    design: str
    finding: str
    effect: str
    grade: str
    indirectness: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim with all that it rests on."""

    curie: str
    iri: str
    anchor: str
    label: str
    href: str
    comment: str
    hedge: str
    subject: Term
    relation: Link
    object: Term
    sign: int
    certainty: str
    certainty_words: str
    standing: str
    symbol: str
    standing_words: str
    asserted: bool
    publications: int
    sentences: int
    proofs: tuple[Proof, ...]

    @property
    def basis(self) -> str:
        """What it rests on, counted."""
        parts = [count_words(self.publications, "publication")] if self.publications else []
        parts += [count_words(self.sentences, "sentence of the article", "sentences of the article")] * bool(
            self.sentences
        )
        return " and ".join(parts) or "no evidence"


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim as it is seen from one of its ends."""

    other: Term
    """What is at the other end."""
    claim: Claim
    id: str
    """The claim's anchor in the page; empty where the page has the claim already, as with one about an entity and itself."""


@dataclass(frozen=True, slots=True)
class Section:
    """Statements under one heading of an entity's page."""

    heading: str
    anchor: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """All that a page on one entity says."""

    term: Term
    iri: str
    kinds: tuple[Kind, ...]
    note: str
    broader: tuple[Term, ...]
    narrower: tuple[Term, ...]
    identifiers: tuple[Link, ...]
    category: str
    sections: tuple[Section, ...]

    @property
    def claims(self) -> list[Claim]:
        """Each claim once, in reading order."""
        return [each.claim for section in self.sections for each in section.statements if each.id]


def kinds(names: Iterable[str]) -> tuple[Kind, ...]:
    """Return classes by their local names, as they are told to a reader."""
    return tuple(map(_kind, names))


@cache
def _kind(name: str) -> Kind:
    look = CLASSES.get(name, PLAIN)
    known = name in CLASSES
    words = look.singular if known or not name else in_words(name)
    plural = look.plural if known or not name else in_words(name, capital=True)
    anchor = addresses.anchor(in_words(name) or words)
    return Kind(name if known else "Plain", words, plural, anchor, look.shape, outline(look.shape, 17, 11))


def count_words(count: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun.

    >>> count_words(1, "claim"), count_words(2, "claim")
    ('1 claim', '2 claims')
    """
    return f"{count} {singular if count == 1 else plural or singular + 's'}"


def document_link(iri: str) -> Link:
    """Return a link to a document by its IRI, as text where it may not be followed."""
    return Link(iri.removeprefix("https://").rstrip("/"), safe_link(iri))


def document_links(source: Source) -> tuple[Link, ...]:
    """Return where a document can be read: its DOI, its record in PubMed, its page."""
    told = (
        (source.doi, "https://doi.org/", "doi:"),
        (source.pmid, "https://pubmed.ncbi.nlm.nih.gov/", "PubMed "),
        (source.url, "https://", ""),
    )
    return tuple(
        Link(name + iri.removeprefix(base).strip("/") if iri.startswith(base) else iri, safe_link(iri))
        for iri, base, name in told
        if iri
    )
