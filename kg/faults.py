"""What is wrong with a text that does not parse: where, what stands there, what was expected.

The engine that refuses a SPARQL query names a place well after the mistake, so its message is only the last resort: undeclared
prefixes are looked for first, and rdflib's parser then tells where the part begins that cannot be read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import SyntaxFault
from kg.lexer import UNCLOSED, tokens
from kg.namespaces import PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["sparql_fault", "turtle_fault", "utf8_fault", "without_literals"]

# Strings, IRIs and comments can hold any word; they are blanked before a look for keywords or prefixes.
_LITERALS = re.compile(
    r"\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|<[^<>\s]*>|#[^\n]*", re.DOTALL
)
_FORMS = "SELECT, CONSTRUCT, DESCRIBE or ASK, after any PREFIX lines"
_SNIPPET = 30


def without_literals(text: str) -> str:
    """Return SPARQL text with strings, IRIs and comments blanked; every other character keeps its place."""
    return _LITERALS.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def turtle_fault(source: str | Path, error: SyntaxError) -> SyntaxFault:
    """Return our error for RDF that pyoxigraph refuses.

    Parameters
    ----------
    source
        File name or other name of the text.
    error
        As raised by pyoxigraph.
    """
    message = error.msg or str(error)
    found = re.match(r"Parser error at line (\d+) (?:between )?columns? (\d+)[^:]*: (.*)", message, re.DOTALL)
    if found:
        return SyntaxFault(source, " ".join(found[3].split()), int(found[1]), int(found[2]))
    return SyntaxFault(source, " ".join(message.split()), error.lineno, error.offset)


def utf8_fault(source: str | Path, error: UnicodeDecodeError) -> SyntaxFault:
    """Return our error for a file that is no UTF-8."""
    return SyntaxFault(source, f"is not UTF-8 text (byte {error.start}); save it as UTF-8", None, None)


def sparql_fault(source: str | Path, error: SyntaxError, text: str) -> SyntaxFault:
    """Return our error for SPARQL that pyoxigraph refuses.

    Parameters
    ----------
    source
        File name or other name of the text.
    error
        As raised by pyoxigraph.
    text
        The query.
    """
    return _unclosed(source, text) or _undeclared(source, text) or _unreadable(source, text) or _refused(source, error)


def _unclosed(source: str | Path, text: str) -> SyntaxFault | None:
    for token in tokens(text):
        if token.kind == "open":
            return SyntaxFault(source, UNCLOSED, *_place(text, token.start))
    return None


def _undeclared(source: str | Path, text: str) -> SyntaxFault | None:
    code = without_literals(text)
    declared = set(re.findall(r"\bPREFIX\s+([\w.-]*):", code, re.IGNORECASE)) | set(PREFIXES) | {"_"}
    for found in re.finditer(r"(?<![\w?$.-])([A-Za-z_][\w.-]*):", code):
        if found[1] not in declared:
            message = f"the prefix {found[1]}: is not declared; expected PREFIX {found[1]}: <IRI> before it"
            return SyntaxFault(source, message, *_place(text, found.start()))
    return None


def _unreadable(source: str | Path, text: str) -> SyntaxFault | None:
    from pyparsing.exceptions import ParseException
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        parseQuery(text)
    except ParseException as error:
        start = error.loc
        rest = " ".join(text[start:].split())
        line, column = _place(text, start)
        if not rest:
            return SyntaxFault(source, "the query ends too early; expected a closing bracket or more", line, column)
        snippet = rest if len(rest) <= _SNIPPET else rest[:_SNIPPET] + "..."
        if "ConstructQuery" in error.msg:
            return SyntaxFault(source, f"unexpected {snippet!r}; expected {_FORMS}", line, column)
        expected = "a whole pattern (subject, predicate, object), a keyword or a closing bracket"
        return SyntaxFault(source, f"cannot be read from {snippet!r} on; expected {expected}", line, column)
    except Exception:  # a query that rdflib cannot handle for another reason; the engine's own words must do
        return None
    return None


def _refused(source: str | Path, error: SyntaxError) -> SyntaxFault:
    message = error.msg or str(error)
    found = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if found:
        return SyntaxFault(source, " ".join(found[3].split()), int(found[1]), int(found[2]))
    return SyntaxFault(source, " ".join(message.split()), error.lineno, error.offset)


def _place(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, from 1, of a character."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
