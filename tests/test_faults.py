"""What is wrong with a text that does not parse."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import SyntaxFault
from kg.faults import without_literals
from kg.queries import run


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT *\n{ ?s ?p }", "q, line 2, column 3: cannot be read from '?s ?p }' on; expected a whole pattern"),
        ("ASK { ?x a foo:bar }", "q, line 1, column 12: the prefix foo: is not declared; expected PREFIX foo: <IRI>"),
        ("SELEC * {}", "q, line 1, column 1: unexpected 'SELEC * {}'; expected SELECT, CONSTRUCT, DESCRIBE or ASK"),
        ("ASK { ?x a kg:Claim ", "q, line 1, column 21: the query ends too early; expected a closing bracket"),
        ("INSERT DATA { pain:a a kg:Claim }", "q, line 1, column 1: INSERT is refused: the graph is only read here"),
    ],
)
def test_a_broken_query_is_told_by_place_and_expectation(text: str, message: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        run(ox.Store(), text, source="q")
    assert str(caught.value).startswith(message)


@given(st.text(alphabet="?abc:{}.;<>\"' \n#kgSELECT*ASK", max_size=40))
def test_whatever_is_asked_the_error_is_ours(text: str) -> None:
    told = ""
    try:
        run(ox.Store(), text)
    except SyntaxFault as fault:
        told = str(fault)
    assert "\n" not in told


def test_words_in_strings_iris_and_comments_are_no_code() -> None:
    text = "SELECT ?a { ?a ?b \"ORDER BY\" . # ORDER BY\n <urn:ORDER_BY> ?c 'ORDER BY' }"
    assert "ORDER" not in without_literals(text)
    assert len(without_literals(text)) == len(text)
