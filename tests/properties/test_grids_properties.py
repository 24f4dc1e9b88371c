"""What must hold for any line on any grid."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from kulan import grids, places
from kulan.grids import Grid

GRID = Grid(np.ones((40, 60), dtype="uint8"), 60.0, 48.0, 0.05, 0.05)

inside = st.tuples(st.floats(60.01, 62.99), st.floats(46.01, 47.99))
lines = st.lists(inside, min_size=2, max_size=8, unique=True).map(shapely.LineString)


@given(lines)
def test_pieces_in_cells_add_up_to_the_line(line):
    line = places.densify(line)
    total = grids.walk_cells(line, GRID)["length_m"].sum()
    assert total == pytest.approx(places.length_m(line)[0], rel=1e-7, abs=1e-3)


@given(lines)
def test_reversing_a_line_changes_no_cell(line):
    line = places.densify(line)
    there = grids.walk_cells(line, GRID).groupby(["row", "column"])["length_m"].sum()
    back = (
        grids.walk_cells(shapely.reverse(line), GRID).groupby(["row", "column"])["length_m"].sum()
    )
    both = there.to_frame("there").join(back.rename("back"), how="outer").fillna(0)
    assert np.allclose(both["there"], both["back"], atol=1e-3)


@given(st.lists(st.floats(46.2, 47.8), min_size=3, max_size=9))
def test_a_line_from_edge_to_edge_always_parts_the_grid(latitudes):
    longitudes = np.linspace(59.9, 63.1, len(latitudes))
    line = shapely.LineString(np.column_stack([longitudes, latitudes]))
    east, south = grids.cut_edges(line, GRID)
    labels = label_pieces(east, south)
    assert labels[0, 0] != labels[-1, 0]
    assert not set(labels[0]) & set(labels[-1])


@given(inside, st.floats(1_000, 60_000))
def test_covered_cells_add_up_to_the_area_inside_the_grid(centre, radius_m):
    zone = places.buffer_m(shapely.Point(centre), radius_m)
    row, _, fraction = grids.cover_fractions(zone, GRID)
    bounds = GRID.bounds
    frame = shapely.box(bounds.west, bounds.south, bounds.east, bounds.north)
    expected = places.area_km2(shapely.intersection(zone, frame))[0]
    assert (fraction * GRID.row_areas_km2[row]).sum() == pytest.approx(expected, rel=2e-3)


def label_pieces(east, south):
    """Number the pieces of a full grid whose blocked steps are given."""
    rows, columns = south.shape[0] + 1, south.shape[1]
    doubled = np.zeros((2 * rows - 1, 2 * columns - 1), dtype=bool)
    doubled[::2, ::2] = True
    doubled[::2, 1::2] = ~east
    doubled[1::2, ::2] = ~south
    labels, _ = ndimage.label(doubled)
    return labels[::2, ::2]
