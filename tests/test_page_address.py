"""What is chosen stands in the page's address: it can be sent, and the browser's back button undoes it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from kg.drawing import draw
from tests.browser import small_pathway, visit

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def pathway(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(small_pathway(), title="Pathway").write(tmp_path_factory.mktemp("pages") / "pathway.html")


def test_back_and_forward_follow_what_was_chosen(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway) as seen:
        seen.choose(node="pain:muscle-weakness")
        assert seen.told() == "muscle weakness"
        seen.page.get_by_role("button", name="muscle imbalance", exact=True).click()
        seen.page.wait_for_function("() => document.querySelector('#told h2')?.textContent === 'muscle imbalance'")
        assert unquote(seen.page.url).endswith("#node=pain:muscle-imbalance")
        seen.page.go_back()
        seen.page.wait_for_function("() => document.querySelector('#told h2')?.textContent === 'muscle weakness'")
        seen.page.go_back()
        seen.page.wait_for_selector("#details", state="hidden")
        seen.page.go_forward()
        assert seen.told() == "muscle weakness"


@pytest.mark.parametrize(
    "address",
    [
        "#node=pain:mobility&steps=2&way=up&only=1",
        "#edge=claim:lower-back-pain-reduces-mobility",
        "#tab=paths&from=pain:prolonged-sitting&to=pain:mobility&effect=decreases&path=2",
        "#tab=plan&factor=pain:prolonged-sitting&outcome=pain:lower-back-pain&strategy=pain:stretching",
        "#hide-look=Strategy&hide-sign=-1&hide-standing=Mixed",
    ],
)
def test_an_address_brings_back_what_was_chosen(browser: Browser, pathway: Path, address: str) -> None:
    with visit(browser, pathway, address) as seen:
        # Choosing nothing new writes the address anew, from what was understood of it.
        seen.page.evaluate("kgPage.choose({})")
        assert unquote(seen.page.url).endswith(address)
        assert seen.complaints == []


def test_a_link_to_what_the_page_does_not_hold_says_so(browser: Browser, pathway: Path) -> None:
    with visit(browser, pathway, "#node=pain:flat-feet&steps=9&tab=stars&path=-1&edge=99999") as seen:
        assert seen.texts("#status") == ["The link names what is not on this page: pain:flat-feet, 99999"]
        assert seen.complaints == []


def test_a_page_opens_as_its_maker_chose_unless_the_address_says_otherwise(browser: Browser, tmp_path: Path) -> None:
    path = draw(small_pathway(), opening=[("node", "pain:mobility")]).write(tmp_path / "page.html")
    with visit(browser, path) as seen:
        assert seen.told() == "mobility"
    with visit(browser, path, "#node=pain:stretching") as seen:
        assert seen.told() == "stretching"
