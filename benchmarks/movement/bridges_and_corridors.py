"""How long bridges and corridors take: processor seconds on one core, answers checked first.

    KULAN_SHARED_DATA=shared/data python benchmarks/movement/bridges_and_corridors.py

Code is compiled before the clock starts.
"""

import math
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from kulan.movement.bridges.occurrence import brownian_bridge, dynamic_brownian_bridge
from kulan.movement.corridors.animals import BridgeSettings, Journey, Traveller, uses_of
from kulan.movement.corridors.populations import population_corridors
from kulan.movement.distributions import PlaneFrame, frame_around
from kulan.movement.tracks import Track

# R packages on the machine of shared/movement.md, processor seconds
IN_R = {"bridge": 223.6, "dynamic": 4.6}
HOUR_S = 3600.0


def seconds_of(work: Callable[[], object], repeat: int = 3) -> float:
    """Return the least processor seconds of some runs."""
    least = math.inf
    for _ in range(repeat):
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return least


def bridge() -> None:
    """Time bridges of 10,000 fixes on 200 x 200 cells."""
    walk = 60 * np.random.default_rng(1).normal(size=(2, 10_000)).cumsum(axis=1)
    track = Track("k", HOUR_S * np.arange(10_000.0), *walk)
    pad_m = 2000.0
    side = max(np.ptp(track.x_m), np.ptp(track.y_m)) + 2 * pad_m
    frame = PlaneFrame(
        track.x_m.min() - pad_m, track.y_m.max() + pad_m, side / 200, side / 200, 200, 200
    )
    assert abs(brownian_bridge(track, error_m=20, frame=frame).mass.sum() - 1) < 1e-3
    spent = seconds_of(lambda: brownian_bridge(track, error_m=20, frame=frame))
    print(f"bridge, 10,000 fixes, 200 x 200: {spent:.2f} s; adehabitatHR {IN_R['bridge']} s")


def dynamic() -> None:
    """Time the dynamic bridge of the fisher."""
    cases = Path(os.environ["KULAN_SHARED_DATA"]).parent / "conformance" / "telemetry"
    table = pd.read_csv(cases / "move_leroy_dbbmm_motionvar.csv", parse_dates=["timestamp"])
    seconds = table["timestamp"].dt.as_unit("us").astype("int64").to_numpy() / 1e6
    track = Track("leroy", seconds, table["x"].to_numpy(), table["y"].to_numpy())
    frame = frame_around(track.x_m, track.y_m, pad_m=4000, cell_m=90)
    for like in (None, "MigrationMapper"):
        used = dynamic_brownian_bridge(track, error_m=20, frame=frame, like=like)
        assert abs(used.area_m2(0.95) / 22.84e6 - 1) < 0.015
    spent = seconds_of(lambda: dynamic_brownian_bridge(track, error_m=20, frame=frame))
    print(f"dynamic bridge, 919 fixes: {spent:.3f} s; move {IN_R['dynamic']} s")


def corridor(animals: int = 100) -> None:
    """Time the corridor of a hundred animals with two journeys each, 250 m cells."""
    herd = []
    for k in range(animals):
        rng = np.random.default_rng(k)
        hours = np.arange(0, 365 * 24, 2.0)
        mean = np.interp(hours / 24, [100, 120, 280, 300], [0, 120e3, 120e3, 0])
        stray = rng.normal(0, 250, (2, len(hours)))
        x, y = stray[0] + mean, stray[1] + rng.normal(0, 8000) * np.sin(mean / 120e3 * np.pi)
        journeys = tuple(
            Journey(2023, name, day * 24 * HOUR_S, (day + 24) * 24 * HOUR_S)
            for name, day in (("out", 98), ("back", 278))
        )
        herd.append(Traveller(Track(f"k{k:03}", hours * HOUR_S, x, y), journeys))
    every = [np.concatenate([getattr(one.track, axis) for one in herd]) for axis in ("x_m", "y_m")]
    frame = frame_around(*every, pad_m=5000, cell_m=250)
    settings = BridgeSettings(error_m=20)
    start = time.process_time()
    found = population_corridors(list(uses_of(herd, frame, settings)), frame)
    spent = time.process_time() - start
    assert len(found.animals) == animals
    assert abs(found.use.mass.sum() - 1) < 1e-6
    assert found.held.estimate > 0.9
    print(f"corridor, {animals} animals, {frame.rows} x {frame.columns} cells: {spent:.1f} s")


if __name__ == "__main__":
    bridge()
    dynamic()
    corridor()
