"""Why is an answer empty: which term of the query occurs nowhere, which pattern matches nothing, what is spelt alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias, cast

import pyoxigraph as ox

from kg.namespaces import PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.plugins.sparql.parserutils import CompValue

    from kg.queries import Parameter

__all__ = ["Absence", "why_empty"]

_TYPE = f"<{PREFIXES['rdf']}type>"
_IRI = re.compile(r"<([^<>]*)>")
_Pattern: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Absence:
    """One reason why a query has no answer."""

    kind: str
    """``predicate``, ``class``, ``IRI`` or ``pattern``."""
    term: str
    """CURIE of the term that occurs nowhere, or the pattern that matches nothing."""
    near: tuple[str, ...] = ()
    """CURIEs of like spelling that do occur in that place."""

    def __str__(self) -> str:
        if self.kind == "pattern":
            return f"nothing in the graph matches the pattern {self.term}"
        hint = f"; did you mean {' or '.join(self.near)}?" if self.near else ""
        return f"the {self.kind} {self.term} occurs nowhere in the graph{hint}"


def why_empty(store: ox.Store, text: str, params: Mapping[str, Parameter] | None = None) -> list[Absence]:
    """Return what in a query is missing from a store.

    Parameters
    ----------
    store
        That the query was run on.
    text
        A SPARQL query that parses.
    params
        Terms that were put in place of variables.

    Returns
    -------
    list of Absence
        Terms that occur nowhere, in the order of the query. Where all occur: the single triple patterns that match nothing.
        Empty where each pattern matches on its own and only their combination does not, or where the text cannot be taken
        apart.
    """
    patterns = _patterns(text, {f"?{name}": str(term) for name, term in (params or {}).items()})
    wanted: dict[tuple[str, str], None] = {}
    for subject, predicate, object_ in patterns:
        wanted.update(dict.fromkeys(("predicate", iri) for iri in _IRI.findall(predicate)))
        for term in (subject, object_):
            if _IRI.fullmatch(term):
                kind = "class" if predicate == _TYPE and term is object_ else "IRI"
                wanted[kind, term[1:-1]] = None
    missing = [_absence(store, kind, iri) for kind, iri in wanted if not _occurs(store, _place(kind, f"<{iri}>"))]
    if missing:
        return missing
    return [
        Absence("pattern", _IRI.sub(lambda found: compact(found[1]), pattern))
        for pattern in dict.fromkeys(" ".join(triple) for triple in patterns)
        if not _occurs(store, pattern)
    ]


def _place(kind: str, term: str) -> str:
    """Return the pattern that a term of a kind occurs in."""
    places = {"predicate": f"?s {term} ?o", "class": f"?s a {term}"}
    return places.get(kind, f"{{ {term} ?p ?o }} UNION {{ ?s ?p {term} }}")


def _patterns(text: str, bound: Mapping[str, str]) -> list[_Pattern]:
    """Return the triple patterns of a query in SPARQL notation, with IRIs in full."""
    from rdflib.plugins.sparql import prepareQuery
    from rdflib.plugins.sparql.algebra import traverse

    try:
        algebra = prepareQuery(text, initNs=PREFIXES).algebra
    except Exception:  # rdflib raises whatever its parser happens to; there is no hint then
        return []
    found: list[_Pattern] = []
    # A blank node of a query stands for anything, as a variable does; rdflib gives it a random name.
    blanks: dict[str, str] = {}

    def written(term: object) -> str:
        text = cast("str", term.n3())  # type: ignore[attr-defined] # every term and path of rdflib has it
        if text.startswith("_:"):
            return blanks.setdefault(text, f"?blank{len(blanks) + 1}")
        return bound.get(text, text)

    def visit(node: CompValue) -> None:
        if getattr(node, "name", "") == "BGP":
            for subject, predicate, object_ in node.triples:
                found.append((written(subject), written(predicate), written(object_)))

    traverse(algebra, visitPre=visit)
    return found


def _occurs(store: ox.Store, pattern: str) -> bool:
    return bool(store.query(f"ASK {{ {pattern} }}", use_default_graph_as_union=True))


def _absence(store: ox.Store, kind: str, iri: str) -> Absence:
    rows = cast(
        "ox.QuerySolutions",
        store.query(f"SELECT DISTINCT ?term {{ {_place(kind, '?term')} }}", use_default_graph_as_union=True),
    )
    terms = [row["term"] for row in rows]
    known = sorted({compact(term.value) for term in terms if isinstance(term, ox.NamedNode)})
    return Absence(kind, compact(iri), tuple(get_close_matches(compact(iri), known, n=3, cutoff=0.6)))
