"""Screening: every reason for setting a fix aside, in one pass over each animal, with a report."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.errors import InvalidTableError
from kulan.movement.cleaning.certain import flag_certain
from kulan.movement.cleaning.speeds import impossible_speeds, spikes
from kulan.movement.cleaning.stillness import still_ends
from kulan.movement.fixes import Fixes, Flag
from kulan.movement.planes import Plane, plane_around
from kulan.notes import Note
from kulan.places import WGS84
from kulan.words import N_

Floats = NDArray[np.float64]
Flags = NDArray[np.uint16]
_DAY_S = 86_400.0


@dataclass(frozen=True)
class Screening:
    """What is set aside.

    Attributes
    ----------
    max_speed_m_per_s
        Faster is impossible. 25 m/s is more than any ungulate runs; a species and rate of fixes
        allow a lower one. None to let any speed pass.
    slack_m
        Distance granted to every step for location error, m.
    spike_times
        A spike's steps are faster than so many times the animal's median speed; None for no search.
    spike_least_m_per_s
        And faster than this, m/s: an animal that rests much has a low median.
    spike_cosine
        Cosine of the turn at its tip.
    still_radius_m, still_days
        A collar that lies within this radius for so many days to the end of its record, or from
        the beginning, is on no animal; None days for no search.
    two_dimensional
        Whether fixes of two dimensions are set aside.
    max_hdop
        Greatest dilution of precision; None for any.
    max_error_m
        Greatest location error, m; None for any.
    """

    max_speed_m_per_s: float | None = 25.0
    slack_m: float = 0.0
    spike_times: float | None = 10.0
    spike_least_m_per_s: float = 0.5
    spike_cosine: float = -0.97
    still_radius_m: float = 50.0
    still_days: float | None = 7.0
    two_dimensional: bool = True
    max_hdop: float | None = None
    max_error_m: float | None = None

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            signed = name in ("spike_cosine", "slack_m", "two_dimensional")
            if value is not None and not signed and not value > 0:
                raise InvalidTableError(f"{name} of {value:g}: it must be above 0.")


@dataclass(frozen=True, eq=False)
class CleaningReport:
    """What was set aside, and why.

    Attributes
    ----------
    animals
        One row for each animal: `animal_id`, `fixes`, `used`, a column for each reason with the
        number of fixes that have it (a fix may have several), `median_speed_m_per_s` and
        `fastest_m_per_s` of the steps that are left, and `spike_speed_m_per_s` that was applied.
    screening
        With which settings.
    notes
        Sentences a careful reader must know.
    """

    animals: pd.DataFrame
    screening: Screening
    notes: tuple[str, ...]
    totals: Mapping[str, int] = field(default_factory=dict)


def clean(fixes: Fixes, screening: Screening | None = None) -> tuple[Fixes, CleaningReport]:
    """Flag what is wrong or doubtful; no fix is dropped, and flags that were there stay.

    In this order: no place or time, copies; two dimensions and low quality; a collar that lies
    still at either end; impossible speeds among what is left; spikes among what is left then. A
    later search never sees what an earlier one set aside.

    Parameters
    ----------
    fixes
        As they came in.
    screening
        What is set aside; None for the defaults.

    Returns
    -------
    Fixes
        The same fixes with flags added.
    CleaningReport
        Per animal.

    Examples
    --------
    >>> from kulan.movement.fixes import make_fixes
    >>> table = pd.DataFrame({"animal_id": "k", "time": [0.0, 60, 120], "x": [0, 9e4, 50], "y": 0})
    >>> cleaned, report = clean(make_fixes(table, crs="", clock="elapsed"))
    >>> cleaned.table["flags"].tolist(), report.totals
    ([0, 64, 0], {'speed': 1})
    """
    screening = screening or Screening()
    fixes = flag_certain(fixes)
    fixes = fixes.with_flags(_by_quality(fixes.table, screening))
    flags = fixes.table["flags"].to_numpy().copy()
    codes, names = pd.factorize(fixes.table["animal_id"])
    edges = np.searchsorted(codes, np.arange(len(names) + 1))
    seconds = seconds_of(fixes)
    rows = []
    for k, name in enumerate(names):
        part = slice(int(edges[k]), int(edges[k + 1]))
        told = _screen_animal(fixes, part, flags, seconds, screening)
        rows.append({"animal_id": str(name), **told})
    cleaned = fixes.with_flags(flags)
    report = CleaningReport(pd.DataFrame(rows), screening, tuple(_notes(rows)), _totals(flags))
    return cleaned, report


def seconds_of(fixes: Fixes) -> Floats:
    """Return the times of all fixes in seconds; NaN where there is none.

    Examples
    --------
    >>> from kulan.movement.fixes import make_fixes
    >>> table = pd.DataFrame({"animal_id": "k", "time": [0.0, 60], "x": 0, "y": 0})
    >>> seconds_of(make_fixes(table, crs="", clock="elapsed"))
    array([ 0., 60.])
    """
    times = fixes.table["time"]
    if fixes.clock == "elapsed":
        return times.to_numpy(dtype=float)
    stamps = times.dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    seconds: Floats = stamps.astype(np.int64) / 1e6
    missing = times.isna().to_numpy()
    if missing.any():
        seconds[missing] = np.nan
    return seconds


def _by_quality(table: pd.DataFrame, screening: Screening) -> Flags:
    flags = np.zeros(len(table), dtype=np.uint16)
    if screening.two_dimensional and "fix_dimension" in table:
        two = (table["fix_dimension"] == 2).to_numpy(dtype=bool, na_value=False)
        flags[two] |= np.uint16(Flag.TWO_DIMENSIONAL)
    limits = {
        "hdop": screening.max_hdop,
        "error_m": screening.max_error_m,
        "error_major_m": screening.max_error_m,
    }
    for name, limit in limits.items():
        if limit is not None and name in table:
            values = table[name].to_numpy(dtype=float, na_value=np.nan)
            flags[values > limit] |= np.uint16(Flag.LOW_QUALITY)
    return flags


def _screen_animal(
    fixes: Fixes, part: slice, flags: Flags, seconds: Floats, screening: Screening
) -> dict[str, object]:
    """Add the flags of one animal's fixes in place; return what the report says of it."""
    own = flags[part]
    spike_speed = np.nan
    rows = np.flatnonzero(own == 0)
    x, y = _metres(fixes, part, rows)
    time = seconds[part][rows]
    if screening.still_days is not None and len(rows):
        head, tail = still_ends(time, x, y, screening.still_radius_m, screening.still_days * _DAY_S)
        own[rows[head]] |= np.uint16(Flag.STATIONARY_HEAD)
        own[rows[tail]] |= np.uint16(Flag.STATIONARY_TAIL)
        left = ~(head | tail)
        rows, x, y, time = rows[left], x[left], y[left], time[left]
    if screening.max_speed_m_per_s is not None and len(rows):
        gone = impossible_speeds(time, x, y, screening.max_speed_m_per_s, screening.slack_m)
        own[rows[gone]] |= np.uint16(Flag.SPEED)
        rows, x, y, time = rows[~gone], x[~gone], y[~gone], time[~gone]
    if screening.spike_times is not None and len(rows) > 3:
        speed = _speeds(time, x, y)
        moving = speed[speed > 0]
        median = float(np.median(moving)) if len(moving) else np.nan
        spike_speed = max(screening.spike_times * median, screening.spike_least_m_per_s)
        gone = spikes(time, x, y, spike_speed, screening.spike_cosine)
        own[rows[gone]] |= np.uint16(Flag.SPIKE)
        x, y, time = x[~gone], y[~gone], time[~gone]
    return _told(own, _speeds(time, x, y), spike_speed)


def _metres(fixes: Fixes, part: slice, rows: NDArray[np.int64]) -> tuple[Floats, Floats]:
    x = fixes.table["x"].to_numpy(float)[part][rows]
    y = fixes.table["y"].to_numpy(float)[part][rows]
    if not fixes.is_geographic or not len(rows):
        return x, y
    plane: Plane = plane_around(x, y)
    if fixes.crs != WGS84:
        raise InvalidTableError(f"fixes are in {fixes.crs}; read them into WGS 84 first.")
    return plane.forward(x, y)


def _speeds(time_s: Floats, x_m: Floats, y_m: Floats) -> Floats:
    speeds: Floats = np.hypot(np.diff(x_m), np.diff(y_m)) / np.diff(time_s)
    return speeds


def _told(flags: Flags, speeds: Floats, spike_speed: float) -> dict[str, object]:
    counts = _totals(flags, every=True)
    return {
        "fixes": len(flags),
        "used": int((flags == 0).sum()),
        **counts,
        "median_speed_m_per_s": float(np.median(speeds)) if len(speeds) else float("nan"),
        "fastest_m_per_s": float(speeds.max()) if len(speeds) else float("nan"),
        "spike_speed_m_per_s": spike_speed,
    }


def _totals(flags: Flags, *, every: bool = False) -> dict[str, int]:
    totals = {
        str(flag.name).lower(): int(np.count_nonzero(flags & np.uint16(flag.value)))
        for flag in Flag
        if flag
    }
    return totals if every else {name: count for name, count in totals.items() if count}


def _notes(rows: list[dict[str, object]]) -> list[str]:
    notes: list[str] = []
    for row in rows:
        count, used = row["fixes"], row["used"]
        text = ""
        if row["stationary_tail"] == count:
            text = N_("{animal}: the collar never moved; it was on no animal, or that was dead.")
        elif used == 0:
            text = N_("{animal}: none of its {count} fixes is usable.")
        elif used == 1:
            text = N_("{animal}: one usable fix of {count}, so no step and no path.")
        elif isinstance(used, int) and isinstance(count, int) and used < count / 2:
            text = N_("{animal}: more than half of its {count} fixes are set aside.")
        if text:
            notes.append(Note(text, animal=str(row["animal_id"]), count=count))
    return notes
