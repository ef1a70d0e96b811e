"""The site in a real browser, over file: it asks nothing of the net, fits every screen, and all can be done by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import kg
from kg.files import write_folder
from kg.site import site_files
from tests.browser import chromium
from tests.sites import HOSTILE, hostile_ontology

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

KINDS = [
    "index.html",
    "terms.html",
    "claims.html",
    "disputed.html",
    "publications.html",
    "article.html",
    "queries.html",
    "query/strategies-for.html",
    "query/causal-graph-to.html",
    "ontology.html",
    "downloads.html",
    "sitemap.html",
    "entity/lower-back-pain.html",
    "entity/red-flag-saddle-numbness.html",
    "claim/sedentary-lifestyle-increases-risk-of-lower-back-pain.html",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(graph: kg.KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sites") / "site"
    write_folder(folder, site_files(graph))
    return folder


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    yield opened
    opened.close()


def watched(page: Page) -> tuple[list[str], list[str]]:
    """Return lists that fill with requests that leave the machine, and with errors and dialogs."""
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda asked: None if asked.url.startswith(("file:", "data:")) else requests.append(asked.url))
    page.on("console", lambda told: complaints.append(told.text) if told.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def dismiss(dialog: object) -> None:
        complaints.append("a dialog opened")
        dialog.dismiss()  # type: ignore[attr-defined] # what playwright hands over

    page.on("dialog", dismiss)
    return requests, complaints


def test_pages_ask_nothing_of_the_net_and_complain_of_nothing(page: Page, site: Path) -> None:
    requests, complaints = watched(page)
    for name in KINDS:
        page.goto((site / name).as_uri())
    # Shown by ``pytest -rP``.
    print(f"requests other than file: and data: = {len(requests)}")
    assert requests == []
    assert complaints == []


def test_a_page_is_not_allowed_to_reach_out(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    outcome = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')")
    assert outcome == "refused"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1440, 360])
def test_axe_finds_no_fault(browser: Browser, site: Path, width: int, dark: bool) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    # Axe is a script of its own, which the policy of our pages would not let in.
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", bypass_csp=True
    )
    opened = context.new_page()
    for name in KINDS:
        opened.goto((site / name).as_uri())
        opened.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        found = axe.Axe().run(opened).response["violations"]
        assert [(name, fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
    context.close()


@pytest.mark.parametrize("width", [320, 360, 720])
def test_no_page_is_wider_than_a_narrow_screen(browser: Browser, site: Path, width: int) -> None:
    opened = browser.new_page(viewport={"width": width, "height": 800})
    for name in KINDS:
        opened.goto((site / name).as_uri())
        opened.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, name
    opened.close()


def test_a_term_is_found_by_its_synonym_and_opened_by_keyboard_alone(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.get_by_label("Find a term or synonym").focus()
    page.keyboard.type("slipped disc")
    assert page.locator("#search-count").inner_text() == "1 term"
    assert page.locator("#found").inner_text() == "herniated disc condition, also called slipped disc"
    page.keyboard.press("Enter")
    page.wait_for_url("**/entity/herniated-disc.html")
    assert page.locator("h1").inner_text().lower() == "herniated disc"


def test_the_search_ranks_as_kg_find_does_and_forgives_a_slip(graph: kg.KnowledgeGraph, page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    field = page.get_by_label("Find a term or synonym")
    for text in ("back", "hip flexor", "disc", "sitting"):
        field.fill(text)
        labels = page.locator("#found a").all_inner_texts()
        assert set(labels) <= {match.label for match in graph.names.search(text)}
        assert labels[0] == graph.names.search(text)[0].label
    field.fill("siatica")
    assert page.locator("#search-count").inner_text() == "Nothing is called that. Did you mean:"
    assert page.locator("#found a").first.inner_text() == "sciatica"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "sciatica"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert field.input_value() == ""
    assert page.locator("#found li").count() == 0


def test_a_list_is_filtered_as_one_types(page: Page, site: Path) -> None:
    page.goto((site / "claims.html").as_uri())
    assert page.locator(".filtered li:visible").count() == 469
    page.get_by_label("Filter the claims").fill("yoga lower back")
    shown = page.locator(".filtered li:visible").all_inner_texts()
    assert 0 < len(shown) < 10
    assert all("yoga" in text.lower() and "lower back" in text for text in shown)
    assert page.locator("#filter-count").inner_text() == f"{len(shown)} claims shown"


def test_the_first_tab_stops_skip_the_menu_and_lead_to_the_red_flags(page: Page, site: Path) -> None:
    page.goto((site / "entity" / "sciatica.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.get_by_role("link", name="Signs that need urgent care").press("Enter")
    page.wait_for_url("**/index.html#red-flags")
    assert page.get_by_role("heading", name="Signs that need urgent care").is_visible()


def test_the_explorer_opens_with_the_term_or_claim_that_one_came_from(page: Page, site: Path) -> None:
    for name, told in (
        ("entity/sciatica.html", "sciatica"),
        ("claim/herniated-disc-causes-sciatica.html", "herniated disc causes sciatica"),
    ):
        page.goto((site / name).as_uri())
        page.get_by_role("link", name="See it in the explorer").click()
        page.wait_for_selector("html[data-ready]", state="attached")
        assert page.locator("#told h2").inner_text() == told


def test_evidence_unfolds_by_keyboard_and_is_there_on_paper(page: Page, site: Path) -> None:
    page.goto((site / "entity" / "sciatica.html").as_uri())
    summary = page.locator("summary").first
    proof = page.locator("details .proofs").first
    assert not proof.is_visible()
    page.emulate_media(media="print")
    assert proof.evaluate("(list) => list.getBoundingClientRect().height") > 10
    page.emulate_media(media="screen")
    summary.focus()
    page.keyboard.press("Enter")
    assert proof.is_visible()


def test_without_scripts_all_terms_are_still_at_hand(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto((site / "index.html").as_uri())
    opened.get_by_role("link", name="the list of all terms").click()
    assert opened.get_by_role("link", name="sciatica", exact=True).is_visible()
    context.close()


def test_hostile_texts_do_nothing(page: Page, tmp_path: Path) -> None:
    files = site_files(kg.load(hostile_ontology(tmp_path)), title=HOSTILE)
    write_folder(tmp_path / "site", files)
    requests, complaints = watched(page)
    # Names with an underscore are those of things whose own names were none for a file.
    strange = [path for path in files if "_" in path and path.endswith(".html")]
    assert len(strange) > 4
    for name in [*strange, *KINDS, "query/zz-hostile.html"]:
        page.goto((tmp_path / "site" / name).as_uri())
        assert page.locator("main img, main svg[onload]").count() == 0
    page.goto((tmp_path / "site" / "index.html").as_uri())
    page.get_by_label("Find a term or synonym").fill("onerror")
    assert "alert(2)" in page.locator("#found").inner_text()
    assert requests == []
    assert complaints == []
