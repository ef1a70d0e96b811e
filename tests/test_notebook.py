"""The notebooks' magic, and the form of the notebooks themselves; `pytest --nbmake notebooks` runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import kg
from kg.errors import InputError
from kg.notebook import load_ipython_extension, sparql
from kg.results import Solutions, Triples

if TYPE_CHECKING:
    from collections.abc import Iterator


class Magic(Protocol):
    """Runs ``%%sparql LINE`` with a cell, or ``%sparql LINE`` without one."""

    def __call__(self, line: str, cell: str | None = None) -> object: ...


NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """A shell that has loaded the magic and keeps no history on disk."""
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell(config=config)  # type: ignore[no-untyped-call] # IPython has no types here
    load_ipython_extension(shell)
    yield shell
    shell.restore_sys_module_state()  # type: ignore[no-untyped-call] # nor here


@pytest.fixture
def magic(shell: InteractiveShell) -> Magic:
    """The magic as a cell or a line calls it."""

    def run(line: str, cell: str | None = None) -> object:
        if cell is None:
            return shell.run_line_magic("sparql", line)
        return shell.run_cell_magic("sparql", line, cell)  # type: ignore[no-untyped-call] # nor here

    return run


def test_a_select_gives_a_table(magic: Magic) -> None:
    table = magic("", "SELECT ?label { pain:sciatica skos:prefLabel ?label }")
    assert isinstance(table, pd.DataFrame)
    assert table.to_dict("list") == {"label": ["sciatica"]}


def test_an_ask_gives_yes_or_no(magic: Magic) -> None:
    assert magic("", "ASK { pain:sciatica a kg:Condition }") is True
    assert magic("", "ASK { pain:sciatica a kg:Strategy }") is False


def test_a_construct_gives_triples(magic: Magic) -> None:
    triples = magic("", "CONSTRUCT WHERE { pain:sciatica a kg:Condition }")
    assert isinstance(triples, Triples)
    assert len(triples) == 1


def test_a_line_asks_a_named_query_for_a_term_as_people_say_it(magic: Magic, graph: kg.KnowledgeGraph) -> None:
    table = magic('strategies-for target="Hip arthritis"')
    expected = graph.query("strategies-for", target="osteoarthritis of the hip")
    assert isinstance(table, pd.DataFrame)
    assert isinstance(expected, Solutions)
    pd.testing.assert_frame_equal(table, expected.df())


def test_out_keeps_the_answer_in_a_variable(shell: InteractiveShell, magic: Magic) -> None:
    answer = magic("--out kept", "SELECT ?flag { ?flag a kg:RedFlag }")
    assert shell.user_ns["kept"] is answer


def test_another_graph_can_be_asked(shell: InteractiveShell, magic: Magic) -> None:
    mine = kg.load()
    mine.store.clear()
    shell.user_ns["mine"] = mine
    ask = "ASK { ?anything a kg:Condition }"
    assert magic("--graph mine", ask) is False
    assert magic("", ask) is True


@pytest.mark.parametrize(
    ("line", "cell", "message"),
    [
        ("no-such-query", None, "no query called 'no-such-query'"),
        ("", None, "give the name of a query"),
        ("red-flags target", None, "expected name=term, and not 'target'"),
        ("strategies-for", None, "needs --set target"),
        ("strategies-for target=hipp", None, "did you mean"),
        ("", "SELECT ?s {", "line 1"),
    ],
)
def test_a_mistake_is_one_message_and_no_traceback(magic: Magic, line: str, cell: str | None, message: str) -> None:
    # IPython prints a UsageError as its message alone.
    with pytest.raises(UsageError, match=message):
        magic(line, cell)


def test_the_plain_function_raises_our_own_error(graph: kg.KnowledgeGraph) -> None:
    with pytest.raises(InputError, match="give the name"):
        sparql(graph, "")


def cells(path: Path) -> list[dict[str, Any]]:  # the notebook format, which is JSON
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return found


def test_there_are_six_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "1-tour",
        "2-sparql",
        "3-causal-pathways",
        "4-evidence",
        "5-plans",
        "6-adjustment-sets",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebook:
    def test_is_stored_without_outputs(self, path: Path) -> None:
        code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
        assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)

    def test_carries_no_metadata_of_the_machine_that_wrote_it(self, path: Path) -> None:
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
        assert metadata["kernelspec"]["name"] == "python3"
        assert metadata.keys() <= {"kernelspec", "language_info"}
        assert metadata["language_info"] == {"name": "python"}
        assert all(cell["metadata"] == {} for cell in cells(path))

    def test_names_its_cells_in_words(self, path: Path) -> None:
        names = [cell["id"] for cell in cells(path)]
        assert len(set(names)) == len(names)
        assert all(name.replace("-", "").isalpha() for name in names)

    def test_asks_one_question_in_fewer_than_fifteen_cells(self, path: Path) -> None:
        first = "".join(cells(path)[0]["source"])
        assert first.startswith("# ")
        assert first.partition("\n")[0].endswith("?")
        assert len(cells(path)) < 15

    def test_says_that_it_is_no_medical_advice_before_anything_else_is_shown(self, path: Path) -> None:
        assert "no medical advice" in "".join(cells(path)[0]["source"])

    def test_says_what_it_does_not_show(self, path: Path) -> None:
        last = "".join(cells(path)[-1]["source"])
        assert "not show" in last or "does not" in last


def test_a_notebook_names_the_red_flags() -> None:
    assert any('g.query("red-flags")' in "".join(cell["source"]) for path in NOTEBOOKS for cell in cells(path))
