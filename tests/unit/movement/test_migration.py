"""Ways of life, dates of journeys, wandering, and the table of seasons."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.intervals import Interval
from kulan.movement.migration.kernels import distance_moments
from kulan.movement.migration.mean_shift import fit_mean_shifts
from kulan.movement.migration.net_displacement import fit_displacement
from kulan.movement.migration.seasons import check_seasons, parts_of, seasons_of
from kulan.movement.migration.thinning import DAY_S, mean_positions
from kulan.movement.migration.wandering import measure_wandering
from kulan.movement.migration.ways import crossings, moves_on_often, way_of_life
from kulan.movement.tracks import Track

YEAR = np.arange(365.0)


def strays(n, seed, *, spread_m=2500.0, memory_days=3.0):
    rng = np.random.default_rng(seed)
    keep = np.exp(-1 / memory_days)
    off = rng.normal(size=(n, 2))
    for i in range(1, n):
        off[i] = keep * off[i - 1] + np.sqrt(1 - keep**2) * off[i]
    return spread_m * off


def _track(mean_m, seed=1, **straying):
    off = strays(len(mean_m), seed, **straying)
    start = pd.Timestamp("2023-01-01", tz="UTC").timestamp()
    return Track("k1", start + DAY_S * np.arange(len(mean_m)), mean_m + off[:, 0], off[:, 1])


def _day(seconds):
    return (seconds - pd.Timestamp("2023-01-01", tz="UTC").timestamp()) / DAY_S


MIGRANT = np.interp(YEAR, [100, 110, 270, 285], [0, 60e3, 60e3, 0])
PATHS = {
    "resident": 0 * YEAR,
    "migrant": MIGRANT,
    "disperser": np.interp(YEAR, [150, 170], [0, 80e3]),
    "mixed migrant": np.interp(YEAR, [100, 110, 270, 285], [0, 80e3, 80e3, 40e3]),
    "nomad": 9e3 * np.sqrt(YEAR),
}


@pytest.mark.parametrize("way", PATHS)
def test_each_way_of_life_is_told_from_the_others(way):
    found = [fit_displacement(_track(PATHS[way], seed)) for seed in (2, 4, 5)]
    assert sum(one.best.way == way for one in found) >= 2
    assert sum(model.weight for model in found[0].models) == pytest.approx(1)


def test_distance_and_dates_of_a_migrant_lie_in_their_limits():
    best = fit_displacement(_track(MIGRANT, 3)).best
    # measured from the first position, which strays from the middle of its range
    assert best.distance_km.estimate == pytest.approx(60, abs=8)
    assert best.distance_km.low < best.distance_km.estimate < best.distance_km.high
    assert _day(best.dates["middle"].estimate) == pytest.approx(105, abs=2)
    assert _day(best.dates["return_middle"].estimate) == pytest.approx(277.5, abs=2)
    days = [_day(date.estimate) for date in best.dates.values()]
    assert days == sorted(days)


def test_the_curve_of_the_best_model_follows_the_displacement():
    found = fit_displacement(_track(MIGRANT))
    assert np.abs(found.curve_km(found.best) - found.km).mean() < 3


def test_at_home_the_curve_is_the_mean_of_a_distance_not_its_root_mean_square():
    found = fit_displacement(_track(MIGRANT), ways=("migrant",))
    [migrant] = found.models
    assert migrant.weight == 1
    level_km = np.exp(migrant.parameters[0] / 2)
    assert found.curve_km(migrant)[0] == pytest.approx(level_km * np.sqrt(np.pi) / 2, rel=1e-4)


@pytest.mark.parametrize("away", [0.0, 0.5, 3.0, 8.0, 14.0, 15.0, 30.0])
def test_distances_of_a_place_that_strays_are_those_of_rice(away):
    mean, spread = distance_moments((1.7 * away) ** 2, 1.7**2)
    exact = stats.rice(away, scale=1.7)
    assert mean == pytest.approx(exact.mean(), rel=1e-6)
    assert spread == pytest.approx(exact.std(), rel=2e-3)


def test_limits_of_displacement_count_that_the_first_position_strays():
    held = []
    for seed in range(30):
        [migrant] = fit_displacement(_track(MIGRANT, seed), ways=("migrant",)).models
        for name, day in (("middle", 105), ("return_middle", 277.5)):
            held.append(_day(migrant.dates[name].low) <= day <= _day(migrant.dates[name].high))
        held.append(migrant.distance_km.low <= 60 <= migrant.distance_km.high)
    # of 90 at 95 % fewer than 78 are had once in two thousand times
    assert sum(held) >= 78


def test_two_journeys_are_found_with_their_dates():
    found = fit_mean_shifts(_track(MIGRANT, 4))
    assert len(found.shifts) == 2
    for shift, (start, end) in zip(found.shifts, [(100, 110), (270, 285)], strict=True):
        assert _day(shift.start_s.low) - 1 < start < _day(shift.start_s.high) + 1
        assert _day(shift.end_s.low) - 1 < end < _day(shift.end_s.high) + 1
        assert shift.distance_m == pytest.approx(60e3, rel=0.1)


def test_an_animal_that_stays_has_no_journey():
    assert fit_mean_shifts(_track(PATHS["resident"], 5)).shifts == ()


def test_four_years_have_eight_journeys():
    days = np.arange(4 * 365.0)
    year = np.interp(days % 365, [100, 110, 270, 285], [0, 60e3, 60e3, 0])
    assert len(fit_mean_shifts(_track(year, 6), most=10).shifts) == 8


def test_dates_do_not_depend_on_where_the_map_begins():
    track = _track(MIGRANT, 7)
    turned = Track("k1", track.time_s, 1e6 - track.y_m, 5e6 + track.x_m)
    one, other = fit_mean_shifts(track).shifts, fit_mean_shifts(turned).shifts
    assert one[0].start_s.estimate == pytest.approx(other[0].start_s.estimate, abs=DAY_S / 10)


def test_a_few_days_are_no_year():
    short = _track(PATHS["resident"][:10])
    for fit in (fit_displacement, fit_mean_shifts, measure_wandering):
        with pytest.raises(NotEnoughDataError, match="10"):
            fit(short)


def test_a_collar_on_a_shelf_is_no_resident():
    shelf = Track("k1", DAY_S * YEAR, np.zeros(365), np.zeros(365))
    with pytest.raises(NotEnoughDataError, match="never moves"):
        fit_displacement(shelf)


def test_mean_positions_leave_gaps_alone():
    track = Track("k1", np.array([0.0, 40_000, 300_000]), np.array([0.0, 2, 9]), np.zeros(3))
    assert mean_positions(track).x_m.tolist() == [1, 9]
    with pytest.raises(InvalidTableError):
        mean_positions(track, 0)


def test_a_wanderer_spreads_and_is_elsewhere_after_a_year():
    walk = np.random.default_rng(2).normal(0, 6000, (2, 900)).cumsum(axis=1)
    found = measure_wandering(Track("k1", DAY_S * np.arange(900.0), *walk))
    assert 0.7 < found.spreading.estimate < 1.3
    assert found.fidelity.estimate > 0.5


def test_a_migrant_is_where_it_was_a_year_ago():
    days = np.arange(900.0)
    year = np.interp(days % 365, [100, 110, 270, 285], [0, 60e3, 60e3, 0])
    found = measure_wandering(_track(year))
    assert found.fidelity.high < 0.5
    assert found.extent_km > 55


def test_limits_of_wandering_are_never_below_nothing_nor_above_straight():
    day = np.arange(120.0)
    rng = np.random.default_rng(3)
    # far and near months by turns: the median leaps as one of them is left out
    stride = np.where((day // 30) % 2 == 0, 20e3, 100.0)
    crooked = Track("k1", DAY_S * day, (stride * rng.normal(size=120)).cumsum(), np.zeros(120))
    straight = np.where((day // 30) % 2 == 0, 5e3 * day, 5e3 * (day + 3 * rng.normal(size=120)))
    for track in (crooked, Track("k1", DAY_S * day, straight, np.zeros(120))):
        found = measure_wandering(track)
        assert 0 <= found.daily_km.low <= found.daily_km.estimate <= found.daily_km.high
        told = found.straightness
        assert 0 <= told.low <= told.estimate <= told.high <= 1


def test_less_than_a_year_says_nothing_of_fidelity():
    assert not measure_wandering(_track(PATHS["nomad"][:200])).fidelity.is_known


def test_seasons_go_out_are_edited_and_come_in():
    track = _track(MIGRANT, 8)
    table = seasons_of(fit_mean_shifts(track))
    assert table["kind"].tolist() == ["range", "migration", "range", "migration", "range"]
    assert table["season"].tolist()[1::2] == ["migration Jan-Jun", "migration Jul-Dec"]
    table.loc[1, ["start", "end"]] = ["2023-04-11", "2023-04-21T12:00+08:00"]
    table.loc[0, "end"] = "2023-04-11"
    table.loc[2, "start"] = "2023-04-22"
    checked = check_seasons(table, ["k1"], "utc")
    parts = {season["season"]: part for season, part in parts_of(track, checked)}
    assert len(parts["migration Jan-Jun"]) == 11  # noon at +08:00 is 04:00 UTC
    assert len(parts["range 1"]) == 100


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"animal_id": "k9"}, "k9"),
        ({"kind": "stopover"}, "stopover"),
        ({"end": "2022-01-01"}, "not after"),
        ({"start": "spring"}, "start"),
        ({"start": None}, "missing"),
    ],
)
def test_what_is_wrong_with_an_edited_table_is_said(change, says):
    row = {"animal_id": "k1", "kind": "range", "season": "w", "start": "2023-01-01"}
    table = pd.DataFrame([row | {"end": "2023-03-01"} | change])
    with pytest.raises(InvalidTableError, match=says):
        check_seasons(table, ["k1"], "utc")


def test_seasons_of_one_animal_may_not_overlap():
    table = pd.DataFrame(
        {
            "animal_id": "k1",
            "kind": "range",
            "season": ["winter", "summer"],
            "start": ["2023-01-01", "2023-03-01"],
            "end": ["2023-04-01", "2023-09-01"],
        }
    )
    with pytest.raises(InvalidTableError, match="before 'winter' ends"):
        check_seasons(table, ["k1"], "utc")


def test_elapsed_clocks_have_no_half_years():
    days = np.arange(200.0)
    off = strays(200, 9)
    mean = np.interp(days, [90, 100], [0, 50e3])
    track = Track("k1", DAY_S * days, mean + off[:, 0], off[:, 1], clock="elapsed")
    table = seasons_of(fit_mean_shifts(track))
    assert table["season"].tolist() == ["range 1", "migration", "range 2"]
    assert check_seasons(table, ["k1"], "elapsed")["start_s"].is_monotonic_increasing


def test_an_animal_that_moves_on_every_two_months_wanders_and_a_migrant_does_not():
    days = np.arange(365.0)
    steps = np.interp(days, [50, 55, 110, 115, 170, 175, 230, 235, 290, 295],
                      [0, 60e3, 60e3, 10e3, 10e3, 90e3, 90e3, 40e3, 40e3, 120e3])  # fmt: skip
    for mean, way in ((steps, "wandering"), (MIGRANT, "migrant")):
        track = _track(mean, 8)
        assert way_of_life(fit_displacement(track), fit_mean_shifts(track)) == way


def test_an_animal_on_its_way_when_the_record_begins_was_in_no_range_before():
    track = _track(MIGRANT, 8)
    found = fit_mean_shifts(track)
    first, start = found.shifts[0], float(track.time_s[0])
    begun = replace(first, start_s=Interval(start, start, start))
    table = seasons_of(replace(found, shifts=(begun, *found.shifts[1:])))
    assert table["kind"].tolist() == ["migration", "range", "migration", "range"]
    assert table["season"].tolist()[1] == "range 2"
    assert len(check_seasons(table, ["k1"], "utc")) == 4


SIDES = {
    "a stop on the way out": ([60, 62, 105, 109, 265, 275], [0, 12, 12, 65, 65, 0]),
    "moves within both sides": (
        [40, 42, 100, 110, 160, 163, 270, 285, 325, 327],
        [0, 10, 10, 60, 60, 75, 75, 10, 10, 0],
    ),
}


@pytest.mark.parametrize("moved", SIDES)
def test_a_migrant_that_also_moves_within_a_side_does_not_wander(moved):
    days, km = SIDES[moved]
    track = _track(np.interp(YEAR, days, 1e3 * np.array(km)), 8, spread_m=1200)
    shifts = fit_mean_shifts(track)
    assert moves_on_often(shifts)
    assert way_of_life(fit_displacement(track), shifts) in ("migrant", "mixed migrant")


def test_of_simulated_nomads_none_is_called_a_migrant():
    often, ways = 0, []
    for seed in range(6):
        rng = np.random.default_rng([7, seed])
        days = np.sort(rng.choice(np.arange(20, 340, 30), 5, replace=False))
        places = rng.normal(0, 60e3, (6, 2))
        times, ranges = np.column_stack([days, days + 5]).ravel(), np.repeat(places, 2, axis=0)
        mean = np.column_stack([np.interp(YEAR, times, ranges[1:-1, k]) for k in (0, 1)])
        x_m, y_m = (mean + strays(365, seed, spread_m=6000)).T
        track = Track("k1", DAY_S * YEAR, x_m, y_m)
        shifts = fit_mean_shifts(track)
        often += moves_on_often(shifts)
        if moves_on_often(shifts):
            ways.append(way_of_life(fit_displacement(track), shifts))
    assert often >= 5
    assert set(ways) == {"wandering"}


def test_out_and_back_in_less_than_a_year_with_another_move_is_no_migration_yet():
    days, km = SIDES["a stop on the way out"]
    mean = np.interp(YEAR, days, 1e3 * np.array(km))
    track = _track(mean[:310], 8, spread_m=1200)
    shifts = fit_mean_shifts(track)
    assert moves_on_often(shifts)
    assert way_of_life(fit_displacement(track), shifts) == "wandering"


def test_ranges_in_a_row_lie_on_no_two_sides():
    row = np.array([[0.0, 0], [40, 0], [80, 0], [40, 9], [0, 9]])
    assert crossings(row) == 0
    assert crossings(np.array([[0.0, 0]])) == 0
    assert crossings(np.array([[0.0, 0], [40, 0], [0, 1], [40, 1]])) == 3
