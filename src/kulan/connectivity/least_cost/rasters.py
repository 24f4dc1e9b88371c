"""What a raster must be able to do to be read, and written, a window at a time."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Window = tuple[slice, slice]


class Raster(Protocol):
    """Anything with a shape from which a window of cells can be taken, such as a memory map."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""
        ...

    def __getitem__(self, window: Window) -> NDArray[Any]:
        """Return the cells of a window."""
        ...


class WritableRaster(Raster, Protocol):
    """A raster into which a window of cells can be put."""

    def __setitem__(self, window: Window, cells: NDArray[np.float64]) -> None:
        """Replace the cells of a window."""
        ...


@dataclass(frozen=True)
class RasterPart:
    """A window of a raster, whose cells are asked for by their places in the whole.

    Attributes
    ----------
    shape
        Rows and columns of the whole.
    window
        The window.
    cells
        Its cells.
    """

    shape: tuple[int, int]
    window: Window
    cells: NDArray[np.float64]

    def __getitem__(self, window: Window) -> NDArray[np.float64]:
        return self.cells[self._within(window)]

    def __setitem__(self, window: Window, cells: NDArray[np.float64]) -> None:
        self.cells[self._within(window)] = cells

    def _within(self, window: Window) -> Window:
        (rows, columns), (top, left) = window, (side.start for side in self.window)
        return (
            slice(rows.start - top, rows.stop - top),
            slice(columns.start - left, columns.stop - left),
        )
