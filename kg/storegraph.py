"""A graph that lies in a store on disk, opened for reading only.

Nothing is read before it is asked for: a query needs neither the lens nor the names, so it takes the time of the query.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kg import queries
from kg.lensgraph import LensGraph
from kg.namespaces import register
from kg.ondisk import open_read_only
from kg.ontology import packaged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kg.lens import Lens
    from kg.paths import Sign
    from kg.queries import Parameter
    from kg.results import Result

__all__ = ["StoreGraph"]


class StoreGraph(LensGraph):
    """The graph in a store folder, as a lens shows it.

    Parameters
    ----------
    folder
        As `kg.loading.load_files` made it, or a plain Oxigraph store.
    lens
        What in it is a node, an edge, a label and a sign; None to guess when it is first needed.
    tell
        Is given what was guessed, in a line.
    """

    def __init__(self, folder: Path, lens: Lens | None = None, *, tell: Callable[[str], None] = lambda _: None) -> None:
        self._store, manifest = open_read_only(folder)
        self._given = lens
        self._tell = tell
        self.folder = folder
        self.title = folder.resolve().name
        self.library = packaged().queries
        for prefix, namespace in manifest.prefixes:
            register(prefix, namespace)

    @cached_property
    def lens(self) -> Lens:  # type: ignore[override] # read only here, and found when first needed
        """How the store is looked at."""
        from kg.opening import chosen_lens

        return chosen_lens(self._store, self._given, self.title, self._tell)

    @property
    def path_sign(self) -> Sign:  # type: ignore[override] # follows from the lens
        """Which steps make a pathway unless the reader says so."""
        return self.lens.default_sign

    @cached_property
    def _named_graphs(self) -> bool:
        return next(iter(self._store.named_graphs()), None) is not None

    def run(self, text: str, params: Mapping[str, Parameter] | None = None, *, source: str = "query") -> Result:
        """Return what SPARQL text answers; see `kg.queries.run`."""
        # Where there is one graph alone, it is its own union, and asking it alone is faster.
        return queries.run(self._store, text, params, source=source, union=self._named_graphs)

    def __len__(self) -> int:
        return len(self._store)

    def __repr__(self) -> str:
        return f"<StoreGraph in {self.folder}>"
