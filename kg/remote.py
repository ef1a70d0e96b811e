"""A graph behind a SPARQL endpoint: asked where it is, and fetched only as far as an answer needs it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pyoxigraph as ox

from kg.anygraph import AnyGraph
from kg.errors import InputError, UnknownTermError
from kg.faults import sparql_fault, without_literals
from kg.lens import lens as lens_called
from kg.lens import lens_names, narrower
from kg.lexer import opening, query_form
from kg.namespaces import KG, PREFIXES, compact, expand
from kg.ontology import packaged
from kg.paging import all_triples, whole_answer
from kg.queries import is_ordered, row_key
from kg.remotenames import RemoteNames
from kg.remotequads import Copy
from kg.results import Answer, Result, Solutions, Triples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import networkx as nx

    from kg.endpoint import Endpoint
    from kg.lens import Lens
    from kg.lensgraph import LensGraph
    from kg.paths import CausalPaths, PathOptions, Sign
    from kg.queries import Parameter

__all__ = ["RemoteGraph"]

_PREFIX = re.compile(r"(?<![\w?$.-])([A-Za-z_][\w.-]*):")
_DECLARED = re.compile(r"\bPREFIX\s+([\w.-]*):", re.IGNORECASE)
_ANY = re.IGNORECASE | re.DOTALL
_MOST_GRAPHS = 100


class RemoteGraph(AnyGraph):
    """The graph behind an endpoint, as a lens shows it.

    Parameters
    ----------
    endpoint
        Where it is.
    lens
        What in it is a node, an edge, a label and a sign; None to guess when it is first needed.
    tell
        Is given what was guessed, in a line.
    """

    def __init__(
        self, endpoint: Endpoint, lens: Lens | None = None, *, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self.endpoint = endpoint
        self.title = urlsplit(endpoint.url).netloc
        self.library = packaged().queries
        self._given = lens
        self._tell = tell
        self._choose_graphs()

    def __len__(self) -> int:
        return self.endpoint.count("?s ?p ?o")

    def __repr__(self) -> str:
        return f"<RemoteGraph at {self.endpoint.name}>"

    def _choose_graphs(self) -> None:
        """Ask for the union of the named graphs where the server takes an empty graph unless told otherwise."""
        if self.endpoint.graphs:
            return
        if self.endpoint.ask("ASK { ?s ?p ?o }"):
            self._warn_of_graphs_apart()
            return
        rows = self.endpoint.select(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {_MOST_GRAPHS + 1}").rows
        graphs = sorted(row[0].value for row in rows if isinstance(row[0], ox.NamedNode))
        if not graphs:
            raise InputError(f"{self.endpoint.name} holds no triples")
        if len(graphs) > _MOST_GRAPHS:
            raise InputError(
                f"the default graph of {self.endpoint.name} is empty, and it has more than {_MOST_GRAPHS} others; "
                "start the server so that its default graph is the union of all"
            )
        self.endpoint.graphs = tuple(graphs)
        self._tell(f"the default graph is empty, so all {len(graphs)} named graphs are asked as one")

    def _warn_of_graphs_apart(self) -> None:
        """Tell where named graphs are no part of the default graph, as is seen by a few of their triples."""
        rows = self.endpoint.select(
            "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(isIRI(?s) && isIRI(?o)) } LIMIT 3"
        ).rows
        terms = [" ".join(map(str, row)) for row in rows if all(isinstance(term, ox.NamedNode) for term in row)]
        if any(not self.endpoint.ask(f"ASK {{ {triple} }}") for triple in terms):
            self._tell(
                f"only the default graph of {self.endpoint.name} is asked, and not its named graphs; "
                "start the server so that the default graph is the union of all"
            )

    @cached_property
    def lens(self) -> Lens:
        """How the graph is looked at."""
        if self._given is not None:
            return self._given
        name, why = self._guess()
        self._tell(f"read through the lens {name} ({why}); --lens {', '.join(lens_names())} or FILE chooses another")
        return lens_called(name)

    def _guess(self) -> tuple[str, str]:
        # Counting would take a large store minutes: what there is one of is enough to know what the whole is written in.
        for name, kind, what in (
            ("painpath", KG + "Claim", "claims"),
            ("biolink", PREFIXES["biolink"] + "Association", "Biolink associations"),
            ("skos", PREFIXES["skos"] + "Concept", "SKOS concepts"),
            ("owl", PREFIXES["owl"] + "Class", "classes"),
        ):
            if self.endpoint.ask(f"ASK {{ ?s a <{kind}> }}"):
                return name, f"it holds {what}"
        return "rdf", "nothing in it is of a kind that another lens is for"

    @property
    def path_sign(self) -> Sign:  # type: ignore[override] # follows from the lens
        """Which steps make a pathway unless the reader says so."""
        return self.lens.default_sign

    @cached_property
    def path_predicates(self) -> tuple[str, ...]:  # type: ignore[override] # asked for when first needed
        """Those of the lens, with their subproperties, that the graph has edges of."""
        if not self.lens.path_predicate:
            return ()
        copy = self._copy()
        wanted = narrower(copy.store, self.lens.path_predicate)
        return tuple(sorted(compact(predicate) for predicate in wanted if copy.example(predicate)))

    @cached_property
    def names(self) -> RemoteNames:
        """The labels and synonyms of the terms."""
        return RemoteNames(self.endpoint, self.lens)

    def _copy(self) -> Copy:
        return Copy(self.endpoint, self.lens, self.title)

    def run(self, text: str, params: Mapping[str, Parameter] | None = None, *, source: str = "query") -> Result:
        """Return what SPARQL text answers at the endpoint; as `kg.queries.run`, errors included."""
        query = _with_prefixes(_bound(text, params or {}, source))
        kind = query_form(query)
        try:
            if kind == "ASK":
                return Answer(self.endpoint.ask(query))
            if kind in {"CONSTRUCT", "DESCRIBE"}:
                return Triples(tuple(sorted(set(all_triples(self.endpoint, query)), key=str)))
            rows = whole_answer(self.endpoint, query)
        except InputError as error:
            # The server has refused it. Its words are of its own kind; if our parser refuses it too, ours are clearer.
            try:
                ox.Store().query(query)
            except SyntaxError as fault:
                raise sparql_fault(source, fault, text) from error
            raise
        listed = list(rows.rows)
        if not is_ordered(text):
            listed.sort(key=row_key)
        return Solutions(rows.variables, tuple(listed))

    def read_network(self) -> nx.MultiDiGraph[str]:
        """Return the whole graph in NetworkX, fetched predicate by predicate."""
        return self.fetched().read_network()

    def fetched(self) -> LensGraph:
        """Return all that the lens reads of the graph, fetched into memory; what it does not read is not in it."""
        copy = self._copy()
        copy.everything()
        return copy.view()

    def around(self, node: str) -> nx.MultiDiGraph[str]:
        """Return the part of the network that speaks of one node; see `AnyGraph.around`."""
        iri = expand(node)
        copy = self._copy()
        copy.descriptions([iri])
        copy.out_edges([iri])
        copy.in_edges([iri])
        copy.descriptions({expand(end) for end in copy.network()})
        if node not in copy.network():
            raise UnknownTermError(node)
        return copy.view().around(node)

    def _relation_words(self) -> Mapping[str, str]:
        from kg.lensnetwork import relation_words

        copy = self._copy()
        relations = copy.relations()
        if self.lens.name == "painpath":
            return {compact(relation): "" for relation in relations}
        copy.descriptions(relations)
        words = relation_words(copy.store, self.lens, sorted(relations))
        return {compact(relation): said for relation, said in words.items()}

    def _paths(
        self, sources: str | Iterable[str], targets: str | Iterable[str], sign: Sign, options: PathOptions
    ) -> CausalPaths:
        # Without downloading the graph.
        from kg.frontiers import remote_paths

        return remote_paths(self._copy(), sources, targets, sign=sign, **options)


def _with_prefixes(query: str) -> str:
    """Return a query with the prefixes declared that it uses and this package knows."""
    code = without_literals(query)
    missing = set(_PREFIX.findall(code)) - set(_DECLARED.findall(code))
    lines = [f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in sorted(missing) if prefix in PREFIXES]
    return "".join(lines) + query


def _bound(query: str, params: Mapping[str, Parameter], source: str) -> str:
    """Return a query with terms in place of some variables, which stay among its columns.

    Terms are written by pyoxigraph and put where a variable stands, never within a string or an IRI. ``VALUES`` would do by the
    standard, but Virtuoso 7 forgets it beside a UNION.
    """
    if not params:
        return query
    code = without_literals(query)
    word = opening(query)
    start = word.start if word else 0
    selects = query_form(query) == "SELECT"
    where = code.find("{", start) if selects else start
    if where < 0:
        raise InputError(f"{source}: there is no pattern in it to set {', '.join(sorted(params))} for")
    end = code.rfind("}") + 1
    group = re.search(r"\bGROUP\s+BY\b(.*?)(?:\bHAVING\b|\bORDER\b|\bLIMIT\b|\bOFFSET\b|$)", code[end:], _ANY)
    pieces: list[tuple[int, int, str]] = []
    for name, term in params.items():
        variable = re.compile(rf"[?$]{re.escape(name)}(?![\w])")
        if selects and "*" not in code[start:where] and not variable.search(code, start, where):
            raise InputError(f"{source}: ?{name} is not among the columns, so it cannot be set")
        named = f"({term} AS ?{name})"
        pieces += [(found.start(), found.end(), str(term)) for found in variable.finditer(code, where, end)]
        grouped = group is not None and variable.search(group[1])
        if group is not None and grouped:
            begin, stop = end + group.start(1), end + group.end(1)
            pieces += [(found.start(), found.end(), named) for found in variable.finditer(code, begin, stop)]
        elif selects:
            pieces += [(found.start(), found.end(), named) for found in variable.finditer(code, start, where)]
    for begin, stop, written in sorted(pieces, reverse=True):
        query = query[:begin] + written + query[stop:]
    return query
