"""A raster as a circuit: merged cells, grounds and further links, and the currents they carry."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import SuperLU

from kulan.connectivity.circuits.conjugate_gradients import Mask, conjugate_gradients, outflow
from kulan.connectivity.circuits.direct import NodeSystem, assemble, factorise, solve_by_pyamg
from kulan.connectivity.circuits.filling import fill_missing, range_of_links
from kulan.connectivity.circuits.flows import (
    add_link_flow,
    average_groups,
    largest_link_current,
    through_flow,
)
from kulan.connectivity.circuits.multigrid import NO_SHIFT, Multigrid, build_multigrid
from kulan.connectivity.circuits.solving import (
    Solution,
    SolverName,
    Solving,
    checked_balance,
    first_success,
)
from kulan.connectivity.circuits.stencil import Links, Stencil, components, links_of
from kulan.connectivity.gpu import devices
from kulan.connectivity.gpu.solver import Attached, DeviceCircuit
from kulan.connectivity.kernels import sum_by_place
from kulan.connectivity.memory import assembled_need, check_memory
from kulan.connectivity.preconditioning import FILLING, JOINING
from kulan.errors import InvalidGridError, TooLargeError

Grid = NDArray[np.float64]


@dataclass(frozen=True)
class Injection:
    """Current that enters at places; negative where it leaves.

    Attributes
    ----------
    places
        Cell numbers, row by row from the north-west from 0; node numbers in a network.
    amps
        Current into each, A.
    """

    places: NDArray[np.int64]
    amps: NDArray[np.float64]

    @classmethod
    def between(cls, start: int, end: int) -> "Injection":
        """One ampere out at `start` and into `end`."""
        return cls(np.array([start, end]), np.array([-1.0, 1.0]))


@dataclass(frozen=True)
class RasterCircuit:
    """Linked cells with all that is attached to them.

    Potentials and currents are grids with a ring of one empty cell; `plain` takes it off.

    Attributes
    ----------
    stencil
        The linked cells.
    merged
        Shape (rows, columns): cells of the same positive number are one node, NoData cells
        included. None for no merging.
    ground
        Shape (rows, columns): conductance of each cell to the ground, siemens; infinite holds
        the cell at potential zero. None for no grounds.
    solving
        How to solve.
    """

    stencil: Stencil
    merged: NDArray[np.int64] | None = None
    ground: Grid | None = None
    solving: Solving = field(default_factory=Solving)

    def __post_init__(self) -> None:
        for name, given in (("merged", self.merged), ("ground", self.ground)):
            if given is not None and given.shape != self.stencil.shape:
                raise InvalidGridError(
                    f"{name}: {given.shape} cells, but the raster has {self.stencil.shape}."
                )
        if self.ground is not None and not (self.ground >= 0).all():
            raise InvalidGridError("ground: a conductance to the ground is negative or NaN.")

    def __getstate__(self) -> dict[str, Any]:
        # to another process goes what it is made of; what solving needs is built there
        return {name: vars(self)[name] for name in ("stencil", "merged", "ground", "solving")}

    # --- places ---------------------------------------------------------------------------------

    @cached_property
    def parts(self) -> NDArray[np.int32]:
        """Connected part of each place, from 1; 0 where there is no node."""
        return components(self.stencil, self.merged).ravel()

    def plain(self, grid: Grid) -> Grid:
        """Take the ring off."""
        return grid[1:-1, 1:-1]

    def at(self, potential: Grid, place: int) -> float:
        """Return the potential of a place, V."""
        row, column = divmod(place, self.stencil.shape[1])
        return float(potential[row + 1, column + 1])

    def same_node(self, first: int, second: int) -> bool:
        """Whether two places are one node."""
        if first == second:
            return True
        if self.merged is None:
            return False
        number = self.merged.ravel()[[first, second]]
        return bool(number[0] == number[1] and number[0] > 0)

    def empty(self) -> Grid:
        """Return a grid of zeros in the circuit's arrangement."""
        rows, columns = self.stencil.shape
        return np.zeros((rows + 2, columns + 2))

    def _ringed(self, values: NDArray[Any]) -> Grid:
        grid = self.empty()
        grid[1:-1, 1:-1] = values.reshape(self.stencil.shape)
        return grid

    def ringed_number(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of places as counted with the ring."""
        columns = self.stencil.shape[1]
        row, column = np.divmod(places, columns)
        number: NDArray[np.int64] = (row + 1) * (columns + 2) + column + 1
        return number

    @cached_property
    def _groups(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Starts of the groups of two or more cells, and their cells, numbered with the ring."""
        if self.merged is None:
            return np.zeros(1, np.int64), np.zeros(0, np.int64)
        flat = self.merged.ravel()
        cells = np.flatnonzero(flat > 0)
        cells = cells[np.argsort(flat[cells], kind="stable")]
        _, size = np.unique(flat[cells], return_counts=True)
        several = np.repeat(size > 1, size)
        starts = np.concatenate([[0], np.cumsum(size[size > 1])]).astype(np.int64)
        return starts, self.ringed_number(cells[several])

    @cached_property
    def _links(self) -> Links:
        links = self.stencil.links
        return Links(
            self.ringed_number(links.first), self.ringed_number(links.second), links.conductance
        )

    @cached_property
    def _held(self) -> NDArray[np.bool_]:
        """Cells held at zero, with all cells merged with one that is."""
        if self.ground is None:
            return np.zeros(self.parts.size, bool)
        held: NDArray[np.bool_] = np.isinf(self.ground.ravel()) & (self.parts > 0)
        if self.merged is not None:
            flat = self.merged.ravel()
            held |= np.isin(flat, flat[held & (flat > 0)])
        return held

    @cached_property
    def _finite_ground(self) -> Grid:
        if self.ground is None:
            return NO_SHIFT
        ground = np.where(
            np.isinf(self.ground) | (self.parts == 0).reshape(self.stencil.shape), 0, self.ground
        )
        if not ground.any():
            return NO_SHIFT
        return self._ringed(ground)

    def total_at_nodes(self, injection: Injection) -> Grid:
        """Spread injections over the raster, each in the cell where it enters."""
        grid = self.empty()
        np.add.at(grid.reshape(-1), self.ringed_number(injection.places), injection.amps)
        return grid

    # --- solving --------------------------------------------------------------------------------

    def solve(self, injection: Injection, *, tolerance: float | None = None) -> Solution:
        """Find the potentials under which all injected current flows off.

        Parts of the raster that nothing enters stay at zero. In a part without a ground the
        potentials are known up to a constant.

        Parameters
        ----------
        injection
            The current.
        tolerance
            Residual at which an iteration stops, in place of that of `solving`.

        Raises
        ------
        NotSolvedError
            If current enters where there is no node, or in a part from which it cannot leave, or
            if no solver succeeds.
        MissingExtraError
            If `solving` wants a graphics card, and CuPy or a card is missing.
        """
        if self.solving.device == "gpu":
            self._open_card()
        outside = (injection.places < 0) | (injection.places >= self.parts.size)
        if outside.any():
            raise InvalidGridError(
                f"current enters cell {int(injection.places[outside][0])}, which lies outside the "
                f"raster of {self.stencil.shape} cells."
            )
        entered = self.parts[injection.places]
        if (entered == 0).any():
            raise InvalidGridError(
                f"current enters cell {int(injection.places[entered == 0][0])}, which is NoData. "
                "Move the place onto a cell with a conductance."
            )
        touched = np.unique(entered)
        loose = ~np.isin(touched, self._grounded_parts)
        totals = sum_by_place(entered, injection.amps, int(entered.max()) + 1)[touched]
        sizes = sum_by_place(entered, np.abs(injection.amps), int(entered.max()) + 1)[touched]
        checked_balance(totals[loose], sizes[loose])
        active = self._within(touched) & ~self._held
        enough = self.solving.tolerance if tolerance is None else tolerance

        def attempt(solver: SolverName) -> tuple[Grid, int, float]:
            if solver == "multigrid":
                return self._solve_by_multigrid(injection, active, enough)
            if solver == "gpu-multigrid":
                return self._solve_on_card(injection, active, enough)
            return self._solve_assembled(injection, touched, solver, enough)

        # a factorisation is one of all parts, however small the one that carries current
        order = self.solving.order(int(np.count_nonzero(self.parts)), raster=True)
        return first_success(attempt, order, enough)

    def _within(self, parts: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Tell the places of some parts from the others."""
        chosen = np.zeros(int(self.parts.max()) + 1, bool)
        chosen[parts] = True
        inside: NDArray[np.bool_] = chosen[self.parts]
        return inside

    def prepare(self) -> None:
        """Do now what the first multigrid solve would do: find parts and build the grids."""
        _ = self._grounded_parts
        if "gpu-multigrid" in self.solving.order(self.parts.size, raster=True):
            _ = self._on_card
        else:
            _ = self._multigrid

    @cached_property
    def _grounded_parts(self) -> NDArray[np.int32]:
        grounded = self._held.copy()
        if self._finite_ground.shape[0] > 1:
            grounded |= self.plain(self._finite_ground).ravel() > 0
        return np.unique(self.parts[grounded])

    def _solve_by_multigrid(
        self, injection: Injection, active: NDArray[np.bool_], tolerance: float
    ) -> tuple[Grid, int, float]:
        starts, cells = self._groups
        links = self._links
        mask: Mask = np.zeros(self.empty().shape, np.uint8)
        mask[1:-1, 1:-1] = active.reshape(self.stencil.shape)
        injected = self.total_at_nodes(injection)
        injected *= mask

        def merge(values: Grid) -> None:
            average_groups(starts, cells, values.reshape(-1))

        def bridge(potential: Grid, flow: Grid) -> None:
            add_link_flow(
                links.first,
                links.second,
                links.conductance,
                potential.reshape(-1),
                flow.reshape(-1),
            )
            flow *= mask

        spare = self._spare_multigrids
        try:
            multigrid = spare.pop()
        except IndexError:
            multigrid = self._multigrid.with_own_grids()
        found = conjugate_gradients(
            self.stencil.weights,
            self._finite_ground,
            injected,
            multigrid=multigrid,
            active=mask,
            constrain=merge if cells.size else None,
            add_flow=bridge if len(links) else None,
            tolerance=tolerance,
            most_iterations=self.solving.most_iterations,
        )
        spare.append(multigrid)
        return found.potential, found.iterations, found.residual

    @cached_property
    def _spare_multigrids(self) -> list[Multigrid]:
        """The hierarchy with grids that no solve works in at present, one for each thread."""
        return []

    @cached_property
    def _multigrid(self) -> Multigrid:
        dtype = np.float64 if self.solving.precise_multigrid else np.float32
        group: NDArray[np.int64] = np.full((1, 1), -1)
        if self._groups[1].size:
            group = self._group_of.reshape(self.empty().shape)
        weights = self.stencil.weights
        smallest, largest = range_of_links(weights)
        filled = np.zeros(weights.shape, dtype)
        diagonal = bool(weights[:, 2:].any())
        filling = FILLING * smallest / largest
        fill_missing(weights, group, largest, filling, diagonal, JOINING, filled)
        shift = NO_SHIFT
        if self._held.any() or self._finite_ground.shape[0] > 1:
            shift = self.empty() + self._finite_ground / largest
            self.plain(shift)[self._held.reshape(self.stencil.shape)] = JOINING
        return build_multigrid(filled, shift, dtype=dtype)

    def _solve_on_card(
        self, injection: Injection, active: NDArray[np.bool_], tolerance: float
    ) -> tuple[Grid, int, float]:
        places, where = np.unique(injection.places[active[injection.places]], return_inverse=True)
        amps = sum_by_place(where, injection.amps[active[injection.places]], places.size)
        return self._on_card.solve(
            (self.ringed_number(places), amps),
            self._ringed(active).astype(np.uint8),
            tolerance=tolerance,
            most_iterations=self.solving.most_iterations,
        )

    def card_and_weights(self) -> tuple[devices.Device, Any]:
        """Return the card, and the conductances: those that lie on it already, or the host's."""
        kept = vars(self).get("_on_card")
        return self._open_card(), self.stencil.weights if kept is None else kept.weights

    def _open_card(self) -> devices.Device:
        return devices.open_card("double" if self.solving.precise_multigrid else "float")

    @cached_property
    def _on_card(self) -> DeviceCircuit:
        links, (starts, cells) = self._links, self._groups
        attached = Attached(
            group_starts=starts,
            group_cells=cells,
            first=links.first,
            second=links.second,
            conductance=links.conductance,
            ground=self._finite_ground,
            held=self._held.reshape(self.stencil.shape) if self._held.any() else None,
        )
        return DeviceCircuit(self._open_card(), self.stencil.weights, attached)

    def _solve_assembled(
        self,
        injection: Injection,
        touched: NDArray[np.int32],
        solver: SolverName,
        tolerance: float,
    ) -> tuple[Grid, int, float]:
        need = assembled_need(int((self.parts > 0).sum()), factorised=solver == "direct")
        check_memory(need, self.solving.most_memory_bytes)
        node, system = self._assembled
        b = sum_by_place(node[injection.places], injection.amps, system.held.size)
        b[system.held] = 0.0
        if solver == "pyamg":
            potential, iterations, residual = solve_by_pyamg(
                system,
                b,
                tolerance=tolerance,
                most_iterations=self.solving.most_iterations,
            )
        else:
            if system.held.size > self.solving.most_direct_nodes:
                raise TooLargeError(
                    f"{system.held.size} nodes are too many to factorise; the limit is "
                    f"{self.solving.most_direct_nodes} (`most_direct_nodes`)."
                )
            potential, iterations = self._factors.solve(b), 0
            size = float(np.linalg.norm(b))
            left = np.linalg.norm(b - system.matrix @ potential)
            residual = float(left / size) if size > 0 else 0.0
        values = np.where(node >= 0, potential[node], 0.0)
        values[~self._within(touched)] = 0.0
        return self._ringed(values), iterations, residual

    @cached_property
    def _factors(self) -> SuperLU:
        return factorise(self._assembled[1])

    @cached_property
    def _assembled(self) -> tuple[NDArray[np.int64], NodeSystem]:
        """Node of each place (-1 for none), and the equations between the nodes."""
        key = np.arange(self.parts.size)
        if self.merged is not None:
            flat = self.merged.ravel()
            key = np.where(flat > 0, self.parts.size + flat, key)
        node = np.full(key.size, -1)
        present = self.parts > 0
        _, node[present] = np.unique(key[present], return_inverse=True)
        n_nodes = int(node.max()) + 1
        links = links_of(self.stencil)
        ground = np.zeros(n_nodes)
        if self._finite_ground.shape[0] > 1:
            cells = self.plain(self._finite_ground).ravel()
            ground = sum_by_place(node[present], cells[present], n_nodes)
        held = np.zeros(n_nodes, bool)
        held[node[self._held]] = True
        between = Links(node[links.first], node[links.second], links.conductance)
        return node, assemble(n_nodes, between, ground, held)

    # --- currents -------------------------------------------------------------------------------

    def current_map(
        self, low: Grid, high: Grid, injection: Injection, *, drop_below: float = 0.0
    ) -> Grid:
        """Find the current through each cell, A, under the potential `high` less `low`.

        It is the larger of what flows in and what flows out, flow to grounds included; cells of
        a merged group all carry the current of their node.

        Parameters
        ----------
        low, high
            Potentials, as `solve` gives them.
        injection
            What enters and leaves under this potential.
        drop_below
            Count currents along links below this share of the largest one as none.
        """
        flow = self.empty()
        cutoff = 0.0
        if drop_below > 0:
            cutoff = drop_below * largest_link_current(self.stencil.weights, low, high)
        through_flow(self.stencil.weights, low, high, cutoff, flow)
        self._add_half_of_others(low, high, flow)
        self._add_half_of_net(low, high, injection, flow.reshape(-1))
        return flow

    def _add_half_of_others(self, low: Grid, high: Grid, flow: Grid) -> None:
        """Add half of the currents along further links and to finite grounds."""
        links, flat = self._links, flow.reshape(-1)
        potential = (high - low) if len(links) or self._finite_ground.shape[0] > 1 else high
        if len(links):
            v = potential.reshape(-1)
            half = 0.5 * np.abs(links.conductance * (v[links.first] - v[links.second]))
            np.add.at(flat, links.first, half)
            np.add.at(flat, links.second, half)
        if self._finite_ground.shape[0] > 1:
            flow += 0.5 * np.abs(self._finite_ground * potential)

    def _add_half_of_net(self, low: Grid, high: Grid, injection: Injection, flat: Grid) -> None:
        """Complete `flat` by half of what enters nodes from outside; sum it over merged cells."""
        free = ~self._held[injection.places]
        places, amps = injection.places[free], injection.amps[free]
        if self._held.any():
            held = np.flatnonzero(self._held)
            absorbed = self._leaving(low, high).reshape(-1)[self.ringed_number(held)]
            places, amps = np.concatenate([places, held]), np.concatenate([amps, absorbed])
        places, where = np.unique(self.ringed_number(places), return_inverse=True)
        amps = sum_by_place(where, amps, places.size)
        starts, cells = self._groups
        if cells.size:
            group = self._group_of[places]
            entering = sum_by_place(group[group >= 0], amps[group >= 0], starts.size - 1)
            sums = np.add.reduceat(flat[cells], starts[:-1]) + 0.5 * np.abs(entering)
            flat[cells] = np.repeat(sums, np.diff(starts))
            places, amps = places[group < 0], amps[group < 0]
        flat[places] += 0.5 * np.abs(amps)

    def _leaving(self, low: Grid, high: Grid) -> Grid:
        """Find the current that leaves each cell along its links, A."""
        potential, flow, links = high - low, self.empty(), self._links
        still = np.zeros((1, flow.shape[1]))
        outflow(self.stencil.weights, NO_SHIFT, potential, still, flow)
        v, f = potential.reshape(-1), flow.reshape(-1)
        add_link_flow(links.first, links.second, links.conductance, v, f)
        return flow

    @cached_property
    def _group_of(self) -> NDArray[np.int64]:
        """Group of each cell, numbered with the ring; -1 for none."""
        starts, cells = self._groups
        group = np.full(self.empty().size, -1)
        group[cells] = np.repeat(np.arange(starts.size - 1), np.diff(starts))
        return group
