"""Claims as people give them: one from a command line, or many as the rows of a table."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from kg.errors import InputError
from kg.files import read_text

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["GivenClaim", "given_claims"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenClaim:
    """A claim as given: terms, relation and source as people say them; empty where nothing was given."""

    subject: str
    relation: str
    object: str
    certainty: str = ""
    source: str = ""
    locator: str = ""
    verdict: str = ""
    finding: str = ""
    label: str = ""
    comment: str = ""
    place: str = ""
    """``FILE, line N`` where it is a row of a table."""


_COLUMNS = tuple(field.name for field in fields(GivenClaim) if field.name != "place")
_NEEDED = ("subject", "relation", "object")


def given_claims(path: Path) -> list[GivenClaim]:
    """Return the claims in a table.

    Parameters
    ----------
    path
        CSV (comma or semicolon) or TSV, UTF-8, with a header. Columns: subject, relation, object, and if you like
        certainty, source, locator, verdict, finding, label, comment; in any order and case. Empty lines are passed over.

    Returns
    -------
    list of GivenClaim
        In the order of the rows, each with its line.

    Raises
    ------
    InputError
        If the file can't be read, a column is missing or unknown, a row has too many or too few cells, or one lacks its
        subject, relation or object; with the line.
    """
    text = read_text(path).removeprefix("\ufeff")
    first = text.partition("\n")[0]
    delimiter = "\t" if "\t" in first else ";" if ";" in first and "," not in first else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[GivenClaim] = []
    header: list[str] = []
    line = 1
    try:
        for cells in rows:
            # A cell may hold line breaks; its row begins after the one before.
            place, line = f"{path}, line {line}", rows.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(cells, place)
                continue
            if len(cells) != len(header):
                raise InputError(f"{place}: {len(cells)} cells, and the header has {len(header)}")
            row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
            missing = [name for name in _NEEDED if not row[name]]
            if missing:
                raise InputError(f"{place}: no {missing[0]}")
            found.append(GivenClaim(**row, place=place))
    except csv.Error as error:
        raise InputError(f"{path}, line {rows.line_num}: {error}; put the cell in double quotes") from error
    if not found:
        raise InputError(
            f"{path} holds no claims; expected a header ({', '.join(_COLUMNS[:6])}) and a row for each claim"
        )
    return found


def _header(cells: list[str], place: str) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    for name in names:
        if name not in _COLUMNS:
            raise InputError(f"{place}: unknown column {name!r}; take {', '.join(_COLUMNS)}")
        if names.count(name) > 1:
            raise InputError(f"{place}: the column {name} is there twice")
    for name in _NEEDED:
        if name not in names:
            raise InputError(f"{place}: no column {name}; expected {', '.join(_COLUMNS[:6])}")
    return names
