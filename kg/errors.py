"""What can go wrong, as one tree of exceptions.

::

    KGError
    +-- UnknownTermError(LookupError)       no such entity; exit code 3
    |   +-- AmbiguousTermError              several entities answer to the name; exit code 3
    +-- InputError(ValueError)              an argument, file or query is unusable; exit code 2
    |   +-- SyntaxFault                     RDF or SPARQL that does not parse, with its place
    |       +-- RefusedError                a query that would do more than read the graph
    +-- ShapeError(ValueError)              the graph breaks a shape; exit code 4
    +-- LimitError(RuntimeError)            a stated limit was reached; exit code 5

Every class words its own message, keeps the offending values, and also derives from the builtin that a stranger would catch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = [
    "AmbiguousTermError",
    "InputError",
    "KGError",
    "LimitError",
    "RefusedError",
    "ShapeError",
    "SyntaxFault",
    "UnknownTermError",
]


class KGError(Exception):
    """Base of all errors raised on purpose by this package."""

    exit_code = 1


class UnknownTermError(KGError, LookupError):
    """A name that no entity of the graph answers to."""

    exit_code = 3

    def __init__(self, term: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(term, tuple(suggestions))
        self.term = term
        self.suggestions = tuple(suggestions)

    def __str__(self) -> str:
        if not self.suggestions:
            return f"no term called {self.term!r}"
        return f"no term called {self.term!r}; did you mean {_any_of(self.suggestions)}?"


class AmbiguousTermError(UnknownTermError):
    """A name that several entities answer to."""

    def __str__(self) -> str:
        return f"{self.term!r} can mean {_any_of(self.suggestions)}; name one of them"


class InputError(KGError, ValueError):
    """An argument, a file or a query that cannot be used; the message says what to do."""

    exit_code = 2


class SyntaxFault(InputError):
    """RDF or SPARQL text that does not parse.

    `line` and `column` count from 1, and are None where the parser gives no place.
    """

    def __init__(self, source: str | Path, message: str, line: int | None, column: int | None) -> None:
        super().__init__(str(source), message, line, column)
        self.source = str(source)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = self.source
        if self.line is not None:
            place += f", line {self.line}"
        if self.column is not None:
            place += f", column {self.column}"
        return f"{place}: {self.message}"


class RefusedError(SyntaxFault):
    """A query that would do more than read the graph that is asked: call another host, change something, break the engine."""


class ShapeError(KGError, ValueError):
    """A graph that breaks its shapes; `faults` holds one line for each fault."""

    exit_code = 4

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(tuple(faults))
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join(self.faults)


class LimitError(KGError, RuntimeError):
    """A stated limit (of memory, size or number) that was reached."""

    exit_code = 5


def _any_of(names: Sequence[str]) -> str:
    quoted = [repr(name) for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
