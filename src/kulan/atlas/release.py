"""Open a release of the Atlas, find its layers, check them, and read them as plain tables."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from kulan.atlas import store
from kulan.atlas.layers import Layer, Manifest
from kulan.atlas.plans import with_geometry
from kulan.atlas.tables import DISPUTED_BOUNDARIES, HABITAT_AREAS, PLACES, RIVERS, STATES
from kulan.atlas.vectors import read_vector
from kulan.errors import AtlasMissingError, TamperedFileError, UnknownNameError
from kulan.programme.tables import BARRIERS, KEY_AREAS, LANDSCAPES
from kulan.provenance import hash_file
from kulan.schemas import Table, read_table

VECTOR_TABLES: dict[str, Table] = {
    "states": STATES,
    "disputed_boundaries": DISPUTED_BOUNDARIES,
    "rivers": RIVERS,
    "places": PLACES,
    "barriers": BARRIERS,
    "key_areas": with_geometry(KEY_AREAS),
    "landscapes": with_geometry(LANDSCAPES),
}
"""Declaration of each vector layer."""


@dataclass(frozen=True)
class Release:
    """One release of the Atlas in a state folder."""

    state: Path
    release_id: str
    manifest: Manifest

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All layers, ordered by name."""
        return self.manifest.layers

    def layer(self, layer_id: str) -> Layer:
        """Return one layer.

        Raises
        ------
        UnknownNameError
            If the release has no such layer, naming those it has.
        """
        for layer in self.layers:
            if layer.layer_id == layer_id:
                return layer
        names = ", ".join(layer.layer_id for layer in self.layers)
        raise UnknownNameError(f"No layer {layer_id!r} in {self.release_id}; it has {names}.")

    def path(self, layer_id: str) -> Path:
        """Return where a layer's file lies, once its content is what the release promises.

        Raises
        ------
        UnknownNameError
            If the release has no such layer.
        TamperedFileError
            If the file is gone or was changed.
        """
        layer = self.layer(layer_id)
        path = store.object_path(self.state, layer.sha256, layer.extension)
        if not store.holds_object(self.state, layer.sha256, layer.extension):
            what = "was changed" if path.is_file() else "is missing"
            raise TamperedFileError(
                f"{path}: the file of layer {layer_id!r} {what}. "
                f"Make it again: kulan atlas build --state {self.state}"
            )
        return path

    def read_vector(self, layer_id: str) -> gpd.GeoDataFrame:
        """Read a vector layer as its table, in the types of its declaration.

        Raises
        ------
        UnknownNameError
            If it is no vector layer of the release.
        """
        if layer_id not in VECTOR_TABLES:
            raise UnknownNameError(
                f"{layer_id!r} is no vector layer; those are {', '.join(VECTOR_TABLES)}."
            )
        return read_vector(self.path(layer_id), VECTOR_TABLES[layer_id])

    def habitat_areas(self) -> pd.DataFrame:
        """Read the areas of potential habitat. See `kulan.atlas.tables.HABITAT_AREAS`."""
        return read_table(self.path("habitat_areas"), HABITAT_AREAS)

    def habitat_paths(self) -> dict[str, Path]:
        """Return the potential-habitat raster of each species."""
        habitats = (layer for layer in self.layers if layer.theme == "habitat" and layer.species_id)
        return {layer.species_id: self.path(layer.layer_id) for layer in habitats}

    def layer_notes(self) -> pd.DataFrame:
        """Return what a report must say of each layer it used, one row per layer."""
        return pd.DataFrame(
            [
                {
                    "layer_id": layer.layer_id,
                    "title": layer.title,
                    "theme": layer.theme,
                    "species_id": layer.species_id,
                    "source": "; ".join(source.origin for source in layer.sources),
                    "attribution": layer.attribution,
                    "licence": layer.licence,
                    "date": layer.valid_from,
                    "resolution_m": layer.resolution_m or None,
                    "confidence": layer.confidence,
                    "label": layer.label,
                    "note": layer.note,
                    "sha256": layer.sha256,
                }
                for layer in self.layers
            ]
        )

    def baseline_tables(self) -> dict[str, Any]:
        """Return what screening stands on, as plain tables and paths.

        Returns
        -------
        dict
            `release_id`; `states`, `disputed_boundaries`, `rivers`, `places`, `barriers`,
            `key_areas`, `landscapes` (GeoDataFrames, EPSG:4326, see `VECTOR_TABLES`); `habitats`
            (species id to path of its raster); `habitat_areas` and `layer_notes` (DataFrames).
        """
        tables: dict[str, Any] = {name: self.read_vector(name) for name in VECTOR_TABLES}
        return tables | {
            "release_id": self.release_id,
            "habitats": self.habitat_paths(),
            "habitat_areas": self.habitat_areas(),
            "layer_notes": self.layer_notes(),
        }


@dataclass(frozen=True)
class Verification:
    """What was checked: so many files of so many bytes, all as promised."""

    release_id: str
    files: int
    size_bytes: int


def release_ids(state: Path) -> tuple[str, ...]:
    """Return the ids of all releases in a state folder, in alphabetical order."""
    folder = store.manifest_path(state, "x").parent
    return tuple(sorted(path.stem for path in folder.glob("*.json")))


def open_release(state: Path, release: str | None = None) -> Release:
    """Open a release of the Atlas.

    Parameters
    ----------
    state
        State folder.
    release
        Its id, or enough of its beginning to tell it from others; the one in use when left out.

    Raises
    ------
    AtlasMissingError
        If there is no Atlas in the folder, or no such release.
    TamperedFileError
        If the release's list of layers is not what its id promises.
    """
    wanted = release or store.current_id(state)
    if wanted is None:
        raise AtlasMissingError(
            f"{state}: no Atlas in this folder. Build one with: kulan atlas build --state {state}"
        )
    known = release_ids(state)
    found = [name for name in known if name == wanted] or [
        name for name in known if name.startswith(wanted)
    ]
    if len(found) != 1:
        has = ", ".join(known) or "none"
        few = "no release" if not found else "more than one release"
        raise AtlasMissingError(f"{state}: {few} {wanted!r}; the folder has {has}.")
    path = store.manifest_path(state, found[0])
    manifest = Manifest.from_bytes(path.read_bytes())
    if manifest.release_id != found[0]:
        raise TamperedFileError(
            f"{path}: the list of layers is not the one its name promises (it is "
            f"{manifest.release_id}). Build the Atlas again: kulan atlas build --state {state}"
        )
    return Release(state, found[0], manifest)


def verify(release: Release) -> Verification:
    """Hash every file of a release and compare it with what the list of layers promises.

    Raises
    ------
    TamperedFileError
        If files are missing or changed, naming each of them.
    """
    spoiled = []
    size_bytes = 0
    for layer in release.layers:
        path = store.object_path(release.state, layer.sha256, layer.extension)
        if not path.is_file():
            spoiled.append(f"{layer.layer_id} is missing ({path})")
            continue
        if hash_file(path) != layer.sha256:
            spoiled.append(f"{layer.layer_id} was changed ({path})")
        size_bytes += path.stat().st_size
    if spoiled:
        raise TamperedFileError(
            f"{release.release_id}: {len(spoiled)} of {len(release.layers)} files are not as "
            f"listed: {'; '.join(spoiled)}. "
            f"Make them again: kulan atlas build --state {release.state}"
        )
    return Verification(release.release_id, len(release.layers), size_bytes)
