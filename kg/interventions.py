"""Which smallest, or cheapest, sets of strategies block every way by which some factors increase an outcome.

A strategy acts on nodes (what it decreases), and a node acted on is blocked. A way is as in `kg.ways`: a simple path over signed
edges, from a factor to the outcome, whose signs multiply to +1. A set of strategies closes a way if it blocks a node of it, the
factor included.

What is decided here, and why:

- To act on the outcome itself closes no way, unless `count_outcome` is set. Nearly every strategy relieves the pain at the end;
  to count that would make every plan one arbitrary strategy, and would answer how to ease the pain and not how to stop what
  brings it on. Such strategies are listed apart, in `Plan.easing`.
- Some ways may pass nothing that any allowed strategy acts on. No set closes them, and any set leaves at least these open. So
  the sets that leave the fewest are those that leave just these, and the least among them are what is looked for. With no such
  way, these are the sets that close everything.
- With costs, sets of the least total cost, and among these the ones with the fewest strategies, so that nothing is taken that
  costs nothing and does nothing.
- A strategy can be a node of a way as any other. To take it up does not close the ways through it: that it is there may be just
  what does harm.
- What is said of a strategy is not carried over to its kinds: that exercise reduces mechanical stress says nothing of yoga. What
  is said of what it acts on is carried over to kinds of that where `include_kinds` is set: what reduces excess weight, reduces
  obesity.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from itertools import islice
from math import lcm
from typing import TYPE_CHECKING, TypeAlias

from kg.errors import InputError, UnknownTermError
from kg.hitting import LeastHittingSets
from kg.ways import Way, Ways, in_order, signed_edges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    import networkx as nx

    from kg.evidence import Evidence, Source

__all__ = [
    "STANDINGS",
    "Act",
    "ActClaim",
    "Measure",
    "Plan",
    "Proof",
    "StrategySet",
    "plan",
]

STANDINGS = ("Supported", "Mixed", "Unreviewed", "Disputed")
"""From the firmest ground to the weakest; a claim that nobody has examined stands above one that was examined and denied."""

Cost: TypeAlias = "int | float | Decimal | Fraction"
_MOST_WEIGHT = 10**9
# How many ways to give the solver at once, besides those that share no strategy; more make it slower than they help.
_ROUND = 40
# What the solver's shares may be off by.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class ActClaim:
    """A claim that a strategy decreases something."""

    id: str
    object: str
    """What the claim speaks of: the node acted on, or a wider term where kinds are included."""
    predicate: str
    certainty: str
    standing: str
    """Empty where the graph says nothing of it."""
    label: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """That a strategy acts on a node, and on whose word."""

    strategy: str
    node: str
    claims: tuple[ActClaim, ...]
    """Firmest standing first, then by key; empty where the caller says so and the graph does not."""

    @property
    def standing(self) -> str:
        """The firmest standing of the claims; empty where there is none."""
        return self.claims[0].standing if self.claims else ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One strategy of a set, and what it does there."""

    strategy: str
    cost: Fraction
    acts: tuple[Act, ...]
    """On the nodes that it blocks and that lie on some way."""
    closes: Way | None
    """A way that no other strategy of the set closes; the set would not do without this one."""
    backfires: Way | None
    """A shortest way by which the strategy itself increases the outcome, past all that the set blocks; None if there is none."""


@dataclass(frozen=True, slots=True)
class StrategySet:
    """One least set of strategies."""

    measures: tuple[Measure, ...]
    standing: str
    """The firmest standing such that claims of it and firmer ones alone do all that the set does; empty if they have none.

    ``Disputed``: the set rests on disputed claims.
    """

    @property
    def strategies(self) -> tuple[str, ...]:
        """The strategies, in order."""
        return tuple(measure.strategy for measure in self.measures)

    @property
    def cost(self) -> Fraction:
        """Of all the strategies together; each costs 1 where no costs were given."""
        return sum((measure.cost for measure in self.measures), Fraction(0))

    def __len__(self) -> int:
        return len(self.measures)


@dataclass(frozen=True, slots=True)
class Proof:
    """What it rests on that no set is smaller or cheaper."""

    least: Fraction
    """Cost of each set listed; the number of strategies where no costs were given."""
    bound: Fraction
    """What the solver has proven that no set can go below."""
    optimal: bool
    """Whether the two meet."""
    ways: int
    """How many ways were looked at one by one; all others are closed by whatever closes these."""
    cuts: int
    """How many different conditions "take one of these strategies" they gave."""
    solves: int
    """How many integer programmes were solved."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The least sets of strategies that leave no way open but those that no allowed strategy can close."""

    factors: tuple[str, ...]
    outcome: str
    sets: tuple[StrategySet, ...]
    """In the order of their strategies. One empty set where there is nothing that can be closed."""
    complete: bool
    """Whether these are all the least sets; False where the list was cut."""
    open_ways: tuple[Way, ...]
    """Ways that no allowed strategy can close, shortest first."""
    open_ways_complete: bool
    """Whether these are all of them."""
    proof: Proof
    easing: tuple[Act, ...]
    """What strategies do to the outcome itself, apart from the ways to it; by strategy. Empty if `count_outcome`."""
    considered: tuple[str, ...]
    """The strategies that are allowed and act on a node of some walk from a factor to the outcome."""
    has_ways: bool
    """Whether any way leads from the factors to the outcome at all."""
    with_costs: bool
    avoid: tuple[str, ...]
    only: tuple[str, ...]
    min_standing: str | None
    count_outcome: bool
    labels: Mapping[str, str]
    """Of every node and strategy named here."""
    sources: Mapping[str, Source]
    """That the evidence named here is from, by CURIE."""
    red_flags: tuple[tuple[str, str, str, str], ...] = field(repr=False)
    """Sign, care, suspected condition, citation; as `kg.redflags.red_flags` gives them."""

    @property
    def closes_all(self) -> bool:
        """Whether each set leaves no way open."""
        return not self.open_ways

    def __iter__(self) -> Iterator[StrategySet]:
        return iter(self.sets)

    def __len__(self) -> int:
        return len(self.sets)

    def __str__(self) -> str:
        from kg.plantext import plan_text

        return plan_text(self)

    def _repr_markdown_(self) -> str:
        from kg.plantext import plan_markdown

        return plan_markdown(self)

    def _repr_html_(self) -> str:
        from kg.plantext import plan_html

        return plan_html(self)


def plan(
    graph: nx.MultiDiGraph[str],
    factors: str | Iterable[str],
    outcome: str,
    *,
    acts: Mapping[str, Iterable[str]] | None = None,
    costs: Mapping[str, Cost] | None = None,
    avoid: str | Iterable[str] = (),
    only: str | Iterable[str] = (),
    min_standing: str | None = None,
    count_outcome: bool = False,
    include_kinds: bool = False,
    limit: int = 10,
    open_limit: int = 5,
    max_steps: int = 100_000,
    red_flags: Sequence[tuple[str, str, str, str]] | None = None,
) -> Plan:
    """Return the smallest, or cheapest, sets of strategies that block every increasing way from some factors to an outcome.

    Exact. The ways are never listed: a way that a set leaves open is looked for, and gives the next condition (`kg.hitting`).

    Parameters
    ----------
    graph
        Any directed multigraph with ``sign`` on its edges, 1 or -1; edges with 0 or none, and claims that no source asserts, are
        passed over. What else `kg.network` describes is used where it is there.
    factors, outcome
        Nodes.
    acts
        What each strategy acts on. By default, what the nodes of class ``Strategy`` decrease by a claim that some source
        asserts.
    costs
        Of strategies, from 0; a strategy that is not named costs 1. Without it, the fewest strategies are looked for.
    avoid, only
        Strategies to leave out, or to choose among; each stands for its kinds too (the node attribute ``broader``). What is in
        both is left out.
    min_standing
        The weakest standing of a claim to rely on, of `STANDINGS`; what the caller's `acts` say without a claim is then not
        relied on.
    count_outcome
        Whether to act on the outcome itself closes the ways to it.
    include_kinds
        Whether what acts on a node acts on its kinds too.
    limit
        How many sets at most, from 1: the first in the order of their strategies.
    open_limit
        How many of the ways that cannot be closed to list at most, from 1.
    max_steps
        When to give up the search for one way, from 1; see `kg.ways`.
    red_flags
        To be shown with the plan; by default those of the graph.

    Returns
    -------
    Plan
        With its proof. Two runs, and graphs filled in another order, give the same.

    Raises
    ------
    UnknownTermError
        If a factor, the outcome or a node acted on is not in the graph.
    InputError
        If the outcome is a factor, there is no factor, no sign or no strategy in the graph, a strategy to avoid, choose or pay
        for is unknown, a cost is no number from 0 or has too many digits, or a number or standing is out of range.
    LimitError
        If a search for ways was given up.
    """
    for name, number in (("limit", limit), ("open_limit", open_limit)):
        if number < 1:
            raise InputError(f"{name} is {number}; expected 1 or more")
    if min_standing is not None and min_standing not in STANDINGS:
        raise InputError(f"no such standing: {min_standing!r}; expected one of {', '.join(STANDINGS)}")
    starts = in_order(set(_several(factors)))
    ways = Ways(graph, starts, outcome, max_steps=max_steps)
    known = _acts(graph, acts, include_kinds=include_kinds)
    left_out, kept = _several(avoid), _several(only)
    allowed = _allowed(graph, known, left_out, kept)
    prices = _prices(graph, known, costs)
    firm = {
        strategy: {node: act for node, act in on.items() if _firm(act, min_standing)}
        for strategy, on in known.items()
        if strategy in allowed
    }
    easing = () if count_outcome else tuple(firm[name][outcome] for name in in_order(firm) if outcome in firm[name])
    on_ways = set(ways.nodes) - (set() if count_outcome else {outcome})
    strategies = [name for name in in_order(firm) if not on_ways.isdisjoint(firm[name])]
    task = _Task(
        ways, [{node: firm[name][node] for node in in_order(firm[name]) if node in on_ways} for name in strategies]
    )

    stuck = ways.shortest(task.touchable)
    open_ways = list(islice(stuck, open_limit + 1))
    # Where every way passes a node that can be blocked, there is no need to keep count of whether it does.
    task.every_way_touches = not open_ways
    weights = _weights([prices[name] for name in strategies], with_sizes=costs is not None)
    least = LeastHittingSets(weights, task.missed, task.light)
    found = list(islice(least, limit + 1))
    sets = tuple(_strategy_set(graph, task, strategies, prices, chosen, outcome, max_steps) for chosen in found[:limit])
    price = sets[0].cost
    # The bound is in weights; a whole number above it that lies within rounding error of it is the bound too.
    optimal = least.weight - least.bound < 0.5
    bound = price if optimal else price * Fraction(least.bound) / least.weight
    used = [act for item in sets for measure in item.measures for act in measure.acts] + list(easing)
    named = {
        *starts,
        outcome,
        *strategies,
        *left_out,
        *kept,
        *(act.strategy for act in used),
        *(act.node for act in used),
    }
    named.update(node for way in (*open_ways, *_shown(sets)) for node in way.nodes)
    named.update(claim.object for act in used for claim in act.claims)
    return Plan(
        factors=tuple(starts),
        outcome=outcome,
        sets=sets,
        complete=len(found) <= limit,
        open_ways=tuple(open_ways[:open_limit]),
        open_ways_complete=len(open_ways) <= open_limit,
        proof=Proof(price, bound, optimal, task.ways_seen, least.rows, least.solves),
        easing=easing,
        considered=tuple(strategies),
        has_ways=bool(open_ways) or task.ways_seen > 0,
        with_costs=costs is not None,
        avoid=tuple(in_order(set(left_out))),
        only=tuple(in_order(set(kept))),
        min_standing=min_standing,
        count_outcome=count_outcome,
        labels={
            name: str(graph.nodes[name].get("label", name)) if name in graph else str(name) for name in in_order(named)
        },
        sources=_sources(graph, used),
        red_flags=tuple(_red_flags(graph) if red_flags is None else red_flags),
    )


class _Task:
    """What is to be closed, and by what; strategies are numbers here."""

    def __init__(self, ways: Ways, acts: Sequence[Mapping[str, Act]]) -> None:
        self.ways = ways
        self.acts = acts
        self.touchable = frozenset(node for on in acts for node in on)
        self.every_way_touches = True
        self.ways_seen = 0
        self._on_way: dict[str, bool] = {}

    def open_way(self, blocked: Iterable[str]) -> Way | None:
        """Return a way past the blocked nodes that some strategy could close."""
        touching = None if self.every_way_touches else self.touchable
        return self.ways.any_way(frozenset(blocked), touching=touching)

    def missed(self, chosen: frozenset[int]) -> list[frozenset[int]]:
        """Return who could close ways that some strategies leave open."""
        blocked = self.blocked(chosen)
        found = []
        # Ways that share no strategy, until none is left: each alone raises the bound.
        while (way := self.open_way(blocked)) is not None:
            self.ways_seen += 1
            closers = self.closers(way)
            found.append(closers)
            blocked |= self.blocked(closers)
        if found:
            # Then others that lie near: more rows now are fewer programmes to solve.
            found += self.light([float(number in chosen) for number in range(len(self.acts))])
        return found

    def light(self, shares: Sequence[float]) -> list[frozenset[int]]:
        """Return who could close some ways that are closed by less than a whole, each strategy being taken by a share."""
        weights: dict[str, float] = defaultdict(float)
        for share, on in zip(shares, self.acts, strict=True):
            for node in on:
                weights[node] += max(share, 0.0)
        touching = None if self.every_way_touches else self.touchable
        ways = list(self.ways.lighter_than(1 - _ROUNDING, weights, touching=touching))
        self.ways_seen += len(ways)
        # The fewest strategies first: these are the strictest conditions.
        return sorted({self.closers(way) for way in ways}, key=lambda closers: (len(closers), sorted(closers)))[:_ROUND]

    def closers(self, way: Way) -> frozenset[int]:
        """Return the strategies that act on a node of a way."""
        nodes = set(way.nodes)
        return frozenset(number for number, on in enumerate(self.acts) if not nodes.isdisjoint(on))

    def blocked(self, chosen: Iterable[int], weakest: str | None = None) -> set[str]:
        """Return the nodes that some strategies act on, by claims of a standing and firmer if one is given."""
        return {node for number in chosen for node, act in self.acts[number].items() if _firm(act, weakest)}

    def is_on_way(self, node: str) -> bool:
        """Whether any way passes a node."""
        if node not in self._on_way:
            self._on_way[node] = self.ways.any_way(touching={node}) is not None
        return self._on_way[node]


def _strategy_set(
    graph: nx.MultiDiGraph[str],
    task: _Task,
    strategies: Sequence[str],
    prices: Mapping[str, Fraction],
    chosen: frozenset[int],
    outcome: str,
    max_steps: int,
) -> StrategySet:
    blocked = task.blocked(chosen)
    measures = []
    for number in sorted(chosen):
        name = strategies[number]
        acts = tuple(act for node, act in task.acts[number].items() if task.is_on_way(node))
        backfires = None
        if name in graph and name != outcome:
            own = Ways(graph, [name], outcome, max_steps=max_steps)
            # The strategy is done on purpose: that something acts on it does not undo it.
            backfires = own.any_way(blocked - {name, outcome})
        closes = task.open_way(task.blocked(chosen - {number}))
        measures.append(Measure(name, prices[name], acts, closes, backfires))
    has_standing = any(act.standing for number in chosen for act in task.acts[number].values())
    levels = STANDINGS if has_standing else ()
    standing = next((level for level in levels if task.open_way(task.blocked(chosen, level)) is None), "")
    return StrategySet(tuple(measures), standing)


def _shown(sets: Iterable[StrategySet]) -> Iterator[Way]:
    for item in sets:
        for measure in item.measures:
            yield from (way for way in (measure.closes, measure.backfires) if way is not None)


def _several(names: str | Iterable[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _firm(act: Act, weakest: str | None) -> bool:
    """Whether an act rests on a claim of a standing or a firmer one."""
    if weakest is None:
        return True
    return act.standing in STANDINGS and STANDINGS.index(act.standing) <= STANDINGS.index(weakest)


def _acts(
    graph: nx.MultiDiGraph[str], given: Mapping[str, Iterable[str]] | None, *, include_kinds: bool
) -> dict[str, dict[str, Act]]:
    """Return what each strategy acts on, by strategy and node."""
    claims: dict[str, dict[str, list[ActClaim]]] = defaultdict(lambda: defaultdict(list))
    for subject, object_, sign, key, edge in signed_edges(graph):
        if sign < 0:
            claims[subject][object_].append(_claim(key, object_, edge))
    if given is None:
        names = [node for node, classes in graph.nodes(data="classes") if "Strategy" in (classes or ())]
        if not names:
            raise InputError(
                "the graph has no node of class Strategy; name its classes by kg:strategyClass in a lens, or give acts"
            )
        given = {name: tuple(claims.get(name, ())) for name in names}
    narrower = _narrower(graph) if include_kinds else {}
    found: dict[str, dict[str, Act]] = {}
    for strategy, nodes in given.items():
        said: dict[str, list[ActClaim]] = defaultdict(list)
        for node in _several(nodes):
            if node not in graph:
                raise UnknownTermError(str(node))
            for kind in {node, *narrower.get(node, ())}:
                said[kind] += claims.get(strategy, {}).get(node, ())
        found[strategy] = {
            node: Act(strategy, node, tuple(sorted(said[node], key=_firmest_first))) for node in in_order(said)
        }
    return found


def _claim(key: str, object_: str, edge: Mapping[str, object]) -> ActClaim:
    evidence = edge.get("evidence")
    return ActClaim(
        id=key,
        object=object_,
        predicate=str(edge.get("predicate", "")),
        certainty=str(edge.get("certainty", "")),
        standing=str(edge.get("standing", "")),
        label=str(edge.get("label", "")),
        evidence=evidence if isinstance(evidence, tuple) else (),
    )


def _firmest_first(claim: ActClaim) -> tuple[int, str]:
    return (STANDINGS.index(claim.standing) if claim.standing in STANDINGS else len(STANDINGS), claim.id)


def _narrower(graph: nx.MultiDiGraph[str]) -> dict[str, set[str]]:
    """Return all kinds of each node, kinds of kinds included."""
    found: dict[str, set[str]] = defaultdict(set)
    above = {node: tuple(broader or ()) for node, broader in graph.nodes(data="broader")}
    for node in above:
        stack = list(above[node])
        while stack:
            wider = stack.pop()
            if node not in found[wider]:
                found[wider].add(node)
                stack += above.get(wider, ())
    return found


def _allowed(
    graph: nx.MultiDiGraph[str], known: Mapping[str, object], avoid: Sequence[str], only: Sequence[str]
) -> set[str]:
    narrower = _narrower(graph)

    def kinds(option: str, names: Sequence[str]) -> set[str]:
        for name in names:
            if name not in known and known.keys().isdisjoint(narrower.get(name, ())):
                raise InputError(f"{option}: {_no_strategy(graph, known, name)}")
        return {kind for name in names for kind in (name, *narrower.get(name, ()))}

    left = kinds("only", only) if only else set(known)
    return (left & known.keys()) - kinds("avoid", avoid)


def _no_strategy(graph: nx.MultiDiGraph[str], known: Iterable[str], name: str) -> str:
    near = get_close_matches(str(name), [str(strategy) for strategy in in_order(known)], n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"{name} is {'no strategy' if name in graph else 'not a known strategy'}{hint}"


def _prices(
    graph: nx.MultiDiGraph[str], known: Mapping[str, object], costs: Mapping[str, Cost] | None
) -> dict[str, Fraction]:
    prices = dict.fromkeys(known, Fraction(1))
    for name, cost in (costs or {}).items():
        if name not in known:
            raise InputError(f"costs: {_no_strategy(graph, known, name)}")
        try:
            # As it is written: 0.1 is a tenth, and sums are compared exactly.
            prices[name] = Fraction(str(cost))
        except (ValueError, ZeroDivisionError):
            raise InputError(f"the cost of {name} is {cost!r}; expected a number, 0 or more") from None
        if prices[name] < 0:
            raise InputError(f"the cost of {name} is {cost}; expected 0 or more")
    return prices


def _weights(prices: Sequence[Fraction], *, with_sizes: bool) -> list[int]:
    """Return whole numbers that order sets by cost, then by number of strategies."""
    if not with_sizes:
        return [1] * len(prices)
    scale = lcm(*(price.denominator for price in prices)) * (len(prices) + 1)
    weights = [int(price * scale) + 1 for price in prices]
    if sum(weights) > _MOST_WEIGHT:
        raise InputError(
            "the costs have too many digits to be told apart exactly; round them so that their sum, in units of the last digit, "
            f"is at most {_MOST_WEIGHT // (len(prices) + 1)}"
        )
    return weights


def _sources(graph: nx.MultiDiGraph[str], acts: Iterable[Act]) -> dict[str, Source]:
    known = graph.graph.get("sources", {})
    cited = {item.source for act in acts for claim in act.claims for item in claim.evidence}
    return {name: known[name] for name in sorted(cited) if name in known}


def _red_flags(graph: nx.MultiDiGraph[str]) -> list[tuple[str, str, str, str]]:
    from kg.redflags import red_flags

    return red_flags(graph) if "sources" in graph.graph else []
