"""Variograms: how far apart an animal is after a lag, whatever its model.

A curve that rises and stays level is what a range looks like; one that rises for ever is a migrant,
a nomad, or a record too short to tell.

References
----------
Fleming, C. H. et al. (2014). From fine-scale foraging to home ranges: a semivariance approach to
identifying movement modes across spatiotemporal scales. The American Naturalist 183, E154-E167.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from kulan.errors import NotEnoughDataError
from kulan.movement.kernels import kernel
from kulan.movement.models.model import Model
from kulan.movement.models.processes import semivariance
from kulan.movement.tracks import Track

Floats = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Variogram:
    """Semivariance by lag.

    Attributes
    ----------
    lag_s
        Middle of each class of lags, s; the first is 0.
    semivariance_m2
        Half the mean squared displacement along an axis, mean of both, m²; NaN for an empty class.
    pairs
        Pairs of fixes in each class.
    dof
        Degrees of freedom of each value.
    """

    lag_s: Floats
    semivariance_m2: Floats
    pairs: NDArray[np.int64]
    dof: Floats

    def limits_m2(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return lower and upper limits of the semivariance, m², from chi-square."""
        tail = (1 - level) / 2
        known = self.dof > 0
        freedom = np.where(known, self.dof, 1.0)
        low = np.where(known, stats.chi2.ppf(tail, freedom) / freedom, np.nan)
        high = np.where(known, stats.chi2.ppf(1 - tail, freedom) / freedom, np.nan)
        return low * self.semivariance_m2, high * self.semivariance_m2


def variogram(track: Track, bin_s: float | None = None) -> Variogram:
    """Measure how far apart fixes are by the time between them.

    Parameters
    ----------
    track
        One animal's track; location errors are part of what is measured.
    bin_s
        Width of a class of lags, s; pairs fall into the nearest. None for the median gap.

    Returns
    -------
    Variogram
        Up to the whole span; beyond half of it there is hardly anything to go by.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than two fixes, or more than ten million classes.

    Notes
    -----
    A class of lag k bins has as many independent pairs as stretches of that length fit one after
    the other into its pairs, n / k and at least one: two degrees of freedom each, one for each
    axis. That is on the careful side for smooth paths; Fleming et al. (2014) leave the count open.

    Examples
    --------
    >>> track = Track("k1", np.arange(3.0), np.array([0.0, 1.0, 3.0]), np.zeros(3))
    >>> variogram(track).semivariance_m2
    array([0.  , 0.625, 2.25 ])
    """
    if len(track) < 2:
        raise NotEnoughDataError(
            f"track of {track.animal_id}: {len(track)} fix(es); a variogram needs two."
        )
    width = float(np.median(np.diff(track.time_s))) if bin_s is None else bin_s
    size = int(np.rint(track.span_s / width)) + 1
    if size > 10_000_000:
        raise NotEnoughDataError(
            f"track of {track.animal_id}: {size} classes of lags of {width:g} s; name wider ones."
        )
    sums, pairs = _summed(track.time_s, track.x_m, track.y_m, width, size)
    value = np.where(pairs > 0, sums / np.maximum(4 * pairs, 1), np.nan)
    pairs[0] += len(track)
    value[0] = sums[0] / (4 * pairs[0])
    steps = np.maximum(np.arange(size), 1)
    return Variogram(np.arange(size) * width, value, pairs, _freedom(pairs, steps))


def expected_m2(model: Model, lag_s: Floats) -> Floats:
    """Return the semivariance a model expects at lags, m², mean of both axes.

    Examples
    --------
    >>> from kulan.movement.models import make_model
    >>> model = make_model(kind="OU", memory=(100.0,), sigma_m2=np.eye(2))
    >>> expected_m2(model, np.array([0.0, 1e9]))
    array([0., 1.])
    """
    variance = float(np.trace(model.sigma_m2)) / 2
    return np.asarray(variance * semivariance(model.process, model.memory, lag_s))


def _freedom(pairs: NDArray[np.int64], steps: NDArray[np.int64]) -> Floats:
    return np.where(pairs > 0, 2 * np.maximum(pairs / steps, 1.0), 0.0)


@kernel
def _summed(
    time_s: Floats, x: Floats, y: Floats, width: float, size: int
) -> tuple[Floats, NDArray[np.int64]]:
    """Return sums of squared displacements and numbers of pairs by class of lag."""
    sums, pairs = np.zeros(size), np.zeros(size, dtype=np.int64)
    for i in range(len(time_s)):
        for j in range(i):
            at = round((time_s[i] - time_s[j]) / width)
            dx, dy = x[i] - x[j], y[i] - y[j]
            sums[at] += dx * dx + dy * dy
            pairs[at] += 1
    return sums, pairs
