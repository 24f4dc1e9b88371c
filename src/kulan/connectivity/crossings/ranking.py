"""How sure the order of crossings is, across landscapes that are all believed possible."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from functools import partial

import numpy as np
import pandas as pd

from kulan.connectivity.barriers.cuts import Cuts, Values
from kulan.connectivity.barriers.effect import Measure
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Stencil
from kulan.connectivity.crossings.gains import CLOSELY, SINGLY, CrossingGains
from kulan.connectivity.crossings.places import Crossings
from kulan.connectivity.scenarios import EachLandscape, LeftOut
from kulan.connectivity.workers import Report
from kulan.errors import InvalidGridError, NotSolvedError

# one landscape of an ensemble: without barriers, what barriers cut, what crossings open
Member = tuple[Stencil, Cuts, Crossings]
# of the largest gain: differences below this are rounding, and the crossings tie
_TIE = 1e-9
_NORMAL_95 = 1.959963984540054


def ensemble_gains(
    members: Iterable[Member],
    sites: Sites,
    *,
    measure: Measure = "conductance",
    solving: Solving = CLOSELY,
    executor: Executor | None = None,
    report: Report | None = None,
    failed: Callable[[LeftOut], None] | None = None,
) -> Values:
    """Find what each crossing gives back alone, in each landscape of an ensemble.

    Parameters
    ----------
    members
        Landscapes that differ in resistance, in what barriers let through or in what crossings
        do; the crossings must be the same, in the same order.
    sites
        Between which connectivity is measured.
    measure
        See `CrossingGains.gain`.
    solving
        How to solve.
    executor
        Where members are computed side by side: threads, processes or the workers of a Dask
        cluster; None for one after the other. The gains are the same to the last bit.
    report
        Called with the members done and those in all, 0 where that is not known; what it raises
        ends the run.
    failed
        Called with each member that could not be solved, and why; the others go on.

    Returns
    -------
    ndarray
        Gains, shape (members, crossings); siemens or ohm, as measured. NaN for a member that
        could not be solved: leave those out before ranking.

    Raises
    ------
    InvalidGridError
        If there is no member, or members name different crossings.
    NotSolvedError
        If no member could be solved.
    """
    each = EachLandscape(partial(_gains_in, sites, measure, solving), members, executor, report)
    found = list(each)
    for one in each.left_out:
        if failed is not None:
            failed(one)
    if not found and each.left_out:
        raise NotSolvedError(
            f"ensemble: none of its {len(each.left_out)} members could be solved; the first: "
            f"{each.left_out[0].reason}"
        )
    if not found:
        raise InvalidGridError("ensemble: it has no members. Give at least one landscape.")
    lost = {one.number for one in each.left_out}
    solved = [k for k in range(len(found) + len(lost)) if k not in lost]
    names = found[0][0]
    gains = np.full((len(found) + len(lost), len(names)), np.nan)
    for k, (others, own) in zip(solved, found, strict=True):
        if others != names:
            raise InvalidGridError(
                f"ensemble: member {k} has the crossings {', '.join(others[:5])} …, but member "
                f"{solved[0]} {', '.join(names[:5])} …. Place the same crossings in every member."
            )
        gains[k] = own
    return gains


def _gains_in(
    sites: Sites, measure: Measure, solving: Solving, member: Member
) -> tuple[tuple[str, ...], Values]:
    stencil, cuts, crossings = member
    gains = CrossingGains(
        stencil, cuts, crossings, sites, solving, step_tolerance=max(SINGLY, solving.tolerance)
    )
    return crossings.names, gains.gain_of_each(measure)


def rank_crossings(
    names: Sequence[str], gains: Values, *, best: int = 1, coverage: float = 0.9
) -> pd.DataFrame:
    """Rank crossings by their gains across an ensemble, and say how sure the ranks are.

    In each member the largest gain has rank 1, and equal gains share the mean of their ranks. The
    chance of being among the best k is the share of members in which a crossing is, equal gains
    sharing the places that are left; with Wilson's interval, which stays honest for few members
    and shares near 0 or 1, and covers only the drawing of members, not whether the ensemble
    spans what is possible.

    Parameters
    ----------
    names
        Of the crossings.
    gains
        Of each in each member, shape (members, crossings).
    best
        k: how many places count as best.
    coverage
        Share of members that the intervals of gain and rank hold.

    Returns
    -------
    DataFrame
        Table `CROSSING_RANKING`, by falling chance of being among the best, then by mean rank.

    Raises
    ------
    InvalidGridError
        If shapes do not agree, a gain is not finite, `best` exceeds the crossings, or the
        coverage lies outside 0 to 1.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> gains = np.array([[3.0, 2.0, 1.0], [3.0, 1.0, 2.0]])
    >>> table = rank_crossings(["north", "middle", "south"], gains)
    >>> table[["crossing_id", "rank_mean", "in_best_share"]].to_numpy().tolist()
    [['north', 1.0, 1.0], ['middle', 2.5, 0.0], ['south', 2.5, 0.0]]
    """
    n_members = _checked_gains(names, gains, best, coverage)
    tail = (1 - coverage) / 2
    rank, chance = _ranks(gains, best)
    share = chance.mean(axis=0)
    low, high = _wilson(share, n_members)
    table = pd.DataFrame(
        {
            "crossing_id": list(names),
            "gain_mean": gains.mean(axis=0),
            "gain_low": np.quantile(gains, tail, axis=0),
            "gain_high": np.quantile(gains, 1 - tail, axis=0),
            "rank_mean": rank.mean(axis=0),
            "rank_low": np.quantile(rank, tail, axis=0, method="inverted_cdf"),
            "rank_high": np.quantile(rank, 1 - tail, axis=0, method="inverted_cdf"),
            "in_best_share": share,
            "in_best_low": low,
            "in_best_high": high,
        }
    )
    order = np.lexsort((np.arange(len(names)), table["rank_mean"], -share))
    return table.iloc[order].reset_index(drop=True)


def _checked_gains(names: Sequence[str], gains: Values, best: int, coverage: float) -> int:
    if gains.ndim != 2 or gains.shape[0] < 1 or gains.shape[1] != len(names) or not len(names):
        raise InvalidGridError(
            f"gains: shape {gains.shape} for {len(names)} crossings. Give one row for each member, "
            "one column for each crossing."
        )
    if len(set(names)) < len(names):
        raise InvalidGridError(
            f"crossings: {len(names)} names, {len(set(names))} different. Name each once."
        )
    if not np.isfinite(gains).all():
        member, k = np.argwhere(~np.isfinite(gains))[0]
        raise InvalidGridError(
            f"gains: that of crossing {names[k]!r} in member {member} is {gains[member, k]}, which "
            "has no rank. Measure by 'conductance', which stays finite; leave out members that "
            "could not be solved."
        )
    if not 1 <= best <= len(names):
        raise InvalidGridError(f"best: {best} of {len(names)} crossings; give 1 to {len(names)}.")
    if not 0 < coverage < 1:
        raise InvalidGridError(f"coverage: {coverage:g} found; give a share between 0 and 1.")
    return int(gains.shape[0])


def _ranks(gains: Values, best: int) -> tuple[Values, Values]:
    """Rank of each crossing in each member, and its chance to be among the best there."""
    tie = _TIE * np.abs(gains).max(axis=1)[:, None, None]
    difference = gains[:, None, :] - gains[:, :, None]
    better = (difference > tie).sum(axis=2)
    equal = (np.abs(difference) <= tie).sum(axis=2)
    rank: Values = better + (equal + 1) / 2
    chance: Values = np.clip((best - better) / equal, 0.0, 1.0)
    return rank, chance


def _wilson(share: Values, n: int) -> tuple[Values, Values]:
    z2 = _NORMAL_95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _NORMAL_95 * np.sqrt(share * (1 - share) / n + z2 / (4 * n**2)) / (1 + z2 / n)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)
