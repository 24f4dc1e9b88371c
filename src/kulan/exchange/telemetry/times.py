"""Times of fixes: with a zone, or refused; clocks set back or forward are named, not guessed."""

from typing import Any

import numpy as np
import pandas as pd

from kulan.errors import InvalidTableError
from kulan.exchange.losses import Losses
from kulan.exchange.telemetry.asked import RawFixes, TelemetryAsked, zone_of
from kulan.exchange.telemetry.dialects import plain
from kulan.notes import Note
from kulan.words import N_

Times = Any
_UNIX = {"unix_s": "s", "unix_ms": "ms"}
_ENDS = ("Z", "UTC", "GMT")
_TIMES_OF_DAY = {"hour", "hours", "time_of_day", "clock", "час", "время", "heure"}
_NAIVE = (
    "times have no time zone, as in {example!r}. Say in which they are: --zone UTC, --zone "
    "Asia/Ulaanbaatar, or --zone +08:00 (or `zone` in a mapping file)."
)


def settled_times(raw: RawFixes, asked: TelemetryAsked, losses: Losses, name: str) -> Times:
    """Return the times of a file's rows: in UTC, or as seconds on an elapsed clock.

    Parameters
    ----------
    raw
        Rows as they stand.
    asked
        What the user says of times.
    losses
        Where it is told what was taken for what, and which times could not be read.
    name
        Of the file, for messages.

    Returns
    -------
    Series
        UTC to the microsecond, or seconds as floats; missing where a row has no readable time.

    Raises
    ------
    InvalidTableError
        If times have no zone and nobody names it, some have one and others not, their form is
        unknown, they are dates where seconds are declared, or they fall where clocks were set back
        or forward.
    """
    values = raw.table["time"]
    if raw.clock == "elapsed" or asked.elapsed or asked.step_s is not None:
        return _elapsed(values, losses, name)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return values.dt.tz_convert("UTC").dt.as_unit("us")
    if pd.api.types.is_numeric_dtype(values) or asked.time_format in _UNIX:
        return _counted(values, asked, losses, name)
    if pd.api.types.is_datetime64_any_dtype(values):
        return _placed(values, raw, asked, losses, name)
    return _read(values.astype("str"), raw, asked, losses, name)


def _elapsed(values: Times, losses: Losses, name: str) -> Times:
    if pd.api.types.is_timedelta64_dtype(values):
        lengths: Times = values.dt.total_seconds()
        return lengths
    if pd.api.types.is_datetime64_any_dtype(values):
        raise InvalidTableError(
            f"{name}: its times are dates ({values.iloc[0]}), not seconds from an unknown origin. "
            "Leave --elapsed and --step-seconds out."
        )
    seconds: Times = pd.to_numeric(values, errors="coerce")
    seconds = seconds.astype(float)
    _tell_unread(values, seconds, losses, name, "seconds", "leave --elapsed out if they are dates")
    return seconds


def _counted(values: Times, asked: TelemetryAsked, losses: Losses, name: str) -> Times:
    unit = _UNIX.get(asked.time_format or "")
    if unit is None:
        raise InvalidTableError(
            f"{name}: times are numbers such as {values.iloc[0]!r}, not dates. Give --elapsed if "
            "they are seconds from an unknown origin, --time-format unix_s or unix_ms if they "
            "count from 1970."
        )
    counted: Times = pd.to_numeric(values, errors="coerce")
    counted = counted.astype(float)
    _tell_unread(values, counted, losses, name, "numbers", "see how times are written")
    factor = 1e6 if unit == "s" else 1e3
    whole = (counted * factor).round()
    stamps = pd.to_datetime(whole.astype("Int64"), unit="us", errors="coerce", utc=True)
    return stamps.dt.as_unit("us")


def _read(values: Times, raw: RawFixes, asked: TelemetryAsked, losses: Losses, name: str) -> Times:
    form = asked.time_format
    values = values.str.strip()
    if form is None:
        zoned = _with_zone(values)
        known = values.notna().to_numpy()
        if zoned.any() and (known & ~zoned).any():
            _refuse_mixed(values, zoned, name)
        has_zone, form = bool(zoned.any()), "ISO8601"
    else:
        has_zone = "%z" in form or "%Z" in form
    # names of zones that pandas does not read behind a time, unless told that names stand there
    named = "%Z" in form
    spelt = has_zone and not named
    text = values.str.replace(r"\s?(?:UTC|GMT)$", "Z", regex=True) if spelt else values
    # asked to be UTC, a naive time would be taken for UTC in silence
    stamps = _stamps(text, form, has_zone, name)
    _tell_unread(
        values,
        stamps,
        losses,
        name,
        "times",
        "%Z is a name such as UTC or Asia/Almaty; %z an offset such as +0800"
        if named
        else "say how they are written, such as --time-format '%d.%m.%Y %H:%M'",
    )
    if not has_zone:
        return _placed(stamps, raw, asked, losses, name)
    _tell_offsets(values, losses)
    return stamps.dt.as_unit("us")


def _stamps(text: Times, form: str, has_zone: bool, name: str) -> Times:
    try:
        return pd.to_datetime(text, format=form, errors="coerce", utc=has_zone)
    except ValueError as problem:  # of the form itself, or an hour that a named zone has twice
        words = " ".join(str(problem).split())[:200]
        raise InvalidTableError(
            f"{name}: its times cannot be read as --time-format {form!r} says ({words})."
        ) from None


def _with_zone(values: Times) -> Any:
    """Return which texts end in a zone or an offset; a pattern would take far longer."""
    zoned = values.str.endswith(_ENDS, na=False).to_numpy(dtype=bool).copy()
    for place in (-6, -5, -3):  # of the sign in +08:00, +0800 and +08
        zoned |= values.str.slice(place, place + 1).isin(["+", "-"]).to_numpy(dtype=bool)
    # the hyphen in a day without a time of day is none of these
    timed = values.str.contains(":", regex=False, na=False).to_numpy(dtype=bool)
    return zoned & timed


def _refuse_mixed(values: Times, zoned: Any, name: str) -> None:
    """Refuse times of which some have a zone; what is no time at all is another matter."""
    others = pd.to_datetime(values[~zoned], format="ISO8601", errors="coerce")
    naive = others.index[others.notna().to_numpy()]
    if not len(naive):
        return
    first, other = int(np.flatnonzero(zoned)[0]), int(naive[0])
    raise InvalidTableError(
        f"{name}: some times have a zone (row {first + 1}: {values.iloc[first]!r}) and some do not "
        f"(row {other + 1}: {values.iloc[other]!r}). Write them all alike, or split the file."
    )


def _tell_offsets(values: Times, losses: Losses) -> None:
    ends = values.str.extract(r"([+-]\d{2}(?::?\d{2})?)$", expand=False)
    offsets = sorted(ends.dropna().unique())
    if len(offsets) > 1:
        shown = ", ".join(offsets[:6])
        told = Note(N_("{offsets}: all were put into UTC"), offsets=shown)
        losses.change(None, N_("times of several offsets"), told)


def _placed(
    stamps: Times, raw: RawFixes, asked: TelemetryAsked, losses: Losses, name: str
) -> Times:
    """Return naive times in UTC, from the zone that the format prescribes or else that is named."""
    _refuse_days_alone(stamps, raw, name)
    zone = raw.naive_zone or asked.zone
    if zone is None:
        example = next((str(one) for one in stamps if pd.notna(one)), "")
        raise InvalidTableError(f"{name}: {_NAIVE.format(example=example)}")
    if raw.naive_zone is not None:
        what = Note(N_("times taken for {zone}"), zone=raw.naive_zone)
        losses.change(None, what, raw.why)
    where = zone_of(zone)
    if asked.zone is not None and zone_of(asked.zone) != where:
        text = N_(
            "{asked} was given, and the format fixes {zone}; where a table only looks like "
            "{format}, declare its columns in a mapping file"
        )
        told = Note(text, asked=str(asked.zone), zone=str(zone), format=raw.format)
        losses.change(None, N_("declared zone set aside"), told)
    placed = stamps.dt.as_unit("us").dt.tz_localize(where, ambiguous="NaT", nonexistent="NaT")
    lost = (placed.isna() & stamps.notna()).to_numpy()
    if lost.any():
        row = int(np.flatnonzero(lost)[0])
        raise InvalidTableError(
            f"{name}: clocks in {zone} were set forward or back at {stamps.iloc[row]} (row "
            f"{row + 1}, and {int(lost.sum()) - 1} more), which is no hour or two. Collars seldom "
            "change their clocks: name the offset they keep, such as --zone +08:00."
        )
    return placed.dt.tz_convert("UTC")


def _refuse_days_alone(stamps: Times, raw: RawFixes, name: str) -> None:
    """Refuse days without a time of day where animals have several fixes in a day.

    All fixes of a day would stand at its midnight, and all but one be set aside as the same time.
    """
    known = stamps.dropna()
    if known.empty or not (known.dt.normalize() == known).all() or "animal_id" not in raw.table:
        return
    rows = raw.table.loc[known.index, ["animal_id", "x", "y"]].assign(time=known)
    rows = rows.drop_duplicates()
    shared = int(rows.duplicated(["animal_id", "time"], keep=False).sum())
    if shared <= len(rows) / 2:
        return
    beside = [str(one) for one in raw.table.columns if plain(one) in _TIMES_OF_DAY]
    named = f" (perhaps {', '.join(map(repr, beside))})" if beside else ""
    raise InvalidTableError(
        f"{name}: its times are days without a time of day, such as {known.iloc[0]:%Y-%m-%d}, and "
        f"{shared} of {len(rows)} fixes share theirs with another place of the same animal. Name "
        f"the column of the time of day{named} too, in a mapping file: time = "
        '["date", "hour"], with time_format, such as "%Y-%m-%d %H".'
    )


def _tell_unread(
    values: Times, made: Times, losses: Losses, name: str, what: str, cure: str
) -> None:
    unread = (made.isna() & values.notna()).to_numpy()
    if not unread.any():
        return
    rows = np.flatnonzero(unread)
    example = values.iloc[int(rows[0])]
    if len(rows) * 2 > int(values.notna().sum()):
        raise InvalidTableError(
            f"{name}: its {what} cannot be read (row {rows[0] + 1}: {str(example)[:60]!r}); {cure}."
        )
    told = Note(N_("such as {example}: kept without a time"), example=repr(str(example)[:60]))
    losses.change(rows + 1, N_("times not understood"), told)
