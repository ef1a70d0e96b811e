"""Start the server, keep its connections honest, and stop it without cutting anybody short."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kg.errors import InputError
from kg.server.app import app
from kg.server.guard import is_loopback
from kg.server.metrics import Metrics
from kg.server.pool import Pool, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Address", "serve"]

# A client may take so long to say what it wants, and to take what it gets.
_HEAD_TIME = 10.0
_STALL_TIME = 30.0
_MOST_CONNECTIONS = 1000


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens, and who may ask."""

    host: str = "127.0.0.1"
    port: int = 8000
    """0 for any that is free."""
    allowed_hosts: tuple[str, ...] = ()
    """Names that it goes by, besides the address and those of this machine for itself."""
    origins: tuple[str, ...] = ()
    log: bool = True


def serve(address: Address, settings: Settings) -> None:
    """Serve until a signal says to stop; requests that have begun are answered first.

    Raises
    ------
    KGError
        If the graph cannot be loaded; InputError if the address cannot be had.
    """
    listener = _bound(address)
    with listener:
        asyncio.run(_serve(listener, address, settings))


def _bound(address: Address) -> socket.socket:
    try:
        (family, kind, proto, _, where), *_ = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        listener = socket.socket(family, kind, proto)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(where)
        except BaseException:
            listener.close()
            raise
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot listen on {address.host} port {address.port}: {reason}; try --port 0") from error
    return listener


async def _serve(listener: socket.socket, address: Address, settings: Settings) -> None:
    metrics = Metrics()
    pool = Pool(settings, metrics.workers)
    await pool.start()
    try:
        config = uvicorn.Config(
            app(pool, metrics, hosts=_hosts(address), origins=address.origins, log=address.log),
            http=_Patient,
            ws="none",
            lifespan="off",
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_graceful_shutdown=int(settings.timeout) + 1,
        )
        host, port = listener.getsockname()[:2]
        name = f"[{host}]" if ":" in host else host
        # Listening before it is said, so that whoever reads the line can come at once.
        listener.listen(1024)
        if not is_loopback(address.host):
            sys.stderr.write("kg: anybody who can reach this address may ask; see the README on a server for others\n")
        sys.stderr.write(f"http://{name}:{port}/ serves {pool.told['quads']} statements; Ctrl-C stops it\n")
        sys.stderr.flush()
        await _Server(config).serve(sockets=[listener])
    finally:
        await pool.close()


def _hosts(address: Address) -> set[str]:
    own = {"127.0.0.1", "localhost", "::1"}
    # An address that stands for all of a machine's own is no name that a client would use.
    named = set() if address.host in {"0.0.0.0", "::", ""} else {address.host}
    return own | named | set(address.allowed_hosts)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal and end well; uvicorn would let the signal end the process after all."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self._stop)
        yield

    def _stop(self) -> None:
        # Whoever asks twice does not want to wait for others.
        self.force_exit = self.should_exit
        self.should_exit = True


class _Patient(H11Protocol):
    """HTTP/1.1, but not for clients that never finish: neither their question nor reading the answer."""

    _head: asyncio.TimerHandle | None = None
    _stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the base has it
        super().connection_made(transport)
        self._head = self.loop.call_later(_HEAD_TIME, transport.abort)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._cancel()
        elif self._head is None:
            self._head = self.loop.call_later(_HEAD_TIME, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel()
        if self._stall is not None:
            self._stall.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stall = self.loop.call_later(_STALL_TIME, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def _cancel(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None
