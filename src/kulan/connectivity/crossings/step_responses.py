"""How a landscape answers to one ampere along each of some steps, and what follows from that.

Changing the conductance of a step is a change of rank one to the circuit. From the potentials of
one ampere along each step, the effective resistance between sites follows for any conductances of
these steps (Woodbury's identity), without solving the landscape again.
"""

from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.barriers.cuts import Integers, Values, step_ends, weight_index
from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.results import place_of
from kulan.connectivity.circuits.sites import Sites, check_sites, merge
from kulan.connectivity.circuits.solving import Attempt, Solving
from kulan.connectivity.circuits.stencil import Stencil
from kulan.connectivity.memory import Workers, changed_landscape_need, check_memory
from kulan.connectivity.workers import (
    Progress,
    Report,
    answers,
    at_hand,
    taken,
    works_here,
)
from kulan.errors import InvalidGridError

# two places, and the residual at which to stop; None for that of the circuit
_Asked = tuple[int, int, float | None]
# of a conductance: changes below this share are rounding
_NO_CHANGE = 1e-15


@dataclass(frozen=True)
class StepResponse:
    """Potentials for one ampere along each of m steps, and resistances between n sites.

    Attributes
    ----------
    conductance
        Of the steps, siemens, in the landscape that was solved.
    across
        Shape (m, m): potential along each step for one ampere along each other, V.
    at_sites
        Shape (m, n): potential of each site for one ampere along each step, V.
    resistance
        Shape (n, n): between sites, ohm; infinite where there is no way.
    attempts
        Every try of a solver.
    """

    conductance: Values
    across: Values
    at_sites: Values
    resistance: Values
    attempts: tuple[Attempt, ...]

    def resistance_at(self, conductance: Values) -> Values:
        r"""Return the resistance between sites when the steps have other conductances.

        With the changes :math:`C = \operatorname{diag}(c)`, the matrix :math:`K` of `across` and
        the potentials :math:`v` along the steps for one ampere between two sites,

        .. math:: R' = R - v^\top (C^{-1} + K)^{-1} v,

        which for a single step is :math:`R - c v^2 / (1 + c K)`.

        Parameters
        ----------
        conductance
            Of each step, siemens. The changes must not part sites that have a way here.
        """
        change = conductance - self.conductance
        changed = np.abs(change) > _NO_CHANGE * (self.conductance + conductance)
        if not changed.any():
            return self.resistance
        c, v = change[changed], self.at_sites[changed]
        system = np.eye(c.size) + c[:, None] * self.across[np.ix_(changed, changed)]
        product = v.T @ np.linalg.solve(system, c[:, None] * v)
        product = 0.5 * (product + product.T)
        own = np.diag(product)
        found: Values = self.resistance - (own[:, None] + own[None, :] - 2.0 * product)
        return found


def respond(
    stencil: Stencil,
    steps: Integers,
    conductance: Values,
    sites: Sites,
    *,
    solving: Solving,
    step_tolerance: float | None = None,
    executor: Executor | None = None,
    report: Report | None = None,
) -> StepResponse:
    """Solve a landscape once for each step, and once for each site but one.

    The potential along a step for one ampere between two sites is taken from the solves of the
    sites: by reciprocity it is that between the sites for one ampere along the step.

    Parameters
    ----------
    stencil
        The linked cells.
    steps
        Numbers of the steps, as in `kulan.connectivity.barriers.cuts.Cuts`.
    conductance
        That the steps are to have, siemens. One that joins parts must conduct to have an answer.
    sites
        Between which resistance is wanted; a region is one node throughout.
    solving
        How to solve.
    step_tolerance
        Residual at which the solves of the steps stop, in place of that of `solving`. The
        resistance along a step itself is then wrong by the square of it only, what steps do to
        each other by itself.
    executor
        Solves several systems at once: threads, processes or the workers of a Dask cluster; None
        for one after the other. The result is the same to the last bit.
    report
        Called with the systems solved and those in all; what it raises ends the run.

    Raises
    ------
    InvalidGridError
        If there are fewer than two sites, or one lies on NoData.
    TooLargeError
        If it is estimated to need more memory than there is, or than `solving` allows.
    NotSolvedError
        If no solver succeeds.
    """
    need = changed_landscape_need(
        stencil.valid.size, Workers.of(executor), precise=solving.precise_multigrid
    )
    check_memory(need, solving.most_memory_bytes)
    circuit = circuit_with(stencil, steps, conductance, sites, solving)
    places = places_of_sites(circuit, sites)
    first, second = step_ends(steps, stencil.shape)
    parts = circuit.parts
    row, column = np.divmod(np.concatenate([first, second, places]), stencil.shape[1])
    m = steps.size
    pairs: list[_Asked] = [
        (start, end, step_tolerance)
        for start, end in zip(first.tolist(), second.tolist(), strict=True)
    ]
    # in each part, every site against the first there
    common = {int(parts[place]): int(place) for place in places[::-1]}
    pairs += [(common[int(parts[place])], int(place), None) for place in places]
    reading = _Reading(circuit, row + 1, column + 1, m)
    answered = _answer_all(reading, pairs, executor, Progress(report, len(pairs)))
    found = np.array([values for values, _ in answered])
    across = 0.5 * (found[:m, :m] + found[:m, :m].T)
    resistance = _between_sites(found[m:, m:], parts[places])
    attempts = tuple(attempt for _, tried in answered for attempt in tried)
    return StepResponse(conductance, across, found[m:, :m].T, resistance, attempts)


@dataclass(frozen=True)
class _Reading:
    """A circuit, and where its potentials are read.

    Attributes
    ----------
    circuit
        The circuit.
    row, column
        Of the starts of m steps, of their ends, and of the sites, with the ring.
    m
        How many steps there are.
    """

    circuit: RasterCircuit
    row: Integers
    column: Integers
    m: int

    def answer(self, asked: "_Asked") -> tuple[Values, tuple[Attempt, ...]]:
        """Potentials along all steps and at all sites for one ampere between two places."""
        start, end, tolerance = asked
        circuit, parts = self.circuit, self.circuit.parts
        if parts[start] != parts[end] or parts[start] == 0 or circuit.same_node(start, end):
            return np.zeros(self.row.size - self.m), ()
        solution = circuit.solve(Injection.between(start, end), tolerance=tolerance)
        potential = solution.potential[self.row, self.column]
        along = potential[self.m : 2 * self.m] - potential[: self.m]
        return np.concatenate([along, potential[2 * self.m :]]), solution.attempts


def _answer(handed: _Reading, pair: _Asked) -> tuple[Values, tuple[Attempt, ...]]:
    return taken(handed).answer(pair)


def _answer_all(
    reading: _Reading,
    pairs: list[_Asked],
    executor: Executor | None,
    progress: Progress,
) -> list[tuple[Values, tuple[Attempt, ...]]]:
    """Solve for each pair, in their order."""
    last = []
    if works_here(executor):
        # the last one first and alone: it builds what all threads share
        last.append(reading.answer(pairs[-1]))
        progress.step()
    others = pairs[: len(pairs) - len(last)]
    found = []
    with at_hand(reading, executor) as handed:
        tasks = ((handed, pair) for pair in others)
        with closing(answers(_answer, tasks, executor)) as answered:
            for one in answered:
                found.append(one)
                progress.step()
    return found + last


def _between_sites(potential: Values, part: NDArray[np.int32]) -> Values:
    """Resistance between sites from the potentials of each against the first of its part."""
    own = np.diag(potential)
    resistance = own[:, None] + own[None, :] - potential - potential.T
    resistance[part[:, None] != part[None, :]] = np.inf
    np.fill_diagonal(resistance, 0.0)
    return resistance


def circuit_with(
    stencil: Stencil, steps: Integers, conductance: Values, sites: Sites, solving: Solving
) -> RasterCircuit:
    """Return a circuit in which some steps have a given conductance, and regions are one node.

    Parameters
    ----------
    stencil
        The linked cells.
    steps
        Numbers of the steps.
    conductance
        Of each, siemens.
    sites
        Those of several cells are merged.
    solving
        How to solve.
    """
    check_sites(stencil, sites)
    weights = stencil.weights.copy()
    weights[weight_index(steps, stencil.shape)] = conductance
    merged = merge(stencil, None, [sites.cells[site] for site in sites.regions])
    return RasterCircuit(replace(stencil, weights=weights), merged, solving=solving)


def places_of_sites(circuit: RasterCircuit, sites: Sites) -> Integers:
    """Return a cell of each site that is a node of the circuit.

    Raises
    ------
    InvalidGridError
        If there are fewer than two sites, or one lies on NoData.
    """
    found = {site: place_of(circuit, cells) for site, cells in sites.cells.items()}
    lost = [site for site, place in found.items() if place is None]
    if lost or len(found) < 2:
        raise InvalidGridError(
            f"sites: {len(found)} given, of which {lost or 'none'} lie on NoData. Give at least "
            "two, all on cells with a conductance."
        )
    return np.array(list(found.values()), np.int64)
