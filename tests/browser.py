"""Sample networks shaped like ours, and a real Chromium to open pages in."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import networkx as nx
import pytest

from kg.evidence import Evidence, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

__all__ = ["FLAGS", "REQUESTS", "Visit", "chromium", "sample_network", "small_pathway", "visit"]

# As root Chromium has no sandbox of its own; the rest keeps it from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_CLASSES = {
    "AnatomicalStructure": (36, "muscle of the lower back"),
    "Function": (17, "core stability"),
    "Condition": (20, "disc disease"),
    "Symptom": (19, "lower back pain"),
    "Mechanism": (25, "loss of disc cushioning"),
    "Cause": (5, "heavy lifting"),
    "RiskFactor": (18, "prolonged sitting"),
    "Strategy": (50, "strengthening exercise"),
    "Impact": (4, "quality of life"),
    "RedFlag": (9, "numbness in the saddle area, new and getting worse by the day"),
}
# Who acts on whom, how, with what sign, and how often, as in our graph.
_RELATIONS = [
    ("RiskFactor", "kg:contributesTo", "Mechanism", 1, 36),
    ("RiskFactor", "kg:increasesRiskOf", "Symptom", 1, 22),
    ("Cause", "kg:causes", "Mechanism", 1, 10),
    ("Mechanism", "kg:causes", "Mechanism", 1, 18),
    ("Mechanism", "kg:contributesTo", "Condition", 1, 28),
    ("Mechanism", "kg:exacerbates", "Symptom", 1, 18),
    ("Condition", "kg:hasSymptom", "Symptom", 1, 30),
    ("Symptom", "kg:reduces", "Impact", -1, 8),
    ("Symptom", "kg:contributesTo", "RiskFactor", 1, 4),
    ("Strategy", "kg:prevents", "Symptom", -1, 24),
    ("Strategy", "kg:relieves", "Symptom", -1, 26),
    ("Strategy", "kg:corrects", "Mechanism", -1, 20),
    ("Strategy", "kg:promotes", "Function", 1, 26),
    ("Strategy", "kg:recommendedFor", "Condition", 0, 14),
    ("Strategy", "skos:broader", "Strategy", 0, 20),
    ("AnatomicalStructure", "kg:partOf", "AnatomicalStructure", 0, 28),
    ("AnatomicalStructure", "kg:hasFunction", "Function", 0, 16),
    ("Condition", "kg:locatedIn", "AnatomicalStructure", 0, 18),
    ("RedFlag", "kg:raisesSuspicionOf", "Condition", 0, 9),
    ("RedFlag", "kg:callsFor", "Strategy", 0, 9),
]
_SOURCES = {
    "source:article": Source("source:article", "Understanding back pain", "Article", url="https://example.org/article"),
    **{
        f"source:study-{number}": Source(
            f"source:study-{number}",
            f"Author{number} A {2000 + number}, Journal of Backs",
            "Publication",
            doi=f"https://doi.org/10.1000/{number}",
            pmid=f"https://pubmed.ncbi.nlm.nih.gov/{1000 + number}/",
            year=2000 + number,
        )
        for number in range(20)
    },
}


def sample_network() -> nx.MultiDiGraph[str]:
    """Return about 200 nodes and 380 edges with evidence, shaped like our graph and free of chance."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="Sample network", sources=_SOURCES)
    for name, (count, words) in _CLASSES.items():
        for number in range(count):
            label = words if number == 0 else f"{' '.join(words.split()[: 1 + number % 5])} {number}"
            network.add_node(
                f"pain:{name.lower()}-{number}",
                label=label,
                classes=(name,),
                definition=f"What people mean by {label}, in a sentence of our own that is neither long nor short.",
                iri=f"https://w3id.org/painpath/{name.lower()}-{number}",
                synonyms=(f"{label} also known", f"other {label}") if number % 2 == 0 else (),
                broader=(),
                category="biolink:NamedThing",
                note="",
                identifiers=(("skos:exactMatch", "MONDO:0005178"), ("skos:closeMatch", "MESH:D017116")),
            )
    stride = 7
    for subject, predicate, object_, sign, count in _RELATIONS:
        starts, ends = _CLASSES[subject][0], _CLASSES[object_][0]
        for number in range(count):
            # A few hubs, as in life: every third edge ends in one of three nodes.
            end = number % min(3, ends) if number % 3 == 0 else (number * stride + 3) % ends
            _add_claim(
                network,
                f"pain:{subject.lower()}-{number % starts}",
                predicate,
                f"pain:{object_.lower()}-{end}",
                sign,
                number,
            )
    return network


def small_pathway() -> nx.MultiDiGraph[str]:
    """Return a pathway from a sedentary lifestyle to mobility, with a short cut and two strategies."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="Pathway", sources=_SOURCES)
    for key, name in {
        "prolonged sitting": "RiskFactor",
        "sedentary lifestyle": "RiskFactor",
        "tight hip flexors": "Mechanism",
        "muscle weakness": "Mechanism",
        "muscle imbalance": "Mechanism",
        "lower back pain": "Symptom",
        "mobility": "Impact",
        "stretching": "Strategy",
        "core strengthening": "Strategy",
    }.items():
        network.add_node(
            f"pain:{key.replace(' ', '-')}", label=key, classes=(name,), synonyms=(), definition=f"{key}, defined."
        )
    for number, (start, predicate, end, sign) in enumerate([
        ("sedentary-lifestyle", "kg:contributesTo", "prolonged-sitting", 1),
        ("prolonged-sitting", "kg:causes", "tight-hip-flexors", 1),
        ("sedentary-lifestyle", "kg:causes", "muscle-weakness", 1),
        ("tight-hip-flexors", "kg:contributesTo", "muscle-imbalance", 1),
        ("muscle-weakness", "kg:contributesTo", "muscle-imbalance", 1),
        ("muscle-imbalance", "kg:causes", "lower-back-pain", 1),
        ("prolonged-sitting", "kg:increasesRiskOf", "lower-back-pain", 1),
        ("lower-back-pain", "kg:reduces", "mobility", -1),
        ("stretching", "kg:relieves", "tight-hip-flexors", -1),
        ("core-strengthening", "kg:corrects", "muscle-weakness", -1),
        ("core-strengthening", "kg:relieves", "lower-back-pain", -1),
    ]):
        _add_claim(network, f"pain:{start}", predicate, f"pain:{end}", sign, number)
    return network


def _add_claim(network: nx.MultiDiGraph[str], start: str, predicate: str, end: str, sign: int, number: int) -> None:
    certainty = ("Stated", "Stated", "Likely", "Possible")[number % 4]
    standing = ("Supported", "Unreviewed", "Mixed", "Disputed", "Supported")[number % 5]
    words = predicate.partition(":")[2]
    claim = f"claim:{start[5:]}-{words}-{end[5:]}"
    article = Evidence(
        f"evidence:{claim[6:]}-a", "source:article", "Supports", section="Causes", sentence=number % 9 + 1
    )
    studies = tuple(
        Evidence(
            f"evidence:{claim[6:]}-{at}",
            f"source:study-{(number + at) % 20}",
            ("Supports", "Mixed", "Disputes", "NoEvidenceFound")[(number + at) % 4],
            design="cohort-study",
            finding="Over four years, people with it reported new trouble more often than others, after adjustment.",
            effect_measure="OR",
            effect_value=Decimal("2.06"),
            ci_low=Decimal("1.32"),
            ci_high=Decimal("3.20"),
            grade="moderate",
            indirectness="hip rather than back" if at == 1 else None,
        )
        for at in range(number % 3)
    )
    network.add_edge(
        start,
        end,
        key=claim,
        predicate=predicate,
        sign=sign,
        certainty=certainty,
        standing="Unreviewed" if not studies else standing,
        publications=len(studies),
        sources=("source:article",),
        asserted=True,
        label=f"{network.nodes[start]['label']} {words} {network.nodes[end]['label']}",
        comment="What the article says, put in our own words so that nobody need look it up.",
        evidence=(article, *studies),
    )


REQUESTS: list[int] = []
"""How many requests each page made that was visited, other than for files and data."""


@dataclass(slots=True)
class Visit:
    """A page that is open, and what it did that it should not do."""

    page: Page
    requests: list[str] = field(default_factory=list)
    """Whatever was asked of something else than file: or data:."""
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings of the console, and errors that nobody caught."""
    dialogs: list[str] = field(default_factory=list)

    def texts(self, selector: str) -> list[str]:
        """Return the text of all elements that a selector finds."""
        return self.page.locator(selector).all_inner_texts()

    def told(self) -> str:
        """Return the heading of the details once they are told."""
        # Attached and not visible: a heading may be nothing but blanks.
        self.page.wait_for_selector("[data-told]:not([data-told='']) #told h2", state="attached")
        return self.page.inner_text("#told h2")

    def choose(self, **change: str | None) -> None:
        """Choose nodes or edges by key, or clear them with None, as a click does."""
        for name, key in change.items():
            number = "null" if key is None else f"kgPage.number({json.dumps(key)})"
            self.page.evaluate(f"kgPage.choose({{{name}: {number}}})")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium without a window; skip the test, saying why, where it or playwright is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright (Python) is not installed")
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("PAINPATH_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip(f"no Chromium: neither PAINPATH_CHROMIUM is set nor any of {', '.join(names)} on the PATH")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(
    browser: Browser, path: Path, address: str = "", *, width: int = 1440, height: int = 900, dark: bool = False
) -> Iterator[Visit]:
    """Open a file, at a fragment of it such as ``#node=pain:sciatica``, and wait until the page says that it is ready."""
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
    )
    seen = Visit(page)

    def note_request(request: Request) -> None:
        if not request.url.startswith(("file:", "data:")):
            seen.requests.append(request.url)

    def note_complaint(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            seen.complaints.append(message.text)

    def dismiss(dialog: Dialog) -> None:
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("request", note_request)
    page.on("console", note_complaint)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("dialog", dismiss)
    try:
        page.goto(path.as_uri() + address)
        page.wait_for_selector("html[data-ready], main.nothing", state="attached")
        yield seen
    finally:
        REQUESTS.append(len(seen.requests))
        page.close()
