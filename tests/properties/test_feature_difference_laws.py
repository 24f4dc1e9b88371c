"""What holds for any two versions of a layer."""

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from kulan.atlas.feature_differences import (
    Tolerances,
    description_difference,
    feature_difference,
    in_words,
)
from kulan.errors import InvalidTableError, UnknownCrsError
from kulan.words import words_in

feature = st.tuples(st.sampled_from(["a", "b", None]), st.integers(50, 53), st.integers(40, 42))
versions = st.dictionaries(st.integers(0, 6), feature, max_size=6)


def layer(features):
    shapes = [shapely.Point(east, north) for _, east, north in features.values()]
    columns = {"id": list(features), "name": [name for name, *_ in features.values()]}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=4326), crs=4326)


@pytest.mark.parametrize("key", ["id", None])
@given(versions)
def test_a_version_does_not_differ_from_itself(key, features):
    difference = feature_difference(layer(features), layer(features), key)
    assert difference.is_empty
    assert difference.unchanged == len(features)


@pytest.mark.parametrize("key", ["id", None])
@given(versions, versions)
def test_looked_at_backwards_what_was_added_is_removed(key, one, other):
    there = feature_difference(layer(one), layer(other), key)
    back = feature_difference(layer(other), layer(one), key)
    assert (set(there.added), set(there.removed)) == (set(back.removed), set(back.added))
    assert {change.key for change in there.changed} == {change.key for change in back.changed}
    moved = {change.key: change.moved_m for change in back.changed}
    assert all(change.moved_m == pytest.approx(moved[change.key]) for change in there.changed)


@pytest.mark.parametrize("key", ["id", None])
@given(versions, versions)
def test_the_counts_add_up_to_both_versions(key, one, other):
    found = feature_difference(layer(one), layer(other), key)
    same = found.unchanged + len(found.changed)
    assert same + len(found.removed) == len(one)
    assert same + len(found.added) == len(other)
    assert len(found.features) == len(found.added) + len(found.removed) + len(found.changed)


def test_a_moved_town_is_told_in_metres_in_three_languages():
    old, new = (
        layer({1: ("a", 50, 40), 2: ("b", 51, 40)}),
        layer({1: ("a", 50, 41), 2: ("c", 51, 40)}),
    )
    found = feature_difference(old, new, "id")
    assert found.changed[0].moved_m == pytest.approx(111_042, abs=10)
    assert found.features.loc[0, "geometry_before"] == shapely.Point(50, 40)
    assert "2 features changed." in in_words(found, words_in("en"))
    assert "2 объекта изменены." in in_words(found, words_in("ru"))
    assert "2 objets modifiés." in in_words(found, words_in("fr"))


def test_what_is_within_the_tolerance_is_no_change():
    old, new = layer({1: ("a", 50, 40)}), layer({1: ("a", 50, 40)})
    new["geometry"] = new.translate(0, 0.00001)
    assert feature_difference(old, new, "id", tolerances=Tolerances(moved_m=2)).is_empty
    assert not feature_difference(old, new, "id", tolerances=Tolerances(moved_m=1)).is_empty


def test_another_licence_is_told():
    description = description_difference({"licence": "CC0-1.0"}, {"licence": "ODbL-1.0"})
    found = feature_difference(layer({}), layer({}), "id", description=description)
    assert "“licence” was “CC0-1.0” and is now “ODbL-1.0”." in in_words(found, words_in("en"))


def test_a_key_that_names_two_features_is_refused():
    twice = layer({1: ("a", 50, 40), 2: ("a", 51, 40)})
    with pytest.raises(InvalidTableError, match="name"):
        feature_difference(twice, twice, "name")
    with pytest.raises(UnknownCrsError, match="before"):
        feature_difference(twice.set_crs(None, allow_override=True), twice)
