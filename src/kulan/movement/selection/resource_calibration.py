"""Whether a resource-selection function foretells the fixes of a time it has not seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from kulan.errors import NotEnoughDataError
from kulan.movement.selection.calibration import Calibration, classes_of
from kulan.movement.selection.resource_selection import ResourceSelection, fit_resource_selection

Floats = NDArray[np.float64]

_CLASSES, _LEAST_CLASSES = 10, 3


@dataclass(frozen=True, eq=False)
class HeldBack:
    """Fixes of one animal that were held back, and the function fitted without them.

    Attributes
    ----------
    fold
        Which stretch of the track, from 0.
    fit
        Fitted to the fixes of all other stretches.
    used, available
        Covariates of the fixes held back and of the available points, shape (points, terms).
    effective
        As how many independent fixes those held back count.
    """

    fold: int
    fit: ResourceSelection
    used: Floats
    available: Floats
    effective: float


def held_back(
    used: Floats, available: Floats, terms: tuple[str, ...], *, effective: float, folds: int = 5
) -> list[HeldBack]:
    """Fit a resource-selection function without each of several stretches of a track.

    Stretches, not fixes by chance: a fix is foretold all too well by those an hour before and
    after it.

    Parameters
    ----------
    used
        Covariates at the fixes, in the order of time, shape (fixes, terms).
    available, terms, effective
        As `fit_resource_selection` has them.
    folds
        How many stretches of as many fixes each.

    Returns
    -------
    list of HeldBack
        Without stretches for which too little would be left.

    References
    ----------
    Roberts, D. R. et al. (2017). Cross-validation strategies for data with temporal, spatial,
    hierarchical, or phylogenetic structure. Ecography 40:913-929.
    """
    parts = []
    for fold, rows in enumerate(np.array_split(np.arange(len(used)), folds)):
        others = np.delete(used, rows, axis=0)
        share = len(rows) / len(used)
        if not 0 < share < 1:
            continue
        try:
            fit = fit_resource_selection(
                others, available, terms, effective=effective * (1 - share)
            )
        except NotEnoughDataError:
            continue
        parts.append(HeldBack(fold, fit, used[rows], available, effective * share))
    return parts


def boyce_index(parts: Iterable[HeldBack], classes: int = _CLASSES) -> float:
    """Return the rank correlation of what a function foretells with how often it was used.

    Each animal's available points are cut into classes of as many points each by what the function
    fitted without the held-back fixes says of them; the fixes in each class are counted over all
    animals. One: the higher the class the more use; zero: no better than chance.

    Parameters
    ----------
    parts
        Fixes held back, of one or several animals.
    classes
        How many classes.

    Returns
    -------
    float
        Spearman's rank correlation of the classes with use over what is available in them, -1 to
        1; NaN where nothing was held back, use is even, or there are fewer than three classes, as
        with a single covariate of two values.

    References
    ----------
    Boyce, M. S. et al. (2002). Evaluating resource selection functions. Ecol. Modell. 157:281-300.
    """
    used, available = np.zeros(classes), np.zeros(classes)
    for part in parts:
        offered, taken = (one @ part.fit.coefficients for one in (part.available, part.used))
        edges = np.quantile(offered, np.linspace(0, 1, classes + 1)[1:-1])
        held = [
            np.bincount(np.searchsorted(edges, scores, side="right"), minlength=classes)
            * (part.effective / len(scores))
            for scores in (taken, offered)
        ]
        # land of two values has two classes, in which there is no order to be wrong
        if (held[1] > 0).sum() >= _LEAST_CLASSES:
            used, available = used + held[0], available + held[1]
    there = np.flatnonzero(available > 0)
    density = used[there] / available[there]
    if not len(there) or not np.ptp(density) > 0:
        return float("nan")
    return float(stats.spearmanr(there, density).statistic)


def calibrate_resources(
    parts: Sequence[HeldBack], column: int, *, draws: int = 500, level: float = 0.95, seed: int = 0
) -> Calibration:
    """Compare the values of a covariate at fixes held back with what the function foretells.

    Coefficients are drawn from what is known of them; with each draw as many points are taken from
    the available ones, by what the function says of them, as the fixes held back count as
    independent ones: limits are not narrower because a collar asked more often.

    Parameters
    ----------
    parts
        Fixes held back, of one or several animals; at least one.
    column
        Which term.
    draws
        How many draws.
    level
        How often limits should hold the used share.
    seed
        Of the draws.

    Returns
    -------
    Calibration

    References
    ----------
    Fieberg, J. R. et al. (2018). Used-habitat calibration plots. Ecography 41:737-752.
    """
    # the available points of an animal stand once for each of its stretches: that changes no class
    edges = classes_of(np.concatenate([part.available[:, column] for part in parts]), _CLASSES)
    size = len(edges) - 1
    rng = np.random.default_rng(seed)
    weights = np.array([part.effective for part in parts])
    weights = weights / weights.sum()
    used, available, shares = np.zeros(size), np.zeros(size), np.zeros((draws, size))
    for part, weight in zip(parts, weights, strict=True):
        used += weight * _shares(part.used[:, column], edges)
        available += weight * _shares(part.available[:, column], edges)
        shares += weight * _foretold(part, column, edges, draws, rng)
    tail = (1 - level) / 2
    low, high = np.quantile(shares, [tail, 1 - tail], axis=0)
    return Calibration(edges, used, available, low, shares.mean(axis=0), high, level)


def _place(values: Floats, edges: Floats) -> NDArray[np.int64]:
    return np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)


def _shares(values: Floats, edges: Floats) -> Floats:
    counts = np.bincount(_place(values, edges), minlength=len(edges) - 1)
    return np.asarray(counts / len(values), dtype=np.float64)


def _foretold(
    part: HeldBack, column: int, edges: Floats, draws: int, rng: np.random.Generator
) -> Floats:
    place = _place(part.available[:, column], edges)
    drawn = rng.multivariate_normal(
        part.fit.coefficients, part.fit.covariance, draws, method="cholesky"
    )
    taken = max(round(part.effective), 1)
    shares = np.empty((draws, len(edges) - 1))
    for k, coefficients in enumerate(drawn):
        score = part.available @ coefficients
        chance = np.bincount(place, np.exp(score - score.max()), minlength=len(edges) - 1)
        shares[k] = rng.multinomial(taken, chance / chance.sum()) / taken
    return shares
