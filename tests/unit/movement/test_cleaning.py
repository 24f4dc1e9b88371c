"""What is wrong is flagged with its reason, and nothing is lost."""

import numpy as np
import pandas as pd
import pytest

from kulan.errors import InvalidTableError
from kulan.movement.cleaning import Screening, clean, flag_certain
from kulan.movement.cleaning.speeds import impossible_speeds, spikes
from kulan.movement.cleaning.stillness import still_ends
from kulan.movement.fixes import Flag, make_fixes, reasons_of
from kulan.places import WGS84

DAY_S = 86_400.0


def fixes_of(times, x, y=None, *, crs="", clock="elapsed", **columns):
    table = pd.DataFrame({"animal_id": "k", "time": times, "x": x, "y": 0.0 if y is None else y})
    return make_fixes(table.assign(**columns), crs=crs, clock=clock)


def reasons(fixes):
    return [reasons_of(one) for one in fixes.table["flags"]]


def test_of_copies_one_stays():
    made = flag_certain(fixes_of([0.0, 0, 0, 60], [1, 1, 1, 2]))
    assert reasons(made) == [(), ("duplicate",), ("duplicate",), ()]


def test_flagging_twice_changes_nothing():
    once = flag_certain(fixes_of([0.0, 0, 60], [1, 2, 2]))
    assert flag_certain(once).table.equals(once.table)


def test_of_several_places_at_one_time_the_best_stays_whatever_the_order_of_rows():
    times, x, hdop = [0.0, 0.0, 0.0], [5.0, 7.0, 9.0], [4.0, 1.0, 2.0]
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        made = flag_certain(fixes_of(times, [x[k] for k in order], hdop=[hdop[k] for k in order]))
        assert made.table.loc[made.used, "x"].tolist() == [7.0]


def test_a_fix_set_aside_makes_no_copy_of_a_good_one():
    made = fixes_of([0.0, 0.0], [1, 1], flags=[int(Flag.SOURCE), 0])
    assert flag_certain(made).used.tolist() == [False, True]


@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [(107.0, 95.0, "out_of_range"), (0.0, 0.0, "null_island"), (np.nan, 45.0, "no_position")],
)
def test_places_that_are_none_are_named(x, y, reason):
    made = flag_certain(fixes_of([0.0, 60], [107.0, x], [45.0, y], crs=WGS84))
    assert reason in reasons(made)[1]


def test_the_fewest_fixes_go_that_will_do():
    # two wrong ones in a row: a look at neighbours alone would not tell which are wrong
    time_s = np.arange(7) * 60.0
    x = np.array([0, 100, 200, 90_000, 90_100, 300, 400.0])
    gone = impossible_speeds(time_s, x, np.zeros(7), 25.0)
    assert np.flatnonzero(gone).tolist() == [3, 4]


def test_a_record_run_backwards_loses_the_same_fixes():
    rng = np.random.default_rng(5)
    time_s = np.arange(300) * 300.0
    x = np.cumsum(rng.normal(0, 100, 300))
    x[rng.choice(300, 12, replace=False)] += 1e6
    forward = impossible_speeds(time_s, x, np.zeros(300), 25.0)
    backward = impossible_speeds(-time_s[::-1].copy(), x[::-1].copy(), np.zeros(300), 25.0)[::-1]
    assert forward.sum() == backward.sum() == 12
    assert np.array_equal(forward, backward)


def test_location_error_alone_is_no_speed():
    time_s, x = np.array([0.0, 1, 2]), np.array([0.0, 40, 0])
    assert impossible_speeds(time_s, x, np.zeros(3), 25.0).sum() == 1
    assert impossible_speeds(time_s, x, np.zeros(3), 25.0, slack_m=30).sum() == 0


def test_every_step_that_is_left_is_possible():
    rng = np.random.default_rng(9)
    time_s, x = np.arange(400) * 60.0, rng.uniform(0, 20_000, 400)
    kept = ~impossible_speeds(time_s, x, np.zeros(400), 25.0)
    assert kept.sum() > 1
    assert (np.abs(np.diff(x[kept])) <= 25.0 * np.diff(time_s[kept])).all()


def test_a_spike_needs_speed_and_a_full_turn():
    time_s = np.arange(5) * 60.0
    out_and_back = np.array([0, 10, 900, 20, 30.0])
    assert np.flatnonzero(spikes(time_s, out_and_back, np.zeros(5), 1.0)).tolist() == [2]
    assert not spikes(time_s, out_and_back, np.zeros(5), 50.0).any()
    aside = np.array([0, 0, 0, 900, 1800.0])  # a corner, not a spike
    assert not spikes(time_s, out_and_back, aside, 1.0).any()


def test_a_collar_that_fell_lies_still_to_the_end():
    time_s = np.arange(40) * DAY_S / 2
    x = np.where(np.arange(40) < 20, np.arange(40) * 700.0, 14_000.0)
    head, tail = still_ends(time_s, x, np.zeros(40), 50, 7 * DAY_S)
    assert np.flatnonzero(tail).tolist() == list(range(20, 40))
    assert not head.any()


def test_a_drawer_before_the_animal_is_the_beginning():
    time_s = np.arange(40) * DAY_S / 2
    x = np.where(np.arange(40) < 20, 0.0, np.arange(40) * 700.0)
    head, tail = still_ends(time_s, x, np.zeros(40), 50, 7 * DAY_S)
    assert np.flatnonzero(head).tolist() == list(range(20))
    assert not tail.any()


def test_a_rest_in_the_middle_is_no_fallen_collar():
    time_s = np.arange(60) * DAY_S / 2
    x = np.concatenate([np.arange(20) * 700.0, np.full(20, 14_000.0), np.arange(20) * -700.0])
    head, tail = still_ends(time_s, x, np.zeros(60), 50, 7 * DAY_S)
    assert not head.any()
    assert not tail.any()


def test_one_stray_fix_does_not_end_a_drawer():
    time_s = np.arange(40) * DAY_S / 2
    x = np.zeros(40)
    x[20] = 300.0
    cleaned, report = clean(fixes_of(time_s, x))
    assert not cleaned.used.any()
    assert "never moved" in report.notes[0]


def test_two_dimensions_and_poor_quality_are_set_aside_when_asked():
    fixes = fixes_of([0.0, 60, 120], [0, 1, 2], fix_dimension=[2, 3, 3], hdop=[1, 1, 12])
    cleaned, _ = clean(fixes, Screening(max_hdop=10))
    assert reasons(cleaned) == [("two_dimensional",), (), ("low_quality",)]
    kept, _ = clean(fixes, Screening(two_dimensional=False))
    assert kept.used.all()


def test_the_report_counts_every_reason():
    x = np.arange(10) * 100.0
    x[4] = 1e6
    cleaned, report = clean(fixes_of(np.arange(10) * 60.0, x))
    row = report.animals.iloc[0]
    assert (row["fixes"], row["used"], row["speed"]) == (10, 9, 1)
    assert report.totals == {"speed": 1}
    assert row["fastest_m_per_s"] == pytest.approx(100 / 60)
    assert len(cleaned.table) == 10


def test_degrees_are_measured_in_metres():
    longitude = 107.0 + np.array([0, 0.01, 3.0, 0.02])
    fixes = fixes_of(np.arange(4) * 600.0, longitude, 45.0, crs=WGS84)
    cleaned, _ = clean(fixes)
    assert reasons(cleaned) == [(), (), ("speed",), ()]


def test_one_fix_is_told():
    _, report = clean(fixes_of([0.0], [1.0]))
    assert report.notes == ("k: one usable fix of 1, so no step and no path.",)


def test_a_million_identical_fixes_are_one():
    cleaned, report = clean(fixes_of(np.zeros(1_000_000), np.ones(1_000_000)))
    assert cleaned.used.sum() == 1
    assert report.totals == {"duplicate": 999_999}


def test_settings_below_zero_are_refused():
    with pytest.raises(InvalidTableError, match="still_days"):
        Screening(still_days=-1)
