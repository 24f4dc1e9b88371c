"""Ranges of several animals: a small map of each, and all areas with their limits."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from kulan.movement.intervals import Interval
from kulan.movement.tracks import Track
from kulan.report.connectivity.lettering import (
    INK,
    PALE_INK,
    number_text,
    shortened,
    write,
)
from kulan.report.connectivity.sheets import MARGIN_IN, Caption, Picture, Sheet, lay_sheet
from kulan.report.movement.panels import NAME_PT, TICK_PT, Panels
from kulan.report.reader import Reader

_FIX, _RANGE, _EDGE = "#5b7083", "#0072b2", "#004c78"
_ROW_IN, _CHART_IN, _NAME_IN, _TEXT_IN = 0.2, 3.6, 1.5, 2.6
_KM2 = 1e-6


@dataclass(frozen=True, eq=False)
class ShownRange:
    """An animal's range as the picture shows it.

    Attributes
    ----------
    track
        Its fixes.
    areas
        Area, m², by share of use, with limits.
    outlines
        Contours by share, in the track's plane; none where there is no range.
    without_range
        Whether the animal was not seen to stay in a range.
    """

    track: Track
    areas: Mapping[float, Interval]
    outlines: Mapping[float, Any]
    without_range: bool


def ranges_picture(shown: Sequence[ShownRange], caption: Caption, reader: Reader) -> Picture:
    """Draw each range with its fixes, and below them a chart of all areas.

    Parameters
    ----------
    shown
        One for each animal.
    caption
        Words around the picture, in the reader's language.
    reader
        For words and numbers.

    Returns
    -------
    Picture
    """
    across = min(6, max(len(shown), 4))
    panels = Panels(len(shown), across, 1.45, 1.45, 0.15, 0.3, 0.15)
    chart = len(shown) * _ROW_IN + 0.75
    level = max(shown[0].areas)
    notes = [
        reader.say(
            "Darker where fewer cells hold half of the use; the outer line holds {share} of it. "
            "Bars are limits of 95 %.",
            share=reader.words.percent(level, 0),
        ),
        reader.say(
            "No area is given where the effective sample size is below 4: the animal crossed its "
            "range, if it has one, too few times."
        ),
    ]
    sheet = lay_sheet(caption, notes, panels.sheet_width, panels.body_height + chart)
    for at, one in enumerate(shown):
        _draw_map(panels.axes(sheet, at, one.track.animal_id), one, reader)
    _draw_areas(sheet, shown, level, reader)
    return Picture(sheet.figure)


def _draw_map(axes: Axes, one: ShownRange, reader: Reader) -> None:
    for side in axes.spines.values():
        side.set_visible(True)
        side.set_color("#c9d0d6")
    x, y = one.track.x_m / 1e3, one.track.y_m / 1e3
    bounds = [shape.bounds for shape in one.outlines.values() if not shape.is_empty]
    corners = np.array([(x.min(), y.min(), x.max(), y.max())] + [np.array(b) / 1e3 for b in bounds])
    low, high = corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)
    middle, half = (low + high) / 2, 0.56 * max(float((high - low).max()), 0.01)
    axes.set_xlim(middle[0] - half, middle[0] + half)
    axes.set_ylim(middle[1] - half, middle[1] + half)
    for level in sorted(one.outlines, reverse=True):
        outline = shapely.transform(one.outlines[level], lambda xy: xy / 1e3)
        if not outline.is_empty:
            axes.add_patch(
                PathPatch(_path(outline), facecolor=_RANGE, alpha=0.22, edgecolor="none")
            )
            axes.add_patch(PathPatch(_path(outline), facecolor="none", edgecolor=_EDGE, lw=0.6))
    axes.plot(x, y, "-", color=_FIX, lw=0.35, marker=".", ms=1.1, mew=0)
    step = _round_length(half)
    left, bottom = middle[0] - half * 0.92, middle[1] - half * 0.92
    axes.plot([left, left + step], [bottom, bottom], color=INK, lw=1.2)
    text = reader.say("{km} km", km=number_text(step, reader.words))
    write(axes, left, bottom + half * 0.06, text, size=TICK_PT, halo=True)
    if one.without_range:
        words = reader.say("no range")
        write(axes, middle[0] + half * 0.92, middle[1] + half * 0.9, words, size=TICK_PT,
              ha="right", va="top", color="#a33b00", halo=True)  # fmt: skip


def _path(outline: Any) -> Path:
    parts = getattr(outline, "geoms", [outline])
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return Path.make_compound_path(*(Path(np.asarray(ring.coords)) for ring in rings))


def _round_length(half_km: float) -> float:
    """Return a round length of about a quarter of the map."""
    power = 10.0 ** math.floor(math.log10(half_km / 2))
    return float(max(one for one in (1, 2, 5) if one * power <= half_km / 2) * power)


def _draw_areas(sheet: Sheet, shown: Sequence[ShownRange], level: float, reader: Reader) -> None:
    high = len(shown) * _ROW_IN
    bottom = sheet.bottom + 0.45
    left = MARGIN_IN + _NAME_IN
    width = min(_CHART_IN, sheet.width - left - MARGIN_IN - _TEXT_IN)
    title = reader.say(
        "Area that holds {share} of the use, km²", share=reader.words.percent(level, 0)
    )
    write(sheet.paper, MARGIN_IN, bottom + high + 0.1, title, size=NAME_PT, bold=True)
    axes = sheet.body(left, bottom, width, high)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xticks([])
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(PALE_INK)
    areas = [one.areas[level].times(_KM2) for one in shown]
    low, top = _ends(areas)
    axes.set_xlim(math.log10(low), math.log10(top))
    for power in range(math.ceil(math.log10(low)), math.floor(math.log10(top)) + 1):
        axes.axvline(power, color="#dde2e6", lw=0.6, zorder=0)
        at = left + (power - math.log10(low)) / math.log10(top / low) * width
        text = number_text(10.0**power, reader.words)
        write(sheet.paper, at, bottom - 0.06, text, size=TICK_PT, ha="center", va="top",
              color=PALE_INK)  # fmt: skip
    for row, (one, area) in enumerate(zip(shown, areas, strict=True)):
        y = bottom + high - (row + 0.5) * _ROW_IN
        name = shortened(one.track.animal_id, _NAME_IN - 0.1, NAME_PT, lines=1)[0]
        write(sheet.paper, left - 0.1, y, name, size=NAME_PT, ha="right", va="center")
        text = reader.say("not seen to stay in a range")
        if area.is_known:
            text = _limits_text(area, reader)
            ends = [
                value if math.isfinite(value) else area.estimate for value in (area.low, area.high)
            ]
            axes.plot(np.log10(np.maximum(ends, low)), [row, row], color=_RANGE, lw=2.2, alpha=0.5)
            axes.plot([math.log10(area.estimate)], [row], "o", color=_EDGE, ms=4)
        colour = INK if area.is_known else "#a33b00"
        write(sheet.paper, left + width + 0.15, y, text, size=NAME_PT, va="center", color=colour)


def _ends(areas: Sequence[Interval]) -> tuple[float, float]:
    """Return whole powers of ten around all limits."""
    values = [
        value
        for area in areas
        for value in (area.low, area.estimate, area.high)
        if math.isfinite(value) and value > 0
    ]
    if not values:
        return 1.0, 10.0
    low, top = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return 10.0**low, 10.0 ** max(top, low + 1)


def _limits_text(area: Interval, reader: Reader) -> str:
    words = reader.words
    estimate = number_text(area.estimate, words)
    if not math.isfinite(area.low) or not math.isfinite(area.high):
        return estimate
    return reader.say(
        "{estimate} ({low} to {high})",
        estimate=estimate,
        low=number_text(area.low, words),
        high=number_text(area.high, words),
    )
