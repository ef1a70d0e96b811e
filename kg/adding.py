"""Further claims for a project: terms resolved, duplicates and broken shapes refused, all of them written or none."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.build import mapping_triples, parse_into
from kg.check import shape_faults
from kg.errors import InputError, ShapeError, UnknownTermError
from kg.files import read_text, write_whole
from kg.namespaces import KG, PREFIXES, compact, expand
from kg.ontology import GRAPHS, packaged
from kg.paths import CERTAINTIES
from kg.terms import Names, folded
from kg.turtle import formatted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.claimtable import GivenClaim
    from kg.ontology import Ontology

__all__ = ["Added", "add_claims"]

_RDF, _RDFS, _DCTERMS = (PREFIXES[name] for name in ("rdf", "rdfs", "dcterms"))
_A = ox.NamedNode(_RDF + "type")
_LABEL, _COMMENT, _SEE = (ox.NamedNode(_RDFS + name) for name in ("label", "comment", "seeAlso"))
_PARTS = tuple(ox.NamedNode(_RDF + name) for name in ("subject", "predicate", "object"))
_SOURCE = ox.NamedNode(_DCTERMS + "source")
_VERDICTS = ("Supports", "Mixed", "Disputes", "NoEvidenceFound")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_LAYOUT = "claims/added.ttl"


@dataclass(frozen=True, slots=True)
class Added:
    """What was written."""

    claims: tuple[str, ...]
    """CURIEs, in the order given."""
    files: tuple[Path, ...]


def add_claims(
    ontology: Ontology, given: Sequence[GivenClaim], *, file: str = _LAYOUT, more_evidence: bool = False
) -> Added:
    """Write claims into a project.

    Parameters
    ----------
    ontology
        The folder of the project.
    given
        The claims as people say them. A source is one that the project knows, or a DOI or address, which becomes a new one.
    file
        The Turtle file to write them into, below the folder.
    more_evidence
        Whether a claim that is there already gets this source too, in place of being refused.

    Returns
    -------
    Added
        The claims and the files that changed. Sources are written before the claims that cite them, and each file in one
        step, so that at any moment the project is whole.

    Raises
    ------
    UnknownTermError
        If one claim is given and a term of it is unknown or means several.
    InputError
        If a claim is there already, or a relation, certainty, verdict or source can't be used; one line for each claim.
    ShapeError
        If a shape refuses a claim; one line for each fault. Nothing is written in any of these cases.
    """
    with _alone(ontology.folder / "schema.ttl"):
        draft = _Draft(ontology, more_evidence=more_evidence)
        claims, errors = [], []
        for item in given:
            try:
                claims.append(draft.claim(item))
            except (InputError, UnknownTermError) as error:
                if not item.place:
                    raise
                errors.append(f"{item.place}: {error}")
        if errors:
            raise InputError("\n".join(errors) + f"\n{_nothing(len(given))}")
        texts = draft.texts(file)
        _hold_to_shapes(ontology, draft, texts)
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text)
    return Added(tuple(compact(claim) for claim in claims), tuple(texts))


def _nothing(number: int) -> str:
    return "nothing was written" if number == 1 else f"none of the {number} claims was written"


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process at a time add to a project, so that no claim of two that come at once is lost."""
    try:
        import fcntl
    except ImportError:  # Windows has no such lock
        yield
        return
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except FileNotFoundError as error:
        raise InputError(f"{path.parent} is no project: it has no {path.name}; make one with kg new DIR") from error


class _Draft:
    """A project in memory, and what is to be added to it."""

    def __init__(self, ontology: Ontology, *, more_evidence: bool) -> None:
        self._ontology = ontology
        self._more_evidence = more_evidence
        ontology.declare_prefixes()
        self.store = ox.Store()
        for path, graph in ontology.turtle_files():
            parse_into(self.store, path, GRAPHS[graph])
        if ontology.mappings.exists():
            mapping_triples(ontology.mappings)  # raises where a row does not parse
        prefix, self._namespace = ontology.namespace
        self._prefix = "" if prefix == "pain" else f"{prefix}-"
        self._names = Names(self.store)
        self._relations = self._labelled("Relation")
        self._sources = self._labelled("Source", "Publication", "Article")
        self._known = self._claims()
        self.places: dict[str, str] = {}
        """IRI of each claim and its place in the table."""
        self._new_claims: list[ox.Triple] = []
        self._new_sources: list[ox.Triple] = []

    def _labelled(self, *classes: str) -> dict[str, str]:
        """Return label by IRI of the instances of some classes of ours."""
        found = {}
        for name in classes:
            for quad in self.store.quads_for_pattern(None, _A, ox.NamedNode(KG + name), None):
                if isinstance(quad.subject, ox.NamedNode):
                    found[quad.subject.value] = self._label(quad.subject)
        return found

    def _label(self, subject: ox.NamedNode) -> str:
        labels = sorted(
            quad.object.value
            for quad in self.store.quads_for_pattern(subject, _LABEL, None, None)
            if isinstance(quad.object, ox.Literal)
        )
        return labels[0] if labels else compact(subject.value)

    def _claims(self) -> dict[tuple[str, ...], str]:
        """Return the claims there are: subject, predicate and object, and the IRI of the claim."""
        ends: dict[str, dict[int, str]] = {}
        for number, part in enumerate(_PARTS):
            for quad in self.store.quads_for_pattern(None, part, None, None):
                if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                    ends.setdefault(quad.subject.value, {})[number] = quad.object.value
        return {(found[0], found[1], found[2]): claim for claim, found in sorted(ends.items()) if len(found) == 3}

    def claim(self, given: GivenClaim) -> str:
        """Return the IRI of a claim, and take it up."""
        subject, object_ = self._names.resolve(given.subject), self._names.resolve(given.object)
        relation = self._relation(given.relation)
        certainty = _one_of("certainty", given.certainty or "Possible", CERTAINTIES)
        verdict = _one_of("verdict", given.verdict or "Supports", _VERDICTS)
        source = self._source(given.source)
        words = " ".join((self._names.label(subject), self._relations[relation], self._names.label(object_)))
        known = self._known.get((subject, relation, object_))
        if known is None:
            known = self._iri("claim", _slug(words))
            self._put(known, _A, ox.NamedNode(KG + "Claim"))
            self._put(known, _LABEL, ox.Literal(given.label or words, language="en"))
            for part, iri in zip(_PARTS, (subject, relation, object_), strict=True):
                self._put(known, part, ox.NamedNode(iri))
            self._put(known, ox.NamedNode(KG + "certainty"), ox.NamedNode(KG + certainty))
            if given.comment:
                self._put(known, _COMMENT, ox.Literal(given.comment, language="en"))
        elif not self._more_evidence or known in self.places:
            hint = "" if known in self.places else "; --more-evidence adds the source to it"
            where = f" ({self.places[known]})" if self.places.get(known) else ""
            raise InputError(f"{compact(known)}{where} says that already{hint}")
        else:
            self._check_evidence(known, source, given, certainty)
        self.places[known] = given.place
        self._known[subject, relation, object_] = known
        self._evidence(known, source, verdict, given)
        return known

    def _check_evidence(self, claim: str, source: str, given: GivenClaim, certainty: str) -> None:
        """Refuse evidence that a claim has already, and a certainty that is not the claim's."""
        node = ox.NamedNode(claim)
        for quad in self.store.quads_for_pattern(node, ox.NamedNode(KG + "certainty"), None, None):
            stated = compact(quad.object.value).removeprefix("kg:")  # type: ignore[union-attr] # a named node
            if given.certainty and stated != certainty:
                raise InputError(
                    f"{compact(claim)} is there as {stated.lower()}; change it there, or give no certainty"
                )
        for quad in self.store.quads_for_pattern(node, ox.NamedNode(KG + "evidence"), None, None):
            evidence = quad.object
            if isinstance(evidence, ox.NamedNode):
                cites = ox.NamedNode(source) in self._values(evidence, _SOURCE)
                at = {term.value for term in self._values(evidence, ox.NamedNode(KG + "locator"))}
                if cites and at == ({given.locator} if given.locator else set()):
                    raise InputError(f"{compact(claim)} has this evidence already: {compact(evidence.value)}")

    def _values(self, subject: ox.NamedNode, predicate: ox.NamedNode) -> list[ox.NamedNode | ox.Literal]:
        quads = self.store.quads_for_pattern(subject, predicate, None, None)
        return [quad.object for quad in quads if isinstance(quad.object, ox.NamedNode | ox.Literal)]

    def _evidence(self, claim: str, source: str, verdict: str, given: GivenClaim) -> None:
        evidence = self._iri("evidence", claim.rpartition("/")[2], numbered=True)
        self._put(claim, ox.NamedNode(KG + "evidence"), ox.NamedNode(evidence))
        for name in ("Evidence", "Finding"):
            self._put(evidence, _A, ox.NamedNode(KG + name))
        self._put(evidence, _SOURCE, ox.NamedNode(source))
        self._put(evidence, ox.NamedNode(KG + "verdict"), ox.NamedNode(KG + verdict))
        if given.locator:
            self._put(evidence, ox.NamedNode(KG + "locator"), ox.Literal(given.locator))
        if given.finding:
            self._put(evidence, ox.NamedNode(KG + "finding"), ox.Literal(given.finding, language="en"))

    def _relation(self, text: str) -> str:
        wanted = folded(text.replace("_", " "))
        iri = expand(text)
        if iri in self._relations:
            return iri
        for relation, label in sorted(self._relations.items()):
            local = re.split(r"[/#]", relation)[-1]
            if wanted in {folded(label), local.casefold(), folded(compact(relation))}:
                return relation
        own = sorted(label for iri, label in self._relations.items() if iri.startswith(self._namespace))
        listed = own or sorted(self._relations.values())
        raise InputError(f"no relation called {text!r}; there are {', '.join(listed)} (kg:Relation in schema.ttl)")

    def _source(self, text: str) -> str:
        if not text:
            raise InputError("a claim needs a source: one of sources.ttl, a DOI or an address")
        for iri, label in sorted(self._sources.items()):
            if text in {iri, compact(iri), re.split(r"[/#]", iri)[-1]} or folded(text) == folded(label):
                return iri
        doi = _DOI.fullmatch(text)
        if not doi and not text.startswith(("http://", "https://")):
            raise InputError(f"no source called {text!r}; add it to sources.ttl, or give its DOI or address")
        link = f"https://doi.org/{doi[1]}" if doi else text
        for part in (ox.NamedNode(KG + "doi"), _SEE):
            try:
                cited = self.store.quads_for_pattern(None, part, ox.NamedNode(link), None)
            except ValueError as error:
                raise InputError(f"{text!r} is no address") from error
            for quad in cited:
                if isinstance(quad.subject, ox.NamedNode) and quad.subject.value in self._sources:
                    return quad.subject.value
        label = f"doi:{doi[1]}" if doi else text
        source = self._iri("source", _slug(doi[1] if doi else re.sub(r"^https?://(www\.)?", "", text)))
        self._new_sources += [
            ox.Triple(ox.NamedNode(source), _A, ox.NamedNode(KG + "Publication")),
            ox.Triple(ox.NamedNode(source), _LABEL, ox.Literal(label, language="en")),
            ox.Triple(ox.NamedNode(source), ox.NamedNode(KG + "doi") if doi else _SEE, ox.NamedNode(link)),
        ]
        self.store.extend(_in_claims(triple) for triple in self._new_sources[-3:])
        self._sources[source] = label
        return source

    def _iri(self, kind: str, name: str, *, numbered: bool = False) -> str:
        """Return an IRI that nothing has yet."""
        base = expand(f"{self._prefix}{kind}:{name}")
        number = 1
        iri = f"{base}-1" if numbered else base
        while any(True for _ in self.store.quads_for_pattern(ox.NamedNode(iri), None, None, None)):
            number += 1
            iri = f"{base}-{number}"
        return iri

    def _put(self, subject: str, predicate: ox.NamedNode, object_: ox.NamedNode | ox.Literal) -> None:
        triple = ox.Triple(ox.NamedNode(subject), predicate, object_)
        self._new_claims.append(triple)
        self.store.add(_in_claims(triple))

    def texts(self, file: str) -> dict[Path, str]:
        """Return the files to write with their new text, sources first."""
        folder = self._ontology.folder
        path = folder / file
        if path.suffix != ".ttl" or not path.resolve().is_relative_to((folder / "claims").resolve()):
            raise InputError(f"{file} is no Turtle file in the folder claims of the project, such as {_LAYOUT}")
        changed = {}
        if self._new_sources:
            changed[folder / "sources.ttl"] = self._with(folder / "sources.ttl", self._new_sources)
        changed[path] = self._with(path, self._new_claims)
        return changed

    def _with(self, path: Path, triples: Iterable[ox.Triple]) -> str:
        before = read_text(path) if path.exists() else ""
        prefix, namespace = self._ontology.namespace
        names = {prefix: namespace} | {
            f"{self._prefix}{kind}": expand(f"{self._prefix}{kind}:") for kind in ("claim", "evidence", "source")
        }
        header = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in names.items())
        lines = "".join(f"{triple.subject} {triple.predicate} {triple.object} .\n" for triple in triples)
        return formatted(f"{header}{before}\n{lines}", source=path)


def _hold_to_shapes(ontology: Ontology, draft: _Draft, texts: dict[Path, str]) -> None:
    """Raise ShapeError where the shapes refuse what is new."""
    shapes = ontology.shapes if ontology.shapes.exists() else packaged().shapes
    found = shape_faults(draft.store, shapes)
    if not found:
        return
    # Only what was well before is a fault of the new claims.
    store = ox.Store()
    for path, graph in ontology.turtle_files():
        parse_into(store, path, GRAPHS[graph])
    before = set(shape_faults(store, shapes))
    news = {compact(claim): place for claim, place in draft.places.items()}
    faults = []
    for fault in found:
        if replace(fault, file=None) not in before:
            place = next((where for claim, where in news.items() if _speaks_of(fault.focus, claim)), "")
            faults.append(f"{place}: {fault}" if place else str(fault))
    if faults:
        raise ShapeError([*sorted(set(faults)), _nothing(len(draft.places))])


def _speaks_of(focus: str, claim: str) -> bool:
    """Return whether a fault is of a claim or of its evidence, whose name goes on with a number."""
    return (
        focus == claim
        or re.fullmatch(re.escape(claim.rpartition(":")[2]) + r"-\d+", focus.rpartition(":")[2]) is not None
    )


def _in_claims(triple: ox.Triple) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(GRAPHS["claims"]))


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.casefold()).strip("-") or "x"


def _one_of(name: str, value: str, known: Sequence[str]) -> str:
    for word in known:
        if word.casefold() == value.strip().casefold().removeprefix("kg:"):
            return word
    raise InputError(f"{name} takes {', '.join(word.lower() for word in known)}, and not {value!r}")
