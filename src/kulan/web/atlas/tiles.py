"""Tiles of the map, each from what its reader may see, kept on disk under a name of that sight."""

import gzip
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import F, Q, QuerySet

from kulan.atlas.store import object_path
from kulan.exchange.raster_tiles import Colour, category_tile
from kulan.exchange.vector_tiles import TileLayer, encode_tile
from kulan.exchange.web_mercator import pixel_deg, tile_bounds
from kulan.grids import Grid, read_grid
from kulan.outputs import write_whole
from kulan.web.atlas.drawing import drawing_of
from kulan.web.catalogue.models import LayerVersion, Rendition
from kulan.web.geometry.reading import fetch_shapes

KEPT_TO_ZOOM = 9
"""Tiles up to this zoom are kept: there are few of them, and each holds much."""
_SMALLEST_PX = 2.0
_NOT_TOLD = ("scale_rank", "capital")


def vector_tile(
    rows: QuerySet[Rendition], version: LayerVersion, z: int, x: int, y: int, *, month: int = 0
) -> bytes:
    """Encode one vector tile of the features in `rows`, gzipped; empty where there is nothing.

    Features smaller than two pixels of the tile are left out in the query.
    """
    west, south, east, north = tile_bounds(z, x, y)
    margin = 4 * pixel_deg(z)
    box = (west - margin, south - margin, east + margin, north + margin)
    smallest = _SMALLEST_PX * pixel_deg(z)
    found = rows.filter(Q(extent_deg=0) | Q(extent_deg__gte=smallest), geometry__bbox=box)
    if month:
        found = of_month(found, month)
    # sorted here: asked to, SQLite would walk the whole layer in order instead of using the index
    shapes, cells = fetch_shapes(found, "uid", "name", "properties")
    if not len(shapes):
        return b""
    order = sorted(range(len(cells)), key=lambda row: cells[row][0])
    shapes, cells = shapes[order], [cells[row] for row in order]
    layer = TileLayer(version.layer.layer_id, shapes, _columns(version, cells))
    return gzip.compress(encode_tile(z, x, y, [layer]), compresslevel=5, mtime=0)


def of_month(rows: QuerySet[Rendition], month: int) -> QuerySet[Rendition]:
    """Keep what holds in a month (1 to 12), and what holds the whole year."""
    held = rows.alias(held=F("months").bitand(1 << (month - 1)))
    return held.filter(Q(months=0) | Q(held__gt=0))


def _columns(version: LayerVersion, cells: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Return what a style reads, and no more: the rest is asked for by a click."""
    drawing = drawing_of(version)
    loaded = [json.loads(text) if isinstance(text, str) else text for _, _, text in cells]
    keys = [drawing.keys(properties) for properties in loaded]
    columns: dict[str, list[Any]] = {
        "uid": [uid for uid, _, _ in cells],
        "name": [name or None for _, name, _ in cells],
        "kind": [kind for kind, _ in keys],
        "value": [value or None for _, value in keys],
    }
    for name in _NOT_TOLD:
        if any(name in properties for properties in loaded):
            columns[name] = [properties.get(name) for properties in loaded]
    return columns


def raster_tile(
    version: LayerVersion, z: int, x: int, y: int, *, size_px: int, dark: bool
) -> bytes:
    """Draw one tile of a grid; empty where there is nothing."""
    grid = grid_of(version.file_sha256, version.file_extension)
    return category_tile(z, x, y, grid, _palette(version, dark=dark), size_px=size_px)


@lru_cache(maxsize=64)
def grid_of(sha256: str, extension: str) -> Grid:
    """Read a grid by the hash of its file."""
    return read_grid(object_path(Path(settings.STATE), sha256, extension))


def _palette(version: LayerVersion, *, dark: bool) -> dict[int, Colour]:
    colours: dict[int, Colour] = {}
    for style in drawing_of(version).styles():
        text = (style.fill_dark or style.fill) if dark else style.fill
        if style.value.isdigit() and text:
            red, green, blue = (int(text[at : at + 2], 16) for at in (1, 3, 5))
            colours[int(style.value)] = (red, green, blue, round(255 * style.opacity))
    return colours


def value_at(version: LayerVersion, longitude: float, latitude: float) -> int | float | None:
    """Return the value of a grid's cell at a place; None outside it or where it has none."""
    grid = grid_of(version.file_sha256, version.file_extension)
    row = int(np.floor((grid.north - latitude) / grid.cell_y_deg))
    column = int(np.floor((longitude - grid.west) / grid.cell_x_deg))
    n_rows, n_columns = grid.values.shape
    if not (0 <= row < n_rows and 0 <= column < n_columns):
        return None
    value = grid.values[row, column]
    return None if grid.nodata is not None and value == grid.nodata else value.item()


class KeptTiles:
    """Tiles on disk, one folder for each sight of a version."""

    def __init__(self, seen: str) -> None:
        """Take the fingerprint of what the reader sees."""
        self.folder = Path(settings.STATE) / "cache" / "tiles" / seen

    def path(self, z: int, x: int, y: int, variant: str) -> Path:
        """Return where a tile lies."""
        return self.folder / str(z) / f"{x}-{y}{variant}"

    def get(self, z: int, x: int, y: int, variant: str) -> bytes | None:
        """Return a tile, None where it is not kept."""
        if z > KEPT_TO_ZOOM:
            return None
        try:
            return self.path(z, x, y, variant).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, z: int, x: int, y: int, variant: str, tile: bytes) -> None:
        """Keep a tile."""
        if z <= KEPT_TO_ZOOM:
            write_whole(self.path(z, x, y, variant), tile)
