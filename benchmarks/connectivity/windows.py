"""One moving window: Kulan's beside PyAMG and a factorisation by SciPy.

A disc is cut out of a landscape with barriers, its equations are made and solved for current from
all cells to the one in the middle, and the current through every cell is found. Answers are
compared cell by cell before any time is printed. Times are CPU-seconds on one thread, a window.

    python benchmarks/connectivity/windows.py --radius 25 50 100 --repeat 2
"""

import json
import tempfile

import numpy as np
from _measuring import Found, in_process, in_turns, machine, options, seconds_of, tell
from pair_solve import PYAMG
from scipy.sparse import coo_array, csr_array

from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Links, Stencil, link_cells, links_of
from kulan.connectivity.synthetic import log_normal_with_barriers
from kulan.connectivity.windows.one_window import prepare_window, window_current
from kulan.connectivity.windows.sources import WindowRule

KULAN, SCIPY = "kulan", "scipy splu"
TOLERANCE = 1e-6
SOLVING = Solving(tolerance=TOLERANCE)


def sources(radius: int) -> np.ndarray:
    """One ampere for every cell of the disc but the one in the middle."""
    amps = WindowRule(radius).disc.astype(float)
    amps[radius, radius] = 0.0
    return amps


def with_kulan(land: Stencil, top: int, left: int, radius: int) -> np.ndarray:
    disc = WindowRule(radius).disc
    window = prepare_window(land, top, left, disc, SOLVING)
    current = window_current(window, radius, radius, sources(radius), SOLVING)
    assert current is not None
    return current


def equations(links: Links, n: int, target: int) -> csr_array:
    i, j, c = links.first, links.second, links.conductance
    diagonal = np.bincount(i, c, n) + np.bincount(j, c, n)
    diagonal[target] *= 2  # as much as enters leaves there: no current flows off by this ground
    cells = np.arange(n)
    return coo_array(
        (
            np.concatenate([-c, -c, diagonal]),
            (np.concatenate([i, j, cells]), np.concatenate([j, i, cells])),
        ),
        shape=(n, n),
    ).tocsr()


def with_matrix(solver: str, land: Stencil, top: int, left: int, radius: int) -> np.ndarray:
    disc = WindowRule(radius).disc
    rows, columns = disc.shape
    weights = land.weights[top : top + rows + 2, :, left : left + columns + 2].copy()
    # no links out of the box
    weights[[0, -1]], weights[-2, 1:] = 0.0, 0.0
    weights[:, :, [0, -1]], weights[:, [0, 2], -2], weights[:, 3, 1] = 0.0, 0.0, 0.0
    links = links_of(Stencil(weights, disc))
    inside = disc.reshape(-1)
    number = np.cumsum(inside) - 1
    kept = inside[links.first] & inside[links.second]
    links = Links(number[links.first[kept]], number[links.second[kept]], links.conductance[kept])
    n = int(inside.sum())
    target = int(number[radius * columns + radius])
    amps = sources(radius).reshape(-1)[inside]
    amps[target] = -amps.sum()
    matrix = equations(links, n, target)
    if solver in PYAMG:
        import pyamg  # noqa: PLC0415 - only in its own process

        strength = ("symmetric", {"theta": PYAMG[solver]})
        ready = pyamg.smoothed_aggregation_solver(matrix, strength=strength)
        potential = ready.solve(amps, tol=TOLERANCE, accel="cg")
    else:
        from scipy.sparse.linalg import splu  # noqa: PLC0415 - only in its own process

        factors = splu(
            matrix.tocsc(),
            permc_spec="MMD_AT_PLUS_A",
            diag_pivot_thresh=0.0,
            options={"SymmetricMode": True},
        )
        potential = factors.solve(amps)
    along = np.abs(links.conductance * (potential[links.first] - potential[links.second]))
    through = np.bincount(links.first, along, n) + np.bincount(links.second, along, n)
    current = np.zeros(disc.size)
    current[inside] = 0.5 * (through + np.abs(amps))
    return current.reshape(disc.shape)


def measure(solver: str, folder: str, radius: int) -> None:
    """Measure one solver in this process over some windows, and print what they took."""
    land = link_cells(np.load(f"{folder}/grid.npy"))
    corners = [(k * radius // 3, k * radius // 5) for k in range(5)]

    def run(top: int, left: int) -> np.ndarray:
        if solver == KULAN:
            return with_kulan(land, top, left, radius)
        return with_matrix(solver, land, top, left, radius)

    run(*corners[0])  # compiles, imports
    answers = []
    seconds = seconds_of(lambda: answers.extend(run(*corner) for corner in corners))
    np.save(f"{folder}/{solver}.npy", np.array(answers))
    print(json.dumps({"seconds": seconds / len(corners)}))


def compare_currents(folder: str, solvers: list[str]) -> float:
    exact = np.load(f"{folder}/{SCIPY}.npy")
    worst = 0.0
    for solver in solvers:
        found = np.load(f"{folder}/{solver}.npy")
        worst = max(worst, float(np.linalg.norm(found - exact) / np.linalg.norm(exact)))
    if not worst <= 1e-4:
        raise SystemExit(f"currents differ by {worst:.1e}")
    return worst


def main() -> None:
    parser = options(__doc__, [], 2)
    parser.add_argument("--radius", type=int, nargs="+", default=[25, 50, 100])
    chosen = parser.parse_args()
    if chosen.measure:
        measure(chosen.measure, chosen.folder, chosen.radius[0])
        return
    print(machine())
    solvers = [KULAN, *PYAMG, SCIPY]
    for radius in chosen.radius:
        with tempfile.TemporaryDirectory() as folder:
            np.save(f"{folder}/grid.npy", log_normal_with_barriers(4 * radius))

            def run(solver: str, folder: str = folder, radius: int = radius) -> Found:
                asked = ("--measure", solver, "--folder", folder, "--radius", str(radius))
                return in_process(__file__, *asked)

            best = in_turns(solvers, chosen.repeat, run)
            worst = compare_currents(folder, solvers)
        print(f"\nradius of {radius} cells; currents agree to {worst:.0e}")
        for solver, found in best.items():
            print(f"  {solver:18}{found['seconds'] * 1e3:9.2f} ms a window")
        ours = best[KULAN]["seconds"]
        if radius >= 100:
            for peer in PYAMG:
                tell(f"{peer} over ours", best[peer]["seconds"] / ours, bar=10, aim=20)
            tell("scipy splu over ours", best[SCIPY]["seconds"] / ours, bar=8)
        else:
            peers = ", ".join(f"{p}: {best[p]['seconds'] / ours:.1f}" for p in [*PYAMG, SCIPY])
            print(f"  times ours: {peers}")


if __name__ == "__main__":
    main()
