"""Steps, bursts, first passage, visits, stays, days and seasons, by hand."""

from datetime import UTC
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from kulan.errors import (
    InvalidGeometryError,
    InvalidTableError,
    NotEnoughDataError,
    TooLargeError,
    UnknownCrsError,
    UnknownNameError,
)
from kulan.movement.fixes import Flag, make_fixes
from kulan.movement.paths import (
    bursts,
    daily_distance,
    day_or_night,
    first_passage_s,
    net_squared_displacement_m2,
    recursion,
    regularise,
    resample,
    season_of,
    split,
    stays,
    steps,
    steps_of,
)
from kulan.movement.paths.geodesics import geodesics
from kulan.movement.planes import plane_around
from kulan.movement.tracks import Track, track_of

DAY_S = 86_400.0


def path(times, x, y=None, **other):
    x = np.asarray(x, dtype=float)
    y = np.zeros(len(x)) if y is None else np.asarray(y, dtype=float)
    return Track("k", np.asarray(times, dtype=float), x, y, **other)


def on_earth(times, longitude, latitude):
    plane = plane_around(longitude, latitude)
    x, y = plane.forward(longitude, latitude)
    return Track("k", np.asarray(times, dtype=float), x, y, plane)


def test_steps_in_a_plane_turn_left_above_zero():
    track = path([0, 60, 180], [0, 3, 3], [0, 4, 10])
    made = steps(track)
    assert made.length_m.tolist() == [5, 6]
    assert made.duration_s.tolist() == [60, 120]
    assert made.speed_m_per_s == pytest.approx([1 / 12, 0.05])
    assert made.turn_rad[1] == pytest.approx(np.pi / 2 - np.arctan2(4, 3))
    assert net_squared_displacement_m2(track).tolist() == [0, 25, 109]


def test_a_step_that_leads_nowhere_has_no_heading():
    made = steps(path([0, 1, 2, 3], [0, 1, 1, 2]))
    assert np.isnan(made.heading_rad).tolist() == [False, True, False]
    assert np.isnan(made.turn_rad).all()


def test_a_turn_back_is_half_a_circle():
    assert steps(path([0, 1, 2], [0, 1, 0])).turn_rad[1] == pytest.approx(np.pi)


@pytest.mark.parametrize("count", [0, 1])
def test_one_fix_or_none_has_no_step(count):
    track = path(range(count), range(count))
    assert len(steps(track)) == 0
    assert len(net_squared_displacement_m2(track)) == count


def test_steps_on_earth_are_geodesics_and_turns_are_taken_where_they_are_made():
    lon, lat = np.array([60.0, 70.0, 80.0]), np.array([45.0, 45.0, 45.0])
    made = steps(on_earth([0, 1, 2], lon, lat))
    out, back, length = Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    assert made.length_m == pytest.approx(length, rel=1e-9)
    assert made.heading_rad[0] == pytest.approx(np.deg2rad(90 - out[0]), abs=1e-9)
    arrived = back[0] + 180
    assert made.turn_rad[1] == pytest.approx(np.deg2rad(arrived - out[1]), abs=1e-9)
    assert steps(on_earth([0, 1, 2], lon, lat), "plane").length_m[0] != pytest.approx(length[0])


def fixes_in_degrees(count=60, seed=4):
    rng = np.random.default_rng(seed)
    walk = rng.normal(0, 0.02, (count, 2)).cumsum(axis=0)
    # one step that leads nowhere, one over the 180th meridian, two of more than 127 km
    walk[10] = walk[9]
    walk[30:, 0] += 3.0
    walk[40:, 1] -= 5.0
    table = pd.DataFrame(
        {
            "animal_id": np.where(np.arange(count) % 2, "k", "other"),
            "time": pd.date_range("2020-01-01", periods=count, freq="h", tz="UTC"),
            "x": (178.5 + walk[:, 0] + 180) % 360 - 180,
            "y": 45 + walk[:, 1],
        }
    )
    made = make_fixes(table, crs="EPSG:4326")
    set_aside = np.where(np.arange(count) == 45, Flag.SPEED, 0).astype(np.uint16)
    return made.with_flags(set_aside)


def test_steps_straight_from_degrees_are_those_of_the_track():
    fixes = fixes_in_degrees()
    for animal in fixes.animals:
        direct, by_plane = steps_of(fixes, animal), steps(track_of(fixes, animal))
        assert direct.along == by_plane.along
        for name in ("start_s", "duration_s"):
            assert getattr(direct, name).tolist() == getattr(by_plane, name).tolist()
        assert direct.length_m == pytest.approx(by_plane.length_m, rel=1e-9, abs=1e-6)
        for name in ("heading_rad", "turn_rad"):
            there = getattr(by_plane, name)
            assert getattr(direct, name) == pytest.approx(there, abs=1e-7, nan_ok=True)
        assert np.hypot(direct.dx_m, direct.dy_m) == pytest.approx(direct.length_m)
        assert np.arctan2(direct.dy_m, direct.dx_m) == pytest.approx(direct.heading_rad)


def test_steps_straight_from_a_file_in_metres_go_by_the_plane():
    table = pd.DataFrame({"animal_id": "k", "time": [0.0, 60], "x": [0, 3], "y": [0, 4]})
    made = steps_of(make_fixes(table, crs="", clock="elapsed"), "k")
    assert made.along == "plane"
    assert made.length_m.tolist() == [5]


@pytest.mark.parametrize("count", [1, 2])
def test_steps_of_one_fix_are_none_and_of_one_place_lead_nowhere(count):
    table = pd.DataFrame({"animal_id": "k", "time": np.arange(count) * 60.0, "x": 107.0, "y": 45.0})
    made = steps_of(make_fixes(table, crs="EPSG:4326", clock="elapsed"), "k")
    assert made.length_m.tolist() == [0.0] * (count - 1)
    assert np.isnan(made.heading_rad).all()


def test_steps_refuse_two_fixes_of_one_time_and_an_unknown_animal():
    table = pd.DataFrame({"animal_id": "k", "time": [0.0, 0.0], "x": [107, 108], "y": 45.0})
    fixes = make_fixes(table, crs="EPSG:4326", clock="elapsed")
    with pytest.raises(InvalidGeometryError, match="time stands still"):
        steps_of(fixes, "k")
    with pytest.raises(UnknownNameError, match="fixes of k"):
        steps_of(fixes, "q")


def test_local_metres_have_no_length_along_the_ellipsoid():
    with pytest.raises(UnknownCrsError, match="nowhere on Earth"):
        steps(path([0, 1], [0, 1]), "ellipsoid")


def test_a_step_between_bursts_is_not_measured():
    track = path([0, 1, 50, 51], [0, 1, 9, 12])
    made = steps(track, burst=bursts(track, gap_s=10))
    assert np.isnan(made.length_m).tolist() == [False, True, False]
    assert np.isnan(made.turn_rad).all()


def test_a_gap_as_long_as_is_allowed_parts_nothing():
    track = path([0, 10, 20.5], [0, 0, 0])
    assert bursts(track, gap_s=10).tolist() == [0, 0, 1]
    assert [len(part) for part in split(track, bursts(track, gap_s=10))] == [2, 1]


def test_resampling_begins_a_burst_where_no_fix_fits():
    track = path([0, 3600, 7300, 7400, 20000], range(5))
    made, burst = resample(track, interval_s=3600, tolerance_s=300)
    assert made.time_s.tolist() == [0, 3600, 7300, 20000]
    assert burst.tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize(("interval", "tolerance"), [(0, 0), (60, -1), (60, 60)])
def test_senseless_rates_are_refused(interval, tolerance):
    with pytest.raises(InvalidTableError):
        resample(path([0, 1], [0, 1]), interval, tolerance)


def test_what_is_interpolated_says_so_and_long_gaps_stay_empty():
    made = regularise(path([0, 60, 180, 600, 660], [0, 6, 18, 0, 6]), 60, max_gap_s=120)
    assert made.track.time_s.tolist() == [0, 60, 120, 180, 600, 660]
    assert made.interpolated.tolist() == [False, False, True, False, False, False]
    assert made.nearest_fix_s.tolist() == [0, 0, 60, 0, 0, 0]
    assert made.burst.tolist() == [0, 0, 0, 0, 1, 1]
    assert made.track.x_m.tolist() == [0, 6, 12, 18, 0, 6]


def test_rows_of_made_fixes_point_nowhere():
    made = regularise(path([0, 120], [0, 2], rows=np.array([7, 9])), 60, max_gap_s=600)
    assert made.track.rows.tolist() == [7, -1, 9]


def test_one_fix_cannot_be_regularised():
    with pytest.raises(NotEnoughDataError, match="two at least"):
        regularise(path([0], [0]), 60, 60)


def test_a_second_by_second_century_is_too_large():
    with pytest.raises(TooLargeError, match="longer interval"):
        regularise(path([0, 3.2e9], [0, 1]), 1, 1e10)


def test_first_passage_is_the_way_through_the_circle():
    track = path([0, 10, 20, 30, 40], [0, 10, 20, 20, 10])
    made = first_passage_s(track, radius_m=5)
    assert np.isnan(made[[0, 4]]).all()
    assert made[1] == pytest.approx(10)  # in at 5 s, out at 15 s
    assert made[2] == pytest.approx(20)  # in at 15 s, out at 35 s


def test_a_line_through_a_circle_without_a_fix_inside_is_no_visit():
    track = path([0, 10, 20], [-10, 10, 10], [0, 0, 50])
    made = recursion(track, radius_m=1, sites_m=np.array([[0.0, 0.0], [10.0, 50.0]]))
    assert made.visits.tolist() == [0, 1]
    assert made.exit_s.tolist() == [20]


@pytest.mark.parametrize("radius", [0, -1, np.inf, np.nan])
def test_circles_have_a_size(radius):
    with pytest.raises(InvalidTableError, match="radius"):
        recursion(path([0, 1], [0, 1]), radius)


def test_a_gap_ends_a_stay():
    track = path(np.array([0, 1, 2, 30, 31, 32]) * 3600.0, np.zeros(6))
    assert len(stays(track, 10, least_s=7200)) == 1
    found = stays(track, 10, least_s=7200, max_gap_s=7200)
    assert found.first.tolist() == [0, 3]
    assert found.last.tolist() == [2, 5]


def test_a_day_begins_at_midnight_of_the_zone_that_is_named():
    track = path([0, 3600 * 10], [0, 1000])
    assert daily_distance(track, UTC)["day"].tolist() == ["1970-01-01"]
    there = daily_distance(track, ZoneInfo("Asia/Vladivostok"))
    assert there["day"].tolist() == ["1970-01-01"]  # 10:00 to 20:00
    west = daily_distance(track, ZoneInfo("America/Anchorage"), max_gap_s=DAY_S)
    assert west["day"].tolist() == ["1969-12-31", "1970-01-01"]
    assert west["distance_m"].sum() == pytest.approx(1000)


def test_steps_over_long_gaps_count_to_no_day():
    made = daily_distance(path([0, 3600, 40 * 3600], [0, 100, 9000]), UTC)
    assert made["distance_m"].tolist() == pytest.approx([100, 0])
    assert made["hours_seen"].tolist() == pytest.approx([1, 0])


def test_the_sun_rises_where_it_does():
    # Ulaanbaatar, midsummer 2024: the sun rose at 20:53 UTC the evening before
    rise = pd.Timestamp("2024-06-20T20:53:10Z").timestamp()
    times = rise + np.array([-7200.0, -600.0, 600.0])
    track = on_earth(times, np.full(3, 106.9), np.full(3, 47.92))
    assert day_or_night(track).tolist() == ["night", "twilight", "day"]


def test_seasons_are_those_of_the_hemisphere():
    times = [pd.Timestamp(f"2024-{month:02d}-15T00:00Z").timestamp() for month in (1, 3, 7, 12)]
    north = on_earth(times, np.full(4, 107.0), np.full(4, 45.0))
    south = on_earth(times, np.full(4, 25.0), np.full(4, -25.0))
    assert season_of(north).tolist() == ["winter", "spring", "summer", "winter"]
    assert season_of(south).tolist() == ["summer", "autumn", "winter", "summer"]


@pytest.mark.parametrize("asked", [day_or_night, season_of, lambda one: daily_distance(one, UTC)])
def test_elapsed_seconds_have_neither_day_nor_season(asked):
    with pytest.raises(InvalidTableError, match="unknown origin"):
        asked(path([0, 1], [0, 1], clock="elapsed"))


@pytest.mark.parametrize("size_deg", [1e-6, 1e-3, 1.0, 40.0, 179.9])
def test_geodesics_are_those_of_karney(size_deg):
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(-180, 180, 500), rng.uniform(-85, 85, 500)
    to_lon = lon + rng.uniform(-1, 1, 500) * size_deg
    to_lat = np.clip(lat + rng.uniform(-1, 1, 500) * size_deg, -89, 89)
    length, out, into = geodesics(lon, lat, to_lon, to_lat)
    azimuth, back, expected = Geod(ellps="WGS84").inv(lon, lat, to_lon, to_lat)
    # degrees themselves are rounded to nanometres
    np.testing.assert_allclose(length, expected, rtol=1e-10, atol=1e-8)
    far = expected > 1
    for ours, theirs in ((out, azimuth), (into, np.asarray(back) + 180)):
        turned = np.exp(1j * ours) - np.exp(1j * np.deg2rad(theirs))
        assert np.abs(turned[far]).max(initial=0) < 1e-7


def test_lengths_hold_to_a_ten_millionth_of_a_metre_anywhere_on_earth():
    rng = np.random.default_rng(11)
    lon, to_lon = rng.uniform(-180, 180, (2, 20_000))
    lat, to_lat = np.rad2deg(np.arcsin(rng.uniform(-1, 1, (2, 20_000))))
    # every fourth pair nearly opposite, every fourth from a metre to some hundred kilometres apart
    lon[::4] = to_lon[::4] + 180 + rng.normal(0, 0.5, 5_000)
    lat[::4] = np.clip(-to_lat[::4] + rng.normal(0, 0.5, 5_000), -90, 90)
    for ends, more in ((lon, to_lon), (lat, to_lat)):
        more[1::4] = ends[1::4] + rng.normal(0, 1, 5_000) * 10 ** rng.uniform(-5, 0.5, 5_000)
    to_lat = np.clip(to_lat, -90, 90)

    length, out, into = geodesics(lon, lat, to_lon, to_lat)

    azimuth, back, expected = Geod(ellps="WGS84").inv(lon, lat, to_lon, to_lat)
    assert np.abs(length - expected).max() < 1e-7
    assert np.abs(into).max() <= np.pi
    far = expected > 100
    for ours, theirs in ((out, azimuth), (into, np.asarray(back) + 180)):
        turned = np.exp(1j * ours) - np.exp(1j * np.deg2rad(theirs))
        assert np.abs(turned[far]).max() < 1e-9


def test_opposite_ends_of_the_globe_are_left_to_karney():
    ends = (np.array([value]) for value in (0.0, 0.0, 179.7, 0.2))
    length, _, _ = geodesics(*ends)
    assert length[0] == pytest.approx(Geod(ellps="WGS84").inv(0, 0, 179.7, 0.2)[2], rel=1e-12)


@pytest.mark.parametrize(
    "ends",
    [(0, 0, 180, 0), (10, 0, -170, 0), (0, 90, 0, -90), (0, 45, 180, -45), (60, 30, -120, -30)],
)
def test_exactly_opposite_places_are_half_the_globe_apart(ends):
    length, _, _ = geodesics(*(np.array([float(value)]) for value in ends))
    assert length[0] == pytest.approx(20_003_931.4586, abs=1e-3)


def test_beyond_a_pole_there_is_no_length():
    length, _, _ = geodesics(*(np.array([value] * 2) for value in (0.0, 91.0, 0.0, 89.0)))
    assert np.isnan(length).all()
    length, _, _ = geodesics(*(np.array([value]) for value in (0.0, 45.0, 1.0, -90.001)))
    assert np.isnan(length).all()


@pytest.mark.parametrize("turns", [-3, -2, 2, 3])
def test_longitudes_may_be_counted_round_the_globe_more_than_once(turns):
    near, far = (
        geodesics(*(np.array([value]) for value in (20.0, 45.0, 21.0 + more, 46.0)))
        for more in (0.0, 360.0 * turns)
    )
    assert far[0] == pytest.approx(near[0], abs=1e-6)
    assert far[1] == pytest.approx(near[1], abs=1e-9)


def test_the_way_round_the_antimeridian_is_the_short_one():
    ends = (np.array([value]) for value in (179.9, 45.0, -179.9, 45.0))
    assert geodesics(*ends)[0][0] == pytest.approx(15_769, rel=0.01)
