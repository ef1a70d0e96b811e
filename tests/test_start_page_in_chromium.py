"""The start page of ``kg serve`` in a real browser: ask, see, draw, download, take the code along; nothing asked of others."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.browser import Visit
from tests.serving import CROSS_PRODUCT, Serving, serving
from tests.test_page_for_everyone import axe_faults

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Dialog

HOSTILE = """SELECT ("</script><img src=x onerror=alert(1)>" AS ?text) (IRI("javascript:alert(2)") AS ?link)
(IRI("https://example.org/%3Cb%3E") AS ?iri) {}"""


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    with serving("--quiet", "--timeout", "5") as started:
        yield started


@contextmanager
def start_page(
    browser: Browser, server: Serving, address: str = "/", *, width: int = 1440, dark: bool = False
) -> Iterator[Visit]:
    """Open a page of the server and wait until the first example is answered."""
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
    )
    seen = Visit(page)

    def note_complaint(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            seen.complaints.append(message.text)

    def dismiss(dialog: Dialog) -> None:
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("console", note_complaint)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("dialog", dismiss)
    try:
        page.goto(server.url + address)
        if address.startswith(("/#", "/?")) or address == "/":
            page.wait_for_selector("#answer:not([hidden])")
        yield seen
    finally:
        page.close()


def ask(seen: Visit, query: str) -> None:
    """Type a query and run it as a reader does."""
    seen.page.fill("#editor", query)
    seen.page.press("#editor", "Control+Enter")
    seen.page.wait_for_selector("#stop[hidden]", state="attached")


def test_an_example_is_there_at_once_and_nothing_is_asked_of_others(browser: Browser, server: Serving) -> None:
    with start_page(browser, server) as seen:
        assert "VALUES ?target { pain:tight-hip-flexors }" in seen.page.input_value("#editor")
        assert "stretching" in seen.page.inner_text("#rows")
        assert seen.page.inner_text("#status").startswith("3 rows (")
        seen.page.click("#tab-picture")
        seen.page.frame_locator("#picture").locator("#table, table").first.wait_for(state="attached")
        assert {url.partition("/sparql")[0].rpartition(":")[2].split("/")[0] for url in seen.requests} == {
            str(server.port)
        }
        assert seen.complaints == []


def test_the_page_may_not_reach_out(browser: Browser, server: Serving) -> None:
    with start_page(browser, server) as seen:
        outcome = seen.page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')")
        assert outcome == "refused"
        assert any("Content Security Policy" in complaint for complaint in seen.complaints)


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (360, False), (360, True)])
def test_axe_finds_no_fault_on_any_tab(browser: Browser, server: Serving, width: int, dark: bool) -> None:
    pytest.importorskip("axe_playwright_python", reason="axe-core is not installed (axe-playwright-python)")
    # axe is put into the page by the test, past the page's policy, which would not let it.
    with start_page(browser, server, width=width, dark=dark) as seen:
        for tab in ("table", "picture", "code"):
            seen.page.click(f"#tab-{tab}")
            assert axe_faults(seen) == []


@pytest.mark.parametrize("width", [320, 360, 800, 1440])
def test_it_fits_the_screen(browser: Browser, server: Serving, width: int) -> None:
    with start_page(browser, server, "/#causes-of", width=width) as seen:
        for tab in ("table", "picture", "code"):
            seen.page.click(f"#tab-{tab}")
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_examples_are_found_by_their_words_and_run_when_chosen(browser: Browser, server: Serving) -> None:
    with start_page(browser, server) as seen:
        seen.page.fill("#filter", "serious illness")
        assert seen.texts("#list li:visible small") == ["red-flags"]
        seen.page.fill("#filter", "disputed-claims")
        seen.page.locator("#list li:visible button").first.click()
        seen.page.wait_for_function("() => document.getElementById('status').textContent.includes('row')")
        assert seen.page.url.endswith("#disputed-claims")
        assert seen.page.locator("#list [aria-current=true]").count() == 1
        seen.page.fill("#filter", "no such words")
        assert seen.page.is_visible("#no-example")


def test_an_address_opens_its_example(browser: Browser, server: Serving) -> None:
    with start_page(browser, server, "/#can-lead-to") as seen:
        assert seen.page.inner_text("#rows") == "yes"
        assert seen.page.inner_text("#status").startswith("The answer is yes")


def test_a_graph_is_shown_as_turtle_and_drawn(browser: Browser, server: Serving) -> None:
    with start_page(browser, server) as seen:
        ask(seen, "CONSTRUCT WHERE { ?x kg:hasSymptom pain:shooting-leg-pain }")
        assert "pain:sciatica kg:hasSymptom pain:shooting-leg-pain" in seen.page.inner_text("#rows")
        assert seen.texts("#downloads button") == ["Turtle", "N-Triples", "RDF/XML", "JSON-LD"]
        seen.page.click("#tab-picture")
        seen.page.frame_locator("#picture").locator("html[data-ready]").wait_for(state="attached")
        assert "sciatica" in seen.page.frames[1].content()


def test_numbers_without_terms_become_bars(browser: Browser, server: Serving) -> None:
    with start_page(browser, server) as seen:
        ask(seen, 'SELECT ?word ?number { VALUES (?word ?number) { ("one" 1) ("two" 2) } }')
        seen.page.click("#tab-picture")
        frame = seen.page.frame_locator("#picture")
        frame.locator("rect").first.wait_for()
        assert frame.locator("th").all_inner_texts() == ["one", "two"]
        assert frame.locator("rect").last.get_attribute("width") == "100.00%"
        assert seen.complaints == []


def test_what_cannot_be_drawn_is_said_in_words(browser: Browser, server: Serving) -> None:
    with start_page(browser, server) as seen:
        ask(seen, "ASK {}")
        seen.page.click("#tab-picture")
        frame = seen.page.frame_locator("#picture")
        frame.get_by_text("a yes or no has no picture").wait_for()


def test_a_mistake_is_pointed_at(browser: Browser, server: Serving) -> None:
    with start_page(browser, server) as seen:
        ask(seen, "SELECT *\n{ ?s ?p }")
        assert "line 2, column 3" in seen.page.inner_text("#trouble")
        assert seen.page.evaluate("document.activeElement.id") == "editor"
        assert seen.page.evaluate("document.getElementById('editor').selectionStart") == len("SELECT *\n{ ")
        assert not seen.page.is_visible("#answer")
        ask(seen, "ASK {}")
        assert not seen.page.is_visible("#trouble")


def test_a_runaway_is_told_and_can_be_stopped(browser: Browser, server: Serving) -> None:
    with start_page(browser, server) as seen:
        seen.page.fill("#editor", CROSS_PRODUCT)
        seen.page.click("#run")
        seen.page.click("#stop")
        seen.page.wait_for_function("() => document.getElementById('status').textContent === 'Stopped.'")
        seen.page.click("#run")
        seen.page.wait_for_selector("#trouble:not([hidden])", timeout=20_000)
        assert "took longer than the 5 s" in seen.page.inner_text("#trouble")


def test_hostile_values_are_text_and_nothing_else(browser: Browser, server: Serving) -> None:
    with start_page(browser, server) as seen:
        ask(seen, HOSTILE)
        assert seen.page.locator("#rows img").count() == 0
        assert seen.page.locator("#rows a").evaluate_all("(links) => links.map((link) => link.href)") == [
            "https://example.org/%3Cb%3E"
        ]
        assert "javascript:alert(2)" in seen.page.inner_text("#rows")
        for tab in ("picture", "code"):
            seen.page.click(f"#tab-{tab}")
        seen.page.wait_for_timeout(500)
        assert seen.dialogs == []


@pytest.mark.parametrize(
    ("name", "start"),
    [("Spreadsheet", "\ufeffx\r\n"), ("CSV", "x\r\n"), ("TSV", "?x\n"), ("JSON", "{"), ("XML", "<?xml")],
)
def test_rows_are_downloaded_in_all_formats(
    browser: Browser, server: Serving, name: str, start: str, tmp_path: Path
) -> None:
    with start_page(browser, server) as seen:
        ask(seen, "SELECT ?x { ?x kg:hasSymptom pain:shooting-leg-pain }")
        with seen.page.expect_download() as download:
            seen.page.get_by_role("button", name=name, exact=True).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        content = path.read_bytes().decode()
        assert content.startswith(start)
        assert ("pain:sciatica" if name == "Spreadsheet" else "https://w3id.org/painpath/sciatica") in content


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('SELECT ?x { ?x kg:hasSymptom pain:shooting-leg-pain FILTER(STR(?x) != """a\\"b\\\\""") }', "sciatica"),
        ("ASK { pain:sciatica kg:hasSymptom pain:shooting-leg-pain }", "rue"),
        ("CONSTRUCT WHERE { pain:sciatica kg:hasSymptom pain:shooting-leg-pain }", ""),
    ],
)
def test_the_code_that_is_shown_does_the_same(browser: Browser, server: Serving, query: str, expected: str) -> None:
    with start_page(browser, server) as seen:
        ask(seen, query)
        seen.page.click("#tab-code")
        assert (
            seen.texts("#panel-code h2") == ["Python\nCopy", "R\nCopy", "curl\nCopy"]
            or len(seen.texts("#panel-code pre")) == 3
        )
        python, r, curl = seen.texts("#panel-code pre")
    assert "URLencode(query, reserved = TRUE)" in r
    done = subprocess.run([sys.executable, "-c", python], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert expected in done.stdout
    done = subprocess.run(["bash", "-c", curl], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert (expected or "hasSymptom") in done.stdout


def test_tabs_are_turned_by_arrow_keys(browser: Browser, server: Serving) -> None:
    with start_page(browser, server) as seen:
        seen.page.focus("#tab-table")
        seen.page.keyboard.press("ArrowRight")
        assert seen.page.evaluate("document.activeElement.id") == "tab-picture"
        seen.page.keyboard.press("ArrowRight")
        assert seen.page.is_visible("#panel-code")
        seen.page.keyboard.press("ArrowRight")
        assert seen.page.is_visible("#panel-table")


def test_the_explorer_opens(browser: Browser, server: Serving) -> None:
    with start_page(browser, server, "/explore") as seen:
        seen.page.wait_for_selector("html[data-ready]", state="attached")
        assert seen.complaints == []
        assert [url for url in seen.requests if not url.startswith((server.url, "data:", "blob:"))] == []
