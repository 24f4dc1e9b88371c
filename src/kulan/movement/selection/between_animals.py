"""Between animals: the mean of a population and how far animals differ, of fits to each of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from kulan.errors import InvalidTableError
from kulan.movement.intervals import UNKNOWN, Interval

Floats = NDArray[np.float64]

FEWEST_ANIMALS = 3
LEAST_WEIGHT = 1 / 50**2  # of the weightiest animal's; one that weighs less tells nothing
_NOTHING = 1e-12  # of the least variance of an animal


@dataclass(frozen=True)
class BetweenAnimals:
    """What several animals say of the population they are from.

    Attributes
    ----------
    animals
        How many animals are in the mean.
    mean
        Of the population, with limits for it; unknown below `FEWEST_ANIMALS`.
    spread
        Standard deviation between animals of the true coefficients, with limits; unknown likewise.
    left_out
        Animals that weigh less than `LEAST_WEIGHT` of the weightiest one: they tell nothing.
    """

    animals: int
    mean: Interval
    spread: Interval
    left_out: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether there are enough animals to say anything of a population."""
        return self.mean.is_known


def between_animals(
    estimates: Mapping[str, float], errors: Mapping[str, float], level: float = 0.95
) -> BetweenAnimals:
    """Return the mean and the spread of a coefficient between animals.

    The second of two steps: each animal was fitted alone; animals are a sample of a population
    whose coefficients are normal. An animal weighs one over the sum of its own variance and that
    between animals, so one with many fixes does not speak for all. The variance between animals is
    Paule and Mandel's, limits of it are those of the Q-profile, and the mean has limits by
    Student's t over the animals (Hartung and Knapp; with Paule and Mandel's variance their factor
    is one, and where the variance is zero it is not let fall below one).

    An animal that weighs less than `LEAST_WEIGHT` of the weightiest one, its error being over fifty
    times as large, tells nothing of the mean. It is left out: counted, it would make the limits
    narrower by the degree of freedom it lends.

    Parameters
    ----------
    estimates, errors
        Coefficient and standard error of each animal, by animal.
    level
        How often limits shall hold the truth.

    Returns
    -------
    BetweenAnimals

    Raises
    ------
    InvalidTableError
        If an estimate is not finite, or an error not above zero.

    Examples
    --------
    >>> found = between_animals({"a": 1.0, "b": 2.0, "c": 3.0}, dict.fromkeys("abc", 0.5))
    >>> [round(value, 3) for value in (found.mean.estimate, found.spread.estimate)]
    [2.0, 0.866]
    >>> between_animals({"a": 1.0, "b": 2.0}, {"a": 0.5, "b": 0.5}).is_known
    False

    References
    ----------
    Craiu, R. V. et al. (2011). Conditional logistic regression with longitudinal follow-up and
    individual-level random coefficients: a stable and efficient two-step estimation method. J.
    Comput. Graph. Stat. 20:767-784. Paule, R. C. and Mandel, J. (1982). J. Res. Natl. Bur. Stand.
    87:377-385. Viechtbauer, W. (2007). Confidence intervals for the amount of heterogeneity in
    meta-analysis. Stat. Med. 26:37-52. Knapp, G. and Hartung, J. (2003). Stat. Med. 22:2693-2710.
    """
    value = np.array([estimates[name] for name in estimates], dtype=float)
    variance = np.array([errors[name] for name in estimates], dtype=float) ** 2
    if not (np.isfinite(value).all() and (variance > 0).all() and np.isfinite(variance).all()):
        raise InvalidTableError("each animal needs a finite coefficient and an error above zero.")
    between = _variance_where(value, variance, len(value) - 1.0) if len(value) > 1 else 0.0
    tells = 1 / (variance + between) >= LEAST_WEIGHT / (variance.min(initial=np.inf) + between)
    left_out = tuple(name for name, one in zip(estimates, tells, strict=True) if not one)
    value, variance = value[tells], variance[tells]
    animals = len(value)
    if animals < FEWEST_ANIMALS:
        return BetweenAnimals(animals, UNKNOWN, UNKNOWN, left_out)
    freedom = animals - 1
    between = _variance_where(value, variance, float(freedom))
    weights = 1 / (variance + between)
    mean = float(weights @ value / weights.sum())
    tail = (1 - level) / 2
    reach = float(stats.t.ppf(1 - tail, freedom) / np.sqrt(weights.sum()))
    low = _variance_where(value, variance, float(stats.chi2.ppf(1 - tail, freedom)))
    high = _variance_where(value, variance, float(stats.chi2.ppf(tail, freedom)))
    spread = Interval(low**0.5, between**0.5, high**0.5, level)
    around = Interval(mean - reach, mean, mean + reach, level)
    return BetweenAnimals(animals, around, spread, left_out)


def _variance_where(value: Floats, variance: Floats, wanted: float) -> float:
    """Return the variance between animals at which the weighted sum of squares is what is wanted.

    The sum falls as the variance grows; where it is below what is wanted already at zero, zero.
    """

    def excess(between: float) -> float:
        weights = 1 / (variance + between)
        mean = weights @ value / weights.sum()
        return float(weights @ (value - mean) ** 2) - wanted

    if excess(0.0) <= 0:
        return 0.0
    high = float(variance.max() + np.ptp(value) ** 2)
    while excess(high) > 0:
        high *= 4
    low = high
    while excess(low) <= 0:
        low /= 4
        if low < _NOTHING * variance.min():
            return 0.0
    if low == high:
        return high
    # errors of animals may be orders of magnitude apart: what is exact is the logarithm
    return float(
        np.exp(optimize.brentq(lambda log: excess(np.exp(log)), np.log(low), np.log(4 * low)))
    )
