"""Output whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.files import MANIFEST, read_text, write_folder, write_whole


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


def test_a_folder_is_replaced_whole_and_keeps_no_stale_file(tmp_path: Path) -> None:
    folder = tmp_path / "above" / "site"
    write_folder(folder, {"a.txt": b"1", "deep/b.txt": b"2"})
    write_folder(folder, {"a.txt": b"3", "other/c.txt": b"4"})
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {"a.txt", "other/c.txt", MANIFEST}
    assert not (folder / "deep").exists()
    assert (folder / "a.txt").read_bytes() == b"3"
    assert list(folder.parent.iterdir()) == [folder]


def test_an_empty_folder_or_one_with_litter_is_taken(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / ".DS_Store").touch()
    write_folder(tmp_path / "site", {"a.txt": b"1"})
    assert (tmp_path / "site" / "a.txt").read_bytes() == b"1"


def test_a_folder_of_others_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(InputError, match="is not empty and was not written by this command"):
        write_folder(tmp_path / "mine", {"a.txt": b"1"})
    (tmp_path / "mine" / MANIFEST).write_text('{"files": ["thesis.txt"]}', encoding="utf-8")
    with pytest.raises(InputError, match="is not empty and was not written by this command"):
        write_folder(tmp_path / "mine", {"a.txt": b"1"})
    assert (tmp_path / "mine" / "thesis.txt").read_text(encoding="utf-8") == "years of work"


@pytest.mark.parametrize("name", ["CNAME", ".git/config", "entity/note.txt"])
def test_what_was_put_into_the_folder_is_not_lost(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "site"
    write_folder(folder, {"a.txt": b"1", "entity/b.txt": b"2"})
    added = folder / name
    added.parent.mkdir(exist_ok=True)
    added.touch()
    with pytest.raises(InputError, match=f"holds {name}, not written by this command; move it away first"):
        write_folder(folder, {"a.txt": b"3"})
    assert added.exists()
    assert (folder / "a.txt").read_bytes() == b"1"


def test_a_folder_that_is_a_file_or_the_current_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a file; name a folder"):
        write_folder(tmp_path / "file", {})
    write_folder(tmp_path / "site", {"deep/a.txt": b"1"})
    monkeypatch.chdir(tmp_path / "site" / "deep")
    with pytest.raises(InputError, match="is the current folder or above it"):
        write_folder(tmp_path / "site", {"a.txt": b"2"})


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    write_folder(tmp_path / "real", {"a.txt": b"1"})
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    write_folder(tmp_path / "link", {"a.txt": b"2"})
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a.txt").read_bytes() == b"2"


def test_a_failed_write_leaves_the_old_folder(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write_folder(folder, {"a.txt": b"1"})
    with pytest.raises(InputError, match="cannot write"):
        # A file can't be a folder too.
        write_folder(folder, {"b": b"2", "b/c.txt": b"3"})
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", MANIFEST]
    assert list(tmp_path.iterdir()) == [folder]


def test_the_old_folder_comes_back_where_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    write_folder(folder, {"a.txt": b"1"})
    moves = []

    def stumbling(path: Path, target: Path) -> Path:
        moves.append(target)
        if len(moves) == 2:
            raise OSError(28, "No space left on device")
        path.rename(target)
        return target

    monkeypatch.setattr(Path, "replace", stumbling)
    with pytest.raises(InputError, match="No space left on device"):
        write_folder(folder, {"a.txt": b"2"})
    assert (folder / "a.txt").read_bytes() == b"1"
    assert list(tmp_path.iterdir()) == [folder]
