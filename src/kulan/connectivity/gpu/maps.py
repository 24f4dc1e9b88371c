"""Current maps of many pairs on a device: potentials go there once, sums come back once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.gpu.devices import Device
from kulan.connectivity.gpu.hierarchy import tiles_of

Grid = NDArray[np.float64]


def accumulate_maps(
    device: Device,
    weights: Any,
    potentials: Sequence[Grid],
    pairs: NDArray[np.int64],
    cutoffs: Grid,
    ends: NDArray[np.int64],
    totals: tuple[Grid, Grid],
) -> None:
    """Add the current maps of pairs to running totals.

    The raster is gone through in bands of rows, as high as half of the device's free memory holds.

    Parameters
    ----------
    device
        Where to compute.
    weights
        Conductances, shape (rows + 2, 4, columns + 2), from the computer or on the device.
    potentials
        Each of shape (rows + 2, columns + 2).
    pairs
        Shape (pairs, 2): numbers of the potentials; that of a map is the second less the first.
    cutoffs
        One for each pair: currents along a link of at most this count as none, A.
    ends
        Shape (pairs, 2): the cells where one ampere enters and leaves, numbered with the ring.
    totals
        Sum and maximum of all maps, shape (rows, columns); both are changed.
    """
    xp, (total, largest) = device.xp, totals
    rows, columns = total.shape
    pitch = columns + 2
    bytes_of_row = pitch * 8 * (4 + len(potentials) + 2)
    high = min(rows, max(1, device.free_bytes() // 2 // bytes_of_row - 2))
    for top in range(1, rows + 1, high):
        bottom = min(top + high, rows + 1)  # the first row that is not in the band
        around = slice(top - 1, bottom + 1)
        links = xp.asarray(weights[around])
        band = [xp.asarray(potential[around]) for potential in potentials]
        added, most = xp.zeros((bottom - top, columns)), xp.zeros((bottom - top, columns))
        within = ends - (top - 1) * pitch
        for (low, over), cutoff, (one, other) in zip(
            pairs.tolist(), cutoffs.tolist(), within.tolist(), strict=True
        ):
            device.launch(
                "accumulate_pair",
                tiles_of(bottom - top, columns),
                *(bottom - top, columns, links, band[low], band[over], cutoff, one, other),
                *(added, most),
            )
        inside = slice(top - 1, bottom - 1)
        total[inside] += device.to_host(added)
        np.maximum(largest[inside], device.to_host(most), out=largest[inside])
