"""A chart of crossings by what they give back, with how sure their order is."""

import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from kulan.connectivity.tables import CROSSING_RANKING
from kulan.errors import InvalidTableError
from kulan.report.connectivity.charts import MOST_ROWS, Rows, check_columns, lay_rows
from kulan.report.connectivity.legends import Key
from kulan.report.connectivity.lettering import half_capital_in, width_in, write
from kulan.report.connectivity.sheets import Caption, Picture, drawing
from kulan.report.reader import Reader
from kulan.words import Words

DOT, INTERVAL = "#0b5fa5", "#7fa9cf"
_SHARE_PT = 8.0
_BAR_IN = 0.55
_GAINS = ["gain_mean", "gain_low", "gain_high"]
_NUMBERS = ("gain_mean", "gain_low", "gain_high", "in_best_share")


def crossing_ranking_chart(
    ranking: pd.DataFrame,
    caption: Caption,
    words: Words,
    *,
    best: int,
    coverage: float = 0.9,
    unit: str = "S",
    most: int = MOST_ROWS,
) -> Picture:
    """Draw each crossing's gain with its interval, in the order of the ranking.

    Beside it stands in which share of the ensemble's members the crossing is among the best.

    Parameters
    ----------
    ranking
        Table `CROSSING_RANKING`, best first; see
        `kulan.connectivity.crossings.ranking.rank_crossings`.
    caption
        Title, subtitle and source.
    words
        The reader's language.
    best
        How many crossings counted as best when they were ranked.
    coverage
        Share of the members that the interval of gains holds.
    unit
        Of the gain: "S" for conductance, "Ω" for resistance.
    most
        Draw at most so many crossings, and say how many were left out.

    Raises
    ------
    InvalidTableError
        If a column is missing, there is no crossing, a number is not known, an interval is upside
        down, or a share lies outside 0 to 1.

    Examples
    --------
    >>> from kulan.connectivity.crossings.ranking import rank_crossings
    >>> from kulan.words import words_in
    >>> ranking = rank_crossings(["north", "south"], np.array([[3.0, 1.0], [2.0, 1.5]]), best=1)
    >>> picture = crossing_ranking_chart(ranking, Caption("Crossings"), words_in("en"), best=1)
    >>> picture.encode(".svg")[:5]
    b'<?xml'
    """
    _check_ranking(ranking, most)
    reader = Reader(words)
    shown = ranking.head(most)
    gains = shown[_GAINS].to_numpy(np.float64)
    notes = _notes(len(shown), len(ranking), reader)
    right = reader.say("among the best {count}", count=reader.words.number(best))
    share = reader.words.percent(coverage, 0)
    keys = (
        Key(reader.say("mean gain"), "marker", DOT, edge="#ffffff", width=0.6, size=6.5),
        Key(reader.say("{share} of the ensemble", share=share), "line", INTERVAL, width=3.4),
    )
    with drawing():
        rows = lay_rows(
            [str(name) for name in shown["crossing_id"]],
            caption,
            notes,
            reach=(float(gains.min()), float(gains.max())),
            axis_title=reader.say("Gain of connectivity, {unit}", unit=unit),
            right_title=right,
            right_in=max(width_in(right, _SHARE_PT), _BAR_IN + 0.55),
            keys=keys,
            reader=reader,
        )
        _draw_gains(rows, shown)
        for k, chance in enumerate(shown["in_best_share"]):
            _draw_share(rows, k, float(chance), reader)
    return Picture(rows.sheet.figure)


def _check_ranking(ranking: pd.DataFrame, most: int) -> None:
    check_columns(list(ranking.columns), ("crossing_id", *_NUMBERS), CROSSING_RANKING.name)
    if ranking.empty or most < 1:
        raise InvalidTableError(
            f"{CROSSING_RANKING.name}: {len(ranking)} crossings found and {most} asked for; "
            "there must be at least one of each."
        )
    numbers = ranking[list(_NUMBERS)].to_numpy(np.float64)
    unknown = ~np.isfinite(numbers).all(axis=1)
    upside_down = ranking["gain_low"].to_numpy() > ranking["gain_high"].to_numpy()
    share = ranking["in_best_share"].to_numpy()
    wrong = unknown | upside_down | (share < 0) | (share > 1)
    if wrong.any():
        row = ranking.iloc[int(np.flatnonzero(wrong)[0])]
        raise InvalidTableError(
            f"{CROSSING_RANKING.name}: crossing {row['crossing_id']!r} has a gain of "
            f"{row['gain_mean']} between {row['gain_low']} and {row['gain_high']} and is among "
            f"the best in a share of {row['in_best_share']}. Finite numbers, the lower end "
            "first, and a share from 0 to 1 are needed."
        )


def _notes(shown: int, all_of_them: int, reader: Reader) -> list[str]:
    if shown == all_of_them:
        return []
    return [
        reader.say(
            "The first {shown} of {count} crossings are drawn.",
            shown=reader.words.number(shown),
            count=reader.words.number(all_of_them),
        )
    ]


def _draw_gains(rows: Rows, shown: pd.DataFrame) -> None:
    at = np.arange(len(shown))
    rows.axes.hlines(
        at, shown["gain_low"], shown["gain_high"], color=INTERVAL, lw=3.4, gid="interval"
    )
    rows.axes.plot(
        shown["gain_mean"].to_numpy(),
        at,
        marker="o",
        ls="none",
        ms=6.5,
        mfc=DOT,
        mec="#ffffff",
        mew=0.6,
        gid="mean",
        scalex=False,
        scaley=False,
    )


def _draw_share(rows: Rows, row: int, share: float, reader: Reader) -> None:
    """Draw a small bar of the share of members, and write it."""
    paper, y = rows.sheet.paper, rows.height_of(row)
    frame = Rectangle((rows.right, y - 0.05), _BAR_IN, 0.1, facecolor="#eef1f4", lw=0)
    paper.add_patch(frame)
    filled = Rectangle((rows.right, y - 0.05), _BAR_IN * share, 0.1, facecolor=DOT, lw=0)
    filled.set_gid("in best")
    paper.add_patch(filled)
    text = reader.words.percent(share, 0)
    at = rows.right + _BAR_IN + 0.08
    write(paper, at, y - half_capital_in(_SHARE_PT), text, size=_SHARE_PT)
