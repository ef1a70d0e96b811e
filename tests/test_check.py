"""Tests of the check as a whole: our ontology passes it, and copies with one fault each are told so."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from kg.build import build_store
from kg.check import Fault, faults, faults_in, files_with, run_check, what_to_check
from kg.coverage import uncovered
from kg.errors import InputError, SyntaxFault
from kg.ontology import Ontology, packaged

if TYPE_CHECKING:
    from pathlib import Path

BARE = "claim:obesity-kind-of-excess-weight"
CLAIM = """PREFIX claim: <https://w3id.org/painpath/claim/>
PREFIX evidence: <https://w3id.org/painpath/evidence/>
PREFIX kg: <https://w3id.org/painpath/schema#>
PREFIX pain: <https://w3id.org/painpath/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

claim:obesity-causes-sciatica
    a kg:Claim ;
    rdfs:label "obesity causes sciatica"@en ;
    rdf:object pain:sciatica ;
    rdf:predicate kg:causes ;
    rdf:subject pain:obesity ;
    rdfs:comment "Great weight brings on sciatica."@en ;
    kg:certainty kg:Stated ;
    kg:evidence evidence:article-risk-weight-1 ;
.
"""


@pytest.fixture
def copy(tmp_path: Path) -> Ontology:
    """A copy of our ontology, to be changed."""
    return Ontology(shutil.copytree(packaged().folder, tmp_path / "ontology"))


@pytest.fixture
def small(copy: Ontology) -> Ontology:
    """A copy without claims and red flags, whose check is quick."""
    shutil.rmtree(copy.folder / "claims")
    (copy.folder / "vocabularies" / "red-flags.ttl").unlink()
    text = copy.mappings.read_text(encoding="utf-8")
    copy.mappings.write_text(re.sub(r"(?m)^pain:red-flag.*\n", "", text), encoding="utf-8")
    return copy


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def without_evidence(ontology: Ontology) -> None:
    path = ontology.folder / "claims" / "risk-weight.ttl"
    text = path.read_text(encoding="utf-8")
    block = re.search(rf"(?ms)^{BARE}\n.*?^\.\n", text)
    assert block is not None
    bare = re.sub(r"    kg:evidence.*?;\n", "", block[0], flags=re.DOTALL)
    path.write_text(text.replace(block[0], bare), encoding="utf-8")


def test_our_ontology_has_no_faults() -> None:
    assert [str(fault) for fault in faults_in([])] == []


def test_a_claim_without_evidence_is_named_by_check_and_by_coverage(
    copy: Ontology, capsys: pytest.CaptureFixture[str]
) -> None:
    without_evidence(copy)

    code = run_check([copy.folder], coverage=True)

    lines = capsys.readouterr().out.splitlines()
    assert code == 4
    assert "59 sentences: 58 with claims, 1 with a reason, 0 with neither" in lines
    assert lines[-2:] == [
        f"{BARE}: has no evidence; add a kg:evidence: the sentence of the article, or the finding of a publication, "
        "that it was read in [claim evidence]",
        f"{BARE}: has no evidence; add the sentence or the finding that it was read in as kg:evidence "
        "[claim read somewhere]",
    ]
    assert [fault.focus for fault in uncovered(build_store(copy))] == [BARE]


def test_a_fault_names_its_file(small: Ontology) -> None:
    path = small.folder / "vocabularies" / "impacts.ttl"
    replace(path, 'skos:prefLabel "everyday life"@en', 'skos:prefLabel "everyday life"@de')
    (fault,) = [fault for fault in faults(small) if fault.rule != "canonical form"]
    assert (fault.focus, fault.rule, fault.file) == ("pain:daily-life", "entity label", path)


def test_a_direct_triple_written_by_hand_is_a_fault(small: Ontology) -> None:
    path = small.folder / "vocabularies" / "impacts.ttl"
    replace(
        path, "pain:daily-life\n", "pain:daily-life\n    kg:increases pain:quality-of-life ;\n    kg:supporting 3 ;\n"
    )
    found = [fault for fault in faults(small) if fault.rule != "canonical form"]
    assert [str(fault) for fault in found] == [
        "pain:daily-life: has kg:supporting written by hand; take it out, since the rules count it from the evidence "
        "[derived by rule]",
        "pain:daily-life: has the direct triple kg:increases pain:quality-of-life written by hand; make it a claim with "
        "evidence [no direct triple]",
    ]
    assert {fault.file for fault in found} == {path}


def test_a_file_out_of_form_an_unknown_mapped_term_and_a_broken_query_are_faults_of_their_files(
    small: Ontology,
) -> None:
    impacts = small.folder / "vocabularies" / "impacts.ttl"
    impacts.write_text("# a comment\n" + impacts.read_text(encoding="utf-8"), encoding="utf-8")
    small.mappings.write_text(
        small.mappings.read_text(encoding="utf-8").replace("\npain:sciatica\t", "\npain:sciaticca\t", 1),
        encoding="utf-8",
    )
    (small.folder / "queries" / "broken.rq").write_text("SELECT * WHERE {\n ?s ?p }", encoding="utf-8")

    found = faults(small)

    assert [(fault.focus, fault.rule, fault.file) for fault in found] == [
        ("pain:sciaticca", "mapping of an entity", small.mappings),
        ("queries/broken.rq", "query parses", small.folder / "queries" / "broken.rq"),
        ("vocabularies/impacts.ttl", "canonical form", impacts),
    ]
    assert "broken.rq, line " in found[1].message


@pytest.mark.parametrize(
    ("body", "message"),
    [("sh:or 1", "well-formed RDF list"), ('sh:sparql [ sh:select "SELEC $this" ]', "constraint does not parse")],
)
def test_shapes_that_are_none_are_unusable_input(small: Ontology, body: str, message: str) -> None:
    text = f"PREFIX sh: <http://www.w3.org/ns/shacl#> <urn:s> a sh:NodeShape ; sh:targetNode <urn:x> ; {body} ."
    small.shapes.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=rf"shapes\.ttl: .*{message}"):
        faults(small)


def test_fix_writes_the_form_and_then_all_is_well(small: Ontology, capsys: pytest.CaptureFixture[str]) -> None:
    impacts = small.folder / "vocabularies" / "impacts.ttl"
    before = impacts.read_bytes()
    impacts.write_bytes(b"# a comment\n" + before)

    assert run_check([small.folder], fix=True) == 0

    assert impacts.read_bytes() == before
    assert capsys.readouterr().err == f"wrote {impacts}\nkg: no faults\n"


def test_fix_writes_nothing_where_a_file_does_not_parse(small: Ontology) -> None:
    impacts, schema = small.folder / "vocabularies" / "impacts.ttl", small.folder / "schema.ttl"
    impacts.write_bytes(b"# a comment\n" + impacts.read_bytes())
    (small.folder / "zzz.ttl").write_text("nonsense", encoding="utf-8")
    before = impacts.read_bytes(), schema.read_bytes()
    with pytest.raises(SyntaxFault, match=r"zzz\.ttl, line 1"):
        run_check([small.folder], fix=True)
    assert (impacts.read_bytes(), schema.read_bytes()) == before


def test_a_file_stands_in_place_of_our_claims_and_only_it_is_reported(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.ttl", tmp_path / "bad.ttl"
    good.write_text("# comments are its own affair\n" + CLAIM, encoding="utf-8")
    bad.write_text(
        CLAIM.replace("causes-sciatica", "leads-to-sciatica").replace("kg:causes", "kg:leadsTo"), encoding="utf-8"
    )

    assert faults_in([good]) == []
    (fault,) = faults_in([good, bad])

    assert str(fault) == (
        "claim:obesity-leads-to-sciatica: has an rdf:predicate that is no relation of the schema; take one of its "
        "kg:Relation properties, such as kg:causes (found: kg:leadsTo) [claim predicate known]"
    )
    assert fault.file == bad


def test_a_claim_without_an_iri_is_reported_too(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(CLAIM.replace("claim:obesity-causes-sciatica\n", "[]\n"), encoding="utf-8")
    (fault,) = faults_in([path])
    assert (fault.focus, fault.rule, fault.file) == ("a node without an IRI", "claim IRI", path)


def test_broken_turtle_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text(CLAIM + "\nclaim:x a", encoding="utf-8")
    with pytest.raises(SyntaxFault) as caught:
        faults_in([path])
    assert (caught.value.source, caught.value.line) == (str(path), 19)


def test_files_of_ours_are_read_with_their_companions(tmp_path: Path) -> None:
    ours = packaged().folder / "vocabularies" / "red-flags.ttl"
    foreign = tmp_path / "mine.ttl"
    assert files_with(packaged(), [ours]) == packaged().turtle_files()
    assert files_with(packaged(), [ours, foreign]) == [
        *(found for found in packaged().turtle_files() if found[0].parent.name != "claims"),
        (foreign, "claims"),
    ]


def test_what_to_check_is_ours_a_folder_or_files(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.touch()
    assert what_to_check([]) == (packaged(), None)
    assert what_to_check([tmp_path]) == (Ontology(tmp_path), None)
    assert what_to_check([path]) == (packaged(), (path,))
    with pytest.raises(InputError, match="not both"):
        what_to_check([path, tmp_path])
    with pytest.raises(InputError, match="no such file or folder"):
        what_to_check([tmp_path / "missing.ttl"])
    with pytest.raises(InputError, match="whole ontology"):
        run_check([path], coverage=True)


def test_a_fault_is_one_line() -> None:
    fault = Fault("claim:x", "claim label", "has two\nlabels; keep one", '"a"@en')
    assert str(fault) == 'claim:x: has two labels; keep one (found: "a"@en) [claim label]'


def test_what_a_literal_holds_reaches_no_terminal_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(CLAIM.replace('"obesity causes sciatica"@en', '"\\u001b[31m\\nred"@de'), encoding="utf-8")
    (fault,) = faults_in([path])
    assert fault.value == '"\\u001b[31m\\nred"@de'
