"""How the benchmarks of connectivity measure: one process a program, in turns, bars beside figures.

Every program does the same work in a process of its own, on one thread, and prints what it took
as JSON. Seconds are those of the processor, so that other work on the machine counts little; of
several runs the least is told. Answers are compared before any time is.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

Found = dict[str, float]
ONE_THREAD = {"NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def in_process(file: str, *arguments: str, python: str = sys.executable) -> Found:
    """Run one measurement in a process of its own, and return what its last line says."""
    answer = subprocess.run(
        [python, file, *arguments],
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise SystemExit(f"{file} {' '.join(arguments)} failed:\n{answer.stderr[-2000:]}")
    found: Found = json.loads(answer.stdout.splitlines()[-1])
    return found


def in_turns(programs: list[str], repeat: int, run: Callable[[str], Found]) -> dict[str, Found]:
    """Run every program, and again, in turns; keep the least of every figure."""
    best: dict[str, Found] = {}
    for _ in range(repeat):
        for program in programs:
            found = run(program)
            old = best.setdefault(program, found)
            best[program] = {key: min(value, old[key]) for key, value in found.items()}
    return best


def options(description: str | None, cells: list[int], repeat: int) -> argparse.ArgumentParser:
    """Return a parser with the options that all benchmarks have."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cells", type=int, nargs="+", default=cells)
    parser.add_argument("--repeat", type=int, default=repeat)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser


def resident_bytes() -> int:
    """Return the memory that this process has at present."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def peak_bytes() -> int:
    """Return the most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def seconds_of(work: Callable[[], object], repeat: int = 1) -> float:
    """Return the least processor seconds of some runs."""
    least = np.inf
    for _ in range(repeat):
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return float(least)


def tell(what: str, value: float, *, bar: float, aim: float | None = None, unit: str = "") -> None:
    """Print a figure that should be at least `bar`, or at most, where `aim` is below it."""
    _tell(what, value, bar, aim, unit, at_least=True)


def tell_most(
    what: str, value: float, *, bar: float, aim: float | None = None, unit: str = ""
) -> None:
    """Print a figure that should be at most `bar`."""
    _tell(what, value, bar, aim, unit, at_least=False)


def _tell(
    what: str, value: float, bar: float, aim: float | None, unit: str, *, at_least: bool
) -> None:
    sign = ">=" if at_least else "<="

    def verdict(limit: float) -> str:
        return "met" if (value >= limit if at_least else value <= limit) else "MISSED"

    aimed = "" if aim is None else f"; aim {sign} {aim:g}: {verdict(aim)}"
    print(f"  {what}: {value:.3g}{unit}   [bar {sign} {bar:g}: {verdict(bar)}{aimed}]")


def exponent(small: tuple[float, float], large: tuple[float, float]) -> float:
    """Return the power of cells with which a figure grows, from two pairs of cells and figure."""
    return float(np.log(large[1] / small[1]) / np.log(large[0] / small[0]))


def compare(answers: Mapping[str, float], allowed: float) -> float:
    """Return by how much answers differ from the last one, and end the run if by too much."""
    reference = list(answers.values())[-1]
    worst = max(abs(value / reference - 1) for value in answers.values())
    if not worst <= allowed:
        raise SystemExit(f"answers differ by {worst:.1e}: {dict(answers)}")
    return worst


def machine() -> str:
    """Say what this machine is, and how busy."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.is_file():
        names = [line for line in information.read_text().splitlines() if "model name" in line]
        model = names[0].split(":")[1].strip() if names else model
    return (
        f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
        f"Python {platform.python_version()}, NumPy {np.__version__}"
    )
