"""A steppe of 16 by 24 cells of 1 km, a fence through its middle, and sites on both sides."""

import geopandas as gpd
import numpy as np
import shapely

from kulan.assessment.connectivity.barriers import read_barriers
from kulan.assessment.connectivity.landscapes import read_landscape
from kulan.assessment.connectivity.places import read_sites
from kulan.connectivity.equal_area_grids import PlaneGrid, write_plane_grid

ROWS, COLUMNS, CRS = 16, 24, "EPSG:32648"
WEST, NORTH = 500_000.0, 5_000_000.0
DAY = np.datetime64("2026-06-01").astype(object)


def landscape(folder, values=None, name="resistance.tif"):
    values = np.ones((ROWS, COLUMNS)) if values is None else values
    grid = PlaneGrid(values, WEST, NORTH, 1000.0, CRS)
    write_plane_grid(folder / name, grid, tags={"KULAN_SPECIES": "khulan"})
    return read_landscape(folder / name)


def write(folder, file, shapes, **columns):
    """Write shapes given in cells from the north-west, x to the east and y to the south."""
    moved = [
        shapely.transform(shape, lambda xy: np.column_stack([WEST, NORTH]) + xy * [1000, -1000])
        for shape in shapes
    ]
    table = gpd.GeoDataFrame(columns, geometry=moved, crs=CRS)
    table.to_crs("EPSG:4326").to_file(folder / f"{file}.geojson", driver="GeoJSON")
    return folder / f"{file}.geojson"


def sites(folder, land, places=((3.5, 8.5), (20.5, 8.5))):
    points = [shapely.Point(place) for place in places]
    names = [f"site {k}" for k in range(len(points))]
    return read_sites(write(folder, "sites", points, name=names), land)


def fence(folder, land, *, share=0.1, low=None, high=None, name="fence", x=12.0, **asked):
    """Read a fence from north to south; without `low` and `high` its permeability is certain."""
    shapes = [shapely.LineString([(x, -5), (x, ROWS + 5)])]
    columns = {"barrier_id": [name], "permeability": [share]}
    if low is not None:
        columns |= {"permeability_low": [low], "permeability_high": [high]}
    return lines(folder, land, shapes, **asked, **columns)


def lines(folder, land, shapes, *, close_gaps_km=0.0, **columns):
    path = write(folder, f"lines_{columns['barrier_id'][0]}", shapes, **columns)
    return read_barriers([str(path)], land.frame, release=None, on=DAY, close_gaps_km=close_gaps_km)
