"""Which graph is meant by some files: read them, find the lens, join ours to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.build import apply_rules, parse_into
from kg.errors import InputError
from kg.lens import lens as lens_called
from kg.lens import lens_names
from kg.lensedges import derived_quads
from kg.limits import unwatched
from kg.namespaces import KG, PREFIXES
from kg.ontology import GRAPHS, packaged
from kg.reading import read_into

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kg.anygraph import AnyGraph
    from kg.lens import Lens
    from kg.lensgraph import LensGraph

__all__ = ["chosen_lens", "complete", "guess", "open_graph", "open_store"]

_A = ox.NamedNode(PREFIXES["rdf"] + "type")
_STANDING = ox.NamedNode(KG + "standing")
_BIOLINK = PREFIXES["biolink"]


def open_graph(
    paths: Sequence[Path],
    *,
    lens: str | None = None,
    format: str | None = None,
    with_ours: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> AnyGraph:
    """Return the graph in some files.

    Parameters
    ----------
    paths
        Files in any of `kg.reading.FORMATS`, gzip or not; or the folder of a project, alone.
    lens
        Name of one that comes with this package, or a file; None to guess.
    format
        One of `kg.reading.FORMATS`, of all files; None to tell it from each file.
    with_ours
        Whether our own graph is joined to it over the mappings.
    tell
        Is given what was guessed, in a line.

    Returns
    -------
    AnyGraph
        In memory.

    Raises
    ------
    SyntaxFault
        If a file does not parse.
    InputError
        If a file or lens can't be used, or the lens shows nothing in them.
    """
    if any(path.is_dir() for path in paths):
        if len(paths) > 1 or lens or format or with_ours:
            raise InputError("the folder of a project stands alone: --graph DIR, without --lens, --with-ours or files")
        from kg.graph import load

        return load(paths[0])
    chosen = None if lens is None else lens_called(lens)
    title = ", ".join(path.name for path in paths)
    with unwatched():
        store = ox.Store()
        for path in paths:
            read_into(store, path, format=format)
        if with_ours and (chosen.name == "painpath" if chosen else _count(store, KG + "Claim")):
            return _beside_ours(store)
        if chosen is None or chosen.name == "painpath":
            complete(store)
        graph = open_store(store, lens=chosen, title=title, with_ours=with_ours, tell=tell)
        if graph.lens.name != "painpath":
            store.extend(derived_quads(graph.edges))
    return graph


def _beside_ours(store: ox.Store) -> AnyGraph:
    """Return our graph with further claims in it, and with what the rules derive from all."""
    from kg.graph import load

    ours = load()
    claims = ox.NamedNode(GRAPHS["claims"])
    ours.store.extend(ox.Quad(quad.subject, quad.predicate, quad.object, claims) for quad in store)
    ours.store.remove_graph(ox.NamedNode(GRAPHS["derived"]))
    apply_rules(ours.store, ours.ontology)
    return ours


def complete(store: ox.Store, *, anew: bool = False) -> None:
    """Add to claims of our model that were read without their graph what they need: schema and rules, where these lack.

    Parameters
    ----------
    store
        Any; nothing happens where it holds no claims.
    anew
        Whether what the rules derived from fewer claims is replaced.
    """
    if not _count(store, KG + "Claim"):
        return
    if anew:
        store.remove_graph(ox.NamedNode(GRAPHS["derived"]))
    if any(True for _ in store.quads_for_pattern(None, _STANDING, None)):
        return
    ontology = packaged()
    if not any(True for _ in store.quads_for_pattern(None, None, ox.NamedNode(KG + "Relation"))):
        parse_into(store, ontology.folder / "schema.ttl", GRAPHS["schema"])
    apply_rules(store, ontology)


def open_store(
    store: ox.Store,
    *,
    lens: Lens | None = None,
    title: str = "graph",
    with_ours: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> LensGraph:
    """Return the graph in a store.

    Parameters
    ----------
    store
        In memory or on disk; written to only for `with_ours`, which is for stores in memory.
    lens
        How to look at it; None to guess.
    title
        What it is called.
    with_ours
        Whether our own graph is joined to it over the mappings.
    tell
        Is given what was guessed, in a line.

    Returns
    -------
    LensGraph
        A `kg.joined.JoinedGraph` with ours.

    Raises
    ------
    InputError
        If the store is empty, or the lens shows nothing in it.
    """
    from kg.lensgraph import LensGraph

    chosen = chosen_lens(store, lens, title, tell)
    if with_ours:
        from kg.graph import load
        from kg.joined import JoinedGraph

        graph: LensGraph = JoinedGraph(store, chosen, load(), title=title)
    else:
        graph = LensGraph(store, chosen, title=title)
    if lens is not None and lens.name != "painpath":
        # Said at once of a lens that was chosen; a query needs no nodes, so a guess may find none.
        _ = graph.nodes
    return graph


def chosen_lens(store: ox.Store, lens: Lens | None, title: str, tell: Callable[[str], None]) -> Lens:
    """Return the lens that a store is looked at through.

    Parameters
    ----------
    store
        In memory or on disk.
    lens
        The one that was asked for; None to guess.
    title
        What the store is called.
    tell
        Is given what was guessed, in a line.

    Returns
    -------
    Lens
        The given or the guessed one.

    Raises
    ------
    InputError
        If the store is empty.
    """
    # Counting all quads of a store on disk takes seconds.
    if next(store.quads_for_pattern(None, None, None, None), None) is None:
        raise InputError(f"{title} holds no triples")
    if lens is not None:
        return lens
    found, why = guess(store)
    tell(f"read through the lens {found.name} ({why}); --lens {', '.join(lens_names())} or FILE chooses another")
    return found


def guess(store: ox.Store) -> tuple[Lens, str]:
    """Return the lens that most of a graph can be seen through, and why.

    Parameters
    ----------
    store
        All graphs are read as one.

    Returns
    -------
    tuple of (Lens, str)
        Claims of our own model are taken for ours; else what most instances are of decides, and where that is none of the
        kinds that a lens is for, any triple of two IRIs is an edge.
    """
    claims = _count(store, KG + "Claim")
    if claims:
        return lens_called("painpath"), f"it holds {claims} claims"
    # One pass in compiled code: how often each class has an instance.
    text = "SELECT ?class (COUNT(?s) AS ?n) { ?s a ?class . FILTER(isIRI(?s)) } GROUP BY ?class"
    rows = cast("ox.QuerySolutions", store.query(text, use_default_graph_as_union=True))
    counts = {cast("ox.NamedNode", row["class"]).value: int(cast("ox.Literal", row["n"]).value) for row in rows}
    concepts = counts.get(PREFIXES["skos"] + "Concept", 0)
    classes = counts.get(PREFIXES["owl"] + "Class", 0) + counts.get(PREFIXES["rdfs"] + "Class", 0)
    biolink = sum(number for name, number in counts.items() if name.startswith(_BIOLINK))
    biolink += _count(store, _BIOLINK + "Association")
    others = sum(
        number
        for name, number in counts.items()
        if not name.startswith((PREFIXES["owl"], PREFIXES["rdfs"], PREFIXES["rdf"], PREFIXES["skos"], _BIOLINK))
    )
    best, number, what = max(
        (("owl", classes, "classes"), ("skos", concepts, "SKOS concepts"), ("biolink", biolink, "Biolink terms")),
        key=lambda item: item[1],
    )
    if number and number >= others / 2:
        return lens_called(best), f"it holds {number} {what}"
    return lens_called("rdf"), "most in it is of no kind that another lens is for"


def _count(store: ox.Store, name: str) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, _A, ox.NamedNode(name), None))
