"""Profiles of species: complete, in order, applied to layers, drawn from their ranges."""

import numpy as np
import pandas as pd
import pytest

from kulan.connectivity.resistance.combining import largest
from kulan.connectivity.resistance.ensembles import sample_profiles, sample_weights, summarise
from kulan.connectivity.resistance.profiles import (
    Scenario,
    profile_of,
    resistance_of,
    resistance_profiles,
)
from kulan.errors import InvalidGridError, InvalidTableError, TooLargeError, UnknownNameError

SPECIES = [
    "argali",
    "goitered_gazelle",
    "khulan",
    "mongolian_gazelle",
    "saiga",
    "snow_leopard",
]
STEPPE = {
    "land_cover": np.array([[10.0, 16.0, 12.0, np.nan]]),
    "relief_m": np.array([[50.0, 1000.0, 50.0, 50.0]]),
}


@pytest.mark.parametrize("species_id", SPECIES)
def test_a_profile_covers_every_class_and_the_layers_that_matter(species_id):
    profile = profile_of(species_id)

    assert set(profile.layers["land_cover"]) == set(range(17))
    assert {"elevation_m", "relief_m", "people_per_km2"} <= set(profile.layers)
    for spreads in profile.layers.values():
        for spread in spreads.values():
            assert 1 <= spread.low <= spread.middle <= spread.high <= 1000
    assert min(s.middle for s in profile.layers["land_cover"].values()) == 1


def test_no_value_that_nobody_measured_is_called_sure():
    table = resistance_profiles()
    assert set(table["confidence"]) <= {"low", "unverified"}
    assert set(table["species_id"]) == set(SPECIES)


def test_the_layers_multiply_and_what_is_missing_is_named():
    found = resistance_of(profile_of("khulan"), {**STEPPE, "ndvi": np.zeros((1, 4))})

    np.testing.assert_allclose(found.values, [[1.2, 15.0, 20.0, np.nan]])
    np.testing.assert_allclose(found.conductance[0, [1, 3]], [1 / 15, 0])
    assert found.not_given == ("elevation_m", "people_per_km2", "water_distance_km")
    assert found.not_used == ("ndvi",)
    worst = resistance_of(profile_of("khulan"), STEPPE, combine=largest)
    np.testing.assert_allclose(worst.values, [[1.2, 15.0, 20.0, np.nan]])
    capped = resistance_of(profile_of("khulan"), STEPPE, greatest=5.0)
    assert np.nanmax(capped.values) == 5


def test_winter_adds_snow_and_keeps_the_rest():
    snow = {**STEPPE, "snow_depth_cm": np.full((1, 4), 20.0)}

    winter = resistance_of(profile_of("saiga", "winter"), snow)
    summer = resistance_of(profile_of("saiga", "summer"), snow)

    assert summer.not_used == ("snow_depth_cm",)
    np.testing.assert_allclose(winter.values, summer.values * 3)


def test_a_season_of_ones_own_takes_the_place_of_the_whole_year():
    table = resistance_profiles()
    rows = table[(table["species_id"] == "khulan") & (table["layer"] == "relief_m")]
    table = table[table["species_id"] == "khulan"]
    rows = rows.assign(season="winter", resistance=1.0, resistance_low=1.0, resistance_high=2.0)
    both = pd.concat([table, rows], ignore_index=True)

    winter = profile_of("khulan", "winter", table=both)

    assert {spread.middle for spread in winter.layers["relief_m"].values()} == {1.0}
    assert profile_of("khulan", table=both).layers["relief_m"][1000].middle == 15


def test_a_scenario_replaces_and_leaves_out_layers():
    mine = Scenario("mine", {"land_cover": np.full((1, 4), 13.0)}, without=("relief_m",))

    found = resistance_of(profile_of("khulan"), mine.applied(STEPPE))

    np.testing.assert_allclose(found.values, 100.0)
    assert "relief_m" in found.not_given
    assert "relief_m" in STEPPE
    with pytest.raises(InvalidGridError, match="leaves out snow"):
        Scenario("thaw", without=("snow",)).applied(STEPPE)


def test_names_that_are_not_known_and_rows_out_of_order_are_refused():
    with pytest.raises(UnknownNameError, match="known: argali"):
        profile_of("yeti")
    with pytest.raises(UnknownNameError, match="No season 'spring'"):
        profile_of("khulan", "spring")
    with pytest.raises(InvalidGridError, match="land_cover is needed"):
        resistance_of(profile_of("khulan"), {"relief_m": np.ones((1, 1))})
    table = resistance_profiles()
    table.loc[3, "resistance_low"] = 5000.0
    with pytest.raises(InvalidTableError, match=r"out of order.*argali, land_cover 3"):
        profile_of("khulan", table=table)


def test_members_lie_in_their_ranges_and_follow_the_generator():
    profile = profile_of("khulan")

    members = list(sample_profiles(profile, 200, np.random.default_rng(7)))
    again = list(sample_profiles(profile, 200, np.random.default_rng(7)))

    assert members == again
    drawn = np.array([member.layers["land_cover"][12.0].middle for member in members])
    spread = profile.layers["land_cover"][12.0]
    assert (drawn >= spread.low).all()
    assert (drawn <= spread.high).all()
    # the logarithm is triangular and symmetric here, so that its mean is the middle
    assert np.log(drawn).mean() == pytest.approx(np.log(spread.middle), abs=0.08)
    assert len(set(drawn.tolist())) == 200


def test_drawn_weights_sum_to_one_and_scatter_as_declared():
    given = {"cover": 6.0, "relief": 3.0, "people": 1.0, "none": 0.0}

    draws = sample_weights(given, 4000, np.random.default_rng(3), concentration=20)

    array = np.array([list(draw.values()) for draw in draws])
    np.testing.assert_allclose(array.sum(axis=1), 1)
    np.testing.assert_allclose(array.mean(axis=0), [0.6, 0.3, 0.1, 0], atol=0.01)
    np.testing.assert_allclose(array[:, 0].var(), 0.6 * 0.4 / 21, rtol=0.1)


def test_a_summary_is_that_of_all_members_at_once():
    maps = np.random.default_rng(1).normal(5, 2, (40, 3, 4))
    maps[:, 0, 0] = np.nan

    found = summarise(iter(maps), quantiles=(0.1, 0.5))

    np.testing.assert_allclose(found.mean, maps.mean(axis=0))
    np.testing.assert_allclose(found.sd, maps.std(axis=0, ddof=1))
    np.testing.assert_allclose(found.quantiles[0.5], np.median(maps, axis=0), rtol=1e-6)
    assert found.n_members == 40
    np.testing.assert_allclose(found.cv, found.sd / found.mean)


def test_an_ensemble_too_large_or_too_small_is_refused():
    with pytest.raises(TooLargeError, match="Ask for none"):
        summarise(np.ones((5, 10, 10)), most_bytes=1000)
    assert summarise(np.ones((5, 10, 10)), quantiles=(), most_bytes=0).quantiles == {}
    with pytest.raises(InvalidGridError, match="at least two"):
        summarise([np.ones((2, 2))])
    with pytest.raises(InvalidGridError, match="member 2 has shape"):
        summarise([np.ones((2, 2)), np.ones((2, 3))])
    with pytest.raises(InvalidGridError, match="quantiles"):
        summarise([np.ones((2, 2))], quantiles=(5.0,))
    with pytest.raises(InvalidGridError, match="at least one"):
        next(sample_profiles(profile_of("khulan"), 0, np.random.default_rng(1)))
