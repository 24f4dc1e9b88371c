"""Without barriers and with them: small networks worked by hand."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kulan.connectivity.barriers.cuts import cut_steps
from kulan.connectivity.barriers.effect import (
    barrier_effect,
    isolated_habitat,
    mean_way,
    overall,
)
from kulan.connectivity.circuits.sites import sites_from_list
from kulan.connectivity.circuits.stencil import Links, link_cells
from kulan.connectivity.frames import Frame
from kulan.errors import InvalidGridError, NotSolvedError

CORRIDOR = Frame(1, 4, 0, 1000, 1000, 1000)


def line(*xy):
    return gpd.GeoDataFrame(
        {"barrier_id": ["railway"], "segment_id": ["all"]}, geometry=[shapely.LineString(xy)]
    )


def cuts_of(frame, permeability, *xy):
    return cut_steps(line(*xy), frame, np.array([permeability]))


def sites(*cells):
    return sites_from_list(np.arange(1, len(cells) + 1), np.array(cells))


def test_a_half_open_railway_across_a_corridor():
    cuts = cuts_of(CORRIDOR, 0.5, (2000, -1), (2000, 2000))
    effect = barrier_effect(link_cells(np.ones((1, 4))), cuts, sites(0, 3))
    # three steps of 1 ohm; the cut one becomes 2 ohm; the way stays the same
    assert effect.resistance_without[0, 1] == pytest.approx(3)
    assert effect.resistance_change[0, 1] == pytest.approx(1)
    assert effect.way_without[0, 1] == effect.way_with[0, 1] == pytest.approx(3000)
    assert effect.current_change == pytest.approx(0, abs=1e-12)


def test_a_fence_that_must_be_walked_around():
    # two rows of three cells, orthogonal steps only, the southern way closed at its start
    frame = Frame(2, 3, 0, 2, 1, 1)
    cuts = cuts_of(frame, 0.0, (1, -1), (1, 1))
    effect = barrier_effect(link_cells(np.ones((2, 3)), neighbours=4), cuts, sites(3, 5))
    # without: 2 ohm beside 4 ohm, shares 2/3 and 1/3 (the middle link carries nothing)
    assert effect.resistance_without[0, 1] == pytest.approx(4 / 3)
    assert effect.way_without[0, 1] == pytest.approx(8 / 3)
    # with: two steps in a row, then two ways of two steps side by side; all ways have four steps
    assert effect.resistance_with[0, 1] == pytest.approx(3)
    assert effect.way_change[0, 1] == pytest.approx(4 - 8 / 3)
    assert effect.current_change[0, 1] > 0


def test_a_closed_barrier_takes_the_whole_current_and_every_way():
    cuts = cuts_of(CORRIDOR, 0.0, (2000, -1), (2000, 2000))
    effect = barrier_effect(link_cells(np.ones((1, 4))), cuts, sites(0, 3))
    assert effect.resistance_with[0, 1] == effect.way_with[0, 1] == np.inf
    assert effect.current_change == pytest.approx(-effect.current_without)
    assert effect.current_without == pytest.approx(1)


def test_pairs_without_a_way_before_have_no_change():
    cuts = cuts_of(CORRIDOR, 0.0, (1000, -1), (1000, 2000))
    land = link_cells(np.array([[1.0, 1.0, np.nan, 1.0]]))
    effect = barrier_effect(land, cuts, sites(0, 3))
    assert np.isnan(effect.resistance_change[0, 1])


def test_ways_along_diagonals_and_bridges_are_measured_in_the_plane():
    frame = Frame(2, 2, 0, 4, 3, 2)
    diagonal = link_cells(np.array([[1.0, np.nan], [np.nan, 1.0]]))
    voltage = np.array([[0.0, 0.0], [0.0, np.sqrt(2.0)]])
    assert mean_way(diagonal, voltage, frame) == pytest.approx(np.hypot(3, 2))
    bridge = Links(np.array([0]), np.array([3]), np.array([0.5]))
    bridged = link_cells(np.array([[1.0, np.nan], [np.nan, 1.0]]), neighbours=4, links=bridge)
    assert mean_way(bridged, voltage * np.sqrt(2.0), frame) == pytest.approx(np.hypot(3, 2))


def test_a_frame_of_another_raster_is_refused():
    with pytest.raises(InvalidGridError, match=r"\(1, 4\)"):
        mean_way(link_cells(np.ones((2, 2))), np.zeros((2, 2)), CORRIDOR)


def test_a_closed_line_halves_the_mesh_and_isolates_what_lies_beyond():
    cuts = cuts_of(CORRIDOR, 0.0, (2000, -1), (2000, 2000))
    found = isolated_habitat(link_cells(np.ones((1, 4))), cuts, sites(0), np.ones((1, 4)))
    assert found.isolated_km2 == 2
    assert found.isolated.tolist() == [[False, False, True, True]]
    assert (found.parts_without, found.parts_with) == (1, 2)
    assert (found.mesh_without_km2, found.mesh_with_km2) == (4, 2)
    assert (found.reached_without_km2, found.reached_with_km2) == ({1: 4.0}, {1: 2.0})


def test_steps_below_a_share_count_as_closed_only_when_asked():
    cuts = cuts_of(CORRIDOR, 0.01, (2000, -1), (2000, 2000))
    land, habitat = link_cells(np.ones((1, 4))), np.array([[1.0, np.nan, 1.0, 2.0]])
    assert isolated_habitat(land, cuts, sites(0), habitat).isolated_km2 == 0
    found = isolated_habitat(land, cuts, sites(0), habitat, impassable=0.01)
    assert found.isolated_km2 == 3
    assert found.habitat_km2 == 4


def test_habitat_on_nodata_is_a_part_of_its_own():
    cuts = cuts_of(CORRIDOR, 0.0, (2000, -1), (2000, 2000))
    land = link_cells(np.array([[1.0, 1.0, np.nan, np.nan]]))
    found = isolated_habitat(land, cuts, sites(0), np.ones((1, 4)))
    assert found.parts_without == 3
    assert found.mesh_without_km2 == (4 + 1 + 1) / 4
    assert found.isolated_km2 == 0


@pytest.mark.parametrize(
    "habitat", [np.ones((2, 4)), np.zeros((1, 4)), np.array([[1.0, -1.0, 1.0, 1.0]])]
)
def test_habitat_that_cannot_be_is_refused(habitat):
    cuts = cuts_of(CORRIDOR, 0.0, (2000, -1), (2000, 2000))
    with pytest.raises(InvalidGridError, match="habitat"):
        isolated_habitat(link_cells(np.ones((1, 4))), cuts, sites(0), habitat)


def test_connections_are_summed_up_over_pairs():
    resistance = np.array([[0, 2, 4], [2, 0, np.inf], [4, np.inf, 0]])
    assert overall(resistance, "resistance") == np.inf
    assert overall(resistance, "conductance") == pytest.approx((1 / 2 + 1 / 4) / 3)


def test_no_mean_is_taken_over_unsolved_pairs_or_a_single_site():
    with pytest.raises(NotSolvedError, match="1 of 1 pairs"):
        overall(np.array([[0, np.nan], [np.nan, 0]]), "resistance")
    with pytest.raises(InvalidGridError, match="at least two"):
        overall(np.zeros((1, 1)), "resistance")
    with pytest.raises(InvalidGridError, match="one node"):
        overall(np.zeros((2, 2)), "conductance")
