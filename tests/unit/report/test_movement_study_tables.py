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
