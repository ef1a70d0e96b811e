"""All files of the site: which pages there are, and what lies beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from kg.errors import InputError
from kg.namespaces import expand
from kg.site import addresses
from kg.site.answers import answered
from kg.site.catalogue import Catalogue
from kg.site.downloads import downloads, downloads_sheet, source_links
from kg.site.jsonld import embedded, json_ld, subjects
from kg.site.lists import lists
from kg.site.picture import neighbourhood
from kg.site.records import Link, count_words
from kg.site.rendering import Renderer, Sheet, Site
from kg.site.schema import documentation
from kg.site.start import red_flags, start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.graph import KnowledgeGraph
    from kg.site.schema import Documentation

__all__ = ["TITLE", "site_files"]

TITLE = "Lower-back and hip pain"

_MENU = (
    ("explorer.html", "Explorer"),
    ("terms.html", "Terms"),
    ("claims.html", "Claims"),
    ("queries.html", "Questions"),
    ("publications.html", "Publications"),
    ("article.html", "Article"),
    ("ontology.html", "Ontology"),
    ("downloads.html", "Downloads"),
)
_PARTS = (
    ("part-classes", "Classes", "class"),
    ("part-relations", "Relations", "relation"),
    ("part-properties", "Other properties", "property"),
    ("part-values", "Certainties, standings and verdicts", "value"),
)


def site_files(graph: KnowledgeGraph, *, title: str = TITLE, base_url: str = "") -> dict[str, bytes]:
    """Return the files of a site on a graph, by their addresses.

    Parameters
    ----------
    graph
        What the site is about.
    title
        Its name.
    base_url
        Where it will be served. Only the sitemap for search engines and canonical links need it; all else is relative.

    Returns
    -------
    dict
        Two runs give the same bytes.

    Raises
    ------
    InputError
        If `base_url` is no http or https address, or a file of the ontology cannot be read.
    """
    base_url = _checked(base_url)
    catalogue = Catalogue(graph.network(), graph.store)
    renderer = Renderer(Site(title, _MENU, bool(red_flags(catalogue)), base_url))
    taken, schema = downloads(graph), documentation(graph)
    files = {file.href: file.content for file in taken}
    files["explorer.html"] = _explorer(catalogue, title)
    library = answered(graph, catalogue)
    files |= {answer.file: answer.content.encode() for answer in library if answer.file}
    sheets = [
        start(catalogue, title, queries=len(library)),
        *lists(catalogue, graph.store, renderer),
        Sheet(
            "queries.html",
            "queries",
            "Questions",
            f"{count_words(len(library), 'question')} that readers ask, each with its SPARQL and its answer.",
            {"library": library},
            script=True,
        ),
        *(
            Sheet(
                answer.href,
                "query",
                answer.query.summary or answer.query.name,
                f"The query {answer.query.name}, its SPARQL and its answer.",
                {"answer": answer},
                section="queries.html",
            )
            for answer in library
        ),
        _ontology(schema, source_links(taken)),
        downloads_sheet(taken, schema, title),
        *_entities_and_claims(graph, catalogue, renderer),
    ]
    sheets.append(_overview(sheets))
    for sheet in sheets:
        files[sheet.path] = renderer.page(sheet)
    if base_url:
        pages = sorted(path for path in files if path.endswith(".html"))
        files["sitemap.xml"] = _sitemap(base_url, pages)
    return dict(sorted(files.items()))


def _checked(base_url: str) -> str:
    if base_url and not re.fullmatch(r"https?://[^\s<>\"\\^`{|}?#/]+(/[^\s<>\"\\^`{|}?#]*)?", base_url, re.IGNORECASE):
        raise InputError(f"{base_url!r} is no address of a site; give one such as https://example.org/pain/")
    return base_url and base_url.rstrip("/") + "/"


def _explorer(catalogue: Catalogue, title: str) -> bytes:
    from kg import redflags
    from kg.drawing import draw

    flags = redflags.red_flags(catalogue.network)
    return draw(catalogue.network, title=f"{title}: the whole graph", red_flags=flags, home="index.html").html.encode()


def _ontology(schema: Documentation, files: Sequence[Link]) -> Sheet:
    terms = (schema.classes, schema.relations, schema.properties, schema.values)
    parts = [(*part, found) for part, found in zip(_PARTS, terms, strict=True) if found]
    summary = schema.description or "Classes, relations and values of this graph."
    return Sheet("ontology.html", "ontology", "Ontology", summary, {"schema": schema, "parts": parts, "files": files})


def _entities_and_claims(graph: KnowledgeGraph, catalogue: Catalogue, renderer: Renderer) -> Iterator[Sheet]:
    known = subjects(graph.store)
    proofs = {claim.curie: renderer.proofs(claim, "../") for claim in catalogue.claims.values()}
    for entity in catalogue.entities:
        term = entity.term
        yield Sheet(
            term.href,
            "entity",
            term.label,
            term.definition,
            {
                "entity": entity,
                "proofs": proofs,
                "picture": neighbourhood(entity),
                "explorer": addresses.explorer_node(term.curie),
                "data": embedded(json_ld(known, [catalogue.iri(term.curie), *(claim.iri for claim in entity.claims)])),
            },
            section="terms.html",
        )
    for claim in catalogue.claims.values():
        yield Sheet(
            claim.href,
            "claim",
            claim.label,
            claim.comment,
            {
                "claim": claim,
                "proofs": proofs,
                "explorer": addresses.explorer_claim(claim.curie),
                "data": embedded(json_ld(known, [claim.iri, *(expand(proof.curie) for proof in claim.proofs)])),
            },
            section="claims.html",
        )


def _overview(sheets: Iterable[Sheet]) -> Sheet:
    """Return the page that leads to all others."""
    groups: dict[str, list[Link]] = {"Parts": [Link("Explorer", "explorer.html")]}
    names = {"entity": "Terms", "claim": "Claims", "query": "Questions"}
    for sheet in sheets:
        groups.setdefault(names.get(sheet.template, "Parts"), []).append(Link(sheet.title, sheet.path))
    count = sum(map(len, groups.values()))
    groups = {
        title: links if title == "Parts" else sorted(links, key=lambda link: (link.text.casefold(), link.href))
        for title, links in groups.items()
    }
    summary = f"{count_words(count, 'page')} of this site."
    return Sheet("sitemap.html", "sitemap", "All pages", summary, {"groups": list(groups.items())})


def _sitemap(base_url: str, pages: Iterable[str]) -> bytes:
    """Return the sitemap for search engines, which asks for whole addresses: https://www.sitemaps.org/protocol.html."""
    places = "".join(f"<url><loc>{escape(base_url + page.removesuffix('index.html'))}</loc></url>\n" for page in pages)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{places}</urlset>\n".encode()
