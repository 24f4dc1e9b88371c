"""Coarse grids from the conductances themselves: operator-dependent interpolation and Galerkin.

A coarse cell is every second cell of every second row. A cell between two coarse ones takes its
potential from them in the proportion in which current would flow to it, so that a barrier or a
jump in conductance is seen on every coarser grid (Dendy 1982; de Zeeuw 1990).

References
----------
Dendy, J. E. (1982). Black box multigrid. Journal of Computational Physics 48, 366-386.
de Zeeuw, P. M. (1990). Matrix-dependent prolongations and restrictions in a blackbox multigrid
solver. Journal of Computational and Applied Mathematics 33, 1-27.
"""

import numpy as np

from kulan.connectivity.kernels import Floats, kernel


@kernel
def interpolation_shares(weights: Floats, shift: Floats, shares: Floats) -> None:
    """Fill `shares[i, k, j]`: what the nine fine cells around a coarse cell take from it.

    k counts the fine cells row by row from the north-west (0) over the centre (4, always 1) to
    the south-east (8). Where nothing is grounded the shares of a fine cell add up to one.
    """
    rows, columns = weights.shape[0] - 2, weights.shape[2] - 2
    grounded = shift.shape[0] > 1
    shares[:] = 0.0
    for i in range(1, shares.shape[0] - 1):
        shares[i, 4, 1 : shares.shape[2] - 1] = 1.0
    _shares_along_rows(weights, shift, shares, rows, columns, grounded)
    _shares_along_columns(weights, shift, shares, rows, columns, grounded)
    _shares_of_centres(weights, shift, shares, rows, columns, grounded)


@kernel
def _shares_along_rows(
    weights: Floats, shift: Floats, shares: Floats, rows: int, columns: int, grounded: bool
) -> None:
    for i in range(1, rows + 1, 2):
        for j in range(2, columns + 1, 2):
            west = max(0.0, weights[i, 0, j - 1] + weights[i - 1, 2, j - 1] + weights[i, 3, j])
            east = max(0.0, weights[i, 0, j] + weights[i - 1, 3, j + 1] + weights[i, 2, j])
            total = west + east
            if total == 0.0:
                west = 1.0
                total = 1.0
            if grounded:
                total += shift[i, j]
            shares[(i + 1) // 2, 5, j // 2] = west / total
            shares[(i + 1) // 2, 3, j // 2 + 1] = east / total


@kernel
def _shares_along_columns(
    weights: Floats, shift: Floats, shares: Floats, rows: int, columns: int, grounded: bool
) -> None:
    for i in range(2, rows + 1, 2):
        for j in range(1, columns + 1, 2):
            north = max(
                0.0, weights[i - 1, 1, j] + weights[i - 1, 2, j - 1] + weights[i - 1, 3, j + 1]
            )
            south = max(0.0, weights[i, 1, j] + weights[i, 2, j] + weights[i, 3, j])
            total = north + south
            if total == 0.0:
                north = 1.0
                total = 1.0
            if grounded:
                total += shift[i, j]
            shares[i // 2, 7, (j + 1) // 2] = north / total
            shares[i // 2 + 1, 1, (j + 1) // 2] = south / total


@kernel
def _shares_of_centres(
    weights: Floats, shift: Floats, shares: Floats, rows: int, columns: int, grounded: bool
) -> None:
    for i in range(2, rows + 1, 2):
        ci = i // 2
        for j in range(2, columns + 1, 2):
            cj = j // 2
            north, south = max(0.0, weights[i - 1, 1, j]), max(0.0, weights[i, 1, j])
            west, east = max(0.0, weights[i, 0, j - 1]), max(0.0, weights[i, 0, j])
            nw, ne = max(0.0, weights[i - 1, 2, j - 1]), max(0.0, weights[i - 1, 3, j + 1])
            sw, se = max(0.0, weights[i, 3, j]), max(0.0, weights[i, 2, j])
            total = north + south + west + east + nw + ne + sw + se
            if total == 0.0:
                nw = 1.0
                total = 1.0
            if grounded:
                total += shift[i, j]
            shares[ci, 8, cj] = (nw + north * shares[ci, 5, cj] + west * shares[ci, 7, cj]) / total
            shares[ci, 6, cj + 1] = (
                ne + north * shares[ci, 3, cj + 1] + east * shares[ci, 7, cj + 1]
            ) / total
            shares[ci + 1, 2, cj] = (
                sw + south * shares[ci + 1, 5, cj] + west * shares[ci + 1, 1, cj]
            ) / total
            shares[ci + 1, 0, cj + 1] = (
                se + south * shares[ci + 1, 3, cj + 1] + east * shares[ci + 1, 1, cj + 1]
            ) / total


@kernel
def _outflow(weights: Floats, u: Floats, i: int, j: int, ui: int, uj: int) -> float:
    """Sum of the currents leaving fine cell (i, j) under the potentials of the patch `u`."""
    here = u[ui, uj]
    flow: float = (
        weights[i - 1, 2, j - 1] * (here - u[ui - 1, uj - 1])
        + weights[i - 1, 1, j] * (here - u[ui - 1, uj])
        + weights[i - 1, 3, j + 1] * (here - u[ui - 1, uj + 1])
        + weights[i, 0, j - 1] * (here - u[ui, uj - 1])
        + weights[i, 0, j] * (here - u[ui, uj + 1])
        + weights[i, 3, j] * (here - u[ui + 1, uj - 1])
        + weights[i, 1, j] * (here - u[ui + 1, uj])
        + weights[i, 2, j] * (here - u[ui + 1, uj + 1])
    )
    return flow


@kernel
def galerkin_weights(weights: Floats, shift: Floats, shares: Floats, coarse: Floats) -> None:
    """Fill `coarse` with the conductances between neighbouring coarse cells.

    A pair of coarse cells gets minus the entry of (transposed interpolation) x (fine operator) x
    (interpolation); these may be slightly negative, which the smoother tolerates.
    """
    rows, columns = weights.shape[0] - 2, weights.shape[2] - 2
    u = np.zeros((7, 7))  # potentials around a coarse cell at [3, 3]; the outer rings stay zero
    flow = np.zeros((4, 5))  # rows -1..2, columns -2..2 about the coarse cell
    grounded = shift.shape[0] > 1
    coarse[:] = 0.0
    for i in range(1, coarse.shape[0] - 1):
        for j in range(1, coarse.shape[2] - 1):
            for k in range(9):
                u[2 + k // 3, 2 + k % 3] = shares[i, k, j]
            ci, cj = 2 * i - 1, 2 * j - 1
            for di in range(-1, 3):
                for dj in range(-2 if di > 0 else 1, 3):
                    fi, fj = ci + di, cj + dj
                    flow[di + 1, dj + 2] = 0.0
                    if 0 < fi <= rows and 0 < fj <= columns:
                        flow[di + 1, dj + 2] = _outflow(weights, u, fi, fj, 3 + di, 3 + dj)
                        if grounded:
                            flow[di + 1, dj + 2] += shift[fi, fj] * u[3 + di, 3 + dj]
            _weights_to_neighbours(shares, flow, coarse, i, j)


@kernel
def _weights_to_neighbours(shares: Floats, flow: Floats, coarse: Floats, i: int, j: int) -> None:
    last_row, last_column = coarse.shape[0] - 2, coarse.shape[2] - 2
    if j < last_column:
        east = 0.0
        for d in range(3):
            east += shares[i, 3 * d, j + 1] * flow[d, 3] + shares[i, 3 * d + 1, j + 1] * flow[d, 4]
        coarse[i, 0, j] = -east
    if i == last_row:
        return
    south = 0.0
    for d in range(3):
        south += shares[i + 1, d, j] * flow[2, d + 1] + shares[i + 1, 3 + d, j] * flow[3, d + 1]
    coarse[i, 1, j] = -south
    if j < last_column:
        coarse[i, 2, j] = -(
            shares[i + 1, 0, j + 1] * flow[2, 3]
            + shares[i + 1, 1, j + 1] * flow[2, 4]
            + shares[i + 1, 3, j + 1] * flow[3, 3]
            + shares[i + 1, 4, j + 1] * flow[3, 4]
        )
    if j > 1:
        coarse[i, 3, j] = -(
            shares[i + 1, 1, j - 1] * flow[2, 0]
            + shares[i + 1, 2, j - 1] * flow[2, 1]
            + shares[i + 1, 4, j - 1] * flow[3, 0]
            + shares[i + 1, 5, j - 1] * flow[3, 1]
        )


@kernel
def row_sums(weights: Floats, shift: Floats, total: Floats) -> None:
    """Fill `total` with the diagonal: the sum of a cell's conductances, and of its ground."""
    grounded = shift.shape[0] > 1
    for i in range(1, total.shape[0] - 1):
        for j in range(1, total.shape[1] - 1):
            total[i, j] = (
                weights[i - 1, 2, j - 1]
                + weights[i - 1, 1, j]
                + weights[i - 1, 3, j + 1]
                + weights[i, 0, j - 1]
                + weights[i, 0, j]
                + weights[i, 3, j]
                + weights[i, 1, j]
                + weights[i, 2, j]
            )
        if grounded:
            for j in range(1, total.shape[1] - 1):
                total[i, j] += shift[i, j]
