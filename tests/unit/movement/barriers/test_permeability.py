"""Crossing probabilities hold at zero crossings, and animals, not encounters, are counted."""

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy import integrate, special, stats

from kulan.connectivity.barriers.permeability import segment_permeabilities
from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.barriers.behaviour import BehaviourSettings, encounters
from kulan.movement.barriers.crossing_places import concentration, effect_distance, stretches
from kulan.movement.barriers.crossing_probability import (
    change_between,
    crossing_probabilities,
    crossing_probability,
    exact_interval,
    relative_crossing,
)
from kulan.movement.barriers.null_crossings import (
    FreeMovement,
    brownian_movement,
    continued,
    expected_crossings,
)
from kulan.movement.barriers.outcomes import outcomes
from kulan.movement.barriers.permeability import (
    change_at,
    connectivity_table,
    permeability_by,
    permeability_by_segment,
)
from kulan.movement.barriers.segments import cut_to_length, segments_of
from kulan.movement.simulation.straight_barriers import StraightBarrier, put_barrier
from kulan.movement.simulation.wandering import Wandering, wander
from kulan.movement.tracks import Track

RAIL = segments_of(["rail"], [shapely.LineString([(0, -100_000), (0, 100_000)])])
MOVING = Wandering(5 * 86_400.0, 3 * 3600.0, 6000.0)


def width(interval):
    return interval.high - interval.low


def test_none_of_24_gazelles_still_has_an_upper_limit():
    found = crossing_probability(np.zeros(24), np.ones(24))
    assert found.interval().low == 0
    # one encounter each: exactly the posterior of a plain share, Beta(1, 25)
    assert found.interval().high == pytest.approx(stats.beta.ppf(0.975, 1, 25), abs=1e-3)
    assert found.by_animals.high == pytest.approx(0.1425, abs=1e-4)


def test_all_of_them_crossing_leaves_a_lower_limit():
    found = crossing_probability(np.ones(24), np.ones(24)).interval()
    assert found.high == 1
    assert found.low == pytest.approx(stats.beta.ppf(0.025, 25, 1), abs=1e-3)


def test_three_animals_never_look_like_three_hundred_encounters():
    three = crossing_probability([0, 0, 0], [100, 100, 100]).interval()
    three_hundred = crossing_probability(np.zeros(300), np.ones(300)).interval()
    assert three.high > 5 * three_hundred.high
    split = crossing_probability([100, 0, 0], [100, 100, 100]).interval()
    assert width(split) > 0.5


def test_one_animal_tells_little_however_often_it_came():
    assert width(crossing_probability([500], [1000]).interval()) > 0.5


def test_the_posterior_is_that_of_quadrature():
    y, n = [2, 0, 5], [10, 8, 9]

    def density(mean, alike):
        size = (1 - alike) / alike
        a, b = mean * size, (1 - mean) * size
        told = sum(
            special.betaln(k + a, m - k + b) - special.betaln(a, b)
            for k, m in zip(y, n, strict=True)
        )
        return np.exp(told) * (1 - alike) ** 2

    def moment(power):
        return integrate.dblquad(
            lambda mean, alike: mean**power * density(mean, alike), 1e-6, 1 - 1e-6, 1e-6, 1 - 1e-6
        )[0]

    found = crossing_probability(y, n)
    assert (found.values * found.mass).sum() == pytest.approx(moment(1) / moment(0), abs=2e-3)


def test_the_order_of_animals_and_animals_without_encounters_change_nothing():
    one = crossing_probability([1, 4, 0], [10, 9, 3])
    other = crossing_probability([0, 4, 1, 0], [3, 9, 10, 0])
    np.testing.assert_allclose(one.mass, other.mass)


def test_exact_limits_are_those_of_the_binomial():
    assert exact_interval(0, 0).high == 1
    found = exact_interval(3, 10)
    assert stats.binom.sf(2, 10, found.low) == pytest.approx(0.025)
    assert stats.binom.cdf(3, 10, found.high) == pytest.approx(0.025)


def test_a_segment_seldom_met_leans_on_the_others():
    busy = [[0, 1, 0, 1]] * 8
    often = [[12, 14, 11, 12]] * 8
    alone = crossing_probability([0], [1]).interval()
    among = crossing_probabilities([*busy, [0]], [*often, [1]])[-1].interval()
    assert among.high < alone.high
    assert crossing_probabilities([], []) == []


@pytest.mark.parametrize(("y", "n"), [(1, 1), (0, 1), (0, 3)])
def test_the_only_segment_that_was_met_is_told_as_the_whole_is(y, n):
    whole = crossing_probability([y], [n]).interval()
    for y_all, n_all in (([[y]], [[n]]), ([[y], [0]], [[n], [0]])):
        alone = crossing_probabilities(y_all, n_all)[0].interval()
        assert alone.estimate == pytest.approx(whole.estimate, abs=1e-6)
        assert alone.low == pytest.approx(whole.low, abs=1e-6)


def test_one_encounter_at_a_segment_is_no_proof_that_all_cross_or_none():
    all_and_none = crossing_probabilities([[1], [0]], [[1], [1]], [["a"], ["b"]])
    crossed, stayed = (one.interval() for one in all_and_none)
    assert 0.5 < crossed.estimate < 0.8
    assert 0.2 < stayed.estimate < 0.5
    assert crossed.estimate == pytest.approx(1 - stayed.estimate, abs=1e-6)


def test_segments_that_differ_are_told_apart():
    low, high = crossing_probabilities([[0, 1, 0, 0], [9, 10, 8, 9]], [[12] * 4, [12] * 4])
    assert low.interval().high < high.interval().low


def test_three_animals_at_a_hundred_segments_are_three_animals():
    never, once, three = [[0, 0, 0]] * 100, [[1, 1, 1]] * 100, [["a", "b", "c"]] * 100
    same = crossing_probabilities(never, once, three)[0].interval()
    others = [[f"{s}{name}" for name in "abc"] for s in range(100)]
    each_its_own = crossing_probabilities(never, once, others)[0].interval()
    assert same.low == 0
    assert same.high > 5 * each_its_own.high
    # an animal that met nothing at a segment is not there
    padded = crossing_probabilities([[0, 0], [1, 0]], [[9, 0], [9, 4]], [["a", "b"], ["a", "b"]])
    bare = crossing_probabilities([[0], [1, 0]], [[9], [9, 4]], [["a"], ["a", "b"]])
    np.testing.assert_allclose(padded[0].mass, bare[0].mass)
    with pytest.raises(InvalidTableError, match="one name for each count"):
        crossing_probabilities([[0, 1]], [[1, 1]], [["a"]])


def test_limits_of_segments_hold_where_animals_are_bold_or_shy_everywhere():
    held = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        bold = rng.beta(0.05 * 5.7, 0.95 * 5.7, 10)
        met = rng.poisson(2, (12, 10))
        names = [[str(k) for k in range(10)]] * 12
        found = crossing_probabilities(list(rng.binomial(met, bold)), list(met), names)
        held += [one.interval().holds(0.05) for one in found]
    assert np.mean(held) > 0.85


def test_more_crossings_than_encounters_are_refused():
    with pytest.raises(InvalidTableError, match="no more crossings"):
        crossing_probability([3], [2])


def test_a_fence_that_was_opened_shows_and_one_without_a_before_does_not():
    change = change_between(
        crossing_probability([0, 0, 0, 1], [20] * 4),
        crossing_probability([15, 12, 18, 13], [20] * 4),
    )
    assert change.lower < 0.001
    assert change.difference.low > 0
    none = change_between(
        crossing_probability([0] * 9, [5] * 9), crossing_probability([0] * 9, [5] * 9)
    )
    assert none.ratio.low == 0
    assert none.ratio.high == np.inf
    met = pd.DataFrame({"animal_id": ["a"], "outcome": ["crossed"], "start_s": [1.0]})
    assert change_at(met, 0.0) is None


def test_groups_and_segments_keep_count_of_what_is_unknown():
    met = pd.DataFrame(
        {
            "animal_id": ["a", "a", "b", "b"],
            "outcome": ["crossed", "unknown", "not_crossed", "not_crossed"],
            "season": ["spring", "spring", "spring", "winter"],
            "at_segment": 0,
        }
    )
    table = permeability_by(met, ["season"])
    assert table[["season", "encounters", "crossed", "unknown"]].values.tolist() == [
        ["spring", 2, 1, 1],
        ["winter", 1, 0, 0],
    ]
    assert permeability_by_segment(met, RAIL)["unknown"].tolist() == [1]
    unseen = permeability_by(met.assign(outcome="unknown")).iloc[0]
    assert (unseen["encounters"], unseen["unknown"]) == (0, 4)
    with pytest.raises(InvalidTableError, match="lack the column"):
        permeability_by(met.drop(columns="outcome"))


def test_connectivity_reads_what_is_written_for_it():
    met = pd.DataFrame({"animal_id": ["a", "b"], "outcome": "not_crossed", "at_segment": 0})
    by_segment = permeability_by_segment(met.assign(expected=0.5), RAIL)
    table = connectivity_table(by_segment, species_id="kulan", source="Two tracks.")
    read = segment_permeabilities([("rail", "all")], table, species_id="kulan")
    assert read[0] == table["permeability"][0]
    assert 0 < read[0] < 1


def test_where_no_outcome_is_known_nothing_is_measured():
    met = pd.DataFrame(
        {"barrier_id": ["rail", "road"], "animal_id": "a", "outcome": ["unknown", "not_crossed"]}
    )
    table = permeability_by(met, ["barrier_id"])
    told = ["probability", "probability_low", "probability_high", "animals_share_high", "alike"]
    assert table.loc[0, told].isna().all()
    assert table.loc[1, told].notna().all()
    rows = connectivity_table(table.assign(segment_id=None), source=["Of a rail.", "Of a road."])
    assert rows[["barrier_id", "source"]].values.tolist() == [["road", "Of a road."]]


def weaving(y_m):
    """Follow an animal over the rail at one place and back again at another, twice."""
    x_m = [-3000, -2000, -50, 60, 70, -60, -2000, -3000, -50, 60, 3000, 3000]
    along = [y_m] * 4 + [-y_m] * 4 + [y_m] * 4
    return Track("k1", np.arange(12) * 7200.0, np.array(x_m, float), np.array(along))


def test_cutting_a_line_does_not_change_whether_an_animal_crossed():
    asked = BehaviourSettings(distance_m=100)
    track, pieces = weaving(400.0), cut_to_length(RAIL, 100_000)
    assert len(pieces) == 2
    told = []
    for segments in (RAIL, pieces, cut_to_length(pieces, 30_000)):
        found = outcomes(track, segments, encounters(track, segments, asked), asked)
        told.append(found["outcome"].tolist())
        assert found["crossing_y_m"].dropna().tolist() == [400.0]
    assert told == [["not_crossed", "crossed"]] * 3
    assert pieces.segment_id[found_at(track, pieces, asked)] == "2"


def found_at(track, segments, asked):
    return outcomes(track, segments, encounters(track, segments, asked), asked)["at_segment"][1]


def test_two_fences_side_by_side_are_two_lines_although_of_one_barrier():
    lines = [shapely.LineString([(x, -9e4), (x, 9e4)]) for x in (0.0, 20.0)]
    double = cut_to_length(segments_of(["fence", "fence"], lines), 1e5)
    asked = BehaviourSettings(distance_m=100)
    x_m = np.array([-3000.0, -50.0, 60.0, 3000.0, 3000.0])
    track = Track("k1", np.arange(5) * 7200.0, x_m, np.full(5, 700.0))
    found = outcomes(track, double, encounters(track, double, asked), asked)
    assert found["outcome"].tolist() == ["crossed"]
    assert found["crossing_x_m"].tolist() == [0.0]


def test_what_is_expected_is_the_same_of_a_line_that_was_cut():
    asked = BehaviourSettings(distance_m=300)
    place = wander(MOVING, np.arange(600) * 7200.0, np.random.default_rng(8))
    track = Track("k", np.arange(600) * 7200.0, place[:, 0], place[:, 1])
    shares = []
    for segments in (RAIL, cut_to_length(RAIL, 900)):
        found = outcomes(track, segments, encounters(track, segments, asked), asked)
        rng = np.random.default_rng(1)
        free = free_movement((0.0, 0.0))
        shares.append(expected_crossings(track, segments, found, asked, free, rng=rng, paths=40))
    assert len(shares[0]) > 5
    np.testing.assert_array_equal(*shares)


# --- against the animal's own movement ------------------------------------------------------------


def free_movement(middle_m):
    slow, fast = MOVING.tau_position_s, MOVING.tau_velocity_s

    def of_lag(lag_s):
        return (slow * np.exp(-lag_s / slow) - fast * np.exp(-lag_s / fast)) / (slow - fast)

    return FreeMovement("OUF", of_lag, np.eye(2) * MOVING.sigma_m**2, np.array(middle_m))


def study(barrier=None, animals=10, days=150):
    settings = BehaviourSettings(distance_m=300)
    crossed, met, expected = [], [], []
    for number in range(animals):
        rng = np.random.default_rng(number)
        middle = (rng.normal(0, 3000), 0.0)
        place = wander(MOVING, np.arange(days * 12) * 7200.0, rng) + middle
        if barrier is not None:
            place, _ = put_barrier(place, barrier, rng)
        track = Track(str(number), np.arange(days * 12) * 7200.0, place[:, 0], place[:, 1])
        found = outcomes(track, RAIL, encounters(track, RAIL, settings), settings)
        share = expected_crossings(
            track, RAIL, found, settings, free_movement(middle), rng=rng, paths=60
        )
        crossed.append((found["outcome"] == "crossed").sum())
        met.append((found["outcome"] != "unknown").sum())
        expected.append(np.nanmean(share))
    return crossed, met, expected


def test_without_a_line_nothing_is_missing_from_what_is_expected():
    left = relative_crossing(*study())
    assert left.low < 1 < left.high
    assert width(left) < 0.3


def test_a_line_that_lets_a_tenth_through_leaves_less_than_a_third():
    left = relative_crossing(*study(StraightBarrier((0, -1e5), (0, 1e5), 300.0, (0.1,))))
    assert left.high < 1 / 3
    assert left.low > 0.05


def test_without_expectation_nothing_is_said():
    assert not relative_crossing([0], [3], [np.nan]).is_known


def test_an_animal_of_which_no_crossing_was_expected_is_not_left_out():
    met = pd.DataFrame(
        {
            "animal_id": ["a", "a", "b", "b", "c"],
            "outcome": ["crossed", "crossed", "not_crossed", "crossed", "crossed"],
            "expected": [0.0, 0.0, 0.6, 0.4, np.nan],
            "at_segment": [0, 0, 1, 1, 1],
        }
    )
    row = permeability_by(met, paths=100).iloc[0]
    assert (row["encounters"], row["weighed_encounters"], row["weighed_animals"]) == (5, 4, 2)
    assert row["expected"] == pytest.approx((0.5 / 201 + 0.5) / 2)
    # a, who crossed against all expectation, counts: more is left than by b alone
    assert row["left"] > permeability_by(met[2:4]).iloc[0]["left"]
    with pytest.raises(InvalidTableError, match="above 0 and up to 1"):
        relative_crossing([2, 1], [2, 2], [0.0, 0.5])


def test_at_a_segment_too_both_sides_are_of_the_same_encounters():
    both = segments_of(["r", "r"], [shapely.LineString([(x, -9e4), (x, 9e4)]) for x in (0, 5e3)])
    met = pd.DataFrame(
        {
            "animal_id": ["a", "b", "c", "d"],
            "outcome": ["crossed", "not_crossed", "not_crossed", "crossed"],
            "expected": [0.5, np.nan, 0.5, np.nan],
            "at_segment": [0, 0, 0, 1],
        }
    )
    table = permeability_by_segment(met, both)
    alone = permeability_by_segment(met[met["expected"].notna()], both)
    assert table["encounters"].tolist() == [3, 1]
    assert table["weighed_encounters"].tolist() == [2, 0]
    assert table["left"][0] == alone["left"][0]
    assert np.isnan(table["left"][1])
    none = permeability_by_segment(met.assign(expected=0.0)[:1], both, paths=10)
    assert none["expected"].tolist() == [pytest.approx(0.5 / 11)]


def coming_often(often, others):
    """One animal comes two hundred times, thirty come once; nothing holds them back (r = 1)."""
    rng = np.random.default_rng(0)
    names = ["often"] * 200 + [f"other{k}" for k in range(30)]
    expected = np.array([often] * 200 + [others] * 30)
    outcome = np.where(rng.random(230) < expected, "crossed", "not_crossed")
    told = {"animal_id": names, "outcome": outcome, "expected": expected, "at_segment": 0}
    return pd.DataFrame(told)


@pytest.mark.parametrize(("often", "others"), [(0.05, 0.5), (0.5, 0.05)])
def test_what_is_left_at_a_segment_does_not_hang_on_who_came_most_often(often, others):
    met = coming_often(often, others)
    at = permeability_by_segment(met, RAIL).iloc[0]
    whole = permeability_by(met).iloc[0]
    assert at["left_low"] < 1 < at["left_high"]
    assert at["expected"] == pytest.approx((often + 30 * others) / 31)
    assert at["left"] == pytest.approx(whole["left"], rel=0.05)


def test_segments_learn_of_each_other_what_is_left_and_not_how_many_crossed():
    # of animals at the first segment half is expected to cross, at the second a tenth
    y, n = [[5] * 8, [1] * 8], [[10] * 8, [10] * 8]
    left = crossing_probabilities(y, n, expected=[np.full(8, 0.5), np.full(8, 0.1)])
    same = [one.interval().times(1 / 0.5) for one in left]
    assert all(one.holds(1.0) for one in same)
    assert same[0].estimate == pytest.approx(1.0, abs=0.15)
    assert same[1].estimate == pytest.approx(1.0, abs=0.15)
    assert crossing_probabilities(y, n)[1].interval().high < 0.5
    with pytest.raises(InvalidTableError, match="above 0 and up to 1"):
        crossing_probabilities(y, n, expected=[np.full(8, 0.5), np.zeros(8)])


def test_a_path_goes_on_from_its_last_fix_in_its_direction():
    track = Track("k", np.arange(10) * 600.0, np.arange(10) * 500.0, np.zeros(10))
    ahead = continued(track, 9, free_movement((0.0, 0.0)), 600.0, 4000, np.random.default_rng(1))
    assert ahead.shape == (4000, 48, 2)
    assert ahead[:, 0, 0].mean() == pytest.approx(5000, abs=60)
    assert abs(ahead[:, 0, 1].mean()) < 60


def test_brownian_motion_spreads_as_the_track_does():
    steps = np.random.default_rng(1).normal(0, 100, (2000, 2)).cumsum(axis=0)
    track = Track("k", np.arange(2000) * 600.0, steps[:, 0], steps[:, 1])
    ahead = continued(track, 99, brownian_movement(track), 600.0, 4000, np.random.default_rng(1))
    spread = (ahead - steps[99]).std(axis=0)
    assert spread[0] == pytest.approx([100, 100], rel=0.06)
    assert spread[15] == pytest.approx([400, 400], rel=0.06)
    with pytest.raises(NotEnoughDataError, match="ten at least"):
        brownian_movement(track, np.zeros(2000, bool))


# --- where, and how far ---------------------------------------------------------------------------


def test_crossings_at_one_bridge_are_seen_to_crowd():
    along = np.linspace(-95_000, 95_000, 200)
    crossed = np.abs(along) < 8_000
    met = pd.DataFrame(
        {
            "animal_id": np.tile(["a", "b"], 100),
            "outcome": np.where(crossed, "crossed", "not_crossed"),
            "at_segment": 0,
            "x_m": -50.0,
            "y_m": along,
            "crossing_x_m": np.where(crossed, 0.0, np.nan),
            "crossing_y_m": np.where(crossed, along, np.nan),
        }
    )
    found = concentration(met, RAIL, length_m=2000, rng=np.random.default_rng(1))
    assert found.share > found.by_chance.high
    table = stretches(met, RAIL, length_m=2000)
    assert table["crossed"].sum() == crossed.sum()
    assert abs(table["y_m"][0]) < 8_000
    spread = met.assign(outcome=np.where(np.arange(200) % 4 == 0, "crossed", "not_crossed"))
    even = concentration(spread, RAIL, length_m=2000, rng=np.random.default_rng(1))
    assert even.share <= even.by_chance.high


def test_places_along_a_line_in_parts_lie_on_its_parts():
    parts = shapely.MultiLineString([[(0, 0), (1500, 0)], [(9000, 0), (10_500, 0)]])
    rail = segments_of(["rail"], [parts])
    at_m = np.array([1400.0, 1500.0, 9100.0, 10_500.0])
    met = pd.DataFrame(
        {"animal_id": "a", "outcome": "crossed", "at_segment": 0, "x_m": at_m, "y_m": 20.0,
         "crossing_x_m": at_m, "crossing_y_m": 0.0}
    )  # fmt: skip
    table = stretches(met, rail, length_m=1000).sort_values("from_m")
    assert table[["from_m", "to_m", "x_m", "crossed"]].values.tolist() == [
        [1000.0, 1500.0, 1250.0, 2.0],
        [1500.0, 2500.0, 9500.0, 1.0],
        [2500.0, 3000.0, 10_250.0, 1.0],
    ]
    assert concentration(met, rail, length_m=1000, rng=np.random.default_rng(1)).stretches == 3


def test_the_end_of_a_line_lies_on_its_last_stretch():
    rail = segments_of(["rail"], [shapely.LineString([(0, 0), (2000, 0)])])
    met = pd.DataFrame(
        {"animal_id": "a", "outcome": "crossed", "at_segment": 0, "x_m": [1999.0, 2400.0],
         "y_m": 0.0, "crossing_x_m": np.nan, "crossing_y_m": np.nan}
    )  # fmt: skip
    table = stretches(met, rail, length_m=1000)
    assert table[["from_m", "to_m", "crossed"]].values.tolist() == [[1000.0, 2000.0, 2.0]]


def hurrying(fixes):
    rng = np.random.default_rng(3)
    place, x_m = 3000.0, []
    for _ in range(fixes):
        x_m.append(place)
        pace = 300 * np.exp(1.4 * max(0.0, 1 - place / 2000))
        place = abs(place + rng.choice([-1, 1]) * pace * rng.uniform(0.8, 1.2))
        place = place if place < 10_000 else 20_000 - place
    return Track("k", np.arange(fixes) * 3600.0, np.array(x_m), np.zeros(fixes))


def test_of_a_few_weeks_no_distance_is_told():
    rng = np.random.default_rng(1)
    for fixes, weeks in ((160, 1), (1100, 6)):
        found = effect_distance([hurrying(fixes)], RAIL, reach_m=6000, rng=rng)
        assert found.weeks == weeks
        assert not found.distance_m.is_known
        assert np.isnan([found.distance_m.low, found.distance_m.high]).all()
    assert effect_distance([hurrying(3000)], RAIL, reach_m=6000, rng=rng).distance_m.is_known


def test_the_distance_up_to_which_animals_hurry_is_found():
    rng = np.random.default_rng(3)
    found = effect_distance([hurrying(6000)], RAIL, reach_m=6000, rng=rng)
    assert found.distance_m.low - 60 <= 2000 <= found.distance_m.high + 60
    assert found.at_line > found.beyond


def test_where_pace_is_even_no_distance_is_named():
    place = wander(MOVING, np.arange(4000) * 7200.0, np.random.default_rng(4))
    track = Track("k", np.arange(4000) * 7200.0, place[:, 0], place[:, 1])
    found = effect_distance([track], RAIL, reach_m=6000, rng=np.random.default_rng(4))
    assert not found.distance_m.is_known or found.explained < 0.01
    short = Track("k", np.arange(3) * 7200.0, place[:3, 0], place[:3, 1])
    nothing = effect_distance([short], RAIL, reach_m=6000, rng=np.random.default_rng(4))
    assert not nothing.distance_m.is_known
