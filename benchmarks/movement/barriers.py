"""Barrier Behavior Analysis of two pronghorn at 1,673 fences: the answer first, then the time.

Reads the shared telemetry cases beside KULAN_SHARED_DATA. `BaBA` in R took 23.6 to 42.8 CPU-s for
the same. Run:

    python benchmarks/movement/barriers.py
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from kulan.movement.barriers.behaviour import BehaviourSettings, encounters
from kulan.movement.barriers.null_crossings import expected_crossings, modelled_movement
from kulan.movement.barriers.outcomes import outcomes, sweep
from kulan.movement.barriers.permeability import permeability_by, permeability_by_segment
from kulan.movement.barriers.segments import segments_of
from kulan.movement.fixes import make_fixes
from kulan.movement.models.selection import select
from kulan.movement.planes import Plane
from kulan.movement.tracks import Track, tracks_of

DATA = Path(os.environ["KULAN_SHARED_DATA"]).parent / "conformance" / "telemetry"
ASKED = BehaviourSettings(distance_m=110, max_crossings=4)
EXPECTED = {
    "quick_cross": 233,
    "bounce": 203,
    "average_movement": 37,
    "back_and_forth": 15,
    "trace": 10,
}


def _tracks() -> list[Track]:
    table = pd.read_csv(DATA / "baba_pronghorn.csv")
    fixes = pd.DataFrame(
        {
            "animal_id": table["Animal.ID"],
            "time": pd.to_datetime(table["date"]),
            "x": table["easting"],
            "y": table["northing"],
        }
    )
    return list(tracks_of(make_fixes(fixes, crs="EPSG:32612")))


def _least(work: Callable[[], object], repeat: int = 5) -> float:
    """Return the least CPU-s of several runs; the first, which compiles, is among them."""
    spent = []
    for _ in range(repeat):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def main() -> None:
    """Check the classes, and print what each step takes."""
    tracks = _tracks()
    table = gpd.read_file(DATA / "baba_fences.gpkg")
    names = table["FID_Fence0"].astype(int).astype(str)

    def classified() -> pd.DataFrame:
        fences = segments_of(names, list(table.geometry), plane=Plane("EPSG:32612"))
        found = [encounters(track, fences, ASKED, like="BaBA") for track in tracks]
        return pd.concat(found, ignore_index=True)

    counts = classified()["behaviour"].value_counts().to_dict()
    if counts != EXPECTED:
        raise SystemExit(f"classes are {counts}, and should be {EXPECTED}.")
    fences = segments_of(names, list(table.geometry), plane=Plane("EPSG:32612"))
    met = pd.concat(
        [outcomes(track, fences, encounters(track, fences, ASKED), ASKED) for track in tracks],
        ignore_index=True,
    )
    free = {track.animal_id: modelled_movement(select(track).best) for track in tracks}

    def expected() -> None:
        for track in tracks:
            own = met[met["animal_id"] == track.animal_id].reset_index(drop=True)
            rng = np.random.default_rng(1)
            expected_crossings(track, fences, own, ASKED, free[track.animal_id], rng=rng)

    steps: dict[str, Callable[[], object]] = {
        "8,757 fixes at 1,673 fences, classified like BaBA": classified,
        "six distances, with outcomes": lambda: sweep(
            tracks, fences, ASKED, [25, 50, 110, 200, 400, 800]
        ),
        "crossing probability of all": lambda: permeability_by(met),
        "crossing probability of 72 segments": lambda: permeability_by_segment(met, fences),
        "100 paths without the line for each of 498 encounters": expected,
    }
    print("| Step | CPU-s, one core, least of five |")
    print("|---|---|")
    for name, work in steps.items():
        print(f"| {name} | {_least(work):.3f} |", flush=True)


if __name__ == "__main__":
    main()
