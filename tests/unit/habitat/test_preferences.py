"""Habitat preferences: every species, within the region, with a source."""

import pytest

from kulan.errors import UnknownNameError
from kulan.habitat.preferences import limits, preference, preferences
from kulan.habitat.tables import LAND_COVER_CLASSES, LIMITS, PREFERENCES
from kulan.places import REGION
from kulan.programme.species import species
from kulan.schemas import check_table

BOX = ["west", "south", "east", "north"]


def test_both_tables_keep_their_declarations():
    check_table(preferences(), PREFERENCES)
    check_table(limits(), LIMITS)


def test_every_species_of_the_programme_has_one_row():
    assert sorted(preferences()["species_id"]) == sorted(species()["species_id"])


def test_there_are_seventeen_land_cover_classes():
    assert sorted(LAND_COVER_CLASSES) == list(range(17))


def test_no_class_is_both_suitable_and_marginal():
    for row in preferences().itertuples():
        assert not set(row.suitable) & set(row.marginal), row.species_id


def test_no_species_lives_on_water_or_in_towns():
    for row in preferences().itertuples():
        assert not {"0", "13"} & {*row.suitable, *row.marginal}, row.species_id


def test_elevations_are_in_order_and_on_land():
    table = preferences()

    assert (table["elevation_min_m"] < table["elevation_max_m"]).all()
    assert table["elevation_min_m"].min() >= -50
    assert table["elevation_max_m"].max() <= 6500


def test_every_row_names_its_source():
    assert preferences()["source"].str.len().min() > 10
    assert limits()["source"].str.len().min() > 10


def test_boxes_lie_in_the_region_and_have_an_inside():
    boxes = limits()

    assert (boxes["west"] < boxes["east"]).all()
    assert (boxes["south"] < boxes["north"]).all()
    assert boxes["west"].min() >= REGION.west
    assert boxes["south"].min() >= REGION.south
    assert boxes["east"].max() <= REGION.east
    assert boxes["north"].max() <= REGION.north


def test_the_box_of_a_species_is_the_one_around_all_its_limits():
    around = (
        limits()
        .groupby("species_id")
        .agg({"west": "min", "south": "min", "east": "max", "north": "max"})
    )
    boxed = preferences().set_index("species_id")[BOX].dropna()

    assert sorted(boxed.index) == sorted(around.index)
    assert (boxed.sort_index() == around.sort_index()[BOX]).all().all()


def test_a_species_with_boxes_says_why_and_from_where():
    table = preferences()
    boxed = table[table["west"].notna() | table["near_river_km"].notna()]

    assert boxed["limit_note"].notna().all()
    assert boxed["limit_source"].notna().all()


def test_a_species_near_rivers_names_them():
    table = preferences()
    riverine = table[table["near_river_km"].notna()]

    assert list(riverine["species_id"]) == ["bukhara_deer"]
    assert "Amu Darya" in riverine.iloc[0]["rivers"]


def test_the_gobi_bear_is_looked_for_in_one_place_only():
    assert list(limits().query("species_id == 'gobi_bear'")["place"]) == ["Great Gobi A, Mongolia"]


def test_a_species_without_preferences_is_refused_with_the_list():
    with pytest.raises(UnknownNameError, match="khulan"):
        preference("kulan")


def test_a_changed_table_leaves_the_next_one_whole():
    changed = preferences()
    changed["source"] = ""

    assert (preferences()["source"] != "").all()
