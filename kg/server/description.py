"""What the endpoint says of itself.

References
----------
W3C, SPARQL 1.1 Service Description (2013), https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

import pyoxigraph as ox

from kg.namespaces import PREFIXES

__all__ = ["description"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_GRAPHS = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")
_WRITTEN = {
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "turtle": ox.RdfFormat.TURTLE,
}


def description(endpoint: str, format: str, *, union: bool = True) -> bytes:
    """Return the service description.

    Parameters
    ----------
    endpoint
        Address of the endpoint, as the client knows it.
    format
        ``turtle``, ``ntriples``, ``rdfxml`` or ``jsonld``.
    union
        Whether the default graph is the union of all.
    """
    service, dataset, graph = ox.NamedNode(endpoint), ox.BlankNode("dataset"), ox.BlankNode("graph")

    def term(name: str) -> ox.NamedNode:
        return ox.NamedNode(_SD + name)

    a = ox.NamedNode(PREFIXES["rdf"] + "type")
    triples = [
        ox.Triple(service, a, term("Service")),
        ox.Triple(service, term("endpoint"), service),
        ox.Triple(service, term("supportedLanguage"), term("SPARQL11Query")),
        *[ox.Triple(service, term("resultFormat"), ox.NamedNode(_FORMATS + name)) for name in (*_RESULTS, *_GRAPHS)],
        ox.Triple(service, term("defaultDataset"), dataset),
        ox.Triple(dataset, a, term("Dataset")),
        ox.Triple(dataset, term("defaultGraph"), graph),
        ox.Triple(graph, a, term("Graph")),
    ]
    if union:
        triples.append(ox.Triple(service, term("feature"), term("UnionDefaultGraph")))
    prefixes = {"sd": _SD, "formats": _FORMATS}
    return ox.serialize(triples, format=_WRITTEN[format], prefixes=prefixes) or b""
