"""Workers for queries: as many at once as is allowed, each killed when its query takes too long or grows too large.

A worker does one task at a time. Its answer is drained at once into memory, or a temporary file when it is large, so that a
client that reads slowly holds no worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from kg.errors import InputError, KGError
from kg.limits import cpu_seconds, resident
from kg.server import wire

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

__all__ = ["Answer", "NoAnswerError", "Pool", "Settings"]

# Fast enough that what grows by 350 MB a second overshoots by little.
_LOOK = 0.02
# Whoever has had a core for so many seconds yields it to those who have just come.
_PATIENT = 0.2
_NICE = 19
_IN_MEMORY = 1 << 20
# A large graph takes its time to be read.
_NURSERY_START = 900.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What the workers may take."""

    timeout: float = 10.0
    """Seconds for a task."""
    memory: int = 512 << 20
    """Bytes that a task may add to what its worker shares with all others."""
    answer: int = 64 << 20
    """Bytes of an answer."""
    workers: int = 16
    """Tasks at once; they are more than there are cores, so that a few long ones do not keep the short ones waiting."""
    waiting: int = 200
    """Tasks that may wait for a worker."""
    union: bool = True
    """Whether the default graph is the union of all."""
    source: dict[str, Any] = field(
        default_factory=lambda: {"graph": [], "lens": None, "graph_format": None, "with_ours": False}
    )
    """The options that put another graph in place of ours, as `kg.cli.common.load_graph` takes them."""
    store: Path | None = None
    """The folder of a store on disk in place of it; opened by each worker, and only to be read."""

    def for_nursery(self) -> str:
        """Return what the nursery has to know, as JSON."""
        store = None if self.store is None else str(self.store.resolve())
        told = {
            "memory": self.memory,
            "answer": self.answer,
            "union": self.union,
            "source": self.source,
            "store": store,
        }
        return json.dumps(told)


class NoAnswerError(Exception):
    """A task without an answer: the HTTP status, and what the client is told as JSON."""

    def __init__(self, status: int, told: dict[str, Any]) -> None:
        super().__init__(status, told)
        self.status = status
        self.told = told


@dataclass(slots=True)
class Answer:
    """What a worker answered; to be closed by whoever has read it."""

    media: str
    body: IO[bytes]
    size: int

    def close(self) -> None:
        """Free the memory or the temporary file."""
        self.body.close()


@dataclass(eq=False, slots=True)
class _Worker:
    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    base: int
    """Memory that it held before its first task, nearly all of it shared."""
    since: float = 0.0
    """When its task began; 0 without one."""
    cpu: float = 0.0
    """Seconds that it had had a core for by then."""
    killed: tuple[int, str] | None = None
    """Why it was killed: status and reason."""
    is_nice: bool = False


@dataclass
class Pool:
    """The workers of one graph; `start` it, `ask` it, and `close` it.

    `counts` gets a count of each worker that was started, and of each reason for which one was killed.
    """

    settings: Settings
    counts: Counter[str]
    told: dict[str, Any] = field(default_factory=dict)
    """What the app shows of the graph: ``title``, ``quads``, ``examples``, ``prefixes`` and ``explorer``, a page."""
    _idle: list[_Worker] = field(default_factory=list)
    _busy: set[_Worker] = field(default_factory=set)
    _waiting: int = 0
    _nursery: asyncio.subprocess.Process | None = None
    _control: socket.socket | None = None
    _room: asyncio.Semaphore = field(init=False)
    _watch: asyncio.Task[None] | None = None
    _spares: set[asyncio.Task[None]] = field(default_factory=set)
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._room = asyncio.Semaphore(self.settings.workers)

    @property
    def state(self) -> dict[str, int]:
        """How many workers are ``busy`` and ``idle``, and how many tasks are ``waiting``."""
        return {"busy": len(self._busy), "idle": len(self._idle), "waiting": self._waiting}

    async def start(self) -> None:
        """Load the graph and make the first workers.

        Raises
        ------
        KGError
            If the graph cannot be loaded.
        """
        if not hasattr(os, "fork"):
            raise InputError("kg serve needs a system that can fork a process (Linux, macOS); on Windows run it in WSL")
        await self._start_nursery()
        self._watch = asyncio.create_task(self._watch_all())
        self._keep_spares()

    async def close(self) -> None:
        """Stop all workers."""
        for task in (self._watch, *self._spares):
            if task is not None:
                task.cancel()
        for worker in (*self._idle, *self._busy):
            worker.writer.close()
        self._idle.clear()
        if self._control is not None:
            self._control.close()
        if self._nursery is not None:
            await self._nursery.wait()

    async def ask(self, task: dict[str, Any]) -> Answer:
        """Return the answer of a worker to a task.

        If the caller is cancelled, so is the task.

        Raises
        ------
        NoAnswerError
            If there is none: 400 and its kin where the task is at fault, 413 where it is too large, 503 where it took too long or
            there is too much to do.
        """
        if self._waiting >= self.settings.waiting:
            raise NoAnswerError(503, {"error": "too many queries are waiting; try again later"})
        self._waiting += 1
        try:
            await asyncio.wait_for(self._room.acquire(), self.settings.timeout)
        except TimeoutError:
            raise NoAnswerError(503, {"error": "all workers are busy; try again later"}) from None
        finally:
            self._waiting -= 1
        try:
            return await self._ask(task)
        finally:
            self._room.release()

    async def _ask(self, task: dict[str, Any]) -> Answer:
        worker = self._ready() or await self._new_worker()
        worker.since, worker.cpu = time.monotonic(), cpu_seconds(worker.pid)
        self._busy.add(worker)
        usable = False
        try:
            worker.writer.write(wire.frame(wire.TASK, task))
            await worker.writer.drain()
            answered = await self._drained(worker)
            usable = not worker.is_nice and worker.killed is None
        except NoAnswerError as failed:
            usable = failed.status < 500 and not worker.is_nice and worker.killed is None
            raise
        except (OSError, asyncio.IncompleteReadError):
            status, reason = worker.killed or (503, "the query brought its worker down, which was replaced")
            if worker.killed is None:
                self.counts["killed crash"] += 1
            raise NoAnswerError(status, {"error": reason}) from None
        finally:
            self._busy.discard(worker)
            worker.since = 0.0
            # Also when the client has gone, and nobody waits for the answer.
            if usable:
                self._idle.append(worker)
            else:
                self._kill(worker)
                worker.writer.close()
                self._keep_spares()
        return answered

    def _ready(self) -> _Worker | None:
        """Return an idle worker, or None; those that somebody else has ended are dropped."""
        while self._idle:
            worker = self._idle.pop()
            if not worker.reader.at_eof():
                return worker
            worker.writer.close()
        return None

    async def _drained(self, worker: _Worker) -> Answer:
        media = ""
        body = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 # closed by who reads the answer
        try:
            while True:
                kind, content = await _frame(worker.reader)
                match kind:
                    case wire.HEADER:
                        media = json.loads(content)["media"]
                    case wire.BODY:
                        body.write(content)
                    case wire.END:
                        size = body.tell()
                        body.seek(0)
                        return Answer(media, body, size)
                    case _:
                        told = json.loads(content)
                        raise NoAnswerError(
                            told.pop("status"), {key: value for key, value in told.items() if value is not None}
                        )
        except BaseException:
            body.close()
            raise

    async def _start_nursery(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._nursery = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "kg.server.nursery", str(theirs.fileno()), self.settings.for_nursery(),
                pass_fds=[theirs.fileno()], stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
                # Compiled libraries start a thread for each core, and a process with threads cannot be forked safely.
                env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )  # fmt: skip
        ours.setblocking(False)
        self._control = ours
        loop = asyncio.get_running_loop()
        try:
            head = await asyncio.wait_for(_exactly(loop, ours, wire.HEAD_SIZE), _NURSERY_START)
            kind, size = wire.parse_head(head)
            told = json.loads(await _exactly(loop, ours, size))
        except (EOFError, TimeoutError):
            raise KGError("the process that loads the graph did not start") from None
        if kind == wire.FAULT:
            error = InputError(told["error"])
            error.exit_code = told["exit_code"]
            raise error
        self.told = told

    async def _new_worker(self) -> _Worker:
        for _ in range(2):
            try:
                return await self._forked()
            except (OSError, asyncio.IncompleteReadError):
                # The nursery has died, be it by the hand of an administrator; its end is noticed in a moment.
                if self._nursery is not None:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._nursery.wait(), 1.0)
        raise NoAnswerError(503, {"error": "no worker could be started; try again later"})

    async def _forked(self) -> _Worker:
        async with self._starting:
            if self._nursery is None or self._nursery.returncode is not None:
                self.counts["nursery restarts"] += 1
                await self._start_nursery()
        assert self._control is not None  # the nursery has been started
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [wire.order("fork")], [theirs.fileno()])
        reader, writer = await asyncio.open_connection(sock=ours)
        _, content = await _frame(reader)
        self.counts["started"] += 1
        pid = json.loads(content)["pid"]
        return _Worker(pid, reader, writer, resident(pid))

    def _keep_spares(self) -> None:
        """See to it that whoever comes next finds a worker ready."""
        wanted = min(os.cpu_count() or 1, self.settings.workers - len(self._busy)) - len(self._idle) - len(self._spares)
        for _ in range(wanted):
            task = asyncio.create_task(self._add_spare())
            self._spares.add(task)
            task.add_done_callback(self._spares.discard)

    async def _add_spare(self) -> None:
        with contextlib.suppress(NoAnswerError, KGError):
            self._idle.append(await self._new_worker())

    def _kill(self, worker: _Worker) -> None:
        try:
            if self._control is not None:
                self._control.send(wire.order(f"kill {worker.pid}"))
        except OSError:
            # The nursery has died, and its workers have become nobody's children.
            with contextlib.suppress(OSError):
                os.kill(worker.pid, signal.SIGKILL)

    async def _watch_all(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            now = time.monotonic()
            for worker in tuple(self._busy):
                if worker.killed is not None or not worker.since:
                    continue
                taken = now - worker.since
                if taken > self.settings.timeout:
                    reason = f"the query took longer than the {self.settings.timeout:g} s that a query may take; narrow it down"
                    worker.killed = (503, reason)
                    self.counts["killed time"] += 1
                    self._kill(worker)
                elif resident(worker.pid) - worker.base > self.settings.memory:
                    mebibytes = self.settings.memory >> 20
                    worker.killed = (
                        413,
                        f"the query needed more than the {mebibytes} MiB that a query may take; narrow it down",
                    )
                    self.counts["killed memory"] += 1
                    self._kill(worker)
                elif taken > _PATIENT and not worker.is_nice and cpu_seconds(worker.pid) - worker.cpu > _PATIENT:
                    worker.is_nice = True
                    with contextlib.suppress(OSError):
                        os.setpriority(os.PRIO_PROCESS, worker.pid, _NICE)


async def _frame(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    kind, size = wire.parse_head(await reader.readexactly(wire.HEAD_SIZE))
    return kind, await reader.readexactly(size)


async def _exactly(loop: asyncio.AbstractEventLoop, from_: socket.socket, size: int) -> bytes:
    content = b""
    while len(content) < size:
        part = await loop.sock_recv(from_, size - len(content))
        if not part:
            raise EOFError
        content += part
    return content
