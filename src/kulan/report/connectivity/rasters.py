"""Values on cells made ready to be drawn: checked, and reduced where there are too many."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

from kulan.connectivity.equal_area_grids import PlaneGrid
from kulan.connectivity.frames import Frame
from kulan.errors import InvalidGridError
from kulan.places import WGS84, area_km2, project
from kulan.report.reader import Reader

Values = NDArray[np.float64]
Place = Frame | PlaneGrid
Block = Literal["mean", "largest", "smallest"]
MOST_CELLS_ACROSS = 1000
_AREA_SAMPLES = 24
_LARGEST = 1e100


@dataclass(frozen=True)
class DrawnRaster:
    """Values as they are drawn.

    Attributes
    ----------
    values
        Shape (rows, columns), NaN for NoData; reduced where there were too many cells.
    frame
        Where the cells of the original lie.
    extent
        West, east, south and north edge of the drawn cells, in units of the plane. Blocks at the
        eastern and southern edge may reach beyond the original.
    block_cells
        Cells on the side of a block that became one drawn cell; 1 where nothing was reduced.
    block
        What became of the values of a block.
    """

    values: Values
    frame: Frame
    extent: tuple[float, float, float, float]
    block_cells: int
    block: Block

    @property
    def has_nodata(self) -> bool:
        """Whether any cell within the original is NoData."""
        rows = math.ceil(self.frame.rows / self.block_cells)
        columns = math.ceil(self.frame.columns / self.block_cells)
        return bool(np.isnan(self.values[:rows, :columns]).any())

    def note(self, reader: Reader) -> list[str]:
        """Say how cells were reduced, if they were."""
        if self.block_cells == 1:
            return []
        count = reader.words.number(self.block_cells)
        if self.block == "mean":
            said = reader.say("Drawn from means of blocks of {count} × {count} cells.", count=count)
        elif self.block == "largest":
            said = reader.say(
                "Drawn from the largest value of each block of {count} × {count} cells.",
                count=count,
            )
        else:
            said = reader.say(
                "Drawn from the smallest value of each block of {count} × {count} cells.",
                count=count,
            )
        return [said]


def frame_of(place: Place) -> Frame:
    """Return the frame of a grid, or the frame that was given as `place`."""
    return place.frame if isinstance(place, PlaneGrid) else place


def checked_values(values: ArrayLike, place: Place, what: str) -> Values:
    """Return values as float64, once they are known to fit their place.

    Parameters
    ----------
    values
        Shape (rows, columns).
    place
        Where the cells lie.
    what
        Name of the values, for the refusal.

    Raises
    ------
    InvalidGridError
        If their shape is not that of the place, or a value is infinite or above 1e100.
    """
    checked = np.asarray(values, dtype=np.float64)
    shape = frame_of(place).shape
    if checked.shape != shape:
        raise InvalidGridError(
            f"{what}: values of shape {checked.shape} for a raster of {shape}. "
            "Give the raster's own frame."
        )
    infinite = np.abs(checked) > _LARGEST
    if infinite.any():
        raise InvalidGridError(
            f"{what}: {int(infinite.sum())} cells are infinite, or nearly, which no colour shows. "
            "Make them NaN where no way leads there."
        )
    # what is left of rounding would else take up a logarithmic scale, or break it
    return np.where(np.abs(checked) < 1 / _LARGEST, 0.0, checked)


def check_no_less(values: Values, least: float, what: str, *, allow_equal: bool = True) -> None:
    """Refuse `values` below the `least`, or equal to it unless `allow_equal`; say `what` it was."""
    bad = values < least if allow_equal else values <= least
    if bad.any():
        wanted = "or more" if allow_equal else "exclusive"
        raise InvalidGridError(
            f"{what}: {int(bad.sum())} cells are out of range, the lowest "
            f"{float(np.nanmin(values)):g}; {least:g} {wanted} is needed. "
            "Make cells NaN where the value is not known."
        )


def reduced(
    values: Values, frame: Frame, block: Block, *, across: int = MOST_CELLS_ACROSS
) -> DrawnRaster:
    """Reduce a raster to no more than a thousand cells across, block by block.

    NoData counts for nothing: a block is NoData where all its cells are.

    Parameters
    ----------
    values
        Shape (rows, columns), NaN for NoData.
    frame
        Where the cells lie.
    block
        What becomes of a block: its "mean", its "largest" value (so that no narrow flow is lost)
        or its "smallest" (so that no least-cost way is).
    across
        Most cells on a side.
    """
    side = max(1, math.ceil(max(frame.shape) / across))
    rows, columns = math.ceil(frame.rows / side), math.ceil(frame.columns / side)
    drawn = values if side == 1 else _blocks(values, side, rows, columns, block)
    east = frame.west + columns * side * frame.cell_width
    south = frame.north - rows * side * frame.cell_height
    return DrawnRaster(drawn, frame, (frame.west, east, south, frame.north), side, block)


def _blocks(values: Values, side: int, rows: int, columns: int, block: Block) -> Values:
    short = ((0, rows * side - values.shape[0]), (0, columns * side - values.shape[1]))
    whole = np.pad(values, short, constant_values=np.nan)
    blocks = whole.reshape(rows, side, columns, side)
    found: Values
    if block == "largest":
        found = np.fmax.reduce(np.fmax.reduce(blocks, axis=3), axis=1)
        return found
    if block == "smallest":
        found = np.fmin.reduce(np.fmin.reduce(blocks, axis=3), axis=1)
        return found
    known = ~np.isnan(blocks)
    count = known.sum(axis=(1, 3))
    total = np.where(known, blocks, 0.0).sum(axis=(1, 3))
    found = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return found


def cell_areas_km2(frame: Frame) -> Values:
    """Return the area of each cell on the ellipsoid, km², shape (rows, columns).

    Measured on up to 24 by 24 cells and taken from the nearest of these; in an equal-area plane
    all are the same but for rounding. A frame without a coordinate system cannot be measured.
    """
    step = np.array([frame.rows, frame.columns]) / _AREA_SAMPLES
    row = np.unique((np.arange(_AREA_SAMPLES) * step[0]).astype(int))
    column = np.unique((np.arange(_AREA_SAMPLES) * step[1]).astype(int))
    r, c = (a.ravel() for a in np.meshgrid(row, column, indexing="ij"))
    corner = frame.in_plane(np.column_stack([c - 0.5, r - 0.5]))
    west, north = corner[:, 0], corner[:, 1]
    boxes = shapely.box(west, north - frame.cell_height, west + frame.cell_width, north)
    if not CRS.from_user_input(frame.crs).is_geographic:
        boxes = project(shapely.segmentize(boxes, frame.cell_width / 4), frame.crs, WGS84)
    areas = area_km2(boxes).reshape(row.size, column.size)
    near_row = np.searchsorted(row, np.arange(frame.rows), side="right") - 1
    near_column = np.searchsorted(column, np.arange(frame.columns), side="right") - 1
    spread: Values = areas[np.ix_(near_row, near_column)]
    return spread
