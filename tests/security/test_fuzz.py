"""A short run of every fuzzer, and all that longer runs have found: `tests.security.fuzz` is for those."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.ontology import packaged
from tests.security.targets import TARGETS, judge

ROOT = Path(__file__).parents[2]
FINDINGS = sorted((Path(__file__).parent / "findings").glob("*-*"))
FRAGMENTS = (
    "SELECT", "*", "{", "}", "(", ")", "?s", "?p", "?o", "<a:b>", "<'>", "'", '"', "'''", '"""', "#", "\n", "\\u0053", "\\",
    "SERVICE", "service", "FILTER", "BIND", "AS", "EXISTS", "<", ">", "<<", ">>", "ex:", "SERVICEex:a", "1", ".", ";", "true",
    "VALUES", "UNDEF", "GRAPH", "|", "/", "^", "!", "&&", "=", "@en", "^^", "_:b", "[", "]", "a", "LOAD", "FROM", " ",
)  # fmt: skip


@pytest.mark.parametrize("name", ["gate", "headers", "lens", "networks", "readers", "terms"])
@settings(max_examples=150)
@given(data=st.binary(max_size=400))
def test_no_bytes_break_a_promise(name: str, data: bytes) -> None:
    TARGETS[name](data)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25))
def test_no_fragments_of_queries_break_the_gate(fragments: list[str]) -> None:
    for gap in ("", " "):
        TARGETS["gate"](gap.join(fragments).encode())


@settings(max_examples=150)
@given(st.binary(min_size=4, max_size=4))
def test_gate_and_engine_agree_on_queries_from_a_grammar(data: bytes) -> None:
    TARGETS["grammar"](data)


@settings(max_examples=100)
@given(st.data())
def test_no_cut_or_splice_of_a_real_file_breaks_a_reader(data: st.DataObject) -> None:
    text = (packaged().folder / "schema.ttl").read_bytes()[:4000]
    start, end = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    TARGETS["readers"](b"\x00" + text[:start] + data.draw(st.binary(max_size=8)) + text[end:])


@settings(max_examples=60)
@given(st.data())
def test_no_cut_or_splice_of_a_lens_breaks_its_reader(data: st.DataObject) -> None:
    text = (packaged().folder / "lenses/skos.ttl").read_bytes()
    start, end = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    TARGETS["lens"](text[:start] + data.draw(st.binary(max_size=8)) + text[end:])


@pytest.mark.parametrize("name", ["gate", "lens", "readers", "terms"])
def test_a_short_search_led_by_coverage_finds_nothing(name: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris is not installed (the fuzz extra)")
    command = [sys.executable, "-m", "tests.security.fuzz", name, "--seconds", "5", "--findings", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "query", [path.read_text("utf-8") for path in sorted((packaged().folder / "queries").glob("*.rq"))]
)
def test_the_queries_of_the_library_pass(query: str) -> None:
    judge(query)


def test_what_was_found_once_stays_mended() -> None:
    for path in FINDINGS:
        TARGETS[path.name.partition("-")[0]](path.read_bytes())
