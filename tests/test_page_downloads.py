"""What is shown can be taken along: as CSV, as Turtle that says the same, as pictures, and on paper."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib

from kg.drawing import draw
from kg.namespaces import KG, expand
from tests.browser import small_pathway, visit

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx
    from playwright.sync_api import Browser


def test_the_turtle_of_the_explorer_holds_the_claims_and_evidence_of_our_graph(
    browser: Browser, explorer: Path, network: nx.MultiDiGraph[str]
) -> None:
    with visit(browser, explorer) as seen:
        text = seen.page.evaluate("kgPage.turtleText()")
    ours, read = rdflib.Graph().parse(data=text, format="turtle"), ox.Store()
    read.load(text.encode(), format=ox.RdfFormat.TURTLE)
    assert len(ours) == len(read)

    def named(predicate: rdflib.URIRef) -> dict[str, str]:
        return {str(subject): str(value) for subject, value in ours.subject_objects(predicate)}

    subjects, predicates, objects = map(named, (rdflib.RDF.subject, rdflib.RDF.predicate, rdflib.RDF.object))
    claims = {str(claim) for claim in ours.subjects(rdflib.RDF.type, rdflib.URIRef(KG + "Claim"))}
    assert {(claim, subjects[claim], predicates[claim], objects[claim]) for claim in claims} == {
        (expand(key), expand(u), expand(edge["predicate"]), expand(v))
        for u, v, key, edge in network.edges(keys=True, data=True)
    }
    items = [(key, item) for *_, key, edge in network.edges(keys=True, data=True) for item in edge["evidence"]]
    assert {(str(s), str(o)) for s, o in ours.subject_objects(rdflib.URIRef(KG + "evidence"))} == {
        (expand(key), expand(item.id)) for key, item in items
    }
    assert named(rdflib.URIRef(KG + "effectValue")) == {
        expand(item.id): str(item.effect_value) for _, item in items if item.effect_value is not None
    }


def test_the_csv_holds_what_is_shown_and_no_more(
    browser: Browser, explorer: Path, network: nx.MultiDiGraph[str]
) -> None:
    with visit(browser, explorer, "#hide-look=Strategy") as seen:
        rows = list(csv.DictReader(io.StringIO(seen.page.evaluate("kgPage.csvText()"))))
    strategies = {node for node, found in network.nodes(data=True) if found["classes"][0] == "Strategy"}
    expected = {key for u, v, key in network.edges(keys=True) if not strategies & {u, v}}
    assert {row["claim"] for row in rows} == expected
    (row,) = [row for row in rows if row["claim"] == "claim:herniated-disc-causes-sciatica"]
    (edge,) = [edge for *_, key, edge in network.edges(keys=True, data=True) if key == row["claim"]]
    assert (row["subject_label"], row["predicate"], row["object"]) == ("herniated disc", "kg:causes", "pain:sciatica")
    assert (row["certainty"], row["standing"], row["sign"]) == (edge["certainty"], edge["standing"], "1")
    assert row["sources"].split() == list(dict.fromkeys(item.source for item in edge["evidence"]))


def test_a_spreadsheet_takes_no_label_for_a_formula(browser: Browser, tmp_path: Path) -> None:
    network = small_pathway()
    network.nodes["pain:mobility"]["label"] = '=HYPERLINK("http://x.org")'
    with visit(browser, draw(network).write(tmp_path / "page.html")) as seen:
        rows = list(csv.DictReader(io.StringIO(seen.page.evaluate("kgPage.csvText()"))))
    assert '\'=HYPERLINK("http://x.org")' in {row["object_label"] for row in rows}


@pytest.mark.parametrize("name", ["svg", "csv", "turtle", "png"])
def test_each_download_is_a_file_with_the_page_s_name(browser: Browser, tmp_path: Path, name: str) -> None:
    with visit(browser, draw(small_pathway(), title="A Pathway").write(tmp_path / "page.html")) as seen:
        seen.page.click("#download-menu summary")
        with seen.page.expect_download() as begun:
            seen.page.click(f"[data-download={name}]")
        ending = {"turtle": "ttl"}.get(name, name)
        assert begun.value.suggested_filename == f"a-pathway.{ending}"
        content = begun.value.path().read_bytes()
        assert content.startswith({"png": b"\x89PNG", "svg": b"<svg", "csv": b"subject,", "turtle": b"@prefix"}[name])
        assert (seen.requests, seen.complaints) == ([], [])


def test_the_svg_shows_every_node_and_edge_that_is_shown(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, draw(small_pathway()).write(tmp_path / "page.html")) as seen:
        picture = ElementTree.fromstring(seen.page.evaluate("kgPage.svgText()"))
    space = "{http://www.w3.org/2000/svg}"
    assert sum("transform" in group.attrib for group in picture.iter(f"{space}g")) == 9
    assert "muscle imbalance causes lower back pain" in [title.text for title in picture.iter(f"{space}title")]


def test_paper_shows_the_whole_picture_and_not_the_buttons(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, draw(small_pathway()).write(tmp_path / "page.html")) as seen:
        seen.page.emulate_media(media="print")
        seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert seen.page.locator("#paper svg").is_visible()
        assert seen.page.locator(".toolbar").is_hidden()
        assert seen.page.locator("h1").is_visible()
        assert len(seen.page.pdf()) > 10_000
