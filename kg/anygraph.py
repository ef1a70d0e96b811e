"""The one face of every graph, whatever stands behind it: files in memory, a store on disk, or an endpoint elsewhere.

All verbs, notebooks and pages take an `AnyGraph` and use nothing else of it than what is listed here:

- `run`, `query`, `asked`: SPARQL, with terms bound to parameters, and why an answer is empty;
- `names`, `find`, `relation`: which term a person means (`TermNames`);
- `network`, `shared_network`, `around`: the graph in NetworkX, as `kg.network` describes it, whole or about one node;
- `paths`: the best pathways;
- `title`, `short_name`, `path_sign`, `path_predicates`, `library`: how the graph is called, what its pathways are made of,
  where its named queries are;
- `store`, `rdf`, `quads`: the quads themselves.

To put another engine behind it, derive from `AnyGraph` and give `run`, `names` and `read_network`; all else follows from
these. An engine that does better overrides more: an endpoint searches pathways without downloading the graph (`paths`) and asks
for one node only (`around`). `store` is None where no store is in this process; `quads` then says so in one line.
A store on disk needs no class of its own: `kg.lensgraph.LensGraph` takes any `pyoxigraph.Store`, also one opened read-only,
and never writes to it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from kg import queries
from kg.errors import InputError, UnknownTermError
from kg.namespaces import PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import Unpack

    import networkx as nx
    import rdflib

    from kg.absence import Absence
    from kg.paths import CausalPaths, PathOptions, Sign
    from kg.queries import Parameter
    from kg.results import Result
    from kg.terms import Match

__all__ = ["AnyGraph", "TermNames"]


class TermNames(Protocol):
    """The labels and synonyms of a graph, to be asked again and again; `kg.terms.Names` over a store in this process."""

    def __len__(self) -> int:
        """Return how many terms have a name."""

    def label(self, iri: str) -> str:
        """Return the preferred label of a term, or its CURIE where it has none."""

    def classes(self, iri: str) -> tuple[str, ...]:
        """Return the local names of a term's classes in alphabetical order."""

    def resolve(self, text: str, *, classes: bool = False) -> str:
        """Return the IRI of the one term that a person means; UnknownTermError or AmbiguousTermError if not one."""

    def search(self, text: str) -> list[Match]:
        """Return the terms with a label or synonym that holds every word of a text, best first."""

    def nearest(self, text: str, count: int = 3) -> list[Match]:
        """Return the terms whose names are spelt most like a text, nearest first."""


class AnyGraph(ABC):
    """A graph that verbs work on; see the module for what each engine has to give."""

    title: str = "knowledge graph"
    """What a page drawn of it is called."""

    short_name: str = "graph"
    """What files made of it are called."""

    path_sign: Sign = "any"
    """Which steps make a pathway unless the reader says so: ``any`` for those with a sign, ``none`` for structure."""

    path_predicates: tuple[str, ...] = ()
    """The relations (CURIEs) that a pathway of structure is made of unless the reader names others; empty for all."""

    library: Path
    """The folder of its named queries."""

    @abstractmethod
    def run(self, text: str, params: Mapping[str, Parameter] | None = None, *, source: str = "query") -> Result:
        """Return what SPARQL text answers over the union of all graphs; as `kg.queries.run`, errors included."""

    @property
    @abstractmethod
    def names(self) -> TermNames:
        """The labels and synonyms of the terms; made once."""

    @abstractmethod
    def read_network(self) -> nx.MultiDiGraph[str]:
        """Return the graph in NetworkX, read anew from the quads."""

    @property
    def store(self) -> ox.Store | None:
        """The quads, where they are in this process or in a folder that it has opened."""
        return None

    def __len__(self) -> int:
        return len(self.quads)

    def __repr__(self) -> str:
        size = f"{len(self)} quads, " if self.store is not None else ""
        return f"<{type(self).__name__} of {size}{len(self.names)} entities>"

    @property
    def quads(self) -> ox.Store:
        """The store, for what can be done with the quads in this process only; InputError where there is none."""
        if self.store is None:
            raise InputError("this needs the graph itself and not an endpoint; load it from files or a store")
        return self.store

    @cached_property
    def rdf(self) -> rdflib.Dataset:
        """The same quads as a live rdflib Dataset, without a copy; its default graph is the union of all."""
        import rdflib
        from oxrdflib import OxigraphStore

        dataset = rdflib.Dataset(store=OxigraphStore(store=self.quads), default_union=True)
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, namespace)
        return dataset

    @cached_property
    def shared_network(self) -> nx.MultiDiGraph[str]:
        """The graph in NetworkX, read once; one object for all who ask, so nobody may change it."""
        return self.read_network()

    def network(self) -> nx.MultiDiGraph[str]:
        """Return the graph in NetworkX, as `kg.network` describes it; a copy that is the caller's to change."""
        return self.shared_network.copy()

    def around(self, node: str) -> nx.MultiDiGraph[str]:
        """Return the part of the network that speaks of one node: its edges, and the nodes at their other ends.

        Parameters
        ----------
        node
            CURIE, as `find` gives it.

        Returns
        -------
        networkx.MultiDiGraph
            With the attributes and the sources of the whole.

        Raises
        ------
        UnknownTermError
            If there is no such node.
        """
        import networkx as nx

        whole = self.shared_network
        if node not in whole:
            raise UnknownTermError(node)
        part: nx.MultiDiGraph[str] = nx.MultiDiGraph(**whole.graph)
        edges = [*whole.out_edges(node, keys=True, data=True), *whole.in_edges(node, keys=True, data=True)]
        part.add_nodes_from((end, whole.nodes[end]) for end in [node, *(end for edge in edges for end in edge[:2])])
        part.add_edges_from(edges)
        return part

    def query(self, query: str, **params: str) -> Result:
        """Return what a query answers.

        Parameters
        ----------
        query
            SPARQL text, or the name of a query of the library.
        **params
            For the parameters of a named query: terms as people say them.

        Returns
        -------
        Solutions, Triples or Answer
            See `kg.results`.

        Raises
        ------
        SyntaxFault
            If the text does not parse.
        InputError
            If there is no such query, or a parameter is missing or not one of the query's.
        UnknownTermError
            If a parameter names no entity.
        """
        if query.strip() and not any(mark in query for mark in "{?<\n "):
            named = queries.named_query(self.library, query)
            bound = queries.bind(named, params, self.names.resolve)
            return self.run(named.text, bound, source=named.name)
        return self.run(query, {name: ox.NamedNode(self.names.resolve(value)) for name, value in params.items()})

    def why_empty(self, text: str, params: Mapping[str, Parameter] | None = None) -> list[Absence]:
        """Return what in a query is missing from the graph; empty where nothing can be said."""
        from kg.absence import why_empty

        return [] if self.store is None else why_empty(self.store, text, params)

    def find(self, text: str, *, classes: bool = False) -> str:
        """Return the CURIE of the entity that a person means; see `kg.terms.Names.resolve`.

        Parameters
        ----------
        text
            A term as people say it.
        classes
            Whether a class will do too: ``risk factor``, ``every risk factor`` or ``kg:RiskFactor`` give the last.

        Returns
        -------
        str
            CURIE.

        Raises
        ------
        UnknownTermError
            If there is no such term; AmbiguousTermError if there are several.
        """
        return compact(self.names.resolve(text, classes=classes))

    def relation(self, text: str) -> str:
        """Return the CURIE of the relation that a person means.

        Parameters
        ----------
        text
            CURIE, local name or words: ``kg:partOf``, ``partOf``, ``part of``.

        Returns
        -------
        str
            What is known by no words is taken for a relation of ours.
        """
        if ":" in text:
            return compact(text)
        wanted = text.replace("_", " ").strip().casefold()
        for curie, words in sorted(self._relation_words().items()):
            names = {words.casefold(), words.casefold().removeprefix("is "), curie.partition(":")[2].casefold()}
            if wanted and (wanted in names or wanted.replace(" ", "") in names):
                return curie
        first, *rest = text.replace("_", " ").split() or [""]
        return "".join(["kg:", first, *(word[:1].upper() + word[1:] for word in rest)])

    def _relation_words(self) -> Mapping[str, str]:
        """Return how the relations of the graph are read, by CURIE; an empty text where it has no words of its own for one."""
        from kg.network import relations_in_words

        network = self.shared_network
        return {str(edge["predicate"]): "" for *_, edge in network.edges(data=True)} | relations_in_words(network)

    def paths(
        self,
        sources: str | Iterable[str],
        targets: str | Iterable[str],
        *,
        sign: Sign | None = None,
        **options: Unpack[PathOptions],
    ) -> CausalPaths:
        """Return the best pathways from some nodes to others.

        Parameters
        ----------
        sources, targets
            CURIEs of nodes or classes, as `find` gives them.
        sign
            As in `kg.paths.causal_paths`; None for `path_sign`. Of structure, only `path_predicates` are taken unless
            the options name others.
        **options
            As `kg.paths.causal_paths` takes them.

        Returns
        -------
        CausalPaths
            In exact order; an engine that searches otherwise gives the same.
        """
        wanted = sign or self.path_sign
        if wanted == "none" and not options.get("predicates"):
            options["predicates"] = self.path_predicates
        return self._paths(sources, targets, wanted, options)

    def _paths(
        self, sources: str | Iterable[str], targets: str | Iterable[str], sign: Sign, options: PathOptions
    ) -> CausalPaths:
        from kg.paths import causal_paths

        return causal_paths(self.shared_network, sources, targets, sign=sign, **options)
