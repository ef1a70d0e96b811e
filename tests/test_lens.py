"""Lenses: those that ship, what a file of one's own may say, and what of a graph each shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

import kg
from kg.errors import InputError
from kg.lens import Lens, lens, lens_names, parse_lens, signs_of
from kg.lensedges import lens_edges
from kg.lensnetwork import relation_words
from kg.namespaces import KG, PREFIXES, compact
from kg.ontology import packaged
from kg.opening import guess, open_graph, open_store

if TYPE_CHECKING:
    from pathlib import Path

    from kg.lensgraph import LensGraph

HEADER = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("kg", "owl", "rdf", "rdfs", "skos", "biolink"))
HEADER += "PREFIX ex: <https://example.org/lens/>\n"


def store_of(turtle: str) -> ox.Store:
    store = ox.Store()
    store.load(HEADER + turtle, ox.RdfFormat.TURTLE)
    return store


def own_lens(folder: Path, turtle: str) -> Lens:
    path = folder / "own.ttl"
    path.write_text(HEADER + turtle, encoding="utf-8")
    return parse_lens(path)


def edges(store: ox.Store, seen: Lens) -> list[tuple[str, str, str, int]]:
    return [(edge.subject[-1], compact(edge.predicate), edge.object[-1], edge.sign) for edge in lens_edges(store, seen)]


def test_these_lenses_ship() -> None:
    assert lens_names() == ["biolink", "owl", "painpath", "rdf", "skos"]
    assert all(lens(name).title != name for name in lens_names())


def test_the_schema_defines_every_word_of_a_lens_and_no_other(graph: kg.KnowledgeGraph) -> None:
    rows = graph.run("SELECT ?p { ?p rdfs:domain kg:Lens }").rows  # type: ignore[union-attr] # a SELECT
    words = {row[0].value for row in rows}  # type: ignore[union-attr] # IRIs
    from kg import lens as module

    assert words == {*module._FIELDS, KG + "pathSign"}


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        (
            "ex:l a kg:Lens ; kg:labelPropertie rdfs:label .",
            "no property kg:labelPropertie; did you mean kg:labelProperty?",
        ),
        ("ex:l a kg:Lens . ex:m a kg:Lens .", "holds 2 kg:Lens; expected one"),
        ("ex:l a owl:Class .", "holds no kg:Lens"),
        ('ex:l a kg:Lens ; kg:pathSign "up" .', 'kg:pathSign takes "any" or "none"'),
        ('ex:l a kg:Lens ; kg:nodeClass "text" .', "kg:nodeClass takes an IRI"),
        ('ex:l a kg:Lens ; kg:labelProperty ( "text" ) .', "kg:labelProperty takes a list of IRIs"),
    ],
)
def test_what_is_no_lens_is_said(tmp_path: Path, turtle: str, message: str) -> None:
    with pytest.raises(InputError, match=message.replace("?", r"\?").replace("(", r"\(")):
        own_lens(tmp_path, turtle)


def test_an_unknown_name_lists_those_that_are() -> None:
    with pytest.raises(
        InputError, match="no lens called 'uberon'; take biolink, owl, painpath, rdf, skos or a Turtle file"
    ):
        lens("uberon")


def test_a_sign_is_handed_down_by_the_lens_and_by_the_graph(tmp_path: Path) -> None:
    up, down = "ex:up rdfs:subPropertyOf kg:increases .", "ex:down rdfs:subPropertyOf kg:decreases ."
    seen = own_lens(tmp_path, f"ex:l a kg:Lens . {up} {down}")
    store = store_of("ex:rise rdfs:subPropertyOf ex:up . ex:a ex:rise ex:b . ex:b ex:down ex:c . ex:c ex:other ex:d .")
    signs = signs_of(seen, store)
    assert (signs["https://example.org/lens/rise"], signs["https://example.org/lens/down"]) == (1, -1)
    found = [
        (subject, object_, sign) for subject, predicate, object_, sign in edges(store, seen) if "sub" not in predicate
    ]
    assert found == [("a", "b", 1), ("b", "c", -1), ("c", "d", 0)]
    assert seen.default_sign == "any"


def test_restrictions_in_superclasses_and_in_definitions_are_edges() -> None:
    store = store_of(
        "ex:a a owl:Class ; rdfs:subClassOf ex:b, [ owl:onProperty skos:related ; owl:someValuesFrom ex:c ] ;"
        " owl:equivalentClass [ owl:intersectionOf ( ex:d [ owl:onProperty skos:related ; owl:someValuesFrom ex:e ] ) ] ."
        " ex:f rdfs:subClassOf [ owl:onProperty ex:age ; owl:someValuesFrom rdfs:Literal ] ."
    )
    assert sorted(edges(store, lens("owl"))) == [
        ("a", "rdfs:subClassOf", "b", 0),
        ("a", "rdfs:subClassOf", "d", 0),
        ("a", "skos:related", "c", 0),
        ("a", "skos:related", "e", 0),
    ]


def test_a_list_that_runs_in_a_circle_ends() -> None:
    store = store_of("ex:a owl:equivalentClass [ owl:intersectionOf _:x ] . _:x rdf:first ex:b ; rdf:rest _:x .")
    assert edges(store, lens("owl")) == [("a", "rdfs:subClassOf", "b", 0)]


def test_narrower_is_read_as_broader_and_not_twice() -> None:
    store = store_of("ex:a skos:broader ex:b . ex:b skos:narrower ex:a, ex:c .")
    assert edges(store, lens("skos")) == [("a", "skos:broader", "b", 0), ("c", "skos:broader", "b", 0)]


def test_a_statement_goes_before_its_triple_and_its_own_properties_are_no_edges() -> None:
    store = store_of(
        "ex:a biolink:treats ex:b . ex:s a biolink:Association ; biolink:subject ex:a ; biolink:predicate biolink:treats ;"
        " biolink:object ex:b ; biolink:publications ex:p ; biolink:qualifier ex:q ."
    )
    found = lens_edges(store, lens("biolink"))
    assert [(edge.predicate, edge.sign, edge.statement) for edge in found] == [
        (PREFIXES["biolink"] + "treats", -1, "https://example.org/lens/s")
    ]


def test_labels_are_taken_in_order_and_english_before_others() -> None:
    graph = _graph(
        'ex:a a skos:Concept ; skos:prefLabel "Knie"@de, "knee"@en ; rdfs:label "other" ; skos:broader ex:b .'
        ' ex:b a skos:Concept ; rdfs:label "leg" ; skos:altLabel "limb"@en .'
    )
    nodes = graph.shared_network.nodes
    assert [nodes[node]["label"] for node in sorted(nodes)] == ["knee", "leg"]
    assert [graph.find(name)[-1] for name in ("knee", "limb")] == ["a", "b"]


def test_what_is_obsolete_is_no_node() -> None:
    graph = _graph("ex:a a owl:Class ; rdfs:subClassOf ex:b . ex:b a owl:Class ; owl:deprecated true .")
    assert [node[-1] for node in graph.shared_network] == ["a"]
    assert graph.shared_network.number_of_edges() == 0


def test_relations_are_read_as_words_between_two_nouns() -> None:
    store = store_of('ex:part_of rdfs:label "part of" .')
    words = relation_words(
        store, lens("owl"), ["https://example.org/lens/part_of", "https://example.org/lens/developsFrom"]
    )
    assert list(words.values()) == ["is part of", "develops from"]


@pytest.mark.parametrize(
    ("turtle", "name"),
    [
        ("ex:c a kg:Claim .", "painpath"),
        ("ex:a a owl:Class . ex:b a owl:Class .", "owl"),
        ("ex:a a skos:Concept .", "skos"),
        ("ex:a a biolink:Disease .", "biolink"),
        ("ex:A a owl:Class . ex:a a ex:A . ex:b a ex:A . ex:c a ex:A .", "rdf"),
        ("ex:a ex:knows ex:b .", "rdf"),
    ],
)
def test_the_guess_is_what_most_can_be_seen_through(turtle: str, name: str) -> None:
    assert guess(store_of(turtle))[0].name == name


def test_the_guess_is_told_and_a_chosen_lens_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(HEADER + "ex:a a owl:Class ; rdfs:subClassOf ex:b .", encoding="utf-8")
    told: list[str] = []
    open_graph([path], tell=told.append)
    open_graph([path], lens="rdf", tell=told.append)
    assert len(told) == 1
    assert told[0].startswith("read through the lens owl (it holds 1 classes); --lens biolink,")


def test_a_lens_that_shows_nothing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(HEADER + "ex:a a owl:Class .", encoding="utf-8")
    with pytest.raises(InputError, match=r"the lens skos shows no nodes in a\.ttl; choose another: biolink, owl"):
        open_graph([path], lens="skos")


def test_strategies_of_a_lens_make_plans(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        HEADER
        + "ex:heat biolink:causes ex:thirst . ex:shade a biolink:Treatment ; biolink:ameliorates_condition ex:heat .",
        encoding="utf-8",
    )
    network = open_graph([path], lens="biolink").shared_network
    (heat,) = [node for node in network if node.endswith("heat")]
    (thirst,) = [node for node in network if node.endswith("thirst")]
    found = kg.plan(network, [heat], thirst)
    assert [measure.strategy[-5:] for item in found for measure in item.measures] == ["shade"]


def test_our_own_files_are_read_whole(tmp_path: Path, graph: kg.KnowledgeGraph) -> None:
    from kg.export import export

    (content,) = export(graph, "turtle").values()
    path = tmp_path / "ours.ttl"
    path.write_bytes(content)
    back = open_graph([path]).shared_network
    ours = graph.shared_network
    assert {node: back.nodes[node] for node in back} == {node: ours.nodes[node] for node in ours}
    assert {(u, v, k): d for u, v, k, d in back.edges(keys=True, data=True)} == {
        (u, v, k): d for u, v, k, d in ours.edges(keys=True, data=True)
    }


def test_claims_without_their_graph_still_have_signs_and_standings() -> None:
    found = open_graph([packaged().folder / "claims" / "causes-nerves.ttl", packaged().folder / "sources.ttl"])
    edge = found.shared_network.edges["pain:herniated-disc", "pain:sciatica", "claim:herniated-disc-causes-sciatica"]
    assert (edge["sign"], edge["standing"], edge["asserted"]) == (1, "Unreviewed", True)
    assert found.find("herniated-disc") == "pain:herniated-disc"


def _graph(turtle: str) -> LensGraph:
    return open_store(store_of(turtle))
