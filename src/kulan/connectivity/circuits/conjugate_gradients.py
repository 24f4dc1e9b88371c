"""Conjugate gradients on a conductance grid, with multigrid as preconditioner."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.multigrid import Multigrid
from kulan.connectivity.circuits.relaxation import residual_row
from kulan.connectivity.kernels import Floats, kernel

Mask = NDArray[np.uint8]
# indices of this type need no look whether they count from the end
_U = np.uint64
_ONE = _U(1)


@dataclass(frozen=True)
class Iterated:
    """Where an iteration ended.

    Attributes
    ----------
    potential
        Potentials, with a ring of zeros.
    iterations
        Steps taken.
    residual
        Norm of what is not balanced, relative to the norm of the injection.
    converged
        Whether `residual` came below the tolerance.
    """

    potential: NDArray[np.float64]
    iterations: int
    residual: float
    converged: bool


@kernel
def outflow(weights: Floats, shift: Floats, x: Floats, zeros: Floats, flow: Floats) -> None:
    """Write into `flow` the current that leaves each cell under the potentials `x`.

    `zeros` is a grid of zeros of the same shape.
    """
    r = np.zeros(x.shape[1] + 2)
    for i in range(1, x.shape[0] - 1):
        residual_row(weights, shift, x, zeros, i, r)
        for j in range(1, x.shape[1] - 1):
            flow[i, j] = -r[j]


@kernel
def _turn_row(x: Floats, p: Floats, z: Floats, active: Mask, length: float, beta: float) -> None:
    """Go `length` along the old direction of a row, then take its new one."""
    for j in range(_ONE, _U(p.size - 1)):
        x[j] += length * p[j]
    for j in range(_ONE, _U(p.size - 1)):
        p[j] = active[j] * (z[j] + beta * p[j])


@kernel
def _turn_and_flow(
    weights: Floats,
    shift: Floats,
    active: Mask,
    step: tuple[float, float],
    x: Floats,
    p: Floats,
    z: Floats,
    flow: Floats,
) -> float:
    """Finish the step along p, take the next direction, and find its outflow.

    `step` has the length of the one to finish, and beta: the new direction is z + beta p. Returns
    the product of outflow and direction.
    """
    length, beta = step
    last = p.shape[0] - 2
    zeros = np.zeros((1, p.shape[1]))
    r = np.zeros(p.shape[1])
    product = 0.0
    _turn_row(x[1], p[1], z[1], active[1], length, beta)
    for i in range(1, last + 1):
        if i < last:
            _turn_row(x[i + 1], p[i + 1], z[i + 1], active[i + 1], length, beta)
        residual_row(weights, shift, p, zeros, i, r)
        product += _leave(r, p[i], active[i], flow[i])
    return product


@kernel
def _leave(r: Floats, p: Floats, active: Mask, flow: Floats) -> float:
    """Write into `flow` what leaves a row; return its product with the row of `p`."""
    product = 0.0
    for j in range(_ONE, _U(p.size - 1)):
        leaving = active[j] * (-r[j])
        flow[j] = leaving
        product += p[j] * leaving
    return product


@kernel
def _take_off(r: Floats, flow: Floats, length: float) -> float:
    """Take the flow of a step off what is unbalanced; return the square of what is left."""
    total = 0.0
    for i in range(1, r.shape[0] - 1):
        part = 0.0
        for j in range(1, r.shape[1] - 1):
            left = r[i, j] - length * flow[i, j]
            r[i, j] = left
            part += left * left
        total += part
    return total


@kernel
def _finish(x: Floats, p: Floats, length: float, size: float) -> None:
    for i in range(1, x.shape[0] - 1):
        for j in range(1, x.shape[1] - 1):
            x[i, j] = size * (x[i, j] + length * p[i, j])


@kernel
def _product(r: Floats, z: Floats) -> float:
    total = 0.0
    for i in range(1, r.shape[0] - 1):
        part = 0.0
        for j in range(1, r.shape[1] - 1):
            part += r[i, j] * z[i, j]
        total += part
    return total


Constrain = Callable[[NDArray[np.float64]], None]
AddFlow = Callable[[NDArray[np.float64], NDArray[np.float64]], None]


def conjugate_gradients(  # noqa: PLR0913 - the parts of one linear system
    weights: Floats,
    shift: Floats,
    injection: NDArray[np.float64],
    *,
    multigrid: Multigrid,
    active: Mask,
    constrain: Constrain | None = None,
    add_flow: AddFlow | None = None,
    tolerance: float = 1e-6,
    most_iterations: int = 200,
) -> Iterated:
    """Solve for the potentials that balance `injection`.

    Parameters
    ----------
    weights, shift
        The conductances, as for `kulan.connectivity.circuits.multigrid.build_multigrid`.
    injection
        Current into each cell, A; zero where `active` is zero, and of sum zero where nothing in
        the component is grounded. It is used up: what remains in it is what is left unbalanced.
    multigrid
        The preconditioner, of the same shape; its grids are worked in, so that one serves one
        solve at a time.
    active
        1 for the cells that are solved for; potentials stay zero elsewhere.
    constrain
        Replaces, in place, the values in each merged group by their mean.
    add_flow
        Adds to its second argument the outflow along links that are not in the grid, under the
        potentials in its first.
    tolerance
        Stop when the residual, relative to the injection, is below this.
    most_iterations
        Stop there at the latest.
    """
    x, r = np.zeros(injection.shape), injection
    p, flow, z = multigrid.room
    p[:] = 0.0
    if constrain is not None:
        constrain(r)
    size = float(np.sqrt(_product(r, r)))
    if size == 0.0:
        return Iterated(x, 0, 0.0, True)
    r /= size
    beta, length, before, residual = 0.0, 0.0, 1.0, 1.0
    for iteration in range(1, most_iterations + 1):
        now = multigrid.apply(r, z)
        if constrain is not None:
            constrain(z)
            now = _product(r, z)
        usable = np.isfinite(now) and now > 0.0
        if usable:
            beta = 0.0 if iteration == 1 else now / before
            before = now
            along = _turn_and_flow(weights, shift, active, (length, beta), x, p, z, flow)
            if add_flow is not None or constrain is not None:
                if add_flow is not None:
                    add_flow(p, flow)
                if constrain is not None:
                    constrain(flow)
                along = _product(p, flow)
            usable = along > 0.0
            length = now / along if usable else 0.0
        if not usable:
            _finish(x, p, length, size)
            return Iterated(x, iteration - 1, residual, False)
        residual = float(np.sqrt(_take_off(r, flow, length)))
        if residual <= tolerance:
            break
    _finish(x, p, length, size)
    return Iterated(x, iteration, residual, residual <= tolerance)
