"""One pair of sites on a landscape with barriers: Kulan's multigrid beside PyAMG and SciPy.

Each solver works on the same grid in a process of its own, on one thread; answers are compared
before any time is printed. Times are CPU-seconds, memory is what the process grew by.

    python benchmarks/connectivity/pair_solve.py --cells 250000 1000000 --repeat 2
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array, csr_array

from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Links, link_cells, links_of
from kulan.connectivity.synthetic import log_normal_with_barriers

TOLERANCE = 1e-6
ONE_THREAD = {"NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
KULAN, SCIPY = "kulan multigrid", "scipy splu"
# its defaults, and the strength of connection that served it best on this landscape
PYAMG = {"pyamg SA-CG": 0.0, "pyamg SA-CG 0.08": 0.08}


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def with_kulan(conductance: np.ndarray, ends: tuple[int, int]) -> dict[str, float]:
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


def with_matrix(solver: str, conductance: np.ndarray, ends: tuple[int, int]) -> dict[str, float]:
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


def measure(solver: str, path: str) -> None:
    """Measure one solver in this process and print what came of it."""

    def run(conductance: np.ndarray) -> dict[str, float]:
        ends = (0, conductance.size - 1)
        if solver == KULAN:
            return with_kulan(conductance, ends)
        return with_matrix(solver, conductance, ends)

    run(log_normal_with_barriers(130))  # compiles, imports
    conductance = np.load(path)
    before = resident_bytes()
    found = run(conductance)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({**found, "bytes per cell": (peak - before) / conductance.size}))


def in_process(solver: str, path: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", solver, "--grid", path]
    answer = subprocess.run(
        command, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def compare(n_cells: int, repeat: int, solvers: list[str]) -> dict[str, dict[str, float]]:
    size = round(n_cells**0.5)
    best: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/grid.npy"
        np.save(path, log_normal_with_barriers(size))
        for _ in range(repeat):
            for solver in solvers:
                found = in_process(solver, path)
                old = best.setdefault(solver, found)
                best[solver] = {key: min(value, old[key]) for key, value in found.items()}
    answers = {solver: found["resistance"] for solver, found in best.items()}
    reference = answers[solvers[-1]]
    worst = max(abs(value / reference - 1) for value in answers.values())
    if worst > 1e-5:
        raise SystemExit(f"answers differ by {worst:.1e}: {answers}")
    print(f"\n{size * size:,} cells; resistances agree to {worst:.0e}")
    print(f"{'':18}{'assemble':>10}{'set-up':>10}{'solve':>10}{'iterations':>12}{'B/cell':>8}")
    for solver, found in best.items():
        print(
            f"{solver:18}{found['assemble']:10.3f}{found['set-up']:10.3f}{found['solve']:10.3f}"
            f"{found['iterations']:12.0f}{found['bytes per cell']:8.0f}"
        )
    return best


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cells", type=int, nargs="+", default=[250_000, 1_000_000])
    options.add_argument("--repeat", type=int, default=2)
    options.add_argument("--direct", action="store_true", help="factorise too")
    options.add_argument("--alone", action="store_true", help="Kulan only, for large grids")
    options.add_argument("--measure", help=argparse.SUPPRESS)
    options.add_argument("--grid", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.measure:
        measure(chosen.measure, chosen.grid)
        return
    solvers = [KULAN] if chosen.alone else [KULAN, *PYAMG]
    results = {
        n: compare(n, chosen.repeat, [*solvers, SCIPY] if chosen.direct else solvers)
        for n in chosen.cells
    }
    for n, best in results.items():
        ours = best[KULAN]
        for peer in list(best)[1:]:
            theirs = best[peer]
            both = "assemble", "set-up"
            preparing = sum(theirs[key] for key in both) / sum(ours[key] for key in both)
            print(
                f"{n:,} cells: {peer} takes {theirs['solve'] / ours['solve']:.1f} times our solve, "
                f"{preparing:.1f} times our set-up with assembly, "
                f"{theirs['bytes per cell'] / ours['bytes per cell']:.1f} times our memory"
            )
    if len(results) > 1:
        small, large = min(results), max(results)
        for key in ("set-up", "solve", "bytes per cell"):
            ratio = results[large][KULAN][key] / results[small][KULAN][key]
            power = np.log(ratio) / np.log(large / small) + (key == "bytes per cell")
            print(f"exponent of {key} in cells, {small:,} to {large:,}: {power:.2f}")


if __name__ == "__main__":
    main()
