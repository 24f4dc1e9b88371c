"""Rasters that stay on disk and are read a window at a time, here or by other processes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window

from kulan.errors import InvalidFileError


@dataclass(frozen=True)
class StoredArray:
    """An array in a `.npy` file, as `numpy.save` writes it.

    Attributes
    ----------
    path
        The file; every process that reads it must see it there.
    """

    path: Path

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""
        return self._array().shape

    def __getitem__(self, window: tuple[slice, slice]) -> NDArray[Any]:
        return np.array(self._array()[window])

    def _array(self) -> NDArray[Any]:
        try:
            return np.asarray(np.load(self.path, mmap_mode="r", allow_pickle=False))
        except (OSError, EOFError, ValueError) as error:
            raise InvalidFileError(
                f"{self.path.name}: not an array of NumPy ({error}). Write it with numpy.save."
            ) from error


@dataclass(frozen=True)
class StoredBand:
    """A band of a GeoTIFF or of another raster that GDAL reads; NoData is NaN.

    Attributes
    ----------
    path
        The file; every process that reads it must see it there.
    band
        Counted from 1.
    """

    path: Path
    band: int = 1

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""
        with self._open() as raster:
            return (int(raster.height), int(raster.width))

    def __getitem__(self, window: tuple[slice, slice]) -> NDArray[np.float64]:
        rows, columns = window
        part = Window.from_slices(rows, columns)
        with self._open() as raster:
            cells = raster.read(self.band, window=part, masked=True)
        return np.ma.filled(cells.astype(np.float64), np.nan)

    def _open(self) -> Any:
        try:
            return rasterio.open(self.path)
        except rasterio.errors.RasterioIOError as error:
            raise InvalidFileError(
                f"{self.path.name}: not a raster that can be read ({error}). GeoTIFF is."
            ) from error
