"""Our graph and another as one: asked in SPARQL, walked in the network, found by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.errors import UnknownTermError
from kg.lens import lens
from kg.opening import open_graph
from tests.reference import reference

if TYPE_CHECKING:
    from pathlib import Path

    import kg
    from kg.anygraph import AnyGraph

# A little of an anatomy ontology: two parts of the lumbar region, and what it is part of.
ANATOMY = """
PREFIX obo: <http://purl.obolibrary.org/obo/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
obo:UBERON_0006074 a owl:Class ; rdfs:label "lumbar region of vertebral column" ;
    rdfs:subClassOf [ a owl:Restriction ; owl:onProperty obo:BFO_0000050 ; owl:someValuesFrom obo:UBERON_0001130 ] .
obo:UBERON_0001130 a owl:Class ; rdfs:label "vertebral column" ;
    rdfs:subClassOf [ a owl:Restriction ; owl:onProperty obo:BFO_0000050 ; owl:someValuesFrom obo:UBERON_9 ] .
obo:UBERON_0002414 a owl:Class ; rdfs:label "lumbar vertebra" ;
    rdfs:subClassOf [ a owl:Restriction ; owl:onProperty obo:BFO_0000050 ; owl:someValuesFrom obo:UBERON_0006074 ] .
obo:UBERON_9 a owl:Class ; rdfs:label "axial skeleton of nobody" .
obo:BFO_0000050 a owl:ObjectProperty ; rdfs:label "part of" .
"""


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> AnyGraph:
    """The little anatomy with our graph."""
    path: Path = tmp_path_factory.mktemp("joined") / "anatomy.ttl"
    path.write_text(ANATOMY, encoding="utf-8")
    return open_graph([path], lens="owl", with_ours=True)


def test_the_parts_of_their_structure_that_conditions_of_ours_are_located_in(joined: AnyGraph) -> None:
    rows = joined.query("conditions-within", whole="UBERON:0001130").rows  # type: ignore[union-attr] # a SELECT
    found = {(str(row[2].value), str(row[4].value)) for row in rows if row[2] is not None}  # type: ignore[union-attr]
    assert ("lumbar region of vertebral column", "herniated disc") in found
    assert {part for part, _ in found} == {"lumbar region of vertebral column", "vertebral column"}


def test_a_term_of_theirs_that_is_exactly_ours_is_our_node(joined: AnyGraph) -> None:
    assert joined.find("UBERON:0006074") == joined.find("lumbar spine") == "pain:lumbar-spine"
    assert "UBERON:0006074" not in joined.shared_network
    assert joined.shared_network.has_edge("pain:lumbar-vertebra", "pain:lumbar-spine")


def test_a_way_leads_from_our_condition_to_their_whole(joined: AnyGraph) -> None:
    (path,) = joined.paths(joined.find("herniated disc"), joined.find("axial skeleton of nobody"), k=1)
    assert path.nodes[0] == "pain:herniated-disc"
    assert path.nodes[-1] == "UBERON:9"
    assert path.sign == 0
    assert [claim.graded for claim in (path.steps[0].claims[0], path.steps[-1].claims[0])] == [True, False]


def test_causal_ways_of_ours_are_as_they_are_alone(joined: AnyGraph, graph: kg.KnowledgeGraph) -> None:
    ways = [
        [path.nodes for path in found.paths("pain:obesity", "pain:lower-back-pain", sign="any")]
        for found in (joined, graph)
    ]
    assert ways[0] == ways[1]


def test_names_of_both_are_found_and_ours_go_first(joined: AnyGraph) -> None:
    assert next(match.curie for match in joined.names.search("lumbar vertebra")) == "pain:lumbar-vertebra"
    assert "UBERON:9" in [match.curie for match in joined.names.search("axial")]
    with pytest.raises(UnknownTermError, match="did you mean"):
        joined.find("lumbar vertebro")


def test_our_schema_is_not_looked_at_through_their_lens(joined: AnyGraph) -> None:
    assert "kg:Article" not in joined.shared_network
    assert lens("owl").name == "owl"


def test_claims_of_a_lab_stand_beside_ours(tmp_path: Path) -> None:
    path = tmp_path / "lab.ttl"
    path.write_text(
        """PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX kg: <https://w3id.org/painpath/schema#>
        PREFIX pain: <https://w3id.org/painpath/>
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        <http://lab/c> a kg:Claim ; rdf:subject pain:obesity ; rdf:predicate kg:causes ; rdf:object pain:sciatica ;
            kg:certainty kg:Possible ; kg:evidence <http://lab/e> .
        <http://lab/e> a kg:Evidence ; dcterms:source <http://lab> ; kg:verdict kg:Supports .""",
        encoding="utf-8",
    )
    beside = open_graph([path], with_ours=True)
    assert [path.nodes for path in beside.paths("pain:obesity", "pain:sciatica", k=1)] == [
        ("pain:obesity", "pain:sciatica")
    ]
    assert beside.query("ASK { pain:obesity kg:increases pain:sciatica }")


def test_uberon_answers_with_parts_and_kinds_and_wholes() -> None:
    uberon = open_graph([reference("uberon-musculoskeletal_2021-02-17.obo.gz")], lens="owl")
    found = uberon.paths(uberon.find("lumbar vertebra 4"), uberon.find("vertebral column"))
    labels = [[uberon.shared_network.nodes[node]["label"] for node in path.nodes] for path in found]
    assert labels[0] == ["lumbar vertebra 4", "lumbar vertebra", "vertebra", "vertebral column"]
    relations = {claim.predicate.rpartition("_")[2] for path in found for step in path.steps for claim in step.claims}
    assert {relation.rpartition(":")[2] for relation in relations} == {"subClassOf", "0000050"}
