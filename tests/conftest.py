"""What many tests share: the graph and its network, built once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import kg
from kg import namespaces
from tests.browser import REQUESTS, chromium
from tests.security.canary import VISITS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import networkx as nx
    from playwright.sync_api import Browser

# A shared machine has slow moments; speed is measured in tests/benchmarks, never in a test.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="module", autouse=True)
def _prefixes_stay() -> Iterator[None]:
    """Forget the prefixes that foreign files of a module declared, so that no other test sees them."""
    before = dict(namespaces.PREFIXES), dict(namespaces._PREFIX_OF)
    yield
    for known, kept in zip((namespaces.PREFIXES, namespaces._PREFIX_OF), before, strict=True):
        known.clear()
        known.update(kept)


@pytest.fixture(scope="session")
def graph() -> kg.KnowledgeGraph:
    """The whole graph; not to be changed."""
    return kg.load()


@pytest.fixture(scope="session")
def network(graph: kg.KnowledgeGraph) -> nx.MultiDiGraph[str]:
    """The whole network; not to be changed."""
    return graph.network()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium without a window; ended with the module, since its event loop must not outlive it."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def explorer(network: nx.MultiDiGraph[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the whole graph."""
    return kg.draw(network, title="Explorer").write(tmp_path_factory.mktemp("pages") / "explorer.html")


_COUNTS = {"requests": REQUESTS, "visits": VISITS}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what this process has counted to the one that tells of it, where tests run in several."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput.update(_COUNTS)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Add what another process has counted."""
    for name, counts in _COUNTS.items():
        counts.extend(getattr(node, "workeroutput", {}).get(name, []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many requests were made that must not be, to be seen by whoever runs the tests."""
    if REQUESTS:
        terminalreporter.write_line(
            f"pages opened in Chromium: {len(REQUESTS)}; requests other than for files and data: {sum(REQUESTS)}"
        )
    if VISITS:
        terminalreporter.write_line(f"canary hits: {sum(VISITS)}")
