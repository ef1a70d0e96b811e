"""Hypothesis strategies for the things that the package works on.

`networks` gives whole networks: small enough to print, but with what breaks exports and drawings in them, such as
labels in any script, markup, parallel and opposing claims, claims that no source asserts, and evidence of both kinds.
"""

from __future__ import annotations

from decimal import Decimal

import networkx as nx
from hypothesis import strategies as st

from kg.evidence import Evidence, Source
from kg.network import CLASSES

__all__ = ["CATEGORIES", "CLASSES", "PREDICATES", "effects", "labels", "networks"]

CATEGORIES = (
    "biolink:Activity",
    "biolink:AnatomicalEntity",
    "biolink:Behavior",
    "biolink:BehavioralExposure",
    "biolink:Disease",
    "biolink:Drug",
    "biolink:EnvironmentalExposure",
    "biolink:ExposureEvent",
    "biolink:GrossAnatomicalStructure",
    "biolink:NamedThing",
    "biolink:OrganismAttribute",
    "biolink:PathologicalProcess",
    "biolink:PhenotypicFeature",
    "biolink:PhysiologicalProcess",
    "biolink:Procedure",
    "biolink:Treatment",
)
PREDICATES = {
    "kg:causes": 1,
    "kg:contributesTo": 1,
    "kg:increasesRiskOf": 1,
    "kg:exacerbates": 1,
    "kg:hasSymptom": 1,
    "kg:promotes": 1,
    "kg:prevents": -1,
    "kg:relieves": -1,
    "kg:corrects": -1,
    "kg:reduces": -1,
    "kg:reducesRiskOf": -1,
    "kg:partOf": 0,
    "kg:connectedTo": 0,
    "kg:supports": 0,
    "kg:hasFunction": 0,
    "kg:locatedIn": 0,
    "kg:recommendedFor": 0,
    "kg:affects": 0,
    "kg:includes": 0,
    "kg:targets": 0,
    "kg:raisesSuspicionOf": 0,
    "kg:callsFor": 0,
    "skos:broader": 0,
}
"""Predicate to sign."""

_ARTICLE = "source:article"
_MATCHES = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")
_TERMS = ("MONDO:0005178", "HP:0003418", "UBERON:0002412", "MESH:D001416", "ICD10CM:M54.3", "SCTID:23056005")
_SUPPORTING = {"Supports", "Mixed"}

_slugs = st.from_regex(r"[a-z]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)


def labels() -> st.SearchStrategy[str]:
    """Return texts that a person could have written, in any script, with the traps of HTML, TSV and JSON among them.

    They hold no control characters but the tab and the line feed, and are never empty.
    """
    traps = (
        "</script><b>",
        "a|b",
        "tab\there",
        "two\nlines",
        "\"quoted\" & 'single'",
        "line\u2028separator",
        "חוליה 脊椎 🦴",
    )
    return st.sampled_from(traps) | st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=12
    )


def effects() -> st.SearchStrategy[Decimal]:
    """Return effect values: of either sign, with trailing zeros that have to stay."""
    return st.sampled_from([Decimal("3.20"), Decimal("-0.50"), Decimal("-12"), Decimal("0.0")]) | st.decimals(
        -100, 100, allow_nan=False, allow_infinity=False, places=2
    )


@st.composite
def networks(
    draw: st.DrawFn, *, text: st.SearchStrategy[str] | None = None, min_nodes: int = 2, max_nodes: int = 5
) -> nx.MultiDiGraph[str]:
    """Return a network whose attributes agree with each other.

    Tuples are in the order that `kg.network` gives them. The sign is that of the predicate; publications, sources and
    asserted follow from the evidence; ``broader`` names the objects of ``skos:broader`` claims. The standing follows
    from the evidence too, by a rule simpler than the package's. Labels need not be unique. No claim is about one node
    alone.

    Parameters
    ----------
    draw
        Given by Hypothesis.
    text
        Texts for labels, definitions, notes, synonyms and findings; those of `labels` by default.
    min_nodes, max_nodes
        How many nodes.

    Returns
    -------
    nx.MultiDiGraph
        A new graph at each draw.
    """
    texts = labels() if text is None else text
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.graph["name"] = draw(texts)
    network.graph["sources"] = sources = draw(_sources(texts))
    slugs = draw(st.lists(_slugs, min_size=min_nodes, max_size=max_nodes, unique=True))
    for slug in slugs:
        network.add_node(
            f"pain:{slug}",
            label=draw(texts),
            classes=tuple(sorted(draw(st.sets(st.sampled_from(CLASSES), min_size=1, max_size=2)), key=CLASSES.index)),
            definition=draw(texts),
            iri=f"https://w3id.org/painpath/{slug}",
            synonyms=tuple(sorted(draw(st.sets(texts, max_size=2)))),
            broader=(),
            category=draw(st.sampled_from(CATEGORIES)),
            note=draw(st.just("") | texts),
            identifiers=draw(_identifiers()),
        )
    pairs = [(one, other) for one in slugs for other in slugs if one != other]
    # Few pairs with several predicates each, so that parallel and opposing claims are the rule and not the exception.
    for one, other in draw(st.lists(st.sampled_from(pairs), max_size=4, unique=True)) if pairs else []:
        for predicate in draw(st.lists(st.sampled_from(list(PREDICATES)), min_size=1, max_size=3, unique=True)):
            name = f"{one}-{predicate.partition(':')[2]}-{other}"
            evidence = draw(_evidence(name, sorted(sources), texts))
            network.add_edge(
                f"pain:{one}",
                f"pain:{other}",
                f"claim:{name}",
                predicate=predicate,
                sign=PREDICATES[predicate],
                certainty=draw(st.sampled_from(["Stated", "Likely", "Possible"])),
                standing=_standing(evidence),
                publications=len({item.source for item in evidence} - {_ARTICLE}),
                sources=tuple(sorted({item.source for item in evidence})),
                asserted=any(item.verdict in _SUPPORTING for item in evidence),
                label=draw(texts),
                comment=draw(texts),
                hedge=draw(st.sampled_from(["", "can", "often"])),
                evidence=evidence,
            )
            if predicate == "skos:broader":
                node = network.nodes[f"pain:{one}"]
                node["broader"] = tuple(sorted({*node["broader"], f"pain:{other}"}))
    return network


@st.composite
def _sources(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> dict[str, Source]:
    article = Source(_ARTICLE, draw(texts), "Article", url="https://example.org/article", author=draw(texts))
    publications = [
        Source(
            f"source:paper-{number}",
            draw(texts),
            "Publication",
            doi=draw(st.none() | st.just(f"https://doi.org/10.1000/paper.{number}")),
            pmid=draw(st.none() | st.just(f"https://pubmed.ncbi.nlm.nih.gov/{1000 + number}")),
            year=draw(st.none() | st.integers(1950, 2030)),
            journal=draw(st.none() | texts),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    return {source.id: source for source in (article, *publications)}


@st.composite
def _identifiers(draw: st.DrawFn) -> tuple[tuple[str, str], ...]:
    terms = draw(st.lists(st.sampled_from(_TERMS), max_size=2, unique=True))
    return tuple(sorted((draw(st.sampled_from(_MATCHES)), term) for term in terms))


@st.composite
def _evidence(draw: st.DrawFn, claim: str, sources: list[str], texts: st.SearchStrategy[str]) -> tuple[Evidence, ...]:
    read = draw(st.lists(st.sampled_from(sources), min_size=1, max_size=3))
    evidence = []
    for number, source in enumerate(read, start=1):
        curie = f"evidence:{claim}-{number}"
        if source == _ARTICLE:
            start = draw(st.integers(0, 5000))
            evidence.append(
                Evidence(
                    curie,
                    source,
                    "Supports",
                    section=draw(texts),
                    sentence=draw(st.integers(1, 30)),
                    start=start,
                    end=start + draw(st.integers(1, 300)),
                )
            )
            continue
        low, value, high = sorted(draw(st.tuples(effects(), effects(), effects())))
        measured, bounded = draw(st.booleans()), draw(st.booleans())
        evidence.append(
            Evidence(
                curie,
                source,
                draw(st.sampled_from(["Supports", "Mixed", "Disputes", "NoEvidenceFound"])),
                design=draw(texts),
                finding=draw(texts),
                effect_measure=draw(st.sampled_from(["OR", "SMD"])) if measured else None,
                effect_value=value if measured else None,
                ci_low=low if measured and bounded else None,
                ci_high=high if measured and bounded else None,
                grade=draw(st.sampled_from(["moderate", "not-graded"])),
                indirectness=draw(st.none() | texts),
            )
        )
    return tuple(sorted(evidence))


def _standing(evidence: tuple[Evidence, ...]) -> str:
    verdicts = {item.verdict for item in evidence if item.source != _ARTICLE}
    if not verdicts:
        return "Unreviewed"
    if verdicts == {"Supports"}:
        return "Supported"
    return "Mixed" if verdicts & _SUPPORTING else "Disputed"
