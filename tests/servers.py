"""Servers that tests start on loopback, each in a folder of its own and ended with the test session.

What is not installed is skipped with a reason; the continuous integration installs it all.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["free_port", "oxigraph_server", "spark_master", "virtuoso_server"]

_PATIENCE = 60.0
_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
DirsAllowed = {folder}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerThreads = 4
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 60
[Plugins]
"""


def free_port() -> int:
    """Return a port of loopback that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def virtuoso_server(folder: Path, files: list[Path], *, rows: int) -> Iterator[str]:
    """Start Virtuoso with some N-Quads or N-Triples loaded, and yield the URL of its endpoint.

    Parameters
    ----------
    folder
        Where its database goes; the files are copied there.
    files
        To be loaded.
    rows
        ``ResultSetMaxRows``: where it cuts answers without an error.
    """
    server, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if not server or not client:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7)")
    sql_port, http_port = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(_INI.format(folder=folder, sql_port=sql_port, http_port=http_port, rows=rows))
    for file in files:
        shutil.copy(file, folder)
    process = subprocess.Popen(
        [server, "-f", "-c", "virtuoso.ini"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{http_port}/sparql/"
    try:
        _wait(process, lambda: _answers(url))
        loads = [f"ld_dir('{folder}', '{file.name}', 'http://example.org/{file.stem}');" for file in files]
        subprocess.run(
            [client, f"127.0.0.1:{sql_port}", "dba", "dba", f"exec={' '.join(loads)} rdf_loader_run();"],
            check=True,
            capture_output=True,
            timeout=120,
        )
        yield url
    finally:
        _end(process)


@contextmanager
def oxigraph_server(store: Path, *, union: bool = True) -> Iterator[str]:
    """Start ``oxigraph serve-read-only`` on a store and yield the URL of its endpoint.

    Parameters
    ----------
    store
        A folder of Oxigraph.
    union
        Whether its default graph is the union of all graphs.
    """
    binary = Path(sys.executable).with_name("oxigraph")
    if not binary.exists():
        pytest.skip("the oxigraph binary is not installed (PyPI: oxigraph)")
    port = free_port()
    command = [str(binary), "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        command + (["--union-default-graph"] if union else []), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}/query"
    try:
        _wait(process, lambda: _answers(f"{url}?query=ASK%20%7B%7D"))
        yield url
    finally:
        _end(process)


@contextmanager
def spark_master(folder: Path, *, workers: int = 2) -> Iterator[str]:
    """Start a standalone Spark master with some workers, and yield its URL.

    Parameters
    ----------
    folder
        Where logs and scratch files go.
    workers
        How many processes that each have one core.
    """
    found = importlib.util.find_spec("pyspark")
    if found is None or not found.submodule_search_locations:
        pytest.skip("PySpark is not installed (painpath[spark])")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed (Debian: default-jre-headless)")
    home = Path(next(iter(found.submodule_search_locations)))
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOG_DIR": str(folder),
        "SPARK_WORKER_DIR": str(folder / "work"),
        "SPARK_DAEMON_MEMORY": "512m",
    }

    def start(name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                ["bash", str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{arguments[0]}", *arguments[1:]],
                env=environment,
                stdout=log,
                stderr=log,
            )

    def said(name: str, pattern: str) -> str | None:
        found = re.search(pattern, (folder / f"{name}.log").read_text(errors="replace"))
        return found[0] if found else None

    processes = [start("master", "master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")]
    try:
        _wait(processes[0], lambda: said("master", r"I have been elected leader") is not None)
        url = said("master", r"spark://127\.0\.0\.1:\d+")
        assert url is not None
        for number in range(workers):
            name = f"worker{number}"
            options = ["--host", "127.0.0.1", "--webui-port", "0", "--cores", "1", "--memory", "1g", url]
            processes.append(start(name, "worker.Worker", *options))
        for number, process in enumerate(processes[1:]):
            _wait(process, lambda name=f"worker{number}": said(name, r"Successfully registered") is not None)  # type: ignore[misc] # a default binds it
        yield url
    finally:
        for process in reversed(processes):
            _end(process)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):
            return True
    except (URLError, OSError):
        return False


def _wait(process: subprocess.Popen[bytes], ready: Callable[[], bool]) -> None:
    ends = time.monotonic() + _PATIENCE
    while not ready():
        assert process.poll() is None, f"a server ended by itself with {process.returncode}"
        assert time.monotonic() < ends, "a server did not start"
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
