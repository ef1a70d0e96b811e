"""How many of the W3C's SPARQL 1.1 query tests pass: painpath, bare pyoxigraph and rdflib, compared in one way.

Run with ``python -m tests.benchmarks.w3c``; painpath over HTTP is counted by ``tests/test_w3c.py``.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from tests import w3c
from tests.test_w3c import in_python

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.results import Term
    from tests.w3c import Case, Outcome


def bare(case: Case) -> Outcome:
    """Return what pyoxigraph alone answers."""
    answer = _store(case).query(case.text)
    if isinstance(answer, ox.QueryBoolean):
        return bool(answer)
    if isinstance(answer, ox.QueryTriples):
        return list(answer)
    if case.result.suffix == ".csv":
        return (answer.serialize(format=ox.QueryResultsFormat.CSV) or b"").decode()
    names = [variable.value for variable in answer.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in answer]


def rdflib_alone(case: Case) -> Outcome:
    """Return what rdflib answers, with its own parsers and its own store."""
    import rdflib

    dataset = rdflib.Dataset()
    for path in case.data:
        dataset.default_graph.parse(path, publicID=path.as_uri())
    for path in case.named:
        dataset.graph(rdflib.URIRef(path.as_uri())).parse(path, publicID=path.as_uri())
    answer = dataset.query(case.text)
    if answer.type == "ASK":
        return bool(answer.askAnswer)
    if answer.type in {"CONSTRUCT", "DESCRIBE"}:
        content = answer.graph.serialize(format="nt") if answer.graph is not None else ""
        return [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)]
    if case.result.suffix == ".csv":
        return (answer.serialize(format="csv") or b"").decode()
    from oxrdflib._converter import to_ox

    return [{str(name): cast("Term", to_ox(term)) for name, term in row.items()} for row in answer.bindings]


def _store(case: Case) -> ox.Store:
    store = ox.Store()
    for path in case.data:
        store.load(path=path, base_iri=path.as_uri())
    for path in case.named:
        store.load(path=path, base_iri=path.as_uri(), to_graph=ox.NamedNode(path.as_uri()))
    return store


def main() -> None:
    """Print the table."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        suite = w3c.cases(w3c.unpacked(Path(folder)))
        for name, asked in (("painpath", in_python), ("pyoxigraph alone", bare), ("rdflib alone", rdflib_alone)):
            print(f"{name:18} {sum(_passes(case, asked) for case in suite)} of {len(suite)}")


def _passes(case: Case, asked: Callable[[Case], Outcome]) -> bool:
    try:
        return w3c.agrees(case, asked(case))
    except Exception:  # whatever it was, it did not pass
        return False


if __name__ == "__main__":
    main()
