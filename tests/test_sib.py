"""The query library as SHACL's SPARQL executables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.namespace import OWL, RDF, RDFS, SH, XSD

from kg.errors import InputError
from kg.queries import NamedQuery, library
from kg.sib import sparql_executables

if TYPE_CHECKING:
    import kg

QUERY = rdflib.Namespace("https://w3id.org/painpath/query/")
QUERIES = rdflib.URIRef("https://w3id.org/painpath/queries")
SCHEMA = rdflib.Namespace("https://schema.org/")
ENDPOINT = "https://example.org/sparql"


def query(name: str, text: str, summary: str = "Why?", params: tuple[tuple[str, str], ...] = ()) -> NamedQuery:
    return NamedQuery(name, text, summary, params, "", "")


def parsed(text: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=text, format="turtle")


@pytest.fixture(scope="module")
def exported(graph: kg.KnowledgeGraph) -> rdflib.Graph:
    """Our own library."""
    return parsed(sparql_executables(library(graph.ontology.folder / "queries"), endpoint=ENDPOINT))


def test_every_query_of_the_library_comes_back_with_its_text_unchanged(
    graph: kg.KnowledgeGraph, exported: rdflib.Graph
) -> None:
    texts = {
        str(subject).removeprefix(QUERY): str(text)
        for form in (SH.select, SH.ask, SH.construct)
        for subject, text in exported.subject_objects(form)
    }
    files = (graph.ontology.folder / "queries").glob("*.rq")
    assert texts == {path.stem: path.read_text(encoding="utf-8") for path in files}


def test_each_form_has_its_class(exported: rdflib.Graph) -> None:
    assert set(exported[QUERY["parts-of"] : RDF.type]) == {SH.SPARQLExecutable, SH.SPARQLSelectExecutable}
    assert set(exported[QUERY["can-lead-to"] : RDF.type]) == {SH.SPARQLExecutable, SH.SPARQLAskExecutable}
    assert set(exported[QUERY["claim-neighbourhood"] : RDF.type]) == {SH.SPARQLExecutable, SH.SPARQLConstructExecutable}
    for class_, form in (
        (SH.SPARQLSelectExecutable, SH.select),
        (SH.SPARQLAskExecutable, SH.ask),
        (SH.SPARQLConstructExecutable, SH.construct),
    ):
        assert set(exported[: RDF.type : class_]) == {subject for subject, _ in exported.subject_objects(form)}


def test_a_query_carries_its_question_keywords_and_endpoint(exported: rdflib.Graph) -> None:
    subject = QUERY["parts-of"]
    assert list(exported[subject : RDFS.comment]) == [
        rdflib.Literal(
            "What is this part of the body made of, the parts of its parts included? "
            "Set ?whole: a part of the body, such as lumbar spine.",
            lang="en",
        )
    ]
    assert set(exported[subject : SCHEMA.keywords]) == {rdflib.Literal("parts of"), rdflib.Literal("whole")}
    assert list(exported[subject : SCHEMA.target]) == [rdflib.URIRef(ENDPOINT)]
    assert list(exported[subject : SH.prefixes]) == [QUERIES]


def test_the_prefixes_of_all_queries_are_declared_once(exported: rdflib.Graph) -> None:
    declared = {
        str(exported.value(node, SH.prefix)): exported.value(node, SH.namespace)
        for node in exported[QUERIES : SH.declare]
    }
    assert (QUERIES, RDF.type, OWL.Ontology) in exported
    assert set(declared) == {"dcterms", "kg", "obo", "pain", "rdf", "rdfs", "skos"}
    assert declared["kg"] == rdflib.Literal("https://w3id.org/painpath/schema#", datatype=XSD.anyURI)


def test_the_same_queries_in_any_order_give_the_same_bytes() -> None:
    one, two = query("a", "ASK { ?a ?b ?c }"), query("b", "PREFIX x: <http://x/>\nSELECT * WHERE { ?a x:b ?c }")
    assert sparql_executables([one, two]) == sparql_executables([two, one])


def test_no_endpoint_is_named_where_none_is_given() -> None:
    assert "schema:target" not in sparql_executables([query("a", "ASK { ?a ?b ?c }")])


def test_no_queries_give_a_graph_without_executables() -> None:
    assert list(parsed(sparql_executables([]))[: RDF.type : SH.SPARQLExecutable]) == []


def test_a_prefix_with_two_meanings_is_not_declared() -> None:
    one = query("a", "PREFIX x: <http://one/>\nPREFIX y: <http://y/>\nASK { ?a x:b y:c }")
    two = query("b", "PREFIX x: <http://two/>\nASK { ?a x:b ?c }")
    graph = parsed(sparql_executables([one, two]))
    assert [str(prefix) for prefix in graph.objects(None, SH.prefix)] == ["y"]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("# SELECT or\nASK { ?a ?b 'SELECT' }", SH.ask),
        ("PREFIX select: <http://ask/SELECT>\nconstruct { ?a ?b ?c } WHERE { ?a ?b ?c }", SH.construct),
        ("SELECT ?ask WHERE { ?ask ?b ?c FILTER EXISTS { SELECT ?b WHERE { ?ask ?b ?c } } }", SH.select),
    ],
)
def test_the_form_is_read_from_the_code_alone(text: str, form: rdflib.URIRef) -> None:
    assert [str(found) for found in parsed(sparql_executables([query("a", text)])).objects(QUERY.a, form)] == [text]


@pytest.mark.parametrize("text", ["DESCRIBE <http://x>", "DELETE WHERE { ?a ?b ?c }", ""])
def test_a_query_that_shacl_has_no_word_for_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="strange-one is none of these"):
        sparql_executables([query("strange-one", text)])


@pytest.mark.parametrize("name", ["", "two words", "a>b", "-a", "A"])
def test_a_name_that_makes_no_iri_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=re.escape(repr(name))):
        sparql_executables([query(name, "ASK {}")])


@pytest.mark.parametrize("endpoint", ["http://x/> a <y", "two words", "a\nb"])
def test_an_endpoint_that_is_no_iri_is_refused(endpoint: str) -> None:
    with pytest.raises(InputError, match="the endpoint is no IRI"):
        sparql_executables([], endpoint=endpoint)


# Surrogates have no UTF-8, so no file can hold them; U+0000 is no character of RDF.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_survives(comment: str, summary: str) -> None:
    text = "ASK { ?a ?b ?c } #" + comment + '\n# """ \\u0041 " \\'
    graph = parsed(sparql_executables([query("a", text, summary)]))
    assert graph.value(QUERY.a, SH.ask) == rdflib.Literal(text)
    assert graph.value(QUERY.a, RDFS.comment) == rdflib.Literal(summary, lang="en")
