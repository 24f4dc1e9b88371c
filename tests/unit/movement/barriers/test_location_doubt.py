"""What location errors leave in doubt counts neither way, and shares come out as they are."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from kulan.movement.barriers.behaviour import BehaviourSettings, encounters
from kulan.movement.barriers.location_doubt import in_doubt
from kulan.movement.barriers.outcomes import RIM, outcomes
from kulan.movement.barriers.segments import segments_of
from kulan.movement.simulation.observing import Collar
from kulan.movement.simulation.straight_barriers import StraightBarrier
from kulan.movement.simulation.study import StudyPlan, simulate_study
from kulan.movement.tracks import Track, tracks_of

RAIL = segments_of(["rail"], [shapely.LineString([(0, -9e3), (0, 9e3)])])
ASKED = BehaviourSettings(distance_m=300.0)


def track_at(x_m, error_m):
    number = len(x_m)
    error_m2 = None
    if error_m is not None:
        error_m2 = np.tile(np.eye(2), (number, 1, 1)) * np.square(error_m)[..., None, None]
    return Track(
        "k", np.arange(number) * 7200.0, np.array(x_m, float), np.zeros(number), error_m2=error_m2
    )


def doubted(x_m, error_m=10.0, settings=ASKED):
    track = track_at(x_m, error_m)
    return in_doubt(track, RAIL, encounters(track, RAIL, settings), settings).tolist()


@pytest.mark.parametrize(
    ("x_m", "doubt"),
    [
        # only a fix at the rim; at the rim on the way in and out; well within
        ([900, 290, 900], [True]),
        ([900, 290, 100, 310, 900], [False]),
        ([900, 279, 900], [False]),
        # one encounter or two: out of the zone by an error between two fixes within it
        ([900, 100, 310, -100, -900], [True, True]),
        ([900, 100, 290, -100, -900], [True]),
        ([900, 100, 321, -100, -900], [False, False]),
        # a doubtful one beside a sure one leaves the sure one
        ([900, 100, 310, 295, 900], [False, True]),
    ],
)
def test_what_is_in_doubt(x_m, doubt):
    assert doubted(x_m) == doubt


def test_without_location_errors_nothing_is_in_doubt():
    assert doubted([900, 299, 900], None) == [False]
    assert doubted([900, 299, 900], np.array([5.0, np.nan, 5.0])) == [False]
    assert doubted([900, 800, 900]) == []


def test_time_away_that_is_tolerated_joins_whatever_the_errors():
    tolerant = BehaviourSettings(distance_m=300.0, tolerance_h=4.0)
    assert doubted([900, 100, 310, -100, -900], settings=tolerant) == [False]
    assert doubted([900, 295, 310, 295, -900], settings=tolerant) == [True]


def test_an_encounter_in_doubt_has_an_unknown_outcome_and_says_why():
    track = track_at([900, 290, 900, 900, 50, -900], 10.0)
    found = outcomes(track, RAIL, encounters(track, RAIL, ASKED), ASKED)
    assert found["outcome"].tolist() == ["unknown", "crossed"]
    assert found["why_unknown"].tolist() == [RIM, ""]
    assert found["behaviour"].tolist() == ["bounce", "quick_cross"]


def test_errors_do_not_make_a_share_of_crossings_lower():
    line = StraightBarrier((0.0, -1e6), (0.0, 1e6), 300.0, (0.9,), alike=0.0)
    plan = StudyPlan(8, 240.0, barrier=line, collar=Collar(error_m=30.0))
    study = simulate_study(plan, np.random.default_rng(4))
    rail = segments_of(["rail"], line.shapes)

    def share(tracks):
        told = [outcomes(t, rail, encounters(t, rail, ASKED), ASKED)["outcome"] for t in tracks]
        crossed, not_crossed = (
            sum((one == name).sum() for one in told) for name in ("crossed", "not_crossed")
        )
        return crossed / (crossed + not_crossed)

    tracks = list(tracks_of(study.fixes))
    true = study.met["crossed"].mean()
    assert share([replace(track, error_m2=None) for track in tracks]) < true - 0.02
    assert share(tracks) == pytest.approx(true, abs=0.015)
