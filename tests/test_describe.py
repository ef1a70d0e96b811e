"""All about one entity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.citations import citation, cited, standing_mark
from kg.describe import description, description_text
from kg.errors import UnknownTermError
from kg.redflags import red_flags

if TYPE_CHECKING:
    import networkx as nx


def test_each_claim_of_a_term_stands_under_one_heading(network: nx.MultiDiGraph[str]) -> None:
    for node in network:
        groups = description(network, node).groups
        claims = [statement.claim for group in groups for statement in group.statements]
        assert len(claims) == len(set(claims)) == network.degree(node)


def test_what_helps_is_told_apart_from_what_leads_to_it(network: nx.MultiDiGraph[str]) -> None:
    groups = {group.heading: group for group in description(network, "pain:lower-back-pain").groups}
    assert "claim:ageing-increases-risk-of-lower-back-pain" in {s.claim for s in groups["What leads to it"].statements}
    assert "claim:yoga-relieves-lower-back-pain" in {s.claim for s in groups["What helps"].statements}
    assert "claim:lower-back-pain-located-in-lower-back" in {s.claim for s in groups["Where it is"].statements}


def test_a_claim_that_nobody_asserts_is_said_to_be_so(network: nx.MultiDiGraph[str]) -> None:
    text = description_text(description(network, "pain:opioid"))
    assert "[possible, disputed; no source that was read says so]" in text


def test_the_text_ends_with_identifiers(network: nx.MultiDiGraph[str]) -> None:
    assert "Identifiers\n" in description_text(description(network, "pain:sciatica"))
    assert "skos:exactMatch    MONDO:0024333" in description_text(description(network, "pain:sciatica"))


def test_a_strange_node_is_an_unknown_term(network: nx.MultiDiGraph[str]) -> None:
    with pytest.raises(UnknownTermError):
        description(network, "pain:elbow")


def test_sources_are_cited_each_once_with_the_article_first(network: nx.MultiDiGraph[str]) -> None:
    edge = network.edges["pain:exercise", "pain:lower-back-pain", "claim:exercise-prevents-lower-back-pain"]
    text = cited(edge["evidence"], network.graph["sources"])
    assert text.startswith("article, strategies 2; ")
    assert text.count("Steffens D 2016") == 1


def test_standings_have_signs_that_need_no_colour() -> None:
    marks = {standing_mark(standing) for standing in ("Supported", "Mixed", "Disputed", "Unreviewed")}
    assert len(marks) == 4


def test_the_nine_red_flags_come_with_care_suspicion_and_source(network: nx.MultiDiGraph[str]) -> None:
    flags = red_flags(network)
    assert len(flags) == 9
    assert [care for _, care, _, _ in flags] == ["emergency care"] * 5 + ["urgent medical assessment"] * 4
    assert {suspect for _, _, suspect, _ in flags} == {
        "cauda equina syndrome",
        "spinal fracture",
        "spinal malignancy",
        "spinal infection",
    }
    assert all("doi.org/10.2519/jospt.2020.9971" in cited for *_, cited in flags)


def test_a_source_without_a_doi_is_cited_by_its_pubmed_address(network: nx.MultiDiGraph[str]) -> None:
    assert citation(network.graph["sources"]["source:qaseem-2017"]).endswith("https://pubmed.ncbi.nlm.nih.gov/28192789")
