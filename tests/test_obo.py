"""OBO and OBO Graphs come out as the RDF of an OWL release."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import cast

import pyoxigraph as ox
import pytest

from kg.errors import SyntaxFault
from kg.lens import lens
from kg.lensedges import lens_edges
from kg.namespaces import PREFIXES, compact
from kg.obo import obo_quads
from kg.obographs import obograph_quads
from kg.opening import open_graph
from kg.owl import IN_OWL
from tests.reference import reference

# A hand and what it is part of; the old name of the thumb is obsolete.
OBO = r"""format-version: 1.2
ontology: test

[Term]
id: UBERON:1
name: thumb
def: "A short \"thick\" finger." [x:y]
synonym: "pollex" EXACT [a:b]
synonym: "digit 1" RELATED []
xref: FMA:9 "with a name"
is_a: UBERON:2 ! finger
relationship: part_of UBERON:3 ! hand
intersection_of: UBERON:2 ! finger
intersection_of: adjacent_to UBERON:4 ! wrist

[Term]
id: UBERON:2
name: finger

[Term]
id: UBERON:3
name: hand

[Term]
id: UBERON:4
name: wrist

[Term]
id: UBERON:5
name: old thumb
is_obsolete: true

[Typedef]
id: part_of
name: part of
xref: BFO:0000050

[Typedef]
id: adjacent_to
name: adjacent to
"""
GRAPHS = {
    "graphs": [
        {
            "nodes": [
                {
                    "id": "http://purl.obolibrary.org/obo/UBERON_1",
                    "type": "CLASS",
                    "lbl": "thumb",
                    "meta": {
                        "definition": {"val": 'A short "thick" finger.'},
                        "synonyms": [{"pred": "hasExactSynonym", "val": "pollex"}],
                        "xrefs": [{"val": "FMA:9"}],
                    },
                },
                {"id": "http://purl.obolibrary.org/obo/UBERON_2", "type": "CLASS", "lbl": "finger"},
                {"id": "http://purl.obolibrary.org/obo/UBERON_3", "type": "CLASS", "lbl": "hand"},
                {"id": "http://purl.obolibrary.org/obo/UBERON_4", "type": "CLASS", "lbl": "wrist"},
                {
                    "id": "http://purl.obolibrary.org/obo/UBERON_5",
                    "type": "CLASS",
                    "lbl": "old thumb",
                    "meta": {"deprecated": True},
                },
                {"id": "http://purl.obolibrary.org/obo/BFO_0000050", "type": "PROPERTY", "lbl": "part of"},
            ],
            "edges": [
                {
                    "sub": "http://purl.obolibrary.org/obo/UBERON_1",
                    "pred": "is_a",
                    "obj": "http://purl.obolibrary.org/obo/UBERON_2",
                },
                {
                    "sub": "http://purl.obolibrary.org/obo/UBERON_1",
                    "pred": "http://purl.obolibrary.org/obo/BFO_0000050",
                    "obj": "http://purl.obolibrary.org/obo/UBERON_3",
                },
            ],
            "logicalDefinitionAxioms": [
                {
                    "definedClassId": "http://purl.obolibrary.org/obo/UBERON_1",
                    "genusIds": ["http://purl.obolibrary.org/obo/UBERON_2"],
                    "restrictions": [
                        {
                            "propertyId": "http://purl.obolibrary.org/obo/test#adjacent_to",
                            "fillerId": "http://purl.obolibrary.org/obo/UBERON_4",
                        }
                    ],
                }
            ],
        }
    ]
}


def store_of(content: str, kind: str) -> ox.Store:
    store = ox.Store()
    read = obo_quads if kind == "obo" else obograph_quads
    store.extend(read(BytesIO(content.encode()), Path(f"test.{kind}")))
    return store


@pytest.mark.parametrize("kind", ["obo", "json"])
def test_both_formats_give_the_edges_of_the_owl_release(kind: str) -> None:
    store = store_of(OBO if kind == "obo" else json.dumps(GRAPHS), kind)
    edges = {
        tuple(map(compact, (edge.subject, edge.predicate, edge.object))) for edge in lens_edges(store, lens("owl"))
    }
    # Prefixes that files declare are known for the rest of the process, so BFO may have one of its own by now.
    edges = {cast("tuple[str, str, str]", tuple(part.replace("obo:BFO_", "BFO:") for part in edge)) for edge in edges}
    assert {edge for edge in edges if "adjacent" not in edge[1]} == {
        ("UBERON:1", "rdfs:subClassOf", "UBERON:2"),
        ("UBERON:1", "BFO:0000050", "UBERON:3"),
    }
    assert [(subject, object_) for subject, predicate, object_ in edges if "adjacent" in predicate] == [
        ("UBERON:1", "UBERON:4")
    ]


@pytest.mark.parametrize("kind", ["obo", "json"])
def test_labels_definitions_synonyms_references_and_obsolescence_come_along(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"test.{kind}"
    path.write_text(OBO if kind == "obo" else json.dumps(GRAPHS), encoding="utf-8")
    network = open_graph([path]).shared_network
    thumb = network.nodes["UBERON:1"]
    assert (thumb["label"], thumb["definition"]) == ("thumb", 'A short "thick" finger.')
    assert "pollex" in thumb["synonyms"]
    assert ("xref", "FMA:9") in thumb["identifiers"]
    assert "UBERON:5" not in network


RICH = r"""ontology: test
data-version: releases/2026-01-02
subsetdef: slim "the most used"
idspace: terms http://purl.org/dc/terms/
property_value: terms:title "A test" xsd:string

[Term]
id: UBERON:1
name: thumb
def: "Short \! thick ! opposed." []
subset: slim
created_by: https://orcid.org/0000-0002-1825-0097
creation_date: 2026-01-02T03:04:05Z
property_value: terms:contributor https://orcid.org/0000-0002-1825-0097
property_value: seeAlso https://example.org/a xsd:string {xref="x:y"}
property_value: IAO:0000112 "two words" xsd:string
property_value: "no property" xsd:string
union_of: UBERON:2
union_of: UBERON:3
disjoint_from: UBERON:4

[Typedef]
id: RO:1
comment: How it is meant.
domain: UBERON:1
is_transitive: true
transitive_over: RO:2

[Typedef]
id: RO:3
is_metadata_tag: true

[Instance]
id: UBERON:9
instance_of: UBERON:1
relationship: RO:1 UBERON:4
"""


def test_all_that_a_term_says_is_kept() -> None:
    store = store_of(RICH, "obo")
    prefixes = PREFIXES | {"in": IN_OWL, "iao": PREFIXES["obo"] + "IAO_"}
    for pattern in (
        'uberon:1 iao:0000115 "Short ! thick ! opposed."',
        'uberon:1 in:inSubset test:slim . test:slim rdfs:subPropertyOf in:SubsetProperty ; rdfs:comment "the most used"',
        'uberon:1 in:creation_date "2026-01-02T03:04:05Z"^^xsd:dateTime',
        "uberon:1 in:created_by orcid:0000-0002-1825-0097 ; dcterms:contributor orcid:0000-0002-1825-0097",
        'uberon:1 rdfs:seeAlso "https://example.org/a" ; iao:0000112 "two words"',
        "uberon:1 owl:equivalentClass/owl:unionOf/rdf:rest*/rdf:first uberon:3 ; owl:disjointWith uberon:4",
        'ro:1 a owl:TransitiveProperty ; rdfs:domain uberon:1 ; rdfs:comment "How it is meant."',
        "ro:1 owl:propertyChainAxiom [ rdf:first ro:1 ; rdf:rest [ rdf:first ro:2 ; rdf:rest () ] ]",
        "ro:3 a owl:AnnotationProperty FILTER NOT EXISTS { ro:3 a owl:ObjectProperty }",
        "uberon:9 a uberon:1 ; ro:1 uberon:4",
        '?o a owl:Ontology ; dcterms:title "A test" FILTER(STRENDS(STR(?o), "/obo/test.owl"))',
        "?o owl:versionIRI <http://purl.obolibrary.org/obo/test/releases/2026-01-02/test.owl>",
    ):
        places = {"uberon": PREFIXES["UBERON"], "ro": PREFIXES["obo"] + "RO_", "test": PREFIXES["obo"] + "test#"}
        orcid = {"orcid": "https://orcid.org/"}
        assert store.query(f"ASK {{ {pattern} }}", prefixes=prefixes | places | orcid), pattern


def test_what_an_obo_release_says_its_owl_release_says() -> None:
    said = []
    for name in ("ro_2025-12-17.obo.gz", "ro_2025-12-17.owl.gz"):
        # Languages of texts and what hangs on blank nodes are not in both.
        quads = list(open_graph([reference(name)], lens="owl").quads)
        said.append({
            tuple(term.value for term in (quad.subject, quad.predicate, quad.object))
            for quad in quads
            if not isinstance(quad.subject, ox.BlankNode) and not isinstance(quad.object, ox.BlankNode)
        })
    obo, owl = said
    assert len(obo - owl) < 0.03 * len(obo)
    assert len(obo & owl) > 0.75 * len(owl)


def test_comments_subsets_and_axioms_of_obo_graphs_are_kept() -> None:
    place = "http://purl.obolibrary.org/obo/"
    meta = {"comments": ["A note."], "subsets": [f"{place}test#slim"]}
    graph = {
        "nodes": [
            {"id": f"{place}UBERON_1", "type": "CLASS", "meta": meta},
            {"id": f"{place}RO_3", "type": "PROPERTY", "propertyType": "ANNOTATION"},
        ],
        "equivalentNodesSets": [{"nodeIds": [f"{place}UBERON_1", f"{place}FMA_1"]}],
        "domainRangeAxioms": [{"predicateId": f"{place}RO_1", "rangeClassIds": [f"{place}UBERON_1"]}],
        "propertyChainAxioms": [{"predicateId": f"{place}RO_1", "chainPredicateIds": [f"{place}RO_2", f"{place}RO_1"]}],
    }
    store = store_of(json.dumps({"graphs": [graph]}), "json")
    for pattern in (
        'obo:UBERON_1 rdfs:comment "A note." ; in:inSubset <http://purl.obolibrary.org/obo/test#slim>',
        "obo:UBERON_1 owl:equivalentClass obo:FMA_1",
        "obo:RO_1 rdfs:range obo:UBERON_1 ; owl:propertyChainAxiom ( obo:RO_2 obo:RO_1 )",
        "obo:RO_3 a owl:AnnotationProperty FILTER NOT EXISTS { obo:RO_3 a owl:ObjectProperty }",
    ):
        prefixes = PREFIXES | {"in": IN_OWL}
        assert store.query(f"ASK {{ {pattern} }}", prefixes=prefixes), pattern


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nonsense", "line 6, column 1: is no OBO: expected 'tag: value', and not 'nonsense'"),
        ("relationship: part_of", "line 6, column 1: is no OBO: expected 'relationship: RELATION TERM'"),
    ],
)
def test_a_broken_line_is_named(line: str, message: str) -> None:
    text = f"format-version: 1.2\n\n[Term]\nid: X:1\nname: a\n{line}\n"
    with pytest.raises(SyntaxFault, match=message):
        store_of(text, "obo")


@pytest.mark.parametrize("content", ['{"graphs": 5}', '{"graphs": [{"nodes": [{}]}]}', "[]", "{", '{"graphs": [3]}'])
def test_json_that_is_no_obo_graph_is_refused_in_one_line(content: str) -> None:
    with pytest.raises(SyntaxFault, match=r"^test\.json.*: is no ") as caught:
        store_of(content, "json")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "terms"),
    [("uberon-musculoskeletal_2021-02-17.obo.gz", 2740), ("symp_2026-07-30.obo.gz", 1020)],
)
def test_published_ontologies_keep_all_their_terms(name: str, terms: int) -> None:
    graph = open_graph([reference(name)])
    classes = "SELECT DISTINCT ?c { ?c a owl:Class . FILTER(isIRI(?c)) }"
    assert len(graph.run(classes)) == terms
