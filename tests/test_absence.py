"""Why an answer is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.absence import Absence, why_empty

if TYPE_CHECKING:
    import kg


@pytest.mark.parametrize(
    ("text", "kind", "term", "near"),
    [
        ("SELECT * { ?x kg:cause ?y }", "predicate", "kg:cause", "kg:causes"),
        ("SELECT * { ?x a kg:Conditon }", "class", "kg:Conditon", "kg:Condition"),
        ("SELECT * { pain:siatica kg:increases ?y }", "IRI", "pain:siatica", "pain:sciatica"),
        ("SELECT * { ?x kg:increases pain:siatica }", "IRI", "pain:siatica", "pain:sciatica"),
        ("ASK { pain:yoga (kg:decreases|kg:cause)+ ?y }", "predicate", "kg:cause", "kg:causes"),
        ("ASK { ?x ^kg:cause ?y }", "predicate", "kg:cause", "kg:causes"),
        ("SELECT * { OPTIONAL { ?x kg:cause ?y } ?y kg:causes ?x }", "predicate", "kg:cause", "kg:causes"),
        (
            "CONSTRUCT { ?x a ?y } WHERE { { ?x kg:cause ?y } UNION { ?y kg:causes ?x } }",
            "predicate",
            "kg:cause",
            "kg:causes",
        ),
    ],
)
def test_a_term_that_occurs_nowhere_is_named_with_its_likes(
    graph: kg.KnowledgeGraph, text: str, kind: str, term: str, near: str
) -> None:
    [absence] = why_empty(graph.store, text)
    assert (absence.kind, absence.term) == (kind, term)
    assert absence.near[0] == near
    assert str(absence).startswith(f"the {kind} {term} occurs nowhere in the graph; did you mean {near}")


def test_each_missing_term_is_named_once_in_the_order_of_the_query(graph: kg.KnowledgeGraph) -> None:
    text = "SELECT * { ?x kg:cause pain:siatica . ?y kg:cause pain:siatica ; a kg:Conditon }"
    assert sorted(absence.term for absence in why_empty(graph.store, text)) == [
        "kg:Conditon",
        "kg:cause",
        "pain:siatica",
    ]


def test_a_strange_iri_without_likes_is_still_named(graph: kg.KnowledgeGraph) -> None:
    assert why_empty(graph.store, "ASK { ?x kg:causes <http://nowhere.example/%20> }") == [
        Absence("IRI", "http://nowhere.example/%20", ())
    ]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { pain:sciatica kg:causes ?y }",
        "SELECT * { ?x kg:partOf pain:sciatica }",
        """SELECT * { ?x rdfs:label 'it is "said"'@en }""",
        "SELECT * { ?x kg:sentence 1000 }",
    ],
)
def test_where_all_terms_occur_the_pattern_that_matches_nothing_is_named(graph: kg.KnowledgeGraph, text: str) -> None:
    assert [absence.kind for absence in why_empty(graph.store, text)] == ["pattern"]
    assert str(why_empty(graph.store, text)[0]).startswith("nothing in the graph matches the pattern ")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?x kg:causes ?y FILTER(?x = ?y) }",
        "SELECT * { ?x kg:causes ?y . ?y kg:partOf ?x }",
        "SELECT * { }",
        "this is no query",
        "",
    ],
)
def test_where_every_pattern_matches_alone_nothing_is_named(graph: kg.KnowledgeGraph, text: str) -> None:
    assert why_empty(graph.store, text) == []


def test_without_a_fault_nothing_is_named(graph: kg.KnowledgeGraph) -> None:
    assert why_empty(graph.store, "SELECT * { pain:herniated-disc kg:causes ?y }") == []


def test_the_store_is_left_as_it_was(graph: kg.KnowledgeGraph) -> None:
    before = len(graph)
    why_empty(graph.store, "SELECT * { pain:siatica kg:cause ?y }")
    assert len(graph) == before
