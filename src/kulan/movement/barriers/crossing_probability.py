r"""The probability that an encounter ends in a crossing, with what is not known of it.

Encounters of one animal are alike, and three animals that came to a railway a hundred times each
are three animals. So the probability of animal :math:`i` is itself drawn,

.. math:: y_i \sim \mathrm{Binomial}(n_i, p_i), \qquad
          p_i \sim \mathrm{Beta}\bigl(\mu\varphi, (1-\mu)\varphi\bigr), \qquad
          \rho = \frac{1}{1 + \varphi},

and what is asked for is :math:`\mu`, the mean over animals like these. :math:`\rho` is how much
alike encounters of one animal are: 0 for not at all, 1 for an animal that always does the same.
Neither is fitted to a point: the posterior is summed over a grid, with :math:`\mu` uniform and
:math:`\rho \sim \mathrm{Beta}(1, 3)` beforehand. It has an upper limit without a single crossing.

For segments of a barrier the means are drawn in turn,
:math:`\mu_s \sim \mathrm{Beta}(M\kappa, (1-M)\kappa)`, so that a segment that was hardly visited
leans on the others as far as they are alike. Beforehand :math:`M` is uniform and how far segments
differ, :math:`1/(1+\kappa)`, is :math:`\mathrm{Beta}(1, 3)`, as :math:`\rho` is: were it uniform,
segments where nearly all or nearly none cross would be likely before anything is seen, and one
encounter would tell as much. The only segment that was met has none to lean on, and its mean is
uniform beforehand. What segments have in common is told by animals, and
an animal that came to ten segments is one of them: the likelihood of its encounters at each counts
a tenth there (a composite likelihood, weighed so that it tells as much as so many animals do).

The beta-binomial: Skellam, J.G. (1948). A probability distribution derived from the binomial
distribution by regarding the probability of success as variable between the sets of trials. Journal
of the Royal Statistical Society B 10: 257-261. Hierarchical form: Gelman, A. et al. (2013).
Bayesian Data Analysis, 3rd ed., chapter 5. Weighed likelihoods: Varin, C., Reid, N. & Firth, D.
(2011). An overview of composite likelihood methods. Statistica Sinica 21: 5-42.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.special import betaln, logsumexp

from kulan.errors import InvalidTableError
from kulan.movement.intervals import Interval

Floats = NDArray[np.float64]
_MEANS, _ALIKE = 400, 24
_CENTRES, _SPREADS = 60, 12
_ALIKE_PRIOR = (1.0, 3.0)
_DIFFER_PRIOR = (1.0, 3.0)


@dataclass(frozen=True, eq=False)
class CrossingProbability:
    """What is known of a crossing probability.

    Attributes
    ----------
    values
        Probabilities on a grid, ascending.
    mass
        How likely each is; sums to one.
    crossed, encounters, animals, animals_crossed
        What it rests on.
    alike
        Mean of how alike encounters of one animal are, 0 to 1.
    from_zero, to_one
        Whether the interval begins at 0, since nobody crossed, or ends at 1, since all did; among
        segments that learn of each other, at any of them.
    """

    values: Floats
    mass: Floats
    crossed: int
    encounters: int
    animals: int
    animals_crossed: int
    alike: float = math.nan
    from_zero: bool = False
    to_one: bool = False

    def interval(self, level: float = 0.95) -> Interval:
        """Return the median with equal tails; from 0 where none crossed, to 1 where all did."""
        tail = (1 - level) / 2
        low, middle, high = self.quantiles([tail, 0.5, 1 - tail])
        return Interval(0.0 if self.from_zero else low, middle, 1.0 if self.to_one else high, level)

    def quantiles(self, shares: ArrayLike) -> list[float]:
        """Return the probabilities below which these shares (0 to 1) of the mass lie."""
        edges = _edges(len(self.values))
        summed = np.concatenate([[0.0], np.cumsum(self.mass)])
        return [float(value) for value in np.interp(np.asarray(shares), summed, edges)]

    def draws(self, rng: np.random.Generator, number: int) -> Floats:
        """Draw probabilities from what is known."""
        edges = _edges(len(self.values))
        summed = np.concatenate([[0.0], np.cumsum(self.mass)])
        drawn: Floats = np.interp(rng.random(number), summed, edges)
        return drawn

    @property
    def by_animals(self) -> Interval:
        """Share of animals that ever crossed, with Clopper's and Pearson's exact 95 % limits."""
        return exact_interval(self.animals_crossed, self.animals)


def exact_interval(successes: int, trials: int, level: float = 0.95) -> Interval:
    """Return a share with the exact limits of Clopper and Pearson (1934), Biometrika 26: 404-413.

    Parameters
    ----------
    successes, trials
        Of independent trials.
    level
        How often the limits hold the truth at least, 0 to 1.

    Examples
    --------
    >>> round(exact_interval(0, 24).high, 3)
    0.142
    """
    if trials == 0:
        return Interval(0.0, math.nan, 1.0, level)
    tail = (1 - level) / 2
    low = stats.beta.ppf(tail, successes, trials - successes + 1) if successes else 0.0
    high = stats.beta.ppf(1 - tail, successes + 1, trials - successes) if successes < trials else 1
    return Interval(float(low), successes / trials, float(high), level)


def crossing_probability(crossed: ArrayLike, encounters: ArrayLike) -> CrossingProbability:
    """Estimate the mean crossing probability over animals.

    Parameters
    ----------
    crossed
        For each animal, the number of encounters that ended in a crossing.
    encounters
        For each animal, the number of encounters with a known outcome; animals without any add
        nothing.

    Returns
    -------
    CrossingProbability

    Raises
    ------
    InvalidTableError
        If there are more crossings than encounters, or counts are negative.

    Examples
    --------
    None of 24 gazelles crossed:

    >>> none = crossing_probability(np.zeros(24), np.ones(24)).interval()
    >>> none.low, round(none.high, 3)
    (0.0, 0.137)

    Three animals, a hundred encounters each, are three animals:

    >>> three = crossing_probability([0, 0, 0], [100, 100, 100]).interval()
    >>> three.high > 0.04
    True
    """
    y, n = _counts(crossed, encounters)
    likelihood = _likelihood(y, n)
    alike, prior = _alike()
    joint = likelihood + prior[:, None] + np.log(_widths())[None, :]
    mass = np.exp(joint - logsumexp(joint))
    return CrossingProbability(
        _middles(_MEANS),
        mass.sum(axis=0),
        int(y.sum()),
        int(n.sum()),
        int((n > 0).sum()),
        int((y > 0).sum()),
        float((mass.sum(axis=1) * alike).sum()),
        *_one_sided([(y, n)]),
    )


def relative_crossing(
    crossed: ArrayLike, encounters: ArrayLike, expected: ArrayLike, level: float = 0.95
) -> Interval:
    r"""Estimate how much of the crossing is left that there would be without the line.

    The probability of animal :math:`i` has the mean :math:`r e_i`, where :math:`e_i` is the share
    of its encounters that would end in a crossing without the line. 1 is no effect, 0 a line that
    nothing crosses; above 1 the animals cross more than their movement alone would have them do.
    The expected shares are taken as known.

    Parameters
    ----------
    crossed, encounters
        For each animal, as in `crossing_probability`.
    expected
        For each animal, the share expected without the line, above 0 to 1; animals for which it is
        NaN are left out. Of paths none of which ended beyond the line the share is small, not 0.
    level
        Of the interval, 0 to 1.

    Returns
    -------
    Interval
        Unknown where no animal is left.

    Raises
    ------
    InvalidTableError
        If counts are as in `crossing_probability`, or an expected share is 0 or less, or above 1.

    Examples
    --------
    >>> left = relative_crossing([1, 2, 1], [20, 22, 18], [0.5, 0.45, 0.55])
    >>> 0.03 < left.low < left.estimate < left.high < 0.9
    True
    """
    y, n = _counts(crossed, encounters)
    share = np.broadcast_to(np.asarray(expected, dtype=float), y.shape)
    known = np.isfinite(share) & (n > 0)
    _check_expected(share[known])
    if not known.any():
        return Interval(math.nan, math.nan, math.nan, level)
    y, n, share = y[known], n[known], share[known]
    most = float(share.max())
    _, prior = _alike()
    means = _middles(_MEANS)
    joint = prior[:, None] + np.log(_widths())[None, :] + _likelihood(y, n, share / most)
    mass = np.exp(joint - logsumexp(joint)).sum(axis=0)
    counts = int(y.sum()), int(n.sum()), len(y), int((y > 0).sum())
    sides = _one_sided([(y, n)])
    found = CrossingProbability(means, mass, *counts, math.nan, *sides).interval(level)
    return Interval(found.low / most, found.estimate / most, found.high / most, level)


def crossing_probabilities(
    crossed: Sequence[ArrayLike],
    encounters: Sequence[ArrayLike],
    animals: Sequence[Sequence[str]] | None = None,
    expected: Sequence[ArrayLike] | None = None,
) -> list[CrossingProbability]:
    """Estimate the crossing probability of each of several segments, which learn of each other.

    With `expected` it is that of an animal of which most is expected (the highest share of all);
    others cross as much less as less is expected of them, as in `relative_crossing`. Divided by
    that highest share it is what is left of crossing.

    Parameters
    ----------
    crossed, encounters
        For each segment, the counts of each animal, as in `crossing_probability`.
    animals
        For each segment, which animals these are; None where none came to two segments.
    expected
        For each segment, the share of each animal's encounters there that would end in a crossing
        without the line, above 0 to 1; None to ask for the probability itself.

    Returns
    -------
    list of CrossingProbability
        One for each segment.

    Raises
    ------
    InvalidTableError
        If counts are as in `crossing_probability`, a segment's animals are not as many, or an
        expected share is 0 or less, or above 1.

    Examples
    --------
    >>> few, many = crossing_probabilities([[0], [3, 4, 2]], [[1], [10, 10, 8]])
    >>> few.interval().high > many.interval().high
    True

    Three animals at a hundred segments are three animals:

    >>> never, met = [[0, 0, 0]] * 100, [[1, 1, 1]] * 100
    >>> three = crossing_probabilities(never, met, [["a", "b", "c"]] * 100)[0].interval().high
    >>> three > 5 * crossing_probabilities(never, met)[0].interval().high
    True
    """
    counts = [_counts(y, n) for y, n in zip(crossed, encounters, strict=True)]
    if not counts:
        return []
    parts = _parts_of_animals(counts, animals)
    shares = _shares(counts, expected)
    values = _middles(_MEANS)
    alike, log_alike = _alike()
    met = sum(1 for _, n in counts if n.any())
    # one segment alone has none to lean on
    priors, log_prior = _segment_priors() if met > 1 else (_widths()[None, :], np.zeros(1))
    # for each segment, how likely its counts are under each mean and likeness, scaled to at most 1
    given, weight = [], log_alike[:, None] + log_prior[None, :]
    told = []
    for (y, n), part, share in zip(counts, parts, shares, strict=True):
        logs = _likelihood(y, n, share)
        given.append(np.exp(logs - logs.max()))
        told.append(part * np.log(given[-1] @ priors.T + 1e-300))
        weight += told[-1]
    alike_mass = np.exp(weight - logsumexp(weight)).sum(axis=1)
    found = []
    sides = _one_sided(counts)
    for (y, n), each, own in zip(counts, given, told, strict=True):
        # the segment's own mean, averaged over what the others say of likeness and of centres
        others = weight - own
        mass = (np.exp(others - logsumexp(others)) @ priors * each).sum(axis=0)
        found.append(
            CrossingProbability(
                values,
                mass / mass.sum(),
                int(y.sum()),
                int(n.sum()),
                int((n > 0).sum()),
                int((y > 0).sum()),
                float((alike_mass * alike).sum()),
                *sides,
            )
        )
    return found


@dataclass(frozen=True)
class Change:
    """How a crossing probability changed.

    Attributes
    ----------
    difference
        Later less earlier.
    ratio
        Later over earlier.
    lower
        Probability that the later one is lower.
    """

    difference: Interval
    ratio: Interval
    lower: float


def change_between(
    earlier: CrossingProbability, later: CrossingProbability, level: float = 0.95
) -> Change:
    """Compare two crossing probabilities, such as before and after a fence was built.

    They are taken to be independent, which is cautious where the same animals were followed.

    Parameters
    ----------
    earlier, later
        What is known of each.
    level
        Of the intervals, 0 to 1.

    Examples
    --------
    >>> before = crossing_probability([9, 8, 7, 9], [10, 10, 10, 10])
    >>> after = crossing_probability([1, 0, 2, 1], [10, 10, 10, 10])
    >>> change_between(before, after).lower > 0.99
    True
    """
    shares = (np.arange(800) + 0.5) / 800
    first = np.array(earlier.quantiles(shares))[:, None]
    second = np.array(later.quantiles(shares))[None, :]
    tails = [(1 - level) / 2, 0.5, (1 + level) / 2]
    low, middle, high = (float(value) for value in np.quantile(second / first, tails))
    ratio = Interval(
        low if later.crossed else 0.0, middle, high if earlier.crossed else math.inf, level
    )
    low, middle, high = (float(value) for value in np.quantile(second - first, tails))
    return Change(Interval(low, middle, high, level), ratio, float((second < first).mean()))


def _counts(crossed: ArrayLike, encounters: ArrayLike) -> tuple[Floats, Floats]:
    y, n = np.atleast_1d(np.asarray(crossed, float)), np.atleast_1d(np.asarray(encounters, float))
    if y.shape != n.shape or (y < 0).any() or (y > n).any():
        raise InvalidTableError(
            "crossings and encounters: for each animal there must be one number of each, and no "
            "more crossings than encounters."
        )
    return y, n


def _check_expected(share: Floats) -> None:
    if not ((share > 0) & (share <= 1)).all():
        raise InvalidTableError(
            "expected shares must lie above 0 and up to 1: of an animal with 0 no crossing could "
            "be explained, and to leave it out would leave out those that cross most. Give what "
            "as many paths can tell, such as 0.5 / (paths + 1)."
        )


def _shares(
    counts: Sequence[tuple[Floats, Floats]], expected: Sequence[ArrayLike] | None
) -> list[Floats]:
    """Return for each segment what is expected of its animals, as shares of the highest of all."""
    if expected is None:
        return [np.ones(len(y)) for y, _ in counts]
    shares = [
        np.broadcast_to(np.asarray(share, float), y.shape)
        for share, (y, _) in zip(expected, counts, strict=True)
    ]
    met = [share[n > 0] for share, (_, n) in zip(shares, counts, strict=True)]
    _check_expected(np.concatenate(met))
    most = max((float(share.max()) for share in met if len(share)), default=1.0)
    return [share / most for share in shares]


def _parts_of_animals(
    counts: Sequence[tuple[Floats, Floats]], animals: Sequence[Sequence[str]] | None
) -> list[float]:
    """Return for each segment what its animals count there: of one at ten segments a tenth."""
    if animals is None:
        return [1.0] * len(counts)
    if [len(names) for names in animals] != [len(y) for y, _ in counts]:
        raise InvalidTableError(
            "animals at segments: for each segment there must be one name for each count."
        )
    met = [
        [name for name, trials in zip(names, n, strict=True) if trials > 0]
        for names, (_, n) in zip(animals, counts, strict=True)
    ]
    segments = Counter(name for names in met for name in names)
    return [
        sum(1 / segments[name] for name in names) / len(names) if names else 0.0 for names in met
    ]


def _one_sided(counts: Sequence[tuple[Floats, Floats]]) -> tuple[bool, bool]:
    """Return whether nobody crossed at all, and whether everybody did every time."""
    crossed = sum(float(y.sum()) for y, _ in counts)
    met = sum(float(n.sum()) for _, n in counts)
    return met > 0 and crossed == 0, met > 0 and crossed == met


def _edges(number: int) -> Floats:
    """Return the edges of cells that are narrow near 0 and 1."""
    edges: Floats = np.sin(np.linspace(0, np.pi / 2, number + 1)) ** 2
    return edges


def _middles(number: int) -> Floats:
    middles: Floats = np.sin((np.arange(number) + 0.5) / number * np.pi / 2) ** 2
    return middles


def _widths() -> Floats:
    return np.diff(_edges(_MEANS))


def _alike() -> tuple[Floats, Floats]:
    """Return how alike encounters may be, and the logarithm of how likely that is beforehand."""
    values = _middles(_ALIKE)
    share = np.diff(stats.beta.cdf(_edges(_ALIKE), *_ALIKE_PRIOR))
    return values, np.log(share)


def _likelihood(y: Floats, n: Floats, share: Floats | None = None) -> Floats:
    """Return the log-likelihood for each likeness (rows) and mean (columns).

    Of an animal with a share the mean is that part of it.
    """
    own = np.ones(len(y)) if share is None else share
    kinds, times = np.unique(np.column_stack([y, n, own]), axis=0, return_counts=True)
    alike, _ = _alike()
    means = _middles(_MEANS)
    total = np.zeros((_ALIKE, _MEANS))
    for (successes, trials, part), count in zip(kinds, times, strict=True):
        if trials > 0:
            total += count * _beta_binomial(successes, trials, means * part, alike)
    return total


def _beta_binomial(successes: float, trials: float, means: Floats, alike: Floats) -> Floats:
    """Return the log-likelihood of one animal for each likeness (rows) and mean (columns)."""
    size = ((1 - alike) / alike)[:, None]
    a, b = means * size, (1 - means) * size
    found: Floats = betaln(successes + a, trials - successes + b) - betaln(a, b)
    return found


@cache
def _segment_priors() -> tuple[Floats, Floats]:
    """Return the mass on the grid for each centre and spread of segments' means, one a row.

    Each row sums to one; the logarithm of how likely each is beforehand counts once, and not once
    for each segment.
    """
    centres = _middles(_CENTRES)
    spreads = _middles(_SPREADS)
    size = ((1 - spreads) / spreads)[None, :]
    a, b = (centres[:, None] * size).ravel(), ((1 - centres[:, None]) * size).ravel()
    mass = np.diff(stats.beta.cdf(_edges(_MEANS), a[:, None], b[:, None]), axis=1)
    # centres are uniform beforehand; that segments differ wholly is not as likely as not at all
    differ = np.diff(stats.beta.cdf(_edges(_SPREADS), *_DIFFER_PRIOR))
    return mass, np.log(np.outer(np.diff(_edges(_CENTRES)), differ).ravel())
