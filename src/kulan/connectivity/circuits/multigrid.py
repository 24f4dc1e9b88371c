"""Black-box multigrid: a preconditioner that sees the landscape on every scale."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.bands import BandFactors, factorise_grid
from kulan.connectivity.circuits.coarsening import (
    galerkin_weights,
    interpolation_shares,
    invert,
    row_sums,
)
from kulan.connectivity.circuits.relaxation import (
    add_correction,
    ascend,
    descend,
    restrict_residual,
)
from kulan.connectivity.kernels import Floats

DIRECT_UNKNOWNS = 700
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
    coarsest: BandFactors
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

    @cached_property
    def room(self) -> tuple[NDArray[np.float64], NDArray[np.float64], Floats]:
        """Grids for an iteration to work in, kept for the next one: new memory is slow to come by.

        The first two are in float64; `apply` may write into the third, which has the precision of
        the hierarchy. Their rings are zero.
        """
        like = self.levels[0].inverse
        return np.zeros(like.shape), np.zeros(like.shape), np.zeros(like.shape, like.dtype)

    def apply(self, injection: Floats, potential: Floats) -> float:
        """Write into `potential` an approximate solution for `injection`; return their product."""
        return self._cycle(0, injection, potential)

    def _cycle(self, depth: int, b: Floats, x: Floats) -> float:
        if depth == len(self.levels) - 1:
            return self.coarsest.solve(b, x, self.grounded)
        level, below = self.levels[depth], self.levels[depth + 1]
        weights, inverse, shift, shares = level.weights, level.inverse, level.shift, level.shares
        last = depth + 1 == len(self.levels) - 1
        product = 0.0
        for visit in range(1 if depth == 0 or last else self.visits):
            descend(weights, inverse, shift, shares, x, b, visit == 0, below.injection)
            self._cycle(depth + 1, below.injection, below.potential)
            product = ascend(weights, inverse, shift, shares, below.potential, x, b)
        return product


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
                np.zeros(inverse.shape if levels else (1, 1), dtype),
                np.zeros(inverse.shape if levels else (1, 1), dtype),
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
    invert(total)
    return total


def _coarse_shift(weights: Floats, shift: Floats, shares: Floats) -> NDArray[np.float64]:
    """Carry the grounds over: what flows out when every coarse cell has potential one."""
    ones = np.zeros((shares.shape[0], shares.shape[2]))
    ones[1:-1, 1:-1] = 1.0
    raised = np.zeros(shift.shape)
    add_correction(shares, ones, raised)
    flow = np.zeros_like(ones)
    restrict_residual(weights, shift, raised, np.zeros_like(raised), shares, flow)
    return np.maximum(-flow, 0.0)


def _factorise(weights: Floats, shift: Floats) -> BandFactors:
    """Factorise the coarsest grid; without a ground, its best connected cell is grounded.

    Injections sum to zero there, so that no current leaves through this ground and the solution
    is one of the ungrounded system.
    """
    precise, ground = weights.astype(np.float64), shift.astype(np.float64)
    diagonal = np.zeros((weights.shape[0], weights.shape[2]))
    row_sums(precise, ground, diagonal)
    if shift.shape[0] == 1:
        diagonal.reshape(-1)[diagonal.argmax()] *= 2
    return factorise_grid(precise, diagonal)
