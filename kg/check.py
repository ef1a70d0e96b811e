"""Is an ontology whole: its SHACL shapes, and the house rules that shapes over one merged graph can't say.

The shapes see what is written and not what is derived: a rule could otherwise mend, in the derived graph, what a file lacks.

References
----------
W3C, Shapes Constraint Language (SHACL) (2017), https://www.w3.org/TR/shacl/: section 3.6 for the report that is read here.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.build import build_store, mapping_triples, parse_into
from kg.errors import InputError, RefusedError, ShapeError, SyntaxFault
from kg.faults import sparql_fault
from kg.files import read_text, write_whole
from kg.gate import check_query
from kg.lexer import has_outer_word
from kg.namespaces import KG, PREFIXES, compact, expand
from kg.ontology import Ontology, packaged
from kg.turtle import rdflib_graph, unformatted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import rdflib

__all__ = ["Fault", "faults", "faults_in", "files_with", "run_check", "shape_faults", "told", "what_to_check"]

_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_SUBPROPERTY = ox.NamedNode(PREFIXES["rdfs"] + "subPropertyOf")
_BROADER = ox.NamedNode(PREFIXES["skos"] + "broader")
_STANDING = frozenset(KG + name for name in ("standing", "supporting", "mixed", "disputing"))
_ENTITIES = "SELECT DISTINCT ?entity WHERE { ?entity a/rdfs:subClassOf* kg:Entity }"
_SHOWN = 80
"""Characters of a faulty value that are shown."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is amiss, and how to mend it."""

    focus: str
    """CURIE of what is at fault, or the file's path inside the ontology's folder."""
    rule: str
    """Label of the shape, or name of the house rule."""
    message: str
    """What is amiss; how to mend it."""
    value: str = ""
    """The value at fault, where it is one value."""
    severity: str = "Violation"
    """As in SHACL: ``Violation``, ``Warning`` or ``Info``."""
    file: Path | None = None
    """The file that speaks of the focus, where it is known; the first of them."""

    def __str__(self) -> str:
        found = f" (found: {self.value})" if self.value else ""
        return " ".join(f"{self.focus}: {self.message}{found} [{self.rule}]".split())


def run_check(paths: Sequence[Path], *, coverage: bool = False, fix: bool = False) -> int:
    """Check as the command line does, and return its exit code.

    The faults go to stdout, one a line, after the table of coverage where that is asked for; all else goes to stderr.

    Parameters
    ----------
    paths
        As `what_to_check` takes them.
    coverage
        Also print what the article's sentences gave, and count a sentence that gave nothing as a fault.
    fix
        First write the Turtle files that are not in canonical form; where one does not parse, none is written.

    Returns
    -------
    int
        0, or 4 where something is amiss.

    Raises
    ------
    SyntaxFault
        If a file does not parse.
    InputError
        If a path can't be used, or coverage is asked of files.
    """
    ontology, claims = what_to_check(paths)
    if coverage and claims is not None:
        raise InputError("--coverage looks at a whole ontology; give its folder, or no path for ours")
    if fix:
        for path, text in unformatted(claims or sorted(ontology.folder.rglob("*.ttl"))):
            write_whole(path, text)
            sys.stderr.write(f"wrote {path}\n")
    found = faults(ontology, claims)
    if coverage:
        from kg.coverage import coverage as covered
        from kg.coverage import coverage_text, uncovered

        store = build_store(ontology)
        sys.stdout.write(coverage_text(covered(store)))
        found += uncovered(store)
    return told(found)


def told(found: Sequence[Fault]) -> int:
    """Write faults to stdout, one a line, and how many there are to stderr; return the exit code."""
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    sys.stderr.write(f"kg: {len(found) or 'no'} {'fault' if len(found) == 1 else 'faults'}\n")
    return ShapeError.exit_code if found else 0


def what_to_check(paths: Sequence[Path]) -> tuple[Ontology, tuple[Path, ...] | None]:
    """Return the ontology and the files of claims that a list of paths means.

    Parameters
    ----------
    paths
        None for our ontology; one folder for the ontology in it; or Turtle files, whose claims stand in place of ours.

    Returns
    -------
    tuple of (Ontology, tuple of Path or None)
        The files are None where the ontology's own claims are meant. `faults` and `files_with` take the two as they are.

    Raises
    ------
    InputError
        If there is no such file or folder, or a folder is not alone.
    """
    for path in paths:
        if not path.exists():
            raise InputError(f"no such file or folder: {path}")
    if not paths:
        return packaged(), None
    if any(path.is_dir() for path in paths):
        if len(paths) > 1:
            raise InputError("give one ontology folder, or Turtle files, not both")
        return Ontology(paths[0]), None
    return packaged(), tuple(paths)


def files_with(ontology: Ontology, claims: Iterable[Path] | None) -> list[tuple[Path, str]]:
    """Return the Turtle files to read, with files of claims in place of the ontology's own.

    Parameters
    ----------
    ontology
        Gives the schema, the vocabularies, the sources and the publications.
    claims
        Files in place of those in its folder ``claims``; None for those. A file that is the ontology's own stays in its
        graph, and where all of them are, the others stay too: a claim of ours is not checked without its companions.

    Returns
    -------
    list of (Path, str)
        As ``Ontology.turtle_files`` gives them, each file once.
    """
    files = ontology.turtle_files()
    if claims is None:
        return files
    own = {path.resolve() for path, _ in files}
    foreign = {path.resolve(): path for path in claims if path.resolve() not in own}
    if not foreign:
        return files
    given = {path.resolve() for path in claims}
    kept = [(path, graph) for path, graph in files if path.parent.name != "claims" or path.resolve() in given]
    return kept + [(path, "claims") for path in foreign.values()]


def faults_in(paths: Sequence[Path]) -> list[Fault]:
    """Return what is amiss in our ontology, in the ontology of a folder, or in files of claims.

    Parameters
    ----------
    paths
        As `what_to_check` takes them.

    Returns
    -------
    list of Fault
        As `faults` gives them.

    Raises
    ------
    SyntaxFault
        If a file does not parse.
    InputError
        If a path can't be used.
    """
    ontology, claims = what_to_check(paths)
    return faults(ontology, claims)


def faults(ontology: Ontology, files: Iterable[Path] | None = None) -> list[Fault]:
    """Return what is amiss in an ontology, or in files of claims that stand in place of its own.

    Parameters
    ----------
    ontology
        The folder; our shapes are used where it has none.
    files
        Turtle files with claims, read as `files_with` says; only what they speak of is then reported, and their form and the
        query library, which are the ontology's own affair, are not looked at.

    Returns
    -------
    list of Fault
        Sorted by focus, rule and message, without duplicates; empty where all is well.

    Raises
    ------
    SyntaxFault
        If a file does not parse.
    InputError
        If a file can't be read, or a shape is not one that SHACL knows.
    """
    ontology.declare_prefixes()
    given = None if files is None else list(files)
    store = ox.Store()
    graphs: dict[str, tuple[Path, str]] = {}
    for path, graph in files_with(ontology, given):
        # One graph a file, and not one a kind as in a built store, so that a fault can name its file.
        name = path.resolve().as_uri()
        graphs[name] = (path, graph)
        parse_into(store, path, name)
    shapes = ontology.shapes if ontology.shapes.exists() else packaged().shapes
    wanted = {path.resolve() for path in given or ()}

    def place(node: ox.NamedNode | ox.BlankNode) -> Path | None:
        quads = store.quads_for_pattern(node, None, None, None)
        names = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)}
        files = [path for name, (path, _) in graphs.items() if name in names]
        # A given file goes before the ontology's own, which can speak of the same node.
        return min(files, key=lambda path: path.resolve() not in wanted, default=None)

    found = [*shape_faults(store, shapes, place=place), *_hand_written(store, graphs)]
    if given is None:
        found += [*_mapping_faults(store, ontology), *_form_faults(ontology), *_query_faults(ontology)]
    else:
        found = [fault for fault in found if fault.file is not None and fault.file.resolve() in wanted]
    return sorted(set(found), key=lambda fault: (fault.focus, fault.rule, fault.message, fault.value))


def shape_faults(
    store: ox.Store, shapes: Path, *, place: Callable[[ox.NamedNode | ox.BlankNode], Path | None] = lambda _: None
) -> list[Fault]:
    """Return what SHACL reports.

    Parameters
    ----------
    store
        Any graphs; all are read as one.
    shapes
        Turtle file.
    place
        Gives the file that speaks of a focus node.

    Returns
    -------
    list of Fault
        In no order; `focus`, `rule` and `severity` are those of the report.

    Raises
    ------
    SyntaxFault
        If the file does not parse.
    InputError
        If it can't be read, or a shape is not one that SHACL knows.
    """
    import pyshacl
    from pyparsing.exceptions import ParseException
    from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError, ValidationFailure
    from rdflib import RDFS, SH

    graph = _shapes_graph(shapes)
    try:
        # Our copy of the graph, so pyshacl needs none of its own.
        _, report, text = pyshacl.validate(rdflib_graph(store), shacl_graph=graph, inplace=True)
    except ParseException as error:
        raise InputError(f"{shapes}: a SPARQL constraint does not parse: {error}") from error
    except (ConstraintLoadError, ReportableRuntimeError, ShapeLoadError, ValidationFailure) as error:
        raise InputError(f"{shapes}: {' '.join(str(error).split())}") from error
    if isinstance(report, ValidationFailure):
        raise InputError(f"{shapes}: {' '.join(str(text).split())}") from report
    found = []
    for result in report.objects(None, SH.result):  # and not sh:detail, which is why a part of a shape failed
        shape, focus, value = (report.value(result, part) for part in (SH.sourceShape, SH.focusNode, SH.value))
        # A SPARQL constraint over all claims has a class as its focus node; the value is what is at fault.
        if (shape, SH.targetNode, focus) in graph:
            focus, value = value, None
        message = min(map(str, report.objects(result, SH.resultMessage)))
        severity = str(report.value(result, SH.resultSeverity)).removeprefix(str(SH))
        rule = str(graph.value(shape, RDFS.label) or compact(str(shape)))
        shown = "" if value is None or value == focus else _shown(value)
        text = _IRI.sub(lambda iri: compact(iri[0]), message)
        found.append(Fault(_shown(focus), rule, text, shown, severity, _file(focus, place)))
    return found


# Messages name the terms of SPARQL variables by their IRIs; those with a known prefix are shown as CURIEs.
_IRI = re.compile(r"https?://[\w./#%~-]*[\w/#]")


def _file(term: object, place: Callable[[ox.NamedNode | ox.BlankNode], Path | None]) -> Path | None:
    import rdflib

    match term:
        case rdflib.URIRef():
            return place(ox.NamedNode(term))
        case rdflib.BNode():
            return place(ox.BlankNode(term))
        case _:
            return None


def _shown(term: rdflib.term.Node | None) -> str:
    import rdflib

    match term:
        case rdflib.URIRef():
            return compact(str(term))
        case rdflib.Literal():
            text = str(term) if len(term) <= _SHOWN else str(term)[:_SHOWN] + "…"
            # As JSON: a line break or a control character of the literal must not reach a terminal.
            quoted = json.dumps(text, ensure_ascii=False)
            return f"{quoted}@{term.language}" if term.language else quoted
        case _:
            return "a node without an IRI"


@cache
def _parsed_shapes(path: Path, _: int) -> rdflib.Graph:
    store = ox.Store()
    parse_into(store, path, path.resolve().as_uri())
    for name in ("ask", "construct", "select", "update"):
        for quad in store.quads_for_pattern(None, ox.NamedNode(PREFIXES["sh"] + name), None, None):
            if isinstance(quad.object, ox.Literal):
                _check_constraint(quad.object.value, path)
    return rdflib_graph(store)


def _check_constraint(text: str, path: Path) -> None:
    """Raise RefusedError unless the query of a SPARQL constraint reads the graph that is checked, and nothing else."""
    check_query(text, path)
    if has_outer_word(text, "FROM"):
        # pyshacl asks rdflib, which loads whatever address or file FROM names.
        raise RefusedError(
            path, "FROM is refused in a SPARQL constraint: it would load a file or an address", None, None
        )


def _shapes_graph(path: Path) -> rdflib.Graph:
    return _parsed_shapes(path, path.stat().st_mtime_ns)


def _hand_written(store: ox.Store, graphs: dict[str, tuple[Path, str]]) -> Iterator[Fault]:
    """Yield the triples that only the rules may give."""
    relations = {quad.subject for quad in store.quads_for_pattern(None, _TYPE, ox.NamedNode(KG + "Relation"), None)}
    derived = relations | {
        quad.object for quad in store.quads_for_pattern(None, _SUBPROPERTY, None, None) if quad.subject in relations
    }
    for quad in store:
        path, graph = graphs[quad.graph_name.value] if isinstance(quad.graph_name, ox.NamedNode) else (None, "")
        if graph not in {"entities", "claims"}:
            continue
        predicate = compact(quad.predicate.value)
        if quad.predicate.value in _STANDING:
            message = f"has {predicate} written by hand; take it out, since the rules count it from the evidence"
            yield Fault(_named(quad.subject), "derived by rule", message, file=path)
        elif quad.predicate in derived and not (quad.predicate == _BROADER and graph == "entities"):
            message = f"has the direct triple {predicate} {_named(quad.object)} written by hand; make it a claim with evidence"
            yield Fault(_named(quad.subject), "no direct triple", message, file=path)


def _named(term: object) -> str:
    return compact(term.value) if isinstance(term, ox.NamedNode) else "a node without an IRI"


def _mapping_faults(store: ox.Store, ontology: Ontology) -> Iterator[Fault]:
    """Yield the rows of identifiers whose subject is no entity."""
    if not ontology.mappings.exists():
        return
    mapping_triples(ontology.mappings)  # raises where a row does not parse
    rows = cast("ox.QuerySolutions", store.query(_ENTITIES, prefixes=PREFIXES, use_default_graph_as_union=True))
    entities = {row["entity"] for row in rows}
    column: int | None = None
    for number, line in enumerate(read_text(ontology.mappings).splitlines(), start=1):
        if line.startswith("#"):
            continue
        fields = line.split("\t")
        if column is None:
            column = fields.index("subject_id")
        elif ox.NamedNode(expand(fields[column])) not in entities:
            message = (
                f"is mapped in line {number} of {ontology.mappings.name} but is no entity; add it, or correct the row"
            )
            yield Fault(fields[column], "mapping of an entity", message, file=ontology.mappings)


def _form_faults(ontology: Ontology) -> Iterator[Fault]:
    """Yield the files that are not in the canonical form of `kg.turtle`."""
    for path in sorted(ontology.folder.rglob("*.ttl")):
        focus = path.relative_to(ontology.folder).as_posix()
        try:
            changed = unformatted([path])
        except SyntaxFault:
            raise
        except InputError as error:
            message = f"can't be put into canonical form ({error}); write its numbers as integers or decimals"
            yield Fault(focus, "canonical form", message, file=path)
            continue
        if changed:
            message = (
                "is not in canonical form; run kg check --fix (a # comment goes: make it an skos:editorialNote first)"
            )
            yield Fault(focus, "canonical form", message, file=path)


def _query_faults(ontology: Ontology) -> Iterator[Fault]:
    """Yield the queries and rules that do not parse."""
    empty = ox.Store()
    for folder, prefixes in (("queries", PREFIXES), ("rules", {})):
        for path in sorted((ontology.folder / folder).glob("*.rq")):
            text = read_text(path)
            try:
                check_query(text, path.name)
                empty.query(text, prefixes=prefixes)
            except RefusedError as error:
                yield Fault(f"{folder}/{path.name}", "query only reads", f"is refused: {error}", file=path)
            except SyntaxError as error:
                fault = sparql_fault(path.name, error, text)
                message = f"does not parse: {fault}; mend the query at that place"
                yield Fault(f"{folder}/{path.name}", "query parses", message, file=path)
