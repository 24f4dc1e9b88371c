"""Corridors of a population on a map, and how much of the population they hold by sample size."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from kulan.movement.contours import outline
from kulan.movement.corridors.populations import Corridors
from kulan.movement.tracks import Track
from kulan.report.connectivity.legends import Heading, Item, Key, column_height_in, draw_column
from kulan.report.connectivity.lettering import INK, PALE_INK, number_text, write
from kulan.report.connectivity.sheets import MARGIN_IN, Caption, Picture, Sheet, lay_sheet
from kulan.report.reader import Reader

Ways = Sequence[tuple[Track, Sequence[tuple[float, float]]]]

_LONGER_IN, _GAP_IN, _COLUMN_IN = 6.6, 0.3, 2.5
_CURVE_HIGH_IN, _AXIS_IN = 1.7, 0.5
_TICK_PT, _TITLE_PT = 7.5, 8.5
_USE = ("#c6dbef", "#6baed6", "#08519c")
_STOP, _WAY, _LINE = "#d55e00", "#3c4650", "#0072b2"


def corridors_picture(
    corridors: Corridors, ways: Ways, caption: Caption, reader: Reader
) -> Picture:
    """Draw corridors by use, stopovers, journeys, and the share held by number of animals.

    Parameters
    ----------
    corridors
        What was found.
    ways
        Tracks, each with the start and end of its journeys.
    caption
        Words around the picture, in the reader's language.
    reader
        For words and numbers.
    """
    frame = corridors.frame
    shown = _shown(corridors)
    width_m, height_m = shown[1] - shown[0], shown[3] - shown[2]
    scale = _LONGER_IN / max(width_m, height_m)
    map_wide, map_high = max(width_m * scale, 2.2), max(height_m * scale, 2.2)
    items = _legend(corridors, reader)
    column = column_height_in(items) + 0.4 + _CURVE_HIGH_IN + _AXIS_IN
    width = 2 * MARGIN_IN + map_wide + _GAP_IN + _COLUMN_IN
    sheet = lay_sheet(caption, _notes(corridors, reader), width, max(map_high, column))
    axes = sheet.body(MARGIN_IN, sheet.top - map_high, map_wide, map_high)
    extent = (
        frame.west_m,
        frame.west_m + frame.columns * frame.cell_x_m,
        frame.north_m - frame.rows * frame.cell_y_m,
        frame.north_m,
    )
    classes = np.ma.masked_equal(corridors.classes, 0)
    axes.imshow(
        classes, extent=extent, cmap=ListedColormap(list(_USE)), vmin=1, vmax=3,
        interpolation="nearest", aspect="equal", zorder=1,
    )  # fmt: skip
    _draw_ways(axes, ways)
    for part in outline(corridors.stopovers, frame).geoms:
        for ring in (part.exterior, *part.interiors):
            axes.plot(*ring.xy, color=_STOP, lw=1.0, zorder=4)
    middle = (shown[0] + shown[1]) / 2, (shown[2] + shown[3]) / 2
    half = map_wide / scale / 2, map_high / scale / 2
    axes.set_xlim(middle[0] - half[0], middle[0] + half[0])
    axes.set_ylim(middle[1] - half[1], middle[1] + half[1])
    _finish(axes, min(half) * 2, reader)
    left = width - MARGIN_IN - _COLUMN_IN
    draw_column(sheet.paper, left, sheet.top - 0.05, items, reader.words)
    _draw_curve(sheet, corridors, left, sheet.top - column_height_in(items) - 0.45, reader)
    return Picture(sheet.figure)


def _shown(corridors: Corridors) -> tuple[float, float, float, float]:
    """Return west, east, south and north of the corridor with a little room, m."""
    frame = corridors.frame
    rows, columns = np.nonzero(corridors.animals_in)
    pad = 0.04 * max(np.ptp(rows) * frame.cell_y_m, np.ptp(columns) * frame.cell_x_m, 1.0)
    x, y = frame.x_m[columns], frame.y_m[rows]
    pad += frame.cell_x_m
    return float(x.min() - pad), float(x.max() + pad), float(y.min() - pad), float(y.max() + pad)


def _legend(corridors: Corridors, reader: Reader) -> list[Item]:
    number = reader.words.number

    def km2(area: float) -> str:
        return str(number(round(area)))

    return [
        Heading(reader.say("Use on migration")),
        Key(
            reader.say("high: a fifth of the animals ({area} km²)",
                       area=km2(corridors.high_km2.estimate)),
            "patch", _USE[2],
        ),
        Key(
            reader.say("medium: a tenth ({area} km²)", area=km2(corridors.medium_km2.estimate)),
            "patch", _USE[1],
        ),
        Key(
            reader.say("low: one animal ({area} km²)", area=km2(corridors.low_km2.estimate)),
            "patch", _USE[0],
        ),
        Key(reader.say("stopover: the tenth used most"), "line", _STOP, width=1.2),
        Key(reader.say("journeys"), "line", _WAY, width=0.7),
    ]  # fmt: skip


def _notes(corridors: Corridors, reader: Reader) -> list[str]:
    held = corridors.held
    if not held.is_known:
        return [reader.say("One animal tells nothing of the others.")]
    return [
        reader.say(
            "An animal that was not tracked would have {share} % ({low} to {high}) of its use on "
            "migration inside this corridor, if it is of the population that was sampled.",
            share=round(100 * held.estimate),
            low=round(100 * held.low),
            high=round(100 * held.high),
        )
    ]


def _draw_ways(axes: Axes, ways: Ways) -> None:
    for track, journeys in ways:
        for start, end in journeys:
            on_way = (track.time_s >= start) & (track.time_s <= end)
            axes.plot(
                track.x_m[on_way], track.y_m[on_way], color=_WAY, lw=0.45, alpha=0.7, zorder=3
            )


def _finish(axes: Axes, across_m: float, reader: Reader) -> None:
    """Take the ticks away and draw a bar of a round length."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(PALE_INK)
    wanted = across_m / 4000
    power = 10.0 ** np.floor(np.log10(wanted))
    km = float(max(one for one in (1, 2, 5) if one * power <= wanted) * power)
    west, south = axes.get_xlim()[0], axes.get_ylim()[0]
    left, low = west + 0.05 * across_m, south + 0.05 * across_m
    axes.plot([left, left + km * 1000], [low, low], color=INK, lw=1.8, zorder=6)
    text = reader.say("{km} km", km=number_text(km, reader.words))
    at = left + km * 500, low + 0.015 * across_m
    write(axes, *at, text, size=_TICK_PT, ha="center", halo=True)


def _draw_curve(
    sheet: Sheet, corridors: Corridors, left: float, top: float, reader: Reader
) -> None:
    curve = corridors.curve[:-1]
    if not len(curve):
        return
    title = reader.say("Share of a stranger's use that is held, %")
    write(sheet.paper, left, top + 0.08, title, size=_TITLE_PT)
    at, wide = left + 0.35, _COLUMN_IN - 0.45
    axes = sheet.body(at, top - _CURVE_HIGH_IN, wide, _CURVE_HIGH_IN)
    most = float(curve[-1, 0])
    axes.set_xlim(0, most + 0.5)
    axes.set_ylim(0, 100)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in ("right", "top"):
        axes.spines[side].set_visible(False)
    axes.plot(curve[:, 0], 100 * curve[:, 1], color=_LINE, lw=1.6, marker="o", ms=2.5)
    held = corridors.held
    axes.plot([most, most], [100 * held.low, 100 * held.high], color=_LINE, lw=1.2)
    for value in (0, 25, 50, 75, 100):
        axes.axhline(value, color="#dfe4e8", lw=0.5, zorder=0)
        y = top - _CURVE_HIGH_IN * (1 - value / 100)
        write(sheet.paper, at - 0.06, y - 0.04, str(value), size=_TICK_PT, ha="right")
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100) if most / s <= 7), 500)
    for count in range(step, int(most) + 1, step):
        x = at + wide * count / (most + 0.5)
        y = top - _CURVE_HIGH_IN - 0.05
        write(sheet.paper, x, y, str(count), size=_TICK_PT, va="top", ha="center")
    words = reader.say("Animals tracked")
    y = top - _CURVE_HIGH_IN - 0.2
    write(sheet.paper, at + wide / 2, y, words, size=_TITLE_PT, va="top", ha="center")
