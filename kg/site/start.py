"""The start page: what this is, the signs that need urgent care, and the ways in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.redflags import CAUTION
from kg.site import addresses
from kg.site.jsonld import embedded
from kg.site.lists import by_class, by_standing
from kg.site.records import Link, count_words, document_links
from kg.site.rendering import Sheet

if TYPE_CHECKING:
    from kg.site.catalogue import Catalogue
    from kg.site.records import Term

__all__ = ["Flag", "red_flags", "start"]


@dataclass(frozen=True, slots=True)
class Flag:
    """A sign, and what it may point to."""

    term: Term
    suspects: tuple[Term, ...]


def start(catalogue: Catalogue, title: str, *, queries: int) -> Sheet:
    """Return the start page.

    Parameters
    ----------
    catalogue
        The whole graph.
    title
        Name of the site.
    queries
        How many questions the library has.

    Returns
    -------
    Sheet
        ``index.html``.
    """
    claims = list(catalogue.claims.values())
    papers = sum(source.kind == "Publication" for source in catalogue.sources.values())
    findings = {proof.curie for claim in claims for proof in claim.proofs if proof.finding}
    identifiers = sum(len(entity.identifiers) for entity in catalogue.entities)
    disputed = sum(claim.standing == "Disputed" for claim in claims)
    told_terms, told_claims = count_words(len(catalogue.terms), "term"), count_words(len(claims), "claim")
    told_papers = count_words(papers, "publication")
    flags = red_flags(catalogue)
    return Sheet(
        "index.html",
        "index",
        title,
        f"An open knowledge graph: {told_claims} about {told_terms}, each with the place where it was read, how firmly it is "
        f"worded, and what {told_papers} say of it.",
        {
            "flags": flags,
            "flag_sources": _flag_sources(catalogue, flags),
            "caution": CAUTION,
            "cards": (
                ("explorer.html", "Explorer", "The whole graph as one drawing, with search, filters and evidence"),
                ("terms.html", "Terms", f"{told_terms} with definitions and synonyms"),
                ("claims.html", "Claims", f"{told_claims} by how the literature answers them"),
                ("disputed.html", "Disputed", f"{count_words(disputed, 'claim')} that publications speak against"),
                ("queries.html", "Questions", f"{count_words(queries, 'question')} with their answers"),
                ("publications.html", "Publications", f"{told_papers}, and what each was read for"),
                ("article.html", "Article", "What each sentence of the article became"),
                ("ontology.html", "Ontology", "Classes, relations and shapes"),
                ("downloads.html", "Downloads", "RDF, GraphML, KGX and more"),
            ),
            "classes": by_class(catalogue),
            "counts": f"{told_claims} about {told_terms}, {count_words(len(findings), 'finding')} of {told_papers}, and "
            f"{count_words(identifiers, 'identifier')} in other vocabularies.",
            "bar": by_standing(claims),
            "hint": _known_synonym(catalogue),
            "index": embedded([
                [term.label, list(term.synonyms), term.href, term.kind.words] for term in catalogue.terms.values()
            ]),
        },
        script=True,
    )


def red_flags(catalogue: Catalogue) -> list[tuple[str, list[Flag]]]:
    """Return the red flags by the care that they call for, emergencies first; empty where the graph has none."""
    by_care: dict[str, list[Flag]] = defaultdict(list)
    for node, term in catalogue.terms.items():
        if "RedFlag" not in catalogue.network.nodes[node]["classes"]:
            continue
        told: dict[str, dict[str, Term]] = {"kg:callsFor": {}, "kg:raisesSuspicionOf": {}}
        for _, other, edge in catalogue.network.out_edges(node, data=True):
            if edge["predicate"] in told:
                told[edge["predicate"]][other] = catalogue.terms[other]
        care = ", ".join(sorted(care.label for care in told["kg:callsFor"].values())) or "care"
        suspects = tuple(sorted(told["kg:raisesSuspicionOf"].values(), key=lambda term: term.label))
        by_care[care[:1].upper() + care[1:]].append(Flag(term, suspects))
    return [
        (care, sorted(by_care[care], key=lambda flag: flag.term.label))
        for care in sorted(by_care, key=lambda care: ("emergency" not in care.lower(), care))
    ]


def _flag_sources(
    catalogue: Catalogue, flags: list[tuple[str, list[Flag]]]
) -> list[tuple[Link, int | None, tuple[Link, ...]]]:
    signs = [flag.term.curie for _, several in flags for flag in several]
    edges = [edge for sign in signs for _, _, edge in catalogue.network.out_edges(sign, data=True)]
    cited = {source for edge in edges for source in edge["sources"]}
    documents = [catalogue.sources[source] for source in sorted(cited) if source in catalogue.sources]
    return [
        (Link(found.label, addresses.source_place(found.id)), found.year, document_links(found)) for found in documents
    ]


def _known_synonym(catalogue: Catalogue) -> str:
    """Return a synonym of several words of the term that most claims speak of, to show that people's own words will do."""
    degree = dict(catalogue.network.degree())
    known = sorted(catalogue.terms.values(), key=lambda term: (-degree[term.curie], term.curie))
    return next((name for term in known for name in term.synonyms if " " in name), "")
