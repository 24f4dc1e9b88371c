"""Landscapes of a few cells as files, in which every answer can be followed by hand."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from kulan.assessment.connectivity.landscapes import Landscape, read_landscape
from kulan.connectivity.equal_area_grids import PlaneGrid, write_plane_grid
from kulan.places import project

CELL_M, WEST_M, NORTH_M = 1000.0, 1_500_000.0, 1_000_000.0


def write_landscape(folder: Path, values, *, name="resistance.tif", **tags: str) -> Path:
    """Write resistances on cells of 1 km."""
    grid = PlaneGrid(np.asarray(values, np.float32), WEST_M, NORTH_M, CELL_M)
    write_plane_grid(folder / name, grid, tags=tags or None)
    return folder / name


def landscape_of(folder: Path, values, **tags: str) -> Landscape:
    """Write resistances and read them as a landscape."""
    return read_landscape(write_landscape(folder, values, **tags))


def at(landscape: Landscape, row: float, column: float) -> tuple[float, float]:
    """Return longitude and latitude of a place given in cells; whole numbers are centres."""
    xy = landscape.frame.in_plane(np.array([[column, row]], np.float64))
    point = project(shapely.points(xy), landscape.frame.crs, "EPSG:4326")
    [[longitude, latitude]] = shapely.get_coordinates(point).tolist()
    return longitude, latitude


def box_of(landscape: Landscape, top: int, left: int, bottom: int, right: int) -> shapely.Polygon:
    """Return the area of some whole cells, from the first to the last row and column."""
    corners = [(top - 0.5, left - 0.5), (top - 0.5, right + 0.5)]
    corners += [(bottom + 0.5, right + 0.5), (bottom + 0.5, left - 0.5)]
    return shapely.Polygon([at(landscape, row, column) for row, column in corners])


def write_shapes(path: Path, shapes, **columns) -> Path:
    """Write shapes in longitude and latitude as GeoJSON."""
    gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4326").to_file(path)
    return path


def write_points(path: Path, landscape: Landscape, cells, **columns) -> Path:
    """Write the centres of cells, given as rows and columns."""
    return write_shapes(path, [shapely.Point(at(landscape, *cell)) for cell in cells], **columns)


def write_line(path: Path, landscape: Landscape, cells, **columns) -> Path:
    """Write one line through places given in cells."""
    line = shapely.LineString([at(landscape, *cell) for cell in cells])
    return write_shapes(path, [line], **{name: [value] for name, value in columns.items()})


def result_of(folder: Path):
    """Read the numbers an answer was written with."""
    return json.loads((folder / "result.json").read_text(encoding="utf-8"))
