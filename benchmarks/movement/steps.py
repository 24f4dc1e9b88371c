r"""Steps: lengths, durations, speeds, headings and turns of a million fixes, beside movingpandas.

One animal of hourly fixes in longitude and latitude; every program measures along the ellipsoid,
on one thread, in a process of its own, in turns. Lengths are compared before any time is told. The
time is that from a table of time, longitude and latitude to the steps.

A peer may need another Python than Kulan runs on: name them in KULAN_MOVINGPANDAS_PYTHON and
KULAN_ECOSCOPE_PYTHON. A program that is not there is left out, and said to be.

    KULAN_MOVINGPANDAS_PYTHON=/opt/mp/bin/python python benchmarks/movement/steps.py --fixes 1000000
"""

import argparse
import json
import os
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
from _gauges import Found, in_process, in_turns, machine, peak_bytes, tell

KULAN, PLANAR, MOVINGPANDAS, ECOSCOPE = "kulan", "kulan in the plane", "movingpandas", "ecoscope"
PYTHONS = {
    MOVINGPANDAS: os.environ.get("KULAN_MOVINGPANDAS_PYTHON", sys.executable),
    ECOSCOPE: os.environ.get("KULAN_ECOSCOPE_PYTHON", sys.executable),
}
MODULES = {MOVINGPANDAS: "movingpandas", ECOSCOPE: "ecoscope"}
BARS = {MOVINGPANDAS: 50.0, ECOSCOPE: 10.0}
ALLOWED = 1e-9


def animal(count: int) -> pd.DataFrame:
    """Return a walk that stays near its middle, an hour between fixes."""
    rng = np.random.default_rng(1)
    walk = np.zeros((count, 2))
    noise = rng.normal(0, 0.004, (count, 2))
    for k in range(1, count):
        walk[k] = walk[k - 1] * 0.999 + noise[k]
    times = pd.date_range("1900-01-01", periods=count, freq="h", tz="UTC")
    return pd.DataFrame({"time": times, "longitude": 107 + walk[:, 0], "latitude": 45 + walk[:, 1]})


def with_kulan(table: pd.DataFrame) -> tuple[float, float]:
    from kulan.movement.fixes import make_fixes  # noqa: PLC0415
    from kulan.movement.paths import steps_of  # noqa: PLC0415

    def work() -> float:
        named = {"longitude": "x", "latitude": "y"}
        fixes = make_fixes(table.rename(columns=named).assign(animal_id="k"), crs="EPSG:4326")
        made = steps_of(fixes, "k")
        assert np.isfinite(made.speed_m_per_s).all()
        return float(made.length_m.sum())

    return timed(work)


def with_kulan_in_the_plane(table: pd.DataFrame) -> tuple[float, float]:
    from kulan.movement.fixes import make_fixes  # noqa: PLC0415
    from kulan.movement.paths import steps  # noqa: PLC0415
    from kulan.movement.tracks import track_of  # noqa: PLC0415

    named = {"longitude": "x", "latitude": "y"}
    fixes = make_fixes(table.rename(columns=named).assign(animal_id="k"), crs="EPSG:4326")
    track = track_of(fixes, "k")
    steps(track, "plane")

    def work() -> float:
        return float(steps(track, "plane").speed_m_per_s.sum())

    return timed(work)


def with_movingpandas(table: pd.DataFrame) -> tuple[float, float]:
    import movingpandas as mpd  # noqa: PLC0415

    def work() -> float:
        plain = table.assign(time=table["time"].dt.tz_localize(None), animal="k")
        path = mpd.Trajectory(plain, "animal", t="time", x="longitude", y="latitude", crs=4326)
        path.add_distance()
        path.add_speed()
        path.add_direction()
        path.add_angular_difference()
        return float(path.df["distance"].sum())

    return timed(work)


def with_ecoscope(table: pd.DataFrame) -> tuple[float, float]:
    import geopandas as gpd  # noqa: PLC0415
    from ecoscope.base import Relocations, Trajectory  # noqa: PLC0415

    def work() -> float:
        places = gpd.points_from_xy(table["longitude"], table["latitude"])
        frame = gpd.GeoDataFrame({"fixtime": table["time"]}, geometry=places, crs=4326)
        frame["animal"] = "k"
        fixes = Relocations.from_gdf(frame, groupby_col="animal", time_col="fixtime")
        path = Trajectory.from_relocations(fixes)
        return float(path["dist_meters"].sum())

    return timed(work)


def timed(work: object) -> tuple[float, float]:
    import time  # noqa: PLC0415

    start = time.process_time()
    answer = work()  # type: ignore[operator]
    return float(answer), time.process_time() - start


PROGRAMS = {
    KULAN: with_kulan,
    PLANAR: with_kulan_in_the_plane,
    MOVINGPANDAS: with_movingpandas,
    ECOSCOPE: with_ecoscope,
}


def measure(program: str, count: int) -> None:
    """Print what one program takes, in this process; the first run compiles and is not told."""
    warnings.simplefilter("ignore")
    if program in (KULAN, PLANAR):
        PROGRAMS[program](animal(1000))
    table = animal(count)
    total, seconds = PROGRAMS[program](table)
    print(json.dumps({"seconds": seconds, "total": total, "peak_gb": peak_bytes() / 1e9}))


def there(program: str) -> bool:
    """Whether a program can be run here."""
    if program in (KULAN, PLANAR):
        return True
    test = [PYTHONS[program], "-c", f"import {MODULES[program]}"]
    try:
        return subprocess.run(test, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fixes", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure(asked.measure, asked.fixes)
        return
    programs = [name for name in PROGRAMS if there(name)]
    print(f"{asked.fixes} fixes; {machine()}")
    for name in set(PROGRAMS) - set(programs):
        print(f"  {name}: not installed, left out")

    def run(name: str) -> Found:
        words = ["--measure", name, "--fixes", str(asked.fixes)]
        return in_process(__file__, *words, python=PYTHONS.get(name, sys.executable))

    found = in_turns(programs, asked.repeat, run)
    for name in programs:
        if name == PLANAR:
            continue
        difference = abs(found[name]["total"] / found[KULAN]["total"] - 1)
        if difference > ALLOWED:
            raise SystemExit(f"{name}: lengths differ by {difference:.1e}")
    for name, one in found.items():
        print(f"  {name}: {one['seconds']:.3f} CPU-s, {one['peak_gb']:.2f} GB")
    for name, bar in BARS.items():
        if name in found:
            times = found[name]["seconds"] / found[KULAN]["seconds"]
            tell(f"times as fast as {name}", times, bar=bar)


if __name__ == "__main__":
    main()
