"""What a raster must be able to do to be read, and written, a window at a time."""

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
