"""Slopes and curvatures of log-likelihoods by central differences."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]
Objective = Callable[[Floats], float]


def slopes(of: Objective, at: Floats, reach: Floats) -> Floats:
    """Return the gradient of `of` at a place, over distances `reach`."""
    found = np.empty(len(at))
    for i in range(len(at)):
        step = np.zeros(len(at))
        step[i] = reach[i]
        found[i] = (of(at + step) - of(at - step)) / (2 * reach[i])
    return found


def curvature(of: Objective, at: Floats, reach: Floats) -> Floats:
    """Return the matrix of second derivatives of `of` at a place, over distances `reach`.

    Examples
    --------
    >>> curvature(lambda p: float(p[0] ** 2 + p[0] * p[1]), np.zeros(2), np.ones(2)).round(6)
    array([[2., 1.],
           [1., 0.]])
    """
    size = len(at)
    steps = np.diag(reach)
    middle = of(at)
    ahead = [of(at + step) for step in steps]
    behind = [of(at - step) for step in steps]
    found = np.empty((size, size))
    for i in range(size):
        found[i, i] = (ahead[i] - 2 * middle + behind[i]) / reach[i] ** 2
        for j in range(i):
            both = of(at + steps[i] + steps[j]) + of(at - steps[i] - steps[j])
            alone = ahead[i] + behind[i] + ahead[j] + behind[j]
            found[i, j] = found[j, i] = (both - alone + 2 * middle) / (2 * reach[i] * reach[j])
    return found


def covariance_from(curved: Floats) -> Floats:
    """Return the inverse of the curvature of a negative log-likelihood.

    A direction in which it is flat or bends the wrong way, as far as differences can tell, gets a
    very wide spread and not a negative one.
    """
    scale = 1 / np.sqrt(np.maximum(np.abs(np.diag(curved)), 1e-12))
    values, vectors = np.linalg.eigh(curved * np.outer(scale, scale))
    values = np.maximum(values, 1e-8 * max(values.max(), 1e-300))
    return np.asarray((vectors / values) @ vectors.T * np.outer(scale, scale))
