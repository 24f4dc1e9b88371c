"""What changed between two versions of one layer, feature by feature.

`kulan.atlas.differences` counts the rows that differ between two releases; this module says which
features, which of their properties, and by how many metres a geometry moved. Metres are geodesic,
on WGS 84. A geometry's movement is the discrete Hausdorff distance over vertices: the farthest
that a vertex of either version lies from the other version.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from kulan.errors import InvalidTableError, UnknownCrsError
from kulan.words import Words

_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Tolerances:
    """What is too little to be called a change; by default nothing is.

    Attributes
    ----------
    moved_m
        A geometry that moved by no more is the same, m.
    relative
        Numbers that differ by no more than this share of the greater are the same.
    """

    moved_m: float = 0.0
    relative: float = 0.0


@dataclass(frozen=True)
class ValueChange:
    """One property, or one word of a layer's description, before and after; None where absent."""

    name: str
    before: object
    after: object


@dataclass(frozen=True)
class FeatureChange:
    """How one feature differs; the metres are 0 where its geometry is the same.

    They are not a number (nan) where one of the versions has no geometry.
    """

    key: object
    values: tuple[ValueChange, ...] = ()
    geometry_changed: bool = False
    moved_m: float = 0.0
    length_change_m: float = 0.0
    area_change_m2: float = 0.0


@dataclass(frozen=True)
class FeatureDifference:
    """All that changed from one version of a layer to another.

    Attributes
    ----------
    added, removed
        Keys of the features, or their rows (from 0) where the layer has no key.
    changed
        Features in both versions that differ.
    unchanged
        How many are the same.
    description
        Title, licence, source, dates and the like that differ.
    features
        For the map: key, status (added, removed, changed), geometry as it is, or was if removed,
        and geometry_before of those changed.
    """

    added: tuple[object, ...]
    removed: tuple[object, ...]
    changed: tuple[FeatureChange, ...]
    unchanged: int
    description: tuple[ValueChange, ...] = ()
    features: gpd.GeoDataFrame | None = field(default=None, compare=False, repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.changed or self.description)


def feature_difference(
    before: gpd.GeoDataFrame,
    after: gpd.GeoDataFrame,
    key: str | None = None,
    *,
    tolerances: Tolerances | None = None,
    description: tuple[ValueChange, ...] = (),
) -> FeatureDifference:
    """Compare two versions of a layer.

    Parameters
    ----------
    before, after
        Features, each in a CRS that is named; compared in EPSG:4326.
    key
        Column that names each feature. Without one, features are matched by all that they hold,
        so that a changed feature is one removed and one added.
    tolerances
        What is too little to be called a change; `Tolerances()` if None.
    description
        From `description_difference`.

    Raises
    ------
    UnknownCrsError
        If a version does not name its CRS.
    InvalidTableError
        If a version lacks the key, or has it empty or twice.

    Examples
    --------
    >>> shapes = gpd.GeoSeries.from_wkt(["POINT (60 45)", "POINT (61 45)"], crs=4326)
    >>> old = gpd.GeoDataFrame({"id": [1, 2], "name": ["a", "b"]}, geometry=shapes)
    >>> new = old.assign(name=["a", "c"])
    >>> feature_difference(old, new, "id").changed[0].values
    (ValueChange(name='name', before='b', after='c'),)
    """
    old, new = _in_degrees(before, "before"), _in_degrees(after, "after")
    tolerances = tolerances or Tolerances()
    if key is None:
        return _without_key(old, new, description)
    for version, rows in (("before", old), ("after", new)):
        _check_key(rows, key, version)
    old_keys, new_keys = pd.Index(old[key]), pd.Index(new[key])
    places = old_keys.get_indexer(new_keys)
    added = np.flatnonzero(places < 0)
    removed = np.flatnonzero(~old_keys.isin(new_keys))
    both = np.flatnonzero(places >= 0)
    had, has = old.iloc[places[both]], new.iloc[both]
    changed, rows_changed = _changes(had, has, key, tolerances)
    features = _for_map(
        (new.iloc[added], new_keys[added]),
        (old.iloc[removed], old_keys[removed]),
        (had.iloc[rows_changed], has.iloc[rows_changed], [change.key for change in changed]),
    )
    return FeatureDifference(
        tuple(new_keys[added].tolist()),
        tuple(old_keys[removed].tolist()),
        changed,
        len(both) - len(changed),
        description,
        features,
    )


def description_difference(
    before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[ValueChange, ...]:
    """Compare two descriptions of a layer, word by word; absent and empty are the same.

    Examples
    --------
    >>> description_difference({"title": "Fences"}, {"title": "Fences", "licence": "CC0-1.0"})
    (ValueChange(name='licence', before=None, after='CC0-1.0'),)
    """
    names = dict.fromkeys((*before, *after))
    pairs = ((name, before.get(name) or None, after.get(name) or None) for name in sorted(names))
    return tuple(ValueChange(name, old, new) for name, old, new in pairs if old != new)


def in_words(difference: FeatureDifference, words: Words) -> list[str]:
    """Say what changed, one sentence each, the counts before the description."""
    if difference.is_empty:
        return [words.say("Nothing differs between the two versions.")]
    said = []
    if count := len(difference.added):
        said.append(words.say_count("{count} feature added.", "{count} features added.", count))
    if count := len(difference.removed):
        said.append(words.say_count("{count} feature removed.", "{count} features removed.", count))
    if count := len(difference.changed):
        said.append(words.say_count("{count} feature changed.", "{count} features changed.", count))
    said += _geometries_in_words(difference, words)
    counts: dict[str, int] = defaultdict(int)
    for change in difference.changed:
        for value in change.values:
            counts[value.name] += 1
    for name, count in sorted(counts.items()):
        said.append(
            words.say_count(
                "Property “{name}” differs in {count} feature.",
                "Property “{name}” differs in {count} features.",
                count,
                name=name,
            )
        )
    same = difference.unchanged
    said.append(words.say_count("{count} feature unchanged.", "{count} features unchanged.", same))
    return said + [_value_in_words(value, words) for value in difference.description]


def _geometries_in_words(difference: FeatureDifference, words: Words) -> list[str]:
    moved = [change.moved_m for change in difference.changed if change.geometry_changed]
    if not moved:
        return []
    known = [metres for metres in moved if not np.isnan(metres)]
    if not known:
        return [words.say("Geometries were added or taken away.")]
    said = words.say_count(
        "{count} geometry moved or changed its shape, by at most {metres} m.",
        "{count} geometries moved or changed their shape, by at most {metres} m.",
        len(moved),
        metres=words.significant(max(known)),
    )
    return [said]


def _value_in_words(value: ValueChange, words: Words) -> str:
    if value.before is None:
        return words.say("“{name}” is now “{after}”.", name=value.name, after=value.after)
    if value.after is None:
        return words.say("“{name}” was “{before}”.", name=value.name, before=value.before)
    return words.say(
        "“{name}” was “{before}” and is now “{after}”.",
        name=value.name,
        before=value.before,
        after=value.after,
    )


def _in_degrees(rows: gpd.GeoDataFrame, version: str) -> gpd.GeoDataFrame:
    if rows.crs is None:
        msg = (
            f"The {version} version of the layer does not name its CRS. "
            "Set it with set_crs, then compare again."
        )
        raise UnknownCrsError(msg)
    renamed = rows if rows.geometry.name == "geometry" else rows.rename_geometry("geometry")
    return renamed.to_crs(4326).reset_index(drop=True)


def _check_key(rows: gpd.GeoDataFrame, key: str, version: str) -> None:
    if key not in rows.columns:
        msg = f"The {version} version has no column {key}. Name one that both versions have."
        raise InvalidTableError(msg)
    if rows[key].isna().any() or rows[key].duplicated().any():
        wrong = rows[key][rows[key].isna() | rows[key].duplicated()].iloc[0]
        msg = (
            f"In the {version} version, column {key} is empty or holds {wrong} twice. "
            "Name a column that differs in every feature, or none."
        )
        raise InvalidTableError(msg)


def _without_key(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, description: tuple[ValueChange, ...]
) -> FeatureDifference:
    """Match features by all that they hold; of several alike, as many as both versions have."""
    columns = sorted({*old.columns, *new.columns} - {"geometry"})
    had: dict[object, list[int]] = defaultdict(list)
    has: dict[object, list[int]] = defaultdict(list)
    for rows, table in ((old, had), (new, has)):
        for place, content in enumerate(_contents(rows, columns)):
            table[content].append(place)
    removed = sorted(row for content, at in had.items() for row in at[len(has.get(content, ())) :])
    added = sorted(row for content, at in has.items() for row in at[len(had.get(content, ())) :])
    features = _for_map(
        (new.iloc[added], added), (old.iloc[removed], removed), (old.iloc[:0], new.iloc[:0], [])
    )
    same = len(old) - len(removed)
    return FeatureDifference(tuple(added), tuple(removed), (), same, description, features)


def _contents(rows: gpd.GeoDataFrame, columns: list[str]) -> Iterable[tuple[object, ...]]:
    """Return all that each feature holds, as something that can be looked up."""
    held = [
        [None if cell is None else str(cell) for cell in _cells(rows, name)] for name in columns
    ]
    return zip(*held, shapely.to_wkb(rows.geometry.to_numpy()), strict=True)


def _changes(
    had: gpd.GeoDataFrame, has: gpd.GeoDataFrame, key: str, tolerances: Tolerances
) -> tuple[tuple[FeatureChange, ...], list[int]]:
    """Compare features of the same keys, row by row."""
    values: dict[int, list[ValueChange]] = defaultdict(list)
    for name in sorted({*had.columns, *has.columns} - {key, "geometry"}):
        old, new = (_cells(rows, name) for rows in (had, has))
        for row in np.flatnonzero(~_same(old, new, tolerances.relative)):
            values[int(row)].append(ValueChange(name, old[row], new[row]))
    geometries = _geometry_changes(
        had.geometry.to_numpy(), has.geometry.to_numpy(), tolerances.moved_m
    )
    rows = sorted({*values, *geometries})
    keys = has[key].tolist()
    unmoved = (False, 0.0, 0.0, 0.0)
    changed = tuple(
        FeatureChange(keys[row], tuple(values.get(row, ())), *geometries.get(row, unmoved))
        for row in rows
    )
    return changed, rows


def _cells(rows: gpd.GeoDataFrame, name: str) -> list[object]:
    """Return a column's cells, None for what is empty or absent."""
    if name not in rows:
        return [None] * len(rows)
    return [
        None if empty else cell
        for cell, empty in zip(rows[name].tolist(), rows[name].isna(), strict=True)
    ]


def _same(old: list[object], new: list[object], relative: float) -> NDArray[np.bool_]:
    def alike(one: object, other: object) -> bool:
        if isinstance(one, int | float) and isinstance(other, int | float):
            return one == other or abs(one - other) <= relative * max(abs(one), abs(other))
        if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
            return bool(np.array_equal(one, other))
        return bool(one == other)

    return np.array([alike(one, other) for one, other in zip(old, new, strict=True)], dtype=bool)


def _geometry_changes(
    old: NDArray[np.object_], new: NDArray[np.object_], least_m: float
) -> dict[int, tuple[bool, float, float, float]]:
    """Measure the geometries that differ: row to whether, moved m, longer m, larger m²."""
    absent = shapely.is_missing(old) | shapely.is_empty(old)
    lost = absent != (shapely.is_missing(new) | shapely.is_empty(new))
    both = ~absent & ~lost
    rows = np.flatnonzero(both & (shapely.to_wkb(old) != shapely.to_wkb(new)))
    nan = float("nan")
    changes = {int(row): (True, nan, nan, nan) for row in np.flatnonzero(lost)}
    for row, metres in zip(rows, moved_m(old[rows], new[rows]), strict=True):
        if metres > least_m or least_m == 0.0:
            was, now = _size(old[row]), _size(new[row])
            changes[int(row)] = (True, float(metres), now[0] - was[0], now[1] - was[1])
    return changes


def _size(geometry: shapely.Geometry) -> tuple[float, float]:
    """Return length (m) and area (m²) on the ellipsoid."""
    if shapely.get_dimensions(geometry) == 0:
        return 0.0, 0.0
    area, length = _GEOD.geometry_area_perimeter(shapely.force_2d(geometry))
    return float(length), abs(float(area))


def moved_m(old: NDArray[np.object_], new: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return how far each geometry moved: the farthest vertex of either from the other, in m.

    Parameters
    ----------
    old, new
        Geometries in longitude and latitude, none of them empty.

    Examples
    --------
    >>> pair = shapely.points([[60.0, 45.0], [60.0, 45.001]])
    >>> moved_m(pair[:1], pair[1:]).round(1)
    array([111.1])
    """
    farthest = np.zeros(len(old))
    if not len(old):
        return farthest
    for one, other in ((old, new), (new, old)):
        vertices, rows = shapely.get_coordinates(one, return_index=True)
        middles = np.bincount(rows, vertices[:, 1]) / np.bincount(rows)
        shrink = np.cos(np.radians(middles))  # so that the nearest in degrees is the nearest
        corners, of_row = shapely.get_coordinates(other, return_index=True)
        scaled = shapely.set_coordinates(
            shapely.force_2d(other),
            corners * np.column_stack([shrink[of_row], np.ones(len(of_row))]),
        )
        factors = np.column_stack([shrink[rows], np.ones(len(rows))])
        ways = shapely.shortest_line(shapely.points(vertices * factors), scaled[rows])
        nearest = shapely.get_coordinates(shapely.get_point(ways, 1)) / factors
        metres = _GEOD.inv(*vertices.T, *nearest.T)[2]
        np.maximum.at(farthest, rows, metres)
    return farthest


def _for_map(
    added: tuple[gpd.GeoDataFrame, Iterable[object]],
    removed: tuple[gpd.GeoDataFrame, Iterable[object]],
    changed: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, list[object]],
) -> gpd.GeoDataFrame:
    """Return what differs, ready to be drawn."""
    had, has, keys = changed
    nothing: list[object] = [None] * (len(added[0]) + len(removed[0]))
    columns = {
        "key": [*added[1], *removed[1], *keys],
        "status": ["added"] * len(added[0])
        + ["removed"] * len(removed[0])
        + ["changed"] * len(has),
        "geometry_before": gpd.GeoSeries([*nothing, *had.geometry], crs=4326),
    }
    now = gpd.GeoSeries([*added[0].geometry, *removed[0].geometry, *has.geometry], crs=4326)
    return gpd.GeoDataFrame(columns, geometry=now, crs=4326)
