"""What the README prints works as printed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reference import reference
from tests.servers import oxigraph_server
from tests.serving import serving

UBERON = "uberon.obo.gz"
ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = sorted({
    line
    for kind, text in BLOCKS
    if kind == "sh" and not any(word in text for word in ("kg new demo", "kg load", "kg analyse"))
    for line in text.splitlines()
    if line.startswith("kg ")
})


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_works_as_printed(line: str, tmp_path: Path) -> None:
    words = shlex.split(line, comments=True)[1:]
    if words[0] == "serve":
        with serving(*words[1:]) as server:
            assert server.send("/health", headers={"Host": "localhost"}).status == 200
        return
    if UBERON in line:
        shutil.copy(reference("uberon-musculoskeletal_2021-02-17.obo.gz"), tmp_path / UBERON)
    done = run(line, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout or list(tmp_path.iterdir())


def test_the_steps_to_a_graph_of_ones_own_work_in_their_order(tmp_path: Path) -> None:
    (steps,) = [text.splitlines() for kind, text in BLOCKS if kind == "sh" and "kg new demo" in text]
    for line in steps:
        done = run(line, tmp_path)
        assert done.returncode == 0, (line, done.stderr)
    again = run(steps[2], tmp_path)
    assert again.returncode == 2
    assert "demo-claim:hot-weather-raises-dry-soil says that already" in again.stderr


def test_the_steps_to_a_store_and_an_endpoint_work_in_their_order(tmp_path: Path) -> None:
    (steps,) = [text.splitlines() for kind, text in BLOCKS if kind == "sh" and "kg load" in text]
    shutil.copy(reference("uberon-musculoskeletal_2021-02-17.obo.gz"), tmp_path / UBERON)
    example = "http://127.0.0.1:7878/query"
    for line in steps:
        if example not in line:
            done = run(line, tmp_path)
            assert done.returncode == 0, (line, done.stderr)
    (line,) = [line for line in steps if example in line]
    (generation,) = [path for path in (tmp_path / "store").glob("generation-*") if path.is_dir()]
    with oxigraph_server(generation) as url:
        there = run(line.replace(example, url), tmp_path)
    here = run(line.partition(" --endpoint")[0], tmp_path)
    assert there.returncode == 0, there.stderr
    assert there.stdout == here.stdout


def test_the_steps_to_an_analysis_work_in_their_order(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="PySpark is not installed (painpath[spark])")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (painpath[spark])")
    (steps,) = [text.splitlines() for kind, text in BLOCKS if kind == "sh" and "kg analyse" in text]
    for line in steps:
        done = run(line, tmp_path)
        assert done.returncode == 0, (line, done.stderr)
    assert run(steps[-1].replace("--engine spark", ""), tmp_path).stdout == done.stdout


def run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    words = shlex.split(line, comments=True)[1:]
    if words[0] == "explore":
        words.append("--no-open")
    return subprocess.run(
        [sys.executable, "-m", "kg.cli", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_lens_of_ones_own_shows_a_graph(tmp_path: Path) -> None:
    (turtle,) = [text for kind, text in BLOCKS if kind == "turtle"]
    (tmp_path / "lens.ttl").write_text(turtle, encoding="utf-8")
    (tmp_path / "lab.ttl").write_text(
        "PREFIX lab: <https://example.org/lab/>\n"
        'lab:a a lab:Gene ; lab:name "gene a" ; lab:activates lab:b . lab:b a lab:Disease ; lab:name "disease b" .',
        encoding="utf-8",
    )
    done = run("kg paths 'gene a' 'disease b' --graph lab.ttl --lens lens.ttl", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "gene a activates disease b" in done.stdout


def test_the_requests_to_a_server_work_as_printed() -> None:
    lines = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines() if line.startswith("curl ")]
    assert lines
    with serving() as server:
        for line in lines:
            words = shlex.split(line.replace("http://127.0.0.1:8000", server.url), comments=True)
            done = subprocess.run([*words, "-sSf"], capture_output=True, text=True, timeout=60, check=False)
            assert (done.returncode, bool(done.stdout)) == (0, True), done.stderr


@pytest.mark.parametrize("code", [text for kind, text in BLOCKS if kind == "python"])
def test_the_python_example_runs(code: str) -> None:
    exec(compile(code, "README.md", "exec"), {})


def test_the_pictures_are_there() -> None:
    for path in re.findall(r"""!\[[^\]]*\]\(([^)]+)\)""", README) + re.findall(r"""<img src="([^"]+)""", README):
        assert (ROOT / path).is_file()


def test_it_says_that_it_is_no_medical_advice() -> None:
    assert "It is no medical advice" in README
