"""All can be done by keyboard, heard, and read: axe-core finds no fault, and the tables hold what the drawing holds."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from kg.drawing import draw
from tests.browser import small_pathway, visit

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx
    from playwright.sync_api import Browser

_AXE = """axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
  .then(({ violations }) => violations.map(({ id, help, nodes }) => [id, help, nodes.map((node) => node.html.slice(0, 120))]))"""


@pytest.fixture(scope="module")
def pathway(tmp_path_factory: pytest.TempPathFactory) -> Path:
    flags = [
        ("loss of bladder control", "emergency care", "cauda equina syndrome", "A 2020, J, https://doi.org/10.1000/1")
    ]
    return draw(small_pathway(), title="Pathway", red_flags=flags).write(
        tmp_path_factory.mktemp("pages") / "pathway.html"
    )


def axe_faults(seen: Any) -> list[Any]:  # a Visit
    """Return what axe-core finds, with all folds open."""
    seen.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    seen.page.wait_for_timeout(150)
    seen.page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    faults: list[Any] = seen.page.evaluate(_AXE)
    return faults


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (360, True)])
@pytest.mark.parametrize(
    "address",
    [
        "",
        "#node=pain:sciatica",
        "#edge=claim:herniated-disc-causes-sciatica",
        "#tab=paths&from=pain:sedentary-lifestyle&to=pain:lower-back-pain&path=1",
        "#tab=plan&factor=pain:obesity&outcome=pain:lower-back-pain&strategy=pain:exercise",
    ],
)
def test_axe_finds_no_fault(browser: Browser, explorer: Path, address: str, width: int, dark: bool) -> None:
    pytest.importorskip("axe_playwright_python", reason="axe-core is not installed (axe-playwright-python)")
    with visit(browser, explorer, address, width=width, dark=dark) as seen:
        if address.startswith(("#node", "#edge")):
            seen.told()
        assert axe_faults(seen) == []


def focused(seen: Any) -> str:  # a Visit
    where: str = seen.page.evaluate(
        "[document.activeElement].map((one) => one.id || one.getAttribute('aria-label') || one.textContent.trim())[0]"
    )
    return where


def test_a_tour_by_keyboard_alone(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        press = seen.page.keyboard.press
        # What needs urgent care comes before everything else.
        press("Tab")
        assert focused(seen).startswith("Signs that need urgent care")
        press("Enter")
        assert seen.page.locator(".flags li").is_visible()
        press("Enter")
        # Search, choose a suggestion, read about it, and leave it.
        press("Tab")
        assert focused(seen) == "search"
        seen.page.keyboard.type("tight")
        press("ArrowDown")
        press("Enter")
        assert seen.told() == "tight hip flexors"
        assert focused(seen) == "tight hip flexors"
        press("Escape")
        seen.page.wait_for_selector("#details", state="hidden")
        # The drawing: from term to term, the way the arrows look.
        assert focused(seen) == "canvas"
        press("ArrowRight")
        first = seen.told()
        press("ArrowRight")
        seen.page.wait_for_function("(before) => document.querySelector('#told h2').textContent !== before", arg=first)
        assert focused(seen) == "canvas"
        press("Enter")
        assert focused(seen) == seen.told()
        # On to the tabs, which arrows change.
        seen.page.focus("#tab-legend")
        press("ArrowRight")
        assert seen.page.get_attribute("#tab-paths", "aria-selected") == "true"
        press("Tab")
        assert focused(seen) == "path-from"
        seen.page.keyboard.type("sedentary")
        press("Enter")
        press("Tab")
        seen.page.keyboard.type("mobility")
        press("Enter")
        assert seen.page.locator("#path-list ol > li").count() == 3
        for _ in range(3):
            press("Tab")
        assert focused(seen).startswith("sedentary lifestyle")
        press("Enter")
        assert seen.page.locator("#path-list [aria-pressed=true]").count() == 1
        assert seen.complaints == []


def test_zoom_and_pan_by_keyboard(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        scale, place = "kgPage.network.getScale()", "kgPage.network.getViewPosition().x"
        start, left = seen.page.evaluate(scale), seen.page.evaluate(place)
        seen.page.focus("#canvas")
        seen.page.keyboard.press("-")
        assert seen.page.evaluate(scale) < start
        seen.page.keyboard.press("Shift+ArrowRight")
        assert seen.page.evaluate(place) > left
        seen.page.keyboard.press("0")
        assert seen.page.evaluate(scale) == pytest.approx(start, rel=0.02)


def test_a_row_can_be_chosen_and_left_by_keyboard_alone(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        seen.page.focus("#edges-fold summary")
        seen.page.keyboard.press("Enter")
        seen.page.focus("#edges-table tbody button >> nth=0")
        row = focused(seen)
        seen.page.keyboard.press("Enter")
        told = seen.told()
        assert focused(seen) == told
        seen.page.keyboard.press("Escape")
        seen.page.wait_for_selector("#details", state="hidden")
        assert focused(seen) == row


def test_the_tables_hold_what_the_drawing_shows_and_can_be_sorted(
    browser: Browser, explorer: Path, network: nx.MultiDiGraph[str]
) -> None:
    with visit(browser, explorer, "#hide-look=AnatomicalStructure&hide-standing=Unreviewed") as seen:
        for kind in ("edges", "nodes"):
            seen.page.click(f"#{kind}-fold summary")
            seen.page.wait_for_selector(f"#{kind}-table tbody tr")
        shown = {node for node, found in network.nodes(data=True) if found["classes"][0] != "AnatomicalStructure"}
        edges = [
            edge
            for u, v, edge in network.edges(data=True)
            if u in shown and v in shown and edge["standing"] != "Unreviewed"
        ]
        assert sorted(seen.texts("#nodes-table tbody td:first-child")) == sorted(
            network.nodes[n]["label"] for n in shown
        )
        assert seen.page.locator("#edges-table tbody tr").count() == len(edges)
        assert seen.texts("#edges-count") == [f"{len(edges)} of {network.number_of_edges()} statements"]
        sort = seen.page.get_by_role("button", name="Standing", exact=True)
        sort.click()
        standings = [text.split("\u00a0")[1] for text in seen.texts("#edges-table tbody td:last-child")]
        assert standings == sorted(standings, key=["Supported", "Mixed", "Disputed"].index)
        assert seen.page.locator("#edges-table th[aria-sort=ascending]").inner_text().startswith("Standing")
        sort.click()
        assert seen.texts("#status") == ["Sorted by standing, descending"]
        seen.page.get_by_role("button", name="Links in", exact=True).click()
        counts = [int(text) for text in seen.texts("#nodes-table tbody td:nth-child(3)")]
        assert counts == sorted(counts, reverse=True)


def test_a_long_table_comes_in_parts(browser: Browser, tmp_path: Path) -> None:
    import networkx as nx

    with visit(browser, draw(nx.path_graph(700, nx.DiGraph)).write(tmp_path / "long.html")) as seen:
        seen.page.click("#nodes-fold summary")
        seen.page.wait_for_selector("#nodes-table tbody tr")
        assert seen.page.locator("#nodes-table tbody tr").count() == 200
        for shown in (400, 600, 700):
            seen.page.click("#nodes-more")
            assert seen.page.locator("#nodes-table tbody tr").count() == shown
        assert seen.page.is_hidden("#nodes-more")
