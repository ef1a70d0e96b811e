"""Terms as people say them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.errors import AmbiguousTermError, UnknownTermError
from kg.namespaces import PAIN
from kg.terms import Names

TWO_NERVES = """
PREFIX kg: <https://w3id.org/painpath/schema#>
PREFIX pain: <https://w3id.org/painpath/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
kg:Symptom rdfs:subClassOf kg:Entity .
pain:a a kg:Symptom ; skos:prefLabel "left ache"@en ; skos:altLabel "ache"@en .
pain:b a kg:Symptom ; skos:prefLabel "right ache"@en ; skos:altLabel "ache"@en .
pain:c a kg:Symptom ; skos:prefLabel "ache of old"@en ; skos:altLabel "right ache"@en .
"""


@pytest.fixture(scope="module")
def two_nerves() -> Names:
    """Two entities that share a synonym, and one whose synonym is another's label."""
    store = ox.Store()
    store.load(TWO_NERVES.encode(), format=ox.RdfFormat.TURTLE)
    return Names(store)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("slipped disc", "herniated-disc"),
        ("Slipped  DISC", "herniated-disc"),
        ("slipped-disc", "herniated-disc"),
        ("slipped discs", "herniated-disc"),
        ("pain:herniated-disc", "herniated-disc"),
        ("herniated-disc", "herniated-disc"),
        (PAIN + "herniated-disc", "herniated-disc"),
        (f"<{PAIN}herniated-disc>", "herniated-disc"),
        ("sitting too much", "prolonged-sitting"),
        ("LBP", "lower-back-pain"),
        ("glutes", "gluteal-muscles"),
    ],
)
def test_a_term_is_understood_however_it_is_said(graph: kg.KnowledgeGraph, said: str, meant: str) -> None:
    assert graph.names.resolve(said) == PAIN + meant


def test_an_unknown_term_is_answered_with_the_three_nearest(graph: kg.KnowledgeGraph) -> None:
    with pytest.raises(UnknownTermError) as caught:
        graph.names.resolve("siatica")
    assert caught.value.suggestions[0] == "sciatica"
    assert len(caught.value.suggestions) == 3
    assert str(caught.value).startswith("no term called 'siatica'; did you mean 'sciatica', ")


def test_an_ambiguous_name_lists_the_choices(two_nerves: Names) -> None:
    with pytest.raises(AmbiguousTermError, match=r"'Ache' can mean 'left ache \(pain:a\)' or 'right ache \(pain:b\)'"):
        two_nerves.resolve("Ache")


def test_a_label_wins_over_a_synonym(two_nerves: Names) -> None:
    assert two_nerves.resolve("right ache") == PAIN + "b"


def test_no_name_of_our_graph_is_ambiguous(graph: kg.KnowledgeGraph, network: object) -> None:
    rows = graph.query("SELECT ?name { ?x skos:prefLabel|skos:altLabel ?name }")
    for (name,) in rows:  # type: ignore[union-attr] # rows of one term
        assert graph.names.resolve(name.value)  # type: ignore[union-attr] # a literal


def test_a_search_finds_words_in_any_order_whole_names_first(graph: kg.KnowledgeGraph) -> None:
    assert graph.names.search("sciatica")[0].label == "sciatica"
    assert "prolonged sitting" in {match.label for match in graph.names.search("long sitting")}
    assert graph.names.search("xyzzy") == []
    assert graph.names.search("") == []


@given(st.text())
def test_whatever_is_typed_the_answer_is_a_term_or_a_suggestion(text: str) -> None:
    names = _names()
    suggestions: tuple[str, ...] = ()
    try:
        assert names.resolve(text) in names
    except UnknownTermError as error:
        suggestions = error.suggestions
    assert len(suggestions) <= 3
    assert {names.resolve(suggestion) for suggestion in suggestions} <= set(names)


_CACHE: list[Names] = []


def _names() -> Names:
    if not _CACHE:
        _CACHE.append(kg.load().names)
    return _CACHE[0]
