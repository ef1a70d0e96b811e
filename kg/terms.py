"""Which entity does a person mean: by IRI, CURIE, label or synonym, in any case, and what else could be meant."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kg.errors import AmbiguousTermError, UnknownTermError
from kg.namespaces import KG, PREFIXES, compact, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["Match", "Named", "Names", "entity_classes", "folded"]

_TYPE, _SUBCLASS, _PREF_LABEL, _ALT_LABEL, _ENTITY = map(
    ox.NamedNode,
    (
        PREFIXES["rdf"] + "type",
        PREFIXES["rdfs"] + "subClassOf",
        PREFIXES["skos"] + "prefLabel",
        PREFIXES["skos"] + "altLabel",
        KG + "Entity",
    ),
)
_NEAREST = 3
_MANY = 5_000
"""With more names than so, only those that share letters in pairs with a text are compared with it letter by letter."""

_SHORT = 400
"""How many those are."""

_ALIKE = str.maketrans("-_/", "   ", "'\u2019")


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """An entity that answers to a searched text."""

    label: str
    curie: str
    classes: tuple[str, ...]
    """Local names, such as ``Condition``, in alphabetical order."""
    name: str
    """The label or synonym that the text was found in."""


class Named(NamedTuple):
    """What one term is called."""

    label: str | None
    synonyms: Sequence[str]
    classes: tuple[str, ...]


class Names:
    """The labels and synonyms of a store, to be asked again and again.

    Parameters
    ----------
    store
        A graph of our own making, read once, when the object is made; see `Names.of` for others.
    """

    def __init__(self, store: ox.Store) -> None:
        classes: dict[str, set[str]] = {}
        labels: dict[str, str] = {}
        synonyms: dict[str, list[str]] = {}
        # Patterns and not SPARQL, since every query by term waits for this.
        for iri, names in entity_classes(store).items():
            for quad in store.quads_for_pattern(None, _TYPE, ox.NamedNode(iri)):
                classes.setdefault(str(quad.subject.value), set()).update(names)  # type: ignore[union-attr] # entities have IRIs
        for quad in store.quads_for_pattern(None, _PREF_LABEL, None):
            labels[str(quad.subject.value)] = str(quad.object.value)  # type: ignore[union-attr] # IRI and literal
        for quad in store.quads_for_pattern(None, _ALT_LABEL, None):
            synonyms.setdefault(str(quad.subject.value), []).append(str(quad.object.value))  # type: ignore[union-attr] # as above
        self._fill({
            iri: Named(labels.get(iri), synonyms.get(iri, ()), tuple(sorted(found))) for iri, found in classes.items()
        })

    @classmethod
    def of(cls, named: Mapping[str, Named]) -> Names:
        """Return the names of some terms.

        Parameters
        ----------
        named
            What each IRI is called.

        Returns
        -------
        Names
            A term without a label can be found by its CURIE or IRI only.
        """
        names = cls.__new__(cls)
        names._fill(named)
        return names

    def _fill(self, named: Mapping[str, Named]) -> None:
        self._label: dict[str, str] = {}
        self._names: dict[str, dict[str, str]] = {}  # IRI -> folded name -> name as written
        self._classes: dict[str, tuple[str, ...]] = {}
        self._by_name: dict[str, list[str]] = {}
        for iri in sorted(named):
            label, synonyms, self._classes[iri] = named[iri]
            names = {folded(name): name for name in synonyms}
            if label is not None:
                self._label[iri] = label
                names[folded(label)] = label
            self._names[iri] = names
            for name in names:
                self._by_name.setdefault(name, []).append(iri)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, iri: str) -> bool:
        return iri in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def label(self, iri: str) -> str:
        """Return the preferred label of an entity, or its CURIE where it has none."""
        return self._label.get(iri) or compact(iri)

    def classes(self, iri: str) -> tuple[str, ...]:
        """Return the local names of an entity's classes in alphabetical order; empty for a stranger."""
        return self._classes.get(iri, ())

    def resolve(self, text: str, *, classes: bool = False) -> str:
        """Return the IRI of the one entity that a person means.

        Parameters
        ----------
        text
            IRI, CURIE (``pain:sciatica``), local name (``sciatica``), label or synonym. Case, hyphens and a plural s do
            not matter in names.
        classes
            Whether a class will do too, as ``risk factor``, ``every risk factor``, ``RiskFactor`` or its CURIE.

        Returns
        -------
        str
            Preferred labels win over synonyms.

        Raises
        ------
        UnknownTermError
            If nothing answers; it carries the three nearest names.
        AmbiguousTermError
            If several entities answer equally well; it carries them all.
        """
        cleaned = text.strip().removeprefix("<").removesuffix(">")
        obo = PREFIXES["obo"] + cleaned.replace(":", "_", 1)
        for iri in (cleaned, expand(cleaned), expand(f"pain:{cleaned}"), obo):
            if iri in self._names:
                return iri
        said = folded(cleaned)
        for candidate in (said, said.removesuffix("s"), said + "s"):
            found = self._by_name.get(candidate, [])
            preferred = [iri for iri in found if folded(self.label(iri)) == candidate]
            if len(preferred) == 1 or len(found) == 1:
                return (preferred or found)[0]
            if found:
                raise AmbiguousTermError(text, [f"{self.label(iri)} ({compact(iri)})" for iri in found])
        if classes:
            wanted = folded(cleaned).removeprefix("every ").removeprefix("all ").removesuffix("s").replace(" ", "")
            for name in sorted({name for found in self._classes.values() for name in found}):
                if wanted.removeprefix("kg:") == name.lower().removesuffix("s"):
                    return KG + name
        raise UnknownTermError(text, [match.label for match in self.nearest(cleaned)])

    def search(self, text: str) -> list[Match]:
        """Return the entities with a label or synonym that holds every word of a text.

        Parameters
        ----------
        text
            Words or beginnings of words, in any order and case.

        Returns
        -------
        list of Match
            The whole name first, then names that begin with the words, then the rest; within each, labels before synonyms and
            short before long. Empty where nothing holds the words.
        """
        said = folded(text)
        words = said.split()
        found: list[tuple[int, bool, int, Match]] = []
        for iri, names in self._names.items():
            hits = [name for name in names if words and all(_begins(word, name) for word in words)]
            if hits:
                best = min(
                    hits, key=lambda name: (name != said, not f"{name} ".startswith(f"{said} "), len(name), name)
                )
                rank = 0 if best == said else 1 if f"{best} ".startswith(f"{said} ") else 2
                found.append((rank, best != folded(self.label(iri)), len(best), self._match(iri, names[best])))
        return [match for *_, match in sorted(found)]

    def nearest(self, text: str, count: int = _NEAREST) -> list[Match]:
        """Return the entities whose names are spelt most like a text.

        Parameters
        ----------
        text
            A name that may be misspelt.
        count
            How many entities, at most.

        Returns
        -------
        list of Match
            Nearest first; ties by label.
        """
        from difflib import SequenceMatcher

        said = folded(text)
        words = set(said.split())
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(said)
        scores: dict[str, tuple[float, str]] = {}
        for iri, names in self._shortlist(said):
            for name in names:
                matcher.set_seq1(name)
                # Words in common count for as much as letters: "sitting a lot" is nearer to sitting than to "fat".
                shared = len(words & set(name.split())) / max(len(words), 1)
                score = matcher.ratio() + shared
                if score > scores.get(iri, (0.0, ""))[0]:
                    scores[iri] = (score, name)
        ranked = sorted(scores.items(), key=lambda item: (-item[1][0], self.label(item[0])))
        return [self._match(iri, self._names[iri][name]) for iri, (_, name) in ranked[:count]]

    def _shortlist(self, text: str) -> Iterable[tuple[str, Iterable[str]]]:
        """Return the names that are worth comparing letter by letter, which takes long: all of a small graph."""
        if len(self._by_name) <= _MANY:
            return self._names.items()
        from heapq import nlargest

        words, pairs = set(text.split()), {"".join(pair) for pair in pairwise(text)}

        def likeness(name: str) -> float:
            shared = sum(pair in name for pair in pairs) / (len(name) + len(text))
            return 2 * shared + len(words.intersection(name.split())) / max(len(words), 1)

        near = nlargest(_SHORT, self._by_name, key=likeness)
        return [(iri, (name,)) for name in near for iri in self._by_name[name]]

    def _match(self, iri: str, name: str) -> Match:
        return Match(self.label(iri), compact(iri), self.classes(iri), name)


def entity_classes(store: ox.Store) -> dict[str, frozenset[str]]:
    """Return the classes of entities that the schemas in a store define.

    Parameters
    ----------
    store
        All graphs are read as one.

    Returns
    -------
    dict
        IRI of each class below ``kg:Entity`` and the local names, such as ``RiskFactor``, of itself and of the classes between.
    """
    found: dict[str, set[str]] = {}
    waiting: list[ox.NamedNode] = [_ENTITY]
    while waiting:
        above = waiting.pop()
        for quad in store.quads_for_pattern(None, _SUBCLASS, above):
            if isinstance(quad.subject, ox.NamedNode):
                names = {re.split(r"[/#]", quad.subject.value)[-1], *found.get(above.value, ())}
                if not names <= found.get(quad.subject.value, set()):
                    found.setdefault(quad.subject.value, set()).update(names)
                    waiting.append(quad.subject)
    return {iri: frozenset(names) for iri, names in found.items()}


def folded(text: str) -> str:
    """Return a name without the differences that do not matter."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(plain.casefold().translate(_ALIKE).split())


def _begins(word: str, name: str) -> bool:
    return name.startswith(word) or f" {word}" in name
