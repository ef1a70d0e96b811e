"""The page as text: same network, same bytes; nothing loaded from anywhere; no text of the graph ever HTML."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.drawing import MOST_NODES, draw
from kg.engine import script_json
from kg.errors import InputError, LimitError, UnknownTermError
from kg.pagedata import safe_link
from tests.browser import sample_network, small_pathway
from tests.pages import page_graph, page_sources, page_told
from tests.strategies import networks

HOSTILE = "</script><img src=x onerror=alert(1)>{{ 7*7 }}<!--<script>\"'&amp;\u2028\ud800"


class Elements(HTMLParser):
    """All start tags of a page, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def shuffled(network: nx.MultiDiGraph[str], seed: int) -> nx.MultiDiGraph[str]:
    order = random.Random(seed)
    nodes, edges = list(network.nodes(data=True)), list(network.edges(keys=True, data=True))
    order.shuffle(nodes)
    order.shuffle(edges)
    other: nx.MultiDiGraph[str] = nx.MultiDiGraph(**network.graph)
    other.add_nodes_from(nodes)
    for start, end, key, attributes in edges:
        other.add_edge(start, end, key=key, **attributes)
    return other


def test_the_same_network_gives_the_same_bytes_in_whatever_order_it_was_filled() -> None:
    network = sample_network()
    assert draw(shuffled(network, 1)).html == draw(network).html == draw(shuffled(network, 2)).html


def test_a_page_of_the_whole_graph_stays_small() -> None:
    size = len(draw(sample_network()).html.encode())
    # Shown by ``pytest -rP``.
    print(f"page of 203 nodes and 376 edges: {size:,} bytes")  # noqa: T201
    assert size < 1_500_000


def test_the_page_loads_nothing_and_may_load_nothing() -> None:
    html = draw(sample_network(), title="Whole").html
    elements = Elements(html).found
    assert [
        tag for tag, attributes in elements if "src" in attributes or tag in {"link", "iframe", "object", "base"}
    ] == []
    assert [attributes for _, attributes in elements if "href" in attributes] == []
    assert "sourceMappingURL" not in html
    assert not re.search(r"@import|url\(", re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1])  # type: ignore[index]  # found


def test_the_policy_allows_just_the_scripts_and_styles_of_the_page() -> None:
    html = draw(small_pathway()).html
    policy = unescape(re.search(r'Security-Policy" content="([^"]*)"', html)[1])  # type: ignore[index]  # found
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    inline = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", html, re.DOTALL)
    assert len(inline) == 3
    for text in inline:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert not re.search(r"<[a-z]+[^>]*\s(?:style|on[a-z]+)=", html.partition("<script")[0])


def test_hostile_text_is_inert_wherever_it_stands(tmp_path: Path) -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=HOSTILE)
    for key in (HOSTILE, "pain:b"):
        network.add_node(
            key,
            label=HOSTILE,
            classes=(HOSTILE,),
            definition=HOSTILE,
            synonyms=(HOSTILE,),
            iri="javascript:alert(1)",
            identifiers=((HOSTILE, HOSTILE), ("skos:exactMatch", "data:text/html,x")),
        )
    network.add_edge(HOSTILE, "pain:b", key=HOSTILE, label=HOSTILE, predicate=HOSTILE, comment=HOSTILE)
    page = draw(network, title=HOSTILE, intro=HOSTILE, red_flags=[(HOSTILE, HOSTILE, HOSTILE, HOSTILE)])
    page.write(tmp_path / "page.html")
    tags = {tag for tag, _ in Elements(page.html).found}
    assert tags == {
        tag for tag, _ in Elements(draw(small_pathway(), intro="x", red_flags=[("a", "b", "c", "d")]).html).found
    }
    assert "<img" not in page.html
    assert "49" not in page.html.partition("<style>")[0]
    assert page_graph(page.html)["nodes"]["label"] == [HOSTILE, HOSTILE]
    assert "<img" not in page.svg
    ElementTree.fromstring(page.svg)


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_in_a_script_comes_back_and_holds_no_sign_that_html_reads(value: object) -> None:
    text = script_json(value)
    assert json.loads(text) == value
    assert not re.search("[<>&\u2028\u2029]", text)


@pytest.mark.parametrize(
    "iri", ["javascript:alert(1)", " https://x.org", "data:text/html,x", "HTTPS://x.org/ y", "pain:x", "https://", ""]
)
def test_other_iris_do_not_become_links(iri: str) -> None:
    assert safe_link(iri) == ""


@pytest.mark.parametrize("iri", ["https://doi.org/10.1/x(1)", "http://x.org/", "mailto:a@b.org", "HTTPS://x.org/"])
def test_web_and_mail_iris_become_links(iri: str) -> None:
    assert safe_link(iri) == iri


def test_an_empty_network_says_so() -> None:
    html = draw(nx.MultiDiGraph()).html
    assert "This network is empty: there is nothing to draw." in html
    assert "<script" not in html


GRAPHS: list[nx.Graph[Any]] = [
    nx.path_graph(4),
    nx.DiGraph([(1, "1"), ("1", (2, 3)), ((2, 3), 1)]),
    nx.MultiGraph([(0, 0), (0, 1), (1, 0)]),
]


@pytest.mark.parametrize("graph", GRAPHS)
def test_any_networkx_graph_can_be_drawn(graph: nx.Graph[Any]) -> None:
    told = page_graph(draw(graph).html)
    assert told["nodes"]["label"] == sorted(map(str, graph.nodes))
    assert len(told["edges"]["from"]) == graph.number_of_edges()
    assert told["directed"] is graph.is_directed()
    assert told["looks"][""]["plural"] == "Things"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 12), st.integers(0, 2**32 - 1), st.floats(0, 0.5))
def test_any_random_digraph_is_drawn_the_same_from_any_order(count: int, seed: int, share: float) -> None:
    graph: nx.DiGraph[int] = nx.gnp_random_graph(count, share, seed=seed, directed=True)
    turned: nx.DiGraph[int] = nx.DiGraph()
    turned.add_nodes_from(reversed(list(graph)))
    turned.add_edges_from(reversed(list(graph.edges)))
    assert draw(turned).html == draw(graph).html


@settings(max_examples=25, deadline=None)
@given(networks())
def test_every_network_of_ours_is_told_whole(network: nx.MultiDiGraph[str]) -> None:
    if not network:
        return
    html = draw(network).html
    told = page_graph(html)
    assert told["nodes"]["key"] == sorted(network)
    assert set(told["edges"]["key"]) == {key for _, _, key in network.edges(keys=True)}
    assert [node.get("definition", "") for node in page_told(html, "nodes")] == [
        network.nodes[node].get("definition", "") for node in sorted(network)
    ]
    without = sum("evidence" not in edge for edge in page_told(html, "edges"))
    assert without == sum(not found["evidence"] for _, _, found in network.edges(data=True))


def test_drawing_does_not_change_the_network() -> None:
    network, before = sample_network(), sample_network()
    draw(network, focus=["pain:symptom-0"])
    assert list(network.nodes(data=True)) == list(before.nodes(data=True))
    assert list(network.edges(keys=True, data=True)) == list(before.edges(keys=True, data=True))


def test_a_focus_that_is_no_node_is_refused() -> None:
    with pytest.raises(UnknownTermError, match="no term called 'pain:nothing'"):
        draw(small_pathway(), focus=["pain:nothing"])


def test_an_edge_carries_its_evidence_and_names_its_sources() -> None:
    html = draw(small_pathway()).html
    (edge,) = [edge for edge in page_told(html, "edges") if edge["claim"] == "lower back pain reduces mobility"]
    article, study = edge["evidence"]
    assert article["id"].startswith("evidence:")
    assert article == {
        "id": article["id"],
        "source": "source:article",
        "verdict": "Supports",
        "section": "Causes",
        "sentence": 8,
    }
    assert study == {
        "id": study["id"],
        "source": "source:study-7",
        "verdict": "NoEvidenceFound",
        "design": "cohort-study",
        "finding": "Over four years, people with it reported new trouble more often than others, after adjustment.",
        "effect": ["OR", "2.06", "1.32", "3.20"],
        "grade": "moderate",
    }
    assert page_sources(html)["source:study-7"]["links"] == [
        ["DOI", "https://doi.org/10.1000/7"],
        ["PubMed", "https://pubmed.ncbi.nlm.nih.gov/1007/"],
    ]


def test_a_page_opens_with_what_the_caller_chose_and_refuses_other_words() -> None:
    opening = [("tab", "paths"), ("from", "pain:prolonged-sitting"), ("to", "a&b=c d")]
    assert page_graph(draw(small_pathway(), opening=opening).html)["opening"] == (
        "tab=paths&from=pain:prolonged-sitting&to=a%26b%3Dc%20d"
    )
    with pytest.raises(InputError, match="a page cannot open with 'colour'"):
        draw(small_pathway(), opening=[("colour", "red")])


def test_a_graph_too_large_for_a_page_is_refused_with_where_to_begin() -> None:
    star: nx.DiGraph[int] = nx.star_graph(MOST_NODES).to_directed()
    with pytest.raises(LimitError, match=r"this graph has 10,001 and 20,000; narrow it down .*such as '0'"):
        draw(star)


def test_a_static_picture_names_every_node_and_says_every_edge() -> None:
    network = small_pathway()
    picture = ElementTree.fromstring(draw(network).svg)
    said = {title.text for title in picture.iter("{http://www.w3.org/2000/svg}title")}
    assert {found["label"] for _, found in network.nodes(data=True)} < said
    assert "muscle imbalance causes lower back pain" in said
    assert not [one for one in picture.iter() if one.tag.endswith(("script", "image", "use"))]


def test_a_large_network_has_no_static_picture() -> None:
    page = draw(nx.path_graph(601, nx.DiGraph))
    assert page.svg == ""
    with pytest.raises(InputError, match=r"picture\.svg: too much is drawn for a static picture"):
        page.text_for(Path("picture.svg"))


def test_red_flags_come_from_the_network_or_from_the_caller() -> None:
    network = sample_network()
    own = re.findall(r"<li><strong>(.*?)</strong>: (.*?)\s*<span", draw(network).html)
    assert len(own) == 9
    assert own[0][0].startswith("numbness in the saddle area")
    given_ = draw(
        small_pathway(), red_flags=[("loss of bladder control", "emergency", "cauda equina syndrome", "NICE")]
    ).html
    assert "<strong>loss of bladder control</strong>: emergency" in given_
    assert "may be a sign of cauda equina syndrome" in given_
    assert "Signs that need urgent care" not in draw(small_pathway()).html


def test_writing_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "page.html"
    page = draw(small_pathway())
    assert page.write(path) == path
    assert path.read_text(encoding="utf-8") == page.html
    path.write_text("before", encoding="utf-8")

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", no_room)
    with pytest.raises(InputError, match=r"cannot write .*: No space left"):
        page.write(path)
    assert [entry.read_text(encoding="utf-8") for entry in tmp_path.iterdir()] == ["before"]


def test_a_notebook_gets_a_sandboxed_page_a_picture_and_a_line_of_text() -> None:
    page = draw(small_pathway(), title='"><script>alert(1)</script>')
    bundle = page._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/html", "image/svg+xml"]
    assert bundle["text/plain"] == page.summary
    assert bundle["image/svg+xml"] == page.svg
    (frame,) = [attributes for tag, attributes in Elements(bundle["text/html"]).found if tag == "iframe"]
    assert "allow-same-origin" not in str(frame["sandbox"])
    assert frame["srcdoc"] == page.html


def test_the_line_of_text_counts_what_is_drawn() -> None:
    assert draw(small_pathway()).summary == (
        "Pathway: 9 terms (1 impact, 3 mechanisms, 2 risk factors, 2 strategies, 1 symptom), 11 statements"
    )
