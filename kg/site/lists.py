"""The pages that list: terms, claims, the disputed ones, publications, and the article's sentences."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from kg.namespaces import PREFIXES
from kg.network import CLASSES
from kg.palette import STANDINGS
from kg.site import addresses
from kg.site.records import Link, count_words, document_links, kinds
from kg.site.rendering import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyoxigraph as ox

    from kg.site.catalogue import Catalogue
    from kg.site.records import Claim, Kind, Proof, Term
    from kg.site.rendering import Renderer

__all__ = ["Paper", "Part", "by_class", "by_standing", "lists", "papers"]


@dataclass(frozen=True, slots=True)
class Part:
    """The claims of one standing, and their share in a bar that is 1000 wide."""

    standing: str
    anchor: str
    symbol: str
    words: str
    claims: tuple[Claim, ...]
    x: float
    width: float

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.claims)


@dataclass(frozen=True, slots=True)
class Paper:
    """A publication, and each of its findings with the claims that it was read for."""

    anchor: str
    label: str
    year: int | None
    links: tuple[Link, ...]
    findings: tuple[tuple[Proof, tuple[Claim, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Sentence:
    anchor: str
    number: int
    claims: tuple[Claim, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class _Section:
    anchor: str
    title: str
    sentences: tuple[_Sentence, ...]


def lists(catalogue: Catalogue, store: ox.Store, renderer: Renderer) -> list[Sheet]:
    """Return the pages that list.

    Parameters
    ----------
    catalogue
        The whole graph.
    store
        For the sentences that no claim was made from.
    renderer
        For the evidence of the disputed claims.

    Returns
    -------
    list of Sheet
        In the order of the menu.
    """
    claims = list(catalogue.claims.values())
    disputed = [claim for claim in claims if claim.standing == "Disputed"]
    known = papers(catalogue)
    sections = _sections(catalogue, store)
    return [
        Sheet(
            "terms.html",
            "terms",
            "Terms",
            f"{count_words(len(catalogue.terms), 'term')} by class; one of several classes stands under each of them.",
            {"classes": by_class(catalogue)},
            script=True,
        ),
        Sheet(
            "claims.html",
            "claims",
            "Claims",
            f"{count_words(len(claims), 'claim')} by how the publications that were read answer them.",
            {"standings": by_standing(claims)},
            script=True,
        ),
        Sheet(
            "disputed.html",
            "disputed",
            "Disputed claims",
            f"{count_words(len(disputed), 'claim')} that more publications speak against than give any other answer, each "
            "with all that was read on it.",
            {"claims": disputed, "proofs": {claim.curie: renderer.proofs(claim, "") for claim in disputed}},
            section="claims.html",
        ),
        Sheet(
            "publications.html",
            "publications",
            "Publications",
            f"{count_words(len(known), 'publication')}, newest first, and what each was read for. Findings are in our own "
            "words.",
            {"papers": known},
            script=True,
        ),
        Sheet(
            "article.html",
            "article",
            "The article, sentence by sentence",
            f"{count_words(sum(len(part.sentences) for part in sections), 'sentence')}, and the claims that were read in each. "
            "The sentences themselves are not copied.",
            {"parts": sections, "articles": _articles(catalogue, store)},
        ),
    ]


def by_class(catalogue: Catalogue) -> list[tuple[Kind, list[Term]]]:
    """Return the terms of each class by label, classes in the order of `kg.network.CLASSES`; empty ones are left out."""
    found: dict[str, list[Term]] = {name: [] for name in CLASSES}
    for node, term in catalogue.terms.items():
        for name in catalogue.network.nodes[node]["classes"]:
            found[name].append(term)
    filled = [name for name in CLASSES if found[name]]
    return [
        (kind, sorted(found[name], key=lambda term: (term.label.casefold(), term.curie)))
        for kind, name in zip(kinds(filled), filled, strict=True)
    ]


def by_standing(claims: Sequence[Claim]) -> list[Part]:
    """Return the claims of each standing, those that publications speak of first; empty ones are left out."""
    parts, x = [], 0.0
    for name, look in STANDINGS.items():
        found = tuple(claim for claim in claims if claim.standing == name)
        width = 1000 * len(found) / max(len(claims), 1)
        if found:
            parts.append(Part(name, name.lower(), look["symbol"], look["words"], found, round(x, 2), round(width, 2)))
        x += width
    return parts


def papers(catalogue: Catalogue) -> list[Paper]:
    """Return the publications, newest first, then by label; those without a year come last."""
    read: dict[str, dict[str, tuple[Proof, list[Claim]]]] = defaultdict(dict)
    for claim in catalogue.claims.values():
        for proof in claim.proofs:
            if proof.finding:
                read[proof.source.href].setdefault(proof.curie, (proof, []))[1].append(claim)
    found = []
    for source in catalogue.sources.values():
        if source.kind == "Publication":
            place = addresses.source_place(source.id)
            findings = tuple((proof, tuple(claims)) for _, (proof, claims) in sorted(read[place].items()))
            anchor = place.partition("#")[2]
            found.append(Paper(anchor, source.label, source.year, document_links(source), findings))
    return sorted(found, key=lambda paper: (-(paper.year or 0), paper.label, paper.anchor))


def _sections(catalogue: Catalogue, store: ox.Store) -> list[_Section]:
    made: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    for *_, key, edge in catalogue.network.edges(keys=True, data=True):
        for item in edge["evidence"]:
            if item.section is not None and item.sentence is not None:
                made[item.section, item.sentence].append(catalogue.claims[key])
    text = """SELECT ?section ?sentence (MIN(?why) AS ?reason) WHERE {
      ?place a kg:Sentence ; kg:section ?section ; kg:sentence ?sentence . OPTIONAL { ?place kg:statesNothing ?why }
    } GROUP BY ?section ?sentence"""
    rows = cast("ox.QuerySolutions", store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True))
    reasons = {
        (row["section"].value, int(row["sentence"].value)): row["reason"].value if row["reason"] else "" for row in rows
    }
    places = sorted({*made, *reasons})
    order = {name: number for number, name in enumerate(catalogue.section_titles)}
    names = sorted({name for name, _ in places}, key=lambda name: (order.get(name, len(order)), name))
    return [
        _Section(
            addresses.anchor(name),
            catalogue.section_titles.get(name, name),
            tuple(
                _Sentence(
                    addresses.sentence_place(*place).partition("#")[2],
                    place[1],
                    tuple(sorted(made[place], key=lambda claim: (claim.label, claim.curie))),
                    reasons.get(place, ""),
                )
                for place in places
                if place[0] == name
            ),
        )
        for name in names
    ]


@dataclass(frozen=True, slots=True)
class _Article:
    title: str
    author: str
    links: tuple[Link, ...]


def _articles(catalogue: Catalogue, store: ox.Store) -> list[_Article]:
    titled = cast(
        "ox.QuerySolutions",
        store.query(
            "SELECT ?article ?title { ?article a kg:Article ; dcterms:title ?title } ORDER BY ?title",
            prefixes=PREFIXES,
            use_default_graph_as_union=True,
        ),
    )
    titles = {row["article"].value: row["title"].value for row in titled}
    return [
        _Article(titles.get(catalogue.iri(source.id), source.label), source.author or "", document_links(source))
        for source in sorted(catalogue.sources.values())
        if source.kind == "Article"
    ]
