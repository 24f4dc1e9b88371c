"""Which of several barriers takes away how much, when their effects do not add up."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from math import comb

import numpy as np

from kulan.connectivity.barriers.cuts import Cuts, Values, with_barriers
from kulan.connectivity.barriers.effect import Measure, overall
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.sites import Sites, nodes_throughout
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Stencil
from kulan.connectivity.workers import Progress, Report, answers, at_hand, taken
from kulan.errors import InvalidGridError, UnknownNameError

MOST_EXACT = 10
Present = frozenset[str]


@dataclass(frozen=True)
class Attribution:
    """Shares of barriers in what they take away together.

    Attributes
    ----------
    names
        Of the barriers, in the order of the values below.
    total
        What all together take away.
    alone
        What each takes away where no other stands.
    last
        What each adds where all others stand: what its removal would give back.
    shapley
        Mean of what each adds over all orders of building; sums to `total`.
    standard_error
        Of `shapley`; 0 where all orders were counted.
    n_orders
        How many orders were drawn; 0 where all were counted.
    """

    names: tuple[str, ...]
    total: float
    alone: Values
    last: Values
    shapley: Values
    standard_error: Values
    n_orders: int


def attribute(
    loss: Callable[[Present], float],
    names: Iterable[str],
    *,
    most_exact: int = MOST_EXACT,
    n_orders: int = 200,
    seed: int = 0,
    executor: Executor | None = None,
    report: Report | None = None,
) -> Attribution:
    r"""Share out a joint loss among barriers.

    For few barriers the Shapley value is exact, from the loss under every subset S of the
    set N of n barriers:

    .. math:: \phi_i = \sum_{S \subseteq N \setminus i}
        \frac{|S|! \, (n - |S| - 1)!}{n!} \, (v(S \cup i) - v(S))

    For more than `most_exact` it is the mean over orders drawn at random, with its standard error.
    No subset is asked for twice.

    Parameters
    ----------
    loss
        What is lost where the named barriers stand and no others; see `connectivity_loss`.
    names
        Of the barriers.
    most_exact
        Up to so many barriers all subsets are asked for; there are two to their number.
    n_orders
        How many orders are drawn for more barriers than that; at least two.
    seed
        For the drawing of orders.
    executor
        Where subsets are computed side by side: threads, processes or the workers of a Dask
        cluster; None for one after the other. The result is the same to the last bit.
    report
        Called with the subsets done and those in all; what it raises ends the run.

    Raises
    ------
    UnknownNameError
        If no barrier is named, or one twice.
    InvalidGridError
        If fewer than two orders are to be drawn, or a loss is not finite.

    References
    ----------
    Shapley, L. S. (1953). A value for n-person games. In Contributions to the Theory of Games II,
    307-317. Princeton University Press.

    Castro, J., Gómez, D. & Tejada, J. (2009). Polynomial calculation of the Shapley value based
    on sampling. Computers & Operations Research 36, 1726-1730.

    Examples
    --------
    Two fences that close the same way: each alone closes it, so they share the loss.

    >>> shares = attribute(lambda present: 1.0 if present else 0.0, ["north", "south"])
    >>> shares.alone.tolist(), shares.last.tolist(), shares.shapley.tolist()
    ([1.0, 1.0], [0.0, 0.0], [0.5, 0.5])
    """
    players = tuple(names)
    if not players or len(set(players)) < len(players):
        raise UnknownNameError(
            f"barriers: {len(players)} names, {len(set(players))} different. "
            "Name at least one, and each once."
        )
    n = len(players)
    everyone = frozenset(players)
    orders = np.zeros((0, n), np.int64)
    exact = n <= most_exact
    if exact:
        subsets = {frozenset(s) for size in range(n + 1) for s in combinations(players, size)}
    else:
        if n_orders < 2:
            raise InvalidGridError("n_orders: at least 2 are needed for a standard error.")
        rng = np.random.default_rng(seed)
        orders = np.array([rng.permutation(n) for _ in range(n_orders)])
        subsets = {frozenset(players[i] for i in o[:k]) for o in orders for k in range(n + 1)}
        subsets |= {frozenset([name]) for name in players}
        subsets |= {everyone - {name} for name in players}
    value = _values(loss, subsets, executor, report)
    empty, total = value[frozenset()], value[everyone]
    if exact:
        shapley, error = _exact(players, value), np.zeros(n)
    else:
        shapley, error = _sampled(players, orders, value)
    return Attribution(
        players,
        total - empty,
        np.array([value[frozenset([name])] - empty for name in players]),
        np.array([total - value[everyone - {name}] for name in players]),
        shapley,
        error,
        len(orders),
    )


def _values(
    loss: Callable[[Present], float],
    subsets: set[Present],
    executor: Executor | None,
    report: Report | None,
) -> dict[Present, float]:
    order = sorted(subsets, key=lambda subset: (len(subset), sorted(subset)))
    progress, found = Progress(report, len(order)), []
    with at_hand(loss, executor) as handed:
        tasks = ((handed, subset) for subset in order)
        with closing(answers(_loss_of, tasks, executor)) as answered:
            for value in answered:
                found.append(value)
                progress.step()
    for subset, value in zip(order, found, strict=True):
        if not np.isfinite(value):
            raise InvalidGridError(
                f"barriers {', '.join(sorted(subset)) or '(none)'}: the loss is {value}, which "
                "cannot be shared out. Measure by 'conductance', which is 0 for parted sites."
            )
    return dict(zip(order, found, strict=True))


def _loss_of(handed: Callable[[Present], float], subset: Present) -> float:
    return taken(handed)(subset)


def _exact(players: tuple[str, ...], value: dict[Present, float]) -> Values:
    n = len(players)
    shapley = np.zeros(n)
    for i, name in enumerate(players):
        others = [other for other in players if other != name]
        for size in range(n):
            share = 1.0 / (n * comb(n - 1, size))
            for subset in combinations(others, size):
                without = frozenset(subset)
                shapley[i] += share * (value[without | {name}] - value[without])
    return shapley


def _sampled(
    players: tuple[str, ...],
    orders: "np.ndarray[tuple[int, int], np.dtype[np.int64]]",
    value: dict[Present, float],
) -> tuple[Values, Values]:
    added = np.zeros(orders.shape)
    for row, order in enumerate(orders):
        standing = [value[frozenset(players[i] for i in order[:k])] for k in range(order.size + 1)]
        added[row, order] = np.diff(standing)
    return added.mean(axis=0), added.std(axis=0, ddof=1) / np.sqrt(len(orders))


def connectivity_loss(
    stencil: Stencil,
    cuts: Cuts,
    sites: Sites,
    *,
    measure: Measure = "conductance",
    solving: Solving | None = None,
) -> Callable[[Present], float]:
    """Return what gives the loss of connectivity where some barriers stand, for `attribute`.

    Each call solves the landscape anew: n sites need n - 1 systems, and ten barriers 1024 calls. A
    region is one node throughout, as where crossings are asked for.

    Parameters
    ----------
    stencil
        The landscape without these barriers.
    cuts
        What all of them cut.
    sites
        Between which connectivity is measured.
    measure
        "conductance", the mean over pairs of 1/resistance, siemens, which can be shared out even
        where barriers part sites; or "resistance", ohm, which cannot.
    solving
        How to solve.

    Raises
    ------
    UnknownNameError
        On a call, if there is no barrier of a name.
    """
    bare = _summed(stencil, cuts, sites, measure, solving, frozenset())
    return partial(_loss, stencil, cuts, sites, measure, solving, bare)


def _loss(
    stencil: Stencil,
    cuts: Cuts,
    sites: Sites,
    measure: Measure,
    solving: Solving | None,
    bare: float,
    present: Present,
) -> float:
    standing = _summed(stencil, cuts, sites, measure, solving, present)
    return standing - bare if measure == "resistance" else bare - standing


def _summed(
    stencil: Stencil,
    cuts: Cuts,
    sites: Sites,
    measure: Measure,
    solving: Solving | None,
    present: Present,
) -> float:
    standing = with_barriers(stencil, cuts.only(present))
    points, regions = nodes_throughout(sites, standing)
    found = pairwise(standing, points, short_circuits=regions, maps=False, solving=solving)
    return overall(found.resistance, measure)
