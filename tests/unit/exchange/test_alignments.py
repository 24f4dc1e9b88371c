"""Alignments and structures: what a file says of them, and values that cannot be."""

import geopandas as gpd
import pytest
import shapely

from kulan.errors import InvalidFileError, InvalidTableError
from kulan.exchange import read_alignments, read_features, read_structures
from kulan.exchange.tables import ALIGNMENTS, STRUCTURES
from kulan.schemas import check_table
from unit.exchange.awkward import AREA, LINE, table, write


def line_file(folder, ending=".gpkg", **columns):
    frame = gpd.GeoDataFrame(columns, geometry=[LINE] * len(next(iter(columns.values()))), crs=4326)
    return write(folder / f"north{ending}", frame)


def point_file(folder, **columns):
    count = len(next(iter(columns.values())))
    points = shapely.points([(60 + i, 45) for i in range(count)])
    return write(folder / "x.gpkg", gpd.GeoDataFrame(columns, geometry=points, crs=4326))


def test_a_file_without_attributes_is_one_alternative_named_as_the_file(tmp_path):
    features = read_alignments(line_file(tmp_path, note=["a", "b"])).features

    assert list(features["alternative"]) == ["north", "north"]
    assert features["type"].isna().all()
    assert list(features["note"]) == ["a", "b"]
    check_table(features, ALIGNMENTS)


def test_rows_are_told_apart_by_the_column_alternative(tmp_path):
    features = read_alignments(line_file(tmp_path, Alternative=["A", "B", "A"])).features

    assert list(features["alternative"]) == ["A", "B", "A"]


def test_attributes_arrive_in_the_types_of_the_table(tmp_path):
    file = line_file(
        tmp_path,
        alternative=[1.0],
        name=["Тайшет"],
        type=["Power line"],
        status=["under construction"],
        fenced=["да"],
        fence_type=["wire_mesh"],
        fence_height_m=["1.8"],
        traffic_per_day=[12],
        gauge_mm=[1520],
        right_of_way_m=[40.5],
    )

    row = read_alignments(file).features.iloc[0]

    assert row["alternative"] == "1"
    assert (row["type"], row["status"]) == ("power_line", "under_construction")
    assert row["fenced"] is True
    assert (row["fence_height_m"], row["traffic_per_day"]) == (1.8, 12.0)


def test_column_names_cut_by_a_shapefile_are_known(tmp_path):
    frame = gpd.GeoDataFrame(
        {"alternativ": ["A"], "fence_heig": [1.5], "right_of_w": [40.0]}, geometry=[LINE], crs=4326
    )

    row = read_alignments(write(tmp_path / "x.shp", frame)).features.iloc[0]

    assert (row["alternative"], row["fence_height_m"], row["right_of_way_m"]) == ("A", 1.5, 40.0)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("type", "monorail", "use one of railway, road"),
        ("status", "soon", "use one of planned"),
        ("fenced", "perhaps", "write yes or no"),
        ("fence_height_m", "two", "a number alone, in m"),
        ("fence_height_m", 180.0, "between 0 and 20 m"),
        ("gauge_mm", 1.52, "between 500 and 3000 mm"),
        ("traffic_per_day", -1.0, "between 0"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_row(column, value, words, tmp_path):
    file = line_file(tmp_path, **{column: [None, value]})

    with pytest.raises(InvalidTableError, match=rf"north\.gpkg: row 2, '{column}' is .*{words}"):
        read_alignments(file)


def test_all_wrong_values_are_named_at_once(tmp_path):
    file = line_file(tmp_path, type=["monorail"], fenced=["perhaps"])

    with pytest.raises(InvalidTableError, match=r"'type'.*'fenced'"):
        read_alignments(file)


def test_lines_and_areas_can_both_be_screened(tmp_path):
    features = read_alignments(write(tmp_path / "x.gpkg", table(LINE, AREA))).features

    assert list(features.geom_type) == ["LineString", "Polygon"]


def test_structures_are_points_with_an_id_and_a_kind(tmp_path):
    file = point_file(
        tmp_path, structure_id=["U1", "U2"], kind=["underpass", "Level crossing"], width_m=[40.0, 8]
    )

    features = read_structures(file).features

    assert list(features["kind"]) == ["underpass", "level_crossing"]
    assert features["height_m"].isna().all()
    check_table(features, STRUCTURES)


def test_structures_without_id_get_one_and_that_is_said(tmp_path):
    reading = read_structures(point_file(tmp_path, type=["underpass", "bridge"]))

    assert list(reading.features["structure_id"]) == ["S1", "S2"]
    assert "structures named" in set(reading.changes["what"])


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"structure_id": ["U1"]}, "'kind' is empty"),
        ({"structure_id": ["U1"], "kind": ["tunnel for bears"]}, "use one of overpass"),
        ({"structure_id": ["U1", "U1"], "kind": ["bridge", "bridge"]}, "repeat"),
    ],
)
def test_structures_that_say_too_little_are_refused(columns, words, tmp_path):
    with pytest.raises(InvalidTableError, match=words):
        read_structures(point_file(tmp_path, **columns))


def test_a_file_of_lines_holds_no_structures(tmp_path):
    with pytest.raises(InvalidFileError, match="lines, where points are read"):
        read_structures(write(tmp_path / "x.gpkg", table(LINE)))


def test_the_readers_serve_the_barriers_known_to_the_project(shared_data):
    reading = read_features(shared_data / "vector" / "known_barriers.geojson")

    assert len(reading.features) == 26
    assert reading.loss_report().empty
