"""What holds for any terrain, any preferences and any layer."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kulan.atlas.layers import FORMAT, Layer, LayerSource, Manifest
from kulan.grids import Grid
from kulan.habitat.potential import habitat_areas, potential_habitat, prepare_terrain
from kulan.provenance import Input, Recipe

SHAPE = (4, 6)
STATES = gpd.GeoDataFrame(
    {"iso3": ["KAZ", "UZB"]},
    geometry=[shapely.box(60, 44, 61.5, 46), shapely.box(61.5, 44, 63, 46)],
    crs=4326,
)
covers = arrays("uint8", SHAPE, elements=st.sampled_from([*range(17), 255]))
heights = arrays("int16", SHAPE, elements=st.one_of(st.just(-9999), st.integers(-400, 6000)))
classes = st.sets(st.integers(0, 16).map(str), max_size=8)
statuses = st.sampled_from(["extant", "reintroduced", "uncertain", "extinct"])


def make_terrain(cover, height):
    grid = Grid(cover, 60.0, 46.0, 0.5, 0.5, 255)
    return prepare_terrain(grid, Grid(height, 60.0, 46.0, 0.5, 0.5, -9999), STATES)


def make_preference(suitable, marginal, low, high, relief):
    return pd.Series(
        {
            "species_id": "saiga",
            "suitable": tuple(sorted(suitable)),
            "marginal": tuple(sorted(marginal - suitable)),
            "elevation_min_m": float(min(low, high)),
            "elevation_max_m": float(max(low, high)),
            "relief_min_m": relief,
            "near_river_km": float("nan"),
            "rivers": (),
        },
        dtype=object,
    )


preferences = st.builds(
    make_preference,
    classes,
    classes,
    st.integers(-400, 6000),
    st.integers(-400, 6000),
    st.sampled_from([float("nan"), 80.0, 1000.0]),
)
presences = st.tuples(statuses, statuses).map(
    lambda both: pd.DataFrame({"iso3": ["KAZ", "UZB"], "status": both})
)


@given(covers, heights, preferences, presences)
def test_every_value_is_one_that_is_declared(cover, height, preference, presence):
    habitat = potential_habitat(make_terrain(cover, height), presence, preference)
    assert set(np.unique(habitat.values)) <= {0, 1, 2, 3, 11, 12, 13, 255}


@given(covers, heights, preferences, presences)
def test_areas_by_state_add_up_to_the_cells_that_are_not_zero(cover, height, preference, presence):
    terrain = make_terrain(cover, height)
    habitat = potential_habitat(terrain, presence, preference)
    areas = habitat_areas(habitat, terrain, "saiga")
    assert areas["area_km2"].sum() == pytest.approx(habitat.area_km2(habitat.values > 0))


@given(covers, heights, preferences, presences, st.integers(0, 16).map(str))
def test_another_suitable_class_never_takes_habitat_away(
    cover, height, preference, presence, added
):
    terrain = make_terrain(cover, height)
    before = potential_habitat(terrain, presence, preference).values > 0
    wider = preference.copy()
    wider["suitable"] = (*preference["suitable"], added)
    after = potential_habitat(terrain, presence, wider).values > 0
    assert not (before & ~after).any()


@given(covers, heights, preferences, presences, st.integers(0, 3000))
def test_wider_elevation_limits_never_take_habitat_away(
    cover, height, preference, presence, metres
):
    terrain = make_terrain(cover, height)
    before = potential_habitat(terrain, presence, preference).values > 0
    wider = preference.copy()
    wider["elevation_min_m"] -= metres
    wider["elevation_max_m"] += metres
    after = potential_habitat(terrain, presence, wider).values > 0
    assert not (before & ~after).any()


@given(covers, heights, preferences)
def test_where_a_species_is_extinct_nothing_is_habitat(cover, height, preference):
    gone = pd.DataFrame({"iso3": ["KAZ", "UZB"], "status": "extinct"})
    habitat = potential_habitat(make_terrain(cover, height), gone, preference)
    assert not habitat.values.any()


words = st.text(max_size=20)
layers = st.builds(
    Layer,
    layer_id=words,
    title=words,
    theme=words,
    kind=st.just("raster"),
    extension=st.just("tif"),
    recipe=st.builds(
        Recipe,
        method=words,
        version=words,
        inputs=st.lists(st.builds(Input, name=words, sha256=words), max_size=2).map(tuple),
        parameters=st.dictionaries(words, st.integers() | words | st.lists(words), max_size=3),
    ),
    sources=st.lists(st.builds(LayerSource, *[words] * 8), max_size=2).map(tuple),
    licence=words,
)


@given(st.lists(layers, max_size=3))
def test_a_list_of_layers_survives_being_written_and_read(some):
    manifest = Manifest(FORMAT, "Atlas", "1", (40.0, 15.0, 135.0, 60.0), tuple(some))
    again = Manifest.from_bytes(manifest.to_bytes())
    assert again == manifest
    assert again.release_id == manifest.release_id


@given(layers, words)
def test_a_changed_word_changes_the_release(layer, word):
    one = Manifest(FORMAT, "Atlas", "1", (40.0, 15.0, 135.0, 60.0), (layer,))
    other = replace(one, layers=(replace(layer, note=layer.note + word),))
    assert (one.release_id == other.release_id) == (word == "")
