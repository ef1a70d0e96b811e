"""What the processes of the server say to each other: frames of a kind and some bytes over a Unix socket.

A task is one frame. Its answer is a header, any number of frames of body, and an end; or, in place of whatever is missing, a
fault. So a fault that comes late, in the middle of an answer, is told too.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

__all__ = [
    "BODY",
    "END",
    "FAULT",
    "HEADER",
    "HEAD_SIZE",
    "ORDER_SIZE",
    "TASK",
    "frame",
    "order",
    "parse_head",
    "receive",
    "send",
]

TASK, HEADER, BODY, END, FAULT = b"t", b"h", b"b", b"e", b"f"
_HEAD = struct.Struct(">cI")
HEAD_SIZE = _HEAD.size
ORDER_SIZE = 32
"""Bytes of an order to the nursery; all have the same size, since a stream keeps no boundaries."""


def frame(kind: bytes, content: bytes | dict[str, Any]) -> bytes:
    """Return a frame as it goes over the wire; a dict goes as JSON."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return _HEAD.pack(kind, len(raw)) + raw


def parse_head(head: bytes) -> tuple[bytes, int]:
    """Return the kind of a frame and the number of bytes that follow its head."""
    kind, size = _HEAD.unpack(head)
    return kind, size


def order(text: str) -> bytes:
    """Return an order as it is sent: ``fork``, with a socket, or ``kill`` and the number of a worker."""
    return text.encode().ljust(ORDER_SIZE)


def send(to: socket.socket, kind: bytes, content: bytes | dict[str, Any]) -> None:
    """Send a frame; waits until the other side has room for it."""
    to.sendall(frame(kind, content))


def receive(from_: socket.socket) -> tuple[bytes, bytes] | None:
    """Return the next frame as its kind and content, or None when the other side has gone."""
    head = _exactly(from_, HEAD_SIZE)
    if head is None:
        return None
    kind, size = parse_head(head)
    content = _exactly(from_, size)
    return None if content is None else (kind, content)


def _exactly(from_: socket.socket, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = from_.recv(min(size - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)
