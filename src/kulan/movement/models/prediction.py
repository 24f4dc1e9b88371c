"""Where an animal was, or will be, under its model and given its fixes, with what is not known.

A Kalman filter runs forward over fixes and asked times, and the smoother of Rauch, Tung and
Striebel back: at a fix without error the answer is the fix, between fixes the best guess, and far
from any fix the range. The mean is taken as known: what is not known of it is small beside the
range.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidTableError
from kulan.movement.kernels import kernel
from kulan.movement.models import filters
from kulan.movement.models.ellipse_filters import propagate, start, updated
from kulan.movement.models.filters import step
from kulan.movement.models.likelihood import Observed, shape_of, turn
from kulan.movement.models.model import Model
from kulan.movement.tracks import Track

Floats = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Prediction:
    """Positions a model expects.

    Attributes
    ----------
    time_s
        When, s.
    x_m, y_m
        Best positions, m.
    covariance_m2
        What is not known of them, m², (n, 2, 2).
    velocity_m_s
        Best velocities, m/s, (n, 2); NaN under models without speed.
    """

    time_s: Floats
    x_m: Floats
    y_m: Floats
    covariance_m2: Floats
    velocity_m_s: Floats


def predict(model: Model, track: Track, time_s: Floats) -> Prediction:
    """Return where the animal was at some times, given all its fixes.

    Parameters
    ----------
    model
        Of the animal.
    track
        Its fixes.
    time_s
        Times, s, on the track's clock, in any order.

    Returns
    -------
    Prediction

    Raises
    ------
    InvalidTableError
        If a time lies before the first fix and the model has no range, or is no number.
    NotEnoughDataError
        If there are fewer than three fixes.

    Examples
    --------
    >>> from kulan.movement.models import make_model
    >>> track = Track("k1", np.array([0.0, 60.0, 120.0]), np.zeros(3), np.arange(3.0))
    >>> walk = make_model(kind="BM", sigma_m2=np.eye(2))
    >>> predict(walk, track, np.array([30.0])).y_m.round(3)
    array([0.5])
    """
    asked = np.asarray(time_s, dtype=float)
    seen = Observed(track)
    if not np.isfinite(asked).all():
        raise InvalidTableError("times to predict at: some are no numbers.")
    if not model.process.has_range and asked.size and asked.min() < track.time_s[0]:
        raise InvalidTableError(
            f"a {model.kind} model says nothing of the time before the first fix; ask from "
            f"{track.time_s[0]:.0f} s on."
        )
    major, minor, angle = shape_of(model.sigma_m2)
    axes = turn(angle)
    centre = model.mu_m if model.process.has_range else seen.origin
    turned = (track.positions_m - centre) @ axes
    errors = np.zeros((seen.n, 2, 2)) if seen.errors is None else axes.T @ seen.errors @ axes
    times, place = np.unique(np.concatenate([track.time_s, asked]), return_inverse=True)
    which = np.full(len(times), -1)
    which[place[: seen.n]] = np.arange(seen.n)
    states, spreads = _smoothed(
        times,
        which,
        np.ascontiguousarray(turned),
        np.ascontiguousarray(errors),
        np.array([major, minor]),
        (model.process.order, *model.process.rates(model.memory)),
    )
    states, spreads = states[place[seen.n :]], spreads[place[seen.n :]]
    xy = states[:, 0::2] @ axes.T + centre
    return Prediction(
        asked,
        xy[:, 0],
        xy[:, 1],
        axes @ spreads[:, 0::2, 0::2] @ axes.T,
        states[:, 1::2] @ axes.T * speed_unit(model),
    )


def speed_unit(model: Model) -> float:
    """Return what turns the second part of a state into m/s; NaN for models without speed."""
    if model.process.order == filters.SECOND:
        return math.sqrt(model.process.rates(model.memory)[1])
    return 1.0 if model.process.has_speed else math.nan


@kernel
def _smoothed(
    times: Floats,
    which: Floats,
    xy: Floats,
    errors: Floats,
    variances: Floats,
    process: tuple[int, float, float],
) -> tuple[Floats, Floats]:
    """Return smoothed states (n, 4) and their covariances; `which` is the fix at a time, or -1."""
    n = len(times)
    order = process[0]
    state, spread = np.zeros((4, 1)), start(order, variances)
    seen = np.zeros((2, 1))
    kept, ahead = np.zeros((n, 4)), np.zeros((n, 4))
    spreads, ahead_spreads = np.zeros((n, 4, 4)), np.zeros((n, 4, 4))
    for i in range(n):
        if i > 0:
            moved = step(order, process[1], process[2], times[i] - times[i - 1])
            state, spread = propagate(state, spread, moved, variances)
        ahead[i], ahead_spreads[i] = state[:, 0], spread
        if which[i] >= 0:
            fix = which[i]
            seen[0, 0], seen[1, 0] = xy[fix, 0], xy[fix, 1]
            if i == 0 and order >= 3:
                # a walk begins at its first fix
                state[0, 0], state[2, 0] = xy[fix, 0], xy[fix, 1]
                for j in range(2):
                    for k in range(2):
                        spread[2 * j, 2 * k] = errors[fix, j, k]
            else:
                state, spread, _, _ = updated(state, spread, seen, errors[fix])
        kept[i], spreads[i] = state[:, 0], spread
    for i in range(n - 2, -1, -1):
        moved = step(order, process[1], process[2], times[i + 1] - times[i])
        gain = _gain_back(spreads[i], ahead_spreads[i + 1], moved)
        kept[i] += gain @ (kept[i + 1] - ahead[i + 1])
        spreads[i] += gain @ (spreads[i + 1] - ahead_spreads[i + 1]) @ gain.T
    return kept, spreads


@kernel
def _gain_back(spread: Floats, ahead: Floats, moved: tuple[float, ...]) -> Floats:
    """Return the smoother's gain; parts of the state that a process lacks have none."""
    move = np.zeros((4, 4))
    for axis in range(2):
        i = 2 * axis
        move[i, i], move[i, i + 1] = moved[0], moved[1]
        move[i + 1, i], move[i + 1, i + 1] = moved[2], moved[3]
    right = spread @ move.T
    # in units of its own spread, so that metres and metres per second weigh alike; a part the
    # process lacks has no spread, and stands alone with a one
    scale = np.empty(4)
    for j in range(4):
        scale[j] = math.sqrt(ahead[j, j]) if ahead[j, j] > 0 else 1.0
    even = np.empty((4, 4))
    for j in range(4):
        for k in range(4):
            even[j, k] = ahead[j, k] / (scale[j] * scale[k])
            right[j, k] /= scale[k]
        if ahead[j, j] <= 0:
            even[j, j] = 1.0
    return solved_from_right(right, even) / scale.reshape(1, 4)


@kernel
def solved_from_right(right: Floats, even: Floats) -> Floats:
    """Return right times the inverse of the positive definite `even`, by Cholesky's method."""
    n = len(even)
    low = np.zeros((n, n))
    for j in range(n):
        for k in range(j + 1):
            total = even[j, k]
            for m in range(k):
                total -= low[j, m] * low[k, m]
            low[j, k] = math.sqrt(max(total, 1e-300)) if j == k else total / low[k, k]
    solved = right.copy()
    for i in range(len(right)):
        for j in range(n):
            for m in range(j):
                solved[i, j] -= low[j, m] * solved[i, m]
            solved[i, j] /= low[j, j]
        for j in range(n - 1, -1, -1):
            for m in range(j + 1, n):
                solved[i, j] -= low[m, j] * solved[i, m]
            solved[i, j] /= low[j, j]
    return solved
