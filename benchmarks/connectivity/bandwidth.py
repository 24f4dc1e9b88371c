"""How near the solver comes to what memory allows: its bytes beside STREAM's triad in the same run.

A lean method moves 200 bytes for each cell in each iteration. So many, over the time that an
iteration takes a cell, is the effective bandwidth; the triad a[i] = b[i] + s c[i] over arrays far
larger than the caches is what one thread can move (McCalpin 1995; its three arrays count 24 bytes).
Both are measured in turns in one process, and the best of each counts.

McCalpin, J. D. (1995). Memory bandwidth and machine balance in current high performance computers.
IEEE TCCA Newsletter, 19-25.

    python benchmarks/connectivity/bandwidth.py --cells 1000000 4000000
"""

import json

import numpy as np
from _measuring import in_process, in_turns, machine, options, seconds_of, tell

from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.kernels import kernel
from kulan.connectivity.synthetic import log_normal_with_barriers

LEAN_BYTES = 200
TRIAD_BYTES = 24
LONG = 20_000_000


@kernel
def triad(a: np.ndarray, b: np.ndarray, c: np.ndarray, s: float) -> None:
    for i in range(a.size):
        a[i] = b[i] + s * c[i]


def measure(size: int) -> None:
    """Measure both in this process, in turns."""
    a, b, c = np.zeros(LONG), np.ones(LONG), np.ones(LONG)
    triad(a[:9], b[:9], c[:9], 3.0)  # compiles
    circuit = RasterCircuit(
        link_cells(log_normal_with_barriers(size)), solving=Solving(solvers=("multigrid",))
    )
    circuit.prepare()
    injection = Injection.between(0, size * size - 1)
    iterations = circuit.solve(injection).attempts[-1].iterations
    of_triad, of_solve = np.inf, np.inf
    for _ in range(3):
        of_triad = min(of_triad, seconds_of(lambda: triad(a, b, c, 3.0), 2))
        of_solve = min(of_solve, seconds_of(lambda: circuit.solve(injection)))
    if not (a == 4.0).all():
        raise SystemExit("the triad is wrong")
    print(json.dumps({"triad": of_triad, "solve": of_solve, "iterations": iterations}))


def main() -> None:
    chosen = options(__doc__, [1_000_000, 4_000_000], 2).parse_args()
    if chosen.measure:
        measure(int(chosen.measure))
        return
    print(machine())
    for cells in chosen.cells:
        size = str(round(cells**0.5))
        found = in_turns([size], chosen.repeat, lambda s: in_process(__file__, "--measure", s))[
            size
        ]
        of_triad = TRIAD_BYTES * LONG / found["triad"] / 1e9
        each = found["solve"] / found["iterations"] / int(size) ** 2
        ours = LEAN_BYTES / each / 1e9
        print(
            f"\n{int(size) ** 2:,} cells: {found['iterations']:.0f} iterations of {each * 1e9:.1f} "
            f"ns a cell, effectively {ours:.1f} GB/s; the triad moves {of_triad:.1f} GB/s"
        )
        tell("effective over triad", ours / of_triad, bar=0.4, aim=0.7)


if __name__ == "__main__":
    main()
