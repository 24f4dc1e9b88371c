"""A planted crossing probability is found again from fixes alone: the benchmark in small."""

import numpy as np
import pytest
from scipy import stats

from kulan.movement.barriers.behaviour import BehaviourSettings, encounters
from kulan.movement.barriers.crossing_probability import crossing_probability
from kulan.movement.barriers.outcomes import outcomes
from kulan.movement.barriers.segments import segments_of
from kulan.movement.simulation.straight_barriers import StraightBarrier
from kulan.movement.simulation.study import StudyPlan, simulate_study
from kulan.movement.tracks import tracks_of

STUDIES = 20


def found(probability, seed):
    line = StraightBarrier((0.0, -1e6), (0.0, 1e6), 300.0, (probability,), alike=0.1)
    study = simulate_study(StudyPlan(8, 45.0, barrier=line), np.random.default_rng(seed))
    segments, asked = segments_of(["rail"], line.shapes), BehaviourSettings(300.0)
    crossed, met = [], []
    for track in tracks_of(study.fixes):
        one = outcomes(track, segments, encounters(track, segments, asked), asked)
        crossed.append((one["outcome"] == "crossed").sum())
        met.append((one["outcome"] != "unknown").sum())
    return crossing_probability(crossed, met).interval()


@pytest.mark.parametrize("probability", [0.05, 0.3, 0.9])
def test_the_interval_holds_what_was_planted_as_often_as_it_says(probability):
    held = sum(found(probability, seed).holds(probability) for seed in range(STUDIES))
    # fewer than this happens once in a thousand where the interval holds 95 %
    assert held >= stats.binom.ppf(0.001, STUDIES, 0.95)
