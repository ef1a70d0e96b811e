"""Signs that need urgent care, shown wherever a person reads what the graph says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.citations import citation

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["CAUTION", "red_flags"]

CAUTION = "The absence of these signs does not mean that a person is safe."


def red_flags(network: nx.MultiDiGraph[str]) -> list[tuple[str, str, str, str]]:
    """Return each red flag with the care it calls for, what it may point to, and who says so.

    Parameters
    ----------
    network
        As `kg.network` describes it.

    Returns
    -------
    list of (str, str, str, str)
        Sign, care, suspected condition, citation; emergencies first, then by sign. Empty where the network has none.
    """
    found = []
    for node, classes in network.nodes(data="classes"):
        if "RedFlag" not in (classes or ()):
            continue
        told: dict[str, str] = {"kg:callsFor": "", "kg:raisesSuspicionOf": ""}
        sources: set[str] = set()
        for _, object_, edge in network.out_edges(node, data=True):
            if edge["predicate"] in told:
                told[edge["predicate"]] = network.nodes[object_]["label"]
                sources.update(edge["sources"])
        cited = "; ".join(citation(network.graph["sources"][source]) for source in sorted(sources))
        found.append((network.nodes[node]["label"], told["kg:callsFor"], told["kg:raisesSuspicionOf"], cited))
    return sorted(found, key=lambda flag: ("emergency" not in flag[1], flag))
