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

# indices of this type need no look whether they count from the end
_U = np.uint64
_ONE, _TWO = _U(1), _U(2)


@kernel
def interpolation_shares(weights: Floats, shift: Floats, shares: Floats) -> None:
    """Fill `shares[i, k, j]`: what the nine fine cells around a coarse cell take from it.

    k counts the fine cells row by row from the north-west (0) over the centre (4, always 1) to
    the south-east (8). Where nothing is grounded the shares of a fine cell add up to one.
    `shares` must be zero before.
    """
    rows, last = weights.shape[0] - 2, shares.shape[0] - 2
    for i in range(1, last + 1):
        row = 2 * i - 1
        shares[i, 4, 1 : shares.shape[2] - 1] = 1.0
        _shares_along_row(weights[row - 1], weights[row], _of_row(shift, row), shares[i])
        if i > 1:
            _shares_between_rows(weights, shift, row - 1, shares[i - 1], shares[i])
    if rows % 2 == 0:
        _shares_between_rows(weights, shift, rows, shares[last], shares[last + 1])


@kernel
def _of_row(shift: Floats, row: int) -> Floats:
    """Give the grounds of a row; one number where nothing is grounded."""
    ground: Floats = shift[row] if shift.shape[0] > 1 else shift[0]
    return ground


@kernel
def _shares_along_row(above: Floats, own: Floats, shift: Floats, shares: Floats) -> None:
    """Share out the cells between two coarse ones of the same row."""
    grounded = shift.size > 1
    for c in range(_ONE, _U(own.shape[1] // 2)):
        j = _TWO * c
        west = max(0.0, own[0, j - _ONE] + above[2, j - _ONE] + own[3, j])
        east = max(0.0, own[0, j] + above[3, j + _ONE] + own[2, j])
        total = west + east
        if total == 0.0:
            west = 1.0
            total = 1.0
        if grounded:
            total += shift[j]
        part = 1.0 / total
        shares[5, c] = west * part
        shares[3, c + _ONE] = east * part


@kernel
def _shares_between_rows(
    weights: Floats, shift: Floats, row: int, upper: Floats, lower: Floats
) -> None:
    """Share out a row of fine cells between the coarse rows on both sides of it."""
    ground = _of_row(shift, row)
    _shares_along_columns(weights[row - 1], weights[row], ground, upper, lower)
    _shares_of_centres(weights[row - 1], weights[row], ground, upper, lower)


@kernel
def _shares_along_columns(
    above: Floats, own: Floats, shift: Floats, upper: Floats, lower: Floats
) -> None:
    """Share out the cells between two coarse ones of the same column."""
    grounded = shift.size > 1
    for c in range(_ONE, _U(upper.shape[1] - 1)):
        j = _TWO * c - _ONE
        north = max(0.0, above[1, j] + above[2, j - _ONE] + above[3, j + _ONE])
        south = max(0.0, own[1, j] + own[2, j] + own[3, j])
        total = north + south
        if total == 0.0:
            north = 1.0
            total = 1.0
        if grounded:
            total += shift[j]
        part = 1.0 / total
        upper[7, c] = north * part
        lower[1, c] = south * part


@kernel
def _shares_of_centres(
    above: Floats, own: Floats, shift: Floats, upper: Floats, lower: Floats
) -> None:
    """Share out the cells in the middle of four coarse ones."""
    grounded = shift.size > 1
    for c in range(_ONE, _U(own.shape[1] // 2)):
        j = _TWO * c
        north, south = max(0.0, above[1, j]), max(0.0, own[1, j])
        west, east = max(0.0, own[0, j - _ONE]), max(0.0, own[0, j])
        nw, ne = max(0.0, above[2, j - _ONE]), max(0.0, above[3, j + _ONE])
        sw, se = max(0.0, own[3, j]), max(0.0, own[2, j])
        total = north + south + west + east + nw + ne + sw + se
        if total == 0.0:
            nw = 1.0
            total = 1.0
        if grounded:
            total += shift[j]
        part = 1.0 / total
        upper[8, c] = (nw + north * upper[5, c] + west * upper[7, c]) * part
        upper[6, c + _ONE] = (ne + north * upper[3, c + _ONE] + east * upper[7, c + _ONE]) * part
        lower[2, c] = (sw + south * lower[5, c] + west * lower[1, c]) * part
        lower[0, c + _ONE] = (se + south * lower[3, c + _ONE] + east * lower[1, c + _ONE]) * part


@kernel
def galerkin_weights(weights: Floats, shift: Floats, shares: Floats, coarse: Floats) -> None:
    """Fill `coarse` with the conductances between neighbouring coarse cells.

    A pair of coarse cells gets minus the entry of (transposed interpolation) x (fine operator) x
    (interpolation); these may be slightly negative, which the smoother tolerates. `coarse` must
    be zero before.

    What counts is the current that leaves each fine cell when one coarse cell has a potential of
    one and the others of zero, interpolated. In the names below n, e, s, w say on which side of
    the coarse cell a fine cell lies, and the row to the south is called the lower one.
    """
    last = coarse.shape[0] - 2
    for i in range(1, last + 1):
        row = 2 * i - 1
        before = weights[max(row - 2, 0)]  # the ring twice over for the first row
        above, own, below = weights[row - 1], weights[row], weights[row + 1]
        _weights_east(before, above, own, below, shares[i], coarse[i, 0])
        if i < last:
            _weights_south(own, below, shares[i], shares[i + 1], coarse[i, 1])
            _weights_southeast(own, below, shares[i], shares[i + 1], coarse[i, 2])
            _weights_southwest(own, below, shares[i], shares[i + 1], coarse[i, 3])
        if shift.shape[0] > 1:
            _weights_of_grounds(shift, row, shares[i], shares[i + 1], coarse[i])


@kernel
def _weights_east(
    before: Floats, above: Floats, own: Floats, below: Floats, shares: Floats, coarse: Floats
) -> None:
    """Find the conductances to the east of a coarse row."""
    for c in range(_ONE, _U(coarse.size - 2)):
        e = _TWO * c
        o, far = e - _ONE, e + _ONE
        n, s = np.float64(shares[1, c]), np.float64(shares[7, c])
        ne, to_e, se = np.float64(shares[2, c]), np.float64(shares[5, c]), np.float64(shares[8, c])
        from_ne = (
            (before[1, e] + before[2, o] + before[3, far] + above[0, e] + above[2, e]) * ne
            + above[0, o] * (ne - n)
            + above[1, e] * (ne - to_e)
            + above[3, e] * (ne - 1.0)
        )
        from_e = (
            (above[3, far] + own[0, e] + own[2, e]) * to_e
            + above[1, e] * (to_e - ne)
            + above[2, o] * (to_e - n)
            + own[0, o] * (to_e - 1.0)
            + own[1, e] * (to_e - se)
            + own[3, e] * (to_e - s)
        )
        from_se = _from_southeast(own, below, o, far, to_e, s, se)
        coarse[c] = -(
            shares[0, c + _ONE] * from_ne
            - shares[1, c + _ONE] * (above[0, e] * ne + above[3, far] * to_e)
            + shares[3, c + _ONE] * from_e
            - (own[0, e] * to_e + above[2, e] * ne + own[3, far] * se)
            + shares[6, c + _ONE] * from_se
            - shares[7, c + _ONE] * (below[0, e] * se + own[2, e] * to_e)
        )


@kernel
def _from_southeast(
    own: Floats, below: Floats, o: np.uint64, far: np.uint64, to_e: float, s: float, se: float
) -> float:
    """Sum the currents that leave the fine cell to the south-east, one column after `o`."""
    e = o + _ONE
    flow: float = (
        (own[3, far] + below[0, e] + below[1, e] + below[2, e] + below[3, e]) * se
        + own[1, e] * (se - to_e)
        + own[2, o] * (se - 1.0)
        + below[0, o] * (se - s)
    )
    return flow


@kernel
def _from_southwest(
    own: Floats, below: Floats, o: np.uint64, to_w: float, s: float, sw: float
) -> float:
    """Sum the currents that leave the fine cell to the south-west, one column before `o`."""
    w = o - _ONE
    before = w - _ONE if w > 0 else w  # left of the first column there is nothing
    flow: float = (
        (own[2, before] + below[0, before] + below[1, w] + below[2, w] + below[3, w]) * sw
        + own[1, w] * (sw - to_w)
        + own[3, o] * (sw - 1.0)
        + below[0, w] * (sw - s)
    )
    return flow


@kernel
def _weights_south(
    own: Floats, below: Floats, shares: Floats, lower: Floats, coarse: Floats
) -> None:
    """Find the conductances to the south of a coarse row."""
    last_fine = _U(own.shape[1] - 1)
    for c in range(_ONE, _U(coarse.size - 1)):
        e = _TWO * c
        o, w = e - _ONE, e - _TWO
        to_w, to_e = np.float64(shares[3, c]), np.float64(shares[5, c])
        sw, s, se = np.float64(shares[6, c]), np.float64(shares[7, c]), np.float64(shares[8, c])
        from_s = (
            (below[1, o] + below[2, o] + below[3, o]) * s
            + below[0, o] * (s - se)
            + below[0, w] * (s - sw)
            + own[1, o] * (s - 1.0)
            + own[2, w] * (s - to_w)
            + own[3, e] * (s - to_e)
        )
        from_sw = _from_southwest(own, below, o, to_w, s, sw)
        # right of the last column there is nothing
        from_se = _from_southeast(own, below, o, min(e + _ONE, last_fine), to_e, s, se)
        coarse[c] = -(
            lower[0, c] * from_sw
            + lower[1, c] * from_s
            + lower[2, c] * from_se
            - lower[3, c] * (below[1, w] * sw + below[3, o] * s)
            - (below[1, o] * s + below[2, w] * sw + below[3, e] * se)
            - lower[5, c] * (below[1, e] * se + below[2, o] * s)
        )


@kernel
def _weights_southeast(
    own: Floats, below: Floats, shares: Floats, lower: Floats, coarse: Floats
) -> None:
    """Find the conductances to the south-east of a coarse row."""
    for c in range(_ONE, _U(coarse.size - 2)):
        e = _TWO * c
        o = e - _ONE
        to_e = np.float64(shares[5, c])
        s, se = np.float64(shares[7, c]), np.float64(shares[8, c])
        coarse[c] = -(
            lower[0, c + _ONE] * _from_southeast(own, below, o, e + _ONE, to_e, s, se)
            - lower[1, c + _ONE] * (below[0, e] * se + own[2, e] * to_e)
            - lower[3, c + _ONE] * (below[1, e] * se + below[2, o] * s)
            - below[2, e] * se
        )


@kernel
def _weights_southwest(
    own: Floats, below: Floats, shares: Floats, lower: Floats, coarse: Floats
) -> None:
    """Find the conductances to the south-west of a coarse row."""
    for c in range(_TWO, _U(coarse.size - 1)):
        o = _TWO * c - _ONE
        w, far = o - _ONE, o - _TWO
        to_w = np.float64(shares[3, c])
        sw, s = np.float64(shares[6, c]), np.float64(shares[7, c])
        coarse[c] = -(
            lower[2, c - _ONE] * _from_southwest(own, below, o, to_w, s, sw)
            - lower[1, c - _ONE] * (below[0, far] * sw + own[3, w] * to_w)
            - lower[5, c - _ONE] * (below[1, w] * sw + below[3, o] * s)
            - below[3, w] * sw
        )


@kernel
def _weights_of_grounds(
    shift: Floats, row: int, shares: Floats, lower: Floats, coarse: Floats
) -> None:
    """Take off what the fine cells between coarse ones lead to the ground."""
    above, own, below = shift[row - 1], shift[row], shift[row + 1]
    last = coarse.shape[1] - 2
    for c in range(1, last + 1):
        e = 2 * c
        if c < last:
            coarse[0, c] -= (
                shares[0, c + 1] * above[e] * shares[2, c]
                + shares[3, c + 1] * own[e] * shares[5, c]
                + shares[6, c + 1] * below[e] * shares[8, c]
            )
            coarse[2, c] -= lower[0, c + 1] * below[e] * shares[8, c]
        coarse[1, c] -= (
            lower[0, c] * below[e - 2] * shares[6, c]
            + lower[1, c] * below[e - 1] * shares[7, c]
            + lower[2, c] * below[e] * shares[8, c]
        )
        if c > 1:
            coarse[3, c] -= lower[2, c - 1] * below[e - 2] * shares[6, c]


@kernel
def row_sums(weights: Floats, shift: Floats, total: Floats) -> None:
    """Fill `total` with the diagonal: the sum of a cell's conductances, and of its ground."""
    grounded = shift.shape[0] > 1
    for i in range(1, total.shape[0] - 1):
        _sum_row(weights[i - 1], weights[i], total[i])
        if grounded:
            for j in range(1, total.shape[1] - 1):
                total[i, j] += shift[i, j]


@kernel
def _sum_row(above: Floats, own: Floats, total: Floats) -> None:
    for j in range(_ONE, _U(total.size - 1)):
        total[j] = (
            above[2, j - _ONE]
            + above[1, j]
            + above[3, j + _ONE]
            + own[0, j - _ONE]
            + own[0, j]
            + own[3, j]
            + own[1, j]
            + own[2, j]
        )


@kernel
def invert(total: Floats) -> None:
    """Replace all positive numbers of a grid by one over them, and the others by zero."""
    for i in range(total.shape[0]):
        row = total[i]
        for j in range(_U(row.size)):
            value = row[j]
            row[j] = 1.0 / value if value > 0.0 else 0.0
