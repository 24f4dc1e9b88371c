"""A file's features as records: what the Atlas must know of each, beside the owner's columns.

A record's `uid` is a keyed hash of the layer and of the name the owner gave the record (of its
shape, where there is none): it stays from version to version, and tells neither the owner's name
for it nor its place in the file.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from kulan.atlas.precision import UNCERTAINTY
from kulan.places import WGS84
from kulan.web.catalogue.columns import NEVER, Column, by_role
from kulan.web.catalogue.models import LayerVersion
from kulan.web.catalogue.rules import life_event_of, species_id_of
from kulan.web.catalogue.territories import states_of

FROM, TO = "kulan_date_from", "kulan_date_to"
OWN = ("kulan_uid", "kulan_species", "kulan_iso3", "kulan_season", "kulan_months", "kulan_name")
NOT_PROPERTIES = ("record_id", "season", "date_from", "date_to", "months", "uncertainty")
"""Roles of columns that stand on their own in a rendition, not among its properties."""
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}([T ].*)?)?)?")


@dataclass(frozen=True)
class Records:
    """The records of a version, and what could not be understood.

    Attributes
    ----------
    frame
        Owner's columns as they may be shown, `OWN`, the two dates, the uncertainty; in the order
        of `kulan_uid`, which is that of chance.
    unread
        Cells that were given and could not be understood, by role.
    """

    frame: gpd.GeoDataFrame
    unread: Mapping[str, int]


def records_of(
    version: LayerVersion,
    frame: gpd.GeoDataFrame,
    columns: tuple[Column, ...],
    *,
    trust_states: bool = False,
) -> Records:
    """Return a file's features as records.

    Parameters
    ----------
    version
        The version they belong to.
    frame
        Features in EPSG:4326 without missing shapes.
    columns
        Declaration of its columns.
    trust_states
        Whether the column of states says in which state a feature lies, as in the map of states
        itself; else the map of states does.
    """
    roles = by_role(columns)
    unread: dict[str, int] = {}
    shapes = shapely.make_valid(shapely.force_2d(frame.geometry.to_numpy()))
    kept = {
        column.name: [_plain(cell) for cell in frame[column.name].tolist()]
        for column in columns
        if column.name in frame.columns
        and column.public_to != NEVER
        and column.role not in NOT_PROPERTIES
    }
    table = pd.DataFrame(
        {name: pd.Series(cells, dtype=object) for name, cells in kept.items()},
        index=range(len(frame)),
    )
    table["kulan_species"] = _species(frame, roles, version, unread)
    table["kulan_iso3"] = _iso3(frame, roles, shapes, trust=trust_states)
    table["kulan_season"] = [life_event_of(text) for text in _texts(frame, roles, "season")]
    table[FROM], table[TO] = _dates(frame, roles, unread)
    table["kulan_months"] = _months(frame, roles, table)
    table["kulan_name"] = [text[:300] for text in _texts(frame, roles, "name")]
    if "uncertainty" in roles and roles["uncertainty"] in frame.columns:
        numbers = pd.to_numeric(frame[roles["uncertainty"]], errors="coerce")
        table[UNCERTAINTY] = numbers.to_numpy(dtype=float)
    table["kulan_uid"] = _uids(version, frame, roles, shapes)
    made = gpd.GeoDataFrame(table, geometry=shapes, crs=WGS84)
    return Records(made.sort_values("kulan_uid", ignore_index=True), unread)


def _column(frame: gpd.GeoDataFrame, roles: Mapping[str, str], role: str) -> list[Any]:
    name = roles.get(role)
    if name is None or name not in frame.columns:
        return [None] * len(frame)
    return [_plain(cell) for cell in frame[name].tolist()]


def _texts(frame: gpd.GeoDataFrame, roles: Mapping[str, str], role: str) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in _column(frame, roles, role)]


def _species(
    frame: gpd.GeoDataFrame,
    roles: Mapping[str, str],
    version: LayerVersion,
    unread: dict[str, int],
) -> list[tuple[str, ...]]:
    """Return each record's species; those of the version where the record names none."""
    of_version = tuple(str(one) for one in version.species)
    found = []
    for cell in _column(frame, roles, "species"):
        named = cell if isinstance(cell, list) else [] if cell is None else [str(cell)]
        species = tuple(sorted({species_id_of(str(one)) for one in named if str(one).strip()}))
        found.append(species or of_version)
    unread["species"] = sum(not species for species in found)
    return found


def _iso3(
    frame: gpd.GeoDataFrame, roles: Mapping[str, str], shapes: Any, *, trust: bool
) -> list[str]:
    if trust:
        texts = _texts(frame, roles, "state")
        return [text if re.fullmatch("[A-Z]{3}", text) else "" for text in texts]
    return states_of(shapes)


def _dates(
    frame: gpd.GeoDataFrame, roles: Mapping[str, str], unread: dict[str, int]
) -> tuple[list[str | None], list[str | None]]:
    """Return first and last day of each record as ISO 8601 without the time of day."""
    first, last = (_column(frame, roles, role) for role in ("date_from", "date_to"))
    days_from, days_to = [], []
    for start, end in zip(first, last, strict=True):
        text = "" if start is None else _iso_text(start)
        before, slash, after = text.partition("/")  # an interval of ISO 8601
        begun = _day(before)
        ended = _day(after if slash else ("" if end is None else _iso_text(end)))
        unread["date_from"] = unread.get("date_from", 0) + (start is not None and begun is None)
        days_from.append(begun)
        days_to.append(ended)
    return days_from, days_to


def _iso_text(cell: Any) -> str:
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell).strip()


def _day(text: str) -> str | None:
    if not _DATE.fullmatch(text):
        return None
    day = text[:10]
    try:
        date.fromisoformat({4: day + "-01-01", 7: day + "-01"}.get(len(day), day))
    except ValueError:
        return None
    return day


def _months(
    frame: gpd.GeoDataFrame, roles: Mapping[str, str], table: pd.DataFrame
) -> list[tuple[int, ...]]:
    """Return the months of each record: of its column, else of its dates; none if not known."""
    told = _column(frame, roles, "months")
    return [
        _told_months(cell) or _months_between(start, end)
        for cell, start, end in zip(told, table[FROM], table[TO], strict=True)
    ]


def _told_months(cell: Any) -> tuple[int, ...]:
    if cell is None:
        return ()
    numbers = re.findall(r"\d+", " ".join(map(str, cell)) if isinstance(cell, list) else str(cell))
    return tuple(sorted({int(one) for one in numbers if 1 <= int(one) <= 12}))


def _months_between(start: str | None, end: str | None) -> tuple[int, ...]:
    """Return the months from one date to another; none where a date has no month."""
    last = end or start
    if start is None or last is None or len(start) < 7 or len(last) < 7:
        return ()
    first, count = int(start[5:7]), _months_apart(start, last) + 1
    if not 1 <= count < 12:
        return ()
    return tuple(sorted((first - 1 + step) % 12 + 1 for step in range(count)))


def _months_apart(start: str, end: str) -> int:
    return (int(end[:4]) - int(start[:4])) * 12 + int(end[5:7]) - int(start[5:7])


def _uids(
    version: LayerVersion, frame: gpd.GeoDataFrame, roles: Mapping[str, str], shapes: Any
) -> list[str]:
    """Return the names under which records are known outside, each once."""
    given = _texts(frame, roles, "record_id")
    forms = shapely.to_wkb(shapes, hex=True)
    seen: dict[str, int] = {}
    names = []
    for own, form in zip(given, forms, strict=True):
        name = f"id {own}" if own and f"id {own}" not in seen else f"shape {form} {own}"
        seen[name] = seen.get(name, 0) + 1
        names.append(f"{name} {seen[name]}" if seen[name] > 1 else name)
    key = bytes.fromhex(version.layer.names_key)
    return [hmac.digest(key, name.encode(), "sha256").hex()[:24] for name in names]


def _plain(value: Any) -> Any:
    """Return a cell as JSON can hold it; None where it is empty."""
    if isinstance(value, tuple | list | np.ndarray):
        return [str(item) for item in value] or None
    if value is None or value is pd.NaT or value != value or str(value) == "<NA>":  # noqa: PLR0124
        return None
    item = getattr(value, "item", None)
    value = item() if callable(item) else value
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, bytes):
        return None
    return value if isinstance(value, str | int | float | bool) else _iso_text(value)
