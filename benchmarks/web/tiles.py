"""How long a layer of 100 000 lines takes to store, and a tile of it to make, on both databases.

Winding lines of 2 to 40 points are scattered over Central Asia, some tens of kilometres long and
every tenth some hundreds, and stored as a released layer, in the one way there is. Then tiles
around one place are made for each zoom: the query of what the public may see, the shapes out of the
database, the encoded and compressed tile. From zoom 8 on nine tiles, below it one; the median over
tiles of the best of some runs. Beside it the whole answer of the server for a tile (without a
network), made anew and kept from the time before.

Before any time is told, tiles are decoded with mapbox-vector-tile. On PostGIS, `ST_AsMVT` makes the
same tiles from the same rows, and both must hold the same lines: no point of theirs further than 5
units (of 4096) from ours, and the other way round for 19 of 20 lines, since PostGIS takes the tips
off spikes. What barely reaches into the buffer, or is nearly a point, may be in one alone. Tiles of
SQLite must be those of PostGIS, byte for byte. The peer is asked for the names of lines and their
kind, as ours is; it is timed as a query that is sent and answered.

Both wall and processor time are told, the latter of our process only. With SQLite that is all of
the work, and the bars, set on a quieter machine, are held against it; with PostGIS, against the
wall.

Run: ``python benchmarks/web/tiles.py [--lines 100000] [--databases sqlite postgis]``
"""

import argparse
import gzip
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import geopandas as gpd
import mapbox_vector_tile
import numpy as np
import shapely
from _databases import DATABASES, database, in_process, kinds, machine, verdict
from shapely.geometry import shape

ZOOMS = (2, 3, 4, 5, 6, 8, 10, 12)
PLACE = (68.0, 47.5)
REGION = ((46, 35), (120, 55))
BARS_MS = {8: 2.5, 10: 0.6, 12: 0.5}
BARS_ANSWER_MS = {8: 4.7, 10: 2.1, 12: 1.7}
BAR_KEPT_MS = 10.0
APART_UNITS = 5
SPOILT_SHARE = 0.05
WITHIN = shapely.box(0, 0, 4096, 4096)
LAYER = "lines"
Tile = tuple[int, int, int]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--lines", type=int, default=100_000)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    options.add_argument("--measure", choices=DATABASES, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.measure:
        print(json.dumps(measured(asked.measure, asked.lines, asked.repeat)))
        return
    print(f"{machine()}\n{asked.lines:,} lines; wall ms a tile")
    found = {}
    for kind in kinds(asked.databases):
        given = ["--measure", kind, "--lines", str(asked.lines), "--repeat", str(asked.repeat)]
        with database(kind) as environment:
            found[kind] = in_process(__file__, *given, environment=environment)
        tell(kind, found[kind])
    digests = {json.dumps(one["digests"]) for one in found.values()}
    if len(digests) > 1:
        raise SystemExit("the databases' tiles differ")


def tell(kind: str, found: dict[str, Any]) -> None:
    print(
        f"{kind}: stored in {found['store_s']:.1f} s ({found['store_cpu_s']:.1f} s of our process'"
        f" processor), {found['megabytes']:.0f} MB; ms a tile, in brackets of the processor"
    )
    for row in found["zooms"]:
        z = row["z"]
        kept = figure(kind, row["kept"], BAR_KEPT_MS) if "kept" in row else ""
        peer = f"; ST_AsMVT {row['peer'][0]:.2f}" if "peer" in row else ""
        print(
            f"  z{z}: {row['lines']:,.0f} lines, {row['kilobytes']:.1f} kB gzipped: made "
            f"{figure(kind, row['made'], BARS_MS.get(z))}, answered "
            f"{figure(kind, row['answered'], BARS_ANSWER_MS.get(z))}"
            f"{kept and f', kept {kept}'}{peer}"
        )


def figure(kind: str, times: tuple[float, float], bar: float | None) -> str:
    wall, processor = times
    held = processor if kind == "sqlite" else wall
    return f"{wall:.2f} ({processor:.2f}){verdict(held, bar)}"


def scattered(count: int) -> gpd.GeoDataFrame:
    """Scatter winding lines of 2 to 40 points; every tenth is ten times as long as the others."""
    rng = np.random.default_rng(1)
    sizes = rng.integers(2, 41, count)
    owners = np.repeat(np.arange(count), sizes)
    reach = np.where(np.arange(count) % 10, 0.01, 0.1)[owners]
    steps = (rng.normal(0, 1, (len(owners), 2)) * reach[:, None]).cumsum(axis=0)
    first = steps[np.cumsum(sizes) - sizes]
    points = steps - np.repeat(first, sizes, axis=0)
    points += np.repeat(rng.uniform(*REGION, (count, 2)), sizes, axis=0)
    kinds_of_lines = np.array(["railway", "road", "fence", "canal"], dtype=object)
    cells = {
        "record": [f"line {number}" for number in range(count)],
        "barrier_type": kinds_of_lines[rng.integers(0, 4, count)],
        "height": rng.integers(0, 500, count),
    }
    lines = shapely.linestrings(points, indices=owners)
    return gpd.GeoDataFrame(cells, geometry=lines, crs="EPSG:4326")


def measured(kind: str, count: int, repeat: int) -> dict[str, Any]:
    """Store the layer in the database of this process, check its tiles, time them."""
    state = Path(os.environ["KULAN_STATE"])
    state.mkdir(parents=True)
    from kulan.web.operation.django_setup import set_up  # noqa: PLC0415  settings come first

    set_up(state)
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    frame = scattered(count)
    started, cpu = time.perf_counter(), time.process_time()
    version = stored(frame)
    found: dict[str, Any] = {
        "store_s": time.perf_counter() - started,
        "store_cpu_s": time.process_time() - cpu,
        "megabytes": size_mb(),
        "zooms": [],
        "digests": [],
    }
    for zoom in ZOOMS:
        for tile in tiles_around(zoom):
            own = ours(version, tile)
            found["digests"].append(hashlib.sha256(own).hexdigest())
            if kind == "postgis":
                compare(read(own), read(theirs(version, tile)), tile)
        found["zooms"].append(of_zoom(version, zoom, repeat, with_peer=kind == "postgis"))
    return found


def stored(frame: gpd.GeoDataFrame) -> Any:
    """Store the lines as a released layer, as an upload would be."""
    from kulan.web.catalogue.columns import EVERYONE, Column, as_stored  # noqa: PLC0415
    from kulan.web.catalogue.materialise import materialise  # noqa: PLC0415
    from kulan.web.catalogue.models import Layer, LayerVersion  # noqa: PLC0415

    layer = Layer.objects.create(
        layer_id=LAYER, theme="barriers", open_reason="made up", names_key="7" * 64
    )
    columns = (
        Column("record", public_to=EVERYONE, role="record_id"),
        Column("barrier_type", public_to=EVERYONE),
        Column("height", public_to=EVERYONE),
    )
    version = LayerVersion.objects.create(
        layer=layer, number=1, kind="vector", state="released", title={"en": "Lines"},
        columns=as_stored(columns),
    )  # fmt: skip
    materialise(version, frame, columns)
    return version


def size_mb() -> float:
    """Return what the table and its indices take."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_total_relation_size('catalogue_rendition')")
            return float(cursor.fetchone()[0]) / 1e6
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(connection.settings_dict["NAME"]).stat().st_size / 1e6


def tiles_around(zoom: int) -> list[Tile]:
    """Return the tile of the place, and at higher zooms its eight neighbours."""
    n = 2**zoom
    x = int((PLACE[0] + 180) / 360 * n)
    y = int((1 - np.arcsinh(np.tan(np.radians(PLACE[1]))) / np.pi) / 2 * n)
    reach = 1 if zoom >= 8 else 0
    around = range(-reach, reach + 1)
    return [(zoom, x + east, y + south) for south in around for east in around]


def ours(version: Any, tile: Tile) -> bytes:
    from kulan.web.atlas.tiles import seen_tile  # noqa: PLC0415
    from kulan.web.policy import PUBLIC  # noqa: PLC0415

    return seen_tile(PUBLIC, version, *tile)


def theirs(version: Any, tile: Tile) -> bytes:
    """Let PostGIS make the tile from the same rows."""
    from django.db import connection  # noqa: PLC0415

    from kulan.exchange.web_mercator import pixel_deg  # noqa: PLC0415

    place = ", ".join(map(str, tile))
    # names that tests of the tile's envelope need, cut at the buffer we cut at
    statement = f"""
        WITH cut AS (
            SELECT uid, properties ->> 'barrier_type' AS kind, ST_AsMVTGeom(
                ST_Transform(geometry, 3857), ST_TileEnvelope({place}), 4096, 64, true) AS shape
            FROM catalogue_rendition
            WHERE version_id = %s AND level = default_level
                AND (extent_deg = 0 OR extent_deg >= %s)
                AND geometry && ST_Transform(ST_TileEnvelope({place}, margin => 64.0 / 4096), 4326)
        ) SELECT ST_AsMVT(cut, '{LAYER}', 4096, 'shape') FROM cut
    """  # noqa: S608  numbers of our own
    with connection.cursor() as cursor:
        cursor.execute(statement, [version.pk, 2 * pixel_deg(tile[0])])
        return bytes(cursor.fetchone()[0])


def read(tile: bytes) -> dict[str, tuple[str, shapely.Geometry]]:
    """Decode a tile, gzipped or not, into kind and shape by name."""
    tile = gzip.decompress(tile) if tile[:2] == b"\x1f\x8b" else tile
    layers = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True}) if tile else {}
    features = layers.get(LAYER, {"features": []})["features"]
    return {
        one["properties"]["uid"]: (one["properties"]["kind"], shape(one["geometry"]))
        for one in features
    }


def compare(own: dict[str, Any], other: dict[str, Any], tile: Tile) -> None:
    """End where the two tiles do not say the same."""
    for uid in own.keys() ^ other.keys():
        line = (own | other)[uid][1]
        if line.length > APART_UNITS and line.intersects(WITHIN):
            raise SystemExit(f"tile {tile}: only one holds {uid}")
    spoilt = 0
    for uid in own.keys() & other.keys():
        (kind, line), (their_kind, their_line) = own[uid], other[uid]
        if kind != their_kind:
            raise SystemExit(f"tile {tile}: kinds of {uid} differ")
        if (apart := beyond(their_line, line)) > APART_UNITS:
            raise SystemExit(f"tile {tile}: {uid} lacks what lies {apart:.1f} units from it")
        spoilt += beyond(line, their_line) > APART_UNITS
    if spoilt > len(own) * SPOILT_SHARE + 1:
        raise SystemExit(f"tile {tile}: {spoilt} lines go where they should not")


def beyond(line: shapely.Geometry, other: shapely.Geometry) -> float:
    """Return how far a line's points within the tile lie from another line at most.

    In the buffer the two end differently: PostGIS rounds before it cuts, we cut before we round.
    """
    points = shapely.points(shapely.get_coordinates(shapely.intersection(line, WITHIN)))
    return float(shapely.distance(points, other).max(initial=0.0))


def of_zoom(version: Any, zoom: int, repeat: int, *, with_peer: bool) -> dict[str, Any]:
    """Return the figures of one zoom."""
    from kulan.web.atlas.tiles import KEPT_TO_ZOOM  # noqa: PLC0415

    tiles = tiles_around(zoom)
    sizes = [ours(version, tile) for tile in tiles]
    row: dict[str, Any] = {
        "z": zoom,
        "lines": median(len(read(one)) for one in sizes),
        "kilobytes": median(len(one) / 1000 for one in sizes),
        "made": best_ms(lambda tile: ours(version, tile), tiles, repeat),
        "answered": best_ms(lambda tile: answered(version, tile, anew=True), tiles, repeat),
    }
    if zoom <= KEPT_TO_ZOOM:
        row["kept"] = best_ms(lambda tile: answered(version, tile), tiles, repeat + 1)
    if with_peer:
        row["peer"] = best_ms(lambda tile: theirs(version, tile), tiles, repeat)
    return row


def answered(version: Any, tile: Tile, *, anew: bool = False) -> bytes:
    """Ask the application for a tile, as its server would."""
    from kulan.web.atlas.tiles import KeptTiles  # noqa: PLC0415
    from kulan.web.policy import PUBLIC, fingerprint  # noqa: PLC0415

    seen = fingerprint(PUBLIC, version)
    if anew:
        shutil.rmtree(KeptTiles(seen).folder, ignore_errors=True)
    z, x, y = tile
    answer = browser().get(f"/atlas/tiles/{LAYER}/{seen}/{z}/{x}/{y}.mvt", HTTP_HOST="localhost")
    if answer.status_code not in (200, 204):
        raise SystemExit(f"tile {tile}: {answer.status_code}")
    return bytes(answer.content)


@cache
def browser() -> Any:
    from django.test import Client  # noqa: PLC0415

    return Client()


def best_ms(way: Callable[[Tile], Any], tiles: list[Tile], repeat: int) -> tuple[float, float]:
    """Return the median over tiles of the least of some runs, by the wall and the processor."""
    runs = [[cost_ms(way, tile) for _ in range(repeat)] for tile in tiles]
    by_tile = [[min(times) for times in zip(*of_tile, strict=True)] for of_tile in runs]
    wall, processor = (median(times) for times in zip(*by_tile, strict=True))
    return wall, processor


def cost_ms(way: Callable[[Tile], Any], tile: Tile) -> tuple[float, float]:
    wall, processor = time.perf_counter_ns(), time.process_time_ns()
    way(tile)
    return (time.perf_counter_ns() - wall) / 1e6, (time.process_time_ns() - processor) / 1e6


if __name__ == "__main__":
    main()
