"""What one solve of a run over many sites gave, ready to be added up, sent or kept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.flows import check_drop_below
from kulan.connectivity.circuits.raster_circuit import Grid, Injection, RasterCircuit
from kulan.connectivity.circuits.solving import Attempt, SolverName
from kulan.connectivity.kept_work import digest_of, keep, recall


@dataclass(frozen=True)
class Drawing:
    """Which maps are wanted of each pair or site.

    Attributes
    ----------
    current, voltage
        Whether those of current, and of voltage.
    drop_below
        Currents along links below this share of the largest count as none.
    """

    current: bool
    voltage: bool
    drop_below: float

    def __post_init__(self) -> None:
        check_drop_below(self.drop_below)


@dataclass(frozen=True)
class DrawnMap:
    """The answer for one pair of sites, or for one site.

    Attributes
    ----------
    resistance
        Effective resistance, ohm; infinite where there is no way, NaN where it is not known.
    current, voltage
        Maps, shape (rows, columns); None where they were not asked for or show nothing.
    attempts
        Every try of a solver.
    problem
        Why there is no answer; empty where there is one.
    """

    resistance: float
    current: Grid | None = None
    voltage: Grid | None = None
    attempts: tuple[Attempt, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Keeping:
    """Where finished pieces of one run are kept.

    Attributes
    ----------
    folder
        The folder.
    run
        Digest of all that every piece depends on.
    """

    folder: Path
    run: str

    def name(self, *asked: object) -> str:
        """Name a piece by what it depends on beside."""
        return digest_of(self.run, *asked)


def draw(
    circuit: RasterCircuit,
    potential: Grid,
    injection: Injection,
    drawing: Drawing,
    zero: float = 0.0,
) -> tuple[Grid | None, Grid | None]:
    """Draw the maps of current and voltage that are wanted, without the ring.

    Parameters
    ----------
    circuit
        What was solved.
    potential
        As it was solved, V.
    injection
        What entered and left.
    drawing
        Which maps.
    zero
        Potential that counts as none, V.
    """
    if not drawing.current:
        return None, None
    flow = circuit.current_map(circuit.empty(), potential, injection, drop_below=drawing.drop_below)
    current = np.ascontiguousarray(circuit.plain(flow))
    if not drawing.voltage:
        return current, None
    return current, voltage_map(circuit, potential, injection, zero)


def voltage_map(circuit: RasterCircuit, potential: Grid, injection: Injection, zero: float) -> Grid:
    """Return voltages above `zero` of the part that an injection enters, and 0 elsewhere."""
    plain = circuit.plain(potential)
    part = circuit.parts[injection.places[0]] if injection.places.size else 0
    return np.where(circuit.parts.reshape(plain.shape) == part, plain - zero, 0.0)


def kept_or_drawn(
    keeping: Keeping | None, asked: tuple[object, ...], do: Callable[[], DrawnMap]
) -> DrawnMap:
    """Return an answer from an earlier run, or find it and keep it; failures are not kept.

    Parameters
    ----------
    keeping
        Where answers are kept; None for nowhere.
    asked
        What the answer depends on, beside the run.
    do
        Finds it.
    """
    if keeping is None:
        return do()
    name = keeping.name(*asked)
    kept = recall(keeping.folder, name)
    if kept is not None:
        maps = (kept.get("current"), kept.get("voltage"))
        return DrawnMap(float(kept["resistance"]), *maps, attempts_from(kept))
    found = do()
    if not found.problem:
        maps_found = {"current": found.current, "voltage": found.voltage}
        piece = {key: values for key, values in maps_found.items() if values is not None}
        piece["resistance"] = np.array(found.resistance)
        keep(keeping.folder, name, {**piece, **attempts_as_arrays(found.attempts)})
    return found


def attempts_as_arrays(attempts: tuple[Attempt, ...]) -> dict[str, NDArray[Any]]:
    """Return tries of solvers in a form that can be kept."""
    return {
        "solvers": np.array([one.solver for one in attempts], np.str_),
        "iterations": np.array([one.iterations for one in attempts], np.int64),
        "residuals": np.array([one.residual for one in attempts], np.float64),
        "problems": np.array([one.problem for one in attempts], np.str_),
    }


def attempts_from(kept: dict[str, NDArray[Any]]) -> tuple[Attempt, ...]:
    """Read back what `attempts_as_arrays` gave."""
    columns = (kept[key].tolist() for key in ("solvers", "iterations", "residuals", "problems"))
    return tuple(
        Attempt(cast("SolverName", solver), *rest) for solver, *rest in zip(*columns, strict=True)
    )
