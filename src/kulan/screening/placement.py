"""An alternative on a grid of habitat: cells walked through, cells covered, states of cells."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kulan.grids import Covered, Grid, cover_fractions, walk_cells
from kulan.places import Bounds, bounds_of, densify
from kulan.screening.alignments import Alignment
from kulan.screening.hands import left_side
from kulan.screening.nearness import Piece, cut_pieces, nearest_m
from kulan.screening.patches import find_runs
from kulan.screening.territory import StatePart, Territory, number_cells

FARTHEST_KM = 200.0
"""How far away habitat is looked for when none is touched."""

_KM_PER_DEGREE = 111.0
_ROUGH_FACTOR, _ROUGH_MARGIN_DEG = 1.35, 0.1

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def window_around(alignment: Alignment, distance_km: float = FARTHEST_KM) -> Bounds:
    """Return the box around an alternative grown by a distance on each side."""
    box = bounds_of(alignment.shape)
    farthest_north = min(max(abs(box.north), abs(box.south)) + distance_km / _KM_PER_DEGREE, 80.0)
    up = distance_km / _KM_PER_DEGREE
    aside = up / float(np.cos(np.deg2rad(farthest_north)))
    return Bounds(box.west - aside, box.south - up, box.east + aside, box.north + up)


@dataclass(frozen=True)
class Setting:
    """An alternative among the states around it.

    Attributes
    ----------
    alignment
        The alternative.
    territory
        The states around it.
    parts
        Its parts by state.
    """

    alignment: Alignment
    territory: Territory
    parts: tuple[StatePart, ...]

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The line, or the outlines of an area's parts by state, to measure distances from."""
        return tuple(
            piece
            for part in self.parts
            for piece in cut_pieces(
                part.shape if self.alignment.is_line else part.shape.boundary, part.iso3
            )
        )


@dataclass(frozen=True)
class Placement:
    """An alternative on the part of a grid around it.

    Attributes
    ----------
    setting
        The alternative and the states around it.
    grid
        The window of the grid within reach of it; only place and size are used.
    """

    setting: Setting
    grid: Grid
    _covered: dict[float, Covered] = field(default_factory=dict, repr=False)
    _left: dict[float, Covered | None] = field(default_factory=dict, repr=False)

    @property
    def alignment(self) -> Alignment:
        """The alternative."""
        return self.setting.alignment

    @property
    def territory(self) -> Territory:
        """The states around it."""
        return self.setting.territory

    @cached_property
    def state_number(self) -> NDArray[np.uint8]:
        """State of each cell's centre: 0 for none, n for the n-th code of the territory."""
        return number_cells(self.territory, self.grid)

    @cached_property
    def walked(self) -> pd.DataFrame:
        """Cells the line walks through, with `iso3`, `row`, `column` and `length_m`."""
        walks = []
        for part in self.setting.parts:
            if part.length_km > 0:
                walk = walk_cells(part.shape, self.grid)
                walks.append(walk.assign(iso3=part.iso3))
        if not walks:
            return pd.DataFrame({"row": [], "column": [], "length_m": [], "iso3": []}).astype(
                {"row": int, "column": int, "length_m": float, "iso3": object}
            )
        walked = pd.concat(walks, ignore_index=True)
        rows, columns = self.grid.values.shape
        inside = walked["row"].between(0, rows - 1) & walked["column"].between(0, columns - 1)
        return walked[inside].reset_index(drop=True)

    def covered(self, distance_m: float) -> Covered:
        """Return the cells within a distance of the alternative, and how much of each."""
        if distance_m not in self._covered:
            self._covered[distance_m] = cover_fractions(
                self.alignment.buffer(distance_m), self.grid
            )
        return self._covered[distance_m]

    def covered_left(self, distance_m: float) -> Covered | None:
        """Return the cells on the left hand of a line within a distance; None without two sides."""
        if distance_m not in self._left:
            ground = left_side(self.alignment, distance_m)
            self._left[distance_m] = None if ground is None else cover_fractions(ground, self.grid)
        return self._left[distance_m]

    def area_by_state_km2(self, cells: Covered, counted: Bools) -> Floats:
        """Add up covered ground by state of the cell's centre, km².

        Parameters
        ----------
        cells
            Row, column and covered fraction.
        counted
            Which of these cells count, one for each.

        Returns
        -------
        ndarray
            km² for no state, then for each code of the territory.
        """
        row, column, fraction = cells
        ground = self.grid.row_areas_km2[row] * fraction * counted
        number = self.state_number[row, column]
        areas: Floats = np.bincount(
            number, weights=ground, minlength=len(self.territory.codes) + 1
        ).astype(float)
        return areas

    def nearest_km(self, mask: Bools) -> float | None:
        """Measure the distance to the nearest true cell, km; None beyond `FARTHEST_KM`.

        Parameters
        ----------
        mask
            Cells on the window of the grid; distances go to the cells' edges.
        """
        boxes = _boxes(mask, self.grid)
        if len(boxes) == 0:
            return None
        if not self.alignment.is_line and shapely.intersects(self.alignment.shape, boxes).any():
            return 0.0
        near = densify(boxes[_roughly_nearest(self.alignment, boxes)])
        nearest = float(nearest_m(self.setting.pieces, near).min()) / 1000
        return nearest if nearest <= FARTHEST_KM else None


def place(setting: Setting, grid: Grid) -> Placement:
    """Place an alternative on the part of a grid within reach of it."""
    empty = grid.with_values(np.broadcast_to(np.uint8(0), grid.values.shape))
    return Placement(setting, empty.window(setting.territory.window))


def grid_key(grid: Grid) -> tuple[object, ...]:
    """Return what two grids on the same cells have in common."""
    return (grid.values.shape, grid.west, grid.north, grid.cell_x_deg, grid.cell_y_deg)


def count_around(
    mask: Bools, row: NDArray[np.int64], column: NDArray[np.int64]
) -> NDArray[np.int8]:
    """Count the true cells among a cell and its eight neighbours: 0 to 9."""
    padded = np.pad(mask, 1)
    count = np.zeros(len(row), dtype="int8")
    for down in range(3):
        for aside in range(3):
            count += padded[row + down, column + aside]
    return count


def _boxes(mask: Bools, grid: Grid) -> NDArray[np.object_]:
    """Return one box for each run of true cells side by side."""
    runs = find_runs(mask)
    west = grid.west + runs.first * grid.cell_x_deg
    east = grid.west + (runs.last + 1) * grid.cell_x_deg
    north = grid.north - runs.row * grid.cell_y_deg
    boxes: NDArray[np.object_] = np.atleast_1d(
        shapely.box(west, north - grid.cell_y_deg, east, north)
    )
    return boxes


def _roughly_nearest(alignment: Alignment, boxes: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return the boxes that may be the nearest, by a measure that is wrong by a third at most."""
    middle = np.deg2rad((alignment.shape.bounds[1] + alignment.shape.bounds[3]) / 2)
    factor = np.array([float(np.cos(middle)), 1.0])
    line = shapely.transform(alignment.lines, lambda xy: xy * factor)
    tree = shapely.STRtree(shapely.transform(boxes, lambda xy: xy * factor))
    _, away = tree.query_nearest(line, return_distance=True, all_matches=False)
    reach = float(np.min(away)) * _ROUGH_FACTOR + _ROUGH_MARGIN_DEG
    found: NDArray[np.int64] = tree.query(line, predicate="dwithin", distance=reach)
    return found
