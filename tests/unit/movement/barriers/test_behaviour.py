"""Encounters are found, classified and judged by hand-made tracks at one straight railway."""

import numpy as np
import pytest
import shapely

from kulan.errors import InvalidGeometryError, InvalidTableError, NotEnoughDataError
from kulan.movement.barriers.behaviour import BehaviourSettings, encounters
from kulan.movement.barriers.outcomes import outcomes, sweep
from kulan.movement.barriers.segments import segments_of
from kulan.movement.planes import Plane
from kulan.movement.tracks import Track

RAIL = segments_of(["rail"], [shapely.LineString([(0, -90_000), (0, 90_000)])])
AT_100_M = BehaviourSettings(distance_m=100)
FAR = -5_000.0


def walk(x_m, y_m=None, hours=None):
    """A track with fixes two hours apart, unless said otherwise."""
    x_m = np.asarray(x_m, dtype=float)
    y_m = np.zeros(len(x_m)) if y_m is None else np.asarray(y_m, dtype=float)
    hours = np.arange(len(x_m)) * 2.0 if hours is None else np.asarray(hours, dtype=float)
    return Track("k1", hours * 3600.0, x_m, y_m)


def behaviours(track, settings=AT_100_M, like=None):
    return encounters(track, RAIL, settings, like=like)["behaviour"].tolist()


def ends(track, settings=AT_100_M):
    return outcomes(track, RAIL, encounters(track, RAIL, settings), settings)["outcome"].tolist()


def days_at_the_rail(x_m, y_m):
    """A long wandering, with a stretch at the rail in its middle."""
    rng = np.random.default_rng(3)
    before = np.cumsum(rng.normal(0, 900, (80, 2)), axis=0)
    before += [FAR - before[-1, 0], -before[-1, 1]]
    before[:, 0] = np.minimum(before[:, 0], -500)
    after = before[::-1] + np.array([0, y_m[-1]])
    return walk(
        np.concatenate([before[:, 0], x_m, after[:, 0]]),
        np.concatenate([before[:, 1], y_m, after[:, 1]]),
    )


def test_coming_near_and_turning_back_is_a_bounce():
    assert behaviours(walk([FAR, -50, FAR, FAR])) == ["bounce"]


def test_going_over_within_hours_is_a_quick_cross():
    assert behaviours(walk([FAR, -50, 50, -FAR])) == ["quick_cross"]


def test_staying_for_two_days_is_trapped():
    assert behaviours(walk([FAR, *[-50] * 25, FAR])) == ["trapped"]


def test_running_along_the_line_is_a_trace():
    along = days_at_the_rail(np.full(6, -50.0), np.arange(6) * 1000.0)
    assert "trace" in behaviours(along)


def test_going_up_and_down_the_line_is_back_and_forth():
    up_and_down = days_at_the_rail(np.full(6, -50.0), np.array([0, 900, 0, 900, 0, 10.0]))
    assert "back_and_forth" in behaviours(up_and_down)


def test_a_trace_that_crosses_is_unknown_unless_crossings_are_allowed():
    along = days_at_the_rail(np.array([-50.0, -50, -50, 50, 50, 50]), np.arange(6) * 1000.0)
    assert "unknown" in behaviours(along)
    assert "trace" in behaviours(along, BehaviourSettings(distance_m=100, max_crossings=4))


def test_a_long_stay_without_other_movement_to_compare_with_is_unknown():
    found = encounters(walk([FAR, *[-50] * 5, FAR], np.arange(7) * 10.0), RAIL, AT_100_M)
    assert found[["behaviour", "why"]].values.tolist() == [
        ["unknown", "too little other movement to compare with"]
    ]


def test_the_first_and_last_fix_of_a_record_tell_no_bounce():
    assert behaviours(walk([-50, FAR, FAR, -50])) == ["unknown", "unknown"]


def test_a_missing_fix_does_not_cut_an_encounter_in_two():
    track = walk([FAR, -50, -60, FAR], hours=[0, 2, 6, 8])
    found = encounters(track, RAIL, AT_100_M)
    assert found[["n_fixes", "n_missing", "behaviour"]].values.tolist() == [[2, 1, "bounce"]]
    assert behaviours(track, like="BaBA") == ["bounce", "bounce"]


def test_a_fix_of_three_weeks_later_tells_no_bounce():
    track = walk([FAR, -50, FAR, FAR], hours=[0, 2, 500, 502])
    assert behaviours(track) == ["unknown"]
    assert behaviours(track, like="BaBA") == ["bounce"]


def test_being_seen_on_the_other_side_weeks_later_is_no_quick_cross():
    track = walk([FAR, FAR, -50, -FAR, -FAR], hours=[0, 2, 4, 500, 502])
    assert behaviours(track) == ["unknown"]
    assert ends(track) == ["unknown"]
    assert behaviours(track, like="BaBA") == ["quick_cross"]


def test_going_over_and_coming_back_is_no_crossing():
    assert ends(walk([FAR, -50, 50, FAR, FAR])) == ["not_crossed"]
    assert ends(walk([FAR, -50, 50, -50, -FAR])) == ["crossed"]


def test_a_crossing_on_the_way_out_of_a_long_stay_is_seen():
    track = walk([FAR, *[-50] * 5, -FAR], np.arange(7) * 10.0)
    found = encounters(track, RAIL, AT_100_M)
    assert found["crossings"].tolist() == [0]
    assert outcomes(track, RAIL, found, AT_100_M)["outcome"].tolist() == ["crossed"]


def test_a_joint_of_two_segments_is_met_once():
    both = segments_of(
        ["rail", "rail"],
        [shapely.LineString([(0, -9e3), (0, 0)]), shapely.LineString([(0, 0), (0, 9e3)])],
    )
    track = walk([FAR, -50, -FAR])
    assert encounters(track, both, AT_100_M)["crossings"].tolist() == [1]
    assert encounters(track, both, AT_100_M, like="BaBA")["crossings"].tolist() == [2]


def test_an_animal_seen_away_within_the_tolerance_is_still_at_the_barrier():
    track = walk([FAR, -50, -300, -50, FAR])
    assert len(encounters(track, RAIL, AT_100_M)) == 2
    longer = BehaviourSettings(distance_m=100, tolerance_h=2)
    assert len(encounters(track, RAIL, longer)) == 1
    assert len(encounters(track, RAIL, longer, like="BaBA")) == 1


def test_a_track_that_meets_no_barrier_has_no_encounters():
    track = walk([FAR, FAR - 1, FAR])
    assert encounters(track, RAIL, AT_100_M).empty
    assert ends(track) == []


def test_wider_zones_hold_no_fewer_fixes():
    counts = sweep([walk([FAR, -50, -400, FAR, FAR])], RAIL, AT_100_M, [10, 100, 500])
    assert counts["encounters"].tolist() == [0, 1, 1]


def test_planes_are_not_mixed():
    elsewhere = segments_of(
        ["r"], [shapely.LineString([(0, 0), (1, 1)])], plane=Plane("EPSG:32648")
    )
    with pytest.raises(InvalidTableError, match="one plane"):
        encounters(walk([0, 1]), elsewhere, AT_100_M)


def test_fixes_a_day_apart_cannot_tell_a_short_encounter():
    with pytest.raises(InvalidTableError, match=r"24 h apart.*may last 4 h"):
        encounters(walk([0, 1, 2], hours=[0, 24, 48]), RAIL, AT_100_M)


def test_one_fix_is_refused():
    with pytest.raises(NotEnoughDataError, match="1 fixes"):
        encounters(walk([0]), RAIL, AT_100_M)


def test_points_and_repeated_names_are_no_barriers():
    with pytest.raises(InvalidGeometryError, match="line 1"):
        segments_of(["r"], [shapely.Point(0, 0)])
    line = shapely.LineString([(0, 0), (1, 1)])
    with pytest.raises(InvalidTableError, match="given twice"):
        segments_of(["r", "r"], [line, line], segment_id=["a", "a"])
