"""Real servers: Virtuoso and Oxigraph with our graph and UBERON's musculoskeletal part give what the graph in memory gives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

import kg
from kg import whynot
from kg.endpoint import Endpoint
from kg.errors import InputError, KGError, UnknownTermError
from kg.frontiers import remote_paths
from kg.lens import lens
from kg.loading import load_files
from kg.opening import open_graph
from kg.paths import causal_paths
from kg.pathtext import paths_text
from kg.remote import RemoteGraph
from kg.remotenames import RemoteNames
from kg.remotequads import Copy
from kg.results import Solutions
from tests.reference import REFERENCE, reference
from tests.servers import oxigraph_server, virtuoso_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.anygraph import AnyGraph
    from kg.paths import PathOptions

ROOT = Path(__file__).parent.parent
UBERON = REFERENCE / "uberon-musculoskeletal_2021-02-17.obo.gz"
ROWS = 1000
"""Where Virtuoso cuts: low, so that it cuts much."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, graph: kg.KnowledgeGraph) -> list[Path]:
    """Write our graph as N-Quads, and UBERON, where it is at hand, as N-Triples."""
    folder = tmp_path_factory.mktemp("files")
    ours = folder / "ours.nq"
    graph.store.dump(str(ours), format=ox.RdfFormat.N_QUADS)
    if not UBERON.exists():
        return [ours]
    theirs = folder / "uberon.nt"
    uberon = open_graph([UBERON], lens="owl").quads
    uberon.dump(str(theirs), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    return [ours, theirs]


@pytest.fixture(scope="module", params=["virtuoso", "oxigraph"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, files: list[Path]) -> Iterator[str]:
    """Start a server with both graphs."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "virtuoso":
        with virtuoso_server(folder, files, rows=ROWS) as found:
            yield found
    else:
        load_files(files, folder / "store", compact=False)
        (generation,) = [path for path in (folder / "store").glob("generation-*") if path.is_dir()]
        with oxigraph_server(generation) as found:
            yield found


@pytest.fixture(scope="module")
def remote(url: str) -> RemoteGraph:
    """Return our graph behind the server."""
    return RemoteGraph(Endpoint(url))


@pytest.fixture(scope="module")
def uberon() -> AnyGraph:
    """Return UBERON in memory."""
    return open_graph([reference(UBERON.name)], lens="owl")


def test_the_network_is_that_of_memory(remote: RemoteGraph, graph: kg.KnowledgeGraph) -> None:
    theirs, ours = remote.network(), graph.network()
    assert list(theirs.nodes(data=True)) == list(ours.nodes(data=True))
    assert list(theirs.edges(keys=True, data=True)) == list(ours.edges(keys=True, data=True))


@pytest.mark.parametrize(
    "text", ["slipped disc", "sciatica", "pain:obesity", "every risk factor", "nonsense word", "back pain"]
)
def test_a_term_is_the_one_of_memory(remote: RemoteGraph, graph: kg.KnowledgeGraph, text: str) -> None:
    def found(names: AnyGraph) -> str:
        try:
            return names.find(text, classes=True)
        except UnknownTermError as error:
            return str(error)

    assert found(remote) == found(graph)
    assert remote.names.search("disc") == graph.names.search("disc")


@pytest.mark.parametrize("text", ["slipped disc", "sciatica", "pain:obesity", "every risk factor"])
def test_many_names_are_not_fetched_for_one_term(url: str, graph: kg.KnowledgeGraph, text: str) -> None:
    names = RemoteNames(Endpoint(url), lens("painpath"), few=10)
    iri = graph.names.resolve(text, classes=True)
    assert names.resolve(text, classes=True) == iri
    assert names.label(iri) == graph.names.label(iri)
    assert names.search("herniated disc") == graph.names.search("herniated disc")
    with pytest.raises(UnknownTermError, match=r"no term called 'hernated disc'; did you mean 'herniated disc'"):
        names.resolve("hernated disc")


def test_one_term_is_described_without_the_rest(url: str, graph: kg.KnowledgeGraph) -> None:
    remote = RemoteGraph(Endpoint(url))
    theirs, ours = remote.around("pain:sciatica"), graph.around("pain:sciatica")
    assert sorted(theirs.nodes(data=True)) == sorted(ours.nodes(data=True))
    assert sorted(theirs.edges(keys=True)) == sorted(ours.edges(keys=True))
    assert remote.endpoint.received < 2_000_000


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("pain:sedentary-lifestyle", "pain:lower-back-pain"),
        ("kg:RiskFactor", "pain:sciatica"),
        ("pain:lower-back-pain", "pain:obesity"),
    ],
)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"rank": "length", "k": 4},
        {"max_length": 2, "k": None},
        {"min_standing": "Supported"},
        {"predicates": ["kg:causes"], "through": ["pain:inflammation"]},
    ],
    ids=str,
)
def test_pathways_are_those_of_memory(
    remote: RemoteGraph, graph: kg.KnowledgeGraph, source: str, target: str, options: PathOptions
) -> None:
    ours, theirs = graph.paths(source, target, **options), remote.paths(source, target, **options)
    assert theirs == ours
    assert paths_text(theirs) == paths_text(ours)
    assert whynot.why_no_path(theirs) == whynot.why_no_path(ours)


def test_pathways_do_not_download_the_graph(url: str) -> None:
    remote = RemoteGraph(Endpoint(url))
    before = remote.endpoint.received
    remote.paths("pain:sedentary-lifestyle", "pain:lower-back-pain", rank="length", k=3)
    near = remote.endpoint.received - before
    remote.network()
    assert near < remote.endpoint.received - before - near


def test_an_unknown_relation_is_refused_as_in_memory(remote: RemoteGraph, graph: kg.KnowledgeGraph) -> None:
    errors = []
    for each in (graph, remote):
        with pytest.raises(InputError) as error:
            each.paths("pain:obesity", "pain:lower-back-pain", predicates=["kg:nonsense"])
        errors.append(str(error.value).partition(";")[0])
    assert errors[0] == errors[1]


@pytest.mark.parametrize(
    "words", ["part of", "is part of", "develops from", "develops_from", "BFO_0000050", "BFO:0000050"]
)
def test_a_relation_is_found_by_its_words_as_in_memory(url: str, uberon: AnyGraph, words: str) -> None:
    assert RemoteGraph(Endpoint(url), lens("owl")).relation(words) == uberon.relation(words) != f"kg:{words}"


@pytest.mark.parametrize("words", ["part of", "partOf", "part_of", "kg:partOf", "leads to"])
def test_a_relation_of_ours_is_found_by_its_words(remote: RemoteGraph, graph: kg.KnowledgeGraph, words: str) -> None:
    relation = remote.relation(words)
    assert relation == graph.relation(words)
    assert relation in {"kg:partOf", "kg:leadsTo"}


def test_no_word_is_no_relation(remote: RemoteGraph, graph: kg.KnowledgeGraph) -> None:
    assert remote.relation(" ") == graph.relation(" ") == "kg:"


def test_pathways_of_structure_are_those_of_memory(url: str, uberon: AnyGraph) -> None:
    remote = RemoteGraph(Endpoint(url), lens("owl"))
    for source, target in (("UBERON:0002414", "UBERON:0001130"), ("UBERON:0000982", "UBERON:0000061")):
        if source in uberon.shared_network and target in uberon.shared_network:
            ours, theirs = uberon.paths(source, target), remote.paths(source, target)
            assert ours.paths
            assert (theirs.paths, theirs.cut) == (ours.paths, ours.cut)


def test_a_named_query_answers_as_in_memory(remote: RemoteGraph, graph: kg.KnowledgeGraph) -> None:
    for name, params in (("strategies-for", {"target": "sciatica"}), ("disputed-claims", {}), ("red-flags", {})):
        ours, theirs = graph.query(name, **params), remote.query(name, **params)
        # Servers differ in how they order texts.
        assert isinstance(ours, Solutions)
        assert isinstance(theirs, Solutions)
        assert sorted(map(str, theirs)) == sorted(map(str, ours)), name


def test_other_forms_of_query_answer_as_in_memory(remote: RemoteGraph, graph: kg.KnowledgeGraph) -> None:
    for text in (
        "ASK { pain:herniated-disc kg:causes pain:sciatica }",
        "ASK { pain:herniated-disc kg:causes pain:nonsense }",
        "CONSTRUCT { ?x kg:causes pain:sciatica } WHERE { ?x kg:causes pain:sciatica }",
        # More than Virtuoso gives at once.
        "CONSTRUCT { ?c ?p ?o } WHERE { ?c a kg:Claim ; ?p ?o }",
        "SELECT ?s ?l { ?s a kg:Claim ; rdfs:label ?l }",
    ):
        assert remote.query(text).serialize() == graph.query(text).serialize()
    with pytest.raises(InputError, match=r"cannot be read from|expected|refuses"):
        remote.query("SELECT ?s { ?s ?p }")


def test_a_search_that_is_given_up_keeps_what_is_sure(url: str, graph: kg.KnowledgeGraph) -> None:
    ends = ("pain:sedentary-lifestyle", "pain:lower-back-pain")
    copy = Copy(Endpoint(url), lens("painpath"), "part")
    found = remote_paths(copy, *ends, sign="any", rank="length", k=None, most_nodes=10)
    whole = causal_paths(graph.network(), *ends, rank="length", k=None)
    assert found.cut == "effort"
    assert found.paths == whole.paths[: len(found.paths)]


@pytest.mark.parametrize(
    "words",
    [
        ["query", "-e", "SELECT DISTINCT ?x { ?x kg:increases+ pain:sciatica }"],
        ["find", "slipped disc"],
        ["show", "sciatica"],
        ["paths", "sedentary lifestyle", "lower back pain"],
        ["loops"],
        ["influence", "lower back pain"],
        ["diagram", "--exposure", "obesity", "--outcome", "lower back pain"],
    ],
    ids=lambda words: words[0],
)
def test_a_verb_prints_at_an_endpoint_what_it_prints_without(url: str, words: list[str]) -> None:
    def printed(*more: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "kg.cli", *words, *more],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    assert printed("--endpoint", url) == printed()


def test_a_graph_that_a_lens_shows_nothing_of_is_told(url: str, tmp_path: Path) -> None:
    other = tmp_path / "other.ttl"
    other.write_text(
        "PREFIX kg: <https://w3id.org/painpath/schema#> PREFIX ex: <http://example.org/> "
        "ex:other a kg:Lens ; kg:nodeClass ex:Nothing ; kg:edgePredicate ex:nowhere ."
    )
    with pytest.raises(KGError, match=r"the lens other shows no nodes in .*choose another"):
        RemoteGraph(Endpoint(url), lens(str(other))).network()
