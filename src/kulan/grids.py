"""Grids of cells in longitude and latitude, and how lines and areas meet them exactly.

Cells are boxes in degrees; row 0 is the northernmost. Areas of cells are those of the WGS 84
ellipsoid. Lines pass between cell centres or they do not: a barrier cuts the edges of the grid's
graph by geometry and is never burned into cells, so nothing leaks through diagonals.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.errors import InvalidFileError, InvalidGeometryError
from kulan.places import WGS84, Bounds, edge_lengths_m

_SEMI_MAJOR_M = 6_378_137.0
_ECCENTRICITY_2 = 0.006_694_379_990_141_316
_LEAST_FRACTION = 1e-9

Covered = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""Row, column and covered fraction of cells."""


@dataclass(frozen=True)
class Grid:
    """Values on cells.

    Attributes
    ----------
    values
        Two-dimensional array, row 0 in the north, column 0 in the west.
    west, north
        Longitude and latitude of the outer corner of cell (0, 0), degrees.
    cell_x_deg, cell_y_deg
        Width and height of a cell, degrees, both positive.
    nodata
        Value that means "nothing known here", if any.
    """

    values: NDArray[Any]
    west: float
    north: float
    cell_x_deg: float
    cell_y_deg: float
    nodata: float | None = None

    @property
    def bounds(self) -> Bounds:
        """The box the grid fills, degrees."""
        rows, columns = self.values.shape
        return Bounds(
            self.west,
            self.north - rows * self.cell_y_deg,
            self.west + columns * self.cell_x_deg,
            self.north,
        )

    @cached_property
    def row_areas_km2(self) -> NDArray[np.float64]:
        """Area of one cell of each row on the ellipsoid, km²."""
        edges = self.north - np.arange(self.values.shape[0] + 1) * self.cell_y_deg
        zone = _area_north_of_equator_m2_per_rad(np.deg2rad(edges))
        areas: NDArray[np.float64] = (zone[:-1] - zone[1:]) * np.deg2rad(self.cell_x_deg) / 1e6
        return areas

    def area_km2(self, mask: NDArray[np.bool_]) -> float:
        """Area of the cells where `mask` (same shape as the values) is true, km²."""
        return float((mask.sum(axis=1) * self.row_areas_km2).sum())

    def with_values(self, values: NDArray[Any], nodata: float | None = None) -> "Grid":
        """Return a grid in the same place with other values."""
        if values.shape != self.values.shape:
            raise InvalidGeometryError(
                f"values have shape {values.shape}, the grid has {self.values.shape}."
            )
        return replace(self, values=values, nodata=nodata)

    def window(self, bounds: Bounds) -> "Grid":
        """Return the part of the grid whose cells touch `bounds`; it may have no cells."""
        rows, columns = self.values.shape
        first_row, last_row, first_column, last_column = _cell_range(self, bounds)
        first_row, last_row = np.clip([first_row, last_row], 0, rows)
        first_column, last_column = np.clip([first_column, last_column], 0, columns)
        return replace(
            self,
            values=self.values[first_row:last_row, first_column:last_column],
            west=self.west + first_column * self.cell_x_deg,
            north=self.north - first_row * self.cell_y_deg,
        )


def _cell_range(grid: Grid, bounds: Bounds) -> tuple[int, int, int, int]:
    """Return first and past-the-last row and column of the cells that touch a box."""
    return (
        int(np.floor((grid.north - bounds.north) / grid.cell_y_deg)),
        int(np.floor((grid.north - bounds.south) / grid.cell_y_deg)) + 1,
        int(np.floor((bounds.west - grid.west) / grid.cell_x_deg)),
        int(np.floor((bounds.east - grid.west) / grid.cell_x_deg)) + 1,
    )


def _area_north_of_equator_m2_per_rad(latitude_rad: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area between the equator and a parallel per radian of longitude (Snyder 1987, eq. 3-12)."""
    e = np.sqrt(_ECCENTRICITY_2)
    s = np.sin(latitude_rad)
    q = s / (1 - _ECCENTRICITY_2 * s**2) + np.arctanh(e * s) / e
    area: NDArray[np.float64] = _SEMI_MAJOR_M**2 * (1 - _ECCENTRICITY_2) / 2 * q
    return area


def walk_cells(line: BaseGeometry, grid: Grid) -> pd.DataFrame:
    """Follow a line through the cells of a grid, piece by piece, exactly.

    Parameters
    ----------
    line
        Line or multi-line, longitude and latitude, edges short (see `kulan.places.densify`).
    grid
        Any grid; only its place and cell size matter.

    Returns
    -------
    DataFrame
        One row per stretch of an edge inside one cell, in the order of the line: `row`, `column`
        (outside the grid where the line leaves it: below 0 or beyond the last) and `length_m`
        (geodesic, m). Lengths add up to the line's.

    Examples
    --------
    >>> grid = Grid(np.zeros((1, 2)), west=60, north=46, cell_x_deg=1, cell_y_deg=1)
    >>> pieces = walk_cells(shapely.LineString([(60.5, 45.5), (61.5, 45.5)]), grid)
    >>> pieces["column"].tolist(), pieces["length_m"].round(-3).tolist()
    ([0, 1], [39000.0, 39000.0])
    """
    start, end = _edges(shapely.get_parts(line))
    points, same_edge = _cut_at_grid_lines(
        start, end, (grid.west, grid.cell_x_deg), (grid.north, -grid.cell_y_deg)
    )
    first, last = points[:-1][same_edge], points[1:][same_edge]
    middle = (first + last) / 2
    return pd.DataFrame(
        {
            "row": np.floor((grid.north - middle[:, 1]) / grid.cell_y_deg).astype(int),
            "column": np.floor((middle[:, 0] - grid.west) / grid.cell_x_deg).astype(int),
            "length_m": edge_lengths_m(first, last),
        }
    )


def _edges(lines: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return start and end points of every edge of some lines or rings."""
    coordinates, owner = shapely.get_coordinates(lines, return_index=True)
    same = owner[1:] == owner[:-1]
    return coordinates[:-1][same], coordinates[1:][same]


def _cut_at_grid_lines(
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    x_lines: tuple[float, float],
    y_lines: tuple[float, float],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Cut edges where they cross grid lines; say which neighbours in the result share an edge."""
    edge_x, t_x = _crossings(start[:, 0], end[:, 0], *x_lines)
    edge_y, t_y = _crossings(start[:, 1], end[:, 1], *y_lines)
    every = np.arange(len(start))
    edge = np.concatenate([every, edge_x, edge_y, every])
    t = np.concatenate([np.zeros(len(start)), t_x, t_y, np.ones(len(start))])
    order = np.lexsort((t, edge))
    edge, t = edge[order], t[order]
    points = start[edge] + t[:, None] * (end[edge] - start[edge])
    same_edge = (edge[1:] == edge[:-1]) & (t[1:] > t[:-1])
    return points, same_edge


def _crossings(
    start: NDArray[np.float64], end: NDArray[np.float64], origin: float, step: float
) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """Return edge number and position 0..1 of every crossing of the lines origin + k * step."""
    a, b = (start - origin) / step, (end - origin) / step
    low = np.floor(np.minimum(a, b)).astype(int) + 1
    high = np.ceil(np.maximum(a, b)).astype(int) - 1
    count = np.maximum(high - low + 1, 0)
    edge = np.repeat(np.arange(len(a)), count)
    nth = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    k = low[edge] + nth
    return edge, (k - a[edge]) / (b[edge] - a[edge])


def cut_edges(line: BaseGeometry, grid: Grid) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which steps between neighbouring cells a line blocks.

    A step goes from the centre of a cell to the centre of the next; it is blocked when the line
    crosses it. A line that runs between two rows blocks every step across, whatever its direction,
    and none along.

    Parameters
    ----------
    line
        Line or multi-line, longitude and latitude.
    grid
        Grid of *r* rows and *c* columns.

    Returns
    -------
    tuple of ndarray
        Steps east, shape (r, c - 1), and steps south, shape (r - 1, c); true where blocked.
    """
    rows, columns = grid.values.shape
    east = np.zeros((rows, max(columns - 1, 0)), dtype=bool)
    south = np.zeros((max(rows - 1, 0), columns), dtype=bool)
    start, end = _edges(shapely.get_parts(line))
    x0, y0 = grid.west + grid.cell_x_deg / 2, grid.north - grid.cell_y_deg / 2
    a = np.column_stack(
        [(start[:, 0] - x0) / grid.cell_x_deg, (y0 - start[:, 1]) / grid.cell_y_deg]
    )
    b = np.column_stack([(end[:, 0] - x0) / grid.cell_x_deg, (y0 - end[:, 1]) / grid.cell_y_deg])
    # in these coordinates cell centres are whole numbers: column along x, row along y
    _block(east, a[:, 1], b[:, 1], a[:, 0], b[:, 0])
    _block(south.T, a[:, 0], b[:, 0], a[:, 1], b[:, 1])
    return east, south


def _block(
    steps: NDArray[np.bool_],
    across_a: NDArray[np.float64],
    across_b: NDArray[np.float64],
    along_a: NDArray[np.float64],
    along_b: NDArray[np.float64],
) -> None:
    """Mark steps[k, floor(along)] where an edge passes the whole number k in its `across` value."""
    low = np.ceil(np.minimum(across_a, across_b)).astype(int)
    # half open, so that a vertex exactly on a centre line counts once: an edge that ends there
    # does not cross, the edge that starts there and goes on upward does
    high = np.ceil(np.maximum(across_a, across_b)).astype(int) - 1
    count = np.maximum(high - low + 1, 0)
    edge = np.repeat(np.arange(len(across_a)), count)
    k = low[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    t = (k - across_a[edge]) / (across_b[edge] - across_a[edge])
    step = np.floor(along_a[edge] + t * (along_b[edge] - along_a[edge])).astype(int)
    inside = (k >= 0) & (k < steps.shape[0]) & (step >= 0) & (step < steps.shape[1])
    steps[k[inside], step[inside]] = True


def cover_fractions(area: BaseGeometry, grid: Grid) -> Covered:
    """Say how much of each cell an area covers.

    Each outline is cut where it passes from cell to cell. A piece that goes down by dy covers dy of
    everything to its right in that row of cells, less what lies on its left in its own cell;
    summing along rows gives the covered fraction of every cell (as font rasterisers do: Levien
    2016, font-rs). Outlines must run one way round for shells and the other for holes, which is
    seen to here.

    Parameters
    ----------
    area
        Polygon or multi-polygon, longitude and latitude.
    grid
        Any grid; only its place, size and cell size matter.

    Returns
    -------
    tuple of ndarray
        Row, column and covered fraction (0 < fraction <= 1, in degrees, which within one cell is
        the same as on the ground) of the cells inside the grid that the area covers, wholly or in
        part.
    """
    rows, columns = grid.values.shape
    if area.is_empty or rows == 0 or columns == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    start, end = _edges(shapely.get_rings(shapely.orient_polygons(shapely.get_parts(area))))
    points, same_edge = _cut_at_grid_lines(
        start, end, (grid.west, grid.cell_x_deg), (grid.north, -grid.cell_y_deg)
    )
    corner, cell = (grid.west, grid.north), (grid.cell_x_deg, -grid.cell_y_deg)
    points = (points - corner) / cell
    first, last = points[:-1][same_edge], points[1:][same_edge]
    middle = (first + last) / 2
    row = np.floor(middle[:, 1]).astype(np.int64)
    inside = (row >= 0) & (row < rows)
    row, drop = row[inside], (last - first)[inside, 1]
    # what lies west of the grid covers from its first column on, what lies east of it nothing
    x = np.clip(middle[inside, 0], 0, columns)
    column = np.minimum(np.floor(x).astype(np.int64), columns - 1)
    left = x - column
    sums = np.bincount(
        np.concatenate([row * (columns + 1) + column, row * (columns + 1) + column + 1]),
        weights=np.concatenate([drop * (1 - left), drop * left]),
        minlength=rows * (columns + 1),
    ).reshape(rows, columns + 1)
    fraction = np.abs(np.cumsum(sums, axis=1)[:, :columns])
    row, column = np.nonzero(fraction > _LEAST_FRACTION)
    return row, column, np.minimum(fraction[row, column], 1.0)


def read_grid(path: Path, bounds: Bounds | None = None) -> Grid:
    """Read the first band of a raster in longitude and latitude.

    Parameters
    ----------
    path
        A GeoTIFF or any raster GDAL reads, north up, EPSG:4326.
    bounds
        Read only the cells that touch this box.

    Raises
    ------
    InvalidFileError
        If the file is no raster, or lies in another CRS, or is rotated.
    """
    import rasterio  # noqa: PLC0415  a third of a second, and most callers never read a raster
    from rasterio.errors import RasterioError  # noqa: PLC0415
    from rasterio.windows import Window  # noqa: PLC0415

    try:
        with rasterio.open(path) as raster:
            transform = raster.transform
            if raster.crs is None or raster.crs.to_epsg() != 4326:
                raise InvalidFileError(
                    f"{path.name}: its CRS is {raster.crs or 'not declared'}; "
                    "reproject it to EPSG:4326 first (gdalwarp -t_srs EPSG:4326)."
                )
            if transform.b or transform.d or transform.e >= 0:
                raise InvalidFileError(f"{path.name}: the raster is rotated or not north up.")
            empty = Grid(
                np.zeros((raster.height, raster.width), dtype=bool),
                transform.c,
                transform.f,
                transform.a,
                -transform.e,
                raster.nodata,
            )
            if bounds is None:
                return replace(empty, values=raster.read(1))
            part = empty.window(bounds)
            rows, columns = part.values.shape
            window = Window(
                round((part.west - empty.west) / empty.cell_x_deg),
                round((empty.north - part.north) / empty.cell_y_deg),
                columns,
                rows,
            )
            return replace(part, values=raster.read(1, window=window))
    except RasterioError as error:
        raise InvalidFileError(f"{path.name}: not a raster GDAL can read ({error}).") from error


def write_grid(path: Path, grid: Grid, *, tags: dict[str, str] | None = None) -> None:
    """Write a grid as a compressed, tiled GeoTIFF; the same grid gives the same bytes.

    Parameters
    ----------
    path
        File to write; it is replaced when it exists.
    grid
        What to write.
    tags
        Words to keep inside the file: title, licence, label.
    """
    import rasterio  # noqa: PLC0415
    from rasterio.transform import from_origin  # noqa: PLC0415

    rows, columns = grid.values.shape
    profile = {
        "driver": "GTiff",
        "height": rows,
        "width": columns,
        "count": 1,
        "dtype": grid.values.dtype,
        "crs": WGS84,
        "transform": from_origin(grid.west, grid.north, grid.cell_x_deg, grid.cell_y_deg),
        "nodata": grid.nodata,
        "compress": "deflate",
        "predictor": 2 if np.issubdtype(grid.values.dtype, np.integer) else 3,
        "zlevel": 9,
        "tiled": True,
        "blockxsize": 256,
        "blockysize": 256,
    }
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(grid.values, 1)
        if tags:
            raster.update_tags(**tags)
