"""One pair of sites on a landscape with barriers: Kulan's multigrid beside PyAMG and SciPy.

Each solver works on the same grid in a process of its own, on one thread; answers are compared
before any time is printed. Times are CPU-seconds, memory is what the process grew by.

    python benchmarks/connectivity/pair_solve.py --cells 1000000 4000000 --repeat 2
"""

import json
import tempfile
import time

import numpy as np
from _measuring import (
    Found,
    compare,
    in_process,
    in_turns,
    machine,
    options,
    peak_bytes,
    resident_bytes,
    tell,
    tell_most,
)
from scipy.sparse import coo_array, csr_array

from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Links, link_cells, links_of
from kulan.connectivity.synthetic import log_normal_with_barriers

TOLERANCE = 1e-6
KULAN, SCIPY = "kulan multigrid", "scipy splu"
# its defaults, and the strength of connection that served it best on this landscape
PYAMG = {"pyamg SA-CG": 0.0, "pyamg SA-CG 0.08": 0.08}


def with_kulan(conductance: np.ndarray, ends: tuple[int, int]) -> Found:
    start = time.process_time()
    stencil = link_cells(conductance)
    assembled = time.process_time()
    circuit = RasterCircuit(stencil, solving=Solving(tolerance=TOLERANCE, solvers=("multigrid",)))
    circuit.prepare()
    ready = time.process_time()
    solution = circuit.solve(Injection.between(*ends))
    done = time.process_time()
    potential = solution.potential
    return {
        "assemble": assembled - start,
        "set-up": ready - assembled,
        "solve": done - ready,
        "iterations": solution.attempts[-1].iterations,
        "resistance": circuit.at(potential, ends[1]) - circuit.at(potential, ends[0]),
    }


def laplacian(links: Links, n: int, grounded: int) -> csr_array:
    i, j, c = links.first, links.second, links.conductance
    diagonal = np.bincount(i, c, n) + np.bincount(j, c, n)
    cells = np.arange(n)
    matrix = coo_array(
        (
            np.concatenate([-c, -c, diagonal]),
            (np.concatenate([i, j, cells]), np.concatenate([j, i, cells])),
        ),
        shape=(n, n),
    ).tocsr()
    kept = cells != grounded
    return matrix[kept][:, kept]


def with_matrix(solver: str, conductance: np.ndarray, ends: tuple[int, int]) -> Found:
    start = time.process_time()
    matrix = laplacian(links_of(link_cells(conductance)), conductance.size, ends[0])
    assembled = time.process_time()
    b = np.zeros(conductance.size - 1)
    b[ends[1] - 1] = 1.0
    residuals: list[float] = []
    if solver in PYAMG:
        import pyamg  # noqa: PLC0415 - only in its own process

        strength = ("symmetric", {"theta": PYAMG[solver]})
        ready_solver = pyamg.smoothed_aggregation_solver(matrix, strength=strength)
        ready = time.process_time()
        x = ready_solver.solve(b, tol=TOLERANCE, accel="cg", residuals=residuals)
    else:
        from scipy.sparse.linalg import splu  # noqa: PLC0415 - only in its own process

        factors = splu(
            matrix.tocsc(),
            permc_spec="MMD_AT_PLUS_A",
            diag_pivot_thresh=0.0,
            options={"SymmetricMode": True},
        )
        ready = time.process_time()
        x = factors.solve(b)
    done = time.process_time()
    return {
        "assemble": assembled - start,
        "set-up": ready - assembled,
        "solve": done - ready,
        "iterations": max(len(residuals) - 1, 0),
        "resistance": float(x[ends[1] - 1]),
    }


def measure(solver: str, folder: str) -> None:
    """Measure one solver in this process and print what came of it."""

    def run(conductance: np.ndarray) -> Found:
        ends = (0, conductance.size - 1)
        if solver == KULAN:
            return with_kulan(conductance, ends)
        return with_matrix(solver, conductance, ends)

    run(log_normal_with_barriers(130))  # compiles, imports
    conductance = np.load(f"{folder}/grid.npy")
    before = resident_bytes()
    found = run(conductance)
    print(json.dumps({**found, "bytes per cell": (peak_bytes() - before) / conductance.size}))


def all_solvers(n_cells: int, repeat: int, solvers: list[str]) -> dict[str, Found]:
    size = round(n_cells**0.5)
    with tempfile.TemporaryDirectory() as folder:
        np.save(f"{folder}/grid.npy", log_normal_with_barriers(size))
        best = in_turns(
            solvers,
            repeat,
            lambda solver: in_process(__file__, "--measure", solver, "--folder", folder),
        )
    worst = compare({solver: found["resistance"] for solver, found in best.items()}, 1e-5)
    print(f"\n{size * size:,} cells; resistances agree to {worst:.0e}")
    print(f"{'':18}{'assemble':>10}{'set-up':>10}{'solve':>10}{'iterations':>12}{'B/cell':>8}")
    for solver, found in best.items():
        print(
            f"{solver:18}{found['assemble']:10.3f}{found['set-up']:10.3f}{found['solve']:10.3f}"
            f"{found['iterations']:12.0f}{found['bytes per cell']:8.0f}"
        )
    return best


def main() -> None:
    parser = options(__doc__, [250_000, 1_000_000], 2)
    parser.add_argument("--direct", action="store_true", help="factorise too")
    chosen = parser.parse_args()
    if chosen.measure:
        measure(chosen.measure, chosen.folder)
        return
    print(machine())
    solvers = [KULAN, *PYAMG, *([SCIPY] if chosen.direct else [])]
    for n in chosen.cells:
        best = all_solvers(n, chosen.repeat, solvers)
        ours = best[KULAN]
        both = "assemble", "set-up"
        for peer in PYAMG:
            theirs = best[peer]
            preparing = sum(theirs[key] for key in both) / sum(ours[key] for key in both)
            tell(f"solve, {peer} over ours", theirs["solve"] / ours["solve"], bar=8, aim=20)
            tell(f"set-up with assembly, {peer} over ours", preparing, bar=20, aim=40)
        tell_most("memory, bytes per cell", ours["bytes per cell"], bar=150, aim=100)


if __name__ == "__main__":
    main()
