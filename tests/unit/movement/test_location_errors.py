"""Location errors learnt from collars that stood still, and given to fixes of animals."""

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy.stats import binom, chi2

from kulan.cli import kulan
from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.fixes import make_fixes
from kulan.movement.models import fit, make_model, simulate
from kulan.movement.models.location_errors import range_errors, with_range_errors
from kulan.movement.tracks import track_of

ERRORS = {2: 25.0, 3: 8.0}


def still(rng, fixes=60, collars=("roof", "garden")):
    """Collars at known places, with 2D and 3D fixes of various dilution."""
    tables = []
    for number, name in enumerate(collars):
        dimension = rng.integers(2, 4, fixes)
        hdop = rng.uniform(0.8, 4.0, fixes)
        size = np.array([ERRORS[one] for one in dimension]) * hdop
        tables.append(
            pd.DataFrame(
                {
                    "animal_id": name,
                    "time": np.arange(fixes) * 600.0,
                    "x": 1000.0 * number + rng.normal(0, size),
                    "y": rng.normal(0, size),
                    "hdop": hdop,
                    "fix_dimension": dimension,
                }
            )
        )
    return make_fixes(pd.concat(tables), crs="", clock="elapsed")


def test_of_one_class_the_error_is_that_of_the_printed_formula():
    x = np.array([0.0, 3.0, 6.0, 3.0])
    y = np.array([1.0, 1.0, 1.0, 5.0])
    table = pd.DataFrame({"animal_id": "k", "time": np.arange(4.0), "x": x, "y": y})
    found = range_errors(make_fixes(table, crs="", clock="elapsed"))["all fixes"]
    # 9 + 0 + 9 + 0 about x = 3, 3 times 1 and 9 about y = 2: 30 over 2 (4 - 1)
    assert found.error_m.estimate == pytest.approx(np.sqrt(30 / 6))
    assert found.error_m.low == pytest.approx(np.sqrt(30 / chi2.ppf(0.975, 6)))
    assert found.error_m.high == pytest.approx(np.sqrt(30 / chi2.ppf(0.025, 6)))
    assert not found.by_dilution


def test_limits_hold_the_planted_errors_of_each_class():
    held = dict.fromkeys(("2D", "3D"), 0)
    ratios = []
    for number in range(200):
        found = range_errors(still(np.random.default_rng([5, number]), fixes=20))
        for name, planted in (("2D", 25.0), ("3D", 8.0)):
            held[name] += found[name].error_m.holds(planted)
            ratios.append(found[name].error_m.estimate / planted)
    for count in held.values():
        assert binom.ppf(1e-4, 200, 0.9) <= count
    # squared errors without bias
    assert np.mean(np.square(ratios)) == pytest.approx(1, abs=0.03)


def test_a_range_is_not_widened_by_errors_that_were_calibrated():
    rng = np.random.default_rng(8)
    errors = range_errors(still(rng))
    truth = make_model(kind="OU", memory=(2e5,), sigma_m2=np.eye(2) * 80.0**2)
    path = simulate(truth, np.arange(600) * 1e4, rng)
    hdop, dimension = rng.uniform(0.8, 4.0, 600), rng.integers(2, 4, 600)
    size = np.array([ERRORS[one] for one in dimension]) * hdop
    table = pd.DataFrame(
        {
            "animal_id": "k",
            "time": path.time_s,
            "x": path.x_m + rng.normal(0, size),
            "y": path.y_m + rng.normal(0, size),
            "hdop": hdop,
            "fix_dimension": dimension,
        }
    )
    fixes = make_fixes(table, crs="", clock="elapsed")
    given = fit(track_of(with_range_errors(fixes, errors), "k"), "OU")
    taken_for_movement = fit(track_of(fixes, "k"), "OU")
    assert given.area_m2().holds(truth.area_m2().estimate)
    assert given.tau_interval_s().holds(2e5)
    assert not taken_for_movement.tau_interval_s().holds(2e5)


def test_fixes_that_know_their_error_keep_it():
    fixes = still(np.random.default_rng(1))
    errors = range_errors(fixes)
    known = make_fixes(fixes.table.assign(error_m=5.0), crs="", clock="elapsed")
    assert (with_range_errors(known, errors).table["error_m"] == 5.0).all()


def test_what_calibration_cannot_tell_is_said():
    fixes = still(np.random.default_rng(1))
    only_3d = make_fixes(
        fixes.table[fixes.table["fix_dimension"] == 3].reset_index(drop=True),
        crs="",
        clock="elapsed",
    )
    with pytest.raises(InvalidTableError, match="2D"):
        with_range_errors(fixes, range_errors(only_3d))
    bare = make_fixes(fixes.table.assign(hdop=np.nan), crs="", clock="elapsed")
    with pytest.raises(InvalidTableError, match="HDOP"):
        with_range_errors(bare, range_errors(fixes))
    one = make_fixes(only_3d.table.iloc[:1], crs="", clock="elapsed")
    with pytest.raises(NotEnoughDataError, match="3D"):
        range_errors(one)
    same = make_fixes(only_3d.table.assign(x=1.0, y=1.0), crs="", clock="elapsed")
    with pytest.raises(NotEnoughDataError, match="one place"):
        range_errors(same)


def test_fit_learns_errors_from_a_file_and_tells_them(tmp_path):
    rng = np.random.default_rng(3)
    still(rng).table.drop(columns="flags").to_csv(tmp_path / "roof.csv", index=False)
    path = simulate(
        make_model(kind="OU", memory=(2e5,), sigma_m2=np.eye(2) * 4e6), np.arange(200) * 1e4, rng
    )
    columns = {"animal_id": "k", "time": path.time_s, "x": path.x_m, "y": path.y_m}
    table = pd.DataFrame({**columns, "hdop": 1.5, "fix_dimension": 3})
    table.to_csv(tmp_path / "k.csv", index=False)
    words = ["movement", "fit", tmp_path / "k.csv", "--elapsed", "--crs", "local", "--model", "OU"]
    words += ["--calibration", tmp_path / "roof.csv", "--out", tmp_path / "out"]
    answer = CliRunner().invoke(kulan, list(map(str, words)), catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    assert "Location errors along each axis at an HDOP of 1, from roof.csv: 2D" in answer.output
    result = json.loads((tmp_path / "out" / "result.json").read_text())
    told = result["numbers"]["location_errors"]["3D"]
    assert told["error_m"]["low"] < 8 < told["error_m"]["high"]
    assert {one["name"] for one in result["recipe"]["inputs"]} == {"k.csv", "roof.csv"}
