"""Currents through cells from the potentials: the loops behind every current map."""

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.kernels import Floats, kernel


@kernel
def through_flow(weights: Floats, low: Floats, high: Floats, cutoff: float, flow: Floats) -> None:
    """Write into `flow` half the sum of all currents at each cell, in or out.

    The potential is `high` less `low`, and `weights` are the conductances. In a cell that nothing
    enters from outside, as much flows in as out, and this half is the current through it.
    Currents along a link of at most `cutoff` count as none.
    """
    columns = low.shape[1]
    v, below = np.zeros(columns), np.zeros(columns)
    now, above = np.zeros((4, columns)), np.zeros((4, columns))
    for i in range(1, low.shape[0] - 1):
        for j in range(columns):
            v[j] = high[i, j] - low[i, j]
            below[j] = high[i + 1, j] - low[i + 1, j]
        for j in range(1, columns - 1):
            now[0, j] = abs(weights[i, 0, j] * (v[j] - v[j + 1]))
            now[1, j] = abs(weights[i, 1, j] * (v[j] - below[j]))
            now[2, j] = abs(weights[i, 2, j] * (v[j] - below[j + 1]))
            now[3, j] = abs(weights[i, 3, j] * (v[j] - below[j - 1]))
        if cutoff > 0.0:
            for k in range(4):
                for j in range(1, columns - 1):
                    if now[k, j] <= cutoff:
                        now[k, j] = 0.0
        for j in range(1, columns - 1):
            flow[i, j] = 0.5 * (
                now[0, j]
                + now[0, j - 1]
                + now[1, j]
                + now[2, j]
                + now[3, j]
                + above[1, j]
                + above[2, j - 1]
                + above[3, j + 1]
            )
        now, above = above, now


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
