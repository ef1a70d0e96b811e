"""KGX tables, lines and documents come out as one and the same Biolink RDF."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.errors import SyntaxFault
from kg.kgx import kgx_edges, kgx_nodes
from kg.kgxrdf import kgx_quads
from kg.opening import open_graph

if TYPE_CHECKING:
    import pyoxigraph as ox

    import kg

NODES = [
    {"id": "MONDO:1", "category": ["biolink:Disease"], "name": "gout", "synonym": ["podagra"]},
    {"id": "HP:2", "category": ["biolink:PhenotypicFeature"], "name": "sore toe"},
]
EDGES = [{"id": "e1", "subject": "MONDO:1", "predicate": "biolink:causes", "object": "HP:2", "negated": "true"}]


def quads(content: str, kind: str) -> list[ox.Quad]:
    return list(kgx_quads(BytesIO(content.encode()), Path(f"a.{kind}"), kind))


def test_tables_lines_and_documents_say_the_same() -> None:
    tsv = quads(
        "id\tcategory\tname\tsynonym\nMONDO:1\tbiolink:Disease\tgout\tpodagra\nHP:2\tbiolink:PhenotypicFeature\tsore toe\t\n",
        "kgx-tsv",
    )
    tsv += quads("id\tsubject\tpredicate\tobject\tnegated\ne1\tMONDO:1\tbiolink:causes\tHP:2\ttrue\n", "kgx-tsv")
    lines = quads("\n".join(map(json.dumps, [*NODES, *EDGES])), "kgx-jsonl")
    document = quads(json.dumps({"nodes": NODES, "edges": EDGES}), "kgx-json")
    assert set(tsv) == set(lines) == set(document)
    assert len(lines) == 12


@pytest.mark.parametrize(
    ("kind", "content", "message"),
    [
        ("kgx-tsv", "id\tname\nMONDO:1\n", "line 2, column 1: is no KGX: a row has 1 cells, and the header has 2"),
        ("kgx-tsv", "name\nx\n", "expected a header with id, or with subject, predicate and object"),
        (
            "kgx-tsv",
            "subject\tpredicate\tobject\nMONDO:1\t\tHP:2\n",
            "line 2, column 1: is no KGX: an edge has no predicate",
        ),
        ("kgx-jsonl", '{"id": "MONDO:1"}\n[]\n', "line 2, column 1: is no KGX: expected an object"),
        ("kgx-jsonl", '{"name": "x"}', "line 1, column 1: is no KGX: a row has neither id"),
        ("kgx-jsonl", '{"id": "MONDO:1"}\n{', "line 2, column 2: is no JSON"),
        ("kgx-json", '{"nodes": 3}', "is no KGX: nodes is no list"),
    ],
)
def test_a_broken_row_is_named_with_its_line(kind: str, content: str, message: str) -> None:
    with pytest.raises(SyntaxFault, match=message):
        quads(content, kind)


def test_a_negated_edge_is_no_step_and_a_direction_gives_a_sign(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [
        *NODES,
        *EDGES,
        {
            "id": "e2",
            "subject": "MONDO:1",
            "predicate": "biolink:affects",
            "object": "HP:2",
            "object_direction_qualifier": "decreased",
        },
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    graph = open_graph([path])
    found = {edge["predicate"]: (edge["sign"], edge["asserted"]) for *_, edge in graph.shared_network.edges(data=True)}
    assert found == {"biolink:causes": (1, False), "biolink:affects": (-1, True)}
    assert [path.sign for path in graph.paths("MONDO:1", "HP:2")] == [-1]


def test_our_graph_gives_the_same_ways_after_it_went_through_kgx(tmp_path: Path, graph: kg.KnowledgeGraph) -> None:
    network = graph.shared_network
    (tmp_path / "nodes.tsv").write_text(kgx_nodes(network), encoding="utf-8")
    (tmp_path / "edges.tsv").write_text(kgx_edges(network), encoding="utf-8")
    back = open_graph([tmp_path / "nodes.tsv", tmp_path / "edges.tsv"])
    ways = [
        [path.nodes for path in found.paths("pain:obesity", "pain:lower-back-pain", rank="length")]
        for found in (graph, back)
    ]
    assert ways[0] == ways[1]
    assert len(ways[0]) == 4
