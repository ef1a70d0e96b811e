"""All about one entity: what it is, where it is, what leads to it, what it leads to, what helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.citations import UNASSERTED, cited
from kg.errors import UnknownTermError
from kg.network import relations_in_words

if TYPE_CHECKING:
    import networkx as nx

    from kg.evidence import Evidence, Source

__all__ = ["Description", "Group", "Statement", "description", "description_text"]

_ALIKE = {"is a kind of": "skos:broader", "is part of": "kg:partOf", "is located in": "kg:locatedIn"}
"""What relations of other vocabularies are read as; by their words, since these are many and those are not."""

_STRUCTURE = {"kg:partOf", "kg:locatedIn", "kg:connectedTo"}


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim as seen from the entity."""

    claim: str
    text: str
    other: str
    """CURIE of the entity at the other end."""
    certainty: str
    standing: str
    asserted: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The statements under one heading."""

    heading: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """What the graph says of one entity."""

    curie: str
    iri: str
    label: str
    classes: tuple[str, ...]
    definition: str
    note: str
    synonyms: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    """In reading order; headings without statements are left out."""
    sources: tuple[Source, ...]
    """The documents that the statements cite."""


_HEADINGS = (
    "Where it is",
    "What leads to it",
    "What it leads to",
    "What helps",
    "What it helps against",
    "What it is a kind of",
    "Kinds of it",
    "What else is said",
)


def description(network: nx.MultiDiGraph[str], node: str) -> Description:
    """Return what the graph says of one entity.

    Parameters
    ----------
    network
        As `kg.network` describes it.
    node
        CURIE.

    Returns
    -------
    Description
        Statements in the order of their text within each heading.

    Raises
    ------
    UnknownTermError
        If the node is not in the network.
    """
    if node not in network:
        raise UnknownTermError(node)
    attributes = network.nodes[node]
    sources = network.graph.get("sources", {})
    said = relations_in_words(network)
    grouped: dict[str, list[Statement]] = {heading: [] for heading in _HEADINGS}
    cited_sources = set()
    edges = [(False, object_, key, edge) for _, object_, key, edge in network.out_edges(node, keys=True, data=True)]
    edges += [(True, subject, key, edge) for subject, _, key, edge in network.in_edges(node, keys=True, data=True)]
    for incoming, other, key, edge in edges:
        statement = Statement(
            key,
            edge["label"],
            other,
            edge.get("certainty", ""),
            edge.get("standing", ""),
            edge.get("asserted", True),
            edge.get("evidence", ()),
        )
        relation = edge["predicate"]
        relation = _ALIKE.get(said.get(relation, ""), relation)
        grouped[_heading(relation, edge["sign"], incoming=incoming)].append(statement)
        cited_sources.update(edge.get("sources", ()))
    return Description(
        curie=node,
        iri=attributes["iri"],
        label=attributes["label"],
        classes=attributes["classes"],
        definition=attributes["definition"],
        note=attributes["note"],
        synonyms=attributes["synonyms"],
        identifiers=attributes["identifiers"],
        groups=tuple(
            Group(heading, tuple(sorted(statements, key=lambda statement: (statement.text, statement.claim))))
            for heading, statements in grouped.items()
            if statements
        ),
        sources=tuple(sorted(sources[source] for source in cited_sources if source in sources)),
    )


def _heading(predicate: str, sign: int, *, incoming: bool) -> str:
    if predicate in _STRUCTURE:
        return "Where it is" if not incoming else "What else is said"
    if predicate == "skos:broader":
        return "Kinds of it" if incoming else "What it is a kind of"
    if sign > 0:
        return "What leads to it" if incoming else "What it leads to"
    if sign < 0:
        return "What helps" if incoming else "What it helps against"
    return "What else is said"


def description_text(found: Description) -> str:
    """Return a description as plain text.

    Parameters
    ----------
    found
        What to write.

    Returns
    -------
    str
        Ends with a line break. Each statement has its certainty, its standing and its sources.
    """
    sources = {source.id: source for source in found.sources}
    lines = [f"{found.label}  ({found.curie})"]
    lines += [f"  {text}" for text in (", ".join(map(_words, found.classes)), found.definition) if text]
    if found.note:
        lines.append(f"  Note: {found.note}")
    if found.synonyms:
        lines.append(f"  Also called: {', '.join(found.synonyms)}")
    for group in found.groups:
        lines += ["", group.heading]
        for statement in group.statements:
            # A graph that is not ours may say none of these.
            marks = ", ".join(filter(None, (statement.certainty.lower(), statement.standing.lower())))
            if not statement.asserted:
                marks = "; ".join(filter(None, (marks, UNASSERTED)))
            lines.append(f"  {statement.text}  [{marks}]" if marks else f"  {statement.text}")
            if statement.evidence:
                lines.append(f"      {cited(statement.evidence, sources)}")
    if found.identifiers:
        lines += ["", "Identifiers"]
        width = max(len(relation) for relation, _ in found.identifiers)
        lines += [f"  {relation.ljust(width)}  {identifier}" for relation, identifier in found.identifiers]
    return "\n".join(lines) + "\n"


def _words(name: str) -> str:
    """Return a class name as words.

    >>> _words("AnatomicalStructure"), _words("UBERON")
    ('anatomical structure', 'UBERON')
    """
    if name.isupper():
        return name
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
