"""Black-box multigrid: a preconditioner that sees the landscape on every scale."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.linalg import SuperLU, splu

from kulan.connectivity.circuits.coarsening import galerkin_weights, interpolation_shares, row_sums
from kulan.connectivity.circuits.relaxation import (
    add_correction,
    restrict_residual,
    sweep_down,
    sweep_from_zero,
    sweep_up,
)
from kulan.connectivity.kernels import Floats

DIRECT_UNKNOWNS = 3000
NO_SHIFT = np.zeros((1, 1))


@dataclass(frozen=True)
class Level:
    """One grid of the hierarchy; arrays carry a ring of zeros (see `relaxation`)."""

    weights: Floats
    shift: Floats
    inverse: Floats
    shares: Floats
    potential: NDArray[np.float64]
    injection: NDArray[np.float64]


@dataclass(frozen=True)
class Multigrid:
    """Grids from fine to coarse, and a factorisation of the coarsest.

    Build one with `build_multigrid`.

    Attributes
    ----------
    levels
        The grids, finest first.
    coarsest
        Factors of the coarsest grid.
    grounded
        Whether some cell is connected to the ground.
    visits
        How often each grid from the second on calls the next coarser one: 1 makes V-cycles, 2
        W-cycles, which see narrow gaps in long barriers better.
    """

    levels: tuple[Level, ...]
    coarsest: SuperLU
    grounded: bool
    visits: int

    def with_own_grids(self) -> "Multigrid":
        """Return the same hierarchy with work grids of its own, for use by another thread."""
        levels = tuple(
            replace(
                level,
                potential=np.zeros_like(level.potential),
                injection=np.zeros_like(level.injection),
            )
            for level in self.levels
        )
        return replace(self, levels=levels)

    def apply(self, injection: NDArray[np.float64], potential: NDArray[np.float64]) -> None:
        """Write into `potential` an approximate solution for `injection`."""
        self._cycle(0, injection, potential)

    def _cycle(self, depth: int, b: NDArray[np.float64], x: NDArray[np.float64]) -> None:
        if depth == len(self.levels) - 1:
            self._solve_coarsest(b, x)
            return
        level, below = self.levels[depth], self.levels[depth + 1]
        last = depth + 1 == len(self.levels) - 1
        for visit in range(1 if depth == 0 or last else self.visits):
            if visit == 0:
                sweep_from_zero(level.weights, level.inverse, x, b)
            else:
                sweep_down(level.weights, level.inverse, level.shift, x, b)
            restrict_residual(level.weights, level.shift, x, b, level.shares, below.injection)
            self._cycle(depth + 1, below.injection, below.potential)
            add_correction(level.shares, below.potential, x)
            sweep_up(level.weights, level.inverse, level.shift, x, b)

    def _solve_coarsest(self, b: NDArray[np.float64], x: NDArray[np.float64]) -> None:
        inner = b[1:-1, 1:-1]
        solution = self.coarsest.solve(inner.ravel()).reshape(inner.shape)
        x[1:-1, 1:-1] = solution if self.grounded else solution - solution.mean()


def build_multigrid(
    weights: Floats,
    shift: Floats = NO_SHIFT,
    *,
    visits: int = 2,
    dtype: type[np.floating] = np.float32,
) -> Multigrid:
    """Build the hierarchy for a nine-point conductance grid.

    Parameters
    ----------
    weights
        Conductances, shape (rows + 2, 4, columns + 2): east, south, south-east and south-west of
        each cell, with a ring of zeros. Every cell needs a neighbour: fill NoData first.
    shift
        Conductance of each cell to the ground, shape (rows + 2, columns + 2); (1, 1) for none.
    visits
        1 for V-cycles, 2 for W-cycles below the first grid.
    dtype
        How conductances and interpolation are stored; sums are in float64 in either case.
    """
    grounded = shift.shape[0] > 1
    levels: list[Level] = []
    fine, ground = weights.astype(dtype, copy=False), shift.astype(dtype, copy=False)
    while True:
        rows, columns = fine.shape[0] - 2, fine.shape[2] - 2
        inverse = _inverse_of_sums(fine, ground)
        smallest = rows * columns <= DIRECT_UNKNOWNS
        shares = np.zeros((1, 9, 1), dtype)
        if not smallest:
            shares = np.zeros(((rows + 1) // 2 + 2, 9, (columns + 1) // 2 + 2), dtype)
            interpolation_shares(fine, ground, shares)
        levels.append(
            Level(
                fine,
                ground,
                inverse,
                shares,
                np.zeros(inverse.shape if levels else (1, 1)),
                np.zeros(inverse.shape if levels else (1, 1)),
            )
        )
        if smallest:
            return Multigrid(tuple(levels), _factorise(fine, ground), grounded, visits)
        coarse = np.zeros((shares.shape[0], 4, shares.shape[2]), dtype)
        galerkin_weights(fine, ground, shares, coarse)
        if grounded:
            ground = _coarse_shift(fine, ground, shares).astype(dtype)
        fine = coarse


def _inverse_of_sums(weights: Floats, shift: Floats) -> Floats:
    total = np.zeros((weights.shape[0], weights.shape[2]), weights.dtype)
    row_sums(weights, shift, total)
    return np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)


def _coarse_shift(weights: Floats, shift: Floats, shares: Floats) -> NDArray[np.float64]:
    """Carry the grounds over: what flows out when every coarse cell has potential one."""
    ones = np.zeros((shares.shape[0], shares.shape[2]))
    ones[1:-1, 1:-1] = 1.0
    raised = np.zeros(shift.shape)
    add_correction(shares, ones, raised)
    flow = np.zeros_like(ones)
    restrict_residual(weights, shift, raised, np.zeros_like(raised), shares, flow)
    return np.maximum(-flow, 0.0)


def _factorise(weights: Floats, shift: Floats) -> SuperLU:
    """Factorise the coarsest grid; without a ground, its best connected cell is grounded.

    Injections sum to zero there, so that no current leaves through this ground and the solution
    is one of the ungrounded system.
    """
    rows, columns = weights.shape[0] - 2, weights.shape[2] - 2
    number = np.full((rows + 2, columns + 2), -1)
    number[1:-1, 1:-1] = np.arange(rows * columns).reshape(rows, columns)
    total = np.zeros(number.shape)
    row_sums(weights.astype(np.float64), shift.astype(np.float64), total)
    diagonal = total[1:-1, 1:-1].ravel().copy()
    if diagonal.size == 1 and diagonal[0] == 0:
        diagonal[0] = 1.0  # a landscape of one cell: nothing flows, and any factor will do
    if shift.shape[0] == 1:
        diagonal[diagonal.argmax()] *= 2
    cells = number[1:-1, 1:-1].ravel()
    entries = [(cells, cells, diagonal)]
    for k, (di, dj) in enumerate(((0, 1), (1, 0), (1, 1), (1, -1))):
        other = number[1 + di : rows + 1 + di, 1 + dj : columns + 1 + dj].ravel()
        value = -weights[1:-1, k, 1:-1].ravel().astype(np.float64)
        used = (other >= 0) & (value != 0)
        entries += [
            (cells[used], other[used], value[used]),
            (other[used], cells[used], value[used]),
        ]
    i, j, v = (np.concatenate(part) for part in zip(*entries, strict=True))
    matrix = coo_array((v, (i, j)), shape=(cells.size, cells.size)).tocsc()
    return splu(
        matrix,
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
