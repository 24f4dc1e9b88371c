"""Grids of square cells in the region's equal-area plane: where connectivity is computed."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from kulan.connectivity.frames import Frame
from kulan.errors import InvalidFileError, InvalidGridError, OutsideRegionError, TooLargeError
from kulan.grids import Grid
from kulan.outputs import write_whole
from kulan.places import EQUAL_AREA, WGS84, Bounds

Method = Literal["nearest", "bilinear", "average", "mode"]
_EDGE_POINTS = 200


@dataclass(frozen=True)
class PlaneGrid:
    """Values on square cells of a plane.

    Attributes
    ----------
    values
        Shape (rows, columns), row 0 in the north.
    west_m, north_m
        Outer corner of the cell in row 0 and column 0, m in the plane.
    cell_m
        Side of a cell, m.
    crs
        The plane; by default Albers for the region, where every cell has the same area.
    nodata
        Value that means "nothing known here"; None where NaN does.
    """

    values: NDArray[Any]
    west_m: float
    north_m: float
    cell_m: float
    crs: str = EQUAL_AREA
    nodata: float | None = None

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.size == 0 or not self.cell_m > 0:
            raise InvalidGridError(
                f"plane grid: values of shape {self.values.shape} on cells of {self.cell_m:g} m; "
                "rows, columns and a cell above 0 m are needed."
            )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.values.shape
        return rows, columns

    @property
    def cell_km2(self) -> float:
        """Area of a cell, km²."""
        return self.cell_m**2 / 1e6

    @property
    def frame(self) -> Frame:
        """Where the cells lie, to lay barriers over them."""
        rows, columns = self.shape
        return Frame(rows, columns, self.west_m, self.north_m, self.cell_m, self.cell_m, self.crs)

    @property
    def known(self) -> NDArray[np.float64]:
        """The values as float64, NaN for NoData."""
        return self.known_within(slice(None), slice(None))

    def known_within(self, rows: slice, columns: slice) -> NDArray[np.float64]:
        """Return the values of some rows and columns as float64, NaN for NoData."""
        given = self.values[rows, columns]
        values: NDArray[np.float64] = given.astype(np.float64)
        if self.nodata is not None:
            values[given == self.nodata] = np.nan
        return values

    def with_values(self, values: NDArray[Any], nodata: float | None = None) -> "PlaneGrid":
        """Return a grid in the same place with other values."""
        if values.shape != self.values.shape:
            raise InvalidGridError(
                f"values have shape {values.shape}, the grid has {self.values.shape}."
            )
        return replace(self, values=values, nodata=nodata)

    def cells_at(self, lon_lat: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the cell number of each point, row by row from the north-west; -1 outside.

        Parameters
        ----------
        lon_lat
            Longitude and latitude, degrees, shape (n, 2).
        """
        x, y = _transformer(WGS84, self.crs).transform(lon_lat[:, 0], lon_lat[:, 1])
        column = np.floor((np.asarray(x) - self.west_m) / self.cell_m).astype(np.int64)
        row = np.floor((self.north_m - np.asarray(y)) / self.cell_m).astype(np.int64)
        rows, columns = self.shape
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        return np.where(inside, row * columns + column, -1)


def _check_order(bounds: Bounds) -> None:
    # Four numbers are easily given as longitudes first, or latitude before longitude.
    if not (bounds.west < bounds.east and -90 <= bounds.south < bounds.north <= 90):
        raise InvalidGridError(
            f"bounds: west {bounds.west:g}, south {bounds.south:g}, east {bounds.east:g}, north "
            f"{bounds.north:g} is no box. Give degrees in the order west, south, east, north, the "
            "smaller longitude and the smaller latitude first."
        )


def lay_plane_grid(
    bounds: Bounds, *, cell_m: float, crs: str = EQUAL_AREA, most_cells: int = 500_000_000
) -> PlaneGrid:
    """Lay empty cells over a box in longitude and latitude.

    The corner is a whole number of cells from the origin of the plane, so that grids of one cell
    size lie on each other's cells.

    Parameters
    ----------
    bounds
        The box; it is covered whole, so that corners of the grid may lie outside it.
    cell_m
        Side of a cell, m.
    crs
        The plane, in metres.
    most_cells
        More cells than this are refused.

    Returns
    -------
    PlaneGrid
        Of zeros (uint8).

    Raises
    ------
    InvalidGridError
        If the cell is not above 0 m, the plane not in metres, or the sides of the box are not
        in the order west, south, east, north.
    OutsideRegionError
        If the plane cannot show the box.
    TooLargeError
        If there would be too many cells.
    """
    if not cell_m > 0:
        raise InvalidGridError(f"cell_m: {cell_m:g} found; a side above 0 m is needed.")
    _check_order(bounds)
    units = {axis.unit_name for axis in CRS.from_user_input(crs).axis_info}
    if units != {"metre"}:
        raise InvalidGridError(
            f"crs: {crs} is in {', '.join(sorted(units))}; a plane in metres is needed."
        )
    t = np.linspace(0.0, 1.0, _EDGE_POINTS)
    lon = bounds.west + t * (bounds.east - bounds.west)
    lat = bounds.south + t * (bounds.north - bounds.south)
    west, east = np.full_like(t, bounds.west), np.full_like(t, bounds.east)
    south, north = np.full_like(t, bounds.south), np.full_like(t, bounds.north)
    x, y = _transformer(WGS84, crs).transform(
        np.concatenate([lon, lon, west, east]), np.concatenate([south, north, lat, lat])
    )
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise OutsideRegionError(f"bounds: {bounds} cannot be drawn in the plane {crs}.")
    left, right = np.floor(np.min(x) / cell_m), np.ceil(np.max(x) / cell_m)
    bottom, top = np.floor(np.min(y) / cell_m), np.ceil(np.max(y) / cell_m)
    rows, columns = int(top - bottom), int(right - left)
    if rows * columns > most_cells:
        raise TooLargeError(
            f"cell_m: {rows} by {columns} cells of {cell_m:g} m are more than {most_cells}. "
            "Use larger cells or a smaller box."
        )
    return PlaneGrid(
        np.zeros((rows, columns), np.uint8), float(left * cell_m), float(top * cell_m), cell_m, crs
    )


def resample(grid: Grid, like: PlaneGrid, *, method: Method) -> PlaneGrid:
    """Bring a grid in longitude and latitude onto the cells of a plane.

    Parameters
    ----------
    grid
        The grid.
    like
        The cells to fill.
    method
        `nearest` or `mode` (the commonest, where cells become larger) for classes, `bilinear` or
        `average` (where cells become larger) for quantities.

    Returns
    -------
    PlaneGrid
        In the grid's type for classes, float64 for quantities; cells outside the grid and NoData
        are the grid's NoData, NaN for quantities.

    Raises
    ------
    InvalidGridError
        If classes have no NoData value with which to mark cells outside the grid.
    """
    from rasterio.transform import from_origin  # noqa: PLC0415 - heavy
    from rasterio.warp import Resampling, reproject  # noqa: PLC0415

    classes = method in ("nearest", "mode")
    nodata = grid.nodata
    source = grid.values
    if not classes:
        source = grid.values.astype(np.float64)
        if nodata is not None:
            source[grid.values == nodata] = np.nan
        nodata = float("nan")
    elif nodata is None:
        if not np.issubdtype(source.dtype, np.floating):
            raise InvalidGridError(
                "resample: the grid of classes has no NoData value, so cells outside it cannot be "
                "marked. Give it one: grid.with_values(values, nodata=255)."
            )
        nodata = float("nan")
    if source.dtype == np.bool_ or source.dtype in (np.dtype(np.int64), np.dtype(np.uint64)):
        source = source.astype(np.int32)
    target = np.full(like.shape, nodata, dtype=source.dtype)
    reproject(
        source,
        target,
        src_transform=from_origin(grid.west, grid.north, grid.cell_x_deg, grid.cell_y_deg),
        src_crs=WGS84,
        src_nodata=nodata,
        dst_transform=from_origin(like.west_m, like.north_m, like.cell_m, like.cell_m),
        dst_crs=like.crs,
        dst_nodata=nodata,
        resampling=Resampling[method],
        num_threads=1,
    )
    return like.with_values(target, None if np.isnan(nodata) else nodata)


def local_relief_m(elevation_m: NDArray[np.float64], *, reach_cells: int) -> NDArray[np.float64]:
    """Find the range of heights around each cell, a plain measure of how rough the country is.

    Parameters
    ----------
    elevation_m
        Height of each cell, m; NaN is unknown, and unknown cells do not count for their
        neighbours.
    reach_cells
        Heights are compared in a square that reaches so far on each side, cells. Relief grows
        with it: compare only figures of one reach on one grid.
    """
    from scipy.ndimage import maximum_filter, minimum_filter  # noqa: PLC0415 - not needed elsewhere

    if reach_cells < 1:
        raise InvalidGridError(f"reach_cells: {reach_cells} found; at least 1 is needed.")
    unknown = np.isnan(elevation_m)
    size = 2 * reach_cells + 1
    highest = maximum_filter(np.where(unknown, -np.inf, elevation_m), size, mode="nearest")
    lowest = minimum_filter(np.where(unknown, np.inf, elevation_m), size, mode="nearest")
    return np.where(unknown, np.nan, highest - np.where(unknown, 0.0, lowest))


def write_plane_grid(path: Path, grid: PlaneGrid, *, tags: dict[str, str] | None = None) -> None:
    """Write a grid as a compressed, tiled GeoTIFF, whole or not at all.

    The same grid gives the same bytes.

    Parameters
    ----------
    path
        File to write; it is replaced when it exists.
    grid
        What to write.
    tags
        Words to keep inside the file: title, licence, label.
    """
    from rasterio.io import MemoryFile  # noqa: PLC0415 - heavy
    from rasterio.transform import from_origin  # noqa: PLC0415

    rows, columns = grid.shape
    floating = np.issubdtype(grid.values.dtype, np.floating)
    nodata = float("nan") if grid.nodata is None and floating else grid.nodata
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            height=rows,
            width=columns,
            count=1,
            dtype=grid.values.dtype,
            crs=CRS.from_user_input(grid.crs).to_wkt(),
            transform=from_origin(grid.west_m, grid.north_m, grid.cell_m, grid.cell_m),
            nodata=nodata,
            compress="deflate",
            predictor=3 if floating else 2,
            zlevel=6,
            tiled=True,
            blockxsize=256,
            blockysize=256,
            BIGTIFF="IF_SAFER",
        ) as raster:
            raster.write(grid.values, 1)
            if tags:
                raster.update_tags(**dict(sorted(tags.items())))
        write_whole(path, bytes(memory.getbuffer()))


def read_plane_grid(path: Path) -> PlaneGrid:
    """Read the first band of a raster of square cells in a plane of metres.

    Parameters
    ----------
    path
        A GeoTIFF or any raster GDAL reads, north up.

    Raises
    ------
    InvalidFileError
        If the file is no raster, has no coordinate system in metres, or is rotated, or its cells
        are not square.
    """
    import rasterio  # noqa: PLC0415 - heavy
    from rasterio.errors import RasterioError  # noqa: PLC0415

    try:
        with rasterio.open(path) as raster:
            transform, crs, nodata = raster.transform, raster.crs, raster.nodata
            if (
                crs is None
                or not crs.is_projected
                or crs.linear_units.lower() not in ("metre", "meter")
            ):
                raise InvalidFileError(
                    f"{path.name}: its CRS is {crs or 'not declared'}; a plane in metres is "
                    "needed. Reproject it first."
                )
            square = abs(transform.a + transform.e) <= 1e-9 * transform.a
            if transform.b or transform.d or not square:
                raise InvalidFileError(
                    f"{path.name}: rotated, or its cells of {transform.a:g} by {-transform.e:g} m "
                    "are not square. Resample it."
                )
            values, text = raster.read(1), crs.to_wkt()
    except RasterioError as error:
        raise InvalidFileError(f"{path.name}: not a raster GDAL can read ({error}).") from error
    return PlaneGrid(
        values,
        transform.c,
        transform.f,
        transform.a,
        text,
        None if nodata is None or np.isnan(nodata) else nodata,
    )


def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)
