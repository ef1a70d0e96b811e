"""Further claims: resolved, held to the shapes, and written all or none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import kg
from kg.adding import add_claims
from kg.check import faults_in
from kg.claimtable import GivenClaim, given_claims
from kg.errors import AmbiguousTermError, InputError, KGError, ShapeError, UnknownTermError
from kg.ontology import Ontology
from kg.project import new_project

ROOT = Path(__file__).parent.parent


@pytest.fixture
def beds(tmp_path: Path) -> Ontology:
    """A new project."""
    new_project(tmp_path / "beds")
    return Ontology(tmp_path / "beds")


def claim(subject: str = "heat", relation: str = "raises", object_: str = "drought", **details: str) -> GivenClaim:
    return GivenClaim(subject=subject, relation=relation, object=object_, **{"source": "example", **details})


def content(ontology: Ontology) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in ontology.folder.rglob("*") if path.is_file()}


def test_a_claim_is_written_with_its_evidence_and_the_project_stays_whole(beds: Ontology) -> None:
    added = add_claims(beds, [claim(certainty="LIKELY", locator="table 2", finding="Soil dried out in heat")])
    assert added.claims == ("beds-claim:hot-weather-raises-dry-soil",)
    assert [path.name for path in added.files] == ["added.ttl"]
    edge = kg.load(beds.folder).shared_network.edges["beds:hot-weather", "beds:dry-soil", added.claims[0]]
    assert (edge["label"], edge["certainty"], edge["standing"]) == (
        "hot weather raises dry soil",
        "Likely",
        "Supported",
    )
    (evidence,) = edge["evidence"]
    assert (evidence.source, evidence.locator, evidence.finding) == (
        "beds-source:example",
        "table 2",
        "Soil dried out in heat",
    )
    assert faults_in([beds.folder]) == []


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (
            claim("dry soil", "raises", "wilting"),
            InputError,
            "beds-claim:dry-soil-raises-wilting says that already; --more-ev",
        ),
        (claim("hot wether"), UnknownTermError, "no term called 'hot wether'; did you mean 'hot weather'"),
        (claim(relation="eats"), InputError, "no relation called 'eats'; there are lowers, raises"),
        (claim(source="nobody"), InputError, "no source called 'nobody'; add it to sources.ttl, or give its DOI"),
        (claim(source=""), InputError, "a claim needs a source"),
        (claim(certainty="sure"), InputError, "certainty takes possible, likely, stated, and not 'sure'"),
        (claim(verdict="yes"), InputError, "verdict takes supports, mixed, disputes, noevidencefound, and not 'yes'"),
        (claim("mulching"), ShapeError, "has the subject beds:mulching, of no class that beds:raises takes there"),
        (claim("heat", "raises", "heat"), ShapeError, "says something of a thing and itself"),
    ],
)
def test_what_is_refused_is_said_and_nothing_is_written(
    beds: Ontology, given: GivenClaim, error: type[KGError], message: str
) -> None:
    before = content(beds)
    with pytest.raises(error) as caught:
        add_claims(beds, [given])
    assert message in str(caught.value)
    assert content(beds) == before


def test_a_name_that_means_several_terms_is_refused(beds: Ontology) -> None:
    terms = beds.folder / "vocabularies" / "more.ttl"
    terms.write_text(
        "PREFIX beds: <https://example.org/beds/>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        'beds:oven a beds:Factor ; skos:prefLabel "oven"@en ; skos:altLabel "heat"@en ; skos:definition "A hot box."@en .',
        encoding="utf-8",
    )
    with pytest.raises(AmbiguousTermError, match="'heat' can mean"):
        add_claims(beds, [claim()])


def test_a_table_names_every_faulty_line_and_writes_none_of_its_rows(beds: Ontology, tmp_path: Path) -> None:
    table = tmp_path / "claims.tsv"
    rows = ["subject\trelation\tobject\tsource", "heat\traises\tdrought\texample", "snow\traises\tdrought\texample"]
    rows += ["heat\traises\twilting\tnobody", "hot weather\traises\tdry soil\texample"]
    table.write_text("\n".join(rows), encoding="utf-8")
    before = content(beds)
    with pytest.raises(InputError) as caught:
        add_claims(beds, given_claims(table))
    assert [line.partition(": ")[0].rpartition(" ")[2] for line in str(caught.value).splitlines()[:3]] == [
        "3",
        "4",
        "5",
    ]
    assert f"beds-claim:hot-weather-raises-dry-soil ({table}, line 2) says that already" in str(caught.value)
    assert str(caught.value).endswith("none of the 4 claims was written")
    assert content(beds) == before


def test_a_shape_that_refuses_a_row_names_its_line(beds: Ontology, tmp_path: Path) -> None:
    table = tmp_path / "claims.csv"
    table.write_text(
        "subject,relation,object,source\nheat,raises,drought,example\nmulching,raises,wilting,example\n",
        encoding="utf-8",
    )
    before = content(beds)
    with pytest.raises(ShapeError, match=r"claims\.csv, line 3: beds-claim:mulching-raises-wilting: has the subject"):
        add_claims(beds, given_claims(table))
    assert content(beds) == before


def test_a_new_source_is_made_from_a_doi_or_address_once(beds: Ontology) -> None:
    first = add_claims(beds, [claim(source="https://doi.org/10.1000/XYZ-1")])
    second = add_claims(beds, [claim("mulching", "lowers", "drought", source="doi:10.1000/XYZ-1")])
    third = add_claims(beds, [claim("mulching", "lowers", "wilting", source="https://example.org/mulch")])
    assert [[path.name for path in added.files] for added in (first, second, third)] == [
        ["sources.ttl", "added.ttl"],
        ["added.ttl"],
        ["sources.ttl", "added.ttl"],
    ]
    sources = kg.load(beds.folder).shared_network.graph["sources"]
    assert sources["beds-source:10-1000-xyz-1"].doi == "https://doi.org/10.1000/XYZ-1"
    assert sources["beds-source:example-org-mulch"].url == "https://example.org/mulch"


def test_more_evidence_joins_a_claim_and_the_same_evidence_does_not(beds: Ontology) -> None:
    add_claims(beds, [claim("drought", "raises", "wilting", source="10.1000/a")], more_evidence=True)
    with pytest.raises(InputError, match="has this evidence already: beds-evidence:dry-soil-raises-wilting-2"):
        add_claims(beds, [claim("drought", "raises", "wilting", source="10.1000/a")], more_evidence=True)
    with pytest.raises(InputError, match="is there as stated; change it there"):
        add_claims(beds, [claim("drought", "raises", "wilting", certainty="likely")], more_evidence=True)
    edge = kg.load(beds.folder).shared_network.edges[
        "beds:dry-soil", "beds:wilting", "beds-claim:dry-soil-raises-wilting"
    ]
    assert edge["sources"] == ("beds-source:10-1000-a", "beds-source:example")
    assert faults_in([beds.folder]) == []


def test_a_fault_that_was_there_before_does_not_stop_a_good_claim(beds: Ontology) -> None:
    terms = beds.folder / "vocabularies" / "more.ttl"
    terms.write_text("PREFIX beds: <https://example.org/beds/>\nbeds:nameless a beds:Factor .", encoding="utf-8")
    assert add_claims(beds, [claim()]).claims == ("beds-claim:hot-weather-raises-dry-soil",)


@pytest.mark.parametrize("file", ["../outside.ttl", "sources.ttl", "claims/../../x.ttl", "claims/x.txt"])
def test_claims_are_written_among_the_claims_only(beds: Ontology, file: str) -> None:
    with pytest.raises(InputError, match="is no Turtle file in the folder claims"):
        add_claims(beds, [claim()], file=file)


def test_two_that_add_at_once_both_find_their_claim_written(beds: Ontology) -> None:
    command = [sys.executable, "-m", "kg.cli", "add", "--graph", str(beds.folder), "--source", "example"]
    pairs = [("hot weather", "raises", "dry soil"), ("mulching", "lowers", "dry soil")]
    running = [subprocess.Popen([*command, *pair], cwd=ROOT, stdout=subprocess.PIPE) for pair in pairs]
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    for process in running:
        process.stdout.close()  # type: ignore[union-attr] # a pipe
    assert kg.load(beds.folder).shared_network.number_of_edges() == 3


def test_our_own_ontology_takes_no_claim_that_its_shapes_refuse(tmp_path: Path) -> None:
    import shutil

    from kg.ontology import packaged

    shutil.copytree(packaged().folder, tmp_path / "ours")
    ours = Ontology(tmp_path / "ours")
    before = content(ours)
    with pytest.raises(ShapeError, match="claim:obesity-causes-sciatica: has not exactly one English rdfs:comment"):
        add_claims(ours, [claim("obesity", "causes", "sciatica", source="article", certainty="possible")])
    assert content(ours) == before
