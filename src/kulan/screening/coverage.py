"""How much of each cell an area covers, by walking its outline once.

`kulan.grids.cover_fractions` intersects cell by cell; this adds up signed areas along the outline
instead, which for a buffer along 1 000 km is some fifty times faster, and gives the same fractions.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.grids import Grid

Covered = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""Row, column and covered fraction of cells."""

_LEAST_FRACTION = 1e-9

_Floats = NDArray[np.float64]


def cover_cells(area: BaseGeometry, grid: Grid) -> Covered:
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
        Row, column and fraction (0 < fraction <= 1, in degrees) of the cells inside the grid that
        the area covers, wholly or in part.
    """
    none = np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros(0)
    rows, columns = grid.values.shape
    if area.is_empty or rows == 0 or columns == 0:
        return none
    first, last = _edges(area, grid)
    first, last = _cut(first, last, axis=1)
    first, last = _cut(first, last, axis=0)
    middle = (first + last) / 2
    row = np.floor(middle[:, 1]).astype(np.int64)
    inside = (row >= 0) & (row < rows)
    row, drop, x = row[inside], (last - first)[inside, 1], middle[inside, 0]
    # what lies west of the grid covers from its first column on, what lies east of it nothing
    x = np.clip(x, 0, columns)
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


def _edges(area: BaseGeometry, grid: Grid) -> tuple[_Floats, _Floats]:
    """Return start and end of every edge in cells from the grid's north-western corner."""
    rings = shapely.get_rings(shapely.orient_polygons(shapely.get_parts(area)))
    xy, owner = shapely.get_coordinates(rings, return_index=True)
    cells = np.column_stack(
        [(xy[:, 0] - grid.west) / grid.cell_x_deg, (grid.north - xy[:, 1]) / grid.cell_y_deg]
    )
    same = owner[1:] == owner[:-1]
    return cells[:-1][same], cells[1:][same]


def _cut(first: _Floats, last: _Floats, axis: int) -> tuple[_Floats, _Floats]:
    """Cut edges wherever their coordinate on one axis passes a whole number."""
    a, b = first[:, axis], last[:, axis]
    low = np.floor(np.minimum(a, b)).astype(np.int64) + 1
    count = np.maximum(np.ceil(np.maximum(a, b)).astype(np.int64) - low, 0)
    edge = np.repeat(np.arange(len(a)), count)
    line = low[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    t = (line - a[edge]) / (b[edge] - a[edge])
    every = np.arange(len(a))
    edge = np.concatenate([every, edge, every])
    t = np.concatenate([np.zeros(len(a)), t, np.ones(len(a))])
    order = np.lexsort((t, edge))
    edge, t = edge[order], t[order]
    points = first[edge] + t[:, None] * (last[edge] - first[edge])
    same = edge[1:] == edge[:-1]
    return points[:-1][same], points[1:][same]
