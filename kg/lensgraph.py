"""A graph that is not ours behind the face of every graph: a store, and the lens that it is looked at through."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kg import queries
from kg.anygraph import AnyGraph
from kg.errors import InputError
from kg.namespaces import compact, expand
from kg.ontology import packaged
from kg.terms import Named, Names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import networkx as nx
    import pyoxigraph as ox

    from kg.lens import Lens
    from kg.lensedges import LensEdge
    from kg.queries import Parameter
    from kg.results import Result

__all__ = ["LensGraph"]


class LensGraph(AnyGraph):
    """Any store as a lens shows it.

    Parameters
    ----------
    store
        In memory, or on disk and perhaps open for reading only; nothing is written to it.
    lens
        What in it is a node, an edge, a label and a sign. The lens ``painpath`` reads claims with all their evidence.
    title
        What a page drawn of it is called.
    library
        The folder of named queries; None for ours.
    """

    def __init__(self, store: ox.Store, lens: Lens, *, title: str = "graph", library: Path | None = None) -> None:
        self._store = store
        self.lens = lens
        self.title = title
        self.path_sign = lens.default_sign
        self.library = library or packaged().queries

    @property
    def store(self) -> ox.Store:
        """The quads."""
        return self._store

    def run(self, text: str, params: Mapping[str, Parameter] | None = None, *, source: str = "query") -> Result:
        """Return what SPARQL text answers; see `kg.queries.run`."""
        return queries.run(self.store, text, params, source=source)

    @property
    def _ours(self) -> bool:
        return self.lens.name == "painpath"

    @cached_property
    def edges(self) -> list[LensEdge]:
        """The edges that the lens shows, all terms as IRIs."""
        from kg.lensedges import lens_edges

        return lens_edges(self.store, self.lens)

    @cached_property
    def nodes(self) -> list[str]:
        """The IRIs of the nodes that the lens shows, in order; InputError where it shows none."""
        from kg.lens import lens_names
        from kg.lensnetwork import lens_nodes

        found = lens_nodes(self.store, self.lens, self.edges)
        if not found:
            others = ", ".join(name for name in lens_names() if name != self.lens.name)
            raise InputError(
                f"the lens {self.lens.name} shows no nodes in {self.title}; choose another: {others}, or a file"
            )
        return found

    @cached_property
    def path_predicates(self) -> tuple[str, ...]:  # type: ignore[override] # read when it is first asked for
        """Those of the lens, with their subproperties, that the graph has edges of."""
        if not self.lens.path_predicate:
            return ()
        from kg.lens import narrower

        wanted = narrower(self.store, self.lens.path_predicate)
        return tuple(sorted({compact(edge.predicate) for edge in self.edges if edge.predicate in wanted}))

    @cached_property
    def names(self) -> Names:
        """The labels and synonyms of the nodes."""
        if self._ours:
            # A file of claims alone names nothing; its terms are then found by CURIE and local name.
            names = Names(self.store)
            ends = () if len(names) else (expand(node) for node in self.shared_network)
            return names if len(names) else Names.of({iri: Named(None, (), ()) for iri in ends})
        from kg.lensnetwork import node_names

        return node_names(self.store, self.lens, self.nodes)

    def read_network(self) -> nx.MultiDiGraph[str]:
        """Return the graph in NetworkX, as `kg.lensnetwork` describes it."""
        if self._ours:
            from kg.network import network_from_store

            return network_from_store(self.store, self.title)
        from kg.lensnetwork import lens_network

        return lens_network(self.store, self.lens, self.nodes, self.edges, name=self.title)
