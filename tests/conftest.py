"""What many tests share: the graph and its network, built once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import kg

if TYPE_CHECKING:
    import networkx as nx

# A shared machine has slow moments; speed is measured in tests/benchmarks, never in a test.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def graph() -> kg.KnowledgeGraph:
    """The whole graph; not to be changed."""
    return kg.load()


@pytest.fixture(scope="session")
def network(graph: kg.KnowledgeGraph) -> nx.MultiDiGraph[str]:
    """The whole network; not to be changed."""
    return graph.network()
