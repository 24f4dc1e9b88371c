"""Which state a stretch of line, a piece of an area or a cell lies in."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.grids import Grid
from kulan.places import Bounds, length_m
from kulan.screening.alignments import Alignment

NOWHERE = ""
"""Code of what lies outside every state: the sea, or land beyond the region's countries."""

_SHORTEST_PART_M = 1.0


@dataclass(frozen=True)
class Territory:
    """The states around an alternative, cut to a box.

    Attributes
    ----------
    codes
        ISO 3166-1 alpha-3 codes, one per shape.
    shapes
        The part of each state inside the box.
    window
        The box.
    """

    codes: tuple[str, ...]
    shapes: tuple[BaseGeometry, ...]
    window: Bounds


@dataclass(frozen=True)
class StatePart:
    """The part of an alternative inside one state (or outside all, with an empty code)."""

    iso3: str
    shape: BaseGeometry
    length_km: float


def find_territory(states: gpd.GeoDataFrame, window: Bounds) -> Territory:
    """Cut the states to a box; those with nothing inside are left out, order kept."""
    box = shapely.box(window.west, window.south, window.east, window.north)
    shapes = states.geometry.to_numpy()
    near = np.flatnonzero(shapely.intersects(shapes, box))
    cut = shapely.intersection(shapes[near], box)
    filled = shapely.area(cut) > 0
    codes = states["iso3"].to_numpy()[near][filled]
    return Territory(tuple(str(code) for code in codes), tuple(cut[filled]), window)


def split_by_state(alignment: Alignment, territory: Territory) -> tuple[StatePart, ...]:
    """Cut an alternative at the borders; what no state holds comes last, under `NOWHERE`.

    Lengths of the parts of a line add up to its own (a stretch that two states' shapes both claim
    goes to the first of them); areas have length 0.
    """
    parts: list[StatePart] = []
    rest = alignment.shape
    for code, state in zip(territory.codes, territory.shapes, strict=True):
        shapely.prepare(state)
        if not shapely.intersects(state, rest):
            continue
        inside = (
            rest
            if shapely.contains(state, rest)
            else _same_kind(shapely.intersection(rest, state), alignment.is_line)
        )
        if inside.is_empty:
            continue
        parts.append(_part(code, inside, alignment))
        rest = shapely.Point() if inside is rest else shapely.difference(rest, state)
    rest = _same_kind(rest, alignment.is_line)
    if not rest.is_empty:
        outside = _part(NOWHERE, rest, alignment)
        if not alignment.is_line or outside.length_km * 1000 > _SHORTEST_PART_M:
            parts.append(outside)
    return tuple(parts)


def _part(iso3: str, shape: BaseGeometry, alignment: Alignment) -> StatePart:
    length_km = float(length_m(shape)[0]) / 1000 if alignment.is_line else 0.0
    return StatePart(iso3, shape, length_km)


def _same_kind(geometry: BaseGeometry, is_line: bool) -> BaseGeometry:
    """Keep the lines, or the areas, of what an intersection gave."""
    parts = shapely.get_parts(geometry)
    if geometry.geom_type == "GeometryCollection":
        parts = shapely.get_parts(parts)
    kept = parts[shapely.get_dimensions(parts) == (1 if is_line else 2)]
    if is_line:
        return shapely.multilinestrings(kept) if len(kept) else shapely.LineString()
    return shapely.multipolygons(kept) if len(kept) else shapely.Polygon()


def number_cells(territory: Territory, grid: Grid) -> NDArray[np.uint8]:
    """Say which state the centre of each cell lies in.

    Returns
    -------
    ndarray
        Same shape as the grid: 0 for none, n for the n-th of `territory.codes`.
    """
    from rasterio.features import rasterize  # noqa: PLC0415  as slow to import as all the rest
    from rasterio.transform import from_origin  # noqa: PLC0415

    if not territory.shapes or 0 in grid.values.shape:
        return np.zeros(grid.values.shape, dtype="uint8")
    numbered: NDArray[np.uint8] = rasterize(
        [(shape, number) for number, shape in enumerate(territory.shapes, start=1)],
        out_shape=grid.values.shape,
        transform=from_origin(grid.west, grid.north, grid.cell_x_deg, grid.cell_y_deg),
        fill=0,
        dtype="uint8",
    )
    return numbered
