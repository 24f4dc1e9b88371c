"""Small tracks for tests of movement models."""

import numpy as np

from kulan.movement.models.processes import KINDS, autocorrelation
from kulan.movement.tracks import Track


def uneven_times(n=40, seed=3, hours=6.0):
    """Times with gaps of very different length, s."""
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.gamma(1.0, hours * 3600.0, n) + 60.0)


def drawn_track(kind, memory, covariance=((4e6, 1e6), (1e6, 2e6)), time_s=None, seed=1):
    """A track drawn from a model by its dense covariance: knows nothing of filters."""
    time_s = uneven_times() if time_s is None else time_s
    rho = autocorrelation(KINDS[kind], memory, time_s[:, None] - time_s[None, :])
    root = np.linalg.cholesky(rho + 1e-12 * np.eye(len(time_s)))
    shape = np.linalg.cholesky(np.asarray(covariance, dtype=float))
    xy = root @ np.random.default_rng(seed).normal(size=(len(time_s), 2)) @ shape.T
    return Track("k1", time_s, xy[:, 0] + 5e4, xy[:, 1] - 2e4)
