"""Available points, and whether a resource-selection function foretells what it has not seen."""

import numpy as np
import pytest
import shapely

from kulan.errors import InvalidGeometryError, InvalidRequestError
from kulan.movement.selection.available import available_points
from kulan.movement.selection.resource_calibration import (
    boyce_index,
    calibrate_resources,
    held_back,
)


def test_available_points_lie_evenly_in_all_parts_of_the_land():
    land = shapely.union_all([shapely.box(0, 0, 10, 10), shapely.box(100, 0, 110, 30)])
    points = available_points(land, 8000, seed=3)
    assert points.shape == (8000, 2)
    assert shapely.contains_xy(land, points).all()
    # the second part has three quarters of the area
    assert (points[:, 0] > 50).mean() == pytest.approx(0.75, abs=0.02)
    assert np.array_equal(points, available_points(land, 8000, seed=3))


def test_land_without_area_and_no_points_are_refused():
    with pytest.raises(InvalidGeometryError, match="no area"):
        available_points(shapely.LineString([(0, 0), (1, 1)]), 10)
    with pytest.raises(InvalidRequestError, match="at least one"):
        available_points(shapely.box(0, 0, 1, 1), 0)


def chosen(strength, form=lambda x: x, size=2000, seed=2):
    rng = np.random.default_rng(seed)
    land = rng.normal(size=(20_000, 1))
    weight = np.exp(strength * form(land[:, 0]))
    return land[rng.choice(len(land), size, p=weight / weight.sum())], land


def test_a_planted_choice_is_foretold_in_the_stretches_held_back():
    used, land = chosen(0.8)
    parts = held_back(used, land, ("snow",), effective=500.0)
    assert [part.fold for part in parts] == [0, 1, 2, 3, 4]
    assert sum(part.effective for part in parts) == pytest.approx(500.0)
    assert boyce_index(parts) > 0.95
    found = calibrate_resources(parts, 0)
    assert found.share_inside >= 0.9
    assert found.used.sum() == pytest.approx(1.0)
    assert found.foretold[-1] > 2 * found.available[-1]


def test_a_choice_of_the_middle_is_not_foretold_by_a_straight_line():
    used, land = chosen(-0.8, np.square)
    parts = held_back(used, land, ("snow",), effective=2000.0)
    assert calibrate_resources(parts, 0).share_inside < 0.5


def test_fewer_independent_fixes_give_wider_limits():
    used, land = chosen(0.5)
    wide, narrow = (
        calibrate_resources(held_back(used, land, ("snow",), effective=size), 0)
        for size in (50.0, 2000.0)
    )
    assert (wide.high - wide.low).mean() > 3 * (narrow.high - narrow.low).mean()


def test_where_nothing_was_held_back_there_is_no_index():
    assert np.isnan(boyce_index([]))
    used, land = chosen(0.5)
    assert held_back(used, land, ("snow",), effective=1.1) == []


def test_land_of_two_values_has_too_few_classes_for_an_index():
    used, land = chosen(0.8)
    parts = held_back((used > 0) * 1.0, (land > 0) * 1.0, ("wood",), effective=500.0)
    assert len(parts) == 5
    assert np.isnan(boyce_index(parts))


def test_land_of_few_values_is_counted_by_what_there_is_of_each():
    used, land = chosen(0.8)
    used, land = np.clip(np.round(used), -2, 2), np.clip(np.round(land), -2, 2)
    parts = held_back(used, land, ("snow",), effective=500.0)
    assert boyce_index(parts) == pytest.approx(1.0)


def test_an_index_of_animals_that_avoid_what_was_foretold_is_below_zero():
    used, land = chosen(0.8)
    fits = held_back(used, land, ("snow",), effective=500.0)
    wrong = [type(one)(one.fold, one.fit, -one.used, one.available, 100.0) for one in fits]
    assert boyce_index(wrong) < -0.9
