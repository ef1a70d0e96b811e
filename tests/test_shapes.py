"""Tests of the shapes: each is seen to pass on one example and to fail on another, which differs by that one fault.

The examples are in ``tests/shapes``, two files a shape; each is read together with the schema and ``background.ttl``.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.build import parse_into
from kg.check import Fault, shape_faults
from kg.ontology import packaged
from kg.turtle import unformatted

EXAMPLES = Path(__file__).parent / "shapes"
SHAPES = packaged().shapes
PREFIXES = {"sh": "http://www.w3.org/ns/shacl#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}
REPORTING = """
SELECT ?shape ?label ?message ?severity
WHERE {
  { ?shape sh:message ?message } UNION { ?shape sh:sparql/sh:message ?message }
  FILTER(ISIRI(?shape))
  OPTIONAL { ?shape rdfs:label ?label }
  OPTIONAL { ?shape sh:severity ?severity }
}
"""


@cache
def shapes() -> dict[str, tuple[str, str, str]]:
    """Return label, message and severity of each shape that reports, by its local name."""
    store = ox.Store()
    store.load(path=str(SHAPES), format=ox.RdfFormat.TURTLE)
    rows = store.query(REPORTING, prefixes=PREFIXES)
    assert isinstance(rows, ox.QuerySolutions)
    found = {}
    for row in rows:
        shape, *texts = (getattr(row[name], "value", "") for name in ("shape", "label", "message", "severity"))
        found[shape.rpartition("#")[2]] = (texts[0], texts[1], texts[2])
    return found


def faults_of(name: str) -> list[Fault]:
    return faults_of_text((EXAMPLES / name).read_text(encoding="utf-8"))


@cache  # shapes of one kind of node can have the same conforming example
def faults_of_text(text: str) -> list[Fault]:
    store = ox.Store()
    for path in (packaged().folder / "schema.ttl", EXAMPLES / "background.ttl"):
        parse_into(store, path, path.as_uri())
    store.load(text, format=ox.RdfFormat.TURTLE)
    return shape_faults(store, SHAPES)


def wording(message: str) -> str:
    """Return a pattern for a message: SHACL writes a value where it has a variable in braces."""
    return re.sub(r"\\\{\\\?\w+\\\}", ".+", re.escape(message))


@pytest.mark.parametrize("shape", sorted(shapes()))
def test_a_shape_passes_its_conforming_example(shape: str) -> None:
    assert faults_of(f"{shape}.conforms.ttl") == []


@pytest.mark.parametrize("shape", sorted(shapes()))
def test_a_shape_and_no_other_fails_its_failing_example(shape: str) -> None:
    label, message, _ = shapes()[shape]

    found = faults_of(f"{shape}.fails.ttl")

    assert {fault.rule for fault in found} == {label}
    for fault in found:
        assert re.fullmatch(wording(message), fault.message)
        assert "{" not in fault.message


def test_every_shape_has_two_examples_and_every_example_a_shape() -> None:
    expected = {f"{shape}.{kind}.ttl" for shape in shapes() for kind in ("conforms", "fails")}
    assert {path.name for path in EXAMPLES.iterdir()} == expected | {"background.ttl"}


def test_examples_are_in_canonical_form() -> None:
    assert [path.name for path, _ in unformatted(sorted(EXAMPLES.glob("*.ttl")))] == []


def test_a_shape_has_a_label_of_its_own_a_severity_and_a_message_that_says_how_to_mend() -> None:
    labels = [label for label, _, _ in shapes().values()]
    assert len(set(labels)) == len(labels)
    for label, message, severity in shapes().values():
        assert label
        assert severity == PREFIXES["sh"] + "Violation"
        assert re.fullmatch(r"[^;\n]+; [^;\n]+[^.;\n]", message), message


def test_a_value_at_fault_is_named() -> None:
    (fault,) = faults_of("ClaimShape-subject-known.fails.ttl")
    assert fault.focus == "claim:disc-tear-causes-leg-pain"
    assert fault.value == "pain:torn-disc"


def test_a_constraint_over_all_claims_names_the_claim_and_the_relation_as_curies() -> None:
    (fault,) = faults_of("ClaimShape-object-fits.fails.ttl")
    assert fault.focus == "claim:disc-tear-causes-leg-pain"
    assert fault.message.startswith("has the object pain:disc, of no class that kg:causes takes there; ")


def test_a_claim_made_twice_is_named_under_both_its_ids() -> None:
    found = faults_of("ClaimShape-once.fails.ttl")
    assert sorted(fault.focus for fault in found) == [
        "claim:disc-tear-causes-leg-pain",
        "claim:disc-tear-contributes-to-leg-pain",
    ]
