"""Fixes that cannot be true because no animal is that fast, and spikes out and back."""

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidTableError
from kulan.movement.kernels import kernel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
# how far back a predecessor is looked for where most of a record is impossible
FARTHEST_BACK = 10_000


def impossible_speeds(
    time_s: Floats, x_m: Floats, y_m: Floats, max_speed_m_per_s: float, slack_m: float = 0.0
) -> Bools:
    """Return which fixes must go so that no step is faster than an animal can be.

    The fewest that will do: the longest chain of fixes is kept in which each can be reached from
    the one before. Since what is reached at a possible speed by way of a third place is reached so
    directly too, every two fixes of the chain then agree. Of equally long chains the one with the
    earlier fixes is kept. The answer is the same for the record run backwards but for such ties.

    Parameters
    ----------
    time_s
        Strictly increasing, s, shape (n,).
    x_m, y_m
        Positions, m.
    max_speed_m_per_s
        Faster is impossible, m/s.
    slack_m
        Distance that location error alone may pretend, m: it is granted to every step.

    Returns
    -------
    ndarray of bool
        True for a fix that must go.

    Raises
    ------
    InvalidTableError
        If the speed is not above zero.

    Examples
    --------
    >>> time_s = np.array([0.0, 60, 120, 180])
    >>> impossible_speeds(time_s, np.array([0.0, 90_000, 100, 150]), np.zeros(4), 25.0)
    array([False,  True, False, False])
    """
    if not max_speed_m_per_s > 0:
        raise InvalidTableError(f"fastest speed of {max_speed_m_per_s:g} m/s: it is above 0.")
    return ~_longest_chain(time_s, x_m, y_m, float(max_speed_m_per_s), float(slack_m))


def spikes(
    time_s: Floats, x_m: Floats, y_m: Floats, spike_speed_m_per_s: float, cosine: float = -0.97
) -> Bools:
    """Return which fixes lie at the tip of a spike: quick out, and quick back the way it came.

    A fix is one where both its steps are faster than a speed and the turn between them is nearly a
    full one. Neighbours of a fix that went are looked at anew, until no spike is left.

    Parameters
    ----------
    time_s, x_m, y_m
        As in `impossible_speeds`.
    spike_speed_m_per_s
        Slower steps make no spike, m/s.
    cosine
        Of the turn; below this it is a spike. -0.97 is a turn of more than 166 degrees.

    Returns
    -------
    ndarray of bool
        True for the tip of a spike.

    References
    ----------
    Bjørneraas, K., Van Moorter, B., Rolandsen, C. M. and Herfindal, I. (2010). Screening global
    positioning system location data for errors using animal movement characteristics. Journal of
    Wildlife Management 74, 1361-1366.

    Examples
    --------
    >>> time_s = np.array([0.0, 60, 120, 180])
    >>> spikes(time_s, np.array([0.0, 10, 900, 20]), np.zeros(4), 5.0)
    array([False, False,  True, False])
    """
    return _spiky(time_s, x_m, y_m, float(spike_speed_m_per_s), float(cosine))


@kernel
def _longest_chain(time_s: Floats, x_m: Floats, y_m: Floats, speed: float, slack_m: float) -> Bools:
    n = len(time_s)
    length = np.ones(n, np.int64)
    longest = np.ones(n, np.int64)  # up to and with each fix
    before = np.full(n, -1, np.int64)
    for i in range(n):
        lowest = max(i - FARTHEST_BACK, 0)
        for j in range(i - 1, lowest - 1, -1):
            # no chain that ends further back can be longer than the best so far
            if longest[j] + 1 <= length[i]:
                break
            if length[j] + 1 <= length[i]:
                continue
            dx, dy = x_m[i] - x_m[j], y_m[i] - y_m[j]
            reach = speed * (time_s[i] - time_s[j]) + slack_m
            if dx * dx + dy * dy <= reach * reach:
                length[i] = length[j] + 1
                before[i] = j
        longest[i] = max(length[i], longest[i - 1]) if i > 0 else length[i]
    kept = np.zeros(n, np.bool_)
    if n == 0:
        return kept
    place = 0
    for i in range(n):
        if length[i] > length[place]:
            place = i
    while place >= 0:
        kept[place] = True
        place = before[place]
    return kept


@kernel
def _spiky(time_s: Floats, x_m: Floats, y_m: Floats, speed: float, cosine: float) -> Bools:
    n = len(time_s)
    gone = np.zeros(n, np.bool_)
    changed = True
    while changed:
        changed = False
        left, middle = -1, -1
        for right in range(n):
            if gone[right]:
                continue
            if left >= 0:
                in_x, in_y = x_m[middle] - x_m[left], y_m[middle] - y_m[left]
                out_x, out_y = x_m[right] - x_m[middle], y_m[right] - y_m[middle]
                into = np.sqrt(in_x * in_x + in_y * in_y)
                out = np.sqrt(out_x * out_x + out_y * out_y)
                fast = into > speed * (time_s[middle] - time_s[left]) and out > speed * (
                    time_s[right] - time_s[middle]
                )
                if fast and in_x * out_x + in_y * out_y < cosine * into * out:
                    gone[middle] = True
                    changed = True
                    middle = right
                    continue
            left, middle = middle, right
    return gone
