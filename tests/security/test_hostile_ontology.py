"""A folder that somebody else wrote: its rules, queries and shapes may read its graph, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import kg
from kg.check import run_check
from kg.errors import RefusedError
from kg.ontology import packaged
from tests.security.canary import canary


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged().folder, tmp_path / "theirs"))


def test_a_rule_that_calls_a_host_is_refused(theirs: Path) -> None:
    with canary() as watched:
        rule = theirs / "rules" / "part-of-whole.rq"
        rule.write_text(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{watched.url}> {{ ?s ?p ?o }} }}", encoding="utf-8"
        )
        with pytest.raises(RefusedError, match=r"part-of-whole\.rq, line 1, column 32: SERVICE is refused"):
            kg.load(theirs)
        assert watched.hits == 0


def test_a_query_file_that_calls_a_host_is_reported_and_not_run(
    theirs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with canary() as watched:
        query = theirs / "queries" / "sneaky.rq"
        query.write_text(f"#+ summary: Is it?\nASK {{ SERVICE <{watched.url}> {{ ?s ?p ?o }} }}\n", encoding="utf-8")
        assert run_check([theirs]) == 4
        assert watched.hits == 0
    shown = capsys.readouterr()
    assert "SERVICE is refused" in shown.out + shown.err


@pytest.mark.parametrize(
    ("select", "message"),
    [
        ("SELECT $this WHERE { SERVICE <{canary}> { ?s ?p ?o } }", "SERVICE is refused"),
        ("SELECT $this FROM <{canary}> WHERE { ?s ?p ?o }", "FROM is refused"),
        ("SELECT $this FROM <file:///etc/passwd> WHERE { ?s ?p ?o }", "FROM is refused"),
    ],
)
def test_a_shape_that_calls_a_host_or_reads_a_file_is_refused(theirs: Path, select: str, message: str) -> None:
    with canary() as watched:
        shapes = theirs / "shapes.ttl"
        text = select.replace("{canary}", watched.url)
        shapes.write_text(
            f"{shapes.read_text(encoding='utf-8')}\n<https://example.org/Shape> a sh:NodeShape ; sh:targetClass kg:Claim ;\n"
            f'    sh:sparql [ a sh:SPARQLConstraint ; sh:message "no"@en ; sh:select "{text}" ] .\n',
            encoding="utf-8",
        )
        with pytest.raises(RefusedError, match=message):
            run_check([theirs])
        assert watched.hits == 0
