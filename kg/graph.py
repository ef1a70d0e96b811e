"""One object for the whole: SPARQL, rdflib, NetworkX and the names of things over the same quads."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import queries
from kg.build import build_store
from kg.namespaces import PREFIXES, compact
from kg.ontology import Ontology, packaged
from kg.terms import Names

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

    from kg.results import Result

__all__ = ["KnowledgeGraph", "load"]


class KnowledgeGraph:
    """A built store with its ontology; made by `load`.

    Parameters
    ----------
    store
        Quads, rules applied.
    ontology
        The folder they came from; its query library is asked by name.
    """

    def __init__(self, store: ox.Store, ontology: Ontology) -> None:
        self.store = store
        self.ontology = ontology

    def __len__(self) -> int:
        return len(self.store)

    def __repr__(self) -> str:
        return f"<KnowledgeGraph of {len(self)} quads, {len(self.names)} entities>"

    @cached_property
    def names(self) -> Names:
        """The labels and synonyms of the entities."""
        return Names(self.store)

    @cached_property
    def rdf(self) -> rdflib.Dataset:
        """The same quads as a live rdflib Dataset, without a copy; its default graph is the union of all."""
        import rdflib
        from oxrdflib import OxigraphStore

        dataset = rdflib.Dataset(store=OxigraphStore(store=self.store), default_union=True)
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, namespace)
        return dataset

    @cached_property
    def _network(self) -> nx.MultiDiGraph[str]:
        from kg.network import network_from_store

        return network_from_store(self.store)

    def network(self) -> nx.MultiDiGraph[str]:
        """Return the graph in NetworkX, as `kg.network` describes it; a copy that is the caller's to change."""
        return self._network.copy()

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
            named = queries.named_query(self.ontology.folder / "queries", query)
            bound = queries.bind(named, params, self.names.resolve)
            return queries.run(self.store, named.text, bound, source=named.name)
        bound = {name: ox.NamedNode(self.names.resolve(value)) for name, value in params.items()}
        return queries.run(self.store, query, bound)

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


def load(folder: str | Path | None = None) -> KnowledgeGraph:
    """Return the knowledge graph, read from its files and with all that its rules derive.

    Parameters
    ----------
    folder
        An ontology folder laid out as ours is; None for ours.

    Returns
    -------
    KnowledgeGraph
        In memory.

    Raises
    ------
    SyntaxFault
        If a file does not parse.
    InputError
        If the folder is none.

    Examples
    --------
    >>> import kg
    >>> g = kg.load()
    >>> bool(g.query("ASK { pain:herniated-disc kg:causes pain:sciatica }"))
    True
    """
    ontology = packaged() if folder is None else Ontology(Path(folder))
    return KnowledgeGraph(build_store(ontology), ontology)
