"""How sensitive a record's position is: categories by species, state and season, as data.

The categories are those of GBIF's guide, and so is their use: a rule is a trigger, not a verdict.
It says at which precision a record is shown to the public unless somebody who may do so decides
otherwise for the data set, in writing. Where less is known of a record, the stricter rule holds.

References
----------
Chapman, A. D. (2020). Current Best Practices for Generalizing Sensitive Species Occurrence Data.
GBIF Secretariat, Copenhagen. doi:10.15468/doc-5jp4-5g10. Table 7.
"""

from collections.abc import Collection, Iterable
from enum import IntEnum
from functools import cache
from importlib.resources import files
from itertools import product

import pandas as pd

from kulan.atlas.precision import Precision
from kulan.atlas.tables import SENSITIVITIES
from kulan.schemas import check_table, read_table

_DATA = files("kulan.atlas") / "data"


class Category(IntEnum):
    """How sensitive a position is; a higher number is more sensitive.

    `OPEN` is not sensitive. `LOW`, `MEDIUM` and `HIGH` are categories 4, 3 and 2 of the guide;
    `EXTREME` and `WITHHELD` are the two halves of category 1.

    Examples
    --------
    >>> Category.HIGH.precision.cell_deg
    0.1
    """

    OPEN = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    EXTREME = 4
    WITHHELD = 5

    @property
    def precision(self) -> Precision:
        """Precision at which the public sees a record, if nothing else is agreed."""
        return Precision(int(self))

    @classmethod
    def named(cls, name: str) -> "Category":
        """Return the category a table calls ``open``, ``low`` and so on."""
        return cls[name.upper()]


UNLISTED = Category.HIGH
"""Least category of a species without a rule for all states and the whole year: that nobody has
weighed it does not make it open."""


def sensitivities() -> pd.DataFrame:
    """Return the rules that come with Kulan. See `tables.SENSITIVITIES`."""
    return _read_once().copy()


@cache
def _read_once() -> pd.DataFrame:
    return read_table(_DATA / "sensitivities.csv", SENSITIVITIES)


def check_rules(rules: pd.DataFrame) -> None:
    """Refuse rules that do not keep the declaration `tables.SENSITIVITIES`.

    Raises
    ------
    InvalidTableError
        If a column is missing, a value is not allowed, or two rules speak of the same case.
    """
    check_table(rules, SENSITIVITIES)


def category_of(species_id: str, iso3: str, season: str, rules: pd.DataFrame) -> Category:
    """Return the strictest category that any matching rule gives.

    A rule matches when its species is the record's and its state and its season are empty or the
    record's. What is not known of a record, an empty text, matches every rule: not to say where or
    when never makes a record less sensitive.

    Parameters
    ----------
    species_id
        Species; one without a rule for all states and the whole year, and an empty text, is
        `UNLISTED` at least.
    iso3
        State, ISO 3166-1 alpha-3; empty where not known.
    season
        Life event (see `kulan.programme.terms.LIFE_EVENTS`); empty where not known.
    rules
        A table as `tables.SENSITIVITIES` declares it.

    Examples
    --------
    >>> rules = sensitivities()
    >>> category_of("saiga", "KAZ", "winter_range", rules).name
    'MEDIUM'
    >>> category_of("saiga", "KAZ", "birth", rules).name
    'HIGH'
    """
    found = rules if species_id == "" else rules[rules["species_id"] == species_id]
    general = _speaks_of(found, "iso3", None) & _speaks_of(found, "season", None)
    weighed = species_id != "" and bool(general.any())
    matching = found[_speaks_of(found, "iso3", iso3) & _speaks_of(found, "season", season)]
    given = [Category.named(str(name)) for name in matching["category"]]
    return max(given if weighed else [UNLISTED, *given])


def _speaks_of(rules: pd.DataFrame, column: str, value: str | None) -> "pd.Series[bool]":
    """Say which rules hold for a value, where an empty one stands for any; None asks for these."""
    if value == "":
        return pd.Series(data=True, index=rules.index, dtype=bool)
    return rules[column].isna() | rules[column].isin(["", value])


def category_in_seasons(
    species_id: str, iso3: str, seasons: Collection[str], rules: pd.DataFrame
) -> Category:
    """Return the strictest category over the life events that a record's dates may fall into.

    Parameters
    ----------
    species_id, iso3
        As in `category_of`.
    seasons
        Life events of those days (see `seasons_in`); with none, only rules for the whole year hold.
    rules
        A table as `tables.SENSITIVITIES` declares it.
    """
    return max(category_of(species_id, iso3, season, rules) for season in seasons or ("no season",))


def seasons_in(
    species_id: str, iso3: str, months: Collection[int], calendar: pd.DataFrame
) -> tuple[str, ...]:
    """Return the life events of a species that touch some months, by the programme's calendar.

    Parameters
    ----------
    species_id, iso3
        Species and state; an empty state stands for all.
    months
        Months of the record, 1 to 12; none where its date is not known, which stands for all.
    calendar
        A table as `kulan.programme.seasons` returns it.

    Examples
    --------
    >>> from kulan import programme
    >>> "birth" in seasons_in("saiga", "KAZ", [5], programme.seasons())
    True
    """
    asked = set(months) or set(range(1, 13))
    rows = calendar[calendar["species_id"] == species_id]
    cells = zip(rows["life_event"], rows["months"], rows["states"], strict=True)
    found = {
        str(event)
        for event, when, where in cells
        if asked & set(when) and (not iso3 or not where or iso3 in where)
    }
    return tuple(sorted(found))


def strictest(
    species_ids: Iterable[str],
    states: Iterable[str],
    seasons: Iterable[str],
    rules: pd.DataFrame,
) -> Category:
    """Return the strictest category of a record over everything it has ever been called.

    A record that was a snow leopard in one version and a lynx in the next keeps the category of
    the snow leopard: otherwise a change of name would be the way to a finer position.

    Parameters
    ----------
    species_ids, states, seasons
        Every species, state and season any version of the record has borne; none of a kind counts
        as not known.
    rules
        A table as `tables.SENSITIVITIES` declares it.

    Examples
    --------
    >>> strictest(["eurasian_lynx", "snow_leopard"], ["KGZ"], ["rut"], sensitivities()).name
    'HIGH'
    """
    names, places, times = (tuple(items) or ("",) for items in (species_ids, states, seasons))
    return max(
        category_of(name, place, time, rules) for name, place, time in product(names, places, times)
    )
