"""Selection drawn: how strongly each covariate is chosen or avoided, and whether that holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from kulan.movement.selection.calibration import Calibration
from kulan.report.connectivity.legends import Heading, Item, Key, draw_column
from kulan.report.connectivity.lettering import (
    INK,
    PALE_INK,
    half_capital_in,
    number_text,
    shortened,
    write,
)
from kulan.report.connectivity.sheets import MARGIN_IN, Caption, Picture, Sheet, lay_sheet
from kulan.report.reader import Reader

MOST_PANELS = 6
_CHOSEN, _AVOIDED, _SEEN, _USED = "#0072b2", "#d55e00", "#c9d1d8", "#000000"
_ONE = "#5f6b76"
_NAME_IN, _PLOT_IN, _ROW_IN, _KEYS_IN, _GAP_IN = 1.9, 4.6, 0.3, 2.0, 0.4
_PANEL_IN, _PANEL_HIGH_IN, _LETTERS_IN = 2.75, 1.7, 0.6
_TICK_PT, _NAME_PT, _TITLE_PT = 7.5, 8.0, 8.5
_ACROSS = 3


@dataclass(frozen=True, eq=False)
class SelectionDrawn:
    """What is drawn of a selection.

    Attributes
    ----------
    coefficients
        `term`, `strength_per_sd`, `strength_low`, `strength_high`; terms without a strength per
        deviation are not drawn.
    calibrations
        By covariate; at most `MOST_PANELS` are drawn.
    each
        Strengths of single animals, by term.
    of_steps
        Whether steps were chosen; else land was used.
    """

    coefficients: pd.DataFrame
    calibrations: Mapping[str, Calibration]
    each: Mapping[str, Sequence[float]] = field(default_factory=dict)
    of_steps: bool = True


def selection_picture(drawn: SelectionDrawn, caption: Caption, reader: Reader) -> Picture:
    """Draw the strength of selection with its limits, and the calibration of each covariate.

    Parameters
    ----------
    drawn
        Strengths and calibrations.
    caption
        Words around the picture, in the reader's language.
    reader
        For words and numbers.

    Returns
    -------
    Picture
    """
    coefficients, calibrations = drawn.coefficients, drawn.calibrations
    rows = coefficients[np.isfinite(coefficients["strength_per_sd"])].reset_index(drop=True)
    panels = list(calibrations.items())[:MOST_PANELS]
    width = 2 * MARGIN_IN + _NAME_IN + _PLOT_IN + _GAP_IN + _KEYS_IN
    lines = -(-len(panels) // _ACROSS)
    chart = len(rows) * _ROW_IN
    body = chart + _LETTERS_IN + lines * (_PANEL_HIGH_IN + _LETTERS_IN + 0.25)
    notes = []
    if len(panels) < len(calibrations):
        notes.append(
            reader.say(
                "Calibrations are those of the first {shown} of {all} covariates.",
                shown=len(panels),
                all=len(calibrations),
            )
        )
    sheet = lay_sheet(caption, notes, width, max(body, 2.6))
    _draw_strengths(sheet, rows, drawn, reader)
    top = sheet.top - chart - _LETTERS_IN
    for place, (name, one) in enumerate(panels):
        left = MARGIN_IN + (place % _ACROSS) * (_PANEL_IN + 0.25)
        line = place // _ACROSS
        bottom = top - (line + 1) * (_PANEL_HIGH_IN + 0.25) - line * _LETTERS_IN
        _draw_calibration(sheet, left, bottom, name, one, reader)
    left = width - MARGIN_IN - _KEYS_IN
    draw_column(sheet.paper, left, sheet.top, _legend(drawn, reader), reader.words)
    return Picture(sheet.figure)


def _legend(drawn: SelectionDrawn, reader: Reader) -> list[Item]:
    items: list[Item] = [
        Heading(reader.say("Strength, with 95 % limits")),
        Key(reader.say("chosen"), "marker", _CHOSEN, _CHOSEN, 0.5, marker="o", size=6.0),
        Key(reader.say("avoided"), "marker", _AVOIDED, _AVOIDED, 0.5, marker="s", size=6.0),
        Key(reader.say("cannot be said"), "marker", "#ffffff", INK, 1.0, marker="o", size=6.0),
    ]
    if drawn.each:
        one = reader.say("one animal; an arrow where it lies beyond")
        items.append(Key(one, "marker", _ONE, _ONE, 0.9, marker="|", size=6.0))
    if drawn.calibrations:
        held = reader.say("Share of the steps held back")
        items += [
            Heading(held if drawn.of_steps else reader.say("Share of the fixes held back")),
            Key(reader.say("foretold by the model"), "patch", _SEEN),
            Key(reader.say("used"), "marker", _USED, _USED, 0.5, marker="D", size=4.0),
            Key(reader.say("available"), "line", PALE_INK, width=1.0),
        ]
    return items


def _draw_strengths(
    sheet: Sheet, rows: pd.DataFrame, drawn: SelectionDrawn, reader: Reader
) -> None:
    high = max(len(rows), 1) * _ROW_IN
    left, bottom = MARGIN_IN + _NAME_IN, sheet.top - high
    axes = sheet.body(left, bottom, _PLOT_IN, high)
    limits = rows[["strength_low", "strength_per_sd", "strength_high"]].to_numpy()
    logs = np.log2(np.clip(limits, 1e-6, 1e6))
    each = [np.array(drawn.each.get(str(term), ()), dtype=float) for term in rows["term"]]
    reach = float(np.clip(np.abs(logs).max(initial=0.3) * 1.25, 0.3, 12))
    axes.axvline(0, color=PALE_INK, lw=0.8, zorder=0)
    for k, (low, middle, top) in enumerate(logs):
        known = low > 0 or top < 0
        _draw_each(axes, k, np.log2(np.clip(each[k], 1e-6, 1e6)), reach)
        colour = INK if not known else _CHOSEN if middle > 0 else _AVOIDED
        axes.plot([low, top], [k, k], color=colour, lw=1.8, solid_capstyle="butt")
        marker = "s" if known and middle < 0 else "o"
        face = colour if known else "#ffffff"
        axes.plot([middle], [k], marker, ms=6, mfc=face, mec=colour, mew=1.0)
        y = sheet.top - (k + 0.5) * _ROW_IN - half_capital_in(_NAME_PT)
        name = shortened(str(rows["term"][k]), _NAME_IN - 0.15, _NAME_PT, lines=1)[0]
        write(sheet.paper, left - 0.12, y, name, size=_NAME_PT, ha="right")
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-reach, reach)
    step = max(1, int(np.ceil(reach / 3)))
    powers = [float(k) for k in range(-step * 3, step * 3 + 1, step)] if reach > 1 else _fine(reach)
    ticks = [(p, number_text(2.0**p, reader.words)) for p in powers if abs(p) <= reach]
    title = reader.say("How many times more used, per standard deviation")
    if drawn.of_steps:
        title = reader.say(
            "How many times likelier, per standard deviation; for crosses, if it crosses"
        )
    _letter(sheet, axes, left, bottom, _PLOT_IN, title, ticks)


def _draw_each(axes: Axes, row: int, logs: NDArray[np.float64], reach: float) -> None:
    """Draw single animals beneath the limits; those beyond the axis as arrows at its ends."""
    inside = np.abs(logs) <= reach
    axes.plot(logs[inside], np.full(inside.sum(), row + 0.27), "|", ms=5, mec=_ONE, mew=0.9)
    for marker, beyond in (("<", logs < -reach), (">", logs > reach)):
        if beyond.any():
            end = 0.985 * reach * (-1 if marker == "<" else 1)
            axes.plot([end], [row + 0.27], marker, ms=4, mfc=_ONE, mec=_ONE)


def _fine(reach: float) -> list[float]:
    factors = [0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0]
    kept = [float(np.log2(f)) for f in factors if abs(np.log2(f)) <= reach]
    return kept if reach < 0.7 else [p for p in kept if round(2**p, 2) not in (0.9, 1.1)]


def _draw_calibration(
    sheet: Sheet, left: float, bottom: float, name: str, one: Calibration, reader: Reader
) -> None:
    axes = sheet.body(left, bottom, _PANEL_IN - 0.2, _PANEL_HIGH_IN)
    places = np.arange(len(one.used))
    axes.bar(places, one.high - one.low, bottom=one.low, width=0.8, color=_SEEN)
    axes.hlines(one.foretold, places - 0.4, places + 0.4, color="#7b8a97", lw=1.2)
    axes.step(
        np.append(places, places[-1] + 1) - 0.5,
        np.append(one.available, one.available[-1]),
        where="post",
        color=PALE_INK,
        lw=1.0,
    )
    axes.plot(places, one.used, "D", ms=4, color=_USED)
    axes.set_xlim(-0.6, len(places) - 0.4)
    axes.set_ylim(0, None)
    edges = one.edges
    kinds = len(places) <= 2
    shown = places if kinds else np.unique([0, len(places) // 2, len(places) - 1])
    ticks = [
        (float(k), number_text(float(edges[k] if kinds else (edges[k] + edges[k + 1]) / 2),
                               reader.words))
        for k in shown
    ]  # fmt: skip
    inside = reader.words.percent(one.share_inside, 0)
    title = reader.say("{name}: {percent} of classes as foretold", name=name, percent=inside)
    _letter(sheet, axes, left, bottom, _PANEL_IN - 0.2, title, ticks)


def _letter(
    sheet: Sheet,
    axes: Axes,
    left: float,
    bottom: float,
    wide: float,
    title: str,
    ticks: list[tuple[float, str]],
) -> None:
    axes.set_xticks([value for value, _ in ticks], labels=[""] * len(ticks))
    axes.set_yticks([])
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(PALE_INK)
    low, high = axes.get_xlim()
    for value, text in ticks:
        at = left + (value - low) / (high - low) * wide
        write(sheet.paper, at, bottom - 0.07, text, size=_TICK_PT, va="top", ha="center")
    for k, words in enumerate(shortened(title, wide + 0.6, _TITLE_PT, lines=2)):
        y = bottom - 0.24 - 0.15 * k
        write(sheet.paper, left + wide / 2, y, words, size=_TITLE_PT, va="top", ha="center")
