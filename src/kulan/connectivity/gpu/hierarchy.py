"""Black-box multigrid on a device: that of `circuits.multigrid`, made for many threads.

Interpolation and coarse grids are the same. Relaxation is Gauss-Seidel in four colours within
tiles that look at each other only between visits: all tiles run at once, and further sweeps over a
tile cost no traffic with the memory. Backward after forward sweeps keep the step symmetric.

References
----------
Baker, A. H., Falgout, R. D., Kolev, T. V. & Yang, U. M. (2011). Multigrid smoothers for
ultraparallel computing. SIAM Journal on Scientific Computing 33, 2864-2887.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.gpu.devices import TILE, Device

# up to so many cells, the coarsest grid is solved by the inverse of its equations
DENSE_CELLS = 256
# sweeps over a tile at each visit
SWEEPS = 2
# so many grids from the second on call the next coarser one twice: narrow gaps in long barriers
# are seen there, and coarser grids are too small to keep a card busy
TWICE_AFTER_FIRST = 2


def tiles_of(rows: int, columns: int) -> int:
    """Return how many blocks it takes to visit every cell."""
    return -(-rows // TILE) * -(-columns // TILE)


@dataclass(frozen=True)
class Level:
    """One grid of the hierarchy; arrays lie on the device and carry a ring of zeros.

    Attributes
    ----------
    rows, columns
        Of the grid, without the ring.
    weights, shift
        Conductances between neighbours and to the ground; `shift` has shape (1, 1) for no ground.
    shares
        Interpolation from the next coarser grid; of one element on the coarsest.
    injection, before, potential
        Work grids: what enters, and potentials before and after the correction. On the first grid
        they are the solver's own, and these have one element.
    """

    rows: int
    columns: int
    weights: Any
    shift: Any
    shares: Any
    injection: Any
    before: Any
    potential: Any

    @property
    def equations(self) -> tuple[Any, ...]:
        """The arguments of a kernel that say which system it works on."""
        return self.rows, self.columns, self.weights, int(self.shift.size > 1), self.shift

    @property
    def blocks(self) -> int:
        """Blocks that visit every cell."""
        return tiles_of(self.rows, self.columns)


@dataclass(frozen=True)
class Hierarchy:
    """Grids from fine to coarse, and the inverse of the coarsest.

    Attributes
    ----------
    device
        Where the grids lie.
    levels
        The grids, finest first.
    inverse
        Of the coarsest grid's equations, on the device.
    """

    device: Device
    levels: tuple[Level, ...]
    inverse: Any

    def apply(self, injection: Any, potential: Any, scratch: Any, product: Any) -> None:
        """Write an approximate solution for `injection` into `potential`, working in `scratch`.

        By block of the finest grid, their product comes in `product`; not so where that grid is
        the only one.
        """
        self._cycle(0, injection, scratch, potential, product)

    def _cycle(self, depth: int, b: Any, before: Any, after: Any, product: Any) -> None:
        level, launch = self.levels[depth], self.device.launch
        last = len(self.levels) - 1
        if depth == last:
            size = level.rows * level.columns
            launch("apply_inverse", size, level.columns, size, self.inverse, b, after)
            return
        below, blocks = self.levels[depth + 1], level.blocks
        for visit in range(2 if 0 < depth <= TWICE_AFTER_FIRST and depth < last - 1 else 1):
            if visit == 0:
                launch("relax_from_zero", blocks, *level.equations, b, SWEEPS, before)
            else:
                launch("relax_again", blocks, *level.equations, b, SWEEPS, after, before)
            launch(
                "restrict_residual",
                blocks,
                *level.equations,
                b,
                before,
                level.shares,
                below.injection,
            )
            self._cycle(depth + 1, below.injection, below.before, below.potential, product)
            launch(
                "correct_and_relax",
                blocks,
                *level.equations,
                b,
                SWEEPS,
                level.shares,
                below.potential,
                before,
                after,
                int(depth == 0),
                product,
            )


def build_hierarchy(
    device: Device, shape: tuple[int, int], weights: Any, shift: Any, work: tuple[Any, Any]
) -> Hierarchy:
    """Build the grids from the finest one.

    Parameters
    ----------
    device
        Where everything lies.
    shape
        Rows and columns of the finest grid, without the ring.
    weights
        Conductances, shape (rows + 2, 4, columns + 2), of the device's stored type. Every cell
        needs a neighbour: fill NoData first.
    shift
        Conductance of each cell to the ground, shape (rows + 2, columns + 2); (1, 1) for none.
    work
        Two grids of zeros of the finest shape, float64; they come back as zeros.
    """
    xp, dtype = device.xp, weights.dtype
    (rows, columns), nothing = shape, device.xp.zeros((1, 1))
    levels: list[Level] = []
    own = nothing, nothing, nothing
    while True:
        crows, ccolumns = (rows + 1) // 2, (columns + 1) // 2
        smallest = rows * columns <= DENSE_CELLS
        shares = xp.zeros((1, 1, 1) if smallest else (crows + 2, 9, ccolumns + 2), dtype)
        level = Level(rows, columns, weights, shift, shares, *own)
        levels.append(level)
        if smallest:
            return Hierarchy(device, tuple(levels), xp.asarray(_inverse(device, level)))
        blocks = tiles_of(crows, ccolumns)
        device.launch("shares_between", blocks, *level.equations, shares)
        device.launch("shares_of_centres", blocks, *level.equations, shares)
        weights = xp.zeros((crows + 2, 4, ccolumns + 2), dtype)
        device.launch("coarse_links", blocks, *level.equations, shares, weights)
        own = tuple(xp.zeros((crows + 2, ccolumns + 2)) for _ in range(3))
        if shift.size > 1:
            finest = work if len(levels) == 1 else (level.before, level.potential)
            shift = _coarse_shift(device, level, own[0], finest).astype(dtype)
        rows, columns = crows, ccolumns


def _coarse_shift(device: Device, level: Level, flow: Any, work: tuple[Any, Any]) -> Any:
    """Carry the grounds over: what flows out when every coarse cell has potential one."""
    raised, nothing = work
    ones = device.xp.zeros_like(flow)
    ones[1:-1, 1:-1] = 1.0
    size = level.rows, level.columns
    device.launch("interpolate", level.blocks, *size, level.shares, ones, raised)
    device.launch(
        "restrict_residual", level.blocks, *level.equations, nothing, raised, level.shares, flow
    )
    raised[...] = 0.0
    coarse = device.xp.maximum(-flow, 0.0)
    flow[...] = 0.0
    return coarse


def _inverse(device: Device, level: Level) -> NDArray[np.float64]:
    """Invert the coarsest grid's equations; without a ground, among potentials of mean zero.

    The best connected cell is then grounded for the inversion: injections that sum to zero do not
    notice.
    """
    rows, columns = level.rows, level.columns
    weights = device.to_host(level.weights).astype(np.float64)
    number = np.full((rows + 2, columns + 2), -1)
    number[1:-1, 1:-1] = np.arange(rows * columns).reshape(rows, columns)
    cells = number[1:-1, 1:-1].ravel()
    matrix = np.zeros((cells.size, cells.size))
    for k, (down, right) in enumerate(((0, 1), (1, 0), (1, 1), (1, -1))):
        other = number[1 + down : rows + 1 + down, 1 + right : columns + 1 + right].ravel()
        value = weights[1:-1, k, 1:-1].ravel()
        there = other >= 0
        matrix[cells[there], other[there]] = matrix[other[there], cells[there]] = -value[there]
    diagonal = -matrix.sum(axis=1)
    grounded = level.shift.size > 1
    if grounded:
        diagonal += device.to_host(level.shift)[1:-1, 1:-1].ravel()
    else:
        diagonal[diagonal.argmax()] *= 2
    matrix[cells, cells] = diagonal
    # scaled to a diagonal of ones: what is left of the contrast is that between neighbours
    scale = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    matrix[cells, cells] = np.where(diagonal > 0, diagonal, 1.0)
    inverse = np.linalg.inv(matrix * scale * scale[:, None]) * scale * scale[:, None]
    if not grounded:
        inverse -= inverse.mean(axis=0)
        inverse -= inverse.mean(axis=1)[:, None]
    return np.ascontiguousarray((inverse + inverse.T) / 2)
