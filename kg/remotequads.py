"""Which quads of an endpoint does a lens read: all of them, or those about some nodes, as batches of questions.

What comes goes into a store in memory, and the lens is then looked at through as ever, so that a graph elsewhere is read by the
same code as one in memory. Rows are asked for and not triples: a server's blank nodes mean nothing in the next answer, so that
what hangs on them (restrictions, lists) is asked for whole and made anew here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import InputError
from kg.lensgraph import LensGraph
from kg.namespaces import KG, PREFIXES
from kg.paging import all_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    import networkx as nx

    from kg.endpoint import Endpoint, Row
    from kg.lens import Lens

__all__ = ["BATCH", "Copy", "values"]

BATCH = 200
"""Terms in the ``VALUES`` of one query: a few kilobytes, which every server takes."""

_RDF, _RDFS, _OWL, _DCTERMS = (PREFIXES[name] for name in ("rdf", "rdfs", "owl", "dcterms"))
_TYPE, _SUBCLASS, _SUBPROPERTY = _RDF + "type", _RDFS + "subClassOf", _RDFS + "subPropertyOf"
_IRI = "FILTER(isIRI(?s) && isIRI(?o))"
_OURS = ("Claim", "Evidence", "Article", "Publication")
"""Classes of our model, beside those of entities, whose instances a network is made of."""
_TRIPLE = ("s", "p", "o")


class Copy:
    """The part of a graph elsewhere that has been fetched.

    Parameters
    ----------
    endpoint
        Where the graph is.
    lens
        How it is looked at; says what of it is needed.
    title
        What it is called.
    """

    def __init__(self, endpoint: Endpoint, lens: Lens, title: str) -> None:
        self.store = ox.Store()
        self.lens = lens
        self.title = title
        self._endpoint = endpoint
        self._ours = lens.name == "painpath"
        self._blank = 0
        self._fetch(f"?s <{_SUBPROPERTY}> ?o . {_IRI} BIND(<{_SUBPROPERTY}> AS ?p)")
        if self._ours:
            self._fetch(f"?s <{_SUBCLASS}> <{KG}Entity> . BIND(<{_SUBCLASS}> AS ?p) BIND(<{KG}Entity> AS ?o)")

    def view(self) -> LensGraph:
        """Return what has been fetched so far, as the lens shows it; made anew at each call."""
        return LensGraph(self.store, self.lens, title=self.title)

    def network(self) -> nx.MultiDiGraph[str]:
        """Return what has been fetched so far in NetworkX; empty where the lens shows nothing in it yet."""
        import networkx as nx

        try:
            return self.view().read_network()
        except InputError:
            return nx.MultiDiGraph(sources={})

    def is_graded(self) -> bool:
        """Return whether the graph has claims with a standing, here or elsewhere in it."""
        return self._ours and self._endpoint.ask(f"ASK {{ ?s a <{KG}Claim> }}")

    def everything(self) -> None:
        """Fetch all that the lens reads, predicate by predicate."""
        if self._ours:
            kinds = [
                f"{{ ?class <{_SUBCLASS}> <{KG}Entity> }}",
                *(f"{{ BIND(<{KG}{name}> AS ?class) }}" for name in _OURS),
            ]
            for kind in kinds:
                self._fetch(f"{kind} ?s a ?class . ?s ?p ?o . FILTER(isIRI(?s))", distinct=True)
            return
        lens = self.lens
        wanted = {
            *self._edge_predicates(),
            *(inverse for inverse, _ in lens.inverses),
            *self._described(),
            *self._of_statements(),
        }
        for predicate in sorted(wanted):
            objects = "" if predicate in self._literal_properties() else "FILTER(!isBlank(?o))"
            self._fetch(f"?s <{predicate}> ?o . FILTER(isIRI(?s)) {objects} BIND(<{predicate}> AS ?p)")
        if lens.restrictions:
            self._restrictions("")

    def out_edges(self, nodes: Iterable[str]) -> None:
        """Fetch the edges that leave some nodes, given by their IRIs."""
        self._edges(nodes, forward=True)

    def in_edges(self, nodes: Iterable[str]) -> None:
        """Fetch the edges that enter some nodes, given by their IRIs."""
        self._edges(nodes, forward=False)

    def descriptions(self, nodes: Iterable[str]) -> None:
        """Fetch labels, synonyms, definitions, classes, kinds and mappings of some nodes, given by their IRIs."""
        wanted = values("p", sorted(self._described()))
        for batch in _batches(nodes):
            self._fetch(
                f"{values('s', batch)} ?s ?p ?o ." if self._ours else f"{values('s', batch)} {wanted} ?s ?p ?o ."
            )

    def names(self, nodes: Iterable[str]) -> None:
        """Fetch labels, synonyms and classes of some nodes, given by their IRIs."""
        lens = self.lens
        wanted = {_TYPE, *lens.label_property, *lens.synonym_property, *lens.obsolete_property}
        for batch in _batches(nodes):
            self._fetch(f"{values('s', batch)} {values('p', sorted(wanted))} ?s ?p ?o .")

    def kinds(self, nodes: Iterable[str]) -> set[str]:
        """Fetch what is a kind of some nodes, and of these in turn.

        Returns
        -------
        set of str
            IRIs, those given included.
        """
        found = set(nodes)
        rim = found
        properties = self.lens.kind_property
        while rim and properties:
            rows: list[Row] = []
            for batch in _batches(rim):
                rows += self._fetch(f"{values('o', batch)} {values('p', properties)} ?s ?p ?o . FILTER(isIRI(?s))")
            rim = {row[0].value for row in rows if isinstance(row[0], ox.NamedNode)} - found
            found |= rim
        return found

    def members(self, local: str) -> set[str]:
        """Fetch the instances of a class.

        Parameters
        ----------
        local
            Local name of the class, of whatever vocabulary.

        Returns
        -------
        set of str
            IRIs; empty where there is no such class.
        """
        if self._ours:
            rows = self._fetch(f"?s a <{KG}{local}> . BIND(<{_TYPE}> AS ?p) BIND(<{KG}{local}> AS ?o)")
        else:
            # The name is written as a literal: it cannot end the text that it stands in.
            ends = " || ".join(f"STRENDS(STR(?o), {ox.Literal(mark + local)})" for mark in "/#")
            rows = self._fetch(f"?s a ?o . FILTER(isIRI(?s) && isIRI(?o) && ({ends})) BIND(<{_TYPE}> AS ?p)")
        return {row[0].value for row in rows if isinstance(row[0], ox.NamedNode)}

    def example(self, predicate: str) -> bool:
        """Fetch one edge of a relation, given by its IRI, and return whether there is one."""
        for pattern in self._one_edge(predicate):
            rows = self._endpoint.select(f"SELECT ?s ?o {{ {pattern} }} LIMIT 1").rows
            for subject, *_ in rows:
                if isinstance(subject, ox.NamedNode):
                    self.out_edges([subject.value])
                    return True
        return False

    def relations(self) -> set[str]:
        """Return the relations of all edges, and those that the lens names though it may show no edge of them, as IRIs."""
        lens = self.lens
        if self._ours:
            return self._named(f"?c a <{KG}Claim> ; <{_RDF}predicate> ?p .")
        found = self._edge_predicates()
        for verb in lens.statement_predicate:
            found |= self._named(f"?c <{verb}> ?p .")
        if lens.restrictions:
            found |= self._named(f"?r <{_OWL}onProperty> ?p ; <{_OWL}someValuesFrom> ?o . FILTER(isIRI(?o))")
        return found - {inverse for inverse, _ in lens.inverses}

    def _one_edge(self, predicate: str) -> list[str]:
        relation = ox.NamedNode(predicate)
        lens = self.lens
        patterns = [
            f"?c <{verb}> {relation} ; <{subject}> ?s ; <{object_}> ?o . FILTER(isIRI(?s))"
            for verb in lens.statement_predicate
            for subject in lens.statement_subject
            for object_ in lens.statement_object
        ]
        if not lens.edge_predicate or predicate in lens.edge_predicate:
            patterns.append(f"?s {relation} ?o . {_IRI}")
        if lens.restrictions:
            patterns.append(
                f"?r <{_OWL}onProperty> {relation} ; <{_OWL}someValuesFrom> ?o . ?s <{_SUBCLASS}> ?r . {_IRI}"
            )
        return patterns

    def _edges(self, nodes: Iterable[str], *, forward: bool) -> None:
        lens = self.lens
        inverses = [inverse for inverse, _ in lens.inverses]
        here, there = ("s", "o") if forward else ("o", "s")
        for batch in _batches(nodes):
            self._statements(batch, lens.statement_subject if forward else lens.statement_object)
            if inverses and lens.statement_class:
                self._statements(batch, lens.statement_object if forward else lens.statement_subject)
            if lens.edge_predicate:
                straight = [name for name in lens.edge_predicate if name not in inverses]
                self._direct(f"{values(here, batch)} {values('p', straight)} ?s ?p ?o . {_IRI}")
            elif not lens.statement_class or lens.passed_over:
                listed = ", ".join(f"<{name}>" for name in sorted({*self._passed(), *inverses}))
                self._direct(f"{values(here, batch)} ?s ?p ?o . {_IRI} FILTER(?p NOT IN ({listed}))")
            if inverses:
                self._direct(f"{values(there, batch)} {values('p', inverses)} ?s ?p ?o . {_IRI}")
            if lens.restrictions:
                self._restrictions(values("s" if forward else "o", batch))

    def _direct(self, where: str) -> None:
        rows = self._fetch(where)
        ends = {term.value for row in rows for term in (row[0], row[2]) if isinstance(term, ox.NamedNode)}
        # What is obsolete is no node, and what is a statement is no subject of an edge.
        telling = sorted({*self.lens.obsolete_property, *self._of_statements()})
        for batch in _batches(ends) if telling else ():
            self._fetch(f"{values('s', batch)} {values('p', telling)} ?s ?p ?o .")

    def _statements(self, batch: Collection[str], properties: Collection[str]) -> None:
        if not properties:
            return
        pattern = f"{values('x', batch)} {values('end', properties)} ?s ?end ?x . FILTER(isIRI(?s))"
        if self._ours:
            pattern = f"{pattern} ?s a <{KG}Claim> ."
            self._fetch(f"{pattern} ?s ?p ?o .")
            evidence = pattern.replace("?s", "?claim")
            self._fetch(f"{evidence} ?claim <{KG}evidence> ?s . ?s ?p ?o .", distinct=True)
            self._fetch(f"{evidence} ?claim <{KG}evidence>/<{_DCTERMS}source> ?s . ?s ?p ?o .", distinct=True)
        else:
            self._fetch(f"{pattern} ?s ?p ?o . FILTER(!isBlank(?o))")

    def _restrictions(self, bound: str) -> None:
        """Fetch the edges that restrictions make, alone or as members of an intersection, and the genus of the latter."""
        some = f"<{_OWL}onProperty> ?p ; <{_OWL}someValuesFrom> ?o . {_IRI} FILTER(isIRI(?p))"
        for outer in (_SUBCLASS, _OWL + "equivalentClass"):
            rows = all_rows(self._endpoint, f"{bound} ?s <{outer}> ?r . ?r {some}", _TRIPLE, distinct=True)
            self._put_parts(rows, outer, within=False)
            listed = f"?s <{outer}> ?b . ?b <{_OWL}intersectionOf>/<{_RDF}rest>*/<{_RDF}first>"
            rows = all_rows(self._endpoint, f"{bound} {listed} ?r . ?r {some}", _TRIPLE, distinct=True)
            self._put_parts(rows, outer, within=True)
        rows = all_rows(
            self._endpoint, f"{bound} {listed} ?o . {_IRI} BIND(<{_SUBCLASS}> AS ?p)", _TRIPLE, distinct=True
        )
        for subject, _, object_ in rows:
            if isinstance(subject, ox.NamedNode) and isinstance(object_, ox.NamedNode):
                self._intersection(subject, _OWL + "equivalentClass", object_)

    def _put_parts(self, rows: Iterable[Row], outer: str, *, within: bool) -> None:
        for subject, predicate, object_ in rows:
            if not (
                isinstance(subject, ox.NamedNode)
                and isinstance(predicate, ox.NamedNode)
                and isinstance(object_, ox.NamedNode)
            ):
                continue
            part = self._new_blank()
            self.store.add(ox.Quad(part, ox.NamedNode(_OWL + "onProperty"), predicate))
            self.store.add(ox.Quad(part, ox.NamedNode(_OWL + "someValuesFrom"), object_))
            if within:
                self._intersection(subject, outer, part)
            else:
                self.store.add(ox.Quad(subject, ox.NamedNode(outer), part))

    def _intersection(self, subject: ox.NamedNode, outer: str, part: ox.NamedNode | ox.BlankNode) -> None:
        whole, place = self._new_blank(), self._new_blank()
        self.store.add(ox.Quad(subject, ox.NamedNode(outer), whole))
        self.store.add(ox.Quad(whole, ox.NamedNode(_OWL + "intersectionOf"), place))
        self.store.add(ox.Quad(place, ox.NamedNode(_RDF + "first"), part))
        self.store.add(ox.Quad(place, ox.NamedNode(_RDF + "rest"), ox.NamedNode(_RDF + "nil")))

    def _new_blank(self) -> ox.BlankNode:
        self._blank += 1
        return ox.BlankNode(f"part{self._blank}")

    def _fetch(self, where: str, *, distinct: bool = False) -> tuple[Row, ...]:
        """Put the triples ?s ?p ?o of some patterns into the store, and return them."""
        rows = all_rows(self._endpoint, where, _TRIPLE, distinct=distinct)
        self.store.extend(self._quads(rows))
        return rows

    def _quads(self, rows: Iterable[Row]) -> Iterator[ox.Quad]:
        for subject, predicate, object_ in rows:
            # What hangs on blank nodes is asked for whole, see `_restrictions`.
            if object_ is None or isinstance(object_, ox.BlankNode):
                continue
            if isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode):
                yield ox.Quad(subject, predicate, object_)

    def _described(self) -> set[str]:
        lens = self.lens
        return {
            _TYPE,
            *self._literal_properties(),
            *lens.kind_property,
            *lens.mapping_property,
            *lens.obsolete_property,
            *lens.category_property,
        }

    def _literal_properties(self) -> set[str]:
        return {*self.lens.label_property, *self.lens.synonym_property, *self.lens.definition_property}

    def _of_statements(self) -> set[str]:
        lens = self.lens
        return {
            *lens.statement_subject,
            *lens.statement_predicate,
            *lens.statement_object,
            *lens.direction_property,
            *lens.negation_property,
        }

    def _edge_predicates(self) -> set[str]:
        """Return the predicates whose triples are edges."""
        lens = self.lens
        if lens.edge_predicate or (lens.statement_class and not lens.passed_over):
            return set(lens.edge_predicate)
        return self._named(f"?s ?p ?o . {_IRI}") - self._passed()

    def _named(self, where: str) -> set[str]:
        """Return what IRIs ?p is in some patterns."""
        rows = all_rows(self._endpoint, where, ["p"], distinct=True)
        return {row[0].value for row in rows if isinstance(row[0], ox.NamedNode)}

    def _passed(self) -> set[str]:
        """Return what is no edge where any other triple is one; as `kg.lensnetwork` has it."""
        lens = self.lens
        reified = {*lens.statement_subject, *lens.statement_predicate, *lens.statement_object}
        return {*lens.passed_over, *lens.mapping_property, *reified, _TYPE}


def values(name: str, iris: Iterable[str]) -> str:
    """Return the clause that binds a variable to each of some IRIs.

    >>> values("x", ["http://example.org/a"])
    'VALUES ?x { <http://example.org/a> }'

    Raises
    ------
    ValueError
        If one is no IRI.
    """
    return f"VALUES ?{name} {{ {' '.join(str(ox.NamedNode(iri)) for iri in iris)} }}"


def _batches(iris: Iterable[str]) -> Iterator[list[str]]:
    listed = sorted(set(iris))
    for start in range(0, len(listed), BATCH):
        yield listed[start : start + BATCH]
