"""What scale makes of paths: variance of first-passage time by radius, distance by interval."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from kulan.report.connectivity.legends import Item, Key, column_height_in, draw_column
from kulan.report.connectivity.lettering import PALE_INK, number_text, write
from kulan.report.connectivity.sheets import MARGIN_IN, Caption, Picture, Sheet, lay_sheet
from kulan.report.connectivity.stretches import linear_stretch
from kulan.report.movement.panels import TICK_PT
from kulan.report.reader import Reader

Floats = NDArray[np.float64]
_WIDE_IN, _HIGH_IN, _LEFT_IN, _BELOW_IN, _HEAD_IN, _COLUMN_IN = 3.3, 2.5, 0.5, 0.5, 0.3, 2.15
_ONE, _ALL, _PEAK = "#9fb0be", "#1b3a57", "#d55e00"
_TITLE_PT = 8.5


@dataclass(frozen=True, eq=False)
class ShownPath:
    """What is drawn of an animal.

    Attributes
    ----------
    animal
        Whose.
    radius_m, variance
        Radii of circles, and the variance of the logarithm of first-passage time at each.
    peak_m
        Radius of its peak; NaN for none.
    interval_h, km_per_day
        Intervals between fixes, and the distance of a day by each.
    """

    animal: str
    radius_m: Floats
    variance: Floats
    peak_m: float
    interval_h: Floats
    km_per_day: Floats


def paths_picture(shown: Sequence[ShownPath], caption: Caption, reader: Reader) -> Picture:
    """Draw both curves of all animals.

    Parameters
    ----------
    shown
        Animals.
    caption
        Words around the picture, in the reader's language.
    reader
        For words and numbers.
    """
    peaks = [one for one in shown if np.isfinite(one.peak_m)]
    items: list[Item] = [Key(reader.say("one animal"), "line", _ONE, width=1.0)]
    if len(shown) > 1:
        items.append(Key(reader.say("median of the animals"), "line", _ALL, width=2.0))
    if peaks:
        words = reader.say("peak: the scale at which an animal lingers")
        items.append(Key(words, "marker", _PEAK, size=5.0))
    body = max(_HEAD_IN + _HIGH_IN + _BELOW_IN, column_height_in(items))
    width = 2 * MARGIN_IN + 2 * (_LEFT_IN + _WIDE_IN) + 0.3 + _COLUMN_IN
    notes = [
        reader.say(
            "Straight steps are shorter than the way walked: the distance of a day falls as fixes "
            "grow rarer, and compares between animals of one interval only."
        )
    ]
    sheet = lay_sheet(caption, notes, width, body)
    say = reader.say
    _draw(
        sheet, 0, (say("Variance of the logarithm of first-passage time"), say("radius, m")),
        [(one.radius_m, one.variance) for one in shown], reader,
        lambda axes: _mark_peaks(axes, peaks),
    )  # fmt: skip
    _draw(
        sheet, 1, (say("Distance of a day, km"), say("hours between fixes")),
        [(one.interval_h, one.km_per_day) for one in shown], reader, None,
    )  # fmt: skip
    left = width - MARGIN_IN - _COLUMN_IN
    draw_column(sheet.paper, left, sheet.top - _HEAD_IN, items, reader.words)
    return Picture(sheet.figure)


def _draw(
    sheet: Sheet,
    at: int,
    titles: tuple[str, str],
    curves: Sequence[tuple[Floats, Floats]],
    reader: Reader,
    mark: Callable[[Axes], None] | None,
) -> None:
    left = MARGIN_IN + at * (_LEFT_IN + _WIDE_IN) + _LEFT_IN
    bottom = sheet.top - _HEAD_IN - _HIGH_IN
    write(sheet.paper, left, sheet.top - 0.12, titles[0], size=_TITLE_PT)
    axes = sheet.body(left, bottom, _WIDE_IN, _HIGH_IN)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(PALE_INK)
    known = [(x[ok], y[ok]) for x, y in curves if (ok := np.isfinite(x) & np.isfinite(y)).any()]
    if not known:
        words = reader.say("cannot be said")
        write(axes, 0.5, 0.5, words, size=_TITLE_PT, ha="center", transform=axes.transAxes)
        return
    for x, y in known:
        axes.plot(np.log10(x), y, color=_ONE, lw=0.8, alpha=0.8, marker=".", ms=2.5, mew=0)
    if len(known) > 1:
        axes.plot(*_median(known), color=_ALL, lw=2.0, zorder=4)
    every = np.log10(np.concatenate([x for x, _ in known]))
    space = 0.04 * max(float(np.ptp(every)), 0.1)
    low, high = float(every.min()) - space, float(every.max()) + space
    top = 1.08 * max(float(max(y.max() for _, y in known)), 1e-9)
    axes.set_xlim(low, high)
    axes.set_ylim(0, top)
    if mark:
        mark(axes)
    for value in linear_stretch(np.array([0.0, top]), robust=False).ticks(5):
        if 0 <= value <= top:
            text = number_text(value, reader.words)
            write(axes, -0.02, value / top, text, size=TICK_PT, color=PALE_INK, ha="right",
                  va="center", transform=axes.transAxes)  # fmt: skip
    for value in _round_between(10**low, 10**high):
        share = (np.log10(value) - low) / (high - low)
        at_x = left + float(share) * _WIDE_IN
        text = number_text(value, reader.words)
        write(sheet.paper, at_x, bottom - 0.07, text, size=TICK_PT, color=PALE_INK, va="top",
              ha="center")  # fmt: skip
    write(sheet.paper, left + _WIDE_IN / 2, bottom - 0.25, titles[1], size=TICK_PT + 1, va="top",
          ha="center")  # fmt: skip


def _median(curves: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Return the median curve where half of the animals at least have one, x as logarithm."""
    every = np.unique(np.concatenate([np.log10(x) for x, _ in curves]))
    at = every if len(every) <= 60 else np.linspace(every[0], every[-1], 60)
    values = np.array([np.interp(at, np.log10(x), y, np.nan, np.nan) for x, y in curves])
    enough = np.isfinite(values).sum(axis=0) * 2 >= len(curves)
    return at[enough], np.nanmedian(values[:, enough], axis=0)


def _mark_peaks(axes: Axes, peaks: Sequence[ShownPath]) -> None:
    for one in peaks:
        high = float(one.variance[np.flatnonzero(one.radius_m == one.peak_m)[0]])
        axes.plot([np.log10(one.peak_m)], [high], "o", color=_PEAK, ms=4, mew=0, zorder=5)


def _round_between(low: float, high: float) -> list[float]:
    """Return round numbers between two, few enough to be read along a side."""
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    for parts in ((1, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)):
        found = [part * 10.0**power for power in powers for part in parts]
        found = [one for one in found if low <= one <= high]
        if len(found) <= 7:
            return found
    return found
