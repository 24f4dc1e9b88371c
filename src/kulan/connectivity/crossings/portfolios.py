"""The crossings to build together, under a number or a budget."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from math import comb
from typing import Literal

import numpy as np

from kulan.connectivity.barriers.cuts import Values
from kulan.connectivity.barriers.effect import Measure
from kulan.connectivity.crossings.gains import CrossingGains
from kulan.errors import InvalidGridError

Method = Literal["every set compared", "greedy, then exchanges"]
# of a gain: what rounding may make of no gain at all
_NO_GAIN = 1e-9


@dataclass(frozen=True)
class Portfolio:
    """Crossings that are best together.

    Attributes
    ----------
    names
        Of the crossings.
    gain
        What they give back together; siemens or ohm, as measured.
    sum_of_single_gains
        What they give back each for itself, summed up: how far that misleads.
    last
        What each adds where the others stand, in the order of `names`.
    cost
        Of all, in the money of the study; NaN where one is not known.
    method
        "every set compared": no other set within the limits is better. "greedy, then exchanges":
        none that differs by one crossing is better.
    n_compared
        Sets whose gain was computed.
    """

    names: tuple[str, ...]
    gain: float
    sum_of_single_gains: float
    last: Values
    cost: float
    method: Method
    n_compared: int


@dataclass(frozen=True)
class Building:
    """An order in which to build crossings: of those left, each time the one that adds most.

    Attributes
    ----------
    names
        Of the crossings, in that order.
    alone
        What each gives back where no other is built; siemens or ohm, as measured.
    together
        What each and all before it give back together.
    """

    names: tuple[str, ...]
    alone: Values
    together: Values


def building_order(
    gains: CrossingGains, names: Iterable[str], *, measure: Measure = "conductance"
) -> Building:
    """Put chosen crossings into the order in which each adds most to those before it.

    Parameters
    ----------
    gains
        The candidates, and what any set of them gives.
    names
        Those to build.
    measure
        See `CrossingGains.gain`.

    Raises
    ------
    UnknownNameError
        If there is no crossing of a name.
    """
    wanted = set(gains.crossings.only(names).names)
    left = [k for k, name in enumerate(gains.crossings.names) if name in wanted]
    alone = {k: gains.gain([k], measure) for k in left}
    built: list[int] = []
    together: list[float] = []
    while left:
        reached = {k: gains.gain([*built, k], measure) for k in left}
        best = max(left, key=lambda k: reached[k])
        built.append(best)
        together.append(reached[best])
        left.remove(best)
    return Building(
        tuple(gains.crossings.names[k] for k in built),
        np.array([alone[k] for k in built]),
        np.array(together),
    )


@dataclass
class _Search:
    """What may be built, and the gains known so far."""

    gains: CrossingGains
    measure: Measure
    costs: Values
    most: int
    budget: float
    known: dict[frozenset[int], float] = field(default_factory=dict)

    def gain(self, chosen: frozenset[int]) -> float:
        if chosen not in self.known:
            self.known[chosen] = self.gains.gain(sorted(chosen), self.measure)
        return self.known[chosen]

    def fits(self, chosen: frozenset[int]) -> bool:
        cost = sum(float(self.costs[k]) for k in sorted(chosen))
        return len(chosen) <= self.most and cost <= self.budget * (1 + 1e-12)

    def can_grow(self, chosen: frozenset[int]) -> bool:
        others = [k for k in range(self.costs.size) if k not in chosen]
        if not others:
            return False
        return self.fits(chosen | {min(others, key=lambda k: float(self.costs[k]))})


def best_portfolio(
    gains: CrossingGains,
    *,
    most: int | None = None,
    budget: float | None = None,
    measure: Measure = "conductance",
    most_compared: int = 20_000,
) -> Portfolio:
    """Choose the crossings that give most back together.

    Where few enough sets keep the limits, all are compared, and the answer is the best one.
    Otherwise crossings are added one by one, the one that adds most first (under a budget also
    the one that adds most for its cost, and the better of both is kept), and then exchanged one
    for one until nothing is gained; nothing guarantees that the result is the best, since gains
    of crossings need not diminish: two in a row may be worth more than the sum of each.

    A crossing that adds nothing to the others is left out.

    Parameters
    ----------
    gains
        The candidates, and what any set of them gives.
    most
        How many may be built; None for any number.
    budget
        What they may cost together; None for any cost.
    measure
        See `CrossingGains.gain`.
    most_compared
        Up to so many sets all are compared; each takes about a tenth of a millisecond.

    Raises
    ------
    InvalidGridError
        If there is neither a number nor a budget, no crossing fits it, or a cost is not known.
    """
    search = _limits(gains, most, budget, measure)
    sets = _maximal_sets(search, most_compared)
    method: Method = "every set compared"
    if sets is not None:
        # gains never fall as more is opened, so only sets that cannot grow need be compared
        best = max(sorted(sets, key=sorted), key=search.gain)
    else:
        method = "greedy, then exchanges"
        starts = [_greedy(search, per_cost=False)]
        if np.isfinite(search.budget):
            starts.append(_greedy(search, per_cost=True))
        best = max((_exchange(search, start) for start in starts), key=search.gain)
    best = _without_idle(search, best)
    chosen = sorted(best)
    crossings = gains.crossings
    return Portfolio(
        names=tuple(crossings.names[k] for k in chosen),
        gain=search.gain(best),
        sum_of_single_gains=sum(search.gain(frozenset([k])) for k in chosen),
        last=np.array([search.gain(best) - search.gain(best - {k}) for k in chosen]),
        cost=float(crossings.costs[chosen].sum()),
        method=method,
        n_compared=len(search.known),
    )


def _limits(
    gains: CrossingGains, most: int | None, budget: float | None, measure: Measure
) -> _Search:
    costs = gains.crossings.costs
    n = costs.size
    if most is None and budget is None:
        raise InvalidGridError(
            "portfolio: neither a number nor a budget is given. Without a limit the best is to "
            "build everything."
        )
    if most is not None and most < 1:
        raise InvalidGridError(f"portfolio: `most` is {most}; at least one must be allowed.")
    if budget is not None:
        if not budget >= 0:
            raise InvalidGridError(f"portfolio: a budget of {budget:g} cannot be kept.")
        if np.isnan(costs).any():
            name = gains.crossings.names[int(np.isnan(costs).argmax())]
            raise InvalidGridError(
                f"portfolio: crossing {name!r} has no cost, so no budget can be kept. Give every "
                "candidate a cost, 0 for what is free; or limit the number only."
            )
    else:
        costs = np.zeros(n)
    limit = n if most is None else min(most, n)
    search = _Search(gains, measure, costs, limit, np.inf if budget is None else budget)
    if not search.can_grow(frozenset()):
        raise InvalidGridError(
            f"portfolio: none of {n} candidates fits a budget of {search.budget:g}; the cheapest "
            f"costs {costs.min(initial=np.inf):g}."
        )
    return search


def _maximal_sets(search: _Search, most_compared: int) -> list[frozenset[int]] | None:
    """List the sets that keep the limits and cannot grow; None if there are too many."""
    n = search.costs.size
    if np.isinf(search.budget):
        if comb(n, search.most) > most_compared:
            return None
        return [frozenset(chosen) for chosen in combinations(range(n), search.most)]
    found: list[frozenset[int]] = []
    for looked_at, chosen in enumerate(_sets_that_fit(search)):
        if not search.can_grow(chosen):
            found.append(chosen)
        if len(found) > most_compared or looked_at > 2 * most_compared:
            return None
    return found


def _sets_that_fit(search: _Search) -> Iterator[frozenset[int]]:
    """List the sets within the limits; from each only dearer crossings are added."""
    order = np.argsort(search.costs, kind="stable").tolist()
    waiting: list[tuple[frozenset[int], int]] = [(frozenset(), 0)]
    while waiting:
        chosen, start = waiting.pop()
        yield chosen
        for place in range(start, len(order)):
            more = chosen | {order[place]}
            if not search.fits(more):
                break
            waiting.append((more, place + 1))


def _greedy(search: _Search, *, per_cost: bool) -> frozenset[int]:
    chosen: frozenset[int] = frozenset()
    while True:
        free = [k for k in range(search.costs.size) if k not in chosen]
        fitting = [k for k in free if search.fits(chosen | {k})]
        if not fitting:
            return chosen
        added = {k: search.gain(chosen | {k}) - search.gain(chosen) for k in fitting}
        if per_cost:
            added = {k: gain / max(search.costs[k], 1e-300) for k, gain in added.items()}
        chosen |= {max(fitting, key=lambda k: added[k])}


def _exchange(search: _Search, chosen: frozenset[int]) -> frozenset[int]:
    """Exchange one crossing for another, filling what room is left, while that gains."""
    while True:
        here = search.gain(chosen)
        best = chosen
        for out in sorted(chosen):
            for new in range(search.costs.size):
                other = (chosen - {out}) | {new}
                if new in chosen or not search.fits(other):
                    continue
                if search.gain(other) > search.gain(best) + _NO_GAIN * abs(here):
                    best = other
        if best == chosen:
            return chosen
        chosen = _filled(search, best)


def _filled(search: _Search, chosen: frozenset[int]) -> frozenset[int]:
    while search.can_grow(chosen):
        fitting = [
            k for k in range(search.costs.size) if k not in chosen and search.fits(chosen | {k})
        ]
        chosen |= {max(fitting, key=lambda k: search.gain(chosen | {k}))}
    return chosen


def _without_idle(search: _Search, chosen: frozenset[int]) -> frozenset[int]:
    """Leave out what adds nothing, the dearest first."""
    for k in sorted(chosen, key=lambda k: (-search.costs[k], -k)):
        if len(chosen) == 1:
            break
        if search.gain(chosen - {k}) >= search.gain(chosen) * (1 - _NO_GAIN):
            chosen -= {k}
    return chosen
