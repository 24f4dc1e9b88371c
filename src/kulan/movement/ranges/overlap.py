"""How far two animals share their ranges: the Bhattacharyya coefficient, with limits.

1 is the same range, 0 two ranges that nowhere meet. The estimate is that of the kernels; its bias
and limits come from the Gaussian ranges of the models, whose errors are known.

References
----------
Winner, K. et al. (2018). Statistical inference for home range overlap. Methods in Ecology and
Evolution 9, 1679-1691.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from kulan.errors import InvalidGeometryError
from kulan.movement.distributions import Distribution, PlaneFrame
from kulan.movement.intervals import UNKNOWN, Interval
from kulan.movement.models import Model
from kulan.movement.ranges.akde import RangeEstimate
from kulan.movement.ranges.density import MOST_CELLS

Floats = NDArray[Any]
# the entries of a symmetric matrix, and size times the variance of each
_ENTRIES = (([[1, 0], [0, 0]], 2.0), ([[0, 0], [0, 1]], 2.0), ([[0, 1], [1, 0]], 1.0))


def overlap(first: RangeEstimate, second: RangeEstimate, level: float = 0.95) -> Interval:
    """Return how far two ranges overlap.

    Parameters
    ----------
    first, second
        Ranges laid on the same cells: give `akde` one `frame` for both.
    level
        Of the limits.

    Returns
    -------
    Interval
        Unknown where one of them has no range.

    Raises
    ------
    InvalidGeometryError
        If the ranges lie on different cells.

    Notes
    -----
    Two ranges estimated from few crossings differ by chance alone. How many times too large that
    makes the distance B = -ln(overlap) is reckoned for the Gaussian ranges of the models, and the
    kernels' distance is divided by the same; limits are those of the Gaussians' B, scaled alike.
    """
    if first.distribution is None or second.distribution is None:
        return UNKNOWN
    distance = -math.log(max(bhattacharyya(first.distribution, second.distribution), 1e-300))
    raw, told = gaussian_distance(first.model, second.model, level)
    scale = distance / raw if raw > 0 else 1.0
    near, best, far = (
        math.exp(-min(value * scale, 700.0)) for value in (told.low, told.estimate, told.high)
    )
    return Interval(far, best, near, level)


def shared_frame(
    frames: Sequence[PlaneFrame], *, room: float = 0.0, most_cells: int = MOST_CELLS
) -> PlaneFrame:
    """Return cells that hold the cells of several ranges, as fine as the finest.

    Parameters
    ----------
    frames
        Of ranges each on cells of its own.
    room
        Further room on every side, as a share of the whole: a population reaches further than its
        animals with collars, 0.5 holds it.
    most_cells
        Cells are made wider where there would be more.

    Raises
    ------
    InvalidGeometryError
        If frames lie in different planes, or there is none.

    Examples
    --------
    >>> frames = [PlaneFrame(0, 10, 1, 1, 10, 10), PlaneFrame(5, 20, 2, 2, 5, 5)]
    >>> shared_frame(frames).shape
    (20, 15)
    """
    planes = {frame.plane for frame in frames}
    if len(planes) != 1:
        raise InvalidGeometryError(
            f"ranges to compare lie in {len(planes)} planes; they need one. Name a projected "
            "system for all with --plane."
        )
    west = min(frame.west_m for frame in frames)
    north = max(frame.north_m for frame in frames)
    east = max(frame.west_m + frame.columns * frame.cell_x_m for frame in frames)
    south = min(frame.north_m - frame.rows * frame.cell_y_m for frame in frames)
    wide, high = room * (east - west), room * (north - south)
    west, east, south, north = west - wide, east + wide, south - high, north + high
    cell_x = min(frame.cell_x_m for frame in frames)
    cell_y = min(frame.cell_y_m for frame in frames)
    cells = (east - west) / cell_x * (north - south) / cell_y
    coarser = max(1.0, math.sqrt(cells / most_cells))
    cell_x, cell_y = cell_x * coarser, cell_y * coarser
    columns, rows = math.ceil((east - west) / cell_x), math.ceil((north - south) / cell_y)
    return PlaneFrame(west, north, cell_x, cell_y, rows, columns, planes.pop())


def bhattacharyya(first: Distribution, second: Distribution) -> float:
    """Return the sum over cells of the root of the product of two distributions.

    Parameters
    ----------
    first, second
        On the same cells.

    Raises
    ------
    InvalidGeometryError
        If they are not.

    Examples
    --------
    >>> from kulan.movement.distributions import PlaneFrame
    >>> frame = PlaneFrame(0, 1, 1, 1, 1, 2)
    >>> one = Distribution("range", np.array([[0.5, 0.5]]), frame, "akde")
    >>> two = Distribution("range", np.array([[1.0, 0.0]]), frame, "akde")
    >>> round(bhattacharyya(one, two), 4)
    0.7071
    """
    if first.frame != second.frame:
        raise InvalidGeometryError(
            "overlap: the two ranges lie on different cells. Give `akde` the same frame for both."
        )
    return min(float(np.sqrt(first.mass * second.mass).sum()), 1.0)


def gaussian_distance(first: Model, second: Model, level: float = 0.95) -> tuple[float, Interval]:
    """Return Bhattacharyya's distance of the Gaussian ranges of two models, with limits.

    Parameters
    ----------
    first, second
        Models with a range.
    level
        Of the limits.

    Returns
    -------
    tuple of float and Interval
        The distance of the two estimates as they are, and what remains without the share of chance,
        with limits. Without unit; exp(-B) is the overlap.

    Notes
    -----
    B = d' S^-1 d / 8 + ln(det S / sqrt(det S1 det S2)) / 2 with S the mean covariance and d the
    distance of the means. The estimate is divided by how many times too large chance makes B on
    average, and the rest is spread like a chi-square (Winner et al. 2018): moments by the
    delta method, from the errors of means (known) and covariances (as of Wishart matrices with the
    models' effective sample sizes of the area).
    """
    difference = first.mu_m - second.mu_m
    one, two = first.sigma_m2, second.sigma_m2
    estimate = _distance(difference, one, two)
    errors = first.mean_covariance_m2 + second.mean_covariance_m2
    mean = (one + two) / 2
    bias = float(np.trace(np.linalg.solve(mean, errors))) / 8
    slope = np.linalg.solve(mean, difference) / 4
    variance = float(slope @ errors @ slope)
    # a Gaussian of a mean squared adds twice the square of its own spread
    variance += 2 * float(np.trace(np.linalg.matrix_power(np.linalg.solve(mean, errors), 2))) / 64
    for model, own, other in ((first, one, two), (second, two, one)):
        size = model.dof["area"]
        added, spread = _of_covariance(difference, own, other, size)
        bias, variance = bias + added, variance + spread
    # were the estimate the truth, it would come out so many times too large; never below zero
    left = estimate**2 / (estimate + bias) if estimate > 0 else 0.0
    return estimate, _chi_square(left, estimate, variance, level)


def _distance(difference: Floats, one: Floats, two: Floats) -> float:
    mean = (one + two) / 2
    apart = float(difference @ np.linalg.solve(mean, difference)) / 8
    dets = np.linalg.slogdet(mean)[1] - np.linalg.slogdet(one)[1] / 2
    return max(apart + float(dets - np.linalg.slogdet(two)[1] / 2) / 2, 0.0)


def _of_covariance(
    difference: Floats, own: Floats, other: Floats, size: float
) -> tuple[float, float]:
    """Return bias and variance of B from the error of one covariance, by differences.

    Its three entries, in axes where it is the unit matrix, err independently: with variance
    2 / size on the diagonal and half of that beside it, as a Wishart matrix does.
    """
    if not 0 < size < math.inf:
        return (0.0, 0.0) if size else (0.0, math.inf)
    root = np.linalg.cholesky(own)
    middle = _distance(difference, own, other)
    bias = variance = 0.0
    for entry, weight in _ENTRIES:
        reach = 1e-3
        turned = root @ np.asarray(entry, dtype=float) @ root.T
        up = _distance(difference, own + reach * turned, other)
        down = _distance(difference, own - reach * turned, other)
        bias += (up - 2 * middle + down) / reach**2 / 2 * weight / size
        variance += ((up - down) / (2 * reach)) ** 2 * weight / size
    return bias, variance


def _chi_square(value: float, biased: float, variance: float, level: float) -> Interval:
    """Return limits of a positive number of this mean and variance."""
    if not math.isfinite(variance):
        return Interval(0.0, value, math.inf, level)
    if variance <= 0:
        return Interval(value, value, value, level)
    centre = max(value, math.sqrt(variance) / 10, biased / 10)
    freedom = 2 * centre**2 / variance
    tail = (1 - level) / 2
    low, high = (float(stats.chi2.ppf(q, freedom)) / freedom * centre for q in (tail, 1 - tail))
    return Interval(min(low, value), value, high, level)
