"""The process that holds the graph and forks workers from itself; run as ``python -m kg.server.nursery``.

It has one thread and does nothing but wait for word from the app, so that forking it is safe: ``fork`` comes with one end of a
socket for the new worker, ``kill`` with the number of a worker. When the app goes, all workers go.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import networkx as nx

from kg.errors import KGError
from kg.interventions import plan
from kg.paths import causal_paths
from kg.pathtext import paths_json
from kg.plantext import plan_json
from kg.server import wire
from kg.server.tasks import Out, TaskError, answer

if TYPE_CHECKING:
    from kg.graph import KnowledgeGraph

__all__ = ["main"]

_PROC = Path("/proc/self")
# Address space is taken before it is filled, so its limit is wider than that of memory.
_SLACK = 1 << 30
_MODULES = ("kg.absence", "kg.cuts", "kg.indexed", "kg.reach", "kg.redflags", "kg.remaining", "scipy.sparse.csgraph")
_WARM = (
    ("query", {"query": "SELECT ?s { ?s ?p ?o } LIMIT 1", "accept": "", "format": ""}),
    ("query", {"query": "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", "accept": "", "format": ""}),
    ("query", {"query": "SELECT { broken", "accept": "", "format": ""}),
    ("picture", {"query": "SELECT * { ?s ?p ?o } LIMIT 1"}),
    ("paths", {"from": ["no such term"], "to": ["no such term"]}),
)


def main() -> None:
    """Serve the app at the other end of the socket whose number is the first argument; the second holds settings as JSON."""
    app = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(sys.argv[2])
    # Ctrl-C goes to all processes of a terminal; the app says when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        graph = _loaded(settings)
        told = _told(graph)
        _warm(graph)
    except KGError as error:
        wire.send(app, wire.FAULT, {"error": str(error), "exit_code": error.exit_code})
        return
    wire.send(app, wire.HEADER, told)
    _serve(app, graph, settings)


def _loaded(settings: dict[str, Any]) -> KnowledgeGraph:
    from kg.graph import load

    return load(settings["folder"])


def _told(graph: KnowledgeGraph) -> dict[str, Any]:
    """Return what the app shows of the graph without asking a worker."""
    from kg.drawing import draw
    from kg.namespaces import PREFIXES
    from kg.redflags import red_flags
    from kg.server.examples import examples

    network = graph.network()
    page = draw(network, title="Lower-back and hip pain: the whole graph", red_flags=red_flags(network))
    return {"quads": len(graph), "examples": examples(graph), "prefixes": PREFIXES, "explorer": page.html}


def _warm(graph: KnowledgeGraph) -> None:
    """Do one task of each kind, so that workers find each module loaded: a query cannot open the file of one."""

    def nowhere(_: object) -> None:
        pass

    for name in _MODULES:
        import_module(name)
    for kind, wanted in _WARM:
        with suppress(TaskError):
            answer(graph, {"kind": kind, **wanted}, Out(nowhere, nowhere, 1 << 30))
    # A graph of another kind may have no such terms; the solver loads its parts when it first solves.
    toy: nx.MultiDiGraph[str] = nx.MultiDiGraph([
        ("factor", "outcome", {"sign": 1}),
        ("strategy", "factor", {"sign": -1}),
    ])
    plan_json(plan(toy, "factor", "outcome", acts={"strategy": ["factor"]}))
    paths_json(causal_paths(toy, "factor", "outcome"))
    paths_json(causal_paths(toy, "outcome", "factor"))


def _serve(app: socket.socket, graph: KnowledgeGraph, settings: dict[str, Any]) -> None:
    workers: set[int] = set()
    while True:
        ready, _, _ = select.select([app], [], [], 1.0)
        if ready:
            message, handles, _, _ = socket.recv_fds(app, wire.ORDER_SIZE, 1)
            if not message:
                break
            word, _, number = message.decode().strip().partition(" ")
            if word == "fork":
                _fork(app, handles[0], graph, settings, workers)
            else:
                pid = int(number)
                # Only this process reaps its children, so the number still belongs to the worker that is meant.
                if pid in workers:
                    os.kill(pid, signal.SIGKILL)
        while workers:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            workers.discard(pid)
    for pid in workers:
        os.kill(pid, signal.SIGKILL)


def _fork(app: socket.socket, handle: int, graph: KnowledgeGraph, settings: dict[str, Any], workers: set[int]) -> None:
    pid = os.fork()
    if pid:
        workers.add(pid)
        os.close(handle)
        return
    app.close()
    work = socket.socket(fileno=handle)
    # os._exit: the child must not run what its parent planned for its own end.
    with suppress(BaseException):
        _work(work, graph, settings)
    os._exit(0)


def _work(app: socket.socket, graph: KnowledgeGraph, settings: dict[str, Any]) -> NoReturn:
    _confine(settings["memory"])
    wire.send(app, wire.HEADER, {"pid": os.getpid()})
    while True:
        message = wire.receive(app)
        if message is None:
            os._exit(0)
        out = Out(
            lambda told: wire.send(app, wire.HEADER, told),
            lambda content: wire.send(app, wire.BODY, content),
            settings["answer"],
        )
        try:
            answer(graph, json.loads(message[1]), out, union=settings["union"])
        except TaskError as fault:
            wire.send(app, wire.FAULT, fault.told)
        except MemoryError:
            wire.send(app, wire.FAULT, TaskError(413, "it needed more memory than a query may take").told)
        except RecursionError:
            wire.send(app, wire.FAULT, TaskError(400, "it is too deeply nested").told)
        else:
            wire.send(app, wire.END, b"")


def _confine(memory: int) -> None:
    """Take from this process what no task needs: memory without end, and the kernel's favour."""
    import resource

    mapped = 0
    if _PROC.exists():
        (_PROC / "oom_score_adj").write_text("1000")  # should the machine run out of memory, this goes first
        mapped = int((_PROC / "statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    # What the app sees in time it kills; this stops a single allocation that is larger than that.
    resource.setrlimit(resource.RLIMIT_AS, (mapped + memory + _SLACK,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
