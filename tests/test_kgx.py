"""Tests of the KGX tables, against an extract of the Biolink Model in ``tests/data/biolink_4.4.4.tsv``."""

from __future__ import annotations

import csv
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.evidence import Evidence, Source
from kg.kgx import kgx_edges, kgx_nodes
from tests.strategies import CATEGORIES, PREDICATES, networks

MODEL = Path(__file__).parent / "data" / "biolink_4.4.4.tsv"


@cache
def model() -> dict[str, dict[str, str]]:
    """Return the rows of the extract by name; no class shares its name with a slot."""
    lines = [line for line in MODEL.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {row["name"]: row for row in csv.DictReader(lines, delimiter="\t")}


def lineage(name: str) -> list[str]:
    """Return the term and its ancestors by is_a and mixin, nearest first."""
    found = [name]
    for term in found:
        found += [parent for parent in model()[term]["parents"].split("|") if parent and parent not in found]
    return found


def stated(slot: str, end: str) -> str:
    """Return the domain or range of a slot: its own, else that of the nearest ancestor that states one."""
    return next((model()[name][end] for name in lineage(slot) if model()[name][end]), "")


def rows(table: str) -> list[dict[str, str]]:
    """Return the rows of a table as the kgx program reads them: split at line feeds and tabs, nothing quoted."""
    header, *lines, last = table.split("\n")
    assert last == ""
    return [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]


def only_edge(network: nx.MultiDiGraph[str], **options: str) -> dict[str, str]:
    (edge,) = rows(kgx_edges(network, **options))
    return edge


def claim(
    predicate: str = "kg:causes",
    *,
    subject: str = "biolink:Disease",
    object_: str = "biolink:PhenotypicFeature",
    **attributes: Any,
) -> nx.MultiDiGraph[str]:
    """Return a network of one claim between two nodes of these categories."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(sources={source.id: source for source in SOURCES})
    network.add_node("pain:a", label="a", category=subject)
    network.add_node("pain:b", label="b", category=object_)
    held = {"predicate": predicate, "certainty": "Likely", "standing": "Mixed", "asserted": True, "evidence": ()}
    network.add_edge("pain:a", "pain:b", "claim:a-b", **(held | attributes))
    return network


SOURCES = (
    Source("source:article", "The article", "Article", url="https://example.org/article"),
    Source(
        "source:both",
        "Both 2020",
        "Publication",
        doi="https://doi.org/10.1000/x(1)2",
        pmid="https://pubmed.ncbi.nlm.nih.gov/123/",
    ),
    Source("source:doi", "Doi 2020", "Publication", doi="https://doi.org/10.1000/y"),
    Source("source:bare", "Bare 2020", "Publication"),
)


@pytest.fixture(scope="module")
def every_relation_between_all_categories() -> nx.MultiDiGraph[str]:
    """Return two nodes of each category, and each relation from one of the first to one of the second."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for category in CATEGORIES:
        network.add_node(f"s-{category}", category=category, label="")
        network.add_node(f"o-{category}", category=category, label="")
    for (subject, object_), predicate in product(product(CATEGORIES, repeat=2), (*PREDICATES, "other:relation")):
        network.add_edge(
            f"s-{subject}", f"o-{object_}", f"claim:{subject} {predicate} {object_}", predicate=predicate, asserted=True
        )
    return network


def test_every_predicate_takes_the_categories_at_its_ends(
    every_relation_between_all_categories: nx.MultiDiGraph[str],
) -> None:
    edges = rows(kgx_edges(every_relation_between_all_categories))
    assert len(edges) == len(CATEGORIES) ** 2 * (len(PREDICATES) + 1)
    for edge in edges:
        domain, range_ = stated(edge["predicate"], "domain"), stated(edge["predicate"], "range")
        assert "biolink:related_to" in lineage(edge["predicate"])
        assert domain in lineage(edge["subject"].removeprefix("s-")), edge
        assert range_ in lineage(edge["object"].removeprefix("o-")), edge


def test_values_of_enumerations_are_those_of_the_model(
    every_relation_between_all_categories: nx.MultiDiGraph[str],
) -> None:
    for edge in rows(kgx_edges(every_relation_between_all_categories)):
        for column in ("knowledge_level", "agent_type", "object_direction_qualifier"):
            allowed = model()[model()[f"biolink:{column}"]["range"]]["values"].split("|")
            # The direction is the one qualifier that an association may lack.
            assert edge[column] in allowed or (column == "object_direction_qualifier" and edge[column] == "")


def test_a_precise_predicate_is_used_wherever_the_model_allows_it(
    every_relation_between_all_categories: nx.MultiDiGraph[str],
) -> None:
    precise = {
        "kg:hasSymptom": "biolink:has_phenotype",
        "kg:hasFunction": "biolink:actively_involved_in",
        "skos:broader": "biolink:subclass_of",
    }
    for edge in rows(kgx_edges(every_relation_between_all_categories)):
        wanted = precise.get(edge["original_predicate"])
        if wanted is not None:
            fits = stated(wanted, "domain") in lineage(edge["subject"].removeprefix("s-")) and stated(
                wanted, "range"
            ) in lineage(edge["object"].removeprefix("o-"))
            assert (edge["predicate"] == wanted) == fits


def test_categories_exist_and_end_in_named_thing(every_relation_between_all_categories: nx.MultiDiGraph[str]) -> None:
    for node in rows(kgx_nodes(every_relation_between_all_categories)):
        first, *rest = node["category"].split("|")
        assert "biolink:NamedThing" in lineage(first)
        assert rest == ([] if first == "biolink:NamedThing" else ["biolink:NamedThing"])


@pytest.mark.parametrize("table", [kgx_nodes(nx.MultiDiGraph()), kgx_edges(nx.MultiDiGraph())])
def test_columns_are_slots_of_the_model_or_marked_as_ours(table: str) -> None:
    for column in table.rstrip("\n").split("\t"):
        assert column.startswith("kg_") or f"biolink:{column}" in model()


def test_what_an_association_must_have_is_there() -> None:
    required = {"subject", "predicate", "object", "knowledge_level", "agent_type"}
    assert all(only_edge(claim())[column] for column in required)


@pytest.mark.parametrize(
    ("relation", "predicate", "direction"),
    [
        ("kg:causes", "causes", ""),
        ("kg:contributesTo", "contributes_to", ""),
        ("kg:increasesRiskOf", "associated_with_increased_likelihood_of", ""),
        ("kg:exacerbates", "affects", "increased"),
        ("kg:hasSymptom", "has_phenotype", ""),
        ("kg:promotes", "affects", "increased"),
        ("kg:prevents", "associated_with_decreased_likelihood_of", ""),
        ("kg:reducesRiskOf", "associated_with_decreased_likelihood_of", ""),
        ("kg:relieves", "affects", "decreased"),
        ("kg:corrects", "affects", "decreased"),
        ("kg:reduces", "affects", "decreased"),
        ("kg:partOf", "part_of", ""),
        ("kg:includes", "has_part", ""),
        ("kg:locatedIn", "disease_has_location", ""),
        ("kg:raisesSuspicionOf", "associated_with", ""),
        ("kg:recommendedFor", "related_to", ""),
        ("kg:callsFor", "related_to", ""),
        ("kg:connectedTo", "related_to", ""),
        ("kg:supports", "related_to", ""),
        ("kg:affects", "affects", ""),
        ("kg:targets", "affects", ""),
        ("kg:hasFunction", "related_to", ""),
        ("skos:broader", "subclass_of", ""),
        ("other:relation", "related_to", ""),
    ],
)
def test_a_relation_from_disease_to_phenotype_becomes(relation: str, predicate: str, direction: str) -> None:
    edge = only_edge(claim(relation))
    assert edge["predicate"] == f"biolink:{predicate}"
    assert edge["object_direction_qualifier"] == direction
    assert edge["qualified_predicate"] == ("biolink:causes" if direction else "")
    assert edge["original_predicate"] == relation


@pytest.mark.parametrize(
    ("relation", "subject", "object_", "predicate"),
    [
        ("kg:hasSymptom", "Disease", "Disease", "related_to"),
        ("kg:hasSymptom", "ExposureEvent", "PhenotypicFeature", "related_to"),
        ("kg:locatedIn", "PhenotypicFeature", "GrossAnatomicalStructure", "located_in"),
        ("kg:locatedIn", "PathologicalProcess", "GrossAnatomicalStructure", "occurs_in"),
        ("kg:hasFunction", "GrossAnatomicalStructure", "PhysiologicalProcess", "actively_involved_in"),
        ("skos:broader", "Procedure", "Procedure", "related_to_at_concept_level"),
        ("kg:relieves", "Treatment", "PhenotypicFeature", "affects"),
    ],
)
def test_the_categories_decide_where_the_model_asks_for_some(
    relation: str, subject: str, object_: str, predicate: str
) -> None:
    network = claim(relation, subject=f"biolink:{subject}", object_=f"biolink:{object_}")
    assert only_edge(network)["predicate"] == f"biolink:{predicate}"


def test_only_sources_that_support_a_claim_are_its_publications() -> None:
    verdicts = {
        "source:both": "Supports",
        "source:doi": "Mixed",
        "source:bare": "Disputes",
        "source:article": "NoEvidenceFound",
    }
    evidence = tuple(Evidence(f"evidence:{source}", source, verdict) for source, verdict in verdicts.items())
    edge = only_edge(claim(evidence=evidence))
    assert edge["publications"] == "PMID:123|doi:10.1000/y"
    assert edge["evidence_count"] == "2"
    assert edge["kg_not_supported_by"] == "https://example.org/article|https://w3id.org/painpath/source/bare"


def test_a_publication_is_listed_once_and_its_findings_are_counted() -> None:
    evidence = (Evidence("evidence:1", "source:doi", "Supports"), Evidence("evidence:2", "source:doi", "Mixed"))
    edge = only_edge(claim(evidence=evidence))
    assert (edge["publications"], edge["evidence_count"]) == ("doi:10.1000/y", "2")


def test_a_claim_that_no_source_asserts_is_left_out() -> None:
    assert rows(kgx_edges(claim(asserted=False))) == []


def test_a_disputed_claim_that_a_source_asserts_stays_and_says_so() -> None:
    assert only_edge(claim(standing="Disputed"))["kg_standing"] == "Disputed"


def test_the_graph_is_the_knowledge_source_unless_another_is_named() -> None:
    assert only_edge(claim())["primary_knowledge_source"] == "https://w3id.org/painpath/"
    named = only_edge(claim(), knowledge_source="infores:other")
    assert named["primary_knowledge_source"] == "infores:other"


def test_exact_and_close_matches_become_cross_references() -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_node(
        "pain:sciatica",
        label="sciatica",
        classes=("Condition",),
        definition="Pain along\tthe sciatic\nnerve.",
        iri="https://w3id.org/painpath/sciatica",
        synonyms=("leg | nerve pain", 'so-called "sciatica"'),
        category="biolink:PhenotypicFeature",
        identifiers=(
            ("skos:closeMatch", "SCTID:23056005"),
            ("skos:exactMatch", "HP:0011868"),
            ("skos:broadMatch", "MESH:D001416"),
        ),
    )
    assert kgx_nodes(network) == (
        "id\tcategory\tname\tdescription\tsynonym\txref\tsame_as\tiri\n"
        "pain:sciatica\tbiolink:PhenotypicFeature|biolink:NamedThing\tsciatica\tPain along the sciatic nerve.\t"
        'leg   nerve pain|so-called "sciatica"\tHP:0011868|SNOMEDCT:23056005\tHP:0011868\t'
        "https://w3id.org/painpath/sciatica\n"
    )


@settings(deadline=None, max_examples=50)
@given(networks() | networks(text=st.text(max_size=8)))
def test_no_text_breaks_a_row(network: nx.MultiDiGraph[str]) -> None:
    asserted = {key for _, _, key, held in network.edges(keys=True, data=True) if held["asserted"]}
    nodes, edges = kgx_nodes(network), kgx_edges(network)
    assert [row["id"] for row in rows(nodes)] == sorted(network)
    assert [row["id"] for row in rows(edges)] == sorted(asserted)
    for table in (nodes, edges):
        assert len(table.splitlines()) == table.count("\n")
    for row in rows(nodes):
        assert len(row["synonym"].split("|")) == max(1, len(network.nodes[row["id"]]["synonyms"]))


@settings(deadline=None, max_examples=50)
@given(networks())
def test_every_edge_joins_two_rows_of_the_node_table(network: nx.MultiDiGraph[str]) -> None:
    nodes = {row["id"] for row in rows(kgx_nodes(network))}
    assert all({edge["subject"], edge["object"]} <= nodes for edge in rows(kgx_edges(network)))
