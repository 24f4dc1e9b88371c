"""Accumulated cost: Kulan's bucket queue beside scikit-image, xarray-spatial and SciPy.

From one source to all cells, on one thread; each program works on the same grid in a process of
its own, in turns, and all answers are compared cell by cell before any time is printed. Times are
CPU-seconds, memory is what the process grew by. A program that is not installed is left out, and
said to be.

    python benchmarks/connectivity/accumulated_cost.py --cells 250000 1000000 --repeat 3
"""

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.surface import STEPS, CostSurface
from kulan.connectivity.least_cost.tiles import TiledSurface, accumulate_cost_by_tiles
from kulan.connectivity.synthetic import log_normal_with_barriers

Costs = np.ndarray
Program = Callable[[np.ndarray, tuple[int, int]], Costs]
ONE_THREAD = {"NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
KULAN, TILED = "kulan", "kulan by tiles"
# the module each peer needs, and by how much its answer may differ (xarray-spatial: float32)
PEERS = {"scikit-image": ("skimage", 1e-9), "xarray-spatial": ("xrspatial.cost_distance", 1e-4)}
SCIPY = "scipy with its graph"


def with_kulan(resistance: np.ndarray, source: tuple[int, int]) -> Costs:
    return accumulate_cost(CostSurface(resistance), np.array([source]))


def with_tiles(resistance: np.ndarray, source: tuple[int, int]) -> Costs:
    sources = np.zeros(resistance.shape, dtype=bool)
    sources[source] = True
    cost = np.empty(resistance.shape)
    accumulate_cost_by_tiles(TiledSurface(resistance), sources, cost)
    return cost


def with_scikit_image(resistance: np.ndarray, source: tuple[int, int]) -> Costs:
    from skimage.graph import MCP_Geometric  # noqa: PLC0415 - only in its own process

    cost: Costs = MCP_Geometric(resistance).find_costs([source])[0]
    return cost


def with_xarray_spatial(resistance: np.ndarray, source: tuple[int, int]) -> Costs:
    import xarray as xr  # noqa: PLC0415 - only in its own process
    from xrspatial import cost_distance  # noqa: PLC0415

    axes = {"y": np.arange(resistance.shape[0]), "x": np.arange(resistance.shape[1])}
    friction = xr.DataArray(resistance, coords=axes, dims=("y", "x"))
    start = xr.zeros_like(friction)
    start[source] = 1.0
    return np.asarray(cost_distance(start, friction))


def with_scipy(resistance: np.ndarray, source: tuple[int, int]) -> Costs:
    from scipy.sparse import coo_array  # noqa: PLC0415 - only in its own process
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

    rows, columns = resistance.shape
    number = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    ends, others, costs = [], [], []
    for down, right in STEPS:
        a = (
            slice(max(-down, 0), rows - max(down, 0)),
            slice(max(-right, 0), columns - max(right, 0)),
        )
        b = (
            slice(max(down, 0), rows - max(-down, 0)),
            slice(max(right, 0), columns - max(-right, 0)),
        )
        ends.append(number[a].ravel())
        others.append(number[b].ravel())
        costs.append((resistance[a] + resistance[b]).ravel() * (0.5 * np.hypot(down, right)))
    graph = coo_array(
        (np.concatenate(costs), (np.concatenate(ends), np.concatenate(others))),
        shape=(rows * columns, rows * columns),
    ).tocsr()
    cost: Costs = dijkstra(graph, indices=int(number[source])).reshape(rows, columns)
    return cost


PROGRAMS: dict[str, Program] = {
    KULAN: with_kulan,
    TILED: with_tiles,
    "scikit-image": with_scikit_image,
    "xarray-spatial": with_xarray_spatial,
    SCIPY: with_scipy,
}


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def measure(program: str, folder: str) -> None:
    """Measure one program in this process, keep its answer, and print what it took."""
    run = PROGRAMS[program]
    run(1 / log_normal_with_barriers(130), (3, 4))  # compiles, imports
    resistance = np.load(f"{folder}/grid.npy")
    source = resistance.shape[0] // 2, resistance.shape[1] // 3
    before, start = resident_bytes(), time.process_time()
    cost = run(resistance, source)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    np.save(f"{folder}/{program}.npy", cost)
    print(json.dumps({"seconds": seconds, "bytes per cell": (peak - before) / cost.size}))


def in_process(program: str, folder: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", program, "--folder", folder]
    answer = subprocess.run(
        command, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def compare_answers(folder: str, programs: list[str]) -> None:
    ours = np.load(f"{folder}/{KULAN}.npy")
    for program in programs[1:]:
        theirs = np.load(f"{folder}/{program}.npy")
        if program == TILED:
            difference, allowed = float(theirs.tobytes() != ours.tobytes()), 0.0
        else:
            difference = float(np.max(np.abs(theirs - ours) / np.maximum(ours, 1.0)))
            allowed = PEERS.get(program, ("", 1e-9))[1]
        if not difference <= allowed:
            raise SystemExit(f"{program}: its costs differ from ours by {difference:.1e}")


def compare(n_cells: int, repeat: int, programs: list[str]) -> dict[str, dict[str, float]]:
    size = round(n_cells**0.5)
    best: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        np.save(f"{folder}/grid.npy", 1 / log_normal_with_barriers(size))
        for _ in range(repeat):
            for program in programs:
                found = in_process(program, folder)
                old = best.setdefault(program, found)
                best[program] = {key: min(value, old[key]) for key, value in found.items()}
        compare_answers(folder, programs)
    print(f"\n{size * size:,} cells; all answers agree")
    print(f"{'':22}{'ns/cell':>10}{'B/cell':>8}{'times ours':>12}")
    for program, found in best.items():
        print(
            f"{program:22}{found['seconds'] / size**2 * 1e9:10.0f}{found['bytes per cell']:8.0f}"
            f"{found['seconds'] / best[KULAN]['seconds']:12.2f}"
        )
    return best


def installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cells", type=int, nargs="+", default=[250_000, 1_000_000])
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--measure", help=argparse.SUPPRESS)
    options.add_argument("--folder", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.measure:
        measure(chosen.measure, chosen.folder)
        return
    programs = [KULAN, TILED]
    for peer, (module, _) in PEERS.items():
        if installed(module):
            programs.append(peer)
        else:
            print(f"{peer} ({module}) is not installed and is left out")
    programs.append(SCIPY)
    results = {n: compare(n, chosen.repeat, programs) for n in chosen.cells}
    if len(results) > 1:
        small, large = min(results), max(results)
        for program in (KULAN, TILED):
            ratio = results[large][program]["seconds"] / results[small][program]["seconds"]
            power = np.log(ratio) / np.log(large / small)
            print(f"exponent of {program} in cells, {small:,} to {large:,}: {power:.2f}")


if __name__ == "__main__":
    main()
