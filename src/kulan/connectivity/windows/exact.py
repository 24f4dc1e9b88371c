"""Omnidirectional connectivity: a circuit in a moving window around every target, summed."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.results import Failure
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import NO_LINKS, Links, Stencil, link_cells
from kulan.connectivity.kept_work import digest_of, keep, recall, unreadable
from kulan.connectivity.memory import Workers, check_memory, windows_need
from kulan.connectivity.windows.one_window import (
    PreparedWindow,
    prepare_window,
    window_current,
)
from kulan.connectivity.windows.sources import (
    Box,
    Condition,
    Targets,
    WindowRule,
    lay_targets,
    share_current,
)
from kulan.connectivity.workers import UNSOLVED, Report, answers, reason_of
from kulan.errors import InvalidGridError

Grid = NDArray[np.float64]
# windows that lie together are solved together: targets of squares of so many cells, at least
_LEAST_TILE_CELLS = 32


@dataclass(frozen=True)
class Omnidirectional:
    """Movement between every source and every target around it.

    Attributes
    ----------
    current
        Current through each cell, summed over all windows, A.
    flow_potential
        The same on an even landscape, where no cell and no barrier hinders; None where it was
        not asked for.
    n_windows
        Windows that carried a current.
    failures
        Targets, by cell number, whose window no solver could solve; they are left out.
    """

    current: Grid
    flow_potential: Grid | None
    n_windows: int
    failures: tuple[Failure, ...]

    @property
    def normalised(self) -> Grid:
        """Current over flow potential: above 1 where flow is concentrated, below where impeded.

        Zero where the flow potential is zero.
        """
        if self.flow_potential is None:
            raise InvalidGridError(
                "normalised current: the flow potential is not known. Ask for it with "
                "flow_potential=True."
            )
        even = self.flow_potential
        return np.divide(self.current, even, out=np.zeros_like(even), where=even > 0)


def omnidirectional_windows(  # noqa: PLR0913 - what, how, where and what to tell
    landscape: Stencil,
    strengths: Grid,
    rule: WindowRule,
    *,
    conditions: Sequence[Condition] = (),
    flow_potential: bool = True,
    solving: Solving | None = None,
    executor: Executor | None = None,
    report: Report | None = None,
    kept_in: Path | None = None,
) -> Omnidirectional:
    """Let current flow to every target from all sources around it, and sum the maps.

    The method is that of McRae et al. (2016) as Omniscape (Landau et al. 2021) carries it out:
    around each target, the cells within a radius are a circuit of their own. As much current as
    the target's strength enters it, shared out among its sources by theirs, and leaves at the
    target. Windows are solved exactly; one that no solver can solve is left out and reported.

    Parameters
    ----------
    landscape
        The linked cells, barriers and crossings included.
    strengths
        Strength of each source, shape (rows, columns), zero or NaN where there is none.
    rule
        How windows are laid.
    conditions
        What sources and targets must have in common to be linked.
    flow_potential
        Whether to find the flow on an even landscape too; it doubles the work.
    solving
        How to solve; for a sum of many maps a tolerance of 1e-3 changes them by about 1e-4.
    executor
        Where windows are solved: threads, processes or the workers of a Dask cluster; None for
        here. The answer is the same to the last bit.
    report
        Called with the number of targets done and that of all; what it raises ends the run.
    kept_in
        Folder where finished pieces are kept, so that a run that was stopped goes on from there
        and gives the same bytes. Pieces of other inputs are left alone. With an `executor`, all
        workers must see it.

    Raises
    ------
    InvalidFileError
        If a kept piece cannot be read.
    InvalidGridError
        If strengths or conditions do not cover the cells of the landscape, if a strength is
        negative or infinite, or if there is no target.

    References
    ----------
    McRae, B. H., Popper, K., Jones, A., Schindel, M., Buttrick, S., Hall, K., Unnasch, R. S. &
    Platt, J. (2016). Conserving Nature's Stage: mapping omnidirectional connectivity for
    resilient terrestrial landscapes in the Pacific Northwest. The Nature Conservancy, Portland.

    Landau, V. A., Shah, V. B., Anantharaman, R. & Hall, K. R. (2021). Omniscape.jl: software to
    compute omnidirectional landscape connectivity. Journal of Open Source Software 6, 2829.

    Examples
    --------
    >>> even = link_cells(np.ones((9, 9)))
    >>> flow = omnidirectional_windows(even, np.ones((9, 9)), WindowRule(radius_cells=3))
    >>> flow.n_windows, bool(np.allclose(flow.normalised, 1.0))
    (81, True)
    """
    strengths = checked_strengths(landscape, strengths, conditions)
    if not rule.compat:
        strengths = np.where(landscape.valid, strengths, 0.0)
    targets = lay_targets(strengths, landscape.valid, rule)
    if not len(targets):
        raise InvalidGridError(
            "sources: no block has a strength above zero. Lower the threshold, or check that "
            "sources lie on cells with data."
        )
    solving = solving or Solving()
    work = _Work(
        landscape,
        even_landscape(landscape, rule) if flow_potential else None,
        strengths,
        tuple(conditions),
        rule,
        _block_correction(landscape, strengths.shape, tuple(conditions), rule, solving),
        solving,
    )
    window, piece = (2 * rule.reach_cells + 1, work.piece_side + 2 * rule.reach_cells)
    need = windows_need(
        strengths.size,
        min(window**2, strengths.size),
        min(piece**2, strengths.size),
        Workers.of(executor),
        flow_potential=flow_potential,
    )
    check_memory(need, solving.most_memory_bytes)
    pieces = work.pieces(targets)
    tasks = ((piece, kept_in) for piece in pieces)
    with closing(answers(_solve_or_recall, tasks, executor, first_is_large=True)) as found:
        return _sum_up(found, strengths.shape, len(targets), flow_potential, report)


def checked_strengths(
    landscape: Stencil, strengths: Grid, conditions: Sequence[Condition] = ()
) -> Grid:
    """Return the strengths with NaN as zero, or refuse them.

    Parameters
    ----------
    landscape
        The linked cells.
    strengths
        Strength of each source.
    conditions
        Conditions, which must cover the same cells.

    Raises
    ------
    InvalidGridError
        If shapes differ, or a strength is negative or infinite.
    """
    shapes = [("sources", strengths.shape)]
    shapes += [
        ("a condition", values.shape) for one in conditions for values in (one.sources, one.targets)
    ]
    for name, shape in shapes:
        if shape != landscape.shape:
            raise InvalidGridError(
                f"{name}: {shape} cells, but the landscape has {landscape.shape}. "
                "Resample one onto the cells of the other."
            )
    filled = np.where(np.isnan(strengths), 0.0, strengths).astype(np.float64)
    bad = ~np.isfinite(filled) | (filled < 0)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise InvalidGridError(
            f"sources: a strength of {filled[row, column]:g} in row {row}, column {column}, "
            "counted from 0 in the north-west. Strengths are zero or more; give NoData as NaN."
        )
    return filled


def even_landscape(landscape: Stencil, rule: WindowRule) -> Stencil:
    """Return the landscape in which every cell conducts alike and no barrier stands.

    NoData stays NoData, unless `rule` asks to be compatible: Omniscape fills it.
    """
    diagonal = bool(landscape.weights[:, 2:].any())
    cells = np.ones(landscape.shape) if rule.compat else landscape.valid.astype(np.float64)
    return link_cells(cells, neighbours=8 if diagonal else 4)


# --- pieces of work -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Work:
    """All that windows need, of the whole landscape or of a part of it."""

    landscape: Stencil
    even: Stencil | None
    strengths: Grid
    conditions: tuple[Condition, ...]
    rule: WindowRule
    correction: Grid | None
    solving: Solving

    @property
    def piece_side(self) -> int:
        """Rows and columns of the squares by which targets are divided."""
        return max(self.rule.reach_cells, 4 * self.rule.block_cells, _LEAST_TILE_CELLS)

    def pieces(self, targets: Targets) -> Iterator["_Piece"]:
        """Divide targets by squares, each with the part of the landscape its windows cover."""
        side, columns = self.piece_side, self.strengths.shape[1]
        square = (targets.rows // side) * (columns // side + 1) + targets.columns // side
        for number in np.unique(square):
            chosen = np.flatnonzero(square == number)
            yield self._piece(targets, chosen)

    def _piece(self, targets: Targets, chosen: NDArray[np.int64]) -> "_Piece":
        reach = self.rule.reach_cells + self.rule.block_cells
        rows, columns = targets.rows[chosen], targets.columns[chosen]
        top, left = max(int(rows.min()) - reach, 0), max(int(columns.min()) - reach, 0)
        bottom = min(int(rows.max()) + reach + 1, self.strengths.shape[0])
        right = min(int(columns.max()) + reach + 1, self.strengths.shape[1])
        part = (slice(top, bottom), slice(left, right))
        work = _Work(
            _part_of(self.landscape, *part),
            None if self.even is None else _part_of(self.even, *part),
            self.strengths[part],
            tuple(condition.part(*part) for condition in self.conditions),
            self.rule,
            self.correction,
            self.solving,
        )
        return _Piece(work, targets.moved(chosen, top, left), top, left, self.strengths.shape[1])


@dataclass(frozen=True)
class _Piece:
    """Targets that lie together, and where their part of the landscape begins."""

    work: _Work
    targets: Targets
    top: int
    left: int
    n_columns: int


@dataclass(frozen=True)
class _Answer:
    """Currents of a piece, where they belong, and how many windows carried one."""

    top: int
    left: int
    current: Grid
    potential: Grid | None
    n_targets: int
    n_windows: int
    failures: tuple[Failure, ...]


def _part_of(landscape: Stencil, rows: slice, columns: slice) -> Stencil:
    weights = landscape.weights[rows.start : rows.stop + 2, :, columns.start : columns.stop + 2]
    valid = landscape.valid[rows, columns]
    links = landscape.links
    if not len(links):
        return Stencil(weights, valid, NO_LINKS)
    ends = []
    inside = np.ones(len(links), bool)
    for places in (links.first, links.second):
        i, j = np.divmod(places, landscape.shape[1])
        i, j = i - rows.start, j - columns.start
        inside &= (i >= 0) & (i < valid.shape[0]) & (j >= 0) & (j < valid.shape[1])
        ends.append(i * valid.shape[1] + j)
    kept = Links(ends[0][inside], ends[1][inside], links.conductance[inside])
    return Stencil(weights, valid, kept)


def _solve_or_recall(piece: _Piece, folder: Path | None) -> _Answer:
    """Solve a piece, or take its answer from a run before; one with failures is not kept."""
    if folder is None:
        return _solve_piece(piece)
    name = _digest(piece)
    kept = recall(folder, name)
    if kept is None:
        answer = _solve_piece(piece)
        if not answer.failures:
            keep(folder, name, _as_arrays(answer))
        return answer
    try:
        return _from_arrays(kept, piece)
    except KeyError as error:
        raise unreadable(folder / f"{name}.npz", error) from error


def _as_arrays(answer: _Answer) -> dict[str, NDArray[Any]]:
    return {
        "current": answer.current,
        "potential": np.zeros(0) if answer.potential is None else answer.potential,
        "n_windows": np.array(answer.n_windows),
    }


def _from_arrays(kept: dict[str, NDArray[Any]], piece: _Piece) -> _Answer:
    potential = kept["potential"] if piece.work.even is not None else None
    found = (kept["current"], potential, len(piece.targets), int(kept["n_windows"]))
    return _Answer(piece.top, piece.left, *found, failures=())


def _digest(piece: _Piece) -> str:
    """Name a piece by all that its answer depends on."""
    work, targets = piece.work, piece.targets
    parts: list[object] = [work.rule, work.solving.numerics, piece.top, piece.left, piece.n_columns]
    parts += [work.strengths, work.correction, *vars(targets).values()]
    for landscape in (work.landscape, work.even):
        if landscape is None:
            parts.append(None)
        else:
            parts += [landscape.weights, landscape.valid, *vars(landscape.links).values()]
    for one in work.conditions:
        parts += [one.sources, one.targets, one.within]
    return digest_of(*parts)


def _solve_piece(piece: _Piece) -> _Answer:
    """Solve the windows of a piece, in order."""
    work, targets = piece.work, piece.targets
    current = np.zeros(work.strengths.shape)
    potential = None if work.even is None else np.zeros_like(current)
    n_windows, failures = 0, []
    even_windows: dict[tuple[int, int], PreparedWindow] = {}
    for k in range(len(targets)):
        box, amps = share_current(work.strengths, work.conditions, targets, k, work.rule)
        factor = 1.0 if work.correction is None else _placed(work.correction, box, work.rule)
        try:
            disc = box.of(work.rule.disc)
            window = prepare_window(work.landscape, box.top, box.left, disc, work.solving)
            flow = window_current(window, box.row, box.column, amps, work.solving)
            even = None
            if work.even is not None:
                even = _even_current(work, box, amps, even_windows)
        except UNSOLVED as problem:
            row, column = piece.top + int(targets.rows[k]), piece.left + int(targets.columns[k])
            cell = row * piece.n_columns + column
            attempts = getattr(problem, "attempts", ())
            failures.append(Failure(cell, cell, reason_of(problem), attempts))
            continue
        if flow is not None:
            n_windows += 1
            current[box.cells] += flow * factor
        if potential is not None and even is not None:
            potential[box.cells] += even * factor
    return _Answer(
        piece.top, piece.left, current, potential, len(targets), n_windows, tuple(failures)
    )


def _even_current(
    work: _Work, box: Box, amps: Grid, kept: dict[tuple[int, int], PreparedWindow]
) -> Grid | None:
    """Solve a window on the even landscape; whole windows of one shape are prepared once."""
    assert work.even is not None
    disc = box.of(work.rule.disc)
    if work.rule.compat:
        disc = np.ones(box.shape, bool)
    usual = box.shape == work.rule.disc.shape
    whole = (usual or bool(work.rule.compat)) and bool(work.even.valid[box.cells][disc].all())
    window = kept.get(box.shape) if whole else None
    if window is None:
        window = prepare_window(work.even, box.top, box.left, disc, work.solving)
        if whole:
            kept[box.shape] = window
    return window_current(window, box.row, box.column, amps, work.solving)


def _sum_up(
    found: Iterator[_Answer],
    shape: tuple[int, ...],
    n_targets: int,
    flow_potential: bool,
    report: Report | None,
) -> Omnidirectional:
    """Add the pieces up in their order, so that the sum does not depend on who solved them."""
    current = np.zeros(shape)
    potential = np.zeros(shape) if flow_potential else None
    n_windows, n_done = 0, 0
    failures: list[Failure] = []
    for answer in found:
        rows, columns = answer.current.shape
        part = (
            slice(answer.top, answer.top + rows),
            slice(answer.left, answer.left + columns),
        )
        current[part] += answer.current
        if potential is not None and answer.potential is not None:
            potential[part] += answer.potential
        n_windows += answer.n_windows
        n_done += answer.n_targets
        failures.extend(answer.failures)
        if report is not None:
            report(n_done, n_targets)
    return Omnidirectional(current, potential, n_windows, tuple(failures))


# --- the pattern of blocks ------------------------------------------------------------------------


def _block_correction(
    landscape: Stencil,
    shape: tuple[int, ...],
    conditions: tuple[Condition, ...],
    rule: WindowRule,
    solving: Solving,
) -> Grid | None:
    """Compare single cells with a block of them on an even landscape: what to multiply maps by.

    A block's current flows to one cell in its middle, so that it is too strong there. The factor
    is what its cells would carry as targets of their own, over what the block carries.
    """
    if rule.block_cells == 1 or not rule.correct_blocks:
        return None
    reach, side = rule.reach_cells, 2 * rule.reach_cells + 1
    diagonal = bool(landscape.weights[:, 2:].any())
    even = link_cells(np.ones((side, side)), neighbours=8 if diagonal else 4)
    window = prepare_window(even, 0, 0, rule.disc, solving)
    middle = np.array([reach])
    ones = np.ones((side, side))
    alone = WindowRule(rule.radius_cells, 1, rule.buffer_cells)
    one = Targets(middle, middle, middle, middle, np.ones(1))
    block = Targets(middle, middle, middle, middle, np.array([float(rule.block_cells**2)]))
    # Omniscape matches the sources of this comparison with the landscape's north-western corner
    corner = (slice(0, side), slice(0, side))
    compared: tuple[Condition, ...] = ()
    if rule.compat and min(shape) >= side:
        compared = tuple(condition.part(*corner) for condition in conditions)
    singly = window_current(
        window, reach, reach, share_current(ones, (), one, 0, alone)[1], solving
    )
    blocked = window_current(
        window, reach, reach, share_current(ones, compared, block, 0, rule)[1], solving
    )
    if singly is None or blocked is None:
        return None
    half = rule.half_block_cells
    total = np.zeros((side + 2 * half, side + 2 * half))
    for i in range(rule.block_cells):
        for j in range(rule.block_cells):
            total[i : i + side, j : j + side] += singly
    total = total[half : half + side, half : half + side]
    factor = np.ones((side, side))
    return np.divide(total, blocked, out=factor, where=(blocked > 0) & (total > 0))


def _placed(correction: Grid, box: Box, rule: WindowRule) -> Grid:
    """Cut the correction to a window."""
    rows, columns = box.shape
    side = correction.shape[0]
    top, left = rule.reach_cells - box.row, rule.reach_cells - box.column
    if rule.compat:
        # the program takes a window that both edges cut to be cut by the farther one only
        top = 0 if top + rows < side else top
        left = 0 if left + columns < side else left
    return correction[top : top + rows, left : left + columns]
