"""Circuits of one landscape in which now these regions are one node each, now those."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.raster_circuit import RasterCircuit
from kulan.connectivity.circuits.sites import Sites, check_sites, merge
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Stencil
from kulan.connectivity.kept_work import digest_of

_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class MergedCircuits:
    """A landscape with its polygons and sites, to make circuits from.

    The circuit made last is remembered, with all that was computed of it, and is shared by the
    threads of a process. Sent to another process, it is left behind.

    Attributes
    ----------
    stencil
        The linked cells.
    short_circuits
        Polygons within which potentials are equal, by positive number; None for none.
    sites
        The sites.
    solving
        How to solve.
    """

    stencil: Stencil
    short_circuits: NDArray[np.integer] | None
    sites: Sites
    solving: Solving
    _last: dict[tuple[int, ...], RasterCircuit] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        check_sites(self.stencil, self.sites)

    def circuit(self, regions: Iterable[int] = (), *, to_solve: bool = False) -> RasterCircuit:
        """Return the circuit in which some sites are one node each.

        Parameters
        ----------
        regions
            Numbers of the sites.
        to_solve
            Whether to do what the first solve would do, so that threads need not do it twice.
        """
        together = tuple(sorted(set(regions)))
        with _one_at_a_time:
            circuit = self._last.get(together)
            if circuit is None:
                self._last.clear()
                cells = [self.sites.cells[site] for site in together]
                merged = merge(self.stencil, self.short_circuits, cells)
                circuit = RasterCircuit(self.stencil, merged, solving=self.solving)
                self._last[together] = circuit
            n_nodes = int(self.stencil.valid.sum()) if to_solve else 0
            if to_solve and self.solving.order(n_nodes, raster=True)[0] == "multigrid":
                circuit.prepare()
            return circuit

    def digest(self) -> str:
        """Name all that answers depend on, but for what is asked."""
        stencil, cells = self.stencil, self.sites.cells
        return digest_of(
            stencil.weights,
            stencil.valid,
            *vars(stencil.links).values(),
            self.short_circuits,
            *(part for site in cells.items() for part in site),
            self.solving.numerics,
        )

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_last": {}}
