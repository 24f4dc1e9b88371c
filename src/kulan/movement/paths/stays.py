"""Stays: stretches of time an animal spent within a small circle."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidTableError
from kulan.movement.kernels import kernel
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Stays:
    """Stays of an animal, in the order of time.

    Attributes
    ----------
    first, last
        Places of the first and last fix of each stay in the track.
    start_s, end_s
        Times of those fixes, s.
    x_m, y_m
        Mean position, m.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    start_s: Floats
    end_s: Floats
    x_m: Floats
    y_m: Floats

    def __len__(self) -> int:
        """Return the number of stays."""
        return len(self.first)


def stays(track: Track, radius_m: float, least_s: float, max_gap_s: float | None = None) -> Stays:
    """Find where an animal stayed: fixes in a row within a circle around the first of them.

    From each fix on, fixes are taken as long as they lie within the radius of it; a run of at least
    `least_s` is a stay, and the search goes on after it.

    Parameters
    ----------
    track
        An animal's path.
    radius_m
        Of the circle, m: not below what location error alone scatters.
    least_s
        Shortest stay, s.
    max_gap_s
        A stay ends at a gap longer than this, s: nobody knows where the animal was. None for any.

    Returns
    -------
    Stays

    Raises
    ------
    InvalidTableError
        If radius or shortest stay is not above zero.

    References
    ----------
    Li, Q., Zheng, Y., Xie, X., Chen, Y., Liu, W. and Ma, W.-Y. (2008). Mining user similarity based
    on location history. Proceedings of ACM SIGSPATIAL 2008, article 34.

    Examples
    --------
    >>> track = Track("k", np.arange(5) * 60.0, np.array([0.0, 1, 0, 50, 90]), np.zeros(5))
    >>> found = stays(track, radius_m=5, least_s=120)
    >>> found.start_s, found.end_s
    (array([0.]), array([120.]))
    """
    if not (radius_m > 0 and least_s > 0):
        raise InvalidTableError(
            f"stays within {radius_m:g} m for {least_s:g} s: both must be above 0."
        )
    first, last = _found(
        track.time_s,
        track.x_m,
        track.y_m,
        float(radius_m),
        float(least_s),
        np.inf if max_gap_s is None else float(max_gap_s),
    )
    means = [
        (track.x_m[a : b + 1].mean(), track.y_m[a : b + 1].mean())
        for a, b in zip(first, last, strict=True)
    ]
    middle = np.array(means, dtype=float).reshape(-1, 2)
    return Stays(first, last, track.time_s[first], track.time_s[last], middle[:, 0], middle[:, 1])


@kernel
def _found(
    time_s: Floats, x_m: Floats, y_m: Floats, radius_m: float, least_s: float, max_gap_s: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    n = len(time_s)
    first, last = np.empty(n, np.int64), np.empty(n, np.int64)
    count, anchor = 0, 0
    while anchor < n:
        end = anchor
        while end + 1 < n and time_s[end + 1] - time_s[end] <= max_gap_s:
            x, y = x_m[end + 1] - x_m[anchor], y_m[end + 1] - y_m[anchor]
            if np.sqrt(x * x + y * y) > radius_m:
                break
            end += 1
        if time_s[end] - time_s[anchor] >= least_s:
            first[count], last[count] = anchor, end
            count += 1
            anchor = end + 1
        else:
            anchor += 1
    return first[:count].copy(), last[:count].copy()
