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


@kernel
def accumulate_flows(
    weights: Floats,
    low: Floats,
    highs: tuple[Floats, Floats, Floats, Floats],
    cutoffs: Floats,
    ends: NDArray[np.int64],
    total: Floats,
    largest: Floats,
) -> None:
    """Add up to four current maps to `total`, and keep the `largest` value of each cell.

    The conductances are read once for all four, which is most of the work.

    Parameters
    ----------
    weights
        The conductances.
    low, highs
        The potential of each map is one of `highs` less `low`.
    cutoffs
        One for each map that is wanted: currents along a link of at most this count as none.
    ends
        Shape (maps, 2, 2): row and column, with the ring, of the two cells of each map where one
        ampere enters and leaves.
    total, largest
        Without the ring.
    """
    columns = low.shape[1]
    work = np.zeros((4, 2, 5, columns))
    half, added, most = np.zeros(columns), np.zeros(columns), np.zeros(columns)
    for k in range(cutoffs.size):
        _differences(low, highs[k], 1, work[k, 1, 4])
    for row in range(1, low.shape[0] - 1):
        for k in range(cutoffs.size):
            _half_of_row(weights, low, highs[k], row, cutoffs[k], work[k], half)
            for end in range(2):
                if ends[k, end, 0] == row:
                    half[ends[k, end, 1]] += 0.5
            for j in range(columns):
                added[j] = half[j] if k == 0 else added[j] + half[j]
                most[j] = half[j] if k == 0 else max(most[j], half[j])
        for j in range(total.shape[1]):
            total[row - 1, j] += added[j + 1]
        for j in range(total.shape[1]):
            largest[row - 1, j] = max(largest[row - 1, j], most[j + 1])


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
