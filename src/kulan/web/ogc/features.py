"""Renditions as GeoJSON (RFC 7946), many at once."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from kulan.web.catalogue.models import Rendition
from kulan.web.geometry.reading import fetch_shapes
from kulan.web.ogc.crs import CRS84, Shapes, to_crs

_COLUMNS = (
    "uid",
    "level",
    "properties",
    "name",
    "species_id",
    "iso3",
    "season",
    "date_from",
    "date_to",
    "months",
    "uncertainty_m",
    "generalised",
    "withheld",
)
_PLAIN = ("name", "species_id", "iso3", "season", "date_from", "date_to")


def read_features(rows: QuerySet[Rendition], crs: str = CRS84) -> tuple[list[str], list[str]]:
    """Return the features of a query as texts of GeoJSON, and their names, in the query's order."""
    try:
        shapes, cells = fetch_shapes(rows, *_COLUMNS)
    except EmptyResultSet:  # Django sees that no row can be meant, and asks nothing
        return [], []
    if not len(shapes):
        return [], []
    texts = geometry_texts(shapes, crs)
    features = [
        f'{{"type":"Feature","id":{json.dumps(row[0])},"geometry":{text},'
        f'"properties":{_as_text(properties_of(row))}}}'
        for row, text in zip(cells, texts, strict=True)
    ]
    return features, [row[0] for row in cells]


def geometry_texts(shapes: Shapes, crs: str) -> Sequence[str]:
    """Return shapes as texts of GeoJSON in a system."""
    flat = shapely.force_2d(shapes)
    if crs == CRS84:
        # RFC 7946, 3.1.6: outer rings run against the clock
        flat = shapely.orient_polygons(flat)
    return shapely.to_geojson(to_crs(np.asarray(flat), crs)).tolist()


def properties_of(row: Sequence[Any]) -> dict[str, Any]:
    """Return what a feature tells: the owner's columns, then those every feature has.

    What is not exact says so in the terms of Darwin Core.
    """
    told = dict(zip(_COLUMNS, row, strict=True))
    properties: dict[str, Any] = told["properties"]
    if isinstance(properties, str):  # SQLite gives JSON as text
        properties = json.loads(properties)
    properties = {**properties, **{name: told[name] for name in _PLAIN if told[name]}}
    if told["months"]:
        properties["months"] = [m for m in range(1, 13) if told["months"] >> (m - 1) & 1]
    if told["uncertainty_m"] is not None:
        properties["coordinateUncertaintyInMeters"] = told["uncertainty_m"]
    if told["generalised"] or told["level"] > 0:
        properties["dataGeneralizations"] = told["generalised"]
    if told["withheld"]:
        properties["informationWithheld"] = told["withheld"]
    return properties


_as_text = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False
).encode  # one for all: `json.dumps` makes one for each feature
