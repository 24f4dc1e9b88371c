"""Records become renditions: one row for each precision at which somebody may see a record.

The exact row is for owners, focal points and agreements; each coarser one holds nothing finer than
its cell. A record that was ever more sensitive stays so, unless the secretariat has said otherwise.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from django.db import transaction

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
from kulan.web.catalogue.records import FROM, OWN, TO, Records, records_of
from kulan.web.catalogue.rules import Called, Judge

Tell = Callable[[int, int, str], None]

_CHUNK_ROWS = 2_000
_COARSEST = int(Precision.P1)
_LONGEST = 300
_CALLED = ("kulan_uid", "kulan_species", "kulan_iso3", "kulan_season", "kulan_months")


def materialise(
    version: LayerVersion,
    frame: gpd.GeoDataFrame,
    columns: Iterable[Column],
    *,
    trust_states: bool = False,
    tell: Tell | None = None,
) -> Records:
    """Store the features of a version as renditions, in place of those it has, all or none.

    Parameters
    ----------
    version
        Not frozen; its layer says the minimum count and whether it is open.
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
    store(version, records.frame, columns, tell=tell)
    return records


def store(
    version: LayerVersion,
    records: gpd.GeoDataFrame,
    columns: tuple[Column, ...],
    *,
    levels: np.ndarray | None = None,
    tell: Tell | None = None,
) -> None:
    """Put renditions of the records in place of those the version has, in one transaction."""
    tell = tell or (lambda *_: None)
    if levels is None:
        levels = default_levels(version, records, columns)
    total = sum(_rows_of(int(level)) for level in levels)
    done = 0
    tell(done, total, "renditions")
    with transaction.atomic():
        Rendition.objects.filter(version=version).delete()
        for default in np.unique(levels):
            group = records[levels == default].reset_index(drop=True)
            for level in range(min(int(default), _COARSEST) + 1):
                rows = list(_renditions(version, group, columns, int(default), level))
                for start in range(0, len(rows), _CHUNK_ROWS):
                    Rendition.objects.bulk_create(rows[start : start + _CHUNK_ROWS])
                done += len(group)
                tell(done, total, "renditions")
        version.feature_count = len(records)
        version.bounds = [float(bound) for bound in records.total_bounds] if len(records) else []
        version.edition += 1
        version.save(update_fields=["feature_count", "bounds", "edition"])


def _rows_of(default: int) -> int:
    return min(default, _COARSEST) + 1


def _renditions(
    version: LayerVersion,
    records: gpd.GeoDataFrame,
    columns: tuple[Column, ...],
    default: int,
    level: int,
) -> Iterator[Rendition]:
    """Give the rows of one level, in the order of their names outside."""
    shown = shown_at(columns, level) & set(records.columns)
    frame = records if level == 0 else records.drop(columns="kulan_name")
    coarse, _ = generalise_rows(
        frame,
        Precision(level),
        public_columns={*shown, *OWN},
        minimum_count=version.layer.minimum_count,
        date_columns=(FROM, TO),
        species_column="kulan_species",
    )
    coarse = coarse.sort_values("kulan_uid", ignore_index=True)
    bounds = shapely.bounds(coarse.geometry.to_numpy())
    extents = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    own = sorted(shown)
    cells = coarse.drop(columns="geometry").to_dict("list")
    names = cells.get("kulan_name") or [""] * len(coarse)
    for row, shape in enumerate(coarse.geometry.to_numpy()):
        told = {name: cells[name][row] for name in own}
        uncertainty = cells[UNCERTAINTY][row]
        yield Rendition(
            version=version,
            uid=cells["kulan_uid"][row],
            level=level,
            default_level=default,
            species_id=_only(cells["kulan_species"][row]),
            iso3=cells["kulan_iso3"][row],
            season=cells["kulan_season"][row] if level < _COARSEST else "",
            date_from=cells[FROM][row] or "",
            date_to=cells[TO][row] or "",
            months=_bits(cells["kulan_months"][row]) if level < _COARSEST else 0,
            extent_deg=float(extents[row]),
            uncertainty_m=None if np.isnan(uncertainty) else float(uncertainty),
            generalised=_short(cells[GENERALIZATIONS][row]),
            withheld=_short(cells[WITHHELD_INFORMATION][row]),
            name=names[row],
            geometry=shape,
            properties={name: value for name, value in told.items() if value is not None},
        )


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
    earlier = _earlier(version)
    levels = np.zeros(len(records), dtype=int)
    cells = zip(*(records[name] for name in _CALLED), strict=True)
    forms = shapely.to_wkb(records.geometry.to_numpy()) if earlier else [b""] * len(records)
    for row, (uid, species, iso3, season, months) in enumerate(cells):
        now = Called(species, iso3, season, months)
        level = judge.level(now)
        for held, before in (*earlier.get(uid, ()), *earlier.get(forms[row], ())):
            level = max(level, held)
            if before != now and (before.species or held):
                level = max(level, judge.level_over_time([before, now]))
        levels[row] = level
    return levels


def _earlier(version: LayerVersion) -> dict[str | bytes, list[tuple[int, Called]]]:
    """Return what records were in earlier versions, by their names and by their exact shapes.

    Versions before one for which the secretariat has set the memory aside do not count.
    """
    versions = version.layer.versions.filter(number__lte=version.number)
    set_aside = versions.exclude(sensitivity_reset="").order_by("-number").first()
    since = set_aside.number if set_aside else 0
    before = versions.filter(number__gte=since, number__lt=version.number)
    rows = Rendition.objects.filter(version__in=before, level=0).values_list(
        "version", "uid", "geometry", "default_level", "species_id", "iso3", "season", "months"
    )
    of_versions = {one.pk: tuple(map(str, one.species)) for one in before}
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
    store(version, records, columns, levels=levels)
    return int((levels > before).sum())
