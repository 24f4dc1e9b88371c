"""Where the cells of a raster lie in their plane, to lay lines and points over them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from kulan.errors import InvalidGridError, UnknownCrsError


@dataclass(frozen=True)
class Frame:
    """Rows and columns of equal cells, north up.

    Attributes
    ----------
    rows, columns
        How many there are.
    west, north
        Outer corner of the cell in row 0 and column 0, in units of the plane.
    cell_width, cell_height
        Of a cell, in units of the plane; both positive.
    crs
        Coordinate system of the plane, anything PROJ reads. Empty for a plane without one, such
        as that of a test grid; lines laid over it must then have none either.
    """

    rows: int
    columns: int
    west: float
    north: float
    cell_width: float
    cell_height: float
    crs: str = ""

    def __post_init__(self) -> None:
        if self.rows < 1 or self.columns < 1:
            raise InvalidGridError(
                f"frame: {self.rows} rows and {self.columns} columns found; give at least one each."
            )
        if not (np.isfinite(self.west) and np.isfinite(self.north)):
            raise InvalidGridError(
                f"frame: its north-western corner is ({self.west:g}, {self.north:g}); give numbers "
                "in units of the plane."
            )
        if not (0 < self.cell_width < np.inf and 0 < self.cell_height < np.inf):
            raise InvalidGridError(
                f"frame: cells of {self.cell_width:g} by {self.cell_height:g} found; both sides "
                "must be positive and finite. Row 0 is the northernmost."
            )
        if self.crs:
            try:
                CRS.from_user_input(self.crs)
            except CRSError as error:
                raise UnknownCrsError(
                    f"frame: {self.crs!r} is no coordinate system PROJ knows. "
                    "Give an EPSG code such as EPSG:6933, or a PROJ string."
                ) from error

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    def part(self, rows: slice, columns: slice) -> "Frame":
        """Return where the cells of a window lie; both slices have a start and a stop."""
        return replace(
            self,
            rows=rows.stop - rows.start,
            columns=columns.stop - columns.start,
            west=self.west + columns.start * self.cell_width,
            north=self.north - rows.start * self.cell_height,
        )

    def in_cells(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points, shape (n, 2), in cells: the centre of row i, column j is (j, i)."""
        column = (xy[:, 0] - self.west) / self.cell_width - 0.5
        row = (self.north - xy[:, 1]) / self.cell_height - 0.5
        return np.column_stack([column, row])

    def in_plane(self, cells: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points given in cells, shape (n, 2), in the units of the plane."""
        x = self.west + (cells[:, 0] + 0.5) * self.cell_width
        y = self.north - (cells[:, 1] + 0.5) * self.cell_height
        return np.column_stack([x, y])
