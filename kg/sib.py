"""The query library as Turtle that other query collections read: each query a resource with its question and its text.

The model is that of the SPARQL examples of the SIB Swiss Institute of Bioinformatics: SHACL's SPARQL executables, with the
question as ``rdfs:comment`` and the endpoint as ``schema:target``.

References
----------
W3C, Shapes Constraint Language (SHACL) (2017), section 5.2.1, https://www.w3.org/TR/shacl/#sparql-prefixes
J. Bolleman et al., A large collection of bioinformatics question-query pairs over federated knowledge graphs: methodology
and applications, GigaScience 14 (2025), https://github.com/sib-swiss/sparql-examples
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import InputError
from kg.namespaces import PAIN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.queries import NamedQuery

__all__ = ["sparql_executables"]

_HEAD = f"""\
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX query: <{PAIN}query/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
_PREFIXES = f"<{PAIN}queries>"
# Strings, IRIs and comments can hold any word; none of them is part of the form.
_NOT_CODE = re.compile(
    r"\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|<[^<>\s]*>|#[^\n]*", re.DOTALL
)
_FORM = re.compile(r"(?<![\w:?$.-])(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:.-])", re.IGNORECASE)
_PREFIX = re.compile(r"^\s*PREFIX\s+([^\s:]*):\s*<([^<>\s]*)>", re.IGNORECASE | re.MULTILINE)
_PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def sparql_executables(queries: Iterable[NamedQuery], *, endpoint: str | None = None) -> str:
    """Return queries as Turtle in the model of the SIB SPARQL examples.

    Parameters
    ----------
    queries
        SELECT, ASK and CONSTRUCT queries; written in alphabetical order of their names.
    endpoint
        IRI of a SPARQL endpoint that answers them; None writes no ``schema:target``.

    Returns
    -------
    str
        One ``sh:SPARQLExecutable`` a query, its text unchanged, and one resource that declares the prefixes of them all.
        A prefix that stands for two namespaces is left out there: SHACL allows it one, and each text declares its own.

    Raises
    ------
    InputError
        If a query is of another form, or its name or the endpoint does not fit in an IRI.
    """
    ordered = sorted(queries, key=lambda query: query.name)
    if endpoint is not None and re.search(r'[\x00-\x20<>"{}|^`\\]', endpoint):
        raise InputError(f"the endpoint is no IRI: {endpoint!r}")
    return "\n".join([_HEAD, _declarations(ordered), *(_executable(query, endpoint) for query in ordered)])


def _declarations(queries: Iterable[NamedQuery]) -> str:
    namespaces: dict[str, set[str]] = {}
    for query in queries:
        for prefix, namespace in _PREFIX.findall(query.text):
            namespaces.setdefault(prefix, set()).add(namespace)
    declared = [
        f"    [ sh:namespace {_literal(found.pop())}^^xsd:anyURI ; sh:prefix {_literal(prefix)} ]"
        for prefix, found in sorted(namespaces.items())
        if len(found) == 1
    ]
    lines = [_PREFIXES, "    a owl:Ontology ;", "    owl:imports <http://www.w3.org/ns/shacl#> ;"]
    if declared:
        lines += ["    sh:declare", " ,\n".join(f"    {each}" for each in declared) + " ;"]
    return "\n".join([*lines, ".", ""])


def _executable(query: NamedQuery, endpoint: str | None) -> str:
    form = _form(query)
    if not _PLAIN_NAME.fullmatch(query.name):
        raise InputError(f"the name of a query is small letters, digits and hyphens: {query.name!r}")
    settings = "".join(f" Set ?{name}: {meaning}." for name, meaning in query.params)
    keywords = sorted({query.name.replace("-", " "), *(name for name, _ in query.params)})
    lines = [
        f"query:{query.name}",
        "    a",
        "        sh:SPARQLExecutable ,",
        f"        sh:SPARQL{form.capitalize()}Executable ;",
        f"    rdfs:comment {_literal(query.summary + settings)}@en ;",
        f"    schema:keywords {' , '.join(map(_literal, keywords))} ;",
        *([] if endpoint is None else [f"    schema:target <{endpoint}> ;"]),
        f"    sh:prefixes {_PREFIXES} ;",
        f"    sh:{form} {_literal(query.text)} ;",
        ".",
        "",
    ]
    return "\n".join(lines)


def _form(query: NamedQuery) -> str:
    found = _FORM.search(_NOT_CODE.sub(" ", query.text))
    form = found[1].lower() if found else ""
    if form not in {"ask", "construct", "select"}:
        raise InputError(f"SHACL has SELECT, ASK and CONSTRUCT queries; {query.name} is none of these")
    return form


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r")
    if "\n" in escaped:
        return f'"""{escaped}"""'
    return f'"{escaped}"'
