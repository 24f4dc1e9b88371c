"""Laws of encounters and permeability: what must not matter does not."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from kulan.movement.barriers.behaviour import BehaviourSettings, encounters
from kulan.movement.barriers.crossing_probability import crossing_probability
from kulan.movement.barriers.outcomes import outcomes
from kulan.movement.barriers.segments import segments_of
from kulan.movement.fixes import Flag, make_fixes
from kulan.movement.simulation.straight_barriers import StraightBarrier
from kulan.movement.simulation.study import StudyPlan, simulate_study
from kulan.movement.tracks import Track, track_of

ASKED = BehaviourSettings(distance_m=300)
TOLD = ["first_fix", "last_fix", "behaviour", "outcome", "crossings", "n_missing"]
seeds = st.integers(0, 2**32 - 1)


def wandering(seed, days=30.0):
    rng = np.random.default_rng(seed)
    line = StraightBarrier((0.0, -4e5), (0.0, 4e5), 300.0, (0.4,))
    plan = StudyPlan(1, days, barrier=line, spread_m=0)
    track = track_of(simulate_study(plan, rng).fixes, "S1")
    return track, line.shapes


def found(track, shapes):
    segments = segments_of(["rail"] * len(shapes), shapes)
    return outcomes(track, segments, encounters(track, segments, ASKED), ASKED)


def moved(track, angle, dx, dy):
    c, s = np.cos(angle), np.sin(angle)
    x, y = track.x_m, track.y_m
    return Track(track.animal_id, track.time_s, c * x - s * y + dx, s * x + c * y + dy)


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(0, 2 * np.pi), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_turning_and_moving_everything_changes_nothing(seed, angle, dx, dy):
    track, shapes = wandering(seed)
    matrix = [np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle), dx, dy]
    turned = [shapely.affinity.affine_transform(shape, matrix) for shape in shapes]
    before, after = found(track, shapes), found(moved(track, angle, dx, dy), turned)
    pd.testing.assert_frame_equal(before[TOLD], after[TOLD])
    np.testing.assert_allclose(before["straightness"], after["straightness"], atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_the_direction_in_which_a_line_is_drawn_changes_nothing(seed):
    track, shapes = wandering(seed)
    backwards = [shape.reverse() for shape in shapes]
    pd.testing.assert_frame_equal(found(track, shapes)[TOLD], found(track, backwards)[TOLD])


@settings(max_examples=15, deadline=None)
@given(seeds, st.floats(-3e4, 3e4))
def test_a_line_drawn_in_two_pieces_has_the_same_encounters(seed, cut_m):
    track, shapes = wandering(seed)
    both = [
        shapely.LineString([(0, -4e5), (0, cut_m)]),
        shapely.LineString([(0, cut_m), (0, 4e5)]),
    ]
    pd.testing.assert_frame_equal(found(track, shapes)[TOLD], found(track, both)[TOLD])


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_the_order_of_rows_and_a_duplicate_that_is_flagged_change_nothing(seed):
    track, shapes = wandering(seed, days=12.0)
    table = pd.DataFrame(
        {"animal_id": "k", "time": track.time_s, "x": track.x_m, "y": track.y_m, "flags": 0}
    )
    again = table.iloc[[len(table) // 2]].assign(flags=int(Flag.DUPLICATE))
    mixed = pd.concat([table, again]).sample(frac=1, random_state=seed % 1000)
    one = track_of(make_fixes(table, crs="", clock="elapsed"), "k")
    other = track_of(make_fixes(mixed, crs="", clock="elapsed"), "k")
    pd.testing.assert_frame_equal(found(one, shapes)[TOLD], found(other, shapes)[TOLD])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=1,
        max_size=12,
    )
)
def test_crossing_and_not_crossing_are_mirror_images(counts):
    y, n = np.array(counts).T
    one, other = crossing_probability(y, n).interval(), crossing_probability(n - y, n).interval()
    assert one.low == pytest.approx(1 - other.high, abs=1e-6)
    assert one.estimate == pytest.approx(1 - other.estimate, abs=1e-6)
    assert 0 <= one.low <= one.estimate <= one.high <= 1


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(1, 200))
def test_at_no_crossing_the_upper_limit_falls_with_animals_and_never_reaches_zero(animals, met):
    fewer = crossing_probability([0] * animals, [met] * animals).interval()
    more = crossing_probability([0] * (animals + 1), [met] * (animals + 1)).interval()
    assert fewer.low == more.low == 0
    assert 0 < more.high < fewer.high < 1
