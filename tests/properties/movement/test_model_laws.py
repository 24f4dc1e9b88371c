"""What holds of movement models and their ranges whatever the track."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kulan.movement.models import fit, make_model, simulate
from kulan.movement.models.likelihood import Observed
from kulan.movement.models.processes import KINDS
from kulan.movement.ranges.akde import akde
from kulan.movement.tracks import Track

seeds = st.integers(0, 2**31)


def chance_track(seed, n=60, days=0.3):
    """A path of an OU model at uneven times."""
    rng = np.random.default_rng(seed)
    time_s = np.cumsum(rng.uniform(0.2, 2.0, n)) * days * 86_400.0
    model = make_model(kind="OU", memory=(86_400.0,), sigma_m2=np.array([[4e6, 1e6], [1e6, 2e6]]))
    return simulate(model, time_s, rng)


@given(seeds, st.floats(0, 6.28), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
@settings(max_examples=25)
def test_likelihood_knows_no_direction_and_no_origin(seed, angle, east, north):
    track = chance_track(seed)
    c, s = math.cos(angle), math.sin(angle)
    moved = replace(
        track, x_m=c * track.x_m - s * track.y_m + east, y_m=s * track.x_m + c * track.y_m + north
    )
    values = [
        Observed(one).log_likelihood(KINDS["OUF"], (1e5, 1e4), (3e6, 3e6, 0.0))
        for one in (track, moved)
    ]
    assert values[0] == pytest.approx(values[1], abs=1e-5)


@given(seeds)
@settings(max_examples=15)
def test_time_has_no_origin_and_no_direction(seed):
    track = chance_track(seed)
    back = Track("k1", 5e9 - track.time_s[::-1], track.x_m[::-1].copy(), track.y_m[::-1].copy())
    first, second = fit(track, "OU anisotropic"), fit(back, "OU anisotropic")
    assert second.loglik == pytest.approx(first.loglik, abs=1e-3)
    assert second.tau_s[0] == pytest.approx(first.tau_s[0], rel=1e-2)


@given(seeds)
@settings(max_examples=15)
def test_a_richer_model_is_never_less_likely(seed):
    track = chance_track(seed)
    for simple, rich in (("IID", "OU"), ("OU", "OUF"), ("OU", "OU anisotropic")):
        less, more = fit(track, simple, "ML"), fit(track, rich, "ML")
        assert more.loglik >= less.loglik - 1e-3


@given(seeds)
@settings(max_examples=15)
def test_a_range_sums_to_one_and_its_contours_nest(seed):
    track = chance_track(seed, n=120, days=1.0)
    levels = (0.25, 0.5, 0.75, 0.95)
    found = akde(track, fit(track, "OU anisotropic"), levels=levels, like="ctmm")
    assert found.distribution.mass.min() >= 0
    assert found.distribution.mass.sum() == pytest.approx(1, abs=1e-4)
    inner = [found.distribution.cells_within(level) for level in levels]
    for smaller, larger in itertools.pairwise(inner):
        assert not (smaller & ~larger).any()
    for area in found.areas.values():
        assert area.low < area.estimate < area.high


@given(seeds)
@settings(max_examples=10)
def test_weights_of_fixes_are_shares(seed):
    track = chance_track(seed)
    found = akde(track, fit(track, "OU"), weights=True, like="ctmm")
    assert (found.kernels.weights >= 0).all()
    assert found.kernels.weights.sum() == pytest.approx(1)
