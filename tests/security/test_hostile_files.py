"""Files of others through the one door that they come in by: refused with one line, and nothing fetched."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.errors import KGError
from kg.reading import read_into
from tests.security.canary import canary

if TYPE_CHECKING:
    from pathlib import Path

DEEP = 100_000
HEAD = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/">'


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("deep.ttl", "<a:s> <a:p> " + "<<( <a:s> <a:p> " * DEEP + "1" + " )>>" * DEEP + " .", "brackets within one another"),
        ("deep.nq", "<a:s> <a:p> " + "<<( <a:s> <a:p> " * DEEP + "<a:o>" + " )>>" * DEEP + " .", "brackets within one another"),
        ("deep.jsonld", '{"@id":"a:s","a:p":' * DEEP + "1" + "}" * DEEP, "brackets within one another"),
        ("deep.json", '{"graphs":[' + "[" * DEEP + "]" * DEEP + "]}", "brackets within one another"),
        ("deep.rdf", HEAD + "<e:C><e:p>" * DEEP + "</e:p></e:C>" * DEEP + "</rdf:RDF>", "elements within one another"),
        ("bomb.owl", f'<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>{HEAD}</rdf:RDF>', "stands for other entities"),
        ("file.owl", f'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>{HEAD}</rdf:RDF>', "something outside the file"),
        ("host.owl", f'<!DOCTYPE r SYSTEM "{{canary}}">{HEAD}</rdf:RDF>', "names another file"),
        ("host.jsonld", '{"@context": "{canary}", "@id": "a:s", "p": 1}', "names a context that is not in the file"),
        ("iri.ttl", "<a:s b> <a:p> 1 .", "Invalid IRI"),
        ("utf8.ttl", '<a:s> <a:p> "\udcff" .', "Invalid UTF-8"),
        ("cut.ttl", "<a:s> <a:p> ", "is no Turtle"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value and len(value) < 20 else "",
)  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_a_hostile_file_is_refused_with_one_line(
    name: str, text: str, message: str, packed: bool, tmp_path: Path
) -> None:
    with canary() as watched:
        content = text.replace("{canary}", watched.url).encode(errors="surrogateescape")
        path = tmp_path / (name + ".gz" if packed else name)
        path.write_bytes(gzip.compress(content) if packed else content)
        with pytest.raises(KGError, match=message) as caught:
            read_into(ox.Store(), path)
        assert "\n" not in str(caught.value)
        assert watched.hits == 0


def test_a_gzip_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    path = tmp_path / "bomb.nt.gz"
    # Comments: a parser would read on and on.
    path.write_bytes(gzip.compress(b"#" + bytes(300 << 20)))
    with pytest.raises(KGError, match=r"bomb\.nt\.gz unpacks to more than"):
        read_into(ox.Store(), path)
