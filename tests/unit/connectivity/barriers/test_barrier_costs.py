"""Barriers on edges as least-cost methods see them."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kulan.connectivity.barriers.cuts import cut_steps, step_ends
from kulan.connectivity.barriers.step_costs import barrier_costs
from kulan.connectivity.frames import Frame
from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.surface import CostSurface

FRAME = Frame(6, 7, 0, 6, 1, 1)


def cuts_of(permeability, *xy):
    table = gpd.GeoDataFrame(
        {"barrier_id": ["fence"], "segment_id": ["all"]}, geometry=[shapely.LineString(xy)]
    )
    return cut_steps(table, FRAME, np.array([permeability]))


def costs_from_corner(cuts):
    surface = CostSurface(np.ones((6, 7)), factors=barrier_costs(cuts))
    return accumulate_cost(surface, [[0, 0]])


def test_a_closed_line_across_the_raster_cannot_be_passed():
    cost = costs_from_corner(cuts_of(0.0, (2.2, -1), (4.7, 7)))
    east, north = np.meshgrid(np.arange(7) + 0.5, 5.5 - np.arange(6))
    side = (east - 2.2) * 8 - (north + 1) * 2.5 > 0
    assert np.isinf(cost[side]).all()
    assert np.isfinite(cost[~side]).all()


@pytest.mark.parametrize("line", [[(3, -1), (3, 7)], [(0.3, 6.5), (6.8, 0.2)], [(7.5, 7), (1, 1)]])
def test_every_step_costs_the_reciprocal_of_its_permeability(line):
    cuts = cuts_of(0.25, *line)
    factors = barrier_costs(cuts)
    first, second = step_ends(cuts.step, FRAME.shape)
    assert sum(
        int((table == 4).sum())
        for table in (factors.east, factors.south, factors.southeast, factors.southwest)
    ) == len(cuts)
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        (i, j), (m, n) = divmod(a, 7), divmod(b, 7)
        table = {
            (0, 1): factors.east,
            (1, 0): factors.south,
            (1, 1): factors.southeast,
            (1, -1): factors.southwest,
        }[m - i, n - j]
        assert table[i, min(j, n)] == 4


def test_the_cheapest_way_leads_around_the_end_of_a_fence():
    # a closed fence between columns 2 and 3 that leaves the southernmost row open
    cost = costs_from_corner(cuts_of(0.0, (3, 7), (3, 0.9)))
    # down the five diagonals and steps to row 5, along it, and up again on the other side
    assert cost[0, 3] > cost[5, 3] > cost[5, 2] > 5


def test_without_cuts_all_steps_cost_what_they_did():
    factors = barrier_costs(cuts_of(0.5, (50, 50), (60, 60)))
    assert all((t == 1).all() for t in (factors.east, factors.south, factors.southeast))


@pytest.mark.parametrize(
    ("rows", "columns"),
    [(slice(0, 6), slice(0, 7)), (slice(1, 4), slice(2, 7)), (slice(5, 6), slice(0, 3))],
)
def test_a_part_of_the_cuts_is_what_is_cut_in_that_part(rows, columns):
    cuts = cuts_of(0.25, (0.3, 6.5), (6.8, 0.2))
    whole, found = barrier_costs(cuts), barrier_costs(cuts.part(rows, columns))
    inner_rows = slice(rows.start, rows.stop - 1)
    inner_columns = slice(columns.start, columns.stop - 1)
    assert found.east.tolist() == whole.east[rows, inner_columns].tolist()
    assert found.south.tolist() == whole.south[inner_rows, columns].tolist()
    assert found.southeast.tolist() == whole.southeast[inner_rows, inner_columns].tolist()
    assert found.southwest.tolist() == whole.southwest[inner_rows, inner_columns].tolist()


def test_a_part_of_the_cuts_lies_where_the_whole_does():
    part = cuts_of(0.5, (3.5, -1), (3.5, 7)).part(slice(2, 4), slice(3, 6))
    assert (part.frame.west, part.frame.north, part.frame.shape) == (3, 4, (2, 3))
    assert (part.x > 3).all()
    assert (part.x < 5).all()
