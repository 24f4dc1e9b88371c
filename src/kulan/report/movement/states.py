"""States drawn: what steps and turns each has, whether the model fits, and when each was."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from scipy import stats

from kulan.movement.states.decoding import DecodedStates, PseudoResiduals
from kulan.movement.states.fitting import FittedStates
from kulan.movement.states.observations import Observations
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

Floats = NDArray[np.float64]

MOST_ROWS = 25
# told apart by all eyes, and by the pattern of the line too
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
# lengths of dashes and gaps, in widths of the line
_DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (3.5, 1.5),
    (4.0, 1.2, 1.0, 1.2),
    (1.0, 1.2),
    (3.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    (2.0, 0.8),
)
_LINE_PT, _TURNS_COLOUR = 1.8, "#8a6d3b"
_SEEN = "#c9d1d8"
_PLOT_IN, _HIGH_IN, _GAP_IN, _LETTERS_IN = 2.75, 2.3, 0.45, 0.62
_ROW_IN, _NAME_IN, _KEYS_IN = 0.2, 1.2, 1.9
_TICK_PT, _TITLE_PT, _NAME_PT = 7.5, 8.5, 7.5
_DAY_S = 86_400.0


@dataclass(frozen=True, eq=False)
class StatesDrawn:
    """What is drawn.

    Attributes
    ----------
    observations, fitted, decoded, residuals
        As found.
    has_days
        Whether times are days of a calendar.
    """

    observations: Observations
    fitted: FittedStates
    decoded: DecodedStates
    residuals: PseudoResiduals
    has_days: bool


def states_picture(drawn: StatesDrawn, caption: Caption, reader: Reader) -> Picture:
    """Draw the steps and turns of each state, the residuals, and the states over time.

    Parameters
    ----------
    drawn
        The model and what it says of the observations.
    caption
        Words around the picture, in the reader's language.
    reader
        For words and numbers.

    Returns
    -------
    Picture
        Of more than `MOST_ROWS` animals, those beyond have no line of time.
    """
    names = list(dict.fromkeys(str(name) for name in drawn.observations.animal_id))
    shown = names[:MOST_ROWS]
    notes = []
    if len(shown) < len(names):
        notes.append(
            reader.say(
                "Lines of time are those of the first {shown} of {all} animals.",
                shown=len(shown),
                all=len(names),
            )
        )
    has_turns = drawn.fitted.design.turns is not None
    width = 2 * MARGIN_IN + 3 * _PLOT_IN + 2 * _GAP_IN + _KEYS_IN + _GAP_IN
    body = _HIGH_IN + _LETTERS_IN + len(shown) * _ROW_IN + _LETTERS_IN
    sheet = lay_sheet(caption, notes, width, body)
    panels = [_draw_steps, *([_draw_turns] if has_turns else []), _draw_residuals]
    for place, draw in enumerate(panels):
        left = MARGIN_IN + place * (_PLOT_IN + _GAP_IN)
        axes = sheet.body(left, sheet.top - _HIGH_IN, _PLOT_IN, _HIGH_IN)
        title, ticks = draw(axes, drawn, reader)
        _letter(sheet, axes, left, sheet.top - _HIGH_IN, title, ticks)
    _draw_times(sheet, drawn, shown, reader)
    left = width - MARGIN_IN - _KEYS_IN
    draw_column(sheet.paper, left, sheet.top, _legend(drawn, reader), reader.words)
    return Picture(sheet.figure)


def _legend(drawn: StatesDrawn, reader: Reader) -> list[Item]:
    items: list[Item] = [Heading(reader.say("States of movement"))]
    shares = drawn.decoded.shares
    for state, share in enumerate(shares):
        label = reader.say(
            "{state}: {percent} of the time", state=state + 1, percent=reader.words.percent(share)
        )
        items.append(Key(label, "line", _COLOURS[state], width=_LINE_PT, dash=_DASHES[state]))
    has_turns = drawn.fitted.design.turns is not None
    items += [
        Key(reader.say("all states together"), "line", INK, width=0.8),
        Heading(reader.say("Seen")),
        Key(reader.say("steps and turns") if has_turns else reader.say("steps"), "patch", _SEEN),
        Heading(reader.say("Residuals")),
        Key(reader.say("steps"), "marker", INK, INK, 0.1, marker="o", size=4.0),
    ]
    if has_turns:
        items.append(
            Key(
                reader.say("turns"),
                "marker",
                _TURNS_COLOUR,
                _TURNS_COLOUR,
                0.1,
                marker="^",
                size=4.5,
            )
        )
    return items


def _draw_steps(
    axes: Axes, drawn: StatesDrawn, reader: Reader
) -> tuple[str, list[tuple[float, str]]]:
    """Draw lengths on a logarithmic axis, where states of any scale are seen."""
    steps = drawn.observations.step_m
    logs = np.log10(steps[np.isfinite(steps) & (steps > 0)])
    low, high = float(np.quantile(logs, 0.002)) - 0.2, float(logs.max()) + 0.2
    axes.hist(logs, bins=40, range=(low, high), density=True, color=_SEEN)
    grid = np.linspace(low, high, 400)
    block = drawn.fitted.design.split(drawn.fitted.working)[0]
    # per decade, not per metre
    dense = np.exp(drawn.fitted.design.steps.log_density(10**grid, block))
    dense = dense * (10**grid * np.log(10))[:, None]
    _draw_densities(axes, grid, dense, drawn.decoded.shares)
    axes.set_xlim(low, high)
    decades = range(int(np.ceil(low)), int(np.floor(high)) + 1)
    ticks = [(float(k), number_text(10.0**k, reader.words)) for k in decades]
    return reader.say("Step length, m"), ticks


def _draw_turns(
    axes: Axes, drawn: StatesDrawn, reader: Reader
) -> tuple[str, list[tuple[float, str]]]:
    turns = drawn.observations.turn_rad
    axes.hist(
        np.rad2deg(turns[np.isfinite(turns)]), bins=36, range=(-180, 180), density=True, color=_SEEN
    )
    grid = np.linspace(-180, 180, 361)
    family = drawn.fitted.design.turns
    assert family is not None
    block = drawn.fitted.design.split(drawn.fitted.working)[1]
    dense = np.exp(family.log_density(np.deg2rad(grid), block)) * np.pi / 180
    _draw_densities(axes, grid, dense, drawn.decoded.shares)
    axes.set_xlim(-180, 180)
    ticks = [(float(k), number_text(float(k), reader.words)) for k in (-180, -90, 0, 90, 180)]
    return reader.say("Turning angle, degrees; 0 is straight on"), ticks


def _draw_densities(axes: Axes, grid: Floats, dense: Floats, shares: Floats) -> None:
    for state, share in enumerate(shares):
        line = (0, _DASHES[state]) if _DASHES[state] else "-"
        axes.plot(grid, share * dense[:, state], color=_COLOURS[state], ls=line, lw=_LINE_PT)
    axes.plot(grid, dense @ shares, color=INK, lw=0.8)
    axes.set_ylim(0, None)


def _draw_residuals(
    axes: Axes, drawn: StatesDrawn, reader: Reader
) -> tuple[str, list[tuple[float, str]]]:
    """Draw the quantiles of the residuals of steps and turns against those of a normal."""
    reach = 3.5
    axes.plot([-reach, reach], [-reach, reach], color=PALE_INK, lw=0.8)
    marks = [(drawn.residuals.step, "o", INK)]
    if drawn.fitted.design.turns is not None:
        marks.append((drawn.residuals.turn, "^", _TURNS_COLOUR))
    for residuals, marker, colour in marks:
        known = np.sort(residuals[np.isfinite(residuals)])
        expected = stats.norm.ppf((np.arange(len(known)) + 0.5) / len(known))
        axes.plot(expected, known, marker, ms=2.2, mew=0, color=colour)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-reach, reach)
    ticks = [(float(k), number_text(float(k), reader.words)) for k in (-3, 0, 3)]
    return reader.say("Residuals against a normal; on the line the model fits"), ticks


def _letter(
    sheet: Sheet,
    axes: Axes,
    left: float,
    bottom: float,
    title: str,
    ticks: Sequence[tuple[float, str]],
    wide: float = _PLOT_IN,
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
    line = shortened(title, wide + _GAP_IN - 0.1, _TITLE_PT, lines=2)
    for k, words in enumerate(line):
        y = bottom - 0.24 - 0.15 * k
        write(sheet.paper, left + wide / 2, y, words, size=_TITLE_PT, va="top", ha="center")


def _draw_times(sheet: Sheet, drawn: StatesDrawn, shown: Sequence[str], reader: Reader) -> None:
    high = len(shown) * _ROW_IN
    bottom = sheet.top - _HIGH_IN - _LETTERS_IN - high
    left = MARGIN_IN + _NAME_IN
    wide = 3 * _PLOT_IN + 2 * _GAP_IN - _NAME_IN
    axes = sheet.body(left, bottom, wide, high)
    seen = drawn.observations
    # days since the first fix of all: years apart would leave each animal a stripe
    first = {name: seen.time_s[seen.animal_id == name].min() for name in shown}
    longest = 1.0
    for row, name in enumerate(shown):
        own = (seen.animal_id == name) & np.isfinite(seen.step_m)
        days = (seen.time_s - first[name]) / _DAY_S
        longest = max(longest, float(days[own].max(initial=0.0)))
        for state in range(drawn.fitted.design.states):
            here = own & (drawn.decoded.likeliest == state)
            # each state at its own height: colour is not all that tells
            height = row + 0.28 - 0.56 * state / (drawn.fitted.design.states - 1)
            axes.plot(
                days[here], np.full(here.sum(), height), "|", ms=4.5, mew=0.7, color=_COLOURS[state]
            )
        y = bottom + high - (row + 0.5) * _ROW_IN - half_capital_in(_NAME_PT)
        words = shortened(name, _NAME_IN - 0.1, _NAME_PT, lines=1)[0]
        write(sheet.paper, left - 0.1, y, words, size=_NAME_PT, ha="right")
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlim(0, longest)
    step = 10 ** np.floor(np.log10(longest))
    step = step if longest / step >= 4 else step / 2 if longest / step >= 2 else step / 5
    values = np.arange(0, longest + step / 1e6, step)
    ticks = [(float(v), number_text(float(v), reader.words)) for v in values]
    title = reader.say("Days since each animal's first fix; higher states stand higher")
    _letter(sheet, axes, left, bottom, title, ticks, wide)
