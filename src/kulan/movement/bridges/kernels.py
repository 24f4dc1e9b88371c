"""Inner loops of the bridges: likelihood of a motion variance, and bridges laid over cells."""

import math

import numpy as np
from numpy.typing import NDArray

from kulan.movement.kernels import kernel

Floats = NDArray[np.float64]

_STEPS = 60
_REACH_SD = 6.0
_MOST_NODES = 20_000
_ROOT_2 = math.sqrt(2.0)
_ROOT_PI = math.sqrt(math.pi)


@kernel
def log_likelihood(
    variance: float, share: Floats, error: Floats, squared: Floats, start: int, stop: int
) -> float:
    """Log-likelihood, up to a constant, of the fixes left out, every second one from start."""
    total = 0.0
    for k in range(start, stop, 2):
        spread = share[k] * variance + error[k]
        total -= math.log(spread) + squared[k] / (2 * spread)
    return total


@kernel
def _slope(
    variance: float, share: Floats, error: Floats, squared: Floats, start: int, stop: int
) -> float:
    total = 0.0
    for k in range(start, stop, 2):
        spread = share[k] * variance + error[k]
        total += share[k] * (squared[k] / (2 * spread) - 1) / spread
    return total


@kernel
def likeliest_variance(
    share: Floats, error: Floats, squared: Floats, start: int, stop: int
) -> float:
    """Return the motion variance that makes the fixes left out likeliest.

    The slope of the likelihood is below zero beyond the largest variance that any one fix asks
    for; its root below is found by halving in the logarithm and Newton's steps between.
    """
    high = 0.0
    for k in range(start, stop, 2):
        high = max(high, (squared[k] / 2 - error[k]) / share[k])
    if high <= 0 or (
        _slope(0.0, share, error, squared, start, stop) <= 0
        and not _rises(high, share, error, squared, start, stop)
    ):
        return 0.0
    low = high * 1e-9
    if _slope(low, share, error, squared, start, stop) <= 0:
        low = _foot(high, share, error, squared, start, stop)
    for _ in range(_STEPS):
        middle = math.sqrt(low * high)
        if _slope(middle, share, error, squared, start, stop) > 0:
            low = middle
        else:
            high = middle
        if high - low <= 1e-10 * high:
            break
    return math.sqrt(low * high)


@kernel
def _rises(
    high: float, share: Floats, error: Floats, squared: Floats, start: int, stop: int
) -> bool:
    """Whether the likelihood falls from zero but rises higher further on."""
    best, at_zero = -math.inf, log_likelihood(0.0, share, error, squared, start, stop)
    for k in range(12):
        best = max(best, log_likelihood(high / 2**k, share, error, squared, start, stop))
    return best > at_zero


@kernel
def _foot(
    high: float, share: Floats, error: Floats, squared: Floats, start: int, stop: int
) -> float:
    """Return a variance below the highest rise of the likelihood."""
    best, at = -math.inf, 0
    for k in range(12):
        value = log_likelihood(high / 2**k, share, error, squared, start, stop)
        if value > best:
            best, at = value, k
    return float(high / 2.0 ** (at + 1))


@kernel
def variance_by_window(
    share: Floats, error: Floats, squared: Floats, window: int, margin: int
) -> tuple[Floats, NDArray[np.int64]]:
    """Sum over all windows the motion variance at each fix, and count the windows.

    In each window one variance stands against two that part at a break, by the Bayesian
    information criterion; a break leaves at least `margin` fixes on either side.
    """
    n = len(share)
    total, count = np.zeros(n), np.zeros(n, np.int64)
    penalty = math.log(window)
    for first in range(n - window + 1):
        end = first + window - 1
        whole = likeliest_variance(share, error, squared, first + 1, end)
        best = -2 * log_likelihood(whole, share, error, squared, first + 1, end) + penalty
        before, after, part = whole, whole, window
        for cut in range(margin - 1, window - margin + 1):
            if cut % 2:
                continue
            at = first + cut
            a = likeliest_variance(share, error, squared, first + 1, at)
            b = likeliest_variance(share, error, squared, at + 1, end)
            fit = log_likelihood(a, share, error, squared, first + 1, at)
            fit += log_likelihood(b, share, error, squared, at + 1, end)
            if -2 * fit + 2 * penalty < best:
                best, before, after, part = -2 * fit + 2 * penalty, a, b, cut
        for cut in range(margin - 1, window - margin):
            total[first + cut] += before if cut < part else after
            count[first + cut] += 1
    return total, count


@kernel
def lay_bridges(
    path: Floats, cells: tuple[float, float, float, float], at_centres: bool, mass: Floats
) -> None:
    """Add to `mass` the seconds spent in each cell on the bridges whose variance is a number.

    Each bridge is cut into equal times, short enough that the animal stays within half a cell or
    half the spread of its position; at each the normal distribution is integrated over the cells,
    or taken at their centres.

    The columns of `path` are time, x, y, variance of the error and motion variance; `cells` are
    west and north of the frame, width and height of a cell.
    """
    west, north, cell_x, cell_y = cells
    times, x, y, error, variance = path[:, 0], path[:, 1], path[:, 2], path[:, 3], path[:, 4]
    rows, columns = mass.shape
    shares_x, shares_y = np.empty(columns), np.empty(rows)
    for k in range(len(times) - 1):
        if math.isnan(variance[k]):
            continue
        span = times[k + 1] - times[k]
        dx, dy = x[k + 1] - x[k], y[k + 1] - y[k]
        smallest = max(min(cell_x, cell_y) / 2, math.sqrt(min(error[k], error[k + 1])))
        middle = math.sqrt(span * variance[k] / 4 + (error[k] + error[k + 1]) / 4)
        nodes = max(8.0, math.hypot(dx, dy) / (0.5 * smallest), 4 * middle / smallest)
        n = int(min(nodes, _MOST_NODES)) + 1
        for node in range(n):
            along = (node + 0.5) / n
            spread = math.sqrt(
                span * along * (1 - along) * variance[k]
                + (1 - along) ** 2 * error[k]
                + along**2 * error[k + 1]
            )
            at_x, at_y = x[k] + along * dx - west, north - y[k] - along * dy
            first_x, end_x = _shares(at_x, spread, cell_x, columns, at_centres, shares_x)
            first_y, end_y = _shares(at_y, spread, cell_y, rows, at_centres, shares_y)
            for row in range(first_y, end_y):
                part = shares_y[row] * span / n
                for column in range(first_x, end_x):
                    mass[row, column] += part * shares_x[column]


@kernel
def _shares(
    at: float, spread: float, cell: float, count: int, at_centres: bool, shares: Floats
) -> tuple[int, int]:
    """Write the share of a normal distribution in each cell of a row; return which are reached."""
    first = int(min(max(math.floor((at - _REACH_SD * spread) / cell), 0), count))
    end = int(min(max(math.floor((at + _REACH_SD * spread) / cell) + 1, 0), count))
    scale = 1.0 / (max(spread, 1e-9) * _ROOT_2)
    if at_centres:
        for k in range(first, end):
            away = ((k + 0.5) * cell - at) * scale
            shares[k] = cell * scale / _ROOT_PI * math.exp(-away * away)
        return first, end
    below = math.erf((first * cell - at) * scale)
    for k in range(first, end):
        above = math.erf(((k + 1) * cell - at) * scale)
        shares[k] = (above - below) / 2
        below = above
    return first, end
