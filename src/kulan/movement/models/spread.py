"""What several animals have in common: the mean of a number over a population, and how it differs.

Each animal's number is known with an error of its own, which must not be taken for a difference
between animals. Logarithms of the numbers are taken as normal among animals, and each estimate as
normal around its own animal's number; mean and variance are found by residual likelihood.

References
----------
Fleming, C. H. et al. (2022). Population-level inference for home-range areas. Methods in Ecology
and Evolution 13, 1027-1041.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from kulan.errors import NotEnoughDataError
from kulan.movement.intervals import Interval

Floats = NDArray[Any]


@dataclass(frozen=True)
class PopulationSpread:
    """A number over the animals of a population.

    Attributes
    ----------
    mean
        Mean over animals, in the unit of the number.
    median
        Of the animals, likewise.
    variation
        Coefficient of variation among animals, without their errors.
    animals
        How many it rests on.
    """

    mean: Interval
    median: Interval
    variation: Interval
    animals: int


def population_spread(
    values: Sequence[float], dof: Sequence[float], level: float = 0.95
) -> PopulationSpread:
    """Return mean and spread of a positive number over animals.

    Parameters
    ----------
    values
        Estimate for each animal, such as an area.
    dof
        Effective sample size of each estimate: its square over its variance. Animals with none are
        left out.
    level
        Of the limits.

    Returns
    -------
    PopulationSpread

    Raises
    ------
    NotEnoughDataError
        If fewer than two animals have an estimate.

    Notes
    -----
    An estimate that is spread like a gamma of shape d has a logarithm of variance trigamma(d) and
    of mean psi(d) - ln d; both are allowed for, so that few crossings do not pull a mean down.
    Fleming et al. (2022) choose among populations with and without variance; here the variance is
    estimated always, and zero is within its limits where nothing speaks against it.

    Examples
    --------
    >>> round(population_spread([90.0, 100.0, 110.0], [1e6, 1e6, 1e6]).mean.estimate)
    100
    """
    number, size = np.asarray(values, dtype=float), np.asarray(dof, dtype=float)
    known = np.isfinite(number) & (number > 0) & (size > 0)
    number, size = number[known], size[known]
    if len(number) < 2:
        raise NotEnoughDataError(
            f"population: {len(number)} animal(s) with an estimate; at least 2 are needed for a "
            "spread."
        )
    finite = np.minimum(size, 1e12)
    log = np.log(number) - (special.digamma(finite) - np.log(finite))
    error = special.polygamma(1, finite)
    between = _between(log, error)
    low, high = _between_limits(log, error, between, level)
    weight = 1 / (between + error)
    centre = float(weight @ log / weight.sum())
    certain = 1 / float(weight.sum())
    # few animals: Student's t and not the normal, for the variance among them is estimated too
    reach = float(stats.t.ppf((1 + level) / 2, len(log) - 1))
    median = _around(centre, certain, reach, level)
    mean_error = certain + (between**2 / (2 * max(len(log) - 1, 1)))
    mean = _around(centre + between / 2, mean_error, reach, level)
    ends = [math.sqrt(math.expm1(min(value, 700.0))) for value in (low, between, high)]
    variation = Interval(ends[0], ends[1], ends[2], level)
    return PopulationSpread(mean, median, variation, len(log))


def _around(centre: float, variance: float, reach: float, level: float) -> Interval:
    half = reach * math.sqrt(variance)
    return Interval(math.exp(centre - half), math.exp(centre), math.exp(centre + half), level)


def _criterion(between: float, log: Floats, error: Floats) -> float:
    """Return twice the negative residual log-likelihood of the variance between animals."""
    total = between + error
    weight = 1 / total
    centre = weight @ log / weight.sum()
    return float(np.log(total).sum() + np.log(weight.sum()) + weight @ (log - centre) ** 2)


def _between(log: Floats, error: Floats) -> float:
    most = 4 * float(log.var(ddof=1)) + 1e-6
    found = optimize.minimize_scalar(
        lambda v: _criterion(v, log, error), bounds=(0, most), method="bounded",
        options={"xatol": 1e-9 * most},
    )  # fmt: skip
    at_zero = _criterion(0.0, log, error) if (error > 0).all() else math.inf
    return 0.0 if at_zero <= found.fun else float(found.x)


def _between_limits(
    log: Floats, error: Floats, between: float, level: float
) -> tuple[float, float]:
    """Return limits by the profile of the residual likelihood."""
    allowed = _criterion(between, log, error) + float(stats.chi2.ppf(level, 1))

    def above(value: float) -> float:
        return _criterion(value, log, error) - allowed

    high = max(between, 1e-6)
    while above(high) < 0 and high < 1e3:
        high *= 2
    upper = float(optimize.brentq(above, between, high)) if above(high) > 0 else high
    if between == 0 or above(max(between * 1e-9, 0.0)) < 0:
        return 0.0, upper
    return float(optimize.brentq(above, between * 1e-9, between)), upper
