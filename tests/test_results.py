"""Answers in every format: what a reader gets back from them is what was in them."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.queries import run
from kg.results import Answer, Solutions, Term, Triples, table_text

XSD = "http://www.w3.org/2001/XMLSchema#"
FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
TRIPLE_FORMATS = {
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "turtle": ox.RdfFormat.TURTLE,
}
HOSTILE = [
    'a "quoted" word',
    "two\nlines",
    "carriage\r\nreturn",
    "a\ttab",
    "back\\slash \\n",
    "comma, semicolon; pipe|",
    "<b>&amp;</b> ]]>",
    "日本語 ünïcode 🦴 \u202e",
    "  blanks around  ",
    "",
    "=1+1",
]
# What XML 1.0 can carry: no other control characters, no surrogates.
XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("\t\n\r"),
    max_size=12,
)


def typed(value: str, name: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(XSD + name))


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://e/{name}")


TERMS: st.SearchStrategy[Term | None] = st.one_of(
    st.none(),
    st.builds(lambda number: node(f"x{number}"), st.integers(0, 99)),
    st.builds(lambda number: ox.BlankNode(f"b{number}"), st.integers(0, 99)),
    st.builds(ox.Literal, XML_TEXT),
    st.builds(lambda text: ox.Literal(text, language="en"), XML_TEXT),
    st.builds(lambda number: typed(str(number), "integer"), st.integers()),
    st.builds(lambda text: typed(text, "date"), XML_TEXT),
)
TWO_COLUMNS = st.builds(lambda rows: Solutions(("a", "b"), tuple(rows)), st.lists(st.tuples(TERMS, TERMS), max_size=5))


def read_back(text: str, format_: ox.QueryResultsFormat) -> Solutions:
    found = ox.parse_query_results(text, format=format_)
    assert isinstance(found, ox.QuerySolutions)
    names = found.variables
    return Solutions(tuple(name.value for name in names), tuple(tuple(row[name] for name in names) for row in found))


@pytest.mark.parametrize("format_", sorted(FORMATS))
@given(solutions=TWO_COLUMNS)
@example(
    solutions=Solutions(("a", "b"), tuple((ox.Literal(text), ox.Literal(text, language="en")) for text in HOSTILE))
)
@example(solutions=Solutions(("a", "b"), ()))
@example(solutions=Solutions(("a", "b"), ((None, None), (None, ox.Literal("")))))
def test_rows_survive_a_format(format_: str, solutions: Solutions) -> None:
    text = solutions.serialize(format_)
    assert text.endswith("\n")
    assert read_back(text, FORMATS[format_]) == solutions


@given(TWO_COLUMNS)
@example(Solutions(("a", "b"), tuple((ox.Literal(text), ox.Literal(text)) for text in HOSTILE)))
def test_csv_holds_the_plain_values(solutions: Solutions) -> None:
    head, *rows = csv.reader(io.StringIO(solutions.serialize("csv"), newline=""))
    assert head == ["a", "b"]
    assert rows == [[value(term) for term in row] for row in solutions]


def value(term: Term | None) -> str:
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    return "" if term is None else str(getattr(term, "value", term))


def test_csv_and_tsv_are_written_as_their_standard_has_them() -> None:
    solutions = Solutions(
        ("x", "text"), ((node("a"), ox.Literal('say "hi"\tnow', language="en")), (None, typed("5", "integer")))
    )
    assert solutions.serialize("csv") == 'x,text\r\nhttp://e/a,"say ""hi""\tnow"\r\n,5\r\n'
    assert solutions.serialize("tsv") == '?x\t?text\n<http://e/a>\t"say \\"hi\\"\\tnow"@en\n\t5\n'


def test_json_is_written_as_its_standard_has_it() -> None:
    solutions = Solutions(("x", "n", "none"), ((ox.BlankNode("b"), typed("0.90", "decimal"), None),))
    assert json.loads(solutions.serialize("json")) == {
        "head": {"vars": ["x", "n", "none"]},
        "results": {
            "bindings": [
                {
                    "x": {"type": "bnode", "value": "b"},
                    "n": {"type": "literal", "value": "0.90", "datatype": XSD + "decimal"},
                }
            ]
        },
    }


def test_xml_is_read_by_a_plain_xml_parser() -> None:
    texts = [text for text in HOSTILE if "\r" not in text]
    assert literals_in_xml(Solutions(("x",), tuple((ox.Literal(text),) for text in texts))) == texts


def test_a_carriage_return_survives_a_plain_xml_parser() -> None:
    assert literals_in_xml(Solutions(("x",), ((ox.Literal("a\r\nb"),),))) == ["a\r\nb"]


def test_a_character_that_xml_cannot_carry_is_refused_in_one_line() -> None:
    with pytest.raises(InputError, match="XML cannot carry; choose json"):
        Solutions(("x",), ((ox.Literal("a\x00b"),),)).serialize("xml")


def literals_in_xml(solutions: Solutions) -> list[str]:
    root = ET.fromstring(solutions.serialize("xml"))
    return [literal.text or "" for literal in root.iter("{http://www.w3.org/2005/sparql-results#}literal")]


def test_a_table_has_curies_and_one_line_a_row() -> None:
    solutions = Solutions(
        ("term", "n", "text"),
        (
            (
                ox.NamedNode("https://w3id.org/painpath/yoga"),
                typed("2", "integer"),
                ox.Literal("one\ntwo\tthree", language="en"),
            ),
            (None, typed("10", "integer"), ox.Literal("")),
        ),
    )
    assert solutions.serialize() == (
        "term        n  text\n"
        "---------  --  -------------\n"
        "pain:yoga   2  one two three\n"
        "           10\n"
    )  # fmt: skip


def test_a_table_without_rows_is_its_head() -> None:
    assert table_text(("a", "bc"), []) == "a  bc\n-  --\n"


@pytest.mark.parametrize("format_", ["turtle", "yaml", "", "CSV"])
def test_rows_have_no_other_format(format_: str) -> None:
    with pytest.raises(InputError) as caught:
        Solutions(("x",), ()).serialize(format_)
    assert str(caught.value) == f"rows have no format {format_!r}; take table, csv, json, tsv, xml"


# Triples

FIVE_TRIPLES = Triples(
    tuple(
        ox.Triple(node("s"), ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"), object_)
        for object_ in (
            node("o"),
            ox.Literal('"quoted"\n\\ <&> \t', language="en"),
            typed("0.9", "decimal"),
            typed("x", "integer"),
            ox.Literal("日本語 🦴"),
        )
    )
)


@pytest.mark.parametrize("format_", sorted(TRIPLE_FORMATS))
@pytest.mark.parametrize("triples", [FIVE_TRIPLES, Triples(())])
def test_triples_survive_a_format(format_: str, triples: Triples) -> None:
    text = triples.serialize(format_)
    assert text.endswith("\n")
    assert {quad.triple for quad in ox.parse(text, format=TRIPLE_FORMATS[format_])} == set(triples)


def test_turtle_declares_the_prefixes_that_it_uses() -> None:
    lines = FIVE_TRIPLES.serialize("turtle").splitlines()
    declared = {line.split()[1] for line in lines if line.startswith("@prefix")}
    assert {"skos:", "xsd:"} <= declared
    assert not {"kg:", "pain:", "UBERON:"} & declared


def test_triples_as_a_table_have_three_columns() -> None:
    kinds = Triples((
        ox.Triple(node("s"), ox.NamedNode("https://w3id.org/painpath/schema#causes"), ox.Literal("a\nb")),
    ))
    assert kinds.serialize("table") == (
        "subject     predicate  object\n"
        "----------  ---------  ------\n"
        "http://e/s  kg:causes  a b\n"
    )  # fmt: skip


@pytest.mark.parametrize("format_", ["csv", "rdf", ""])
def test_triples_have_no_other_format(format_: str) -> None:
    with pytest.raises(InputError) as caught:
        FIVE_TRIPLES.serialize(format_)
    assert str(caught.value) == f"triples have no format {format_!r}; take table, jsonld, ntriples, rdfxml, turtle"


# Yes and no


@pytest.mark.parametrize("yes", [True, False])
def test_a_yes_or_no_survives_json_and_xml(yes: bool) -> None:
    for format_ in ("json", "xml"):
        found = ox.parse_query_results(Answer(yes).serialize(format_), format=FORMATS[format_])
        assert isinstance(found, ox.QueryBoolean)
        assert bool(found) is yes


def test_a_yes_or_no_is_a_word_in_a_table_and_a_condition() -> None:
    assert Answer(True).serialize() == "yes\n"
    assert Answer(False).serialize() == "no\n"
    assert Answer(False).serialize("csv") == Answer(False).serialize("tsv") == "false\n"
    assert Answer(True)
    assert not Answer(False)


def test_a_yes_or_no_has_no_other_format() -> None:
    with pytest.raises(InputError):
        Answer(True).serialize("turtle")


# In a notebook


def test_a_frame_has_numbers_as_numbers_and_gaps_as_none() -> None:
    solutions = Solutions(
        ("x", "n", "r", "b", "bad"),
        (
            (ox.NamedNode("https://w3id.org/painpath/yoga"), typed("2", "integer"), typed("0.50", "decimal"),
             typed("true", "boolean"), typed("two", "integer")),
            (None, typed("3", "gYear"), typed("1e3", "double"), typed("0", "boolean"), ox.Literal("3")),
        ),
    )  # fmt: skip
    frame = solutions.df()
    assert list(frame.columns) == ["x", "n", "r", "b", "bad"]
    assert frame["n"].tolist() == [2, 3]
    assert frame["r"].tolist() == [0.5, 1000.0]
    assert frame["b"].tolist() == [True, False]
    assert frame["bad"].tolist() == ["two", "3"]
    assert frame["x"].tolist()[0] == "pain:yoga"
    assert frame["x"].isna().tolist() == [False, True]


def test_triples_make_a_frame_of_three_columns() -> None:
    assert list(FIVE_TRIPLES.df().columns) == ["subject", "predicate", "object"]
    assert len(FIVE_TRIPLES.df()) == 5


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x>'])
def test_html_is_escaped(text: str) -> None:
    shown = Solutions((text,), ((ox.Literal(text),),))._repr_html_()
    assert text not in shown
    assert "&lt;" in shown
    triples = Triples((ox.Triple(node("s"), node("p"), ox.Literal(text)),))
    assert "<script" not in triples._repr_html_()
    assert "<img" not in triples._repr_html_()


def test_only_web_addresses_become_links() -> None:
    shown = Solutions(("x", "y"), ((ox.NamedNode("javascript:alert(1)"), node("a")),))._repr_html_()
    assert shown.count("<a ") == 1
    assert '<a href="http://e/a">http://e/a</a>' in shown


def test_a_spreadsheet_gets_no_formula_and_keeps_its_numbers() -> None:
    query = """SELECT ?a ?b { VALUES (?a ?b) {
        ("=1+1" -5) ("+1" 2.5) ("-1" "-1"@en) ("@sum" <https://w3id.org/painpath/sciatica>) (" =cmd|' /C calc'!A0" true)
        ("\\t=1" "plain") ("\\uFF1D1" "") ("a=b" UNDEF) } }"""
    found = run(ox.Store(), query)
    text = found.serialize("xlsx-csv")
    assert text.startswith("\ufeffa,b\r\n")
    rows = {tuple(row) for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")))} - {("a", "b")}
    assert rows == {
        ("'=1+1", "-5"), ("'+1", "2.5"), ("'-1", "'-1"), ("'@sum", "pain:sciatica"), ("' =cmd|' /C calc'!A0", "true"),
        ("'\t=1", "plain"), ("'\uff1d1", ""), ("a=b", ""),
    }  # fmt: skip
    # The protocol's CSV stays as it is.
    assert "=1+1,-5" in found.serialize("csv")
