"""Current maps of many pairs of sites at once, added to running totals."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.flows import accumulate, accumulate_flows, largest_link_current
from kulan.connectivity.circuits.raster_circuit import Grid, Injection, RasterCircuit
from kulan.connectivity.gpu.maps import accumulate_maps

# potentials are gone through so many bytes of rows at a time, and so many of them together
_BAND_BYTES = 8 * 2**20
_FEW = 4
# a site: its place, and the potential with one ampere entering there
End = tuple[int, Grid]
Totals = tuple[Grid, Grid]


def accumulate_pairs(
    circuit: RasterCircuit,
    pairs: Sequence[tuple[End, End]],
    totals: Totals,
    *,
    drop_below: float = 0.0,
) -> None:
    """Add the current maps of pairs of sites to running totals.

    What several pairs share is done once, so many together take less time than one by one.

    Parameters
    ----------
    circuit
        The circuit the potentials belong to.
    pairs
        Place and potential of both sites of each pair; the potential of the pair is the second
        less the first.
    totals
        Sum and maximum of all maps, shape (rows, columns); both are changed.
    drop_below
        Count currents along links below this share of a pair's largest as none.
    """
    if not pairs:
        return
    if circuit.merged is not None or len(circuit.stencil.links):
        _add_one_by_one(circuit, pairs, totals, drop_below)
        return
    grids, numbers = _distinct_grids(pairs)
    places = np.array([[place for place, _ in pair] for pair in pairs])
    cutoffs = np.zeros(len(pairs))
    if drop_below > 0:
        weights = circuit.stencil.weights
        cutoffs[:] = [
            drop_below * largest_link_current(weights, low, high) for (_, low), (_, high) in pairs
        ]
    if circuit.solving.device == "gpu" and circuit.parts.size > circuit.solving.direct_nodes:
        device, on_card = circuit.card_and_weights()
        numbered = circuit.ringed_number(places)
        accumulate_maps(device, on_card, grids, numbers, cutoffs, numbered, totals)
        return
    _add_by_bands(circuit, grids, numbers, cutoffs, places, totals)


def _add_one_by_one(
    circuit: RasterCircuit, pairs: Sequence[tuple[End, End]], totals: Totals, drop_below: float
) -> None:
    for (first, low), (second, high) in pairs:
        injection = Injection.between(first, second)
        current = circuit.current_map(low, high, injection, drop_below=drop_below)
        accumulate(circuit.plain(current), *totals)


def _distinct_grids(pairs: Sequence[tuple[End, End]]) -> tuple[list[Grid], NDArray[np.int64]]:
    """Return each potential once, and the numbers of both potentials of each pair."""
    number: dict[int, int] = {}
    grids: list[Grid] = []
    for _, grid in (end for pair in pairs for end in pair):
        if id(grid) not in number:
            number[id(grid)] = len(grids)
            grids.append(grid)
    return grids, np.array([[number[id(grid)] for _, grid in pair] for pair in pairs])


def _add_by_bands(
    circuit: RasterCircuit,
    grids: list[Grid],
    numbers: NDArray[np.int64],
    cutoffs: NDArray[np.float64],
    places: NDArray[np.int64],
    totals: Totals,
) -> None:
    """Go through all potentials some rows at a time, so that these stay in the cache."""
    n_rows, n_columns = circuit.stencil.shape
    ends = np.stack(np.divmod(places, n_columns), axis=-1) + 1
    # pairs of the same few potentials come together, while their currents are in the cache
    order = np.lexsort((*numbers.T, *(numbers.T // _FEW)))
    rows = max(1, _BAND_BYTES // (len(grids) * grids[0][0].nbytes))
    weights, last = circuit.stencil.weights, n_rows + 1
    for top in range(1, last, rows):
        band = np.stack([grid[top - 1 : min(top + rows, last) + 1] for grid in grids])
        chosen = numbers[order], cutoffs[order], ends[order]
        accumulate_flows(weights, band, top, *chosen, *totals)
