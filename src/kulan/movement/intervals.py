"""Intervals: what is known of a number, from where to where, and how sure that is."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from scipy import stats


@dataclass(frozen=True)
class Interval:
    """A number with the limits it lies between.

    Attributes
    ----------
    low, estimate, high
        In the unit of whoever holds the interval. NaN for what cannot be said, infinity for a limit
        that does not exist.
    level
        How often such limits hold the truth, 0 to 1.
    """

    low: float
    estimate: float
    high: float
    level: float = 0.95

    @property
    def is_known(self) -> bool:
        """Whether the estimate is a number."""
        return not math.isnan(self.estimate)

    def holds(self, value: float) -> bool:
        """Return whether `value` lies between the limits."""
        return self.low <= value <= self.high

    def times(self, factor: float) -> "Interval":
        """Return the interval in another unit: everything times `factor`, which is above 0."""
        return Interval(self.low * factor, self.estimate * factor, self.high * factor, self.level)


UNKNOWN = Interval(math.nan, math.nan, math.nan)


def chi_square_interval(estimate: float, dof: float, level: float = 0.95) -> Interval:
    """Return limits of a positive number that is spread like a chi-square over its freedom.

    Parameters
    ----------
    estimate
        The mean of what is known of it.
    dof
        Degrees of freedom; with none the limits are 0 and infinity.
    level
        How often the limits hold the truth, 0 to 1.

    Returns
    -------
    Interval

    Examples
    --------
    >>> limits = chi_square_interval(100.0, 10.0)
    >>> round(limits.low, 1), round(limits.high, 1)
    (32.5, 204.8)
    """
    if math.isnan(estimate) or math.isnan(dof):
        return Interval(math.nan, estimate, math.nan, level)
    if dof <= 0:
        return Interval(0.0, estimate, math.inf, level)
    if math.isinf(dof):
        return Interval(estimate, estimate, estimate, level)
    tail = (1 - level) / 2
    low, high = (float(stats.chi2.ppf(share, dof)) / dof for share in (tail, 1 - tail))
    return Interval(low * estimate, estimate, high * estimate, level)


def variance_interval(estimate: float, dof: float, level: float = 0.95) -> Interval:
    """Return limits of a variance whose estimate is spread like a chi-square about it.

    Parameters
    ----------
    estimate
        Of the variance.
    dof
        Degrees of freedom of the estimate; with none the limits are 0 and infinity.
    level
        How often the limits hold the truth, 0 to 1.

    Returns
    -------
    Interval

    Examples
    --------
    >>> limits = variance_interval(100.0, 10.0)
    >>> round(limits.low, 1), round(limits.high, 1)
    (48.8, 308.0)
    """
    told = chi_square_interval(1.0, dof, level)
    if told.low > 0:
        # with a few hundredths of a degree a chi-square is nearly always far below its mean
        return Interval(estimate / max(told.high, 1.0), estimate, estimate / told.low, level)
    if math.isnan(told.low):
        return Interval(math.nan, estimate, math.nan, level)
    return Interval(0.0, estimate, math.inf, level)


def return_interval(estimate: float, size: float, level: float = 0.95) -> Interval:
    """Return limits of a time, or an area, that an animal's slow return to its mean decides.

    How fast an animal spreads is soon known; how far it gets is known only from how often it came
    back. A range of D / r, with the rate of return r, is then known as well as r, and of r the
    log-likelihood is a parabola: (r - r*) sqrt(size) / r* is spread like a normal with mean
    -1 / sqrt(size), r* the estimate and `size` the effective sample size at it. On the scale of
    sqrt(r), which stays above zero, the limits are, to the second order in 1 / sqrt(size),

        sqrt(r / r*) = 1 - 1 / (2 size) + z / (2 sqrt(size)) - z^2 / (8 size),  z = -/+ 1.96 .

    The last term only widens here: it is left out of the lower limit of the range.

    Parameters
    ----------
    estimate
        Of the time or the area.
    size
        Effective sample size: squared estimate over variance. Below about 2.5 there is no upper
        limit.
    level
        How often the limits hold the truth, 0 to 1.

    Returns
    -------
    Interval

    Examples
    --------
    >>> limits = return_interval(100.0, 10.0)
    >>> round(limits.low, 1), round(limits.high, 1)
    (63.0, 285.3)
    """
    if math.isnan(estimate) or math.isnan(size):
        return Interval(math.nan, estimate, math.nan, level)
    if size <= 0:
        return Interval(0.0, estimate, math.inf, level)
    z = float(stats.norm.ppf((1 + level) / 2))
    reach, short = z / (2 * math.sqrt(size)), 1 / (2 * size)
    slowest = 1 - short - reach - z**2 / (8 * size)
    # with a size below 1/4 the bias alone would turn the lower limit round
    fastest = max(1 - short + reach, 1.0)
    high = estimate / slowest**2 if slowest > 0 else math.inf
    return Interval(estimate / fastest**2, estimate, high, level)


def mixed_interval(first: Interval, second: Interval, share: float) -> Interval:
    """Return limits between those of two laws of the same positive number and variance.

    Distances of limits from the estimate, as logarithms, add by their squares, as variances do.

    Parameters
    ----------
    first, second
        The same estimate, with limits as if all of its variance were of the one or the other law.
    share
        Of the variance that is of the first.

    Returns
    -------
    Interval

    Examples
    --------
    >>> both = mixed_interval(Interval(50.0, 100.0, 400.0), Interval(50.0, 100.0, 200.0), 0.5)
    >>> round(both.low, 1), round(both.high, 1)
    (50.0, 299.2)
    """

    def joined(near: float, far: float) -> float:
        squares = share * math.log(near / first.estimate) ** 2
        return math.sqrt(squares + (1 - share) * math.log(far / first.estimate) ** 2)

    low = min(first.low, second.low)
    if low > 0:
        low = first.estimate * math.exp(-joined(first.low, second.low))
    high = max(first.high, second.high)
    if math.isfinite(high):
        high = first.estimate * math.exp(joined(first.high, second.high))
    return Interval(low, first.estimate, high, first.level)


def log_normal_interval(estimate: float, variance_of_log: float, level: float = 0.95) -> Interval:
    """Return limits of a positive number whose logarithm is spread like a normal.

    Parameters
    ----------
    estimate
        Its median.
    variance_of_log
        Variance of its natural logarithm.
    level
        How often the limits hold the truth, 0 to 1.

    Returns
    -------
    Interval

    Examples
    --------
    >>> limits = log_normal_interval(100.0, 0.25)
    >>> round(limits.low, 1), round(limits.high, 1)
    (37.5, 266.4)
    """
    reach = float(stats.norm.ppf((1 + level) / 2)) * math.sqrt(max(variance_of_log, 0.0))
    if reach > 700:
        return Interval(0.0, estimate, math.inf, level)
    return Interval(estimate * math.exp(-reach), estimate, estimate * math.exp(reach), level)


def middle_of(values: Iterable[float], level: float = 0.95) -> Interval:
    """Return the middle of a positive number over animals, from a few of them that were measured.

    The geometric mean, with limits of Student's t on logarithms: those of the population the
    animals are drawn from, not of the animals themselves.

    Parameters
    ----------
    values
        One for each animal; what is not a number above 0 is left out.
    level
        How often the limits hold the truth, 0 to 1.

    Returns
    -------
    Interval
        Without limits for fewer than three animals.

    Examples
    --------
    >>> middle = middle_of([8.0, 10.0, 12.5, 10.0])
    >>> round(middle.low, 2), round(middle.estimate, 2), round(middle.high, 2)
    (7.48, 10.0, 13.36)
    """
    logs = [math.log(value) for value in values if 0 < value < math.inf]
    if not logs:
        return Interval(math.nan, math.nan, math.nan, level)
    mean = sum(logs) / len(logs)
    if len(logs) < 3:
        return Interval(math.nan, math.exp(mean), math.nan, level)
    spread = math.sqrt(sum((one - mean) ** 2 for one in logs) / (len(logs) - 1) / len(logs))
    reach = float(stats.t.ppf((1 + level) / 2, len(logs) - 1)) * spread
    return Interval(math.exp(mean - reach), math.exp(mean), math.exp(mean + reach), level)
