"""How long a vector tile takes, beside mapbox-vector-tile's encoder on the same features.

100 000 lines are scattered over Central Asia. For each zoom, tiles around one place are made both
ways: the features of a tile are found in a tree of boxes (the same query for both), then encoded.
Theirs gets the shapes already in Web Mercator and thinned as ours thins them, neither of which is
timed, and cuts them at the same buffer. Before any time is told, both tiles are decoded, and must
hold the same features with the same properties, whose lines lie within 5 units (of 4096) of each
other; only what barely reaches into the buffer may be in one alone. Ours is timed with and without
leaving out what is smaller than two pixels of the screen, which a map's query does at low zooms.

Times are processor seconds, the median over tiles of the best of some runs, in turns.

Run: ``python benchmarks/tiles.py [--lines 100000] [--repeat 3]``
"""

import argparse
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import mapbox_vector_tile
import numpy as np
import shapely
from shapely.geometry import shape

from kulan.exchange import TileLayer, encode_tile, pixel_deg, tile_bounds
from kulan.exchange.web_mercator import to_tile_units

ZOOMS = (4, 6, 8, 10, 12)
PLACE = (68.0, 47.5)
REGION = ((46, 35), (120, 55))
BUFFER = 64 / 4096
WORLD = 2**20
BARS_MS = {6: 42.0, 8: 2.5, 10: 0.6}
THINNED_UNITS = 2
APART_UNITS = 5
WITHIN = shapely.box(0, 0, 4096, 4096)
READ = {"y_coord_down": True}
Tile = tuple[int, int, int]


@dataclass(frozen=True)
class Lines:
    """Lines with two properties, in degrees and on the map, and a tree to find them in."""

    shapes: np.ndarray
    on_map: np.ndarray
    kinds: np.ndarray
    heights: np.ndarray
    tree: shapely.STRtree

    def in_tile(self, tile: Tile) -> np.ndarray:
        """Return which lines' boxes meet a tile's, its buffer included."""
        box = shapely.box(*tile_bounds(*tile, margin=BUFFER))
        return np.sort(self.tree.query(box))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--lines", type=int, default=100_000)
    options.add_argument("--repeat", type=int, default=3)
    asked = options.parse_args()
    lines = scattered(asked.lines)
    print(f"Python {platform.python_version()}, {asked.lines:,} lines; ms a tile, processor")
    for zoom in ZOOMS:
        measure(lines, zoom, asked.repeat)


def scattered(count: int) -> Lines:
    """Scatter winding lines of 2 to 40 points, some tens of kilometres long."""
    rng = np.random.default_rng(1)
    sizes = rng.integers(2, 41, count)
    owners = np.repeat(np.arange(count), sizes)
    steps = rng.normal(0, 0.01, (len(owners), 2)).cumsum(axis=0)
    first = steps[np.cumsum(sizes) - sizes]
    points = steps - np.repeat(first, sizes, axis=0)
    points += np.repeat(rng.uniform(*REGION, (count, 2)), sizes, axis=0)
    shapes = shapely.linestrings(points, indices=owners)
    on_map = shapely.transform(shapes, lambda at: to_tile_units(at, 0, 0, 0, WORLD))
    kinds = np.array(["railway", "road", "fence", "canal"], dtype=object)
    return Lines(
        shapes,
        on_map,
        kinds[rng.integers(0, 4, count)],
        rng.integers(0, 500, count),
        shapely.STRtree(shapes),
    )


def tiles_around(zoom: int) -> list[Tile]:
    """Return the tile of the place, and at higher zooms its eight neighbours."""
    x, y = to_tile_units(np.array([PLACE]), 0, 0, 0, 2**zoom)[0].astype(int).tolist()
    reach = 1 if zoom >= 8 else 0
    around = range(-reach, reach + 1)
    return [(zoom, x + east, y + south) for south in around for east in around]


def measure(lines: Lines, zoom: int, repeat: int) -> None:
    """Compare both on the tiles of a zoom, then time them in turns."""
    tolerance = THINNED_UNITS * WORLD / 2**zoom / 4096
    many = shapely.get_num_coordinates(lines.on_map) > 16
    on_map = lines.on_map.copy()
    on_map[many] = shapely.simplify(on_map[many], tolerance, preserve_topology=False)
    lines = replace(lines, on_map=on_map)
    ours_ms, theirs_ms, lean_ms, counts, sizes = [], [], [], [], []
    for tile in tiles_around(zoom):
        compare(ours(lines, tile), theirs(lines, tile), tile)
        ways = (ours, theirs, ours_lean)
        best = [
            min(runs)
            for runs in zip(
                *[[cost_ms(way, lines, tile) for way in ways] for _ in range(repeat)], strict=True
            )
        ]
        for told, found in zip((ours_ms, theirs_ms, lean_ms), best, strict=True):
            told.append(found)
        counts.append(len(lines.in_tile(tile)))
        sizes.append(len(ours(lines, tile)) / 1000)
    own, other, lean = median(ours_ms), median(theirs_ms), median(lean_ms)
    bar = f"; bar {BARS_MS[zoom]} ms" if zoom in BARS_MS else ""
    print(
        f"z{zoom}: {median(counts):,.0f} lines, {median(sizes):.1f} kB: {own:.2f} ms, "
        f"without the smallest {lean:.2f} ms; mapbox-vector-tile {other:.2f} ms; "
        f"ratio {other / own:.1f}{bar}"
    )


def cost_ms(way: Callable[[Lines, Tile], Any], lines: Lines, tile: Tile) -> float:
    started = time.process_time_ns()
    way(lines, tile)
    return (time.process_time_ns() - started) / 1e6


def ours(lines: Lines, tile: Tile) -> bytes:
    return encoded(lines, tile, lines.in_tile(tile))


def ours_lean(lines: Lines, tile: Tile) -> bytes:
    """Leave out what is smaller than two pixels, by its box, as the database does."""
    found = lines.in_tile(tile)
    boxes = shapely.bounds(lines.shapes[found])
    seen = (boxes[:, 2:] - boxes[:, :2]).max(axis=1) >= 2 * pixel_deg(tile[0])
    return encoded(lines, tile, found[seen])


def encoded(lines: Lines, tile: Tile, found: np.ndarray) -> bytes:
    columns = {"kind": lines.kinds[found], "height": lines.heights[found]}
    return encode_tile(*tile, [TileLayer("lines", lines.shapes[found], columns, ids=found)])


def theirs(lines: Lines, tile: Tile) -> bytes:
    z, x, y = tile
    side = WORLD / 2**z
    west, north = x * side, y * side
    margin = BUFFER * side
    found = lines.in_tile(tile)
    cut = shapely.clip_by_rect(
        lines.on_map[found],
        west - margin,
        north - margin,
        west + side + margin,
        north + side + margin,
    )
    features = [
        {
            "geometry": line,
            "properties": {"kind": lines.kinds[row], "height": int(lines.heights[row])},
            "id": int(row),
        }
        for row, line in zip(found, cut, strict=True)
        if not line.is_empty
    ]
    return mapbox_vector_tile.encode(
        [{"name": "lines", "features": features}],
        default_options={
            "quantize_bounds": (west, north, west + side, north + side),
            "y_coord_down": True,
        },
    )


def compare(own: bytes, other: bytes, tile: Tile) -> None:
    """End where the two tiles do not say the same."""
    mine, other_ones = read(own), read(other)
    # a line that shrinks to one place vanishes in ours; and what barely reaches into the buffer may
    # be there or not, as ours thins after cutting and theirs was thinned before
    for number in mine.keys() ^ other_ones.keys():
        line = (mine | other_ones)[number][1]
        if line.length > APART_UNITS and line.intersects(WITHIN):
            raise SystemExit(f"tile {tile}: only one holds {number}")
    for number in mine.keys() & other_ones.keys():
        properties, line = mine[number]
        if properties != other_ones[number][0]:
            raise SystemExit(f"tile {tile}: properties of {number} differ")
        apart = line.hausdorff_distance(other_ones[number][1])
        if apart > APART_UNITS:
            raise SystemExit(f"tile {tile}: the lines of {number} are {apart:.1f} units apart")


def read(tile: bytes) -> dict[int, tuple[dict, shapely.Geometry]]:
    layers = mapbox_vector_tile.decode(tile, default_options=READ) if tile else {}
    features = layers.get("lines", {"features": []})["features"]
    return {one["id"]: (one["properties"], shape(one["geometry"])) for one in features}


if __name__ == "__main__":
    main()
