"""Current maps of all pairs of sites, summed: what a map costs once the systems are solved.

Among n sites n - 1 systems are solved, and the map of each pair comes of two of their potentials.
On a small landscape the sum and the maximum of all maps are first compared with those of a
factorisation by SciPy, which solves every pair for itself; on a large one the time of the maps is
that from the last solve to the end.

    python benchmarks/connectivity/all_pairs_maps.py --cells 1000000 --sites 20
"""

import json
import time
from itertools import combinations

import numpy as np
from _measuring import Found, in_process, in_turns, machine, options, tell_most
from pair_solve import laplacian
from scipy.sparse.linalg import splu

from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.sites import Sites, sites_from_list
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Stencil, link_cells, links_of
from kulan.connectivity.synthetic import log_normal_with_barriers

PRECISE = Solving(tolerance=1e-9, solvers=("multigrid",))
QUICK = Solving(tolerance=1e-6, solvers=("multigrid",))


def scattered(size: int, n_sites: int) -> Sites:
    """Place sites by chance."""
    cells = np.random.default_rng(1).choice(size * size, n_sites, replace=False)
    return sites_from_list(np.arange(1, n_sites + 1), cells)


def maps_by_scipy(stencil: Stencil, sites: Sites) -> tuple[np.ndarray, np.ndarray]:
    """Solve every pair, and sum the currents through cells link by link."""
    links, n = links_of(stencil), stencil.valid.size
    factors = splu(laplacian(links, n, 0).tocsc(), permc_spec="MMD_AT_PLUS_A")
    total, largest = np.zeros(n), np.zeros(n)
    for first, second in combinations(sites.numbers, 2):
        injected = np.zeros(n)
        injected[sites.cells[first][0]] = -1.0
        injected[sites.cells[second][0]] = 1.0
        potential = np.concatenate([[0.0], factors.solve(injected[1:])])
        current = np.abs(links.conductance * (potential[links.first] - potential[links.second]))
        through = np.bincount(links.first, current, n) + np.bincount(links.second, current, n)
        through = 0.5 * (through + np.abs(injected))
        total += through
        largest = np.maximum(largest, through)
    return total.reshape(stencil.shape), largest.reshape(stencil.shape)


def compare_maps() -> None:
    size = 200
    stencil, sites = link_cells(log_normal_with_barriers(size)), scattered(size, 6)
    ours = pairwise(stencil, sites, solving=PRECISE)
    total, largest = maps_by_scipy(stencil, sites)
    worst = max(np.abs(ours.cumulative - total).max(), np.abs(ours.maximum - largest).max())
    if not worst <= 1e-6:
        raise SystemExit(f"maps differ by {worst:.1e} A")
    print(f"{size * size:,} cells, 6 sites: maps agree with a factorisation to {worst:.0e} A")


def measure(size: int, n_sites: int) -> None:
    """Measure one size in this process and print what came of it."""
    pairwise(
        link_cells(log_normal_with_barriers(130)), scattered(130, 4), solving=QUICK
    )  # compiles
    stencil, sites = link_cells(log_normal_with_barriers(size)), scattered(size, n_sites)
    times = [time.process_time()]

    def note(_done: int, _total: int) -> None:
        times.append(time.process_time())

    pairwise(stencil, sites, solving=QUICK, report=note)
    solved = times[n_sites - 1]  # the report of the last of the n - 1 systems
    print(json.dumps({"solves": solved - times[0], "maps": times[-1] - solved}))


def main() -> None:
    parser = options(__doc__, [1_000_000], 2)
    parser.add_argument("--sites", type=int, default=20)
    chosen = parser.parse_args()
    if chosen.measure:
        measure(int(chosen.measure), chosen.sites)
        return
    print(machine())
    compare_maps()
    pairs = chosen.sites * (chosen.sites - 1) // 2
    for cells in chosen.cells:
        size = str(round(cells**0.5))

        def run(one: str) -> Found:
            return in_process(__file__, "--measure", one, "--sites", str(chosen.sites))

        found = in_turns([size], chosen.repeat, run)[size]
        maps = found["maps"]
        print(
            f"{int(size) ** 2:,} cells: set-up and {chosen.sites - 1} solves {found['solves']:.2f} "
            f"s, {pairs} maps {maps:.2f} s"
        )
        tell_most("ns per cell and pair", maps / int(size) ** 2 / pairs * 1e9, bar=3, aim=1.2)


if __name__ == "__main__":
    main()
