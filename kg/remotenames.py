"""Which term does a person mean, in a graph elsewhere: by the rules of `kg.terms`, on as few names as will do.

Where there are not too many, all names are fetched once. Else the endpoint is asked for the terms that could be meant, and the
rules are applied to these: the terms that are called so, that hold the words of a search, or, for a hint, a word of the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.namespaces import PREFIXES, expand
from kg.paging import all_rows
from kg.remotequads import Copy, values
from kg.terms import Names, folded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.endpoint import Endpoint
    from kg.lens import Lens
    from kg.terms import Match

__all__ = ["FEW", "RemoteNames"]

FEW = 50_000
"""So many names are fetched at once."""

_HINTS = 2_000
"""So many names are looked through for what could have been meant instead."""

_TYPE = PREFIXES["rdf"] + "type"
_LEAST = 4
"""Letters of a word that is looked for to give a hint."""


class RemoteNames:
    """The labels and synonyms of a graph elsewhere.

    Parameters
    ----------
    endpoint
        Where the graph is.
    lens
        Says which properties are labels and synonyms.
    few
        How many names are fetched at once.
    """

    def __init__(self, endpoint: Endpoint, lens: Lens, *, few: int = FEW) -> None:
        self._endpoint = endpoint
        self._lens = lens
        self._properties = [*dict.fromkeys([*lens.label_property, *lens.synonym_property])]
        self._count = endpoint.count(self._named("FILTER(isIRI(?s))"))
        self._all = self._of(self._named("FILTER(isIRI(?s))")) if self._count <= few else None
        self._known: dict[str, Names] = {}

    def __len__(self) -> int:
        return self._count if self._all is None else len(self._all)

    def label(self, iri: str) -> str:
        """Return the preferred label of a term, or its CURIE where it has none."""
        return self._of_term(iri).label(iri)

    def classes(self, iri: str) -> tuple[str, ...]:
        """Return the local names of a term's classes in alphabetical order."""
        return self._of_term(iri).classes(iri)

    def resolve(self, text: str, *, classes: bool = False) -> str:
        """Return the IRI of the one term that a person means; as `kg.terms.Names.resolve`, errors included."""
        if self._all is not None:
            return self._all.resolve(text, classes=classes)
        cleaned = text.strip().removeprefix("<").removesuffix(">")
        for name in (cleaned, expand(cleaned), expand(f"pain:{cleaned}")):
            iri = _iri(name)
            if iri is not None and self._endpoint.ask(f"ASK {{ {{ {iri} ?p ?o }} UNION {{ ?s ?p {iri} }} }}"):
                return iri.value
        plain = folded(cleaned)
        spelt = dict.fromkeys([plain, plain.removesuffix("s"), plain + "s"])
        listed = ", ".join(str(ox.Literal(name)) for name in spelt)
        names = self._of(self._named(f"FILTER(isIRI(?s)) FILTER({_FOLDED} IN ({listed}))"), classes=classes)
        if not len(names) or classes:
            words = [word for word in plain.split() if len(word) >= _LEAST] or plain.split()
            holds = " || ".join(f"CONTAINS({_FOLDED}, {ox.Literal(word)})" for word in words)
            names = (
                self._of(self._named(f"FILTER(isIRI(?s)) FILTER({holds})"), classes=classes, most=_HINTS)
                if words
                else names
            )
        return names.resolve(text, classes=classes)

    def search(self, text: str) -> list[Match]:
        """Return the terms with a label or synonym that holds every word of a text, best first."""
        if self._all is not None:
            return self._all.search(text)
        holds = " && ".join(f"CONTAINS({_FOLDED}, {ox.Literal(word)})" for word in folded(text).split())
        return self._of(self._named(f"FILTER(isIRI(?s)) FILTER({holds})")).search(text) if holds else []

    def nearest(self, text: str, count: int = 3) -> list[Match]:
        """Return the terms whose names are spelt most like a text, nearest first; of many names, those that share a word."""
        if self._all is not None:
            return self._all.nearest(text, count)
        holds = " || ".join(f"CONTAINS({_FOLDED}, {ox.Literal(word)})" for word in folded(text).split())
        return self._of(self._named(f"FILTER({holds})"), most=_HINTS).nearest(text, count) if holds else []

    def _named(self, condition: str) -> str:
        return f"{values('p', self._properties)} ?s ?p ?name . {condition}"

    def _of_term(self, iri: str) -> Names:
        if self._all is not None:
            return self._all
        if iri not in self._known:
            self._known[iri] = self._described([iri])
        return self._known[iri]

    def _of(self, where: str, *, classes: bool = False, most: int | None = None) -> Names:
        """Return all names of the terms that some patterns find."""
        if most is None:
            rows = all_rows(self._endpoint, where, ["s"], distinct=True)
        else:
            rows = self._endpoint.select(f"SELECT DISTINCT ?s {{ {where} }} LIMIT {most}").rows
        return self._described((row[0].value for row in rows if isinstance(row[0], ox.NamedNode)), classes=classes)

    def _described(self, iris: Iterable[str], *, classes: bool = False) -> Names:
        copy = Copy(self._endpoint, self._lens, "")
        copy.names(iris)
        if classes:
            # One instance of each class will do for its name to be known.
            rows = self._endpoint.select(
                f"SELECT (SAMPLE(?x) AS ?s) ?o {{ ?x <{_TYPE}> ?o FILTER(isIRI(?x)) }} GROUP BY ?o"
            ).rows
            copy.store.extend(
                ox.Quad(subject, ox.NamedNode(_TYPE), kind)
                for subject, kind in rows
                if isinstance(subject, ox.NamedNode) and isinstance(kind, ox.NamedNode)
            )
        # A lens is at a loss where there is nothing to be seen.
        return copy.view().names if len(copy.network()) else Names.of({})


def _iri(text: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(text)
    except ValueError:
        return None


# As `kg.terms.folded` does it, as far as SPARQL can.
_FOLDED = 'REPLACE(REPLACE(LCASE(STR(?name)), "[-_/]", " "), "[\'\u2019]", "")'
