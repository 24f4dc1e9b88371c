"""Barriers between cells: by how much a line makes single steps dearer, or blocks them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kulan.errors import InvalidGridError

Factors = NDArray[np.float64]


@dataclass(frozen=True)
class StepFactors:
    """What the cost of each step between neighbouring cells is multiplied by.

    1 leaves a step as it is, 4 makes it four times as dear, infinity blocks it. A factor below 1
    eases a step. A step costs the same both ways.

    Attributes
    ----------
    east
        Steps from each cell to the next in the east, shape (rows, columns - 1).
    south
        Steps from each cell to the next in the south, shape (rows - 1, columns).
    southeast
        Diagonal steps from cell (i, j) to (i + 1, j + 1), shape (rows - 1, columns - 1).
    southwest
        Diagonal steps from cell (i, j + 1) to (i + 1, j), same shape.
    """

    east: Factors
    south: Factors
    southeast: Factors
    southwest: Factors

    def __post_init__(self) -> None:
        rows, columns = self.shape
        expected = {
            "east": (rows, columns - 1),
            "south": (rows - 1, columns),
            "southeast": (rows - 1, columns - 1),
            "southwest": (rows - 1, columns - 1),
        }
        for name, shape in expected.items():
            found = getattr(self, name)
            if found.shape != shape:
                raise InvalidGridError(
                    f"{name}: steps of shape {found.shape}, but a raster of {rows} rows and "
                    f"{columns} columns has {shape}."
                )
            if not (found > 0).all():
                raise InvalidGridError(
                    f"{name}: {int((~(found > 0)).sum())} factors are zero, negative or NaN. "
                    "Block a step with infinity; leave it as it is with 1."
                )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the raster."""
        return self.east.shape[0], self.south.shape[1]

    def __mul__(self, other: "StepFactors") -> "StepFactors":
        """Put two barriers on the same raster: their factors multiply."""
        if self.shape != other.shape:
            raise InvalidGridError(
                f"barriers: one lies on a raster of {self.shape} cells, another on {other.shape}."
            )
        return StepFactors(
            self.east * other.east,
            self.south * other.south,
            self.southeast * other.southeast,
            self.southwest * other.southwest,
        )


def step_factors(east: ArrayLike, south: ArrayLike) -> StepFactors:
    """Complete the factors of straight steps with those of the diagonal ones.

    A diagonal step passes a barrier as well as the better of the two ways around the corner: of
    each way the dearer step counts, of the two ways the cheaper one. So a closed line lets no
    diagonal through, and a line that ends beside the step does not block it.

    Parameters
    ----------
    east
        Factor of each step east, shape (rows, columns - 1); infinity blocks.
    south
        Factor of each step south, shape (rows - 1, columns).

    Raises
    ------
    InvalidGridError
        If the two do not belong to one raster, or a factor is zero, negative or NaN.

    Examples
    --------
    >>> closed = step_factors([[np.inf], [np.inf]], [[1.0, 1.0]])
    >>> closed.southeast.tolist(), closed.southwest.tolist()
    ([[inf]], [[inf]])
    """
    e, s = np.array(east, dtype=np.float64), np.array(south, dtype=np.float64)
    if e.ndim != 2 or s.ndim != 2 or (e.shape[0] - 1, e.shape[1] + 1) != s.shape:
        raise InvalidGridError(
            f"steps: east {e.shape} and south {s.shape} belong to no raster; (rows, columns - 1) "
            "and (rows - 1, columns) are needed."
        )
    top, bottom, left, right = e[:-1], e[1:], s[:, :-1], s[:, 1:]
    southeast = np.minimum(np.maximum(top, right), np.maximum(left, bottom))
    southwest = np.minimum(np.maximum(top, left), np.maximum(right, bottom))
    return StepFactors(e, s, southeast, southwest)


def barrier_factors(
    cut: tuple[NDArray[np.bool_], NDArray[np.bool_]], permeability: float = 0.0
) -> StepFactors:
    """Turn the steps that a line cuts into factors.

    Parameters
    ----------
    cut
        Steps east and steps south that the line crosses, as `kulan.grids.cut_edges` gives them.
    permeability
        Share of what would pass without the line, 0 (closed) to 1 (no effect): the cost of a
        step is divided by it.

    Raises
    ------
    InvalidGridError
        If the permeability lies outside 0 to 1, or the steps belong to no raster.

    Examples
    --------
    >>> east, south = np.array([[True]]), np.zeros((0, 2), dtype=bool)
    >>> barrier_factors((east, south), permeability=0.25).east.tolist()
    [[4.0]]
    """
    if not 0 <= permeability <= 1:
        raise InvalidGridError(
            f"permeability: {permeability} found; 0 is closed, 1 is no barrier, and nothing "
            "lies beyond."
        )
    factor = 1 / permeability if permeability else np.inf
    return step_factors(*(np.where(steps, factor, 1.0) for steps in cut))


def numbered_factors(
    shape: tuple[int, int], step: NDArray[np.int64], permeability: ArrayLike
) -> StepFactors:
    """Turn a list of hindered steps into factors.

    Parameters
    ----------
    shape
        Rows and columns of the raster.
    step
        Number of each step: four times the number of the cell from which it leads, counted row
        by row from the north-west, plus 0 for east, 1 south, 2 south-east, 3 south-west.
    permeability
        Share of each step that passes, 0 to 1. Where a step is named more than once, by several
        barriers, the shares multiply.

    Raises
    ------
    InvalidGridError
        If a step leads out of the raster, or a permeability lies outside 0 to 1.

    Examples
    --------
    >>> factors = numbered_factors((2, 2), np.array([0, 3 + 4]), [0.5, 0.0])
    >>> factors.east.tolist(), factors.southwest.tolist()
    ([[2.0], [1.0]], [[inf]])
    """
    rows, columns = shape
    share = np.broadcast_to(np.asarray(permeability, dtype=np.float64), step.shape)
    if not ((share >= 0) & (share <= 1)).all():
        raise InvalidGridError("permeability: every share must lie between 0 and 1.")
    passing = np.ones((4, rows, columns))
    row, column, kind = step // 4 // columns, step // 4 % columns, step % 4
    leads_out = (
        (step < 0)
        | (row + (kind > 0) >= rows)
        | (column + ((kind == 0) | (kind == 2)) >= columns)
        | (column < (kind == 3))
    )
    if leads_out.any():
        raise InvalidGridError(
            f"steps: number {step[leads_out][0]} leads out of the raster of {shape} cells."
        )
    np.multiply.at(passing, (kind, row, column), share)
    with np.errstate(divide="ignore"):
        factor = 1 / passing
    return StepFactors(factor[0, :, :-1], factor[1, :-1], factor[2, :-1, :-1], factor[3, :-1, 1:])
