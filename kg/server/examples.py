"""The query library as examples to run as they are: each parameter is bound to a term that its description names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypedDict

from kg import queries
from kg.errors import KGError
from kg.lexer import tokens
from kg.namespaces import PAIN

if TYPE_CHECKING:
    from kg.anygraph import AnyGraph

__all__ = ["Example", "examples"]

_SUCH_AS = re.compile(r"\bsuch as (?:an? |the )?([^,;()]+)")
_HEADER = re.compile(r"^#\+.*\n", re.MULTILINE)


class Example(TypedDict):
    """One example."""

    name: str
    question: str
    query: str
    """SPARQL that runs as it is."""


def examples(graph: AnyGraph) -> list[Example]:
    """Return an example for each query of the library, in alphabetical order.

    Queries with a parameter that no term of the graph is named for are left out.
    """
    found: list[Example] = []
    for query in queries.library(graph.library):
        bound = [(name, _term(graph, meaning)) for name, meaning in query.params]
        if all(term for _, term in bound):
            text = _HEADER.sub("", query.text).strip() + "\n"
            lines = "".join(f"\n  VALUES ?{name} {{ {term} }}  # any term you like" for name, term in bound)
            text = _inserted(text, lines)
            if lines and "PREFIX pain:" not in text:
                # So that it runs elsewhere too.
                text = f"PREFIX pain: <{PAIN}>\n{text}"
            found.append({"name": query.name, "question": query.summary, "query": text})
    return found


def _term(graph: AnyGraph, meaning: str) -> str:
    named = _SUCH_AS.search(meaning)
    try:
        return graph.find(named[1].strip()) if named else ""
    except KGError:
        return ""


def _inserted(text: str, lines: str) -> str:
    """Return a query with some lines after the brace that opens its outermost pattern."""
    depth, template = 0, False
    for token in tokens(text):
        if token.kind == "word" and depth == 0:
            template = token.upper == "CONSTRUCT"
        if token.text == "{":
            if depth == 0 and not template:
                end = token.start + 1
                # A query may go on in the same line, which is now a comment.
                gap = "" if text[end] == "\n" else "\n "
                return text[:end] + lines + gap + text[end:]
            depth += 1
        elif token.text == "}":
            depth -= 1
    return text
