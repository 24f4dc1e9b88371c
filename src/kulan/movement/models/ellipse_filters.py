"""The Kalman filter for location errors that are ellipses: both axes in one pass."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.movement.kernels import kernel
from kulan.movement.models.filters import step

Floats = NDArray[Any]


@kernel
def propagate(
    state: Floats, spread: Floats, moved: tuple[float, ...], variances: Floats
) -> tuple[Floats, Floats]:
    """Return state (4, k) and its covariance (4, 4) after a step; two axes of the same process."""
    f11, f12, f21, f22, q11, q12, q22 = moved
    move = np.zeros((4, 4))
    noise = np.zeros((4, 4))
    for axis in range(2):
        i = 2 * axis
        move[i, i], move[i, i + 1], move[i + 1, i], move[i + 1, i + 1] = f11, f12, f21, f22
        size = variances[axis]
        noise[i, i], noise[i, i + 1] = q11 * size, q12 * size
        noise[i + 1, i], noise[i + 1, i + 1] = q12 * size, q22 * size
    return move @ state, move @ spread @ move.T + noise


@kernel
def updated(
    state: Floats, spread: Floats, seen: Floats, error: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return state and covariance after a fix, the innovation (2, k) and its inverse covariance."""
    total = np.empty((2, 2))
    for i in range(2):
        for j in range(2):
            total[i, j] = spread[2 * i, 2 * j] + error[i, j]
    det = total[0, 0] * total[1, 1] - total[0, 1] * total[1, 0]
    inverse = np.empty((2, 2))
    inverse[0, 0], inverse[1, 1] = total[1, 1] / det, total[0, 0] / det
    inverse[0, 1], inverse[1, 0] = -total[0, 1] / det, -total[1, 0] / det
    innovation = seen - state[0::2]
    gain = np.ascontiguousarray(spread[:, 0::2]) @ inverse
    # Joseph's form stays positive where errors are tiny
    keep = np.eye(4)
    keep[:, 0] -= gain[:, 0]
    keep[:, 2] -= gain[:, 1]
    return (
        state + gain @ innovation,
        keep @ spread @ keep.T + gain @ error @ gain.T,
        innovation,
        inverse,
    )


@kernel
def start(order: int, variances: Floats) -> Floats:
    """Return the covariance of the state before the first fix: stationary, or a walk's speed."""
    spread = np.zeros((4, 4))
    for axis in range(2):
        spread[2 * axis, 2 * axis] = 0.0 if order >= 3 else variances[axis]
        spread[2 * axis + 1, 2 * axis + 1] = variances[axis]
    return spread


@kernel
def filter_plane(
    time_s: Floats,
    xy: Floats,
    errors: Floats,
    variances: Floats,
    order: int,
    a: float,
    b: float,
) -> tuple[float, Floats]:
    """Return log det of the covariance, and the Gram matrix of position, mean x and mean y.

    `variances` are those of the process along both axes, in which `xy` (n, 2) and `errors`
    (n, 2, 2) are given.
    """
    state = np.zeros((4, 3))
    spread = start(order, variances)
    seen = np.zeros((2, 3))
    seen[0, 1], seen[1, 2] = 1.0, 1.0
    gram = np.zeros((3, 3))
    logdet = 0.0
    first = 0
    if order >= 3:
        first = 1
        state[0, 0], state[2, 0] = xy[0, 0], xy[0, 1]
        state[0, 1], state[2, 2] = 1.0, 1.0
        for i in range(2):
            for j in range(2):
                spread[2 * i, 2 * j] = errors[0, i, j]
    for i in range(first, len(time_s)):
        if i > 0:
            moved = step(order, a, b, time_s[i] - time_s[i - 1])
            state, spread = propagate(state, spread, moved, variances)
        seen[0, 0], seen[1, 0] = xy[i, 0], xy[i, 1]
        state, spread, innovation, inverse = updated(state, spread, seen, errors[i])
        logdet -= math.log(inverse[0, 0] * inverse[1, 1] - inverse[0, 1] * inverse[1, 0])
        gram += innovation.T @ (inverse @ innovation)
    return logdet, gram
