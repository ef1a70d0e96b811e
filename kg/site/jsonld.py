"""Triples as JSON-LD that can stand in a page.

References
----------
W3C, JSON-LD 1.1 (2020), section 7.1 on embedding in HTML, https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
from markupsafe import Markup

from kg.namespaces import PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Subjects", "embedded", "json_ld", "subjects"]

Subjects = dict[ox.NamedNode | ox.BlankNode, list[ox.Triple]]
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_STRING = PREFIXES["xsd"] + "string"
# JSON-LD 1.1, section 4.1.2: a prefix ends where an IRI may be cut.
_USABLE = {prefix for prefix, namespace in PREFIXES.items() if namespace[-1] in ":/?#[]@"}


def subjects(store: ox.Store) -> Subjects:
    """Return the triples of a store by their subject, each once whatever graphs hold it, in a fixed order."""
    dataset = ox.Dataset(store)
    # Blank nodes get fresh names at each load; their canonical names are the same each time.
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    found: dict[ox.NamedNode | ox.BlankNode, dict[ox.Triple, str]] = {}
    for quad in dataset:
        if isinstance(quad.subject, (ox.NamedNode, ox.BlankNode)):
            triple = quad.triple
            found.setdefault(quad.subject, {})[triple] = str(triple)
    return {subject: sorted(triples, key=lambda triple: triples[triple]) for subject, triples in found.items()}


def json_ld(known: Subjects, iris: Iterable[str]) -> dict[str, object]:
    """Return the triples of some subjects as a JSON-LD document.

    Parameters
    ----------
    known
        Triples by subject.
    iris
        Those whose triples are wanted, each once; the blank nodes that they lead to come with them.

    Returns
    -------
    dict
        With ``@context`` and ``@graph``, one object a subject, in the order given.
    """
    wanted: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(iri) for iri in dict.fromkeys(iris)]
    seen = set(wanted)
    for subject in wanted:  # grows as blank nodes are found
        for triple in known.get(subject, ()):
            if isinstance(triple.object, ox.BlankNode) and triple.object not in seen:
                seen.add(triple.object)
                wanted.append(triple.object)
    used: set[str] = set()
    whole: set[str] = set()

    def named(iri: str) -> str:
        curie = compact(iri)
        prefix = curie.partition(":")[0]
        if curie != iri and prefix in _USABLE:
            used.add(prefix)
            return curie
        whole.add(iri.partition(":")[0])
        return iri

    graph = [_node(subject, known[subject], named) for subject in wanted if subject in known]
    # An IRI that is written whole and begins like a CURIE would be read as one.
    if used & whole:
        return {"@graph": [_node(subject, known[subject], str) for subject in wanted if subject in known]}
    return {"@context": {prefix: PREFIXES[prefix] for prefix in PREFIXES if prefix in used}, "@graph": graph}


def _node(subject: ox.NamedNode | ox.BlankNode, triples: Iterable[ox.Triple], named: _Namer) -> dict[str, object]:
    values: dict[str, list[object]] = {}
    for triple in triples:
        if triple.predicate == _TYPE and isinstance(triple.object, ox.NamedNode):
            values.setdefault("@type", []).append(named(triple.object.value))
        else:
            values.setdefault(named(triple.predicate.value), []).append(_value(triple.object, named))
    return {
        "@id": named(subject.value) if isinstance(subject, ox.NamedNode) else str(subject),
        **{name: found[0] if len(found) == 1 else found for name, found in values.items()},
    }


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, named: _Namer) -> object:
    if isinstance(term, ox.NamedNode):
        return {"@id": named(term.value)}
    if isinstance(term, ox.Literal):
        if term.language:
            return {"@value": term.value, "@language": term.language}
        if term.datatype.value == _STRING:
            return term.value
        # As text with its type: a number of JSON would lose how it was written.
        return {"@value": term.value, "@type": named(term.datatype.value)}
    return {"@id": str(term)}


def embedded(document: Mapping[str, object] | Sequence[object]) -> Markup:
    r"""Return JSON that no HTML parser can leave: ``<``, ``>``, ``&`` and the line separators are escaped.

    >>> print(embedded({"label": "</script>"}))
    {"label":"\u003c/script\u003e"}
    """
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text))


if TYPE_CHECKING:
    from collections.abc import Callable

    _Namer = Callable[[str], str]
