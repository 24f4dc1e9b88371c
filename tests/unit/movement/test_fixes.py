"""Fixes are kept and flagged, and become tracks in metres."""

import numpy as np
import pandas as pd
import pytest

from kulan.errors import InvalidGeometryError, InvalidTableError, UnknownCrsError, UnknownNameError
from kulan.movement.fixes import Flag, make_fixes, reasons_of
from kulan.movement.planes import LOCAL, Plane, plane_around
from kulan.movement.tracks import track_of
from kulan.places import WGS84


def _table(**columns: object) -> pd.DataFrame:
    first = {"animal_id": ["k1", "k1", "k1"], "time": [0.0, 60.0, 120.0]}
    return pd.DataFrame({**first, "x": [107.0, 107.1, 107.2], "y": [45.0, 45.1, 45.2], **columns})


def test_a_fix_without_position_is_kept_and_flagged():
    fixes = make_fixes(_table(x=[107.0, np.nan, 107.2]), crs=WGS84, clock="elapsed")
    assert len(fixes.table) == 3
    assert reasons_of(fixes.table["flags"][1]) == ("no_position",)
    assert len(track_of(fixes, "k1")) == 2


def test_naive_times_are_refused():
    table = _table(time=pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-03"]))
    with pytest.raises(InvalidTableError, match="without a time zone"):
        make_fixes(table, crs=WGS84)


def test_times_of_any_zone_are_kept_in_utc():
    times = pd.date_range("2024-01-01", periods=3, freq="h", tz="Asia/Ulaanbaatar")
    fixes = make_fixes(_table(time=times), crs=WGS84)
    assert str(fixes.table["time"][0]) == "2023-12-31 16:00:00+00:00"
    assert track_of(fixes, "k1").time_s[0] == pd.Timestamp("2023-12-31 16:00Z").timestamp()


def test_two_used_fixes_at_one_time_make_no_track():
    fixes = make_fixes(_table(time=[0.0, 60.0, 60.0]), crs=WGS84, clock="elapsed")
    with pytest.raises(InvalidGeometryError, match="time stands still"):
        track_of(fixes, "k1")
    one_set_aside = fixes.with_flags(np.array([0, 0, Flag.DUPLICATE], dtype=np.uint16))
    assert len(track_of(one_set_aside, "k1")) == 2


def test_the_order_of_rows_does_not_matter():
    table = _table()
    one = track_of(make_fixes(table, crs=WGS84, clock="elapsed"), "k1")
    other = track_of(make_fixes(table.iloc[::-1], crs=WGS84, clock="elapsed"), "k1")
    assert np.array_equal(one.positions_m, other.positions_m)


def test_an_unknown_animal_is_named_beside_the_known_ones():
    with pytest.raises(UnknownNameError, match="'k9'; there are fixes of k1"):
        track_of(make_fixes(_table(), crs=WGS84, clock="elapsed"), "k9")


def test_local_metres_lie_nowhere_on_earth():
    track = track_of(make_fixes(_table(), crs="", clock="elapsed"), "k1")
    assert track.plane == LOCAL
    with pytest.raises(UnknownCrsError, match="nowhere on Earth"):
        track.plane.inverse(track.x_m, track.y_m)


def test_a_plane_in_degrees_is_refused():
    with pytest.raises(UnknownCrsError, match="degree"):
        Plane("EPSG:4326")


def test_a_plane_lies_around_positions_on_both_sides_of_the_180th_meridian():
    assert "+lon_0=180 " in plane_around([179.5, -179.5], [65.0, 65.0]).crs


def test_an_error_ellipse_that_points_north_is_long_in_y():
    ellipse = {"error_major_m": 30.0, "error_minor_m": 10.0, "error_angle_deg": 0.0}
    track = track_of(make_fixes(_table(**ellipse), crs=WGS84, clock="elapsed"), "k1")
    assert np.allclose(track.error_m2[0], [[100.0, 0.0], [0.0, 900.0]])


def _errors(**columns):
    fixes = make_fixes(_table(**columns), crs=WGS84, clock="elapsed")
    return track_of(fixes, "k1").error_m2


def test_an_ellipse_without_all_its_parts_is_none():
    assert _errors(error_major_m=30.0) is None
    assert np.allclose(_errors(error_major_m=30.0, error_m=5.0), np.eye(2) * 25.0)


def test_each_fix_has_the_error_that_is_known_of_it():
    ellipse = {"error_major_m": 30.0, "error_minor_m": 10.0, "error_angle_deg": [0.0, np.nan, 0.0]}
    errors = _errors(**ellipse, error_m=[7.0, 5.0, np.nan])
    of_ellipse = [[100.0, 0.0], [0.0, 900.0]]
    assert np.allclose(errors, [of_ellipse, np.eye(2) * 25.0, of_ellipse])


def test_a_fix_whose_error_nobody_knows_has_none():
    errors = _errors(error_major_m=np.nan, error_m=[5.0, np.nan, 5.0])
    assert np.isnan(errors[1]).all()
    assert np.allclose(errors[[0, 2]], np.eye(2) * 25.0)
