"""Where the ontology's files are, and which named graph each of them belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError

__all__ = ["GRAPHS", "RULES", "Ontology", "packaged"]

GRAPHS = {
    name: f"https://w3id.org/painpath/graph/{name}" for name in ("schema", "entities", "claims", "mappings", "derived")
}
"""The named graphs of a built store: what was written in four of them, what was derived from it in the fifth."""

RULES = (
    "direct-triple",
    "super-property",
    "part-of-whole",
    "located-in-whole",
    "connected-both-ways",
    "standing",
    "standing-without-votes",
)
"""The rules in the order in which they build on each other; one pass reaches the fixed point."""


@dataclass(frozen=True, slots=True)
class Ontology:
    """A folder of ontology files laid out as ours is."""

    folder: Path

    def turtle_files(self) -> list[tuple[Path, str]]:
        """Return every Turtle file of data with the name of its graph, in a fixed order.

        Returns
        -------
        list of (Path, str)
            ``schema.ttl`` and ``alignments.ttl``, the vocabularies, the sources and publications, the claims. The shapes
            are left out: they speak about the graph and are no part of it.

        Raises
        ------
        InputError
            If the folder holds no ``schema.ttl``.
        """
        if not (self.folder / "schema.ttl").is_file():
            raise InputError(f"{self.folder} is no ontology folder: it has no schema.ttl")
        files = [(self.folder / "schema.ttl", "schema")]
        files += [(path, "schema") for path in [self.folder / "alignments.ttl"] if path.exists()]
        files += [(path, "entities") for path in sorted((self.folder / "vocabularies").glob("*.ttl"))]
        files += [
            (path, "claims")
            for path in [self.folder / "sources.ttl", self.folder / "publications.ttl"]
            if path.exists()
        ]
        files += [(path, "claims") for path in sorted((self.folder / "claims").glob("*.ttl"))]
        return files

    @property
    def mappings(self) -> Path:
        """The SSSOM file of identifiers in other vocabularies."""
        return self.folder / "mappings.sssom.tsv"

    @property
    def shapes(self) -> Path:
        """The SHACL shapes."""
        return self.folder / "shapes.ttl"

    @property
    def queries(self) -> Path:
        """The folder of named queries."""
        return self.folder / "queries"

    @property
    def lenses(self) -> Path:
        """The folder of lenses; see `kg.lens`."""
        return self.folder / "lenses"

    def rule(self, name: str) -> str:
        """Return the text of one rule.

        Parameters
        ----------
        name
            One of `RULES`.

        Returns
        -------
        str
            A SPARQL CONSTRUCT query.
        """
        return (self.folder / "rules" / f"{name}.rq").read_text(encoding="utf-8")


def packaged() -> Ontology:
    """Return the ontology that comes with this package.

    Returns
    -------
    Ontology
        Inside the package where it was installed from a wheel, beside it in a checkout.
    """
    here = Path(__file__).parent
    inside = here / "ontology"
    return Ontology(inside if inside.is_dir() else here.parent / "ontology")
