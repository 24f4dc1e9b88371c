"""Currents through cells from the potentials: the loops behind every current map."""

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.kernels import Floats, kernel
from kulan.errors import InvalidGridError


def check_drop_below(drop_below: float) -> None:
    """Refuse a threshold for currents that is no share of the largest, 0 to below 1."""
    if not 0 <= drop_below < 1:
        raise InvalidGridError(
            f"drop_below: {drop_below:g} found; give a share of the largest current, 0 to below 1."
        )


@kernel
def _differences(low: Floats, high: Floats, row: int, v: Floats) -> None:
    for j in range(v.size):
        v[j] = high[row, j] - low[row, j]


@kernel
def _link_currents(weights: Floats, row: int, v: Floats, below: Floats, now: Floats) -> None:
    """Find the currents along the four links of each cell of a row, without sign."""
    for j in range(1, v.size - 1):
        here = v[j]
        now[0, j] = abs(weights[row, 0, j] * (here - v[j + 1]))
        now[1, j] = abs(weights[row, 1, j] * (here - below[j]))
        now[2, j] = abs(weights[row, 2, j] * (here - below[j + 1]))
        now[3, j] = abs(weights[row, 3, j] * (here - below[j - 1]))


@kernel
def _half_of_links(now: Floats, above: Floats, half: Floats) -> None:
    """Write half of the sum of the eight currents at each cell of a row into `half`."""
    for j in range(1, half.size - 1):
        half[j] = 0.5 * (
            now[0, j]
            + now[0, j - 1]
            + now[1, j]
            + now[2, j]
            + now[3, j]
            + above[1, j]
            + above[2, j - 1]
            + above[3, j + 1]
        )


@kernel
def _half_of_row(
    weights: Floats, low: Floats, high: Floats, row: int, cutoff: float, work: Floats, half: Floats
) -> None:
    """Write into `half` half the sum of the currents at each cell of a row.

    Rows must come in rising order, with the same `work`: for this row and the one above, link
    currents and, last, differences of potential.
    """
    here, other = work[row % 2], work[(row + 1) % 2]
    _differences(low, high, row + 1, other[4])
    _link_currents(weights, row, here[4], other[4], here)
    if cutoff > 0.0:
        for k in range(4):
            for j in range(half.size):
                here[k, j] = here[k, j] if here[k, j] > cutoff else 0.0
    _half_of_links(here, other, half)


@kernel
def through_flow(weights: Floats, low: Floats, high: Floats, cutoff: float, flow: Floats) -> None:
    """Write into `flow` half the sum of all currents at each cell, in or out.

    The potential is `high` less `low`, and `weights` are the conductances. In a cell that nothing
    enters from outside, as much flows in as out, and this half is the current through it.
    Currents along a link of at most `cutoff` count as none.
    """
    work, half = np.zeros((2, 5, low.shape[1])), np.zeros(low.shape[1])
    _differences(low, high, 1, work[1, 4])
    for row in range(1, low.shape[0] - 1):
        _half_of_row(weights, low, high, row, cutoff, work, half)
        flow[row, :] = half


# columns that are worked on together: known beforehand, so that the compiler unrolls the loops,
# and few, so that the currents of several potentials stay in the fastest cache
_WIDTH = 128
_LINKS = 8


@kernel
def _along(
    weights: Floats, start: Floats, end: Floats, at: tuple[int, int], n: int, currents: Floats
) -> None:
    """Find the currents of `n` links from cells in row `start` to cells in row `end`.

    `at` are the columns where those rows begin; `weights` begins with `start`.
    """
    # an index of this type needs no look whether it counts from the end
    i, k = np.uint64(at[0]), np.uint64(at[1])
    for j in range(n):
        c = np.uint64(j)
        currents[c] = weights[i + c] * (start[i + c] - end[k + c])


@kernel
def _currents_at(
    weights: Floats, potential: Floats, at: tuple[int, int], first: int, n: int, currents: Floats
) -> None:
    """Find the currents along the eight links of `n` cells of a row, from column `first` on.

    `at` is the row in `weights` and that in `potential`. The sign of a current is that of its
    link, not that of the cell, so that differences between potentials make sense.
    """
    i, k = at
    own, above = weights[i], weights[i - 1]
    here, upper, lower = potential[k], potential[k - 1], potential[k + 1]
    _along(own[0], here, here, (first, first + 1), n, currents[0])
    _along(own[0], here, here, (first - 1, first), n, currents[1])
    _along(own[1], here, lower, (first, first), n, currents[2])
    _along(own[2], here, lower, (first, first + 1), n, currents[3])
    _along(own[3], here, lower, (first, first - 1), n, currents[4])
    _along(above[1], upper, here, (first, first), n, currents[5])
    _along(above[2], upper, here, (first - 1, first), n, currents[6])
    _along(above[3], upper, here, (first + 1, first), n, currents[7])


@kernel
def _half_between(low: Floats, high: Floats, half: Floats) -> None:
    """Write into `half` half the sum of the currents at each cell: those of `high` less `low`."""
    for j in range(_WIDTH):
        half[j] = 0.5 * (
            abs(high[0, j] - low[0, j])
            + abs(high[1, j] - low[1, j])
            + abs(high[2, j] - low[2, j])
            + abs(high[3, j] - low[3, j])
            + abs(high[4, j] - low[4, j])
            + abs(high[5, j] - low[5, j])
            + abs(high[6, j] - low[6, j])
            + abs(high[7, j] - low[7, j])
        )


@kernel
def _half_above(low: Floats, high: Floats, cutoff: float, half: Floats) -> None:
    """Do the same without the currents of at most `cutoff`."""
    half[:] = 0.0
    for link in range(_LINKS):
        for j in range(_WIDTH):
            current = abs(high[link, j] - low[link, j])
            half[j] += 0.5 * current if current > cutoff else 0.0


@kernel
def accumulate_flows(
    weights: Floats,
    potentials: Floats,
    top: int,
    pairs: NDArray[np.int64],
    cutoffs: Floats,
    ends: NDArray[np.int64],
    total: Floats,
    largest: Floats,
) -> None:
    """Add the current maps of pairs to `total` in some rows, and keep the `largest` values.

    The currents of each potential are found once, whatever the number of pairs it is part of:
    that of a pair is a difference, link by link.

    Parameters
    ----------
    weights
        The conductances.
    potentials
        Shape (n, rows + 2, columns): the rows in question of each potential, and one more on
        either side, with the ring of columns.
    top
        The first row in question, counted with the ring.
    pairs
        Shape (pairs, 2): numbers of the potentials; that of a map is the second less the first.
    cutoffs
        One for each pair: currents along a link of at most this count as none.
    ends
        Shape (pairs, 2, 2): row and column, with the ring, of the two cells of each pair where
        one ampere enters and leaves.
    total, largest
        Without the ring, all rows.
    """
    n_rows, columns = potentials.shape[1] - 2, total.shape[1]
    currents = np.zeros((potentials.shape[0], _LINKS, _WIDTH))
    half, added, most = np.zeros(_WIDTH), np.zeros(_WIDTH), np.zeros(_WIDTH)
    for first in range(1, columns + 1, _WIDTH):
        n = min(_WIDTH, columns + 1 - first)
        currents[:] = 0.0
        for k in range(1, n_rows + 1):
            row = top + k - 1
            for one in range(potentials.shape[0]):
                _currents_at(weights, potentials[one], (row, k), first, n, currents[one])
            added[:] = 0.0
            most[:] = 0.0
            for pair in range(pairs.shape[0]):
                low, high = currents[pairs[pair, 0]], currents[pairs[pair, 1]]
                if cutoffs[pair] > 0.0:
                    _half_above(low, high, cutoffs[pair], half)
                else:
                    _half_between(low, high, half)
                for end in range(2):
                    at = ends[pair, end, 1] - first
                    if ends[pair, end, 0] == row and 0 <= at < n:
                        half[at] += 0.5
                for j in range(_WIDTH):
                    added[j] += half[j]
                    most[j] = max(most[j], half[j])
            for j in range(n):
                total[row - 1, first - 1 + j] += added[j]
            for j in range(n):
                before = largest[row - 1, first - 1 + j]
                largest[row - 1, first - 1 + j] = max(before, most[j])


@kernel
def largest_link_current(weights: Floats, low: Floats, high: Floats) -> float:
    """Return the largest current along any link between neighbours, A.

    `weights` are the conductances, and the potential is `high` less `low`.
    """
    largest = 0.0
    for i in range(1, low.shape[0] - 1):
        for j in range(1, low.shape[1] - 1):
            here = high[i, j] - low[i, j]
            east = abs(weights[i, 0, j] * (here - high[i, j + 1] + low[i, j + 1]))
            south = abs(weights[i, 1, j] * (here - high[i + 1, j] + low[i + 1, j]))
            se = abs(weights[i, 2, j] * (here - high[i + 1, j + 1] + low[i + 1, j + 1]))
            sw = abs(weights[i, 3, j] * (here - high[i + 1, j - 1] + low[i + 1, j - 1]))
            largest = max(largest, east, south, se, sw)
    return largest


@kernel
def accumulate(current: Floats, total: Floats, largest: Floats) -> None:
    """Add a `current` map to a running `total`, and keep the `largest` value of each cell."""
    for i in range(current.shape[0]):
        for j in range(current.shape[1]):
            value = current[i, j]
            total[i, j] += value
            largest[i, j] = max(largest[i, j], value)


@kernel
def average_groups(
    starts: NDArray[np.int64], cells: NDArray[np.int64], values: NDArray[np.float64]
) -> None:
    """Replace the `values` of each group by their mean.

    `cells` lists the members group by group; `starts` says where each group begins, and last
    where the list ends.
    """
    for group in range(starts.size - 1):
        total = 0.0
        for k in range(starts[group], starts[group + 1]):
            total += values[cells[k]]
        total /= starts[group + 1] - starts[group]
        for k in range(starts[group], starts[group + 1]):
            values[cells[k]] = total


@kernel
def add_link_flow(
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    conductance: NDArray[np.float64],
    potential: NDArray[np.float64],
    flow: NDArray[np.float64],
) -> None:
    """Add to `flow` the current that leaves each place along further links.

    Links join `first` and `second` with a `conductance`, under a `potential`.
    """
    for k in range(first.size):
        current = conductance[k] * (potential[first[k]] - potential[second[k]])
        flow[first[k]] += current
        flow[second[k]] -= current
