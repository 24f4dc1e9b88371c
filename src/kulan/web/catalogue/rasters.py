"""A GeoTIFF as somebody brings it, made into a grid of ours before anything else reads it.

Only the cells pass: they are written anew, so nothing that hid in the file comes with them.
"""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from kulan.errors import InvalidFileError, OutsideRegionError, TooLargeError
from kulan.grids import read_grid, write_grid
from kulan.places import REGION

MOST_CELLS = 60_000_000
MOST_GRID_BYTES = 300_000_000
_MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_METRES_OF_A_DEGREE = 111_320.0
_ALONE = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",  # no file beside it is looked at
    "GDAL_PAM_ENABLED": "NO",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".kulan-reads-no-addresses",
    "GDAL_HTTP_TIMEOUT": "1",
}


@dataclass(frozen=True)
class Raster:
    """A grid that was brought.

    Attributes
    ----------
    content
        Its bytes as a GeoTIFF of our own writing.
    bounds
        West, south, east, north, degrees.
    resolution_m
        Height of a cell, metres.
    n_cells, n_empty
        Cells, and those without a value.
    """

    content: bytes
    bounds: tuple[float, float, float, float]
    resolution_m: int
    n_cells: int
    n_empty: int


def read_raster(path: Path) -> Raster:
    """Read a GeoTIFF of one band in longitude and latitude.

    Raises
    ------
    InvalidFileError
        If it is no GeoTIFF, has several bands, or lies in another CRS.
    TooLargeError
        If it has more cells than are kept in one piece, whatever the file's own size.
    OutsideRegionError
        If it lies outside the region.
    """
    with path.open("rb") as file:
        if not file.read(4).startswith(_MAGIC):
            raise InvalidFileError(
                f"{path.name}: does not begin as a TIFF does. Export it again as GeoTIFF."
            )
    with rasterio.Env(**_ALONE):
        _check_header(path)
        with _without_warnings():
            grid = read_grid(path)
        west, north = grid.west, grid.north
        rows, columns = grid.values.shape
        bounds = (west, north - rows * grid.cell_y_deg, west + columns * grid.cell_x_deg, north)
        _check_place(path, bounds)
        with tempfile.TemporaryDirectory(prefix="kulan-grid-") as folder:
            write_grid(Path(folder) / "grid.tif", grid)
            content = (Path(folder) / "grid.tif").read_bytes()
    empty = (
        np.isnan(grid.values)
        if np.issubdtype(grid.values.dtype, np.floating)
        else np.zeros(grid.values.shape, dtype=bool)
    )
    if grid.nodata is not None:
        empty |= grid.values == grid.nodata
    metres = max(1, round(grid.cell_y_deg * _METRES_OF_A_DEGREE))
    return Raster(content, bounds, metres, int(grid.values.size), int(empty.sum()))


def _check_header(path: Path) -> None:
    """Refuse by what the header says, before a cell is unpacked."""
    try:
        with _without_warnings(), rasterio.open(path, driver="GTiff") as raster:
            cells = raster.width * raster.height
            size = cells * np.dtype(raster.dtypes[0]).itemsize
            bands = raster.count
    except (RasterioError, TypeError, ValueError) as error:
        raise InvalidFileError(f"{path.name}: not a GeoTIFF that can be read ({error}).") from None
    if cells > MOST_CELLS or size > MOST_GRID_BYTES:
        raise TooLargeError(
            f"{path.name}: {cells:,} cells; at most {MOST_CELLS:,} are kept in one layer. Cut it "
            "to the area of the question, or make its cells larger."
        )
    if bands != 1:
        raise InvalidFileError(
            f"{path.name}: {bands} bands; a layer is one. Write the band you need by itself "
            "(gdal_translate -b 1)."
        )


@contextmanager
def _without_warnings() -> Iterator[None]:
    # that a file says of no place is found, and said, by `read_grid`
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        yield


def _check_place(path: Path, bounds: tuple[float, float, float, float]) -> None:
    west, south, east, north = bounds
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InvalidFileError(f"{path.name}: its corners are nowhere on Earth.")
    apart = east < REGION.west or west > REGION.east or north < REGION.south or south > REGION.north
    if apart:
        raise OutsideRegionError(
            f"{path.name}: all of it lies outside the region the Atlas covers."
        )
