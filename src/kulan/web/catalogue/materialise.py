"""Records become renditions: one row for each precision at which somebody may see a record.

The exact row is for owners, focal points and agreements; each coarser one holds nothing finer than
its cell. A record that was ever more sensitive stays so, unless the secretariat has said otherwise.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from django.db import transaction
from django.db.models import F, Max, Min, Q

from kulan.atlas.precision import (
    GENERALIZATIONS,
    UNCERTAINTY,
    WITHHELD_INFORMATION,
    Precision,
    generalise_rows,
)
from kulan.places import WGS84
from kulan.web.catalogue.columns import Column, by_role, declared, shown_at
from kulan.web.catalogue.models import LayerVersion, Rendition
from kulan.web.catalogue.records import FROM, OWN, TO, records_of
from kulan.web.catalogue.rendition_rows import insert, rows_of
from kulan.web.catalogue.rules import Called, Judge
from kulan.web.catalogue.themes import State

Tell = Callable[[int, int, str], None]

_CHUNK_ROWS = 2_000
_COARSEST = int(Precision.P1)
_LONGEST = 300
_CALLED = ("kulan_uid", "kulan_species", "kulan_iso3", "kulan_season", "kulan_months")


@dataclass(frozen=True)
class Prepared:
    """Renditions that are made and not stored yet, so that the database waits for nobody.

    Attributes
    ----------
    count
        Records.
    rows
        Rows of the table of renditions, in parts: by the level of the public, and by their own.
    unread
        See `Records`.
    """

    count: int
    rows: tuple[list[tuple[Any, ...]], ...]
    unread: Mapping[str, int]


def prepare(
    version: LayerVersion,
    frame: gpd.GeoDataFrame,
    columns: Iterable[Column],
    *,
    trust_states: bool = False,
    tell: Tell | None = None,
) -> Prepared:
    """Make the renditions of features; the database is read and not written.

    Parameters
    ----------
    version
        Its layer says the minimum count and whether it is open.
    frame
        Features in EPSG:4326.
    columns
        Declaration of its columns; see `kulan.web.catalogue.columns`.
    trust_states
        See `records_of`.
    tell
        Told how far it is.
    """
    there = ~(frame.geometry.isna() | frame.geometry.is_empty)
    columns = tuple(columns)
    records = records_of(version, frame[there], columns, trust_states=trust_states)
    levels = default_levels(version, records.frame, columns)
    rows = _prepared_rows(version, records.frame, columns, levels, tell)
    return Prepared(len(records.frame), rows, records.unread)


def materialise(
    version: LayerVersion,
    frame: gpd.GeoDataFrame,
    columns: Iterable[Column],
    *,
    trust_states: bool = False,
    tell: Tell | None = None,
) -> Prepared:
    """Store the features of a version as renditions, in place of those it has, all or none."""
    prepared = prepare(version, frame, columns, trust_states=trust_states, tell=tell)
    store(version, prepared)
    return prepared


def store(version: LayerVersion, prepared: Prepared) -> None:
    """Put renditions in place of those the version has, in one transaction."""
    with transaction.atomic():
        Rendition.objects.filter(version=version).delete()
        for rows in prepared.rows:
            insert(rows)
        version.feature_count = prepared.count
        version.bounds = _public_bounds(version)
        version.edition += 1
        version.save(update_fields=["feature_count", "bounds", "edition"])


def _prepared_rows(
    version: LayerVersion,
    records: gpd.GeoDataFrame,
    columns: tuple[Column, ...],
    levels: np.ndarray,
    tell: Tell | None,
) -> tuple[list[tuple[Any, ...]], ...]:
    total, done = sum(_rows_of(int(level)) for level in levels), 0
    parts = []
    for default in np.unique(levels):
        group = records[levels == default].reset_index(drop=True)
        for level in range(_rows_of(int(default))):
            if tell:
                tell(done, total, "renditions")
            parts.append(_rows_at(version, group, columns, int(default), level))
            done += len(group)
    return tuple(parts)


def _public_bounds(version: LayerVersion) -> list[float]:
    """Return the box of what the public sees; the box of exact places would tell some of them."""
    seen = Rendition.objects.filter(version=version, level=F("default_level"))
    box = seen.aggregate(Min("west"), Min("south"), Max("east"), Max("north"))
    return [] if None in box.values() else [float(bound) for bound in box.values()]


def _rows_of(default: int) -> int:
    return min(default, _COARSEST) + 1


def _rows_at(
    version: LayerVersion,
    records: gpd.GeoDataFrame,
    columns: tuple[Column, ...],
    default: int,
    level: int,
) -> list[tuple[Any, ...]]:
    """Return the rows of one level, in the order of their names outside."""
    shown = shown_at(columns, level) & set(records.columns)
    frame = records if level == 0 else records.drop(columns="kulan_name")
    coarse, _ = generalise_rows(
        frame,
        Precision(level),
        public_columns={*shown, *OWN},
        minimum_count=version.term("minimum_count"),
        date_columns=(FROM, TO),
        species_column="kulan_species",
    )
    coarse = coarse.sort_values("kulan_uid", ignore_index=True)
    cells = coarse.drop(columns="geometry").to_dict("list")
    none = [None] * len(coarse)
    own = sorted(shown)
    told = [
        {name: value for name, value in zip(own, row, strict=True) if value is not None}
        for row in (zip(*(cells[name] for name in own), strict=True) if own else [()] * len(coarse))
    ]
    seasonal = level < _COARSEST
    values: dict[str, list[Any]] = {
        "uid": cells["kulan_uid"],
        "species_id": [_only(species) for species in cells["kulan_species"]],
        "iso3": cells["kulan_iso3"],
        "season": cells["kulan_season"] if seasonal else none,
        "date_from": cells[FROM],
        "date_to": cells[TO],
        "months": [_bits(months) if seasonal else 0 for months in cells["kulan_months"]],
        "uncertainty_m": [None if cell != cell else cell for cell in cells[UNCERTAINTY]],  # noqa: PLR0124
        "generalised": [_short(cell) for cell in cells[GENERALIZATIONS]],
        "withheld": [_short(cell) for cell in cells[WITHHELD_INFORMATION]],
        "name": cells.get("kulan_name", none),
        "properties": told,
    }
    return rows_of(version, (level, default), coarse.geometry.to_numpy(), values)


def _only(species: tuple[str, ...]) -> str:
    """Return the species of a record that is about one."""
    return species[0] if len(species) == 1 else ""


def _bits(months: tuple[int, ...]) -> int:
    return sum(1 << (month - 1) for month in months)


def _short(text: Any) -> str:
    told = "" if text is None or text != text else str(text)  # noqa: PLR0124  not a number
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "…"


def default_levels(
    version: LayerVersion, records: gpd.GeoDataFrame, columns: tuple[Column, ...]
) -> np.ndarray:
    """Return the level at which the public sees each record."""
    judge = Judge(version, has_species_column="species" in by_role(columns))
    relatives = _relatives(version)
    levels = np.zeros(len(records), dtype=int)
    cells = zip(*(records[name] for name in _CALLED), strict=True)
    forms = shapely.to_wkb(records.geometry.to_numpy()) if relatives else [b""] * len(records)
    for row, (uid, species, iso3, season, months) in enumerate(cells):
        now = Called(species, iso3, season, months)
        level = judge.level(now)
        for held, before in (*relatives.get(uid, ()), *relatives.get(forms[row], ())):
            level = max(level, held)
            if before != now and (before.species or held):
                level = max(level, judge.level_over_time([before, now]))
        levels[row] = level
    return levels


def _relatives(version: LayerVersion) -> dict[str | bytes, list[tuple[int, Called]]]:
    """Return what records were in other versions, by their names and by their exact shapes.

    Versions before one for which the secretariat has set the memory aside do not count; later ones
    count once they are released, or an older version would show what the newer hides.
    """
    versions = version.layer.versions.filter(number__lte=version.number)
    set_aside = versions.exclude(sensitivity_reset="").order_by("-number").first()
    since = set_aside.number if set_aside else 0
    earlier = Q(number__gte=since, number__lt=version.number)
    later = Q(number__gt=version.number, state__in=(State.RELEASED, State.SUPERSEDED))
    others = version.layer.versions.filter(earlier | later)
    rows = Rendition.objects.filter(version__in=others, level=0).values_list(
        "version", "uid", "geometry", "default_level", "species_id", "iso3", "season", "months"
    )
    of_versions = {one.pk: tuple(map(str, one.species)) for one in others}
    found: dict[str | bytes, list[tuple[int, Called]]] = {}
    for pk, uid, shape, level, *told_of in rows.iterator(chunk_size=_CHUNK_ROWS):
        species, iso3, season, months = told_of
        named = (species,) if species else of_versions[pk]
        told = (level, Called(named, iso3, season, months_of(months)))
        for key in (uid, shapely.to_wkb(shape)):
            kept = found.setdefault(key, [])
            if told not in kept:
                kept.append(told)
    return found


def months_of(bits: int) -> tuple[int, ...]:
    """Return months 1 to 12 from the bits of a rendition.

    Examples
    --------
    >>> months_of(0b10001)
    (1, 5)
    """
    return tuple(month for month in range(1, 13) if bits >> (month - 1) & 1)


def records_again(version: LayerVersion) -> gpd.GeoDataFrame:
    """Return the records of a version from its exact renditions, as `store` takes them."""
    rows = list(Rendition.objects.filter(version=version, level=0).order_by("uid"))
    of_version = tuple(str(one) for one in version.species)
    table = pd.DataFrame([row.properties for row in rows], index=range(len(rows)), dtype=object)
    table = table.astype(object).where(table.notna(), None)
    table["kulan_uid"] = [row.uid for row in rows]
    table["kulan_species"] = [(row.species_id,) if row.species_id else of_version for row in rows]
    table["kulan_iso3"] = [row.iso3 for row in rows]
    table["kulan_season"] = [row.season for row in rows]
    table["kulan_months"] = [months_of(row.months) for row in rows]
    table["kulan_name"] = [row.name for row in rows]
    table[FROM] = [row.date_from or None for row in rows]
    table[TO] = [row.date_to or None for row in rows]
    table[UNCERTAINTY] = [
        np.nan if row.uncertainty_m is None else row.uncertainty_m for row in rows
    ]
    return gpd.GeoDataFrame(table, geometry=[row.geometry for row in rows], crs=WGS84)


def harden_older(version: LayerVersion) -> int:
    """Make the older released versions of a layer hide what this one hides; how many records.

    A record is the same by its name, or by its exact shape: one that came back under another name
    would otherwise be read in the older version.
    """
    hidden: dict[str | bytes, int] = {}
    for uid, shape, level in _exact(version, default_level__gt=0):
        for key in (uid, shapely.to_wkb(shape)):
            hidden[key] = max(level, hidden.get(key, 0))
    if not hidden:
        return 0
    released = version.layer.versions.filter(
        number__lt=version.number, state__in=(State.RELEASED, State.SUPERSEDED)
    ).select_related("layer")
    return sum(harden(one) for one in released if _shows_more(one, hidden))


def _shows_more(version: LayerVersion, hidden: Mapping[str | bytes, int]) -> bool:
    """Whether a version shows any record more finely than it is hidden elsewhere."""
    return any(
        max(hidden.get(uid, 0), hidden.get(shapely.to_wkb(shape), 0)) > level
        for uid, shape, level in _exact(version)
    )


def _exact(version: LayerVersion, **more: Any) -> Iterable[tuple[str, Any, int]]:
    """Give name, exact shape and level for the public of each record."""
    rows = Rendition.objects.filter(version=version, level=0, **more)
    return rows.values_list("uid", "geometry", "default_level").iterator(chunk_size=_CHUNK_ROWS)


def harden(version: LayerVersion) -> int:
    """Make a version's renditions as coarse as the rules of today ask; never finer.

    Released versions do not change in what they say, but in what strangers see of them, when the
    secretariat finds that a species is in more danger than was thought.

    Returns
    -------
    int
        How many records became coarser.
    """
    records = records_again(version)
    if records.empty:
        return 0
    columns = declared(version.columns)
    held = dict(
        Rendition.objects.filter(version=version, level=0).values_list("uid", "default_level")
    )
    before = records["kulan_uid"].map(held).to_numpy()
    levels = np.maximum(default_levels(version, records, columns), before)
    if not (levels > before).any():
        return 0
    rows = _prepared_rows(version, records, columns, levels, None)
    store(version, Prepared(len(records), rows, {}))
    return int((levels > before).sum())
