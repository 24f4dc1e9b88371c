"""Gauss-Seidel sweeps, residuals and grid transfers of the multigrid: the inner loops.

All arrays carry a ring of one cell on every side that stays zero, so that no loop needs a special
case at the border. `weights[i, k, j]` is the conductance between cell (i, j) and its neighbour to
the east (k = 0), south (1), south-east (2) and south-west (3). Sums are taken over differences of
potentials, never over potentials: a constant then gives exactly zero, whatever the contrast.
"""

import numpy as np

from kulan.connectivity.kernels import Floats, kernel


@kernel
def _from_other_rows(
    weights: Floats, shift: Floats, x: Floats, b: Floats, row: int, t: Floats
) -> None:
    """Write into `t` what the rows above and below send to `row`, and what enters it.

    Each loop reads few arrays: of more, the compiler cannot tell that they do not overlap, and
    then does one cell at a time.
    """
    b_row = row if b.shape[0] > 1 else 0
    last = x.shape[1] - 1
    for j in range(1, last):
        here = x[row, j]
        t[j] = (
            b[b_row, j]
            + weights[row - 1, 1, j] * (x[row - 1, j] - here)
            + weights[row - 1, 2, j - 1] * (x[row - 1, j - 1] - here)
            + weights[row - 1, 3, j + 1] * (x[row - 1, j + 1] - here)
        )
    for j in range(1, last):
        here = x[row, j]
        t[j] += (
            weights[row, 1, j] * (x[row + 1, j] - here)
            + weights[row, 2, j] * (x[row + 1, j + 1] - here)
            + weights[row, 3, j] * (x[row + 1, j - 1] - here)
        )
    if shift.shape[0] > 1:
        for j in range(1, last):
            t[j] -= shift[row, j] * x[row, j]


@kernel
def _relax_within(
    weights: Floats, inverse: Floats, x: Floats, row: int, t: Floats, steps: Floats, turn: Floats
) -> None:
    """Update the cells of `row` whose `turn` is one; their neighbours in the row stay."""
    last = x.shape[1] - 1
    for j in range(1, last):
        here = x[row, j]
        steps[j] = (turn[j] * inverse[row, j]) * (
            t[j]
            + weights[row, 0, j] * (x[row, j + 1] - here)
            + weights[row, 0, j - 1] * (x[row, j - 1] - here)
        )
    for j in range(1, last):
        x[row, j] += steps[j]


@kernel
def _turns(length: int) -> tuple[Floats, Floats]:
    """One at the odd places and zero at the even ones, and the reverse."""
    odd, even = np.zeros(length), np.zeros(length)
    odd[1::2] = 1.0
    even[0::2] = 1.0
    return odd, even


@kernel
def sweep_from_zero(weights: Floats, inverse: Floats, x: Floats, b: Floats) -> None:
    """Write into `x` what `sweep_down` makes of a start at zero; what `x` held is not read."""
    t, steps = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    odd, even = _turns(x.shape[1])
    last = x.shape[1] - 1
    x[0, :] = 0.0
    for row in range(1, x.shape[0] - 1):
        for j in range(1, last):
            t[j] = inverse[row, j] * (
                b[row, j]
                + weights[row - 1, 1, j] * x[row - 1, j]
                + weights[row - 1, 2, j - 1] * x[row - 1, j - 1]
                + weights[row - 1, 3, j + 1] * x[row - 1, j + 1]
            )
        for j in range(1, last):
            steps[j] = odd[j] * t[j]
        for j in range(1, last):
            x[row, j] = steps[j] + even[j] * (
                t[j]
                + inverse[row, j]
                * (weights[row, 0, j] * steps[j + 1] + weights[row, 0, j - 1] * steps[j - 1])
            )


@kernel
def sweep_down(weights: Floats, inverse: Floats, shift: Floats, x: Floats, b: Floats) -> None:
    """One Gauss-Seidel sweep from the first row to the last, odd columns before even ones."""
    t, steps = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    odd, even = _turns(x.shape[1])
    for row in range(1, x.shape[0] - 1):
        _from_other_rows(weights, shift, x, b, row, t)
        _relax_within(weights, inverse, x, row, t, steps, odd)
        _relax_within(weights, inverse, x, row, t, steps, even)


@kernel
def sweep_up(weights: Floats, inverse: Floats, shift: Floats, x: Floats, b: Floats) -> None:
    """Do the same sweep in the opposite order: with `sweep_down` it makes a symmetric step."""
    t, steps = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    odd, even = _turns(x.shape[1])
    for row in range(x.shape[0] - 2, 0, -1):
        _from_other_rows(weights, shift, x, b, row, t)
        _relax_within(weights, inverse, x, row, t, steps, even)
        _relax_within(weights, inverse, x, row, t, steps, odd)


@kernel
def residual_row(weights: Floats, shift: Floats, x: Floats, b: Floats, row: int, r: Floats) -> None:
    """Write into `r` the injections `b` of a row less what leaves its cells under `x`.

    A `b` of one row serves for all rows.
    """
    _from_other_rows(weights, shift, x, b, row, r)
    for j in range(1, x.shape[1] - 1):
        here = x[row, j]
        r[j] += weights[row, 0, j] * (x[row, j + 1] - here) + weights[row, 0, j - 1] * (
            x[row, j - 1] - here
        )


@kernel
def _gather(coarse: Floats, parts: Floats, fine: Floats, row: int, west: int) -> None:
    """Add a fine residual row to the coarse row; `parts` holds weights west, centre, east."""
    for j in range(1, coarse.shape[1] - 1):
        c = 2 * j - 1
        coarse[row, j] += (
            parts[row, west, j] * fine[c - 1]
            + parts[row, west + 1, j] * fine[c]
            + parts[row, west + 2, j] * fine[c + 1]
        )


@kernel
def restrict_residual(
    weights: Floats, shift: Floats, x: Floats, b: Floats, shares: Floats, coarse: Floats
) -> None:
    """Write the residual of a level, gathered on the next coarser grid, into `coarse`."""
    rows = x.shape[0] - 2
    r = np.zeros(x.shape[1] + 2)
    coarse[:] = 0.0
    for row in range(1, rows + 1):
        residual_row(weights, shift, x, b, row, r)
        if row % 2 == 1:
            _gather(coarse, shares, r, (row + 1) // 2, 3)
        else:
            _gather(coarse, shares, r, row // 2, 6)
            if row // 2 + 1 < coarse.shape[0] - 1:
                _gather(coarse, shares, r, row // 2 + 1, 0)


@kernel
def add_correction(shares: Floats, coarse: Floats, x: Floats) -> None:
    """Add the correction of the coarser grid, interpolated, to `x`."""
    rows = x.shape[0] - 2
    for i in range(1, coarse.shape[0] - 1):
        c = 2 * i - 1
        for j in range(1, coarse.shape[1] - 1):
            x[c, 2 * j - 1] += coarse[i, j]
            x[c, 2 * j] += shares[i, 5, j] * coarse[i, j] + shares[i, 3, j + 1] * coarse[i, j + 1]
        if c + 1 > rows:
            continue
        for j in range(1, coarse.shape[1] - 1):
            x[c + 1, 2 * j - 1] += (
                shares[i, 7, j] * coarse[i, j] + shares[i + 1, 1, j] * coarse[i + 1, j]
            )
            x[c + 1, 2 * j] += (
                shares[i, 8, j] * coarse[i, j]
                + shares[i, 6, j + 1] * coarse[i, j + 1]
                + shares[i + 1, 2, j] * coarse[i + 1, j]
                + shares[i + 1, 0, j + 1] * coarse[i + 1, j + 1]
            )
