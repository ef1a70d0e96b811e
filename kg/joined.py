"""Our graph and another as one, over the mappings of our terms.

In SPARQL both are asked at once; ``skos:exactMatch`` and its weaker kin lead from ours to theirs. In the network a term of theirs
that exactly one of ours is an exact match of *is* our node and has the edges of both; the weaker mappings are edges without a
sign.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import AmbiguousTermError, UnknownTermError
from kg.lensgraph import LensGraph
from kg.namespaces import PREFIXES, compact
from kg.ontology import GRAPHS
from kg.terms import folded

if TYPE_CHECKING:
    import networkx as nx

    from kg.graph import KnowledgeGraph
    from kg.lens import Lens
    from kg.terms import Match, Names

__all__ = ["JoinedGraph", "JoinedNames"]

_SKOS = PREFIXES["skos"]
_EXACT = _SKOS + "exactMatch"
_WORDS = {
    "exactMatch": "is the same as",
    "closeMatch": "is nearly the same as",
    "broadMatch": "is a kind of",
    "narrowMatch": "is wider than",
    "relatedMatch": "is related to",
}
_UP = ("skos:broader", "kg:partOf", "kg:locatedIn", "skos:broadMatch", "skos:closeMatch", "skos:exactMatch")
"""Relations of ours, and mappings, that a pathway of structure is made of."""


class JoinedGraph(LensGraph):
    """A graph as a lens shows it, with ours joined to it.

    Parameters
    ----------
    store
        Theirs, in memory; ours is added to it.
    lens
        How theirs is looked at.
    ours
        Our graph.
    title
        What theirs is called.
    """

    def __init__(self, store: ox.Store, lens: Lens, ours: KnowledgeGraph, *, title: str = "graph") -> None:
        super().__init__(store, lens, title=f"{ours.title} with {title}", library=ours.library)
        self.ours = ours
        # All that the lens shows is read before ours is added, which is not to be looked at through it.
        self._theirs = LensGraph(store, lens, title=title)
        self._their_names = self._theirs.names
        self._their_network = self._theirs.shared_network
        self.edges = self._theirs.edges
        self.nodes = self._theirs.nodes
        store.extend(ours.store)

    @cached_property
    def mappings(self) -> list[tuple[str, str, str]]:
        """Term of ours, SKOS relation and node of theirs, as IRIs, in order."""
        nodes = set(self.nodes)
        graph = ox.NamedNode(GRAPHS["mappings"])
        found = (
            (quad.subject.value, quad.predicate.value, quad.object.value)  # type: ignore[union-attr] # all have IRIs
            for quad in self.ours.store.quads_for_pattern(None, None, None, graph)
        )
        return sorted(row for row in found if row[2] in nodes and row[1].startswith(_SKOS))

    @cached_property
    def _same(self) -> dict[str, str]:
        """Term of theirs and the one of ours that it is."""
        exact = [(ours, theirs) for ours, relation, theirs in self.mappings if relation == _EXACT]
        times = Counter(end for pair in exact for end in pair)
        return {theirs: ours for ours, theirs in exact if times[ours] == times[theirs] == 1}

    @cached_property
    def names(self) -> JoinedNames:  # type: ignore[override] # of both
        """The labels and synonyms of both."""
        return JoinedNames(self.ours.names, self._their_names, self._same)

    @cached_property
    def path_predicates(self) -> tuple[str, ...]:  # type: ignore[override] # read when it is first asked for
        """Those of the lens, and those that lead from ours to a whole, a place, a wider term or a match."""
        if not self._theirs.path_predicates:
            return ()
        present = {edge["predicate"] for *_, edge in self.shared_network.edges(data=True)}
        return tuple(sorted(present.intersection((*self._theirs.path_predicates, *_UP))))

    def find(self, text: str, *, classes: bool = False) -> str:
        """Return the CURIE of the node that a person means: ours where it stands for a term of theirs."""
        iri = self.names.resolve(text, classes=classes)
        return compact(self._same.get(iri, iri))

    def read_network(self) -> nx.MultiDiGraph[str]:
        """Return both networks as one."""
        ours, theirs = self.ours.shared_network, self._their_network
        merged = {compact(their): compact(our) for their, our in self._same.items()}
        joined = ours.copy()
        joined.graph.update(name=self.title, relations=theirs.graph.get("relations", ""))
        joined.add_nodes_from((node, held) for node, held in theirs.nodes(data=True) if node not in merged)
        for subject, object_, key, edge in theirs.edges(keys=True, data=True):
            joined.add_edge(merged.get(subject, subject), merged.get(object_, object_), key=key, **edge)
        for our, relation, their in self.mappings:
            if their in self._same:
                continue
            name = relation.removeprefix(_SKOS)
            ends, kind = (compact(our), compact(their)), name
            if name == "narrowMatch":
                # Read upwards, as every other relation to something wider.
                ends, kind = ends[::-1], "broadMatch"
            if ends[0] in joined and ends[1] in joined:
                labels = [str(joined.nodes[end]["label"]) for end in ends]
                joined.add_edge(
                    *ends,
                    key=f"skos:{kind}",
                    predicate=f"skos:{kind}",
                    sign=0,
                    asserted=True,
                    label=f"{labels[0]} {_WORDS.get(kind, kind)} {labels[1]}",
                )
        return joined


class JoinedNames:
    """The names of two graphs as one.

    Parameters
    ----------
    ours, theirs
        Names in each.
    same
        IRI of theirs and the IRI of ours that it is.
    """

    def __init__(self, ours: Names, theirs: Names, same: dict[str, str]) -> None:
        self._both = (ours, theirs)
        self._same = same

    def __len__(self) -> int:
        return sum(map(len, self._both)) - len(self._same)

    def label(self, iri: str) -> str:
        """Return the preferred label of a term, or its CURIE where it has none."""
        ours, theirs = self._both
        return ours.label(iri) if iri in ours else theirs.label(iri)

    def classes(self, iri: str) -> tuple[str, ...]:
        """Return the local names of a term's classes in alphabetical order; empty for a stranger."""
        ours, theirs = self._both
        return ours.classes(iri) or theirs.classes(iri)

    def resolve(self, text: str, *, classes: bool = False) -> str:
        """Return the IRI of the one term that a person means.

        Parameters
        ----------
        text, classes
            As `kg.terms.Names.resolve` takes them.

        Returns
        -------
        str
            Where both graphs answer, the one whose label it is and not only a synonym; ours where that leaves both.

        Raises
        ------
        UnknownTermError
            If neither answers; AmbiguousTermError if several terms of one do, and the other has none.
        """
        found: list[str] = []
        doubt: AmbiguousTermError | None = None
        for names in self._both:
            try:
                found.append(names.resolve(text, classes=classes))
            except AmbiguousTermError as error:
                doubt = doubt or error
            except UnknownTermError:
                continue
        labelled = [iri for iri in found if folded(self.label(iri)) == folded(text)]
        if found:
            return (labelled or found)[0]
        if doubt is not None:
            raise doubt
        raise UnknownTermError(text, [match.label for match in self.nearest(text)])

    def search(self, text: str) -> list[Match]:
        """Return the terms of both with a label or synonym that holds every word of a text, ours first."""
        ours, theirs = (names.search(text) for names in self._both)
        merged = {compact(iri) for iri in self._same}
        return ours + [match for match in theirs if match.curie not in merged]

    def nearest(self, text: str, count: int = 3) -> list[Match]:
        """Return the terms whose names are spelt most like a text, first ours, then theirs, in turn."""
        ours, theirs = (names.nearest(text, count) for names in self._both)
        mixed = [match for pair in zip(ours, theirs, strict=False) for match in pair]
        return (mixed + ours[len(theirs) :] + theirs[len(ours) :])[:count]
