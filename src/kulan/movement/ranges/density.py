"""Gaussian kernels added up over the cells of a plane."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.movement.distributions import PlaneFrame
from kulan.movement.kernels import kernel
from kulan.movement.planes import Plane

Floats = NDArray[Any]
# kernels are cut off where they are so many standard deviations away
REACH = 5.0
# cells per standard deviation of the kernel
FINENESS = 10.0
MOST_CELLS = 4_000_000


def kernel_frame(
    x_m: Floats, y_m: Floats, covariance_m2: Floats, plane: Plane, fineness: float = FINENESS
) -> PlaneFrame:
    """Return cells that hold positions and the kernels around them.

    Parameters
    ----------
    x_m, y_m
        Positions, m.
    covariance_m2
        Of the kernel, m², (2, 2).
    plane
        Where the positions lie.
    fineness
        Cells per standard deviation of the kernel; fewer where that would be millions.

    Returns
    -------
    PlaneFrame
    """
    wide, high = math.sqrt(covariance_m2[0, 0]), math.sqrt(covariance_m2[1, 1])
    west, east = float(x_m.min()) - REACH * wide, float(x_m.max()) + REACH * wide
    south, north = float(y_m.min()) - REACH * high, float(y_m.max()) + REACH * high
    cells = (east - west) / wide * (north - south) / high * fineness**2
    fineness *= min(1.0, math.sqrt(MOST_CELLS / cells))
    cell_x, cell_y = wide / fineness, high / fineness
    columns, rows = math.ceil((east - west) / cell_x), math.ceil((north - south) / cell_y)
    return PlaneFrame(west, north, cell_x, cell_y, rows, columns, plane)


def kernel_mass(
    x_m: Floats, y_m: Floats, weights: Floats, covariance_m2: Floats, frame: PlaneFrame
) -> Floats:
    """Return the mass of weighted Gaussian kernels in the cells of a frame, by density at centres.

    Parameters
    ----------
    x_m, y_m
        Centres of the kernels, m.
    weights
        Of the kernels, sum one.
    covariance_m2
        Of every kernel, m², (2, 2).
    frame
        The cells.

    Returns
    -------
    numpy.ndarray
        Shape of the frame; sums to one less what lies outside.
    """
    precision = np.linalg.inv(covariance_m2)
    density = np.zeros(frame.shape)
    reach = REACH * np.sqrt(np.diag(covariance_m2))
    _add_kernels(
        density,
        (np.asarray(x_m) - frame.west_m) / frame.cell_x_m - 0.5,
        (frame.north_m - np.asarray(y_m)) / frame.cell_y_m - 0.5,
        np.asarray(weights, dtype=float),
        np.array(
            [
                precision[0, 0] * frame.cell_x_m**2,
                # rows go south
                -precision[0, 1] * frame.cell_x_m * frame.cell_y_m,
                precision[1, 1] * frame.cell_y_m**2,
                reach[0] / frame.cell_x_m,
                reach[1] / frame.cell_y_m,
            ]
        ),
    )
    return density * (frame.cell_m2 / (2 * math.pi * math.sqrt(np.linalg.det(covariance_m2))))


@kernel
def _add_kernels(
    density: Floats, column: Floats, row: Floats, weights: Floats, shape: Floats
) -> None:
    """Add exp(-d' P d / 2) of each kernel, in units of cells; P and reach are in `shape`."""
    a, b, c, reach_x, reach_y = shape[0], shape[1], shape[2], shape[3], shape[4]
    rows, columns = density.shape
    ratio = math.exp(-a)
    for k in range(len(column)):
        if weights[k] == 0:
            continue
        top = max(0, math.ceil(row[k] - reach_y))
        bottom = min(rows - 1, math.floor(row[k] + reach_y))
        left = max(0, math.ceil(column[k] - reach_x))
        right = min(columns - 1, math.floor(column[k] + reach_x))
        if left > right:
            continue
        for i in range(top, bottom + 1):
            dy = i - row[k]
            # along a row the exponent is a parabola: each value is the last times a running factor,
            # begun at its peak so that nothing is lost in the tails
            peak = column[k] - b / a * dy
            middle = min(max(round(peak), left), right)
            dx = middle - column[k]
            value = weights[k] * math.exp(-0.5 * (a * dx * dx + 2 * b * dx * dy + c * dy * dy))
            slope = a * dx + b * dy
            grown, factor = value, math.exp(-slope - 0.5 * a)
            for j in range(middle, right + 1):
                density[i, j] += grown
                grown *= factor
                factor *= ratio
            factor = math.exp(slope - 0.5 * a)
            grown = value * factor
            for j in range(middle - 1, left - 1, -1):
                factor *= ratio
                density[i, j] += grown
                grown *= factor
