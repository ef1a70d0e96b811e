"""How the network travels to other programs and back: as GraphML and as node-link JSON.

GraphML is for yEd, Gephi and Cytoscape, node-link JSON for networkx and D3. Both lose nothing: what is read back has
the same nodes, edge keys and attributes, each with its type. Both write nodes and edges in the order of their CURIEs
and attributes by name, so one network always gives the same bytes.

GraphML knows only strings, numbers and booleans. Attributes of those types are columns under their own names; the
others are JSON in a column whose name ends in ``_json``:

- nodes: ``classes_json``, ``synonyms_json``, ``broader_json`` (lists of strings), ``identifiers_json`` (list of pairs),
  and, for people who colour by it, ``class``: the main class, ignored when reading back;
- edges: ``sources_json`` (list of strings), ``evidence_json`` (list of objects, the fields of `kg.evidence.Evidence`);
- graph: ``sources_json`` (object from CURIE to the fields of `kg.evidence.Source`).

In the objects of both formats a field that is None is left out, and a decimal number is a string, because ``3.20`` says
more than the float 3.2.

References
----------
GraphML Primer, http://graphml.graphdrawing.org/primer/graphml-primer.html.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from xml.etree.ElementTree import ParseError

import networkx as nx

from kg.errors import InputError, SyntaxFault
from kg.evidence import Evidence, Source
from kg.safe import check_json, check_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["from_graphml", "from_node_link", "graphml", "node_link"]

_Scope: TypeAlias = Literal["graph", "node", "edge"]

_DECIMALS = {"effect_value", "ci_low", "ci_high"}
_SCALARS = (str, int, float)  # bool is an int
_JSON = "_json"
_CLASS = "class"

# Names with a meaning of their own: in node-link JSON, where ids and ends of edges lie beside the attributes, or in
# what networkx makes of GraphML.
_RESERVED: dict[_Scope, set[str]] = {
    "graph": {"edge_default", "id", "node_default"},
    "node": {"id", _CLASS},
    "edge": {"key", "source", "target"},
}

# XML 1.0, section 2.2, less the carriage return, which is legal but read back as a line feed (section 2.11). The
# underscore is escaped where it would read as an escape; the closing one is not asked for, since an escape may follow
# at once.
_UNSAFE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_(?=x[0-9A-Fa-f]{4})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def graphml(network: nx.MultiDiGraph[str]) -> bytes:
    """Return the network as a GraphML file in UTF-8.

    Edge ids are the CURIEs of the claims. ``networkx.read_graphml(path, force_multigraph=True)`` has them as edge keys;
    without that option networkx gives a ``DiGraph`` where no two claims share their ends, with the CURIE as ``id``.

    Characters that XML can't carry (control characters, U+FFFE, U+FFFF) and the carriage return are written
    ``_xHHHH_``, with four hexadecimal digits, and so is an underscore that would otherwise look like the start of that.
    They are escaped rather than refused because the text may come from a reader's own RDF, where they are legal.

    Parameters
    ----------
    network
        Left as it is. Further attributes than the package's own are kept if they are strings, numbers or booleans.

    Returns
    -------
    bytes
        The file, with its XML declaration.

    Raises
    ------
    InputError
        If an attribute is of a type that has no written form, or bears a name that the format needs for itself.

    References
    ----------
    The escape is that of ECMA-376, Part 1, section 22.9.2.19 (ST_Xstring).

    Examples
    --------
    >>> network = nx.MultiDiGraph(name="empty", sources={})
    >>> print(graphml(network).decode().splitlines()[0])
    <?xml version='1.0' encoding='utf-8'?>
    """
    out = BytesIO()
    # Not generate_graphml: it splits the file at the line separators within labels. Not write_graphml: its bytes depend
    # on whether lxml is installed.
    nx.write_graphml_xml(_mapped(network, _graphml_attributes, _escape), out)
    return out.getvalue()


def node_link(network: nx.MultiDiGraph[str]) -> str:
    r"""Return the network as node-link JSON.

    Read it with ``networkx.node_link_graph(json.loads(text), edges="edges")``, or with `from_node_link` to have tuples
    and evidence records again.

    Parameters
    ----------
    network
        Left as it is. Further attributes than the package's own are kept if they are strings, numbers or booleans.

    Returns
    -------
    str
        One JSON object with ``directed``, ``multigraph``, ``graph``, ``nodes`` (each with ``id``) and ``edges`` (each
        with ``source``, ``target`` and ``key``, the CURIE of the claim); keys sorted, a line feed at the end.

    Raises
    ------
    InputError
        If an attribute is of a type that has no written form, or bears a name that the format needs for itself.

    Examples
    --------
    >>> network = nx.MultiDiGraph()
    >>> network.add_node("pain:sciatica", label="sciatica", classes=("Condition",))
    >>> json.loads(node_link(network))["nodes"]
    [{'classes': ['Condition'], 'id': 'pain:sciatica', 'label': 'sciatica'}]
    """
    plain = nx.node_link_data(_mapped(network, _plain_attributes, str), edges="edges")
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def from_graphml(data: bytes) -> nx.MultiDiGraph[str]:
    """Return the network that `graphml` wrote.

    Parameters
    ----------
    data
        The whole file.

    Returns
    -------
    nx.MultiDiGraph
        Nodes and edges in the order of the file.

    Raises
    ------
    SyntaxFault
        If the bytes are no well-formed XML, or refer to something outside themselves.
    InputError
        If they are XML but not a directed graph as `graphml` writes it.
    """
    check_xml(data, "GraphML")
    try:
        flat = nx.read_graphml(BytesIO(data), node_type=str, edge_key_type=str, force_multigraph=True)
    except ParseError as fault:
        line, column = fault.position
        raise SyntaxFault("GraphML", str(fault), line, column + 1) from fault
    except (nx.NetworkXError, KeyError, TypeError, ValueError) as fault:
        raise InputError(f"not a GraphML file that can be read: {fault}") from fault
    return _read_back(flat, _from_graphml_attributes, _unescape)


def from_node_link(text: str) -> nx.MultiDiGraph[str]:
    """Return the network that `node_link` wrote.

    Parameters
    ----------
    text
        The whole JSON text.

    Returns
    -------
    nx.MultiDiGraph
        Nodes and edges in the order of the text.

    Raises
    ------
    SyntaxFault
        If the text is no JSON.
    InputError
        If it is JSON but not a directed multigraph as `node_link` writes it.
    """
    check_json(text.encode(), "node-link JSON")
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as fault:
        raise SyntaxFault("node-link JSON", fault.msg, fault.lineno, fault.colno) from fault
    try:
        # networkx would take a missing "directed" for an undirected graph.
        flat = nx.node_link_graph(plain, directed=True, edges="edges")
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise InputError(f"JSON, but no node-link graph: {type(fault).__name__} {fault}") from fault
    return _read_back(flat, _from_plain_attributes, str)


# Writing: both formats are networkx's own, given a copy of the network that holds only what they can carry.


def _mapped(
    network: nx.MultiDiGraph[str],
    attributes: Callable[[_Scope, str, Mapping[str, Any]], dict[str, Any]],
    name: Callable[[str], str],
) -> nx.MultiDiGraph[str]:
    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    flat.graph.update(attributes("graph", "the graph", network.graph))
    for node in sorted(network):
        flat.add_nodes_from([(name(node), attributes("node", node, network.nodes[node]))])
    for source, target, claim in sorted(network.edges(keys=True)):
        edge = attributes("edge", claim, network.edges[source, target, claim])
        flat.add_edge(name(source), name(target), name(claim), **edge)
    return flat


def _plain_attributes(scope: _Scope, owner: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    plain = {}
    for name, value in sorted(attributes.items()):
        if name in _RESERVED[scope] or name.endswith(_JSON):
            raise InputError(f"{owner}: an attribute can't be called {name!r}, the file needs that name for itself")
        if name not in _READERS[scope] and not isinstance(value, _SCALARS):
            raise InputError(f"{owner}: attribute {name!r} is a {type(value).__name__}, which has no written form")
        plain[name] = _plain(value)
    return plain


def _graphml_attributes(scope: _Scope, owner: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    scalars: dict[str, Any] = {}
    for name, value in _plain_attributes(scope, owner, attributes).items():
        if name in _READERS[scope]:
            scalars[name + _JSON] = _escape(json.dumps(value, ensure_ascii=False, sort_keys=True))
        else:
            scalars[name] = _escape(value) if isinstance(value, str) else value
    if "classes" in attributes and scope == "node":
        scalars[_CLASS] = _escape(next(iter(attributes["classes"]), ""))
    return scalars


def _plain(value: Any) -> Any:
    match value:
        case tuple():
            return [_plain(part) for part in value]
        case dict():
            return {key: _plain(part) for key, part in value.items()}
        case Decimal():
            return str(value)
        case Evidence() | Source():
            parts = {field.name: getattr(value, field.name) for field in fields(value)}
            return {name: _plain(part) for name, part in parts.items() if part is not None}
        case _:
            return value


# Reading back.


def _read_back(
    flat: nx.Graph[str],
    attributes: Callable[[_Scope, Mapping[str, Any]], dict[str, Any]],
    name: Callable[[str], str],
) -> nx.MultiDiGraph[str]:
    if not isinstance(flat, nx.MultiDiGraph):
        raise InputError("not a network: the graph is undirected, or has no edge keys")
    if not all(isinstance(name, str) for name in (*flat, *(claim for _, _, claim in flat.edges(keys=True)))):
        raise InputError("not a network: the ids of nodes and the keys of edges have to be CURIEs")
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    try:
        network.graph.update(attributes("graph", flat.graph))
        network.add_nodes_from((name(node), attributes("node", held)) for node, held in flat.nodes(data=True))
        for source, target, claim, held in flat.edges(keys=True, data=True):
            network.add_edge(name(source), name(target), name(claim), **attributes("edge", held))
    except (ArithmeticError, AttributeError, TypeError, ValueError) as fault:  # ArithmeticError: a malformed Decimal
        raise InputError(f"not a network: an attribute can't be read: {fault}") from fault
    return network


def _from_plain_attributes(scope: _Scope, attributes: Mapping[str, Any]) -> dict[str, Any]:
    readers = _READERS[scope]
    return {name: readers[name](value) if name in readers else value for name, value in attributes.items()}


def _from_graphml_attributes(scope: _Scope, attributes: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, value in attributes.items():
        text = _unescape(value) if isinstance(value, str) else value
        if name.endswith(_JSON):
            plain[name.removesuffix(_JSON)] = json.loads(text)
        elif name not in _RESERVED[scope]:  # "class", and what networkx's reader adds to the graph
            plain[name] = text
    return _from_plain_attributes(scope, plain)


def _strings(value: list[str]) -> tuple[str, ...]:
    return tuple(value)


def _pairs(value: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(pair) for pair in value)


def _evidence(value: list[dict[str, Any]]) -> tuple[Evidence, ...]:
    records = []
    for held in value:
        decimals = {name: Decimal(held[name]) for name in _DECIMALS & held.keys()}
        records.append(Evidence(**(held | decimals)))
    return tuple(records)


def _sources(value: dict[str, dict[str, Any]]) -> dict[str, Source]:
    return {curie: Source(**held) for curie, held in value.items()}


_READERS: dict[_Scope, dict[str, Callable[[Any], object]]] = {
    "graph": {"sources": _sources},
    "node": {"classes": _strings, "synonyms": _strings, "broader": _strings, "identifiers": _pairs},
    "edge": {"sources": _strings, "evidence": _evidence},
}


# Text that XML can't carry.


def _escape(text: str) -> str:
    r"""Return the text with each character that XML would lose as ``_xHHHH_``.

    >>> _escape("form feed \f, and _x0041_ as it stands")
    'form feed _x000C_, and _x005F_x0041_ as it stands'
    """
    return _UNSAFE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _unescape(text: str) -> str:
    r"""Return the text that `_escape` was given.

    >>> _unescape("form feed _x000C_, and _x005F_x0041_ as it stands")
    'form feed \x0c, and _x0041_ as it stands'
    """
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
