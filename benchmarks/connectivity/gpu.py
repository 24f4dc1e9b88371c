"""One pair of sites on a graphics card, beside the same on one thread of the processor.

The card's copying speed is measured first; answers are compared before any time is printed. Times
of the processor are CPU-seconds, those of the card seconds on the clock, with everything that is
sent there and back. Where there is no card, that is said, and nothing is measured.

    python benchmarks/connectivity/gpu.py --cells 1000000 4000000 16000000
    python benchmarks/connectivity/gpu.py --largest
"""

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.gpu import devices
from kulan.connectivity.gpu.hierarchy import TWICE_AFTER_FIRST, tiles_of
from kulan.connectivity.gpu.solver import DeviceCircuit, bytes_needed, weights_from_conductance
from kulan.connectivity.synthetic import log_normal_with_barriers
from kulan.errors import MissingExtraError

# bytes per cell and iteration that an algorithm with nothing to spare would move
LEAN_BYTES = 200
LARGEST = 20_000


def bytes_moved() -> float:
    """Bytes per cell that one iteration reads and writes, each array once in each kernel.

    On the first grid: relaxing from zero 32, restricting 43, correcting 51; a new direction 41, its
    flow 49, what it takes off 24. A coarser grid of 1/4 of the cells costs 128 at each visit.
    """
    visits, coarse = 1, 0.0
    for depth in range(1, 12):
        visits *= 2 if depth <= TWICE_AFTER_FIRST else 1
        coarse += 128 * visits / 4**depth
    return 32 + 43 + 51 + 41 + 49 + 24 + coarse


def on_the_clock(device: devices.Device, work: Callable[[], Any]) -> tuple[float, Any]:
    """Time work on the card from an idle card to an idle card."""
    device.xp.cuda.runtime.deviceSynchronize()
    start = time.perf_counter()
    found = work()
    device.xp.cuda.runtime.deviceSynchronize()
    return time.perf_counter() - start, found


def copy_bandwidth(device: devices.Device) -> float:
    """Bytes per second, read and written, of copying a gibibyte within the card; best of ten."""
    here, there = device.xp.zeros(2**27), device.xp.zeros(2**27)

    def copy() -> None:
        there[...] = here

    copy()
    return 2 * here.nbytes / min(on_the_clock(device, copy)[0] for _ in range(10))


def iteration_seconds(circuit: DeviceCircuit, solve: Callable[..., Any], n: int = 20) -> float:
    """Seconds of one iteration: the difference between long solves and short ones."""
    took = {
        count: min(on_the_clock(circuit.device, lambda c=count: solve(c))[0] for _ in range(3))
        for count in (2, 2 + n)
    }
    return (took[2 + n] - took[2]) / n


def whole_raster(shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells and amperes of one pair between far corners, and a mask of all cells."""
    rows, columns = shape
    active = np.zeros((rows + 2, columns + 2), np.uint8)
    active[1:-1, 1:-1] = 1
    ends = np.array([columns + 3, rows * (columns + 2) + columns])
    return ends, np.array([-1.0, 1.0]), active


def between(potential: np.ndarray, ends: np.ndarray) -> float:
    flat = potential.reshape(-1)
    return float(flat[ends[1]] - flat[ends[0]])


def told_bandwidth(circuit: DeviceCircuit, copying: float) -> None:
    """Print what share of the copying speed the iterations reach."""
    ends, amps, active = whole_raster(circuit.shape)

    def solve(count: int) -> None:
        circuit.solve((ends, amps), active, tolerance=0.0, most_iterations=count)

    seconds, n = iteration_seconds(circuit, solve), circuit.shape[0] * circuit.shape[1]
    for what, each in (("lean", LEAN_BYTES), ("moved", bytes_moved())):
        speed = each * n / seconds
        print(
            f"    {1e3 * seconds:.2f} ms per iteration: {speed / 1e9:.0f} GB/s of {what} bytes "
            f"({each:.0f} per cell), {speed / copying:.0%} of copying"
        )


def compare(device: devices.Device, n_cells: int, copying: float) -> None:
    size = round(n_cells**0.5)
    conductance = log_normal_with_barriers(size)
    stencil, injection = link_cells(conductance), Injection.between(0, size * size - 1)
    ends = whole_raster((size, size))[0]
    solved: dict[str, Any] = {}
    times: dict[str, tuple[float, float]] = {}
    pool = device.xp.get_default_memory_pool()
    for where, solver in (("processor", "multigrid"), ("card", "gpu-multigrid")):
        circuit = RasterCircuit(stencil, solving=Solving(solvers=(solver,)))
        _ = circuit.parts  # the same for both, and not what is measured
        clock = time.process_time if where == "processor" else time.perf_counter
        start = clock()
        circuit.prepare()
        ready = clock()
        solved[where] = circuit.solve(injection)
        times[where] = ready - start, clock() - ready
    values = {where: between(found.potential, ends) for where, found in solved.items()}
    if abs(values["card"] / values["processor"] - 1) > 1e-5:
        raise SystemExit(f"answers differ: {values}")
    print(f"\n{size * size:,} cells; resistances agree to 1e-5: {values['card']:.6g} ohm")
    for where, (preparing, solving) in times.items():
        iterations = solved[where].attempts[-1].iterations
        print(
            f"    {where:10} set-up {preparing:8.3f} s, solve {solving:8.3f} s, {iterations} steps"
        )
    ratios = [a / b for a, b in zip(times["processor"], times["card"], strict=True)]
    print(f"    the card is {ratios[0]:.1f} times as fast at set-up, {ratios[1]:.1f} at the solve")
    print(
        f"    {pool.used_bytes() / size**2:.0f} bytes of the card per cell, with "
        f"{bytes_needed((size, size)) / size**2:.0f} estimated"
    )
    told_bandwidth(vars(circuit)["_on_card"], copying)


def residual_of(circuit: DeviceCircuit, potential: np.ndarray) -> float:
    """Work out anew, from the conductances, what is left unbalanced under a potential."""
    xp, (ends, amps, active) = circuit.device.xp, whole_raster(circuit.shape)
    x, flow, none = xp.asarray(potential), xp.zeros(potential.shape), xp.zeros((1, 1))
    blocks = tiles_of(*circuit.shape)
    circuit.device.launch(
        "flow_of",
        blocks,
        *(*circuit.shape, circuit.weights, 0, none, x, xp.asarray(active), flow, xp.zeros(blocks)),
    )
    flow.reshape(-1)[xp.asarray(ends)] -= xp.asarray(amps)
    return float(xp.sqrt((flow * flow).sum()) / np.sqrt(2))


def prepared(device: devices.Device, conductance: np.ndarray) -> tuple[float, DeviceCircuit]:
    """Send a landscape to the card and build its grids; time both."""
    return on_the_clock(
        device, lambda: DeviceCircuit(device, weights_from_conductance(device, conductance))
    )


def largest(device: devices.Device, size: int, copying: float) -> None:
    """Solve the region at 250 m; the processor makes only the landscape."""
    free, need = device.free_bytes(), bytes_needed((size, size))
    print(f"\n{size * size:,} cells need {need / 1e9:.1f} GB of the card's {free / 1e9:.1f} GB")
    preparing, circuit = prepared(device, log_normal_with_barriers(size))
    ends, amps, active = whole_raster((size, size))
    solving, (potential, steps, residual) = on_the_clock(
        device, lambda: circuit.solve((ends, amps), active)
    )
    again = residual_of(circuit, potential)
    if not (residual <= 1e-6 and again <= 1e-5):
        raise SystemExit(f"not solved: residual {residual:.1e}, worked out anew {again:.1e}")
    print(
        f"    set-up {preparing:.2f} s, solve {solving:.2f} s, {steps} steps, "
        f"residual {again:.1e}, {between(potential, ends):.6g} ohm"
    )
    told_bandwidth(circuit, copying)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cells", type=int, nargs="*", default=[1_000_000, 4_000_000, 16_000_000])
    options.add_argument("--largest", action="store_true", help=f"{LARGEST} x {LARGEST} cells, too")
    chosen = options.parse_args()
    try:
        device = devices.open_card("float")
    except MissingExtraError as error:
        print(f"Nothing was measured: {error}")
        return
    card = device.xp.cuda.runtime.getDeviceProperties(0)["name"].decode()
    copying = copy_bandwidth(device)
    print(f"{card}: copies {copying / 1e9:.0f} GB/s, read and written")
    for solver in ("multigrid", "gpu-multigrid"):  # compiles, imports
        small = RasterCircuit(
            link_cells(log_normal_with_barriers(130)), solving=Solving(solvers=(solver,))
        )
        small.solve(Injection.between(0, 130 * 130 - 1))
    for n_cells in chosen.cells:
        compare(device, n_cells, copying)
        device.xp.get_default_memory_pool().free_all_blocks()
    if chosen.largest:
        largest(device, LARGEST, copying)


if __name__ == "__main__":
    main()
