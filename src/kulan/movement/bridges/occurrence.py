"""Where an animal was while it was tracked: occurrence distributions by Brownian bridges."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.bridges.kernels import lay_bridges
from kulan.movement.bridges.variances import (
    MARGIN,
    WINDOW,
    dynamic_motion_variance,
    error_variance_m2,
    motion_variance,
)
from kulan.movement.distributions import Distribution, PlaneFrame, frame_around
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]

Like = Literal["MigrationMapper"]
_CELLS_ALONG = 200
_PAD_SD = 4.0


def brownian_bridge(
    track: Track,
    *,
    error_m: float | None = None,
    variance_m2_per_s: float | None = None,
    max_gap_s: float = np.inf,
    frame: PlaneFrame | None = None,
    like: Like | None = None,
) -> Distribution:
    """Return the occurrence distribution of a track by Brownian bridges of one motion variance.

    Parameters
    ----------
    track
        One animal's track, at least three fixes.
    error_m
        Standard deviation of the location error along each axis, m; None for what the track knows.
    variance_m2_per_s
        Motion variance, m²/s; None for the likeliest.
    max_gap_s
        Ways that take longer than this are left out: nothing is known of them.
    frame
        The cells; None for about 200 along the longer side, with room for the widest bridge.
    like
        "MigrationMapper" takes the density at the centre of each cell, as its bridges do; on cells
        wider than the location error, stays between two centres are then lost.

    Returns
    -------
    Distribution
        An occurrence distribution; each way counts by its time. The mass sums to one, less what
        lies outside the frame.

    Raises
    ------
    NotEnoughDataError
        If the track has fewer than three fixes, or no way is short enough.
    InvalidTableError
        If the location error is unknown, or the motion variance is below zero.

    References
    ----------
    Horne, J. S., Garton, E. O., Krone, S. M., Lewis, J. S. (2007). Analyzing animal movements
    using Brownian bridges. Ecology 88: 2354-2363.

    Examples
    --------
    >>> track = Track("k1", 60.0 * np.arange(3), np.array([0.0, 60.0, 0.0]), np.zeros(3))
    >>> used = brownian_bridge(track, error_m=5.0)
    >>> f"{used.mass.sum():.3f}"
    '1.000'
    """
    if variance_m2_per_s is None:
        variance_m2_per_s = motion_variance(track, error_m=error_m).estimate
    if not 0 <= variance_m2_per_s < np.inf:
        raise InvalidTableError(
            f"motion variance {variance_m2_per_s:g} m²/s: a number of 0 or more is needed."
        )
    variance = np.full(len(track), float(variance_m2_per_s))
    return _laid(track, variance, (error_m, max_gap_s), frame, like, "brownian_bridge")


def dynamic_brownian_bridge(
    track: Track,
    *,
    error_m: float | None = None,
    window: int = WINDOW,
    margin: int = MARGIN,
    max_gap_s: float = np.inf,
    between_s: tuple[float, float] = (-np.inf, np.inf),
    frame: PlaneFrame | None = None,
    like: Like | None = None,
) -> Distribution:
    """Return the occurrence distribution of a track whose motion variance changes.

    Only ways that all windows reach count: the variance of the first and last ones, `window` less
    `margin` fixes, rests on fewer windows or none.

    Parameters
    ----------
    track
        One animal's track, at least `window` fixes.
    error_m
        Standard deviation of the location error along each axis, m; None for what the track knows.
    window, margin
        See `dynamic_motion_variance`.
    max_gap_s
        Ways that take longer than this are left out: nothing is known of them.
    between_s
        Only ways that begin and end between these times, on the clock of the track, are laid; the
        motion variance still comes from the whole track.
    frame
        The cells; None for about 200 along the longer side, with room for the widest bridge.
    like
        "MigrationMapper" takes the density at the centre of each cell, as its bridges do; on cells
        wider than the location error, stays between two centres are then lost.

    Returns
    -------
    Distribution
        An occurrence distribution; each way counts by its time. The mass sums to one, less what
        lies outside the frame.

    Raises
    ------
    NotEnoughDataError
        If the track has fewer fixes than a window, or no way is short enough.
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
    >>> used = dynamic_brownian_bridge(Track("k1", 900.0 * np.arange(60), *walk), error_m=5.0)
    >>> f"{used.mass.sum():.3f}"
    '1.000'
    """
    found = dynamic_motion_variance(track, error_m=error_m, window=window, margin=margin)
    ends = np.append(track.time_s[1:], np.inf)
    laid = (found.windows == found.windows.max()) & (track.time_s >= between_s[0])
    variance = np.where(laid & (ends <= between_s[1]), found.variance_m2_per_s, np.nan)
    return _laid(track, variance, (error_m, max_gap_s), frame, like, "dynamic_brownian_bridge")


def _laid(
    track: Track,
    variance: Floats,
    settings: tuple[float | None, float],
    frame: PlaneFrame | None,
    like: Like | None,
    method: str,
) -> Distribution:
    error_m, max_gap_s = settings
    error = error_variance_m2(track, error_m)
    span = np.append(np.diff(track.time_s), np.nan)
    variance = np.where(span <= max_gap_s, variance, np.nan)
    known = np.isfinite(variance)
    if not known.any():
        raise NotEnoughDataError(
            f"track of {track.animal_id}: no way between two fixes has a known variance and takes "
            f"at most {max_gap_s / 3600:g} hours. Allow longer gaps, or take another method."
        )
    if frame is None:
        frame = _frame_for(track, variance, error, span)
    mass = np.zeros(frame.shape)
    path = np.column_stack([track.time_s, track.positions_m, error, variance])
    cells = frame.west_m, frame.north_m, frame.cell_x_m, frame.cell_y_m
    lay_bridges(path, cells, like is not None, mass)
    total = span[known].sum() if like is None else mass.sum()
    return Distribution("occurrence", mass / total, frame, method)


def _frame_for(track: Track, variance: Floats, error: Floats, span: Floats) -> PlaneFrame:
    known = np.isfinite(variance)
    widest = np.sqrt((span[known] * variance[known]).max() / 4 + error.max())
    pad_m = float(_PAD_SD * widest)
    extent = max(np.ptp(track.x_m), np.ptp(track.y_m)) + 2 * pad_m
    cell_m = float(f"{max(extent / _CELLS_ALONG, 1.0):.2g}")
    return frame_around(track.x_m, track.y_m, pad_m=pad_m, cell_m=cell_m, plane=track.plane)
