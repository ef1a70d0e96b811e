"""May this query run? It may read the graph it is asked on, and nothing else.

Refused before anything runs: ``SERVICE``, however it is written, since it has this machine call a host that the query names;
every update (``LOAD``, ``INSERT``, ``DELETE``, ``CLEAR`` ...); a query so long or so deeply nested that the engine's own parser
would run out of stack and take the process with it.

Not refused: ``FROM`` and ``FROM NAMED``. They choose among the graphs that the store holds; the engine never fetches what they
name, be it ``http:`` or ``file:``, and a graph that the store does not hold is empty.

The engine's grammar has no boundaries between words: it reads ``SERVICEex:a {`` as ``SERVICE`` and the name ``ex:a`` where no
other reading works. So a word or a prefix that holds a keyword counts as the keyword wherever the engine could take it for one.

References
----------
W3C, SPARQL 1.1 Federated Query (2013), https://www.w3.org/TR/sparql11-federated-query/, section 4 on security.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import RefusedError, SyntaxFault
from kg.lexer import FORMS, UNCLOSED, tokens, without_escapes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.lexer import Token

__all__ = ["MAX_DEPTH", "MAX_JOINTS", "MAX_LENGTH", "check_query", "is_plain"]

MAX_LENGTH = 1_000_000
"""Characters of a query."""
MAX_DEPTH = 100
"""Brackets within brackets. The engine's parser runs out of stack at about a thousand."""
MAX_JOINTS = 2_000
"""Operators, keywords and braces: each can make the engine's plan one level deeper. Lists of values may be longer."""

_UPDATES = frozenset({"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"})
_MINDED = (*_UPDATES, "SERVICE", "FILTER", "\\")
_JOINTS = frozenset({"{", "[", "!", "&&", "*", "+", "-", "/", "^", "|", "||", "=", "!=", "<", ">", "<=", ">=", "<<"})
_NO_SERVICE = (
    "SERVICE is refused: it would have this machine call another host; query that host from your own program instead"
)


def check_query(text: str, source: str | Path = "query") -> None:
    r"""Raise an error unless a query does nothing but read.

    It is read twice where it holds codepoint escapes (``\u0053``), as written and with the escapes put in full, since the
    standard and the engine differ on which of the two is the query.

    Parameters
    ----------
    text
        SPARQL. Whether it parses is for the engine to say.
    source
        Name of the text in error messages.

    Raises
    ------
    RefusedError
        If the query asks for more than reading, or is too long or too deep.
    SyntaxFault
        If a string or an IRI is never closed, so that nobody can say whether the query only reads.
    """
    if len(text) > MAX_LENGTH:
        raise RefusedError(source, f"the query has {len(text)} characters; at most {MAX_LENGTH} are read", None, None)
    if is_plain(text):
        return
    _check(text, source)
    full = without_escapes(text)
    if full != text:
        _check(full, source)


def is_plain(text: str) -> bool:
    """Return whether a query holds nothing that could be refused, whatever its tokens are.

    A look at its characters: no word that the gate minds, be it in a name or a string, no escape that could hide one, and too few
    characters and brackets to be too deep. Most queries are plain, and reading the tokens of a short one takes as long as its
    answer.
    """
    capitals = text.upper()
    return (
        len(text) <= MAX_JOINTS
        and text.count("{") + text.count("(") + text.count("[") + text.count("<") <= MAX_DEPTH
        and not any(word in capitals for word in _MINDED)
    )


def _check(text: str, source: str | Path) -> None:
    depth = joints = braces = 0
    last: list[Token] = []
    for token in tokens(text):
        if token.kind == "open":
            raise _fault(SyntaxFault, UNCLOSED, text, token, source)
        if token.text in {"{", "(", "[", "<<"}:
            depth += 1
        elif token.text in {"}", ")", "]", ">>"}:
            depth -= 1
        if depth > MAX_DEPTH:
            raise _fault(RefusedError, f"more than {MAX_DEPTH} brackets within brackets", text, token, source)
        joints += token.kind == "word" or token.text in _JOINTS
        if joints > MAX_JOINTS:
            raise _fault(RefusedError, f"more than {MAX_JOINTS} operators and keywords", text, token, source)
        if token.kind == "word" and not braces and token.upper in _UPDATES and _is_first(last):
            message = f"{token.upper} is refused: the graph is only read here; a query begins with {', '.join(FORMS)}"
            raise _fault(RefusedError, message, text, token, source)
        if token.kind == "word" and "SERVICE" in token.upper:
            raise _fault(RefusedError, _NO_SERVICE, text, token, source)
        if last and last[-1].kind == "name" and _is_glued(last, token, braces):
            raise _fault(RefusedError, _glued_message(last[-1], token), text, last[-1], source)
        braces += token.text == "{"
        last = [*last[-1:], token]


def _is_first(last: Sequence[Token]) -> bool:
    """Return whether what follows these tokens begins the query: nothing, or the end of a prologue."""
    return not last or last[-1].kind in {"iri", "string"} or last[-1].text == ";"


def _is_glued(last: Sequence[Token], token: Token, braces: int) -> bool:
    """Return whether the engine could read a keyword out of the prefix of the name before a token."""
    prefix = last[-1].upper.partition(":")[0]
    # Within braces only GRAPH stands before a name that a brace follows, and then the whole name is the graph.
    if "SERVICE" in prefix and token.text == "{":
        return braces > 0 and not (len(last) > 1 and last[0].upper.endswith("GRAPH"))
    return "FILTER" in prefix and token.text == "("


def _glued_message(name: Token, token: Token) -> str:
    prefix = name.text.partition(":")[0]
    if token.text == "{":
        return f"{name.text} can be read as a call of SERVICE, which is refused; choose another prefix than {prefix}:"
    return f"{name.text} can be read as a FILTER and as a name; put a blank after FILTER, or choose another prefix"


def _fault(kind: type[SyntaxFault], message: str, text: str, token: Token, source: str | Path) -> SyntaxFault:
    before = text[: token.start]
    return kind(source, message, before.count("\n") + 1, token.start - (before.rfind("\n") + 1) + 1)
