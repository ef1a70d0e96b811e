"""How long until a page can be used, ours beside stock pyvis, in one Chromium and one run.

``python -m tests.benchmarks.pages`` prints, for graphs of 150, 1,000 and 10,000 nodes with three edges a node: how long Python
takes to write the page, its size, how long the browser takes until it can be used, and the time of a frame while the view is
moved. Stock pyvis is ready when its physics has settled, which is when it shows the graph; it is given up after two minutes.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx

from kg.drawing import draw
from tests.browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_SIZES = (150, 1_000, 10_000)
_PATIENCE = 120
_CLASSES = ("RiskFactor", "Cause", "Mechanism", "Condition", "Symptom", "Impact", "Strategy", "AnatomicalStructure")
_FRAMES = """async () => {
  const network = kgPage.network;
  const times = [];
  let last = performance.now();
  for (let step = 0; step < 30; step++) {
    network.moveTo({ offset: { x: 6, y: step % 2 }, scale: network.getScale() * (step % 3 ? 1 : 1.02) });
    await new Promise(requestAnimationFrame);
    times.push(performance.now() - last);
    last = performance.now();
  }
  return times;
}"""


def graph(nodes: int) -> nx.MultiDiGraph[str]:
    """Return a graph with the attributes of ours, from a fixed seed."""
    rng = random.Random(1)
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=f"{nodes} nodes")
    keys = [f"ex:{number}" for number in range(nodes)]
    for number, key in enumerate(keys):
        network.add_node(
            key, label=f"term number {number}", classes=(_CLASSES[number % 8],), synonyms=(f"other name {number}",),
            definition=f"What is meant by term number {number}, in a sentence.",
        )  # fmt: skip
    for number in range(3 * nodes):
        start, end = rng.sample(keys, 2)
        network.add_edge(
            start, end, key=f"c:{number}", predicate="kg:causes", sign=rng.choice((1, 1, -1, 0)), certainty="Stated",
            standing="Unreviewed", asserted=True, label=f"claim {number}", comment="What it says, in our own words.",
        )  # fmt: skip
    return network


def stock(network: nx.MultiDiGraph[str], path: Path) -> float:
    """Write the page of stock pyvis; return the seconds it took."""
    from pyvis.network import Network

    start = time.perf_counter()
    page = Network(directed=True, cdn_resources="in_line")
    # from_nx looks through all nodes for each edge; the lists are what it would make of them.
    plain: nx.DiGraph[str] = nx.DiGraph()
    plain.add_nodes_from((key, {"label": found["label"]}) for key, found in network.nodes(data=True))
    plain.add_edges_from(network.edges())
    page.from_nx(plain)
    path.write_text(page.generate_html(), encoding="utf-8")
    return time.perf_counter() - start


def ready(browser: Browser, path: Path, when: str) -> tuple[float | None, Any]:
    """Return the seconds until a page says that it is ready, and the page; None if it does not within two minutes."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page.route("**/*", lambda route: route.abort() if route.request.url.startswith("http") else route.continue_())
    start = time.perf_counter()
    try:
        page.goto(path.as_uri(), wait_until="commit")
        page.wait_for_function(when, timeout=_PATIENCE * 1000)
    except Exception as error:  # also when the page hangs so long that the browser gives up on it
        if "Timeout" not in str(error):
            raise
        return None, page
    return time.perf_counter() - start, page


def main() -> None:
    """Print the table."""
    print(
        f"{'nodes':>6} {'edges':>6}  {'':6} {'written in':>10} {'size':>8} {'ready in':>9} {'frame, median':>14} {'worst':>7}"
    )
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        # Both import pyvis, and Chromium opens its first page slowly.
        draw(graph(10))
        browser.new_page().close()
        for nodes in _SIZES:
            network = graph(nodes)
            path = Path(folder) / f"ours-{nodes}.html"
            start = time.perf_counter()
            draw(network).write(path)
            written = time.perf_counter() - start
            ours, page = ready(browser, path, "() => document.documentElement.dataset.ready")
            frames = page.evaluate(_FRAMES)
            page.close()
            print(
                f"{nodes:>6,} {3 * nodes:>6,}  ours   {written:>8.2f} s {path.stat().st_size / 1e6:>5.1f} MB {ours:>7.2f} s "
                f"{statistics.median(frames):>11.0f} ms {max(frames):>4.0f} ms"
            )
            other = Path(folder) / f"stock-{nodes}.html"
            written = stock(network, other)
            theirs, page = ready(
                browser,
                other,
                "() => typeof network === 'object' && network?.physics?.stabilized && network.physics.ready",
            )
            page.close()
            shown = f"{theirs:>7.2f} s" if theirs else f"> {_PATIENCE:>5} s"
            ratio = f"{theirs / ours:.0f}" if theirs and ours else f"over {_PATIENCE / (ours or 1):.0f}"
            print(
                f"{nodes:>6,} {3 * nodes:>6,}  stock  {written:>8.2f} s {other.stat().st_size / 1e6:>5.1f} MB {shown}"
                f"   stock / ours: {ratio}"
            )


if __name__ == "__main__":
    main()
