"""Is a graph that is not ours whole, as its lens shows it: labels, terms that are used and described nowhere, circles of kinds.

What a graph of claims has to be is said by its shapes (`kg.check`); here is what holds for any graph that people look things up
in. A user's own SHACL shapes can be added.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import networkx as nx
import pyoxigraph as ox

from kg.check import Fault, shape_faults
from kg.lensnetwork import literals
from kg.namespaces import PREFIXES, compact
from kg.ontology import packaged
from kg.terms import folded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.lensgraph import LensGraph

__all__ = ["lens_faults"]

_A = ox.NamedNode(PREFIXES["rdf"] + "type")
_SHOWN = 3


def lens_faults(graph: LensGraph, shapes: Path | None = None) -> list[Fault]:
    """Return what is amiss in a graph as its lens shows it.

    Parameters
    ----------
    graph
        Any; one of our own model is held to our shapes.
    shapes
        A Turtle file of SHACL shapes to hold it to as well; in place of ours for a graph of our own model.

    Returns
    -------
    list of Fault
        Sorted by focus, rule and message; empty where all is well.

    Raises
    ------
    SyntaxFault
        If the file of shapes does not parse.
    InputError
        If it can't be read, or a shape is not one that SHACL knows.
    """
    found: list[Fault] = []
    if graph.lens.name == "painpath":
        found += shape_faults(graph.store, shapes or packaged().shapes)
    else:
        found += [*_nameless(graph), *_shared_names(graph), *_undescribed(graph), *_obsolete(graph)]
        found += [*_circles(graph), *_broken_statements(graph)]
        if shapes is not None:
            found += shape_faults(graph.store, shapes)
    return sorted(set(found), key=lambda fault: (fault.focus, fault.rule, fault.message, fault.value))


def _labels(graph: LensGraph) -> dict[str, str]:
    return literals(graph.store, graph.lens.label_property)


def _described(graph: LensGraph) -> set[str]:
    """Return the nodes that the graph says something of, and not only with."""
    typed = {
        quad.subject.value
        for name in graph.lens.node_class
        for quad in graph.store.quads_for_pattern(None, _A, ox.NamedNode(name), None)
        if isinstance(quad.subject, ox.NamedNode)
    }
    return typed or {node for node in graph.nodes if any(_about(graph, node))}


def _about(graph: LensGraph, node: str) -> Iterator[bool]:
    for _ in graph.store.quads_for_pattern(ox.NamedNode(node), None, None, None):
        yield True


def _nameless(graph: LensGraph) -> Iterator[Fault]:
    labels, described = _labels(graph), _described(graph)
    for node in graph.nodes:
        if node in described and node not in labels:
            properties = ", ".join(map(compact, graph.lens.label_property))
            yield Fault(compact(node), "label", f"has no label; add one of {properties}")


def _shared_names(graph: LensGraph) -> Iterator[Fault]:
    by_label: dict[str, list[str]] = defaultdict(list)
    labels = _labels(graph)
    for node in graph.nodes:
        if node in labels:
            by_label[folded(labels[node])].append(node)
    for nodes in by_label.values():
        for node in nodes if len(nodes) > 1 else ():
            others = ", ".join(compact(other) for other in nodes if other != node)
            yield Fault(
                compact(node), "one label, one term", f"has the label of {others}; keep it with one", labels[node]
            )


def _undescribed(graph: LensGraph) -> Iterator[Fault]:
    described, labels = _described(graph), _labels(graph)
    users: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        for end in (edge.subject, edge.object):
            if end not in described and end not in labels:
                users[end].append(edge.subject if end == edge.object else edge.object)
    for node, by in users.items():
        message = f"is described nowhere but used by {_some(by)}; load the file that describes it too, or drop it"
        yield Fault(compact(node), "used and described", message)


def _obsolete(graph: LensGraph) -> Iterator[Fault]:
    nodes = set(graph.nodes)
    users: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        if edge.object not in nodes and edge.subject in nodes:
            users[edge.object].append(edge.subject)
    gone = {
        quad.subject.value
        for property_ in graph.lens.obsolete_property
        for quad in graph.store.quads_for_pattern(None, ox.NamedNode(property_), None, None)
        if isinstance(quad.subject, ox.NamedNode)
    }
    for node, by in users.items():
        if node in gone:
            yield Fault(compact(node), "obsolete", f"is obsolete but used by {_some(by)}; use what replaces it")


def _circles(graph: LensGraph) -> Iterator[Fault]:
    for property_ in graph.lens.kind_property:
        kinds: nx.DiGraph[str] = nx.DiGraph()
        kinds.add_edges_from((edge.subject, edge.object) for edge in graph.edges if edge.predicate == property_)
        for circle in nx.strongly_connected_components(kinds):
            if len(circle) > 1 or any(kinds.has_edge(node, node) for node in circle):
                message = (
                    f"is by {compact(property_)} a kind of itself, through {_some(sorted(circle))}; take one step out"
                )
                yield Fault(compact(min(circle)), "no circle of kinds", message)


def _broken_statements(graph: LensGraph) -> Iterator[Fault]:
    lens, store = graph.lens, graph.store
    parts = {
        "subject": lens.statement_subject,
        "predicate": lens.statement_predicate,
        "object": lens.statement_object,
    }
    having = {
        name: {
            quad.subject
            for property_ in properties
            for quad in store.quads_for_pattern(None, ox.NamedNode(property_), None, None)
        }
        for name, properties in parts.items()
    }
    for name in lens.statement_class:
        for quad in store.quads_for_pattern(None, _A, ox.NamedNode(name), None):
            missing = [part for part, subjects in having.items() if quad.subject not in subjects]
            if missing:
                focus = compact(quad.subject.value) if isinstance(quad.subject, ox.NamedNode) else "a statement"
                yield Fault(focus, "whole statement", f"has no {' and no '.join(missing)}; add it")


def _some(nodes: list[str]) -> str:
    names = [compact(node) for node in sorted(set(nodes))]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
