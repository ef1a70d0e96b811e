"""How to look at a graph that is not ours: what in it is a node, an edge, a label and a sign.

A lens is a Turtle file with one ``kg:Lens``, in the words of ``schema.ttl``. Its properties are listed in `Lens`; the sign of a
relation is said as everywhere: ``biolink:causes rdfs:subPropertyOf kg:increases``. What holds the other way round is said as
``skos:narrower owl:inverseOf skos:broader``, and is read as the latter. The lenses that come with this package are in
``ontology/lenses``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.errors import InputError
from kg.namespaces import KG, PREFIXES, compact
from kg.ontology import packaged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.paths import Sign

__all__ = ["Lens", "lens", "lens_names", "narrower", "parse_lens", "signs_in", "signs_of"]

_RDF, _RDFS, _OWL = (PREFIXES[name] for name in ("rdf", "rdfs", "owl"))
_A = ox.NamedNode(_RDF + "type")
_SUBPROPERTY, _INVERSE, _LABEL = (
    ox.NamedNode(iri) for iri in (_RDFS + "subPropertyOf", _OWL + "inverseOf", _RDFS + "label")
)
_SIGNS = {KG + "increases": 1, KG + "decreases": -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """What in a graph is what; all terms are IRIs. Each field is written as ``kg:`` and its name in camel case."""

    name: str
    """File name without its ending."""
    title: str
    """What it is for, in a few words (``rdfs:label``)."""
    node_class: tuple[str, ...] = ()
    """Instances of these are nodes; without any, whatever an edge joins is one."""
    edge_predicate: tuple[str, ...] = ()
    """Triples of these are edges; without any, each triple that joins two nodes by another predicate than `passed_over`."""
    passed_over: tuple[str, ...] = ()
    restrictions: bool = False
    """Whether ``A rdfs:subClassOf [ owl:onProperty r ; owl:someValuesFrom B ]`` is the edge A r B."""
    statement_class: tuple[str, ...] = ()
    """Instances of these are edges of their own, with subject, predicate and object by the next three."""
    statement_subject: tuple[str, ...] = ()
    statement_predicate: tuple[str, ...] = ()
    statement_object: tuple[str, ...] = ()
    direction_property: tuple[str, ...] = ()
    """Of a statement: its value is one of the next two where the statement's sign is not that of its predicate."""
    increases_value: tuple[str, ...] = ()
    decreases_value: tuple[str, ...] = ()
    negation_property: tuple[str, ...] = ()
    """Of a statement: true where it says that something does not hold."""
    label_property: tuple[str, ...] = ()
    """An ordered list: what comes first wins."""
    synonym_property: tuple[str, ...] = ()
    definition_property: tuple[str, ...] = ()
    """An ordered list."""
    kind_property: tuple[str, ...] = ()
    """Leads from a kind to what it is a kind of."""
    mapping_property: tuple[str, ...] = ()
    """Leads to the same thing in another vocabulary."""
    obsolete_property: tuple[str, ...] = ()
    """True of what is no node any more."""
    strategy_class: tuple[str, ...] = ()
    """Instances of these are strategies: what can be chosen to act on something, as plans need it."""
    category_property: tuple[str, ...] = ()
    """Leads to a term's Biolink category, where its classes are none."""
    path_predicate: tuple[str, ...] = ()
    """Relations that a pathway of structure is made of, with their subproperties, unless the reader names others."""
    path_sign: Sign | None = None
    """Steps of a pathway unless the reader says so: ``any`` for those with a sign, ``none`` for structure."""
    signs: tuple[tuple[str, int], ...] = ()
    """Relation and sign, 1 or -1, as ``rdfs:subPropertyOf`` says in the lens."""
    inverses: tuple[tuple[str, str], ...] = ()
    """Relation, and the one that says the same from the other end and is read in its place."""

    @property
    def default_sign(self) -> Sign:
        """`path_sign`, or what follows from whether the lens knows any sign."""
        return self.path_sign or ("any" if self.signs or self.statement_class else "none")


_LISTS = {"label_property", "definition_property"}
_FLAGS = {"restrictions"}
_TEXTS = {"increases_value", "decreases_value"}
_DERIVED = {"name", "title", "path_sign", "signs", "inverses"}


def _written(field: str) -> str:
    """Return a field's name as a property is written.

    >>> _written("label_property")
    'labelProperty'
    """
    first, *rest = field.split("_")
    return first + "".join(word.capitalize() for word in rest)


_FIELDS = {KG + _written(field.name): field.name for field in fields(Lens) if field.name not in _DERIVED}


def lens_names() -> list[str]:
    """Return the names of the lenses that come with this package, in alphabetical order."""
    return sorted(path.stem for path in packaged().lenses.glob("*.ttl"))


def lens(name: str) -> Lens:
    """Return a lens.

    Parameters
    ----------
    name
        Of one that comes with this package, or a file.

    Returns
    -------
    Lens
        As its file says.

    Raises
    ------
    SyntaxFault
        If the file does not parse.
    InputError
        If there is no such lens or file, or it is no lens.
    """
    if name in lens_names():
        return parse_lens(packaged().lenses / f"{name}.ttl")
    path = Path(name)
    if path.suffix or path.exists():
        return parse_lens(path)
    raise InputError(f"no lens called {name!r}; take {', '.join(lens_names())} or a Turtle file")


def parse_lens(path: Path) -> Lens:
    """Return the lens in a Turtle file.

    Parameters
    ----------
    path
        A file with one ``kg:Lens``.

    Returns
    -------
    Lens
        Named after the file.

    Raises
    ------
    SyntaxFault
        If it does not parse.
    InputError
        If it can't be read, holds no lens or several, or a property that no lens has.
    """
    from kg.reading import read_into

    store = ox.Store()
    read_into(store, path, format="turtle")
    found = [quad.subject for quad in store.quads_for_pattern(None, _A, ox.NamedNode(KG + "Lens"))]
    if len(found) != 1:
        raise InputError(
            f"{path} holds {len(found) or 'no'} kg:Lens; expected one, as in ontology/lenses of this project"
        )
    node = found[0]
    values: dict[str, object] = {}
    title = ""
    for quad in store.quads_for_pattern(node, None, None):
        property_ = quad.predicate.value
        if property_ == KG + "pathSign":
            if quad.object.value not in {"any", "none"}:  # type: ignore[union-attr] # no quoted triples in Turtle
                raise InputError(f'{path}: kg:pathSign takes "any" or "none"')
            values["path_sign"] = quad.object.value  # type: ignore[union-attr] # as above
        elif quad.predicate == _LABEL:
            title = quad.object.value  # type: ignore[union-attr] # as above
        elif property_ in _FIELDS:
            _put(values, _FIELDS[property_], quad.object, store, path)
        elif property_.startswith(KG):
            near = get_close_matches(property_, _FIELDS, n=1)
            hint = f"; did you mean {compact(near[0])}?" if near else ""
            raise InputError(f"{path}: a lens has no property {compact(property_)}{hint}")
    for field in _FIELDS.values():
        if field not in _LISTS and isinstance(values.get(field), list):
            values[field] = tuple(sorted(cast("list[str]", values[field])))
    inverses = sorted(
        (quad.subject.value, quad.object.value)  # type: ignore[union-attr] # as above
        for quad in store.quads_for_pattern(None, _INVERSE, None)
    )
    return Lens(
        name=path.name.removesuffix(".ttl"),
        title=title or path.stem,
        signs=tuple(sorted((iri, sign) for iri, sign in signs_in(store).items() if iri not in _SIGNS)),
        inverses=tuple(inverses),
        **values,  # type: ignore[arg-type] # each under the name of its field, with that field's type
    )


def _put(values: dict[str, object], field: str, term: object, store: ox.Store, path: Path) -> None:
    if field in _FLAGS:
        values[field] = isinstance(term, ox.Literal) and term.value in {"true", "1"}
    elif field in _LISTS:
        values[field] = tuple(_list(store, term, path, field))
    elif field in _TEXTS:
        values[field] = [*cast("list[str]", values.get(field, [])), term.value]  # type: ignore[attr-defined] # a literal
    elif isinstance(term, ox.NamedNode):
        values[field] = [*cast("list[str]", values.get(field, [])), term.value]
    else:
        raise InputError(f"{path}: kg:{_written(field)} takes an IRI, and not {term}")


def _list(store: ox.Store, node: object, path: Path, field: str) -> list[str]:
    if isinstance(node, ox.NamedNode) and node.value != _RDF + "nil":
        return [node.value]
    found: list[str] = []
    seen = set()
    while isinstance(node, ox.BlankNode) and node not in seen:
        seen.add(node)
        first, rest = (
            next((quad.object for quad in store.quads_for_pattern(node, ox.NamedNode(_RDF + part), None)), None)
            for part in ("first", "rest")
        )
        if not isinstance(first, ox.NamedNode):
            raise InputError(f"{path}: kg:{_written(field)} takes a list of IRIs")
        found.append(first.value)
        node = rest
    return found


def signs_in(store: ox.Store) -> dict[str, int]:
    """Return the sign of each relation that ``rdfs:subPropertyOf`` leads to ``kg:increases`` or ``kg:decreases``.

    Parameters
    ----------
    store
        All graphs are looked at.

    Returns
    -------
    dict
        IRI and 1 or -1; the two themselves included.
    """
    below = _below(store)
    return {relation: sign for root, sign in _SIGNS.items() for relation in _reached((root,), below)}


def signs_of(lens: Lens, store: ox.Store) -> dict[str, int]:
    """Return the sign of each relation that a lens and a graph together give one.

    Parameters
    ----------
    lens
        Says which relations have a sign.
    store
        Whose ``rdfs:subPropertyOf`` hand it down.

    Returns
    -------
    dict
        IRI and 1 or -1. What the lens says of a relation itself goes before what it would inherit.
    """
    below = _below(store)
    roots = {**_SIGNS, **dict(lens.signs)}
    inherited = {relation: sign for root, sign in sorted(roots.items()) for relation in _reached((root,), below)}
    return {**inherited, **roots}


def narrower(store: ox.Store, relations: Iterable[str]) -> set[str]:
    """Return some relations and all that ``rdfs:subPropertyOf`` puts below them."""
    return _reached(relations, _below(store))


def _below(store: ox.Store) -> dict[str, list[str]]:
    below: dict[str, list[str]] = {}
    for quad in store.quads_for_pattern(None, _SUBPROPERTY, None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            below.setdefault(quad.object.value, []).append(quad.subject.value)
    return below


def _reached(roots: Iterable[str], below: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        relation = waiting.pop()
        if relation not in found:
            found.add(relation)
            waiting += below.get(relation, ())
    return found
