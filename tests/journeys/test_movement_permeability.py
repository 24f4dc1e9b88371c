"""From collars of two species at one railway to what it takes from each: the real commands."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from kulan.cli import kulan
from kulan.connectivity.equal_area_grids import PlaneGrid, write_plane_grid
from kulan.connectivity.tables import BARRIER_PERMEABILITIES
from kulan.places import EQUAL_AREA, project
from kulan.schemas import read_table

CELL_M, CELLS = 2000.0, 40


def run(*words):
    done = CliRunner().invoke(kulan, list(map(str, words)), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two studies at the same line, in one file of fixes: khulan are held by it, gazelles less."""
    folder = tmp_path_factory.mktemp("rail")
    tables = []
    for letter, species, shares, seed in (
        ("k", "Equus hemionus", (0.1, 0.4), 1),
        ("g", "Procapra gutturosa", (0.9, 0.9), 7),
    ):
        planted = [f"--crossing-probability={share}" for share in shares]
        out = folder / letter
        asked = ["--animals", 4, "--days", 90, "--species", species, "--seed", seed]
        run("movement", "simulate", *asked, *planted, "--out", out)
        made = folder / f"{letter}.csv"
        fixes = gpd.read_parquet(out / "fixes.parquet")
        own = pd.DataFrame(fixes.drop(columns="geometry")).assign(
            longitude=fixes.geometry.x,
            latitude=fixes.geometry.y,
            animal_id=letter + fixes["animal_id"].astype(str),
        )
        own[["animal_id", "species", "time", "longitude", "latitude"]].to_csv(made, index=False)
        tables.append(made)
    line = ["--barriers", folder / "k" / "features.gpkg", "--distance", 300, "--paths", 20]
    placed = ["--crs", "EPSG:4326", "--zone", "UTC"]
    run("movement", "barriers", *tables, *placed, *line, "--out", folder / "found")
    return folder


@pytest.fixture(scope="module")
def landscape(folder):
    """Even land around the line, and a site on either side of it."""
    line = gpd.read_file(folder / "k" / "features.gpkg").geometry.union_all()
    [centre] = project(np.array([line.centroid]), "EPSG:4326", EQUAL_AREA)
    west, north = centre.x - CELLS / 2 * CELL_M, centre.y + CELLS / 2 * CELL_M
    grid = PlaneGrid(np.ones((CELLS, CELLS), np.float32), west, north, CELL_M)
    write_plane_grid(folder / "resistance.tif", grid)
    sides = [shapely.Point(centre.x + away, centre.y) for away in (-20_000, 20_000)]
    sites = project(np.array(sides), EQUAL_AREA, "EPSG:4326")
    gpd.GeoDataFrame({"name": ["west", "east"]}, geometry=sites, crs="EPSG:4326").to_file(
        folder / "sites.geojson"
    )
    return folder / "resistance.tif"


def taken(folder, landscape, species, season=""):
    """Return by how much the line raises the resistance between the sites, %."""
    out = folder / f"effect_{species}_{season}"
    asked = ["--species", species, *(["--season", season] if season else [])]
    run(
        *["connectivity", "effect", landscape, "--sites", folder / "sites.geojson"],
        *["--barriers", folder / "k" / "features.gpkg", *asked],
        *["--permeabilities", folder / "found" / "barrier_permeabilities.csv"],
        *["--out", out, "--replace"],
    )
    return float(pd.read_csv(out / "pairs.csv")["resistance_change_percent"].iloc[0])


def test_each_species_has_rows_of_its_own(folder):
    table = read_table(folder / "found" / "barrier_permeabilities.csv", BARRIER_PERMEABILITIES)
    assert set(table["species_id"]) == {"khulan", "mongolian_gazelle"}
    whole = table[table["segment_id"].isna() & table["season"].isna()].set_index("species_id")
    assert whole.loc["khulan", "permeability"] < whole.loc["mongolian_gazelle", "permeability"]
    # seasons are told of segments too: a row of a segment counts before one of the whole barrier
    of_segments = table[table["segment_id"].notna()]
    assert of_segments["season"].isin(["winter", "spring"]).any()
    notes = json.loads((folder / "found" / "result.json").read_text())["notes"]
    assert any("khulan, mongolian_gazelle, each for itself" in note for note in notes)


def test_segments_species_seasons_and_day_and_night_are_told_with_limits(folder):
    table = pd.read_csv(folder / "found" / "by_species_and_time.csv", keep_default_na=False)
    for name, words in (
        ("species", {"Equus hemionus", "Procapra gutturosa"}),
        ("season", {"", "winter", "spring"}),
        ("daylight", {"", "day", "night", "twilight"}),
        ("segment_id", {"", "1", "2"}),
    ):
        assert set(table[name]) == words
    assert (table["probability_low"] <= table["probability"]).all()
    assert (table["probability"] <= table["probability_high"]).all()
    none = table[table["crossed"] == 0]
    assert (none["probability_high"] > 0).all()
    whole = table[(table["segment_id"] == "") & (table["season"] == "")]
    everything, by_light = (
        whole[(whole["daylight"] == "") == all_day] for all_day in (True, False)
    )
    assert (
        everything.set_index("species")["encounters"].to_dict()
        == by_light.groupby("species")["encounters"].sum().to_dict()
    )


def test_the_line_takes_more_from_those_it_holds(folder, landscape):
    khulan, gazelle = (taken(folder, landscape, name) for name in ("khulan", "mongolian_gazelle"))
    assert khulan > 2 > gazelle >= 0


def test_a_season_asked_for_is_the_one_answered(folder, landscape):
    year = taken(folder, landscape, "khulan")
    winter, spring = (taken(folder, landscape, "khulan", name) for name in ("winter", "spring"))
    assert winter != spring
    assert year not in (winter, spring)
