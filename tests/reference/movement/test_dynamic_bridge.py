"""The dynamic Brownian bridge of a fisher, as the package `move` answers it."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kulan.movement.bridges.occurrence import dynamic_brownian_bridge
from kulan.movement.bridges.variances import dynamic_motion_variance
from kulan.movement.distributions import PlaneFrame
from kulan.movement.tracks import Track

CASES = Path(os.environ.get("KULAN_SHARED_DATA", "absent")).parent / "conformance" / "telemetry"
pytestmark = pytest.mark.skipif(
    not (CASES / "move_leroy_dbbmm.json").exists(), reason="needs the shared telemetry cases"
)
SHAPE = (140, 150)


@pytest.fixture(scope="module")
def answer():
    return json.loads((CASES / "move_leroy_dbbmm.json").read_text())["leroy"]


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(CASES / "move_leroy_dbbmm_motionvar.csv", parse_dates=["timestamp"])


@pytest.fixture(scope="module")
def track(table):
    seconds = table["timestamp"].dt.as_unit("us").astype("int64").to_numpy() / 1e6
    return Track("leroy", seconds, table["x"].to_numpy(), table["y"].to_numpy())


@pytest.fixture(scope="module")
def used(track, answer):
    west, _, _, north = answer["extent"]
    frame = PlaneFrame(west, north, *answer["res"], *SHAPE)
    return dynamic_brownian_bridge(track, error_m=20, frame=frame, like="MigrationMapper")


def test_motion_variance_is_that_of_move(track, table):
    ours = dynamic_motion_variance(track, error_m=20).variance_m2_per_s * 60  # theirs is by minute
    theirs = table["motion_variance"].to_numpy()
    assert (np.isfinite(ours) == np.isfinite(theirs)).all()
    known = np.isfinite(theirs)
    off = np.abs(ours[known] - theirs[known]) / theirs[known]
    assert np.median(off) < 1e-3
    # where theirs is the end of its search at 0, ours is 0
    assert off[theirs[known] > 0.01].max() < 0.05


@pytest.mark.parametrize("level", [50, 90, 95, 99])
def test_areas_are_those_of_move(used, answer, level):
    assert used.area_m2(level / 100) == pytest.approx(answer["area_m2"][str(level)], rel=0.01)


def test_use_lies_where_move_puts_it(used):
    cells = pd.read_csv(CASES / "move_leroy_dbbmm_ud.csv.gz")
    theirs = np.zeros(SHAPE)
    column = np.rint((cells["x"] - used.frame.x_m[0]) / used.frame.cell_x_m).astype(int)
    row = np.rint((used.frame.y_m[0] - cells["y"]) / used.frame.cell_y_m).astype(int)
    theirs[row, column] = cells["p"]
    assert np.abs(used.mass - theirs).sum() < 0.02
