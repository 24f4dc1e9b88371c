"""Distributions of use over a grid of a plane: how much of its time an animal spends in each cell.

Two kinds that must not be mixed: a *range* distribution says where an animal lives and will be
found, an *occurrence* distribution says where it was while it was tracked.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidGridError
from kulan.movement.planes import LOCAL, Plane

Kind = Literal["range", "occurrence"]
Floats = NDArray[np.float64]
_MOST_CELLS = 1e9


@dataclass(frozen=True, eq=False)
class PlaneFrame:
    """Cells of a plane.

    Attributes
    ----------
    west_m, north_m
        Outer corner of the cell in row 0 and column 0, m.
    cell_x_m, cell_y_m
        Width and height of a cell, m.
    rows, columns
        How many; row 0 is in the north.
    plane
        Where they lie.
    """

    west_m: float
    north_m: float
    cell_x_m: float
    cell_y_m: float
    rows: int
    columns: int
    plane: Plane = LOCAL

    def __post_init__(self) -> None:
        if not (self.cell_x_m > 0 and self.cell_y_m > 0 and self.rows > 0 and self.columns > 0):
            raise InvalidGridError(
                f"frame of {self.rows} rows and {self.columns} columns on cells of "
                f"{self.cell_x_m:g} x {self.cell_y_m:g} m: all four must be above 0."
            )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    @property
    def cell_m2(self) -> float:
        """Area of a cell, m²."""
        return self.cell_x_m * self.cell_y_m

    @property
    def x_m(self) -> Floats:
        """Centres of the columns, west to east, m."""
        return self.west_m + (np.arange(self.columns, dtype=np.float64) + 0.5) * self.cell_x_m

    @property
    def y_m(self) -> Floats:
        """Centres of the rows, north to south, m."""
        return self.north_m - (np.arange(self.rows, dtype=np.float64) + 0.5) * self.cell_y_m


def frame_around(
    x_m: Floats, y_m: Floats, *, pad_m: float, cell_m: float, plane: Plane = LOCAL
) -> PlaneFrame:
    """Return square cells that hold positions with room around them.

    Parameters
    ----------
    x_m, y_m
        Positions in `plane`, m, at least one.
    pad_m
        Room on every side, m.
    cell_m
        Width of a cell, m; corners lie at whole multiples of it, so that the frames of several
        animals fit one another.
    plane
        Where they lie.

    Returns
    -------
    PlaneFrame

    Raises
    ------
    InvalidGridError
        If there is no position, or the frame would have more than 10⁹ cells.

    Examples
    --------
    >>> frame_around(np.array([0.0, 90.0]), np.array([0.0, 10.0]), pad_m=20, cell_m=10).shape
    (6, 14)
    """
    if not len(x_m):
        raise InvalidGridError("no position: there is nothing to lay cells around.")
    if not cell_m > 0:
        raise InvalidGridError(f"cells of {cell_m:g} m: a width above 0 is needed.")
    west, south = (np.floor((float(v.min()) - pad_m) / cell_m) for v in (x_m, y_m))
    east, north = (np.floor((float(v.max()) + pad_m) / cell_m) + 1 for v in (x_m, y_m))
    rows, columns = north - south, east - west
    if not rows * columns <= _MOST_CELLS:
        raise InvalidGridError(
            f"{rows:,.0f} x {columns:,.0f} cells of {cell_m:g} m: too many. Take wider cells, or "
            "look for a fix far from all others (`kulan movement clean`)."
        )
    return PlaneFrame(west * cell_m, north * cell_m, cell_m, cell_m, int(rows), int(columns), plane)


@dataclass(frozen=True, eq=False)
class Distribution:
    """How use is spread over cells.

    Attributes
    ----------
    kind
        "range" or "occurrence".
    mass
        Share of use in each cell, shape of the frame, sums to one (less what lies outside).
    frame
        The cells.
    method
        How it was made, in a word: "akde", "kde", "brownian_bridge", "dynamic_brownian_bridge", ...
    """

    kind: Kind
    mass: Floats
    frame: PlaneFrame
    method: str

    def __post_init__(self) -> None:
        if self.mass.shape != self.frame.shape:
            raise InvalidGridError(
                f"mass has shape {self.mass.shape}, its frame {self.frame.shape}."
            )

    def cumulative(self) -> Floats:
        """Return for each cell the share of use in cells at least as dense, this one included.

        Cells of equal mass are taken in the order of rows and columns. Cells without use get 1.

        Examples
        --------
        >>> frame = PlaneFrame(0, 2, 1, 1, 2, 2)
        >>> Distribution("range", np.array([[0.5, 0.3], [0.2, 0.0]]), frame, "kde").cumulative()
        array([[0.5, 0.8],
               [1. , 1. ]])
        """
        flat = self.mass.ravel()
        order = np.argsort(-flat, kind="stable")
        summed = np.empty_like(flat)
        summed[order] = np.minimum(np.cumsum(flat[order]), 1.0)
        summed[flat <= 0] = 1.0
        return summed.reshape(self.mass.shape)

    def cells_within(self, level: float) -> NDArray[np.bool_]:
        """Return the fewest cells that together hold at least `level` (0 to 1) of the use."""
        _check_level(level)
        flat = self.mass.ravel()
        order = np.argsort(-flat, kind="stable")
        count = int(np.searchsorted(np.cumsum(flat[order]), level * (1 - 1e-12))) + 1
        within = np.zeros(flat.shape, dtype=bool)
        within[order[:count]] = True
        return within.reshape(self.mass.shape) & (self.mass > 0)

    def area_m2(self, level: float) -> float:
        """Return the area of the cells that hold `level` of the use, m²."""
        return float(self.cells_within(level).sum() * self.frame.cell_m2)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise InvalidGridError(f"level {level:g}: a share between 0 and 1 is needed, such as 0.95.")
