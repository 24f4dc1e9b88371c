"""What it costs to come from each site to every cell: in memory, or by tiles where that is full."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.assessment.connectivity.landscapes import Landscape
from kulan.assessment.connectivity.memory import check_room_on_disk, fits_in_memory
from kulan.assessment.connectivity.running import Running
from kulan.connectivity.barriers.cuts import Cuts
from kulan.connectivity.barriers.step_costs import barrier_costs
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.equal_area_grids import PlaneGrid
from kulan.connectivity.least_cost.rasters import Window
from kulan.connectivity.least_cost.site_costs import Costs, costs_by_tiles, costs_in_memory
from kulan.connectivity.least_cost.step_factors import StepFactors
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.connectivity.least_cost.tiles import TiledSurface
from kulan.connectivity.workers import n_workers, works_here

# per cell, beside the costs: resistances twice, steps at barriers, maps of the answer
_BYTES_PER_CELL, _BYTES_OF_A_COST, _BYTES_OF_BARRIERS = 60, 8, 36


@dataclass(frozen=True)
class _KnownCells:
    """The resistances of a grid, a window at a time, NaN for NoData."""

    grid: PlaneGrid

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""
        return self.grid.shape

    def __getitem__(self, window: Window) -> NDArray[Any]:
        """Return the cells of a window."""
        return self.grid.known_within(*window)


def windowed_surface(landscape: Landscape, cuts: Cuts | None) -> TiledSurface:
    """Return a landscape with its barriers, to be read a window at a time.

    Parameters
    ----------
    landscape
        The cells.
    cuts
        What barriers cut; None for none.
    """

    def factors(rows: slice, columns: slice) -> StepFactors:
        assert cuts is not None
        return barrier_costs(cuts.part(rows, columns))

    return TiledSurface(
        _KnownCells(landscape.grid),
        landscape.neighbours,
        landscape.grid.cell_m,
        None if cuts is None else factors,
    )


def needed_bytes(landscape: Landscape, n_sites: int, cuts: Cuts | None) -> int:
    """Return how much memory costs from all sites take when they are kept there."""
    per_cell = _BYTES_PER_CELL + n_sites * _BYTES_OF_A_COST
    if cuts is not None:
        per_cell += _BYTES_OF_BARRIERS
    return per_cell * landscape.grid.values.size


@contextmanager
def costs_from(
    sites: Sites,
    landscape: Landscape,
    cuts: Cuts | None,
    *,
    tiles: bool | None,
    max_cost_m: float,
    running: Running,
) -> Iterator[Costs]:
    """Accumulate the costs from each site; they are there until the block ends.

    Parameters
    ----------
    sites
        From where.
    landscape, cuts
        Over what, and what barriers cut of it.
    tiles
        Whether to go by tiles and keep costs in files; None for when they do not fit in memory.
        The costs are the same.
    max_cost_m
        How far to go, in metres of the best land.
    running
        How it is worked on.

    Yields
    ------
    Mapping
        The costs, by number of the site; in files, where they do not fit in memory.

    Raises
    ------
    TooLargeError
        If they do not fit on the disk either.
    """
    cells = dict(sites.cells)
    if tiles is None:
        tiles = not fits_in_memory(needed_bytes(landscape, len(cells), cuts))
    if not tiles:
        factors = None if cuts is None else barrier_costs(cuts)
        surface = CostSurface(
            landscape.resistance, landscape.neighbours, landscape.grid.cell_m, factors
        )
        executor = running.executor
        yield costs_in_memory(
            surface, cells, max_cost=max_cost_m, executor=executor, report=running.telling("costs")
        )
        return
    with tempfile.TemporaryDirectory(prefix="kulan-costs-") as folder:
        size = len(cells) * _BYTES_OF_A_COST * landscape.grid.values.size
        check_room_on_disk(Path(folder), size, "costs from each site")

        def new_raster(number: int) -> Any:
            return np.lib.format.open_memmap(
                Path(folder) / f"{number}.npy", "w+", np.float64, shape=landscape.grid.shape
            )

        yield costs_by_tiles(
            windowed_surface(landscape, cuts),
            cells,
            new_raster,
            max_cost=max_cost_m,
            threads=_threads(running),
            report=running.telling("costs by tiles"),
        )


def _threads(running: Running) -> int:
    return n_workers(running.executor) if works_here(running.executor) else 1
