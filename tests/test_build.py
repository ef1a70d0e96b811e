"""From files to store: graphs kept apart, rules that agree with reasoners, one vote a publication."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

import owlrl
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS, URIRef

import kg
from kg.build import apply_rules, build_store, mapping_triples, parse_into
from kg.errors import InputError, SyntaxFault
from kg.namespaces import CLAIM, EVIDENCE, KG, PAIN, SOURCE
from kg.ontology import GRAPHS, RULES, Ontology, packaged

if TYPE_CHECKING:
    from pathlib import Path

SKOS_BROADER = "http://www.w3.org/2004/02/skos/core#broader"


def count(store: ox.Store, graph: str) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPHS[graph])))


def test_every_named_graph_has_content_and_the_default_graph_none(graph: kg.KnowledgeGraph) -> None:
    assert {name for name in GRAPHS if count(graph.store, name)} == set(GRAPHS)
    assert not list(graph.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))


def test_a_query_sees_the_union_of_all_graphs(graph: kg.KnowledgeGraph) -> None:
    assert graph.query(
        "ASK { ?c a kg:Claim ; kg:standing ?s ; rdf:subject ?x . ?x skos:exactMatch ?y . kg:Claim a owl:Class }"
    )


def test_the_rdflib_dataset_is_live_and_holds_every_quad(graph: kg.KnowledgeGraph) -> None:
    assert len(graph.rdf) == len(graph.store)
    rows = graph.rdf.query("SELECT ?x { ?x kg:hasSymptom pain:shooting-leg-pain }")
    assert [str(row[0]) for row in rows] == [PAIN + "sciatica"]  # type: ignore[index] # rdflib types rows as maybe bool


def test_two_runs_write_the_same_bytes() -> None:
    code = "import sys, kg; from kg.export import export; sys.stdout.buffer.write(export(kg.load(), 'nquads')['painpath.nq'])"
    first, second = (
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout for _ in range(2)
    )
    assert first
    assert first == second


def test_rows_that_found_no_term_become_no_mapping() -> None:
    text = mapping_triples(packaged().mappings)
    assert "NoTermFound" not in text
    assert (
        f"<{PAIN}herniated-disc> <http://www.w3.org/2004/02/skos/core#exactMatch> <http://purl.obolibrary.org/obo/HP_0008441> ."
        in text
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("subject_id\tobject_id\npain:a\tHP:1\n", ", line 1, column 1: expected the columns"),
        ("#c\nsubject_id\tpredicate_id\tobject_id\npain:a\tskos:exactMatch\n", ", line 3, column 1: too few fields"),
        (
            "subject_id\tpredicate_id\tobject_id\npain:a\tskos:exactMatch\tXX:1\n",
            ", line 2, column 1: expected a known prefix in place of 'XX'",
        ),
    ],
)
def test_a_broken_mapping_file_is_named_with_its_line(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "mappings.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SyntaxFault) as caught:
        mapping_triples(path)
    assert str(path) + place in str(caught.value)


def test_broken_turtle_is_named_with_file_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("PREFIX a: <http://x/>\na:b a:c [ a:d ;\n", encoding="utf-8")
    with pytest.raises(SyntaxFault, match=r"broken\.ttl, line 2, column 15: ") as caught:
        parse_into(ox.Store(), path, GRAPHS["claims"])
    assert (caught.value.line, caught.value.column) == (2, 15)


def test_a_folder_without_a_schema_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no schema\.ttl"):
        kg.load(tmp_path)


def test_a_copy_of_the_ontology_gives_the_same_graph(tmp_path: Path, graph: kg.KnowledgeGraph) -> None:
    copy = shutil.copytree(packaged().folder, tmp_path / "ontology")
    assert len(kg.load(copy)) == len(graph)


# Rules against reasoners


@cache
def axioms_of_schema() -> rdflib.Graph:
    """The axioms of the schema that the rules stand for."""
    schema = rdflib.Graph().parse(packaged().folder / "schema.ttl")
    kept = rdflib.Graph()
    wanted = {RDFS.subPropertyOf, OWL.propertyChainAxiom, RDF.first, RDF.rest}
    for subject, predicate, object_ in schema:
        if predicate in wanted or object_ in {OWL.TransitiveProperty, OWL.SymmetricProperty}:
            kept.add((subject, predicate, object_))
    return kept


Edge = tuple[str, str, str]


def derived_by_rules(edges: set[Edge]) -> set[Edge]:
    """The triples that the rules give for claims of these edges, each supported by one sentence."""
    store = ox.Store()
    ontology = packaged()
    parse_into(store, ontology.folder / "schema.ttl", GRAPHS["schema"])
    graph = ox.NamedNode(GRAPHS["claims"])
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    node = ox.NamedNode

    def add(subject: str, predicate: str, object_: str) -> None:
        store.add(ox.Quad(node(subject), node(predicate), node(object_), graph))

    add(EVIDENCE + "s", KG + "verdict", KG + "Supports")
    for number, (subject, predicate, object_) in enumerate(edges):
        claim = f"{CLAIM}{number}"
        add(claim, rdf + "type", KG + "Claim")
        add(claim, rdf + "subject", subject)
        add(claim, rdf + "predicate", predicate)
        add(claim, rdf + "object", object_)
        add(claim, KG + "evidence", EVIDENCE + "s")
    apply_rules(store, ontology)
    return {
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPHS["derived"]))
        if isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.NamedNode)
        and quad.subject.value.startswith(PAIN)
        and not quad.subject.value.startswith(CLAIM)
    }


def derived_by_owlrl(edges: set[Edge], axioms: rdflib.Graph) -> set[Edge]:
    closure = rdflib.Graph()
    closure += axioms
    for edge in edges:
        closure.add(tuple(map(URIRef, edge)))  # type: ignore[arg-type] # three of them
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closure)
    return ours(closure)


def ours(triples: object) -> set[Edge]:
    """The triples between entities under a relation of ours."""
    known = {SKOS_BROADER}
    return {
        (str(subject), str(predicate), str(object_))
        for subject, predicate, object_ in triples  # type: ignore[attr-defined] # any iterable of triples
        if str(subject).startswith(PAIN)
        and (str(predicate).startswith(KG) or str(predicate) in known)
        and str(object_).startswith(PAIN)
        and not str(subject).startswith(KG)
    }


@pytest.fixture(scope="module")
def asserted(graph: kg.KnowledgeGraph) -> set[Edge]:
    """The edge of every claim that some source asserts."""
    rows = graph.query(
        """SELECT DISTINCT ?s ?p ?o {
             ?c rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; kg:evidence/kg:verdict ?v .
             FILTER(?v != kg:Disputes && ?v != kg:NoEvidenceFound) }"""
    )
    return {tuple(term.value for term in row) for row in rows}  # type: ignore[union-attr, misc] # three IRIs a row


def test_on_our_graph_the_rules_give_what_owlrl_gives(graph: kg.KnowledgeGraph, asserted: set[Edge]) -> None:
    by_owlrl = derived_by_owlrl(asserted, axioms_of_schema())
    assert derived_by_rules(asserted) == by_owlrl
    in_store = ours(
        (quad.subject.value, quad.predicate.value, quad.object.value)  # type: ignore[union-attr] # no quoted triples
        for quad in graph.store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPHS["derived"]))
    )
    assert {edge for edge in in_store if not edge[0].startswith(CLAIM)} == by_owlrl


RELATIONS = [
    KG + name
    for name in ("partOf", "locatedIn", "connectedTo", "causes", "prevents", "increases", "decreases", "supports")
]
edges = st.sets(
    st.tuples(
        st.sampled_from([PAIN + letter for letter in "abcde"]),
        st.sampled_from(RELATIONS),
        st.sampled_from([PAIN + letter for letter in "abcde"]),
    ),
    max_size=12,
)


@settings(max_examples=40)
@given(edges)
def test_on_any_graph_the_rules_give_what_owlrl_gives(edges: set[Edge]) -> None:
    assert derived_by_rules(edges) == derived_by_owlrl(edges, axioms_of_schema())


# Standing


def standing_of(findings: list[tuple[str, str]]) -> str:
    """The standing that the rules give a claim with these findings (publication, verdict)."""
    store = ox.Store()
    lines = [f"claim:x a kg:Claim ; kg:evidence {', '.join(f'evidence:{n}' for n in range(len(findings)))} ."]
    lines += [
        f"evidence:{number} a kg:Finding ; kg:verdict kg:{verdict} ; dcterms:source source:{publication} ."
        for number, (publication, verdict) in enumerate(findings)
    ]
    prefixes = f"PREFIX kg: <{KG}> PREFIX claim: <{CLAIM}> PREFIX evidence: <{EVIDENCE}> PREFIX source: <{SOURCE}>"
    prefixes += " PREFIX dcterms: <http://purl.org/dc/terms/> "
    store.load(
        (prefixes + "\n".join(lines)).encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(GRAPHS["claims"])
    )
    apply_rules(store, packaged())
    (found,) = store.quads_for_pattern(ox.NamedNode(CLAIM + "x"), ox.NamedNode(KG + "standing"), None)
    assert isinstance(found.object, ox.NamedNode)
    return found.object.value.removeprefix(KG)


def standing_by_hand(findings: list[tuple[str, str]]) -> str:
    """The rule of kg:standing in plain Python."""
    verdicts: dict[str, set[str]] = {}
    for publication, verdict in findings:
        if verdict != "NoEvidenceFound":
            verdicts.setdefault(publication, set()).add(verdict)
    votes = [next(iter(given)) if len(given) == 1 else "Mixed" for given in verdicts.values()]
    if not votes:
        return "Unreviewed"
    for verdict, standing in (("Supports", "Supported"), ("Disputes", "Disputed")):
        if votes.count(verdict) * 2 > len(votes):
            return standing
    return "Mixed"


@pytest.mark.parametrize(
    ("findings", "standing"),
    [
        ([("a", "Supports")], "Supported"),
        ([("a", "Supports"), ("b", "Disputes")], "Mixed"),
        ([("a", "Supports"), ("a", "Supports"), ("b", "Disputes")], "Mixed"),  # one paper twice is one vote
        ([("a", "Supports"), ("a", "Disputes")], "Mixed"),
        ([("a", "Supports"), ("b", "Supports"), ("c", "Mixed")], "Supported"),
        ([("a", "Disputes"), ("b", "Disputes"), ("c", "Supports")], "Disputed"),
        ([("a", "NoEvidenceFound")], "Unreviewed"),
    ],
)
def test_a_standing_is_the_majority_of_publications(findings: list[tuple[str, str]], standing: str) -> None:
    assert standing_of(findings) == standing


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["Supports", "Mixed", "Disputes", "NoEvidenceFound"])),
        min_size=1,
        max_size=7,
    )
)
def test_the_rule_of_standing_is_the_one_that_the_schema_words(findings: list[tuple[str, str]]) -> None:
    assert standing_of(findings) == standing_by_hand(findings)


def test_a_claim_that_its_only_source_disputes_gives_no_triple(graph: kg.KnowledgeGraph) -> None:
    assert not graph.query("ASK { pain:opioid kg:relieves pain:acute-lower-back-pain }")
    assert graph.query("ASK { claim:opioid-relieves-acute-lower-back-pain kg:standing kg:Disputed }")


def test_every_rule_says_what_it_derives_and_why() -> None:
    folder = packaged().folder / "rules"
    assert sorted(path.stem for path in folder.glob("*.rq")) == sorted(RULES)
    for path in folder.glob("*.rq"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("#+ derives: "), path
        assert "\n#+ why: " in text, path


def test_one_pass_of_the_rules_reaches_the_fixed_point(tmp_path: Path) -> None:
    ontology = Ontology(packaged().folder)
    store = build_store(ontology)
    before = len(store)
    apply_rules(store, ontology)
    assert len(store) == before
