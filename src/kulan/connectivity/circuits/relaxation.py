"""Gauss-Seidel sweeps, residuals and grid transfers of the multigrid: the inner loops.

All arrays carry a ring of one cell on every side that stays zero, so that no loop needs a special
case at the border. `weights[i, k, j]` is the conductance between cell (i, j) and its neighbour to
the east (k = 0), south (1), south-east (2) and south-west (3). Sums are taken over differences of
potentials, never over potentials: a constant then gives exactly zero, whatever the contrast.

Large grids are read from memory as seldom as can be: `descend` and `ascend` each pass once over a
grid, doing all that one row needs while it and its neighbours lie in the cache. A row is worked
on in several short loops, since of more than a few arrays the compiler cannot tell that they do
not overlap, and then does one cell at a time.
"""

import numpy as np

from kulan.connectivity.kernels import Floats, kernel


@kernel
def _from_row_above(above: Floats, upper: Floats, here: Floats, b: Floats, t: Floats) -> None:
    """Write into `t` what enters a row and what the row above, with weights `above`, sends."""
    for j in range(1, here.size - 1):
        v = here[j]
        t[j] = (
            b[j]
            + above[1, j] * (upper[j] - v)
            + above[2, j - 1] * (upper[j - 1] - v)
            + above[3, j + 1] * (upper[j + 1] - v)
        )


@kernel
def _from_row_above_to_zero(above: Floats, upper: Floats, b: Floats, t: Floats) -> None:
    """Do the same for a row whose potentials are all zero."""
    for j in range(1, upper.size - 1):
        t[j] = (
            b[j]
            + above[1, j] * upper[j]
            + above[2, j - 1] * upper[j - 1]
            + above[3, j + 1] * upper[j + 1]
        )


@kernel
def _from_row_below(own: Floats, lower: Floats, here: Floats, t: Floats) -> None:
    """Add to `t` what the row below sends to a row with weights `own`."""
    for j in range(1, here.size - 1):
        v = here[j]
        t[j] += (
            own[1, j] * (lower[j] - v)
            + own[2, j] * (lower[j + 1] - v)
            + own[3, j] * (lower[j - 1] - v)
        )


@kernel
def _from_same_row(own: Floats, here: Floats, t: Floats) -> None:
    """Add to `t` what the cells of a row send to one another."""
    for j in range(1, here.size - 1):
        v = here[j]
        t[j] += own[0, j] * (here[j + 1] - v) + own[0, j - 1] * (here[j - 1] - v)


@kernel
def residual_row(weights: Floats, shift: Floats, x: Floats, b: Floats, row: int, r: Floats) -> None:
    """Write into `r` the injections `b` of a row less what leaves its cells under `x`.

    A `b` of one row serves for all rows.
    """
    entering = b[row] if b.shape[0] > 1 else b[0]
    _from_row_above(weights[row - 1], x[row - 1], x[row], entering, r)
    _from_row_below(weights[row], x[row + 1], x[row], r)
    _from_same_row(weights[row], x[row], r)
    if shift.shape[0] > 1:
        for j in range(1, x.shape[1] - 1):
            r[j] -= shift[row, j] * x[row, j]


@kernel
def _turns(like: Floats) -> tuple[Floats, Floats]:
    """One at the odd places and zero at the even ones, and the reverse."""
    odd, even = np.zeros(like.size, like.dtype), np.zeros(like.size, like.dtype)
    odd[1::2] = 1.0
    even[0::2] = 1.0
    return odd, even


@kernel
def _relax_row(
    beside: Floats,
    inverse: Floats,
    t: Floats,
    first: Floats,
    second: Floats,
    steps: Floats,
    change: Floats,
) -> None:
    """Write into `change` how a Gauss-Seidel step changes a row whose residual is `t`.

    Cells whose `first` is one go before those whose `second` is; `beside` are the weights to the
    east, and `steps` is room for the change of the first.
    """
    last = t.size - 1
    for j in range(1, last):
        steps[j] = first[j] * inverse[j] * t[j]
    for j in range(1, last):
        change[j] = steps[j] + second[j] * inverse[j] * (
            t[j] + beside[j] * steps[j + 1] + beside[j - 1] * steps[j - 1]
        )


@kernel
def descend(
    weights: Floats,
    inverse: Floats,
    shift: Floats,
    shares: Floats,
    x: Floats,
    b: Floats,
    from_zero: bool,
    coarse: Floats,
) -> None:
    """Sweep from the first row to the last, and gather what is left unbalanced in `coarse`.

    In a row the odd columns go before the even ones. With `from_zero` the start is zero, and
    what `x` held is not read.

    After its turn a cell is balanced but for what its neighbours change later: the residual is
    the sum of these changes, which are at hand.
    """
    rows, width = x.shape[0] - 2, x.shape[1]
    odd, even = _turns(x[0])
    t, steps, change = np.zeros_like(x[0]), np.zeros_like(x[0]), np.zeros_like(x[0])
    left = np.zeros(width + 2, x.dtype)
    parts = np.zeros((2, coarse.shape[1]), x.dtype)
    coarse[:] = 0.0
    for row in range(1, rows + 1):
        if from_zero:
            _from_row_above_to_zero(weights[row - 1], x[row - 1], b[row], t)
        else:
            residual_row(weights, shift, x, b, row, t)
        _relax_row(weights[row, 0], inverse[row], t, odd, even, steps, change)
        if from_zero:
            for j in range(1, width - 1):
                x[row, j] = change[j]
        else:
            for j in range(1, width - 1):
                x[row, j] += change[j]
        if row > 1:
            _add_change_below(weights[row - 1], change, left)
            _gather(shares, left, row - 1, parts, coarse)
        _start_left(weights[row, 0], change, odd, left)
    _gather(shares, left, rows, parts, coarse)


@kernel
def _start_left(beside: Floats, change: Floats, odd: Floats, left: Floats) -> None:
    """Write what the odd columns of a row receive from the even ones, which went after them."""
    for j in range(1, change.size - 1):
        left[j] = odd[j] * (beside[j] * change[j + 1] + beside[j - 1] * change[j - 1])


@kernel
def _add_change_below(own: Floats, change: Floats, left: Floats) -> None:
    """Add what a row receives from the `change` of the row below."""
    for j in range(1, change.size - 1):
        left[j] += own[1, j] * change[j] + own[2, j] * change[j + 1] + own[3, j] * change[j - 1]


@kernel
def _gather(shares: Floats, left: Floats, row: int, parts: Floats, coarse: Floats) -> None:
    """Add the residual of a row to the coarse rows that it has a share in."""
    odd, even = parts[0], parts[1]
    even[0] = left[0]
    for j in range(1, odd.size - 1):
        odd[j] = left[2 * j - 1]
        even[j] = left[2 * j]
    at = (row + 1) // 2
    if row % 2 == 1:
        _gather_in_row(shares[at, 3:6], odd, even, coarse[at])
        return
    _gather_in_row(shares[at, 6:9], odd, even, coarse[at])
    if at + 1 < coarse.shape[0] - 1:
        _gather_in_row(shares[at + 1, 0:3], odd, even, coarse[at + 1])


@kernel
def _gather_in_row(shares: Floats, odd: Floats, even: Floats, coarse: Floats) -> None:
    for j in range(1, coarse.size - 1):
        coarse[j] += shares[0, j] * even[j - 1] + shares[1, j] * odd[j] + shares[2, j] * even[j]


@kernel
def ascend(
    weights: Floats,
    inverse: Floats,
    shift: Floats,
    shares: Floats,
    coarse: Floats,
    x: Floats,
    b: Floats,
) -> float:
    """Add the correction from the coarser grid, and sweep from the last row to the first.

    In a row the even columns go before the odd ones, so that with `descend` it makes a symmetric
    step. Returns the product of `x` and `b`.
    """
    rows, width = x.shape[0] - 2, x.shape[1]
    odd, even = _turns(x[0])
    t, steps, change = np.zeros_like(x[0]), np.zeros_like(x[0]), np.zeros_like(x[0])
    parts = np.zeros((2, coarse.shape[1]), x.dtype)
    product = 0.0
    _correct_row(shares, coarse, rows, parts, x[rows])
    for row in range(rows, 0, -1):
        if row > 1:
            _correct_row(shares, coarse, row - 1, parts, x[row - 1])
        residual_row(weights, shift, x, b, row, t)
        _relax_row(weights[row, 0], inverse[row], t, even, odd, steps, change)
        part = 0.0
        for j in range(1, width - 1):
            now = x[row, j] + change[j]
            x[row, j] = now
            part += now * b[row, j]
        product += part
    return product


@kernel
def _correct_row(shares: Floats, coarse: Floats, row: int, parts: Floats, x: Floats) -> None:
    """Add the correction from the coarser grid, interpolated, to a row of `x`."""
    odd, even = parts[0], parts[1]
    at = (row + 1) // 2
    if row % 2 == 1:
        _between_two(shares[at], coarse[at], odd, even)
    else:
        _between_four(shares[at, 6:9], shares[at + 1, 0:3], coarse[at], coarse[at + 1], odd, even)
    for j in range(1, odd.size - 1):
        x[2 * j - 1] += odd[j]
        x[2 * j] += even[j]


@kernel
def _between_two(shares: Floats, coarse: Floats, odd: Floats, even: Floats) -> None:
    for j in range(1, coarse.size - 1):
        odd[j] = coarse[j]
        even[j] = shares[5, j] * coarse[j] + shares[3, j + 1] * coarse[j + 1]


@kernel
def _between_four(
    north: Floats, south: Floats, upper: Floats, lower: Floats, odd: Floats, even: Floats
) -> None:
    for j in range(1, upper.size - 1):
        odd[j] = north[1, j] * upper[j] + south[1, j] * lower[j]
    for j in range(1, upper.size - 1):
        even[j] = north[2, j] * upper[j] + north[0, j + 1] * upper[j + 1]
    for j in range(1, upper.size - 1):
        even[j] += south[2, j] * lower[j] + south[0, j + 1] * lower[j + 1]


@kernel
def restrict_residual(
    weights: Floats, shift: Floats, x: Floats, b: Floats, shares: Floats, coarse: Floats
) -> None:
    """Write the residual of a level, gathered on the next coarser grid, into `coarse`."""
    rows = x.shape[0] - 2
    r = np.zeros(x.shape[1] + 2, x.dtype)
    parts = np.zeros((2, coarse.shape[1]), x.dtype)
    coarse[:] = 0.0
    for row in range(1, rows + 1):
        residual_row(weights, shift, x, b, row, r)
        _gather(shares, r, row, parts, coarse)


@kernel
def add_correction(shares: Floats, coarse: Floats, x: Floats) -> None:
    """Add the correction of the coarser grid, interpolated, to `x`."""
    parts = np.zeros((2, coarse.shape[1]), x.dtype)
    for row in range(1, x.shape[0] - 1):
        _correct_row(shares, coarse, row, parts, x[row])
