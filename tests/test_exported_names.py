"""The public face: just the names that are meant."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import kg

PACKAGE = Path(kg.__file__).parent


def test_the_package_exports_these_names() -> None:
    assert kg.__all__ == ["KGError", "KnowledgeGraph", "causal_paths", "draw", "load", "plan"]
    for name in kg.__all__:
        assert getattr(kg, name).__name__ == name


def test_every_module_lists_its_public_names_in_order() -> None:
    for path in PACKAGE.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        listed = [
            ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        ]
        assert listed, path
        # Constants, classes and functions, each in alphabetical order.
        assert listed[0] == sorted(listed[0], key=lambda name: (not name.isupper(), not name[0].isupper(), name)), path


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = (
        "import sys, kg\n"
        "heavy = {'rdflib', 'networkx', 'pyvis', 'pyoxigraph', 'pyshacl'} & set(sys.modules)\n"
        "sys.exit(str(sorted(heavy)) if heavy else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
