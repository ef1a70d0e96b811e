"""The query library: every file is whole, answers its question on the real graph, and does so in any engine."""

from __future__ import annotations

import re
from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib

from kg.build import apply_rules, mapping_triples, parse_into
from kg.namespaces import compact, expand
from kg.ontology import GRAPHS, packaged
from kg.queries import library, run
from kg.results import Answer, Solutions, Triples

if TYPE_CHECKING:
    import kg
    from kg.queries import NamedQuery
    from kg.results import Result

# A query for each line: what its parameters are set to, and rows that its answer holds. Of a row the cells are given
# that matter: terms as CURIEs, all else as text.
SAMPLES: dict[str, tuple[dict[str, str], list[dict[str, str]]]] = {
    "anatomy-of": (
        {"place": "lumbar spine"},
        [
            {"subject": "pain:lumbar-spine", "relation": "has the function", "object": "pain:mobility"},
            {"subject": "pain:back-muscles", "relation": "supports", "object": "pain:lumbar-spine"},
        ],
    ),
    "article-only-claims": (
        {},
        [
            {
                "claim": "claim:bone-spur-causes-sciatica",
                "section": "causes-nerves",
                "sentence": "2",
                "certainty": "likely",
            }
        ],
    ),
    "can-lead-to": ({"factor": "sedentary lifestyle", "outcome": "lower back pain"}, []),
    "causal-graph-to": ({"outcome": "hip pain"}, []),
    "causes-of": (
        {"outcome": "lower back pain"},
        [
            {
                "factor": "pain:excess-weight",
                "standing": "supported",
                "supporting": "3",
                "mixed": "0",
                "disputing": "0",
            },
            {"factor": "pain:fall", "standing": "unreviewed", "supporting": "0", "disputing": "0"},
            {"factor": "pain:weight-loss", "standing": "disputed", "disputing": "1"},
        ],
    ),
    "certainty-by-section": (
        {},
        [{"section": "anatomy", "heading": "Anatomy of the Lower Back and Hips", "likely": "0", "disputed": "0"}],
    ),
    "claim-neighbourhood": ({"term": "sciatica"}, []),
    "claims-by-sentence": (
        {},
        [{"section": "causes-discs", "sentence": "4", "start": "2750", "claim": "claim:weight-loss-causes-hip-pain"}],
    ),
    "claims-of-high-grade": (
        {},
        [{"grade": "high", "claim": "claim:exercise-relieves-hip-pain", "verdict": "supports"}],
    ),
    "conditions-of": (
        {"place": "hip joint"},
        [
            {"condition": "pain:hip-osteoarthritis", "where": "pain:hip-joint"},
            {"condition": "pain:arthritis", "section": "causes-arthritis", "sentence": "1"},
        ],
    ),
    "conditions-within": (
        {"whole": "lumbar spine"},
        [{"part": "UBERON:0006074", "condition": "pain:herniated-disc", "place": "pain:lumbar-spine"}],
    ),
    "connections": ({}, [{"first": "pain:hip", "second": "pain:lower-back"}]),
    "disputed-claims": (
        {},
        [
            {
                "claim": "claim:weight-loss-causes-lower-back-pain",
                "source": "source:stefanova-2020",
                "measure": "MD (0-10 VAS)",
                "value": "-3.01",
                "low": "-4.19",
                "high": "-1.89",
            },
            {"claim": "claim:posture-awareness-prevents-lower-back-pain", "measure": "OR", "value": "1.17"},
        ],
    ),
    "divided-claims": (
        {},
        [{"claim": "claim:obesity-increases-risk-of-hip-osteoarthritis", "supporting": "1", "disputing": "1"}],
    ),
    "effect-sizes": (
        {},
        [{"claim": "claim:exercise-prevents-lower-back-pain", "measure": "HR", "value": "0.72", "low": "0.6"}],
    ),
    "effects-of": (
        {"factor": "obesity"},
        [
            {"effect": "pain:chronic-inflammation", "class": "mechanism", "directly": "true"},
            {"effect": "pain:joint-degeneration", "directly": "false"},
        ],
    ),
    "entities-by-class": (
        {},
        [
            {"entity": "pain:weight-loss", "class": "strategy"},
            {"entity": "pain:weight-loss", "class": "risk factor"},
            {"entity": "pain:quality-of-life", "class": "impact", "claims": "3"},
        ],
    ),
    "entities-with-several-roles": (
        {},
        [{"entity": "pain:weight-loss", "firstRole": "risk factor", "secondRole": "strategy"}],
    ),
    "evidence-for": (
        {"term": "obesity"},
        [
            {"evidence": "evidence:reijman-2006-1", "verdict": "disputes", "standing": "mixed"},
            {"claim": "claim:obesity-causes-chronic-inflammation", "section": "risk-weight", "sentence": "1"},
        ],
    ),
    "exercise-kinds": (
        {},
        [{"exercise": "pain:pilates", "effect": "pain:lower-back-pain", "standing": "supported", "supporting": "2"}],
    ),
    "functions-of-anatomy": (
        {},
        [{"structure": "pain:hip", "function": "pain:weight-bearing", "section": "anatomy", "sentence": "4"}],
    ),
    "icd10-codes": (
        {},
        [
            {"condition": "pain:sciatica", "system": "ICD-10", "code": "M54.3"},
            {"condition": "pain:hip-disorder", "code": ""},
        ],
    ),
    "identifiers-of": ({"term": "herniated disc"}, [{"match": "exact", "identifier": "HP:0008441"}]),
    "impact-of-pain": (
        {},
        [{"symptom": "pain:lower-back-pain", "relation": "reduces", "impact": "pain:quality-of-life"}],
    ),
    "indirect-evidence": ({}, [{"claim": "claim:weight-loss-causes-hip-pain", "source": "source:stefanova-2020"}]),
    "key-mechanisms": ({}, [{"mechanism": "pain:muscle-imbalance", "mechanismLabel": "muscle imbalance"}]),
    "kinds-of": ({"term": "spinal condition"}, [{"kind": "pain:spinal-stenosis", "directly": "true"}]),
    "leads-to": (
        {"outcome": "sciatica"},
        [
            {"factor": "pain:herniated-disc", "class": "condition", "directly": "true"},
            {"factor": "pain:ageing", "class": "risk factor", "directly": "false"},
        ],
    ),
    "literature-only": ({}, [{"claim": "claim:opioid-relieves-acute-lower-back-pain", "source": "source:jones-2023"}]),
    "located-in": (
        {"place": "hip"},
        [
            {"thing": "pain:tight-hip-flexors", "class": "mechanism", "where": "pain:hip-flexors"},
            {"thing": "pain:hip-pain", "class": "symptom", "where": "pain:hip"},
        ],
    ),
    "located-in-both": (
        {"place": "lower back", "other": "hip"},
        [{"thing": "pain:osteoarthritis", "class": "condition"}],
    ),
    "means-of": (
        {"strategy": "multi-faceted approach to pain"},
        [
            {"means": "pain:physical-therapy", "directly": "true"},
            {"means": "pain:hot-pack", "directly": "false"},
        ],
    ),
    "mechanism-of": (
        {"condition": "herniated disc"},
        [{"mechanism": "pain:nerve-impingement", "symptom": "pain:radiating-pain"}],
    ),
    "most-cited-publications": (
        {},
        [{"publication": "source:finucane-2020", "claims": "18", "supports": "18", "disputes": "0"}],
    ),
    "opposing-claims": (
        {},
        [
            {
                "raising": "claim:weight-loss-causes-lower-back-pain",
                "raisingStanding": "disputed",
                "lowering": "claim:weight-loss-relieves-lower-back-pain",
                "loweringStanding": "mixed",
            }
        ],
    ),
    "overstated-claims": (
        {},
        [{"claim": "claim:degenerative-disc-disease-contributes-to-lower-back-pain", "certainty": "stated"}],
    ),
    "parts-of": (
        {"whole": "lumbar spine"},
        [{"part": "pain:lumbar-vertebra", "partLabel": "lumbar vertebra", "directly": "true"}],
    ),
    "professional-help": (
        {},
        [
            {
                "claim": "claim:professional-consultation-recommended-for-severe-pain",
                "section": "strategies-professional",
            }
        ],
    ),
    "publications": (
        {},
        [{"publication": "source:koes-2007", "year": "2007", "journal": "BMJ", "claims": "2"}],
    ),
    "publications-on": (
        {"term": "sciatica"},
        [
            {
                "publication": "source:koes-2007",
                "pmid": "https://pubmed.ncbi.nlm.nih.gov/17585160",
                "verdict": "supports",
            }
        ],
    ),
    "red-flags": (
        {},
        [
            {
                "sign": "pain:red-flag-saddle-numbness",
                "suspicion": "pain:cauda-equina-syndrome",
                "care": "pain:emergency-care",
                "note": "The absence of this sign does not mean that a person is safe.",
            }
        ],
    ),
    "risk-factors-through": (
        {"mechanism": "inflammation"},
        [{"factor": "pain:abdominal-obesity", "step": "pain:chronic-inflammation", "outcome": "pain:osteoarthritis"}],
    ),
    "sentences": ({}, [{"section": "introduction", "sentence": "3", "claims": "0"}]),
    "shared-causes": (
        {"outcome": "lower back pain", "other": "hip pain"},
        [{"factor": "pain:ageing", "directly": "true"}, {"factor": "pain:obesity", "class": "risk factor"}],
    ),
    "standing-counts": ({}, [{"standing": "supported"}, {"standing": "unreviewed"}]),
    "steps-between": (
        {"factor": "sedentary lifestyle", "outcome": "lower back pain"},
        [
            {"from": "pain:physical-inactivity", "to": "pain:muscle-weakness"},
            {"from": "pain:muscle-weakness", "to": "pain:muscle-imbalance", "relation": "causes"},
        ],
    ),
    "steps-to": (
        {"outcome": "sciatica"},
        [
            {"from": "pain:herniated-disc", "relation": "causes", "to": "pain:sciatica", "standing": "supported"},
            {"from": "pain:annular-crack", "to": "pain:herniated-disc"},
        ],
    ),
    "strategies-by-body-part": (
        {"place": "hip"},
        [
            {"strategy": "pain:pigeon-pose", "part": "pain:hip"},
            {"strategy": "pain:strengthening-exercise", "part": "pain:hip-muscles", "isExercise": "true"},
        ],
    ),
    "strategies-for": (
        {"target": "tight hip flexors"},
        [{"strategy": "pain:stretching", "relation": "relieves", "standing": "mixed", "mixed": "1"}],
    ),
    "strategies-for-both": (
        {"target": "lower back pain", "other": "hip pain"},
        [{"strategy": "pain:exercise", "targetRelation": "relieves", "otherRelation": "relieves"}],
    ),
    "strategies-upstream": (
        {"outcome": "sciatica"},
        [{"strategy": "pain:healthy-weight", "relation": "reduces", "step": "pain:excess-weight"}],
    ),
    "strategies-with-disputed-evidence": ({}, [{"strategy": "pain:paracetamol", "source": "source:nice-ng59"}]),
    "strategies-without-evidence": ({}, [{"strategy": "pain:patience", "claims": "2"}]),
    "strategy-evidence": (
        {"strategy": "yoga"},
        [
            {"claim": "claim:yoga-relieves-lower-back-pain", "source": "source:wieland-2022", "verdict": "mixed"},
            {"claim": "claim:yoga-promotes-core-stability", "section": "strategies-exercise", "sentence": "2"},
        ],
    ),
    "symptoms-of": (
        {"condition": "osteoarthritis"},
        [{"symptom": "pain:stiffness", "directly": "false"}],
    ),
    "synonyms": ({"term": "herniated disc"}, [{"synonym": "slipped disc"}]),
    "unasserted-claims": ({}, [{"claim": "claim:stretching-relieves-lower-back-pain", "verdict": "disputes"}]),
}
# rdflib's own engine takes seconds for these; it gives the same rows.
SLOW_IN_RDFLIB = {"certainty-by-section", "steps-between", "strategies-with-disputed-evidence", "causal-graph-to"}
LIBRARY = {query.name: query for query in library(packaged().folder / "queries")}


def answer(graph: kg.KnowledgeGraph, name: str) -> Result:
    return graph.query(name, **SAMPLES[name][0])


def terms(graph: kg.KnowledgeGraph, name: str) -> dict[str, ox.NamedNode]:
    return {parameter: ox.NamedNode(graph.names.resolve(said)) for parameter, said in SAMPLES[name][0].items()}


def cells(solutions: Solutions) -> list[dict[str, str]]:
    """Rows as text: IRIs as CURIEs, nothing where unbound."""

    def text(term: object) -> str:
        return compact(term.value) if isinstance(term, ox.NamedNode) else getattr(term, "value", "")

    return [dict(zip(solutions.variables, map(text, row), strict=True)) for row in solutions]


def test_every_query_has_its_sample_and_there_are_enough() -> None:
    assert sorted(LIBRARY) == sorted(SAMPLES)
    assert len(LIBRARY) >= 25


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_a_query_says_in_four_lines_what_it_asks_and_gives(name: str) -> None:
    head = LIBRARY[name].text.splitlines()[:4]
    assert [re.match(r"#\+ ([a-z]+): +\S", line) and line.split(":")[0] for line in head] == [
        "#+ summary",
        "#+ params",
        "#+ columns",
        "#+ row",
    ]
    assert "?" in LIBRARY[name].summary


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_the_header_lists_the_columns_and_the_file_declares_its_prefixes(name: str) -> None:
    query = LIBRARY[name]
    # No prefixes are given: the file must run on any engine.
    found = ox.Store().query(query.text)
    rdflib.Graph().query(query.text)
    if isinstance(found, ox.QuerySolutions):
        listed = re.sub(r"\([^()]*\)", "", query.columns).split(",")
        assert sorted(column.strip() for column in listed) == sorted(variable.value for variable in found.variables)
    else:
        assert query.columns.startswith("none; the answer is ")


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_parameters_are_projected_explained_and_decide_the_rows(name: str, graph: kg.KnowledgeGraph) -> None:
    query = LIBRARY[name]
    assert {parameter for parameter, _ in query.params} == set(SAMPLES[name][0])
    assert all(meaning for _, meaning in query.params)
    result = answer(graph, name)
    if isinstance(result, Solutions):
        bound = terms(graph, name)
        for parameter, term in bound.items():
            column = result.variables.index(parameter)
            assert {row[column] for row in result} == {term}


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_a_query_gives_the_rows_that_it_should(name: str, graph: kg.KnowledgeGraph) -> None:
    result = answer(graph, name)
    assert len(result) > 0
    if isinstance(result, Solutions):
        assert len(set(result.rows)) == len(result.rows), "a row comes twice"
        rows = cells(result)
        for wanted in SAMPLES[name][1]:
            assert any(wanted.items() <= row.items() for row in rows), wanted
        assert SAMPLES[name][1]


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_labels_stand_beside_iris(name: str, graph: kg.KnowledgeGraph) -> None:
    """A column of entities is the parameter itself, or has a column with their labels."""
    result = answer(graph, name)
    if isinstance(result, Solutions):
        for index, variable in enumerate(result.variables):
            entities = {term.value for row in result if isinstance(term := row[index], ox.NamedNode)}
            if any(entity in graph.names for entity in entities) and variable not in SAMPLES[name][0]:
                assert {f"{variable}Label", "label"} & set(result.variables), variable


@cache
def store_read_backwards() -> ox.Store:
    """The same graph with its files read in the opposite order, so that the store numbers its terms otherwise."""
    ontology = packaged()
    store = ox.Store()
    store.load(
        mapping_triples(ontology.mappings), format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(GRAPHS["mappings"])
    )
    for path, name in reversed(ontology.turtle_files()):
        parse_into(store, path, GRAPHS[name])
    apply_rules(store, ontology)
    return store


def written(result: Result) -> list[str]:
    formats = ["table", "turtle", "ntriples"] if isinstance(result, Triples) else ["table", "csv", "tsv", "json", "xml"]
    return [result.serialize(format) for format in formats if format != "csv" or isinstance(result, Solutions)]


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_the_same_question_gives_the_same_bytes_whatever_the_order_in_the_store(
    name: str, graph: kg.KnowledgeGraph
) -> None:
    once = run(graph.store, LIBRARY[name].text, terms(graph, name))
    assert written(once) == written(run(graph.store, LIBRARY[name].text, terms(graph, name)))
    assert written(once) == written(run(store_read_backwards(), LIBRARY[name].text, terms(graph, name)))


@cache
def plain_rdflib(store: ox.Store) -> rdflib.Graph:
    """The union of all graphs in rdflib's own memory: `kg.load().rdf` hands a query on to pyoxigraph."""
    triples = ox.serialize({quad.triple for quad in store}, format=ox.RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=triples, format="nt")


def rdflib_answer(found: rdflib.query.Result) -> object:
    """An answer of rdflib in a form that can be compared: text, without order."""
    if found.type == "ASK":
        return found.askAnswer
    rows = found if found.type == "SELECT" else found.graph
    assert rows is not None
    return sorted(tuple("" if term is None else str(term) for term in row) for row in rows)  # type: ignore[union-attr]


def our_answer(result: Result) -> object:
    if isinstance(result, Answer):
        return result.value
    rows = (
        result.rows if isinstance(result, Solutions) else [(t.subject, t.predicate, t.object) for t in result.triples]
    )
    return sorted(tuple(getattr(term, "value", "") for term in row) for row in rows)


@pytest.mark.parametrize("name", sorted(set(LIBRARY) - SLOW_IN_RDFLIB))
def test_the_engine_of_rdflib_gives_the_same_rows(name: str, graph: kg.KnowledgeGraph) -> None:
    bindings = {parameter: rdflib.URIRef(term.value) for parameter, term in terms(graph, name).items()}
    found = plain_rdflib(graph.store).query(LIBRARY[name].text, initBindings=bindings)
    assert rdflib_answer(found) == our_answer(answer(graph, name))


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_the_dataset_of_rdflib_gives_the_same_rows(name: str, graph: kg.KnowledgeGraph) -> None:
    bindings = {parameter: rdflib.URIRef(term.value) for parameter, term in terms(graph, name).items()}
    found = graph.rdf.query(LIBRARY[name].text, initBindings=bindings)
    assert rdflib_answer(found) == our_answer(answer(graph, name))


def test_the_library_speaks_of_all_ten_classes(graph: kg.KnowledgeGraph) -> None:
    seen: set[str] = set()
    for name in LIBRARY:
        result = answer(graph, name)
        if isinstance(result, Solutions):
            iris = {term.value for row in result for term in row if isinstance(term, ox.NamedNode)}
            seen |= {class_ for iri in iris if name != "entities-by-class" for class_ in graph.names.classes(iri)}
    assert seen == {
        "AnatomicalStructure", "Cause", "Condition", "Function", "Impact", "Mechanism", "RedFlag", "RiskFactor",
        "Strategy", "Symptom",
    }  # fmt: skip


# What whole answers must be


def column(graph: kg.KnowledgeGraph, name: str, variable: str, **params: str) -> list[str]:
    result = graph.query(name, **params)
    assert isinstance(result, Solutions)
    return [row[variable] for row in cells(result)]


def test_the_hip_joint_has_these_conditions_and_its_parts_are_looked_through(graph: kg.KnowledgeGraph) -> None:
    in_joint = column(graph, "conditions-of", "condition", place="hip joint")
    assert in_joint == ["pain:arthritis", "pain:osteoarthritis", "pain:hip-osteoarthritis"]
    assert set(in_joint) < set(column(graph, "conditions-of", "condition", place="hip"))


def test_only_weight_acts_through_inflammation(graph: kg.KnowledgeGraph) -> None:
    factors = set(column(graph, "risk-factors-through", "factor", mechanism="inflammation"))
    assert factors == {"pain:abdominal-obesity", "pain:excess-weight", "pain:obesity"}


def test_what_leads_to_an_outcome_is_what_its_steps_begin_with(graph: kg.KnowledgeGraph) -> None:
    for outcome in ("sciatica", "lower back pain", "limited mobility", "hip pain"):
        factors = set(column(graph, "leads-to", "factor", outcome=outcome))
        assert set(column(graph, "steps-to", "from", outcome=outcome)) == factors


def test_steps_between_two_terms_are_steps_to_the_second(graph: kg.KnowledgeGraph) -> None:
    between = column(graph, "steps-between", "claim", factor="ageing", outcome="sciatica")
    assert 0 < len(between) < len(column(graph, "steps-to", "claim", outcome="sciatica"))
    assert set(between) <= set(column(graph, "steps-to", "claim", outcome="sciatica"))


def test_there_is_a_way_just_where_there_are_steps(graph: kg.KnowledgeGraph) -> None:
    for factor, outcome in permutations(["ageing", "sciatica", "yoga", "herniated disc", "quality of life"], 2):
        steps = column(graph, "steps-between", "claim", factor=factor, outcome=outcome)
        assert bool(graph.query("can-lead-to", factor=factor, outcome=outcome)) == bool(steps)


def test_disputed_strategies_stand_last_and_none_is_missing(graph: kg.KnowledgeGraph) -> None:
    standings = column(graph, "strategies-for", "standing", target="acute lower back pain")
    order = ["supported", "mixed", "unreviewed", "disputed"]
    assert standings == sorted(standings, key=order.index)
    strategies = column(graph, "strategies-for", "strategy", target="acute lower back pain")
    assert {"pain:opioid", "pain:paracetamol", "pain:nsaid"} <= set(strategies)
    assert "pain:exercise" in strategies, "what helps with lower back pain is told of its acute kind"
    assert strategies[-1] != "pain:nsaid"


def test_every_claim_is_of_the_article_or_of_the_literature_alone(graph: kg.KnowledgeGraph) -> None:
    claims = graph.query("SELECT ?claim WHERE { ?claim a kg:Claim }")
    assert isinstance(claims, Solutions)
    everything = {row["claim"] for row in cells(claims)}
    in_article = set(column(graph, "claims-by-sentence", "claim"))
    outside = set(column(graph, "literature-only", "claim"))
    assert in_article | outside == everything
    assert not in_article & outside
    assert set(column(graph, "article-only-claims", "claim")) <= in_article


def test_counts_by_standing_add_up(graph: kg.KnowledgeGraph) -> None:
    claims = [int(number) for number in column(graph, "standing-counts", "claims")]
    in_article = [int(number) for number in column(graph, "standing-counts", "articleClaims")]
    alone = [int(number) for number in column(graph, "standing-counts", "literatureClaims")]
    assert column(graph, "standing-counts", "standing") == ["supported", "mixed", "unreviewed", "disputed"]
    assert claims == [first + second for first, second in zip(in_article, alone, strict=True)]
    assert sum(in_article) == len(set(column(graph, "claims-by-sentence", "claim")))


def test_sections_count_each_claim_once_under_certainty_and_standing(graph: kg.KnowledgeGraph) -> None:
    result = graph.query("certainty-by-section")
    assert isinstance(result, Solutions)
    for row in cells(result):
        total = int(row["claims"])
        assert sum(int(row[name]) for name in ("stated", "likely", "possible")) == total
        assert sum(int(row[name]) for name in ("supported", "mixed", "disputed", "unreviewed")) == total


def test_all_sentences_come_in_the_order_of_the_article(graph: kg.KnowledgeGraph) -> None:
    starts = [int(start) for start in column(graph, "sentences", "start")]
    assert len(starts) == 59
    assert starts == sorted(starts)


def test_all_nine_red_flags_are_listed_emergencies_first(graph: kg.KnowledgeGraph) -> None:
    assert column(graph, "red-flags", "care") == ["pain:emergency-care"] * 5 + ["pain:urgent-care"] * 4


def test_every_condition_is_in_the_list_of_codes(graph: kg.KnowledgeGraph) -> None:
    conditions = graph.query("SELECT ?condition WHERE { ?condition a kg:Condition }")
    assert isinstance(conditions, Solutions)
    assert set(column(graph, "icd10-codes", "condition")) == {row["condition"] for row in cells(conditions)}


def test_denied_claims_have_no_direct_triple_and_lead_nowhere(graph: kg.KnowledgeGraph) -> None:
    for claim in set(column(graph, "unasserted-claims", "claim")):
        asked = graph.query(f"ASK {{ <{expand(claim)}> rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o . ?s ?p ?o }}")
        assert not asked, claim


@pytest.mark.parametrize("name", ["claim-neighbourhood", "causal-graph-to"])
def test_a_graph_to_draw_has_a_label_at_every_node(name: str, graph: kg.KnowledgeGraph) -> None:
    result = answer(graph, name)
    assert isinstance(result, Triples)
    node = ox.NamedNode
    label = node(expand("skos:prefLabel"))
    labelled = {triple.subject for triple in result if triple.predicate == label}
    ends = {
        end
        for triple in result
        if triple.predicate.value.startswith(expand("kg:causes").removesuffix("causes"))
        for end in (triple.subject, triple.object)
    }
    assert ends
    assert ends <= labelled


def test_the_neighbourhood_holds_asserted_triples_alone(graph: kg.KnowledgeGraph) -> None:
    node = ox.NamedNode

    def held(term: str, subject: str, predicate: str, object_: str) -> bool:
        result = graph.query("claim-neighbourhood", term=term)
        assert isinstance(result, Triples)
        return ox.Triple(node(expand(subject)), node(expand(predicate)), node(expand(object_))) in result.triples

    assert held("sciatica", "pain:herniated-disc", "kg:causes", "pain:sciatica")
    assert not held("opioid medication", "pain:opioid", "kg:relieves", "pain:acute-lower-back-pain")


def test_a_risk_factor_acts_through_a_mechanism_by_steps_too(graph: kg.KnowledgeGraph) -> None:
    """Sedentary lifestyle, inactivity, weak muscles, imbalance: the mechanism itself, not a kind of it, three steps on."""
    rows = graph.query("risk-factors-through", mechanism="muscle imbalance")
    assert isinstance(rows, Solutions)
    assert ("pain:sedentary-lifestyle", "pain:muscle-imbalance", "pain:lower-back-pain") in {
        (row["factor"], row["step"], row["outcome"]) for row in cells(rows)
    }


ONE_DENIED_STEP = """
PREFIX claim: <https://w3id.org/painpath/claim/>
PREFIX evidence: <https://w3id.org/painpath/evidence/>
PREFIX kg: <https://w3id.org/painpath/schema#>
PREFIX pain: <https://w3id.org/painpath/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
pain:a a kg:RiskFactor ; skos:prefLabel "a"@en .
pain:b a kg:Mechanism ; skos:prefLabel "b"@en .
pain:c a kg:Symptom ; skos:prefLabel "c"@en .
evidence:yes kg:verdict kg:Supports .
evidence:no a kg:Finding ; kg:verdict kg:Disputes ; <http://purl.org/dc/terms/source> pain:paper .
claim:ab a kg:Claim ; rdfs:label "a causes b"@en ; rdf:subject pain:a ; rdf:predicate kg:causes ; rdf:object pain:b ;
  kg:certainty kg:Possible ; kg:evidence evidence:no .
claim:bc a kg:Claim ; rdfs:label "b causes c"@en ; rdf:subject pain:b ; rdf:predicate kg:causes ; rdf:object pain:c ;
  kg:certainty kg:Possible ; kg:evidence evidence:yes .
"""


@pytest.fixture(scope="module")
def one_denied_step() -> ox.Store:
    """Return a -x-> b ---> c, where the only source of the first claim disputes it."""
    ontology = packaged()
    store = ox.Store()
    parse_into(store, ontology.folder / "schema.ttl", GRAPHS["schema"])
    store.load(ONE_DENIED_STEP.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(GRAPHS["claims"]))
    apply_rules(store, ontology)
    return store


@pytest.mark.parametrize(
    ("name", "params", "number"),
    [
        ("leads-to", {"outcome": "c"}, 1),
        ("steps-to", {"outcome": "c"}, 1),
        ("effects-of", {"factor": "a"}, 0),
        ("steps-between", {"factor": "a", "outcome": "c"}, 0),
        ("risk-factors-through", {"mechanism": "b"}, 0),
        ("key-mechanisms", {}, 0),
        # What is held to cause b is told with its standing, since the question is what the literature says of it.
        ("causes-of", {"outcome": "b"}, 1),
    ],
)
def test_a_denied_step_opens_no_way(one_denied_step: ox.Store, name: str, params: dict[str, str], number: int) -> None:
    bound = {parameter: ox.NamedNode(expand(f"pain:{local}")) for parameter, local in params.items()}
    assert len(run(one_denied_step, LIBRARY[name].text, bound)) == number


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_rows_have_an_order_of_their_own_in_every_engine(name: str) -> None:
    text = LIBRARY[name].text
    assert bool(re.search(r"^ORDER BY \S", text, re.MULTILINE)) == bool(re.search(r"^SELECT ", text, re.MULTILINE))


def test_the_file_names_are_hyphenated() -> None:
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in LIBRARY)


def test_each_question_is_asked_once() -> None:
    def summary(query: NamedQuery) -> str:
        return query.summary.lower()

    assert len({summary(query) for query in LIBRARY.values()}) == len(LIBRARY)
