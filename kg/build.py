"""How does a complete store come out of the ontology's files: parse, map, derive."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.errors import SyntaxFault
from kg.faults import sparql_fault, turtle_fault
from kg.gate import check_query
from kg.namespaces import PREFIXES
from kg.ontology import GRAPHS, RULES, Ontology
from kg.safe import rdf_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["apply_rules", "build_store", "mapping_triples", "parse_into"]

_NO_TERM = "sssom:NoTermFound"


def build_store(ontology: Ontology, files: Iterable[tuple[Path, str]] | None = None) -> ox.Store:
    """Return a store in memory that holds an ontology, its mappings and all that its rules derive.

    Parameters
    ----------
    ontology
        The folder to read.
    files
        Turtle files and the names of their graphs, in place of ``ontology.turtle_files()``.

    Returns
    -------
    pyoxigraph.Store
        One named graph for each of `GRAPHS`; the default graph itself is empty.

    Raises
    ------
    SyntaxFault
        If a file does not parse.
    InputError
        If a file cannot be read.
    """
    ontology.declare_prefixes()
    store = ox.Store()
    for path, graph in ontology.turtle_files() if files is None else files:
        parse_into(store, path, GRAPHS[graph])
    if ontology.mappings.exists():
        _load(store, ontology.mappings, GRAPHS["mappings"], mapping_triples(ontology.mappings))
    apply_rules(store, ontology)
    return store


def parse_into(store: ox.Store, path: Path, graph: str) -> None:
    """Add one Turtle file to a named graph of a store.

    Raises
    ------
    SyntaxFault
        If the file is not Turtle; the store may then hold its beginning and is to be thrown away.
    InputError
        If the file cannot be read.
    """
    _load(store, path, graph)


def _load(store: ox.Store, path: Path, graph: str, triples: str | None = None) -> None:
    if triples is None:
        format, content = ox.RdfFormat.TURTLE, rdf_bytes(path, ox.RdfFormat.TURTLE)
    else:
        format, content = ox.RdfFormat.N_TRIPLES, triples.encode()
    try:
        store.load(content, format=format, to_graph=ox.NamedNode(graph))
    except SyntaxError as error:
        raise turtle_fault(path, error) from error


def mapping_triples(path: Path) -> str:
    """Return the SKOS triples that an SSSOM file states, as N-Triples.

    Rows whose object is ``sssom:NoTermFound`` record that nothing matched and give no triple.

    Parameters
    ----------
    path
        Tab-separated SSSOM with its metadata in comment lines.

    Returns
    -------
    str
        One line a row, in the order of the rows.

    Raises
    ------
    SyntaxFault
        If a column is missing, or a row has too few fields or an identifier without a known prefix.
    """
    columns: tuple[int, int, int] | None = None
    triples = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#"):
            continue
        fields = line.split("\t")
        if columns is None:
            try:
                columns = (fields.index("subject_id"), fields.index("predicate_id"), fields.index("object_id"))
            except ValueError as error:
                raise SyntaxFault(
                    path, "expected the columns subject_id, predicate_id, object_id", number, 1
                ) from error
            continue
        try:
            terms = [fields[column] for column in columns]
        except IndexError:
            raise SyntaxFault(path, "too few fields in this row", number, 1) from None
        if terms[2] == _NO_TERM:
            continue
        try:
            # Hundreds of rows at each start: the namespaces are looked up here and not through kg.namespaces.expand.
            iris = [PREFIXES[prefix] + local for prefix, _, local in [term.partition(":") for term in terms]]
        except KeyError as error:
            message = f"expected a known prefix in place of {error} in {' '.join(terms)}"
            raise SyntaxFault(path, message, number, 1) from None
        triples.append(f"<{'> <'.join(iris)}> .")
    return "\n".join(triples)


def apply_rules(store: ox.Store, ontology: Ontology) -> None:
    """Add to the graph of derived triples all that the rules give, in the order of `RULES`."""
    graph = ox.NamedNode(GRAPHS["derived"])
    for name in RULES:
        text = ontology.rule(name)
        rule = ontology.folder / "rules" / f"{name}.rq"
        check_query(text, rule)
        try:
            triples = cast("ox.QueryTriples", store.query(text, use_default_graph_as_union=True))
        except SyntaxError as error:
            raise sparql_fault(rule, error, text) from error
        # As text and not as Python objects, which would take longer than the rule itself; and the whole answer first, since
        # the store must not grow under a query that is still reading it.
        derived = triples.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
        store.load(derived, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
