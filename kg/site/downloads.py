"""The whole graph as files: every format of `kg.export`, and the files that the ontology is written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.export import export
from kg.files import read_text
from kg.site.jsonld import embedded
from kg.site.records import Link, document_link
from kg.site.rendering import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.graph import KnowledgeGraph
    from kg.site.schema import Documentation

__all__ = ["Download", "downloads", "downloads_sheet", "source_links"]

# What it is, and its media type. Tables for Spark are left out: a site is made without what writes them.
_FORMATS = {
    "turtle": ("All triples as Turtle, for people and for any RDF tool", "text/turtle"),
    "ntriples": ("All triples as N-Triples, one a line", "application/n-triples"),
    "nquads": ("All triples with their named graphs, one a line", "application/n-quads"),
    "trig": ("All triples in their named graphs, for people", "application/trig"),
    "jsonld": ("All triples in their named graphs, as JSON-LD", "application/ld+json"),
    "graphml": ("Entities and claims for yEd, Gephi, Cytoscape and networkx", "application/graphml+xml"),
    "node-link": ("Entities and claims as the node-link JSON of networkx", "application/json"),
    "kgx": ("Nodes or edges for the Biolink world, as KGX TSV", "text/tab-separated-values"),
    "queries": ("The library of questions as sh:SPARQLExecutable", "text/turtle"),
}
_WRITTEN = {
    "schema.ttl": ("The schema: classes, relations and terms of evidence", "text/turtle"),
    "alignments.ttl": ("How the schema is aligned with RO, BFO and Biolink", "text/turtle"),
    "shapes.ttl": ("The SHACL shapes that the graph is held to", "text/turtle"),
    "mappings.sssom.tsv": ("Identifiers in other vocabularies, as SSSOM", "text/tab-separated-values"),
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file to take along."""

    name: str
    href: str
    words: str
    media_type: str
    content: bytes
    is_source: bool
    """Whether the ontology is written in it, and it is not made from the graph."""

    @property
    def size(self) -> str:
        """How large it is, for people."""
        count = len(self.content)
        return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def downloads(graph: KnowledgeGraph) -> list[Download]:
    """Return the files, exports first.

    Raises
    ------
    InputError
        If a file of the ontology cannot be read.
    """
    found = []
    for format_, (words, media_type) in _FORMATS.items():
        for name, content in export(graph, format_).items():
            found.append(Download(name, f"download/{name}", words, media_type, content, is_source=False))
    for name, (words, media_type) in _WRITTEN.items():
        path = graph.ontology.folder / name
        if path.is_file():
            content = read_text(path).encode()
            found.append(Download(name, f"download/{name}", words, media_type, content, is_source=True))
    return found


def downloads_sheet(files: Sequence[Download], schema: Documentation, title: str) -> Sheet:
    """Return the page of downloads, with a description of the whole as a data set of schema.org."""
    licence = document_link(schema.licence)
    told = {
        # The vocabulary by its name alone: a context at an address would have to be fetched.
        "@context": {"@vocab": "https://schema.org/", "license": {"@type": "@id"}, "contentUrl": {"@type": "@id"}},
        "@type": "Dataset",
        "name": title,
        "description": schema.description or title,
        **({"version": schema.version} if schema.version else {}),
        **({"license": licence.href} if licence.href else {}),
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.name,
                "description": file.words,
                "encodingFormat": file.media_type,
                "contentUrl": file.href,
            }
            for file in files
        ],
    }
    return Sheet(
        "downloads.html",
        "downloads",
        "Downloads",
        "The whole graph in other formats, all made from the same claims, and the files that the ontology is written in.",
        {"files": files, "version": schema.version, "licence": licence, "data": embedded(told)},
    )


def source_links(files: Sequence[Download]) -> list[Link]:
    """Return links to the files that the ontology is written in."""
    return [Link(file.name, file.href) for file in files if file.is_source]
