"""What was set aside and why: a map of the fixes, and a line of time for each animal."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from kulan.movement.fixes import Fixes, Flag
from kulan.movement.planes import plane_around
from kulan.report.connectivity.legends import Heading, Item, Key, column_height_in, draw_column
from kulan.report.connectivity.lettering import (
    INK,
    PALE_INK,
    half_capital_in,
    number_text,
    shortened,
    write,
)
from kulan.report.connectivity.sheets import MARGIN_IN, Caption, Picture, Sheet, lay_sheet
from kulan.report.connectivity.stretches import linear_stretch
from kulan.report.reader import Reader

Floats = NDArray[np.float64]

MOST_ROWS = 40
_MAP_IN, _TIME_IN, _COLUMN_IN, _GAP_IN = 4.6, 4.0, 2.15, 0.35
_ROW_IN, _AXIS_IN, _NAME_IN = 0.2, 0.42, 1.15
_TICK_PT, _NAME_PT, _TITLE_PT = 7.5, 7.5, 8.5
_USED = "#5b7083"
_DAY_S = 86_400.0


@dataclass(frozen=True)
class _Kind:
    """Reasons that are drawn alike; shapes differ too, so that colour is not all that tells."""

    flags: int
    key: Key


@dataclass(frozen=True)
class _Drawn:
    """All fixes in kilometres and seconds."""

    x_km: Floats
    y_km: Floats
    time_s: Floats
    flags: NDArray[np.uint16]
    animal: NDArray[np.int64]
    names: list[str]


def cleaning_picture(fixes: Fixes, caption: Caption, reader: Reader) -> Picture:
    """Draw used fixes as paths, and those set aside by their reason, in space and in time.

    Parameters
    ----------
    fixes
        Flagged fixes.
    caption
        Words around the picture, in the reader's language.
    reader
        For words and numbers.

    Returns
    -------
    Picture
        At most `MOST_ROWS` animals have a line of time, those with most fixes set aside; the map
        shows all.
    """
    drawn = _placed(fixes)
    kinds = [one for one in _kinds(reader) if (drawn.flags & np.uint16(one.flags)).any()]
    shown = _shown_rows(drawn)
    outside = _outside(drawn)
    notes = _notes(drawn, shown, outside, reader)
    width = 2 * MARGIN_IN + _MAP_IN + _GAP_IN + _NAME_IN + _TIME_IN + _GAP_IN + _COLUMN_IN
    items = _legend(kinds, reader)
    body = max(_MAP_IN, len(shown) * _row_in(shown), column_height_in(items)) + _AXIS_IN
    sheet = lay_sheet(caption, notes, width, body)
    _draw_map(sheet, drawn, kinds, reader)
    _draw_times(sheet, drawn, kinds, shown, fixes.clock, reader)
    draw_column(sheet.paper, width - MARGIN_IN - _COLUMN_IN, sheet.top - 0.05, items, reader.words)
    return Picture(sheet.figure)


def _kinds(reader: Reader) -> list[_Kind]:
    """Return the groups of reasons, those drawn last on top."""

    def key(words: str, colour: str, marker: str, size: float = 5.0) -> Key:
        bare = marker in "x+|"
        return Key(words, "marker", colour, colour if bare else "#ffffff", 1.2 if bare else 0.5,
                   marker=marker, size=size)  # fmt: skip

    copies = Flag.DUPLICATE | Flag.SAME_TIME
    places = Flag.NO_POSITION | Flag.NO_TIME | Flag.OUT_OF_RANGE | Flag.NULL_ISLAND
    quality = Flag.TWO_DIMENSIONAL | Flag.LOW_QUALITY
    still = Flag.STATIONARY_TAIL | Flag.STATIONARY_HEAD
    people = Flag.SOURCE | Flag.BY_HAND | Flag.OUTSIDE_DEPLOYMENT
    return [
        _Kind(int(copies), key(reader.say("copy, or second place at one time"), "#999999", "s")),
        _Kind(int(quality), key(reader.say("two dimensions or low quality"), "#56b4e9", "v")),
        _Kind(int(still), key(reader.say("collar lies still"), "#e69f00", "o")),
        _Kind(
            int(people), key(reader.say("marked by people or outside deployment"), "#000000", "+")
        ),
        _Kind(int(places), key(reader.say("no time, or no place on Earth"), "#cc79a7", "D", 4.5)),
        _Kind(int(Flag.SPIKE), key(reader.say("spike out and back"), "#0072b2", "^", 6.0)),
        _Kind(int(Flag.SPEED), key(reader.say("impossible speed"), "#d55e00", "x", 6.0)),
    ]


def _legend(kinds: Sequence[_Kind], reader: Reader) -> list[Item]:
    items: list[Item] = [
        Heading(reader.say("Used")),
        Key(reader.say("path between used fixes"), "line", _USED, width=1.0),
    ]
    if kinds:
        items += [Heading(reader.say("Set aside, and kept")), *(one.key for one in kinds)]
    return items


def _placed(fixes: Fixes) -> _Drawn:
    table = fixes.table
    x, y = table["x"].to_numpy(float), table["y"].to_numpy(float)
    if fixes.is_geographic:
        whole = np.isfinite(x) & np.isfinite(y) & (np.abs(x) <= 360) & (np.abs(y) <= 90)
        used = whole & fixes.used if (whole & fixes.used).any() else whole
        x, y = np.where(whole, x, np.nan), np.where(whole, y, np.nan)
        if used.any():
            x, y = plane_around(x[used], y[used]).forward(x, y)
    codes, names = pd.factorize(table["animal_id"])
    if fixes.clock == "elapsed":
        seconds = table["time"].to_numpy(float)
    else:
        stamps = table["time"].dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
        seconds = np.where(np.isnat(stamps), np.nan, stamps.astype(np.int64) / 1e6)
    return _Drawn(
        np.where(np.isfinite(x), x, np.nan) / 1000,
        np.where(np.isfinite(y), y, np.nan) / 1000,
        seconds,
        table["flags"].to_numpy(),
        codes,
        [str(name) for name in names],
    )


def _shown_rows(drawn: _Drawn) -> list[int]:
    """Return the animals that get a line of time: all, or those with most set aside."""
    aside = np.bincount(drawn.animal, drawn.flags > 0, len(drawn.names))
    worst = np.argsort(-aside, kind="stable")[:MOST_ROWS]
    return sorted(int(one) for one in worst)


def _row_in(shown: Sequence[int]) -> float:
    """Return the height of a line of time, inches: few animals have room."""
    return float(np.clip(_MAP_IN / max(len(shown), 1), _ROW_IN, 0.45))


def _bounds(drawn: _Drawn) -> tuple[float, float, float]:
    """Return the middle of the used fixes and half the side of the square around them, km."""
    there = np.isfinite(drawn.x_km) & np.isfinite(drawn.y_km)
    used = there & (drawn.flags == 0)
    chosen = used if used.any() else there
    if not chosen.any():
        return 0.0, 0.0, 1.0
    x, y = drawn.x_km[chosen], drawn.y_km[chosen]
    half = 0.56 * max(float(np.ptp(x)), float(np.ptp(y)), 0.02)
    return (x.max() + x.min()) / 2, (y.max() + y.min()) / 2, half


def _outside(drawn: _Drawn) -> NDArray[np.bool_]:
    x, y, half = _bounds(drawn)
    away = np.maximum(np.abs(drawn.x_km - x), np.abs(drawn.y_km - y)) > half
    return np.asarray(away & (drawn.flags > 0))


def _notes(
    drawn: _Drawn, shown: Sequence[int], outside: NDArray[np.bool_], reader: Reader
) -> list[str]:
    notes = []
    if outside.any():
        notes.append(
            reader.say_count(
                "{count} fix set aside lies outside the map and is drawn on its edge.",
                "{count} fixes set aside lie outside the map and are drawn on its edge.",
                int(outside.sum()),
            )
        )
    if len(shown) < len(drawn.names):
        notes.append(
            reader.say(
                "Lines of time are those of the {shown} animals, of {all}, with most fixes set "
                "aside.",
                shown=len(shown),
                all=len(drawn.names),
            )
        )
    return notes


def _draw_map(sheet: Sheet, drawn: _Drawn, kinds: Sequence[_Kind], reader: Reader) -> None:
    bottom = sheet.top - _MAP_IN
    axes = sheet.body(MARGIN_IN, bottom, _MAP_IN, _MAP_IN)
    x, y, half = _bounds(drawn)
    axes.set_xlim(x - half, x + half)
    axes.set_ylim(y - half, y + half)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(PALE_INK)
    for animal in range(len(drawn.names)):
        own = (drawn.animal == animal) & (drawn.flags == 0)
        axes.plot(
            drawn.x_km[own], drawn.y_km[own], "-", color=_USED, lw=0.6, marker=".", ms=1.6, mew=0
        )
    at_x = np.clip(drawn.x_km, x - half, x + half)
    at_y = np.clip(drawn.y_km, y - half, y + half)
    for kind in kinds:
        own = (drawn.flags & np.uint16(kind.flags)) > 0
        _mark(axes, at_x[own], at_y[own], kind.key)
    step = _round_length(half)
    left = x - half * 0.92
    axes.plot([left, left + step], [y - half * 0.93] * 2, color=INK, lw=1.6, clip_on=False)
    label = reader.say("{km} km", km=number_text(step, reader.words))
    write(axes, left + step / 2, y - half * 0.9, label, size=_TICK_PT, ha="center", halo=True)


def _mark(axes: Axes, x: Floats, y: Floats, key: Key, **style: float) -> None:
    axes.plot(
        x,
        y,
        ls="none",
        marker=key.marker,
        ms=style.get("size", key.size),
        mfc=key.colour,
        mec=key.edge,
        mew=key.width,
        clip_on=False,
        zorder=4,
    )


def _round_length(half_km: float) -> float:
    """Return a round length of about a quarter of the map."""
    wanted = half_km / 2
    power = 10.0 ** np.floor(np.log10(wanted))
    return float(max(one for one in (1, 2, 5) if one * power <= wanted) * power)


def _draw_times(
    sheet: Sheet,
    drawn: _Drawn,
    kinds: Sequence[_Kind],
    shown: Sequence[int],
    clock: str,
    reader: Reader,
) -> None:
    high = max(len(shown), 1) * _row_in(shown)
    left, bottom = MARGIN_IN + _MAP_IN + _GAP_IN + _NAME_IN, sheet.top - high
    axes = sheet.body(left, bottom, _TIME_IN, high)
    axes.set_ylim(max(len(shown), 1) - 0.5, -0.5)
    known = drawn.time_s[np.isfinite(drawn.time_s)]
    low, top = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    space = max(0.02 * (top - low), 1.0)
    axes.set_xlim(low - space, top + space)
    axes.set_yticks([])
    axes.set_xticks([])
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(PALE_INK)
    for row, animal in enumerate(shown):
        own = (drawn.animal == animal) & np.isfinite(drawn.time_s)
        used = own & (drawn.flags == 0)
        axes.plot(drawn.time_s[used], np.full(used.sum(), row), "|", color=_USED, ms=7, mew=0.4)
        for kind in kinds:
            here = own & ((drawn.flags & np.uint16(kind.flags)) > 0)
            size = kind.key.size * 0.8
            _mark(axes, drawn.time_s[here], np.full(here.sum(), float(row)), kind.key, size=size)
        y = sheet.top - (row + 0.5) * _row_in(shown) - half_capital_in(_NAME_PT)
        name = shortened(drawn.names[animal], _NAME_IN - 0.1, _NAME_PT, lines=1)[0]
        write(sheet.paper, left - 0.1, y, name, size=_NAME_PT, ha="right")
    ticks, title = _time_ticks(low, top, clock, reader)
    for value, text in ticks:
        if low - space <= value <= top + space:
            axes.axvline(value, color="#d5dade", lw=0.6, zorder=0)
            at = left + (value - low + space) / (top - low + 2 * space) * _TIME_IN
            write(sheet.paper, at, bottom - 0.05, text, size=_TICK_PT, va="top", ha="center")
    middle = left + _TIME_IN / 2
    write(sheet.paper, middle, bottom - 0.22, title, size=_TITLE_PT, va="top", ha="center")


def _time_ticks(
    low: float, top: float, clock: str, reader: Reader
) -> tuple[list[tuple[float, str]], str]:
    """Return the moments to mark with their words, and the title of the axis."""
    if clock == "elapsed":
        days = linear_stretch(np.array([low, top]) / _DAY_S, robust=False).ticks(5)
        ticks = [(day * _DAY_S, number_text(day, reader.words)) for day in days]
        return ticks, reader.say("Days from an unknown origin")
    span_d = (top - low) / _DAY_S
    for months in (1, 3, 6, 12, 24, 60, 120):
        if span_d / 30.4 / months <= 5:
            break
    start, end = pd.Timestamp(low, unit="s"), pd.Timestamp(top, unit="s")
    if span_d > 90:
        stamps = pd.date_range(start.normalize().replace(day=1), end, freq=f"{months}MS")
        texts = [stamp.strftime("%Y-%m") for stamp in stamps]
    else:
        every = max(1, int(np.ceil(span_d / 5)))
        stamps = pd.date_range(start.normalize(), end + pd.Timedelta(days=1), freq=f"{every}D")
        texts = [stamp.strftime("%Y-%m-%d") for stamp in stamps]
    ticks = [(stamp.timestamp(), text) for stamp, text in zip(stamps, texts, strict=True)]
    return ticks, reader.say("Date (UTC)")
