"""The layers a profile asks for, brought from degrees onto the cells where movement is computed."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.equal_area_grids import (
    Method,
    PlaneGrid,
    lay_plane_grid,
    local_relief_m,
    resample,
)
from kulan.connectivity.resistance.tables import LAYERS
from kulan.errors import InvalidGridError, OutsideRegionError
from kulan.grids import Grid
from kulan.places import EQUAL_AREA, Bounds

Values = NDArray[np.float64]
# heights are compared this far around a cell, as the profiles' figures for relief ask for
RELIEF_REACH_M = 10_000.0
_METRES_PER_DEGREE = 111_320.0


def lay_layers(
    grids: Mapping[str, Grid], bounds: Bounds, *, cell_m: float, crs: str = EQUAL_AREA
) -> tuple[PlaneGrid, dict[str, Values]]:
    """Bring grids in longitude and latitude onto square cells, and find the relief from heights.

    Where cells become larger, land cover takes the commonest class and quantities their mean;
    where they become smaller, the nearest class and a straight line between values. Relief is
    added where heights are given and relief is not: the range of heights within about 10 km. From
    heights on cells of that size it is a lower bound.

    Parameters
    ----------
    grids
        By the names in `kulan.connectivity.resistance.tables.LAYERS`.
    bounds
        The part of the region to cover, degrees.
    cell_m
        Side of a cell, m.
    crs
        The plane, in metres.

    Returns
    -------
    tuple
        The cells, and the values of each layer on them, NaN where unknown.

    Raises
    ------
    InvalidGridError
        If a layer has a name that no profile knows, or classes lack a NoData value.
    OutsideRegionError
        If a layer does not touch the box.
    """
    wrong = sorted(set(grids) - set(LAYERS))
    if wrong:
        raise InvalidGridError(
            f"layers: {', '.join(wrong)} found; profiles know {', '.join(LAYERS)}."
        )
    plane = lay_plane_grid(bounds, cell_m=cell_m, crs=crs)
    layers: dict[str, Values] = {}
    for name, grid in grids.items():
        values = resample(grid, plane, method=_method(name, grid, cell_m)).known
        if np.isnan(values).all():
            raise OutsideRegionError(
                f"{name}: none of its cells with data lies in the box west {bounds.west:g}, south "
                f"{bounds.south:g}, east {bounds.east:g}, north {bounds.north:g}."
            )
        layers[name] = values
    if "elevation_m" in layers and "relief_m" not in layers:
        reach = max(1, round(RELIEF_REACH_M / cell_m))
        layers["relief_m"] = local_relief_m(layers["elevation_m"], reach_cells=reach)
    return plane, layers


def _method(name: str, grid: Grid, cell_m: float) -> Method:
    larger = cell_m > grid.cell_y_deg * _METRES_PER_DEGREE
    if name == "land_cover":
        return "mode" if larger else "nearest"
    return "average" if larger else "bilinear"
