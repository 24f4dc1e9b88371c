"""Kernel density of fixes taken as independent: by the reference bandwidth, or by cross-validation.

Fixes of one animal are seldom independent; then the range comes out too small (Noonan et al. 2019,
Ecol. Monogr. 89:e01344). `akde` mends that.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.distributions import Distribution, PlaneFrame, frame_around
from kulan.movement.kernels import kernel
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]
Rule = Literal["reference", "lscv"]
Like = Literal["amt"]

_CELLS_ALONG = 250
_AMT_CELLS = 100
_PAD_BANDWIDTHS = 4.0
# bandwidths tried by cross-validation, as shares of the reference bandwidth
_TRIED = np.linspace(0.1, 1.5, 100)
_BINS_PER_REFERENCE = 5_000
_REACH_REFERENCES = 16
_NEEDED = 5
_AT_ONCE = 20_000


@dataclass(frozen=True)
class Bandwidth:
    """How far the use around a fix is spread.

    Attributes
    ----------
    metres
        Standard deviation along each axis, m.
    rule
        "reference", "lscv", or "given".
    converged
        False where cross-validation found no minimum among the bandwidths it tried: its answer is
        the smallest or largest of them and should not be trusted.
    """

    metres: float
    rule: str
    converged: bool = True


def reference_bandwidth(track: Track) -> Bandwidth:
    """Return the bandwidth that is best for independent, normally spread fixes.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than five fixes, or all lie in one place.

    References
    ----------
    Silverman, B. W. (1986). Density Estimation for Statistics and Data Analysis. Worton, B. J.
    (1989). Kernel methods for estimating the utilization distribution in home-range studies.
    Ecology 70: 164-168.

    Examples
    --------
    >>> x, y = np.array([[0.0, 0], [10, 0], [10, 10], [0, 10], [5, 5]]).T
    >>> round(reference_bandwidth(Track("k1", np.arange(5.0), x, y)).metres, 3)
    3.824
    """
    n = len(track)
    spread_m2 = (track.x_m.var(ddof=1) + track.y_m.var(ddof=1)) / 2 if n >= _NEEDED else 0.0
    if not spread_m2 > 0:
        raise NotEnoughDataError(
            f"track of {track.animal_id}: {n} fixes; a kernel needs at least {_NEEDED}, and not "
            "all in one place."
        )
    return Bandwidth(math.sqrt(spread_m2) * n ** (-1 / 6), "reference")


def lscv_bandwidth(track: Track) -> Bandwidth:
    """Return the bandwidth of least-squares cross-validation.

    The least score is looked for among a hundred bandwidths from 0.1 to 1.5 times the reference
    one, as is common; with many fixes, or fixes in one place, there is often none.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than five fixes, or all lie in one place.

    References
    ----------
    Worton, B. J. (1989). Kernel methods for estimating the utilization distribution in home-range
    studies. Ecology 70: 164-168. Seaman, D. E., Powell, R. A. (1996). An evaluation of the accuracy
    of kernel density estimators for home range analysis. Ecology 77: 2075-2085.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> track = Track("k1", np.arange(200.0), *rng.normal(size=(2, 200)))
    >>> 0.2 < lscv_bandwidth(track).metres < 0.6
    True
    """
    reference = reference_bandwidth(track).metres
    n = len(track)
    counts = _distances_counted(track.x_m / reference, track.y_m / reference)
    filled = np.flatnonzero(counts)
    pairs = counts[filled]
    squared = ((filled + 0.5) / _BINS_PER_REFERENCE) ** 2
    scores = []
    for h in _TRIED:
        terms = np.exp(-squared / (4 * h * h)) - 4 * np.exp(-squared / (2 * h * h))
        scores.append((1 + 2 * float(terms @ pairs) / n) / (4 * math.pi * n * h * h))
    best = int(np.argmin(scores))
    return Bandwidth(float(_TRIED[best] * reference), "lscv", 0 < best < len(_TRIED) - 1)


@kernel
def _distances_counted(x: Floats, y: Floats) -> Floats:
    """Count the pairs of fixes by their distance, in fine bins, as far as a kernel reaches."""
    counts = np.zeros(_REACH_REFERENCES * _BINS_PER_REFERENCE)
    for i in range(len(x)):
        for j in range(i):
            away = math.hypot(x[i] - x[j], y[i] - y[j]) * _BINS_PER_REFERENCE
            if away < len(counts):
                counts[int(away)] += 1
    return counts


def kernel_density(
    track: Track,
    *,
    bandwidth: Rule | float = "reference",
    frame: PlaneFrame | None = None,
    like: Like | None = None,
) -> tuple[Distribution, Bandwidth]:
    """Return the range distribution of a track by a normal kernel, fixes taken as independent.

    Parameters
    ----------
    track
        One animal's track, at least five fixes.
    bandwidth
        "reference", "lscv", or metres.
    frame
        The cells; None for about 250 along the longer side, with room for four bandwidths.
    like
        "amt" lays cells and densities as amt does, on a map that is narrower than the ground by one
        cell in so many; see Notes.

    Returns
    -------
    distribution : Distribution
        A range distribution. Kernels are integrated over each cell; the mass sums to one, less
        what lies outside the frame.
    bandwidth : Bandwidth

    Raises
    ------
    NotEnoughDataError
        If there are fewer than five fixes, or all lie in one place.
    InvalidTableError
        If the bandwidth is no rule that is known and no number above 0, or a frame is given beside
        `like`.

    Notes
    -----
    amt lays cells of a hundredth of the longer extent with half that extent as room on every side,
    and has the density reckoned at as many points (Wand 1994) from the first edge to the last. Of
    n points there are n - 1 gaps; on cells that are the n-th part wide, areas come out too small,
    by one part in a hundred. The finer its cells, the nearer its areas are to ours.

    References
    ----------
    Wand, M. P. (1994). Fast computation of multivariate kernel estimators. Journal of Computational
    and Graphical Statistics 3: 433-445.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> track = Track("k1", np.arange(200.0), *100 * rng.normal(size=(2, 200)))
    >>> use, chosen = kernel_density(track)
    >>> round(chosen.metres), f"{use.mass.sum():.3f}"
    (38, '1.000')
    """
    chosen = _chosen(track, bandwidth)
    method = "kde" if chosen.rule != "lscv" else "kde_lscv"
    if like is not None:
        if frame is not None:
            raise InvalidTableError("like='amt' lays its own cells; leave out the frame.")
        return _narrowed(track, chosen.metres, method), chosen
    if frame is None:
        frame = _frame_for(track, chosen.metres)
    mass = np.zeros(frame.shape)
    for start in range(0, len(track), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        east = track.x_m[part] - frame.west_m
        south = frame.north_m - track.y_m[part]
        across = _shares(east, chosen.metres, frame.cell_x_m, frame.columns)
        mass += _shares(south, chosen.metres, frame.cell_y_m, frame.rows).T @ across
    return Distribution("range", mass / len(track), frame, method), chosen


def _narrowed(track: Track, bandwidth_m: float, method: str) -> Distribution:
    """Return densities at points from edge to edge, told as those of the cells in between."""
    extent = max(float(np.ptp(track.x_m)), float(np.ptp(track.y_m)))
    cell, room = extent / _AMT_CELLS, extent / 2
    columns, rows = (
        max(round((float(np.ptp(values)) + 2 * room) / cell), 2)
        for values in (track.x_m, track.y_m)
    )
    west, north = float(track.x_m.min()) - room, float(track.y_m.max()) + room
    across = np.linspace(west, west + columns * cell, columns)
    down = np.linspace(north, north - rows * cell, rows)
    density = np.zeros((rows, columns))
    for start in range(0, len(track), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        east, south = (
            np.exp(-(((points - fixes[part, None]) / bandwidth_m) ** 2) / 2)
            for points, fixes in ((across, track.x_m), (down, track.y_m))
        )
        density += south.T @ east
    frame = PlaneFrame(west, north, cell, cell, rows, columns, track.plane)
    return Distribution("range", density / density.sum(), frame, method)


def _chosen(track: Track, bandwidth: str | float) -> Bandwidth:
    if bandwidth == "reference":
        return reference_bandwidth(track)
    if bandwidth == "lscv":
        return lscv_bandwidth(track)
    if not isinstance(bandwidth, (int, float)) or not 0 < bandwidth < math.inf:
        raise InvalidTableError(
            f"bandwidth {bandwidth}: 'reference', 'lscv' or metres above 0 are needed."
        )
    return Bandwidth(float(bandwidth), "given")


def _frame_for(track: Track, bandwidth_m: float) -> PlaneFrame:
    pad_m = _PAD_BANDWIDTHS * bandwidth_m
    extent = max(np.ptp(track.x_m), np.ptp(track.y_m)) + 2 * pad_m
    cell_m = float(f"{extent / _CELLS_ALONG:.2g}")
    return frame_around(track.x_m, track.y_m, pad_m=pad_m, cell_m=cell_m, plane=track.plane)


def _shares(at: Floats, spread: float, cell: float, count: int) -> Floats:
    """Return the share of each fix's kernel in each of a row of cells, shape (n, count)."""
    edges = np.arange(count + 1) * cell
    below: Floats = erf((edges[None, :] - at[:, None]) / (spread * math.sqrt(2)))
    return np.diff(below, axis=1) / 2
