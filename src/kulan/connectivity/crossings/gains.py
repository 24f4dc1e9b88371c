"""What crossings give back, each for itself and together, exact for all pairs of sites."""

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.barriers.cuts import (
    Cuts,
    Integers,
    Values,
    check_shape,
    step_ends,
    weight_index,
    with_barriers,
)
from kulan.connectivity.barriers.effect import Measure, overall
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Stencil
from kulan.connectivity.crossings.places import Crossings
from kulan.connectivity.crossings.step_responses import (
    StepResponse,
    circuit_with,
    places_of_sites,
    respond,
)
from kulan.connectivity.workers import Report
from kulan.errors import InvalidGridError

# small differences of resistances are wanted, so currents are balanced more closely than for maps
CLOSELY = Solving(tolerance=1e-9, precise_multigrid=True)
# what is enough for steps where only single crossings are asked for, see `step_tolerance`
SINGLY = 1e-5
# where crossings lower a resistance by more than this factor, too few digits are left
_LARGEST_FALL = 100.0


@dataclass(frozen=True)
class OpenableSteps:
    """The steps that crossings may open, and what any set of crossings makes of them.

    Attributes
    ----------
    steps
        Their numbers, rising.
    whole
        Conductance of each without barriers, siemens.
    permeability
        What barriers leave, one row for each barrier and step, in rising order of steps.
    starts
        First row of each step.
    opened
        Of each crossing, the rows that it opens.
    share
        Permeability of each crossing.
    """

    steps: Integers
    whole: Values
    permeability: Values
    starts: Integers
    opened: tuple[Integers, ...]
    share: Values

    def conductance(self, chosen: Iterable[int] = ()) -> Values:
        """Return the conductance of each step once the `chosen` crossings stand, siemens."""
        permeability = self.permeability.copy()
        for k in chosen:
            rows = self.opened[k]
            permeability[rows] = np.maximum(permeability[rows], self.share[k])
        if not self.steps.size:
            return np.zeros(0)
        factor: Values = np.multiply.reduceat(permeability, self.starts)
        return self.whole * factor


def openable_steps(stencil: Stencil, cuts: Cuts, crossings: Crossings) -> OpenableSteps:
    """Gather the steps that crossings may open.

    Parameters
    ----------
    stencil
        The landscape without barriers.
    cuts
        What barriers cut.
    crossings
        The candidates.
    """
    opened = [cuts.step[rows] for rows in crossings.rows]
    steps = np.unique(np.concatenate([np.zeros(0, np.int64), *opened]))
    rows = np.flatnonzero(np.isin(cuts.step, steps))
    return OpenableSteps(
        steps,
        stencil.weights[weight_index(steps, stencil.shape)],
        cuts.permeability[rows],
        np.searchsorted(cuts.step[rows], steps),
        tuple(np.searchsorted(rows, own) for own in crossings.rows),
        crossings.permeability,
    )


@dataclass(frozen=True)
class CrossingGains:
    """Effective resistance between sites for any set of crossings.

    The landscape is solved once for each step that crossings may open and once for each site but
    one; every set of crossings then is a small dense system. Where barriers part the landscape,
    steps that rejoin its parts are open in what is solved, and closed again in the answer. Where
    crossings lower a resistance more than a hundredfold, digits would be lost: the steps are
    then solved with all crossings open too, and each pair's answer is taken from the landscape
    that is nearer to it.

    Attributes
    ----------
    stencil
        The landscape without barriers.
    cuts
        What barriers cut; crossings that stand already are open in it.
    crossings
        The candidates.
    sites
        Between which resistance is measured; a region is one node throughout.
    solving
        How to solve.
    executor
        Solves several systems at once: threads, processes or the workers of a Dask cluster; None
        for one after the other. The answers are the same to the last bit.
    report
        Called with the systems solved and those in all; what it raises ends the run. It starts
        again where the landscape with all crossings open is solved too.
    step_tolerance
        Residual at which the solves of steps may stop early; see
        `kulan.connectivity.crossings.step_responses.respond`. Enough where each crossing is asked
        for alone, which takes half the time; where crossings are asked for together, leave it at
        None. It is not used where barriers part the landscape.

    Raises
    ------
    InvalidGridError
        If the cuts belong to another raster, there are fewer than two sites, or one lies on
        NoData.

    References
    ----------
    Woodbury, M. A. (1950). Inverting modified matrices. Memorandum Report 42, Statistical Research
    Group, Princeton.
    """

    stencil: Stencil = field(repr=False)
    cuts: Cuts = field(repr=False)
    crossings: Crossings
    sites: Sites
    solving: Solving = CLOSELY
    executor: Executor | None = None
    report: Report | None = field(default=None, repr=False)
    step_tolerance: float | None = None

    def __post_init__(self) -> None:
        check_shape(self.stencil, self.cuts)
        self._parts  # noqa: B018 - refuses sites on NoData before anything is solved

    # --- answers --------------------------------------------------------------------------------

    def resistance(self, chosen: Iterable[int] = ()) -> Values:
        """Return the resistance between sites once some crossings stand, ohm, shape (n, n).

        Parameters
        ----------
        chosen
            Positions of the crossings that stand; none for the landscape as it is.

        Raises
        ------
        InvalidGridError
            If there is no crossing at a position.
        NotSolvedError
            If no solver succeeds; only the first answers need one.
        """
        positions = sorted(set(chosen))
        if positions and not 0 <= positions[0] <= positions[-1] < len(self.crossings):
            raise InvalidGridError(
                f"crossings: positions {positions[0]} to {positions[-1]} asked for; there are "
                f"{len(self.crossings)}, counted from 0."
            )
        conductance = self.openable.conductance(positions)
        parts = self._parts.copy()
        parts.join(conductance > 0)
        joined = parts.of_sites()
        found = _with_bridges(self._nearly_closed, conductance, parts.copy())
        if self._falls_far:
            other = _with_bridges(self._all_open, conductance, parts.copy())
            middle = np.sqrt(self._all_open.resistance * self._nearly_closed.resistance)
            found = np.where(other < middle, other, found)
        found = np.where(joined[:, None] == joined[None, :], found, np.inf)
        np.fill_diagonal(found, 0.0)
        return found

    def gain(self, chosen: Iterable[int], measure: Measure = "conductance") -> float:
        """Return how much better sites are connected once some crossings stand.

        Parameters
        ----------
        chosen
            Positions of the crossings that stand.
        measure
            "conductance", the mean over pairs of 1/resistance, siemens; or "resistance", the
            fall of the mean, ohm, which needs sites that have a way to each other already.

        Raises
        ------
        InvalidGridError
            If resistance is asked for and sites have no way to each other.
        """
        before = self._before(measure)
        after = overall(self.resistance(chosen), measure)
        return before - after if measure == "resistance" else after - before

    def gain_of_each(self, measure: Measure = "conductance") -> Values:
        """Return the gain of each crossing where no other is built; see `gain` for `measure`."""
        return np.array([self.gain([k], measure) for k in range(len(self.crossings))])

    def _before(self, measure: Measure) -> float:
        before = overall(self._resistance_before, measure)
        if np.isinf(before):
            raise InvalidGridError(
                "sites: some have no way to each other, so their resistance is infinite and the "
                "gain of a crossing is too. Measure by 'conductance'."
            )
        return before

    # --- what is solved -------------------------------------------------------------------------

    @cached_property
    def openable(self) -> OpenableSteps:
        """The steps that the crossings may open."""
        return openable_steps(self.stencil, self.cuts, self.crossings)

    @cached_property
    def _barred(self) -> Stencil:
        return with_barriers(self.stencil, self.cuts)

    @cached_property
    def _most(self) -> Values:
        """Conductance of the steps with all crossings open."""
        return self.openable.conductance(range(len(self.crossings)))

    @cached_property
    def _resistance_before(self) -> Values:
        return self.resistance()

    @cached_property
    def _parts(self) -> "_Parts":
        """Parts of the landscape with all openable steps closed."""
        steps = self.openable.steps
        bare = circuit_with(self._barred, steps, np.zeros(steps.size), self.sites, self.solving)
        first, second = step_ends(steps, self.stencil.shape)
        cells = np.concatenate([first, second, places_of_sites(bare, self.sites)])
        _, part = np.unique(bare.parts[cells], return_inverse=True)
        m = steps.size
        return _Parts(part[:m], part[m : 2 * m], part[2 * m :], np.arange(part.max() + 1))

    @cached_property
    def _nearly_closed(self) -> StepResponse:
        """The landscape as it is, but for the fewest steps that must open to join its parts."""
        conductance, parts = self.openable.conductance(), self._parts.copy()
        parts.join(conductance > 0)
        bridges = parts.bridges(self._most > 0)
        tolerance = None if bridges.any() else self.step_tolerance
        return self._respond(np.where(bridges, self._most, conductance), tolerance)

    @cached_property
    def _all_open(self) -> StepResponse:
        return self._respond(self._most)

    @cached_property
    def _falls_far(self) -> bool:
        """Whether crossings lower a resistance so far that digits are lost."""
        lowest = self._nearly_closed.resistance_at(self._most)
        known = np.isfinite(lowest) & ~np.eye(lowest.shape[0], dtype=bool)
        highest = self._nearly_closed.resistance[known]
        return bool((highest > _LARGEST_FALL * np.abs(lowest[known])).any())

    def _respond(self, conductance: Values, tolerance: float | None = None) -> StepResponse:
        return respond(
            self._barred,
            self.openable.steps,
            conductance,
            self.sites,
            solving=self.solving,
            step_tolerance=tolerance,
            executor=self.executor,
            report=self.report,
        )


def _with_bridges(response: StepResponse, conductance: Values, parts: "_Parts") -> Values:
    """Ask for conductances, leaving open what only keeps parts of the landscape together.

    A step that alone joins two parts carries no current between places of the same part, and
    without it there would be no system to solve.
    """
    bridges = parts.bridges((conductance == 0) & (response.conductance > 0))
    return response.resistance_at(np.where(bridges, response.conductance, conductance))


@dataclass
class _Parts:
    """Which parts of the landscape steps join: parts of their ends and of sites."""

    first: Integers
    second: Integers
    sites: Integers
    parent: Integers

    def copy(self) -> "_Parts":
        return _Parts(self.first, self.second, self.sites, self.parent.copy())

    def _root(self, part: int) -> int:
        while self.parent[part] != part:
            part = int(self.parent[part])
        return part

    def _unite(self, step: int) -> bool:
        """Join the parts at the ends of a step; return whether they were apart."""
        a, b = self._root(int(self.first[step])), self._root(int(self.second[step]))
        self.parent[max(a, b)] = min(a, b)
        return a != b

    def join(self, open_steps: NDArray[np.bool_]) -> None:
        """Join parts along steps that are open."""
        for step in np.flatnonzero(open_steps & (self.first != self.second)):
            self._unite(int(step))

    def bridges(self, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Choose, of the steps `allowed`, the fewest that join what can be joined, and do so."""
        chosen = np.zeros(allowed.size, bool)
        for step in np.flatnonzero(allowed & (self.first != self.second)):
            chosen[step] = self._unite(int(step))
        return chosen

    def of_sites(self) -> Integers:
        """Return the part of each site."""
        return np.array([self._root(int(part)) for part in self.sites], np.int64)
