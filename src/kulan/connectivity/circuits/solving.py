"""How a circuit is solved, what was tried, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidGridError, MissingExtraError, NotSolvedError, TooLargeError

SolverName = Literal["multigrid", "gpu-multigrid", "pyamg", "direct"]
DeviceName = Literal["cpu", "gpu"]


@dataclass(frozen=True)
class Solving:
    """How to solve.

    Attributes
    ----------
    tolerance
        Residual, relative to the injection, at which an iteration stops.
    most_iterations
        After so many the next solver is tried.
    solvers
        What to try, in this order; empty chooses by size.
    direct_nodes
        Up to so many nodes a factorisation comes first; it is exact, and quick there.
    most_direct_nodes
        Above so many a factorisation is refused: it would need too much memory.
    most_stored_bytes
        Potentials of sites that are superposed are kept in memory up to so many bytes, and in
        temporary files beyond.
    precise_multigrid
        Keep the multigrid's grids in float64 rather than float32.
    most_memory_bytes
        A run that is estimated to need more is refused before it begins; None for what is free.
    device
        "gpu" has an NVIDIA card solve rasters where the processor's multigrid would, and refuses
        to start without one; should the card fail at a system, for want of memory say, the
        processor solves it and the attempts tell. Networks, small rasters that are factorised, and
        the windows of exact moving windows stay on the processor.
    """

    tolerance: float = 1e-6
    most_iterations: int = 300
    solvers: tuple[SolverName, ...] = ()
    direct_nodes: int = 20_000
    most_direct_nodes: int = 4_000_000
    most_stored_bytes: int = 4 * 2**30
    precise_multigrid: bool = False
    most_memory_bytes: int | None = None
    device: DeviceName = "cpu"

    def __post_init__(self) -> None:
        if not 0 < self.tolerance < 1:
            raise InvalidGridError(
                f"tolerance: {self.tolerance:g} found; give a share of the injection between 0 and "
                "1, such as 1e-6."
            )
        unknown = [name for name in self.solvers if name not in get_args(SolverName)]
        if unknown:
            raise InvalidGridError(
                f"solvers: {unknown[0]!r} is none. There are {', '.join(get_args(SolverName))}."
            )
        if self.device not in get_args(DeviceName):
            raise InvalidGridError(f"device: {self.device!r} is none. There are cpu and gpu.")

    @property
    def numerics(self) -> "Solving":
        """The same but for what says where things are kept: equal ones give the same bytes."""
        return replace(self, most_stored_bytes=0, most_memory_bytes=None)

    def order(self, n_nodes: int, *, raster: bool) -> tuple[SolverName, ...]:
        """Return the solvers to try for a circuit of `n_nodes`, of a `raster` or a network."""
        order = self.solvers or self._by_size(n_nodes, raster=raster)
        if self.device == "cpu" or not raster or "gpu-multigrid" in order:
            return order
        with_card: list[SolverName] = []
        for solver in order:
            with_card += ["gpu-multigrid", solver] if solver == "multigrid" else [solver]
        return tuple(with_card)

    def _by_size(self, n_nodes: int, *, raster: bool) -> tuple[SolverName, ...]:
        if n_nodes <= self.direct_nodes:
            return ("direct", "multigrid") if raster else ("direct", "pyamg")
        return ("multigrid", "pyamg", "direct") if raster else ("pyamg", "direct")


@dataclass(frozen=True)
class Attempt:
    """One try at a system.

    Attributes
    ----------
    solver
        Which solver.
    iterations
        Steps taken; 0 for a factorisation.
    residual
        What was left unbalanced, relative to the injection; NaN where the solver did not start.
    problem
        Why the try failed; empty for success.
    """

    solver: SolverName
    iterations: int
    residual: float
    problem: str = ""


@dataclass(frozen=True)
class Solution:
    """Potentials, and how they were found.

    Attributes
    ----------
    potential
        Of each place, volts, in the circuit's own arrangement.
    attempts
        The tries in order; the last one succeeded.
    """

    potential: NDArray[np.float64]
    attempts: tuple[Attempt, ...]


Try = Callable[[SolverName], tuple[NDArray[np.float64], int, float]]


def first_success(attempt: Try, order: tuple[SolverName, ...], tolerance: float) -> Solution:
    """Try solvers in turn until one reaches the tolerance.

    Parameters
    ----------
    attempt
        Runs the named solver; returns potentials, iterations and residual.
    order
        What to try.
    tolerance
        The residual that counts as success; a factorisation may leave ten times as much.

    Raises
    ------
    NotSolvedError
        If none succeeded; it says what each one came to.
    """
    attempts: list[Attempt] = []
    for solver in order:
        try:
            potential, iterations, residual = attempt(solver)
        except (MissingExtraError, TooLargeError, RuntimeError, MemoryError) as refusal:
            attempts.append(Attempt(solver, 0, float("nan"), str(refusal) or "out of memory"))
            continue
        allowed = tolerance if solver != "direct" else max(10 * tolerance, 1e-8)
        if residual <= allowed:
            attempts.append(Attempt(solver, iterations, residual))
            return Solution(potential, tuple(attempts))
        attempts.append(Attempt(solver, iterations, residual, f"residual {residual:.1e}"))
    told = "; ".join(
        f"{tried.solver}: {tried.problem} after {tried.iterations} iterations" for tried in attempts
    )
    problem = NotSolvedError(
        f"no solver balanced the currents to {tolerance:g} of the injection ({told}). "
        "Raise `tolerance` or `most_iterations`, or lessen the contrast of conductances."
    )
    problem.attempts = tuple(attempts)
    raise problem


def checked_balance(totals: NDArray[np.float64], sizes: NDArray[np.float64]) -> None:
    """Refuse injections that cannot leave: parts without a ground whose injections do not cancel.

    Parameters
    ----------
    totals
        Sum of the injections into each ungrounded part, A.
    sizes
        Sum of their absolute values.
    """
    if (np.abs(totals) > 1e-9 * sizes).any():
        worst = float(np.abs(totals).max())
        raise NotSolvedError(
            f"{worst:g} A enters a part of the landscape from which it cannot leave. "
            "Place a ground there, or let sources and sinks cancel."
        )
