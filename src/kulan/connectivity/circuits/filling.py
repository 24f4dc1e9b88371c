"""Conductances for the multigrid: scaled, NoData filled a little, merged cells joined."""

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.kernels import Floats, kernel


@kernel
def range_of_links(weights: Floats) -> tuple[float, float]:
    """Return the smallest and largest of the `weights` that are links; one each without any."""
    smallest, largest = np.inf, 0.0
    for row in range(weights.shape[0]):
        for k in range(4):
            for j in range(weights.shape[2]):
                value = weights[row, k, j]
                largest = max(largest, value)
                smallest = min(smallest, value if value > 0.0 else np.inf)
    if largest == 0.0:
        return 1.0, 1.0
    return smallest, largest


@kernel
def fill_missing(
    weights: Floats,
    group: NDArray[np.int64],
    scale: float,
    filling: float,
    diagonal: bool,
    joining: float,
    filled: Floats,
) -> None:
    """Write into `filled` all links, the missing ones filled a little, those in groups strongly.

    Links are `weights` over `scale`, at least `filling`; `joining` where both ends are of one
    `group`, numbered from 0 with -1 for none, shape (1, 1) for no groups. `diagonal` tells whether
    cells have eight neighbours.
    """
    rows, columns = weights.shape[0] - 2, weights.shape[2] - 2
    grouped = group.shape[0] > 1
    for i in range(1, rows + 1):
        for k in range(4 if diagonal else 2):
            down = 1 if k > 0 else 0
            right = 1 if k in (0, 2) else (-1 if k == 3 else 0)
            if i + down > rows:
                continue
            first = 2 if right < 0 else 1
            last = columns - 1 if right > 0 else columns
            _fill_row(
                weights[i, k, first : last + 1], scale, filling, filled[i, k, first : last + 1]
            )
            if grouped:
                for j in range(first, last + 1):
                    here = group[i, j]
                    if here >= 0 and here == group[i + down, j + right]:
                        filled[i, k, j] = joining


@kernel
def _fill_row(weights: Floats, scale: float, filling: float, filled: Floats) -> None:
    for j in range(np.uint64(weights.size)):
        scaled = weights[j] / scale
        filled[j] = scaled if scaled > filling else filling
