"""The static site: whole, linked within itself, asking nothing of the net, and true to the graph."""

from __future__ import annotations

import base64
import hashlib
import json
import posixpath
import re
import shutil
import sys
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree

import pytest
import rdflib
from rdflib.compare import isomorphic

import kg
from kg.errors import InputError
from kg.evidence import effect_text
from kg.export import FORMATS, export
from kg.namespaces import PREFIXES, expand
from kg.ontology import packaged
from kg.site import site_files
from kg.site.addresses import claim_page, entity_page, file_name
from kg.site.catalogue import Catalogue
from kg.site.downloads import downloads
from kg.site.picture import neighbourhood
from kg.site.schema import documentation
from tests.sites import HOSTILE, Parsed, hostile_ontology, parsed

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx

KG = rdflib.Namespace(PREFIXES["kg"])


@pytest.fixture(scope="module")
def site(graph: kg.KnowledgeGraph) -> dict[str, bytes]:
    return site_files(graph)


@pytest.fixture(scope="module")
def pages(site: dict[str, bytes]) -> dict[str, Parsed]:
    # The explorer is a page of its own making; tests/test_draw.py and others hold it.
    return {path: parsed(raw) for path, raw in site.items() if path.endswith(".html") and path != "explorer.html"}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> kg.KnowledgeGraph:
    return kg.load(hostile_ontology(tmp_path_factory.mktemp("hostile")))


def test_each_entity_claim_and_query_has_a_page(
    graph: kg.KnowledgeGraph, network: nx.MultiDiGraph[str], pages: dict[str, Parsed]
) -> None:
    expected = {entity_page(node) for node in network} | {claim_page(key) for *_, key in network.edges(keys=True)}
    expected |= {f"query/{path.stem}.html" for path in (graph.ontology.folder / "queries").glob("*.rq")}
    found = {path for path in pages if "/" in path}
    assert found == expected
    assert "entity/sciatica.html" in found
    assert len(found) == len(network) + network.number_of_edges() + 57


def broken_links(site: dict[str, bytes], pages: dict[str, Parsed], network: nx.MultiDiGraph[str]) -> list[str]:
    """Return the links within a site that lead nowhere."""
    known = {str(node) for node in network} | {key for *_, key in network.edges(keys=True)}
    faults = []
    for path, page in pages.items():
        for link in page.links:
            if link.startswith(("https://", "http://", "mailto:")):
                continue
            address, fragment = urldefrag(link)
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address))) if address else path
            if target not in site or ":" in address:
                faults.append(f"{path}: {link}")
            elif target == "explorer.html":
                chosen = re.fullmatch(r"(?:node|edge)=(.*)|", fragment)
                if chosen is None or (chosen[1] and unquote(chosen[1]) not in known):
                    faults.append(f"{path}: {link}")
            elif fragment and fragment not in pages[target].ids:
                faults.append(f"{path}: {link}")
    return faults


def test_every_link_leads_to_a_file_and_an_anchor(
    site: dict[str, bytes], pages: dict[str, Parsed], network: nx.MultiDiGraph[str]
) -> None:
    assert sum(len(page.links) for page in pages.values()) > 10_000
    assert broken_links(site, pages, network) == []


def test_every_page_can_be_reached_from_the_start(pages: dict[str, Parsed]) -> None:
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        path = waiting.pop()
        for link in pages[path].links:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), urldefrag(link)[0] or path))
            if target in pages and target not in reached:
                reached.add(target)
                waiting.append(target)
    assert reached == set(pages)


def test_no_page_has_an_id_twice(pages: dict[str, Parsed]) -> None:
    assert [path for path, page in pages.items() if len(page.ids) != len(set(page.ids))] == []


def test_a_page_may_run_and_load_nothing_but_what_it_carries(pages: dict[str, Parsed]) -> None:
    for path, page in pages.items():
        assert set(page.loads) <= {"data:,"}, path
        assert page.handlers == [], path
        carried = [text for kind, text in page.scripts if not kind] + page.styles
        hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in carried}
        assert set(re.findall(r"'sha256-[^']+'", page.policy)) == hashes, path
        assert page.policy.startswith("default-src 'none';")
        assert "unsafe" not in page.policy


def test_the_data_in_an_entity_page_are_the_triples_of_the_entity_and_its_claims(
    graph: kg.KnowledgeGraph, network: nx.MultiDiGraph[str], pages: dict[str, Parsed]
) -> None:
    # From a file: through oxrdflib plain strings carry their datatype, which rdflib takes for another literal.
    whole = rdflib.Graph().parse(data=export(graph, "turtle")["painpath.ttl"], format="turtle")
    for node, attributes in network.nodes(data=True):
        claims = [key for *_, key in [*network.in_edges(node, keys=True), *network.out_edges(node, keys=True)]]
        expected = rdflib.Graph()
        for iri in {attributes["iri"], *map(expand, claims)}:
            expected += whole.triples((rdflib.URIRef(iri), None, None))
        told = rdflib.Graph().parse(data=pages[entity_page(node)].data(), format="json-ld")
        assert len(told) == len(expected) > 3
        assert isomorphic(told, expected), node


def test_the_data_in_a_claim_page_hold_its_evidence(pages: dict[str, Parsed]) -> None:
    told = rdflib.Graph().parse(
        data=pages["claim/sedentary-lifestyle-increases-risk-of-lower-back-pain.html"].data(), format="json-ld"
    )
    claim = rdflib.URIRef(expand("claim:sedentary-lifestyle-increases-risk-of-lower-back-pain"))
    evidence = set(told.objects(claim, KG.evidence))
    assert len(evidence) > 1
    assert all((item, KG.verdict, None) in told for item in evidence)


def test_two_runs_give_the_same_bytes(site: dict[str, bytes]) -> None:
    assert site_files(kg.load()) == site


def test_an_entity_page_tells_all_that_is_known(network: nx.MultiDiGraph[str], pages: dict[str, Parsed]) -> None:
    node = "pain:lower-back-pain"
    page, found = pages[entity_page(node)], network.nodes[node]
    for expected in (found["definition"], *found["synonyms"], *[curie for _, curie in found["identifiers"]]):
        assert expected in page.text
    assert "https://id.nlm.nih.gov/mesh/D017116".replace("https", "http") in page.links
    assert "entity/acute-lower-back-pain.html" in {posixpath.normpath(f"entity/{link}") for link in page.links}
    edges = [edge for _, _, edge in [*network.in_edges(node, data=True), *network.out_edges(node, data=True)]]
    assert len(edges) > 50
    for edge in edges:
        assert edge["label"] in page.text
        for item in edge["evidence"]:
            for said in filter(None, (item.finding, effect_text(item), item.indirectness)):
                assert " ".join(said.split()) in page.text
            source = network.graph["sources"][item.source]
            assert not source.doi or source.doi in page.links
    for heading in ("What leads to it", "What it leads to", "What helps", "Where it is"):
        assert heading in page.text


def test_claims_that_publications_support_come_first_in_a_section(pages: dict[str, Parsed]) -> None:
    text = pages["entity/lower-back-pain.html"].text
    section = text[text.index("What leads to it 33") :]
    assert section.index("● supported") < section.index("◐ mixed") < section.index("○ unreviewed")


def test_the_start_page_puts_red_flags_with_source_and_year_before_all_else(pages: dict[str, Parsed]) -> None:
    text = pages["index.html"].text
    flags = text.index("Signs that need urgent care Emergency care")
    assert flags < text.index("numbness in the saddle area") < text.index("Finucane 2020, J Orthop Sports Phys Ther")
    assert "(published 2020), doi:10.2519/jospt.2020.9971" in text
    assert "The absence of these signs does not mean that a person is safe." in text
    assert text.index("published 2020") < text.index("Find a term or synonym") < text.index("Ways in")
    assert "469 claims about 203 terms, 130 findings of 92 publications, and 751 identifiers" in text


def test_every_page_says_that_it_is_no_medical_advice_and_leads_to_the_red_flags(pages: dict[str, Parsed]) -> None:
    for path, page in pages.items():
        assert "it is no medical advice" in page.text
        assert f"{'../' * path.count('/')}index.html#red-flags" in page.links


def test_a_query_page_has_the_question_the_text_and_the_answer(
    graph: kg.KnowledgeGraph, site: dict[str, bytes], pages: dict[str, Parsed]
) -> None:
    page = pages["query/strategies-for.html"]
    assert "What helps with this, and how well is that supported?" in page.text
    assert "Answer for tight hip flexors" in page.text
    assert 'kg query strategies-for --set target="tight hip flexors"' in page.text
    assert "ORDER BY ?target DESC(?rank)" in page.text
    assert "../entity/pigeon-pose.html" in page.links
    answer = graph.query("strategies-for", target="tight hip flexors").serialize("csv")
    assert site["query/strategies-for.csv"].decode() == answer


def test_every_query_with_parameters_has_a_worked_example_with_an_answer(site: dict[str, bytes]) -> None:
    answers = {path: raw for path, raw in site.items() if path.startswith("query/") and not path.endswith(".html")}
    assert len(answers) == 57
    assert [path for path, raw in answers.items() if raw.count(b"\n") < 1 + path.endswith("csv")] == []


def test_the_disputed_page_lists_the_disputed_claims_and_no_others(
    network: nx.MultiDiGraph[str], pages: dict[str, Parsed]
) -> None:
    disputed = {key for *_, key, edge in network.edges(keys=True, data=True) if edge["standing"] == "Disputed"}
    listed = {link for link in pages["disputed.html"].links if link.startswith("claim/")}
    assert listed == {claim_page(key) for key in disputed}


def test_each_publication_is_listed_with_the_claims_it_was_read_for(
    network: nx.MultiDiGraph[str], pages: dict[str, Parsed]
) -> None:
    page = pages["publications.html"]
    papers = [source for source in network.graph["sources"].values() if source.kind == "Publication"]
    assert {file_name(source.id, "source") for source in papers} <= set(page.ids)
    read = {
        key
        for *_, key, edge in network.edges(keys=True, data=True)
        if any(item.finding is not None for item in edge["evidence"])
    }
    assert {claim_page(key) for key in read} == {link for link in page.links if link.startswith("claim/")}


def test_the_article_page_accounts_for_every_sentence(pages: dict[str, Parsed]) -> None:
    page = pages["article.html"]
    assert "59 sentences" in page.text
    assert len([name for name in page.ids if re.search(r"-\d+$", name)]) == 59
    assert "No claim: " in page.text


def test_the_ontology_page_tells_the_sign_and_the_ends_of_a_relation(pages: dict[str, Parsed]) -> None:
    page = pages["ontology.html"]
    told = {name: page.text.index(f" {name}") for name in ("kg:causes", "kg:relieves", "kg:locatedIn")}
    assert page.text[told["kg:causes"] :].startswith(" kg:causes increases", 0)
    assert page.text[told["kg:relieves"] :].startswith(" kg:relieves decreases", 0)
    located = page.text[told["kg:locatedIn"] :][:700]
    assert not located.startswith((" kg:locatedIn increases", " kg:locatedIn decreases"))
    assert "Subject condition , mechanism , risk factor , symptom" in re.sub(r"\s*,\s*", " , ", located)
    assert "Follows from the chain: is located in, then is part of." in located
    schema = {"Claim", "Finding", "causes", "evidence", "Supports", "supports", "skos-broader"}
    assert schema <= set(page.ids)


def test_every_term_of_the_schema_is_documented(graph: kg.KnowledgeGraph, pages: dict[str, Parsed]) -> None:
    text = pages["ontology.html"].text
    for iri in graph.rdf.subjects(rdflib.RDFS.isDefinedBy, rdflib.URIRef(expand("pain:schema"))):
        assert f" {str(iri).replace(PREFIXES['kg'], 'kg:')} " in text


def test_the_downloads_are_what_export_writes(graph: kg.KnowledgeGraph, site: dict[str, bytes]) -> None:
    # Tables for Spark need an extra, and a site none.
    for name in sorted(set(FORMATS) - {"parquet"}):
        for file, content in export(graph, name).items():
            assert site[f"download/{file}"] == content
    told = json.loads(parsed(site["downloads.html"]).data())
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert {part["contentUrl"] for part in told["distribution"]} == {
        path for path in site if path.startswith("download/")
    }
    assert site["download/schema.ttl"] == (graph.ontology.folder / "schema.ttl").read_bytes()


def test_a_site_needs_no_extra(graph: kg.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyarrow", "pyspark", "pandas", "starlette", "obonet"):
        monkeypatch.setitem(sys.modules, name, None)
    assert [found.name for found in downloads(graph)][:2] == ["painpath.ttl", "painpath.nt"]


def test_the_search_knows_every_entity_and_synonym(network: nx.MultiDiGraph[str], pages: dict[str, Parsed]) -> None:
    (text,) = [text for kind, text in pages["index.html"].scripts if kind == "application/json"]
    found = {href: {label, *synonyms} for label, synonyms, href, _ in json.loads(text)}
    assert found == {entity_page(node): {told["label"], *told["synonyms"]} for node, told in network.nodes(data=True)}


def test_a_sitemap_is_written_where_the_address_of_the_site_is_known(
    graph: kg.KnowledgeGraph, site: dict[str, bytes]
) -> None:
    assert "sitemap.xml" not in site
    assert "sitemap.html" in site
    served = site_files(graph, base_url="https://example.org/pain")
    root = ElementTree.fromstring(served["sitemap.xml"])
    places = [place.text for place in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert places[0] == "https://example.org/pain/article.html"
    assert "https://example.org/pain/" in places
    assert len(places) == sum(path.endswith(".html") for path in served)
    assert (
        b'<link rel="canonical" href="https://example.org/pain/entity/sciatica.html">' in served["entity/sciatica.html"]
    )


@pytest.mark.parametrize(
    "url", ["example.org", "javascript:alert(1)", "https://e.org/?a", "https://e.org/<b>", "ftp://e.org"]
)
def test_an_address_that_is_none_is_refused(graph: kg.KnowledgeGraph, url: str) -> None:
    with pytest.raises(InputError, match="is no address of a site; give one such as"):
        site_files(graph, base_url=url)


def test_hostile_texts_and_addresses_stay_texts(hostile: kg.KnowledgeGraph) -> None:
    site = site_files(hostile, title=HOSTILE)
    found = {path: parsed(raw) for path, raw in site.items() if path.endswith(".html") and path != "explorer.html"}
    assert broken_links(site, found, hostile.network()) == []
    for path, page in found.items():
        assert re.fullmatch(r"[a-z0-9_-]+(/[a-z0-9_-]+)?\.html", path)
        assert page.handlers == []
        assert "img" not in page.tags
        assert [link for link in page.links if link.startswith(("javascript:", "data:"))] == []
        assert len([kind for kind, _ in page.scripts if not kind]) <= 1
        assert set(page.loads) <= {"data:,"}
        assert len(page.ids) == len(set(page.ids))
        for kind, text in page.scripts:
            if kind:
                json.loads(text)
    entity = found[entity_page("javascript:alert(4)")]
    assert HOSTILE in entity.text
    assert "{{ 7*7 }}" in entity.text
    told = rdflib.Graph().parse(data=entity.data(), format="json-ld")
    label = rdflib.Literal(HOSTILE, lang="en")
    assert (rdflib.URIRef("javascript:alert(4)"), rdflib.SKOS.prefLabel, label) in told


def test_the_picture_of_an_entity_shows_its_nearest_on_the_side_they_act_from(
    graph: kg.KnowledgeGraph, network: nx.MultiDiGraph[str]
) -> None:
    catalogue = Catalogue(network, graph.store)
    known = {entity.term.curie: entity for entity in catalogue.entities}
    picture = neighbourhood(known["pain:sciatica"])
    assert picture is not None
    boxes = {" ".join(line for _, line in shape.lines): shape for shape in picture.shapes if shape.outline}
    middle = boxes["sciatica"]
    assert boxes["herniated disc"].x == boxes["spinal surgery"].x < middle.x < boxes["leg"].x
    assert boxes["herniated disc"].href == "../entity/herniated-disc.html"
    assert len(picture.arrows) == len(boxes) - 1
    assert {arrow.title: arrow.sign for arrow in picture.arrows}["herniated disc causes sciatica"] == 1
    assert "and 1 more" in {shape.lines[0][1] for shape in picture.shapes if not shape.outline}
    assert all(
        shape.y - shape.height / 2 >= 0 and shape.y + shape.height / 2 <= picture.height for shape in boxes.values()
    )


def test_the_ontology_counts_the_claims_with_a_relation_or_one_below_it(
    graph: kg.KnowledgeGraph, network: nx.MultiDiGraph[str]
) -> None:
    uses = {term.curie: term.uses for term in documentation(graph).relations}
    edges = [edge for *_, edge in network.edges(data=True)]
    signs = [edge["sign"] for edge in edges]
    assert (uses["kg:increases"], uses["kg:decreases"]) == (signs.count(1), signs.count(-1))
    predicates = [edge["predicate"] for edge in edges]
    assert uses["kg:hasFunction"] == predicates.count("kg:hasFunction") > 0


def test_a_graph_of_a_schema_alone_has_a_site_too(tmp_path: Path) -> None:
    folder = tmp_path / "ontology"
    folder.mkdir()
    shutil.copy(packaged().folder / "schema.ttl", folder)
    shutil.copytree(packaged().folder / "rules", folder / "rules")
    site = site_files(kg.load(folder))
    assert "0 claims about 0 terms" in parsed(site["index.html"]).text
    assert "No claim of this graph is disputed." in parsed(site["disputed.html"]).text
    assert "red-flags" not in parsed(site["index.html"]).ids


def test_names_of_files_are_plain_and_never_the_same() -> None:
    curies = [
        "pain:a",
        "pain:A",
        "ex:a",
        "pain:con",
        "pain:..",
        "pain:",
        "pain:a_b",
        "https://e.org/a",
        "pain:" + "x" * 300,
    ]
    names = [file_name(curie, "pain") for curie in curies]
    assert len(set(names)) == len(curies)
    assert all(re.fullmatch(r"[a-z0-9_-]{1,130}", name) for name in names)
    assert names[0] == "a"
