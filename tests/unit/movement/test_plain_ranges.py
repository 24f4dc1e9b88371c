"""Hulls, kernels, local hulls and time density by hand."""

import numpy as np
import pytest

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.distributions import PlaneFrame
from kulan.movement.ranges.hulls import minimum_convex_polygon
from kulan.movement.ranges.kernel_density import kernel_density, lscv_bandwidth, reference_bandwidth
from kulan.movement.ranges.local_hulls import local_convex_hulls
from kulan.movement.ranges.time_density import time_density
from kulan.movement.tracks import Track


def _track(x, y):
    return Track("k1", 3600.0 * np.arange(len(x)), np.asarray(x, float), np.asarray(y, float))


def _cloud(n=300, seed=2):
    return _track(*np.random.default_rng(seed).normal(0, 1000, (2, n)))


def _lattice(n=5):
    x, y = np.meshgrid(np.arange(n), np.arange(n))
    return _track(x.ravel(), y.ravel())


def test_a_hull_leaves_out_the_farthest_fixes():
    track = _track([0, 2, 2, 0, 1, 50], [0, 0, 2, 2, 1, 50])
    assert minimum_convex_polygon(track, 0.8).area == 4
    assert minimum_convex_polygon(track, 1.0).area > 4


@pytest.mark.parametrize(("x", "y"), [([0], [0]), ([0, 1], [0, 1]), ([0, 1, 2], [0, 1, 2])])
def test_fixes_that_span_no_area_have_no_hull(x, y):
    with pytest.raises(NotEnoughDataError, match="no area"):
        minimum_convex_polygon(_track(x, y), 1.0)


@pytest.mark.parametrize("level", [0, 95])
def test_a_share_in_percent_is_refused(level):
    with pytest.raises(InvalidTableError, match=r"0\.95"):
        minimum_convex_polygon(_lattice(), level)


def test_reference_bandwidth_is_the_mean_spread_over_the_sixth_root_of_n():
    track = _cloud(64)
    spread = np.sqrt((track.x_m.var(ddof=1) + track.y_m.var(ddof=1)) / 2)
    assert reference_bandwidth(track).metres == pytest.approx(spread / 2)


def test_a_kernel_widens_a_normal_range_by_its_bandwidth():
    # 95 % of a round normal range of variance s² + h² lie within 2.448 of its root
    track = _cloud(4000)
    use, chosen = kernel_density(track)
    variance = (track.x_m.var() + track.y_m.var()) / 2 + chosen.metres**2
    assert use.area_m2(0.95) == pytest.approx(np.pi * 5.991 * variance, rel=0.03)
    assert use.mass.sum() == pytest.approx(1, abs=1e-3)


def test_cross_validation_says_when_it_finds_nothing():
    twins = np.repeat(np.random.default_rng(1).normal(0, 1000, (2, 20)), 20, axis=1)
    assert not lscv_bandwidth(_track(*twins)).converged
    assert lscv_bandwidth(_cloud()).converged


def test_cross_validation_parts_two_clusters():
    rng = np.random.default_rng(3)
    x = np.concatenate([rng.normal(0, 10, 200), rng.normal(5000, 10, 200)])
    track = _track(x, rng.normal(0, 10, 400))
    assert lscv_bandwidth(track).metres < reference_bandwidth(track).metres / 5


def test_all_fixes_in_one_place_have_no_kernel():
    with pytest.raises(NotEnoughDataError, match="one place"):
        kernel_density(_track(np.ones(20), np.ones(20)))


@pytest.mark.parametrize("bandwidth", ["href", 0.0, -3.0, np.nan])
def test_an_unknown_bandwidth_is_refused(bandwidth):
    with pytest.raises(InvalidTableError, match="lscv"):
        kernel_density(_cloud(), bandwidth=bandwidth)


def test_a_kernel_turns_with_its_track():
    track = _cloud()
    turned = _track(-track.y_m, track.x_m)
    areas = [kernel_density(one)[0].area_m2(0.95) for one in (track, turned)]
    assert areas[0] == pytest.approx(areas[1], rel=0.005)


def test_local_hulls_keep_a_hole():
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    ring = _track(1000 * np.cos(angle), 1000 * np.sin(angle))
    whole = local_convex_hulls(ring, "k", 5).isopleths([1.0])[1.0]
    assert whole.area < 0.1 * minimum_convex_polygon(ring, 1.0).area


@pytest.mark.parametrize(("kind", "amount"), [("k", 6), ("r", 1.5), ("a", 4.0)])
def test_isopleths_of_local_hulls_nest(kind, amount):
    shapes = local_convex_hulls(_lattice(8), kind, amount).isopleths([0.5, 0.9, 1.0])
    assert shapes[0.9].buffer(1e-9).covers(shapes[0.5])
    assert shapes[1.0].buffer(1e-9).covers(shapes[0.9])
    assert shapes[1.0].area == pytest.approx(49)


def test_hulls_of_an_amount_of_distance_take_the_nearest():
    # 1 + 1 m reach both neighbours of the middle; 1 + 1 + 1.5 m also the one above
    track = _track([0, 1, -1, 0], [0, 0, 0, 1.5])
    assert local_convex_hulls(track, "a", 3.5).isopleths([1.0])[1.0].area == pytest.approx(1.5)
    with pytest.raises(NotEnoughDataError, match="neighbours"):
        local_convex_hulls(track, "a", 2.0)


@pytest.mark.parametrize(("kind", "amount"), [("k", 2), ("r", 0), ("a", -1)])
def test_hulls_of_too_little_are_refused(kind, amount):
    with pytest.raises(InvalidTableError):
        local_convex_hulls(_lattice(), kind, amount)


def test_time_is_parted_by_the_length_in_each_cell():
    track = _track([0, 10, 10], [5, 5, -5])
    use = time_density(track, frame=PlaneFrame(-5, 10, 10, 10, 2, 2))
    # an hour east, half of it in each cell; an hour south, half of it in each cell
    assert use.mass == pytest.approx(np.array([[0.25, 0.5], [0, 0.25]]), abs=1e-6)


def test_time_on_the_spot_counts():
    use = time_density(_track([5, 5, 15], [5, 5, 5]), frame=PlaneFrame(0, 10, 10, 10, 1, 2))
    assert use.mass == pytest.approx(np.array([[0.75, 0.25]]), abs=1e-6)


def test_time_of_a_long_walk_is_whole():
    walk = np.random.default_rng(1).normal(0, 500, (2, 500)).cumsum(axis=1)
    assert time_density(_track(*walk), cell_m=100).mass.sum() == pytest.approx(1, abs=1e-6)


def test_time_in_gaps_is_left_out():
    with pytest.raises(NotEnoughDataError, match=r"0\.5 hours"):
        time_density(_cloud(), max_gap_s=1800)
