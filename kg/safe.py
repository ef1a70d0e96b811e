"""Files that somebody else wrote: read in bounds, and looked over before a parser sees them.

The parsers behind this package are fast and recursive. What they do not bound is bounded here: the size of a file and of what
it unpacks to, brackets within brackets (a parser runs out of stack and takes the process with it), and entities of XML (which
grow to gigabytes, or name a file of this machine). Nothing here fetches anything: a JSON-LD context at an address is refused.

References
----------
OWASP, XML External Entity Prevention, https://cheatsheetseries.owasp.org/cheatsheets/XML_External_Entity_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO, RawIOBase
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

import pyoxigraph as ox

from kg.errors import InputError, LimitError, SyntaxFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from typing_extensions import Buffer

__all__ = [
    "MAX_DEPTH",
    "MAX_FILE",
    "Limited",
    "check_json",
    "check_rdf",
    "check_stream",
    "check_xml",
    "rdf_bytes",
    "read_bytes",
]

MAX_FILE = 256 << 20
"""Bytes of a file, and of what a packed one unpacks to."""
MAX_DEPTH = 500
"""Elements, objects or triples within one another."""

_MAX_ENTITIES = 1 << 20
_GZIP = b"\x1f\x8b"
_PART = 1 << 20
_MAX_TOKEN = 64 << 20
# A token that may go on after what has been read so far ends with it.
_JSON_TOKEN = re.compile(rb'"(?>(?:[^"\\]|\\.)*)(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)
_TURTLE_TOKEN = re.compile(
    rb'"""(?>(?:"{0,2}(?:[^"\\]|\\.))*)(?:"""|["\\]*\Z)|\'\'\'(?>(?:\'{0,2}(?:[^\'\\]|\\.))*)(?:\'\'\'|[\'\\]*\Z)'
    rb'|"(?>(?:[^"\\\r\n]|\\.)*)(?:"|\\?\Z)|\'(?>(?:[^\'\\\r\n]|\\.)*)(?:\'|\\?\Z)'
    rb"|<<|>>|>\Z|<[^<>]*(?:>|\Z)|\#[^\r\n]*",
    re.DOTALL,
)
_TURTLE_KIN = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS, ox.RdfFormat.N3)


def read_bytes(path: Path, *, limit: int = MAX_FILE) -> bytes:
    """Return what a file holds, unpacked if it is packed with gzip.

    Parameters
    ----------
    path
        Whatever can be read, also a pipe.
    limit
        Most bytes, packed and unpacked.

    Raises
    ------
    InputError
        If the file cannot be read or unpacked; LimitError if it holds more.
    """
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    if len(content) > limit:
        raise LimitError(f"{path} is larger than the {_size(limit)} that are read of one file")
    return _unpacked(content, path, limit) if content.startswith(_GZIP) else content


def rdf_bytes(path: Path, format: ox.RdfFormat, *, limit: int = MAX_FILE) -> bytes:
    """Return what an RDF file holds, ready for a parser.

    Parameters
    ----------
    path
        Plain or packed with gzip.
    format
        What it is written in.
    limit
        Most bytes, packed and unpacked.

    Raises
    ------
    InputError
        If the file cannot be read; LimitError if it is too large or too deep; SyntaxFault if it is not UTF-8.
    """
    content = read_bytes(path, limit=limit)
    check_rdf(content, format, path)
    # The mark that some editors put before UTF-8 is no part of any RDF format.
    return content.removeprefix(b"\xef\xbb\xbf")


def check_rdf(content: bytes, format: ox.RdfFormat, source: str | Path) -> None:
    """Raise an error if a text would break, or mislead, the parser of its format.

    Parameters
    ----------
    content
        The whole text.
    format
        What it is written in.
    source
        Name of the text in error messages.

    Raises
    ------
    SyntaxFault
        If it is not UTF-8, or its XML names entities of elsewhere; LimitError if it is too deep.
    """
    if format != ox.RdfFormat.RDF_XML:
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise SyntaxFault(source, f"not UTF-8 text (byte {error.start}); save it as UTF-8", line, None) from error
    check_stream(lambda: BytesIO(content), format, source)


def check_stream(
    opened: Callable[[], AbstractContextManager[IO[bytes]]], format: ox.RdfFormat, source: str | Path
) -> None:
    """Raise an error if a text would break, or mislead, the parser of its format; reads a part at a time.

    Parameters
    ----------
    opened
        Opens the text at its beginning; called twice where the first reading does not clear it of all suspicion.
    format
        What it is written in.
    source
        Name of the text in error messages.

    Raises
    ------
    SyntaxFault
        If its XML names entities of elsewhere; LimitError if it is too deep.
    """
    if format == ox.RdfFormat.RDF_XML:
        with opened() as file:
            _check_xml(_parts(file), source)
    elif format == ox.RdfFormat.JSON_LD:
        _check_depth(opened, _JSON_TOKEN, (b"[", b"{"), (b"]", b"}"), source)
    elif format in _TURTLE_KIN:
        _check_depth(opened, _TURTLE_TOKEN, (b"<<",), (b">>",), source)


def check_json(content: bytes, source: str | Path) -> None:
    """Raise LimitError if a JSON text is nested too deeply.

    Parameters
    ----------
    content
        The whole text.
    source
        Name of the text in error messages.
    """
    _check_depth(lambda: BytesIO(content), _JSON_TOKEN, (b"[", b"{"), (b"]", b"}"), source)


def check_xml(content: bytes, source: str | Path) -> None:
    """Raise an error if an XML text is nested too deeply, or its entities grow or name something elsewhere.

    Entities that stand for a short text, as ontology editors write them for namespaces, are let through.

    Parameters
    ----------
    content
        The whole text.
    source
        Name of the text in error messages.

    Raises
    ------
    SyntaxFault
        If it is no XML, or refers to something outside itself; LimitError if it is too deep or grows too large.
    """
    _check_xml([content], source)


class Limited(RawIOBase):
    """A stream of which no more than some bytes are read; then it ends with a LimitError, kept in `fault` too.

    Parameters
    ----------
    file
        What is read.
    source
        Name of it in the message.
    limit
        Most bytes.
    """

    def __init__(self, file: IO[bytes], source: str | Path, limit: int) -> None:
        self._file = file
        self._source = source
        self._limit = limit
        self._left = limit
        self.fault: LimitError | None = None
        """Set before it is raised, since a parser that reads the stream may raise an error of its own in its place."""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Read into a buffer and return how many bytes it was; 0 at the end."""
        view = memoryview(buffer).cast("B")
        content = self._file.read(len(view))
        self._left -= len(content)
        if self._left < 0:
            self.fault = LimitError(f"{self._source} unpacks to more than the {_size(self._limit)} that are read of it")
            raise self.fault
        view[: len(content)] = content
        return len(content)


def _check_xml(parts: Iterable[bytes], source: str | Path) -> None:
    parser = expat.ParserCreate()
    entities: dict[str, str] = {}
    depth = 0

    def declared(
        name: str,
        is_parameter: bool,
        value: str | None,
        base: str | None,
        system: str | None,
        public: str | None,
        _: str | None,
    ) -> None:
        if value is None or is_parameter:
            raise _fault(f"the entity {name} stands for something outside the file; put the text itself in its place")
        if "&" in value or "%" in value:
            raise _fault(f"the entity {name} stands for other entities; put the text itself in its place")
        entities[name] = value

    def external(*_: object) -> int:
        raise _fault("the document type names another file; remove that declaration")

    def doctype(name: str, system: str | None, public: str | None, _: bool) -> None:
        if system is not None or public is not None:
            external()

    def started(name: str, attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise LimitError(
                f"{source}, line {parser.CurrentLineNumber}: more than {MAX_DEPTH} elements within one another"
            )

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1

    def _fault(message: str) -> SyntaxFault:
        return SyntaxFault(source, message, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)

    parser.EntityDeclHandler = declared
    parser.StartDoctypeDeclHandler = doctype
    parser.ExternalEntityRefHandler = external
    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    size = grown = 0
    try:
        for part in parts:
            parser.Parse(part, False)
            size += len(part)
            # A reference that lies across two parts is missed, which is one.
            grown += sum(part.count(f"&{name};".encode()) * len(value) for name, value in entities.items())
            if grown > _MAX_ENTITIES + size:
                raise LimitError(f"{source}: its entities stand for far more text than the file has")
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_AMPLIFICATION_LIMIT_BREACH]:
            raise LimitError(f"{source}: its entities stand for far more text than the file has") from error
        raise SyntaxFault(source, f"no XML: {expat.ErrorString(error.code)}", error.lineno, error.offset + 1) from error


def _unpacked(content: bytes, path: Path, limit: int) -> bytes:
    parts = bytearray()
    rest = content
    try:
        while rest.startswith(_GZIP):  # a file may be several packed ones, one after the other
            unpacker = zlib.decompressobj(wbits=31)
            while not unpacker.eof:
                part = unpacker.decompress(rest, _PART)
                rest = unpacker.unconsumed_tail
                parts += part
                if len(parts) > limit:
                    raise LimitError(f"{path} unpacks to more than the {_size(limit)} that are read of one file")
                if not part and not rest and not unpacker.eof:
                    raise InputError(f"{path} is packed with gzip and ends too early")
            rest = unpacker.unused_data
    except zlib.error as error:
        raise InputError(f"{path} looks like gzip and cannot be unpacked: {error}") from error
    return bytes(parts)


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    while part := file.read(_PART):
        yield part


def _check_depth(
    opened: Callable[[], AbstractContextManager[IO[bytes]]],
    token: re.Pattern[bytes],
    opening: tuple[bytes, ...],
    closing: tuple[bytes, ...],
    source: str | Path,
) -> None:
    # A text without many opening brackets cannot have them deep, and hardly any Turtle has; counting them is fast.
    with opened() as file:
        count, last = 0, b""
        for part in _parts(file):
            # With the byte before it, since a bracket of two may lie across two parts.
            count += sum((last + part).count(bracket) for bracket in opening)
            last = part[-1:]
        if count <= MAX_DEPTH:
            return
    depth, lines, rest = 0, 1, b""
    with opened() as file:
        for part in _parts(file):
            text = rest + part
            rest = b""
            for found in token.finditer(text):
                if found.end() == len(text):
                    # It may go on in the next part.
                    rest = text[found.start() :]
                    break
                if found[0] in opening:
                    depth += 1
                    if depth > MAX_DEPTH:
                        line = lines + text.count(b"\n", 0, found.start())
                        raise LimitError(f"{source}, line {line}: more than {MAX_DEPTH} brackets within one another")
                elif found[0] in closing:
                    depth -= 1
            lines += text.count(b"\n", 0, len(text) - len(rest))
            if len(rest) > _MAX_TOKEN:
                raise LimitError(f"{source}, line {lines}: a text longer than {_size(_MAX_TOKEN)}")
    # What stood last is a token too.
    if depth + (rest in opening) > MAX_DEPTH:
        raise LimitError(f"{source}, line {lines}: more than {MAX_DEPTH} brackets within one another")


def _size(limit: int) -> str:
    return f"{limit >> 20} MiB" if limit >= 1 << 20 else f"{limit} bytes"
