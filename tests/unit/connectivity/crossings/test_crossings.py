"""Crossings open steps of barriers: which ones, and where candidates stand."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kulan.connectivity.barriers.cuts import cut_steps, step_ends, with_barriers
from kulan.connectivity.circuits.stencil import components, link_cells
from kulan.connectivity.crossings.places import (
    crossings_along,
    distinct_crossings,
    open_crossings,
    place_crossings,
)
from kulan.connectivity.frames import Frame
from kulan.errors import InvalidGeometryError, UnknownCrsError, UnknownNameError

FRAME = Frame(rows=8, columns=6, west=0, north=8, cell_width=1, cell_height=1)
STENCIL = link_cells(np.ones((8, 6)))


def barriers(*positions, permeability=0.0):
    table = gpd.GeoDataFrame(
        {
            "barrier_id": [f"barrier {k}" for k in range(len(positions))],
            "segment_id": ["all"] * len(positions),
        },
        geometry=[shapely.LineString([(x, -1), (x, 9)]) for x in positions],
    )
    return cut_steps(table, FRAME, np.full(len(positions), permeability))


def crossing(shape, barrier_ids=(), cost=np.nan, name="crossing"):
    table = {"crossing_id": [name], "barrier_ids": [barrier_ids], "cost": [cost]}
    return gpd.GeoDataFrame(table, geometry=[shape])


def opened(cuts, placed):
    before, after = cuts.factors()[1], open_crossings(cuts, placed).factors()
    steps = after[0][after[1] > before]
    first, second = step_ends(steps, FRAME.shape)
    return set(zip(first.tolist(), second.tolist(), strict=True))


def place(shape, cuts, **options):
    return place_crossings(crossing(shape, **options), cuts, STENCIL, np.array([0.8]))


def test_a_point_opens_the_one_step_that_is_crossed_nearest_to_it():
    cuts = barriers(3)
    assert opened(cuts, place(shapely.Point(3.2, 4.4), cuts)) == {(20, 21)}


def test_one_crossing_joins_what_a_closed_barrier_parted():
    cuts = barriers(3)
    bridged = open_crossings(cuts, place(shapely.Point(3, 4.5), cuts))
    assert components(with_barriers(STENCIL, cuts)).max() == 2
    assert components(with_barriers(STENCIL, bridged)).max() == 1


def test_a_gap_opens_the_steps_alongside_it_and_no_others():
    cuts = barriers(3)
    gap = shapely.LineString([(3, 2.9), (3, 4.6)])
    # crossed within: the straight steps at heights 3.5 and 4.5, and diagonals at 3 and 4
    straight, diagonal = {(20, 21), (26, 27)}, {(20, 27), (21, 26), (26, 33), (27, 32)}
    assert opened(cuts, place(gap, cuts)) == straight | diagonal


def test_a_gap_shorter_than_the_distance_of_steps_opens_the_nearest_step():
    cuts = barriers(3)
    assert opened(cuts, place(shapely.LineString([(3, 4.55), (3, 4.65)]), cuts)) == {(20, 21)}


def test_a_structure_across_a_railway_and_its_fence_opens_one_step_of_both():
    cuts = barriers(3, 3.3)
    placed = place(shapely.Point(3.1, 4.4), cuts)
    assert len(placed.rows[0]) == 2
    assert opened(cuts, placed) == {(20, 21)}


def test_barriers_a_cell_apart_are_opened_in_a_step_each():
    cuts = barriers(3, 4)
    assert opened(cuts, place(shapely.Point(3.5, 4.5), cuts)) == {(20, 21), (21, 22)}


def test_only_the_named_barrier_is_opened():
    cuts = barriers(3, 4)
    assert opened(cuts, place(shapely.Point(3.5, 4.5), cuts, barrier_ids=("barrier 1",))) == {
        (21, 22)
    }


def test_a_crossing_never_makes_a_barrier_less_permeable():
    cuts = barriers(3, permeability=0.9)
    assert opened(cuts, place(shapely.Point(3, 4.5), cuts)) == set()
    assert open_crossings(cuts, place(shapely.Point(3, 4.5), cuts)).permeability == pytest.approx(
        0.9
    )


def test_steps_into_nodata_are_not_opened():
    cells = np.ones((8, 6))
    cells[3, 3] = np.nan
    cuts = barriers(3)
    table = crossing(shapely.Point(3, 4.5))
    placed = place_crossings(table, cuts, link_cells(cells), np.array([1.0]))
    assert opened(cuts, placed).isdisjoint({(20, 21)})
    assert len(opened(cuts, placed)) == 1


def test_candidates_stand_half_a_spacing_from_the_start_and_then_at_the_spacing():
    line = gpd.GeoDataFrame(
        {"barrier_id": ["railway"], "segment_id": ["north"]},
        geometry=[shapely.LineString([(0, 0), (10, 0)])],
    )
    table = crossings_along(line, spacing=3, cost=2.5)
    assert shapely.get_x(table.geometry).tolist() == [1.5, 4.5, 7.5]
    assert table["crossing_id"].tolist() == [f"railway/north/{k}" for k in (1, 2, 3)]
    assert set(table["barrier_ids"]) == {("railway",)}
    assert table["cost"].tolist() == [2.5] * 3
    assert shapely.get_x(crossings_along(line, spacing=30).geometry).tolist() == [5]


def test_candidates_that_open_the_same_steps_are_told():
    cuts = barriers(3)
    table = gpd.GeoDataFrame(
        {"crossing_id": ["a", "b", "c"], "barrier_ids": [()] * 3, "cost": [1.0] * 3},
        geometry=[shapely.Point(3, y) for y in (4.5, 4.55, 6.5)],
    )
    kept, equal = distinct_crossings(place_crossings(table, cuts, STENCIL, np.ones(3)))
    assert kept.names == ("a", "c")
    assert equal == {"b": "a"}


def test_a_crossing_out_of_reach_is_refused():
    with pytest.raises(InvalidGeometryError, match=r"'crossing'.*within 1.5 cells"):
        place(shapely.Point(0.5, 4.5), barriers(3))


def test_a_crossing_of_an_unknown_barrier_is_refused():
    with pytest.raises(UnknownNameError, match="'canal'"):
        place(shapely.Point(3, 4.5), barriers(3), barrier_ids=("canal",))


@pytest.mark.parametrize("cost", [-1.0, np.inf])
def test_a_cost_that_is_none_is_refused(cost):
    with pytest.raises(InvalidGeometryError, match="cost"):
        place(shapely.Point(3, 4.5), barriers(3), cost=cost)


def test_an_area_is_no_crossing():
    with pytest.raises(InvalidGeometryError, match="neither a point nor a single line"):
        place(shapely.box(2, 4, 4, 5), barriers(3))


@pytest.mark.parametrize("spacing", [0, -1, np.nan])
def test_a_spacing_that_is_none_is_refused(spacing):
    line = gpd.GeoDataFrame(
        {"barrier_id": ["r"], "segment_id": ["a"]}, geometry=[shapely.LineString([(0, 0), (1, 0)])]
    )
    with pytest.raises(InvalidGeometryError, match="spacing"):
        crossings_along(line, spacing=spacing)


def test_no_spacing_is_taken_in_degrees():
    line = gpd.GeoDataFrame(
        {"barrier_id": ["r"], "segment_id": ["a"]},
        geometry=[shapely.LineString([(0, 0), (1, 0)])],
        crs="EPSG:4326",
    )
    with pytest.raises(UnknownCrsError, match="degrees"):
        crossings_along(line, spacing=0.1)


def test_crossings_are_chosen_by_name_and_unknown_ones_refused():
    placed = place(shapely.Point(3, 4.5), barriers(3))
    assert placed.only(["crossing"]).names == ("crossing",)
    with pytest.raises(UnknownNameError, match="'ford'"):
        placed.only(["ford"])
