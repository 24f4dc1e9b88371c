"""What holds for any path: where it lies, how it is turned, in which order its rows stand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kulan.movement.cleaning import clean
from kulan.movement.fixes import make_fixes
from kulan.movement.paths import (
    first_passage_s,
    net_squared_displacement_m2,
    recursion,
    regularise,
    resample,
    stays,
    steps,
)
from kulan.movement.planes import Plane
from kulan.movement.tracks import Track, track_of
from kulan.places import WGS84

metres = st.integers(-50_000, 50_000).map(float)
gaps = st.integers(1, 10_000).map(float)


@st.composite
def tracks(draw):
    count = draw(st.integers(2, 25))
    time_s = np.cumsum(draw(arrays(float, count, elements=gaps)))
    x, y = (draw(arrays(float, count, elements=metres)) for _ in "xy")
    return Track("k", time_s, x, y)


def table_of(track):
    return pd.DataFrame({"animal_id": "k", "time": track.time_s, "x": track.x_m, "y": track.y_m})


@given(tracks(), st.floats(-np.pi, np.pi), metres, metres)
def test_turning_and_moving_a_path_changes_no_length_turn_or_displacement(track, angle, dx, dy):
    x = track.x_m * np.cos(angle) - track.y_m * np.sin(angle) + dx
    y = track.x_m * np.sin(angle) + track.y_m * np.cos(angle) + dy
    moved = Track("k", track.time_s, x, y)
    one, other = steps(track), steps(moved)
    assert other.length_m == pytest.approx(one.length_m, rel=1e-9, abs=1e-6)
    net = net_squared_displacement_m2(track)
    assert net_squared_displacement_m2(moved) == pytest.approx(net, rel=1e-9, abs=1.0)
    known = np.isfinite(one.turn_rad) & (one.length_m > 1) & np.isfinite(other.turn_rad)
    difference = np.exp(1j * other.turn_rad[known]) - np.exp(1j * one.turn_rad[known])
    assert np.abs(difference) == pytest.approx(0, abs=1e-6)


@given(tracks(), st.randoms())
def test_the_order_of_rows_and_a_copy_change_no_path(track, chance):
    table = table_of(track)
    order = list(range(len(table)))
    chance.shuffle(order)
    copied = pd.concat([table.iloc[order], table.iloc[[order[0]]]])
    one, _ = clean(make_fixes(table, crs="", clock="elapsed"))
    other, _ = clean(make_fixes(copied, crs="", clock="elapsed"))
    assert len(other.table) == len(table) + 1
    first, second = track_of(one, "k"), track_of(other, "k")
    assert np.array_equal(first.time_s, second.time_s)
    assert np.array_equal(first.positions_m, second.positions_m)


@given(tracks())
def test_cleaning_twice_sets_nothing_more_aside_for_speed(track):
    once, _ = clean(make_fixes(table_of(track), crs="", clock="elapsed"))
    used = track_of(once, "k")
    made = steps(used)
    assert (made.length_m <= 25.0 * made.duration_s * (1 + 1e-9)).all()


@given(tracks())
def test_lengths_on_earth_do_not_depend_on_the_plane(track):
    lon, lat = 107 + track.x_m / 1e5, 45 + track.y_m / 1e5
    table = pd.DataFrame({"animal_id": "k", "time": track.time_s, "x": lon, "y": lat})
    fixes = make_fixes(table, crs=WGS84, clock="elapsed")
    there, elsewhere = (track_of(fixes, "k", plane) for plane in (None, Plane("EPSG:32648")))
    own, utm = steps(there), steps(elsewhere)
    assert utm.length_m == pytest.approx(own.length_m, rel=1e-8, abs=1e-4)
    net = net_squared_displacement_m2(there)
    assert net_squared_displacement_m2(elsewhere) == pytest.approx(net, rel=1e-8, abs=1.0)


@given(tracks(), st.integers(60, 5000), st.integers(60, 20_000))
def test_regular_tracks_lie_on_their_way_and_fill_no_long_gap(track, interval, max_gap):
    made = regularise(track, interval, max_gap)
    assert (np.diff(made.track.time_s) > interval * 0.999).all()
    x = np.interp(made.track.time_s, track.time_s, track.x_m)
    assert made.track.x_m == pytest.approx(x, abs=1e-6)
    assert (made.nearest_fix_s[made.interpolated] <= max_gap / 2 + 1e-6).all()
    taken = made.track.time_s[~made.interpolated]
    assert np.abs(taken[:, None] - track.time_s[None, :]).min(axis=1) == pytest.approx(0, abs=1e-6)


@given(tracks(), st.integers(60, 5000))
def test_fixes_of_a_burst_follow_each_other_at_the_interval(track, interval):
    made, burst = resample(track, interval, interval * 0.2)
    same = np.diff(burst) == 0
    between = np.diff(made.time_s)[same]
    assert (np.abs(between - interval) <= interval * 0.2 + 1e-9).all()


@given(tracks(), st.integers(10, 80_000))
def test_every_fix_visits_its_own_circle(track, radius):
    made = recursion(track, float(radius))
    assert (made.visits >= 1).all()
    assert (made.residence_s <= track.span_s * (1 + 1e-9)).all()
    assert np.bincount(made.site, made.exit_s - made.entrance_s, len(track)) == pytest.approx(
        made.residence_s, abs=1e-6
    )
    # the passage around a fix is one of the visits to its circle
    passage = first_passage_s(track, float(radius))
    known = np.isfinite(passage)
    assert (passage[known] <= made.residence_s[known] * (1 + 1e-9) + 1e-6).all()


@given(tracks(), st.integers(10, 50_000), st.integers(1, 20_000))
def test_stays_are_as_long_and_as_small_as_was_asked(track, radius, least):
    found = stays(track, float(radius), float(least))
    assert (found.end_s - found.start_s >= least).all()
    assert (found.first[1:] > found.last[:-1]).all()
    for first, last in zip(found.first, found.last, strict=True):
        part = track.positions_m[first : last + 1]
        assert (np.hypot(*(part - part[0]).T) <= radius).all()
