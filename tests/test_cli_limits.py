"""The command line on queries that one did not write, and a server that cannot start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_cli import RUNAWAY, kg


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["-e", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "--timeout", "1"],
            "it took more than 1 s",
        ),
        (["-e", RUNAWAY, "--memory", "200M"], "it needed more than 200 MiB of memory"),
    ],
)
def test_a_query_that_one_did_not_write_is_stopped(options: list[str], message: str, tmp_path: Path) -> None:
    done = kg("query", *options, "-o", str(tmp_path / "out.csv"), "--format", "csv")
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith(f"kg: stopped: {message}")
    assert list(tmp_path.iterdir()) == []


def test_a_query_that_would_call_a_host_is_refused_with_one_line() -> None:
    done = kg("query", "-", stdin="SELECT * {\n SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("kg: standard input, line 2, column 2: SERVICE is refused")
    assert done.stderr.count("\n") == 1


def test_a_server_without_its_packages_says_what_to_install(tmp_path: Path) -> None:
    # A module of that name that is none stands for one that is not there.
    (tmp_path / "starlette.py").write_text("raise ModuleNotFoundError(name='starlette')\n", encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}:{Path(__file__).parent.parent}"}
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", "serve"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == "kg: kg serve needs starlette; install it with: pip install 'painpath[server]'\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--cors", "lab.example"], "--cors takes an origin such as https://example.org"),
        (["--timeout", "0"], "'0' is no time"),
        (["--memory", "lots"], "'lots' is no size of memory"),
        (["--workers", "0"], "--workers takes a number from 1"),
        (["--host", "no.such.host.invalid"], "cannot listen on no.such.host.invalid"),
        (["--port", "70000"], "--port takes a number from 0 to 65535"),
        (["--store", "no-such-folder"], "there is no store in"),
    ],
)
def test_a_server_that_cannot_start_says_why(options: list[str], message: str) -> None:
    done = kg("serve", "--quiet", *options)
    assert done.returncode == 2
    assert done.stderr.startswith("kg: ")
    assert message in done.stderr
