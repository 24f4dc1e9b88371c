"""Pinch points: where the current of a link crowds while it has to stay inside its corridor."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kulan.assessment.connectivity.landscapes import Landscape
from kulan.connectivity.barriers.cuts import Cuts, with_barriers
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.results import Connectivity
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.least_cost.corridors import pinch_point_conductance
from kulan.connectivity.least_cost.site_costs import PlacedCorridor

Pair = tuple[int, int]


@dataclass
class PinchPoints:
    """The pinch points of several links.

    Attributes
    ----------
    largest
        Largest current of any link in each cell, A, of one that flows; NaN outside all corridors.
    resistance
        Effective resistance of each corridor, ohm.
    last
        Current of the link taken last, on the cells of its corridor; None where it is not known.
    notes
        What could not be solved.
    """

    largest: NDArray[np.float64]
    resistance: dict[Pair, float] = field(default_factory=dict)
    last: NDArray[np.float64] | None = None
    notes: list[str] = field(default_factory=list)

    @classmethod
    def nowhere(cls, shape: tuple[int, int]) -> "PinchPoints":
        """Begin without a link."""
        return cls(np.full(shape, np.nan))

    def take(self, pair: Pair, placed: PlacedCorridor, found: Connectivity) -> None:
        """Add the currents of a link.

        Parameters
        ----------
        pair
            The sites it links.
        placed
            Its corridor.
        found
            What `find_pinch_points` found.
        """
        self.last = None
        if found.failures:
            self.notes.append(
                f"The pinch points of the link from site {pair[0]} to {pair[1]} could not be "
                f"found: {found.failures[0].reason}"
            )
            return
        self.last = np.where(placed.corridor.mask, found.cumulative, np.nan)
        self.resistance[pair] = float(found.resistance[0, 1])
        here = self.largest[placed.rows, placed.columns]
        np.fmax(here, self.last, out=here)


def find_pinch_points(
    landscape: Landscape,
    sites: Sites,
    cuts: Cuts | None,
    pair: Pair,
    placed: PlacedCorridor,
    solving: Solving,
) -> Connectivity:
    """Send one ampere from site to site inside a corridor.

    Parameters
    ----------
    landscape
        The cells.
    sites, pair
        The sites, and which two of them.
    cuts
        What barriers cut; None for none.
    placed
        The corridor between them.
    solving
        How to solve.
    """
    rows, columns = placed.rows, placed.columns
    part = landscape.grid.known_within(rows, columns)
    conductance = np.nan_to_num(pinch_point_conductance(part, placed.corridor), nan=0.0)
    stencil = link_cells(conductance, neighbours=landscape.neighbours, mean=landscape.mean)
    if cuts is not None:
        stencil = with_barriers(stencil, cuts.part(rows, columns))
    ends = {
        number: _cells_within(sites.cells[number], landscape.grid.shape[1], placed)
        for number in pair
    }
    return pairwise(stencil, Sites(ends), solving=solving)


def _cells_within(
    cells: NDArray[np.int64], n_columns: int, placed: PlacedCorridor
) -> NDArray[np.int64]:
    """Return the cells of a site that belong to the corridor, by their numbers in it."""
    row, column = np.divmod(cells, n_columns)
    row, column = row - placed.rows.start, column - placed.columns.start
    height, width = placed.corridor.mask.shape
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    row, column = row[inside], column[inside]
    belongs = placed.corridor.mask[row, column]
    found: NDArray[np.int64] = row[belongs] * width + column[belongs]
    return found
