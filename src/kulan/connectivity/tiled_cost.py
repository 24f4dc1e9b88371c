"""Accumulated cost tile by tile: rasters larger than memory, several threads, the same bits."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.cost_queue import Ground, Queue, exact_kernel, new_queue, spread
from kulan.connectivity.cost_surface import (
    NO_FACTORS,
    NO_SLOTS,
    STEPS,
    barrier_table,
    bucket_width,
    check_resistance,
    offsets,
)
from kulan.connectivity.step_factors import StepFactors
from kulan.errors import InvalidGridError

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
class TiledSurface:
    """A landscape read a window at a time; see `kulan.connectivity.cost_surface.CostSurface`.

    Attributes
    ----------
    resistance
        Positive, NaN or infinite where there is NoData; anything that gives windows of itself.
    neighbours
        8 allows diagonal steps, 4 does not.
    cell_size
        Height and width of a cell, or one number for both.
    factors
        Gives the barriers inside a window of rows and columns; None for none.
    """

    resistance: Raster
    neighbours: Literal[4, 8] = 8
    cell_size: float | tuple[float, float] = 1.0
    factors: Callable[[slice, slice], StepFactors] | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.resistance.shape
        return rows, columns

    @property
    def step_lengths(self) -> NDArray[np.float64]:
        """Length of the steps of `STEPS` that are allowed."""
        size = self.cell_size
        height, width = size if isinstance(size, tuple) else (size, size)
        steps = np.array(STEPS[: self.neighbours], dtype=np.float64)
        lengths: NDArray[np.float64] = np.hypot(steps[:, 0] * height, steps[:, 1] * width)
        return lengths


def cut_factors(factors: StepFactors) -> Callable[[slice, slice], StepFactors]:
    """Let barriers of a whole raster be taken window by window.

    Parameters
    ----------
    factors
        Barriers of the whole raster.
    """

    def window(rows: slice, columns: slice) -> StepFactors:
        inner_rows = slice(rows.start, rows.stop - 1)
        inner_columns = slice(columns.start, columns.stop - 1)
        return StepFactors(
            factors.east[rows, inner_columns],
            factors.south[inner_rows, columns],
            factors.southeast[inner_rows, inner_columns],
            factors.southwest[inner_rows, inner_columns],
        )

    return window


@dataclass(frozen=True)
class TiledRun:
    """What a tiled accumulation took.

    Attributes
    ----------
    tiles
        Number of tiles.
    visits
        How often tiles were computed, all together.
    """

    tiles: int
    visits: int


def accumulate_cost_by_tiles(
    surface: TiledSurface,
    sources: Raster,
    cost: WritableRaster,
    *,
    tile: int = 500,
    max_cost: float = np.inf,
    threads: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> TiledRun:
    """Accumulate cost with one tile in memory at a time; the result is that of `accumulate_cost`.

    The tile at whose border the smallest cost waits is computed next, from its sources and from
    what its neighbours have reached; tiles that could then become cheaper wait for their turn.
    When none waits, every cost is the least over all paths, to the last bit the same as in one
    piece, whatever the tiles, the threads and the order.

    Parameters
    ----------
    surface
        The landscape.
    sources
        True, or any number but zero, on the cells to start from; read window by window.
    cost
        Where the costs are put, float64, same shape, such as a memory map; what is in it is
        overwritten. With several threads it must bear writing to different windows at once, as
        arrays and memory maps do.
    tile
        Rows and columns of a tile.
    max_cost
        How far to go, in units of cost.
    threads
        Tiles to compute at the same time.
    progress
        Called after each visit with the number of visits so far and of tiles that wait.

    Raises
    ------
    InvalidGridError
        If shapes differ, a resistance is zero or negative, there is no source or one lies in
        NoData.

    Examples
    --------
    >>> cost = np.empty((2, 5))
    >>> sources = np.array([[1, 0, 0, 0, 0], [0, 0, 0, 0, 0]])
    >>> run = accumulate_cost_by_tiles(TiledSurface(np.ones((2, 5))), sources, cost, tile=2)
    >>> cost[0].tolist(), run.tiles
    ([0.0, 1.0, 2.0, 3.0, 4.0], 3)
    """
    _check(surface, sources, cost, tile, max_cost)
    tiles = _Tiles(surface, cost, tile, max_cost)
    tiles.start(sources)
    tiles.work(max(threads, 1), progress)
    return TiledRun(len(tiles.windows), tiles.visits)


def _check(
    surface: TiledSurface, sources: Raster, cost: WritableRaster, tile: int, max_cost: float
) -> None:
    for name, shape in (("sources", sources.shape), ("cost", cost.shape)):
        if shape != surface.shape:
            raise InvalidGridError(
                f"{name}: {shape} cells, but the resistances have {surface.shape}."
            )
    if tile < 2:
        raise InvalidGridError(f"tile: {tile} found; a tile needs 2 rows and columns at least.")
    if not max_cost >= 0:
        raise InvalidGridError(f"max_cost: {max_cost} found; it must be zero or more.")
    if surface.neighbours not in (4, 8) or not (surface.step_lengths > 0).all():
        raise InvalidGridError(
            f"surface: {surface.neighbours} neighbours and cells of {surface.cell_size} found; 4 "
            "or 8 neighbours and positive sizes are needed."
        )


@dataclass
class _Tiles:
    """The tiles of a run: which wait, since what cost, and the queues that are free."""

    surface: TiledSurface
    cost: WritableRaster
    tile: int
    max_cost: float
    windows: dict[tuple[int, int], Window] = field(default_factory=dict)
    waiting: dict[tuple[int, int], float] = field(default_factory=dict)
    begun: set[tuple[int, int]] = field(default_factory=set)
    widths: dict[tuple[int, int], float] = field(default_factory=dict)
    desks: list["_Desk"] = field(default_factory=list)
    visits: int = 0

    def start(self, sources: Raster) -> None:
        """Write the costs at the start, and let tiles with sources wait."""
        rows, columns = self.surface.shape
        for i in range(0, rows, self.tile):
            for j in range(0, columns, self.tile):
                at = (i // self.tile, j // self.tile)
                window = slice(i, min(i + self.tile, rows)), slice(j, min(j + self.tile, columns))
                self.windows[at] = window
                cells = np.asarray(self.surface.resistance[window])
                check_resistance(cells, corner=(i, j))
                begin = np.asarray(sources[window]) != 0
                blank = ~np.isfinite(cells)
                _check_sources(begin & blank, (i, j))
                self.cost[window] = np.where(blank, np.nan, np.where(begin, 0.0, np.inf))
                shortest = float(self.surface.step_lengths.min())
                self.widths[at] = bucket_width(cells, shortest)
                if begin.any():
                    self.waiting[at] = 0.0
        if not self.waiting:
            raise InvalidGridError("sources: no cell given; give at least one.")

    def work(self, threads: int, progress: Callable[[int, int], None] | None) -> None:
        """Compute the tiles that wait, the cheapest first, until none does."""
        running: dict[Future[dict[tuple[int, int], float]], tuple[int, int]] = {}
        with ThreadPoolExecutor(threads) as pool:
            while self.waiting or running:
                while len(running) < threads and (at := self._next(set(running.values()))):
                    del self.waiting[at]
                    running[pool.submit(self.visit, at)] = at
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    del running[future]
                    for at, since in future.result().items():
                        self.waiting[at] = min(since, self.waiting.get(at, np.inf))
                    self.visits += 1
                    if progress is not None:
                        progress(self.visits, len(self.waiting) + len(running))

    def _next(self, busy: set[tuple[int, int]]) -> tuple[int, int] | None:
        """Return the tile at which the smallest cost waits and that is not being computed."""
        free = [at for at in self.waiting if at not in busy]
        return min(free, key=lambda at: (self.waiting[at], at), default=None)

    def visit(self, at: tuple[int, int]) -> dict[tuple[int, int], float]:
        """Compute one tile; return its neighbours that become cheaper, and from what cost on."""
        window = self.windows[at]
        desk = self.desks.pop() if self.desks else _Desk.of_size(self.tile + 2)
        ground, known = self._ground(window, desk.cells)
        seeds = _pour_in(ground, known, self.max_cost)
        if at not in self.begun:
            self.begun.add(at)
            seeds = np.concatenate([seeds, np.flatnonzero(ground.cost == 0)])
        if seeds.size:
            width = self.widths[at]
            queue = spread(ground, seeds, width=width, limit=self.max_cost, queue=desk.queue)
            desk = _Desk(desk.cells, queue)
            cells = ground.cost.reshape(known.shape)[1:-1, 1:-1]
            _mark_nodata(cells)
            self.cost[window] = cells
        lower = _pour_out(ground, known, self.max_cost)
        self.desks.append(desk)
        sides = ((i, j) for i in (-1, 0, 1) for j in (-1, 0, 1))
        return {
            (at[0] + i, at[1] + j): float(since)
            for (i, j), since in zip(sides, lower, strict=True)
            if since < np.inf
        }

    def _ground(
        self, window: Window, desk: NDArray[np.float64]
    ) -> tuple[Ground, NDArray[np.float64]]:
        """Read a tile and the cells around it; return its ground, and the costs around it too.

        The ring of the ground belongs to other tiles: no cost may spread into it.
        """
        bounds = zip(window, self.surface.shape, strict=True)
        rows, columns = (slice(max(k.start - 1, 0), min(k.stop + 1, n)) for k, n in bounds)
        row, column = rows.start - window[0].start + 1, columns.start - window[1].start + 1
        shape = (window[0].stop - window[0].start + 2, window[1].stop - window[1].start + 2)
        cells, known, cost = (part[: shape[0] * shape[1]].reshape(shape) for part in desk)
        for edge in (0, -1):
            cells[edge], cells[:, edge] = np.nan, np.nan
            known[edge], known[:, edge] = -np.inf, -np.inf
        resistance = np.asarray(self.surface.resistance[rows, columns])
        _place(resistance, np.asarray(self.cost[rows, columns]), (row, column), cells, known)
        cost[:] = known
        for edge in (0, -1):
            cost[edge], cost[:, edge] = -np.inf, -np.inf
        slot, factor = NO_SLOTS, NO_FACTORS
        if self.surface.factors is not None:
            found, factor = barrier_table(self.surface.factors(rows, columns))
            of_window = found.reshape(resistance.shape[0] + 2, -1)[1:-1, 1:-1]
            slots = np.full(shape, -1, np.int32)
            slots[row : row + of_window.shape[0], column : column + of_window.shape[1]] = of_window
            slot = slots.ravel()
        steps = offsets(shape[1], self.surface.neighbours)
        half = 0.5 * self.surface.step_lengths
        return Ground(cells.ravel(), cost.ravel(), slot, factor, steps, half), known


@dataclass(frozen=True)
class _Desk:
    """Room for one tile: its resistances, the costs known before and those found, and a queue."""

    cells: NDArray[np.float64]
    queue: Queue

    @classmethod
    def of_size(cls, side: int) -> "_Desk":
        """Return room for a tile of so many rows and columns, with its ring."""
        return cls(np.empty((3, side * side)), new_queue(1 << 12))


@exact_kernel
def _place(
    resistance: NDArray[Any],
    cost: NDArray[Any],
    corner: tuple[int, int],
    cells: NDArray[np.float64],
    known: NDArray[np.float64],
) -> None:
    """Put a window into a tile's ring: resistances with NoData as NaN, costs as -infinity."""
    for i in range(cost.shape[0]):
        for j in range(cost.shape[1]):
            here = np.float64(resistance[i, j])
            beyond = not np.isfinite(here)
            cells[i + corner[0], j + corner[1]] = np.nan if beyond else here
            known[i + corner[0], j + corner[1]] = -np.inf if beyond else cost[i, j]


@exact_kernel
def _mark_nodata(cost: NDArray[np.float64]) -> None:
    for i in range(cost.shape[0]):
        for j in range(cost.shape[1]):
            if cost[i, j] == -np.inf:
                cost[i, j] = np.nan


def _check_sources(wrong: NDArray[np.bool_], corner: tuple[int, int]) -> None:
    if wrong.any():
        row, column = np.argwhere(wrong)[0] + corner
        raise InvalidGridError(
            f"sources: a source lies in NoData, in row {row}, column {column}. Move it, or give "
            "the cell a resistance."
        )


@exact_kernel
def _step_cost(ground: Ground, c: int, k: int) -> float:
    """Cost of a step over the border of a tile; written as in the inner loop, for equal bits."""
    row = ground.slot[c] if ground.slot.size > 1 else np.int32(-1)
    half = ground.half[k] if row < 0 else ground.half[k] * ground.factor[row, k]
    cost: float = (ground.resistance[c] + ground.resistance[c + ground.offset[k]]) * half
    return cost


@exact_kernel
def _pour_in(ground: Ground, known: NDArray[np.float64], limit: float) -> NDArray[np.int64]:
    """Step from the ring into the tile; return the cells that became cheaper."""
    rows, columns = known.shape
    around = known.ravel()
    cheaper = np.empty(2 * (rows + columns), np.int64)
    n = 0
    for i in range(1, rows - 1):
        whole_row = i in (1, rows - 2)
        for j in range(1, columns - 1, 1 if whole_row else max(columns - 3, 1)):
            c, improved = i * columns + j, False
            for k in range(ground.offset.size):
                m = c + ground.offset[k]
                in_ring = m // columns in (0, rows - 1) or m % columns in (0, columns - 1)
                if in_ring and 0 <= around[m] < np.inf:
                    there = around[m] + _step_cost(ground, c, k)
                    if there < ground.cost[c] and there <= limit:
                        ground.cost[c] = there
                        improved = True
            if improved:
                cheaper[n] = c
                n += 1
    return cheaper[:n]


@exact_kernel
def _pour_out(ground: Ground, known: NDArray[np.float64], limit: float) -> NDArray[np.float64]:
    """Return the least cost that would be new to each of the nine tiles around and here."""
    rows, columns = known.shape
    around = known.ravel()
    lower = np.full(9, np.inf)
    for i in range(1, rows - 1):
        whole_row = i in (1, rows - 2)
        for j in range(1, columns - 1, 1 if whole_row else max(columns - 3, 1)):
            c = i * columns + j
            if not 0 <= ground.cost[c] < np.inf:
                continue
            for k in range(ground.offset.size):
                m = c + ground.offset[k]
                row, column = m // columns, m % columns
                side = 3 * _side(row, rows) + _side(column, columns)
                if side != 4:
                    there = ground.cost[c] + _step_cost(ground, c, k)
                    if there < around[m] and there <= limit:
                        lower[side] = min(lower[side], there)
    return lower


@exact_kernel
def _side(number: int, count: int) -> int:
    """Say whether a row or column is the first (0), the last (2) or between (1)."""
    return 0 if number == 0 else (2 if number == count - 1 else 1)
