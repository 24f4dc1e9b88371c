"""Permeability by segment, species and season: the most particular row counts."""

import numpy as np
import pandas as pd
import pytest

from kulan.connectivity.barriers.permeability import (
    crossing_permeabilities,
    permeability_of_steps,
    segment_limits,
    segment_permeabilities,
)
from kulan.errors import InvalidTableError

ROWS = pd.DataFrame(
    [
        ("railway", None, None, None, 0.5),
        ("railway", None, None, "winter", 0.4),
        ("railway", None, "khulan", None, 0.1),
        ("railway", None, "khulan", "winter", 0.05),
        ("railway", "bridge", None, None, 0.9),
    ],
    columns=["barrier_id", "segment_id", "species_id", "season", "permeability"],
).assign(source="made for this test")


@pytest.mark.parametrize(
    ("segment", "species_id", "season", "expected"),
    [
        ("north", None, None, 0.5),
        ("north", "saiga", "summer", 0.5),
        ("north", "saiga", "winter", 0.4),
        ("north", "khulan", "summer", 0.1),
        ("north", "khulan", "winter", 0.05),
        ("bridge", "khulan", "winter", 0.9),
    ],
)
def test_segment_comes_before_species_and_species_before_season(
    segment, species_id, season, expected
):
    found = segment_permeabilities(
        [("railway", segment)], ROWS, species_id=species_id, season=season
    )
    assert found.tolist() == [expected]


def test_the_order_of_rows_does_not_matter():
    for rows in (ROWS, ROWS.iloc[::-1]):
        found = segment_permeabilities(
            [("railway", "north")], rows, species_id="khulan", season="winter"
        )
        assert found.tolist() == [0.05]


def test_a_barrier_without_a_row_is_named_and_no_value_is_made_up():
    with pytest.raises(InvalidTableError, match=r"'fence'.*no permeability for khulan"):
        segment_permeabilities([("fence", "all")], ROWS, species_id="khulan")


@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_a_permeability_outside_nought_to_one_is_refused(value):
    rows = ROWS.assign(permeability=value)
    with pytest.raises(InvalidTableError, match="outside 0 to 1"):
        segment_permeabilities([("railway", "north")], rows)


def test_a_crossing_takes_its_own_row_before_that_for_all():
    rows = pd.DataFrame(
        [(None, None, None, 0.6), ("underpass 3", None, None, 0.2), (None, "khulan", None, 0.3)],
        columns=["crossing_id", "species_id", "season", "permeability"],
    ).assign(source="made for this test")
    found = crossing_permeabilities(["underpass 3", "overpass"], rows, species_id="khulan")
    assert found.tolist() == [0.2, 0.3]


@pytest.mark.parametrize("cells_per_km", [1, 2, 4])
def test_a_barrier_hinders_the_same_however_large_cells_are(cells_per_km):
    n = 10 * cells_per_km
    step_km = 1 / cells_per_km
    share = permeability_of_steps(np.array([0.1]), over=5.0, step=step_km)
    conductance = np.full(n - 1, 1 / step_km)
    conductance[n // 2] *= share[0]
    # 0.1 of a way of 5 km is as much as 9 such ways more
    assert (1 / conductance).sum() == pytest.approx((n - 1) * step_km + 9 * 5.0)


def test_a_way_of_no_length_is_refused():
    with pytest.raises(InvalidTableError, match="must be positive"):
        permeability_of_steps(np.array([0.1]), over=0.0, step=1.0)


def test_limits_of_a_measurement_are_read_with_it():
    told = ROWS.assign(permeability_low=["0.3", "", None, "0.01", "0.8"], permeability_high=1.0)
    asked = {"species_id": "khulan", "season": "winter"}
    assert segment_limits(("railway", "north"), told, **asked) == (0.05, 0.01, 1.0)
    assert segment_limits(("railway", "north"), told) == (0.5, 0.3, 1.0)
    assert segment_limits(("railway", "north"), told, season="winter") == (0.4, 0.4, 1.0)
    assert segment_limits(("railway", "north"), ROWS) == (0.5, 0.5, 0.5)
    with pytest.raises(InvalidTableError, match="do not hold it"):
        segment_limits(("railway", "bridge"), told.assign(permeability_low=0.95))
