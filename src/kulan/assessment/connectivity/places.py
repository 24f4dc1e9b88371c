"""The sites between which connectivity is asked for: points and areas on the cells of a raster."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kulan.assessment.connectivity.landscapes import Landscape
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.frames import Frame
from kulan.errors import InvalidGridError, InvalidTableError
from kulan.exchange import Reading, read_features
from kulan.places import densify, project
from kulan.provenance import Input

_NAMES = ("name", "site", "title", "key_area_id", "id")


@dataclass(frozen=True)
class NamedSites:
    """Sites with their names.

    Attributes
    ----------
    sites
        Their cells, by number from 1 in the order of the file.
    names
        Name of each, in the order of its number.
    table
        `site`, `name`, `n_cells`, `area_km2` (of its cells with a resistance) and the shape as
        given, EPSG:4326. Sites that could not be placed are not in it.
    left_out
        `name` and `reason` of each site that could not be placed.
    reading
        The file.
    source
        The file, by hash.
    """

    sites: Sites
    names: tuple[str, ...]
    table: gpd.GeoDataFrame
    left_out: pd.DataFrame
    reading: Reading
    source: Input

    def __len__(self) -> int:
        return len(self.names)

    @property
    def row_names(self) -> list[str]:
        """Name of each row of the file, left out or not."""
        return names_of(self.reading)

    def name(self, number: int) -> str:
        """Return the name of a site."""
        return self.names[number - 1]


def read_sites(path: Path, landscape: Landscape, *, fewest: int = 2) -> NamedSites:
    """Read sites from a file of points or polygons, and place them on a landscape.

    A point takes the cell it lies in, an area all cells whose centre lies in it, and at least the
    one its middle lies in. Cells without a resistance are left out of a site; a site that has
    none left, or lies outside, is left out whole and told.

    Parameters
    ----------
    path
        Any format Kulan reads; a column `name` names the sites, and rows of one name are one site.
    landscape
        The cells.
    fewest
        So many sites are needed.

    Raises
    ------
    InvalidFileError
        If the file cannot be read.
    InvalidGridError
        If fewer sites than needed can be placed; it says why the others cannot.
    """
    reading = read_features(path, shapes=("point", "polygon"))
    shapes = _by_name(reading)
    known = np.isfinite(landscape.resistance).ravel()
    cells: dict[int, NDArray[np.int64]] = {}
    rows: list[dict[str, Any]] = []
    left_out: list[dict[str, str]] = []
    for name, shape in shapes.items():
        on = cells_of(shape, landscape.frame)
        usable = on[known[on]]
        if not usable.size:
            reason = (
                "lies on cells without a resistance" if on.size else "lies outside the landscape"
            )
            left_out.append({"name": name, "reason": reason})
            continue
        number = len(rows) + 1
        cells[number] = usable
        area_km2 = usable.size * landscape.grid.cell_km2
        rows.append(
            {"site": number, "name": name, "n_cells": int(usable.size), "area_km2": area_km2}
            | {"geometry": shape}
        )
    if len(rows) < fewest:
        told = "; ".join(f"{row['name']} {row['reason']}" for row in left_out[:6])
        raise InvalidGridError(
            f"{path.name}: {len(rows)} site(s) can be placed on {landscape.source.name}, at least "
            f"{fewest} are needed{f' ({told})' if told else ''}. Give sites that lie on cells with "
            "a resistance."
        )
    return NamedSites(
        Sites(cells),
        tuple(str(row["name"]) for row in rows),
        gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326"),
        pd.DataFrame(left_out, columns=["name", "reason"]),
        reading,
        Input(reading.source.name, reading.source.sha256),
    )


def names_of(reading: Reading, what: str = "site") -> list[str]:
    """Return the name of each row of a file: of the first column that has one, or a number.

    Parameters
    ----------
    reading
        The file.
    what
        What rows without a name are called, before their number.
    """
    table = reading.features
    column = next((name for name in _NAMES if name in table and table[name].notna().any()), None)
    if column is None:
        return [f"{what} {k + 1}" for k in range(len(table))]
    return [
        f"{what} {k + 1}" if pd.isna(value) or not str(value).strip() else str(value).strip()
        for k, value in enumerate(table[column])
    ]


def check_apart(sites: NamedSites) -> None:
    """Refuse sites that share cells.

    Raises
    ------
    InvalidGridError
        If two do; it names them.
    """
    owner: dict[int, int] = {}
    shared: dict[tuple[int, int], int] = {}
    for number, cells in sites.sites.cells.items():
        for cell in cells.tolist():
            first = owner.setdefault(cell, number)
            if first != number:
                shared[first, number] = shared.get((first, number), 0) + 1
    if shared:
        (first, second), count = next(iter(shared.items()))
        raise InvalidGridError(
            f"{sites.source.name}: sites {sites.name(first)!r} and {sites.name(second)!r} share "
            f"{count} cell(s){f', and {len(shared) - 1} more pairs do' if len(shared) > 1 else ''}."
            " Join sites that are one by giving them one name, or draw them apart."
        )


def cells_of(shape: shapely.Geometry, frame: Frame) -> NDArray[np.int64]:
    """Return the cells of a point or an area, by number, row by row from the north-west.

    A point has the cell it lies in, an area all cells whose centre lies in it, and at least the
    one its middle lies in; none where the shape lies outside.

    Parameters
    ----------
    shape
        In EPSG:4326.
    frame
        Where the cells lie.
    """
    if shape.geom_type in ("Point", "MultiPoint"):
        return _cells_at(shapely.get_coordinates(shape), frame)
    inside = cells_inside(shape, frame)
    if inside.size:
        return inside
    middle = shapely.get_coordinates(shapely.point_on_surface(shape))
    return _cells_at(middle, frame)


def cells_inside(shape: shapely.Geometry, frame: Frame) -> NDArray[np.int64]:
    """Return the cells whose centre lies in an area in EPSG:4326, by number."""
    from rasterio.features import geometry_mask  # noqa: PLC0415 - heavy
    from rasterio.transform import from_origin  # noqa: PLC0415

    moved = project(densify(shape), "EPSG:4326", frame.crs)
    west, south, east, north = shapely.bounds(moved)
    # row and column of the corners; a cell more on every side costs nothing
    low, high = frame.in_cells(np.array([[west, north], [east, south]]))
    rows = slice(max(int(low[1]) - 1, 0), min(int(high[1]) + 3, frame.rows))
    columns = slice(max(int(low[0]) - 1, 0), min(int(high[0]) + 3, frame.columns))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return np.zeros(0, np.int64)
    part = frame.part(rows, columns)
    transform = from_origin(part.west, part.north, part.cell_width, part.cell_height)
    outside = geometry_mask([moved], part.shape, transform, all_touched=False)
    row, column = np.nonzero(~outside)
    return (row + rows.start) * frame.columns + column + columns.start


def _by_name(reading: Reading) -> dict[str, shapely.Geometry]:
    """Join the shapes of one name."""
    parts: dict[str, list[shapely.Geometry]] = {}
    for name, shape in zip(names_of(reading), reading.features.geometry, strict=True):
        parts.setdefault(name, []).append(shape)
    joined = {name: shapely.union_all(shapes) for name, shapes in parts.items()}
    mixed = [name for name, shape in joined.items() if shape.geom_type == "GeometryCollection"]
    if mixed:
        raise InvalidTableError(
            f"{reading.source.name}: site {mixed[0]!r} has both points and areas. Give it one kind."
        )
    return joined


def _cells_at(lon_lat: NDArray[np.float64], frame: Frame) -> NDArray[np.int64]:
    points = project(shapely.points(lon_lat), "EPSG:4326", frame.crs)
    place = np.floor(frame.in_cells(shapely.get_coordinates(points)) + 0.5).astype(np.int64)
    column, row = place[:, 0], place[:, 1]
    inside = (column >= 0) & (column < frame.columns) & (row >= 0) & (row < frame.rows)
    return np.unique(row[inside] * frame.columns + column[inside])
