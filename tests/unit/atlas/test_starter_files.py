"""The compact files in the package: small, whole, and true to their sources."""

import csv

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from kulan import programme
from kulan.atlas.inputs import STARTER, StarterInputs
from kulan.atlas.tables import DISPUTED_BOUNDARIES, PLACES, RIVERS, STATES
from kulan.atlas.vectors import read_vector, vector_bytes
from kulan.grids import read_grid
from kulan.places import REGION, Bounds, area_km2

REGION_BOX = shapely.box(REGION.west, REGION.south, REGION.east, REGION.north)
VECTORS = {
    "states": STATES,
    "disputed_boundaries": DISPUTED_BOUNDARIES,
    "rivers": RIVERS,
    "places": PLACES,
}


@pytest.fixture(scope="module")
def states():
    return read_vector(STARTER / "states.fgb", STATES)


def test_all_files_together_are_at_most_10_mb():
    assert sum(path.stat().st_size for path in STARTER.iterdir()) <= 10_000_000


def test_every_file_has_a_source_licence_and_attribution():
    sources = StarterInputs().sources
    # tables of the package's own carry the source of each row
    files = {path.name for path in STARTER.iterdir() if path.suffix != ".csv"}
    assert files == set(sources)
    for source in sources.values():
        assert source.licence
        assert source.attribution
        assert len(source.package_sha256) == 64


@pytest.mark.parametrize("name", ["land_cover.tif", "elevation.tif"])
def test_rasters_fill_the_region(name):
    bounds = read_grid(STARTER / name).bounds
    found = (bounds.west, bounds.south, bounds.east, bounds.north)
    assert found == pytest.approx((REGION.west, REGION.south, REGION.east, REGION.north))


@pytest.mark.parametrize("name", VECTORS)
def test_shapes_are_valid_and_inside_the_region(name):
    table = read_vector(STARTER / f"{name}.fgb", VECTORS[name])
    assert table.is_valid.all()
    assert not table.is_empty.any()
    assert REGION_BOX.buffer(1e-9).covers(shapely.box(*table.total_bounds))


@pytest.mark.parametrize("name", VECTORS)
def test_what_is_written_is_what_is_read(name, tmp_path):
    table = read_vector(STARTER / f"{name}.fgb", VECTORS[name])
    (tmp_path / "again.fgb").write_bytes(vector_bytes(table, VECTORS[name]))
    again = read_vector(tmp_path / "again.fgb", VECTORS[name])
    assert again.geometry.geom_equals_exact(table.geometry, 0).all()
    pd.testing.assert_frame_equal(
        pd.DataFrame(again.drop(columns="geometry")), pd.DataFrame(table.drop(columns="geometry"))
    )


def test_every_range_state_is_among_the_states(states):
    assert set(programme.range_states()["iso3"]) <= set(states["iso3"])


def test_states_do_not_overlap(states):
    alone = area_km2(states.geometry).sum()
    together = area_km2(states.geometry.union_all())[0]
    # slivers where the source's own rings touch themselves
    assert alone == pytest.approx(together, rel=1e-6)


# areas as the United Nations Statistics Division publishes them (Demographic Yearbook, table 3);
# the source's coast and borders are those of a map at 1:10 million, hence 2 per cent
@pytest.mark.parametrize(
    ("iso3", "expected_km2"),
    [("MNG", 1_564_116), ("KAZ", 2_724_902), ("KGZ", 199_949), ("TJK", 141_400)],
)
def test_states_are_as_large_as_published(states, iso3, expected_km2):
    state = states.loc[states["iso3"] == iso3, "geometry"]
    assert area_km2(state)[0] == pytest.approx(expected_km2, rel=0.02)


def test_territories_without_a_code_of_iso_are_kept_and_marked(states):
    rows = states[states["code_from"] != "ISO 3166-1"]
    assert set(rows["name"]) == {"Siachen Glacier", "Scarborough Reef"}
    assert rows["iso3"].str.startswith("X").all()
    assert rows["note"].notna().all()


def test_baikonur_lies_in_kazakhstan(states):
    kazakhstan = states.loc[states["iso3"] == "KAZ", "geometry"].iloc[0]
    assert kazakhstan.covers(shapely.Point(63.3, 45.9))


def test_neighbours_share_the_very_same_border(states):
    shapes = states.set_index("iso3").geometry
    border = shapely.intersection(shapes["MNG"].boundary, shapes["CHN"].boundary)
    # the border is about 4 600 km long; where points differed nothing would be shared
    assert gpd.GeoSeries([border], crs=4326).to_crs("ESRI:54009").length.iloc[0] > 3_500_000


def test_disputed_lines_of_the_region_are_there():
    lines = read_vector(STARTER / "disputed_boundaries.fgb", DISPUTED_BOUNDARIES)
    sides = set(zip(lines["left"], lines["right"], lines["kind"], strict=True))
    assert ("India", "Pakistan", "line of control") in sides
    assert ("China", "India", "disputed") in sides


def test_names_of_rivers_have_lost_no_letter():
    names = read_vector(STARTER / "rivers.fgb", RIVERS)["name"].dropna()
    assert not names.str.contains("?", regex=False).any()
    assert {"Amu Darya", "Syr Darya", "Ile", "Tarim"} <= set(names)


@pytest.mark.parametrize(
    ("lon", "lat", "lowest_m", "highest_m"),
    [
        (101.0, 36.9, 2900, 3400),  # Qinghai lake shore, 3 200 m
        (76.9, 43.3, 600, 1500),  # Almaty, 850 m, at the foot of 4 000 m
        (51.9, 47.1, -60, 20),  # Atyrau, 20 m below sea level
        (91.1, 29.7, 3500, 4800),  # Lhasa, 3 650 m, between mountains
    ],
)
def test_elevation_is_right_where_we_know_it(lon, lat, lowest_m, highest_m):
    cell = read_grid(STARTER / "elevation.tif", Bounds(lon, lat, lon, lat))
    assert lowest_m <= cell.values[0, 0] <= highest_m


@pytest.mark.parametrize(
    ("name", "real"),
    [
        ("land_cover.tif", "raster/landcover_mcd12c1_2019_igbp_0p05.tif"),
        ("elevation.tif", "raster/elevation_pvlib_5min.tif"),
    ],
)
def test_rasters_agree_cell_by_cell_with_another_derivation(shared_data, name, real):
    other = read_grid(shared_data / real)
    edge = other.bounds
    inset = other.cell_x_deg / 2
    ours = read_grid(
        STARTER / name,
        Bounds(edge.west + inset, edge.south + inset, edge.east - inset, edge.north - inset),
    )
    assert ours.values.shape == other.values.shape
    assert np.array_equal(ours.values, other.values)


def test_the_list_of_sources_names_no_address():
    with (STARTER / "starter_sources.csv").open(newline="") as file:
        words = " ".join(cell for row in csv.reader(file) for cell in row)
    assert "http" not in words
