r"""Accumulated cost: Kulan's beside scikit-image, xarray-spatial, SciPy and GRASS.

From one source to all cells, on one thread; each program works on the same grid in a process of
its own, in turns, and all answers are compared cell by cell before any time is printed. Times are
CPU-seconds, memory is what the process grew by. A program that is not installed is left out, and
said to be.

xarray-spatial may need another Python than Kulan runs on: name one that has it, with NumPy and
numba, in KULAN_PEER_PYTHON. GRASS is run where `grass` is on the path. Its r.cost reads and writes
rasters of its own; the time of a module that does nothing but read one raster and write another
(r.mapcalc) is told beside it, and nothing is taken off.

    KULAN_PEER_PYTHON=/opt/xrspatial/bin/python \
        python benchmarks/connectivity/accumulated_cost.py --cells 1000000 4000000 --repeat 3
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from _measuring import (
    ONE_THREAD,
    Found,
    exponent,
    in_process,
    in_turns,
    machine,
    options,
    peak_bytes,
    resident_bytes,
    seconds_of,
    tell,
    tell_most,
)

Costs = np.ndarray
Program = Callable[[np.ndarray, tuple[int, int]], Costs]
KULAN, TILED, SKIMAGE = "kulan", "kulan by tiles", "scikit-image"
XRSPATIAL, SCIPY, GRASS = "xarray-spatial", "scipy with its graph", "grass r.cost"
PEER_PYTHON = os.environ.get("KULAN_PEER_PYTHON", sys.executable)
# by how much an answer may differ from ours, relatively; xarray-spatial counts in float32, and
# GRASS rounds the length of diagonal steps
ALLOWED = {TILED: 0.0, SKIMAGE: 1e-9, XRSPATIAL: 1e-4, SCIPY: 1e-9, GRASS: 1e-4}
# bar and aim of the time of each over ours
BARS = {SKIMAGE: (6.0, 10.0), XRSPATIAL: (3.0, 5.0), GRASS: (8.0, 12.0)}


# a peer's interpreter has no Kulan: each program imports what it needs itself


def with_kulan(resistance: np.ndarray, source: tuple[int, int]) -> Costs:
    from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost  # noqa: PLC0415
    from kulan.connectivity.least_cost.surface import CostSurface  # noqa: PLC0415

    return accumulate_cost(CostSurface(resistance), np.array([source]))


def with_tiles(resistance: np.ndarray, source: tuple[int, int]) -> Costs:
    from kulan.connectivity.least_cost.tiles import (  # noqa: PLC0415
        TiledSurface,
        accumulate_cost_by_tiles,
    )

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

    from kulan.connectivity.least_cost.surface import STEPS  # noqa: PLC0415

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
    SKIMAGE: with_scikit_image,
    XRSPATIAL: with_xarray_spatial,
    SCIPY: with_scipy,
}


def measure(program: str, folder: str) -> None:
    """Measure one program in this process, keep its answer, and print what it took."""
    run = PROGRAMS[program]
    small = np.load(f"{folder}/small.npy")
    run(small, (3, 4))  # compiles, imports
    resistance = np.load(f"{folder}/grid.npy")
    source = resistance.shape[0] // 2, resistance.shape[1] // 3
    before = resident_bytes()
    costs = [run(resistance, source)]
    grown = peak_bytes() - before
    # some compile for grids of a certain size only: the first run does not count
    seconds = seconds_of(lambda: run(resistance, source), 2)
    np.save(f"{folder}/{program}.npy", costs[0])
    print(json.dumps({"seconds": seconds, "bytes per cell": grown / resistance.size}))


# --- GRASS ----------------------------------------------------------------------------------------


def with_grass(folder: str) -> Found:
    """Let GRASS import the grid, run r.cost and a module that only reads and writes, and export."""
    resistance = np.load(f"{folder}/grid.npy")
    rows, columns = resistance.shape
    resistance.tofile(f"{folder}/grid.bin")
    start = f"{columns // 3 + 0.5},{rows - rows // 2 - 0.5}"
    header = f"bytes=8 north={rows} south=0 east={columns} west=0 rows={rows} cols={columns}"
    script = Path(folder, "cost.py")
    script.write_text(
        f"""
import json, resource, subprocess
def took(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command.split(), check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
took("r.in.bin -d --o input={folder}/grid.bin output=grid {header}")
took("g.region raster=grid")
io = took("r.mapcalc --o expression=copy=grid+0")
cost = took("r.cost -n --o input=grid output=cost start_coordinates={start} memory=4000")
took("r.out.bin -f --o input=cost output={folder}/cost.bin bytes=8")
print(json.dumps({{"seconds": cost, "reading and writing": io}}))
"""
    )
    answer = subprocess.run(
        ["grass", "--tmp-location", "XY", "--exec", sys.executable, str(script)],
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise SystemExit(f"grass failed:\n{answer.stderr[-2000:]}")
    told = [line for line in answer.stdout.splitlines() if line.startswith("{")][-1]
    np.save(f"{folder}/{GRASS}.npy", np.fromfile(f"{folder}/cost.bin").reshape(rows, columns))
    return {**json.loads(told), "bytes per cell": float("nan")}


# --- all of them ----------------------------------------------------------------------------------


def compare_answers(folder: str, programs: list[str]) -> None:
    ours = np.load(f"{folder}/{KULAN}.npy")
    for program in programs[1:]:
        theirs = np.load(f"{folder}/{program}.npy")
        if program == TILED:
            difference = float(theirs.tobytes() != ours.tobytes())
        else:
            difference = float(np.max(np.abs(theirs - ours) / np.maximum(ours, 1.0)))
        if not difference <= ALLOWED[program]:
            raise SystemExit(f"{program}: its costs differ from ours by {difference:.1e}")


def all_programs(n_cells: int, repeat: int, programs: list[str]) -> dict[str, Found]:
    from kulan.connectivity.synthetic import log_normal_with_barriers  # noqa: PLC0415

    size = round(n_cells**0.5)

    def run(program: str) -> Found:
        if program == GRASS:
            return with_grass(folder)
        python = PEER_PYTHON if program == XRSPATIAL else sys.executable
        return in_process(__file__, "--measure", program, "--folder", folder, python=python)

    with tempfile.TemporaryDirectory() as folder:
        np.save(f"{folder}/grid.npy", 1 / log_normal_with_barriers(size))
        np.save(f"{folder}/small.npy", 1 / log_normal_with_barriers(130))
        best = in_turns(programs, repeat, run)
        compare_answers(folder, programs)
    print(f"\n{size * size:,} cells; all answers agree")
    print(f"{'':22}{'ns/cell':>10}{'B/cell':>8}{'times ours':>12}")
    for program, found in best.items():
        print(
            f"{program:22}{found['seconds'] / size**2 * 1e9:10.0f}{found['bytes per cell']:8.0f}"
            f"{found['seconds'] / best[KULAN]['seconds']:12.2f}"
        )
    if GRASS in best:
        of_rasters = best[GRASS]["reading and writing"] / size**2 * 1e9
        print(f"  (r.mapcalc, which reads a raster and writes one: {of_rasters:.0f} ns/cell)")
    for program, (bar, aim) in BARS.items():
        if program in best:
            ratio = best[program]["seconds"] / best[KULAN]["seconds"]
            tell(f"{program} over ours", ratio, bar=bar, aim=aim)
    tiled = best[TILED]["seconds"] / best[KULAN]["seconds"]
    tell_most("ours by tiles over ours in one piece", tiled, bar=1.2, aim=1.0)
    return best


def has_module(python: str, module: str) -> bool:
    if python == sys.executable:
        return importlib.util.find_spec(module) is not None
    return subprocess.run([python, "-c", f"import {module}"], check=False).returncode == 0


def installed() -> list[str]:
    """Return the programs that are here, and say which are not."""
    programs = [KULAN, TILED]
    if has_module(sys.executable, "skimage"):
        programs.append(SKIMAGE)
    else:
        print("scikit-image is not installed and is left out")
    if has_module(PEER_PYTHON, "xrspatial"):
        programs.append(XRSPATIAL)
    else:
        print(
            "xarray-spatial is not installed and is left out; KULAN_PEER_PYTHON may name a Python"
        )
    programs.append(SCIPY)
    if shutil.which("grass"):
        programs.append(GRASS)
    else:
        print("grass is not on the path and is left out")
    return programs


def main() -> None:
    chosen = options(__doc__, [250_000, 1_000_000], 3).parse_args()
    if chosen.measure:
        measure(chosen.measure, chosen.folder)
        return
    print(machine())
    programs = installed()
    results = {n: all_programs(n, chosen.repeat, programs) for n in chosen.cells}
    if len(results) > 1:
        small, large = min(results), max(results)
        for program in (KULAN, TILED):
            ends = [(float(n), results[n][program]["seconds"]) for n in (small, large)]
            power = exponent(ends[0], ends[1])
            print(f"exponent of {program} in cells, {small:,} to {large:,}: {power:.2f}")


if __name__ == "__main__":
    main()
