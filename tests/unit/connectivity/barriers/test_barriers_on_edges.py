"""Lines cut the steps between cells: which ones, by how much, and what they refuse."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kulan.connectivity.barriers.cuts import cut_steps, step_ends, with_barriers
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.sites import sites_from_list
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import components, link_cells
from kulan.connectivity.frames import Frame
from kulan.errors import (
    InvalidGeometryError,
    InvalidGridError,
    InvalidTableError,
    UnknownCrsError,
    UnknownNameError,
)

FRAME = Frame(rows=3, columns=3, west=0, north=3, cell_width=1, cell_height=1)


def lines(*coordinates, barriers=None, segments=None, crs=None):
    n = len(coordinates)
    names = {
        "barrier_id": barriers or ["railway"] * n,
        "segment_id": segments or [f"part {k}" for k in range(n)],
    }
    return gpd.GeoDataFrame(names, geometry=[shapely.LineString(c) for c in coordinates], crs=crs)


def ends(cuts):
    first, second = step_ends(cuts.step, cuts.frame.shape)
    return set(zip(first.tolist(), second.tolist(), strict=True))


def resistance(stencil, first, second, **options):
    sites = sites_from_list(np.array([1, 2]), np.array([first, second]))
    solving = Solving(**options)
    return pairwise(stencil, sites, maps=False, solving=solving).resistance[0, 1]


def test_a_line_between_two_columns_cuts_the_orthogonal_and_diagonal_steps_across_it():
    cuts = cut_steps(lines([(1, -1), (1, 4)]), FRAME, np.array([0.0]))
    straight, falling, rising = {(0, 1), (3, 4), (6, 7)}, {(0, 4), (3, 7)}, {(1, 3), (4, 6)}
    assert ends(cuts) == straight | falling | rising


def test_a_line_that_ends_between_two_rows_cuts_only_what_it_passes():
    cuts = cut_steps(lines([(1, 4), (1, 1.9)]), FRAME, np.array([0.0]))
    # the diagonals between rows 0 and 1 meet at height 2, those between rows 1 and 2 at height 1
    assert ends(cuts) == {(0, 1), (0, 4), (1, 3)}


@pytest.mark.parametrize(
    "line",
    [
        [(1.5, -1), (1.5, 4)],
        [(-1, 1.5), (4, 1.5)],
        [(-1, -1), (4, 4)],
        [(-1, 4), (4, -1)],
        [(1, -1), (1, 1), (2, 1), (2, 4)],
        [(-1, 0.5), (2.5, 4)],
    ],
)
def test_a_line_through_centres_or_corners_parts_the_cells_in_two_and_isolates_none(line):
    stencil = link_cells(np.ones((3, 3)))
    cuts = cut_steps(lines(line), FRAME, np.array([0.0]))
    assert components(with_barriers(stencil, cuts)).max() == 2


def test_a_closed_ring_around_a_cell_cuts_it_off():
    ring = [(1.1, 1.1), (1.9, 1.1), (1.9, 1.9), (1.1, 1.9), (1.1, 1.1)]
    cuts = cut_steps(lines(ring), FRAME, np.array([0.0]))
    assert len(cuts) == 8
    assert components(with_barriers(link_cells(np.ones((3, 3))), cuts)).max() == 2


def test_barriers_on_one_step_multiply():
    both = lines([(1, -1), (1, 4)], [(1.2, -1), (1.2, 4)], barriers=["railway", "fence"])
    cuts = cut_steps(both, FRAME, np.array([0.5, 0.2]))
    steps, factor = cuts.factors()
    assert len(steps) == 7
    assert factor == pytest.approx(0.1)


def test_a_barrier_that_bends_back_over_a_step_counts_once_by_its_least_permeable_segment():
    bend = lines([(1, -1), (1, 4)], [(1, 4), (1.2, 4), (1.2, -1)])
    cuts = cut_steps(bend, FRAME, np.array([0.5, 0.2]))
    assert cuts.factors()[1] == pytest.approx(0.2)
    assert {cuts.segments[k][1] for k in cuts.segment} == {"part 1"}


def test_a_half_open_barrier_across_a_corridor_doubles_one_resistance():
    frame = Frame(1, 4, 0, 1, 1, 1)
    cuts = cut_steps(lines([(2, -1), (2, 2)]), frame, np.array([0.5]))
    open_land = link_cells(np.ones((1, 4)))
    assert resistance(open_land, 0, 3) == pytest.approx(3)
    assert resistance(with_barriers(open_land, cuts), 0, 3) == pytest.approx(4)


@pytest.mark.parametrize("solver", ["direct", "multigrid"])
def test_a_nearly_closed_barrier_solves_and_a_closed_one_parts(solver):
    rng = np.random.default_rng(5)
    frame = Frame(40, 40, 0, 40, 1, 1)
    stencil = link_cells(np.exp(rng.normal(0, 1, (40, 40))))
    line = lines([(-1, 17.3), (14, 22.2), (41, 19.8)])
    nearly = with_barriers(stencil, cut_steps(line, frame, np.array([1e-6])))
    closed = with_barriers(stencil, cut_steps(line, frame, np.array([0.0])))
    found = resistance(nearly, 20, 39 * 40 + 20, solvers=(solver,), tolerance=1e-9)
    assert found > 1e3
    assert found == pytest.approx(resistance(nearly, 20, 39 * 40 + 20, solvers=("direct",)))
    assert resistance(closed, 20, 39 * 40 + 20, solvers=(solver,)) == np.inf


def test_a_closed_barrier_gives_what_a_nodata_wall_of_no_thickness_would():
    # a wall of NoData between two copies of rows that belong together, against a line between them
    cells = np.exp(np.random.default_rng(2).normal(0, 1, (6, 8)))
    wall = np.vstack([cells[:3], np.full((1, 8), np.nan), cells[3:]])
    frame = Frame(6, 8, 0, 6, 1, 1)
    cut = with_barriers(
        link_cells(cells), cut_steps(lines([(-1, 3), (9, 3)]), frame, np.array([0.0]))
    )
    walled = link_cells(wall)
    assert resistance(cut, 0, 20) == pytest.approx(resistance(walled, 0, 20))
    assert resistance(cut, 25, 47) == pytest.approx(resistance(walled, 33, 55))
    assert resistance(cut, 0, 47) == resistance(walled, 0, 55) == np.inf


def test_lines_in_degrees_are_moved_into_the_plane_of_the_raster():
    frame = Frame(20, 20, 9_700_000, 5_240_000, 1000, 1000, crs="EPSG:6933")
    corners = gpd.GeoSeries(
        [shapely.Point(9_710_400, 5_200_000), shapely.Point(9_710_400, 5_300_000)], crs=frame.crs
    ).to_crs("EPSG:4326")
    line = lines([(p.x, p.y) for p in corners], crs="EPSG:4326")
    cuts = cut_steps(line, frame, np.array([0.0]))
    assert components(with_barriers(link_cells(np.ones((20, 20))), cuts)).max() == 2
    assert cuts.x == pytest.approx(9_710_400, abs=1e-3)


def test_lines_outside_the_raster_cut_nothing():
    cuts = cut_steps(lines([(10, 10), (12, 10)]), FRAME, np.array([0.0]))
    stencil = link_cells(np.ones((3, 3)))
    assert len(cuts) == 0
    assert np.array_equal(with_barriers(stencil, cuts).weights, stencil.weights)


@pytest.mark.parametrize("beyond", [0.6, 3.0, 5_000.0])
@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_closed_line_that_comes_from_outside_leaves_no_hole_at_the_edge(beyond, turn):
    """However far beyond the edge it begins, nothing passes around an end that is not there."""
    across = np.array([(4.3, -beyond), (3.1, 4.2), (4.9, 9 + beyond)])
    x, y = np.meshgrid(np.arange(9) + 0.5, 8.5 - np.arange(9))
    east = np.rot90(x > np.interp(y, across[:, 1], across[:, 0]), turn)
    for _ in range(turn):
        across = np.column_stack([9 - across[:, 1], across[:, 0]])
    cuts = cut_steps(lines(across), Frame(9, 9, 0, 9, 1, 1), np.array([0.0]))
    part = components(with_barriers(link_cells(np.ones((9, 9))), cuts))
    assert len(set(part[east])) == len(set(part[~east])) == 1
    assert set(part[east]) != set(part[~east])


def test_the_landscape_that_was_given_stays_as_it_was():
    stencil = link_cells(np.ones((3, 3)))
    before = stencil.weights.copy()
    with_barriers(stencil, cut_steps(lines([(1, -1), (1, 4)]), FRAME, np.array([0.0])))
    assert np.array_equal(stencil.weights, before)


def test_barriers_are_chosen_by_name_and_unknown_names_refused():
    both = lines([(1, -1), (1, 4)], [(2, -1), (2, 4)], barriers=["railway", "fence"])
    cuts = cut_steps(both, FRAME, np.array([0.5, 0.2]))
    assert cuts.only(["fence"]).factors()[1] == pytest.approx(0.2)
    with pytest.raises(UnknownNameError, match="'road'"):
        cuts.only(["road"])


def test_an_empty_table_of_barriers_is_refused():
    with pytest.raises(InvalidGeometryError, match="holds no lines"):
        cut_steps(lines([(0, 0), (1, 1)]).iloc[:0], FRAME, np.zeros(0))


def test_an_area_is_refused_with_what_to_do_instead():
    lake = gpd.GeoDataFrame(
        {"barrier_id": ["lake"], "segment_id": ["all"]}, geometry=[shapely.box(0, 0, 1, 1)]
    )
    with pytest.raises(InvalidGeometryError, match=r"'lake'.*Polygon.*NoData"):
        cut_steps(lake, FRAME, np.array([0.0]))


@pytest.mark.parametrize("permeability", [[1.5], [-0.1], [np.nan], [0.5, 0.5]])
def test_a_permeability_that_is_no_share_is_refused(permeability):
    with pytest.raises(InvalidGeometryError, match="permeability"):
        cut_steps(lines([(1, -1), (1, 4)]), FRAME, np.array(permeability))


def test_two_rows_of_one_segment_are_refused():
    twice = lines([(0, 0), (1, 1)], [(1, 1), (2, 2)], segments=["a", "a"])
    with pytest.raises(InvalidTableError, match="repeat an earlier"):
        cut_steps(twice, FRAME, np.array([0.0, 0.0]))


def test_a_coordinate_system_on_one_side_only_is_refused():
    with pytest.raises(UnknownCrsError, match="found for the lines, none for the frame"):
        cut_steps(lines([(1, -1), (1, 4)], crs="EPSG:4326"), FRAME, np.array([0.0]))


def test_cuts_of_another_raster_are_refused():
    cuts = cut_steps(lines([(1, -1), (1, 4)]), FRAME, np.array([0.0]))
    with pytest.raises(InvalidGridError, match=r"\(3, 3\) cells.*\(4, 4\)"):
        with_barriers(link_cells(np.ones((4, 4))), cuts)


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        ({"rows": 0}, InvalidGridError),
        ({"cell_height": -1}, InvalidGridError),
        ({"crs": "EPSG:0"}, UnknownCrsError),
    ],
)
def test_a_frame_that_is_none_is_refused(frame, error):
    good = {"rows": 3, "columns": 3, "west": 0, "north": 3, "cell_width": 1, "cell_height": 1}
    with pytest.raises(error, match="frame"):
        Frame(**(good | frame))
