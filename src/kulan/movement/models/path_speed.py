"""How fast an animal moved along its path, between the fixes too.

Straight ways between fixes are shorter than the path, the more so the rarer the fixes; a sum over
them tells of the collar's schedule. A model with a memory of speed knows how winding paths are.

References
----------
Noonan, M. J. et al. (2019). Scale-insensitive estimation of speed and distance traveled from animal
tracking data. Movement Ecology 7, 35.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from kulan.movement.intervals import UNKNOWN, Interval, log_normal_interval
from kulan.movement.kernels import kernel
from kulan.movement.models.draws import free_states, root_of
from kulan.movement.models.filters import step
from kulan.movement.models.likelihood import Observed, covariance_of
from kulan.movement.models.model import Model, shape_from, shape_size, time_scales
from kulan.movement.models.prediction import predict, speed_unit
from kulan.movement.tracks import Track

Floats = NDArray[Any]
# parts of a gap between fixes, or of the memory of speed where that is shorter, over which a path
# is followed; in records so long that this would be more times than the last says, no fewer than
# two parts of a gap
_PARTS, _FEWEST_PARTS, _MOST_TIMES = 4, 2, 50_000
# effective sample size of the squared speed below which there is no signal of velocity
LEAST_SPEEDS = 1.0
NO_SPEED = "not enough data: the fixes hold no signal of velocity"


def path_speed_m_s(
    model: Model, track: Track, rng: np.random.Generator, *, paths: int = 40, level: float = 0.95
) -> Interval:
    """Return the mean speed along an animal's path from its first to its last fix, m/s.

    Paths through the fixes are drawn, each from parameters drawn from what is known of them, and
    their speeds followed from fix to fix. Mean speeds of the drawn paths are spread as that of the
    path that was walked is, given the fixes: limits are those of one more draw.

    Parameters
    ----------
    model
        Fitted to the track.
    track
        The fixes.
    rng
        Source of chance.
    paths
        How many to draw.
    level
        Of the limits: Student's t on logarithms, for one more path beside those drawn.

    Returns
    -------
    Interval
        Unknown under models without a memory of speed, and where fixes tell less of it than
        `LEAST_SPEEDS`: see `NO_SPEED`.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than three fixes.

    Examples
    --------
    >>> from kulan.movement.models import make_model, simulate
    >>> model = make_model(kind="OUF", memory=(86400.0, 3600.0), sigma_m2=np.eye(2) * 1e6)
    >>> rng = np.random.default_rng(1)
    >>> track = simulate(model, np.arange(200) * 1800.0, rng)
    >>> 0.06 < path_speed_m_s(model, track, rng).estimate < 0.09
    True
    """
    if not (model.process.has_speed and model.dof["speed"] >= LEAST_SPEEDS):
        return UNKNOWN
    times = _times_along(track, model.tau_s[1])
    logs = np.empty(paths)
    for number in range(paths):
        drawn = _drawn_model(model, rng)
        length = _length_m(drawn, times, *_path(drawn, track, times, rng))
        logs[number] = math.log(length / track.span_s) if length > 0 else math.nan
    if not np.isfinite(logs).all():
        return UNKNOWN
    share = (1 + level) / 2
    widened = (stats.t.ppf(share, paths - 1) / stats.norm.ppf(share)) ** 2 * (1 + 1 / paths)
    variance = float(logs.var(ddof=1) * widened)
    return log_normal_interval(math.exp(float(logs.mean())), variance, level)


def _times_along(track: Track, fast_s: float) -> Floats:
    """Return times from the first fix to the last, s, each fix among them."""
    gaps = np.diff(track.time_s)
    parts = np.ceil(_PARTS * np.maximum(gaps / fast_s, 1.0))
    if parts.sum() > _MOST_TIMES:
        parts = np.ceil(parts * (_MOST_TIMES / parts.sum()))
        parts = np.maximum(parts, _FEWEST_PARTS)
    parts = parts.astype(int)
    # counted anew from each fix, so that its own time is met to the last digit
    number = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    between = np.repeat(track.time_s[:-1], parts) + number * np.repeat(gaps / parts, parts)
    return np.append(between, track.time_s[-1])


def _length_m(model: Model, times: Floats, positions: Floats, velocities: Floats) -> float:
    """Return how long a path is, from where it is and how fast at some times, m.

    A mean of speeds at the ends of steps is right on average, but beside the path: how far an
    animal came between two fixes is known, how far it would have come at those speeds is not. Ways
    that are longer than their ends let expect are therefore added, as far as they lead ahead.
    """
    gaps = np.diff(times)
    speeds = np.hypot(*velocities.T)
    both = velocities[1:] + velocities[:-1]
    slope = _way_by_ends(gaps, model.process.order, *model.process.rates(model.memory))
    rest = np.diff(positions, axis=0) - both * (slope / speed_unit(model))[:, None]
    ahead = both / np.maximum(np.hypot(*both.T), 1e-300)[:, None]
    length = gaps @ (speeds[1:] + speeds[:-1]) / 2 + np.einsum("ij,ij->", rest, ahead)
    return float(length)


@kernel
def _way_by_ends(gaps: Floats, order: int, a: float, b: float) -> Floats:
    """Return the way over each gap that is expected for the sum of the paces at its ends."""
    ways = np.empty(len(gaps))
    for i in range(len(gaps)):
        _, f12, _, f22, _, _, _ = step(order, a, b, gaps[i])
        ways[i] = f12 / (1 + f22)
    return ways


def _path(
    model: Model, track: Track, times: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return positions, m, and velocities, m/s, on a path drawn through the fixes, each (n, 2).

    A free path is moved by what the fixes say of its difference from them (Durbin and Koopman 2002,
    Biometrika 89, 603-616).
    """
    errors = Observed(track).errors
    every, place = np.unique(np.concatenate([track.time_s, times]), return_inverse=True)
    positions, velocities = free_states(model, every, rng)
    at_fixes = positions[place[: len(track)]]
    if errors is not None:
        noise = rng.normal(size=(len(track), 2))
        at_fixes = at_fixes + np.einsum("nij,nj->ni", root_of(errors), noise)
    apart = track.positions_m - at_fixes + model.mu_m
    moved = replace(track, x_m=apart[:, 0], y_m=apart[:, 1])
    told = predict(model, moved, times)
    here = place[len(track) :]
    told_at = np.column_stack([told.x_m, told.y_m]) - model.mu_m
    return positions[here] + told_at, velocities[here] + told.velocity_m_s


def _drawn_model(model: Model, rng: np.random.Generator) -> Model:
    """Return the model with parameters drawn from what is known of them, variances as logarithms.

    Their errors hang together: how far and how slow are seldom known apart, speeds well.
    """
    angled = model.parameters[2:3] == ("angle",)
    scale = np.where(np.arange(len(model.values)) == 2, 1.0, model.values)
    scale = scale if angled else model.values
    spread = model.covariance / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(spread)
    shift = vectors @ (np.sqrt(np.maximum(values, 0.0)) * rng.normal(size=len(values)))
    drawn = model.values * np.exp(np.clip(shift, -50, 50))
    if angled:
        drawn[2] = model.values[2] + shift[2]
    memory = tuple(float(value) for value in drawn[shape_size(model.isotropic) :])
    tau_s, omega = time_scales(model.process, memory)
    sigma = covariance_of(shape_from(drawn, model.isotropic))
    return replace(model, values=drawn, tau_s=tau_s, omega=omega, sigma_m2=sigma)
