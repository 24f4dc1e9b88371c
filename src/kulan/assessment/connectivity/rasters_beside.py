"""Rasters that lie on the cells of a landscape: sources, grounds, strengths."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from kulan.assessment.connectivity.landscapes import Landscape
from kulan.connectivity.equal_area_grids import read_plane_grid
from kulan.errors import InvalidGridError
from kulan.provenance import Input, hash_file

_RASTERS = (".tif", ".tiff", ".asc", ".img", ".vrt", ".bil", ".flt")
# of a cell: corners that lie closer are the same
_SAME = 1e-3


def is_raster(path: Path) -> bool:
    """Whether a file is a raster, by its ending."""
    return path.suffix.lower() in _RASTERS


def read_beside(path: Path, landscape: Landscape) -> tuple[NDArray[np.float64], Input]:
    """Read a raster that must lie on the cells of a landscape.

    Parameters
    ----------
    path
        The raster.
    landscape
        The cells.

    Returns
    -------
    tuple
        Its values, NaN for NoData, and the file by hash.

    Raises
    ------
    InvalidFileError
        If it is no raster in a plane of metres.
    InvalidGridError
        If its cells are others than the landscape's; it says in what they differ.
    """
    grid, own = read_plane_grid(path), landscape.grid
    differs = []
    if grid.shape != own.shape:
        differs.append(
            f"{grid.shape[0]} by {grid.shape[1]} cells, not {own.shape[0]} by {own.shape[1]}"
        )
    if abs(grid.cell_m - own.cell_m) > _SAME * own.cell_m:
        differs.append(f"cells of {grid.cell_m:g} m, not {own.cell_m:g} m")
    away_m = max(abs(grid.west_m - own.west_m), abs(grid.north_m - own.north_m))
    if away_m > _SAME * own.cell_m:
        differs.append(f"a north-western corner {away_m:g} m away")
    if not CRS.from_user_input(grid.crs).equals(
        CRS.from_user_input(own.crs), ignore_axis_order=True
    ):
        differs.append("another coordinate system")
    if differs:
        raise InvalidGridError(
            f"{path.name}: it does not lie on the cells of {landscape.source.name}: "
            f"{'; '.join(differs)}. Resample it onto them (gdalwarp -t_srs -te -tr)."
        )
    return grid.known, Input(path.name, hash_file(path))
