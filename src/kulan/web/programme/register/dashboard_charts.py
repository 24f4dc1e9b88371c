"""Charts of the dashboards as rows: a bar of parts, and the same numbers for the table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from kulan.programme.actions import Section
from kulan.programme.evidence import STATUS_NAMES
from kulan.programme.evidence.dashboards import (
    FACETS,
    PRIORITIES,
    STATUSES,
    Board,
    Choice,
    tally,
    values_of,
)
from kulan.programme.evidence.dashboards import over_time as over_days
from kulan.web.catalogue.names import species_words, state_words
from kulan.web.programme.register.dashboard_days import day_told
from kulan.web.programme.register.wording import PRIORITY_NAMES, landscape_words, leads_words
from kulan.web.programme.reporting.models import Cycle
from kulan.words import N_, Words, words_in

FACET_NAMES = {
    "section": (N_("By section"), N_("Section")),
    "state": (N_("By state"), N_("State")),
    "species": (N_("By species"), N_("Species")),
    "landscape": (N_("By landscape"), N_("Landscapes")),
    "lead": (N_("By who leads"), N_("Who leads")),
    "priority": (N_("By priority"), N_("Priority")),
    "day": (N_("Over time"), N_("Day")),
}
"""Heading of each chart, and what a row of it is."""

SEVERAL = ("state", "species", "landscape", "lead", "priority")
"""Facets of which an action may have several values, so that their rows overlap."""

_WIDTH = 1000
"""Width of the longest bar, in the units of its drawing."""


@dataclass(frozen=True)
class Part:
    """A part of a bar: actions of one status.

    Attributes
    ----------
    status
        Short name of the status.
    number
        How many actions.
    start, width
        Where it lies in the drawing.
    """

    status: str
    number: int
    start: float
    width: float


@dataclass(frozen=True)
class Bar:
    """One row of a chart.

    Attributes
    ----------
    value
        Short name of what the row counts.
    name
        In words.
    parts
        Parts of the bar, those without actions too.
    total
        How many actions.
    """

    value: str
    name: str
    parts: tuple[Part, ...]
    total: int


@dataclass(frozen=True)
class Chart:
    """A chart with its rows.

    Attributes
    ----------
    facet
        What the rows are; ``day`` for the chart over time.
    title
        In words.
    head
        What a row is, in words.
    bars
        The rows.
    columns
        Statuses that any row has: place among the parts, short name, words.
    overlapping
        Whether an action may stand in several rows.
    """

    facet: str
    title: str
    head: str
    bars: tuple[Bar, ...]
    columns: tuple[tuple[int, str, str], ...]
    overlapping: bool = False


def charts(
    board: Board, choice: Choice, sections: Iterable[Section], words: Words
) -> tuple[Chart, ...]:
    """Return a chart for each facet that has anything to show."""
    found = []
    for facet in FACETS:
        naming = namer(facet, sections, words)
        bars = bars_of(in_order(tally(board, facet, choice), facet, naming), naming)
        if bars:
            found.append(_chart(facet, bars, words))
    return tuple(found)


def over_time(
    board: Board, choice: Choice, words: Words, closed: Mapping[date, Iterable[Cycle]]
) -> Chart:
    """Return a chart with a row for each day of the board; cycles closed on it are named."""

    def naming(told: str) -> str:
        day = date.fromisoformat(told)
        return day_told(day, closed.get(day, ()), words)

    return _chart("day", bars_of(over_days(board, choice), naming), words)


def _chart(facet: str, bars: tuple[Bar, ...], words: Words) -> Chart:
    title, head = FACET_NAMES[facet]
    columns = tuple(
        (place, status.value, words.say(name))
        for place, (status, name) in enumerate(STATUS_NAMES.items())
        if any(bar.parts[place].number for bar in bars)
    )
    return Chart(facet, words.say(title), words.say(head), bars, columns, facet in SEVERAL)


def bars_of(table: pd.DataFrame, naming: Callable[[str], str]) -> tuple[Bar, ...]:
    """Return the rows of a tally as bars; the longest is as wide as the drawing."""
    longest = max(table["total"], default=1)
    return tuple(_bar(row, longest, naming) for row in table.to_dict("records"))


def _bar(row: dict[Any, Any], longest: int, naming: Callable[[str], str]) -> Bar:
    parts, start = [], 0.0
    for status in STATUSES:
        number = int(row[status.value])
        width = _WIDTH * number / longest
        parts.append(Part(status.value, number, round(start, 1), round(width, 1)))
        start += width
    return Bar(str(row["value"]), naming(str(row["value"])), tuple(parts), int(row["total"]))


def in_order(table: pd.DataFrame, facet: str, naming: Callable[[str], str]) -> pd.DataFrame:
    """Return the rows of a tally in the order in which readers expect them."""
    if facet == "section":
        return table
    if facet == "priority":
        place = {value: number for number, value in enumerate(PRIORITIES)}
        return table.sort_values("value", key=lambda values: values.map(place), kind="stable")
    if facet == "lead":
        return table.sort_values("total", ascending=False, kind="stable")
    return table.sort_values("value", key=lambda values: values.map(naming), kind="stable")


def namer(facet: str, sections: Iterable[Section], words: Words) -> Callable[[str], str]:
    """Return the function that puts a value of a facet in words."""
    if facet == "section":
        titles = {one.section_id: one.title(words.language) for one in sections}
        return lambda value: f"{value}. {titles.get(value, '')}".rstrip(". ")
    if facet in ("state", "species"):
        return lambda value: _name(facet, value, words.language)
    if facet == "landscape":
        return lambda value: landscape_words(value, words)
    if facet == "lead":
        return lambda value: leads_words([value], words)[0]
    return lambda value: words.say(PRIORITY_NAMES[value]) if value else words.say("None printed")


@cache
def _name(facet: str, value: str, language: str) -> str:
    """Return the name of a state or species; a page asks for each of them many times."""
    words = words_in(language)
    return state_words(value, words) if facet == "state" else species_words(value, words)


def filters(
    board: Board, sections: Iterable[Section], words: Words
) -> dict[str, list[tuple[str, str]]]:
    """Return what each filter offers: values that an action has, with their words."""
    found = {}
    for facet in FACETS:
        values = dict.fromkeys(value for item in board.asked for value in values_of(item, facet))
        naming = namer(facet, sections, words)
        named = [(value, naming(value)) for value in values if value]
        if facet == "priority":
            named.sort(key=lambda pair: PRIORITIES.index(pair[0]))
        elif facet != "section":
            named.sort(key=lambda pair: pair[1].casefold())
        found[facet] = named
    return found
