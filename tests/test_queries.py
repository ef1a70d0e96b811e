"""Named queries: how they are read, bound and run, and what is said where they cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.errors import InputError, SyntaxFault, UnknownTermError
from kg.namespaces import PAIN
from kg.queries import NamedQuery, bind, library, named_query, run
from kg.results import Answer, Solutions, Triples

if TYPE_CHECKING:
    from pathlib import Path

    import kg

TEXT = """\
#+ summary: Who knows whom: directly?
#+ params:  person: the one who knows, by name; friend: the one who is known
#+ columns: person, friend (IRIs)
#+ row:     one pair
PREFIX e: <http://e/>
# ORDER BY stands only in this comment.
SELECT ?person ?friend WHERE { ?person e:knows ?friend }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of three queries."""
    (tmp_path / "who-knows-whom.rq").write_text(TEXT, encoding="utf-8")
    (tmp_path / "anyone.rq").write_text("#+ summary: Anyone?\n#+ params:  none\nASK { ?a ?b ?c }\n", encoding="utf-8")
    (tmp_path / "bare.rq").write_text("SELECT * WHERE { ?a ?b ?c }\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no query", encoding="utf-8")
    return tmp_path


@pytest.fixture
def three_friends() -> ox.Store:
    """Ann knows Bob and Cid, Bob knows Cid; each in a graph of its own."""
    store = ox.Store()
    for number, (subject, object_) in enumerate([("bob", "cid"), ("ann", "cid"), ("ann", "bob")]):
        store.add(ox.Quad(node(subject), node("knows"), node(object_), node(f"graph-{number}")))
    return store


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://e/{name}")


def test_a_query_is_read_with_its_header(folder: Path) -> None:
    assert named_query(folder, "who-knows-whom") == NamedQuery(
        name="who-knows-whom",
        text=TEXT,
        summary="Who knows whom: directly?",
        params=(("person", "the one who knows, by name"), ("friend", "the one who is known")),
        columns="person, friend (IRIs)",
        row="one pair",
    )


def test_underscores_are_hyphens(folder: Path) -> None:
    assert named_query(folder, "who_knows_whom") == named_query(folder, "who-knows-whom")


def test_a_file_without_a_header_is_a_query_without_parameters(folder: Path) -> None:
    bare = named_query(folder, "bare")
    assert (bare.summary, bare.params, bare.columns, bare.row) == ("", (), "", "")


def test_the_library_is_sorted_and_holds_queries_alone(folder: Path) -> None:
    assert [query.name for query in library(folder)] == ["anyone", "bare", "who-knows-whom"]


def test_a_folder_without_queries_is_an_empty_library(tmp_path: Path) -> None:
    assert library(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("who-knows", "; did you mean who-knows-whom?"),
        ("xyzzy", ""),
        ("", ""),
    ],
)
def test_an_unknown_name_gives_the_nearest_ones(folder: Path, name: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        named_query(folder, name)
    assert str(caught.value) == f"no query called {name!r}{hint} (kg queries lists them all)"


@pytest.mark.parametrize("name", ["../secret", "sub/query", "/etc/passwd", ".."])
def test_a_name_does_not_lead_out_of_the_folder(folder: Path, name: str) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "query.rq").write_text("ASK {}", encoding="utf-8")
    (folder.parent / "secret.rq").write_text("ASK {}", encoding="utf-8")
    with pytest.raises(InputError, match="no query called"):
        named_query(folder, name)


def test_parameters_are_bound_to_the_terms_that_are_meant(folder: Path) -> None:
    query = named_query(folder, "who-knows-whom")
    bound = bind(query, {"friend": "Cid", "person": "Ann"}, lambda said: f"http://e/{said.lower()}")
    assert bound == {"person": node("ann"), "friend": node("cid")}


def test_a_missing_parameter_is_named_with_its_meaning(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        bind(named_query(folder, "who-knows-whom"), {}, str)
    assert str(caught.value) == (
        "the query who-knows-whom needs --set person=... (the one who knows, by name)"
        " and --set friend=... (the one who is known)"
    )


@pytest.mark.parametrize(("name", "takes"), [("who-knows-whom", "person, friend"), ("anyone", "none")])
def test_a_strange_parameter_is_refused(folder: Path, name: str, takes: str) -> None:
    with pytest.raises(InputError) as caught:
        bind(named_query(folder, name), {"foe": "Bob"}, str)
    assert str(caught.value) == f"the query {name} has no parameter 'foe'; it takes {takes}"


def test_a_value_that_names_nothing_is_refused_with_suggestions(graph: kg.KnowledgeGraph) -> None:
    with pytest.raises(UnknownTermError) as caught:
        graph.query("leads-to", outcome="siatica")
    assert "sciatica" in caught.value.suggestions


def test_all_graphs_are_asked_as_one(three_friends: ox.Store) -> None:
    result = run(three_friends, "SELECT ?x WHERE { ?x <http://e/knows> ?y . ?y <http://e/knows> ?z }")
    assert result == Solutions(("x",), ((node("ann"),),))


def test_known_prefixes_need_no_declaration(three_friends: ox.Store) -> None:
    assert run(three_friends, "ASK { pain:x skos:broader kg:y }") == Answer(False)


def test_a_parameter_stands_in_the_answer(three_friends: ox.Store, folder: Path) -> None:
    text = named_query(folder, "who-knows-whom").text
    result = run(three_friends, text, {"person": node("ann")})
    assert result == Solutions(("person", "friend"), ((node("ann"), node("bob")), (node("ann"), node("cid"))))


def test_a_parameter_reaches_paths_and_an_ask(three_friends: ox.Store) -> None:
    text = "ASK { ?from <http://e/knows>+ ?to }"
    assert run(three_friends, text, {"from": node("ann"), "to": node("cid")}) == Answer(True)
    assert run(three_friends, text, {"from": node("cid"), "to": node("ann")}) == Answer(False)


def test_a_value_is_never_code() -> None:
    store = ox.Store()
    trap = '" } UNION { ?s ?p ?o } #'
    store.add(ox.Quad(node("a"), node("says"), ox.Literal(trap)))
    store.add(ox.Quad(node("b"), node("says"), ox.Literal("else")))
    text = "SELECT ?who ?words WHERE { ?who <http://e/says> ?words }"
    result = run(store, text, {"words": ox.Literal(trap)})
    assert result == Solutions(("who", "words"), ((node("a"), ox.Literal(trap)),))


def test_rows_without_order_are_sorted(three_friends: ox.Store, folder: Path) -> None:
    result = run(three_friends, named_query(folder, "who-knows-whom").text)
    assert isinstance(result, Solutions)
    assert [str(row[0]) + str(row[1]) for row in result] == sorted(str(row[0]) + str(row[1]) for row in result)


def test_the_order_that_a_query_asks_for_is_kept(three_friends: ox.Store) -> None:
    result = run(three_friends, "SELECT ?x WHERE { ?y <http://e/knows> ?x } order\n by desc(?x)")
    assert isinstance(result, Solutions)
    assert [row[0] for row in result] == [node("cid"), node("cid"), node("bob")]


def test_triples_are_sorted_and_come_once(three_friends: ox.Store) -> None:
    result = run(three_friends, "CONSTRUCT { ?x a ?x } WHERE { ?x <http://e/knows> ?y }")
    type_ = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    assert result == Triples(tuple(ox.Triple(node(name), type_, node(name)) for name in ("ann", "bob")))


def test_describe_gives_triples(three_friends: ox.Store) -> None:
    assert len(run(three_friends, "DESCRIBE <http://e/ann>")) == 2


def test_broken_sparql_is_named_with_its_place(three_friends: ox.Store) -> None:
    with pytest.raises(SyntaxFault, match=r"^mine\.rq, line 2, column 9: .*expected ") as caught:
        run(three_friends, "SELECT *\nWHERE { ?s ?p }", source="mine.rq")
    assert caught.value.line == 2


def test_an_update_is_no_query(three_friends: ox.Store) -> None:
    with pytest.raises(SyntaxFault):
        run(three_friends, "DELETE WHERE { ?s ?p ?o }")
    assert len(three_friends) == 3


def test_a_parameter_that_is_not_projected_is_refused(three_friends: ox.Store) -> None:
    with pytest.raises(InputError, match=r"^mine\.rq: .*\?friend"):
        run(three_friends, "SELECT ?x WHERE { ?x ?y ?friend }", {"friend": node("bob")}, source="mine.rq")


def test_a_name_and_a_text_give_the_same_answer(graph: kg.KnowledgeGraph) -> None:
    text = named_query(graph.ontology.folder / "queries", "parts-of").text
    by_name = graph.query("parts-of", whole="lumbar spine")
    assert by_name == graph.query(text, whole="pain:lumbar-spine")
    assert by_name == run(graph.store, text, {"whole": ox.NamedNode(f"{PAIN}lumbar-spine")})


def test_from_chooses_among_the_graphs_of_the_store() -> None:
    store = ox.Store()
    store.load("<a:s> <a:p> 1 .", format=ox.RdfFormat.TURTLE)
    store.load("<a:s> <a:p> 2 .", format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("a:g"))

    def values(query: str, *, union: bool = True) -> list[str]:
        found = run(store, query, union=union)
        assert isinstance(found, Solutions)
        return [row[0].value for row in found if isinstance(row[0], ox.Literal)]

    assert values("SELECT ?o { ?s ?p ?o }") == ["1", "2"]
    assert values("SELECT ?o { ?s ?p ?o }", union=False) == ["1"]
    assert values("SELECT ?o FROM <a:g> { ?s ?p ?o }") == ["2"]
    assert values("select ?o from named <a:g> { graph ?g { ?s ?p ?o } }") == ["2"]
    assert values("SELECT ?from { ?s ?p ?from } # FROM <a:g>") == ["1", "2"]
