"""Rows of renditions written many at once, without an object for each on the way."""

import json
from typing import Any

import numpy as np
import shapely
from django.db import connection
from numpy.typing import NDArray

from kulan.web.catalogue.models import LayerVersion, Rendition

_CHUNK_ROWS = 5_000
_BOUNDS = ("west", "south", "east", "north")
_TEXTS = ("species_id", "iso3", "season", "date_from", "date_to", "generalised", "withheld", "name")
_COLUMNS = (
    *("version_id", "level", "default_level", "geometry", *_BOUNDS, "extent_deg"),
    *("uid", *_TEXTS, "months", "uncertainty_m", "properties"),
)


def rows_of(
    version: LayerVersion,
    levels: tuple[int, int],
    shapes: NDArray[np.object_],
    values: dict[str, list[Any]],
) -> list[tuple[Any, ...]]:
    """Return rows for `insert`.

    Parameters
    ----------
    version
        The version they belong to.
    levels
        Level of the rows, and the level at which the public sees their records.
    shapes
        One for each row, none empty.
    values
        The other columns by name; None for an empty text.
    """
    if not len(shapes):
        return []
    bounds = shapely.bounds(shapes)
    extents = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    texts = [["" if cell is None else cell for cell in values[name]] for name in _TEXTS]
    properties = [json.dumps(cell, ensure_ascii=False) for cell in values["properties"]]
    count = len(shapes)
    columns = [
        [version.pk] * count,
        *([level] * count for level in levels),
        _geometries(shapes),
        *bounds.T.tolist(),
        extents.tolist(),
        values["uid"],
        *texts,
        values["months"],
        values["uncertainty_m"],
        properties,
    ]
    return list(zip(*columns, strict=True))


def _geometries(shapes: NDArray[np.object_]) -> list[Any]:
    if connection.vendor == "postgresql":
        marked = shapely.set_srid(shapes, 4326)
        return list(shapely.to_wkb(marked, hex=True, include_srid=True))
    return list(shapely.to_wkb(shapes))


def insert(rows: list[tuple[Any, ...]]) -> None:
    """Write rows; the caller holds the transaction."""
    quote = connection.ops.quote_name
    marks = {"geometry": "%s::geometry", "properties": "%s::jsonb"}
    plain = connection.vendor != "postgresql"
    places = ", ".join("%s" if plain else marks.get(name, "%s") for name in _COLUMNS)
    names = ", ".join(map(quote, _COLUMNS))
    table = quote(Rendition._meta.db_table)
    sql = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608  names of our own
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _CHUNK_ROWS):
            cursor.executemany(sql, rows[start : start + _CHUNK_ROWS])
