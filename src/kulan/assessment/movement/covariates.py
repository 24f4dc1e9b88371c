"""Covariates of places: rasters sampled where animals are, in whatever system each is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio.errors import RasterioError
from rasterio.windows import Window

from kulan.errors import InvalidFileError, InvalidRequestError, UnknownCrsError
from kulan.movement.planes import Plane
from kulan.provenance import Input, hash_file

Floats = NDArray[np.float64]

_TILE = 1024


@dataclass(frozen=True)
class RasterCovariate:
    """A raster whose values are read at positions.

    Attributes
    ----------
    name
        What it is called in the model.
    path
        File; its first band is read.
    source
        The file, by hash.
    """

    name: str
    path: Path
    source: Input

    @cached_property
    def crs(self) -> CRS | None:
        """The raster's system; None where it says none."""
        with rasterio.open(self.path) as file:
            return CRS.from_user_input(file.crs) if file.crs else None

    def at(self, plane: Plane, x_m: Floats, y_m: Floats) -> Floats:
        """Return the value of the cell under each position.

        Parameters
        ----------
        plane
            Where the positions lie.
        x_m, y_m
            Positions, m.

        Returns
        -------
        Floats
            NaN outside the raster and where it has no value.

        Raises
        ------
        UnknownCrsError
            If one of raster and tracks has a place on Earth and the other has none.
        """
        x, y = self._in_raster(plane, x_m, y_m)
        with rasterio.open(self.path) as file:
            columns, rows = ~file.transform * (x, y)
            return _sampled(file, np.floor(rows), np.floor(columns))

    def _in_raster(self, plane: Plane, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
        if plane.is_local and self.crs is None:
            return x_m, y_m
        if plane.is_local or self.crs is None:
            without = "the tracks are" if plane.is_local else f"{self.path.name} is"
            raise UnknownCrsError(
                f"covariate '{self.name}': {without} without a place on Earth, so the two cannot "
                "be laid over one another. Declare the system, or leave the covariate out."
            )
        x, y = Transformer.from_crs(plane.crs, self.crs, always_xy=True).transform(x_m, y_m)
        return np.asarray(x), np.asarray(y)


def _sampled(file: rasterio.DatasetReader, rows: Floats, columns: Floats) -> Floats:
    """Read by tiles, so that a raster larger than memory can be sampled."""
    values = np.full(len(rows), np.nan)
    inside = (rows >= 0) & (rows < file.height) & (columns >= 0) & (columns < file.width)
    at = np.flatnonzero(inside)
    if not len(at):
        return values
    row, column = rows[at].astype(np.int64), columns[at].astype(np.int64)
    tile = (row // _TILE) * (file.width // _TILE + 1) + column // _TILE
    order = np.argsort(tile, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(tile[order])) + 1):
        top, left = int(row[part].min()), int(column[part].min())
        high, wide = int(row[part].max()) - top + 1, int(column[part].max()) - left + 1
        read = file.read(1, window=Window(left, top, wide, high), masked=True)
        found = read[row[part] - top, column[part] - left].astype(float)
        values[at[part]] = np.ma.filled(found, np.nan)
    return values


def read_covariates(asked: Sequence[str]) -> list[RasterCovariate]:
    """Return the covariates that options name as NAME=FILE.

    Parameters
    ----------
    asked
        Such as "snow=snow_depth.tif".

    Raises
    ------
    InvalidRequestError
        If one is not of this form, or two have one name.
    InvalidFileError
        If a file is no raster.
    """
    made: list[RasterCovariate] = []
    for one in asked:
        name, _, file = one.partition("=")
        if not file or not name.isidentifier():
            raise InvalidRequestError(
                f"covariate '{one}': write NAME=FILE, the name of letters, digits and underscores."
            )
        if name in [other.name for other in made]:
            raise InvalidRequestError(f"two covariates are called '{name}'.")
        path = Path(file)
        try:
            with rasterio.open(path) as raster:
                raster.crs  # noqa: B018 - whether it can be opened at all
        except RasterioError as error:
            raise InvalidFileError(f"{path}: no raster that can be read ({error}).") from error
        made.append(RasterCovariate(name, path, Input(path.name, hash_file(path))))
    return made
