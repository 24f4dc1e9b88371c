"""The habitat whose isolation is asked for: potential habitat, the user's raster, or all cells."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kulan.assessment.connectivity.landscapes import Landscape
from kulan.atlas import Release
from kulan.connectivity.equal_area_grids import Method, resample
from kulan.errors import InvalidGridError, UnknownNameError
from kulan.grids import Grid, read_grid
from kulan.provenance import Input, hash_file

ATLAS = "atlas"


@dataclass(frozen=True)
class Habitat:
    """Habitat on the cells of a landscape.

    Attributes
    ----------
    area_km2
        In each cell, km², shape (rows, columns); 0 where nothing moves.
    what
        In words, what counts as habitat.
    inputs
        Files and layers, by hash.
    """

    area_km2: NDArray[np.float64] = field(repr=False)
    what: str
    inputs: tuple[Input, ...] = ()


def read_habitat(given: str | None, landscape: Landscape, *, release: Release | None) -> Habitat:
    """Read the habitat on a landscape's cells.

    Parameters
    ----------
    given
        `atlas` for the potential habitat of the landscape's species, suitable and marginal; a
        raster in EPSG:4326 of the share of each cell that is habitat, 0 to 1; None for all cells
        that have a resistance.
    landscape
        The cells.
    release
        The Atlas, needed for `atlas`.

    Raises
    ------
    InvalidFileError
        If the file is no raster in EPSG:4326.
    InvalidGridError
        If a share lies outside 0 to 1, or no cell of the landscape is habitat.
    UnknownNameError
        If the Atlas has no habitat of the species, or the landscape does not say whose it is.
    """
    if given is None:
        every = np.where(np.isfinite(landscape.resistance), landscape.grid.cell_km2, 0.0)
        return Habitat(every, "all cells that have a resistance")
    if given == ATLAS:
        assert release is not None
        found = _of_atlas(landscape, release)
    else:
        found = _of_file(Path(given), landscape)
    if not found.area_km2.any():
        raise InvalidGridError(
            f"habitat: {given} has none on the cells of {landscape.source.name}. Check that both "
            "cover the same land."
        )
    return found


def _of_atlas(landscape: Landscape, release: Release) -> Habitat:
    species_id = landscape.species_id
    paths = release.habitat_paths()
    if species_id not in paths:
        whose = f"of {species_id!r}" if species_id else "is wanted, but the map does not say whose"
        raise UnknownNameError(
            f"habitat: potential habitat {whose}. The Atlas has that of "
            f"{', '.join(sorted(paths))}; name the species with --species."
        )
    grid = read_grid(paths[species_id])
    marked = (grid.values > 0) & (grid.values != grid.nodata)
    layer = release.layer(f"habitat_{species_id}")
    return Habitat(
        _on_cells(grid.with_values(marked.astype(np.float64)), landscape),
        f"potential habitat of {species_id} in the Atlas, suitable and marginal",
        (Input(layer.layer_id, layer.sha256, release.release_id),),
    )


def _of_file(path: Path, landscape: Landscape) -> Habitat:
    grid = read_grid(path)
    share = grid.values.astype(np.float64)
    if grid.nodata is not None:
        share[grid.values == grid.nodata] = 0.0
    share = np.nan_to_num(share, nan=0.0)
    if share.min() < 0 or share.max() > 1:
        raise InvalidGridError(
            f"{path.name}: values from {share.min():g} to {share.max():g} found; the share of each "
            "cell that is habitat is needed, 0 to 1."
        )
    area = _on_cells(grid.with_values(share), landscape)
    return Habitat(area, f"habitat in {path.name}", (Input(path.name, hash_file(path)),))


def _on_cells(grid: Grid, landscape: Landscape) -> NDArray[np.float64]:
    larger = landscape.grid.cell_m > grid.cell_y_deg * 111_320.0
    method: Method = "average" if larger else "nearest"
    share = resample(grid.with_values(grid.values, np.nan), landscape.grid, method=method).known
    here = np.isfinite(landscape.resistance) & np.isfinite(share)
    return np.where(here, share, 0.0) * landscape.grid.cell_km2
