"""Queries that try to hide a keyword: a grammar of valid SPARQL, written as crampedly as the engine lets one, with traps in it.

And the judge: `calls_service` asks the engine itself whether it takes a text for a query with a SERVICE clause in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from random import Random

__all__ = ["PROLOGUE", "calls_service", "hostile_query", "is_query"]

_NAMES = ("", "ex", "service", "SERVICEex", "FILTERex", "true", "GRAPHservice", "a")
PROLOGUE = "BASE <http://b.example/> " + "".join(f"PREFIX {name}: <http://e.example/> " for name in _NAMES)
_WORD = re.compile("service", re.IGNORECASE)
# The same prefixes with the word spelt otherwise, so that a name that holds it goes on being a name.
_OTHERWISE = PROLOGUE + "".join(
    f"PREFIX {name}: <http://e.example/> " for name in ("servicx", "SERVICXex", "GRAPHservicx", "SERVICX")
)
_TAILS = (" #'", ' #"', " #>", "", "#'''", '#"""')


def is_query(text: str) -> bool:
    """Return whether the engine takes a text for a query."""
    try:
        ox.Store().query(text)
    except SyntaxError:
        return False
    except (OSError, RuntimeError, ValueError):  # it ran, at least in part
        return True
    return True


def calls_service(text: str) -> bool:
    """Return whether the engine reads the word SERVICE in a text as the keyword: spelt otherwise, the text is no query."""
    return any(
        not is_query(_OTHERWISE + text[: found.start()] + _misspelt(found[0]) + text[found.end() :])
        for found in _WORD.finditer(text)
    )


def _misspelt(word: str) -> str:
    return word[:6] + ("X" if word[6].isupper() else "x")


def hostile_query(random: Random) -> str:
    """Return a text that the engine mostly takes for a query, without `PROLOGUE`."""
    return _Writer(random).query()


class _Writer:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._room = 14

    def _one(self, *options: str) -> str:
        return self._random.choice(options)

    def _maybe(self, chance: float) -> bool:
        self._room -= 1
        return self._room > 0 and self._random.random() < chance

    def _gap(self) -> str:
        return self._one("", "", "", " ", "\n", "#>\n", "#'\n", '#"\n', "# SERVICE <u> {}\n", "#{\r", "#)\n")

    def _joined(self, *parts: str) -> str:
        return "".join(part + self._gap() for part in parts)

    def query(self) -> str:
        group = self._group()
        form = self._random.randrange(6)
        match form:
            case 0:
                text = self._joined("ASK", group)
            case 1:
                text = self._joined("SELECT", f"({self._expression()} AS ?z{self._random.randrange(99)})", group)
            case 2:
                text = self._joined("SELECT*", group, "ORDER BY", f"({self._expression()})")
            case 3:
                text = self._joined("DESCRIBE <d>", group)
            case 4:
                text = self._joined("SELECT ?s", group, "GROUP BY ?s", f"HAVING({self._expression()})")
            case _:
                text = self._joined("SELECT*", group)
        return text + self._one(*_TAILS)

    def _group(self) -> str:
        if self._maybe(0.1):
            return "{SELECT*" + self._group() + self._one("", f"HAVING({self._expression()})") + "}"
        parts = [self._part() for _ in range(self._random.randrange(1, 4))]
        return "{" + self._joined(*parts) + "}"

    def _part(self) -> str:
        match self._random.randrange(10) if self._room > 0 else 0:
            case 0 | 1 | 2:
                return self._triple()
            case 3:
                return self._joined("FILTER", f"({self._expression()})")
            case 4:
                return f"BIND({self._expression()} AS ?v{self._random.randrange(999)})"
            case 5:
                return self._service()
            case 6:
                return self._joined(
                    self._one("OPTIONAL", "MINUS", "GRAPH ?g", "GRAPH service:g", "LATERAL"), self._group()
                )
            case 7:
                return self._joined(self._group(), "UNION", self._group())
            case 8:
                return "VALUES(?a){(" + self._one("<'>", "<x>", "'x'", "1", "UNDEF", '<">', "'>'") + ")}"
            case _:
                return self._joined("FILTER", self._call())

    def _triple(self) -> str:
        verb = self._one(
            "?p", "<p>", "a", "ex:p", "<'>", "(<p>|<'>)", "service:p", "SERVICEex:p", "!(<p>|^<q>)", "<p>?", "<#>"
        )
        return self._joined(
            self._one("?s", "<s>", "[]", "_:b", "true", "(<s>)"), " " + verb, " " + self._object()
        ) + self._one("", ".", ".")

    def _object(self) -> str:
        return self._one(
            "?o", "1", "1.", "true", "'x'", '"SERVICE <u> {}"', "'>'", "<o>", "<'>", "ex:o", "service:o", "(1 <'>)", "(?a <b>)",
            "'''a'b'''", '"a"@en', "'1'^^ex:d", "[<p> 1]", "2e3", "?service", "''", '""""x"""', "<<(?a <'> ?c)>>",
        )  # fmt: skip

    def _expression(self) -> str:
        match self._random.randrange(8) if self._room > 0 else 0:
            case 0 | 1:
                return self._value()
            case 2 | 3 | 4:
                sign = self._one("<", "<", "<", "<=", ">", "=", "!=", "&&", "||", "+", "*", " IN ")
                right = f"({self._expression()},<'>)" if sign == " IN " else self._expression()
                return self._value() + self._gap() + sign + right
            case 5:
                return f"({self._expression()})"
            case 6:
                return self._joined(self._one("EXISTS", "NOT EXISTS"), self._group())
            case _:
                return self._call()

    def _call(self) -> str:
        name = self._one("STR", "<f>", "ex:f", "BOUND", "service:f", "<'>", "sum", "bound")
        return f"{name}(?s)" if name.lower() == "bound" else f"{name}({self._expression()})"

    def _value(self) -> str:
        return self._one(
            "?o", "1", "'x'", "'>'", '">"', "<x>", "<'>", "true", "ex:a", "3.5", "''", "?service", "'SERVICE'", '"\'"'
        )

    def _service(self) -> str:
        return self._one(
            "SERVICE<u>{}", "service<u>{}", "SERVICE SILENT<u>{}", "SERVICESILENT<u>{}", "SERVICEex:a{}", "SERVICE:a{}",
            "SERVICE?x{}", "SERVICE#>\n<u>{}", "SERVICE#{\nex:a#}\n{}", "sErViCe <'> {}", "SERVICE a:{}",
        )  # fmt: skip
