"""Whatever is written in a format is read back: places, attributes, and their order."""

import tempfile
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from kulan.exchange import read_features, write_geopackage

LONGITUDE = st.integers(40_000_000, 135_000_000).map(lambda value: value / 1e6)
LATITUDE = st.integers(15_000_000, 60_000_000).map(lambda value: value / 1e6)
LINES = (
    st.lists(st.tuples(LONGITUDE, LATITUDE), min_size=2, max_size=12)
    .filter(lambda xy: all(a != b for a, b in pairwise(xy)))
    .map(shapely.LineString)
)
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), max_codepoint=0xFFFF), min_size=1, max_size=20
)
ROWS = st.lists(
    st.tuples(LINES, TEXT, st.integers(-(2**31), 2**31 - 1), st.floats(-1e6, 1e6)),
    min_size=1,
    max_size=5,
)


def as_table(rows):
    shapes, words, counts, shares = zip(*rows, strict=True)
    columns = {"слово": words, "count": counts, "share": shares}
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4326")


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".fgb"])
@settings(max_examples=25)
@given(rows=ROWS)
def test_coordinates_and_attributes_survive_a_round_trip(ending, rows):
    frame = as_table(rows)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"x{ending}"
        if ending == ".gpkg":
            write_geopackage(file, {"x": frame})
        elif ending == ".fgb":
            pyogrio.write_dataframe(frame, file, SPATIAL_INDEX="NO")
        else:
            pyogrio.write_dataframe(frame, file, COORDINATE_PRECISION=15)
        reading = read_features(file)

    assert reading.loss_report().empty
    assert list(reading.features["source_row"]) == list(range(1, len(rows) + 1))
    assert list(reading.features["слово"]) == list(frame["слово"])
    assert list(reading.features["count"]) == list(frame["count"])
    assert list(reading.features["share"]) == pytest.approx(list(frame["share"]), rel=1e-12)
    assert shapely.equals_exact(
        reading.features.geometry.to_numpy(), frame.geometry.to_numpy(), tolerance=1e-9
    ).all()


@settings(max_examples=50)
@given(rows=ROWS)
def test_every_feature_of_a_file_is_read_or_accounted_for(rows):
    frame = as_table(rows)
    awkward = [
        None,
        shapely.Point(60, 45),
        shapely.LineString(),
        shapely.LineString([(2, 48), (3, 48)]),
    ]
    frame = gpd.GeoDataFrame(
        {"n": range(len(frame) + len(awkward))},
        geometry=[*frame.geometry, *awkward],
        crs="EPSG:4326",
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.gpkg"
        pyogrio.write_dataframe(frame, file, geometry_type="Unknown")
        reading = read_features(file)

    told = [*reading.features["source_row"], *reading.left_out["source_row"]]
    assert sorted(told) == list(range(1, len(frame) + 1))
