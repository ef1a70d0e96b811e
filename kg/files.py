"""Output files are written whole or not at all, and never over an input."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["read_text", "write_whole"]


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
