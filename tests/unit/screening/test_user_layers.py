"""Layers the user brings: lines, points, nothing, and very many polygons."""

from datetime import date

import numpy as np
import pytest
import shapely

from builders import make_alternative, make_baseline, make_user_layer
from kulan.places import area_km2
from kulan.screening import layer_exposure, screen_alternatives
from kulan.screening.polygon_areas import first_vertices, polygon_areas_km2

ON = date(2026, 11, 1)
LINE = [(61, 45), (66, 45)]


def rows(baseline, layer, line=LINE):
    found = screen_alternatives([make_alternative(line)], baseline, on=ON, layers=[layer])
    one = found.alternatives[0]
    every = [*one.user_layers, *(row for s in one.species for row in s.exposures)]
    return {row.iso3: row for row in every if row.layer_id == layer.layer_id}, one


def test_a_layer_of_lines_tells_whether_it_is_touched_and_no_lengths(tmp_path):
    baseline = make_baseline(tmp_path)
    crossed = make_user_layer([shapely.LineString([(62, 44), (62, 46)])])
    row = rows(baseline, crossed)[0]["KAZ"]
    assert (row.crossed.value, row.crossed.reason) == (None, "layer_has_no_areas")
    assert row.nearest is None
    away = make_user_layer([shapely.LineString([(61.5, 46), (62, 46)])])
    assert rows(baseline, away)[0]["KAZ"].nearest.value == pytest.approx(111.1, abs=0.3)


def test_an_empty_layer_says_that_it_is_empty(tmp_path):
    layer = make_user_layer([shapely.Polygon()])
    row = rows(make_baseline(tmp_path), layer)[0]["KAZ"]
    assert row.crossed.reason == "layer_is_empty"
    assert row.nearest.reason == "layer_is_empty"


def test_a_layer_of_no_species_stands_by_itself_and_has_no_effect_distance(tmp_path):
    layer = make_user_layer([shapely.box(62, 44, 63, 46)], kind="other", species_id=None)
    found, one = rows(make_baseline(tmp_path), layer)
    assert [row.layer_id for row in one.user_layers] == ["user.mine", "user.mine"]
    assert found["KAZ"].crossed.value == pytest.approx(78.85, abs=0.01)
    assert found["KAZ"].affected.reason == "no_effect_distance"


def test_a_species_the_states_do_not_list_is_told_of_when_a_layer_speaks_of_it(tmp_path):
    layer = make_user_layer([shapely.box(62, 44, 63, 46)], species_id="chiru")
    found, one = rows(make_baseline(tmp_path), layer)
    assert found["KAZ"].presence == "unlisted"
    assert "chiru" in {species.species_id for species in one.species}


def test_key_areas_of_the_user_join_those_of_the_atlas_by_name(tmp_path):
    shapes = [shapely.box(62, 44.9, 62.5, 45.1), shapely.box(62, 42, 62.5, 42.2)]
    layer = make_user_layer(shapes, kind="key_area", species_id=None, name_en=[1, 2])
    named = make_user_layer(shapes, kind="key_area", species_id=None)
    named.features["name"] = ["Here", "Far away"]
    told = rows(make_baseline(tmp_path), layer)[1].key_areas
    assert [(one.name, one.relation) for one in told] == [("Layer mine 1", "crossed")]
    assert [one.name for one in rows(make_baseline(tmp_path), named)[1].key_areas] == ["Here"]


def test_a_large_layer_gives_the_figures_of_a_dissolved_one(tmp_path, monkeypatch):
    rng = np.random.default_rng(3)
    corners = np.unique(rng.integers(0, 300, (400, 2)), axis=0)
    shapes = [
        shapely.box(61 + x / 60, 43 + y / 80, 61.015 + x / 60, 43.01 + y / 80) for x, y in corners
    ]
    layer = make_user_layer(shapes)
    baseline = make_baseline(tmp_path)
    dissolved = rows(baseline, layer)[0]
    monkeypatch.setattr(layer_exposure, "MOST_DISSOLVED", 10)
    summed = rows(baseline, layer)[0]
    assert dissolved.keys() == summed.keys()
    for code, row in dissolved.items():
        assert row.crossed.value == summed[code].crossed.value
        assert row.affected_share.value == pytest.approx(
            summed[code].affected_share.value, rel=1e-4
        )
        assert summed[code].affected_share.low == summed[code].affected_share.value


def test_areas_by_edges_are_those_of_the_projection():
    hole = shapely.box(60, 40, 61, 41).difference(shapely.box(60.2, 40.2, 60.4, 40.4))
    two = shapely.MultiPolygon([shapely.box(70, 50, 71, 51), shapely.Point(90, 30).buffer(2)])
    shapes = [hole, two, shapely.Point(1, 1), shapely.Polygon()]
    assert polygon_areas_km2(shapes) == pytest.approx(area_km2(shapes), rel=1e-5)
    assert first_vertices([shapely.box(0, 0, 1, 1), shapely.Point(5, 6)])[1].tolist() == [5, 6]
