"""What a query answers, as data first: rows, triples or yes and no, and each of them in the standard formats.

Answers are sorted where the query asks for no order, since the store keeps none: two runs then give the same bytes.

References
----------
W3C, SPARQL 1.1 Query Results JSON Format (2013), https://www.w3.org/TR/sparql11-results-json/
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from kg.errors import InputError
from kg.namespaces import PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

__all__ = ["NOT_XML", "Answer", "Result", "Solutions", "Term", "Triples", "table_text"]

Term: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple"

_SOLUTION_FORMATS = {
    "csv": ox.QueryResultsFormat.CSV,
    "json": ox.QueryResultsFormat.JSON,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
_TRIPLE_FORMATS = {
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "turtle": ox.RdfFormat.TURTLE,
}
NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""XML 1.0 (2008), section 2.2: no control character but tab, line feed and carriage return."""

# What a formula begins with, the wide forms of East Asian keyboards included.
_FORMULA_SIGNS = ("=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_XSD = PREFIXES["xsd"]
_INTEGERS = {_XSD + name for name in ("integer", "int", "long", "nonNegativeInteger", "positiveInteger", "gYear")}
_REALS = {_XSD + name for name in ("decimal", "double", "float")}


@dataclass(frozen=True, slots=True)
class Solutions:
    """The rows of a SELECT query."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    """One term for each variable, None where it is unbound."""

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        return iter(self.rows)

    def serialize(self, format: str = "table") -> str:
        """Return the rows as text.

        Parameters
        ----------
        format
            ``table``; ``csv``, ``tsv``, ``json`` or ``xml`` as W3C defines them; ``xlsx-csv`` for a spreadsheet: IRIs as CURIEs,
            and text that a spreadsheet would take for a formula with an apostrophe before it.

        Returns
        -------
        str
            Ends with a line break.

        Raises
        ------
        InputError
            If the format is none of these.
        """
        if format == "table":
            return table_text(self.variables, [[_plain(term) for term in row] for row in self.rows])
        if format == "xlsx-csv":
            return _spreadsheet(self.variables, self.rows)
        text = json.dumps(self._json(), ensure_ascii=False, indent=1)
        if format == "json":
            return text + "\n"
        return _ended(_resultset(text, format))

    def _json(self) -> dict[str, object]:
        bindings = [
            {name: _json_term(term) for name, term in zip(self.variables, row, strict=True) if term is not None}
            for row in self.rows
        ]
        return {"head": {"vars": list(self.variables)}, "results": {"bindings": bindings}}

    def df(self) -> pd.DataFrame:
        """Return the rows as a pandas DataFrame.

        Returns
        -------
        pandas.DataFrame
            One column a variable; IRIs as CURIEs, numbers as numbers, all else as text, None where unbound.
        """
        import pandas as pd

        return pd.DataFrame([[_native(term) for term in row] for row in self.rows], columns=list(self.variables))

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(f"<th>{escape(name)}</th>" for name in self.variables)
        body = "".join("<tr>" + "".join(f"<td>{_html(term)}</td>" for term in row) + "</tr>" for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@dataclass(frozen=True, slots=True)
class Triples:
    """The triples of a CONSTRUCT or DESCRIBE query, sorted, each once."""

    triples: tuple[ox.Triple, ...]

    def __len__(self) -> int:
        return len(self.triples)

    def __iter__(self) -> Iterator[ox.Triple]:
        return iter(self.triples)

    def serialize(self, format: str = "turtle") -> str:
        """Return the triples as text.

        Parameters
        ----------
        format
            ``turtle``, ``ntriples``, ``jsonld``, ``rdfxml``, or ``table`` for a person to read.

        Returns
        -------
        str
            Ends with a line break.

        Raises
        ------
        InputError
            If the format is none of these.
        """
        if format == "table":
            rows = [
                [_plain(triple.subject), _plain(triple.predicate), _plain(triple.object)] for triple in self.triples
            ]
            return table_text(("subject", "predicate", "object"), rows)
        if format not in _TRIPLE_FORMATS:
            raise InputError(f"triples have no format {format!r}; take table, {', '.join(sorted(_TRIPLE_FORMATS))}")
        return _ended(ox.serialize(self.triples, format=_TRIPLE_FORMATS[format], prefixes=_used_prefixes(self.triples)))

    def df(self) -> pd.DataFrame:
        """Return the triples as a pandas DataFrame with the columns subject, predicate and object."""
        import pandas as pd

        rows = [[_native(triple.subject), _native(triple.predicate), _native(triple.object)] for triple in self.triples]
        return pd.DataFrame(rows, columns=["subject", "predicate", "object"])

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre><code>{escape(self.serialize('turtle'))}</code></pre>"


@dataclass(frozen=True, slots=True)
class Answer:
    """The yes or no of an ASK query; as a condition it is that yes or no."""

    value: bool

    def __bool__(self) -> bool:
        return self.value

    def __len__(self) -> int:
        return 1

    def serialize(self, format: str = "table") -> str:
        """Return the answer as text.

        Parameters
        ----------
        format
            ``table`` (``yes`` or ``no``), ``json``, ``xml``, ``csv`` or ``tsv``.

        Returns
        -------
        str
            Ends with a line break.

        Raises
        ------
        InputError
            If the format is none of these.
        """
        if format == "table":
            return "yes\n" if self.value else "no\n"
        text = json.dumps({"head": {}, "boolean": self.value})
        return text + "\n" if format == "json" else _ended(_resultset(text, format))


Result: TypeAlias = Solutions | Triples | Answer


def table_text(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned columns of plain text.

    Parameters
    ----------
    head
        Column names.
    rows
        As many fields as there are columns; line breaks and tabs in a field become blanks.

    Returns
    -------
    str
        The names, a rule and the rows; columns of numbers are set to the right.

    Examples
    --------
    >>> print(table_text(("term", "n"), [("yoga", "2"), ("exercise", "10")]), end="")
    term       n
    --------  --
    yoga       2
    exercise  10
    """
    clean = [[" ".join(field.split()) for field in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *clean, strict=True)]
    right = [bool(clean) and all(_is_number(row[index]) for row in clean) for index in range(len(head))]

    def line(fields: Sequence[str]) -> str:
        cells = [
            field.rjust(width) if number else field.ljust(width)
            for field, width, number in zip(fields, widths, right, strict=True)
        ]
        return "  ".join(cells).rstrip() + "\n"

    return "".join([line(head), line(["-" * width for width in widths]), *map(line, clean)])


def _spreadsheet(head: Sequence[str], rows: Iterable[Sequence[Term | None]]) -> str:
    """Return CSV that a spreadsheet opens as text and numbers, and never as a formula.

    References
    ----------
    OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection
    """
    import csv
    import io

    text = io.StringIO()
    # Without the mark of UTF-8 a spreadsheet takes the text for the system's own encoding.
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_cell(term) for term in row] for row in rows)
    return text.getvalue()


def _cell(term: Term | None) -> str:
    value = _plain(term)
    if isinstance(_native(term), int | float):
        return value
    # Some spreadsheets drop blanks, and all drop line breaks, before they look for the sign of a formula.
    risky = value.lstrip().startswith(_FORMULA_SIGNS) or value.startswith(("\t", "\r", "\n"))
    return "'" + value if risky else value


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def _resultset(text: str, name: str) -> bytes:
    if name not in _SOLUTION_FORMATS:
        raise InputError(f"rows have no format {name!r}; take table, {', '.join(sorted(_SOLUTION_FORMATS))}")
    parsed = ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)
    content = parsed.serialize(format=_SOLUTION_FORMATS[name]) or b""
    if name == "xml":
        if NOT_XML.search(content):
            raise InputError("a value holds a control character that XML cannot carry; choose json")
        # pyoxigraph writes a carriage return as it is, and every XML parser would read it as a line feed.
        content = content.replace(b"\r", b"&#13;")
    return content


def _ended(text: bytes | None) -> str:
    decoded = (text or b"").decode("utf-8")
    return decoded if decoded.endswith("\n") else decoded + "\n"


def _json_term(term: Term) -> dict[str, object]:
    match term:
        case ox.NamedNode():
            return {"type": "uri", "value": term.value}
        case ox.BlankNode():
            return {"type": "bnode", "value": term.value}
        case ox.Literal(language=str(language)):
            return {"type": "literal", "value": term.value, "xml:lang": language}
        case ox.Literal():
            plain = term.datatype.value == _XSD + "string"
            datatype = {} if plain else {"datatype": term.datatype.value}
            return {"type": "literal", "value": term.value, **datatype}
        case _:
            parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
            return {"type": "triple", "value": {name: _json_term(part) for name, part in parts.items()}}


def _plain(term: Term | None) -> str:
    match term:
        case None:
            return ""
        case ox.NamedNode():
            return compact(term.value)
        case ox.Literal():
            return term.value
        case _:
            return str(term)


def _native(term: Term | None) -> object:
    if isinstance(term, ox.Literal):
        datatype = term.datatype.value
        try:
            if datatype in _INTEGERS:
                return int(term.value)
            if datatype in _REALS:
                return float(term.value)
        except ValueError:  # an ill-typed literal is still a literal
            return term.value
        if datatype == _XSD + "boolean":
            return term.value in {"true", "1"}
    return None if term is None else _plain(term)


def _html(term: Term | None) -> str:
    from html import escape

    text = escape(_plain(term))
    if isinstance(term, ox.NamedNode) and term.value.startswith(("https://", "http://")):
        return f'<a href="{escape(term.value, quote=True)}">{text}</a>'
    return text


def _used_prefixes(triples: Sequence[ox.Triple]) -> dict[str, str]:
    used = set()
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, ox.NamedNode):
                used.add(compact(term.value).partition(":")[0])
            elif isinstance(term, ox.Literal):
                used.add(compact(term.datatype.value).partition(":")[0])
    return {prefix: namespace for prefix, namespace in PREFIXES.items() if prefix in used}
