"""Simulated tracks have the properties that were planted."""

import numpy as np
import pytest

from kulan.errors import InvalidTableError
from kulan.movement.simulation.observing import Collar, observe
from kulan.movement.simulation.straight_barriers import StraightBarrier, put_barrier
from kulan.movement.simulation.wandering import Migration, Wandering, migrate, wander

DAY_S = 86_400.0
MOVING = Wandering(2 * DAY_S, 3600.0, 4000.0)


def autocorrelation(lag_s):
    slow, fast = MOVING.tau_position_s, MOVING.tau_velocity_s
    return (slow * np.exp(-lag_s / slow) - fast * np.exp(-lag_s / fast)) / (slow - fast)


@pytest.mark.parametrize("step_s", [600.0, 7200.0])
def test_wandering_has_the_planted_autocorrelation(step_s):
    track = wander(MOVING, np.arange(400_000) * step_s, np.random.default_rng(5)) / MOVING.sigma_m
    for lag in (1, 3, 10):
        seen = (track[lag:] * track[:-lag]).mean()
        assert seen == pytest.approx(autocorrelation(lag * step_s), abs=0.05)


def test_the_speed_is_the_planted_one():
    track = wander(MOVING, np.arange(200_000) * 30.0, np.random.default_rng(5))
    speed = np.hypot(*np.diff(track, axis=0).T).mean() / 30.0
    assert speed == pytest.approx(MOVING.speed_m_per_s, rel=0.05)


def test_without_lasting_velocity_it_is_an_ornstein_uhlenbeck_process():
    moving = Wandering(DAY_S, 0.0, 1.0)
    track = wander(moving, np.arange(200_000) * 3600.0, np.random.default_rng(5))
    assert (track[1:] * track[:-1]).mean() == pytest.approx(np.exp(-1 / 24), abs=0.03)


def test_irregular_times_change_nothing_of_the_law():
    rng = np.random.default_rng(6)
    times = np.cumsum(rng.uniform(1, 86_400, 200_000))
    assert wander(MOVING, times, rng).std() == pytest.approx(4000, rel=0.02)


def test_a_migrant_is_in_its_second_range_in_between():
    migration = Migration((0.0, 0.0), (300_000.0, 0.0))
    track = migrate(MOVING, migration, np.arange(730) * DAY_S, np.random.default_rng(7))
    for day, x_m in ((20, 0), (200, 300_000), (350, 0), (565, 300_000)):
        assert abs(track[day, 0] - x_m) < 20_000


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_a_barrier_lets_through_what_was_planted_and_keeps_distances(probability):
    free = wander(MOVING, np.arange(60_000) * 7200.0, np.random.default_rng(8))
    line = StraightBarrier((0.0, -1e6), (0.0, 1e6), 300.0, (probability,))
    track, met = put_barrier(free, line, np.random.default_rng(9))
    np.testing.assert_allclose(np.abs(track[:, 0]), np.abs(free[:, 0]))
    np.testing.assert_allclose(track[:, 1], free[:, 1])
    assert len(met) > 1000
    assert met["crossed"].mean() == pytest.approx(probability, abs=0.03)
    assert (np.diff(np.sign(track[:, 0])) != 0).sum() == met["crossed"].sum()


def test_animals_differ_as_planted():
    line = StraightBarrier((0, -1e6), (0, 1e6), 300, (0.3,), alike=0.2)
    drawn = [line.drawn(np.random.default_rng(seed))[0] for seed in range(2000)]
    assert np.mean(drawn) == pytest.approx(0.3, abs=0.02)
    assert np.var(drawn) == pytest.approx(0.2 * 0.3 * 0.7, rel=0.1)


def test_segments_have_their_own_probabilities():
    free = wander(MOVING, np.arange(60_000) * 7200.0, np.random.default_rng(8))
    line = StraightBarrier((0.0, -20_000.0), (0.0, 20_000.0), 300.0, (0.1, 0.8))
    _, met = put_barrier(free, line, np.random.default_rng(9))
    assert met.groupby("segment")["crossed"].mean().tolist() == pytest.approx([0.1, 0.8], abs=0.05)


def test_fixes_fail_together_and_lie_beside_the_truth():
    rng = np.random.default_rng(2)
    seen = observe(np.zeros((50_000, 2)), Collar(0.2, 5.0, 12.0), rng)
    missing = seen["x"].isna().to_numpy()
    spells = (np.diff(missing.astype(int)) == 1).sum()
    assert missing.mean() == pytest.approx(0.2, abs=0.02)
    assert missing.sum() / spells == pytest.approx(5, rel=0.1)
    assert seen["y"].std() == pytest.approx(12, rel=0.02)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(InvalidTableError, match="less long"):
        Wandering(3600.0, 7200.0, 10.0)
    with pytest.raises(InvalidTableError, match="0 to 1"):
        StraightBarrier((0, 0), (0, 1), 10.0, (1.2,))
    with pytest.raises(InvalidTableError, match="ends apart"):
        StraightBarrier((0, 0), (0, 0), 10.0, (0.2,))
    with pytest.raises(InvalidTableError, match="below 1"):
        Collar(missing_share=1.0)
    with pytest.raises(InvalidTableError, match="ascend"):
        wander(MOVING, np.array([0.0, 0.0]), np.random.default_rng(1))
