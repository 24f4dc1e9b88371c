"""Net displacement of each animal, with the best model and the dates of its journeys."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from kulan.movement.migration.mean_shift import MeanShifts
from kulan.movement.migration.net_displacement import Displacement
from kulan.movement.migration.thinning import DAY_S
from kulan.report.connectivity.legends import Item, Key, column_height_in, draw_column
from kulan.report.connectivity.lettering import INK, PALE_INK, number_text, shortened, write
from kulan.report.connectivity.sheets import MARGIN_IN, Caption, Picture, Sheet, lay_sheet
from kulan.report.connectivity.stretches import linear_stretch
from kulan.report.reader import Reader

MOST_ANIMALS = 30
_COLUMNS = 3
_WIDE_IN, _HIGH_IN, _LEFT_IN, _BELOW_IN, _HEAD_IN = 2.5, 1.25, 0.45, 0.35, 0.3
_LEGEND_IN, _GAP_IN = 2.15, 0.3
_TICK_PT, _NAME_PT = 7.0, 8.0
_DOTS, _CURVE, _BAND, _LIMIT = "#5b7083", "#d55e00", "#bcd9ec", "#0072b2"
_YEAR_DAYS = 400


@dataclass(frozen=True)
class ShownMigration:
    """What is drawn of an animal.

    Attributes
    ----------
    displacement
        Net displacement and ways of life.
    shifts
        Journeys.
    way
        Its way of life.
    """

    displacement: Displacement
    shifts: MeanShifts
    way: str


def migrations_picture(
    shown: Sequence[ShownMigration], caption: Caption, reader: Reader
) -> Picture:
    """Draw net displacement against time for each animal.

    Parameters
    ----------
    shown
        Animals; the first `MOST_ANIMALS` are drawn.
    caption
        Words around the picture, in the reader's language.
    reader
        For words and numbers.
    """
    drawn = shown[:MOST_ANIMALS]
    notes = []
    if len(drawn) < len(shown):
        notes.append(
            reader.say("{shown} of {all} animals are drawn.", shown=len(drawn), all=len(shown))
        )
    columns = min(_COLUMNS, len(drawn))
    rows = -(-len(drawn) // columns)
    one_wide, one_high = _LEFT_IN + _WIDE_IN + 0.15, _HEAD_IN + _HIGH_IN + _BELOW_IN
    items = _legend(reader)
    width = 2 * MARGIN_IN + columns * one_wide + _GAP_IN + _LEGEND_IN
    sheet = lay_sheet(caption, notes, width, max(rows * one_high, column_height_in(items)))
    for k, one in enumerate(drawn):
        left = MARGIN_IN + (k % columns) * one_wide + _LEFT_IN
        top = sheet.top - (k // columns) * one_high - _HEAD_IN
        _draw_one(sheet, one, left, top, reader)
    at = width - MARGIN_IN - _LEGEND_IN
    draw_column(sheet.paper, at, sheet.top - 0.05, items, reader.words)
    return Picture(sheet.figure)


def _legend(reader: Reader) -> list[Item]:
    return [
        Key(reader.say("distance from the first position, km"), "marker", _DOTS, size=3.0),
        Key(reader.say("best model of net displacement"), "line", _CURVE, width=1.6),
        Key(reader.say("journey between two ranges"), "patch", _BAND),
        Key(reader.say("95 % limits of its start and end"), "line", _LIMIT, width=2.2),
    ]


def _draw_one(sheet: Sheet, one: ShownMigration, left: float, top: float, reader: Reader) -> None:
    axes = sheet.body(left, top - _HIGH_IN, _WIDE_IN, _HIGH_IN)
    found = one.displacement
    time, best = found.track.time_s, found.best
    high = max(float(found.km.max()) * 1.08, 0.1)
    axes.set_xlim(time[0], time[-1])
    axes.set_ylim(0, high)
    for shift in one.shifts.shifts:
        axes.axvspan(shift.start_s.estimate, shift.end_s.estimate, color=_BAND, lw=0, zorder=0)
        for date in (shift.start_s, shift.end_s):
            axes.plot([date.low, date.high], [high * 0.985] * 2, color=_LIMIT, lw=2.2, zorder=3)
    axes.plot(time, found.km, ".", color=_DOTS, ms=2.2, mew=0, zorder=2)
    axes.plot(time, found.curve_km(best), color=_CURVE, lw=1.4, zorder=3)
    _ticks(sheet, axes, one, (left, top), reader)
    animal = found.track.animal_id
    if one.way == best.way:
        share = reader.words.percent(best.weight, 0)
        words = reader.say(
            "{animal}: {way}, {share}", animal=animal, way=_way(one.way, reader), share=share
        )
    else:
        words = reader.pair(animal, _way(one.way, reader))
    write(sheet.paper, left, top + 0.08, shortened(words, _WIDE_IN, _NAME_PT, lines=1)[0],
          size=_NAME_PT)  # fmt: skip


def _way(way: str, reader: Reader) -> str:
    return {
        "resident": reader.say("resident"),
        "nomad": reader.say("nomad"),
        "disperser": reader.say("disperser"),
        "migrant": reader.say("migrant"),
        "mixed migrant": reader.say("mixed migrant"),
        "wandering": reader.say("wandering"),
    }[way]


def _ticks(
    sheet: Sheet, axes: Axes, one: ShownMigration, corner: tuple[float, float], reader: Reader
) -> None:
    left, top = corner
    axes.set_xticks([])
    axes.set_yticks([])
    for side in ("right", "top"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(PALE_INK)
    high = axes.get_ylim()[1]
    for value in linear_stretch(np.array([0.0, high]), robust=False).ticks(4):
        if 0 <= value <= high:
            y = top - _HIGH_IN + value / high * _HIGH_IN
            text = number_text(value, reader.words)
            write(sheet.paper, left - 0.06, y - 0.04, text, size=_TICK_PT, ha="right")
    time = one.displacement.track.time_s
    low, end = float(time[0]), float(time[-1])
    for value, text in _moments(low, end, one.displacement.track.clock, reader):
        x = left + (value - low) / (end - low) * _WIDE_IN
        axes.axvline(value, color="#dfe4e8", lw=0.5, zorder=0)
        write(
            sheet.paper, x, top - _HIGH_IN - 0.05, text, size=_TICK_PT, va="top", ha="center",
            color=INK,
        )  # fmt: skip


def _moments(low: float, end: float, clock: str, reader: Reader) -> list[tuple[float, str]]:
    if clock == "elapsed":
        days = linear_stretch(np.array([0.0, (end - low) / DAY_S]), robust=False).ticks(4)
        return [
            (low + day * DAY_S, reader.say("day {day}", day=number_text(day, reader.words)))
            for day in days
            if 0 <= low + day * DAY_S - low <= end - low
        ]
    span = (end - low) / DAY_S
    months = next((m for m in (1, 2, 4, 6, 12, 24) if span / 30.4 / m <= 4), 60)
    start = pd.Timestamp(low, unit="s").normalize().replace(day=1)
    stamps = pd.date_range(start, pd.Timestamp(end, unit="s"), freq=f"{months}MS")
    return [(s.timestamp(), s.strftime("%Y-%m")) for s in stamps if low <= s.timestamp() <= end]
