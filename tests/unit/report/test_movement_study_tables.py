"""A study's report holds the tables that answers are asked for: states, journeys, and limits."""

import re

import pytest

from kulan.report.document import KeyValues, Table
from kulan.report.movement.study import StudyPart, study_document
from kulan.report.movement.study_words import told_limits, told_number
from kulan.report.reader import NBSP, Reader
from kulan.words import words_in

_RECIPE = {"method": "", "version": "1", "inputs": [], "parameters": {}, "source": ""}


def limits(low, estimate, high):
    return {"low": low, "estimate": estimate, "high": high, "level": 0.95}


def told(method, numbers, language="en"):
    """The blocks of the report's part: tables by caption, and the labelled numbers."""
    result = {"method": method, "numbers": numbers, "recipe": _RECIPE, "recipe_sha256": "a" * 64}
    document = study_document([StudyPart("mine", result)], "", words_in(language), on="2024-05-01")
    section = next(one for one in document.sections if one.anchor == "part-1")
    tables = {one.caption: one for one in section.blocks if isinstance(one, Table)}
    items = [one.items for one in section.blocks if isinstance(one, KeyValues)]
    return tables, {plain(label): plain(cell.text) for one in items for label, cell in one}


def plain(text):
    return re.sub(r"[\u00a0\u202f]", " ", text)


def heads(table):
    return [column.title for column in table.columns]


def cells(table):
    return [[plain(cell.text) for cell in row.cells] for row in table.rows]


def notes(table):
    return [[plain(cell.note) for cell in row.cells] for row in table.rows]


JOURNEY = {
    "start": limits("2024-04-14T13:27:46Z", "2024-04-19T05:29:50Z", "2024-04-23T18:38:40Z"),
    "end": limits(None, "2024-05-04T01:07:47Z", None),
    "duration_days": limits(11.1, 14.8, 24.5),
    "distance_km": 58.4,
}


def migration(journey=JOURNEY, way="migrant"):
    one = {"way": way, "distance_km": limits(52.2, 55.1, 58.2), "journeys": [journey]}
    return told("kulan.movement.migration.mean_shift.fit_mean_shifts", {"animals": {"K1": one}})[0]


def test_journeys_stand_with_their_dates_their_limits_and_their_distance():
    table = migration()["Journeys between ranges"]
    assert cells(table) == [["K1", "1", "April 19, 2024", "May 4, 2024", "14.8 d", "58.4 km"]]
    assert notes(table)[0][2] == "April 14, 2024 to April 23, 2024 (95%)"
    assert notes(table)[0][3] == "limits cannot be told"
    assert notes(table)[0][4] == "11.1 d to 24.5 d (95%)"


def test_journeys_on_an_elapsed_clock_are_told_in_days_since_it_began():
    start = limits("458415", "1382028", "1483817")
    table = migration(JOURNEY | {"start": start})["Journeys between ranges"]
    assert cells(table)[0][2] == "day 16.0"
    assert notes(table)[0][2] == "day 5.3 to day 17.2 (95%)"


def test_the_distance_of_net_displacement_is_said_to_be_from_the_first_position():
    assert "distance from the first position" in heads(migration()["Animal by animal"])


def states(language="en"):
    numbers = {
        "observations": 100,
        "states": [
            {"state": 1, "share_of_time": 0.5539, "step_mean_m": limits(490.0, 500.0, 510.0),
             "turn_mean_rad": limits(-0.1, 0.0, 0.1)},
            {"state": 2, "share_of_time": 0.4461, "step_mean_m": limits(970.0, 985.0, 998.0),
             "turn_mean_rad": limits(3.0, 3.14159265, 3.2)},
        ],
        "moves": [[0.775, 0.225], [0.279, 0.721]],
        "stationary": [0.5538, 0.4462],
    }  # fmt: skip
    return told("kulan.movement.states.fitting.fit_states", numbers, language)


def test_states_stand_in_a_table_of_their_own():
    tables, items = states()
    table = tables["States of movement"]
    assert heads(table) == [
        "State of movement",
        "Share of time",
        "Mean step",
        "Mean turn",
        "Share in the long run",
    ]
    assert cells(table)[1] == ["2", "44.6%", "985 m", "180°", "44.6%"]
    assert notes(table)[0][2] == "490 m to 510 m (95%)"
    assert not any("stationary" in label or "long run" in label for label in items)


def test_which_state_follows_which_is_told_as_chances():
    table = states()[0]["Chance that the next step is of a state"]
    assert cells(table) == [["1", "77.5%", "22.5%"], ["2", "27.9%", "72.1%"]]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "limits cannot be told"),
        ("ru", "пределы назвать нельзя"),
        ("fr", "les limites ne peuvent être données"),
    ],
)
def test_limits_that_cannot_be_told_are_said_to_be_once(language, words):
    reader = Reader(words_in(language))
    assert plain(told_limits("area_km2", limits(None, 3.0, float("nan")), reader)) == words


def test_one_limit_is_told_and_the_other_said_to_be_missing():
    reader = Reader(words_in("en"))
    above = told_limits("area_km2", limits(2.0, 3.0, None), reader).replace(NBSP, " ")
    assert above == "from 2 km²; the upper limit cannot be told (95%)"
    below = told_limits("area_km2", limits(None, 3.0, 4.0), reader).replace(NBSP, " ")
    assert below == "up to 4 km²; the lower limit cannot be told (95%)"
    assert told_limits("area_km2", limits(None, None, None), reader) == ""
    assert told_number("area_km2", None, reader) == "cannot be said"


def items(method, numbers, language="en"):
    return told(f"kulan.movement.{method}", numbers, language)[1]


def test_numbers_in_a_list_have_their_unit_and_are_written_out():
    moved = {"migration": {"second_m": [0.0, 60000.0], "away_day": 120.0, "takes_days": 20}}
    shown = items("simulation.study.simulate_study", moved)
    assert shown == {
        "migration: middle of the second range, east and north": "0 m; 60 km",
        "migration: half the way out is done on": "day 120",
        "migration: a journey takes": "20 d",
    }


def test_areas_for_several_shares_of_use_have_their_unit():
    areas = {"0.5": limits(140.0, 183.0, 220.0), "0.95": limits(600.0, 724.0, 900.0)}
    shown = items("ranges.akde.akde", {"together": {"population_area_km2": areas}})
    assert shown == {
        "animals together: area of the population: 50%": "183 km²",
        "animals together: area of the population: 95%": "724 km²",
    }


def test_a_coefficient_of_a_length_is_told_for_each_metre():
    mean = {"length_m": limits(-1e-4, 1.21e-5, 1e-4), "log_length:start_snow": 0.024}
    shown = items("selection.step_selection.fit_step_selection", {"population_mean": mean})
    assert shown == {
        "mean of the population: length, for each metre": "0.0000121",
        "mean of the population: logarithm of the length × snow at the start of the step": "0.024",
    }


def test_what_is_compared_by_small_differences_is_not_rounded_away():
    shown = items("states.fitting.fit_states", {"aic": 44612.34, "log_likelihood": -22301.17})
    assert shown == {"AIC": "44,612.3", "log-likelihood": "−22,301.2"}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("farthest_from_first_m", 540_123.0, "540 km"),
        ("distance_per_day_m", 8468.0, "8,470 m"),
        ("area_m2", 2_000_000, "2 km²"),
        ("path_km_per_day", 7.06, "7.06 km a day"),
        ("animals_with_a_distance_per_day", 12, "12"),
        ("fixes", 16897, "16,897"),
    ],
)
def test_numbers_are_told_in_a_unit_that_suits_them(name, value, words):
    assert plain(told_number(name, value, Reader(words_in("en")))) == words


def test_changes_of_the_intercept_are_told_as_chances_and_those_of_covariates_as_log_odds():
    numbers = {"changes": {"base: 1 -> 2": -0.654, "snow: 1 -> 2": 0.0289}}
    shown = items("states.fitting.fit_states", numbers)
    change = "snow, state 1 to 2 (log-odds, for one standard deviation)"
    assert shown == {f"changes between states: {change}": "0.0289"}


def test_reasons_to_set_fixes_aside_are_told_one_by_one():
    reader = Reader(words_in("ru"))
    assert plain(told_number("set_aside", "5 no position, 2 speed", reader)) == (
        "нет положения: 5; невозможная скорость: 2"
    )
    assert told_number("set_aside", "", Reader(words_in("en"))) == "nothing"


@pytest.mark.parametrize(
    ("language", "way", "model", "shares"),
    [
        ("ru", "кочует", "OUF, анизотропная (2); OUO (1)", "0,375; 0,419"),
        ("fr", "itinérant", "OUF anisotrope (2) ; OUO (1)", "0,375 ; 0,419"),
    ],
)
def test_values_and_decimals_are_told_in_the_readers_language(language, way, model, shares):
    reader = Reader(words_in(language))
    assert plain(told_number("way", "wandering", reader)) == way
    models = {"S1": "OUF anisotropic", "S2": "OUF anisotropic", "S3": "OUO"}
    shown = items("barriers.permeability.permeability_by", {"movement_without_the_line": models,
                  "crossing_probability": [0.3749, 0.4187]}, language)  # fmt: skip
    assert list(shown.values()) == [model, shares]
