"""Tests of the one form of Turtle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError, SyntaxFault
from kg.namespaces import PREFIXES
from kg.ontology import packaged
from kg.turtle import formatted, unformatted

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted(packaged().folder.rglob("*.ttl"))
XSD = PREFIXES["xsd"]

iris = st.sampled_from(
    [ox.NamedNode(PREFIXES[prefix] + name) for prefix in ("pain", "kg", "claim", "skos") for name in ("a", "b-c")]
    + [ox.NamedNode("https://example.org/x#y"), ox.NamedNode("https://example.org/a%20b/"), ox.NamedNode("urn:x:1")]
)
blanks = st.sampled_from([ox.BlankNode(name) for name in ("a", "b", "c")])
literals = st.one_of(
    st.builds(ox.Literal, st.text(st.characters(codec="utf-8"), max_size=6)),
    st.builds(
        ox.Literal, st.text(st.sampled_from("a\\\"'\n\r\t#@^"), max_size=6), language=st.sampled_from(["en", "de"])
    ),
    st.builds(ox.Literal, st.integers(-99, 99)),
    st.builds(
        ox.Literal, st.decimals(-9, 9, places=2).map("{:.2f}".format), datatype=st.just(ox.NamedNode(XSD + "decimal"))
    ),
    st.builds(ox.Literal, st.booleans()),
    st.builds(ox.Literal, st.just("2020"), datatype=st.just(ox.NamedNode(XSD + "gYear"))),
    st.builds(ox.Literal, st.just("many"), datatype=st.just(ox.NamedNode(XSD + "integer"))),
)
graphs = st.lists(st.builds(ox.Triple, iris | blanks, iris, iris | blanks | literals), max_size=8)


def turtle(triples: list[ox.Triple]) -> str:
    raw = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert raw is not None
    return raw.decode()


def canonical(text: str) -> ox.Dataset:
    dataset = ox.Dataset(ox.parse(text, format=ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def formatted_or_refused(text: str) -> str | None:
    """Return the form, or None where the formatter says that it would lose something."""
    try:
        return formatted(text)
    except InputError:
        return None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(packaged().folder).as_posix())
def test_every_file_of_the_ontology_has_this_form_byte_for_byte(path: Path) -> None:
    assert formatted(path.read_bytes().decode("utf-8")) == path.read_bytes().decode("utf-8")


@given(graphs)
def test_formatting_keeps_the_graph(triples: list[ox.Triple]) -> None:
    form = formatted_or_refused(turtle(triples))
    if form is not None:
        assert canonical(form) == canonical(turtle(triples))


@given(graphs)
def test_formatting_twice_changes_nothing_more(triples: list[ox.Triple]) -> None:
    form = formatted_or_refused(turtle(triples))
    if form is not None:
        assert formatted(form) == form


@given(graphs)
def test_neither_the_order_of_triples_nor_the_names_of_blank_nodes_matter(triples: list[ox.Triple]) -> None:
    text = turtle(triples)
    other = turtle(list(reversed(triples))).replace("_:a ", "_:z ")
    assert formatted_or_refused(text) == formatted_or_refused(other)


def test_a_claim_in_canonical_form() -> None:
    text = """@prefix kg: <https://w3id.org/painpath/schema#> . @prefix unused: <urn:unused> .
    <https://w3id.org/painpath/claim/x> kg:hedge 'can' ; a kg:Claim . # a comment"""
    assert formatted(text) == (
        "PREFIX claim: <https://w3id.org/painpath/claim/>\n"
        "PREFIX kg: <https://w3id.org/painpath/schema#>\n"
        "\n"
        "claim:x\n"
        "    a kg:Claim ;\n"
        '    kg:hedge "can" ;\n'
        ".\n"
    )


def test_a_negative_number_keeps_its_sign_and_its_last_zero() -> None:
    assert "kg:ciLow -0.230 ;" in formatted("<urn:x> <https://w3id.org/painpath/schema#ciLow> -0.230 .")


@pytest.mark.parametrize(
    "literal", ["1.23456789e0", r'"two\nlines, then \\\""', '"1"^^<http://www.w3.org/2001/XMLSchema#boolean>']
)
def test_a_graph_that_rdflib_would_write_with_loss_is_refused(literal: str) -> None:
    with pytest.raises(InputError, match=r"^x\.ttl: the formatter can't write this graph without loss"):
        formatted(f"<urn:x> <urn:p> {literal} .", source="x.ttl")


def test_a_triple_in_the_place_of_a_term_is_refused() -> None:
    with pytest.raises(InputError, match=r"RDF 1\.1"):
        formatted("<urn:x> <urn:p> <<( <urn:x> <urn:p> <urn:o> )>> .")


def test_broken_turtle_is_named_with_its_place() -> None:
    with pytest.raises(SyntaxFault) as caught:
        formatted("<urn:x> <urn:p>\n  nonsense .", source="x.ttl")
    assert (caught.value.source, caught.value.line) == ("x.ttl", 2)


def test_only_files_that_differ_are_given_with_their_form(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.ttl", tmp_path / "bad.ttl"
    bad.write_text("<urn:x> a <urn:C> .", encoding="utf-8")
    good.write_text(formatted(bad.read_text(encoding="utf-8")), encoding="utf-8")
    assert unformatted([good, bad]) == [(bad, good.read_text(encoding="utf-8"))]
    assert bad.read_text(encoding="utf-8") == "<urn:x> a <urn:C> ."


def test_windows_line_breaks_are_not_the_canonical_form(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_bytes(formatted("<urn:x> a <urn:C> .").replace("\n", "\r\n").encode())
    assert [found for found, _ in unformatted([path])] == [path]


def test_a_file_that_is_missing_or_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    with pytest.raises(InputError, match=r"cannot read .*x\.ttl"):
        unformatted([path])
    path.write_bytes(b"\xff")
    with pytest.raises(InputError, match="not UTF-8 text"):
        unformatted([path])
