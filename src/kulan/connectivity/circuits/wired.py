"""Circuits wired as one likes: currents that enter here, and grounds they leave by there."""

from dataclasses import dataclass

import numpy as np

from kulan.connectivity.circuits.raster_circuit import Grid, Injection, RasterCircuit
from kulan.connectivity.circuits.results import Polygons
from kulan.connectivity.circuits.sites import merge
from kulan.connectivity.circuits.solving import Attempt, Solving
from kulan.connectivity.circuits.stencil import Stencil


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
    """
    merged = merge(stencil, short_circuits)
    circuit = RasterCircuit(stencil, merged, ground, solving or Solving())
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
