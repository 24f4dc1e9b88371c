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

from kulan.movement.intervals import UNKNOWN, Interval, log_normal_interval
from kulan.movement.models.draws import free_states, root_of
from kulan.movement.models.likelihood import Observed, covariance_of
from kulan.movement.models.model import Model, shape_from, shape_size, time_scales
from kulan.movement.models.prediction import predict
from kulan.movement.tracks import Track

Floats = NDArray[Any]
# times at which each path is asked for its speed, at most
_MOST_TIMES = 1000
# effective sample size of the squared speed below which there is no signal of velocity
LEAST_SPEEDS = 1.0
NO_SPEED = "not enough data: the fixes hold no signal of velocity"


def path_speed_m_s(
    model: Model, track: Track, rng: np.random.Generator, *, paths: int = 40, level: float = 0.95
) -> Interval:
    """Return the mean speed along an animal's path from its first to its last fix, m/s.

    Paths through the fixes are drawn, each from parameters drawn from what is known of them, and
    asked for their velocities at times spread over the record.

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
        Of the limits, those of a log-normal.

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
    begin, end = float(track.time_s[0]), float(track.time_s[-1])
    fast = model.tau_s[1]
    count = int(min(max(4 * (end - begin) / fast, 50), _MOST_TIMES))
    logs = np.empty(paths)
    for number in range(paths):
        # one time in each of as many equal parts: the mean over them has no bias
        parts = (np.arange(count) + rng.random(count)) / count
        times = begin + parts * (end - begin)
        speeds = np.hypot(*_velocities(_drawn_model(model, rng), track, times, rng).T)
        logs[number] = math.log(float(speeds.mean()))
    if not np.isfinite(logs).all():
        return UNKNOWN
    return log_normal_interval(math.exp(float(logs.mean())), float(logs.var(ddof=1)), level)


def _velocities(model: Model, track: Track, times: Floats, rng: np.random.Generator) -> Floats:
    """Return velocities at some times on a path drawn through the fixes, m/s, (n, 2).

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
    told = predict(model, moved, times).velocity_m_s
    return np.asarray(velocities[place[len(track) :]] + told)


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
