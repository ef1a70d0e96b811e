"""The query library with its answers, as they are when the site is made."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import queries
from kg.errors import UnknownTermError
from kg.namespaces import compact
from kg.pagedata import safe_link
from kg.results import Answer, Solutions, Triples
from kg.site import addresses
from kg.site.records import Link, count_words

if TYPE_CHECKING:
    from kg.graph import KnowledgeGraph
    from kg.site.catalogue import Catalogue

__all__ = ["Answered", "answered"]

_MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Answered:
    """A query of the library, and what it answers."""

    query: queries.NamedQuery
    href: str
    command: str
    """As it is typed to get this answer."""
    example: tuple[tuple[str, str], ...]
    """Parameter and term of the worked example; empty without parameters."""
    head: tuple[str, ...]
    rows: tuple[tuple[Link, ...], ...]
    numbers: tuple[bool, ...]
    """Whether a column holds nothing but numbers."""
    text: str
    """The answer where it is no table: triples as Turtle, yes or no."""
    size: str
    """Rows or triples, counted; empty where there is no answer."""
    cut: bool
    """Whether rows were left out; the file has them all."""
    file: str
    """Address of the whole answer as a file; empty where there is none."""
    content: str


def answered(graph: KnowledgeGraph, catalogue: Catalogue) -> list[Answered]:
    """Return the queries of a graph's library with their answers, in alphabetical order.

    A query with parameters is answered for the example that its own header names; without one, or where the graph does not
    know the example, it has no answer.
    """
    return [_answered(graph, catalogue, query) for query in queries.library(graph.ontology.folder / "queries")]


def _answered(graph: KnowledgeGraph, catalogue: Catalogue, query: queries.NamedQuery) -> Answered:
    example = tuple((name, _example(meaning)) for name, meaning in query.params)
    command = " ".join(["kg query", query.name, *(f"--set {name}={_quoted(term)}" for name, term in example if term)])
    href = addresses.query_page(query.name)
    try:
        bound = queries.bind(query, dict(example), graph.names.resolve)
    except UnknownTermError:
        return Answered(query, href, command, (), (), (), (), "", "", cut=False, file="", content="")
    result = queries.run(graph.store, query.text, bound, source=query.name)
    head: tuple[str, ...] = ()
    rows: tuple[tuple[Link, ...], ...] = ()
    match result:
        case Solutions():
            head = result.variables
            rows = tuple(tuple(_cell(term, catalogue) for term in row) for row in result.rows)
            text, size, ending, content = "", count_words(len(rows), "row"), "csv", result.serialize("csv")
        case Triples():
            content = text = result.serialize("turtle")
            size, ending = count_words(len(result), "triple"), "ttl"
        case Answer():
            content = text = result.serialize("table")
            size, ending = "one answer", "txt"
    return Answered(
        query=query,
        href=href,
        command=command,
        example=example,
        head=head,
        rows=rows[:_MOST_ROWS],
        numbers=tuple(
            bool(rows) and all(re.fullmatch(r"-?[\d.]*", row[at].text) for row in rows) for at in range(len(head))
        ),
        text=text,
        size=size,
        cut=len(rows) > _MOST_ROWS,
        file=href.removesuffix("html") + ending,
        content=content,
    )


def _quoted(term: str) -> str:
    """Return a term as a shell takes it, in the quotes that people read best.

    >>> print(_quoted("hip pain"), _quoted('a "b" $c'))
    "hip pain" 'a "b" $c'
    """
    return f'"{term}"' if re.fullmatch(r"[\w ,.()-]+", term) else shlex.quote(term)


def _example(meaning: str) -> str:
    """Return the example in the meaning of a parameter.

    >>> _example("a part of the body, such as lumbar spine")
    'lumbar spine'
    """
    return meaning.partition("such as ")[2].strip().rstrip(".")


def _cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None, catalogue: Catalogue) -> Link:
    if isinstance(term, ox.NamedNode):
        curie = compact(term.value)
        if curie in catalogue.terms:
            return Link(curie, catalogue.terms[curie].href)
        if curie in catalogue.claims:
            return Link(curie, catalogue.claims[curie].href)
        if curie in catalogue.sources:
            article = catalogue.sources[curie].kind == "Article"
            return Link(curie, "article.html" if article else addresses.source_place(curie))
        return Link(curie, safe_link(term.value))
    if isinstance(term, ox.Literal):
        return Link(term.value, "")
    return Link("" if term is None else str(term), "")
