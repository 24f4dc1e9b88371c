"""What the user vouches for when telemetry is read, and what a file itself says."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from kulan.errors import InvalidFileError, InvalidTableError
from kulan.movement.fixes import NEEDED, OPTIONAL, Clock

LOCAL_METRES = "local"
# columns a mapping may name: a date and a time of day may stand in columns of their own
MAPPABLE = (*NEEDED, *(name for name in OPTIONAL if not name.startswith("source_")))
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$", re.IGNORECASE)
_KEYS = ("zone", "crs", "time_format", "elapsed", "columns", "constants", "missing", "step_s")


@dataclass(frozen=True)
class TelemetryAsked:
    """What the user says of files of telemetry; nothing of it is assumed where it is missing.

    Attributes
    ----------
    zone
        Zone of times without one: "Asia/Ulaanbaatar", "UTC", "+08:00".
    crs
        System of coordinates of files that do not say it; `LOCAL_METRES` for metres that lie
        nowhere on Earth.
    time_format
        How times are written, as `strptime` says it; "unix_s" or "unix_ms" for seconds or
        milliseconds since 1970. None for ISO 8601.
    elapsed
        Whether times are seconds from an origin nobody knows.
    step_s
        Seconds between rows, for files without times; times are then elapsed.
    columns
        Columns by what they hold (`MAPPABLE`); a tuple is joined by spaces.
    constants
        What all rows have in common, by the same names.
    missing
        Further texts and numbers that mean "no value".
    animal
        Whose the fixes are, in a file that does not say it.
    species
        Species of all animals, where files do not say it.
    layer
        Layer of a file with several.
    swap_axes
        Whether the two coordinates stand in the wrong columns.
    """

    zone: str | None = None
    crs: str | None = None
    time_format: str | None = None
    elapsed: bool = False
    step_s: float | None = None
    columns: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    animal: str | None = None
    species: str | None = None
    layer: str | None = None
    swap_axes: bool = False


@dataclass(frozen=True)
class RawFixes:
    """Rows of one file under our names, times and places as they stand.

    Attributes
    ----------
    table
        `animal_id`, `time`, `x`, `y`, whatever else is known, and the file's other columns.
    format
        Name of the format.
    crs
        System its standard or the file states; None where nobody says it.
    naive_zone
        Zone of its times by the format's standard; None where there is none.
    why
        Where the standard says so.
    clock
        "elapsed" where the file itself declares such times; None where it is asked of the user.
    """

    table: pd.DataFrame
    format: str
    crs: str | None = None
    naive_zone: str | None = None
    why: str = ""
    clock: Clock | None = None


def zone_of(name: str) -> Any:
    """Return the time zone a name or an offset means.

    Raises
    ------
    InvalidTableError
        If it is neither.

    Examples
    --------
    >>> zone_of("UTC+8"), zone_of("Asia/Almaty").key
    (datetime.timezone(datetime.timedelta(seconds=28800)), 'Asia/Almaty')
    """
    from datetime import timedelta, timezone  # noqa: PLC0415

    text = name.strip()
    found = _OFFSET.match(text)
    if found:
        minutes = int(found.group(2)) * 60 + int(found.group(3) or 0)
        if minutes <= 14 * 60:
            return timezone(timedelta(minutes=minutes if found.group(1) == "+" else -minutes))
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidTableError(
            f"'{name}' is no time zone: name one such as Asia/Ulaanbaatar, UTC or +08:00."
        ) from None


def read_mapping(path: Path, asked: TelemetryAsked | None = None) -> TelemetryAsked:
    r"""Read a mapping file (TOML) that declares what the columns of a table mean.

    Parameters
    ----------
    path
        The file: `zone`, `crs`, `time_format`, `elapsed`, `step_s`, `missing`, and the tables
        `[columns]` and `[constants]`.
    asked
        What the user says beside it; it wins over the file.

    Returns
    -------
    TelemetryAsked

    Raises
    ------
    InvalidFileError
        If it is no TOML, or declares what nothing here reads.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "collars.toml"
    >>> _ = file.write_text('zone = "+08:00"\n[columns]\nx = "Lon"\ntime = ["Date", "Time"]')
    >>> read_mapping(file).columns
    {'x': 'Lon', 'time': ('Date', 'Time')}
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise InvalidFileError(f"{path.name}: cannot be opened ({problem.strerror}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise InvalidFileError(
            f"{path.name}: no mapping file in TOML ({problem}). See the guide to reading collars."
        ) from None
    _check_keys(path.name, told)
    columns = {
        name: tuple(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in told.get("columns", {}).items()
    }
    asked = asked or TelemetryAsked()
    return replace(
        asked,
        zone=asked.zone or told.get("zone"),
        crs=asked.crs or told.get("crs"),
        time_format=asked.time_format or told.get("time_format"),
        elapsed=asked.elapsed or bool(told.get("elapsed", False)),
        step_s=asked.step_s or told.get("step_s"),
        columns=columns,
        constants={name: str(value) for name, value in told.get("constants", {}).items()},
        missing=tuple(str(value) for value in told.get("missing", ())),
    )


def _check_keys(name: str, told: Mapping[str, Any]) -> None:
    unknown = [key for key in told if key not in _KEYS]
    for table in ("columns", "constants"):
        unknown += [f"{table}.{key}" for key in told.get(table, {}) if key not in MAPPABLE]
    if unknown:
        raise InvalidFileError(
            f"{name}: it declares {', '.join(unknown)}, which nothing reads. It may hold "
            f"{', '.join(_KEYS)}; columns and constants may be {', '.join(MAPPABLE)}."
        )
