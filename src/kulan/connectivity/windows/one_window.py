"""One circuit per window: its links cut out of the landscape, solved, and its currents found."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.conjugate_gradients import Mask, conjugate_gradients
from kulan.connectivity.circuits.flows import add_link_flow, through_flow
from kulan.connectivity.circuits.multigrid import NO_SHIFT, Multigrid, build_multigrid
from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.solving import SolverName, Solving
from kulan.connectivity.circuits.stencil import NO_LINKS, Links, Stencil, components
from kulan.connectivity.kernels import Floats, kernel
from kulan.connectivity.preconditioning import FILLING
from kulan.errors import NotSolvedError

Grid = NDArray[np.float64]


@dataclass(frozen=True)
class PreparedWindow:
    """A window ready to solve, for any sources whose current flows to one of its cells.

    Attributes
    ----------
    stencil
        Its links; all cells outside the disc are empty.
    part
        Connected part of each cell from 1, 0 for cells outside; None where all are one part.
    multigrid
        The preconditioner.
    """

    stencil: Stencil
    part: NDArray[np.int32] | None
    multigrid: Multigrid


def prepare_window(
    landscape: Stencil, top: int, left: int, disc: NDArray[np.bool_], solving: Solving
) -> PreparedWindow:
    """Cut a window out of a landscape.

    Parameters
    ----------
    landscape
        The linked cells.
    top, left
        Where the window begins, row and column.
    disc
        The cells that belong to the window, shape (rows, columns).
    solving
        How precisely to keep the multigrid.
    """
    rows, columns = disc.shape
    weights = np.zeros((rows + 2, 4, columns + 2))
    largest, smallest, gaps = _cut(landscape.weights, disc, top, left, weights)
    diagonal = bool(landscape.weights[:, 2:].any()) if gaps else True
    valid = landscape.valid[top : top + rows, left : left + columns] & disc
    stencil = Stencil(weights, valid, _links_within(landscape, top, left, disc))
    part = None
    if gaps or valid.sum() != disc.sum():
        part = components(stencil)
    filled = np.zeros(weights.shape, np.float64 if solving.precise_multigrid else np.float32)
    if largest > 0:
        _fill(weights, largest, FILLING * smallest / largest, diagonal, filled)
    else:
        _fill(weights, 1.0, 1.0, diagonal, filled)
    dtype = np.float64 if solving.precise_multigrid else np.float32
    return PreparedWindow(stencil, part, build_multigrid(filled, NO_SHIFT, dtype=dtype))


def window_current(
    window: PreparedWindow, row: int, column: int, amps: Grid, solving: Solving
) -> Grid | None:
    """Find the current through each cell of a window while all sources flow to its target.

    Sources that have no way to the target send nothing.

    Parameters
    ----------
    window
        The window.
    row, column
        The target.
    amps
        Current of each source, A, shape (rows, columns).
    solving
        How to solve; the other solvers are tried where multigrid fails.

    Returns
    -------
    NDArray or None
        Current through each cell, A; None where no source reaches the target.

    Raises
    ------
    NotSolvedError
        If no solver succeeds.
    """
    stencil = window.stencil
    if not stencil.valid[row, column]:
        return None
    reached = stencil.valid
    if window.part is not None:
        reached = window.part == window.part[row, column]
    injection = np.zeros((amps.shape[0] + 2, amps.shape[1] + 2))
    inner = injection[1:-1, 1:-1]
    inner[:] = np.where(reached, amps, 0.0)
    inner[row, column] = 0.0
    total = float(inner.sum())
    if total <= 0:
        return None
    inner[row, column] = -total
    potential = _potential(window, injection, reached, solving)
    if potential is None:
        return _by_other_solvers(window, inner, solving)
    flow = np.zeros_like(injection)
    through_flow(stencil.weights, np.zeros_like(potential), potential, 0.0, flow)
    flow += 0.5 * np.abs(injection)
    links = _ringed(stencil.links, stencil.shape)
    if len(links):
        v, flat = potential.reshape(-1), flow.reshape(-1)
        half = 0.5 * np.abs(links.conductance * (v[links.first] - v[links.second]))
        np.add.at(flat, links.first, half)
        np.add.at(flat, links.second, half)
    return flow[1:-1, 1:-1]


def _potential(
    window: PreparedWindow, injection: Grid, reached: NDArray[np.bool_], solving: Solving
) -> Grid | None:
    """Solve by multigrid; None where it does not reach the tolerance."""
    if solving.solvers and "multigrid" not in solving.solvers:
        return None
    stencil = window.stencil
    mask: Mask = np.zeros(injection.shape, np.uint8)
    mask[1:-1, 1:-1] = reached
    links = _ringed(stencil.links, stencil.shape)

    def bridge(potential: Grid, flow: Grid) -> None:
        add_link_flow(
            links.first, links.second, links.conductance, potential.reshape(-1), flow.reshape(-1)
        )
        flow *= mask

    found = conjugate_gradients(
        stencil.weights,
        NO_SHIFT,
        injection.copy(),
        multigrid=window.multigrid,
        active=mask,
        add_flow=bridge if len(links) else None,
        tolerance=solving.tolerance,
        most_iterations=solving.most_iterations,
    )
    return found.potential if found.converged else None


def _by_other_solvers(window: PreparedWindow, amps: Grid, solving: Solving) -> Grid:
    others: tuple[SolverName, ...] = ("direct", "pyamg")
    if solving.solvers:
        others = tuple(one for one in solving.solvers if one != "multigrid")
    if not others:
        raise NotSolvedError(
            f"multigrid did not balance the currents to {solving.tolerance:g} of the injection in "
            f"{solving.most_iterations} iterations, and no other solver is allowed. Leave "
            "`solvers` empty, or raise `tolerance` or `most_iterations`."
        )
    circuit = RasterCircuit(window.stencil, solving=replace(solving, solvers=others))
    places = np.flatnonzero(amps)
    injection = Injection(places, amps.reshape(-1)[places])
    solution = circuit.solve(injection)
    return circuit.plain(circuit.current_map(circuit.empty(), solution.potential, injection))


def _links_within(landscape: Stencil, top: int, left: int, disc: NDArray[np.bool_]) -> Links:
    """Links of the landscape whose two ends lie in a window, numbered by its cells."""
    links = landscape.links
    if not len(links):
        return NO_LINKS
    rows, columns = disc.shape
    numbers, inside = [], np.ones(len(links), bool)
    for ends in (links.first, links.second):
        i, j = np.divmod(ends, landscape.shape[1])
        i, j = i - top, j - left
        here = (i >= 0) & (i < rows) & (j >= 0) & (j < columns)
        here[here] = disc[i[here], j[here]]
        inside &= here
        numbers.append(i * columns + j)
    first, second = numbers
    return Links(first[inside], second[inside], links.conductance[inside])


def _ringed(links: Links, shape: tuple[int, int]) -> Links:
    """Renumber the ends of links for a grid with a ring of one cell."""
    if not len(links):
        return links
    columns = shape[1]
    first, second = (
        (ends // columns + 1) * (columns + 2) + ends % columns + 1
        for ends in (links.first, links.second)
    )
    return Links(first, second, links.conductance)


@kernel
def _cut(
    landscape: Floats, disc: NDArray[np.bool_], top: int, left: int, weights: Floats
) -> tuple[float, float, bool]:
    """Copy the links between cells of a window; return the largest, the smallest, and any gap."""
    rows, columns = disc.shape
    largest, smallest, gaps = 0.0, np.inf, False
    for i in range(rows):
        for j in range(columns):
            if not disc[i, j]:
                continue
            for k in range(4):
                down = 1 if k > 0 else 0
                right = 1 if k in (0, 2) else (-1 if k == 3 else 0)
                if i + down >= rows or j + right >= columns or j + right < 0:
                    continue
                if not disc[i + down, j + right]:
                    continue
                value = landscape[top + i + 1, k, left + j + 1]
                weights[i + 1, k, j + 1] = value
                if value > 0.0:
                    largest = max(largest, value)
                    smallest = min(smallest, value)
                elif k < 2:
                    gaps = True
    return largest, smallest, gaps


@kernel
def _fill(weights: Floats, scale: float, filling: float, diagonal: bool, filled: Floats) -> None:
    """Scale all links, and fill those that are missing a little."""
    rows, columns = weights.shape[0] - 2, weights.shape[2] - 2
    for i in range(1, rows + 1):
        for k in range(4 if diagonal else 2):
            down = 1 if k > 0 else 0
            right = 1 if k in (0, 2) else (-1 if k == 3 else 0)
            if i + down > rows:
                continue
            for j in range(1, columns + 1):
                if j + right >= 1 and j + right <= columns:
                    filled[i, k, j] = max(weights[i, k, j] / scale, filling)
