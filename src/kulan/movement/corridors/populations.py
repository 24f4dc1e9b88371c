"""Corridors and stopovers of a population, and the share of the population they speak for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln
from scipy.stats import beta
from scipy.stats import t as student_t

from kulan.movement.corridors.animals import AnimalUse, used_animals
from kulan.movement.distributions import Distribution, PlaneFrame
from kulan.movement.intervals import UNKNOWN, Interval

Floats = NDArray[np.float64]

# shares of the animals from which on use is called medium and high; one animal makes it low
MEDIUM, HIGH = 0.10, 0.20
STOPOVER = 0.10
_RESAMPLES = 1000
# fewer animals than this say nothing of how areas differ with who is tracked
_FEWEST = 3
_LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class Corridors:
    """What the migrations of several animals come to.

    Attributes
    ----------
    frame
        The cells.
    animals
        In alphabetical order.
    animals_in
        How many animals' footprints hold each cell, shape of the frame.
    use
        Mean use of the animals: a journey spends its time there.
    stopovers
        The tenth of the corridor, by area, that is used most.
    low_km2, medium_km2, high_km2
        Area used by at least one animal, and by at least a tenth and a fifth of them; limits by
        leaving out one animal after another, NaN where that cannot tell them.
    held
        Share of the use of an animal that was not tracked that the corridor of the tracked ones
        holds, as each tracked animal finds it with the others' corridor.
    curve
        Number of animals, mean share held and mean corridor area in km² by that many of them,
        shape (n, 3).
    """

    frame: PlaneFrame
    animals: tuple[str, ...]
    animals_in: NDArray[np.int32]
    use: Distribution
    stopovers: NDArray[np.bool_]
    low_km2: Interval
    medium_km2: Interval
    high_km2: Interval
    held: Interval
    curve: Floats

    @property
    def classes(self) -> NDArray[np.uint8]:
        """Class of each cell: 0 no use, 1 low, 2 medium, 3 high."""
        low, medium, high = _least(len(self.animals))
        classes = (self.animals_in >= low).astype(np.uint8)
        classes += self.animals_in >= medium
        classes += self.animals_in >= high
        return classes

    def share_limits(self, level: float = _LEVEL) -> tuple[Floats, Floats]:
        """Return limits of the share of the population that uses each cell, by Jeffreys' interval.

        Parameters
        ----------
        level
            How often the limits hold the truth, 0 to 1.
        """
        n, tail = len(self.animals), (1 - level) / 2
        counts = np.arange(n + 1)
        low = np.where(counts > 0, beta.ppf(tail, counts + 0.5, n - counts + 0.5), 0.0)
        high = np.where(counts < n, beta.ppf(1 - tail, counts + 0.5, n - counts + 0.5), 1.0)
        return low[self.animals_in], high[self.animals_in]


def population_corridors(
    uses: Sequence[AnimalUse], frame: PlaneFrame, *, resamples: int = _RESAMPLES, seed: int = 1
) -> Corridors:
    """Put the use of several animals together to the corridors of their population.

    Parameters
    ----------
    uses
        As `kulan.movement.corridors.animals.uses_of` yields them; those without cells are left out.
    frame
        The cells they were made on.
    resamples
        How often animals are drawn anew for the limits of `held`.
    seed
        Of those draws.

    Returns
    -------
    Corridors
        The same whatever the order of the animals.

    Raises
    ------
    NotEnoughDataError
        If no animal has a footprint.

    References
    ----------
    Sawyer, H., Kauffman, M. J., Nielson, R. M., Horne, J. S. (2009). Identifying and prioritizing
    ungulate migration routes for landscape-level conservation. Ecological Applications 19:
    2016-2025. Kauffman, M. J. et al. (2020). Ungulate migrations of the Western United States,
    volume 1. U.S. Geological Survey Scientific Investigations Report 2020-5101. Efron, B., Stein,
    C. (1981). The jackknife estimate of variance. Annals of Statistics 9: 586-596 (of the areas).

    Examples
    --------
    >>> frame = PlaneFrame(0, 1000, 1000, 1000, 1, 4)
    >>> west = AnimalUse("k1", np.array([0, 1]), np.array([0.5, 0.5]), 1, 1)
    >>> east = AnimalUse("k2", np.array([1, 2]), np.array([0.5, 0.5]), 1, 1)
    >>> found = population_corridors([west, east], frame)
    >>> found.animals_in, found.held.estimate
    (array([[1, 2, 1, 0]], dtype=int32), 0.5)
    """
    kept = sorted(used_animals(uses), key=lambda use: use.animal_id)
    counts = np.zeros(frame.rows * frame.columns, np.int32)
    mean = np.zeros(len(counts))
    for one in kept:
        counts[one.cells] += 1
        mean[one.cells] += one.share / len(kept)
    areas = _areas_km2(kept, counts, frame)
    shape = frame.shape
    return Corridors(
        frame,
        tuple(one.animal_id for one in kept),
        counts.reshape(shape),
        Distribution("occurrence", mean.reshape(shape), frame, "population_corridor"),
        _most_used(mean, counts).reshape(shape),
        *areas,
        _held(kept, counts, resamples, seed),
        _curve(kept, counts, frame),
    )


def _needed(share: float, animals: int) -> int:
    """Return how many animals make a share of them."""
    return int(np.ceil(share * animals - 1e-9))


def _most_used(mean: Floats, counts: NDArray[np.int32]) -> NDArray[np.bool_]:
    corridor = np.flatnonzero(counts)
    order = corridor[np.argsort(-mean[corridor], kind="stable")]
    found = np.zeros(len(mean), bool)
    found[order[: max(round(STOPOVER * len(order)), 1)]] = True
    return found


def _least(animals: int) -> tuple[int, int, int]:
    """Return how many of so many animals make low, medium and high use."""
    return 1, max(_needed(MEDIUM, animals), 2), max(_needed(HIGH, animals), 3)


def _areas_km2(
    kept: Sequence[AnimalUse], counts: NDArray[np.int32], frame: PlaneFrame
) -> tuple[Interval, Interval, Interval]:
    """Return the area of each class with its limits.

    Animals drawn anew, some of them twice, never use more cells than all of them do: such limits
    would lie below what they are limits of. Leaving out one animal does not pretend to new ones.
    """
    n, km2 = len(kept), frame.cell_m2 / 1e6
    found = []
    for least, without in zip(_least(n), _least(n - 1), strict=True):
        area = float((counts >= least).sum() * km2)
        left = (counts >= without).sum()
        # a cell that just so many use is lost without one of them
        parts = [left - (counts[one.cells] == without).sum() for one in kept]
        found.append(_jackknifed(area, km2 * np.asarray(parts, dtype=float)))
    return found[0], found[1], found[2]


def _jackknifed(area: float, parts: Floats) -> Interval:
    """Return an area with limits from the areas without one animal each, on the log scale."""
    n = len(parts)
    if n < _FEWEST or area <= 0 or parts.min() <= 0 or np.ptp(parts) == 0:
        return Interval(np.nan, area, np.nan)
    variance = (n - 1) ** 2 / n * float(np.log(parts).var(ddof=1))
    reach = float(student_t.ppf((1 + _LEVEL) / 2, n - 1)) * np.sqrt(variance)
    return Interval(area * float(np.exp(-reach)), area, area * float(np.exp(min(reach, 700))))


def _held(
    kept: Sequence[AnimalUse], counts: NDArray[np.int32], resamples: int, seed: int
) -> Interval:
    if len(kept) < 2:
        return UNKNOWN
    each = np.array([float(one.share[counts[one.cells] > 1].sum()) for one in kept])
    rng = np.random.default_rng(seed)
    means = each[rng.integers(len(each), size=(resamples, len(each)))].mean(axis=1)
    low, high = np.quantile(means, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Interval(float(low), float(each.mean()), float(high))


def _curve(kept: Sequence[AnimalUse], counts: NDArray[np.int32], frame: PlaneFrame) -> Floats:
    """Return share held and area by the number of animals, over all ways to choose them.

    A cell that k of n animals use is missed by m of the n - 1 others of one of its users with a
    probability that counting gives; so no animals need be drawn.
    """
    n = len(kept)
    mass = np.zeros(n + 1)
    for one in kept:
        np.add.at(mass, counts[one.cells], one.share / n)
    cells = np.bincount(counts, minlength=n + 1).astype(float)
    users = np.arange(n + 1)
    curve = np.full((n, 3), np.nan)
    for m in range(1, n + 1):
        area = cells[1:] @ (1 - _missed(n - users[1:], n, m)) * frame.cell_m2 / 1e6
        held = mass[1:] @ (1 - _missed(n - users[1:], n - 1, m)) if m < n else np.nan
        curve[m - 1] = m, held, area
    return curve


def _missed(others: NDArray[np.int64], among: int, drawn: int) -> Floats:
    """Probability that `drawn` of `among` animals are all among the `others`, who miss a cell."""
    possible = others >= drawn
    safe = np.where(possible, others, drawn)
    log = gammaln(safe + 1) - gammaln(safe - drawn + 1)
    log -= gammaln(among + 1) - gammaln(among - drawn + 1)
    return np.where(possible, np.exp(log), 0.0)
