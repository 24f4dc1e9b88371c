"""Tiles of the map, each from what its reader may see, kept on disk under a name of that sight."""

import gzip
import json
import logging
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import F, Q, QuerySet
from numpy.typing import NDArray

from kulan.atlas.store import object_path
from kulan.exchange.raster_tiles import Colour, category_tile
from kulan.exchange.vector_tiles import TileLayer, encode_tile
from kulan.exchange.web_mercator import pixel_deg, tile_bounds
from kulan.grids import Grid, read_grid
from kulan.web.atlas.drawing import drawing_of
from kulan.web.catalogue.models import LayerVersion, Rendition
from kulan.web.geometry.reading import fetch_shapes, shapes_of
from kulan.web.kept import Kept
from kulan.web.policy import Viewer, fingerprint, renditions
from kulan.web.prepared import Prepared

_log = logging.getLogger(__name__)
KEPT_TO_ZOOM = 9
"""Tiles up to this zoom are kept: there are few of them, and each holds much."""
_SMALLEST_PX = 2.0
_NOTHING = b"-"  # what a kept tile without anything in it holds
_NOT_TOLD = ("scale_rank", "capital")
_TOLD = ("uid", "name", "properties")
_SLOTS = {
    "west": -70_001.5,
    "south": -70_002.5,
    "east": -70_003.5,
    "north": -70_004.5,
    "smallest": -70_005.5,
}
_queries: Kept[tuple[str, int], Prepared] = Kept(1_000)


def vector_tile(
    rows: QuerySet[Rendition], version: LayerVersion, z: int, x: int, y: int, *, month: int = 0
) -> bytes:
    """Encode one vector tile of the features in `rows`, gzipped; empty where there is nothing.

    Features smaller than two pixels of the tile are left out in the query.
    """
    found = _in_box(rows, **_reach(z, x, y), month=month)
    return _encoded(version, (z, x, y), *fetch_shapes(found, *_TOLD))


def seen_tile(
    viewer: Viewer, version: LayerVersion, z: int, x: int, y: int, *, month: int = 0
) -> bytes:
    """Encode one vector tile of what a viewer sees of a version, as `vector_tile` does; faster."""

    def prepared() -> Prepared:
        rows = _in_box(renditions(viewer, version), **_SLOTS, month=month)
        return Prepared(rows.values_list("geometry", *_TOLD), _SLOTS)

    query = _queries.of((fingerprint(viewer, version), month), prepared)
    return _encoded(version, (z, x, y), *shapes_of(query.ask(**_reach(z, x, y))))


def _reach(z: int, x: int, y: int) -> dict[str, float]:
    """Return the box a tile is made from, and how large a feature must be to be seen in it."""
    west, south, east, north = tile_bounds(z, x, y)
    pixel = pixel_deg(z)
    margin = 4 * pixel
    return {
        "west": west - margin,
        "south": south - margin,
        "east": east + margin,
        "north": north + margin,
        "smallest": _SMALLEST_PX * pixel,
    }


def _in_box(
    rows: QuerySet[Rendition],
    *,
    west: float,
    south: float,
    east: float,
    north: float,
    smallest: float,
    month: int,
) -> QuerySet[Rendition]:
    seen = Q(extent_deg=0) | Q(extent_deg__gte=smallest)
    found = rows.filter(seen, geometry__bbox=(west, south, east, north))
    return of_month(found, month) if month else found


def _encoded(
    version: LayerVersion,
    place: tuple[int, int, int],
    shapes: NDArray[np.object_],
    cells: list[tuple[Any, ...]],
) -> bytes:
    if not len(shapes):
        return b""
    # sorted here: asked to, SQLite would walk the whole layer in order instead of using the index
    order = sorted(range(len(cells)), key=lambda row: cells[row][0])
    shapes, cells = shapes[order], [cells[row] for row in order]
    layer = TileLayer(version.layer.layer_id, shapes, _columns(version, cells))
    tile = encode_tile(*place, [layer])
    return gzip.compress(tile, compresslevel=5, mtime=0) if tile else b""


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
        self.folder = kept_folder() / seen

    def path(self, z: int, x: int, y: int, variant: str) -> Path:
        """Return where a tile lies."""
        return self.folder / str(z) / f"{x}-{y}{variant}"

    def get(self, z: int, x: int, y: int, variant: str) -> bytes | None:
        """Return a tile, None where it is not kept."""
        if z > KEPT_TO_ZOOM:
            return None
        try:
            found = self.path(z, x, y, variant).read_bytes()
        except OSError:
            return None
        if not found:  # the power went before it was on disk
            return None
        return b"" if found == _NOTHING else found

    def put(self, z: int, x: int, y: int, variant: str, tile: bytes) -> None:
        """Keep a tile. The disk is not waited for: what is lost is made again."""
        if z > KEPT_TO_ZOOM:
            return
        path = self.path(z, x, y, variant)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
            with os.fdopen(handle, "wb") as file:
                file.write(tile or _NOTHING)
            os.replace(name, path)
        except OSError as problem:  # a full disk, or a folder cleared away: the tile is there
            _log.warning("a tile could not be kept: %s", problem)


def kept_folder() -> Path:
    """Return where kept tiles lie."""
    return Path(settings.STATE) / "cache" / "tiles"
