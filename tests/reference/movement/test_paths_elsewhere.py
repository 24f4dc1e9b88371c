"""Ibex against adehabitatLT, a simulated path against recurse: the same descriptors to 1e-9."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kulan.exchange.telemetry import TelemetryAsked, read_fixes
from kulan.movement.paths import bursts, net_squared_displacement_m2, recursion, steps
from kulan.movement.tracks import tracks_of

DATA = Path(os.environ.get("KULAN_SHARED_DATA", ".")).parent / "conformance" / "telemetry"
pytestmark = pytest.mark.skipif(
    not (DATA / "ade_ibex.csv").exists(), reason="the shared telemetry cases are not here"
)
LOCAL = TelemetryAsked(crs="local")
FOUR_HOURS_S = 14_400.0


def ibex():
    return list(tracks_of(read_fixes(DATA / "ade_ibex.csv", LOCAL).fixes))


def told_by_ade(track):
    """What adehabitatLT says at the beginning of each of our steps."""
    table = pd.read_csv(DATA / "adehabitatLT_ibex_descriptors.csv")
    table = table[table["id"] == track.animal_id]
    seconds = pd.to_datetime(table["date"]).astype("int64").to_numpy() / 1e6
    return table.iloc[np.searchsorted(seconds, track.time_s[:-1])]


@pytest.mark.parametrize("track", ibex() if (DATA / "ade_ibex.csv").exists() else [])
@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("dx", "dx_m"),
        ("dy", "dy_m"),
        ("dist", "length_m"),
        ("abs.angle", "heading_rad"),
        ("rel.angle", "turn_rad"),
    ],
)
def test_descriptors_of_ibex_are_those_of_adehabitat(track, theirs, ours):
    # a missing fix parts the steps there, and begins a burst here
    made = steps(track, burst=bursts(track, gap_s=FOUR_HOURS_S * 1.01))
    expected = told_by_ade(track)[theirs].to_numpy(dtype=float)
    np.testing.assert_allclose(getattr(made, ours), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("track", ibex() if (DATA / "ade_ibex.csv").exists() else [])
def test_net_squared_displacement_of_ibex_is_that_of_adehabitat(track):
    expected = told_by_ade(track)["R2n"].to_numpy(dtype=float)
    np.testing.assert_allclose(net_squared_displacement_m2(track)[:-1], expected, rtol=1e-9)


def test_ibex_have_four_tracks_of_every_descriptor():
    assert [len(track) for track in ibex()] == [71, 59, 68, 58]


def test_visits_and_residence_are_those_of_recurse():
    (track,) = tracks_of(read_fixes(DATA / "recurse_martin.csv", LOCAL).fixes)
    expected = pd.read_csv(DATA / "recurse_martin_expected.csv")
    made = recursion(track, radius_m=2.0)
    assert made.visits.tolist() == expected["revisits"].tolist()
    hours = made.residence_s / 3600
    np.testing.assert_allclose(hours, expected["residenceTime"], rtol=1e-9)
    told = json.loads((DATA / "recurse_martin.json").read_text())["martin"]
    assert hours.sum() == pytest.approx(told["residence_total_h"], rel=1e-12)
    assert len(made.site) == told["n_visits"]
