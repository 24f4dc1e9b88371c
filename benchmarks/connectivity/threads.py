"""Two cores instead of one: accumulated cost by tiles, moving windows, and pairs of sites.

The same work on one thread and on two, in turns; both answers are compared to the last bit. Here
seconds are those of the clock, so the machine must have two cores at rest: the processor seconds of
the run on two threads over its seconds of the clock say how many cores it really had.

    python benchmarks/connectivity/threads.py --repeat 3
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from _measuring import machine, options, tell

from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.sites import sites_from_list
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.least_cost.tiles import TiledSurface, accumulate_cost_by_tiles
from kulan.connectivity.synthetic import log_normal_with_barriers
from kulan.connectivity.windows.exact import omnidirectional_windows
from kulan.connectivity.windows.sources import WindowRule

Work = Callable[[int], np.ndarray]
SOLVING = Solving(solvers=("multigrid",))


def cost_by_tiles(size: int = 2000) -> Work:
    resistance = 1 / log_normal_with_barriers(size)
    rows, columns = np.random.default_rng(0).integers(0, size, (2, 40))
    sources = np.zeros(resistance.shape, bool)
    sources[rows, columns] = True

    def work(threads: int) -> np.ndarray:
        cost = np.empty(resistance.shape)
        surface = TiledSurface(resistance)
        accumulate_cost_by_tiles(surface, sources, cost, tile=250, threads=threads)
        return cost

    return work


def windows(size: int = 480, radius: int = 100) -> Work:
    land = link_cells(log_normal_with_barriers(size))
    strengths, rule = np.ones((size, size)), WindowRule(radius, 21)

    def work(threads: int) -> np.ndarray:
        with ThreadPoolExecutor(threads) as pool:
            found = omnidirectional_windows(
                land, strengths, rule, flow_potential=False, solving=SOLVING, executor=pool
            )
        return found.current

    return work


def pairs(size: int = 700, n_sites: int = 13) -> Work:
    stencil = link_cells(log_normal_with_barriers(size))
    cells = np.random.default_rng(1).choice(size * size, n_sites, replace=False)
    sites = sites_from_list(np.arange(1, n_sites + 1), cells)

    def work(threads: int) -> np.ndarray:
        with ThreadPoolExecutor(threads) as pool:
            return pairwise(stencil, sites, solving=SOLVING, maps=False, executor=pool).resistance

    return work


def compare_threads(name: str, work: Work, repeat: int) -> None:
    work(2)  # compiles
    least = {1: np.inf, 2: np.inf}
    cores = 0.0
    answers: dict[int, np.ndarray] = {}
    for _ in range(repeat):
        for threads in (1, 2):
            start, used = time.perf_counter(), time.process_time()
            answers[threads] = work(threads)
            seconds = time.perf_counter() - start
            if threads == 2:
                cores = max(cores, (time.process_time() - used) / seconds)
            least[threads] = min(least[threads], seconds)
    if answers[1].tobytes() != answers[2].tobytes():
        raise SystemExit(f"{name}: two threads give another answer than one")
    print(f"{name}: {least[1]:.2f} s on one thread, {least[2]:.2f} s on two with {cores:.2f} cores")
    tell("one over two", least[1] / least[2], bar=1.7, aim=1.9)


def main() -> None:
    chosen = options(__doc__, [], 3).parse_args()
    print(machine())
    compare_threads("accumulated cost by tiles", cost_by_tiles(), chosen.repeat)
    compare_threads("moving windows, radius 100", windows(), chosen.repeat)
    compare_threads("pairs of 13 sites", pairs(), chosen.repeat)


if __name__ == "__main__":
    main()
