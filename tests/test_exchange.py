"""Tests of the ways to other programs and back: GraphML and node-link JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.errors import InputError, SyntaxFault
from kg.evidence import Evidence, Source
from kg.exchange import from_graphml, from_node_link, graphml, node_link
from tests.strategies import networks

if TYPE_CHECKING:
    from collections.abc import Callable

# Any text at all, control characters included: what a reader's own RDF may hold.
ANY_TEXT = st.text(max_size=8)
# What an escape is mistaken for.
ESCAPE_LIKE = st.text(st.sampled_from(list("_x01aF\x01\x0c\r\uffff")), max_size=14)

DISC, SCIATICA, YOGA = "pain:herniated-disc", "pain:sciatica", "pain:yoga"


@pytest.fixture
def two_claims_one_pair() -> nx.MultiDiGraph[str]:
    """Return yoga with two opposing claims about sciatica, the second with a negative effect, and a disc with none."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        name="toy",
        sources={
            "source:article": Source("source:article", "The article", "Article", url="https://example.org/a"),
            "source:doe-2020": Source(
                "source:doe-2020", "Doe 2020", "Publication", pmid="https://pubmed.ncbi.nlm.nih.gov/1"
            ),
        },
    )
    for curie, label, kind in (
        (YOGA, "yoga", "Strategy"),
        (SCIATICA, "sciatica", "Symptom"),
        (DISC, "Disc", "Condition"),
    ):
        network.add_node(
            curie,
            label=label,
            classes=(kind, "Impact"),
            definition=f"What {label} is.",
            iri=curie.replace("pain:", "https://w3id.org/painpath/"),
            synonyms=(),
            broader=(),
            category="biolink:NamedThing",
            note="",
            identifiers=(("skos:exactMatch", "MONDO:0005178"),),
        )
    common = {"certainty": "Possible", "comment": "", "asserted": True}
    network.add_edge(
        YOGA,
        SCIATICA,
        "claim:yoga-relieves-sciatica",
        predicate="kg:relieves",
        sign=-1,
        standing="Supported",
        publications=1,
        sources=("source:doe-2020",),
        label="yoga relieves sciatica",
        evidence=(
            Evidence(
                "evidence:1",
                "source:doe-2020",
                "Supports",
                effect_measure="MD",
                effect_value=Decimal("-0.50"),
                ci_low=Decimal("-1.00"),
                ci_high=Decimal("0.0"),
            ),
        ),
        **common,
    )
    network.add_edge(
        YOGA,
        SCIATICA,
        "claim:yoga-exacerbates-sciatica",
        predicate="kg:exacerbates",
        sign=1,
        standing="Unreviewed",
        publications=0,
        sources=("source:article",),
        label="yoga exacerbates sciatica",
        evidence=(Evidence("evidence:2", "source:article", "Supports", section="S", sentence=1, start=0, end=9),),
        **common,
    )
    return network


def content(network: nx.MultiDiGraph[str]) -> tuple[Any, ...]:
    """Return all that a network holds, as text too: Decimal("3.2") equals Decimal("3.20"), and True equals 1."""
    nodes = {node: dict(held) for node, held in network.nodes(data=True)}
    edges = {(u, v, key): dict(held) for u, v, key, held in network.edges(keys=True, data=True)}
    parts = [network.graph, *nodes.values(), *edges.values()]
    return network.graph, nodes, edges, sorted(repr(sorted(part.items())) for part in parts)


@settings(deadline=None, max_examples=50)
@given(networks() | networks(text=ANY_TEXT) | networks(text=ESCAPE_LIKE))
@example(nx.MultiDiGraph())
def test_a_network_comes_back_from_graphml_as_it_was(network: nx.MultiDiGraph[str]) -> None:
    assert content(from_graphml(graphml(network))) == content(network)


@settings(deadline=None, max_examples=50)
@given(networks() | networks(text=ANY_TEXT))
@example(nx.MultiDiGraph())
def test_a_network_comes_back_from_node_link_json_as_it_was(network: nx.MultiDiGraph[str]) -> None:
    assert content(from_node_link(node_link(network))) == content(network)


@settings(deadline=None, max_examples=50)
@given(networks(), st.randoms(use_true_random=False))
def test_the_order_in_which_a_network_was_built_does_not_show(network: nx.MultiDiGraph[str], random: Any) -> None:
    other: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    nodes, edges = list(network), list(network.edges(keys=True))
    random.shuffle(nodes)
    random.shuffle(edges)
    for node in nodes:
        other.add_node(node, **dict(reversed(network.nodes[node].items())))
    for u, v, key in edges:
        other.add_edge(u, v, key, **dict(reversed(network.edges[u, v, key].items())))
    other.graph.update(reversed(network.graph.items()))
    other.graph["sources"] = dict(reversed(network.graph["sources"].items()))
    assert graphml(other) == graphml(network)
    assert node_link(other) == node_link(network)


@settings(deadline=None, max_examples=50)
@given(networks())
def test_networkx_reads_the_graphml_with_claims_as_edge_keys(network: nx.MultiDiGraph[str]) -> None:
    read = nx.read_graphml(BytesIO(graphml(network)), force_multigraph=True)
    assert isinstance(read, nx.MultiDiGraph)
    assert set(read.edges(keys=True)) == set(network.edges(keys=True))
    assert set(read) == set(network)


@settings(deadline=None, max_examples=50)
@given(networks())
def test_networkx_reads_the_node_link_json_with_claims_as_edge_keys(network: nx.MultiDiGraph[str]) -> None:
    read = nx.node_link_graph(json.loads(node_link(network)), edges="edges")
    assert isinstance(read, nx.MultiDiGraph)
    assert set(read.edges(keys=True)) == set(network.edges(keys=True))
    assert set(read) == set(network)


def test_graphml_has_plain_columns_for_people_who_draw(two_claims_one_pair: nx.MultiDiGraph[str]) -> None:
    read = nx.read_graphml(BytesIO(graphml(two_claims_one_pair)), force_multigraph=True)
    assert isinstance(read, nx.MultiDiGraph)
    node, edge = read.nodes[YOGA], read.edges[YOGA, SCIATICA, "claim:yoga-relieves-sciatica"]
    assert {name: node[name] for name in ("label", "class", "category")} == {
        "label": "yoga",
        "class": "Strategy",
        "category": "biolink:NamedThing",
    }
    assert edge["predicate"] == "kg:relieves"
    assert (edge["sign"], edge["publications"], edge["asserted"]) == (-1, 1, True)
    assert (edge["certainty"], edge["standing"]) == ("Possible", "Supported")
    assert {name for name in (*node, *edge) if name.endswith("_json")} == {
        "broader_json",
        "classes_json",
        "evidence_json",
        "identifiers_json",
        "sources_json",
        "synonyms_json",
    }


def test_decimals_keep_their_sign_and_trailing_zeros(two_claims_one_pair: nx.MultiDiGraph[str]) -> None:
    for read in (from_graphml(graphml(two_claims_one_pair)), from_node_link(node_link(two_claims_one_pair))):
        (found,) = read.edges[YOGA, SCIATICA, "claim:yoga-relieves-sciatica"]["evidence"]
        assert [str(found.effect_value), str(found.ci_low), str(found.ci_high)] == ["-0.50", "-1.00", "0.0"]


def test_fields_without_a_value_are_left_out_of_the_json(two_claims_one_pair: nx.MultiDiGraph[str]) -> None:
    plain = json.loads(node_link(two_claims_one_pair))
    assert plain["edges"][0]["evidence"] == [
        {"id": "evidence:2", "source": "source:article", "verdict": "Supports"}
        | {"section": "S", "sentence": 1, "start": 0, "end": 9}
    ]


def test_text_is_readable_in_both_files(two_claims_one_pair: nx.MultiDiGraph[str]) -> None:
    two_claims_one_pair.nodes[YOGA]["synonyms"] = ("योग",)
    assert "योग" in graphml(two_claims_one_pair).decode()
    assert "योग" in node_link(two_claims_one_pair)


@pytest.mark.parametrize(
    "label", ["form\x0cfeed", "nul\x00", "cr\r\nlf", "\ufffe", "_x000C_", "_x0041\x01", " ", "\u2028", "\x85"]
)
def test_a_label_that_xml_cannot_carry_does_not_break_the_file(
    two_claims_one_pair: nx.MultiDiGraph[str], label: str
) -> None:
    two_claims_one_pair.nodes[YOGA]["label"] = label
    assert from_graphml(graphml(two_claims_one_pair)).nodes[YOGA]["label"] == label


@pytest.mark.parametrize("write", [graphml, node_link])
def test_writing_leaves_the_network_alone(
    two_claims_one_pair: nx.MultiDiGraph[str], write: Callable[[nx.MultiDiGraph[str]], object]
) -> None:
    before = content(two_claims_one_pair.copy())
    write(two_claims_one_pair)
    assert content(two_claims_one_pair) == before


@pytest.mark.parametrize("write", [graphml, node_link])
def test_a_graph_attribute_called_id_is_refused(
    two_claims_one_pair: nx.MultiDiGraph[str], write: Callable[[nx.MultiDiGraph[str]], object]
) -> None:
    # networkx's GraphML writer would make it the id of the graph element, and its reader would drop it.
    two_claims_one_pair.graph["id"] = "toy"
    with pytest.raises(InputError, match="the graph: an attribute can't be called 'id'"):
        write(two_claims_one_pair)


@pytest.mark.parametrize("write", [graphml, node_link])
@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("x", [1, 2], "pain:yoga: attribute 'x' is a list"),
        ("note", None, "pain:yoga: attribute 'note' is a NoneType"),
        ("id", "1", "pain:yoga: an attribute can't be called 'id'"),
        ("class", "1", "pain:yoga: an attribute can't be called 'class'"),
        ("x_json", "1", "pain:yoga: an attribute can't be called 'x_json'"),
    ],
)
def test_an_attribute_without_a_written_form_is_refused(
    two_claims_one_pair: nx.MultiDiGraph[str],
    write: Callable[[nx.MultiDiGraph[str]], object],
    name: str,
    value: object,
    message: str,
) -> None:
    two_claims_one_pair.nodes[YOGA][name] = value
    with pytest.raises(InputError, match=message):
        write(two_claims_one_pair)


def test_further_scalars_come_back_with_their_types(two_claims_one_pair: nx.MultiDiGraph[str]) -> None:
    two_claims_one_pair.nodes[YOGA].update(x=0.1, rank=3, seen=False, colour="red")
    for read in (from_graphml(graphml(two_claims_one_pair)), from_node_link(node_link(two_claims_one_pair))):
        assert content(read) == content(two_claims_one_pair)


def test_xml_that_does_not_parse_is_named_with_its_place() -> None:
    with pytest.raises(SyntaxFault) as fault:
        from_graphml(b"<graphml>\n  <graph")
    assert (fault.value.source, fault.value.line) == ("GraphML", 2)


def test_json_that_does_not_parse_is_named_with_its_place() -> None:
    with pytest.raises(SyntaxFault) as fault:
        from_node_link('{\n "nodes": ]')
    assert (fault.value.line, fault.value.column) == (2, 11)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"nodes": 1, "edges": []}',
        '{"directed": false, "nodes": [], "edges": []}',
        '{"multigraph": false, "nodes": [], "edges": []}',
        '{"graph": [], "nodes": [], "edges": []}',
        '{"graph": {"sources": {"source:x": {"title": "X"}}}, "nodes": [], "edges": []}',
        '{"nodes": [], "edges": [{"source": "a", "target": "b", "key": "c", "evidence": [{"effect_value": "much"}]}]}',
        '{"nodes": [{"id": "a", "classes": 1}], "edges": []}',
        '{"nodes": [{"id": 1}], "edges": []}',
        '{"nodes": [{"id": "a"}, {"id": "b"}], "edges": [{"source": "a", "target": "b"}]}',
    ],
)
def test_json_that_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        from_node_link(text)


@pytest.mark.parametrize(
    "data",
    [
        b"<graphml/>",
        b'<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="undirected"/></graphml>',
        b'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        b'<key id="k" for="node" attr.name="classes_json" attr.type="string"/>'
        b'<graph edgedefault="directed"><node id="a"><data key="k">[</data></node></graph></graphml>',
    ],
)
def test_xml_that_is_no_network_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        from_graphml(data)
