"""What runs over many sites come to, and how their maps are added up."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.flows import accumulate
from kulan.connectivity.circuits.raster_circuit import Grid, Injection, RasterCircuit
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Attempt, Solution

Polygons = NDArray[np.integer]


@dataclass(frozen=True)
class PairMap:
    """What one pair of sites, or one site of the one-to-all and all-to-one modes, gave.

    Attributes
    ----------
    first, second
        The sites' numbers; both the same in the one-to-all and all-to-one modes.
    voltage
        Potential of each cell, V, shape (rows, columns): 0 at `first` and 1 A entering `second`.
    current
        Current through each cell, A.
    """

    first: int
    second: int
    voltage: Grid
    current: Grid


@dataclass(frozen=True)
class Failure:
    """A site or pair that could not be solved; the others were."""

    first: int
    second: int
    reason: str


@dataclass(frozen=True)
class Connectivity:
    """What a run over many sites came to.

    Attributes
    ----------
    sites
        The sites' numbers, in the order of `resistance`.
    resistance
        Effective resistance between sites, ohm; shape (n, n) between pairs, (n,) from one to
        all. Infinite where there is no way, NaN where it was not asked for or not solved.
    cumulative
        Sum of all current maps, A, shape (rows, columns).
    maximum
        Largest current of all maps in each cell, A.
    failures
        What could not be solved, and why.
    attempts
        Every try of a solver.
    """

    sites: tuple[int, ...]
    resistance: NDArray[np.float64]
    cumulative: Grid
    maximum: Grid
    failures: tuple[Failure, ...] = ()
    attempts: tuple[Attempt, ...] = ()


Receive = Callable[[PairMap], None]


@dataclass
class Run:
    """The running results of one analysis."""

    resistance: NDArray[np.float64]
    cumulative: Grid
    maximum: Grid
    receive: Receive | None
    maps: bool
    drop_below: float
    executor: Executor | None = None
    failures: list[Failure] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)

    def record(self, tried: Solution | Failure) -> Grid | None:
        """Keep how a solve went; return its potential, if it has one."""
        if isinstance(tried, Failure):
            self.failures.append(tried)
            return None
        self.attempts.extend(tried.attempts)
        return tried.potential

    def take_map(
        self,
        circuit: RasterCircuit,
        pair: tuple[int, int],
        potentials: tuple[Grid, Grid],
        injection: Injection,
        zero: float = 0.0,
    ) -> None:
        """Draw the current map under the second potential less the first, and add it."""
        if not self.maps:
            return
        low, high = potentials
        current = circuit.current_map(low, high, injection, drop_below=self.drop_below)
        accumulate(circuit.plain(current), self.cumulative, self.maximum)
        if self.receive is not None:
            voltage = circuit.plain(high - low)
            part = circuit.parts[injection.places[0]] if injection.places.size else 0
            voltage = np.where(circuit.parts.reshape(voltage.shape) == part, voltage - zero, 0.0)
            self.receive(PairMap(*pair, voltage, circuit.plain(current)))

    def take_nothing(self, shape: tuple[int, int], pair: tuple[int, int]) -> None:
        """Pass on maps of zeros, for sites that are one node or not connected."""
        if self.maps and self.receive is not None:
            self.receive(PairMap(*pair, np.zeros(shape), np.zeros(shape)))

    def result(self, sites: Sites) -> Connectivity:
        """Return what the run came to."""
        return Connectivity(
            sites.numbers,
            self.resistance,
            self.cumulative,
            self.maximum,
            tuple(self.failures),
            tuple(self.attempts),
        )


def place_of(circuit: RasterCircuit, cells: NDArray[np.int64]) -> int | None:
    """Return a cell of a site that is a node, or None where all its `cells` are NoData."""
    on = cells[circuit.parts[cells] > 0]
    return int(on[0]) if on.size else None
