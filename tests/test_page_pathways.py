"""Paths, ways and smallest sets worked out in the page are those of `kg paths` and `kg plan`."""

from __future__ import annotations

import itertools
import random
import re
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

import kg
from kg.drawing import draw
from kg.paths import causal_paths, members
from tests.browser import small_pathway, visit

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

_PATHS = """([from, to, effect, most]) => {
  const { found, cut } = kgPage.bestPaths(from.map(kgPage.number), kgPage.number(to), effect, most);
  const nodes = ({ steps }) => [steps[0].from, ...steps.map((step) => step.to)];
  return { cut, paths: found.map((path) => [nodes(path), path.steps.map((step) => step.sign), path.level]) };
}"""
_PLAN = """([factors, outcome]) => {
  const found = kgPage.waysTo(factors.map(kgPage.number), kgPage.number(outcome));
  const stuck = found.ways.filter((way) => !way.closers.length).length;
  return { ways: found.ways.length, stuck, cut: found.cut, set: kgPage.smallestSet(found.ways) };
}"""
_LEVELS = ("Disputed", "Unreviewed", "Mixed", "Supported")


def in_page(seen: Any, keys: list[str], *asked: object) -> list[Any]:  # a Visit
    answer = seen.page.evaluate(_PATHS, list(asked))
    return [([keys[node] for node in nodes], signs, _LEVELS[level]) for nodes, signs, level in answer["paths"]]


def in_python(
    network: nx.MultiDiGraph[str], source: str, target: str, effect: Any, most: int
) -> list[Any]:  # a literal
    found = causal_paths(network, source, target, sign=effect, k=most)
    return [(list(path.nodes), [step.sign for step in path.steps], path.weakest) for path in found]


def test_the_page_ranks_paths_as_the_command_line_does(
    browser: Browser, explorer: Path, network: nx.MultiDiGraph[str]
) -> None:
    keys = sorted(network)
    rng = random.Random(4)
    signed = sorted({node for u, v, edge in network.edges(data=True) if edge["sign"] for node in (u, v)})
    pairs = [tuple(rng.sample(signed, 2)) for _ in range(250)]
    pairs += list(
        itertools.product(
            ["pain:sedentary-lifestyle", "pain:ageing", "pain:pilates"], ["pain:lower-back-pain", "pain:hip-pain"]
        )
    )
    some = 0
    with visit(browser, explorer) as seen:
        for source, target in pairs:
            for effect in ("any", "increases", "decreases"):
                expected = in_python(network, source, target, effect, 12)
                assert in_page(seen, keys, [source], target, effect, 12) == expected, (source, target, effect)
                some += bool(expected)
    assert some > 30


@pytest.mark.parametrize("seed", range(6))
def test_loops_parallel_claims_and_both_signs_are_ranked_alike(browser: Browser, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    nodes = [f"x:{letter}" for letter in "abcdefg"]
    network.add_nodes_from(nodes)
    for number in range(22):
        start, end = rng.sample(nodes, 2)
        network.add_edge(
            start, end, key=f"c:{number}", sign=rng.choice([1, 1, -1, 0]), standing=rng.choice(_LEVELS),
            asserted=rng.random() > 0.1, predicate="x:acts",
        )  # fmt: skip
    with visit(browser, draw(network).write(tmp_path / "graph.html")) as seen:
        for source, target in itertools.permutations(nodes, 2):
            for effect in ("any", "increases", "decreases", "none"):
                assert in_page(seen, nodes, [source], target, effect, 30) == in_python(
                    network, source, target, effect, 30
                ), (source, target, effect)


@pytest.mark.parametrize(
    ("factors", "outcome"),
    [
        (["pain:sedentary-lifestyle", "pain:obesity"], "pain:lower-back-pain"),
        (["pain:ageing"], "pain:hip-pain"),
        (["pain:poor-posture", "pain:prolonged-sitting"], "pain:lower-back-pain"),
        (["kg:RiskFactor"], "pain:sciatica"),
    ],
)
def test_the_page_closes_ways_with_as_few_strategies_as_kg_plan(
    browser: Browser, explorer: Path, network: nx.MultiDiGraph[str], factors: list[str], outcome: str
) -> None:
    keys = sorted(network)
    starts = sorted({node for name in factors for node in members(network, name)})
    expected = kg.plan(network, starts, outcome, include_kinds=True, open_limit=500)
    with visit(browser, explorer) as seen:
        answer = seen.page.evaluate(_PLAN, [starts, outcome])
    assert not answer["cut"]
    assert answer["stuck"] == len(expected.open_ways)
    assert tuple(keys[node] for node in answer["set"]) == expected.sets[0].strategies


def test_two_terms_give_their_paths_and_a_click_shows_one_with_its_claims(browser: Browser, explorer: Path) -> None:
    with visit(browser, explorer, "#tab=paths&from=pain:sedentary-lifestyle&to=pain:lower-back-pain") as seen:
        assert seen.page.input_value("#path-from") == "sedentary lifestyle"
        assert seen.texts("#path-count") == ["8 paths, the firmest weakest step first"]
        seen.page.locator("#path-list button.path").nth(1).click()
        assert seen.texts("#path-list .claims button") == [
            "sedentary lifestyle causes prolonged sitting",
            "prolonged sitting increases risk of lower back pain",
        ]
        seen.page.click("#path-swap")
        assert seen.texts("#path-count") == ["No path leads this way, only the other way round."]
        assert seen.complaints == []


def test_filters_narrow_the_paths_too(browser: Browser, tmp_path: Path) -> None:
    path = draw(small_pathway()).write(tmp_path / "page.html")
    with visit(browser, path, "#tab=paths&from=pain:prolonged-sitting&to=pain:lower-back-pain") as seen:
        assert seen.page.locator("#path-list ol > li").count() == 2
        seen.page.click("#tab-legend")
        seen.page.locator("#legend input[data-value='kg:increasesRiskOf']").uncheck()
        seen.page.click("#tab-paths")
        assert seen.page.locator("#path-list ol > li").count() == 1


def test_ticking_strategies_closes_ways(browser: Browser, explorer: Path) -> None:
    address = "#tab=plan&factor=pain:sedentary-lifestyle&factor=pain:obesity&outcome=pain:lower-back-pain"
    with visit(browser, explorer, address) as seen:
        assert seen.texts("#plan-count") == ["12 ways: 0 closed, 12 open, 2 of them closed by no strategy"]
        seen.page.get_by_role("checkbox", name=re.compile("^exercise acts on")).check()
        assert seen.texts("#plan-count") == ["12 ways: 7 closed, 5 open, 2 of them closed by no strategy"]
        seen.page.get_by_role("button", name="Tick a smallest set").click()
        assert seen.texts("#plan-count") == ["12 ways: 10 closed, 2 open, 2 of them closed by no strategy"]
        seen.page.get_by_role("button", name="Remove obesity").click()
        assert seen.texts("#plan-count")[0].startswith("8 ways")
        assert seen.complaints == []
