"""Charts of what barriers take away: pair by pair of sites, and barrier by barrier."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.barriers.attribution import Attribution
from kulan.errors import InvalidGridError
from kulan.report.connectivity.charts import MOST_ROWS, Rows, lay_rows
from kulan.report.connectivity.legends import Key
from kulan.report.connectivity.lettering import half_capital_in, number_text, width_in, write
from kulan.report.connectivity.sheets import Caption, Picture, drawing
from kulan.report.reader import Reader
from kulan.words import Words

Values = NDArray[np.float64]
BEFORE, AFTER, BETWEEN = "#0b5fa5", "#d95f02", "#b9c2c9"
SHAPLEY, ALONE, LAST = "#0b5fa5", "#d95f02", "#00706b"
_PT = 8.0


def pair_effect_chart(
    before: Values,
    after: Values,
    names: Sequence[str],
    caption: Caption,
    words: Words,
    *,
    unit: str = "Ω",
    most: int = MOST_ROWS,
) -> Picture:
    """Draw the effective resistance of each pair of sites without barriers and with them.

    Pairs stand by what is added, those with no way left first, those not solved last. Pairs that
    had no way before are left out.

    Parameters
    ----------
    before, after
        Effective resistance without and with barriers, shape (n, n); infinite where there is no
        way, NaN where it could not be solved. See
        `kulan.connectivity.barriers.effect.BarrierEffect`.
    names
        Of the n sites, in the order of rows and columns.
    caption
        Title, subtitle and source.
    words
        The reader's language.
    unit
        Of resistance.
    most
        Draw at most so many pairs, and say how many were left out.

    Raises
    ------
    InvalidGridError
        If the shapes do not fit the names, or no pair had a way before.
    """
    n = len(names)
    if before.shape != (n, n) or after.shape != (n, n):
        raise InvalidGridError(
            f"pairs: resistances of shapes {before.shape} and {after.shape} for {n} names. "
            "Give two square tables with a row for each site."
        )
    every = [(i, j) for i, j in combinations(range(n), 2) if np.isfinite(before[i, j])]
    if not every or most < 1:
        raise InvalidGridError(
            f"pairs: {len(every)} have a way without barriers and {most} were asked for; there "
            "must be at least one of each."
        )
    order = sorted(every, key=lambda pair: _added(float(before[pair]), float(after[pair])))
    shown = order[:most]
    reader = Reader(words)
    told = [_told(before[pair], after[pair], reader) for pair in shown]
    lengths = [before[pair] for pair in shown] + [after[pair] for pair in shown]
    with drawing():
        rows = lay_rows(
            [f"{names[i]} — {names[j]}" for i, j in shown],
            caption,
            _notes("pairs", len(shown), len(order), reader),
            reach=(0.0, max(value for value in lengths if np.isfinite(value))),
            axis_title=reader.say("Effective resistance, {unit}", unit=unit),
            right_title=reader.say("change"),
            right_in=max(width_in(text, _PT) for text in [*told, reader.say("change")]) + 0.1,
            keys=_before_and_after(reader),
            reader=reader,
        )
        for k, pair in enumerate(shown):
            _draw_pair(rows, k, before[pair], after[pair])
            _write_beside(rows, k, told[k])
    return Picture(rows.sheet.figure)


def _before_and_after(reader: Reader) -> tuple[Key, Key]:
    """Explain both dots; other lines may stand both times, so neither is without barriers."""
    without, with_it = reader.say("without what is asked about"), reader.say("with it")
    return (
        Key(without, "marker", BEFORE, "#ffffff", 0.6, size=6.5),
        Key(with_it, "marker", AFTER, "#ffffff", 0.6, size=6.5),
    )


def _added(before: float, after: float) -> float:
    """Return a place in the order: what is added most, or all, comes first; the unknown last."""
    return np.inf if np.isnan(after) else before - after


def _told(before: float, after: float, reader: Reader) -> str:
    if np.isnan(after):
        return reader.say("not solved")
    if np.isinf(after):
        return reader.say("no way")
    if before <= 0:
        return ""
    change = after / before - 1
    sign = "+" if change >= 0 else "−"
    if abs(change) >= 10:
        return f"× {reader.words.significant(after / before)}"
    return sign + reader.words.percent(abs(change), 0)


def _draw_pair(rows: Rows, row: int, before: float, after: float) -> None:
    axes = rows.axes
    reach = axes.get_xlim()[1]
    end = before if np.isnan(after) else min(after, reach)
    axes.hlines([row], [before], [end], color=BETWEEN, lw=3.0, zorder=1, gid="change")
    _dot(rows, row, before, BEFORE, "o", "before")
    if np.isinf(after):
        # the way leads out of the chart
        _dot(rows, row, reach, AFTER, ">", "no way")
    elif np.isfinite(after):
        _dot(rows, row, after, AFTER, "o", "after")


def attribution_chart(
    attribution: Attribution,
    caption: Caption,
    words: Words,
    *,
    unit: str = "S",
    most: int = MOST_ROWS,
) -> Picture:
    """Draw each barrier's share in the joint loss: alone, added to all others, and on the mean.

    The mean over all orders (Shapley's value) sums to the joint loss; where orders were drawn at
    random it has a bar of twice its standard error.

    Parameters
    ----------
    attribution
        See `kulan.connectivity.barriers.attribution.attribute`.
    caption
        Title, subtitle and source.
    words
        The reader's language.
    unit
        Of the loss.
    most
        Draw at most so many barriers, the largest shares first, and say how many were left out.

    Raises
    ------
    InvalidGridError
        If a share is not finite, or no barrier is to be drawn.

    References
    ----------
    Shapley, L. S. (1953). A value for n-person games. In Contributions to the Theory of Games II,
    307-317. Princeton University Press.
    """
    shares = np.stack([attribution.alone, attribution.last, attribution.shapley])
    error = 2 * attribution.standard_error
    if not np.isfinite(shares).all() or not np.isfinite(error).all() or most < 1:
        raise InvalidGridError(
            f"attribution: shares must be finite and at least one barrier drawn; {most} asked for."
        )
    reader = Reader(words)
    order = np.argsort(-attribution.shapley, kind="stable")[:most]
    low = min(shares.min(), (attribution.shapley - error).min())
    high = max(shares.max(), (attribution.shapley + error).max())
    notes = _notes("barriers", order.size, len(attribution.names), reader)
    total = number_text(attribution.total, words)
    notes.append(reader.say("All together take away {value} {unit}.", value=total, unit=unit))
    if attribution.n_orders:
        count = words.number(attribution.n_orders)
        notes.append(reader.say("Orders of building drawn at random: {count}.", count=count))
    with drawing():
        rows = lay_rows(
            [attribution.names[k] for k in order],
            caption,
            notes,
            reach=(float(low), float(high)),
            axis_title=reader.say("Loss of connectivity, {unit}", unit=unit),
            keys=_attribution_keys(reader, with_error=bool(error.any())),
            reader=reader,
        )
        for row, k in enumerate(order):
            if error[k]:
                ends = attribution.shapley[k] - error[k], attribution.shapley[k] + error[k]
                rows.axes.hlines([row], [ends[0]], [ends[1]], color="#7fa9cf", lw=3.4, gid="error")
            _dot(rows, row, attribution.alone[k], ALONE, "^", "alone")
            _dot(rows, row, attribution.last[k], LAST, "s", "last")
            _dot(rows, row, attribution.shapley[k], SHAPLEY, "o", "shapley")
    return Picture(rows.sheet.figure)


def _attribution_keys(reader: Reader, *, with_error: bool) -> list[Key]:
    mean = reader.say("mean over all orders of building (Shapley)")
    last = reader.say("added where all others stand")
    keys = [
        Key(reader.say("where it stands alone"), "marker", ALONE, "#ffffff", 0.6, marker="^"),
        Key(last, "marker", LAST, "#ffffff", 0.6, marker="s"),
        Key(mean, "marker", SHAPLEY, "#ffffff", 0.6, marker="o"),
    ]
    if with_error:
        keys.append(Key(reader.say("twice its standard error"), "line", "#7fa9cf", width=3.4))
    return keys


def _dot(rows: Rows, row: int, x: float, colour: str, marker: str, name: str) -> None:
    rows.axes.plot(
        [x],
        [row],
        marker=marker,
        ls="none",
        ms=7,
        mfc=colour,
        mec="#ffffff",
        mew=0.6,
        gid=name,
        clip_on=False,
        zorder=3,
        scalex=False,
        scaley=False,
    )


def _write_beside(rows: Rows, row: int, text: str) -> None:
    y = rows.height_of(row) - half_capital_in(_PT)
    write(rows.sheet.paper, rows.right, y, text, size=_PT)


def _notes(what: str, shown: int, count: int, reader: Reader) -> list[str]:
    if shown == count:
        return []
    numbers = {"shown": reader.words.number(shown), "count": reader.words.number(count)}
    if what == "pairs":
        return [reader.say("The first {shown} of {count} pairs are drawn.", **numbers)]
    return [reader.say("The first {shown} of {count} barriers are drawn.", **numbers)]
