"""How long a screening takes, beside the same question asked with plain geopandas overlay.

Two questions, each answered both ways in the same run, answers compared before times are told:

1. a line of 1 000 km against the starter Atlas: kilometres through the habitat of every species, by
   state (the screening answers everything else besides);
2. the same line against a layer of polygons: kilometres and area within the effect distance, by
   state, for a million; and its share of the layer, too, for 10 000 (overlay needs more than ten
   minutes to cut a million polygons by state).

Times are processor seconds of one core; wall seconds stand beside them.

Run: ``python benchmarks/screening.py [--polygons 1000000] [--state kulan-state]``
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from kulan.assessment.baseline import baseline_of
from kulan.atlas import Release, build_starter, open_release, release_ids
from kulan.grids import Grid, read_grid
from kulan.places import EQUAL_AREA, buffer_m, length_m
from kulan.screening import (
    Attributes,
    Baseline,
    PlannedAlternative,
    Screening,
    UserLayer,
    screen_alternatives,
)
from kulan.screening.findings import Exposure

LINE = shapely.LineString(
    [(104.5, 45.5), (106, 44.2), (108.2, 43.3), (110.5, 42.9), (113, 44.5), (114.5, 46)]
)
SPECIES = "khulan"
WITH_SHARES = 10_000
ON = date(2026, 11, 1)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--polygons", type=int, default=1_000_000)
    options.add_argument("--state", type=Path, default=Path("kulan-state"))
    asked = options.parse_args()
    baseline = baseline_of(open_atlas(asked.state))
    against_atlas(baseline)
    against_polygons(baseline, make_polygons(WITH_SHARES))
    against_polygons(baseline, make_polygons(asked.polygons))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1e6 if sys.platform == "darwin" else 1e3
    )
    print(f"peak memory of it all: {peak_mb:.0f} MB")


def open_atlas(state: Path) -> Release:
    return open_release(state) if release_ids(state) else build_starter(state).release


@dataclass(frozen=True)
class Timed:
    """An answer, and the seconds it took."""

    answer: Any
    processor_s: float
    wall_s: float

    def __str__(self) -> str:
        return f"{self.processor_s:.2f} s ({self.wall_s:.2f} s by the clock)"


def timed(work: Callable[[], Any]) -> Timed:
    wall, processor = time.perf_counter(), time.process_time()
    answer = work()
    return Timed(answer, time.process_time() - processor, time.perf_counter() - wall)


def against_atlas(baseline: Baseline) -> None:
    """Screen once cold, as a command does, and once more; then overlay every species' habitat."""
    cold = timed(lambda: screen_alternatives([planned()], baseline, on=ON))
    warm = timed(lambda: screen_alternatives([planned()], baseline, on=ON))
    overlay = timed(lambda: overlay_habitats(baseline))
    rows = exposures(cold.answer)
    ours = {(r.species_id, r.iso3): r.crossed.value for r in rows if r.crossed.value}
    compare(ours, overlay.answer, relative=1e-4)
    print(f"1 000 km against the starter Atlas, everything: {cold} at first, {warm} after")
    print(f"  kilometres through {len(ours)} habitats and states by overlay: {overlay}")
    print(f"  ratio: {overlay.processor_s / cold.processor_s:.1f}")


def against_polygons(baseline: Baseline, features: gpd.GeoDataFrame) -> None:
    """Screen against many polygons; then cut them by line, buffer and state with overlay."""
    layer = UserLayer(
        name="polygons",
        features=features,
        kind="range",
        species_id=SPECIES,
        title="Polygons",
        date="2024",
        resolution_m=100.0,
        source="made here",
        licence="CC0-1.0",
        sha256="0" * 64,
    )
    screened = timed(lambda: screen_alternatives([planned()], baseline, layers=[layer], on=ON))
    found = [row for row in exposures(screened.answer) if row.layer_id == layer.layer_id]
    species = next(
        one for one in screened.answer.alternatives[0].species if one.species_id == SPECIES
    )
    reach_m = species.effect_distance.distance_m
    overlay = timed(lambda: overlay_polygons(baseline, features, reach_m))
    ours = {
        (what, row.iso3): figure.value
        for row in found
        for what, figure in (("km", row.crossed), ("km2", row.affected), ("%", row.affected_share))
        if figure.value and (what != "%" or len(features) <= WITH_SHARES)
    }
    compare(ours, overlay.answer, relative=5e-3)
    print(f"1 000 km against {len(features):,} polygons, everything: {screened}")
    print(f"  {', '.join(sorted({what for what, _ in ours}))} by overlay: {overlay}")
    print(f"  ratio: {overlay.processor_s / screened.processor_s:.1f}")


def planned() -> PlannedAlternative:
    return PlannedAlternative(
        "line", "A line of 1 000 km", "railway", "planned", LINE, Attributes(fenced=True)
    )


def exposures(screening: Screening) -> list[Exposure]:
    return [row for one in screening.alternatives[0].species for row in one.exposures]


def compare(ours: dict, theirs: dict, relative: float) -> None:
    if ours.keys() != theirs.keys():
        raise SystemExit(f"the two answers differ: {ours} and {theirs}")
    for key, value in ours.items():
        if abs(value - theirs[key]) > max(0.002, abs(value) * relative):
            raise SystemExit(f"the two answers differ in {key}: {value} and {theirs[key]}")


def overlay_habitats(baseline: Baseline) -> dict[tuple[str, str], float]:
    """Turn suitable cells into polygons and overlay the line with them and with the states."""
    told = {}
    for species_id, path in sorted(baseline.habitats.items()):
        lengths = overlay_line(baseline, cell_polygons(read_grid(path)))
        told |= {(species_id, code): km for code, km in lengths.items()}
    return told


def cell_polygons(grid: Grid) -> gpd.GeoDataFrame:
    row, column = np.nonzero(np.isin(grid.values, (1, 2, 3)))
    west = grid.west + column * grid.cell_x_deg
    north = grid.north - row * grid.cell_y_deg
    boxes = shapely.box(west, north - grid.cell_y_deg, west + grid.cell_x_deg, north)
    return gpd.GeoDataFrame(geometry=boxes, crs="EPSG:4326")


def overlay_line(baseline: Baseline, features: gpd.GeoDataFrame) -> dict[str, float]:
    """Dissolve what the line meets, overlay line, polygons and states, and measure."""
    line = gpd.GeoDataFrame(geometry=[shapely.segmentize(LINE, 0.045)], crs="EPSG:4326")
    met = features[features.intersects(line.geometry.iloc[0])].dissolve()
    inside = gpd.overlay(line, met[["geometry"]], how="intersection", keep_geom_type=True)
    by_state = gpd.overlay(inside, baseline.states[["iso3", "geometry"]], how="intersection")
    lengths = length_m(by_state.geometry.to_numpy()) / 1000
    return {str(code): float(km) for code, km in zip(by_state["iso3"], lengths, strict=True) if km}


def overlay_polygons(
    baseline: Baseline, features: gpd.GeoDataFrame, reach_m: float
) -> dict[tuple[str, str], float]:
    """Overlay polygons with line, buffer and states, the plain way."""
    states = baseline.states[["iso3", "geometry"]].to_crs(EQUAL_AREA)
    states = states.assign(geometry=states.geometry.make_valid())
    told = {("km", code): km for code, km in overlay_line(baseline, features).items()}
    flat = features.to_crs(EQUAL_AREA)
    reach = gpd.GeoDataFrame(geometry=[buffer_m(LINE, reach_m)], crs="EPSG:4326").to_crs(EQUAL_AREA)
    near = gpd.overlay(flat[flat.intersects(reach.geometry.iloc[0])].dissolve(), reach)
    affected = gpd.overlay(near[["geometry"]], states)
    affected_km2 = (affected.area / 1e6).groupby(affected["iso3"]).sum()
    for code, area in affected_km2.items():
        told["km2", str(code)] = float(area)
    if len(features) > WITH_SHARES:
        return told
    whole = gpd.overlay(flat, states[states["iso3"].isin(affected_km2.index)])
    whole_km2 = (whole.area / 1e6).groupby(whole["iso3"]).sum()
    for code, area in affected_km2.items():
        told["%", str(code)] = float(area / whole_km2[code])
    return told


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
