"""A new state folder is filled with the starter Atlas; what is there already stays."""

from math import pi, sqrt
from pathlib import Path
from typing import Any

import geopandas as gpd
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kulan.atlas import Layer as AtlasLayer
from kulan.atlas import Release, build_starter
from kulan.places import buffer_m
from kulan.web.catalogue.columns import EVERYONE, Column, as_stored
from kulan.web.catalogue.materialise import materialise
from kulan.web.catalogue.models import Layer, LayerVersion
from kulan.web.catalogue.rules import seed_rules
from kulan.web.catalogue.starter_words import METHODS
from kulan.web.catalogue.themes import Kind, State, Theme
from kulan.web.events.record import record
from kulan.web.people.models import Organisation
from kulan.words import N_

_THEMES = {
    "habitat": Theme.DISTRIBUTION,
    "areas": Theme.KEY_AREAS,
    "barriers": Theme.BARRIERS,
}
_AT_FIRST = ("barriers", "key_areas", "states", "disputed_boundaries", "rivers", "places")
_NAME_COLUMNS = ("name", "river", "kind")
KULAN = "Kulan"
_PUBLISHED = N_("Its sources publish it in full, and nothing in it is the place of an animal.")


def seed(state: Path | None = None) -> bool:
    """Fill an empty catalogue with the starter Atlas; whether there was something to do."""
    if Layer.objects.exists():
        return False
    release = build_starter(state or settings.STATE).release
    with transaction.atomic():
        owner, _ = Organisation.objects.get_or_create(name=KULAN)
        for sort, layer in enumerate(release.layers):
            _seed_layer(release, layer, owner, sort)
        seed_rules()
        record("atlas_seeded", ("release", release.release_id, release.manifest.title), by=None)
    return True


def _seed_layer(release: Release, made: AtlasLayer, owner: Organisation, sort: int) -> None:
    layer = Layer.objects.create(
        layer_id=made.layer_id,
        theme=_THEMES.get(made.theme, Theme.BASE),
        organisation=owner,
        open_reason=_PUBLISHED,
        sort=sort,
        shown_at_first=made.layer_id in _AT_FIRST,
    )
    version = LayerVersion.objects.create(layer=layer, number=1, **_description(made))
    if made.kind == "vector":
        _seed_features(version, _outlined(release.read_vector(made.layer_id)))


def _seed_features(version: LayerVersion, frame: gpd.GeoDataFrame) -> None:
    """Store a layer's features in the one way there is; every column of it is for everyone."""
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    named = next((name for name in _NAME_COLUMNS if name in names), "")
    roles = {named: "name", "iso3": "state"}
    columns = tuple(Column(name, public_to=EVERYONE, role=roles.get(name, "")) for name in names)
    materialise(version, frame, columns, trust_states="iso3" in names)
    version.columns = as_stored(columns)
    version.save(update_fields=["columns"])


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
    method = getattr(made.recipe, "method", "")
    kinds = {"vector": Kind.VECTOR, "raster": Kind.RASTER, "table": Kind.TABLE}
    return {
        "state": State.RELEASED,
        "released_at": timezone.now(),
        "kind": kinds[made.kind],
        "title": {"en": made.title},
        "label": {"en": made.label} if made.label else {},
        "note": made.note,
        "species": [made.species_id] if made.species_id else [],
        "method": METHODS.get(method, method),
        "recipe": {"made_by": method} if method else {},
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
