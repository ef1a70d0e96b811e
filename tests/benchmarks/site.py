"""The site: how long it takes whole, and its JSON-LD beside rdflib's serializer for the same triples.

Run with ``python -m tests.benchmarks.site``. Medians; the two sides of a ratio are measured in turn.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path

import rdflib

import kg
from kg.export import export
from kg.files import write_folder
from kg.namespaces import PREFIXES
from kg.site import site_files
from kg.site.jsonld import json_ld, subjects
from tests.benchmarks.start import seconds

RUNS = 5


def main() -> None:
    """Print the table."""
    graph = kg.load()
    files = site_files(graph)  # whatever is loaded once is loaded here
    pages = sum(path.endswith(".html") for path in files)
    made = statistics.median(seconds(lambda: site_files(graph)) for _ in range(RUNS))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "site"
        written = statistics.median(seconds(lambda: write_folder(place, files)) for _ in range(RUNS))
    size = sum(map(len, files.values())) / 1e6
    print(
        f"{pages} pages, {size:.0f} MB: made in {made:.2f} s ({pages / made:.0f} pages a second), written in {written:.2f} s"
    )

    network = graph.network()
    whole = rdflib.Graph().parse(data=export(graph, "turtle")["painpath.ttl"], format="turtle")
    iris = {
        node: [
            str(graph.names.resolve(node)),
            *(
                PREFIXES["claim"] + key.partition(":")[2]
                for *_, key in [*network.in_edges(node, keys=True), *network.out_edges(node, keys=True)]
            ),
        ]
        for node in network
    }
    parts = {}
    for node, several in iris.items():
        parts[node] = rdflib.Graph()
        for iri in several:
            parts[node] += whole.triples((rdflib.URIRef(iri), None, None))

    def ours() -> None:
        known = subjects(graph.store)
        for several in iris.values():
            json.dumps(json_ld(known, several))

    def theirs() -> None:
        for part in parts.values():
            part.serialize(format="json-ld", context=PREFIXES)

    pairs = [(seconds(ours), seconds(theirs)) for _ in range(RUNS)]
    ratio = statistics.median(one / other for one, other in pairs)
    mine, other = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    print(f"JSON-LD of {len(iris)} pages: {mine * 1e3:.0f} ms; rdflib {other * 1e3:.0f} ms; ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
