"""Whatever stands in a label, definition, IRI, language, key or address is text: nothing runs, nothing is asked of the net."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import networkx as nx
import pytest

from kg.drawing import draw
from kg.evidence import Evidence, Source
from tests.browser import visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CORPUS = (Path(__file__).parent / "data" / "hostile-texts.txt").read_text(encoding="utf-8").splitlines()
# What no line of a text file can hold.
CORPUS += ["line\u2028separator\u2029here", "null\x00byte\x1b[31m", "two\nlines\r\nhere", " ", "x" * 20_000]


def hostile_network() -> nx.MultiDiGraph[str]:
    """Return one node and one edge for each text of the corpus, which stands in every place that is shown."""
    sources = {text: Source(text, text, text, doi=text, pmid=text, url=text, journal=text) for text in CORPUS}
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=CORPUS[0], sources=sources)
    for text in CORPUS:
        network.add_node(
            text, label=text, classes=(text, "Condition"), definition=text, note=text, synonyms=(text, f"{text} too"),
            broader=(text,), category=text, iri=text, identifiers=((text, text), ("skos:exactMatch", text)), lang=text,
        )  # fmt: skip
    for number, text in enumerate(CORPUS):
        evidence = Evidence(
            text, text, text, section=text, sentence=3, design=text, finding=text, effect_measure=text, grade=text,
            indirectness=text,
        )  # fmt: skip
        network.add_edge(
            text, CORPUS[(number + 1) % len(CORPUS)], key=text, label=text, predicate=text, comment=text,
            certainty=text, standing=text, sign=1, asserted=True, evidence=(evidence,),
        )  # fmt: skip
    return network


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    flags = [(text, text, text, f"{text}, {text}") for text in CORPUS]
    page = draw(hostile_network(), title=CORPUS[1], intro="\n\n".join(CORPUS), red_flags=flags)
    return page.write(tmp_path_factory.mktemp("pages") / "hostile.html")


def test_every_place_that_shows_text_shows_text_alone(browser: Browser, hostile: Path) -> None:
    with visit(browser, hostile) as seen:
        before = seen.page.evaluate(
            "[...document.querySelectorAll('script')].map((one) => one.textContent).join('').length"
        )
        for kind in ("edges", "nodes"):
            seen.page.click(f"#{kind}-fold summary")
        for number in range(len(CORPUS)):
            for choice in (f"{{ node: {number}, edge: null }}", f"{{ edge: {number}, node: null }}"):
                seen.page.evaluate(f"kgPage.choose({choice})")
                seen.told()
        seen.page.wait_for_function("() => document.documentElement.dataset.told > 100")
        for tab in ("paths", "plan"):
            seen.page.click(f"#tab-{tab}")
        seen.page.evaluate("kgPage.choose({ tab: 'paths', from: 0, to: 3 })")
        seen.page.evaluate("kgPage.choose({ tab: 'plan', factors: [0, 1], outcome: 4 })")
        for text in CORPUS[:8]:
            seen.page.fill("#search", text)
        for made in ("csvText()", "turtleText()", "svgText()", "pngAddress().length"):
            assert seen.page.evaluate(f"kgPage.{made}")
        strange = (
            "img, iframe, object, base, link, math, form:not(#search-form), "
            "[onload], [onerror], [onclick], [onfocus], [onmouseover]"
        )
        assert seen.page.locator(strange).count() == 0
        links = seen.page.evaluate("[...document.querySelectorAll('a')].map((one) => one.protocol)")
        assert set(links) <= {"http:", "https:", "mailto:"}
        after = seen.page.evaluate(
            "[...document.querySelectorAll('script')].map((one) => one.textContent).join('').length"
        )
        assert after == before
        assert seen.page.evaluate("Object.keys(Object.prototype).length") == 0
        assert (seen.dialogs, seen.requests, seen.complaints) == ([], [], [])


def test_only_web_and_mail_addresses_become_links(browser: Browser, hostile: Path) -> None:
    with visit(browser, hostile) as seen:
        hrefs = set()
        for number in range(len(CORPUS)):
            seen.page.evaluate(f"kgPage.choose({{ node: {number}, edge: null }})")
            seen.told()
            hrefs.update(
                seen.page.evaluate("[...document.querySelectorAll('#told a')].map((one) => one.getAttribute('href'))")
            )
        assert hrefs == set()


def test_an_address_may_hold_anything(browser: Browser, hostile: Path) -> None:
    with visit(browser, hostile, f"#node={quote(CORPUS[0])}&tab={quote(CORPUS[0])}") as seen:
        for text in CORPUS[:-1]:
            name = quote(text)
            for address in (
                f"#node={name}&edge={name}&from={name}&factor={name}&hide-look={name}&path={name}&tab={name}&steps={name}",
                f"#{name}",
                f"#{name}={name}",
            ):
                seen.page.evaluate("(address) => { location.hash = address; }", address)
        seen.page.evaluate("location.hash = '#tab=plan'")
        seen.page.wait_for_selector("#tab-plan[aria-selected=true]")
        assert (seen.dialogs, seen.requests, seen.complaints) == ([], [], [])


def test_the_turtle_of_hostile_texts_is_still_turtle(browser: Browser, hostile: Path) -> None:
    import pyoxigraph as ox

    with visit(browser, hostile) as seen:
        text = seen.page.evaluate("kgPage.turtleText()")
    labels = {
        str(quad.object) for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE) if "prefLabel" in str(quad)
    }
    named = [found["label"] for _, found in hostile_network().nodes(data=True)]
    assert labels == {str(ox.Literal(label if label.strip() else "(no name)", language="en")) for label in named}
