"""A graph of one's own: begun in one step, and whole from the first moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import kg
from kg.check import faults_in
from kg.errors import InputError
from kg.project import new_project

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_project_passes_its_own_check_and_answers_its_query(tmp_path: Path) -> None:
    files = new_project(tmp_path / "garden", title='The "kitchen" garden')
    assert [path.relative_to(tmp_path / "garden").as_posix() for path in files] == [
        "README.md",
        "claims/first.ttl",
        "queries/leads-to.rq",
        "schema.ttl",
        "shapes.ttl",
        "sources.ttl",
        "vocabularies/terms.ttl",
    ]
    assert faults_in([tmp_path / "garden"]) == []
    graph = kg.load(tmp_path / "garden")
    assert (graph.title, graph.short_name) == ('The "kitchen" garden', "garden")
    assert graph.find("drooping leaves") == "garden:wilting"
    rows = graph.query("leads-to", factor="drought").rows  # type: ignore[union-attr] # a SELECT
    assert [row[2].value for row in rows] == ["wilting"]  # type: ignore[union-attr] # literals


def test_its_claims_have_signs_standings_and_evidence(tmp_path: Path) -> None:
    new_project(tmp_path / "orchard")
    graph = kg.load(tmp_path / "orchard")
    edge = graph.shared_network.edges["orchard:dry-soil", "orchard:wilting", "orchard-claim:dry-soil-raises-wilting"]
    assert (edge["sign"], edge["standing"], edge["certainty"]) == (1, "Supported", "Stated")
    assert edge["evidence"][0].locator == "p. 1"
    assert graph.shared_network.nodes["orchard:mulching"]["classes"] == ("Strategy", "Measure")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"prefix": "pain"}, "the prefix pain stands for"),
        ({"prefix": "Über"}, "is no prefix; give lower-case letters"),
        ({"namespace": "https://example.org/x"}, "is no namespace; give an IRI that ends in / or #"),
        ({"namespace": "not an iri/"}, "is no IRI; give --namespace"),
    ],
)
def test_names_that_cannot_be_used_are_refused_and_nothing_is_made(
    tmp_path: Path, options: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        new_project(tmp_path / "plot", **options)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "plot").mkdir()
    (tmp_path / "plot" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is there already"):
        new_project(tmp_path / "plot")
    assert [path.name for path in (tmp_path / "plot").iterdir()] == ["mine.txt"]


def test_a_failed_write_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise InputError("cannot write: no space left on device")

    monkeypatch.setattr("kg.project.write_whole", full)
    with pytest.raises(InputError, match="no space left"):
        new_project(tmp_path / "plot")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", ["raises", "Raises", "field:raises"])
def test_its_relations_are_found_by_their_names(tmp_path: Path, words: str) -> None:
    new_project(tmp_path / "field")
    graph = kg.load(tmp_path / "field")
    assert graph.relation(words) == "field:raises"
    assert graph.paths("field:dry-soil", "field:wilting", predicates=[graph.relation(words)]).paths
