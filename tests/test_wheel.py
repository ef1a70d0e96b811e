"""The built wheel carries the ontology and works where there is no checkout."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_ontology_and_the_templates(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"kg/ontology/schema.ttl", "kg/ontology/shapes.ttl", "kg/ontology/mappings.sssom.tsv"} <= names
    assert {"kg/templates/page/page.html", "kg/py.typed", "kg/ontology/rules/standing.rq"} <= names
    assert not [name for name in names if name.startswith(("tests/", "notebooks/"))]


def test_a_query_runs_from_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    install = [str(binaries / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)]
    subprocess.run(install, check=True)
    done = subprocess.run(
        [str(binaries / "kg"), "query", "-e", "ASK { pain:herniated-disc kg:increases+ pain:shooting-leg-pain }"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.stdout == "yes\n"
