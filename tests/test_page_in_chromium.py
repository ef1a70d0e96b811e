"""The page in a real browser: what a reader sees, chooses and types, and that nothing is asked of the net."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import pytest

from kg.boxes import label_box
from kg.curves import Bend, Curve, _controls
from kg.drawing import draw
from tests.browser import chromium, sample_network, small_pathway, visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

HOSTILE = "</script><img src=x onerror=alert(1)><svg onload=alert(2)>{{ 7*7 }}<!--<script>alert(3)\u2028"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(sample_network(), title="Whole").write(tmp_path_factory.mktemp("pages") / "whole.html")


@pytest.fixture(scope="module")
def pathway(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(small_pathway(), title="Pathway").write(tmp_path_factory.mktemp("pages") / "pathway.html")


def test_the_page_shows_all_and_asks_nothing_of_the_net(browser: Browser, whole: Path) -> None:
    network = sample_network()
    with visit(browser, whole) as seen:
        assert seen.page.evaluate("kgPage.network.body.nodeIndices.length") == network.number_of_nodes()
        assert seen.page.evaluate("kgPage.network.body.edgeIndices.length") == network.number_of_edges()
        assert seen.page.locator("#table tbody tr").count() == network.number_of_edges()
        assert seen.texts("#status") == ["203 terms, 376 statements"]
        seen.page.evaluate("kgPage.selectNode(60, {camera: true})")
        # Shown by ``pytest -rP``.
        print(f"requests other than file: and data: = {len(seen.requests)}")
        assert seen.requests == []
        assert seen.complaints == []


def test_the_page_is_not_allowed_to_reach_out(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        outcome = seen.page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')")
        assert outcome == "refused"
        assert any("Content Security Policy" in complaint for complaint in seen.complaints)


def test_places_are_those_that_python_computed_and_two_loads_agree(browser: Browser, whole: Path) -> None:
    with visit(browser, whole) as first, visit(browser, whole, dark=True) as second:
        places = [seen.page.evaluate("JSON.stringify(kgPage.network.getPositions())") for seen in (first, second)]
        assert places[0] == places[1]
        told = first.page.evaluate(
            "JSON.parse(document.getElementById('graph').textContent).nodes.map(n => [n.x, n.y])"
        )
        drawn = first.page.evaluate("Object.values(kgPage.network.getPositions()).map(p => [p.x, p.y])")
        assert drawn == told


def test_vis_network_bends_edges_as_python_retraces_them(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        rows = seen.page.evaluate(
            """(() => { const { nodes, edges } = JSON.parse(document.getElementById('graph').textContent);
            return edges.map((edge, id) => [edge.bend, nodes[edge.from], nodes[edge.to],
              [kgPage.network.body.edges[id].edgeType._getViaCoordinates()].flat().map((at) => [at.x, at.y])]); })()"""
        )
        assert {bend for (bend, _), *_ in rows} > {Bend.ACROSS, Bend.COUNTER}
        for (bend, roundness), start, end, controls in rows:
            expected = _controls(Curve(Bend(bend), roundness), (start["x"], start["y"]), (end["x"], end["y"]))
            assert controls == [pytest.approx(point, abs=0.01) for point in expected]


def test_no_text_is_wider_than_its_box_for_the_fonts_of_this_machine(browser: Browser, pathway: Path) -> None:
    labels = [
        "numbness in the saddle area",
        "Wikimedia WWW",
        "illicit filling",
        "NSAID (over-the-counter anti-inflammatory)",
    ]
    with visit(browser, pathway) as seen:
        for label in labels:
            box = label_box(label, "rect")
            widths = [
                seen.page.evaluate(
                    """(line) => { const ctx = document.createElement('canvas').getContext('2d');
                    ctx.font = '14px Arial, Helvetica, sans-serif'; return ctx.measureText(line).width; }""",
                    line,
                )
                for line in box.lines
            ]
            assert max(widths) <= box.width - 14, label


def test_choosing_a_row_of_the_table_shows_its_evidence(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        seen.page.locator("#table-fold summary").click()
        seen.page.get_by_role("button", name="Evidence: lower back pain reduces mobility").click()
        assert seen.texts("#told h2") == ["lower back pain reduces mobility"]
        text = seen.page.inner_text("#told")
        for expected in (
            "Possible",
            "◐ Mixed",
            "section “Causes”, sentence 8",
            "cohort study",
            "OR 2.06 (95 % CI 1.32 to 3.20)",
        ):
            assert expected in text
        links = seen.page.locator("#told a").evaluate_all(
            "all => all.map(a => [a.textContent, a.href, a.rel, a.target])"
        )
        assert ["DOI", "https://doi.org/10.1000/7", "noopener noreferrer", "_blank"] in links
        assert seen.complaints == []


def test_a_row_can_be_chosen_and_left_by_keyboard_alone(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        seen.page.focus("#table-fold summary")
        for key in ("Enter", "Tab", "Tab", "Enter"):
            seen.page.keyboard.press(key)
        assert seen.page.evaluate("document.activeElement.tagName") == "H2"
        first = seen.texts("#told h2")
        seen.page.keyboard.press("Escape")
        assert seen.page.is_hidden("#details")
        assert f"Evidence: {first[0]}" == seen.page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_clicking_a_box_tells_what_leads_to_it_and_what_helps(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        point = seen.page.evaluate(
            """(() => { const { nodes } = JSON.parse(document.getElementById('graph').textContent);
            const node = nodes.find((one) => one.label === 'tight hip flexors');
            const at = kgPage.network.canvasToDOM(node);
            const box = document.getElementById('canvas').getBoundingClientRect();
            return [box.x + at.x, box.y + at.y]; })()"""
        )
        seen.page.mouse.click(*point)
        # vis-network waits to see whether a second click follows.
        seen.page.wait_for_selector("#details:not([hidden])")
        assert seen.texts("#told h2") == ["tight hip flexors"]
        assert seen.texts("#told h3") == ["What leads to it", "What it leads to", "What helps", "Identifiers"]
        assert "tight hip flexors, defined." in seen.page.inner_text("#told")


@pytest.mark.parametrize("typed", ["other core stability 2", "OTHER Core Stability 2", "other core stability 2 "])
def test_search_finds_a_term_by_synonym(browser: Browser, whole: Path, typed: str) -> None:
    with visit(browser, whole) as seen:
        assert seen.page.locator("#terms option").count() > 203
        seen.page.fill("#search", typed)
        seen.page.keyboard.press("Enter")
        assert seen.texts("#told h2") == ["core stability 2"]
        seen.page.fill("#search", "no such thing")
        seen.page.keyboard.press("Enter")
        assert seen.texts("#status") == ["Nothing is called “no such thing”"]


def test_a_class_in_the_legend_can_be_switched_off_and_on(browser: Browser, whole: Path) -> None:
    network = sample_network()
    strategies = {node for node, found in network.nodes(data=True) if found["classes"][0] == "Strategy"}
    left = sum(not strategies & {start, end} for start, end in network.edges())
    with visit(browser, whole) as seen:
        box = seen.page.locator("#legend input[data-value=Strategy]")
        box.uncheck()
        assert seen.texts("#status") == [f"153 of 203 terms, {left} of 376 statements"]
        assert seen.page.locator("#table tbody tr:not([hidden])").count() == left
        assert seen.page.evaluate("Object.values(kgPage.network.body.nodes).filter(n => n.options.hidden).length") == 50
        box.check()
        assert seen.texts("#status") == ["203 terms, 376 statements"]
        box.uncheck()
        seen.page.click("#reset")
        assert seen.texts("#status") == ["203 terms, 376 statements"]
        assert box.is_checked()


def test_the_legend_counts_what_is_drawn(browser: Browser, whole: Path) -> None:
    with visit(browser, whole) as seen:
        rows = [text.split("\n") for text in seen.texts("#legend label")]
        assert ["Strategies", "50"] in rows
        assert ["Causes", "5"] in rows
        assert sum(int(count) for _, count in rows[:10]) == 203
        assert (
            sum(int(count) for name, count in rows if name in {"increases", "decreases", "structure or other"}) == 376
        )


def test_buttons_fit_zoom_and_reset(browser: Browser, whole: Path) -> None:
    with visit(browser, whole) as seen:
        scale = "kgPage.network.getScale()"
        start = seen.page.evaluate(scale)
        assert seen.page.is_disabled("#near")
        seen.page.evaluate("kgPage.selectNode(60)")
        seen.page.click("#near")
        assert seen.page.evaluate(scale) > start
        seen.page.click("#fit")
        assert seen.page.evaluate(scale) == pytest.approx(start, rel=0.03)
        seen.page.click("#reset")
        assert seen.page.is_hidden("#details")


def test_hostile_text_is_inert(browser: Browser, tmp_path: Path) -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for key in ("pain:a", "pain:b", HOSTILE):
        network.add_node(
            key,
            label=HOSTILE,
            classes=(HOSTILE,),
            definition=HOSTILE,
            note=HOSTILE,
            synonyms=(HOSTILE,),
            broader=(HOSTILE,),
            iri="javascript:alert(4)",
            identifiers=(("skos:exactMatch", "javascript:alert(5)"), (HOSTILE, HOSTILE)),
        )
    network.add_edge(
        "pain:a",
        "pain:b",
        key=HOSTILE,
        label=HOSTILE,
        predicate=HOSTILE,
        comment=HOSTILE,
        certainty=HOSTILE,
        standing=HOSTILE,
    )
    path = draw(network, title=HOSTILE, intro=HOSTILE, red_flags=[(HOSTILE, HOSTILE, HOSTILE, HOSTILE)]).write(
        tmp_path / "hostile.html"
    )
    with visit(browser, path) as seen:
        for choice in ("selectNode(0)", "selectNode(1)", "selectNode(2)", "selectEdge(0)"):
            seen.page.evaluate(f"kgPage.{choice}")
            assert HOSTILE[:30] in seen.page.inner_text("#told")
            assert seen.page.locator("#told a").count() == 0
        seen.page.fill("#search", HOSTILE)
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_timeout(200)
        assert seen.page.locator("img, iframe, object, [onload], [onerror], a[href^='javascript']").count() == 0
        assert seen.page.locator("script").count() == 3
        assert (seen.dialogs, seen.requests, seen.complaints) == ([], [], [])


@pytest.mark.parametrize("dark", [False, True])
def test_at_360_pixels_nothing_scrolls_sideways(browser: Browser, whole: Path, dark: bool) -> None:
    with visit(browser, whole, width=360, height=800, dark=dark) as seen:
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert seen.page.evaluate(wider) == 0
        seen.page.locator("#table-fold summary").click()
        seen.page.locator("#table tbody tr button").first.click()
        assert seen.page.locator("#details").is_visible()
        assert seen.page.evaluate(wider) == 0
        heights = seen.page.locator(".toolbar button").evaluate_all("all => all.map(one => one.offsetHeight)")
        assert min(heights) >= 44


def test_an_upright_screen_gets_the_upright_layout(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway, width=360, height=800) as seen:
        told = seen.page.evaluate("JSON.parse(document.getElementById('graph').textContent).nodes.map(n => n.down)")
        drawn = seen.page.evaluate("Object.values(kgPage.network.getPositions()).map(p => [p.x, p.y])")
        assert drawn == told


def test_a_focus_is_bright_at_first(browser: Browser, tmp_path: Path) -> None:
    path = draw(sample_network(), focus=["pain:symptom-0", "pain:mechanism-0"]).write(tmp_path / "focus.html")
    with visit(browser, path) as seen, visit(browser, draw(sample_network()).write(tmp_path / "all.html")) as other:
        assert seen.page.evaluate("kgPage.network.getScale()") > other.page.evaluate("kgPage.network.getScale()")


@pytest.mark.parametrize(
    "graph", [nx.DiGraph(), nx.MultiDiGraph(), nx.Graph([(1, 2), (2, 2), (2, 3)]), nx.complete_graph(9, nx.DiGraph)]
)
def test_foreign_and_empty_graphs_open_without_complaint(
    browser: Browser, tmp_path: Path, graph: nx.Graph[int]
) -> None:
    with visit(browser, draw(graph).write(tmp_path / "graph.html")) as seen:
        assert seen.page.locator("h1").inner_text() == "Network"
        assert (seen.requests, seen.complaints) == ([], [])


def test_a_notebook_frame_works_inside_its_sandbox(browser: Browser, tmp_path: Path) -> None:
    cell = tmp_path / "cell.html"
    cell.write_text(
        f"<!doctype html><title>cell</title><main class=nothing></main>{draw(small_pathway())._repr_html_()}",
        encoding="utf-8",
    )
    with visit(browser, cell) as seen:
        frame = seen.page.frame_locator("iframe")
        frame.locator("html[data-ready]").wait_for(state="attached")
        assert frame.locator("#status").inner_text() == "9 terms, 11 statements"
        assert seen.complaints == []
