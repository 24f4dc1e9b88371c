"""How Kulan's multigrid grows with the raster: iterations, time, memory, up to a region at 1 km.

Landscapes with barriers from 0.25 to 24 million cells, one pair of sites each, to a residual of
1e-6, on one thread; the smallest is compared with a factorisation by SciPy. Then the landscapes
that break solvers.

    python benchmarks/connectivity/scaling.py --cells 250000 1000000 4000000 16000000 24000000
"""

import json
import resource

import numpy as np
from _measuring import (
    Found,
    compare,
    exponent,
    in_process,
    in_turns,
    machine,
    options,
    peak_bytes,
    resident_bytes,
    seconds_of,
    tell_most,
)

from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.solving import SolverName, Solving
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.synthetic import HARD, log_normal_with_barriers

# cells of a landscape of its own that may serve for the exponents, as the issue asks
LARGEST_OF_EXPONENT = 16_000_000
REGION = 24_000_000


def solve(size: int, solver: SolverName = "multigrid") -> tuple[RasterCircuit, Found]:
    stencil = link_cells(log_normal_with_barriers(size))
    circuit = RasterCircuit(stencil, solving=Solving(tolerance=1e-6, solvers=(solver,)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    set_up = seconds_of(circuit.prepare) if solver == "multigrid" else 0.0
    # the rest is the system's, which clears new memory: some virtual machines take long for that
    own = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
    injection = Injection.between(0, size * size - 1)
    found: Found = {"set-up": set_up, "set-up without the system": own}

    def run() -> None:
        solution = circuit.solve(injection)
        ends = (circuit.at(solution.potential, place) for place in (0, size * size - 1))
        low, high = ends
        found["iterations"] = solution.attempts[-1].iterations
        found["resistance"] = high - low

    found["solve"] = seconds_of(run)
    return circuit, found


def measure(size: int) -> None:
    """Measure one size in this process and print what came of it."""
    solve(130)  # compiles
    before = resident_bytes()
    _, found = solve(size)
    found["bytes per cell"] = (peak_bytes() - before) / size**2
    found["bytes"] = peak_bytes()
    print(json.dumps(found))


def iterations(conductance: np.ndarray) -> int:
    """Solve between two far cells of the largest part; return the steps it took."""
    circuit = RasterCircuit(link_cells(conductance), solving=Solving(solvers=("multigrid",)))
    largest = np.bincount(circuit.parts)[1:].argmax() + 1
    cells = np.flatnonzero(circuit.parts == largest)
    solution = circuit.solve(Injection.between(int(cells[0]), int(cells[-1])))
    return solution.attempts[-1].iterations


def hard_landscapes(size: int) -> None:
    print(f"\nlandscapes that break solvers, {size * size:,} cells each")
    for name, landscape in HARD.items():
        tell_most(f"{name}, iterations", iterations(landscape(size)), bar=40, aim=15)


def main() -> None:
    chosen = options(__doc__, [250_000, 1_000_000, 4_000_000], 2).parse_args()
    if chosen.measure:
        measure(int(chosen.measure))
        return
    print(machine())
    sizes = [round(n**0.5) for n in chosen.cells]
    smallest = min(sizes)
    best = in_turns(
        [str(size) for size in sizes],
        chosen.repeat,
        lambda size: in_process(__file__, "--measure", size),
    )
    exact = solve(smallest, "direct")[1]["resistance"]
    found = best[str(smallest)]["resistance"]
    worst = compare({"multigrid": found, "factorisation": exact}, 1e-6)
    print(f"{smallest**2:,} cells: the resistance agrees with a factorisation to {worst:.0e}")
    print(
        f"{'cells':>12}{'set-up':>10}{'its own':>10}{'solve':>10}{'iterations':>12}"
        f"{'B/cell':>8}{'GB':>7}"
    )
    for size in sizes:
        one = best[str(size)]
        print(
            f"{size**2:12,}{one['set-up']:10.3f}{one['set-up without the system']:10.3f}"
            f"{one['solve']:10.3f}{one['iterations']:12.0f}"
            f"{one['bytes per cell']:8.0f}{one['bytes'] / 1e9:7.2f}"
        )
    tell_most("most iterations", max(one["iterations"] for one in best.values()), bar=10, aim=7)
    tell_most(
        "most memory, bytes per cell",
        max(one["bytes per cell"] for one in best.values()),
        bar=150,
        aim=100,
    )
    of_exponent = [size for size in sizes if size**2 <= LARGEST_OF_EXPONENT * 1.01]
    if len(of_exponent) > 1:
        low, high = min(of_exponent), max(of_exponent)
        print(f"exponents in cells, {low**2:,} to {high**2:,}")
        for key in ("set-up", "set-up without the system", "solve"):
            ends = [(size**2, best[str(size)][key]) for size in (low, high)]
            tell_most(f"time of {key}", exponent(*ends), bar=1.05, aim=1.0)
        ends = [(size**2, best[str(size)]["bytes per cell"] * size**2) for size in (low, high)]
        tell_most("memory", exponent(*ends), bar=1.0)
    largest = max(sizes)
    if largest**2 >= REGION * 0.99:
        tell_most("region at 1 km, GB of the process", best[str(largest)]["bytes"] / 1e9, bar=4)
    hard_landscapes(1000)


if __name__ == "__main__":
    main()
