"""How fast an animal diffuses between its fixes: one motion variance, or one for each time.

The motion variance (Horne et al. 2007, Ecology 88:2354-2363) makes every second fix, left out and
looked for on the bridge between its neighbours, likeliest. The dynamic one (Kranstauber et al.
2012, J. Anim. Ecol. 81:738-746) does so in a window that slides along the track, and lets the
variance change once inside each window where the Bayesian information criterion says so.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.bridges.kernels import likeliest_variance, log_likelihood, variance_by_window
from kulan.movement.intervals import Interval
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]

WINDOW, MARGIN = 31, 11
_NEEDED = 3
_HALF_CHI2_95 = 1.920729410347062  # half the 95 % point of chi-square with one degree of freedom


@dataclass(frozen=True, eq=False)
class DynamicVariance:
    """Motion variance along a track.

    Attributes
    ----------
    variance_m2_per_s
        Of the way from each fix to the next, shape (n,); NaN where no window reaches.
    windows
        How many windows each is the mean of, shape (n,).
    window, margin
        Fixes in a window, and fixes it takes on either side of a change.
    """

    variance_m2_per_s: Floats
    windows: NDArray[np.int64]
    window: int
    margin: int


def error_variance_m2(track: Track, error_m: float | None = None) -> Floats:
    """Return the variance of each fix's error along an axis, m².

    Parameters
    ----------
    track
        One animal's track.
    error_m
        Standard deviation along each axis, m, for all fixes; None for what the track knows.

    Raises
    ------
    InvalidTableError
        If the error is neither given nor known, or is below zero.

    Examples
    --------
    >>> track = Track("k1", np.array([0.0, 60.0]), np.zeros(2), np.zeros(2))
    >>> error_variance_m2(track, 20.0)
    array([400., 400.])
    """
    if error_m is not None:
        if not 0 <= error_m < np.inf:
            raise InvalidTableError(f"location error {error_m:g} m: 0 or more is needed.")
        return np.full(len(track), float(error_m) ** 2)
    if track.error_m2 is None or not np.isfinite(track.error_m2).all():
        raise InvalidTableError(
            f"track of {track.animal_id}: the location error of some fix is unknown. Say it "
            "(--error-m 20 for many collars); a bridge of exact fixes would be too narrow."
        )
    mean: Floats = (track.error_m2[:, 0, 0] + track.error_m2[:, 1, 1]) / 2
    return mean


def motion_variance(track: Track, *, error_m: float | None = None) -> Interval:
    """Return the motion variance of a whole track, m²/s, with likelihood limits.

    Parameters
    ----------
    track
        One animal's track, at least three fixes.
    error_m
        Standard deviation of the location error along each axis, m; None for what the track knows.

    Returns
    -------
    Interval
        95 % by the profile of the likelihood; the estimate is 0 where the location error alone
        explains how the fixes lie.

    Raises
    ------
    NotEnoughDataError
        If the track has fewer than three fixes.
    InvalidTableError
        If the location error is unknown.

    References
    ----------
    Horne, J. S., Garton, E. O., Krone, S. M., Lewis, J. S. (2007). Analyzing animal movements
    using Brownian bridges. Ecology 88: 2354-2363.

    Examples
    --------
    >>> track = Track("k1", 60.0 * np.arange(3), np.array([0.0, 60.0, 0.0]), np.zeros(3))
    >>> round(motion_variance(track, error_m=0.0).estimate, 6)
    60.0
    """
    share, error, squared = _left_out(track, error_m, _NEEDED)
    ends = 1, len(track) - 1
    best = float(likeliest_variance(share, error, squared, *ends))

    def fall(variance: float) -> float:
        return float(log_likelihood(variance, share, error, squared, *ends)) - floor

    floor = float(log_likelihood(best, share, error, squared, *ends)) - _HALF_CHI2_95
    scale = best or float((error / share).max()) or 1.0
    return Interval(_limit(fall, best, scale, 0.5), best, _limit(fall, best, scale, 2.0))


def dynamic_motion_variance(
    track: Track,
    *,
    error_m: float | None = None,
    window: int = WINDOW,
    margin: int = MARGIN,
) -> DynamicVariance:
    """Return how the motion variance changes along a track.

    Parameters
    ----------
    track
        One animal's track, at least `window` fixes.
    error_m
        Standard deviation of the location error along each axis, m; None for what the track knows.
    window
        Fixes in a window, odd.
    margin
        Fixes that a window needs on either side of a change, odd, less than half a window.

    Returns
    -------
    DynamicVariance

    Raises
    ------
    NotEnoughDataError
        If the track has fewer fixes than a window.
    InvalidTableError
        If window and margin do not fit, or the location error is unknown.

    References
    ----------
    Kranstauber, B., Kays, R., LaPoint, S. D., Wikelski, M., Safi, K. (2012). A dynamic Brownian
    bridge movement model to estimate utilization distributions for heterogeneous animal movement.
    Journal of Animal Ecology 81: 738-746.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> walk = 60.0 * rng.normal(size=(2, 60)).cumsum(axis=1)
    >>> track = Track("k1", 900.0 * np.arange(60), *walk)
    >>> found = dynamic_motion_variance(track, error_m=5.0)
    >>> int(np.isfinite(found.variance_m2_per_s).sum())
    39
    """
    if window % 2 == 0 or margin % 2 == 0 or margin < 3 or window < 2 * margin + 1:
        raise InvalidTableError(
            f"window of {window} and margin of {margin} fixes: both must be odd, the margin 3 or "
            "more and less than half the window, such as 31 and 11."
        )
    share, error, squared = _left_out(track, error_m, window)
    total, windows = variance_by_window(share, error, squared, window, margin)
    mean = np.full(len(track), np.nan)
    np.divide(total, windows, out=mean, where=windows > 0)
    return DynamicVariance(mean, windows, window, margin)


def _left_out(track: Track, error_m: float | None, needed: int) -> tuple[Floats, Floats, Floats]:
    """Return of each inner fix, looked for between its neighbours, what its likelihood needs.

    These are: what its variance gains by a unit of motion variance, s; its variance by location
    errors, m²; and its squared distance from the straight way, m².
    """
    if len(track) < needed:
        raise NotEnoughDataError(
            f"track of {track.animal_id}: {len(track)} fixes; {needed} are needed for this bridge."
        )
    at = error_variance_m2(track, error_m)
    times, xy = track.time_s, track.positions_m
    span = times[2:] - times[:-2]
    along = (times[1:-1] - times[:-2]) / span
    way = xy[:-2] + along[:, None] * (xy[2:] - xy[:-2])
    share, error, squared = np.ones(len(track)), np.ones(len(track)), np.zeros(len(track))
    share[1:-1] = span * along * (1 - along)
    # a fix without error on a track without movement is told apart from none by a millimetre
    error[1:-1] = np.maximum((1 - along) ** 2 * at[:-2] + along**2 * at[2:], 1e-6)
    squared[1:-1] = ((xy[1:-1] - way) ** 2).sum(axis=1)
    return share, error, squared


def _limit(fall: Callable[[float], float], best: float, scale: float, factor: float) -> float:
    """Return where the likelihood has fallen by what 95 % allow, going up or down from the best."""
    if factor < 1 and (best == 0 or fall(0.0) > 0):
        return 0.0
    near, far = best, scale * factor if best else scale
    for _ in range(200):
        if fall(far) < 0:
            break
        near, far = far, far * factor
    for _ in range(60):
        middle = (near + far) / 2
        near, far = (middle, far) if fall(middle) > 0 else (near, middle)
    return (near + far) / 2
