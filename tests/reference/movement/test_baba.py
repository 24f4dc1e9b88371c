"""Two pronghorn at 1,673 fences, against the R package BaBA."""

import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from kulan.movement.barriers.behaviour import BehaviourSettings, encounters
from kulan.movement.barriers.outcomes import baba_index
from kulan.movement.barriers.segments import segments_of
from kulan.movement.fixes import make_fixes
from kulan.movement.planes import Plane
from kulan.movement.tracks import tracks_of

DATA = Path(os.environ.get("KULAN_SHARED_DATA", ".")).parent / "conformance" / "telemetry"
pytestmark = pytest.mark.skipif(
    not (DATA / "baba_pronghorn.csv").exists(), reason="the shared telemetry cases are not here"
)
NAMES = {
    "Average_Movement": "average_movement",
    "Back_n_forth": "back_and_forth",
    "Bounce": "bounce",
    "Quick_Cross": "quick_cross",
    "Trace": "trace",
    "Trapped": "trapped",
    "unknown": "unknown",
}


@pytest.fixture(scope="module")
def tracks():
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


@pytest.fixture(scope="module")
def fences():
    table = gpd.read_file(DATA / "baba_fences.gpkg")
    names = table["FID_Fence0"].astype(int).astype(str)
    return segments_of(names, list(table.geometry), plane=Plane("EPSG:32612"))


def _ours(tracks, fences, max_crossings, like):
    settings = BehaviourSettings(distance_m=110, max_crossings=max_crossings)
    tables = [encounters(track, fences, settings, like=like) for track in tracks]
    return pd.concat(tables, ignore_index=True)


@pytest.mark.parametrize("like", ["BaBA", None])
@pytest.mark.parametrize("max_crossings", [0, 4])
def test_every_event_has_the_class_and_the_numbers_of_baba(tracks, fences, max_crossings, like):
    theirs = pd.read_csv(DATA / f"baba_pronghorn_d110_maxcross{max_crossings}_events.csv")
    theirs["start"] = pd.to_datetime(theirs["start_time"])
    ours = _ours(tracks, fences, max_crossings, like)
    ours["start"] = pd.to_datetime(ours["start_s"], unit="s", utc=True)
    both = theirs.merge(
        ours, how="outer", left_on=["AnimalID", "start"], right_on=["animal_id", "start"]
    )
    assert len(both) == len(ours) == len(theirs) == 498
    assert (both["eventTYPE"].map(NAMES) == both["behaviour"]).all()
    assert (both["cross"] == both["crossings"]).all()
    for name, other in (
        ("duration_h", "duration"),
        ("straightness", "str_i"),
        ("straightness_mean", "str_mean"),
        ("straightness_sd", "str_sd"),
    ):
        np.testing.assert_allclose(both[name], both[other], rtol=0, atol=1e-9, equal_nan=True)


def test_as_many_fences_have_an_index_as_in_baranking(tracks, fences):
    found = _ours(tracks, fences, 4, "BaBA")
    near = fences.near_to(found["x_m"].to_numpy(), found["y_m"].to_numpy(), 110)
    index = baba_index(found, near, least=5)
    assert len(index) == 29
    assert index.min() == 0
    assert index.max() == 1
