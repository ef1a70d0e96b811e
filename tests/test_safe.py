"""Files of others: in bounds they are read, out of bounds they are refused with one line."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any, cast

import pyoxigraph as ox
import pytest

from kg.errors import InputError, KGError, LimitError, SyntaxFault
from kg.exchange import from_graphml, from_node_link
from kg.safe import MAX_DEPTH, Limited, check_rdf, check_stream, rdf_bytes, read_bytes

DEEP = 100_000
PROLOGUE = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/">'
ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def rdf_xml(declaration: str, value: str) -> bytes:
    return f"<!DOCTYPE r [{declaration}]>{PROLOGUE}<e:C><e:p>{value}</e:p></e:C></rdf:RDF>".encode()


@pytest.mark.parametrize(
    ("format", "content", "message"),
    [
        ("rdfxml", rdf_xml(f'<!ENTITY a "lol">{ENTITIES}', "&i;"), "the entity b stands for other entities"),
        ("rdfxml", rdf_xml('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"), "the entity a stands for something outside"),
        ("rdfxml", rdf_xml('<!ENTITY % a SYSTEM "http://127.0.0.1:9/"> %a;', ""), "the entity a stands for something outside"),
        ("rdfxml", f'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">{PROLOGUE}</rdf:RDF>'.encode(), "names another file"),
        ("rdfxml", f'<!DOCTYPE r PUBLIC "x" "file:///etc/passwd">{PROLOGUE}</rdf:RDF>'.encode(), "names another file"),
        ("rdfxml", rdf_xml(f'<!ENTITY a "{"a" * 10_000}">', "&a;" * 5_000), "far more text than the file"),
        ("rdfxml", (PROLOGUE + "<e:C><e:p>" * DEEP + "</e:p></e:C>" * DEEP + "</rdf:RDF>").encode(), "elements within"),
        ("rdfxml", b"<a>\xff</a>", "no XML"),
        ("rdfxml", b"<a><b></a>", "line 1, column 9: no XML"),
        ("turtle", ("<a:s> <a:p> " + "<<( <a:s> <a:p> " * DEEP + "1" + " )>>" * DEEP + " .").encode(), "brackets within"),
        ("ntriples", ("<a:s> <a:p> " + "<<( <a:s> <a:p> " * DEEP + "1" + " )>>" * DEEP + " .").encode(), "brackets within"),
        ("jsonld", ('{"@id":"a:s","a:p":' * DEEP + "1" + "}" * DEEP).encode(), "brackets within"),
        ("jsonld", ('{"@id":"a:s","a:p":' + "[" * DEEP + "]" * DEEP + "}").encode(), "brackets within"),
        ("turtle", b'<a:s> <a:p> "\xff\xfe" .', "not UTF-8 text"),
        ("turtle", "<a:s> <a:p> 1 .".encode("utf-16"), "not UTF-8 text"),
    ],
)  # fmt: skip
def test_what_would_break_a_parser_is_refused_with_one_line(format: str, content: bytes, message: str) -> None:
    with pytest.raises(KGError, match=message) as caught:
        check_rdf(content, FORMATS[format], "theirs")
    assert "\n" not in str(caught.value)
    assert "theirs" in str(caught.value)


FORMATS = {
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "turtle": ox.RdfFormat.TURTLE,
}


@pytest.mark.parametrize(
    ("format", "content"),
    [
        ("rdfxml", rdf_xml('<!ENTITY owl "http://www.w3.org/2002/07/owl#">', "&owl;Thing")),
        ("rdfxml", f"<?xml version='1.0'?><!DOCTYPE rdf:RDF>{PROLOGUE}</rdf:RDF>".encode()),
        ("turtle", ("<a:s> <a:p> " + "(" * DEEP + ")" * DEEP + " .").encode()),
        ("turtle", b"# << <<\n" * MAX_DEPTH * 2 + b'<a:s> <a:p> "<< << <<", <a:x> .'),
        ("turtle", b"<a:s> <a:p> <<( <a:s> <a:p> 1 )>> .\n" * MAX_DEPTH * 2),
        ("jsonld", ('[{"@id":"a:s","a:p":"' + "[" * DEEP + '\\""}]').encode()),
        ("jsonld", ("[" + ",".join(['{"@id":"a:s","a:p":1}'] * DEEP) + "]").encode()),
    ],
)
def test_what_is_only_large_or_looks_deep_is_read(format: str, content: bytes) -> None:
    check_rdf(content, FORMATS[format], "theirs")
    for _ in ox.parse(content, format=FORMATS[format]):
        pass


def test_a_mark_of_utf8_is_taken_off(tmp_path: Path) -> None:
    path = tmp_path / "bom.ttl"
    path.write_bytes("\ufeff<a:s> <a:p> 1 .".encode())
    assert rdf_bytes(path, ox.RdfFormat.TURTLE) == b"<a:s> <a:p> 1 ."


def test_packed_files_are_unpacked_also_in_several_parts(tmp_path: Path) -> None:
    path = tmp_path / "two.ttl.gz"
    path.write_bytes(gzip.compress(b"<a:s> <a:p> 1 .\n") + gzip.compress(b"<a:s> <a:p> 2 .\n"))
    assert read_bytes(path) == b"<a:s> <a:p> 1 .\n<a:s> <a:p> 2 .\n"


def test_a_gzip_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(bytes(50 << 20)))
    with pytest.raises(LimitError, match=r"bomb\.gz unpacks to more than the 8 MiB that are read of one file"):
        read_bytes(path, limit=8 << 20)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\x1f\x8bnothing", "cannot be unpacked"), (gzip.compress(b"x" * 1000, mtime=0)[:-12], "ends too early")],
)
def test_a_broken_packed_file_is_told(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.gz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_bytes(path)


def test_a_file_without_end_is_refused() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("this system has no /dev/zero")
    with pytest.raises(LimitError, match="/dev/zero is larger than the 1 MiB"):
        read_bytes(Path("/dev/zero"), limit=1 << 20)


def test_a_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(InputError, match="cannot read"):
            read_bytes(path)


@pytest.mark.parametrize(
    "iri", ["a:s b", "a:\\u0000", "a:\\u003E", "a:{}", "//no-scheme", "relative", "a:\\uD800", "a:`", "a:%zz"]
)
def test_a_hostile_iri_is_refused_by_the_parser(iri: str) -> None:
    with pytest.raises(SyntaxError):
        list(ox.parse(f"<{iri}> <a:p> 1 .", format=ox.RdfFormat.TURTLE))


def test_a_json_ld_context_elsewhere_is_not_fetched() -> None:
    content = b'{"@context": "http://127.0.0.1:9/context", "@id": "a:s", "p": 1}'
    with pytest.raises(SyntaxError, match="No LoadDocumentCallback"):
        list(ox.parse(content, format=ox.RdfFormat.JSON_LD))


def test_networks_of_others_are_looked_over_too() -> None:
    with pytest.raises(SyntaxFault, match="stands for other entities"):
        from_graphml(f'<!DOCTYPE g [<!ENTITY a "x">{ENTITIES}]><graphml>&i;</graphml>'.encode())
    with pytest.raises(LimitError, match="brackets within"):
        from_node_link("[" * DEEP + "]" * DEEP)


class Drip(io.RawIOBase):
    """A stream that gives a few bytes at a time."""

    def __init__(self, content: bytes, size: int) -> None:
        self._parts = io.BytesIO(content)
        self._size = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._parts.read(self._size)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("format", "text", "is_deep"),
    [
        ("turtle", "<a:s> <a:p> " + "<<( <a:s> <a:p> " * 600 + "1" + " )>>" * 600 + " .", True),
        ("turtle", "<a:s> <a:p> " + "<<( <a:s> <a:p> # >>\n" * 600 + "1" + " )>>" * 600 + " .", True),
        ("turtle", "<a:s> <a:p> '''" + ">>" * 600 + "''' , " + "<<( <a:s> <a:p> " * 600 + "1 .", True),
        ("turtle", "<a:s> <a:p> '" + "<< " * 600 + "' .", False),
        ("turtle", "<a:s> <a:p> '''\"" + "<< \\''' '' " * 600 + "''' .", False),
        ("turtle", "<a:s> <a:p> <<( <a:s> <a:p> 1 )>> .\n" * 600, False),
        ("jsonld", "[" * 600 + "]" * 600, True),
        ("jsonld", '["' + "]" * 600 + '\\"",' + "[" * 600, True),
        ("jsonld", '["' + '[\\"' * 600 + '"]', False),
        ("rdfxml", "<a>" * 600 + "</a>" * 600, True),
        ("rdfxml", "<a><!-- " + "<a>" * 600 + "--></a>", False),
    ],
)
def test_depth_is_the_same_in_parts_of_any_size(format: str, text: str, is_deep: bool, size: int) -> None:
    def opened() -> io.RawIOBase:
        return Drip(text.encode(), size)

    if is_deep:
        with pytest.raises(LimitError, match="theirs, line "):
            check_stream(cast("Any", opened), FORMATS[format], "theirs")
    else:
        check_stream(cast("Any", opened), FORMATS[format], "theirs")


def test_a_stream_is_read_up_to_its_limit() -> None:
    assert io.BufferedReader(Limited(io.BytesIO(b"x" * 100), "theirs", 100)).read() == b"x" * 100
    with pytest.raises(LimitError, match="theirs unpacks to more than the 99 bytes"):
        io.BufferedReader(Limited(io.BytesIO(b"x" * 100), "theirs", 99)).read()
