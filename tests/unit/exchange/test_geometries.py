"""Geometries that go wrong: each is mended or left out, and either is said."""

import numpy as np
import pytest
import shapely

from kulan.errors import InvalidFileError, InvalidGeometryError
from kulan.exchange import read_features
from unit.exchange.awkward import (
    AREA,
    BOWTIE,
    FLAT,
    HIGH,
    INFINITE,
    LINE,
    MIXED,
    NESTED,
    NOT_A_NUMBER,
    REPEATED,
    SPIKE,
    STILL,
    table,
    write,
)


def read(folder, *shapes, **options):
    return read_features(write(folder / "x.gpkg", table(*shapes)), **options)


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (None, "no geometry"),
        (shapely.LineString(), "an empty geometry"),
        (shapely.GeometryCollection(), "an empty geometry"),
        (NOT_A_NUMBER, "coordinates that are not numbers"),
        (INFINITE, "coordinates that are not numbers"),
        (STILL, "a line without length"),
        (FLAT, "a polygon without area"),
        (shapely.Point(60, 45), "points, where lines or polygons are read"),
    ],
)
def test_a_shape_that_cannot_be_used_is_left_out_with_its_reason(shape, reason, tmp_path):
    with np.errstate(invalid="ignore"):
        reading = read(tmp_path, LINE, shape, LINE)

    assert list(reading.features["source_row"]) == [1, 3]
    assert list(reading.features["number"]) == [0, 2]
    assert reading.left_out.to_dict("records") == [
        {"source_row": 2, "what": "feature", "reason": reason}
    ]


@pytest.mark.parametrize(
    ("shape", "what"),
    [
        (HIGH, "heights dropped"),
        (REPEATED, "repeated vertices dropped"),
        (BOWTIE, "made valid"),
        (SPIKE, "made valid"),
        (MIXED, "collections taken apart"),
    ],
)
def test_a_shape_that_is_mended_is_mentioned(shape, what, tmp_path):
    reading = read(tmp_path, LINE, shape)

    change = reading.changes.set_index("what").loc[what]
    assert (change["n_features"], change["first_source_row"]) == (1, 2)
    assert reading.features.geometry.is_valid.all()


def test_a_bow_tie_keeps_both_its_wings(tmp_path):
    polygon = read(tmp_path, BOWTIE).features.geometry.iloc[0]

    # two triangles of base 1 and height a half
    assert polygon.area == pytest.approx(0.5)


def test_a_mixed_collection_gives_one_feature_of_each_kind_wanted(tmp_path):
    reading = read(tmp_path, MIXED)

    assert list(reading.features.geom_type) == ["LineString", "Polygon"]
    assert list(reading.features["source_row"]) == [1, 1]
    assert list(reading.features["name"]) == ["н0", "н0"]
    assert reading.left_out.to_dict("records") == [
        {
            "source_row": 1,
            "what": "part of a feature",
            "reason": "points, where lines or polygons are read",
        }
    ]


def test_a_collection_within_a_collection_is_opened_too(tmp_path):
    reading = read(tmp_path, NESTED)

    assert reading.features.geometry.iloc[0].equals(LINE)


def test_multi_part_shapes_stay_as_they_were_given(tmp_path):
    lines = shapely.MultiLineString([LINE, shapely.LineString([(62, 45), (63, 45)])])
    areas = shapely.MultiPolygon([AREA, shapely.box(80, 40, 81, 41)])

    features = read(tmp_path, LINE, lines, areas).features

    assert list(features.geom_type) == ["LineString", "MultiLineString", "MultiPolygon"]
    assert [len(shapely.get_parts(shape)) for shape in features.geometry] == [1, 2, 2]


def test_a_part_without_length_goes_and_the_rest_of_the_line_stays(tmp_path):
    reading = read(tmp_path, shapely.MultiLineString([LINE, STILL]))

    assert len(shapely.get_parts(reading.features.geometry.iloc[0])) == 1
    assert list(reading.left_out["what"]) == ["part of a feature"]


def test_a_file_with_nothing_to_use_is_refused_with_every_reason(tmp_path):
    with pytest.raises(InvalidFileError, match=r"none of its 2 features .*1 × no geometry"):
        read(tmp_path, None, shapely.Point(60, 45))


def test_only_kinds_that_exist_can_be_asked_for(tmp_path):
    with pytest.raises(InvalidGeometryError, match="point, line, polygon"):
        read(tmp_path, LINE, shapes=("circle",))


def test_the_loss_report_counts_each_kind_of_loss_once(tmp_path):
    reading = read(tmp_path, HIGH, None, None, STILL)

    report = reading.loss_report().set_index(["kind", "detail"])["n"].to_dict()

    assert report == {
        ("left out", "no geometry"): 2,
        ("left out", "a line without length"): 1,
        ("changed", "Z values are not used"): 1,
    }
    assert "2 feature: no geometry" in str(reading)


def test_a_file_read_without_loss_has_an_empty_report(tmp_path):
    reading = read(tmp_path, LINE, AREA)

    assert reading.loss_report().empty
    assert str(reading) == "x.gpkg: 2 features read, nothing left out."
