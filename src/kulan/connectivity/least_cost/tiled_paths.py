"""Least-cost paths in rasters of costs too large for memory, followed window by window."""

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.least_cost.paths import LeastCostPath, trace_paths_until
from kulan.connectivity.least_cost.rasters import Raster
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.connectivity.least_cost.tiles import TiledSurface
from kulan.errors import InvalidGridError


def trace_path_by_windows(
    surface: TiledSurface, cost: Raster, target: tuple[int, int], *, window: int = 512
) -> LeastCostPath:
    """Follow accumulated costs back from a target to a source, a window of cells at a time.

    It is the path that `kulan.connectivity.least_cost.paths.trace_paths` finds, cell by cell.

    Parameters
    ----------
    surface
        The landscape on which the costs were accumulated.
    cost
        What `kulan.connectivity.least_cost.tiles.accumulate_cost_by_tiles` wrote for it.
    target
        Row and column.
    window
        Cells from the middle of a window to its edge, at least 2.

    Raises
    ------
    InvalidGridError
        If the target lies in NoData or outside, the costs are those of another landscape, or the
        window is too small.

    Examples
    --------
    >>> ground = TiledSurface(np.ones((1, 9)))
    >>> cost = np.arange(9.0)[None, :]
    >>> path = trace_path_by_windows(ground, cost, (0, 8), window=2)
    >>> path.cells[:, 1].tolist(), path.cost
    ([0, 1, 2, 3, 4, 5, 6, 7, 8], 8.0)
    """
    if window < 2:
        raise InvalidGridError(f"window: {window} found; at least 2 cells are needed.")
    parts: list[NDArray[np.int64]] = []
    here, total, length = target, np.nan, 0.0
    while True:
        part, rows, columns = _window(surface, here, window)
        known = np.asarray(cost[rows, columns], dtype=np.float64)
        corner = np.array([rows.start, columns.start])
        found = trace_paths_until(
            part, known, np.array(here) - corner, _rim(surface, rows, columns)
        )
        if not parts:
            total = found.cost
            if not found.cells.size:
                return found
        # from the source on; the cell that two parts share is counted once
        parts.append((found.cells + corner)[::-1][1 if parts else 0 :])
        length += found.length
        last = int(found.cells[0, 0]), int(found.cells[0, 1])
        here = last[0] + rows.start, last[1] + columns.start
        if known[last] == 0:
            return LeastCostPath(np.concatenate(parts)[::-1], total, length)


def _window(
    surface: TiledSurface, middle: tuple[int, int], reach: int
) -> tuple[CostSurface, slice, slice]:
    """Read the landscape around a cell."""
    rows, columns = (
        slice(max(place - reach, 0), min(place + reach + 1, size))
        for place, size in zip(middle, surface.shape, strict=True)
    )
    part = CostSurface(
        np.asarray(surface.resistance[rows, columns]),
        neighbours=surface.neighbours,
        cell_size=surface.cell_size,
        factors=None if surface.factors is None else surface.factors(rows, columns),
    )
    return part, rows, columns


def _rim(surface: TiledSurface, rows: slice, columns: slice) -> NDArray[np.bool_]:
    """Mark the cells of a window that have neighbours beyond it."""
    rim = np.zeros((rows.stop - rows.start, columns.stop - columns.start), dtype=bool)
    n_rows, n_columns = surface.shape
    rim[0] |= rows.start > 0
    rim[-1] |= rows.stop < n_rows
    rim[:, 0] |= columns.start > 0
    rim[:, -1] |= columns.stop < n_columns
    return rim
