"""Landscapes and key areas as points with an area."""

from kulan import programme
from kulan.places import REGION


def test_areas_lie_in_the_region() -> None:
    for areas in (programme.landscapes(), programme.key_areas()):
        assert areas["longitude"].between(REGION.west, REGION.east).all()
        assert areas["latitude"].between(REGION.south, REGION.north).all()


def test_every_key_area_has_an_area_and_says_how_sure_its_place_is() -> None:
    areas = programme.key_areas()

    assert (areas["area_km2"] > 0).all()
    assert (areas["precision_km"] >= 10).all()


def test_there_are_81_protected_areas_and_17_world_heritage_sites() -> None:
    kinds = programme.key_areas()["kind"].value_counts().to_dict()

    assert kinds["world_heritage_site"] == 17
    assert kinds["protected_area"] + kinds["breeding_centre"] == 81


def test_there_are_23_snow_leopard_landscapes_with_their_areas() -> None:
    landscapes = programme.landscapes()
    gslep = landscapes[landscapes["kind"] == "gslep_landscape"]

    assert len(gslep) == 23
    assert gslep["area_km2"].notna().all()
    assert not gslep["illustrative"].astype(bool).any()


def test_transboundary_areas_are_marked_as_standing_in_for_the_official_list() -> None:
    landscapes = programme.landscapes()
    stand_ins = landscapes[landscapes["kind"] == "transboundary_area"]

    assert stand_ins["illustrative"].astype(bool).all()
    assert set(stand_ins["confidence"]) == {"unverified"}


def test_snow_leopard_landscapes_are_landscapes_of_the_snow_leopard() -> None:
    landscapes = programme.landscapes()
    gslep = landscapes[landscapes["kind"] == "gslep_landscape"]

    assert set(gslep["species"]) == {("snow_leopard",)}
