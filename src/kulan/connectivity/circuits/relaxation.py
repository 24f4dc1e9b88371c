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

# indices of this type need no look whether they count from the end: short rows take less time
_U = np.uint64
_ONE, _TWO = _U(1), _U(2)


@kernel
def _from_row_above(above: Floats, upper: Floats, here: Floats, b: Floats, t: Floats) -> None:
    """Write into `t` what enters a row and what the row above, with weights `above`, sends."""
    for j in range(_ONE, _U(here.size - 1)):
        v = here[j]
        t[j] = (
            b[j]
            + above[1, j] * (upper[j] - v)
            + above[2, j - _ONE] * (upper[j - _ONE] - v)
            + above[3, j + _ONE] * (upper[j + _ONE] - v)
        )


@kernel
def _from_row_above_to_zero(above: Floats, upper: Floats, b: Floats, t: Floats) -> None:
    """Do the same for a row whose potentials are all zero."""
    for j in range(_ONE, _U(upper.size - 1)):
        t[j] = (
            b[j]
            + above[1, j] * upper[j]
            + above[2, j - _ONE] * upper[j - _ONE]
            + above[3, j + _ONE] * upper[j + _ONE]
        )


@kernel
def _from_row_below(own: Floats, lower: Floats, here: Floats, t: Floats) -> None:
    """Add to `t` what the row below sends to a row with weights `own`."""
    for j in range(_ONE, _U(here.size - 1)):
        v = here[j]
        t[j] += (
            own[1, j] * (lower[j] - v)
            + own[2, j] * (lower[j + _ONE] - v)
            + own[3, j] * (lower[j - _ONE] - v)
        )


@kernel
def _from_same_row(own: Floats, here: Floats, t: Floats) -> None:
    """Add to `t` what the cells of a row send to one another."""
    for j in range(_ONE, _U(here.size - 1)):
        v = here[j]
        t[j] += own[0, j] * (here[j + _ONE] - v) + own[0, j - _ONE] * (here[j - _ONE] - v)


@kernel
def _to_ground(shift: Floats, here: Floats, t: Floats) -> None:
    """Take off `t` what leaves a row to the ground."""
    for j in range(_ONE, _U(here.size - 1)):
        t[j] -= shift[j] * here[j]


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
        _to_ground(shift[row], x[row], r)


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
    _change_first(inverse, t, first, steps)
    _change_second(beside, inverse, t, second, steps, change)


@kernel
def _change_first(inverse: Floats, t: Floats, first: Floats, steps: Floats) -> None:
    for j in range(_ONE, _U(t.size - 1)):
        steps[j] = first[j] * inverse[j] * t[j]


@kernel
def _change_second(
    beside: Floats, inverse: Floats, t: Floats, second: Floats, steps: Floats, change: Floats
) -> None:
    for j in range(_ONE, _U(t.size - 1)):
        change[j] = steps[j] + second[j] * inverse[j] * (
            t[j] + beside[j] * steps[j + _ONE] + beside[j - _ONE] * steps[j - _ONE]
        )


@kernel
def _go(change: Floats, b: Floats, x: Floats) -> float:
    """Add a change to a row of `x`; return the product of the row and `b`."""
    product = 0.0
    for j in range(_ONE, _U(x.size - 1)):
        now = x[j] + change[j]
        x[j] = now
        product += now * b[j]
    return product


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
        above, own, here = weights[row - 1], weights[row], x[row]
        if from_zero:
            _from_row_above_to_zero(above, x[row - 1], b[row], t)
        else:
            residual_row(weights, shift, x, b, row, t)
        _relax_row(own[0], inverse[row], t, odd, even, steps, change)
        if from_zero:
            _set(change, here)
        else:
            _add(change, here)
        if row > 1:
            _add_change_below(above, change, left)
            _gather(shares, left, row - 1, parts, coarse)
        _start_left(own[0], change, odd, left)
    _gather(shares, left, rows, parts, coarse)


@kernel
def _set(change: Floats, x: Floats) -> None:
    for j in range(_ONE, _U(x.size - 1)):
        x[j] = change[j]


@kernel
def _add(change: Floats, x: Floats) -> None:
    for j in range(_ONE, _U(x.size - 1)):
        x[j] += change[j]


@kernel
def _start_left(beside: Floats, change: Floats, odd: Floats, left: Floats) -> None:
    """Write what the odd columns of a row receive from the even ones, which went after them."""
    for j in range(_ONE, _U(change.size - 1)):
        left[j] = odd[j] * (beside[j] * change[j + _ONE] + beside[j - _ONE] * change[j - _ONE])


@kernel
def _add_change_below(own: Floats, change: Floats, left: Floats) -> None:
    """Add what a row receives from the `change` of the row below."""
    for j in range(_ONE, _U(change.size - 1)):
        left[j] += (
            own[1, j] * change[j] + own[2, j] * change[j + _ONE] + own[3, j] * change[j - _ONE]
        )


@kernel
def _gather(shares: Floats, left: Floats, row: int, parts: Floats, coarse: Floats) -> None:
    """Add the residual of a row to the coarse rows that it has a share in."""
    odd, even = parts[0], parts[1]
    even[0] = left[0]
    for j in range(_ONE, _U(odd.size - 1)):
        odd[j] = left[_TWO * j - _ONE]
        even[j] = left[_TWO * j]
    at = (row + 1) // 2
    if row % 2 == 1:
        _gather_in_row(shares[at, 3:6], odd, even, coarse[at])
        return
    _gather_in_row(shares[at, 6:9], odd, even, coarse[at])
    if at + 1 < coarse.shape[0] - 1:
        _gather_in_row(shares[at + 1, 0:3], odd, even, coarse[at + 1])


@kernel
def _gather_in_row(shares: Floats, odd: Floats, even: Floats, coarse: Floats) -> None:
    for j in range(_ONE, _U(coarse.size - 1)):
        coarse[j] += shares[0, j] * even[j - _ONE] + shares[1, j] * odd[j] + shares[2, j] * even[j]


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
    rows = x.shape[0] - 2
    odd, even = _turns(x[0])
    t, steps, change = np.zeros_like(x[0]), np.zeros_like(x[0]), np.zeros_like(x[0])
    parts = np.zeros((2, coarse.shape[1]), x.dtype)
    product, grounded = 0.0, shift.shape[0] > 1
    _correct_row(shares, coarse, rows, parts, x[rows])
    for row in range(rows, 0, -1):
        if row > 1:
            _correct_row(shares, coarse, row - 1, parts, x[row - 1])
        above, own, here, entering = weights[row - 1], weights[row], x[row], b[row]
        _from_row_above(above, x[row - 1], here, entering, t)
        _from_row_below(own, x[row + 1], here, t)
        _from_same_row(own, here, t)
        if grounded:
            _to_ground(shift[row], here, t)
        _relax_row(own[0], inverse[row], t, even, odd, steps, change)
        product += _go(change, entering, here)
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
    for j in range(_ONE, _U(odd.size - 1)):
        x[_TWO * j - _ONE] += odd[j]
        x[_TWO * j] += even[j]


@kernel
def _between_two(shares: Floats, coarse: Floats, odd: Floats, even: Floats) -> None:
    for j in range(_ONE, _U(coarse.size - 1)):
        odd[j] = coarse[j]
        even[j] = shares[5, j] * coarse[j] + shares[3, j + _ONE] * coarse[j + _ONE]


@kernel
def _between_four(
    north: Floats, south: Floats, upper: Floats, lower: Floats, odd: Floats, even: Floats
) -> None:
    for j in range(_ONE, _U(upper.size - 1)):
        odd[j] = north[1, j] * upper[j] + south[1, j] * lower[j]
    for j in range(_ONE, _U(upper.size - 1)):
        even[j] = north[2, j] * upper[j] + north[0, j + _ONE] * upper[j + _ONE]
    for j in range(_ONE, _U(upper.size - 1)):
        even[j] += south[2, j] * lower[j] + south[0, j + _ONE] * lower[j + _ONE]


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
