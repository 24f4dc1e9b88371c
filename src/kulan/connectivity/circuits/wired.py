"""Circuits wired as one likes: currents that enter here, and grounds they leave by there."""

from dataclasses import dataclass

import numpy as np

from kulan.connectivity.circuits.flows import check_drop_below
from kulan.connectivity.circuits.raster_circuit import Grid, Injection, RasterCircuit
from kulan.connectivity.circuits.results import Polygons
from kulan.connectivity.circuits.sites import merge
from kulan.connectivity.circuits.solving import Attempt, Solving
from kulan.connectivity.circuits.stencil import Stencil
from kulan.connectivity.memory import ALONE, check_memory, each_site_need
from kulan.errors import InvalidGridError


@dataclass(frozen=True)
class Wired:
    """Potentials and currents of a landscape with sources and grounds.

    Attributes
    ----------
    voltage
        V, shape (rows, columns).
    current
        Current through each cell, A.
    attempts
        The solvers tried.
    """

    voltage: Grid
    current: Grid
    attempts: tuple[Attempt, ...]


def advanced(
    stencil: Stencil,
    sources: Grid,
    ground: Grid,
    *,
    short_circuits: Polygons | None = None,
    solving: Solving | None = None,
    drop_below: float = 0.0,
) -> Wired:
    """Let given sources flow to given grounds.

    Parts of the landscape that lack one or the other carry nothing.

    Parameters
    ----------
    stencil
        The linked cells.
    sources
        Current that enters each cell, A, negative where it leaves; shape (rows, columns).
    ground
        Conductance of each cell to the ground, siemens; infinite for a direct connection.
    short_circuits
        Polygons within which potentials are equal, by positive number.
    solving
        How to solve.
    drop_below
        Count currents along links below this share of the largest as none.

    Raises
    ------
    InvalidGridError
        If sources, grounds or polygons do not cover the cells of the landscape, a source is not
        finite, a ground is negative or NaN, or `drop_below` is no share.
    NotSolvedError
        If no solver balances the currents.
    TooLargeError
        If it is estimated to need more memory than there is, or than `solving` allows.
    """
    check_drop_below(drop_below)
    _check_sources(stencil, sources)
    solving = solving or Solving()
    need = each_site_need(
        stencil.valid.size, ALONE, grounded=True, precise=solving.precise_multigrid
    )
    check_memory(need, solving.most_memory_bytes)
    merged = merge(stencil, short_circuits)
    circuit = RasterCircuit(stencil, merged, ground, solving)
    grounded = np.unique(circuit.parts[(ground.ravel() > 0) & (circuit.parts > 0)])
    used = (sources.ravel() != 0) & np.isin(circuit.parts, grounded) & (circuit.parts > 0)
    places = np.flatnonzero(used)
    if not places.size:
        return Wired(np.zeros(stencil.shape), np.zeros(stencil.shape), ())
    injection = Injection(places, sources.ravel()[places].astype(np.float64))
    solution = circuit.solve(injection)
    potentials = (circuit.empty(), solution.potential)
    current = circuit.current_map(*potentials, injection, drop_below=drop_below)
    return Wired(circuit.plain(solution.potential), circuit.plain(current), solution.attempts)


def _check_sources(stencil: Stencil, sources: Grid) -> None:
    if sources.shape != stencil.shape:
        raise InvalidGridError(
            f"sources: {sources.shape} cells, but the raster has {stencil.shape}. Both must cover "
            "the same cells."
        )
    bad = ~np.isfinite(sources)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise InvalidGridError(
            f"sources: {int(bad.sum())} cells are not finite, the first in row {row}, column "
            f"{column}, counted from 0 in the north-west. Give 0 where nothing enters."
        )
