"""Facts that hold for a time: dates known to the day, the month or the year."""

from datetime import date

import pandas as pd


def first_day(text: str) -> date:
    """Return the first day of a date written as 2014, 2014-11 or 2014-11-09.

    Examples
    --------
    >>> first_day("2014-11")
    datetime.date(2014, 11, 1)
    """
    padded = {4: text + "-01-01", 7: text + "-01", 10: text}[len(text)]
    return date.fromisoformat(padded)


def holding_on(facts: pd.DataFrame, on: date) -> pd.DataFrame:
    """Return the rows of a table of dated facts that held on a day.

    A row holds from `valid_from` (or always, if empty) up to but not including `valid_to` (or for
    good, if empty). A date known only to the year counts from 1 January of it, one known to the
    month from its first day.

    Parameters
    ----------
    facts
        A table with the columns `valid_from` and `valid_to`.
    on
        The day asked about.

    Examples
    --------
    >>> facts = pd.DataFrame(
    ...     {"value": ["EN", "VU"], "valid_from": [None, "2017-09"], "valid_to": ["2017-09", None]}
    ... )
    >>> holding_on(facts, date(2017, 9, 1))["value"].tolist()
    ['VU']
    """
    begun = facts["valid_from"].map(lambda text: not _given(text) or first_day(text) <= on)
    ended = facts["valid_to"].map(lambda text: _given(text) and first_day(text) <= on)
    return facts[begun.astype(bool) & ~ended.astype(bool)]


def _given(text: object) -> bool:
    return isinstance(text, str) and text != ""
