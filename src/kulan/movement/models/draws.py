"""Paths drawn from a movement model: free, or through an animal's own fixes."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.movement.kernels import kernel
from kulan.movement.models.filters import step
from kulan.movement.models.likelihood import Observed, shape_of, turn
from kulan.movement.models.model import Model
from kulan.movement.models.prediction import predict, speed_unit
from kulan.movement.tracks import Track

Floats = NDArray[Any]


def simulate(
    model: Model, time_s: Floats, rng: np.random.Generator, given: Track | None = None
) -> Track:
    """Draw a path.

    Parameters
    ----------
    model
        Of the movement.
    time_s
        Times of the path, s, increasing.
    rng
        Source of chance.
    given
        Fixes the path goes through (as near as their errors say); None for a free path, which
        starts anywhere in the range, or, of a walk, at `mu_m`.

    Returns
    -------
    Track
        Without location errors.

    Raises
    ------
    InvalidGeometryError
        If times do not increase.
    InvalidTableError
        If the path begins before the first fix and the model has no range.
    NotEnoughDataError
        If fewer than three fixes are given.

    Examples
    --------
    >>> from kulan.movement.models import make_model
    >>> model = make_model(kind="OU", memory=(86400.0,), sigma_m2=np.eye(2) * 1e6)
    >>> len(simulate(model, np.arange(10) * 3600.0, np.random.default_rng(1)))
    10
    """
    asked = np.asarray(time_s, dtype=float)
    if given is None:
        xy, _ = free_states(model, asked, rng)
        return Track("simulated", asked, xy[:, 0], xy[:, 1], clock="elapsed")
    # a free path, moved by what the fixes say of its own difference from them (Durbin and Koopman
    # 2002, Biometrika 89, 603-616)
    errors = Observed(given).errors
    times, place = np.unique(np.concatenate([given.time_s, asked]), return_inverse=True)
    free, _ = free_states(model, times, rng)
    at_fixes = free[place[: len(given)]]
    if errors is not None:
        at_fixes = at_fixes + np.einsum(
            "nij,nj->ni", root_of(errors), rng.normal(size=(len(given), 2))
        )
    apart = given.positions_m - at_fixes + model.mu_m
    difference = predict(
        model,
        Track(given.animal_id, given.time_s, apart[:, 0], apart[:, 1], error_m2=given.error_m2),
        asked,
    )
    here = free[place[len(given) :]] - model.mu_m
    return Track(
        given.animal_id,
        asked,
        here[:, 0] + difference.x_m,
        here[:, 1] + difference.y_m,
        given.plane,
        given.clock,
    )


def root_of(errors_m2: Floats) -> Floats:
    """Return lower roots of covariances, m, (n, 2, 2), also of fixes without an error.

    Parameters
    ----------
    errors_m2
        Covariances of fixes, m², (n, 2, 2).

    Examples
    --------
    >>> root_of(np.array([[[4.0, 2.0], [2.0, 5.0]], [[0.0, 0.0], [0.0, 9.0]]])).tolist()
    [[[2.0, 0.0], [1.0, 2.0]], [[0.0, 0.0], [0.0, 3.0]]]
    """
    # by hand, as the library's wants all of them above zero; where they are, both are the same
    first = np.sqrt(np.maximum(errors_m2[:, 0, 0], 0.0))
    lean = errors_m2[:, 1, 0] / np.where(first > 0, first, 1.0)
    root = np.zeros_like(errors_m2)
    root[:, 0, 0], root[:, 1, 0] = first, lean
    root[:, 1, 1] = np.sqrt(np.maximum(errors_m2[:, 1, 1] - lean**2, 0.0))
    return root


def free_states(model: Model, time_s: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw a free path: positions, m, and velocities, m/s, each (n, 2).

    Parameters
    ----------
    model
        Of the movement; velocities are NaN where it has none.
    time_s
        Increasing times, s.
    rng
        Source of chance.
    """
    major, minor, angle = shape_of(model.sigma_m2)
    chance = rng.normal(size=(len(time_s), 2, 2))
    order = model.process.order
    path, paces = _drawn(np.diff(time_s), chance, order, *model.process.rates(model.memory))
    axes = (np.array([math.sqrt(major), math.sqrt(minor)]) * turn(angle)).T
    return path @ axes + model.mu_m, paces @ axes * speed_unit(model)


@kernel
def _drawn(gaps: Floats, chance: Floats, order: int, a: float, b: float) -> tuple[Floats, Floats]:
    """Return a path of unit variance along both axes, (n, 2), and the second part of its state."""
    n = len(chance)
    path = np.zeros((n, 2))
    paces = np.zeros((n, 2))
    for axis in range(2):
        place = 0.0 if order >= 3 else chance[0, axis, 0]
        pace = chance[0, axis, 1]
        path[0, axis], paces[0, axis] = place, pace
        for i in range(1, n):
            f11, f12, f21, f22, q11, q12, q22 = step(order, a, b, gaps[i - 1])
            root = math.sqrt(q11)
            lean = q12 / root
            new = f11 * place + f12 * pace + root * chance[i, axis, 0]
            pace = f21 * place + f22 * pace + lean * chance[i, axis, 0]
            pace += math.sqrt(max(q22 - lean * lean, 0.0)) * chance[i, axis, 1]
            place = new
            path[i, axis], paces[i, axis] = place, pace
    return path, paces
