"""What is amiss in a graph that is not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.lens import lens
from kg.lenscheck import lens_faults
from kg.lensgraph import LensGraph

if TYPE_CHECKING:
    from pathlib import Path

HEADER = """
PREFIX biolink: <https://w3id.org/biolink/vocab/>
PREFIX ex: <https://example.org/lenscheck/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
WHOLE = 'ex:a a owl:Class ; rdfs:label "a" ; rdfs:subClassOf ex:b . ex:b a owl:Class ; rdfs:label "b" .'


def faults(turtle: str, name: str = "owl", shapes: Path | None = None) -> list[tuple[str, str]]:
    store = ox.Store()
    store.load(HEADER + turtle, ox.RdfFormat.TURTLE)
    return [(fault.focus[-1], fault.rule) for fault in lens_faults(LensGraph(store, lens(name)), shapes)]


def test_a_whole_graph_has_no_faults() -> None:
    assert faults(WHOLE) == []


@pytest.mark.parametrize(
    ("turtle", "expected"),
    [
        ("ex:c a owl:Class ; rdfs:subClassOf ex:b .", [("c", "label")]),
        ('ex:c a owl:Class ; rdfs:label "A" .', [("a", "one label, one term"), ("c", "one label, one term")]),
        ('ex:c a owl:Class ; rdfs:label "c" ; rdfs:subClassOf ex:d .', [("d", "used and described")]),
        ('ex:d a owl:Class ; rdfs:label "d" ; owl:deprecated true . ex:a rdfs:subClassOf ex:d .', [("d", "obsolete")]),
        ("ex:b rdfs:subClassOf ex:a .", [("a", "no circle of kinds")]),
    ],
)
def test_each_fault_is_found_where_it_is(turtle: str, expected: list[tuple[str, str]]) -> None:
    assert faults(f"{WHOLE} {turtle}") == expected


def test_a_statement_that_lacks_a_part_is_found() -> None:
    turtle = 'ex:s a biolink:Association ; biolink:subject ex:a . ex:a rdfs:label "a" .'
    assert faults(turtle, "biolink") == [("s", "whole statement")]


def test_shapes_of_ones_own_are_held_too(tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\nPREFIX owl: <http://www.w3.org/2002/07/owl#>\n"
        '<http://s> a sh:NodeShape ; <http://www.w3.org/2000/01/rdf-schema#label> "defined" ; sh:targetClass owl:Class ;'
        " sh:property [ sh:path <http://purl.obolibrary.org/obo/IAO_0000115> ; sh:minCount 1 ] .",
        encoding="utf-8",
    )
    assert len(faults(WHOLE, shapes=path)) == 2
