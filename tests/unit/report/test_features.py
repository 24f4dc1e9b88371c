"""findings.gpkg: layers, tables and styles."""

from xml.etree import ElementTree

import pytest

from hand_made import make_found, make_scene, make_screening
from kulan.places import length_m
from kulan.report import feature_styles, feature_tables


@pytest.fixture(scope="module")
def tables():
    screening = make_screening([make_found(1, states=("MNG", "CHN")), make_found(2)])
    return feature_tables(screening, make_scene(screening))


def test_every_layer_is_in_longitude_and_latitude(tables):
    spatial = [name for name, table in tables.items() if "geometry" in table]
    assert {"alternatives", "exposures", "states", "crossing_structures"} <= set(spatial)
    assert all(tables[name].crs == "EPSG:4326" for name in spatial)


def test_an_exposure_is_drawn_as_the_part_in_its_state(tables):
    rows = tables["exposures"]
    parts = rows[(rows["alternative_id"] == "alt1") & (rows["species_id"] == "khulan")]
    assert list(parts["iso3"]) == ["MNG", "CHN"]
    whole = length_m(tables["alternatives"].geometry.iloc[0])[0]
    assert length_m(parts.geometry.to_numpy()).sum() == pytest.approx(whole, rel=1e-5)


def test_units_stand_in_the_names_of_columns(tables):
    columns = set(tables["exposures"].columns)
    assert {"crossed_km", "crossed_km_low", "affected_km2", "affected_share"} <= columns


def test_every_figure_names_a_recipe_of_the_table(tables):
    figures, recipes = tables["figures"], tables["recipes"]
    assert len(figures) > 50
    assert set(figures["recipe"]) <= set(recipes["recipe"])


def test_nothing_touched_leaves_layers_out_and_fails_nothing():
    screening = make_screening([make_found(1, species=(), areas=0)])
    tables = feature_tables(screening, make_scene(screening))
    assert "alternatives" in tables
    assert "exposures" not in tables
    assert set(feature_styles(tables)) <= set(tables)


def test_every_layer_with_a_geometry_has_a_style_that_is_xml(tables):
    styles = feature_styles(tables)
    assert set(styles) == {name for name, table in tables.items() if "geometry" in table}
    for text in styles.values():
        assert ElementTree.fromstring(text).tag == "qgis"
