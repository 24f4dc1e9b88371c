"""The landscape a question is asked of: resistance on the square cells of a plane."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.stencil import Mean, Stencil, link_cells
from kulan.connectivity.equal_area_grids import PlaneGrid, read_plane_grid
from kulan.connectivity.frames import Frame
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.errors import InvalidGridError
from kulan.provenance import Input, hash_file

Neighbours = Literal[4, 8]
SPECIES_TAG, SEASON_TAG, TITLE_TAG = "KULAN_SPECIES", "KULAN_SEASON", "KULAN_TITLE"


@dataclass(frozen=True)
class Landscape:
    """Resistance to movement, and whose.

    Attributes
    ----------
    grid
        Resistance of each cell, above 0; NaN where nothing moves.
    species_id, season
        Whose resistance it is, where the file says; empty otherwise.
    source
        The file it came from.
    neighbours
        4 links cells that share an edge, 8 those that touch in a corner too.
    mean
        Whether a link averages conductances or resistances.
    """

    grid: PlaneGrid
    species_id: str
    season: str
    source: Input
    neighbours: Neighbours = 8
    mean: Mean = "conductance"

    @property
    def resistance(self) -> NDArray[np.float64]:
        """Resistance of each cell, NaN for NoData."""
        return self.grid.known

    @property
    def frame(self) -> Frame:
        """Where the cells lie."""
        return self.grid.frame

    @property
    def stencil(self) -> Stencil:
        """The cells linked to a circuit."""
        conductance = np.nan_to_num(1.0 / self.resistance, nan=0.0)
        return link_cells(conductance, neighbours=self.neighbours, mean=self.mean)

    @property
    def surface(self) -> CostSurface:
        """The cells as a surface to walk over; costs are in metres of the best land."""
        return CostSurface(
            self.resistance,
            cell_size=self.grid.cell_m,
            neighbours=self.neighbours,
        )


def read_landscape(
    path: Path, *, neighbours: Neighbours = 8, mean: Mean = "conductance"
) -> Landscape:
    """Read a raster of resistance.

    Parameters
    ----------
    path
        GeoTIFF of resistance on square cells of a plane in metres, as `kulan resistance build`
        makes it.
    neighbours, mean
        As for `Landscape`.

    Raises
    ------
    InvalidFileError
        If it is no such raster.
    InvalidGridError
        If a resistance is zero or negative, or no cell has one.
    """
    grid = read_plane_grid(path)
    values = grid.known
    if not np.isfinite(values).any():
        raise InvalidGridError(f"{path.name}: no cell has a resistance; all are NoData.")
    bad = (values <= 0) | np.isinf(values)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise InvalidGridError(
            f"{path.name}: {int(bad.sum())} cells have a resistance of zero or less, or an "
            f"infinite one; the first is {values[row, column]:g} in row {row}, column {column}, "
            "counted from 0 in the north-west. Give every cell that animals may cross a resistance "
            "above zero, and the others NoData."
        )
    tags = _tags(path)
    return Landscape(
        grid,
        tags.get(SPECIES_TAG, ""),
        tags.get(SEASON_TAG, ""),
        Input(path.name, hash_file(path), tags.get(TITLE_TAG, "")),
        neighbours,
        mean,
    )


def _tags(path: Path) -> dict[str, str]:
    import rasterio  # noqa: PLC0415 - heavy

    with rasterio.open(path) as raster:
        return {str(name): str(value) for name, value in raster.tags().items()}
