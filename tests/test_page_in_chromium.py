"""The page in a real browser: what a reader sees, chooses and types, and that nothing is asked of the net."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

from kg.boxes import label_box
from kg.curves import Bend, Curve, control_points
from kg.drawing import draw
from kg.outlines import OUTLINES, outline
from tests.browser import sample_network, small_pathway, visit
from tests.pages import page_graph

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


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
        assert seen.texts("#status") == ["203 terms, 376 statements"]
        seen.choose(node="pain:symptom-0")
        assert seen.told() == "lower back pain"
        seen.page.click("#edges-fold summary")
        seen.page.click("#edges-more")
        assert seen.page.locator("#edges-table tbody tr").count() == network.number_of_edges()
        assert seen.requests == []
        assert seen.complaints == []


def test_the_page_is_not_allowed_to_reach_out(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        outcome = seen.page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')")
        assert outcome == "refused"
        assert any("Content Security Policy" in complaint for complaint in seen.complaints)


def test_places_are_those_that_python_computed_and_two_loads_agree(browser: Browser, whole: Path) -> None:
    nodes = page_graph(whole.read_text(encoding="utf-8"))["nodes"]
    with visit(browser, whole) as first, visit(browser, whole, dark=True) as second:
        for seen in (first, second):
            assert seen.page.evaluate("kgPage.places()") == [
                list(at) for at in zip(nodes["x"], nodes["y"], strict=True)
            ]
        drawn = first.page.evaluate("Object.values(kgPage.network.getPositions()).map(p => [p.x, p.y])")
        assert drawn == first.page.evaluate("kgPage.places()")


def test_two_loads_look_the_same(browser: Browser, whole: Path) -> None:
    pictures = []
    for _ in range(2):
        with visit(browser, whole) as seen:
            seen.page.wait_for_timeout(300)
            pictures.append(seen.page.screenshot())
    assert pictures[0] == pictures[1]


def test_the_page_bends_edges_as_python_does(browser: Browser, pathway: Path) -> None:
    told = page_graph(pathway.read_text(encoding="utf-8"))
    nodes, edges = told["nodes"], told["edges"]
    with visit(browser, pathway) as seen:
        rows = seen.page.evaluate(f"[...Array({len(edges['from'])}).keys()].map(kgPage.controls)")
    assert set(edges["bend"]) > {Bend.ACROSS, Bend.COUNTER}
    for number, points in enumerate(rows):
        start, end = ((nodes["x"][node], nodes["y"][node]) for node in (edges["from"][number], edges["to"][number]))
        curve = Curve(Bend(edges["bend"][number]), edges["round"][number] / 1000)
        assert points == [pytest.approx(point, abs=0.01) for point in control_points(curve, start, end)]


def test_the_page_outlines_boxes_as_python_does(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        for shape in OUTLINES:
            for width, height in ((30, 18), (140, 66), (56, 32)):
                assert seen.page.evaluate(f"kgPage.outline('{shape}', {width}, {height})") == outline(
                    shape, width, height
                )


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
        seen.page.click("#edges-fold summary")
        seen.page.get_by_role("button", name="Evidence: lower back pain reduces mobility").first.click()
        assert seen.told() == "lower back pain reduces mobility"
        text = seen.page.inner_text("#told")
        for expected in (
            "Possible",
            "◐\u00a0Mixed",
            "section “Causes”, sentence 8",
            "cohort-study",
            "OR 2.06 (95 % CI 1.32 to 3.20)",
        ):
            assert expected in text
        links = seen.page.locator("#told a").evaluate_all(
            "all => all.map(a => [a.textContent, a.href, a.rel, a.target])"
        )
        assert ["DOI", "https://doi.org/10.1000/7", "noopener noreferrer", "_blank"] in links
        assert seen.complaints == []


def at(seen: Any, label: str) -> list[float]:  # a Visit
    place: list[float] = seen.page.evaluate(
        """(label) => { const number = [...Array(kgPage.places().length).keys()].find((id) => kgPage.label(id) === label);
        const [x, y] = kgPage.places()[number];
        const point = kgPage.network.canvasToDOM({ x, y });
        const box = document.getElementById('canvas').getBoundingClientRect();
        return [box.x + point.x, box.y + point.y]; }""",
        label,
    )
    return place


def test_clicking_a_box_tells_what_leads_to_it_and_what_helps(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        seen.page.mouse.click(*at(seen, "tight hip flexors"))
        # vis-network waits to see whether a second click follows.
        assert seen.told() == "tight hip flexors"
        assert seen.texts("#told h3") == ["What leads to it", "What it leads to", "What helps", "Identifiers"]
        assert "tight hip flexors, defined." in seen.page.inner_text("#told")


def test_pointing_at_an_edge_says_what_it_claims_and_a_click_shows_the_evidence(
    browser: Browser, pathway: Path
) -> None:
    with visit(browser, pathway) as seen:
        (x1, y1), (x2, y2) = at(seen, "prolonged sitting"), at(seen, "tight hip flexors")
        seen.page.mouse.move((x1 + x2) / 2, (y1 + y2) / 2)
        seen.page.wait_for_selector("#tip:not([hidden])")
        assert seen.page.inner_text("#tip").startswith("prolonged sitting causes tight hip flexors")
        seen.page.mouse.click((x1 + x2) / 2, (y1 + y2) / 2)
        assert seen.told() == "prolonged sitting causes tight hip flexors"


def test_dragging_a_box_takes_its_edges_along_and_reset_brings_it_back(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        number = seen.page.evaluate("kgPage.number('pain:tight-hip-flexors')")
        before = seen.page.evaluate("kgPage.places()")
        x, y = at(seen, "tight hip flexors")
        seen.page.mouse.move(x, y)
        seen.page.mouse.down()
        seen.page.mouse.move(x + 30, y + 40, steps=4)
        seen.page.mouse.move(x + 60, y + 80, steps=4)
        seen.page.mouse.up()
        after = seen.page.evaluate("kgPage.places()")
        assert [one != other for one, other in zip(before, after, strict=True)].count(True) == 1
        edge = seen.page.evaluate("kgPage.controls(kgPage.network ? 0 : 0)")
        assert len(edge) >= 2
        assert after[number] in [end for row in _ends(seen) for end in row]
        seen.page.click("#reset")
        assert seen.page.evaluate("kgPage.places()") == before


def _ends(seen: Any) -> list[list[list[float]]]:  # a Visit
    ends: list[list[list[float]]] = seen.page.evaluate(
        "[...Array(+document.documentElement.dataset.edges).keys()].map(kgPage.controls).map((all) => [all[0], all.at(-1)])"
    )
    return ends


@pytest.mark.parametrize("typed", ["other core stability 2", "OTHER Core Stability 2", "other core stability 2 "])
def test_search_finds_a_term_by_synonym(browser: Browser, whole: Path, typed: str) -> None:
    with visit(browser, whole) as seen:
        seen.page.fill("#search", typed)
        assert seen.page.locator("#search-list [role=option]").count() >= 1
        seen.page.keyboard.press("Enter")
        assert seen.told() == "core stability 2"
        seen.page.fill("#search", "no such thing")
        seen.page.keyboard.press("Enter")
        assert seen.texts("#status") == ["Nothing is called “no such thing”"]


def test_suggestions_can_be_walked_through_by_keyboard(browser: Browser, whole: Path) -> None:
    with visit(browser, whole) as seen:
        seen.page.fill("#search", "core stab")
        first, second = seen.texts("#search-list [role=option] span")[:2]
        assert seen.page.get_attribute("#search", "aria-expanded") == "true"
        for key in ("ArrowDown", "ArrowDown"):
            seen.page.keyboard.press(key)
        active = seen.page.get_attribute("#search", "aria-activedescendant")
        assert seen.page.inner_text(f"#{active}") == second
        assert first != second
        seen.page.keyboard.press("Escape")
        assert seen.page.get_attribute("#search", "aria-expanded") == "false"


def test_a_class_in_the_legend_can_be_switched_off_and_on(browser: Browser, whole: Path) -> None:
    network = sample_network()
    strategies = {node for node, found in network.nodes(data=True) if found["classes"][0] == "Strategy"}
    left = sum(not strategies & {start, end} for start, end in network.edges())
    with visit(browser, whole) as seen:
        seen.page.click("#edges-fold summary")
        seen.page.click("#edges-more")
        seen.page.click("#nodes-fold summary")
        seen.page.wait_for_selector("#nodes-table tbody tr")
        box = seen.page.locator("#legend input[data-value=Strategy]")
        box.uncheck()
        assert seen.texts("#status") == [f"153 of 203 terms, {left} of 376 statements"]
        assert seen.page.locator("#edges-table tbody tr").count() == left
        assert seen.page.locator("#nodes-table tbody tr").count() == 153
        assert seen.page.evaluate("Object.values(kgPage.network.body.nodes).filter(n => n.options.hidden).length") == 50
        box.check()
        assert seen.texts("#status") == ["203 terms, 376 statements"]
        box.uncheck()
        seen.page.click("#reset")
        assert seen.texts("#status") == ["203 terms, 376 statements"]
        assert box.is_checked()


@pytest.mark.parametrize(
    ("facet", "value", "attribute"),
    [
        ("sign", "-1", lambda edge: edge["sign"] == -1),
        ("certainty", "Likely", lambda edge: edge["certainty"] == "Likely"),
        ("standing", "Disputed", lambda edge: edge["standing"] == "Disputed"),
        ("predicate", "kg:partOf", lambda edge: edge["predicate"] == "kg:partOf"),
    ],
)
def test_statements_can_be_filtered(
    browser: Browser, whole: Path, facet: str, value: str, attribute: Any
) -> None:  # a function
    hidden = sum(attribute(edge) for *_, edge in sample_network().edges(data=True))
    with visit(browser, whole) as seen:
        seen.page.evaluate("document.querySelectorAll('#legend details').forEach((one) => { one.open = true; })")
        seen.page.locator(f"#legend input[data-facet={facet}][data-value='{value}']").uncheck()
        assert seen.texts("#status") == [f"203 terms, {376 - hidden} of 376 statements"]


def test_the_legend_counts_what_is_drawn(browser: Browser, whole: Path) -> None:
    with visit(browser, whole) as seen:
        rows = [text.split("\n") for text in seen.texts("#legend [data-facet=look] label")]
        assert ["Strategies", "50"] in rows
        assert ["Causes", "5"] in rows
        assert sum(int(count) for _, count in rows) == 203
        signs = [text.split("\n") for text in seen.texts("#legend [data-facet=sign] label")]
        assert [name for name, _ in signs] == ["increases", "decreases", "structure or other"]
        assert sum(int(count) for _, count in signs) == 376


def test_hide_all_leaves_nothing_and_show_all_brings_it_back(browser: Browser, whole: Path) -> None:
    with visit(browser, whole) as seen:
        seen.page.click("#legend [data-facet=sign] button.all")
        assert seen.texts("#status") == ["203 terms, 0 of 376 statements"]
        seen.page.click("#legend [data-facet=sign] button.all")
        assert seen.texts("#status") == ["203 terms, 376 statements"]


def test_a_neighbourhood_grows_with_its_steps_and_follows_the_arrows(browser: Browser, pathway: Path) -> None:
    network = small_pathway()
    node = "pain:muscle-imbalance"
    around = nx.single_source_shortest_path_length(network.to_undirected(as_view=True), node, cutoff=2)
    upstream = nx.ancestors(network, node) | {node}
    with visit(browser, pathway) as seen:
        seen.choose(node=node)
        seen.told()
        seen.page.check("#told input[name=steps][value='2']")
        seen.page.check("#told .highlight input[type=checkbox]")
        shown = "+document.documentElement.dataset.shownNodes"
        seen.page.wait_for_function(f"() => {shown} === {len(around)}")
        seen.page.check("#told input[name=steps][value='3']")
        seen.page.select_option("#told .highlight select", "up")
        seen.page.wait_for_function(f"() => {shown} === {len(upstream)}")
        assert seen.texts("#edges-count") == [f"{network.subgraph(upstream).number_of_edges()} of 11 statements"]


def test_buttons_fit_zoom_and_reset(browser: Browser, whole: Path) -> None:
    with visit(browser, whole) as seen:
        scale = "kgPage.network.getScale()"
        start = seen.page.evaluate(scale)
        assert seen.page.is_disabled("#near")
        seen.choose(node="pain:symptom-12")
        seen.told()
        seen.page.click("#near")
        assert seen.page.evaluate(scale) > start
        seen.page.click("#fit")
        assert seen.page.evaluate(scale) == pytest.approx(start, rel=0.03)
        seen.page.click("#reset")
        seen.page.wait_for_selector("#details", state="hidden")


def test_motion_moves_boxes_only_while_it_is_on(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        still = seen.page.evaluate("kgPage.places()")
        seen.page.emulate_media(reduced_motion="no-preference")
        seen.page.click("#motion")
        assert seen.page.get_attribute("#motion", "aria-pressed") == "true"
        seen.page.wait_for_function("(before) => JSON.stringify(kgPage.places()) !== before", arg=_json(still))
        seen.page.click("#motion")
        resting = seen.page.evaluate("kgPage.places()")
        seen.page.wait_for_timeout(200)
        assert seen.page.evaluate("kgPage.places()") == resting
        seen.page.click("#reset")
        assert seen.page.evaluate("kgPage.places()") == still


def test_who_wants_no_motion_gets_its_end_at_once(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        still = seen.page.evaluate("kgPage.places()")
        seen.page.click("#motion")
        seen.page.wait_for_selector("#motion[aria-pressed=false]")
        assert seen.page.evaluate("kgPage.places()") != still


def _json(value: object) -> str:
    import json

    return json.dumps(value, separators=(",", ":"))


@pytest.mark.parametrize("dark", [False, True])
def test_at_360_pixels_nothing_scrolls_sideways(browser: Browser, whole: Path, dark: bool) -> None:
    with visit(browser, whole, width=360, height=800, dark=dark) as seen:
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert seen.page.evaluate(wider) == 0
        for tab in ("paths", "plan", "legend"):
            seen.page.click(f"#tab-{tab}")
            assert seen.page.evaluate(wider) == 0
        seen.page.click("#edges-fold summary")
        seen.page.locator("#edges-table tbody tr button").first.click()
        seen.told()
        assert seen.page.evaluate(wider) == 0
        heights = seen.page.locator(".toolbar button:visible").evaluate_all("all => all.map(one => one.offsetHeight)")
        assert min(heights) >= 44


def test_at_200_percent_zoom_nothing_scrolls_sideways(browser: Browser, whole: Path) -> None:
    # Zoom halves the pixels of a page: 1280 become 640.
    with visit(browser, whole, width=640, height=360) as seen:
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert seen.page.evaluate(wider) == 0


def test_an_upright_screen_gets_the_upright_layout(browser: Browser, pathway: Path) -> None:
    nodes = page_graph(pathway.read_text(encoding="utf-8"))["nodes"]
    with visit(browser, pathway, width=360, height=800) as seen:
        drawn = seen.page.evaluate("kgPage.places()")
        assert drawn == [list(place) for place in zip(nodes["downX"], nodes["downY"], strict=True)]


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


def test_thousands_of_nodes_are_held_only_where_the_reader_looks(browser: Browser, tmp_path: Path) -> None:
    grid = nx.grid_2d_graph(45, 45, create_using=nx.DiGraph)
    with visit(browser, draw(grid).write(tmp_path / "grid.html")) as seen:
        held = "kgPage.network.body.nodeIndices.length"
        assert seen.texts("#status") == ["2,025 terms, 7,920 statements"]
        assert seen.page.evaluate(held) == 0
        seen.page.evaluate("kgPage.network.moveTo({ scale: 1 })")
        seen.page.wait_for_function(f"() => {held} > 0")
        assert seen.page.evaluate(held) < 400
        seen.page.evaluate("kgPage.fit(false)")
        seen.page.wait_for_function(f"() => {held} === 0")
        assert seen.page.is_disabled("#motion")
        assert seen.complaints == []


def test_a_notebook_frame_works_inside_its_sandbox(browser: Browser, tmp_path: Path) -> None:
    cell = tmp_path / "cell.html"
    frame = draw(small_pathway())._repr_mimebundle_()["text/html"]
    cell.write_text(f"<!doctype html><title>cell</title><main class=nothing></main>{frame}", encoding="utf-8")
    with visit(browser, cell) as seen:
        inner = seen.page.frame_locator("iframe")
        inner.locator("html[data-ready]").wait_for(state="attached")
        assert inner.locator("#status").inner_text() == "9 terms, 11 statements"
        steps = seen.page.evaluate("history.length")
        inner.locator("#tab-paths").click()
        inner.locator("#path-from").fill("sedentary lifestyle")
        inner.locator("#path-from").press("Enter")
        inner.locator("#path-to").fill("mobility")
        inner.locator("#path-to").press("Enter")
        assert inner.locator("#path-list ol > li").count() == 3
        # The history belongs to the notebook.
        assert seen.page.evaluate("history.length") == steps
        assert seen.complaints == []
