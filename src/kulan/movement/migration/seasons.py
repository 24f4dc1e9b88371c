"""Seasons: when each animal was in a range and when on its way, as a table anyone may edit.

The table is written from the mean shifts, opened in any spreadsheet, corrected by whoever knows the
animals, and read again: what stands there then counts.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from kulan.errors import InvalidTableError
from kulan.movement.fixes import Clock
from kulan.movement.migration.mean_shift import MeanShifts
from kulan.movement.tracks import Track

COLUMNS = ("animal_id", "kind", "season", "start", "end", "source", "comment")
RANGE, MIGRATION = "range", "migration"
_KINDS = (RANGE, MIGRATION)
_HALF_YEAR = 6


def seasons_of(found: MeanShifts) -> pd.DataFrame:
    """Return the ranges and migrations of one animal as rows of the table of seasons.

    Parameters
    ----------
    found
        The mean shifts of its track.

    Returns
    -------
    pd.DataFrame
        Columns `COLUMNS`: `kind` is "range" or "migration"; `season` a name that joins the same
        season of several years and animals, at first the half of the year in which the middle of a
        migration lies, or the number of the range; `start` and `end` in UTC, or seconds on an
        elapsed clock; `source` "mean shift". A range from before the record begins to its first
        fix, or from its last fix on, has no row.
    """
    track = found.track
    edges = [float(track.time_s[0])]
    for shift in found.shifts:
        edges += [shift.start_s.estimate, shift.end_s.estimate]
    last = float(track.time_s[-1]) + 1.0
    edges.append(last)
    rows = []
    for k, (start, end) in enumerate(pairwise(np.clip(edges, edges[0], last).tolist())):
        # an animal on its way when the record begins or ends was in no range before or after
        if end - start < 1.0:
            continue
        kind = _KINDS[k % 2]
        rows.append(
            {
                "animal_id": track.animal_id,
                "kind": kind,
                "season": _named(kind, k // 2, (start + end) / 2, track.clock),
                "start": _moment(start, track.clock),
                "end": _moment(end, track.clock),
                "source": "mean shift",
                "comment": "",
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _named(kind: str, number: int, middle_s: float, clock: Clock) -> str:
    if kind == RANGE:
        return f"range {number + 1}"
    if clock == "elapsed":
        return MIGRATION
    month = pd.Timestamp(middle_s, unit="s").month
    return f"{MIGRATION} {'Jan-Jun' if month <= _HALF_YEAR else 'Jul-Dec'}"


def _moment(seconds: float, clock: Clock) -> str:
    if clock == "elapsed":
        return f"{seconds:.0f}"
    return pd.Timestamp(round(seconds), unit="s").strftime("%Y-%m-%dT%H:%M:%SZ")


def check_seasons(table: pd.DataFrame, animals: Sequence[str], clock: Clock) -> pd.DataFrame:
    """Return an edited table of seasons with `start_s` and `end_s`, or say what is wrong with it.

    Parameters
    ----------
    table
        Columns `COLUMNS`, all as text; `source` and `comment` may be missing.
    animals
        Who may be named.
    clock
        "utc" for times such as 2024-05-01 or 2024-05-01T06:00Z, in UTC unless they say otherwise;
        "elapsed" for seconds.

    Returns
    -------
    pd.DataFrame
        Sorted by animal and start.

    Raises
    ------
    InvalidTableError
        If a column is missing, an animal is unknown, a kind is neither "range" nor "migration", a
        time cannot be read, a season ends before it starts, or two of an animal overlap.

    Examples
    --------
    >>> rows = {"animal_id": ["k1"], "kind": ["range"], "season": ["winter"]}
    >>> edited = pd.DataFrame({**rows, "start": ["2024-01-01"], "end": ["2024-04-01"]})
    >>> check_seasons(edited, ["k1"], "utc")["end_s"].tolist()
    [1711929600.0]
    """
    missing = [name for name in COLUMNS[:5] if name not in table.columns]
    if missing:
        raise InvalidTableError(f"seasons lack the column(s) {', '.join(missing)}.")
    checked = table.assign(
        animal_id=table["animal_id"].astype(str),
        start_s=_seconds(table["start"], "start", clock),
        end_s=_seconds(table["end"], "end", clock),
    )
    rows = checked.to_dict("records")
    for number, row in enumerate(rows, start=2):
        if row["animal_id"] not in animals:
            raise InvalidTableError(f"seasons, line {number}: no track is of '{row['animal_id']}'.")
        if row["kind"] not in _KINDS:
            raise InvalidTableError(
                f"seasons, line {number}: kind '{row['kind']}'; 'range' or 'migration' is needed."
            )
        if not row["start_s"] < row["end_s"]:
            raise InvalidTableError(
                f"seasons, line {number}: {row['animal_id']} ends '{row['season']}' at "
                f"{row['end']}, which is not after its start at {row['start']}."
            )
    checked = checked.sort_values(["animal_id", "start_s"], kind="stable", ignore_index=True)
    for before, after in pairwise(checked.to_dict("records")):
        if before["animal_id"] == after["animal_id"] and after["start_s"] < before["end_s"]:
            raise InvalidTableError(
                f"seasons of {after['animal_id']}: '{after['season']}' starts at "
                f"{after['start']}, before '{before['season']}' ends at {before['end']}."
            )
    return checked


def _seconds(column: "pd.Series[Any]", name: str, clock: Clock) -> "pd.Series[float]":
    try:
        if clock == "elapsed":
            return column.astype(float)
        times = pd.to_datetime(column, utc=True, format="ISO8601")
        seconds: pd.Series[float] = times.dt.as_unit("us").astype("int64") / 1e6
    except (ValueError, TypeError) as error:
        raise InvalidTableError(
            f"seasons, column '{name}': {error}. Write times as 2024-05-01T06:00Z."
        ) from error
    if times.isna().any():
        raise InvalidTableError(f"seasons, column '{name}': a time is missing.")
    return seconds


def parts_of(track: Track, seasons: pd.DataFrame) -> "Iterator[tuple[pd.Series[Any], Track]]":
    """Yield the seasons of one animal, each with the part of its track that lies in it.

    Parameters
    ----------
    track
        One animal's track.
    seasons
        As `check_seasons` returns them.

    Yields
    ------
    tuple of pd.Series and Track
        The row of the season, and the fixes from its start to before its end; maybe none.
    """
    for _, season in seasons[seasons["animal_id"] == track.animal_id].iterrows():
        first, end = np.searchsorted(track.time_s, [season["start_s"], season["end_s"]])
        yield season, part_of(track, int(first), int(end))


def part_of(track: Track, first: int, end: int) -> Track:
    """Return the fixes of a track from `first` to before `end`.

    Examples
    --------
    >>> track = Track("k1", np.arange(5.0), np.arange(5.0), np.zeros(5))
    >>> part_of(track, 1, 3).x_m
    array([1., 2.])
    """
    here = slice(first, end)
    return Track(
        track.animal_id,
        track.time_s[here],
        track.x_m[here],
        track.y_m[here],
        track.plane,
        track.clock,
        None if track.error_m2 is None else track.error_m2[here],
        track.rows[here],
    )
