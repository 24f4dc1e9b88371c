"""Alternatives, structures and layers read from files."""

import geopandas as gpd
import pytest
import shapely

from kulan.assessment import Told, parse_layer, read_question
from kulan.errors import InvalidTableError
from kulan.screening import Attributes

EAST = shapely.LineString([(106, 43), (107, 43)])
WEST = shapely.LineString([(104, 43), (105, 43)])
RAILWAY = Told(barrier_type="railway")


def write(path, shapes, **columns):
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326").to_file(path)
    return path


def test_a_file_is_one_alternative_named_after_it(tmp_path):
    path = write(tmp_path / "north.geojson", [EAST, WEST])
    (alternative,) = read_question([path], told=RAILWAY).alternatives
    assert alternative.alternative_id == "north"
    assert shapely.get_num_geometries(alternative.geometry) == 2


def test_a_column_makes_several_of_one_file(tmp_path):
    path = write(tmp_path / "all.geojson", [EAST, WEST], alternative=["B", "A"], name=["x", "y"])
    alternatives = read_question([path], told=RAILWAY).alternatives
    assert [(each.alternative_id, each.name) for each in alternatives] == [("B", "x"), ("A", "y")]


def test_the_same_stretch_drawn_twice_is_measured_once(tmp_path):
    path = write(tmp_path / "twice.geojson", [EAST, EAST])
    (alternative,) = read_question([path], told=RAILWAY).alternatives
    assert alternative.geometry.length == pytest.approx(1.0)


def test_what_is_told_goes_before_the_file_and_the_file_before_nothing(tmp_path):
    path = write(tmp_path / "a.geojson", [EAST], fence_height_m=[1.2], fenced=["no"])
    told = Told("railway", None, Attributes(fenced=True))
    (alternative,) = read_question([path], told=told).alternatives
    assert alternative.status == "planned"
    assert alternative.attributes == Attributes(fenced=True, fence_height_m=1.2)


def test_a_column_no_machine_can_read_is_answered_by_an_option(tmp_path):
    path = write(tmp_path / "a.geojson", [EAST], fenced=["both sides, mostly"])
    with pytest.raises(InvalidTableError, match=r"both sides, mostly.*--fenced"):
        read_question([path], told=RAILWAY)
    question = read_question([path], told=Told("railway", None, Attributes(fenced=True)))
    assert question.alternatives[0].attributes.fenced is True
    assert "column 'fenced' not read" in set(question.readings[0].changes["what"])


def test_common_words_for_the_same_thing_are_understood_and_told(tmp_path):
    path = write(tmp_path / "a.geojson", [EAST], barrier_type=["Railroad"], status=["proposed"])
    question = read_question([path], told=Told())
    alternative = question.alternatives[0]
    assert (alternative.barrier_type, alternative.status) == ("railway", "planned")
    assert "status 'proposed'" in set(question.readings[0].changes["what"])


def test_a_file_that_does_not_say_what_is_planned_needs_the_option(tmp_path):
    path = write(tmp_path / "a.geojson", [EAST])
    with pytest.raises(InvalidTableError, match=r"does not say what is planned.*--type"):
        read_question([path], told=Told())


def test_rows_of_one_alternative_must_agree(tmp_path):
    path = write(tmp_path / "a.geojson", [EAST, WEST], type=["road", "railway"])
    with pytest.raises(InvalidTableError, match="type = road and railway"):
        read_question([path], told=Told())


def test_two_files_of_the_same_name_are_not_mixed_up(tmp_path):
    (tmp_path / "x").mkdir()
    paths = [write(tmp_path / "a.geojson", [EAST]), write(tmp_path / "x" / "a.geojson", [WEST])]
    with pytest.raises(InvalidTableError, match="two files hold an alternative named a"):
        read_question(paths, told=RAILWAY)


def test_two_layers_of_the_same_name_are_not_mixed_up(tmp_path):
    line = write(tmp_path / "a.geojson", [EAST])
    layer = write(tmp_path / "r.geojson", [EAST.buffer(1)])
    with pytest.raises(InvalidTableError, match=",name="):
        read_question([line], told=RAILWAY, layers=[parse_layer(str(layer))] * 2)


def test_structures_may_lie_in_another_system_than_the_lines(tmp_path):
    line = tmp_path / "a.gpkg"
    gpd.GeoDataFrame(geometry=[EAST], crs="EPSG:4326").to_crs("EPSG:32648").to_file(line)
    points = tmp_path / "s.csv"
    points.write_text("lon,lat,kind\n106.5,43,underpass\n")
    question = read_question(
        [line], told=RAILWAY, structures=points, structures_crs="EPSG:4326", crs="EPSG:32648"
    )
    (structure,) = question.alternatives[0].structures
    assert structure.point == shapely.Point(106.5, 43)


def test_structures_belong_to_every_alternative(tmp_path):
    paths = [write(tmp_path / "a.geojson", [EAST]), write(tmp_path / "b.geojson", [WEST])]
    points = write(
        tmp_path / "s.geojson",
        [shapely.Point(106.5, 43)],
        structure_id=["U1"],
        kind=["underpass"],
        width_m=[60.0],
    )
    question = read_question(paths, told=RAILWAY, structures=points)
    for alternative in question.alternatives:
        (structure,) = alternative.structures
        assert (structure.structure_id, structure.width_m, structure.height_m) == ("U1", 60, None)
    assert len(question.readings) == 3
