"""``kg serve`` under fifty clients with a runaway query each second, beside Oxigraph's own server without the runaways.

Run with ``python -m tests.benchmarks.serve`` (three minutes; ``--seconds 10`` for less). Both servers hold the same graph and
get the same queries in the same order from the same clients, which take their share of the machine in both halves. Oxigraph's
server is the program of the package ``oxigraph`` (``pip install oxigraph``); it holds the graph on disk, ours in memory.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import kg
from kg.export import export
from kg.server.examples import examples
from tests.serving import CROSS_PRODUCT, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENTS = 50
NAMES = ("strategies-for", "causes-of", "disputed-claims", "can-lead-to", "synonyms", "red-flags", "standing-counts")
RUNAWAYS = (CROSS_PRODUCT, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c")


@dataclass
class Tally:
    """What the clients saw."""

    seconds: float
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    runaways: list[str] = field(default_factory=list)
    most: int = 0
    """Bytes that the whole server held at most, at any full second."""
    before: int = 0
    after: int = 0
    """Bytes when all that had been asked was answered or killed."""


async def load(url: str, queries: list[str], seconds: float, *, with_runaways: bool, pid: int) -> Tally:
    """Ask for some time, fifty at once, and return what came of it."""
    parts = urlsplit(url)
    tally = Tally(seconds)
    until = time.monotonic() + seconds

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        place = number
        while time.monotonic() < until:
            before = time.monotonic()
            status = await ask(reader, writer, parts.path, queries[place % len(queries)])
            tally.times.append(time.monotonic() - before)
            if status != "200":
                tally.errors.append(status)
            place += 1
        writer.close()

    async def runaway(query: str) -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        tally.runaways.append(await ask(reader, writer, parts.path, query))
        writer.close()

    async def each_second() -> None:
        running = []
        number = 0
        while time.monotonic() < until:
            tally.most = max(tally.most, sum(map(proportional, family(pid))))
            if with_runaways:
                running.append(asyncio.create_task(runaway(RUNAWAYS[number % len(RUNAWAYS)])))
            number += 1
            await asyncio.sleep(1)
        await asyncio.gather(*running)

    tally.before = sum(map(proportional, family(pid)))
    await asyncio.gather(each_second(), *map(client, range(CLIENTS)))
    tally.after = sum(map(proportional, family(pid)))
    return tally


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, query: str) -> str:
    """Send one query over a connection that stays open and return the status of the answer."""
    head = f"GET {path}?query={quote(query)} HTTP/1.1\r\nHost: localhost\r\nAccept: application/sparql-results+json\r\n\r\n"
    writer.write(head.encode())
    await writer.drain()
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
    if "content-length" in headers:
        await reader.readexactly(int(headers["content-length"]))
    else:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return lines[0].split()[1]


def family(pid: int) -> list[int]:
    """Return a process and all that it started."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.split()
    parents = dict(zip(map(int, listed[::2]), map(int, listed[1::2]), strict=True))
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def proportional(pid: int) -> int:
    """Return the bytes that a process holds, its share of what it shares with others included."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))


@contextmanager
def oxigraph(graph: kg.KnowledgeGraph) -> Iterator[tuple[str, int]]:
    """Start Oxigraph's own server on the same quads."""
    program = shutil.which("oxigraph") or str(Path(sys.executable).with_name("oxigraph"))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "graph.nq").write_bytes(export(graph, "nquads")["painpath.nq"])
        place = f"{folder}/store"
        subprocess.run(
            [program, "load", "--location", place, "--file", f"{folder}/graph.nq"], check=True, capture_output=True
        )
        process = subprocess.Popen(
            [program, "serve-read-only", "--location", place, "--bind", "127.0.0.1:17878", "--union-default-graph"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            time.sleep(2)
            yield "http://127.0.0.1:17878/query", process.pid
        finally:
            process.terminate()
            process.wait()


def row(name: str, tally: Tally) -> float:
    """Print what was measured and return the throughput."""
    times = sorted(tally.times)
    rate = len(times) / tally.seconds
    p50, p99 = statistics.median(times) * 1e3, times[int(len(times) * 0.99)] * 1e3
    memory = [size / 2**20 for size in (tally.before, tally.most, tally.after)]
    print(
        f"{name:34} {rate:8.0f} {p50:8.1f} {p99:8.1f} {len(tally.errors):7}"
        + "".join(f" {size:8.0f}" for size in memory)
    )
    if tally.runaways:
        ended = sum(status in {"503", "413"} for status in tally.runaways)
        print(f"    {len(tally.runaways)} runaways, of which {ended} were told 503 or 413")
    return rate


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    seconds = parser.parse_args().seconds
    graph = kg.load()
    queries = [example["query"] for example in examples(graph) if example["name"] in NAMES]
    print(f"{CLIENTS} clients, {seconds:g} s each; memory of the whole server before, at most, after, in MiB")
    print(f"{'':34} {'asked/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'errors':>7} {'before':>8} {'most':>8} {'after':>8}")
    rates = {}
    with serving("--quiet") as server:
        for name, runaways in (("kg serve", False), ("kg serve, a runaway each second", True)):
            tally = asyncio.run(
                load(f"{server.url}/sparql", queries, seconds, with_runaways=runaways, pid=server.process.pid)
            )
            rates[name] = row(name, tally)
    with oxigraph(graph) as (url, pid):
        theirs = row("oxigraph serve-read-only", asyncio.run(load(url, queries, seconds, with_runaways=False, pid=pid)))
    for name, rate in rates.items():
        print(f"{name} / oxigraph serve-read-only without runaways: {rate / theirs:.2f}")


if __name__ == "__main__":
    main()
