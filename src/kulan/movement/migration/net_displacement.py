"""Net displacement: how far an animal is from where it began, and the way of life that tells of.

Five ways of life are told apart by the curve of the squared net displacement (Bunnefeld et al.
2011, J. Anim. Ecol. 80:466-476; Spitz et al. 2017, Ecography 40:788-799). Three things differ
from there. Residuals are taken of the displacement, not its square, whose spread grows with the
distance: of a place that strays around the middle, by Rice's distribution. They have a memory,
without which dates look many times surer than they are. And limits count that the first position,
from which all is measured, strays from the middle of its range. All but
the resident and the nomad have a level at home, as nobody stays on one spot, and their ranges lie
at least three times as far apart as that.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from kulan.errors import NotEnoughDataError
from kulan.movement.intervals import UNKNOWN, Interval
from kulan.movement.migration.kernels import (
    DISPERSER,
    MIGRANT,
    MIXED,
    NOMAD,
    RESIDENT,
    displacement_log_likelihood,
    expected_displacement,
)
from kulan.movement.migration.thinning import DAY_S, LONGEST_MEMORY_DAYS, mean_positions
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]
Way = Literal["resident", "nomad", "disperser", "migrant", "mixed migrant"]

_KINDS: dict[Way, int] = {
    "resident": RESIDENT,
    "nomad": NOMAD,
    "disperser": DISPERSER,
    "migrant": MIGRANT,
    "mixed migrant": MIXED,
}
_NEEDED = 30
_TRIED = 13
_Z_95 = 1.959963984540054
_TOO_MUCH = 1e12
_APART = 3.0  # two ranges lie so many times as far apart as an animal strays at home


@dataclass(frozen=True, eq=False)
class DisplacementModel:
    """One way of life, fitted.

    Attributes
    ----------
    way
        Which.
    parameters
        As `displacement_curve` takes them; times in days since the first position.
    log_likelihood, aicc
        Of the displacements; parameters count two more, the spread and memory of residuals.
    weight
        Probability of this way among those fitted, by AICc.
    memory_days
        Time scale of the residuals.
    distance_km
        Between the two ranges; unknown for residents and nomads.
    dates
        By name ("departure", "middle", "arrival", and with "return_" before them) in seconds on
        the clock of the track: when 10, 50 and 90 % of the distance are covered.
    """

    way: Way
    parameters: Floats
    log_likelihood: float
    aicc: float
    weight: float
    memory_days: float
    distance_km: Interval
    dates: Mapping[str, Interval]


@dataclass(frozen=True, eq=False)
class Displacement:
    """Net displacement of a track and what it tells.

    Attributes
    ----------
    track
        The mean positions that were used.
    km
        Net displacement of each, km.
    models
        All that were fitted, the best first.
    """

    track: Track
    km: Floats
    models: tuple[DisplacementModel, ...]

    @property
    def best(self) -> DisplacementModel:
        """The model of the lowest AICc."""
        return self.models[0]

    def curve_km(self, model: DisplacementModel) -> Floats:
        """Return the net displacement that a model expects at each position, km."""
        days = (self.track.time_s - self.track.time_s[0]) / DAY_S
        return expected_displacement(_KINDS[model.way], model.parameters, days)


def fit_displacement(
    track: Track, *, every_s: float = DAY_S, ways: Sequence[Way] = tuple(_KINDS)
) -> Displacement:
    """Fit the five ways of life, or some of them, to the net displacement of a track.

    Best for one year that begins in a seasonal range; over more years a migrant's later journeys
    fit none of the curves, and `fit_mean_shifts` is to be preferred.

    Parameters
    ----------
    track
        One animal's track.
    every_s
        One mean position is taken for each such interval, s.
    ways
        Those to choose among.

    Returns
    -------
    Displacement

    Raises
    ------
    NotEnoughDataError
        If there are fewer than thirty positions, or the animal never moves.

    References
    ----------
    Bunnefeld, N. et al. (2011). A model-driven approach to quantify migration patterns: individual,
    regional and yearly differences. Journal of Animal Ecology 80: 466-476. Spitz, D. B.,
    Hebblewhite, M., Stephenson, T. R. (2017). 'MigrateR': extending model-driven methods for
    classifying and quantifying animal movement behavior. Ecography 40: 788-799.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> days = np.arange(365.0)
    >>> away = 60_000 / (1 + np.exp((110 - days) / 4)) - 60_000 / (1 + np.exp((280 - days) / 4))
    >>> track = Track("k1", DAY_S * days, away + rng.normal(0, 1000, 365), rng.normal(0, 1000, 365))
    >>> fit_displacement(track).best.way
    'migrant'
    """
    thin = mean_positions(track, every_s)
    if len(thin) < _NEEDED:
        raise NotEnoughDataError(
            f"track of {track.animal_id}: {len(thin)} positions {every_s / 3600:g} hours apart; "
            f"{_NEEDED} are needed to tell a migrant from a resident."
        )
    days = (thin.time_s - thin.time_s[0]) / DAY_S
    km = np.hypot(thin.x_m - thin.x_m[0], thin.y_m - thin.y_m[0]) / 1000
    if not km.max() > 0:
        raise NotEnoughDataError(f"track of {track.animal_id}: it never moves from one spot.")
    fitted = [_fitted(way, days, km, thin.time_s[0]) for way in ways]
    least = min(model.aicc for model in fitted)
    parts = np.array([math.exp((least - model.aicc) / 2) for model in fitted])
    weighed = [
        DisplacementModel(**{**vars(model), "weight": float(part)})
        for model, part in zip(fitted, parts / parts.sum(), strict=True)
    ]
    return Displacement(thin, km, tuple(sorted(weighed, key=lambda model: model.aicc)))


def _fitted(way: Way, days: Floats, km: Floats, origin_s: float) -> DisplacementModel:
    kind = _KINDS[way]

    def badness(values: Floats) -> float:
        if not _possible(kind, values, days):
            return _TOO_MUCH
        return -float(displacement_log_likelihood(kind, values[:-1], values[-1], days, km))

    best = min(
        (
            minimize(badness, start, method="Nelder-Mead", options={"maxfev": 3000, "xatol": 1e-3})
            for start in _starts(kind, days, km)
        ),
        key=lambda found: float(found.fun),
    )
    best = minimize(
        badness,
        best.x,
        method="Nelder-Mead",
        options={"maxfev": 6000, "xatol": 1e-5, "fatol": 1e-7},
    )
    n, k = len(days), len(best.x) + 1
    aicc = 2 * float(best.fun) + 2 * k + 2 * k * (k + 1) / (n - k - 1)
    covariance = _covariance(badness, best.x)
    return DisplacementModel(
        way,
        best.x[:-1],
        -float(best.fun),
        aicc,
        math.nan,
        math.exp(best.x[-1]),
        _distance(kind, best.x, covariance),
        _dates(kind, best.x, covariance, origin_s),
    )


def _possible(kind: int, values: Floats, days: Floats) -> bool:
    """Whether parameters are such as can be told: ways inside the record, scales within it."""
    span = days[-1]
    if not -5 < values[-1] < math.log(min(LONGEST_MEMORY_DAYS, span / 2)):
        return False
    if kind in (RESIDENT, NOMAD):
        return bool(np.abs(values).max() < 40)
    if values[1] - values[0] < 2 * math.log(_APART):
        return False
    scales = values[[3, 5]] if kind != DISPERSER else values[[3]]
    if not ((math.log(0.05) < scales) & (scales < math.log(span / 8))).all():
        return False
    if kind == MIXED and not math.log(0.05) < values[6] <= 0:
        return False
    middles = values[[2, 4]] if kind != DISPERSER else values[[2]]
    return bool((middles > 0).all() and (middles < span).all() and (np.diff(middles) > 0).all())


def _starts(kind: int, days: Floats, km: Floats) -> list[Floats]:
    """Return where to begin: the best few of a coarse grid of dates, by least squares."""
    span, memory = days[-1], math.log(min(3.0, days[-1] / 10))
    squared = km**2
    if kind == NOMAD:
        return [np.array([math.log(squared.mean() / days.mean()), memory])]
    if kind == RESIDENT:
        level = math.log(squared.mean() + 1e-9)
        return [np.array([level, math.log(span * part), memory]) for part in (0.003, 0.03, 0.3)]
    scale = math.log(max(span / 60, 0.1))
    grid = np.linspace(0, span, _TRIED + 2)[1:-1]
    home = math.log(min(np.quantile(squared, 0.1), squared.max() / 30) + squared.max() * 1e-3)
    tried: list[tuple[float, Floats]] = []
    for i, first in enumerate(grid):
        for second in grid[i + 1 :] if kind != DISPERSER else [math.inf]:
            away = (days > first) & (days <= second)
            if not away.any() or away.all():
                continue
            far = math.log(squared[away].mean() + 1e-9)
            off = float(((km - np.sqrt(np.where(away, math.exp(far), math.exp(home)))) ** 2).sum())
            back = [second, scale] if kind != DISPERSER else []
            undone = [-0.1] if kind == MIXED else []
            tried.append((off, np.array([home, far, first, scale, *back, *undone, memory])))
    tried.sort(key=lambda one: one[0])
    return [start for _, start in tried[:3]]


def _covariance(badness: Callable[[Floats], float], at: Floats) -> Floats | None:
    """Return the inverse of the curvature at the minimum; None where it is no minimum."""
    k = len(at)
    step = 1e-3 * np.maximum(np.abs(at), 0.1)
    curvature = np.empty((k, k))
    for i in range(k):
        for j in range(i + 1):
            a, b = np.zeros(k), np.zeros(k)
            a[i], b[j] = step[i], step[j]
            ends = badness(at + a + b) - badness(at + a - b) - badness(at - a + b)
            curvature[i, j] = curvature[j, i] = (ends + badness(at - a - b)) / (
                4 * step[i] * step[j]
            )
    try:
        covariance: Floats = np.linalg.inv(curvature).astype(np.float64)
    except np.linalg.LinAlgError:
        return None
    positive = np.isfinite(covariance).all() and (np.diag(covariance) > 0).all()
    return covariance if positive else None


def _distance(kind: int, at: Floats, covariance: Floats | None) -> Interval:
    if kind in (RESIDENT, NOMAD):
        return UNKNOWN
    middle = math.exp(at[1] / 2)
    if covariance is None:
        return Interval(math.nan, middle, math.nan)
    reach = math.exp(_Z_95 * math.hypot(math.sqrt(covariance[1, 1]) / 2, _first_km(at) / middle))
    return Interval(middle / reach, middle, middle * reach)


def _first_km(at: Floats) -> float:
    """Return how far along one axis the first position strays from the middle of its range, km.

    The level at home is the mean square of the way between two places in that range: four times
    the variance along one axis.
    """
    return math.exp(at[0] / 2) / 2


def _dates(
    kind: int, at: Floats, covariance: Floats | None, origin_s: float
) -> Mapping[str, Interval]:
    if kind in (RESIDENT, NOMAD):
        return {}
    dates = {}
    ways = ((2, "", (0.1, 0.5, 0.9)), (4, "return_", (0.9, 0.5, 0.1)))
    for place, title, left in ways[: 1 if kind == DISPERSER else 2]:
        for name, share in zip(("departure", "middle", "arrival"), left, strict=True):
            # the curve is of the square: half the distance is a quarter of it
            gone = share**2 if not title else 1 - share**2
            scales = math.log(gone / (1 - gone))
            slope = np.array([1.0, scales * math.exp(at[place + 1])])
            day = float(at[place] + slope[1])
            reach = math.nan
            if covariance is not None:
                part = covariance[place : place + 2, place : place + 2]
                fitted = math.sqrt(max(float(slope @ part @ slope), 0.0))
                reach = _Z_95 * math.hypot(fitted, _of_first_days(at, place, share))
            limits = (float(origin_s) + DAY_S * value for value in (day - reach, day, day + reach))
            dates[title + name] = Interval(*limits)
    return dates


def _of_first_days(at: Floats, place: int, share: float) -> float:
    """Return how far off a date is since the first position is not the middle of its range, days.

    Where a share of the distance from the first position is covered, that of the distance between
    ranges differs by the rest of the straying, and the animal takes time for it.
    """
    km_per_day = math.exp(at[1] / 2) * share * (1 - share**2) / (2 * math.exp(at[place + 1]))
    return (1 - share) * _first_km(at) / km_per_day
