"""Circuits with known answers, and what happens when one cannot be solved."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kulan.connectivity.circuits import conjugate_gradients, raster_circuit
from kulan.connectivity.circuits.networks import network_advanced, network_of, network_pairwise
from kulan.connectivity.circuits.one_and_all import all_to_one, one_to_all
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.results import PairMap
from kulan.connectivity.circuits.sites import Sites, merge, sites_from_list, sites_on_raster
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Links, components, link_cells
from kulan.connectivity.circuits.wired import advanced
from kulan.connectivity.synthetic import log_normal_with_barriers
from kulan.errors import InvalidGridError, InvalidTableError, MissingExtraError, NotSolvedError

ROW = np.ones((1, 5))


def sites(**cells: list[int]) -> Sites:
    return Sites({int(name[1:]): np.array(places) for name, places in cells.items()})


def test_four_links_in_a_row_have_four_ohms():
    found = pairwise(link_cells(ROW), sites(s1=[0], s2=[4]))
    assert found.resistance[0, 1] == pytest.approx(4.0)
    assert found.cumulative == pytest.approx(np.ones((1, 5)))
    assert found.maximum == pytest.approx(np.ones((1, 5)))


def test_a_square_of_four_cells_with_and_without_diagonals():
    opposite = sites(s1=[0], s2=[3])
    four = pairwise(link_cells(np.ones((2, 2)), neighbours=4), opposite)
    eight = pairwise(link_cells(np.ones((2, 2))), opposite)
    assert four.resistance[0, 1] == pytest.approx(1.0)
    assert eight.resistance[0, 1] == pytest.approx(1 / (1 + 1 / np.sqrt(2)))


def test_a_site_on_nodata_is_connected_with_none():
    row = ROW.copy()
    row[0, 2] = np.nan
    found = pairwise(link_cells(row), sites(s1=[0], s2=[1], s3=[2], s4=[4]))
    assert found.resistance[0, 1] == pytest.approx(1.0)
    assert np.isinf(found.resistance[0, 2:]).all()
    assert not found.cumulative[0, 2:].any()


def test_a_polygon_carries_its_current_through_all_its_cells_nodata_included():
    row = np.array([[1.0, 1.0, np.nan, 1.0, 1.0]])
    polygon = np.array([[0, 7, 7, 7, 0]])
    found = pairwise(link_cells(row), sites(s1=[0], s2=[4]), short_circuits=polygon)
    assert found.resistance[0, 1] == pytest.approx(2.0)
    assert found.cumulative == pytest.approx(np.ones((1, 5)))


def test_a_polygon_of_nodata_alone_is_nothing():
    row = np.array([[1.0, np.nan, 1.0]])
    merged = merge(link_cells(row), np.array([[0, 3, 0]]))
    assert merged is not None
    assert not merged.any()
    assert components(link_cells(row), merged).tolist() == [[1, 0, 2]]


def test_a_region_is_one_node_only_for_its_own_pairs():
    row = np.ones((1, 7))
    found = pairwise(link_cells(row), sites(s1=[0], s2=[6], s3=[2, 4]))
    assert found.resistance[0, 1] == pytest.approx(6.0)
    assert found.resistance[0, 2] == pytest.approx(2.0)
    assert found.resistance[1, 2] == pytest.approx(2.0)


def test_a_region_on_a_polygon_joins_it():
    row = np.ones((1, 7))
    polygon = np.array([[0, 0, 5, 5, 0, 0, 0]])
    grid = link_cells(row)
    merged = merge(grid, polygon, [np.array([3, 5])])
    assert merged is not None
    assert len(np.unique(merged[0, [2, 3, 5]])) == 1
    assert merged[0, 4] == 0
    found = pairwise(grid, sites(s1=[0], s2=[3, 5]), short_circuits=polygon)
    assert found.resistance[0, 1] == pytest.approx(2.0)


def test_two_sites_of_one_node_are_no_distance_apart():
    polygon = np.array([[4, 4, 0, 0, 0]])
    received: list[PairMap] = []
    found = pairwise(
        link_cells(ROW), sites(s1=[0], s2=[1]), short_circuits=polygon, receive=received.append
    )
    assert found.resistance[0, 1] == 0.0
    assert not received[0].current.any()


def test_pairs_come_in_rising_order_and_only_those_asked_for():
    received: list[tuple[int, int]] = []
    found = pairwise(
        link_cells(ROW),
        sites(s1=[0], s2=[2], s3=[4]),
        pairs=[(3, 1), (1, 2)],
        receive=lambda pair: received.append((pair.first, pair.second)),
    )
    assert received == [(1, 2), (1, 3)]
    assert np.isnan(found.resistance[1, 2])


def test_a_pair_with_an_unknown_site_is_refused():
    with pytest.raises(InvalidGridError, match="no site has the number 9"):
        pairwise(link_cells(ROW), sites(s1=[0], s2=[2]), pairs=[(1, 9)])


def test_n_sites_take_n_minus_one_solves():
    cells = np.random.default_rng(0).uniform(1, 9, (12, 12))
    found = pairwise(link_cells(cells), sites(s1=[0], s2=[11], s3=[140], s4=[70], s5=[66]))
    assert len(found.attempts) == 4
    assert np.isfinite(found.resistance).all()


def test_one_to_all_sends_its_strength_and_tells_the_resistance():
    three = sites(s1=[0], s2=[2], s3=[4])
    received: list[PairMap] = []
    found = one_to_all(link_cells(ROW), three, strengths={2: 3.0}, receive=received.append)
    assert found.resistance == pytest.approx([2.0, 1.0, 2.0])
    assert received[1].current == pytest.approx(np.array([[1.5, 1.5, 3.0, 1.5, 1.5]]))


def test_a_site_without_strength_sends_nothing():
    three = sites(s1=[0], s2=[2], s3=[4])
    received: list[PairMap] = []
    found = one_to_all(link_cells(ROW), three, strengths={2: 0.0}, receive=received.append)
    assert np.isnan(found.resistance[1])
    assert not received[1].current.any()
    all_to_one(link_cells(ROW), three, strengths={2: 0.0, 3: 0.0}, receive=received.append)
    assert not received[3].current.any()


def test_all_to_one_gathers_what_all_send():
    three = sites(s1=[0], s2=[2], s3=[4])
    received: list[PairMap] = []
    all_to_one(link_cells(ROW), three, strengths={3: 5.0}, receive=received.append)
    assert received[0].current == pytest.approx(np.array([[6.0, 6.0, 6.0, 5.0, 5.0]]))


def test_partners_limit_whom_a_site_sends_to():
    three = sites(s1=[0], s2=[2], s3=[4])
    found = one_to_all(link_cells(ROW), three, partners={1: (3,), 2: (3,), 3: (1, 2)})
    assert found.resistance == pytest.approx([4.0, 2.0, 2.0])


def test_a_finite_ground_and_a_source_share_a_cell():
    """One ampere into a cell with 1 S to the ground, beside a cell held at zero by 1 S."""
    ground = np.array([[1.0, np.inf]])
    wired = advanced(link_cells(np.ones((1, 2))), np.array([[1.0, 0.0]]), ground)
    assert wired.voltage == pytest.approx(np.array([[0.5, 0.0]]))
    assert wired.current == pytest.approx(np.array([[1.0, 0.5]]))


def test_parts_without_source_or_ground_carry_nothing():
    row = np.array([[1.0, 1.0, np.nan, 1.0, 1.0]])
    sources, ground = np.array([[1.0, 0, 0, 0, 0]]), np.array([[0, 0, 0, 0, 1.0]])
    wired = advanced(link_cells(row), sources, ground)
    assert not wired.voltage.any()
    assert not wired.current.any()


def test_current_that_cannot_leave_is_refused():
    circuit = RasterCircuit(link_cells(ROW))
    with pytest.raises(NotSolvedError, match="2 A enters a part"):
        circuit.solve(Injection(np.array([1]), np.array([2.0])))


def test_current_into_nodata_is_refused():
    row = ROW.copy()
    row[0, 3] = 0
    with pytest.raises(InvalidGridError, match="cell 3, which is NoData"):
        RasterCircuit(link_cells(row)).solve(Injection.between(0, 3))


@pytest.mark.parametrize(
    ("bad", "message"),
    [(-1.0, "1 cells are negative, the first in row 0, column 2"), (np.inf, "infinite")],
)
def test_impossible_conductances_are_refused_with_their_place(bad, message):
    row = ROW.copy()
    row[0, 2] = bad
    with pytest.raises(InvalidGridError, match=message):
        link_cells(row)


def test_what_was_given_is_not_changed():
    row = np.array([[1.0, np.nan, 1.0]])
    before = row.copy()
    link_cells(row)
    np.testing.assert_array_equal(row, before)


def test_a_crossing_bridges_nodata():
    row = np.array([[1.0, np.nan, 1.0]])
    bridge = Links(np.array([0]), np.array([2]), np.array([0.25]))
    for solver in ("direct", "multigrid"):
        found = pairwise(
            link_cells(row, links=bridge), sites(s1=[0], s2=[2]), solving=Solving(solvers=(solver,))
        )
        assert found.resistance[0, 1] == pytest.approx(4.0)
        assert found.cumulative == pytest.approx(np.array([[1.0, 0.0, 1.0]]))


def test_sites_come_from_a_raster_or_a_list():
    drawn = sites_on_raster(np.array([[2, 0, -9], [1, 2, 0]]))
    listed = sites_from_list(np.array([2, 1, 2, 2]), np.array([4, 3, 0, 4]))
    assert drawn.numbers == listed.numbers == (1, 2)
    assert drawn.cells[2].tolist() == listed.cells[2].tolist() == [0, 4]
    assert drawn.regions == (2,)
    with pytest.raises(InvalidGridError, match="none found"):
        sites_on_raster(np.zeros((2, 2), int))


def test_maps_gathered_four_at_a_time_are_those_of_each_pair():
    grid = link_cells(log_normal_with_barriers(40))
    seven = Sites({k: np.array([k * 230]) for k in range(1, 7)})
    received: list[PairMap] = []
    alone = pairwise(grid, seven, receive=received.append)
    together = pairwise(grid, seven)
    np.testing.assert_allclose(together.cumulative, alone.cumulative, rtol=1e-12)
    np.testing.assert_allclose(together.maximum, alone.maximum, rtol=1e-12)
    np.testing.assert_allclose(together.cumulative, sum(pair.current for pair in received))
    np.testing.assert_allclose(together.maximum, np.max([pair.current for pair in received], 0))


@pytest.mark.parametrize("solver", ["multigrid", "direct"])
def test_threads_give_the_same_bytes(solver):
    grid = link_cells(log_normal_with_barriers(90))
    six = Sites({k: np.array([k * 1300]) for k in range(1, 7)})
    solving = Solving(solvers=(solver,))
    one = pairwise(grid, six, solving=solving)
    with ThreadPoolExecutor(4) as executor:
        several = pairwise(grid, six, solving=solving, executor=executor)
    assert one.resistance.tobytes() == several.resistance.tobytes()
    assert one.cumulative.tobytes() == several.cumulative.tobytes()
    assert one.attempts == several.attempts


def test_potentials_that_do_not_fit_in_memory_wait_on_disk():
    grid = link_cells(log_normal_with_barriers(60))
    four = Sites({k: np.array([k * 800]) for k in range(1, 5)})
    here = pairwise(grid, four)
    there = pairwise(grid, four, solving=Solving(most_stored_bytes=0))
    assert here.cumulative.tobytes() == there.cumulative.tobytes()
    assert here.resistance.tobytes() == there.resistance.tobytes()


def test_a_node_of_many_scattered_cells_is_solved():
    grid = link_cells(log_normal_with_barriers(90))
    node = np.zeros(grid.shape, int)
    node.flat[np.random.default_rng(0).integers(0, 8100, 60)] = 4
    ends = sites(s1=[0], s2=[8099])
    exact, found = (
        pairwise(grid, ends, short_circuits=node, solving=Solving(solvers=(solver,)))
        for solver in ("direct", "multigrid")
    )
    np.testing.assert_allclose(found.resistance, exact.resistance, rtol=1e-6)
    np.testing.assert_allclose(found.cumulative, exact.cumulative, atol=1e-5)


# --- failures are recorded, retried with the next solver, and never end a run ---------------------


def stalled(*_args, **_options):
    start = np.zeros((32, 32))
    return conjugate_gradients.Iterated(start, 7, 0.5, False)


def test_a_solver_that_stalls_is_followed_by_the_next(monkeypatch):
    monkeypatch.setattr(raster_circuit, "conjugate_gradients", stalled)
    grid = link_cells(log_normal_with_barriers(30))
    found = pairwise(
        grid, sites(s1=[0], s2=[899]), solving=Solving(solvers=("multigrid", "direct"))
    )
    exact = pairwise(grid, sites(s1=[0], s2=[899]), solving=Solving(solvers=("direct",)))
    assert found.resistance == pytest.approx(exact.resistance)
    assert found.failures == ()


def test_a_pair_that_no_solver_solves_is_recorded_and_the_others_go_on(monkeypatch):
    solve = RasterCircuit.solve

    def fail_for_two(self, injection):
        if 29 in injection.places:
            raise NotSolvedError("no solver balanced the currents")
        return solve(self, injection)

    monkeypatch.setattr(RasterCircuit, "solve", fail_for_two)
    grid = link_cells(log_normal_with_barriers(30))
    found = pairwise(grid, sites(s1=[0], s2=[29], s3=[899]))
    assert [(one.first, one.second) for one in found.failures] == [(1, 2), (2, 3)]
    assert np.isnan(found.resistance[0, 1])
    assert np.isnan(found.resistance[1, 2])
    assert found.resistance[0, 2] > 0
    assert found.cumulative.max() == pytest.approx(1.0)


def test_every_try_is_told_when_all_fail(monkeypatch):
    monkeypatch.setattr(raster_circuit, "conjugate_gradients", stalled)

    def missing(*_args, **_options):
        raise MissingExtraError("PyAMG is not installed")

    monkeypatch.setattr(raster_circuit, "solve_by_pyamg", missing)
    solving = Solving(solvers=("multigrid", "pyamg", "direct"), most_direct_nodes=100)
    circuit = RasterCircuit(link_cells(log_normal_with_barriers(30)), solving=solving)
    with pytest.raises(NotSolvedError) as refused:
        circuit.solve(Injection.between(0, 899))
    for told in ("multigrid: residual 5.0e-01 after 7", "not installed", "900 nodes are too many"):
        assert told in str(refused.value)


def test_pyamg_gives_the_same_answer_where_it_is_installed():
    pytest.importorskip("pyamg", reason="PyAMG is not installed, so it cannot be the fallback")
    grid = link_cells(log_normal_with_barriers(60))
    ends = sites(s1=[0], s2=[3599])
    found = pairwise(grid, ends, solving=Solving(tolerance=1e-9, solvers=("pyamg",)))
    exact = pairwise(grid, ends, solving=Solving(solvers=("direct",)))
    assert found.resistance == pytest.approx(exact.resistance, rel=1e-7)


# --- networks -------------------------------------------------------------------------------------


def test_parallel_links_add_up_and_nodes_keep_their_numbers():
    network = network_of(np.array([9, 4, 9]), np.array([4, 9, 5]), np.array([1.0, 1.0, 0.5]))
    assert network.nodes.tolist() == [4, 5, 9]
    found = network_pairwise(network, [4, 5, 9])
    assert found.resistance[0].tolist() == pytest.approx([0.0, 2.5, 0.5])


def test_a_node_that_no_link_names_is_refused():
    network = network_of(np.array([1]), np.array([2]), np.array([1.0]))
    with pytest.raises(InvalidTableError, match="node 7: no link"):
        network_pairwise(network, [1, 7])


def test_a_network_with_sources_and_grounds():
    """Four nodes in a ring of 100 ohm; 1 A enters node 0 and leaves at node 2."""
    first, second = np.array([0, 0, 1, 2]), np.array([1, 2, 3, 3])
    network = network_of(first, second, np.full(4, 0.01))
    flow = network_advanced(network, np.array([1.0, 0, 0, 0]), np.array([0, 0, np.inf, 0]))
    assert flow.voltage == pytest.approx([75, 50, 0, 25])
    assert flow.node_current == pytest.approx([1, 0.25, 1, 0.25])
    assert flow.link_current == pytest.approx([0.25, 0.75, 0.25, 0.25])
