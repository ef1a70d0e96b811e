r"""The tokens of a SPARQL query, as the engine reads them.

Strings, comments, IRIs and names can all hold words and brackets that mean nothing, so whoever looks for a keyword looks here.

Only one thing is hard: ``<`` opens an IRI or compares two values. ``FILTER(?o<'>') SERVICE <http://host/> {} #'`` is a comparison
with a string and then a call to a host, while a scanner that takes the longest token reads the IRI ``<'>``, a string, and no
keyword at all. So the brackets are followed: within the round brackets of an expression ``<`` compares whenever a value stands
before it, and everywhere else it opens an IRI.

References
----------
W3C, SPARQL 1.1 Query Language (2013), section 19.8, https://www.w3.org/TR/sparql11-query/#sparqlGrammar; section 19.2 for
codepoint escapes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "FORMS",
    "UNCLOSED",
    "Token",
    "has_outer_word",
    "opening",
    "outer_tokens",
    "query_form",
    "tokens",
    "without_escapes",
]

FORMS = ("ASK", "CONSTRUCT", "DESCRIBE", "SELECT")
"""What a query begins with, after its prologue."""
UNCLOSED = "this string or IRI is never closed"
"""What is wrong where a token is ``open``."""

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MORE = f"{_BASE}_0-9\u00b7\u0300-\u036f\u203f\u2040"
_CHAR = f"[{_MORE}-]"
# Bounded, so that no text takes time that grows with the square of its length.
_PREFIX = f"[{_BASE}](?:[{_MORE}.-]{{0,255}}{_CHAR})?"
_HEX = "[0-9A-Fa-f]"
_ESCAPED = rf"%{_HEX}{_HEX}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:[{_BASE}_0-9:]|{_ESCAPED})(?:(?:[{_MORE}.:-]|{_ESCAPED})*(?:[{_MORE}:-]|{_ESCAPED}))?"
_TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n]+)
    | (?P<comment>\#[^\r\n]*)
    | (?P<string>'''(?>(?:'{{0,2}}(?:[^'\\]|\\.))*)''' | \"\"\"(?>(?:"{{0,2}}(?:[^"\\]|\\.))*)\"\"\"
        | (?!''')'(?>(?:[^'\\\r\n]|\\.)*)' | (?!\"\"\")"(?>(?:[^"\\\r\n]|\\.)*)")
    | (?P<variable>[?$][{_BASE}_0-9][{_MORE.removesuffix("-")}]*)
    | (?P<blank>_:[{_BASE}_0-9](?:[{_MORE}.-]*{_CHAR})?)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)?)
    | (?P<name>(?:{_PREFIX})?:(?:{_LOCAL})?)
    | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<iri><[^>]*>)
    | (?P<open>["'<].*)
    | (?P<mark>\^\^|&&|\|\||<<|>>|!=|>=|\{{\||\|\}}|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(rf"\\(?:u({_HEX}{{4}})|U({_HEX}{{8}}))")
_VALUES = frozenset({"string", "variable", "blank", "language", "name", "number", "iri"})
# Words before a round bracket that opens a list of terms and no expression.
_BEFORE_TERMS = frozenset({"A", "FALSE", "TRUE", "VALUES"})


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind, its text, and the place of its first character in the query."""

    kind: str
    """``string``, ``variable``, ``blank``, ``language``, ``name`` (with a prefix), ``number``, ``word``, ``iri``, ``mark``, or
    ``open``: a string or an IRI that is never closed, to the end of the text."""
    text: str
    start: int

    @property
    def upper(self) -> str:
        """The text in capitals, as keywords are compared."""
        return self.text.upper()


def tokens(text: str) -> Iterator[Token]:
    """Return the tokens of a query in order, without white space and comments.

    Parameters
    ----------
    text
        Any text; what cannot begin a token becomes a mark of one character.

    Yields
    ------
    Token
        Linear in the length of the text.
    """
    brackets = _Brackets()
    place = 0
    while place < len(text):
        if text[place] == "<" and brackets.compares:
            end = place + (2 if text.startswith("<=", place) else 1)
            token = Token("mark", text[place:end], place)
        elif text[place] == "<" and text.startswith("<<", place):
            # An IRI cannot hold "<"; this opens a triple term.
            token = Token("mark", "<<", place)
            end = place + 2
        else:
            found = _TOKEN.match(text, place)
            assert found is not None  # the last alternative takes any character
            end = found.end()
            kind = found.lastgroup or "mark"
            if kind in {"space", "comment"}:
                place = end
                continue
            token = Token(kind, found[0], place)
        yield token
        brackets.follow(token)
        place = end


class _Brackets:
    """Which brackets are open, and so whether ``<`` compares."""

    def __init__(self) -> None:
        # "select": the head and tail of a SELECT, where each round bracket holds an expression. "pattern": within braces.
        # "expression" and "terms": within round brackets.
        self._open = ["select"]
        self._before: list[Token] = []
        self.compares = False

    def follow(self, token: Token) -> None:
        """Take one more token."""
        inside = self._open[-1]
        last = self._before[-1] if self._before else None
        match token.text:
            case "(":
                self._open.append("expression" if self._opens_expression(inside) else "terms")
            case "{":
                self._open.append("pattern")
            case ")" | "}":
                if len(self._open) > 1:
                    self._open.pop()
            case _:
                if token.kind == "word" and token.upper.endswith("SELECT") and last is not None and last.text == "{":
                    self._open[-1] = "select"
        self._before = [*self._before[-1:], token]
        self.compares = self._open[-1] == "expression" and self._ends_value(token)

    def _opens_expression(self, inside: str) -> bool:
        if not self._before:
            return True
        last = self._before[-1]
        if last.text == "<<":
            return False
        if inside in {"expression", "select"}:
            return True
        if last.kind == "word":
            return last.upper not in _BEFORE_TERMS
        # FILTER ex:function(?x): the one call in a pattern whose brackets do not follow a keyword.
        return last.kind in {"iri", "name"} and self._before[0].upper.endswith("FILTER")

    @staticmethod
    def _ends_value(token: Token) -> bool:
        return token.kind in _VALUES or token.text in {")", "}", ">>"} or token.upper in {"TRUE", "FALSE"}


def without_escapes(text: str) -> str:
    r"""Return a query with its codepoint escapes, such as ``\u0053``, put in full.

    The standard resolves them before it looks for tokens; the engine does so in strings and IRIs only.
    """

    def character(found: re.Match[str]) -> str:
        number = int(found[1] or found[2], 16)
        # Beyond Unicode, or half of a pair: no character, so the escape stays and no reader accepts it.
        return found[0] if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF else chr(number)

    return _ESCAPE.sub(character, text)


def query_form(text: str) -> str:
    r"""Return ``ASK``, ``CONSTRUCT``, ``DESCRIBE`` or ``SELECT``, whichever a query is, or its first word after the prologue.

    Examples
    --------
    >>> query_form("PREFIX select: <https://example.org/> # ask\n construct where { ?s select:p ?o }")
    'CONSTRUCT'
    """
    token = opening(text)
    if token is None:
        return ""
    # The engine lets a keyword and a name touch: SELECTDISTINCT.
    return next((form for form in FORMS if token.upper.startswith(form)), token.upper)


def opening(text: str) -> Token | None:
    """Return the word that begins a query after its prologue, or None if something else does."""
    prologue = False
    for token in tokens(text):
        if token.kind == "word":
            if token.upper not in {"BASE", "PREFIX", "VERSION"}:
                return token
            prologue = True
        elif not prologue:
            return None
    return None


def outer_tokens(text: str) -> Iterator[Token]:
    """Return the tokens of a query outside all brackets, as `tokens` does."""
    depth = 0
    for token in tokens(text):
        depth += (token.text in {"{", "("}) - (token.text in {"}", ")"})
        if depth == 0:
            yield token


def has_outer_word(text: str, word: str) -> bool:
    """Return whether a word stands outside all brackets, where it speaks of the query as a whole.

    Parameters
    ----------
    text
        A query.
    word
        In capitals; the query may write it as it likes.

    Examples
    --------
    >>> query = "select ?x from <https://example.org/g> { { select ?x { ?x ?p ?o } order by ?x } }"
    >>> has_outer_word(query, "FROM"), has_outer_word(query, "ORDER")
    (True, False)
    """
    # Nearly no query holds the word at all, and then nothing need be read.
    return word in text.upper() and any(token.upper == word for token in outer_tokens(text))
