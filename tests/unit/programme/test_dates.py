"""Dates known to the day, the month or the year."""

from datetime import date

import pandas as pd
import pytest

from kulan.programme.dates import first_day, holding_on


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2014", date(2014, 1, 1)),
        ("2014-11", date(2014, 11, 1)),
        ("2014-11-09", date(2014, 11, 9)),
    ],
)
def test_a_date_counts_from_its_first_day(text: str, day: date) -> None:
    assert first_day(text) == day


def test_a_row_holds_from_its_first_day_up_to_but_not_including_its_end() -> None:
    facts = pd.DataFrame({"valid_from": ["2001"], "valid_to": ["2003"]})

    held = [not holding_on(facts, date(year, 1, 1)).empty for year in (2000, 2001, 2002, 2003)]

    assert held == [False, True, True, False]


def test_a_row_without_dates_always_holds() -> None:
    facts = pd.DataFrame({"valid_from": [None], "valid_to": [None]})

    assert len(holding_on(facts, date(1900, 1, 1))) == 1


def test_asking_an_empty_table_gives_an_empty_table() -> None:
    facts = pd.DataFrame({"valid_from": [], "valid_to": []})

    assert holding_on(facts, date(2000, 1, 1)).empty
