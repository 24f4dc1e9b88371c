r"""A study of 500 animals: alone, on a pool of processes, and on a Dask cluster of two workers.

Migrants with two ranges each are made, and asked for models, ranges, corridors and migrations, as
`kulan movement fit|range|corridor|migration` ask. Every file of every folder must have the same
bytes wherever the animals were worked on, before any time is told.

    python benchmarks/movement/study_of_500.py --animals 500
"""

import argparse
import hashlib
import os
import tempfile
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
from _gauges import machine

from kulan.assessment.movement.corridors import CorridorAsked, find_corridors
from kulan.assessment.movement.folders import write_answer
from kulan.assessment.movement.migrations import MigrationAsked, find_migrations
from kulan.assessment.movement.models import FitAsked, fit_models
from kulan.assessment.movement.range_questions import RangeAsked
from kulan.assessment.movement.ranges import find_ranges
from kulan.assessment.movement.reading import FixesAsked, TracksRead, read_tracks, telemetry_asked
from kulan.movement.corridors.animals import BridgeSettings

DAYS, EVERY_H = 60, 6.0
LEAVES, ARRIVES = 25, 33
KINDS = ("IID", "OU")
QUESTIONS = ("fit", "range", "corridor", "migration")
ALONE, POOL, CLUSTER = "alone", "pool of two processes", "Dask cluster of two workers"


def write_study(folder: Path, animals: int) -> None:
    """Write fixes of animals that all go 40 km east, and the dates of their journeys."""
    hours = np.arange(0, DAYS * 24, EVERY_H)
    keep = np.exp(-EVERY_H / 24)
    start = pd.Timestamp("2023-03-01", tz="UTC")
    tables = []
    for k in range(animals):
        rng = np.random.default_rng(k)
        noise = rng.normal(0, 800 * np.sqrt(1 - keep**2), (len(hours), 2))
        stray = np.zeros((len(hours), 2))
        for i in range(1, len(hours)):
            stray[i] = keep * stray[i - 1] + noise[i]
        east = np.interp(hours / 24, [LEAVES, ARRIVES], [0, 40e3])
        tables.append(
            pd.DataFrame(
                {
                    "animal_id": f"k{k:03d}",
                    "time": start + pd.to_timedelta(hours, "h"),
                    "x": 500e3 + east + stray[:, 0],
                    "y": 5e6 + 150.0 * k + stray[:, 1],
                }
            )
        )
    pd.concat(tables).to_csv(folder / "fixes.csv", index=False)
    day = pd.Timedelta(days=1)
    dates = pd.DataFrame({"animal_id": [f"k{k:03d}" for k in range(animals)]})
    dates["kind"], dates["season"] = "migration", "spring"
    dates["start"] = (start + (LEAVES - 1) * day).isoformat()
    dates["end"] = (start + (ARRIVES + 1) * day).isoformat()
    dates.to_csv(folder / "dates.csv", index=False)


def work(
    read: TracksRead, asked: list[str], dates: Path, folder: Path, executor: Executor | None
) -> None:
    """Answer the questions into folders."""
    models = FitAsked(kinds=KINDS)
    journeys = CorridorAsked(dates, bridges=BridgeSettings(error_m=20.0), resamples=100)
    find = {
        "fit": lambda: fit_models(read, models, executor=executor),
        "range": lambda: find_ranges(read, RangeAsked(fit=models, like="ctmm"), executor=executor),
        "corridor": lambda: find_corridors(read, journeys, executor=executor),
        "migration": lambda: find_migrations(read, MigrationAsked(most=2), executor=executor),
    }
    for name in asked:
        write_answer(folder / name, find[name]()[0])


def hashed(folder: Path) -> dict[str, str]:
    """Return every file of a folder by its hash."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


@contextmanager
def workers(name: str) -> Iterator[Executor | None]:
    """Yield who works."""
    if name == ALONE:
        yield None
    elif name == POOL:
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            yield pool
    else:
        from distributed import Client, LocalCluster  # noqa: PLC0415

        warnings.simplefilter("ignore")
        with (
            LocalCluster(
                n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client.get_executor()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--animals", type=int, default=500)
    parser.add_argument("--questions", nargs="+", choices=QUESTIONS, default=list(QUESTIONS))
    asked = parser.parse_args()
    print(f"{asked.animals} animals of {int(DAYS * 24 / EVERY_H)} fixes; {machine()}")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_study(folder, asked.animals)
        said = telemetry_asked(zone="UTC", crs="EPSG:32648")
        read = read_tracks([folder / "fixes.csv"], FixesAsked(said))
        found: dict[str, dict[str, str]] = {}
        for name in (ALONE, POOL, CLUSTER):
            begun, spent = time.perf_counter(), time.process_time()
            with workers(name) as executor:
                work(read, asked.questions, folder / "dates.csv", folder / name, executor)
            found[name] = hashed(folder / name)
            other = [file for file, one in found[ALONE].items() if found[name].get(file) != one]
            if other or len(found[name]) != len(found[ALONE]):
                raise SystemExit(f"{name}: other bytes in {', '.join(other)}")
            print(
                f"  {name}: {time.perf_counter() - begun:.0f} s by the clock, "
                f"{time.process_time() - spent:.0f} CPU-s in this process, "
                f"load {os.getloadavg()[0]:.1f}"
            )
        print(f"  {len(found[ALONE])} files have equal bytes in all three")


if __name__ == "__main__":
    main()
