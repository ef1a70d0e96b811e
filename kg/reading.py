"""Every foreign file comes in through here: which format it has, what is wrong with it, and its quads.

`opened` is the one place where bytes of a file are read, gzip taken off, and `read_into` the one where they become quads; limits
on what a stranger's file may cost belong there. Nothing is ever fetched from elsewhere: a JSON-LD context that is not in the
file is an error.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from contextlib import contextmanager
from io import BufferedReader
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.errors import InputError, SyntaxFault
from kg.faults import turtle_fault
from kg.namespaces import register
from kg.safe import Limited, check_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typing_extensions import Buffer

__all__ = ["FORMATS", "file_format", "opened", "read_into"]

_RDF = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}

FORMATS = (*_RDF, "obo", "obographs", "kgx-tsv", "kgx-jsonl", "kgx-json")
"""The formats that can be read; those after JSON-LD are turned into RDF on the way (`kg.obo`, `kg.obographs`, `kg.kgxrdf`)."""

_ENDINGS = {
    "ttl": "turtle",
    "turtle": "turtle",
    "trig": "trig",
    "nt": "ntriples",
    "nq": "nquads",
    "rdf": "rdfxml",
    "xml": "rdfxml",
    "owl": "rdfxml",
    "jsonld": "jsonld",
    "json": "json",
    "obo": "obo",
    "tsv": "kgx-tsv",
    "jsonl": "kgx-jsonl",
}
# Text packs to a tenth or a thirtieth, a list of triples to a hundredth; what unpacks to more is made to do harm.
_MOST_RATIO = 200
_LEAST_UNPACKED = 64 << 20
_BUFFER = 1 << 20
_LINES = {"ntriples", "nquads"}
"""Formats in which nothing stands within anything else but quoted triples."""
_HEAD = 65_536
"""Bytes at the beginning of a file that are looked at."""

_PREFIX = re.compile(
    r"(?:@prefix|\bPREFIX)\s+([A-Za-z][\w.-]*):\s*<([^<>\s]+)>|xmlns:([A-Za-z][\w.-]*)=[\"']([^\"'\s]+)[\"']"
)
_NAMED = {
    "html": "an HTML page",
    "functional": "OWL in functional syntax",
    "rdfxml": "RDF/XML",
    "turtle": "Turtle",
    "obo": "OBO",
    "obographs": "OBO Graphs JSON",
    "jsonld": "JSON-LD",
    "kgx-json": "KGX JSON",
    "kgx-jsonl": "JSON lines",
}


@contextmanager
def opened(path: Path, watch: Callable[[memoryview], None] | None = None) -> Iterator[IO[bytes]]:
    """Open a file for reading its bytes, uncompressed where it is gzip.

    Parameters
    ----------
    path
        A file; gzip is known by its first bytes, not by its name.
    watch
        Is given the bytes of the file itself, as they are read, in order; an empty piece at its end.

    Yields
    ------
    binary file
        At its beginning.

    Raises
    ------
    InputError
        If it can't be read, or is damaged or cut gzip; LimitError if it unpacks to far more than files of knowledge do.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            plain = file if watch is None else cast("IO[bytes]", io.BufferedReader(_Watched(file, watch), _BUFFER))
            if packed:
                most = _LEAST_UNPACKED + _MOST_RATIO * path.stat().st_size
                with gzip.open(plain) as unpacked:
                    limited = Limited(cast("IO[bytes]", unpacked), path, most)
                    try:
                        yield cast("IO[bytes]", BufferedReader(limited, _BUFFER))
                    except Exception as error:
                        # A parser tells of an error of its stream in its own words.
                        if limited.fault is not None:
                            raise limited.fault from error
                        raise
            else:
                yield plain
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path} is damaged or cut short: {error}; get it anew") from error
    except OSError as error:
        if error.errno is None:  # of the store that is being written: what the engine raises has no number
            raise
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error


def file_format(path: Path) -> str:
    """Return the format of a file, by its name, and by its beginning where several have that ending.

    Parameters
    ----------
    path
        A file, ``.gz`` or not.

    Returns
    -------
    str
        One of `FORMATS`.

    Raises
    ------
    InputError
        If the file can't be read, or its format is none of them.
    """
    name = path.name.lower().removesuffix(".gz")
    found = _ENDINGS.get(name.rpartition(".")[2])
    with opened(path) as file:
        seen = _looks_like(file.read(_HEAD))
    if seen == "functional":
        raise InputError(f"{path} is OWL in functional syntax; save it as RDF/XML or Turtle, for example with ROBOT")
    if found == "json" or (found == "rdfxml" and seen in _RDF) or found is None:
        # A page of HTML under the name of an ontology still gets the error of the format that the name promises.
        known = seen if seen in FORMATS else {"json": "jsonld", "rdfxml": "rdfxml"}.get(found or "")
        if known is None:
            what = f" (it looks like {_NAMED[seen]})" if seen in _NAMED else ""
            raise InputError(
                f"the format of {path} can't be told from its name{what}; give --graph-format, one of {', '.join(FORMATS)}"
            )
        return known
    return found


def read_into(
    store: ox.Store,
    path: Path,
    *,
    format: str | None = None,
    watch: Callable[[memoryview], None] | None = None,
) -> str:
    """Add the quads of a file to a store in memory.

    Parameters
    ----------
    store
        Triples go to its default graph, quads to the graphs that the file names. After an error it holds a part of the file
        and is to be thrown away.
    path
        A file in any of `FORMATS`, ``.gz`` or not.
    format
        One of `FORMATS`; None to tell it by `file_format`.
    watch
        Is given the bytes of the file as they are read; see `opened`.

    Returns
    -------
    str
        The format.

    Raises
    ------
    SyntaxFault
        If the file is not what its format says.
    InputError
        If it can't be read, or there is no such format.
    """
    if format is not None and format not in FORMATS:
        raise InputError(f"no format {format!r}; take one of {', '.join(FORMATS)}")
    if path.is_dir():
        raise InputError(f"{path} is a folder; name the files in it")
    known = format or file_format(path)
    if known in _RDF:
        _read_rdf(store, path, known, watch)
    elif known == "obo":
        from kg.obo import obo_quads

        with opened(path, watch) as file:
            store.bulk_extend(obo_quads(file, path))
    elif known == "obographs":
        from kg.obographs import obograph_quads

        check_stream(lambda: opened(path), ox.RdfFormat.JSON_LD, path)
        with opened(path, watch) as file:
            store.bulk_extend(obograph_quads(file, path))
    else:
        from kg import kgxrdf

        if known != "kgx-tsv":
            check_stream(lambda: opened(path), ox.RdfFormat.JSON_LD, path)
        with opened(path, watch) as file:
            store.bulk_extend(kgxrdf.kgx_quads(file, path, known))
    return known


def _read_rdf(store: ox.Store, path: Path, name: str, watch: Callable[[memoryview], None] | None) -> None:
    with opened(path) as file:
        head = file.read(_HEAD)
    for found in _PREFIX.finditer(head.decode("utf-8", errors="ignore")):
        prefix, namespace = found[1] or found[3], found[2] or found[4]
        register(prefix, namespace)
    try:
        if name not in _LINES or _holds(path, b"<<"):
            check_stream(lambda: opened(path), _RDF[name], path)
    except SyntaxFault as fault:
        if not fault.message.startswith("no XML"):
            raise
        raise _hinted(path, name, fault, head) from fault
    try:
        with opened(path, watch) as file:
            store.bulk_load(file, _RDF[name], base_iri=path.absolute().as_uri())
    except SyntaxError as error:
        raise _fault(path, name, error, head) from error


def _fault(path: Path, name: str, error: SyntaxError, head: bytes) -> SyntaxFault:
    fault = turtle_fault(path, error)
    if "LoadDocumentCallback" in fault.message:
        message = "names a context that is not in the file, and none is fetched; put the context itself in its place"
        return SyntaxFault(path, message, fault.line, fault.column)
    return _hinted(path, name, fault, head)


def _hinted(path: Path, name: str, fault: SyntaxFault, head: bytes) -> SyntaxFault:
    seen = _looks_like(head)
    message = f"is no {_NAMED.get(name, name)}: {fault.message}"
    if seen is not None and seen != name and not {seen, name} <= {"turtle", "trig"}:
        hint = f"; --graph-format {seen} reads that" if seen in FORMATS else ""
        message += f" (it looks like {_NAMED[seen]}{hint})"
    return SyntaxFault(path, message, fault.line, fault.column)


def _looks_like(head: bytes) -> str | None:
    """Return the format that the beginning of a file is most like; None where nothing speaks for any."""
    text = head.decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n")
    lower = text[:2_000].lower()
    if lower.startswith(("<!doctype html", "<html")):
        return "html"
    if re.match(r"<\?xml|<rdf:rdf|<!doctype rdf", lower):
        return "html" if "<html" in lower else "rdfxml"
    if re.match(r"prefix\(|ontology\(", lower):
        return "functional"
    if lower.startswith("format-version:") or re.search(r"^\[(term|typedef)\]", lower, re.MULTILINE):
        return "obo"
    if lower.startswith(("{", "[")):
        return _kind_of_json(text)
    if re.search(r"^(@prefix|@base|prefix|base)\s", lower, re.MULTILINE):
        return "turtle"
    return None


def _holds(path: Path, mark: bytes) -> bool:
    """Return whether a file holds two bytes in a row: far faster than looking it over token by token."""
    last = b""
    with opened(path) as file:
        while piece := file.read(_BUFFER):
            if mark in last + piece[:1] or mark in piece:
                return True
            last = piece[-1:]
    return False


class _Watched(io.RawIOBase):
    """A file whose reader is watched."""

    def __init__(self, file: io.BufferedReader, watch: Callable[[memoryview], None]) -> None:
        self._file = file
        self._watch = watch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        view = memoryview(buffer)
        count = self._file.readinto(view)
        self._watch(view[:count])
        return count


def _kind_of_json(text: str) -> str:
    if re.match(r'\{\s*"graphs"\s*:', text):
        return "obographs"
    if '"@' in text:
        return "jsonld"
    if re.match(r'\{\s*"(nodes|edges)"\s*:', text):
        return "kgx-json"
    if re.match(r"\{[^\n]*\}\s*(\n|\Z)", text):
        return "kgx-jsonl"
    return "obographs" if '"graphs"' in text else "jsonld"
