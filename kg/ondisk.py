"""What lies in the folder of a store on disk, so that a reader always finds a whole one and a loader can be killed at any moment.

A folder holds one *generation* (an Oxigraph store of its own, in RocksDB's files) and ``painpath-store.json``, which names it. A
generation that has been named is never written again. Who loads works on the next one, which begins as a copy by hard links
(RocksDB's data files never change), and names it in one step when files are wholly in it. So a loader that is killed leaves
the store as it was before the file it was at, and readers never wait.

Locks belong to the operating system and end with their process: one loader at a time holds ``load.lock``, and each reader holds
a shared lock on its generation, so that a later load removes only what nobody reads any more. Where there are no such locks
(Windows), old generations stay until the next load.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import InputError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment] # such a system has no locks of this kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "LAYOUT",
    "MANIFEST",
    "LoadedFile",
    "Manifest",
    "hold_for_loading",
    "new_generation",
    "open_read_only",
    "publish",
    "read_manifest",
    "remove_stale",
]

LAYOUT = 1
"""The version of what this page describes; a store of another is refused."""

MANIFEST = "painpath-store.json"
_LOADING = "load.lock"
_ROCKSDB = "CURRENT"
"""A file that every RocksDB folder has."""
_TRIES = 10


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file that is wholly in a store."""

    path: str
    """Absolute."""
    format: str
    size: int
    modified: int
    """In nanoseconds since 1970, as the operating system says."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a store folder says of itself."""

    generation: str
    """Name of the folder in it that holds the store; empty where nothing has been loaded."""
    files: tuple[LoadedFile, ...]
    """In the order in which they were loaded."""
    compact: bool
    """Whether its data files have been merged, which makes queries up to three times faster."""
    prefixes: tuple[tuple[str, str], ...] = ()
    """Prefixes that the files declare, with their namespaces."""


def read_manifest(folder: Path) -> Manifest | None:
    """Return what a store folder says of itself.

    Parameters
    ----------
    folder
        The folder that was named with ``--store``.

    Returns
    -------
    Manifest or None
        None where the folder is not there or empty.

    Raises
    ------
    InputError
        If it is no store, or one of another version.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if folder.is_dir() and any(not _is_ours(entry.name) for entry in folder.iterdir()):
            raise InputError(f"{folder} is no store of kg load; name another folder, which may be new") from None
        return None
    except NotADirectoryError as error:
        raise InputError(f"{folder} is a file; --store takes a folder") from error
    except OSError as error:
        raise InputError(f"cannot read the store {folder}: {error.strerror or error}") from error
    except ValueError as error:
        raise InputError(f"{path} is damaged ({error}); remove the folder and load the files anew") from error
    if not isinstance(content, dict) or content.get("layout") != LAYOUT:
        found = content.get("layout") if isinstance(content, dict) else None
        raise InputError(
            f"{folder} is a store of version {found!r}, and this painpath reads version {LAYOUT}; "
            "load its files anew into another folder"
        )
    try:
        return Manifest(
            content["generation"],
            tuple(LoadedFile(**file) for file in content["files"]),
            content["compact"],
            tuple((prefix, namespace) for prefix, namespace in content["prefixes"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} is damaged ({error}); remove the folder and load the files anew") from error


def open_read_only(folder: Path) -> tuple[ox.Store, Manifest]:
    """Return the store in a folder, opened for reading while others may read and load.

    Parameters
    ----------
    folder
        As `kg.loading.load_files` left it, or a plain Oxigraph store that nobody writes to at the time.

    Returns
    -------
    pyoxigraph.Store
        It refuses to be written to.
    Manifest
        What is in it.

    Raises
    ------
    InputError
        If there is none, or it cannot be opened.
    """
    if (folder / _ROCKSDB).is_file() and not (folder / MANIFEST).exists():
        return _opened(folder, folder), Manifest(".", (), compact=True)
    for _ in range(_TRIES):
        manifest = read_manifest(folder)
        if manifest is None or not manifest.generation:
            raise InputError(f"there is no store in {folder}; make one with kg load FILE... --store {folder}")
        handle = _held_for_reading(folder, manifest.generation)
        # A load may have named another generation, and removed this one, before it was held.
        again = read_manifest(folder)
        if again is not None and again.generation == manifest.generation:
            # The handle stays open, and with it the lock, until the process ends.
            return _opened(folder / manifest.generation, folder), manifest
        if handle is not None:
            os.close(handle)
    raise InputError(f"the store {folder} changes again and again; try once more when no load is running")


@contextmanager
def hold_for_loading(folder: Path) -> Iterator[None]:
    """Make a store folder where there is none, and keep all others from loading into it.

    Parameters
    ----------
    folder
        The folder that was named with ``--store``.

    Yields
    ------
    None
        While nobody else loads.

    Raises
    ------
    InputError
        If somebody else does, or the folder cannot be made or written to.
    """
    path = folder / _LOADING
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise InputError(f"cannot write to the store {folder}: {error.strerror or error}") from error
    try:
        if not _lock(handle, exclusive=True):
            other = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
            raise InputError(f"process {other or 'unknown'} is loading into {folder}; wait until it is done, or end it")
        os.truncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
        yield
    finally:
        os.close(handle)


def new_generation(folder: Path, of: str) -> Path:
    """Return the folder of the next generation.

    Parameters
    ----------
    folder
        A store folder that is held for loading.
    of
        The generation that it begins as; empty for a new store.

    Returns
    -------
    Path
        To be opened with ``pyoxigraph.Store``. The data files are those of the former one, linked or, where the file
        system has no hard links, copied.
    """
    numbers = [int(entry.name.removeprefix("generation-")) for entry in folder.glob("generation-*[0-9]")]
    made = folder / f"generation-{max(numbers, default=0) + 1}"
    made.mkdir()
    if of:
        for entry in sorted((folder / of).iterdir()):
            if entry.name == "LOCK":
                continue
            if entry.suffix == ".sst":
                with suppress(OSError):
                    os.link(entry, made / entry.name)
                    continue
            shutil.copyfile(entry, made / entry.name)
    return made


def publish(folder: Path, manifest: Manifest) -> None:
    """Name the generation that is the store from now on, in one step.

    Parameters
    ----------
    folder
        A store folder that is held for loading.
    manifest
        Its generation has been flushed and closed.
    """
    path = folder / MANIFEST
    draft = folder / f"{MANIFEST}.new"
    content = {"layout": LAYOUT, **asdict(manifest)}
    with draft.open("w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    with suppress(OSError):  # not every system can sync a folder; it matters for a power cut only
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove_stale(folder: Path, keep: str) -> None:
    """Remove the generations that nobody reads any more.

    Parameters
    ----------
    folder
        A store folder that is held for loading.
    keep
        The generation that stays.
    """
    for entry in sorted(folder.glob("generation-*")):
        if entry.name == keep or not entry.is_dir():
            continue
        lock = folder / f"{entry.name}.lock"
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if _lock(handle, exclusive=True):
                shutil.rmtree(entry, ignore_errors=True)
                lock.unlink(missing_ok=True)
        finally:
            os.close(handle)
    (folder / f"{MANIFEST}.new").unlink(missing_ok=True)


def _opened(path: Path, folder: Path) -> ox.Store:
    try:
        return ox.Store.read_only(str(path))
    except (OSError, RuntimeError) as error:  # the latter where its files are damaged
        reason = " ".join(str(error).split())
        raise InputError(f"cannot open the store {folder}: {reason}; if it is damaged, load its files anew") from error


def _held_for_reading(folder: Path, generation: str) -> int | None:
    """Return the handle that holds a generation, so that no load removes it."""
    try:
        handle = os.open(folder / f"{generation}.lock", os.O_RDONLY | os.O_CREAT, 0o666)
    except OSError:
        return None  # a store on a medium that cannot be written to: nobody can remove anything there
    _lock(handle, exclusive=False)
    return handle


def _lock(handle: int, *, exclusive: bool) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _is_ours(name: str) -> bool:
    return name in {MANIFEST, f"{MANIFEST}.new", _LOADING} or name.startswith("generation-")
