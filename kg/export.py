"""The whole graph in other formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import exchange, kgx, parquet, queries, sib
from kg.errors import InputError
from kg.namespaces import PAIN, PREFIXES

if TYPE_CHECKING:
    from kg.anygraph import AnyGraph

__all__ = ["FORMATS", "export"]

FORMATS = {
    "turtle": "painpath.ttl",
    "ntriples": "painpath.nt",
    "nquads": "painpath.nq",
    "trig": "painpath.trig",
    "jsonld": "painpath.jsonld",
    "graphml": "painpath.graphml",
    "node-link": "painpath.json",
    "kgx": "",
    "parquet": "",
    "queries": "queries.ttl",
}
"""Names of the formats with the usual name of the file; ``kgx`` and ``parquet`` make two files in a folder."""

_TRIPLES = {"turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES}
_QUADS = {"nquads": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD}


def export(graph: AnyGraph, name: str) -> dict[str, bytes]:
    """Return the files of one format, derived triples included.

    Parameters
    ----------
    graph
        What to export.
    name
        One of `FORMATS`. Turtle and N-Triples hold the union of the named graphs; N-Quads, TriG and JSON-LD keep them apart.

    Returns
    -------
    dict
        File names and contents; one file but for ``kgx`` and ``parquet``. Two runs give the same bytes.

    Raises
    ------
    InputError
        If there is no such format.
    """
    match name:
        case "turtle" | "ntriples" | "nquads" | "trig" | "jsonld":
            return {FORMATS[name]: _rdf(graph.quads, name)}
        case "graphml":
            return {FORMATS[name]: exchange.graphml(graph.shared_network)}
        case "node-link":
            return {FORMATS[name]: exchange.node_link(graph.shared_network).encode()}
        case "kgx":
            network = graph.shared_network
            # Who curated a graph that is not ours is not known.
            source = PAIN if graph.short_name == "painpath" else ""
            return {
                f"{graph.short_name}_nodes.tsv": kgx.kgx_nodes(network).encode(),
                f"{graph.short_name}_edges.tsv": kgx.kgx_edges(network, knowledge_source=source).encode(),
            }
        case "parquet":
            return parquet.parquet_files(graph.shared_network)
        case "queries":
            library = queries.library(graph.library)
            return {FORMATS[name]: sib.sparql_executables(library).encode()}
        case _:
            raise InputError(f"no export format {name!r}; take one of {', '.join(FORMATS)}")


def _rdf(store: ox.Store, name: str) -> bytes:
    dataset = ox.Dataset(store)
    # Blank nodes get fresh names at each load; their canonical names are the same each time.
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    if name in _QUADS:
        return ox.serialize(sorted(dataset, key=str), format=_QUADS[name], prefixes=PREFIXES) or b""
    triples = {quad.triple for quad in dataset}
    return ox.serialize(sorted(triples, key=str), format=_TRIPLES[name], prefixes=PREFIXES) or b""
