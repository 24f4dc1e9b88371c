"""Omnidirectional connectivity of all targets at once: currents of random sign, solved globally."""

from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.results import Failure
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Stencil
from kulan.connectivity.kept_work import digest_of, keep, recall
from kulan.connectivity.memory import Workers, check_memory, random_signs_need
from kulan.connectivity.windows.exact import checked_strengths, even_landscape
from kulan.connectivity.windows.sources import WindowRule
from kulan.connectivity.workers import (
    UNSOLVED,
    Progress,
    Report,
    answers,
    at_hand,
    reason_of,
    taken,
    works_here,
)
from kulan.errors import InvalidGridError, NotSolvedError

Grid = NDArray[np.float64]
_QUICK = Solving(tolerance=1e-4)


@dataclass(frozen=True)
class RandomFlow:
    """Movement in all directions, estimated from draws of random signs.

    Attributes
    ----------
    current
        Root mean square over the draws of the current through each cell, A.
    current_se
        Its standard error, A.
    flow_potential, flow_potential_se
        The same on an even landscape with the same signs; None where not asked for.
    normalised, normalised_se
        Current over flow potential, and its standard error; 0 where the flow potential is 0.
    n_draws
        Draws the estimates rest on.
    failures
        Draws, counted from 1, that no solver could solve; they are left out.
    """

    current: Grid
    current_se: Grid
    flow_potential: Grid | None
    flow_potential_se: Grid | None
    normalised: Grid | None
    normalised_se: Grid | None
    n_draws: int
    failures: tuple[Failure, ...] = ()


def omnidirectional_random(  # noqa: PLR0913 - what, how, where and what to tell
    landscape: Stencil,
    strengths: Grid,
    *,
    radius_cells: int,
    rng: np.random.Generator,
    n_draws: int = 64,
    flow_potential: bool = True,
    solving: Solving = _QUICK,
    executor: Executor | None = None,
    report: Report | None = None,
    kept_in: Path | None = None,
) -> RandomFlow:
    r"""Estimate the flow between all sources and the targets around them by a few global solves.

    The circuits of all targets are added with random signs and solved as one. With independent
    signs, what two targets have in common cancels in the mean, and the mean square of the current
    along a link is the sum over targets of the squares of theirs:

    .. math:: E \left( \sum_t \xi_t I_t \right)^2 = \sum_t I_t^2

    The work does not grow with the radius, nor with the number of targets. It is not the map of
    `omnidirectional_windows`: it adds targets up as squares, not as they are, and does not cut
    current at the rim of a window, so that its values are lower and its ranking nearly but not
    quite the same. Use it to look, and windows to report.

    Parameters
    ----------
    landscape
        The linked cells, barriers and crossings included.
    strengths
        Strength of each source, shape (rows, columns), zero or NaN where there is none.
    radius_cells
        Sources lie at most so far from their target, cells. Every source is a target: blocks
        would save nothing.
    rng
        Source of the signs, such as `numpy.random.default_rng(1)`.
    n_draws
        Draws, at least 2; the standard error falls with their square root. At 64 it is about 3 %
        of a cell's value.
    flow_potential
        Whether to solve an even landscape too; it doubles the work.
    solving
        How to solve.
    executor
        Solves several draws at once: threads, processes or the workers of a Dask cluster; None for
        one after the other. The result is the same to the last bit.
    report
        Called with the number of draws done and that of all; what it raises ends the run.
    kept_in
        Folder where finished draws are kept, so that a run that was stopped goes on from there
        and gives the same bytes; it must be started with a generator of the same state. With an
        `executor`, all workers must see it.

    Raises
    ------
    InvalidGridError
        If strengths do not fit the landscape, there is nothing to link, or draws are too few.
    InvalidFileError
        If a kept draw cannot be read.
    TooLargeError
        If it is estimated to need more memory than there is, or than `solving` allows.
    NotSolvedError
        If fewer than two draws could be solved; a draw that fails otherwise is left out.

    References
    ----------
    Hutchinson, M. F. (1990). A stochastic estimator of the trace of the influence matrix for
    Laplacian smoothing splines. Communications in Statistics - Simulation and Computation 19,
    433-450.
    """
    if n_draws < 2:
        raise InvalidGridError(f"n_draws: {n_draws} found; a standard error needs at least 2.")
    need = random_signs_need(
        landscape.valid.size, Workers.of(executor), flow_potential=flow_potential
    )
    check_memory(need, solving.most_memory_bytes)
    rule = WindowRule(radius_cells)
    sources = np.where(landscape.valid, checked_strengths(landscape, strengths), 0.0)
    circuits = [RasterCircuit(landscape, solving=solving)]
    if flow_potential:
        circuits.append(RasterCircuit(even_landscape(landscape, rule), solving=solving))
    exchanges = _exchanges(circuits, sources, radius_cells)
    draws = _Draws(tuple(circuits), exchanges)
    run = None if kept_in is None else (kept_in, draws.digest(sources, radius_cells))
    if works_here(executor):
        draws.prepare()
    sums, failures = _sum_draws(draws, rng, n_draws, executor, Progress(report, n_draws), run)
    n = n_draws - len(failures)
    if n < 2:
        raise NotSolvedError(f"{n} of {n_draws} draws were solved: {failures[0].reason}")
    estimates = _estimates(sums / n, n, flow_potential=flow_potential)
    return replace(estimates, failures=failures)


def _sum_draws(
    draws: "_Draws",
    rng: np.random.Generator,
    n_draws: int,
    executor: Executor | None,
    progress: Progress,
    run: tuple[Path, str] | None,
) -> tuple[Grid, tuple[Failure, ...]]:
    """Add up the squares of draws, and tell those that failed."""
    shape = draws.circuits[0].stencil.shape
    sums, failures = np.zeros((5, *shape)), []
    with at_hand(draws, executor) as handed:
        tasks = ((handed, _signs(rng, shape), run) for _ in range(n_draws))
        with closing(answers(_solve_draw, tasks, executor)) as found:
            for draw, (squares, problem) in enumerate(found, start=1):
                if problem:
                    failures.append(Failure(draw, draw, problem))
                else:
                    _add(squares, sums)
                progress.step()
    return sums, tuple(failures)


def _exchanges(
    circuits: list[RasterCircuit], sources: Grid, radius_cells: int
) -> tuple["_Exchange", ...]:
    """Match sources in every landscape; refuse where none has another within reach."""
    found: tuple[_Exchange, ...] = ()
    if sources.any():
        found = tuple(_Exchange.between(circuit, sources, radius_cells) for circuit in circuits)
    if not found or not found[0].parts:
        raise InvalidGridError(
            f"sources: none has another within {radius_cells} cells that it can reach. "
            "Widen the radius, or check the strengths."
        )
    return found


def _signs(rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Draw signs, one bit for each cell."""
    return np.packbits(rng.choice(np.array([-1.0, 1.0]), shape) > 0)


def _add(squares: list[Grid], sums: Grid) -> None:
    """Add the squares of one draw, their squares and their product to running sums."""
    for k, square in enumerate(squares):
        sums[2 * k] += square
        sums[2 * k + 1] += square**2
    if len(squares) == 2:
        sums[4] += squares[0] * squares[1]


@dataclass(frozen=True)
class _Draws:
    """All that a draw needs beside its signs: the landscape and, if asked for, the even one."""

    circuits: tuple[RasterCircuit, ...]
    exchanges: tuple["_Exchange", ...]

    def prepare(self) -> None:
        """Do now what the first draw would do, so that threads need not do it twice."""
        for circuit in self.circuits:
            n_nodes = int(circuit.stencil.valid.sum())
            if circuit.solving.order(n_nodes, raster=True)[0] == "multigrid":
                circuit.prepare()

    def digest(self, sources: Grid, radius_cells: int) -> str:
        """Name all that a draw depends on beside its signs."""
        parts: list[object] = [sources, radius_cells]
        for circuit in self.circuits:
            stencil = circuit.stencil
            parts += [stencil.weights, stencil.valid, *vars(stencil.links).values()]
            parts.append(circuit.solving.numerics)
        return digest_of(*parts)

    def squares(self, signs: Grid) -> list[Grid]:
        """Return the square of the current through each cell, A², of each landscape."""
        return [
            _through_current(circuit, exchange.injection(signs)) ** 2
            for circuit, exchange in zip(self.circuits, self.exchanges, strict=True)
        ]


def _solve_draw(
    handed: _Draws, bits: NDArray[np.uint8], run: tuple[Path, str] | None
) -> tuple[list[Grid], str]:
    """Solve one draw, or take it from a run before; say why where it fails."""
    draws = taken(handed)
    name = "" if run is None else digest_of(run[1], bits)
    if run is not None and (kept := recall(run[0], name)) is not None:
        return [kept[key] for key in sorted(kept)], ""
    shape = draws.circuits[0].stencil.shape
    up = np.unpackbits(bits, count=shape[0] * shape[1]).reshape(shape)
    signs = np.where(up == 1, 1.0, -1.0)
    try:
        squares = draws.squares(signs)
    except UNSOLVED as problem:
        return [], reason_of(problem)
    if run is not None:
        keep(run[0], name, {f"landscape {k}": square for k, square in enumerate(squares)})
    return squares, ""


def _through_current(circuit: RasterCircuit, amps: Grid) -> Grid:
    places = np.flatnonzero(amps)
    injection = Injection(places, amps.reshape(-1)[places])
    solution = circuit.solve(injection)
    return circuit.plain(circuit.current_map(circuit.empty(), solution.potential, injection))


def _estimates(moments: Grid, n: int, *, flow_potential: bool) -> RandomFlow:
    """Turn mean squares, and means of their products, into estimates with standard errors.

    With m the mean of the squares and v their variance, the error of √m is √(v / (n - 1)) / 2√m.
    """
    current, relative = _root(moments[0], moments[1], n)
    if not flow_potential:
        return RandomFlow(current, current * relative, None, None, None, None, n)
    even, relative_even = _root(moments[2], moments[3], n)
    both = moments[0] * moments[2]
    shared = np.divide(moments[4] - both, both, out=np.zeros_like(both), where=both > 0)
    ratio = np.divide(current, even, out=np.zeros_like(even), where=even > 0)
    # both estimates use the same signs, and what they have in common cancels in the ratio
    variance = relative**2 + relative_even**2 - 0.5 * shared / (n - 1)
    ratio_se = ratio * np.sqrt(np.maximum(variance, 0.0))
    return RandomFlow(current, current * relative, even, even * relative_even, ratio, ratio_se, n)


def _root(mean: Grid, mean_square: Grid, n: int) -> tuple[Grid, Grid]:
    """Return the root of a mean, and the standard error of the root as a share of it."""
    spread = np.maximum(mean_square - mean**2, 0.0)
    relative = np.divide(spread, mean**2, out=np.zeros_like(mean), where=mean > 0)
    return np.sqrt(mean), 0.5 * np.sqrt(relative / (n - 1))


# --- currents for any signs -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Exchange:
    """Sources that can reach each other, part by part, ready for any signs.

    Attributes
    ----------
    shape
        Rows and columns of the landscape.
    parts
        Its connected parts that hold two sources or more.
    """

    shape: tuple[int, int]
    parts: tuple["_Part", ...]

    @classmethod
    def between(cls, circuit: RasterCircuit, sources: Grid, radius_cells: int) -> "_Exchange":
        """Match every source with those within the radius of it."""
        labels = circuit.parts.reshape(sources.shape)
        whole = _Part.covering(sources, np.zeros_like(sources), radius_cells)
        shares = np.zeros_like(sources)
        np.divide(
            whole.sources,
            whole.reached,
            out=shares[whole.window],
            where=(whole.reached > 0) & (whole.sources > 0),
        )
        parts = []
        for label in np.unique(labels[sources > 0]):
            inside = np.where(labels == label, sources, 0.0)
            if label > 0 and np.count_nonzero(inside) > 1:
                part = _Part.covering(inside, shares, radius_cells)
                if (part.reached * part.shares * part.sources).any():
                    parts.append(part)
        return cls(circuit.stencil.shape, tuple(parts))

    def injection(self, signs: Grid) -> Grid:
        """Return the current into each cell, A."""
        amps = np.zeros(self.shape)
        for part in self.parts:
            amps[part.window] += part.injection(signs[part.window])
        return amps


@dataclass(frozen=True)
class _Part:
    """Sources of one part of the landscape, each the target of those around it.

    Attributes
    ----------
    window
        The rows and columns that hold them.
    sources
        Their strengths, zero elsewhere.
    shares
        What each source sends to the target in a cell, for each unit of its strength.
    reached
        Strength of all sources of the part within the radius of each cell, its own left out.
    radius_cells
        The radius.
    disc, padded
        Spectrum of the disc, and the shape it was taken on.
    """

    window: tuple[slice, slice]
    sources: Grid
    shares: Grid
    reached: Grid
    radius_cells: int
    disc: NDArray[np.complex128]
    padded: tuple[int, int]

    @classmethod
    def covering(cls, sources: Grid, shares: Grid, radius_cells: int) -> "_Part":
        """Cut out the window that holds all sources."""
        from scipy.fft import next_fast_len, rfft2  # noqa: PLC0415 - only this method needs it

        rows, columns = np.nonzero(sources)
        window = (
            slice(int(rows.min()), int(rows.max()) + 1),
            slice(int(columns.min()), int(columns.max()) + 1),
        )
        part = sources[window]
        height, width = (next_fast_len(size + 2 * radius_cells, real=True) for size in part.shape)
        disc = rfft2(WindowRule(radius_cells).disc.astype(np.float64), (height, width), workers=1)
        bare = cls(
            window, part, shares[window], np.zeros_like(part), radius_cells, disc, (height, width)
        )
        reached = bare.around(part) - part
        # what is left of a sum of nothing after the transforms counts as nothing
        reached[reached < 1e-9 * part.max()] = 0.0
        return replace(bare, reached=reached)

    def around(self, values: Grid) -> Grid:
        """Sum values over the disc around each cell."""
        from scipy.fft import irfft2, rfft2  # noqa: PLC0415 - only this method needs it

        summed = irfft2(rfft2(values, self.padded, workers=1) * self.disc, self.padded, workers=1)
        rows, columns = values.shape
        reach = self.radius_cells
        return np.asarray(summed[reach : reach + rows, reach : reach + columns])

    def injection(self, signs: Grid) -> Grid:
        """Return the current into each cell for one draw of signs, A."""
        sent = np.where(self.sources > 0, signs * self.shares, 0.0)
        amps = self.sources * (self.around(sent) - sent) - sent * self.reached
        # what rounding leaves over is spread, so that nothing enters that cannot leave
        size = np.abs(amps)
        total = float(size.sum())
        return amps - amps.sum() * size / total if total > 0 else amps
