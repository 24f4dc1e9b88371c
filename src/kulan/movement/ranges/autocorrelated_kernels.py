"""How wide a kernel must be, and how much each fix weighs, when fixes are not independent.

Both make the mean integrated squared error least that is expected if positions are Gaussian with
the model's autocorrelation. With bandwidth H = h2 sigma, weights w that sum to one, and the
semivariance g of positions a lag apart (over sigma, 0 to 1), the error is proportional to

    sum_ij w_i w_j / (2 g_ij + 2 h2)  -  2 / (2 + h2)  +  1 / 2.

References
----------
Fleming, C. H. et al. (2015). Rigorous home range estimation with movement data: a new
autocorrelated kernel density estimator. Ecology 96, 1182-1188.
Fleming, C. H. et al. (2018). Correcting for missing and irregular data in home-range estimation.
Ecological Applications 28, 1003-1010.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize_scalar

from kulan.movement.kernels import kernel
from kulan.movement.models.model import Model
from kulan.movement.models.processes import semivariance

Floats = NDArray[Any]
# up to so many fixes every pair is taken; beyond, lags are counted in classes
MOST_IN_PAIRS = 3000
LAG_CLASSES = 2**20
# up to so many weights are found at once; beyond, neighbours in time share theirs
MOST_WEIGHTS = 3000
_LEAST_LOG, _MOST_LOG = math.log(1e-8), math.log(8.0)


@dataclass(frozen=True, eq=False)
class Kernels:
    """What the least expected error asks for.

    Attributes
    ----------
    h2
        Kernel variance over the variance of positions.
    weights
        Of the fixes, sum one.
    spread
        Variance of the weighted positions about their mean that is expected, over the variance of
        the process: below 1 where the record is short.
    effective_size
        Independent fixes for which the same width is best.
    """

    h2: float
    weights: Floats
    spread: float
    effective_size: float

    @property
    def bias(self) -> float:
        """How many times too wide the range comes out: areas are divided by it.

        Fleming, C. H. and Calabrese, J. M. (2017). A new kernel density estimator for accurate
        home-range and species-range area estimation. Methods in Ecology and Evolution 8, 571-579.
        """
        return self.spread + self.h2


def best_kernels(time_s: Floats, model: Model, *, weighted: bool = False) -> Kernels:
    """Return width and weights of kernels for positions at these times under a model.

    Parameters
    ----------
    time_s
        Times of the fixes, s, increasing.
    model
        A model with a range.
    weighted
        Whether weights are found too: fixes of dense stretches then count less.

    Returns
    -------
    Kernels

    Examples
    --------
    >>> from kulan.movement.models import make_model
    >>> alone = make_model(kind="IID", sigma_m2=np.eye(2))
    >>> round(best_kernels(np.arange(100.0), alone).effective_size, 3)
    100.0
    """
    time_s = np.asarray(time_s, dtype=float)
    if weighted:
        return _weighted(time_s, model)
    lag, share = lag_shares(time_s)
    rise = np.ascontiguousarray(semivariance(model.process, model.memory, lag))

    def error(log_h2: float) -> float:
        h2 = math.exp(log_h2)
        return _mean_overlap(rise, share, h2) + _rest(h2)

    h2 = _least(error)
    spread = float(share @ rise)
    return Kernels(h2, np.full(len(time_s), 1 / len(time_s)), spread, _size_for(h2))


def lag_shares(time_s: Floats) -> tuple[Floats, Floats]:
    """Return lags, s, and the share of all ordered pairs of fixes (each with itself too) at each.

    Beyond `MOST_IN_PAIRS` fixes, times are rounded to a fine even clock.
    """
    n = len(time_s)
    if n <= MOST_IN_PAIRS:
        first, second = np.triu_indices(n, 1)
        lag = np.concatenate([[0.0], time_s[second] - time_s[first]])
        share = np.full(len(lag), 2.0 / n**2)
        share[0] = 1.0 / n
        return lag, share
    tick = (time_s[-1] - time_s[0]) / (LAG_CLASSES - 1)
    ticks = np.rint((time_s - time_s[0]) / tick).astype(np.int64)
    present = np.bincount(ticks, minlength=2 * LAG_CLASSES).astype(float)
    power = np.abs(np.fft.rfft(present)) ** 2
    counts = np.rint(np.fft.irfft(power)[:LAG_CLASSES])
    counts[1:] *= 2
    met = np.flatnonzero(counts > 0)
    return met * tick, counts[met] / counts.sum()


@kernel
def _mean_overlap(rise: Floats, share: Floats, h2: float) -> float:
    total = 0.0
    for i in range(len(rise)):
        total += share[i] / (2 * rise[i] + 2 * h2)
    return total


def _rest(h2: float) -> float:
    return -2 / (2 + h2) + 0.5


def _least(error: Any) -> float:
    found = minimize_scalar(
        error, bounds=(_LEAST_LOG, _MOST_LOG), method="bounded", options={"xatol": 1e-8}
    )
    return math.exp(float(found.x))


def _size_for(h2: float) -> float:
    """Return how many independent fixes have `h2` as their best width."""
    alone = 1 / (2 * h2**2) - 1 / (2 * (1 + h2) ** 2)
    return alone / (2 / (2 + h2) ** 2 - 1 / (2 * (1 + h2) ** 2))


def _weighted(time_s: Floats, model: Model) -> Kernels:
    groups, middle, sizes = _groups(time_s)
    lag = np.abs(middle[:, None] - middle[None, :])
    rise = semivariance(model.process, model.memory, lag)
    positive = np.ones(len(middle), dtype=bool)

    def weights_for(h2: float) -> tuple[Floats, float]:
        overlap = 1 / (2 * rise + 2 * h2)
        shares = least_weights(overlap, positive)
        return shares, float(shares @ overlap @ shares)

    found = minimize_scalar(
        lambda log_h2: weights_for(math.exp(log_h2))[1] + _rest(math.exp(log_h2)),
        bounds=(_LEAST_LOG / 3, _MOST_LOG),
        method="bounded",
        options={"xatol": 1e-3},
    )
    h2 = math.exp(float(found.x))
    shares, _ = weights_for(h2)
    spread = float(shares @ rise @ shares)
    return Kernels(h2, (shares / sizes)[groups], spread, _size_for(h2))


def _groups(time_s: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return the group each fix is in, the groups' mean times, s, and sizes."""
    n = len(time_s)
    if n <= MOST_WEIGHTS:
        return np.arange(n), time_s, np.ones(n)
    length = (time_s[-1] - time_s[0]) / MOST_WEIGHTS
    place = np.minimum((time_s - time_s[0]) / length, MOST_WEIGHTS - 1).astype(np.int64)
    _, groups = np.unique(place, return_inverse=True)
    sizes = np.bincount(groups).astype(float)
    return groups, np.bincount(groups, time_s) / sizes, sizes


def least_weights(overlap: Floats, positive: NDArray[np.bool_]) -> Floats:
    """Return weights, none below zero and of sum one, that make w' overlap w least.

    Parameters
    ----------
    overlap
        A positive definite matrix, (n, n).
    positive
        Which weights to begin with as positive, (n,); changed to those that are in the end, so that
        the next similar problem begins there.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> least_weights(np.array([[2.0, 0.0], [0.0, 1.0]]), np.ones(2, dtype=bool))
    array([0.33333333, 0.66666667])
    """
    # block principal pivoting (Portugal, Judice and Vicente 1994, Math. Comp. 63, 625-643): all
    # that break their bound change sides at once; where that stops to help, only the last of them
    fewest, patience = len(overlap) + 1, 3
    weights = np.zeros(len(overlap))
    for _ in range(50 + len(overlap)):
        kept = np.flatnonzero(positive)
        factor = cho_factor(overlap[np.ix_(kept, kept)], lower=True, check_finite=False)
        weights[:] = 0.0
        weights[kept] = cho_solve(factor, np.ones(len(kept)), check_finite=False)
        slack = overlap[:, kept] @ weights[kept] - 1
        broken = np.where(positive, weights < 0, slack < -1e-9)
        count = int(broken.sum())
        if count == 0:
            break
        if count < fewest:
            fewest, patience = count, 3
        elif patience > 0:
            patience -= 1
        else:
            last = int(np.flatnonzero(broken)[-1])
            broken = np.arange(len(overlap)) == last
        positive ^= broken
    weights = np.maximum(weights, 0.0)
    return np.asarray(weights / weights.sum())
