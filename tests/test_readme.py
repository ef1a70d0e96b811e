"""What the README prints works as printed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import serving

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = sorted({
    line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines() if line.startswith("kg ")
})


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_works_as_printed(line: str, tmp_path: Path) -> None:
    words = shlex.split(line, comments=True)[1:]
    if words[0] == "serve":
        with serving(*words[1:]) as server:
            assert server.send("/health", headers={"Host": "localhost"}).status == 200
        return
    if words[0] == "explore":
        words.append("--no-open")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", *words],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout or list(tmp_path.iterdir())


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
