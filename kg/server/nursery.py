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
from argparse import Namespace
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import networkx as nx
import pyoxigraph as ox

from kg.errors import KGError
from kg.graph import KnowledgeGraph
from kg.interventions import plan
from kg.ontology import packaged
from kg.paths import causal_paths
from kg.pathtext import paths_json
from kg.plantext import plan_json
from kg.server import wire
from kg.server.tasks import Out, Source, TaskError, answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.anygraph import AnyGraph

__all__ = ["main"]

# A larger graph has no explorer.
_MOST_DRAWN = 300_000
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
        if settings["store"]:
            # The engine's threads for a store on disk do not live through a fork, so each process opens it for itself.
            source = None
            _warm(KnowledgeGraph(ox.Store(), packaged()))
            _in_child(lambda: wire.send(app, wire.HEADER, _told(_opened(settings).graph)), app)
        else:
            source = _opened(settings)
            _warm(source.graph)
            wire.send(app, wire.HEADER, _told(source.graph))
    except KGError as error:
        _send_error(app, error)
        return
    _serve(app, source, settings)


def _opened(settings: dict[str, Any]) -> Source:
    """Return the graph that is to be served."""
    # Which graph an option means is for the command line to say, here as everywhere.
    from kg.cli.common import load_graph

    named = {"store": None, "endpoint": None, "endpoint_timeout": None, **settings["source"]}
    if settings["store"]:
        named["store"] = Path(settings["store"])
    graph = load_graph(Namespace(**named))
    # A store finds its lens when it is first needed, and a sealed worker cannot open the file of one.
    _ = graph.path_sign
    return Source(graph, union=settings["union"], in_memory=not settings["store"])


def _in_child(work: Callable[[], None], app: socket.socket) -> None:
    if os.fork():
        os.wait()
        return
    try:
        work()
    except KGError as error:
        _send_error(app, error)
    os._exit(0)


def _send_error(app: socket.socket, error: KGError) -> None:
    wire.send(app, wire.FAULT, {"error": str(error), "exit_code": error.exit_code})


def _told(graph: AnyGraph) -> dict[str, Any]:
    """Return what the app shows of the graph without asking a worker."""
    from kg.drawing import draw
    from kg.namespaces import PREFIXES
    from kg.redflags import red_flags
    from kg.server.examples import examples

    explorer = ""
    if len(graph) <= _MOST_DRAWN:
        # A page holds so many nodes and edges only, and a store may hold nothing that a lens shows.
        with suppress(KGError):
            network = graph.shared_network
            explorer = draw(network, title=f"{graph.title}: the whole graph", red_flags=red_flags(network)).html
    told = {"title": graph.title, "quads": len(graph), "examples": examples(graph), "prefixes": dict(PREFIXES)}
    return {**told, "explorer": explorer}


def _warm(graph: AnyGraph) -> None:
    """Do one task of each kind, so that workers find each module loaded: a query cannot open the file of one."""

    def nowhere(_: object) -> None:
        pass

    for name in _MODULES:
        import_module(name)
    # Not sealed, since modules are to be loaded here.
    source = Source(graph, in_memory=False)
    for kind, wanted in _WARM:
        with suppress(TaskError):
            answer(source, {"kind": kind, **wanted}, Out(nowhere, nowhere, 1 << 30))
    # A graph of another kind may have no such terms; the solver loads its parts when it first solves.
    toy: nx.MultiDiGraph[str] = nx.MultiDiGraph([
        ("factor", "outcome", {"sign": 1}),
        ("strategy", "factor", {"sign": -1}),
    ])
    plan_json(plan(toy, "factor", "outcome", acts={"strategy": ["factor"]}))
    paths_json(causal_paths(toy, "factor", "outcome"))
    paths_json(causal_paths(toy, "outcome", "factor"))


def _serve(app: socket.socket, source: Source | None, settings: dict[str, Any]) -> None:
    workers: set[int] = set()
    while True:
        ready, _, _ = select.select([app], [], [], 1.0)
        if ready:
            message, handles, _, _ = socket.recv_fds(app, wire.ORDER_SIZE, 1)
            if not message:
                break
            word, _, number = message.decode().strip().partition(" ")
            if word == "fork":
                _fork(app, handles[0], source, settings, workers)
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


def _fork(app: socket.socket, handle: int, source: Source | None, settings: dict[str, Any], workers: set[int]) -> None:
    pid = os.fork()
    if pid:
        workers.add(pid)
        os.close(handle)
        return
    app.close()
    work = socket.socket(fileno=handle)
    # os._exit: the child must not run what its parent planned for its own end.
    with suppress(BaseException):
        _work(work, source or _opened(settings), settings)
    os._exit(0)


def _work(app: socket.socket, source: Source, settings: dict[str, Any]) -> NoReturn:
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
            answer(source, json.loads(message[1]), out)
        except TaskError as fault:
            wire.send(app, wire.FAULT, fault.told)
        except MemoryError:
            wire.send(app, wire.FAULT, TaskError(413, "the query needed more memory than it may take").told)
        except RecursionError:
            wire.send(app, wire.FAULT, TaskError(400, "the query is too deeply nested").told)
        else:
            wire.send(app, wire.END, b"")


def _confine(memory: int) -> None:
    """Take from this process what no task needs: memory without end, and the kernel's favour."""
    import resource

    mapped = 0
    if _PROC.exists():
        with suppress(OSError):  # not everywhere may a process say this of itself
            # Should the machine run out of memory, this goes first.
            (_PROC / "oom_score_adj").write_text("1000")
        mapped = int((_PROC / "statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    # What the app sees in time it kills; this stops a single allocation that is larger than that.
    wanted, (_, most) = mapped + memory + _SLACK, resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY or wanted < most:
        with suppress(OSError, ValueError):  # macOS knows no such limit
            resource.setrlimit(resource.RLIMIT_AS, (wanted, wanted))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
