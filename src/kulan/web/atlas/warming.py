"""Tiles of low zooms made before anybody asks for them, and tiles nobody asks for cleared away."""

import logging
import shutil
import time
from collections.abc import Callable, Iterator

from django.db import connection

from kulan.exchange.web_mercator import tile_bounds
from kulan.places import REGION
from kulan.web.atlas.listing import map_versions
from kulan.web.atlas.tiles import KeptTiles, kept_folder, raster_tile, seen_tile
from kulan.web.catalogue.models import LayerVersion, Rendition
from kulan.web.catalogue.themes import Kind
from kulan.web.policy import PUBLIC, fingerprint

WARM_TO_ZOOM = 6
KEEP_TILES_S = 14 * 24 * 3600.0
Tell = Callable[[int, int, str], None]
_log = logging.getLogger(__name__)


def warm(tell: Tell | None = None) -> int:
    """Make the tiles of the region that the public will ask for first; return how many were made.

    Those that are kept already stay, so that it may be stopped and begun again. What others than
    the public see is made when they ask.
    """
    made = 0
    versions = map_versions(PUBLIC)
    for done, version in enumerate(versions):
        if tell:
            tell(done, len(versions), version.layer.layer_id)
        made += sum(_make(version, place) for place in _places(version))
    return made


def _make(version: LayerVersion, place: tuple[int, int, int]) -> bool:
    vector = version.kind == Kind.VECTOR
    kept = KeptTiles(fingerprint(PUBLIC, version) if vector else str(version.uid))
    variant = ".mvt" if vector else "-256.png"
    if kept.get(*place, variant) is not None:
        return False
    if vector:
        tile = seen_tile(PUBLIC, version, *place)
    else:
        tile = raster_tile(version, *place, size_px=256, dark=False)
    kept.put(*place, variant, tile)
    return True


def _places(version: LayerVersion) -> Iterator[tuple[int, int, int]]:
    """Give the tiles of low zooms that meet the layer within the region."""
    west, south, east, north = REGION.west, REGION.south, REGION.east, REGION.north
    if version.bounds:
        own_west, own_south, own_east, own_north = version.bounds
        west, south = max(west, own_west), max(south, own_south)
        east, north = min(east, own_east), min(north, own_north)
    for z in range(WARM_TO_ZOOM + 1):
        for x in range(2**z):
            left, _, right, _ = tile_bounds(z, x, 0)
            if right < west or left > east:
                continue
            for y in range(2**z):
                _, bottom, _, top = tile_bounds(z, x, y)
                if top >= south and bottom <= north:
                    yield z, x, y


def clear_tiles(*, now_s: float | None = None) -> int:
    """Remove kept tiles of sights that nobody has had for long; return how many sights.

    A sight whose layer was released anew, or whose people have other rights now, is never asked
    for again. What is removed too early is made again.
    """
    now_s = time.time() if now_s is None else now_s
    current = set()
    for version in map_versions(PUBLIC):
        current |= {fingerprint(PUBLIC, version), str(version.uid)}
    removed = 0
    folders = kept_folder().iterdir() if kept_folder().is_dir() else ()
    for folder in folders:
        newest = max((part.stat().st_mtime for part in (folder, *folder.iterdir())), default=0)
        if folder.name not in current and now_s - newest > KEEP_TILES_S:
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def renew_statistics() -> None:
    """Let the database count anew what lies in the table of renditions, for its plans."""
    table = connection.ops.quote_name(Rendition._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 1000")  # a sample: milliseconds
        cursor.execute(f"ANALYZE {table}")
