"""Windows around every target: what flows to it, what hinders, and what is refused."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

from kulan.connectivity.circuits.one_and_all import all_to_one
from kulan.connectivity.circuits.sites import sites_from_list
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Links, Stencil, link_cells
from kulan.connectivity.windows.exact import omnidirectional_windows
from kulan.connectivity.windows.sources import (
    Condition,
    WindowRule,
    lay_targets,
    share_current,
)
from kulan.errors import InvalidFileError, InvalidGridError

PRECISE = Solving(tolerance=1e-11)


def rough(seed: int = 1, shape: tuple[int, int] = (24, 27)) -> np.ndarray:
    return np.exp(np.random.default_rng(seed).normal(0, 1, shape))


def test_one_target_is_an_all_to_one_circuit():
    conductance, strengths = rough(shape=(9, 9)), np.zeros((9, 9))
    strengths[4, 4], strengths[4, 7], strengths[1, 4] = 1.0, 2.0, 6.0
    landscape = link_cells(conductance)

    flow = omnidirectional_windows(landscape, strengths, WindowRule(20), solving=PRECISE)

    cells = np.array([40, 43, 13])
    amps = {1: 1.0, 2: 2.0, 3: 6.0}
    expected = np.zeros((9, 9))
    for target in (1, 2, 3):
        others = {k: amps[k] for k in amps if k != target}
        shares = {k: amps[target] * v / sum(others.values()) for k, v in others.items()}
        sites = sites_from_list(np.array([1, 2, 3]), cells)
        partners = {k: tuple(others) if k == target else () for k in amps}
        found = all_to_one(landscape, sites, strengths=shares, partners=partners, solving=PRECISE)
        expected += found.cumulative
    assert flow.n_windows == 3
    np.testing.assert_allclose(flow.current, expected, atol=1e-9)


def test_a_target_carries_its_own_strength():
    strengths = np.zeros((11, 11))
    strengths[5, 5], strengths[5, 8] = 3.0, 0.5

    flow = omnidirectional_windows(link_cells(rough(2, (11, 11))), strengths, WindowRule(4))

    # 3 A flow to the first, and 0.5 A to the second, each from the other
    assert flow.current[5, 5] == pytest.approx(3.5)
    assert flow.current[5, 8] == pytest.approx(3.5)


def test_sources_beyond_the_radius_send_nothing():
    strengths = np.zeros((5, 30))
    strengths[2, 2], strengths[2, 20] = 1.0, 1.0

    flow = omnidirectional_windows(link_cells(np.ones((5, 30))), strengths, WindowRule(10))

    assert flow.n_windows == 0
    assert not flow.current.any()


def test_an_even_landscape_has_the_flow_of_an_even_landscape():
    flow = omnidirectional_windows(
        link_cells(np.full((21, 21), 7.0)), np.ones((21, 21)), WindowRule(4, 3), solving=PRECISE
    )

    np.testing.assert_allclose(flow.normalised, 1.0, atol=1e-8)


def test_turning_the_landscape_turns_the_map():
    conductance, strengths = rough(3, (18, 18)), np.abs(rough(4, (18, 18)))

    def solve(cells: np.ndarray, sources: np.ndarray) -> np.ndarray:
        return omnidirectional_windows(
            link_cells(cells), sources, WindowRule(5, 3, 1), solving=PRECISE
        ).normalised

    turned = solve(np.rot90(conductance), np.rot90(strengths))
    np.testing.assert_allclose(turned, np.rot90(solve(conductance, strengths)), atol=1e-8)


def test_nodata_carries_nothing_and_a_closed_wall_is_not_crossed():
    conductance = rough(5)
    conductance[:, 13] = 0.0

    walled = link_cells(conductance)
    one_side = np.ones((24, 27))
    one_side[:, 14:] = 0.0

    flow = omnidirectional_windows(walled, one_side, WindowRule(5), solving=PRECISE)

    assert not flow.current[:, 13:].any()
    alone = omnidirectional_windows(
        link_cells(conductance[:, :13]), np.ones((24, 13)), WindowRule(5), solving=PRECISE
    )
    np.testing.assert_allclose(flow.current[:, :13], alone.current, atol=1e-8)


def test_the_share_of_sources_behind_a_closed_wall_is_lost_and_not_given_to_others():
    conductance = rough(5)
    open_flow = omnidirectional_windows(link_cells(conductance), np.ones((24, 27)), WindowRule(5))
    conductance[:, 13] = 0.0
    closed_flow = omnidirectional_windows(link_cells(conductance), np.ones((24, 27)), WindowRule(5))

    assert closed_flow.current.sum() < open_flow.current.sum()
    beside = (slice(None), slice(10, 13))
    assert closed_flow.current[beside].sum() < open_flow.current[beside].sum()


def test_a_block_with_nodata_in_its_middle_keeps_its_target():
    valid = np.ones((9, 9), bool)
    valid[4, 4] = False
    strengths = valid.astype(float)

    targets = lay_targets(strengths, valid, WindowRule(4, 3))

    assert len(targets) == 9
    assert targets.amps[4] == 8.0
    assert abs(targets.rows[4] - 4) + abs(targets.columns[4] - 4) == 1
    dropped = lay_targets(strengths, valid, WindowRule(4, 3, compat="omniscape0.6"))
    assert (dropped.rows[4], dropped.columns[4]) == (4, 4)


def test_a_crossing_lets_current_through_a_closed_wall():
    conductance = np.ones((9, 9))
    conductance[:, 4] = 0.0
    closed = link_cells(conductance)
    bridge = Links(np.array([4 * 9 + 3]), np.array([4 * 9 + 5]), np.array([1.0]))
    opened = Stencil(closed.weights, closed.valid, bridge)

    before = omnidirectional_windows(closed, np.ones((9, 9)), WindowRule(4), solving=PRECISE)
    after = omnidirectional_windows(opened, np.ones((9, 9)), WindowRule(4), solving=PRECISE)

    assert after.current[4, 3] > before.current[4, 3] + 1
    factorised = omnidirectional_windows(
        opened, np.ones((9, 9)), WindowRule(4), solving=Solving(solvers=("direct",))
    )
    np.testing.assert_allclose(after.current, factorised.current, atol=1e-8)


def test_a_block_has_its_commonest_value_and_of_several_the_first_that_is_so_common():
    """Counted column by column: 5 is the first to come twice, though 3 and 4 do as well."""
    kinds = np.array([[5.0, 4.0, np.nan], [3.0, 5.0, 4.0], [7.0, np.nan, 3.0]])
    around = np.full((9, 9), 5.0)
    around[3:6, 3:6] = kinds
    around[0, :] = 4.0
    targets = lay_targets(np.ones((9, 9)), np.ones((9, 9), bool), WindowRule(4, 3))
    _, amps = share_current(
        np.ones((9, 9)), [Condition(around, around, None)], targets, 4, WindowRule(4, 3)
    )
    assert amps[1, 4] > 0
    assert amps[0, 4] == 0


def test_sources_that_do_not_meet_a_condition_send_nothing():
    strengths = np.ones((7, 7))
    warmth = np.tile(np.arange(7.0), (7, 1))
    rule = WindowRule(3)
    targets = lay_targets(strengths, np.ones((7, 7), bool), rule)
    middle = 24

    within = Condition(warmth, warmth, (-1.0, 0.0))
    _box, amps = share_current(strengths, (within,), targets, middle, rule)
    assert set(np.nonzero(amps)[1].tolist()) == {2, 3}
    equal = Condition(warmth, warmth + 1, None)
    _box, amps = share_current(strengths, (equal,), targets, middle, rule)
    assert set(np.nonzero(amps)[1].tolist()) == {4}


def test_pieces_solved_elsewhere_give_the_same_bytes():
    landscape, strengths = link_cells(rough(6, (70, 75))), np.ones((70, 75))
    done: list[tuple[int, int]] = []

    here = omnidirectional_windows(
        landscape, strengths, WindowRule(6, 5), report=lambda n, of: done.append((n, of))
    )
    with ThreadPoolExecutor(2) as pool:
        there = omnidirectional_windows(landscape, strengths, WindowRule(6, 5), executor=pool)

    assert here.current.tobytes() == there.current.tobytes()
    assert here.normalised.tobytes() == there.normalised.tobytes()
    assert done[-1] == (14 * 15, 14 * 15)
    assert len(done) > 1


def test_a_window_that_is_not_solved_is_left_out_and_told():
    conductance = rough(9, (60, 60))
    conductance[:, 30:] *= 1e-5
    landscape, strengths = link_cells(conductance), np.zeros((60, 60))
    strengths[10, 10] = strengths[50, 50] = 1.0
    impatient = Solving(tolerance=1e-14, most_iterations=1, solvers=("multigrid",))

    flow = omnidirectional_windows(landscape, strengths, WindowRule(80), solving=impatient)

    assert [failure.first for failure in flow.failures] == [10 * 60 + 10, 50 * 60 + 50]
    assert "no other solver is allowed" in flow.failures[0].reason
    assert not flow.current.any()
    impatient = Solving(tolerance=1e-10, most_iterations=1)
    solved = omnidirectional_windows(landscape, strengths, WindowRule(80), solving=impatient)
    assert solved.failures == ()
    assert solved.current[10, 10] == pytest.approx(2.0)


def test_a_stopped_run_goes_on_and_gives_the_same_bytes(tmp_path):
    landscape, strengths = link_cells(rough(7, (70, 40))), np.ones((70, 40))
    rule = WindowRule(6, 5)
    whole = omnidirectional_windows(landscape, strengths, rule)

    def stop(done: int, _of: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        omnidirectional_windows(landscape, strengths, rule, report=stop, kept_in=tmp_path)
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == 1
    written = kept[0].stat().st_mtime_ns
    resumed = omnidirectional_windows(landscape, strengths, rule, kept_in=tmp_path)

    assert resumed.current.tobytes() == whole.current.tobytes()
    assert resumed.normalised.tobytes() == whole.normalised.tobytes()
    assert resumed.n_windows == whole.n_windows
    assert kept[0].stat().st_mtime_ns == written
    other = omnidirectional_windows(landscape, 2 * strengths, rule, kept_in=tmp_path)
    np.testing.assert_allclose(other.current, 2 * whole.current, rtol=1e-4, atol=1e-6)
    kept[0].write_bytes(b"cut short")
    with pytest.raises(InvalidFileError, match="Delete it"):
        omnidirectional_windows(landscape, strengths, rule, kept_in=tmp_path)


def test_pieces_solved_by_other_processes_give_the_same_bytes(tmp_path):
    landscape, strengths = link_cells(rough(8, (40, 70))), np.ones((40, 70))
    here = omnidirectional_windows(landscape, strengths, WindowRule(6, 5))

    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        there = omnidirectional_windows(
            landscape, strengths, WindowRule(6, 5), executor=pool, kept_in=tmp_path
        )

    assert here.current.tobytes() == there.current.tobytes()
    assert len(list(tmp_path.iterdir())) == 6


@pytest.mark.parametrize(
    ("strengths", "told"),
    [
        (np.ones((3, 3)), "landscape has"),
        (np.full((5, 5), -1.0), "strength of -1 in row 0, column 0"),
        (np.zeros((5, 5)), "no block has a strength"),
    ],
)
def test_sources_that_cannot_be_meant_are_refused(strengths, told):
    with pytest.raises(InvalidGridError, match=told):
        omnidirectional_windows(link_cells(np.ones((5, 5))), strengths, WindowRule(2))


@pytest.mark.parametrize("rule", [(0, 1), (3, 2), (2, 5)])
def test_windows_without_sense_are_refused(rule):
    with pytest.raises(InvalidGridError, match="window"):
        WindowRule(*rule)
