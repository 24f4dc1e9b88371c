"""A raster circuit on a device: conjugate gradients with everything that can be attached."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.gpu.devices import THREADS, Device
from kulan.connectivity.gpu.hierarchy import DENSE_CELLS, Hierarchy, build_hierarchy, tiles_of
from kulan.connectivity.preconditioning import FILLING, JOINING
from kulan.errors import TooLargeError

# cells of one stretch of a merged group: what one block adds up
_STRETCH = 8192

Places = NDArray[np.int64]
Grid = NDArray[np.float64]


@dataclass(frozen=True)
class Attached:
    """What is attached to the cells of a raster; cells are numbered with the ring, row by row.

    Attributes
    ----------
    group_starts, group_cells
        Where each merged group begins in the list of merged cells, and last its end; that list.
    first, second, conductance
        Links beside those between neighbours, siemens.
    ground
        Conductance of each cell to the ground, shape (rows + 2, columns + 2); (1, 1) for none.
    held
        Cells held at potential zero, shape (rows, columns); None for none.
    """

    group_starts: Places = field(default_factory=lambda: np.zeros(1, np.int64))
    group_cells: Places = field(default_factory=lambda: np.zeros(0, np.int64))
    first: Places = field(default_factory=lambda: np.zeros(0, np.int64))
    second: Places = field(default_factory=lambda: np.zeros(0, np.int64))
    conductance: Grid = field(default_factory=lambda: np.zeros(0))
    ground: Grid = field(default_factory=lambda: np.zeros((1, 1)))
    held: NDArray[np.bool_] | None = None


def bytes_needed(
    shape: tuple[int, int], *, double: bool = False, grounded: bool = False, merged: bool = False
) -> int:
    """Estimate how much memory of the device a circuit needs, for set-up and solving.

    Parameters
    ----------
    shape
        Rows and columns.
    double
        Whether the preconditioner is kept in float64.
    grounded
        Whether cells are connected to the ground.
    merged
        Whether cells are merged.

    Examples
    --------
    Four hundred million cells, on one card of 80 GB:

    >>> bytes_needed((20_000, 20_000)) / 1e9 < 48
    True
    """
    real = 8 if double else 4
    fine = 4 * 8 + 4 * real + 5 * 8 + 1  # links twice, five vectors, which cells are active
    shares = 9 * real / 4  # of the first grid
    coarse = (3 * 8 + 4 * real) / 4  # of the second grid
    if grounded:
        fine += 8 + real
        coarse += real / 4
    if merged:
        fine += 4 + 2 * 8 + 1
    rows, columns = shape
    return int((rows + 2) * (columns + 2) * (fine + (shares + coarse) * 4 / 3)) + 8 * DENSE_CELLS**2


def weights_from_conductance(
    device: Device, conductance: Grid, *, neighbours: int = 8, mean: str = "conductance"
) -> Any:
    """Link neighbouring cells on the device: the weights that `circuits.stencil.link_cells` makes.

    Parameters
    ----------
    device
        Where they are made, and stay.
    conductance
        Of each cell, siemens; NaN or 0 is NoData.
    neighbours
        4 or 8.
    mean
        Of conductances, or of resistances ("resistance").
    """
    rows, columns = conductance.shape
    weights = device.xp.zeros((rows + 2, 4, columns + 2))
    cells = device.xp.asarray(np.ascontiguousarray(conductance, np.float64))
    device.launch(
        "link_cells",
        tiles_of(rows, columns),
        *(rows, columns, cells, int(neighbours == 8), int(mean == "resistance"), weights),
    )
    return weights


class DeviceCircuit:
    """A raster circuit whose conductances lie on a device, with its preconditioner.

    Solves one system at a time; other threads wait.

    Parameters
    ----------
    device
        Where to compute.
    weights
        Conductances between neighbours, siemens, shape (rows + 2, 4, columns + 2), as of
        `circuits.stencil.Stencil`; from the computer or on the device.
    attached
        Merged cells, further links and grounds.

    Attributes
    ----------
    weights
        The conductances, on the device.

    Raises
    ------
    TooLargeError
        If the device has not enough memory.
    """

    def __init__(self, device: Device, weights: Any, attached: Attached | None = None) -> None:
        self.device, self.attached = device, attached or Attached()
        self.shape = weights.shape[0] - 2, weights.shape[2] - 2
        self._blocks = tiles_of(*self.shape)
        self._lock = Lock()
        self._check_memory(held_already=not isinstance(weights, np.ndarray))
        xp, ringed = device.xp, (self.shape[0] + 2, self.shape[1] + 2)
        self.weights = xp.asarray(weights)
        self._ground = xp.asarray(self.attached.ground)
        self._p, self._z, self._flow = (xp.zeros(ringed) for _ in range(3))
        self._partial = xp.zeros(self._blocks)
        self._groups = _Groups.of(device, self.attached)
        self._links = _FurtherLinks.of(device, self.attached)
        self._hierarchy = self._build()

    def _check_memory(self, *, held_already: bool) -> None:
        attached = self.attached
        need = bytes_needed(
            self.shape,
            double=self.device.stored == "double",
            grounded=attached.ground.size > 1 or attached.held is not None,
            merged=attached.group_cells.size > 0,
        )
        if held_already:
            need -= 32 * (self.shape[0] + 2) * (self.shape[1] + 2)
        free = self.device.free_bytes()
        if need > free:
            raise TooLargeError(
                f"{self.shape[0]} x {self.shape[1]} cells need {need / 1e9:.1f} GB of the graphics "
                f"card, which has {free / 1e9:.1f} GB free. Solve on the processor, use larger "
                "cells, or a card with more memory."
            )

    # --- set-up ---------------------------------------------------------------------------------

    def _build(self) -> Hierarchy:
        xp, launch, (rows, columns) = self.device.xp, self.device.launch, self.shape
        least, most = xp.zeros(self._blocks), xp.zeros(self._blocks)
        launch("range_of_links", self._blocks, rows, columns, self.weights, least, most)
        largest = float(most.max()) or 1.0
        smallest = min(float(least.min()), largest)
        dtype = np.float64 if self.device.stored == "double" else np.float32
        filled = xp.zeros(self.weights.shape, dtype)
        grouped, group = self._groups is not None, self._number_of_group()
        diagonal = bool(self.weights[:, 2:].any())
        launch(
            "fill_links",
            self._blocks,
            *(rows, columns, self.weights, int(grouped), group),
            *(largest, FILLING * smallest / largest, JOINING, int(diagonal), filled),
        )
        del group
        shift = xp.zeros((1, 1), dtype)
        held = self.attached.held
        if self._ground.size > 1 or held is not None:
            shift = (xp.zeros(self._p.shape) + self._ground / largest).astype(dtype)
            if held is not None:
                shift[1:-1, 1:-1][xp.asarray(held)] = JOINING
        return build_hierarchy(self.device, self.shape, filled, shift, (self._p, self._z))

    def _number_of_group(self) -> Any:
        """Group of each cell, -1 for none, on the device; of one element where none is merged."""
        if not self.attached.group_cells.size:
            return self.device.xp.zeros(1, np.int32)
        group = np.full(self._p.size, -1, np.int32)
        starts = self.attached.group_starts
        group[self.attached.group_cells] = np.repeat(np.arange(starts.size - 1), np.diff(starts))
        return self.device.xp.asarray(group)

    # --- solving --------------------------------------------------------------------------------

    def solve(
        self,
        injection: tuple[Places, Grid],
        active: NDArray[np.uint8],
        *,
        tolerance: float = 1e-6,
        most_iterations: int = 200,
    ) -> tuple[Grid, int, float]:
        """Find the potentials that balance an injection.

        Parameters
        ----------
        injection
            Cells, numbered with the ring and each at most once, and the current into each, A.
        active
            1 for the cells that are solved for, shape (rows + 2, columns + 2); potentials stay
            zero elsewhere, and nothing may enter there.
        tolerance
            Stop when the residual, relative to the injection, is below this.
        most_iterations
            Stop there at the latest.

        Returns
        -------
        tuple
            Potentials, shape (rows + 2, columns + 2), on the computer; iterations; residual.
        """
        with self._lock:
            potential, iterations, residual = self._iterate(
                injection, self.device.xp.asarray(active), tolerance, most_iterations
            )
            return self.device.to_host(potential), iterations, residual

    def _iterate(
        self, injection: tuple[Places, Grid], active: Any, tolerance: float, most_iterations: int
    ) -> tuple[Any, int, float]:
        xp, launch, size = self.device.xp, self.device.launch, self.shape
        p, z, flow = self._p, self._z, self._flow
        x, r = xp.zeros(p.shape), xp.zeros(p.shape)
        p[...] = 0.0  # whatever a failed solve left there
        r.reshape(-1)[xp.asarray(injection[0])] = xp.asarray(injection[1])
        self._merge(r)
        start = float(np.sqrt(self._product(r, r)))
        if start == 0.0:
            return x, 0, 0.0
        before, residual, length = 1.0, 1.0, 0.0
        iteration = 0
        while iteration < most_iterations and residual > tolerance:
            now = self._precondition(r, z)
            if not (np.isfinite(now) and now > 0.0):
                break
            beta = now / before if iteration else 0.0
            launch("turn", self._blocks, *size, length, z, beta, active, p, x)
            before, length = now, 0.0
            along = self._flow_along(p, active, flow)
            if not along > 0.0:
                break
            length = now / along
            launch("take_off", self._blocks, *size, length, flow, r, self._partial)
            residual = float(np.sqrt(self._sum())) / start
            iteration += 1
        launch("turn", self._blocks, *size, length, z, 0.0, active, p, x)
        return x, iteration, residual

    def _precondition(self, r: Any, z: Any) -> float:
        """Write into `z` what the hierarchy makes of `r`; return their product."""
        self._hierarchy.apply(r, z, self._flow, self._partial)
        if self._groups is None and len(self._hierarchy.levels) > 1:
            return self._sum()
        self._merge(z)
        return self._product(r, z)

    def _flow_along(self, p: Any, active: Any, flow: Any) -> float:
        """Write what leaves each cell under `p` into `flow`; return their product."""
        grounded = int(self._ground.size > 1)
        self.device.launch(
            "flow_of",
            self._blocks,
            *(*self.shape, self.weights, grounded, self._ground, p, active, flow, self._partial),
        )
        if self._links is None and self._groups is None:
            return self._sum()
        if self._links is not None:
            self._links.add_flow(self.device, p, active, flow)
        self._merge(flow)
        return self._product(p, flow)

    def _merge(self, values: Any) -> None:
        if self._groups is not None:
            self._groups.average(self.device, values)

    def _product(self, a: Any, b: Any) -> float:
        self.device.launch("product_of", self._blocks, *self.shape, a, b, self._partial)
        return self._sum()

    def _sum(self) -> float:
        return float(self._partial.sum())


@dataclass(frozen=True)
class _Groups:
    """Merged groups on the device, cut into stretches that blocks add up.

    `starts` says where each stretch begins in `cells`, `first_stretch` with which one each group
    begins, both with an end; `group` is that of each stretch.
    """

    starts: Any
    first_stretch: Any
    group: Any
    cells: Any
    sums: Any
    means: Any

    @classmethod
    def of(cls, device: Device, attached: Attached) -> "_Groups | None":
        if not attached.group_cells.size:
            return None
        begin, sizes = attached.group_starts, np.diff(attached.group_starts)
        stretches = -(-sizes // _STRETCH)
        first = np.concatenate([[0], np.cumsum(stretches)])
        group = np.repeat(np.arange(sizes.size), stretches)
        within = np.arange(group.size) - first[group]
        starts = np.append(begin[group] + within * _STRETCH, begin[-1])
        xp = device.xp
        return cls(
            xp.asarray(starts.astype(np.int64)),
            xp.asarray(first.astype(np.int64)),
            xp.asarray(group.astype(np.int64)),
            xp.asarray(attached.group_cells),
            xp.zeros(group.size),
            xp.zeros(sizes.size),
        )

    def average(self, device: Device, values: Any) -> None:
        """Replace the values of each group by their mean."""
        stretches, groups = self.sums.size, self.means.size
        device.launch("sum_stretches", stretches, self.starts, self.cells, values, self.sums)
        device.launch(
            "means_of_groups", groups, self.first_stretch, self.starts, self.sums, self.means
        )
        device.launch(
            "spread_means", stretches, self.starts, self.group, self.cells, self.means, values
        )


@dataclass(frozen=True)
class _FurtherLinks:
    """Links beside those of the raster, on the device, gathered by the cell they leave."""

    places: Any
    starts: Any
    others: Any
    conductance: Any

    @classmethod
    def of(cls, device: Device, attached: Attached) -> "_FurtherLinks | None":
        if not attached.first.size:
            return None
        here = np.concatenate([attached.first, attached.second])
        there = np.concatenate([attached.second, attached.first])
        conductance = np.concatenate([attached.conductance, attached.conductance])
        order = np.argsort(here, kind="stable")
        places, counts = np.unique(here, return_counts=True)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        xp = device.xp
        return cls(
            *(xp.asarray(part) for part in (places, starts, there[order], conductance[order]))
        )

    def add_flow(self, device: Device, p: Any, active: Any, flow: Any) -> None:
        """Add to `flow` what leaves active cells along these links under the potentials `p`."""
        n = int(self.places.size)
        blocks = -(-n // THREADS)
        device.launch(
            "add_link_flow",
            blocks,
            *(n, self.places, self.starts, self.others, self.conductance, p, active, flow),
        )
