"""Which least sets hit every one of many sets that are never all listed: implicit hitting sets on HiGHS.

A mixed-integer programme picks the least set for the sets known so far; the caller says which others that set misses; they
become rows of the programme; and so on, until it misses none. The programme knows fewer rows than there are, so its
optimum is a lower bound, and a set that reaches it and misses nothing is a least one.

References
----------
E. Moreno-Centeno and R. M. Karp, The implicit hitting set approach to solve combinatorial optimization problems with an
application to multigenome alignment, Operations Research 61(2) (2013), 453-468, doi:10.1287/opre.1120.1139.
Q. Huangfu and J. A. J. Hall, Parallelizing the dual revised simplex method, Mathematical Programming Computation 10 (2018),
119-142, doi:10.1007/s12532-017-0130-5 (HiGHS).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from highspy import Highs

__all__ = ["LeastHittingSets"]

_LOOSE = 0.1
"""How far from least a set may be, as a share, while it is only asked what it misses."""


class LeastHittingSets:
    """The least sets of elements that hit everything, one after the other.

    All that are listed have one weight, and since every weight is 1 or more, none contains another.

    Parameters
    ----------
    weights
        Of the elements 0, 1, …; whole numbers from 1, not above 10^9 together, so that floating-point error in the solver
        stays far below the least difference of two sets.
    missed
        Given a set of elements: sets that it does not hit, each of one element or more, none if it hits all. Where it misses
        any, at least one is to be given.
    light
        Given a share in [0, 1] of each element: some sets whose shares add up to less than 1. None need be given, but they
        make the programme tight before it is solved in whole numbers, and hard ones many times faster.
    """

    def __init__(
        self,
        weights: Sequence[int],
        missed: Callable[[frozenset[int]], Iterable[frozenset[int]]],
        light: Callable[[Sequence[float]], Iterable[frozenset[int]]] = lambda _: (),
    ) -> None:
        self._weights = weights
        self._missed = missed
        self._light = light
        self._rows: set[frozenset[int]] = set()
        self._known: list[frozenset[int]] = []
        self._highs: Highs | None = None
        self._loose = True
        self.weight = 0
        """Of each least set; 0 until the first is found."""
        self.bound = 0.0
        """The solver's lower bound on the weight; the first set is proven least where it lies within 1 of its weight."""
        self.solves = 0
        """How many programmes were solved in whole numbers."""
        self.relaxations = 0
        """How many were solved in fractions."""

    @property
    def rows(self) -> int:
        """How many different sets that have to be hit were looked at."""
        return len(self._rows)

    def __iter__(self) -> Iterator[frozenset[int]]:
        """Yield the least sets in the order of their sorted elements: the set with the lowest first element first."""
        self._tighten()
        first = self._solve(frozenset(), frozenset())
        if first is None:
            raise AssertionError("to take every element hits everything")
        self._known.append(first)
        self.weight = sum(self._weights[element] for element in first)
        self._close_in()
        stack: list[tuple[int, frozenset[int], frozenset[int]]] = [(0, frozenset(), frozenset())]
        while stack:
            element, chosen, barred = stack.pop()
            witness = self._witness(chosen, barred)
            if witness is None:
                continue
            if witness == chosen:
                yield witness
                continue
            stack.extend([
                (element + 1, chosen, barred | {element}),
                (element + 1, chosen | {element}, barred),
            ])

    def _witness(self, chosen: frozenset[int], barred: frozenset[int]) -> frozenset[int] | None:
        """Return a least set that has all that is chosen and nothing that is barred, None if there is none."""
        for known in self._known:
            if chosen <= known and not known & barred:
                return known
        if self._out_of_reach(chosen, barred):
            return None
        found = self._solve(chosen, barred)
        if found is not None:
            self._known.append(found)
        return found

    def _out_of_reach(self, chosen: frozenset[int], barred: frozenset[int]) -> bool:
        """Whether rows that share no element already cost too much, or one has nothing left: cheaper than to solve."""
        left = self.weight - sum(self._weights[element] for element in chosen)
        open_rows = [row - barred for row in self._rows if not row & chosen]
        # An element of a least set is the only one to hit some row.
        if any(not any(row & chosen == {element} for row in self._rows) for element in chosen):
            return True
        taken: set[int] = set()
        for row in sorted(open_rows, key=lambda row: (len(row), sorted(row))):
            if not row:
                return True
            if not row & taken:
                taken |= row
                left -= min(self._weights[element] for element in row)
        return left < 0

    def _solve(self, chosen: frozenset[int], barred: frozenset[int]) -> frozenset[int] | None:
        from highspy import HighsModelStatus

        highs = self._model()
        for element in range(len(self._weights)):
            highs.changeColBounds(element, float(element in chosen), float(element not in barred))
        while True:
            self.solves += 1
            highs.run()
            status = highs.getModelStatus()
            if status == HighsModelStatus.kInfeasible:
                return None
            if status not in {
                HighsModelStatus.kOptimal,
                HighsModelStatus.kObjectiveTarget,
                HighsModelStatus.kModelEmpty,
            }:
                raise RuntimeError(f"HiGHS gave up: {highs.modelStatusToString(status)}")
            values = highs.getSolution().col_value
            found = frozenset(element for element, value in enumerate(values) if value > 0.5)
            if self.weight and sum(self._weights[element] for element in found) > self.weight:
                return None
            missed = [row for row in self._missed(found) if row not in self._rows]
            if not missed and self._loose:
                # All is hit: now, and not for each set on the way here, the optimum has to be exact and proven.
                self._loose = False
                highs.setOptionValue("mip_rel_gap", 0.0)
                continue
            if not missed:
                if not self.weight:
                    self.bound = highs.getInfo().mip_dual_bound if found else 0.0
                return found
            for row in dict.fromkeys(missed):
                self._add(row)

    def _tighten(self) -> None:
        """Add rows that the optimum in fractions breaks, until none is found."""
        from highspy import HighsVarType

        highs = self._model()
        rows = [row for row in self._missed(frozenset()) if row not in self._rows]
        while rows:
            for row in rows:
                self._add(row)
            self.relaxations += 1
            highs.run()
            values = highs.getSolution().col_value
            rows = [row for row in dict.fromkeys(self._light(values)) if row not in self._rows]
        for element in range(len(self._weights)):
            highs.changeColIntegrality(element, HighsVarType.kInteger)

    def _model(self) -> Highs:
        if self._highs is None:
            self._highs = _silent_highs()
            # One thread and a fixed seed: the same answer twice. Until a set hits all, one that is nearly least will do to
            # find what it misses; `_solve` then closes the gap.
            for option, value in (
                ("threads", 1),
                ("random_seed", 0),
                ("mip_rel_gap", _LOOSE),
                ("mip_abs_gap", 0.0),
            ):
                self._highs.setOptionValue(option, value)
            for weight in self._weights:
                self._highs.addCol(float(weight), 0.0, 1.0, 0, [], [])
        return self._highs

    def _add(self, row: frozenset[int]) -> None:
        from highspy import kHighsInf

        self._rows.add(row)
        self._model().addRow(1.0, kHighsInf, len(row), sorted(row), [1.0] * len(row))

    def _close_in(self) -> None:
        """From now on look for sets of the least weight only, and stop at the first."""
        highs = self._model()
        count = len(self._weights)
        if count:
            highs.addRow(
                0.0, float(self.weight), count, list(range(count)), [float(weight) for weight in self._weights]
            )
        highs.setOptionValue("objective_target", float(self.weight))


def _silent_highs() -> Highs:
    # highspy and not SciPy: both hold HiGHS, but rows can be added to this one between two solves, and with NumPy it takes 80 MB
    # less. Imported here, since most who import kg never plan.
    from highspy import Highs

    class SilentHighs(Highs):
        def enableCallbacks(self) -> None:  # noqa: N802 # highspy's name
            # The constructor calls this, and would print a banner to stdout. Callbacks are not needed.
            self.setOptionValue("output_flag", False)

    return SilentHighs()  # type: ignore[no-untyped-call] # typed in all but its constructor
