"""Mean shifts: an animal keeps to a range, goes straight to another, and so on, with dates.

After Gurarie et al. (2017, J. Anim. Ecol. 86:943-959): positions stray around a mean that stands
still in a range and shifts at a steady pace between ranges; how they stray has a memory.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.intervals import Interval
from kulan.movement.migration.kernels import shift_grid, shift_log_likelihood
from kulan.movement.migration.thinning import DAY_S, LONGEST_MEMORY_DAYS, mean_positions
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]

_NEEDED = 20
_LEAST_SHARE = 0.1  # of the longest journey: shorter ones are moves within a range
_LEAST_STAY_DAYS = 14.0  # a shorter stay is a stop on the way, not a range
_COARSE, _FINE = 31, 41
_REACH = 10.0  # log-likelihood below the best at which a date is out of the question
_TOO_MUCH = 1e12
_SWEEPS = 6
_LEAST_GAIN = 0.01  # of the log-likelihood, far below what a date tells


@dataclass(frozen=True)
class Shift:
    """One journey between ranges.

    Attributes
    ----------
    start_s, end_s
        When it begins and ends, on the clock of the track.
    duration_s
        How long it takes.
    distance_m
        Between the middles of the two ranges, m.
    """

    start_s: Interval
    end_s: Interval
    duration_s: Interval
    distance_m: float


@dataclass(frozen=True, eq=False)
class MeanShifts:
    """Ranges and the journeys between them.

    Attributes
    ----------
    track
        The mean positions that were used.
    shifts
        In order of time; none for an animal that keeps to one range.
    centres_m
        Middle of each range in the plane, shape (shifts + 1, 2).
    spread_m
        How far positions stray from the mean, standard deviation along each axis, m.
    memory_s
        Time scale of straying.
    log_likelihood, bic
        Of the positions.
    """

    track: Track
    shifts: tuple[Shift, ...]
    centres_m: Floats
    spread_m: float
    memory_s: float
    log_likelihood: float
    bic: float


def fit_mean_shifts(
    track: Track, *, shifts: int | None = None, most: int = 8, every_s: float = DAY_S
) -> MeanShifts:
    """Find the ranges of an animal and the dates of the journeys between them.

    A stay between two journeys lasts at least a fortnight: a shorter one is a stop on the way.
    Journeys are added one at a time where the likelihood gains most, all dates are then found
    together, and the number of journeys is that of the lowest Bayesian information criterion. Those
    shorter than a tenth of the longest are moves within a range and left out.

    Parameters
    ----------
    track
        One animal's track.
    shifts
        How many journeys; None for what the data ask for.
    most
        The most that are tried.
    every_s
        One mean position is taken for each such interval, s.

    Returns
    -------
    MeanShifts
        Intervals of 95 % come from the likelihood over all pairs of start and end of a journey,
        with the other journeys and the straying as they were found.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than twenty positions.
    InvalidTableError
        If a number of shifts is below zero.

    References
    ----------
    Gurarie, E., Cagnacci, F., Peters, W., Fleming, C. H., Calabrese, J. M., Mueller, T., Fagan,
    W. F. (2017). A framework for modelling range shifts and migrations: asking when, whither,
    whether and will it return. Journal of Animal Ecology 86: 943-959.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> days = np.arange(200.0)
    >>> mean = np.interp(days, [90, 100], [0, 50_000])
    >>> track = Track("k1", DAY_S * days, mean + rng.normal(0, 2000, 200), rng.normal(0, 2000, 200))
    >>> found = fit_mean_shifts(track)
    >>> len(found.shifts), round(found.shifts[0].distance_m / 1000)
    (1, 50)
    """
    if (shifts is not None and shifts < 0) or most < 0:
        raise InvalidTableError(f"{shifts if shifts is not None else most} shifts: 0 or more.")
    thin = mean_positions(track, every_s)
    if len(thin) < _NEEDED:
        raise NotEnoughDataError(
            f"track of {track.animal_id}: {len(thin)} positions {every_s / 3600:g} hours apart; "
            f"{_NEEDED} are needed to look for ranges."
        )
    days = (thin.time_s - thin.time_s[0]) / DAY_S
    xy_km = (thin.positions_m - thin.positions_m.mean(axis=0)) / 1000
    wanted = most if shifts is None else shifts
    best = _Fit.of(days, xy_km, np.empty(0), np.empty(0))
    held = best
    for _ in range(wanted):
        held = _with_another(days, xy_km, held)
        if shifts is not None or held.bic(days) < best.bic(days):
            best = held
        elif held.bic(days) > best.bic(days) + 4 * math.log(len(days)):
            break
    if shifts is None:
        best = _without_short(days, xy_km, best)
    return _told(thin, days, xy_km, best)


@dataclass(frozen=True, eq=False)
class _Fit:
    starts: Floats
    ends: Floats
    log_tau: float
    log_likelihood: float

    @classmethod
    def of(cls, days: Floats, xy_km: Floats, starts: Floats, ends: Floats) -> "_Fit":
        """Find the likeliest dates and memory from a first guess of the dates.

        The dates of one journey after another are bettered, then the memory, until nothing is
        gained: journeys tell little of one another.
        """
        gap = float(np.median(np.diff(days)))
        starts, ends, log_tau, reached = starts.copy(), ends.copy(), math.log(2 * gap), -math.inf
        bounds = math.log(gap / 20), math.log(min(LONGEST_MEMORY_DAYS, days[-1] / 2))
        for _ in range(_SWEEPS):
            for k in range(len(starts)):
                starts[k], ends[k] = _bettered(days, xy_km, (starts, ends), log_tau, k)
            memory = minimize_scalar(
                lambda value, first=starts, last=ends: (
                    -shift_log_likelihood(days, xy_km, first, last, math.exp(value))
                ),
                bounds=bounds,
                method="bounded",
                options={"xatol": 1e-4},
            )
            log_tau, before, reached = float(memory.x), reached, -float(memory.fun)
            if reached - before < _LEAST_GAIN:
                break
        return cls(starts, ends, log_tau, reached)

    def bic(self, days: Floats) -> float:
        """Two coordinates for each range, two dates for each shift, spread and memory."""
        count = 2 * (len(self.starts) + 1) + 2 * len(self.starts) + 2
        return -2 * self.log_likelihood + count * math.log(2 * len(days))


def _without_short(days: Floats, xy_km: Floats, fit: _Fit) -> _Fit:
    """Leave out one after another the journeys that are short beside the longest."""
    while len(fit.starts) > 1:
        centres, _ = _centres(days, xy_km, fit)
        km = np.hypot(*np.diff(centres, axis=0).T)
        shortest = int(np.argmin(km))
        if km[shortest] >= _LEAST_SHARE * km.max():
            break
        starts, ends = np.delete(fit.starts, shortest), np.delete(fit.ends, shortest)
        fit = _Fit.of(days, xy_km, starts, ends)
    return fit


def _between(days: Floats, starts: Floats, ends: Floats, k: int) -> tuple[float, float]:
    """Return between when and when a journey must lie, its neighbours as they are."""
    low = ends[k - 1] + _LEAST_STAY_DAYS if k else days[0]
    high = starts[k + 1] - _LEAST_STAY_DAYS if k + 1 < len(starts) else days[-1]
    return float(low), float(high)


def _bettered(
    days: Floats, xy_km: Floats, dates: tuple[Floats, Floats], log_tau: float, k: int
) -> tuple[float, float]:
    """Return the likeliest start and end of one journey, the others and the memory as they are."""
    starts, ends = (one.copy() for one in dates)
    gap = float(np.median(np.diff(days)))
    low, high = _between(days, starts, ends, k)
    tau = math.exp(log_tau)

    def badness(values: Floats) -> float:
        if not (low <= values[0] and values[0] + gap / 10 < values[1] and values[1] <= high):
            return _TOO_MUCH
        starts[k], ends[k] = values
        return -float(shift_log_likelihood(days, xy_km, starts, ends, tau))

    at = np.clip([dates[0][k], dates[1][k]], low, high)
    for reach in (3 * gap, gap):
        simplex = at + np.array([[0, 0], [-reach, 0], [0, reach]])
        options = {"initial_simplex": simplex, "xatol": gap / 200, "fatol": 1e-5}
        at = minimize(badness, at, method="Nelder-Mead", options=options).x
    return float(at[0]), float(at[1])


def _with_another(days: Floats, xy_km: Floats, held: _Fit) -> _Fit:
    """Add the shift that gains most, looking between those there are."""
    tau = math.exp(held.log_tau)
    inner = np.column_stack([held.starts, held.ends]).ravel()
    bounds = np.concatenate([days[:1], inner, days[-1:]])
    best: tuple[float, Floats, Floats] = (-math.inf, held.starts, held.ends)
    for k, (left, right) in enumerate(zip(bounds[::2], bounds[1::2], strict=True)):
        low = left + (_LEAST_STAY_DAYS if k else 0)
        high = right - (_LEAST_STAY_DAYS if k < len(held.starts) else 0)
        if high - low < 6 * np.median(np.diff(days)):
            continue
        tried = np.linspace(low, high, _COARSE + 2)[1:-1]
        starts, ends = np.insert(held.starts, k, low), np.insert(held.ends, k, high)
        found = shift_grid(days, xy_km, starts, ends, tau, k, (tried, tried))
        i, j = np.unravel_index(int(np.argmax(found)), found.shape)
        if found[i, j] > best[0]:
            starts[k], ends[k] = tried[i], tried[j]
            best = float(found[i, j]), starts, ends
    if best[0] == -math.inf:
        return held
    return _Fit.of(days, xy_km, best[1], best[2])


def _told(thin: Track, days: Floats, xy_km: Floats, fit: _Fit) -> MeanShifts:
    centres, spread_km = _centres(days, xy_km, fit)
    shifts = []
    for k in range(len(fit.starts)):
        start, end, lasting = _limits(days, xy_km, fit, k)
        shifts.append(
            Shift(
                _on_clock(start, float(thin.time_s[0])),
                _on_clock(end, float(thin.time_s[0])),
                lasting.times(DAY_S),
                float(np.hypot(*(centres[k + 1] - centres[k]))) * 1000,
            )
        )
    return MeanShifts(
        thin,
        tuple(shifts),
        centres * 1000 + thin.positions_m.mean(axis=0),
        spread_km * 1000,
        math.exp(fit.log_tau) * DAY_S,
        fit.log_likelihood,
        fit.bic(days),
    )


def _on_clock(days: Interval, origin_s: float) -> Interval:
    limits = (float(origin_s) + DAY_S * value for value in (days.low, days.estimate, days.high))
    return Interval(*limits)


def _centres(days: Floats, xy_km: Floats, fit: _Fit) -> tuple[Floats, float]:
    """Return the means and the spread at the dates found, by generalised least squares."""
    gone = [
        np.clip((days - start) / (end - start), 0, 1)
        for start, end in zip(fit.starts, fit.ends, strict=True)
    ]
    stairs = np.column_stack([np.ones_like(days), *gone, np.zeros_like(days)])
    weights = stairs[:, :-1] - stairs[:, 1:]
    keep = np.exp(-np.diff(days) / math.exp(fit.log_tau))[:, None]
    scale = np.sqrt(1 - keep**2)

    def white(values: Floats) -> Floats:
        return np.vstack([values[:1], (values[1:] - keep * values[:-1]) / scale])

    centres, *_ = np.linalg.lstsq(white(weights), white(xy_km), rcond=None)
    rest = white(xy_km - weights @ centres)
    return centres.astype(np.float64), math.sqrt(float((rest**2).sum()) / (2 * len(days)))


def _limits(days: Floats, xy_km: Floats, fit: _Fit, k: int) -> tuple[Interval, Interval, Interval]:
    """Return limits of start, end and duration from the likelihood over a grid of both."""
    bounds = _between(days, fit.starts, fit.ends, k)
    tau = math.exp(fit.log_tau)
    firsts = lasts = np.linspace(*bounds, _FINE)
    for _ in range(3):
        found = shift_grid(days, xy_km, fit.starts, fit.ends, tau, k, (firsts, lasts))
        best = max(found.max(), fit.log_likelihood)
        likely = found > best - _REACH
        if not likely.any():
            # narrower than the grid: look closer around what was found
            firsts, lasts = (
                _closer(values, values, at, bounds)
                for values, at in ((firsts, fit.starts[k]), (lasts, fit.ends[k]))
            )
            continue
        firsts, lasts = (
            _closer(values, values[likely.any(axis=axis)], at, bounds)
            for values, axis, at in ((firsts, 1, fit.starts[k]), (lasts, 0, fit.ends[k]))
        )
    found = shift_grid(days, xy_km, fit.starts, fit.ends, tau, k, (firsts, lasts))
    share = np.exp(np.where(np.isfinite(found), found - found.max(), -np.inf))
    share /= share.sum()
    lasting = lasts[None, :] - firsts[:, None]
    return (
        _interval(firsts, share.sum(axis=1), float(fit.starts[k])),
        _interval(lasts, share.sum(axis=0), float(fit.ends[k])),
        _interval(lasting.ravel(), share.ravel(), float(fit.ends[k] - fit.starts[k])),
    )


def _closer(values: Floats, likely: Floats, at: float, bounds: tuple[float, float]) -> Floats:
    """Return as many values again, over those that are likely and one step on either side."""
    step = values[1] - values[0]
    if likely is values:
        low, high = at - 2 * step, at + 2 * step
    else:
        low, high = min(likely[0] - step, at), max(likely[-1] + step, at)
    return np.linspace(max(low, bounds[0]), min(high, bounds[1]), _FINE)


def _interval(values: Floats, share: Floats, estimate: float) -> Interval:
    order = np.argsort(values, kind="stable")
    summed = np.cumsum(share[order]) - share[order] / 2
    low, high = np.interp([0.025, 0.975], summed, values[order])
    return Interval(min(float(low), estimate), estimate, max(float(high), estimate))
