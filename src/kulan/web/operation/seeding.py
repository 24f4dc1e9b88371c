"""A new state folder is filled with the starter Atlas; what is there already stays."""

from math import pi, sqrt
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kulan.atlas import Layer as AtlasLayer
from kulan.atlas import Release, build_starter
from kulan.places import buffer_m
from kulan.web.catalogue.models import Layer, LayerVersion, Rendition
from kulan.web.catalogue.themes import Kind, State, Theme
from kulan.web.events.record import record
from kulan.web.people.models import Organisation

_THEMES = {
    "habitat": Theme.DISTRIBUTION,
    "areas": Theme.KEY_AREAS,
    "barriers": Theme.BARRIERS,
}
_AT_FIRST = ("barriers", "key_areas", "states", "disputed_boundaries", "rivers", "places")
_NAME_COLUMNS = ("name", "river", "kind")
KULAN = "Kulan"


def seed(state: Path | None = None) -> bool:
    """Fill an empty catalogue with the starter Atlas; whether there was something to do."""
    if Layer.objects.exists():
        return False
    release = build_starter(state or settings.STATE).release
    with transaction.atomic():
        owner, _ = Organisation.objects.get_or_create(name=KULAN)
        for sort, layer in enumerate(release.layers):
            _seed_layer(release, layer, owner, sort)
        record("atlas_seeded", ("release", release.release_id, release.manifest.title), by=None)
    return True


def _seed_layer(release: Release, made: AtlasLayer, owner: Organisation, sort: int) -> None:
    layer = Layer.objects.create(
        layer_id=made.layer_id,
        theme=_THEMES.get(made.theme, Theme.BASE),
        organisation=owner,
        sort=sort,
        shown_at_first=made.layer_id in _AT_FIRST,
    )
    version = LayerVersion.objects.create(layer=layer, number=1, **_description(made))
    if made.kind == "vector":
        store_open_features(version, _outlined(release.read_vector(made.layer_id)))


def _outlined(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Draw areas of which only the middle and the size are known as circles of that size."""
    if "area_km2" not in frame.columns:
        return frame
    shapes = [
        buffer_m(shape, sqrt(float(area_km2) / pi) * 1000)
        if shape.geom_type == "Point" and area_km2 == area_km2  # noqa: PLR0124  not a number
        else shape
        for shape, area_km2 in zip(frame.geometry, frame["area_km2"], strict=True)
    ]
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))


def _description(made: AtlasLayer) -> dict[str, Any]:
    kinds = {"vector": Kind.VECTOR, "raster": Kind.RASTER, "table": Kind.TABLE}
    return {
        "state": State.RELEASED,
        "released_at": timezone.now(),
        "kind": kinds[made.kind],
        "title": {"en": made.title},
        "label": {"en": made.label} if made.label else {},
        "note": made.note,
        "species": [made.species_id] if made.species_id else [],
        "method": made.recipe.method if hasattr(made.recipe, "method") else "",
        "confidence": made.confidence,
        "source": "; ".join(source.origin for source in made.sources),
        "licence": made.licence,
        "attribution": made.attribution,
        "valid_from": made.valid_from[:10],
        "valid_to": made.valid_to[:10],
        "resolution_m": made.resolution_m,
        "file_sha256": made.sha256,
        "file_extension": made.extension,
        "file_bytes": made.size_bytes,
    }


def store_open_features(version: LayerVersion, frame: gpd.GeoDataFrame) -> None:
    """Store the features of a layer that hides nothing: one rendition each, exact."""
    columns = [name for name in frame.columns if name != frame.geometry.name]
    rows = []
    for index, (shape, values) in enumerate(
        zip(frame.geometry, frame[columns].to_dict("records"), strict=True)
    ):
        if shape is None or shape.is_empty:
            continue
        known = {name: _plain(value) for name, value in values.items()}
        properties = {name: value for name, value in known.items() if value is not None}
        west, south, east, north = shape.bounds
        rows.append(
            Rendition(
                version=version,
                uid=f"{version.layer.layer_id[:12]}-{index + 1}",
                level=0,
                default_level=0,
                species_id=str(properties.get("species_id", ""))[:60],
                iso3=str(properties.get("iso3", ""))[:3],
                name=next((str(properties[n]) for n in _NAME_COLUMNS if n in properties), "")[:300],
                geometry=shapely.make_valid(shape) if not shape.is_valid else shape,
                extent_deg=max(east - west, north - south),
                properties=properties,
            )
        )
    Rendition.objects.bulk_create(rows, batch_size=500)
    west, south, east, north = frame.total_bounds
    version.feature_count = len(rows)
    version.bounds = [float(west), float(south), float(east), float(north)]
    version.columns = columns
    version.save(update_fields=["feature_count", "bounds", "columns"])


def _plain(value: Any) -> Any:
    """Return a cell as JSON can hold it; None where it is empty."""
    if isinstance(value, tuple | list):
        return [str(item) for item in value] or None
    if value is None or value != value or str(value) == "<NA>":  # noqa: PLR0124  not a number
        return None
    item = getattr(value, "item", None)
    return item() if callable(item) else value
