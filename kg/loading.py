"""Files become a store on disk, each wholly or not at all, at the speed of the engine's own bulk loader.

Files are read into the next generation of the store (`kg.ondisk`), which is named when they are wholly in it: large files one by
one, small ones together. A load that is killed is begun again with the same command: what is in the store already is passed
over. A file that has changed since it was loaded cannot be taken out of a store, since triples do not say which file they came
from; then all files of the store are loaded anew, and named together.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import InputError, KGError
from kg.namespaces import PREFIXES
from kg.ondisk import (
    LoadedFile,
    Manifest,
    hold_for_loading,
    new_generation,
    publish,
    read_manifest,
    remove_stale,
)
from kg.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["LoadReport", "load_files"]

_TOGETHER = 64_000_000
"""So many bytes of files are named together at most; larger files are named one by one."""

_ENGINE_FAULTS = (OSError, RuntimeError)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS = ("No space left", "File too large", "Disk quota")


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did."""

    folder: Path
    loaded: tuple[Path, ...]
    """Files that were read, in order."""
    kept: tuple[Path, ...]
    """Files that were in the store already, unchanged."""
    anew: bool
    """Whether all was loaded anew, since a file had changed."""
    size: int
    """Bytes read from files."""


def load_files(
    files: Iterable[Path],
    folder: Path,
    *,
    format: str | None = None,
    compact: bool = True,
    progress: Progress | None = None,
) -> LoadReport:
    """Load files into a store on disk and return what was done.

    Parameters
    ----------
    files
        In any format of `kg.reading.FORMATS`, gzip or not. Triples go to the default graph, quads to their own graphs.
    folder
        Of the store; made where there is none. Others may read it meanwhile, and see the files that are wholly loaded.
    format
        One of `kg.reading.FORMATS` for all files; None to tell it by their names and beginnings.
    compact
        Whether to merge the store's data files in the end, for faster queries; it takes about a third of the time of the
        load, and the files are in the store before it.
    progress
        Told what is being done; its total is set here.

    Returns
    -------
    LoadReport
        Files that come twice are loaded once.

    Raises
    ------
    SyntaxFault
        If a file is not what its format says.
    InputError
        If a file cannot be read, another process is loading, or the folder is no store of ours.
    KGError
        If the disk is full. After any error the store holds the files that were wholly loaded before, as the message says.
    """
    from kg.reading import file_format

    wanted: dict[Path, str] = {}
    for path in files:
        if path.is_dir():
            raise InputError(f"{path} is a folder; name the files in it")
        wanted.setdefault(path.resolve(), format or file_format(path))
    progress = progress or Progress(0, shown=False)
    with hold_for_loading(folder):
        manifest = read_manifest(folder) or Manifest("", (), compact=True)
        remove_stale(folder, manifest.generation)
        kept, changed = _in_store(wanted, manifest)
        todo = {path: name for path, name in wanted.items() if path not in kept}
        if changed:
            others = {Path(file.path): file.format for file in manifest.files}
            for path in others:
                if not path.is_file():
                    raise InputError(
                        f"{changed[0]} has changed since it was loaded, so all files of the store have to be loaded anew, "
                        f"and {path} is not there any more; load what you have into a new folder"
                    )
            todo, kept = {**others, **todo}, []
        progress.total = sum(path.stat().st_size for path in todo)
        load = _Load(folder, manifest, progress, at_once=bool(changed))
        try:
            load.files(todo)
            if compact and not load.published.compact:
                load.compaction()
        finally:
            load.close()
            remove_stale(folder, load.published.generation)
    return LoadReport(folder, tuple(todo), tuple(kept), bool(changed), progress.read)


def _in_store(wanted: Iterable[Path], manifest: Manifest) -> tuple[list[Path], list[Path]]:
    """Return which of the files are in the store as they are, and which are in it as they were once."""
    known = {Path(file.path): file for file in manifest.files}
    kept: list[Path] = []
    changed: list[Path] = []
    for path in wanted:
        file = known.get(path)
        if file is None:
            continue
        now = path.stat()
        same = now.st_size == file.size and (now.st_mtime_ns == file.modified or _sha256(path) == file.sha256)
        (kept if same else changed).append(path)
    return kept, changed


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Load:
    """One load: the generation that is being written, and what has been named so far."""

    def __init__(self, folder: Path, manifest: Manifest, progress: Progress, *, at_once: bool) -> None:
        self.folder = folder
        self.published = manifest
        self._progress = progress
        self._at_once = at_once
        self._store: ox.Store | None = None
        self._path: Path | None = None
        self._of = "" if at_once else manifest.generation
        self._files: list[LoadedFile] = [] if at_once else list(manifest.files)

    def files(self, todo: dict[Path, str]) -> None:
        """Read files and name them."""
        waiting = 0
        for place, (path, name) in enumerate(todo.items(), start=1):
            self._progress.stage = path.name
            waiting += path.stat().st_size
            try:
                self._read(path, name)
            except InputError as error:
                raise _with_state(error, self.published.files) from error
            if place == len(todo):
                self._derive()
            if place == len(todo) or (waiting >= _TOGETHER and not self._at_once):
                self._name(compact=False)
                waiting = 0

    def compaction(self) -> None:
        """Merge the data files and name the result."""
        self._progress.stage = "merging the data files (all is in the store already)"
        store = self._open()
        try:
            store.optimize()
        except _ENGINE_FAULTS as error:
            raise _disk_fault(error, self.folder, "the files are in it; only queries are slower") from error
        self._name(compact=True)

    def close(self) -> None:
        """Let go of a generation that was not named, and remove it."""
        self._store = None
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
            self._path = None

    def _open(self) -> ox.Store:
        if self._store is None:
            try:
                self._path = new_generation(self.folder, self._of)
                self._store = ox.Store(str(self._path))
            except _ENGINE_FAULTS as error:
                raise _disk_fault(error, self.folder, _state(self.published.files)) from error
        return self._store

    def _read(self, path: Path, name: str) -> None:
        from kg.reading import read_into

        store = self._open()
        digest, before = hashlib.sha256(), path.stat()

        def watch(chunk: memoryview) -> None:
            digest.update(chunk)
            self._progress.read += len(chunk)
            if not chunk:
                self._progress.stage = f"{path.name}: writing the indexes"

        try:
            read_into(store, path, format=name, watch=watch)
        except KGError:
            raise
        except _ENGINE_FAULTS as error:
            raise _disk_fault(error, self.folder, _state(self.published.files)) from error
        file = LoadedFile(str(path), name, before.st_size, before.st_mtime_ns, digest.hexdigest())
        self._files = [*(known for known in self._files if known.path != file.path), file]

    def _derive(self) -> None:
        """Add what the rules of our own model give, where there are claims of it."""
        from kg.opening import complete

        try:
            complete(self._open(), anew=True)
        except KGError:
            raise
        except _ENGINE_FAULTS as error:
            raise _disk_fault(error, self.folder, _state(self.published.files)) from error

    def _name(self, *, compact: bool) -> None:
        if self._store is None or self._path is None:
            return
        try:
            self._store.flush()
            # RocksDB lets go of its files when the last reference is gone.
            self._store = None
            prefixes = tuple(sorted(PREFIXES.items()))
            manifest = Manifest(self._path.name, tuple(self._files), compact, prefixes)
            publish(self.folder, manifest)
        except _ENGINE_FAULTS as error:
            raise _disk_fault(error, self.folder, _state(self.published.files)) from error
        self.published, self._of, self._path = manifest, manifest.generation, None


def _state(files: Sequence[LoadedFile]) -> str:
    if not files:
        return "nothing is in it yet"
    names = [Path(file.path).name for file in files]
    shown = ", ".join(names if len(names) <= 3 else [*names[:3], f"{len(names) - 3} more"])
    return f"it holds {shown}, and nothing of any other file"


def _with_state(error: InputError, files: Sequence[LoadedFile]) -> InputError:
    from kg.errors import SyntaxFault

    kept = f"the store was left as it was: {_state(files)}"
    if isinstance(error, SyntaxFault):
        return SyntaxFault(error.source, f"{error.message}; {kept}", error.line, error.column)
    return InputError(f"{error}; {kept}")


def _disk_fault(error: OSError | RuntimeError, folder: Path, state: str) -> KGError:
    reason = " ".join(str(error).split())
    if getattr(error, "errno", None) in _FULL or any(word in reason for word in _FULL_WORDS):
        return KGError(f"no room left on the disk of {folder}; {state}; make room and give the same command again")
    return KGError(f"cannot write the store {folder}: {reason}; {state}")
