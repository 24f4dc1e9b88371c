"""Circuit theory on networks: nodes and links that need not lie on a raster."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import SuperLU

from kulan.connectivity.circuits.direct import NodeSystem, assemble, factorise, solve_by_pyamg
from kulan.connectivity.circuits.flows import check_drop_below
from kulan.connectivity.circuits.results import Failure
from kulan.connectivity.circuits.solving import (
    Attempt,
    Solution,
    SolverName,
    Solving,
    checked_balance,
    first_success,
)
from kulan.connectivity.circuits.stencil import Links
from kulan.connectivity.kernels import sum_by_place
from kulan.connectivity.memory import assembled_need, check_memory
from kulan.connectivity.workers import (
    UNSOLVED,
    Progress,
    Report,
    answers,
    at_hand,
    reason_of,
    taken,
)
from kulan.errors import InvalidTableError

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Network:
    """Nodes and the conductances between them.

    Attributes
    ----------
    nodes
        Numbers of the nodes, rising.
    links
        Links by position in `nodes`, the lower first and each pair once.
    """

    nodes: NDArray[np.int64]
    links: Links

    def positions(self, numbers: Iterable[int]) -> NDArray[np.int64]:
        """Return where nodes of these numbers stand in `nodes`.

        Raises
        ------
        InvalidTableError
            If the network has no such node.
        """
        wanted = np.array(list(numbers), np.int64)
        where: NDArray[np.int64] = np.searchsorted(self.nodes, wanted)
        missing = wanted[self.nodes[np.minimum(where, self.nodes.size - 1)] != wanted]
        if missing.size:
            raise InvalidTableError(
                f"node {int(missing[0])}: no link of the network names it. "
                f"The network has {self.nodes.size} nodes, {int(self.nodes[0])} to "
                f"{int(self.nodes[-1])}."
            )
        return where


def network_of(first: NDArray[np.int64], second: NDArray[np.int64], conductance: Values) -> Network:
    """Make a network of links between numbered nodes; parallel links add up.

    Parameters
    ----------
    first, second
        Numbers of the nodes that each link joins.
    conductance
        Of each link, siemens.

    Raises
    ------
    InvalidTableError
        If there is no link, a conductance is not positive and finite, or not every link has two
        ends.
    """
    if not first.shape == second.shape == conductance.shape:
        raise InvalidTableError(
            f"network: {first.size} and {second.size} nodes with {conductance.size} values. Give "
            "two nodes and a value for every link."
        )
    if not conductance.size:
        raise InvalidTableError("network: no link found. Give one node pair and its value a line.")
    bad = ~(np.isfinite(conductance) & (conductance > 0))
    if bad.any():
        k = int(np.flatnonzero(bad)[0])
        raise InvalidTableError(
            f"network: the link of nodes {int(first[k])} and {int(second[k])} has the conductance "
            f"{conductance[k]:g}. Leave out links that do not conduct; merge nodes that are one."
        )
    nodes, ends = np.unique(np.concatenate([first, second]), return_inverse=True)
    a, b = ends[: first.size], ends[first.size :]
    low, high = np.minimum(a, b), np.maximum(a, b)
    pairs, where = np.unique(np.stack([low, high]), axis=1, return_inverse=True)
    total = sum_by_place(where.ravel(), conductance, pairs.shape[1])
    return Network(nodes, Links(pairs[0], pairs[1], total))


@dataclass(frozen=True)
class NetworkFlow:
    """Potentials and currents of a network.

    Attributes
    ----------
    first, second
        The nodes between which one ampere flows; both -1 where sources and grounds were given.
    voltage
        Of each node, V, in the order of the network's nodes.
    node_current
        Through each node, A.
    link_current
        Along each link, A, without sign, in the order of the network's links.
    in_part
        True for nodes of the part that carries current.
    """

    first: int
    second: int
    voltage: Values
    node_current: Values
    link_current: Values
    in_part: NDArray[np.bool_]


@dataclass(frozen=True)
class NetworkConnectivity:
    """What a run over pairs of nodes came to.

    Attributes
    ----------
    sites
        Numbers of the focal nodes, in the order of `resistance`.
    resistance
        Effective resistance, ohm, shape (n, n); infinite where there is no way, NaN where not
        asked for or not solved.
    node_current, link_current
        Sums over all pairs, A.
    failures
        What could not be solved, and why.
    attempts
        Every try of a solver.
    """

    sites: tuple[int, ...]
    resistance: Values
    node_current: Values
    link_current: Values
    failures: tuple[Failure, ...] = ()
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True)
class _WiredNetwork:
    """A network with its grounds."""

    network: Network
    ground: Values
    solving: Solving = field(default_factory=Solving)

    def __getstate__(self) -> dict[str, Any]:
        # to another process goes what it is made of; what solving needs is built there
        return {name: vars(self)[name] for name in ("network", "ground", "solving")}

    @cached_property
    def system(self) -> NodeSystem:
        finite = np.where(np.isinf(self.ground), 0.0, self.ground)
        n_nodes = self.network.nodes.size
        return assemble(n_nodes, self.network.links, finite, np.isinf(self.ground))

    @cached_property
    def _factors(self) -> SuperLU:
        return factorise(self.system)

    def check_memory(self) -> None:
        """Refuse a network that not even the most frugal of its solvers has memory for."""
        n_nodes = self.network.nodes.size
        needs = [
            assembled_need(n_nodes, factorised=solver == "direct")
            for solver in self.solving.order(n_nodes, raster=False)
        ]
        least = min(needs, key=lambda need: need.n_bytes)
        least = replace(least, remedies=("take a part of the network",))
        check_memory(least, self.solving.most_memory_bytes)

    def solve(self, injection: Values) -> Solution:
        """Find the potentials for an injection into each node, A."""
        system = self.system
        part, loose = system.part, ~system.grounded
        n_parts = int(part.max()) + 1
        checked_balance(
            sum_by_place(part[loose], injection[loose], n_parts),
            sum_by_place(part[loose], np.abs(injection[loose]), n_parts),
        )
        b = np.where(system.held, 0.0, injection)

        def attempt(solver: SolverName) -> tuple[Values, int, float]:
            need = assembled_need(b.size, factorised=solver == "direct")
            check_memory(need, self.solving.most_memory_bytes)
            if solver == "pyamg":
                return solve_by_pyamg(
                    system,
                    b,
                    tolerance=self.solving.tolerance,
                    most_iterations=self.solving.most_iterations,
                )
            potential = self._factors.solve(b)
            size = float(np.linalg.norm(b))
            left = float(np.linalg.norm(b - system.matrix @ potential))
            return potential, 0, left / size if size > 0 else 0.0

        order = self.solving.order(self.network.nodes.size, raster=False)
        return first_success(attempt, order, self.solving.tolerance)

    def flow(
        self, potential: Values, injection: Values, drop_below: float, pair: tuple[int, int]
    ) -> NetworkFlow:
        """Find the currents under a potential."""
        links, n = self.network.links, self.network.nodes.size
        signed = links.conductance * (potential[links.first] - potential[links.second])
        current = np.abs(signed)
        current[current <= drop_below * current.max(initial=0.0)] = 0.0
        out = sum_by_place(links.first, signed, n) - sum_by_place(links.second, signed, n)
        through: Values = sum_by_place(links.first, current, n) + sum_by_place(
            links.second, current, n
        )
        finite = np.where(np.isinf(self.ground), 0.0, self.ground)
        net = np.where(self.system.held, out, injection)
        node_current = 0.5 * (through + np.abs(finite * potential) + np.abs(net))
        touched = np.unique(self.system.part[injection != 0])
        in_part = np.isin(self.system.part, touched)
        return NetworkFlow(*pair, potential, node_current, current, in_part)


def network_pairwise(
    network: Network,
    sites: Iterable[int],
    *,
    pairs: Iterable[tuple[int, int]] | None = None,
    solving: Solving | None = None,
    receive: Callable[[NetworkFlow], None] | None = None,
    drop_below: float = 0.0,
    executor: Executor | None = None,
    report: Report | None = None,
) -> NetworkConnectivity:
    """Send one ampere between every two focal nodes in turn; n - 1 systems are solved.

    A pair that no solver can solve is recorded in `failures`, and the others go on.

    Parameters
    ----------
    network
        The linked nodes.
    sites
        Numbers of the focal nodes.
    pairs
        The pairs that are wanted; None for all.
    solving
        How to solve.
    receive
        Called with the flow of each connected pair, in rising order of its numbers.
    drop_below
        Count currents along links below this share of the pair's largest as none.
    executor
        Solves several systems at once; see `kulan.connectivity.circuits.pairs.pairwise`.
    report
        Called with the systems solved and those in all; what it raises ends the run.

    Raises
    ------
    InvalidTableError
        If the network has no node of a number, or a wanted pair names no focal node.
    InvalidGridError
        If `drop_below` is no share.
    TooLargeError
        If it is estimated to need more memory than there is, or than `solving` allows.
    WorkerLostError
        If a process of the executor has ended.
    """
    check_drop_below(drop_below)
    numbers = tuple(sorted(set(sites)))
    where = dict(zip(numbers, network.positions(numbers).tolist(), strict=True))
    wired = _WiredNetwork(network, np.zeros(network.nodes.size), solving or Solving())
    wired.check_memory()
    n = len(numbers)
    resistance = np.full((n, n), np.nan)
    np.fill_diagonal(resistance, 0.0)
    node_current, link_current = np.zeros(network.nodes.size), np.zeros(len(network.links))
    failures: list[Failure] = []
    attempts: list[Attempt] = []
    wanted = _wanted_pairs(numbers, pairs)
    against = _potentials_against_first(wired, where, executor, report)
    for tried in against.values():
        attempts.extend(() if isinstance(tried, Failure) else tried.attempts)
    for i, first in enumerate(numbers):
        for j in range(i + 1, n):
            second = numbers[j]
            if (first, second) not in wanted:
                continue
            a, b = where[first], where[second]
            if wired.system.part[a] != wired.system.part[b]:
                resistance[i, j] = resistance[j, i] = np.inf
                continue
            low, high = against[first], against[second]
            if isinstance(low, Failure) or isinstance(high, Failure):
                lost = low if isinstance(low, Failure) else high
                assert isinstance(lost, Failure)
                failures.append(replace(lost, first=first, second=second))
                continue
            flow = _superposed(wired, (first, second), (a, b), (low, high), drop_below)
            resistance[i, j] = resistance[j, i] = flow.voltage[b]
            node_current += flow.node_current
            link_current += flow.link_current
            if receive is not None:
                receive(flow)
    return NetworkConnectivity(
        numbers, resistance, node_current, link_current, tuple(failures), tuple(attempts)
    )


def _wanted_pairs(
    numbers: tuple[int, ...], pairs: Iterable[tuple[int, int]] | None
) -> set[tuple[int, int]]:
    if pairs is None:
        return {(a, b) for k, a in enumerate(numbers) for b in numbers[k + 1 :]}
    wanted = {(min(pair), max(pair)) for pair in pairs}
    unknown = {node for pair in wanted for node in pair} - set(numbers)
    if unknown:
        raise InvalidTableError(
            f"pairs: node {min(unknown)} is not among the focal nodes {list(numbers)[:20]}."
        )
    return wanted


def _superposed(
    wired: _WiredNetwork,
    pair: tuple[int, int],
    positions: tuple[int, int],
    potentials: tuple[Solution, Solution],
    drop_below: float,
) -> NetworkFlow:
    """Find the flow of a pair from the potentials of its nodes against a common third."""
    a, b = positions
    low, high = potentials
    part = wired.system.part
    difference = high.potential - low.potential
    potential = np.where(part == part[a], difference - difference[a], 0.0)
    injection = np.zeros(wired.network.nodes.size)
    injection[a], injection[b] = -1.0, 1.0
    return wired.flow(potential, injection, drop_below, pair)


def _potentials_against_first(
    wired: _WiredNetwork,
    where: dict[int, int],
    executor: Executor | None,
    report: Report | None,
) -> dict[int, Solution | Failure]:
    """Potential of one ampere into each site, out at the first site of its part."""
    common: dict[int, int] = {}
    found: dict[int, Solution | Failure] = {}
    pairs: list[tuple[int, int]] = []
    for site, position in where.items():
        first = common.setdefault(int(wired.system.part[position]), site)
        found[site] = Solution(np.zeros(wired.network.nodes.size), ())
        if first != site:
            pairs.append((first, site))
    progress = Progress(report, len(pairs))
    with at_hand(wired, executor) as handed:
        tasks = ((handed, pair, (where[pair[0]], where[pair[1]])) for pair in pairs)
        with closing(answers(_solve_pair, tasks, executor)) as tried:
            for (_, site), one in zip(pairs, tried, strict=True):
                found[site] = one
                progress.step()
    return found


def _solve_pair(
    handed: _WiredNetwork, pair: tuple[int, int], places: tuple[int, int]
) -> Solution | Failure:
    wired = taken(handed)
    injection = np.zeros(wired.network.nodes.size)
    injection[places[0]], injection[places[1]] = -1.0, 1.0
    try:
        return wired.solve(injection)
    except UNSOLVED as problem:
        return Failure(*pair, reason_of(problem), getattr(problem, "attempts", ()))


def network_advanced(
    network: Network,
    sources: Values,
    ground: Values,
    *,
    solving: Solving | None = None,
    drop_below: float = 0.0,
) -> NetworkFlow:
    """Let given sources flow to given grounds; parts that lack one or the other carry nothing.

    Parameters
    ----------
    network
        The linked nodes.
    sources
        Current into each node, A, in the order of the network's nodes.
    ground
        Conductance of each node to the ground, siemens; infinite for a direct connection.
    solving
        How to solve.
    drop_below
        Count currents along links below this share of the largest as none.

    Raises
    ------
    InvalidTableError
        If there is not one source and one ground for each node, a source is not finite, or a
        ground is negative or NaN.
    InvalidGridError
        If `drop_below` is no share.
    NotSolvedError
        If no solver balances the currents.
    TooLargeError
        If it is estimated to need more memory than there is, or than `solving` allows.
    """
    check_drop_below(drop_below)
    _check_wiring(network, sources, ground)
    wired = _WiredNetwork(network, ground, solving or Solving())
    wired.check_memory()
    injection = np.where(wired.system.grounded, sources, 0.0)
    if not injection.any():
        empty = np.zeros(network.nodes.size)
        return NetworkFlow(-1, -1, empty, empty, np.zeros(len(network.links)), empty > 0)
    potential = wired.solve(injection).potential
    touched = np.unique(wired.system.part[injection != 0])
    potential = np.where(np.isin(wired.system.part, touched), potential, 0.0)
    return wired.flow(potential, injection, drop_below, (-1, -1))


def _check_wiring(network: Network, sources: Values, ground: Values) -> None:
    for name, values in (("sources", sources), ("ground", ground)):
        if values.shape != network.nodes.shape:
            raise InvalidTableError(
                f"{name}: {values.size} values for {network.nodes.size} nodes. Give one for each, "
                "in the order of the network's nodes."
            )
    for name, bad, need in (
        ("source", ~np.isfinite(sources), "finite"),
        ("ground", ~(ground >= 0), "zero or more"),
    ):
        if bad.any():
            raise InvalidTableError(
                f"node {int(network.nodes[bad][0])}: its {name} must be a number that is {need}."
            )
