"""Output whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.errors import InputError
from kg.files import read_text, write_whole

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_whole(path, "old")
    write_whole(path, "new ü\n")
    assert path.read_bytes() == "new ü\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_an_input_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "query.rq"
    path.write_text("ASK {}", encoding="utf-8")
    with pytest.raises(InputError, match="is an input of this command"):
        write_whole(tmp_path / "." / "query.rq", "x", inputs=[path])
    assert path.read_text(encoding="utf-8") == "ASK {}"


def test_a_folder_that_is_missing_or_in_the_way_gives_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder; name a file in it"):
        write_whole(tmp_path, "x")
    with pytest.raises(InputError, match=r"cannot write .*: No such file or directory"):
        write_whole(tmp_path / "none" / "a.txt", "x")


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_text_that_is_no_utf8_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "latin.rq"
    path.write_bytes(b"# caf\xe9")
    with pytest.raises(InputError, match=r"is not UTF-8 text \(byte 5\)"):
        read_text(path)
