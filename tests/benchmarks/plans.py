"""Plans on random graphs of 200 factors, 60 strategies and 2,000 causal edges: goal under 2 s each, exact.

Run with ``python -m tests.benchmarks.plans``. The graphs are seeded; each plan lists the first ten least sets. Only the search is
timed, after one small plan that imports the solver.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import networkx as nx

from kg.interventions import plan

if TYPE_CHECKING:
    from collections.abc import Mapping

FACTORS, STRATEGIES, EDGES = 200, 60, 2_000
SEEDS = range(5)
GOAL = 2.0


def random_graph(seed: int, *, ends: int = 40, decreasing: float = 0.2) -> nx.MultiDiGraph[str]:
    """Return a graph of factors that act on one another and on an outcome.

    Parameters
    ----------
    seed
        Of the choice.
    ends
        How many of the edges lead to the outcome.
    decreasing
        Share of the edges that have the sign -1.
    """
    choice = random.Random(seed)
    names = [f"factor-{number:03}" for number in range(FACTORS)]
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from([*names, "outcome"])
    pairs = {(name, "outcome") for name in choice.sample(names, ends)}
    while len(pairs) < EDGES:
        first, second = choice.sample(names, 2)
        pairs.add((first, second))
    for subject, object_ in sorted(pairs):
        graph.add_edge(subject, object_, sign=-1 if choice.random() < decreasing else 1)
    return graph


def random_acts(seed: int, *, each: int = 3, untouched: int = 0) -> dict[str, list[str]]:
    """Return what strategies act on: each factor is acted on by some, but for a few that none acts on."""
    choice = random.Random(seed)
    acts: dict[str, list[str]] = {f"strategy-{number:02}": [] for number in range(STRATEGIES)}
    for number in range(untouched, FACTORS):
        for strategy in choice.sample(sorted(acts), choice.randint(1, each)):
            acts[strategy].append(f"factor-{number:03}")
    return acts


def report(
    name: str, seed: int, graph: nx.MultiDiGraph[str], acts: Mapping[str, list[str]], few: int, *, costs: bool
) -> bool:
    """Time one plan, print its line, and return whether it met the goal."""
    choice = random.Random(seed)
    prices = {strategy: choice.randint(1, 99) for strategy in sorted(acts)} if costs else None
    factors = [node for node in graph if node != "outcome"][:few]
    before = time.perf_counter()
    found = plan(graph, factors, "outcome", acts=acts, costs=prices)
    seconds = time.perf_counter() - before
    least = f"{len(found.sets[0])} strategies" + (f", cost {found.proof.least}" if costs else "")
    listed = f"{len(found)} sets{'' if found.complete else ' of more'}"
    proof = "proven" if found.proof.optimal else "NOT PROVEN"
    left = (
        "all closed"
        if found.closes_all
        else f"{len(found.open_ways)}{'' if found.open_ways_complete else '+'} ways open"
    )
    print(
        f"{name:34} {seed:4} {seconds:7.2f}  {least:26} {proof:7} {listed:16} "
        f"{found.proof.ways:5} {found.proof.cuts:5} {found.proof.solves:6}  {left}"
    )
    return seconds < GOAL


def main() -> None:
    """Print the table."""
    small: nx.MultiDiGraph[str] = nx.MultiDiGraph([("a", "b", {"sign": 1})])
    plan(small, "a", "b", acts={"s": ["a"]})
    print(
        f"{'plan':34} {'seed':>4} {'s':>7}  {'least set':26} {'proof':7} {'listed':16} {'ways':>5} {'cuts':>5} solves"
    )
    met = []
    for seed in SEEDS:
        graph = random_graph(seed)
        met += [
            report("all 200 factors", seed, graph, random_acts(seed), FACTORS, costs=False),
            report("all 200 factors, costs", seed, graph, random_acts(seed), FACTORS, costs=True),
            report("10 of the factors", seed, graph, random_acts(seed), 10, costs=False),
            report(
                "200 factors, 5 that none acts on", seed, graph, random_acts(seed, untouched=5), FACTORS, costs=False
            ),
            report("200 factors, strategies overlap", seed, graph, random_acts(seed, each=8), FACTORS, costs=False),
        ]
    print(f"under {GOAL:g} s: {sum(met)} of {len(met)}")


if __name__ == "__main__":
    main()
