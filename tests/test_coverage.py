"""Tests of the way from the article's sentences to the claims."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.coverage import SentenceCoverage, coverage, coverage_text, uncovered
from kg.namespaces import PREFIXES
from kg.queries import run
from kg.results import Solutions

if TYPE_CHECKING:
    import kg

# Section, number, start and end of the 59 sentences in the table that the article was cut into, one line each, separated by
# tabs, in the order of the article. Rebuild it with: cut -f1-4 sentences.tsv | tail -n +2 | sha256sum
LOCATORS = "c7400000aca941087745458ef5f9c005a58f49724991450a94972895bba0a5a0"
TWO_SENTENCES = """
source:lay a kg:Article .
source:lay-z a kg:Section ; dcterms:isPartOf source:lay ; kg:section "z" ; kg:rank 1 .
source:lay-a a kg:Section ; dcterms:isPartOf source:lay ; kg:section "a" ; kg:rank 2 .
evidence:a-1 a kg:Sentence ; dcterms:source source:lay ; kg:section "a" ; kg:sentence 1 .
evidence:z-1 a kg:Sentence ; dcterms:source source:lay ; kg:section "z" ; kg:sentence 1 ; kg:statesNothing "A greeting."@en .
claim:y a kg:Claim ; kg:evidence evidence:a-1 .
claim:x a kg:Claim ; kg:evidence evidence:a-1 .
"""


def store_of(text: str) -> ox.Store:
    header = "".join(
        f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("kg", "claim", "evidence", "source", "dcterms")
    )
    store = ox.Store()
    store.load(header + text, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("urn:x"))
    return store


def faults_of(text: str) -> list[tuple[str, str]]:
    return [(fault.focus, fault.rule) for fault in uncovered(store_of(text))]


def test_every_locator_names_a_sentence_of_the_article(graph: kg.KnowledgeGraph) -> None:
    query = """SELECT ?section ?sentence ?start ?end WHERE {
      ?evidence a kg:Sentence ; kg:section ?section ; kg:sentence ?sentence ; kg:start ?start ; kg:end ?end
    } ORDER BY ?start"""
    rows = run(graph.store, query)
    assert isinstance(rows, Solutions)
    lines = ["\t".join(getattr(term, "value", "") for term in row) + "\n" for row in rows]
    assert len(lines) == 59
    assert hashlib.sha256("".join(lines).encode()).hexdigest() == LOCATORS


def test_every_sentence_of_the_article_has_claims_or_a_reason(graph: kg.KnowledgeGraph) -> None:
    assert uncovered(graph.store) == []
    text = coverage_text(coverage(graph.store))
    assert text.endswith("\n59 sentences: 58 with claims, 1 with a reason, 0 with neither\n")
    assert len(text.splitlines()) == 60


def test_sentences_stand_in_the_order_of_the_article(graph: kg.KnowledgeGraph) -> None:
    sections = list(dict.fromkeys(place.section for place in coverage(graph.store)))
    assert (sections[:2], sections[-1], len(sections)) == (["introduction", "anatomy"], "conclusion", 19)


def test_a_sentence_has_its_claims_sorted_or_its_reason() -> None:
    assert coverage(store_of(TWO_SENTENCES)) == [
        SentenceCoverage("z", 1, (), "A greeting.", "evidence:z-1"),
        SentenceCoverage("a", 1, ("claim:x", "claim:y"), None, "evidence:a-1"),
    ]
    assert uncovered(store_of(TWO_SENTENCES)) == []


@pytest.mark.parametrize(
    ("added", "focus", "rule"),
    [
        ('evidence:a-2 a kg:Sentence ; kg:section "a" ; kg:sentence 2 .', "evidence:a-2", "sentence covered"),
        ('evidence:a-1 kg:statesNothing "Nothing."@en .', "evidence:a-1", "sentence covered"),
        ("claim:bare a kg:Claim .", "claim:bare", "claim read somewhere"),
    ],
)
def test_what_is_missing_is_named(added: str, focus: str, rule: str) -> None:
    assert (focus, rule) in faults_of(TWO_SENTENCES + added)


def test_a_sentence_that_was_left_out_shows_as_a_gap() -> None:
    added = """evidence:a-3 a kg:Sentence ; dcterms:source source:lay ; kg:section "a" ; kg:sentence 3 .
    claim:x kg:evidence evidence:a-3 ."""
    (fault,) = uncovered(store_of(TWO_SENTENCES + added))
    assert str(fault) == (
        "evidence:a-3: follows a gap in section a; add a kg:Sentence for number 2 [sentences without a gap]"
    )


def test_a_sentence_with_two_nodes_is_named_under_both() -> None:
    added = """evidence:b a kg:Sentence ; dcterms:source source:lay ; kg:section "a" ; kg:sentence 1 .
    claim:x kg:evidence evidence:b ."""
    assert faults_of(TWO_SENTENCES + added) == [
        ("evidence:a-1", "sentence given once"),
        ("evidence:b", "sentence given once"),
    ]


def test_a_section_without_a_rank_comes_last_and_a_number_that_is_none_is_passed_over() -> None:
    added = """evidence:l a kg:Sentence ; kg:section "lost" ; kg:sentence 1 . claim:x kg:evidence evidence:l .
    evidence:m a kg:Sentence ; kg:section "lost" ; kg:sentence "two" ."""
    assert [place.section for place in coverage(store_of(TWO_SENTENCES + added))] == ["z", "a", "lost"]


def test_an_empty_store_has_no_sentences() -> None:
    assert coverage(ox.Store()) == []
    assert coverage_text([]) == "0 sentences: 0 with claims, 0 with a reason, 0 with neither\n"
