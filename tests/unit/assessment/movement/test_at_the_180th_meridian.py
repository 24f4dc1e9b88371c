"""An animal that goes to and fro over the 180th meridian: its shapes do not span the Earth."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner
from pyproj import Geod

from kulan.cli import kulan

EARTH = Geod(ellps="WGS84")


def run(*words):
    told = CliRunner().invoke(kulan, ["movement", *map(str, words)], catch_exceptions=False)
    assert told.exit_code == 0, told.output


def area_km2(shape):
    return abs(EARTH.geometry_area_perimeter(shape)[0]) / 1e6


def length_m(shape):
    return EARTH.geometry_length(shape)


def is_cut(layer):
    """Whether it lies in -180 to 180 on both sides of the meridian, and no edge spans the Earth."""
    x = shapely.get_coordinates(layer.geometry.to_numpy())[:, 0]
    rings = shapely.get_parts(shapely.boundary(layer.geometry.to_numpy()))
    lines = layer.geometry.to_numpy() if layer.geom_type.iloc[0].endswith("LineString") else rings
    jumps = [
        np.abs(np.diff(shapely.get_coordinates(part)[:, 0])).max(initial=0)
        for part in shapely.get_parts(lines)
    ]
    return x.min() >= -180 and x.max() <= 180 and (x > 179).any() and max(jumps) < 10


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Two animals north of Anadyr that migrate, and a line; both lie over the meridian."""
    place = tmp_path_factory.mktemp("chukotka")
    run(
        "simulate", "--animals", 2, "--days", 365, "--interval-h", 4, "--migration-km", 40,
        "--crossing-probability", 0.5, "--longitude", 180, "--latitude", 66, "--out",
        place / "study",
    )  # fmt: skip
    return place


@pytest.mark.parametrize("method", ["kde", "mcp"])
def test_the_area_of_a_contour_is_the_area_that_was_estimated(place, method, tmp_path):
    run("range", place / "study", "--by", method, "--out", tmp_path / "out")
    layer = gpd.read_file(tmp_path / "out" / "features.gpkg")
    assert layer.crs.to_epsg() == 4326
    assert is_cut(layer)
    assert [area_km2(one) for one in layer.geometry] == pytest.approx(layer["area_km2"], rel=1e-4)


def test_seasonal_ranges_and_journeys_are_whole(place, tmp_path):
    run("migration", place / "study", "--out", tmp_path / "out")
    ranges = gpd.read_file(tmp_path / "out" / "features.gpkg", layer="seasonal_ranges")
    assert is_cut(ranges)
    assert [area_km2(one) for one in ranges.geometry] == pytest.approx(ranges["area_km2"], rel=1e-4)
    journeys = gpd.read_file(tmp_path / "out" / "features.gpkg", layer="journeys")
    assert is_cut(journeys)
    assert max(map(length_m, journeys.geometry)) < 1e6


def test_a_cleaned_path_is_as_long_as_its_steps(place, tmp_path):
    run("clean", place / "study", "--steps", "--plot", "--out", tmp_path / "out")
    paths = gpd.read_file(tmp_path / "out" / "features.gpkg", layer="paths")
    steps = pd.read_csv(tmp_path / "out" / "steps.csv").groupby("animal_id")["length_m"].sum()
    assert is_cut(paths)
    assert [length_m(one) for one in paths.geometry] == pytest.approx(
        steps[paths["animal_id"]], rel=1e-3
    )


def test_a_barrier_is_one_line_on_both_sides(place, tmp_path):
    line = gpd.read_file(place / "study" / "features.gpkg")
    assert is_cut(line)
    run(
        "barriers", place / "study", "--barriers", place / "study" / "features.gpkg", "--distance",
        300, "--null", "none", "--plot", "--out", tmp_path / "out",
    )  # fmt: skip
    segments = gpd.read_file(tmp_path / "out" / "features.gpkg", layer="segments")
    told = pd.read_csv(tmp_path / "out" / "segments.csv")
    assert is_cut(segments)
    assert told["length_m"].tolist() == pytest.approx(
        list(map(length_m, segments.geometry)), rel=1e-4
    )
    met = json.loads((tmp_path / "out" / "result.json").read_text())["numbers"]["encounters"]
    assert met == len(pd.read_csv(place / "study" / "true_encounters.csv"))


def test_what_is_given_to_the_atlas_lies_where_the_animals_were(place, tmp_path):
    run("migration", place / "study", "--only", "S1", "--out", tmp_path / "one")
    run(
        "contribute", tmp_path / "one", "--layer", "seasonal_ranges", "--precision", 0.1, "--out",
        tmp_path / "out",
    )  # fmt: skip
    before = gpd.read_file(tmp_path / "one" / "features.gpkg", layer="seasonal_ranges")
    assert not before.crs.is_geographic
    given = gpd.read_file(tmp_path / "out" / "features.gpkg")
    assert is_cut(given)
    assert max(map(area_km2, given.geometry)) < 5 * before["area_km2"].max()
