"""Why is an answer empty: which term of the query occurs nowhere, which pattern matches nothing, what is spelt alike."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.namespaces import PREFIXES, compact

if TYPE_CHECKING:
    from rdflib import URIRef
    from rdflib.plugins.sparql.parserutils import CompValue

__all__ = ["Absence", "why_empty"]

_TYPE = PREFIXES["rdf"] + "type"


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


def why_empty(store: ox.Store, text: str) -> list[Absence]:
    """Return what in a query is missing from a store.

    Parameters
    ----------
    store
        That the query was run on.
    text
        A SPARQL query that parses.

    Returns
    -------
    list of Absence
        Terms that occur nowhere, in the order of the query. Where all occur: the single triple patterns that match nothing.
        Empty where each pattern matches on its own and only their combination does not, or where the text cannot be taken
        apart.
    """
    patterns = _patterns(text)
    missing: dict[str, Absence] = {}
    for subject, predicate, object_ in patterns:
        if isinstance(predicate, str) and _is_iri(predicate):
            if not _occurs(store, f"?s <{predicate}> ?o"):
                missing.setdefault(predicate, _absence(store, "predicate", predicate, "?s ?term ?o"))
            if predicate == _TYPE and _is_iri(object_) and not _occurs(store, f"?s a <{object_}>"):
                missing.setdefault(object_, _absence(store, "class", object_, "?s a ?term"))
        for part in predicate.iris() if isinstance(predicate, _Path) else ():
            if not _occurs(store, f"?s <{part}> ?o"):
                missing.setdefault(part, _absence(store, "predicate", part, "?s ?term ?o"))
        for term in (subject, object_):
            if (
                _is_iri(term)
                and term not in missing
                and not _occurs(store, f"{{<{term}> ?p ?o}} UNION {{?s ?p <{term}>}}")
            ):
                missing[term] = _absence(store, "IRI", term, "{?term ?p ?o} UNION {?s ?p ?term}")
    if missing:
        return list(missing.values())
    return [
        Absence("pattern", pattern)
        for pattern in dict.fromkeys(_written(triple) for triple in patterns)
        if not _occurs(store, pattern)
    ]


class _Path:
    """A property path as rdflib parses it."""

    def __init__(self, path: object) -> None:
        self._path = path

    def __str__(self) -> str:
        return cast("str", self._path.n3())  # type: ignore[attr-defined] # every rdflib path has it

    def iris(self) -> list[str]:
        import re

        return re.findall(r"<([^<>]*)>", str(self))


def _is_iri(term: object) -> bool:
    return isinstance(term, str) and not term.startswith(("?", '"', "_:"))


def _patterns(text: str) -> list[tuple[str, str | _Path, str]]:
    """Return the triple patterns of a query; IRIs bare, all else in SPARQL notation."""
    from rdflib import URIRef
    from rdflib.paths import Path
    from rdflib.plugins.sparql import prepareQuery
    from rdflib.plugins.sparql.algebra import traverse

    try:
        algebra = prepareQuery(text, initNs=PREFIXES).algebra
    except Exception:  # rdflib raises whatever its parser happens to; there is no hint then
        return []
    found: list[tuple[str, str | _Path, str]] = []

    def plain(term: URIRef) -> str:
        return str(term) if isinstance(term, URIRef) else cast("str", term.n3())

    def visit(node: CompValue) -> None:
        if getattr(node, "name", "") == "BGP":
            for subject, predicate, object_ in node.triples:
                path = _Path(predicate) if isinstance(predicate, Path) else plain(predicate)
                found.append((plain(subject), path, plain(object_)))

    traverse(algebra, visitPre=visit)
    return found


def _written(triple: tuple[str, str | _Path, str]) -> str:
    parts = [
        str(term) if isinstance(term, _Path) else f"<{term}>" if _is_iri(term) else term.replace("_:", "?blank_")
        for term in triple
    ]
    return " ".join(parts)


def _occurs(store: ox.Store, pattern: str) -> bool:
    return bool(store.query(f"ASK {{ {pattern} }}", use_default_graph_as_union=True))


def _absence(store: ox.Store, kind: str, iri: str, pattern: str) -> Absence:
    rows = cast(
        "ox.QuerySolutions",
        store.query(f"SELECT DISTINCT ?term {{ {pattern} }}", use_default_graph_as_union=True),
    )
    terms = [row["term"] for row in rows]
    known = sorted({compact(term.value) for term in terms if isinstance(term, ox.NamedNode)})
    return Absence(kind, compact(iri), tuple(get_close_matches(compact(iri), known, n=3, cutoff=0.6)))
