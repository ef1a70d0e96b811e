"""Pathways by frontiers are those of a search in memory, on graphs of every shape."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.endpoint import Endpoint, Rows
from kg.frontiers import remote_paths
from kg.lens import lens
from kg.lensgraph import LensGraph
from kg.namespaces import PREFIXES, compact
from kg.network import network_quads
from kg.ontology import GRAPHS, packaged
from kg.remotequads import Copy
from kg.whynot import why_no_path
from tests.strategies import networks

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx

    from kg.paths import PathOptions

EX = "http://example.org/"


@dataclass(slots=True)
class Local(Endpoint):
    """An endpoint that is a store in memory."""

    store: ox.Store = field(default_factory=ox.Store)

    def select(self, query: str) -> Rows:
        answer = self.store.query(query, use_default_graph_as_union=True)
        assert isinstance(answer, ox.QuerySolutions)
        names = tuple(variable.value for variable in answer.variables)
        self.requests += 1
        return Rows(names, tuple(tuple(row) for row in answer))

    def ask(self, query: str) -> bool:
        self.requests += 1
        return bool(self.store.query(query, use_default_graph_as_union=True))


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a lens of direct triples, of which two relations have a sign."""
    path = tmp_path_factory.mktemp("lens") / "signed.ttl"
    path.write_text(
        f"PREFIX kg: <{PREFIXES['kg']}> PREFIX ex: <{EX}> PREFIX rdfs: <{PREFIXES['rdfs']}> "
        "ex:lens a kg:Lens ; kg:edgePredicate ex:more, ex:less ; kg:labelProperty ( rdfs:label ) . "
        "ex:more rdfs:subPropertyOf kg:increases . ex:less rdfs:subPropertyOf kg:decreases ."
    )
    return path


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    "options",
    [{}, {"k": 1}, {"k": None, "max_length": 4}, {"rank": "length", "k": 3}, {"avoiding": ["one"]}],
    ids=str,
)
def test_direct_triples_give_the_paths_of_memory(signed: Path, seed: int, options: PathOptions) -> None:
    chance = random.Random(seed)
    size = chance.choice([8, 20, 40])
    store = ox.Store()
    for _ in range(size * chance.choice([1, 2, 3])):
        tail, head = (ox.NamedNode(f"{EX}{chance.randrange(size)}") for _ in range(2))
        store.add(ox.Quad(tail, ox.NamedNode(EX + chance.choice(["more", "less", "beside"])), head))
    chosen = lens(str(signed))
    whole = LensGraph(store, chosen)
    nodes = sorted(whole.shared_network)
    source, target, barred = chance.sample(nodes, 3)
    if "avoiding" in options:
        options = {**options, "avoiding": [barred]}
    sign = chance.choice(["any", "increases", "decreases"])
    expected = whole.paths(source, target, sign=sign, **options)  # type: ignore[arg-type] # one of the signs
    endpoint = Local("http://127.0.0.1/", store=store)
    found = remote_paths(Copy(endpoint, chosen, "graph"), source, target, sign=sign, **options)  # type: ignore[arg-type] # as above
    assert found == expected
    assert why_no_path(found) == why_no_path(expected)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(networks(min_nodes=2, max_nodes=6), st.data())
def test_claims_give_the_paths_of_memory(network: nx.MultiDiGraph[str], data: st.DataObject) -> None:
    store = ox.Store()
    store.load(path=str(packaged().folder / "schema.ttl"), to_graph=ox.NamedNode(GRAPHS["schema"]))
    store.extend(network_quads(network))
    whole = LensGraph(store, lens("painpath"))
    source, target = data.draw(st.permutations(sorted(network)))[:2]
    options: PathOptions = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "k": st.sampled_from([1, 2, None]),
                "rank": st.sampled_from(["standing", "length"]),
                "max_length": st.integers(1, 3),
                "min_standing": st.sampled_from(["Unreviewed", "Mixed", "Supported"]),
                "min_certainty": st.sampled_from(["Likely", "Stated"]),
            },
        )
    )  # type: ignore[assignment] # drawn as such
    sign = data.draw(st.sampled_from(["any", "increases", "decreases", "none"]))
    expected = whole.paths(source, target, sign=sign, **options)  # type: ignore[arg-type] # one of the signs
    endpoint = Local("http://127.0.0.1/", store=store)
    found = remote_paths(Copy(endpoint, whole.lens, "graph"), source, target, sign=sign, **options)  # type: ignore[arg-type] # as above
    assert found == expected
    assert why_no_path(found) == why_no_path(expected)


def test_near_paths_are_found_without_looking_far(signed: Path) -> None:
    store = ox.Store()
    more = ox.NamedNode(EX + "more")

    def link(tail: str, head: str) -> None:
        store.add(ox.Quad(ox.NamedNode(EX + tail), more, ox.NamedNode(EX + head)))

    for one, other in (("a", "b"), ("b", "c"), ("a", "x"), ("x", "c")):
        link(one, other)
    for number in range(2_000):
        link("c" if number == 0 else f"far{number - 1}", f"far{number}")
    endpoint = Local("http://127.0.0.1/", store=store)
    copy = Copy(endpoint, lens(str(signed)), "graph")
    a, b, c = (compact(EX + name) for name in "abc")
    found = remote_paths(copy, a, c, sign="any", k=1)
    assert [path.nodes for path in found] == [(a, b, c)]
    assert found.cut == "k"
    assert len(copy.store) < 20
