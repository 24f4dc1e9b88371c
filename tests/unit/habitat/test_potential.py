"""Potential habitat, worked by hand on grids of a few cells."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from kulan.errors import InvalidGeometryError, UnknownNameError
from kulan.grids import Grid
from kulan.habitat.potential import (
    habitat_areas,
    potential_habitat,
    prepare_terrain,
    relief,
    resample_bilinear,
)
from kulan.places import area_km2

GRASS, BARREN, CROPS, FOREST, WATER = 10, 16, 12, 1, 0


def make_grid(rows, cell=0.5, nodata=None, dtype="float64"):
    return Grid(np.array(rows, dtype=dtype), 60.0, 46.0, cell, cell, nodata)


def make_terrain(cover=((GRASS, BARREN), (CROPS, FOREST)), height_m=1000.0, states=None):
    """Two by two cells of half a degree; the west is Kazakhstan, the east Uzbekistan."""
    land_cover = make_grid(cover, nodata=255, dtype="uint8")
    rows, columns = land_cover.values.shape
    elevation = make_grid(np.broadcast_to(height_m, (rows, columns)))
    if states is None:
        west, east = shapely.box(60, 45, 60.5, 46), shapely.box(60.5, 45, 61, 46)
        states = gpd.GeoDataFrame({"iso3": ["KAZ", "UZB"]}, geometry=[west, east], crs=4326)
    return prepare_terrain(land_cover, elevation, states)


def make_presence(**status):
    return pd.DataFrame({"iso3": list(status), "status": list(status.values())})


def make_preference(**changed):
    usual = {
        "species_id": "saiga",
        "suitable": ("10", "16"),
        "marginal": ("12",),
        "elevation_min_m": 0.0,
        "elevation_max_m": 2000.0,
        "relief_min_m": float("nan"),
        "near_river_km": float("nan"),
        "rivers": (),
    }
    return pd.Series(usual | changed, dtype=object)


BOTH = make_presence(KAZ="extant", UZB="reintroduced")


def test_cells_carry_the_presence_of_their_state_and_ten_more_where_marginal():
    habitat = potential_habitat(make_terrain(), BOTH, make_preference())
    # grass in Kazakhstan, barren in Uzbekistan; crops are marginal; forest is none
    assert habitat.values.tolist() == [[1, 2], [11, 0]]


@pytest.mark.parametrize(
    ("status", "value"), [("extant", 1), ("reintroduced", 2), ("uncertain", 3), ("extinct", 0)]
)
def test_each_status_has_its_value(status, value):
    habitat = potential_habitat(make_terrain(), make_presence(KAZ=status), make_preference())
    assert habitat.values[:, 0].tolist() == [value, value + 10 if value else 0]


def test_a_state_without_presence_has_no_habitat():
    habitat = potential_habitat(make_terrain(), make_presence(KAZ="extant"), make_preference())
    assert habitat.values[:, 1].tolist() == [0, 0]


def test_elevations_at_the_limits_belong_to_the_habitat():
    terrain = make_terrain(cover=((GRASS, GRASS),))
    for low, high, value in [(1000, 1000, 1), (1000.5, 2000, 0), (0, 999.5, 0)]:
        preference = make_preference(elevation_min_m=low, elevation_max_m=high)
        assert potential_habitat(terrain, BOTH, preference).values[0, 0] == value


def test_unknown_elevation_is_not_known_only_where_it_decides():
    terrain = make_terrain(cover=((GRASS, BARREN), (CROPS, FOREST)), height_m=float("nan"))
    habitat = potential_habitat(terrain, make_presence(KAZ="extant"), make_preference())
    # forest is no habitat at any height, and Uzbekistan has no saiga here
    assert habitat.values.tolist() == [[255, 0], [255, 0]]


def test_unknown_land_cover_is_not_known_unless_elevation_rules_it_out():
    low = make_terrain(cover=((255, 255),), height_m=1000)
    high = make_terrain(cover=((255, 255),), height_m=3000)
    assert potential_habitat(low, BOTH, make_preference()).values.tolist() == [[255, 255]]
    assert potential_habitat(high, BOTH, make_preference()).values.tolist() == [[0, 0]]


def test_outside_all_boxes_there_is_no_habitat():
    boxes = pd.DataFrame(
        {"west": [60.0, 70.0], "south": [45.5, 40.0], "east": [60.5, 80.0], "north": [46.0, 50.0]}
    )
    habitat = potential_habitat(make_terrain(), BOTH, make_preference(), limits=boxes)
    assert habitat.values.tolist() == [[1, 0], [0, 0]]


def test_a_species_without_boxes_is_not_limited():
    none = pd.DataFrame({"west": [], "south": [], "east": [], "north": []})
    habitat = potential_habitat(make_terrain(), BOTH, make_preference(), limits=none)
    assert (habitat.values > 0).sum() == 3


def make_rivers(name="Syr Darya"):
    # runs from north to south 0.05 degrees (4 km) east of the western column's centres
    line = shapely.LineString([(60.3, 45), (60.3, 46)])
    return gpd.GeoDataFrame({"name": [name]}, geometry=[line], crs=4326)


@pytest.mark.parametrize(("reach_km", "expected"), [(5, [1, 0]), (3, [0, 0]), (40, [1, 2])])
def test_only_cells_within_reach_of_the_named_rivers_are_habitat(reach_km, expected):
    preference = make_preference(near_river_km=float(reach_km), rivers=("Syr  Darya",))
    terrain = make_terrain(cover=((GRASS, GRASS), (GRASS, GRASS)))
    habitat = potential_habitat(terrain, BOTH, preference, rivers=make_rivers())
    assert habitat.values[0].tolist() == expected


def test_a_river_that_is_not_in_the_layer_is_refused():
    preference = make_preference(near_river_km=5.0, rivers=("Oxus",))
    with pytest.raises(UnknownNameError, match="saiga: no river called 'Oxus'"):
        potential_habitat(make_terrain(), BOTH, preference, rivers=make_rivers())


def test_rivers_that_are_needed_and_not_given_are_asked_for():
    preference = make_preference(near_river_km=5.0, rivers=("Syr Darya",))
    with pytest.raises(InvalidGeometryError, match="give `rivers`"):
        potential_habitat(make_terrain(), BOTH, preference)


def test_an_unknown_presence_status_is_refused():
    with pytest.raises(UnknownNameError, match="'present' is not known; use extant"):
        potential_habitat(make_terrain(), make_presence(KAZ="present"), make_preference())


def test_areas_are_those_of_the_cells_on_the_ellipsoid():
    terrain = make_terrain()
    habitat = potential_habitat(terrain, BOTH, make_preference())
    areas = habitat_areas(habitat, terrain, "saiga")
    north, south = shapely.box(60, 45.5, 60.5, 46), shapely.box(60, 45, 60.5, 45.5)
    assert areas[["iso3", "presence", "suitability"]].to_numpy().tolist() == [
        ["KAZ", "extant", "suitable"],
        ["KAZ", "extant", "marginal"],
        ["UZB", "reintroduced", "suitable"],
    ]
    expected = [area_km2(shape)[0] for shape in (north, south, north)]
    assert areas["area_km2"].tolist() == pytest.approx(expected, rel=1e-5)


def test_cells_not_known_are_counted_apart():
    terrain = make_terrain(height_m=float("nan"))
    habitat = potential_habitat(terrain, make_presence(KAZ="extant"), make_preference())
    areas = habitat_areas(habitat, terrain, "saiga")
    assert areas["suitability"].tolist() == ["not known"]
    assert areas["presence"].tolist() == [None]


def test_without_habitat_there_are_no_rows_but_all_columns():
    terrain = make_terrain(cover=((WATER, WATER),))
    areas = habitat_areas(potential_habitat(terrain, BOTH, make_preference()), terrain, "saiga")
    assert len(areas) == 0
    assert list(areas) == ["species_id", "iso3", "presence", "suitability", "area_km2"]


def test_a_cell_belongs_to_the_state_its_centre_lies_in():
    # the border runs just west of the centre of the eastern column
    west, east = shapely.box(60, 45, 60.7, 46), shapely.box(60.7, 45, 61, 46)
    states = gpd.GeoDataFrame({"iso3": ["KAZ", "UZB"]}, geometry=[west, east], crs=4326)
    assert make_terrain(states=states).state.values.tolist() == [[1, 2], [1, 2]]


def test_interpolation_meets_the_old_values_at_the_old_centres():
    grid = make_grid([[0, 100], [200, 400]])
    assert resample_bilinear(grid, grid).values.tolist() == grid.values.tolist()


def test_interpolation_in_the_middle_is_the_mean_of_four():
    grid = make_grid([[0, 100], [200, 400]])
    middle = Grid(np.zeros((1, 1)), 60.25, 45.75, 0.5, 0.5)
    assert resample_bilinear(grid, middle).values.tolist() == [[175.0]]


def test_interpolation_leaves_out_neighbours_without_data():
    grid = make_grid([[0, 100], [-9999, 400]], nodata=-9999)
    middle = Grid(np.zeros((1, 1)), 60.25, 45.75, 0.5, 0.5)
    # three neighbours share the weight: 0, 100 and 400 m
    assert resample_bilinear(grid, middle).values[0, 0] == pytest.approx(500 / 3)


def test_interpolation_of_nothing_is_nothing():
    grid = make_grid([[-9999, -9999], [-9999, -9999]], nodata=-9999)
    assert np.isnan(resample_bilinear(grid, grid).values).all()


def test_flat_open_land_is_no_habitat_of_a_species_that_needs_relief():
    terrain = make_terrain(cover=((GRASS, BARREN), (FOREST, GRASS)), height_m=1000)
    preference = make_preference(suitable=("1", "10", "16"), relief_min_m=80.0)
    # forest shelters on flat land too
    assert potential_habitat(terrain, BOTH, preference).values.tolist() == [[0, 0], [1, 0]]


def test_relief_at_the_limit_is_enough():
    terrain = make_terrain(cover=((GRASS, GRASS),), height_m=[[1000, 1080]])
    assert terrain.relief_m.values.tolist() == [[80, 80]]
    for least_m, expected in [(80.0, [[1, 2]]), (80.5, [[0, 0]])]:
        preference = make_preference(relief_min_m=least_m)
        assert potential_habitat(terrain, BOTH, preference).values.tolist() == expected


def test_relief_leaves_out_neighbours_without_data():
    grid = make_grid([[100, -9999, 900], [300, 150, -9999]], nodata=-9999)
    assert relief(grid).values.tolist() == [[200, 800, 750], [200, 800, 750]]


def test_nothing_that_is_given_is_changed():
    terrain, preference = make_terrain(), make_preference()
    before = [terrain.land_cover.values.copy(), terrain.elevation_m.values.copy()]
    potential_habitat(terrain, BOTH, preference)
    assert np.array_equal(before[0], terrain.land_cover.values)
    assert np.array_equal(before[1], terrain.elevation_m.values)
