"""A graph that is not ours in NetworkX, as a lens shows it.

Nodes and edges have the attributes of `kg.network` that the graph can fill: nodes ``label``, ``classes``, ``definition``,
``note``, ``iri``, ``synonyms``, ``broader``, ``identifiers``, ``category``; edges ``predicate``, ``sign``, ``label`` and
``asserted``, under the CURIE of their statement or, for a direct triple, of its predicate. They have no certainty, standing or
evidence, since there is nothing to read them from.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import networkx as nx
import pyoxigraph as ox

from kg.lensedges import pairs
from kg.limits import unwatched
from kg.namespaces import PREFIXES, compact, register
from kg.terms import Named, Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.lens import Lens
    from kg.lensedges import LensEdge

__all__ = [
    "lens_network",
    "lens_nodes",
    "literals",
    "node_names",
    "relation_words",
]

_RDF, _RDFS, _OWL, _SKOS, _OBO = (PREFIXES[name] for name in ("rdf", "rdfs", "owl", "skos", "obo"))
_A = ox.NamedNode(_RDF + "type")
_SUBCLASS = _RDFS + "subClassOf"
_META = (_OWL, _RDFS, _RDF)
"""Classes of these namespaces say how something is described, not what it is."""

_WORDS = {
    _RDFS + "subClassOf": "is a kind of",
    _SKOS + "broader": "is a kind of",
    _SKOS + "broaderTransitive": "is a kind of",
    _SKOS + "related": "is related to",
    _SKOS + "exactMatch": "is the same as",
    _SKOS + "closeMatch": "is nearly the same as",
    _SKOS + "broadMatch": "is a kind of",
    _SKOS + "narrowMatch": "is wider than",
    _SKOS + "relatedMatch": "is related to",
}
_PLACE = re.compile(r" (of|in|to|from|with|by|on|at)\b|^in |^on ")
_CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069]")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_+")


def literals(store: ox.Store, properties: Iterable[str]) -> dict[str, str]:
    """Return one text for each subject: of the first property that has one, in English before no language before others.

    Parameters
    ----------
    store
        All graphs are read as one.
    properties
        In the order of their worth.

    Returns
    -------
    dict
        IRI and text.
    """
    best: dict[str, tuple[int, str, str]] = {}
    for property_ in properties:
        found: dict[str, tuple[int, str, str]] = {}
        for quad in store.quads_for_pattern(None, ox.NamedNode(property_), None, None):
            if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
                language = quad.object.language or ""
                ranked = (_language_rank(language), language, quad.object.value)
                if ranked < found.get(quad.subject.value, (9, "", "")):
                    found[quad.subject.value] = ranked
        best = {**found, **best}
    return {iri: _clean(text) for iri, (_, _, text) in best.items()}


def _clean(text: str) -> str:
    """Return a stranger's text without what would move a terminal's cursor, or turn the direction of what follows."""
    return text if text.isprintable() else " ".join(_CONTROL.sub(" ", text).split())


def _language_rank(language: str) -> int:
    return 0 if language == "en" else 1 if language.startswith("en") or not language else 2


def lens_nodes(store: ox.Store, lens: Lens, edges: Iterable[LensEdge]) -> list[str]:
    """Return the nodes of a graph as a lens shows it.

    Parameters
    ----------
    store
        All graphs are read as one.
    lens
        Which classes are nodes; where it names none, edges and labels make them.
    edges
        As `lens_edges` gives them.

    Returns
    -------
    list of str
        IRIs in order. Obsolete terms are none. The prefixes of OBO vocabularies among them are known from here on.
    """
    listed = list(edges)
    ends = {end for edge in listed for end in (edge.subject, edge.object)}
    if lens.node_class:
        found = {
            quad.subject.value
            for name in lens.node_class
            for quad in store.quads_for_pattern(None, _A, ox.NamedNode(name), None)
            if isinstance(quad.subject, ox.NamedNode)
        }
        found |= ends
    else:
        statements = {edge.statement for edge in listed if edge.statement}
        relations = {edge.predicate for edge in listed}
        found = ends | (set(literals(store, lens.label_property)) - statements - relations)
    for property_ in lens.obsolete_property:
        for quad in store.quads_for_pattern(None, ox.NamedNode(property_), None, None):
            if isinstance(quad.object, ox.Literal) and quad.object.value in {"true", "1"}:
                found.discard(quad.subject.value)  # type: ignore[union-attr] # no quoted triples
    found.discard(_OWL + "Thing")
    for prefix in sorted({iri[len(_OBO) :].rpartition("_")[0] for iri in found if iri.startswith(_OBO)}):
        if prefix.isalnum():
            register(prefix, f"{_OBO}{prefix}_")
    return sorted(found)


def node_names(store: ox.Store, lens: Lens, nodes: Iterable[str]) -> Names:
    """Return the labels, synonyms and classes of the nodes of a graph as a lens shows it.

    Parameters
    ----------
    store
        All graphs are read as one.
    lens
        Which properties are labels and synonyms.
    nodes
        As `lens_nodes` gives them.

    Returns
    -------
    Names
        To be asked as those of our own graph.
    """
    labels = literals(store, lens.label_property)
    synonyms = _texts(store, lens.synonym_property)
    classes = _classes(store, lens)
    found = {}
    for iri in nodes:
        label = labels.get(iri)
        found[iri] = Named(label, tuple(synonyms.get(iri, ())), classes.get(iri) or _vocabulary(compact(iri)))
    return Names.of(found)


def relation_words(store: ox.Store, lens: Lens, predicates: Iterable[str]) -> dict[str, str]:
    """Return how each relation is read between subject and object: its label, or the words in its name."""
    labels = literals(store, lens.label_property)
    words = {}
    for predicate in predicates:
        name = re.split(r"[/#]", predicate)[-1]
        said = labels.get(predicate, "").replace("_", " ") or _HUMP.sub(" ", name).strip().lower() or predicate
        words[predicate] = _WORDS.get(predicate) or _verb(said)
    return words


def _verb(words: str) -> str:
    """Return a relation as what stands between subject and object.

    >>> _verb("part of"), _verb("develops from"), _verb("is substance that treats"), _verb("friend")
    ('is part of', 'develops from', 'is substance that treats', 'friend')
    """
    first, *rest = words.split(" ")
    return f"is {words}" if rest and not first.endswith("s") and _PLACE.search(words) else words


def lens_network(
    store: ox.Store, lens: Lens, nodes: Sequence[str], edges: Sequence[LensEdge], name: str = "graph"
) -> nx.MultiDiGraph[str]:
    """Return the network of a graph as a lens shows it.

    Parameters
    ----------
    store
        All graphs are read as one.
    lens
        What is a node, an edge, a label and a sign.
    nodes, edges
        As `lens_nodes` and `lens_edges` give them.
    name
        Name of the network.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes and edges in IRI order, with the attributes that this module lists. Time and room grow with the graph; a
        million edges take some seconds.
    """
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=name, sources={}, lens=lens.name)
    with unwatched():
        curies = {iri: compact(iri) for iri in nodes}
        labels = literals(store, lens.label_property)
        definitions = literals(store, lens.definition_property)
        synonyms = _texts(store, lens.synonym_property)
        broader = _terms(store, lens.kind_property)
        identifiers = _pairs_by_subject(store, lens.mapping_property)
        classes = _classes(store, lens)
        categories = {iri: found[0] for iri, found in _terms(store, lens.category_property).items()}
        for iri in nodes:
            curie = curies[iri]
            label = labels.get(iri) or curie
            network.add_node(
                curie,
                label=label,
                classes=classes.get(iri) or _vocabulary(curie),
                definition=definitions.get(iri, ""),
                note="",
                iri=iri,
                synonyms=tuple(sorted(set(synonyms.get(iri, ())) - {label})),
                broader=tuple(sorted({curies[up] for up in broader.get(iri, ()) if up in curies})),
                identifiers=tuple(sorted(identifiers.get(iri, ()))),
                category=compact(categories.get(iri, "")),
            )
        words = relation_words(store, lens, sorted({edge.predicate for edge in edges}))
        relations = {predicate: compact(predicate) for predicate in words}
        network.graph["relations"] = "\n".join(f"{relations[predicate]} {text}" for predicate, text in words.items())
        for edge in edges:
            if edge.subject in curies and edge.object in curies and edge.subject != edge.object:
                network.add_edge(
                    curies[edge.subject],
                    curies[edge.object],
                    key=compact(edge.statement) if edge.statement else relations[edge.predicate],
                    predicate=relations[edge.predicate],
                    sign=edge.sign,
                    asserted=edge.asserted,
                    label=" ".join((
                        labels.get(edge.subject) or curies[edge.subject],
                        words[edge.predicate],
                        labels.get(edge.object) or curies[edge.object],
                    )),
                )
    return network


def _texts(store: ox.Store, properties: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for property_ in properties:
        for quad in store.quads_for_pattern(None, ox.NamedNode(property_), None, None):
            if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
                found[quad.subject.value].append(_clean(quad.object.value))
    return found


def _terms(store: ox.Store, properties: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for property_ in properties:
        for subject, object_ in pairs(store, property_):
            found[subject].append(object_)
    return {subject: sorted(objects) for subject, objects in found.items()}


def _pairs_by_subject(store: ox.Store, properties: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for property_ in properties:
        relation = compact(property_)
        # An OBO cross-reference does not say how near the two are.
        relation = "xref" if relation.endswith(("hasDbXref", ":xref")) else relation
        for quad in store.quads_for_pattern(None, ox.NamedNode(property_), None, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                found[quad.subject.value].add((relation, compact(quad.object.value)))
            elif isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                found[quad.subject.value].add((relation, quad.object.value))
    return found


def _classes(store: ox.Store, lens: Lens) -> dict[str, tuple[str, ...]]:
    """Return the local names of what each subject is an instance of, but for what only says that it is a node.

    ``Strategy`` is among them where the lens calls one of its classes so.
    """
    found: dict[str, set[str]] = defaultdict(set)
    passed, chosen, strategies = set(lens.node_class), set(lens.strategy_class), set()
    for quad in store.quads_for_pattern(None, _A, None, None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            name = quad.object.value
            if name not in passed and not name.startswith(_META):
                found[quad.subject.value].add(re.split(r"[/#]", name)[-1] or name)
            if name in chosen:
                strategies.add(quad.subject.value)
    for names in found.values():
        if len(names) > 1:
            names.discard("NamedThing")  # of Biolink: everything is one
    for iri in strategies:
        found[iri].add("Strategy")
    return {iri: tuple(sorted(names)) for iri, names in found.items()}


def _vocabulary(curie: str) -> tuple[str, ...]:
    """Return, where classes tell nothing, which vocabulary a term is of, so that a page can tell them apart."""
    prefix, colon, local = curie.partition(":")
    return (prefix,) if colon and not local.startswith("//") else ()
