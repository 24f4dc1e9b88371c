"""How long a screening takes, beside the same question asked with plain geopandas overlay.

Two questions, each answered both ways in the same run, answers compared before times are told:

1. a line of 1 000 km against the starter Atlas: kilometres through khulan habitat, by state;
2. the same line against a layer of polygons (a million unless told otherwise).

Run: ``python benchmarks/screening.py [--polygons 1000000] [--state kulan-state]``
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from kulan.assessment import baseline_of
from kulan.atlas import build_starter, open_release, release_ids
from kulan.grids import Grid, read_grid
from kulan.places import length_m
from kulan.screening import (
    Attributes,
    Baseline,
    PlannedAlternative,
    Screening,
    UserLayer,
    screen_alternatives,
)

LINE = shapely.LineString(
    [(104.5, 45.5), (106, 44.2), (108.2, 43.3), (110.5, 42.9), (113, 44.5), (114.5, 46)]
)
SPECIES = "khulan"
ON = date(2026, 11, 1)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--polygons", type=int, default=1_000_000)
    options.add_argument("--state", type=Path, default=Path("kulan-state"))
    asked = options.parse_args()
    baseline = baseline_of(open_atlas(asked.state))
    against_atlas(baseline)
    against_polygons(baseline, make_polygons(asked.polygons))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1e6 if sys.platform == "darwin" else 1e3
    )
    print(f"peak memory of it all: {peak_mb:.0f} MB")


def open_atlas(state: Path):
    return open_release(state) if release_ids(state) else build_starter(state).release


def timed(work: Callable) -> tuple[object, float]:
    begin = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - begin


def against_atlas(baseline: Baseline) -> None:
    """Screen once cold, as a command does, and once more; then overlay one species' habitat."""
    alternative = planned()
    screening, cold_s = timed(lambda: screen_alternatives([alternative], baseline, on=ON))
    _, warm_s = timed(lambda: screen_alternatives([alternative], baseline, on=ON))
    overlaid, overlay_s = timed(lambda: overlay_habitat(baseline))
    compare(crossed_km(screening, f"habitat_{SPECIES}"), overlaid)
    print(f"1 000 km against the starter Atlas: {cold_s:.2f} s first, {warm_s:.2f} s after")
    print(f"  one figure of one species by overlay: {overlay_s:.2f} s; all: x {overlay_s / cold_s:.2f}")


def against_polygons(baseline: Baseline, features: gpd.GeoDataFrame) -> None:
    """Screen against many polygons; then cut them by state and line with overlay."""
    layer = UserLayer(
        "polygons", features, "range", SPECIES, "Polygons", "2024", 100.0, "made here", "CC0", "0" * 64
    )
    screening, seconds = timed(
        lambda: screen_alternatives([planned()], baseline, layers=[layer], on=ON)
    )
    overlaid, overlay_s = timed(lambda: overlay_polygons(baseline, features))
    compare(crossed_km(screening, layer.layer_id), overlaid)
    print(f"1 000 km against {len(features):,} polygons: {seconds:.2f} s")
    print(f"  length crossed alone by overlay: {overlay_s:.2f} s; all: x {overlay_s / seconds:.2f}")


def planned() -> PlannedAlternative:
    return PlannedAlternative(
        "line", "A line of 1 000 km", "railway", "planned", LINE, Attributes(fenced=True)
    )


def crossed_km(screening: Screening, layer_id: str) -> dict[str, float]:
    found = screening.alternatives[0].species
    rows = [row for one in found for row in one.exposures if row.layer_id == layer_id]
    return {row.iso3: row.crossed.value or 0.0 for row in rows if row.crossed.value}


def compare(ours: dict[str, float], theirs: dict[str, float]) -> None:
    if ours.keys() != theirs.keys():
        raise SystemExit(f"the two answers differ: {ours} and {theirs}")
    for code, km in ours.items():
        if abs(km - theirs[code]) > max(0.01, km * 1e-4):
            raise SystemExit(f"the two answers differ in {code}: {km} km and {theirs[code]} km")


def overlay_habitat(baseline: Baseline) -> dict[str, float]:
    """Turn suitable cells into polygons and overlay the line with them and with the states."""
    cells = cell_polygons(read_grid(baseline.habitats[SPECIES]))
    return overlay_polygons(baseline, cells)


def cell_polygons(grid: Grid) -> gpd.GeoDataFrame:
    row, column = np.nonzero(np.isin(grid.values, (1, 2, 3)))
    west = grid.west + column * grid.cell_x_deg
    north = grid.north - row * grid.cell_y_deg
    boxes = shapely.box(west, north - grid.cell_y_deg, west + grid.cell_x_deg, north)
    return gpd.GeoDataFrame(geometry=boxes, crs="EPSG:4326")


def overlay_polygons(baseline: Baseline, features: gpd.GeoDataFrame) -> dict[str, float]:
    """Ask plainly: overlay the line with the polygons, dissolve, overlay with the states, measure."""
    line = gpd.GeoDataFrame(geometry=[shapely.segmentize(LINE, 0.045)], crs="EPSG:4326")
    inside = gpd.overlay(line, features, how="intersection", keep_geom_type=True)
    once = shapely.union_all(shapely.set_precision(inside.geometry.to_numpy(), 1e-9))
    dissolved = gpd.GeoDataFrame(geometry=[once], crs="EPSG:4326")
    by_state = gpd.overlay(dissolved, baseline.states[["iso3", "geometry"]], how="intersection")
    lengths = length_m(by_state.geometry.to_numpy()) / 1000
    return {str(code): float(km) for code, km in zip(by_state["iso3"], lengths, strict=True) if km}


def make_polygons(count: int) -> gpd.GeoDataFrame:
    """Scatter octagons of some hundred metres to two kilometres around the line."""
    rng = np.random.default_rng(1)
    middle = np.column_stack([rng.uniform(95, 120, count), rng.uniform(38, 50, count)])
    radius = rng.uniform(0.002, 0.02, count)
    angle = np.linspace(0, 2 * np.pi, 9)[:-1]
    around = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    rings = shapely.linearrings(middle[:, None, :] + radius[:, None, None] * around)
    return gpd.GeoDataFrame(geometry=shapely.polygons(rings), crs="EPSG:4326")


if __name__ == "__main__":
    main()
