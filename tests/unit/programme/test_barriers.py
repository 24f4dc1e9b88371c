"""Known and planned barriers as lines."""

import geopandas as gpd
import pytest

from kulan import programme
from kulan.errors import InvalidTableError
from kulan.places import REGION, WGS84, length_m
from kulan.programme import tables
from kulan.schemas import check_table


@pytest.fixture(scope="module")
def barriers() -> gpd.GeoDataFrame:
    return programme.barriers()


def test_every_barrier_is_a_valid_line_in_degrees(barriers: gpd.GeoDataFrame) -> None:
    assert barriers.crs == WGS84
    assert barriers.geometry.is_valid.all()
    assert not barriers.geometry.is_empty.any()
    assert set(barriers.geometry.geom_type) <= {"LineString", "MultiLineString"}


def test_every_barrier_lies_in_the_region(barriers: gpd.GeoDataFrame) -> None:
    west, south, east, north = barriers.total_bounds

    assert REGION.west <= west
    assert east <= REGION.east
    assert REGION.south <= south
    assert north <= REGION.north


def test_identifiers_are_unique(barriers: gpd.GeoDataFrame) -> None:
    assert barriers["barrier_id"].is_unique


def test_the_length_of_the_trans_mongolian_railway_is_about_1150_km(
    barriers: gpd.GeoDataFrame,
) -> None:
    line = barriers.loc[barriers["barrier_id"] == "B01"]

    assert float(length_m(line.geometry).sum()) / 1000 == pytest.approx(1151, rel=0.03)


def test_at_least_six_lines_are_planned_or_under_construction_in_several_states(
    barriers: gpd.GeoDataFrame,
) -> None:
    coming = barriers[barriers["status"].isin(["planned", "under_construction"])]

    assert len(coming) >= 6
    assert coming["states"].explode().nunique() >= 8


def test_a_line_not_yet_built_has_no_opening_date(barriers: gpd.GeoDataFrame) -> None:
    coming = barriers[barriers["status"].isin(["planned", "under_construction"])]

    assert coming["valid_from"].isna().all()


def test_a_line_drawn_through_towns_says_it_is_only_about_right(
    barriers: gpd.GeoDataFrame,
) -> None:
    drawn = barriers[barriers["geometry_method"].str.startswith("approximate")]

    assert len(drawn) > 0
    assert (drawn["precision_km"] >= 5).all()


def test_a_planned_line_is_never_given_with_high_confidence(barriers: gpd.GeoDataFrame) -> None:
    coming = barriers[barriers["status"].isin(["planned", "under_construction"])]

    assert "high" not in set(coming["confidence"])


def test_railway_and_road_of_one_corridor_are_two_rows(barriers: gpd.GeoDataFrame) -> None:
    golmud = barriers[barriers["name"].str.contains("Golmud")]

    assert sorted(golmud["barrier_type"]) == ["railway", "road"]


def test_a_type_outside_the_list_is_refused(barriers: gpd.GeoDataFrame) -> None:
    wrong = barriers.copy()
    wrong.loc[0, "barrier_type"] = "railway+road"

    with pytest.raises(InvalidTableError, match=r"railway\+road"):
        check_table(wrong, tables.BARRIERS)


def test_every_barrier_has_a_russian_name(barriers: gpd.GeoDataFrame) -> None:
    assert barriers["name_ru"].str.contains("[а-я]", regex=True).all()


def test_the_railway_from_uzen_passes_east_of_the_garabogaz_bay(barriers: gpd.GeoDataFrame) -> None:
    line = barriers.loc[barriers["barrier_id"] == "B04"].geometry.iloc[0]

    assert all(east >= 54.7 for east, north in line.coords if 40.7 <= north <= 42.0)
