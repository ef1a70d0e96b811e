"""Where the ontology's files are, and which named graph each of them belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError
from kg.namespaces import PAIN, register

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


_IMPORT = re.compile(r"owl:imports[^;.]*(pain:schema\b|<https://w3id\.org/painpath/schema>)")
_PREFIX = re.compile(r'vann:preferredNamespacePrefix\s+"([\w-]+)"')
_NAMESPACE = re.compile(r'vann:preferredNamespaceUri\s+"([^"]+)"')
_TITLE = re.compile(r'dcterms:title\s+"((?:\\.|[^"\\])*)"')


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
        files = [(self.folder / "schema.ttl", "schema")]
        if _IMPORT.search(self._schema):
            # The one import that is followed, and to the schema of this package, not to the web.
            files.insert(0, (packaged().folder / "schema.ttl", "schema"))
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
    def _schema(self) -> str:
        path = self.folder / "schema.ttl"
        if not path.is_file():
            raise InputError(f"{self.folder} is no ontology folder: it has no schema.ttl")
        return path.read_text(encoding="utf-8", errors="replace")

    @property
    def namespace(self) -> tuple[str, str]:
        """Prefix and namespace of its entities, as ``vann:`` in its schema gives them; ours where that says nothing."""
        prefix, namespace = _PREFIX.search(self._schema), _NAMESPACE.search(self._schema)
        return (prefix[1], namespace[1]) if prefix and namespace else ("pain", PAIN)

    def declare_prefixes(self) -> None:
        """Let its prefix, and those of its claims, evidence and sources, stand for its namespaces, as ours do for ours."""
        prefix, namespace = self.namespace
        register(prefix, namespace)
        for kind in ("claim", "evidence", "source"):
            register(f"{prefix}-{kind}", f"{namespace}{kind}/")

    @property
    def title(self) -> str:
        """What the graph is called, as ``dcterms:title`` in its schema says."""
        found = _TITLE.search(self._schema)
        return found[1].replace('\\"', '"') if found else self.folder.name

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
            A SPARQL CONSTRUCT query; ours where the folder has no rules.
        """
        own = self.folder / "rules"
        folder = own if own.is_dir() else packaged().folder / "rules"
        return (folder / f"{name}.rq").read_text(encoding="utf-8")


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
