"""Accumulated cost tile by tile: rasters larger than memory, several threads, the same bits."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.least_cost.bucket_queue import (
    Ground,
    Queue,
    exact_kernel,
    new_queue,
    spread,
)
from kulan.connectivity.least_cost.rasters import Raster, RasterPart, Window, WritableRaster
from kulan.connectivity.least_cost.step_factors import StepFactors
from kulan.connectivity.least_cost.surface import (
    NO_FACTORS,
    NO_SLOTS,
    STEPS,
    barrier_table,
    bucket_width,
    check_resistance,
    offsets,
)
from kulan.connectivity.workers import answer_of, at_hand, n_workers, submit, taken
from kulan.errors import InvalidGridError

# of numbers as large as a tile: resistances, costs known before, costs found
_ARRAYS = 3


@dataclass(frozen=True)
class TiledSurface:
    """A landscape read a window at a time; see `kulan.connectivity.least_cost.surface.CostSurface`.

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
    return partial(_cut, factors)


def _cut(factors: StepFactors, rows: slice, columns: slice) -> StepFactors:
    inner_rows = slice(rows.start, rows.stop - 1)
    inner_columns = slice(columns.start, columns.stop - 1)
    return StepFactors(
        factors.east[rows, inner_columns],
        factors.south[inner_rows, columns],
        factors.southeast[inner_rows, inner_columns],
        factors.southwest[inner_rows, inner_columns],
    )


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


def accumulate_cost_by_tiles(  # noqa: PLR0913 - what, how, by whom and what to tell
    surface: TiledSurface,
    sources: Raster,
    cost: WritableRaster,
    *,
    tile: int = 1000,
    max_cost: float = np.inf,
    threads: int = 1,
    keep_mb: float = 256,
    progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
) -> TiledRun:
    """Accumulate cost with a few tiles in memory at a time, to the same bits as `accumulate_cost`.

    The tile at whose border the smallest cost waits is computed next, from its sources and from
    what its neighbours have reached; tiles that could then become cheaper wait for their turn.
    When none waits, every cost is the least over all paths, to the last bit the same as in one
    piece, whatever the tiles, the threads and the order.

    Parameters
    ----------
    surface
        The landscape.
    sources
        True, or any number but zero and NaN, on the cells to start from; read window by window.
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
    keep_mb
        Memory for tiles to be kept in, since most are visited several times, megabytes; there is
        always room for those being computed.
    progress
        Called after each visit with the number of visits so far and of tiles that wait; what it
        raises ends the run.
    executor
        Computes tiles in place of `threads`: processes, or the workers of a Dask cluster. They
        read resistances themselves, so these should lie on a disk that all of them see, as
        `kulan.connectivity.least_cost.stored_rasters` has them; `cost` stays with this process.

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
    room = int(keep_mb * 1e6 / (_ARRAYS * 8 * (tile + 2) ** 2))
    tiles = _Tiles(surface, cost, tile, max_cost, room=max(room, threads, 1))
    tiles.start(sources)
    if executor is None:
        tiles.work(max(threads, 1), progress)
    else:
        tiles.work_elsewhere(executor, progress)
    return TiledRun(len(tiles.windows), tiles.visits)


def _check(
    surface: TiledSurface, sources: Raster, cost: WritableRaster, tile: int, max_cost: float
) -> None:
    if len(surface.resistance.shape) != 2:
        raise InvalidGridError(
            f"resistance: shape {surface.resistance.shape} found, rows and columns are needed."
        )
    for name, shape in (("sources", sources.shape), ("cost", cost.shape)):
        if shape != surface.shape:
            raise InvalidGridError(
                f"{name}: {shape} cells, but the resistances have {surface.shape}."
            )
    if tile < 2:
        raise InvalidGridError(f"tile: {tile} found; a tile needs 2 rows and columns at least.")
    if not max_cost >= 0:
        raise InvalidGridError(f"max_cost: {max_cost} found; it must be zero or more.")
    size = surface.cell_size
    sides = size if isinstance(size, tuple) else (size, size)
    if surface.neighbours not in (4, 8) or not all(0 < side < np.inf for side in sides):
        raise InvalidGridError(
            f"surface: {surface.neighbours} neighbours and cells of {surface.cell_size} found; 4 "
            "or 8 neighbours and positive sizes are needed."
        )


@dataclass
class _Tiles:
    """The tiles of a run: which wait, since what cost, which are in memory, and free queues."""

    surface: TiledSurface
    cost: WritableRaster
    tile: int
    max_cost: float
    room: int
    windows: dict[tuple[int, int], Window] = field(default_factory=dict)
    waiting: dict[tuple[int, int], float] = field(default_factory=dict)
    begun: set[tuple[int, int]] = field(default_factory=set)
    kept: dict[tuple[int, int], "_Desk"] = field(default_factory=dict)
    queues: list[Queue] = field(default_factory=list)
    widths: dict[tuple[int, int], float] = field(default_factory=dict)
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
                begin, before = np.asarray(sources[window]), self._room(window)
                n_sources, wrong = _begin(cells, begin, before)
                if wrong >= 0:
                    _refuse_source(wrong // cells.shape[1] + i, wrong % cells.shape[1] + j)
                if not isinstance(self.cost, np.ndarray):
                    self.cost[window] = before
                shortest = float(self.surface.step_lengths.min())
                self.widths[at] = bucket_width(cells, shortest)
                if n_sources:
                    self.waiting[at] = 0.0
        if not self.waiting:
            raise InvalidGridError("sources: no cell given; give at least one.")

    def _room(self, window: Window) -> NDArray[np.float64]:
        """Return the costs of a window to write into: their own place, if it is in memory."""
        if isinstance(self.cost, np.ndarray):
            return np.asarray(self.cost[window])
        return np.empty(tuple(part.stop - part.start for part in window))

    def work(self, threads: int, progress: Callable[[int, int], None] | None) -> None:
        """Compute the tiles that wait, the cheapest first, until none does."""
        running: dict[Future[dict[tuple[int, int], float]], tuple[tuple[int, int], _Desk]] = {}
        with ThreadPoolExecutor(threads) as pool:
            while self.waiting or running:
                busy = {at for at, _ in running.values()}
                while len(running) < threads and (at := self._next(busy)):
                    del self.waiting[at]
                    desk = self._desk(at, len(running))
                    running[pool.submit(self.visit, at, desk)] = at, desk
                    busy.add(at)
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    at, desk = running.pop(future)
                    self.kept[at] = desk
                    for other, since in future.result().items():
                        self.waiting[other] = min(since, self.waiting.get(other, np.inf))
                    self.visits += 1
                    if progress is not None:
                        progress(self.visits, len(self.waiting) + len(running))
        for at, desk in self.kept.items():
            self._put_down(at, desk)

    def work_elsewhere(
        self, executor: Executor, progress: Callable[[int, int], None] | None
    ) -> None:
        """Have workers compute the tiles that wait, the cheapest first, until none does."""
        running: dict[Future[_Visited], tuple[int, int]] = {}
        most = n_workers(executor)
        with at_hand(self.surface, executor) as handed:
            try:
                while self.waiting or running:
                    while len(running) < most and (at := self._next(set(running.values()))):
                        del self.waiting[at]
                        running[submit(executor, _visit_elsewhere, handed, *self._order(at))] = at
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        self._take(running.pop(future), answer_of(future))
                        if progress is not None:
                            progress(self.visits, len(self.waiting) + len(running))
            finally:
                for future in running:
                    future.cancel()

    def _order(self, at: tuple[int, int]) -> tuple[RasterPart, "_Tile"]:
        """Gather what a worker needs to compute a tile, beside the landscape."""
        window = self.windows[at]
        around = self._within(*(slice(side.start - 1, side.stop + 1) for side in window))
        tile = _Tile(at, window, self.widths[at], self.max_cost, at in self.begun)
        self.begun.add(at)
        return RasterPart(self.surface.shape, around, np.array(self.cost[around])), tile

    def _take(self, at: tuple[int, int], visited: "_Visited") -> None:
        cells, lower = visited
        self.cost[self.windows[at]] = cells
        for other, since in lower.items():
            self.waiting[other] = min(since, self.waiting.get(other, np.inf))
        self.visits += 1

    def _desk(self, at: tuple[int, int], n_in_use: int) -> "_Desk":
        """Return the desk a tile lies on, or a new one, or that of the tile not seen longest."""
        if at in self.kept:
            return self.kept.pop(at)
        if len(self.kept) + n_in_use < self.room:
            return _Desk(np.empty((_ARRAYS, (self.tile + 2) ** 2)))
        oldest = next(iter(self.kept))
        desk = self.kept.pop(oldest)
        self._put_down(oldest, desk)
        return _Desk(desk.cells)

    def _put_down(self, at: tuple[int, int], desk: "_Desk") -> None:
        """Write the inside of a tile, which nobody reads while it is kept in memory."""
        ground, known = desk.laid_out
        self.cost[self.windows[at]] = ground.cost.reshape(known.shape)[1:-1, 1:-1]

    def _next(self, busy: set[tuple[int, int]]) -> tuple[int, int] | None:
        """Return the tile at which the smallest cost waits and that is not being computed."""
        free = [at for at in self.waiting if at not in busy]
        return min(free, key=lambda at: (self.waiting[at], at), default=None)

    def visit(self, at: tuple[int, int], desk: "_Desk") -> dict[tuple[int, int], float]:
        """Compute one tile; return its neighbours that become cheaper, and from what cost on."""
        window = self.windows[at]
        if desk.ground is None:
            self._lay_out(window, desk)
        else:
            self._look_around(window, desk.known)
        ground, known = desk.laid_out
        seeds = _pour_in(ground, known, self.max_cost)
        if at not in self.begun:
            self.begun.add(at)
            seeds = np.concatenate([seeds, np.flatnonzero(ground.cost == 0)])
        if seeds.size:
            queue = self._free_queue()
            width = self.widths[at]
            queue = spread(ground, seeds, width=width, limit=self.max_cost, queue=queue)
            self.queues.append(queue)
            self._write_border(window, ground.cost.reshape(known.shape)[1:-1, 1:-1])
        lower = _pour_out(ground, known, self.max_cost)
        sides = ((i, j) for i in (-1, 0, 1) for j in (-1, 0, 1))
        return {
            (at[0] + i, at[1] + j): float(since)
            for (i, j), since in zip(sides, lower, strict=True)
            if since < np.inf
        }

    def _free_queue(self) -> Queue:
        try:
            # at once: between a look and a take, another thread may take the last one
            return self.queues.pop()
        except IndexError:
            return new_queue(1 << 12)

    def _write_border(self, window: Window, cells: NDArray[np.float64]) -> None:
        """Write the outermost cells of a tile, from which its neighbours go on."""
        rows, columns = window
        for row, inside in ((rows.start, 0), (rows.stop - 1, -1)):
            self.cost[row : row + 1, columns] = cells[inside][None, :]
        for column, inside in ((columns.start, 0), (columns.stop - 1, -1)):
            self.cost[rows, column : column + 1] = cells[:, inside][:, None]

    def _lay_out(self, window: Window, desk: "_Desk") -> None:
        """Read a tile and the cells around it.

        The ring of the ground belongs to other tiles: no cost may spread into it.
        """
        rows, columns = self._within(*(slice(k.start - 1, k.stop + 1) for k in window))
        row, column = rows.start - window[0].start + 1, columns.start - window[1].start + 1
        shape = (window[0].stop - window[0].start + 2, window[1].stop - window[1].start + 2)
        cells, known, cost = (part[: shape[0] * shape[1]].reshape(shape) for part in desk.cells)
        for part in (cells, known):
            for edge in (0, -1):
                part[edge], part[:, edge] = np.nan, np.nan
        resistance = np.asarray(self.surface.resistance[rows, columns])
        _place(resistance, np.asarray(self.cost[rows, columns]), (row, column), cells, cost)
        for edge in (0, -1):
            cost[edge], cost[:, edge] = np.nan, np.nan
        self._look_around(window, known)
        slot, factor = NO_SLOTS, NO_FACTORS
        if self.surface.factors is not None:
            found, factor = barrier_table(self.surface.factors(rows, columns))
            of_window = found.reshape(resistance.shape[0] + 2, -1)[1:-1, 1:-1]
            slots = np.full(shape, -1, np.int32)
            slots[row : row + of_window.shape[0], column : column + of_window.shape[1]] = of_window
            slot = slots.ravel()
        steps = offsets(shape[1], self.surface.neighbours)
        half = 0.5 * self.surface.step_lengths
        desk.ground = Ground(cells.ravel(), cost.ravel(), slot, factor, steps, half)
        desk.known = known

    def _look_around(self, window: Window, known: NDArray[np.float64]) -> None:
        """Read again what has become of the cells around a tile."""
        (top, bottom), (left, right) = ((k.start - 1, k.stop) for k in window)
        for part in (
            (slice(top, top + 1), slice(left, right + 1)),
            (slice(bottom, bottom + 1), slice(left, right + 1)),
            (slice(top, bottom + 1), slice(left, left + 1)),
            (slice(top, bottom + 1), slice(right, right + 1)),
        ):
            rows, columns = self._within(*part)
            if rows.start < rows.stop and columns.start < columns.stop:
                known[
                    rows.start - top : rows.stop - top, columns.start - left : columns.stop - left
                ] = self.cost[rows, columns]

    def _within(self, rows: slice, columns: slice) -> Window:
        """Cut a window down to what lies inside the raster."""
        n_rows, n_columns = self.surface.shape
        return (
            slice(max(rows.start, 0), min(rows.stop, n_rows)),
            slice(max(columns.start, 0), min(columns.stop, n_columns)),
        )


_Visited = tuple[NDArray[np.float64], dict[tuple[int, int], float]]


@dataclass(frozen=True)
class _Tile:
    """A tile for a worker: where it is, how wide its buckets are, how far to go, if it is new."""

    at: tuple[int, int]
    window: Window
    width: float
    max_cost: float
    begun: bool


def _visit_elsewhere(handed: TiledSurface, around: RasterPart, tile: _Tile) -> _Visited:
    """Compute a tile from costs that were sent; return its costs, and who becomes cheaper."""
    rows, columns = tile.window
    side = max(rows.stop - rows.start, columns.stop - columns.start)
    own = RasterPart(around.shape, around.window, around.cells.copy())
    alone = _Tiles(taken(handed), own, side, tile.max_cost, room=1)
    alone.windows[tile.at], alone.widths[tile.at] = tile.window, tile.width
    if tile.begun:
        alone.begun.add(tile.at)
    desk = _Desk(np.empty((_ARRAYS, (side + 2) ** 2)))
    lower = alone.visit(tile.at, desk)
    ground, known = desk.laid_out
    return np.ascontiguousarray(ground.cost.reshape(known.shape)[1:-1, 1:-1]), lower


@dataclass
class _Desk:
    """Room for one tile: its resistances, the costs known around it, and those found."""

    cells: NDArray[np.float64]
    ground: Ground | None = None
    known: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def laid_out(self) -> tuple[Ground, NDArray[np.float64]]:
        """The ground of the tile that lies here, and the costs known around it."""
        assert self.ground is not None
        return self.ground, self.known


@exact_kernel
def _place(
    resistance: NDArray[Any],
    known: NDArray[Any],
    corner: tuple[int, int],
    cells: NDArray[np.float64],
    cost: NDArray[np.float64],
) -> None:
    """Put a window into a tile's ring: resistances with NoData as NaN, costs too."""
    for i in range(known.shape[0]):
        for j in range(known.shape[1]):
            here = np.float64(resistance[i, j])
            beyond = not np.isfinite(here)
            cells[i + corner[0], j + corner[1]] = np.nan if beyond else here
            cost[i + corner[0], j + corner[1]] = np.nan if beyond else known[i, j]


@exact_kernel
def _begin(
    cells: NDArray[Any], begin: NDArray[Any], before: NDArray[np.float64]
) -> tuple[int, int]:
    """Write costs before any path is known.

    Returns how many sources there are, and the number of the first one on NoData, or -1. NaN is
    the NoData of sources that are read off a raster of numbers.
    """
    n_sources, wrong = 0, -1
    for i in range(cells.shape[0]):
        for j in range(cells.shape[1]):
            given = np.float64(begin[i, j])
            source, blank = abs(given) > 0, not np.isfinite(np.float64(cells[i, j]))
            before[i, j] = np.nan if blank else (0.0 if source else np.inf)
            if source:
                n_sources += 1
            if source and blank and wrong < 0:
                wrong = i * cells.shape[1] + j
    return n_sources, wrong


def _refuse_source(row: int, column: int) -> None:
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
