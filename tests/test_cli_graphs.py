"""Every verb on a graph that is not ours: what it prints where, and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Smoke harms lungs, a filter cleans the air of smoke; a lung is part of a chest, and a rib too.
GRAPH = """
PREFIX biolink: <https://w3id.org/biolink/vocab/>
PREFIX ex: <https://example.org/air/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
ex:smoke a biolink:Exposure ; rdfs:label "smoke" ; biolink:synonym "fumes" ; biolink:causes ex:cough .
ex:filter a biolink:Treatment ; rdfs:label "air filter" ; biolink:preventative_for_condition ex:smoke .
ex:cough a biolink:PhenotypicFeature ; rdfs:label "cough" ; biolink:description "loud\\u001b[31m" ;
    biolink:synonym "hack\\u001b[2J" ; biolink:located_in ex:lung .
ex:lung a biolink:AnatomicalEntity ; rdfs:label "lung" ; biolink:part_of ex:chest .
ex:rib a biolink:AnatomicalEntity ; rdfs:label "rib" ; biolink:part_of ex:chest .
ex:chest a biolink:AnatomicalEntity ; rdfs:label "chest" .
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the graph in it."""
    path = tmp_path_factory.mktemp("air")
    (path / "air.ttl").write_text(GRAPH, encoding="utf-8")
    return path


def kg(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg.cli", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "code", "printed"),
    [
        (["query", "-e", "SELECT ?o { ex:smoke biolink:causes ?o }"], 0, "ex:cough"),
        (["query", "-e", "SELECT ?o { ex:smoke biolink:cause ?o }"], 0, "the predicate biolink:cause occurs nowhere"),
        (["queries"], 0, "disputed-claims"),
        (["find", "fumes"], 0, "ex:smoke"),
        (["find", "smokke"], 3, "did you mean 'smoke'"),
        (["show", "smoke"], 0, "smoke causes cough"),
        (["paths", "smoke", "cough"], 0, "--> cough"),
        (["paths", "air filter", "cough", "--sign", "decreases"], 0, "--| smoke"),
        (["paths", "cough", "chest", "--sign", "none"], 0, "..> lung"),
        (
            ["paths", "cough", "chest", "--sign", "none", "--predicate", "part of"],
            6,
            "with other relations there is one",
        ),
        (["paths", "lung", "rib", "--sign", "none"], 6, "both lead to chest"),
        (["plan", "--factor", "smoke", "--outcome", "cough"], 0, "air filter"),
        (["loops"], 6, "No feedback loop"),
        (["influence", "cough"], 0, "smoke"),
        (["diagram", "--exposure", "smoke", "--outcome", "cough"], 0, "smoke -> cough"),
        (["view", "smoke", "cough", "-o", "page.html"], 0, "wrote page.html"),
        (["explore", "--no-open", "-o", "page.html"], 0, "page.html"),
        (["check"], 0, "no faults"),
        (["export", "--format", "turtle"], 0, "biolink:causes"),
        (["export", "--format", "graphml"], 0, "<graphml"),
        (["export", "--format", "node-link"], 0, '"nodes"'),
        (["export", "--format", "kgx", "-o", "kgx"], 0, "graph_edges.tsv"),
    ],
)
def test_each_verb_works_on_it(folder: Path, arguments: list[str], code: int, printed: str) -> None:
    done = kg(folder, *arguments, "--graph", "air.ttl", "--lens", "biolink")
    assert (done.returncode, printed in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_guess_goes_to_stderr_and_the_answer_to_stdout(folder: Path) -> None:
    done = kg(folder, "paths", "smoke", "cough", "--graph", "air.ttl")
    assert done.stderr.startswith("kg: read through the lens biolink (it holds 6 Biolink terms); --lens")
    assert done.stdout.startswith("From smoke to cough")


def test_what_a_stranger_wrote_does_not_reach_the_terminal_as_commands(folder: Path) -> None:
    for verb in (["find", "cough"], ["show", "cough"], ["paths", "smoke", "cough"]):
        assert "\x1b" not in kg(folder, *verb, "--graph", "air.ttl", "--lens", "biolink").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["find", "x", "--lens", "owl"], "--lens goes with --graph FILE..."),
        (["find", "x", "--with-ours"], "--with-ours goes with --graph FILE..."),
        (["find", "x", "--graph", "air.ttl", "--lens", "skos"], "the lens skos shows no nodes in air.ttl"),
        (["find", "x", "--graph", ".", "air.ttl"], "the folder of a project stands alone"),
        (["check", "air.ttl", "--graph", "air.ttl"], "give no PATH"),
        (["add", "a", "b", "--graph", "."], "give SUBJECT RELATION OBJECT, or --from FILE"),
        (["add", "a", "b", "c", "--from", "t.csv", "--graph", "."], "--from reads all from the table"),
    ],
)
def test_options_that_do_not_go_together_are_said(folder: Path, arguments: list[str], message: str) -> None:
    done = kg(folder, *arguments)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
