"""What changed between two releases, in words and as a table."""

from collections import Counter
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from kulan.atlas.feature_differences import (
    FeatureDifference,
    description_difference,
    feature_difference,
)
from kulan.atlas.layers import Layer
from kulan.atlas.release import VECTOR_TABLES, Release
from kulan.atlas.tables import HABITAT_AREAS
from kulan.grids import read_grid
from kulan.provenance import canonical_json


@dataclass(frozen=True)
class LayerChange:
    """How one layer differs between two releases.

    Attributes
    ----------
    layer_id, title
        The layer.
    change
        added, removed, content (its file differs) or description (only words or recipe differ).
    rows_added, rows_removed, rows_changed
        Rows, for tables and vectors.
    cells_changed
        Cells with another value, for rasters on the same grid.
    area_km2
        Area of those cells.
    because
        Names of the recipe's inputs and parameters that differ.
    """

    layer_id: str
    title: str
    change: str
    rows_added: int = 0
    rows_removed: int = 0
    rows_changed: int = 0
    cells_changed: int = 0
    area_km2: float = 0.0
    because: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Say the change in one line."""
        if self.change in ("added", "removed"):
            return f"{self.layer_id}: {self.change} ({self.title})"
        what = []
        if self.rows_added or self.rows_removed or self.rows_changed:
            what.append(
                f"{self.rows_added} rows added, {self.rows_removed} removed, "
                f"{self.rows_changed} changed"
            )
        if self.cells_changed:
            what.append(f"{self.cells_changed} cells changed, {self.area_km2:,.0f} km²")
        if not what:
            what.append("description changed" if self.change == "description" else "file rewritten")
        why = f"; because of {', '.join(self.because)}" if self.because else ""
        return f"{self.layer_id}: {'; '.join(what)}{why}"


@dataclass(frozen=True)
class Differences:
    """All that changed from one release to another."""

    before: str
    after: str
    changes: tuple[LayerChange, ...]
    unchanged: int

    def table(self) -> pd.DataFrame:
        """Return the changes, one row per layer."""
        columns = list(LayerChange.__dataclass_fields__)
        return pd.DataFrame([asdict(change) for change in self.changes], columns=columns)

    def sentences(self) -> tuple[str, ...]:
        """Say each change in one line."""
        if not self.changes:
            return (f"Nothing differs: {self.unchanged} layers are the same.",)
        same = f"{self.unchanged} layers are the same."
        return (*(change.sentence for change in self.changes), same)


def diff(before: Release, after: Release) -> Differences:
    """Compare two releases layer by layer, rows by their key and rasters cell by cell.

    Raises
    ------
    TamperedFileError
        If a file needed for the comparison is missing.
    """
    old = {layer.layer_id: layer for layer in before.layers}
    new = {layer.layer_id: layer for layer in after.layers}
    changes = [
        LayerChange(name, new[name].title, "added") for name in sorted(new.keys() - old.keys())
    ]
    changes += [
        LayerChange(name, old[name].title, "removed") for name in sorted(old.keys() - new.keys())
    ]
    both = sorted(old.keys() & new.keys())
    for name in both:
        if old[name].sha256 != new[name].sha256:
            changes.append(_content_change(before, after, name))
        elif old[name] != new[name]:
            changes.append(
                LayerChange(
                    name, new[name].title, "description", because=_because(old[name], new[name])
                )
            )
    same = sum(old[name] == new[name] for name in both)
    return Differences(before.release_id, after.release_id, tuple(changes), same)


def vector_difference(before: Release, after: Release, layer_id: str) -> FeatureDifference:
    """Compare one vector layer of two releases, feature by feature, and how it is described.

    Raises
    ------
    UnknownNameError
        If a release has no such layer, or it is no vector layer.
    TamperedFileError
        If a file needed for the comparison is missing.
    """
    old, new = before.layer(layer_id), after.layer(layer_id)
    key = VECTOR_TABLES[layer_id].key if layer_id in VECTOR_TABLES else ()
    return feature_difference(
        before.read_vector(layer_id),
        after.read_vector(layer_id),
        key[0] if len(key) == 1 else None,
        description=description_difference(_description(old), _description(new)),
    )


def _description(layer: Layer) -> dict[str, object]:
    """Return what a reader is told about a layer."""
    names = ("title", "licence", "label", "note", "valid_from", "valid_to", "confidence")
    told: dict[str, object] = {name: getattr(layer, name) for name in (*names, "sensitivity")}
    return {**told, "attribution": layer.attribution}


def _content_change(before: Release, after: Release, name: str) -> LayerChange:
    """Compare the files of one layer."""
    old, new = before.layer(name), after.layer(name)
    because = _because(old, new)
    if old.kind != new.kind or old.extension != new.extension:
        return LayerChange(name, new.title, "content", because=because)
    if new.kind == "raster":
        cells, area_km2 = _cells_changed(before, after, name)
        return LayerChange(
            name, new.title, "content", cells_changed=cells, area_km2=area_km2, because=because
        )
    added, removed, changed = _rows_changed(_rows(before, name), _rows(after, name))
    return LayerChange(name, new.title, "content", added, removed, changed, because=because)


def _because(old: Layer, new: Layer) -> tuple[str, ...]:
    """Name the inputs and parameters in which two recipes differ."""
    had = {item.name: item.sha256 for item in old.recipe.inputs}
    has = {item.name: item.sha256 for item in new.recipe.inputs}
    names = [name for name in {**had, **has} if had.get(name) != has.get(name)]
    old_values, new_values = old.recipe.parameters, new.recipe.parameters
    names += [
        name
        for name in {**old_values, **new_values}
        if old_values.get(name) != new_values.get(name)
    ]
    if (old.recipe.method, old.recipe.version) != (new.recipe.method, new.recipe.version):
        names.append("method or version")
    return tuple(names)


def _cells_changed(before: Release, after: Release, name: str) -> tuple[int, float]:
    """Count cells with another value, and their area in km²; every cell when the grids differ."""
    old, new = read_grid(before.path(name)), read_grid(after.path(name))
    if old.bounds != new.bounds or old.values.shape != new.values.shape:
        everywhere = np.ones(new.values.shape, dtype=bool)
        return int(everywhere.sum()), new.area_km2(everywhere)
    changed = old.values != new.values
    return int(changed.sum()), new.area_km2(changed)


def _rows(release: Release, name: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read a table or vector layer, and say which columns name its rows."""
    if name in VECTOR_TABLES:
        return release.read_vector(name), VECTOR_TABLES[name].key
    return release.habitat_areas(), HABITAT_AREAS.key


def _rows_changed(
    old: tuple[pd.DataFrame, tuple[str, ...]], new: tuple[pd.DataFrame, tuple[str, ...]]
) -> tuple[int, int, int]:
    """Count rows added, removed and changed; without a key a changed row is one of each."""
    (old_rows, key), (new_rows, new_key) = old, new
    if not key or key != new_key:
        had, has = Counter(_words(old_rows)), Counter(_words(new_rows))
        return (has - had).total(), (had - has).total(), 0
    had_rows = dict(zip(_words(old_rows[list(key)]), _words(old_rows), strict=True))
    has_rows = dict(zip(_words(new_rows[list(key)]), _words(new_rows), strict=True))
    both = had_rows.keys() & has_rows.keys()
    changed = sum(had_rows[name] != has_rows[name] for name in both)
    return len(has_rows) - len(both), len(had_rows) - len(both), changed


def _words(rows: pd.DataFrame) -> list[str]:
    """Return each row as one text, geometry included."""
    plain = rows.astype(object).map(lambda cell: cell.wkb.hex() if hasattr(cell, "wkb") else cell)
    rows_of_cells = plain.itertuples(index=False)
    return [canonical_json([str(cell) for cell in row]).decode() for row in rows_of_cells]
