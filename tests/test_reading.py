"""Foreign files: each format gives the same graph, and what is not what it seems is said in a line."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.errors import InputError, SyntaxFault
from kg.namespaces import compact, expand, register
from kg.reading import file_format, read_into

if TYPE_CHECKING:
    from pathlib import Path

TRIPLE = ox.Triple(
    ox.NamedNode("https://example.org/reading/a"),
    ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"),
    ox.Literal("a thing", language="en"),
)
WRITTEN = {
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "rdf": ox.RdfFormat.RDF_XML,
    "owl": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "json": ox.RdfFormat.JSON_LD,
}


def read(path: Path, format: str | None = None) -> ox.Store:
    store = ox.Store()
    read_into(store, path, format=format)
    return store


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("ending", WRITTEN)
def test_every_format_gives_the_same_graph_packed_or_not(tmp_path: Path, ending: str, packed: bool) -> None:
    content = ox.serialize([TRIPLE], format=WRITTEN[ending]) or b""
    path = tmp_path / f"a.{ending}{'.gz' if packed else ''}"
    path.write_bytes(gzip.compress(content) if packed else content)
    assert [quad.triple for quad in read(path)] == [TRIPLE]


def test_gzip_is_known_by_its_first_bytes_and_not_by_the_name(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_bytes(gzip.compress(b"<http://a> <http://b> <http://c> ."))
    assert len(read(path)) == 1


def test_turtle_under_the_name_of_an_ontology_is_read_as_turtle(tmp_path: Path) -> None:
    path = tmp_path / "a.owl"
    path.write_text("PREFIX a: <http://a/>\na:b a:c a:d .", encoding="utf-8")
    assert file_format(path) == "turtle"
    assert len(read(path)) == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.ttl",
            "<!DOCTYPE html><html>",
            r"a\.ttl, line 1, column \d+: is no Turtle: .*\(it looks like an HTML page\)",
        ),
        (
            "a.owl",
            "<html><body>Not found",
            r"a\.owl, line 1, column 22: is no RDF/XML: .*\(it looks like an HTML page\)",
        ),
        ("a.nt", "PREFIX a: <http://a/>\na:b a:c a:d .", r"it looks like Turtle; --graph-format turtle reads that"),
        (
            "a.jsonld",
            '{"@context":"https://schema.org/","@id":"http://a/b"}',
            "is not in the file, and none is fetched",
        ),
        (
            "a.owl",
            "Prefix(:=<http://x/>) Ontology(<http://y>)",
            "OWL in functional syntax; save it as RDF/XML or Turtle",
        ),
        ("a.bin", "<html>", r"can't be told from its name \(it looks like an HTML page\); give --graph-format, one of"),
        ("a.obo", "<html>", "is no OBO: it has no"),
        ("a.jsonl", "<html>", "line 1, column 1: is no JSON"),
        ("a.tsv", "<html>", "is no KGX: expected a header"),
        ("a.ttl.gz", gzip.compress(b"<http://a> <http://b> <http://c> .", mtime=0)[:-12], "is damaged or cut short"),
        ("a.ttl", b"\xff\xfe\x00", "line 1, column 1: is no Turtle"),
    ],
)
def test_a_file_that_is_not_what_it_seems_is_named_with_what_to_do(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError, match=message) as caught:
        read(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_a_folder_and_an_unknown_format_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*nosuch\.ttl: No such file"):
        read(tmp_path / "nosuch.ttl")
    with pytest.raises(InputError, match="is a folder; name the files in it"):
        read(tmp_path)
    with pytest.raises(InputError, match="no format 'word'; take one of turtle, "):
        read(tmp_path / "a.ttl", "word")


def test_a_fault_names_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<http://a> <http://b> <http://c> .\n<http://a> oops", encoding="utf-8")
    with pytest.raises(SyntaxFault) as caught:
        read(path)
    assert caught.value.line == 2


def test_prefixes_that_a_file_declares_are_known_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("PREFIX rdtest: <https://example.org/rd#>\nrdtest:b rdtest:c rdtest:d .", encoding="utf-8")
    read(path)
    assert compact("https://example.org/rd#b") == "rdtest:b"
    assert expand("rdtest:b") == "https://example.org/rd#b"


def test_no_file_can_take_a_prefix_or_namespace_that_is_known() -> None:
    for prefix, namespace in (
        ("pain", "https://evil.example/"),
        ("other", "https://w3id.org/painpath/"),
        ("http", "https://evil.example/"),
        ("javascript", "https://evil.example/"),
        ("local", "file:///etc/"),
        ("bare", "https://evil.example"),
    ):
        register(prefix, namespace)
    assert expand("pain:sciatica") == "https://w3id.org/painpath/sciatica"
    assert compact("https://w3id.org/painpath/sciatica") == "pain:sciatica"
    assert expand("http://a/b") == "http://a/b"
    assert not re.search("evil", expand("javascript:x") + expand("bare:x") + expand("local:x"))
