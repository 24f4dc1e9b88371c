"""What runs over many sites come to, and how their maps are added up."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.drawn_maps import Drawing, DrawnMap
from kulan.connectivity.circuits.flows import accumulate
from kulan.connectivity.circuits.raster_circuit import Grid, RasterCircuit
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Attempt
from kulan.connectivity.workers import Progress, Report

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
    """A site or pair that could not be solved; the others were.

    Attributes
    ----------
    first, second
        The sites' numbers; both the same where it is about one site, or one window.
    reason
        Why.
    attempts
        The tries of solvers, where it came to any.
    """

    first: int
    second: int
    reason: str
    attempts: tuple[Attempt, ...] = ()


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
        Sum of all current maps, A, shape (rows, columns); those of `failures` are missing.
    maximum
        Largest current of all maps in each cell, A; those of `failures` are missing.
    failures
        Every pair or site that could not be solved, and why.
    attempts
        Every try of a solver that came to an answer.
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
    drawing: Drawing
    progress: Progress
    failures: list[Failure] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)

    def take(self, pair: tuple[int, int], drawn: DrawnMap) -> None:
        """Add the maps of a pair or site, and pass them on; record where there are none."""
        if drawn.problem:
            self.failures.append(Failure(*pair, drawn.problem, drawn.attempts))
            return
        self.attempts.extend(drawn.attempts)
        if drawn.current is not None:
            accumulate(drawn.current, self.cumulative, self.maximum)
        if self.receive is not None and drawn.current is not None and drawn.voltage is not None:
            self.receive(PairMap(*pair, drawn.voltage, drawn.current))

    def take_nothing(self, pair: tuple[int, int]) -> None:
        """Pass on maps of zeros, for sites that are one node or not connected."""
        if self.receive is not None and self.drawing.current:
            nothing = np.zeros_like(self.cumulative)
            self.receive(PairMap(*pair, nothing, nothing.copy()))

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


def start_run(
    resistance: NDArray[np.float64],
    shape: tuple[int, int],
    receive: Receive | None,
    drawing: Drawing,
    report: Report | None,
) -> Run:
    """Return running results without any yet.

    Parameters
    ----------
    resistance
        To be filled.
    shape
        Of the maps.
    receive
        Takes the maps of each pair or site.
    drawing
        Which maps are wanted.
    report
        Takes the steps done and those in all.
    """
    return Run(resistance, np.zeros(shape), np.zeros(shape), receive, drawing, Progress(report, 0))


def place_of(circuit: RasterCircuit, cells: NDArray[np.int64]) -> int | None:
    """Return a cell of a site that is a node, or None where all its `cells` are NoData."""
    on = cells[circuit.parts[cells] > 0]
    return int(on[0]) if on.size else None
