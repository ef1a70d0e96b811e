"""One object for the whole: SPARQL, rdflib, NetworkX and the names of things over the same quads."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kg import queries
from kg.anygraph import AnyGraph
from kg.build import build_store
from kg.namespaces import PAIN
from kg.ontology import Ontology, packaged
from kg.terms import Names

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx
    import pyoxigraph as ox

    from kg.queries import Parameter
    from kg.results import Result

__all__ = ["KnowledgeGraph", "load"]


class KnowledgeGraph(AnyGraph):
    """A built store with its ontology; made by `load`.

    Parameters
    ----------
    store
        Quads, rules applied.
    ontology
        The folder they came from; its query library is asked by name.
    """

    title = "Lower-back and hip pain"
    short_name = "painpath"

    def __init__(self, store: ox.Store, ontology: Ontology) -> None:
        self._store = store
        self.ontology = ontology
        self.library = ontology.queries

    @property
    def store(self) -> ox.Store:
        """The quads."""
        return self._store

    @cached_property
    def names(self) -> Names:
        """The labels and synonyms of the entities."""
        return Names(self.store)

    def run(self, text: str, params: Mapping[str, Parameter] | None = None, *, source: str = "query") -> Result:
        """Return what SPARQL text answers; see `kg.queries.run`."""
        return queries.run(self.store, text, params, source=source)

    def read_network(self) -> nx.MultiDiGraph[str]:
        """Return the graph in NetworkX, as `kg.network` describes it."""
        from kg.network import network_from_store

        return network_from_store(self.store)


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
    if folder is None:
        return KnowledgeGraph(build_store(packaged()), packaged())
    ontology = Ontology(Path(folder))
    graph = KnowledgeGraph(build_store(ontology), ontology)
    if ontology.namespace[1] != PAIN:
        graph.title, graph.short_name = ontology.title, ontology.namespace[0]
    return graph
