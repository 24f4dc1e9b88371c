"""Collars that lie still: in a drawer before they were put on, or on the ground after they fell."""

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidTableError
from kulan.movement.kernels import kernel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def still_ends(
    time_s: Floats, x_m: Floats, y_m: Floats, radius_m: float, least_s: float
) -> tuple[Bools, Bools]:
    """Return which fixes lie still from the beginning of a record, and which to its end.

    The last (or first) `least_s` of the record must lie within the radius of their median; from
    there the stretch is followed inwards until two fixes in a row lie outside. A collar that moved
    later on is not still, however long it rested.

    Parameters
    ----------
    time_s, x_m, y_m
        Strictly increasing times, s, and positions, m, shape (n,).
    radius_m
        Within which location error alone scatters a collar that lies still, m.
    least_s
        Shortest stretch that is taken for one, s: longer than an animal rests.

    Returns
    -------
    ndarray of bool
        Still from the beginning.
    ndarray of bool
        Still to the end. A record that is still throughout is only here.

    Raises
    ------
    InvalidTableError
        If radius or stretch is not above zero.

    Examples
    --------
    >>> time_s = np.arange(6) * 86_400.0
    >>> x_m = np.array([0.0, 900, 2000, 5000, 5001, 5002])
    >>> still_ends(time_s, x_m, np.zeros(6), radius_m=20, least_s=2 * 86_400)[1]
    array([False, False, False,  True,  True,  True])
    """
    if not (radius_m > 0 and least_s > 0):
        raise InvalidTableError(
            f"stillness within {radius_m:g} m for {least_s:g} s: both must be above 0."
        )
    n = len(time_s)
    tail, head = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    count = _still_count(-time_s[::-1], x_m[::-1], y_m[::-1], radius_m, least_s)
    tail[n - count :] = True
    if count < n:
        head[: _still_count(time_s, x_m, y_m, radius_m, least_s)] = True
    return head & ~tail, tail


def _still_count(time_s: Floats, x_m: Floats, y_m: Floats, radius_m: float, least_s: float) -> int:
    """Return how many fixes from the first on lie still; 0 where the stretch is too short."""
    if len(time_s) < 2 or time_s[-1] - time_s[0] < least_s:
        return 0
    needed = int(np.searchsorted(time_s, time_s[0] + least_s)) + 1
    x, y = float(np.median(x_m[:needed])), float(np.median(y_m[:needed]))
    near = np.hypot(x_m - x, y_m - y) <= radius_m
    if not near[:needed].all():
        return 0
    return int(_run(near))


@kernel
def _run(near: Bools) -> int:
    count = 0
    for i in range(len(near)):
        if near[i]:
            count = i + 1
        elif i > 0 and not near[i - 1]:
            break
    return count
