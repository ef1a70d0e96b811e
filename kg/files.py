"""Output files are written whole or not at all, and never over an input."""

from __future__ import annotations

import json
import os
import shutil
import signal
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["MANIFEST", "check_folder", "read_text", "write_folder", "write_whole"]

MANIFEST = "manifest.json"
"""Lists the files of a folder that was written by `write_folder`."""
_MAKER = "painpath"
# Put there by file managers, and of use to nobody.
_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file.

    Raises
    ------
    InputError
        If the file cannot be read, or is not UTF-8; LimitError if it is larger than `kg.safe.MAX_FILE`.
    """
    from kg.safe import read_bytes

    try:
        # Line ends as Python reads them, whatever system the file was written on.
        return read_bytes(path).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8") from error


def write_whole(path: Path, content: str | bytes, *, inputs: Iterable[Path] = ()) -> None:
    """Write a file in one step: a reader sees the old one or the new one and nothing between.

    Parameters
    ----------
    path
        Where to; its folder must exist.
    content
        Text is written as UTF-8 with its line breaks as they are.
    inputs
        Files that were read for this output.

    Raises
    ------
    InputError
        If the path is one of the inputs or a folder, or cannot be written.
    """
    for read in inputs:
        if path.exists() and read.exists() and path.samefile(read):
            raise InputError(f"{path} is an input of this command; choose another output file")
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file in it")
    raw = content.encode("utf-8") if isinstance(content, str) else content
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with _uninterrupted():
            try:
                with beside.open("wb") as file:
                    file.write(raw)
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(path)
            except BaseException:
                with suppress(OSError):
                    beside.unlink()
                raise
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from error


def check_folder(folder: Path) -> None:
    """Refuse a folder that `write_folder` may not replace.

    Parameters
    ----------
    folder
        May be missing, empty, or as `write_folder` left it.

    Raises
    ------
    InputError
        If it is a file, holds what we did not write, or is the current folder or above it.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(f"{folder} is a file; name a folder")
    if Path.cwd().resolve().is_relative_to(folder.resolve()):
        raise InputError(
            f"{folder} is the current folder or above it, and can't be replaced; go elsewhere or name another"
        )
    try:
        found = sorted(_files_in(folder))
        if not found:
            return
        known = _manifest(folder)
    except OSError as error:
        raise InputError(f"cannot read {folder}: {error.strerror or error}") from error
    if known is None:
        raise InputError(f"{folder} is not empty and was not written by this command; name another folder or empty it")
    strange = [name for name in found if name not in known]
    if strange:
        more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
        raise InputError(f"{folder} holds {strange[0]}{more}, not written by this command; move it away first")


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files in one step, in place of one that was written so before.

    The files are written beside and the folders then change places, so that no file of the old one is left over, and nothing
    is changed where one cannot be written.

    Parameters
    ----------
    folder
        Where to; made with the folders above it where it is missing.
    files
        Contents by their paths in the folder, with slashes. The list of them is written too, as `MANIFEST`.

    Raises
    ------
    InputError
        As `check_folder`, and if a file cannot be written.
    """
    check_folder(folder)
    # What a link leads to is replaced, and the link stays.
    target = folder.resolve()
    names = sorted({*files, MANIFEST})
    listed = json.dumps({"made by": _MAKER, "files": names}, indent=0, ensure_ascii=False) + "\n"
    beside, old = (target.with_name(f".{target.name}.{os.getpid()}.{kind}") for kind in ("new", "old"))
    try:
        with _uninterrupted():
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                beside.mkdir()
                for name, content in {**files, MANIFEST: listed.encode()}.items():
                    path = beside / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
                _change_places(beside, target, old)
            finally:
                shutil.rmtree(beside, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise InputError(f"cannot write {folder}: {error.strerror or error}") from error


def _change_places(beside: Path, target: Path, old: Path) -> None:
    if not target.exists():
        beside.replace(target)
        return
    target.replace(old)
    try:
        beside.replace(target)
    except BaseException:
        old.replace(target)
        raise


def _files_in(folder: Path) -> Iterator[str]:
    """Yield what a folder holds that is no folder, links among them, by its path with slashes."""
    for place, folders, names in os.walk(folder, onerror=_raise):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        yield from (
            (Path(place) / name).relative_to(folder).as_posix() for name in [*names, *links] if name not in _LITTER
        )


def _raise(error: OSError) -> None:
    raise error


def _manifest(folder: Path) -> set[str] | None:
    """Return the files that we wrote into a folder, or None where we did not write it."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    files = told.get("files") if isinstance(told, dict) and told.get("made by") == _MAKER else None
    return set(map(str, files)) if isinstance(files, list) else None


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back while a file is written, so that no temporary file is left behind."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows has no signal masks
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
