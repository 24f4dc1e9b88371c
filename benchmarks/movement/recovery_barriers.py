"""Whether intervals of the crossing probability hold what was planted, over many whole studies.

Each study is simulated from wandering to fixes, its encounters are found and judged, and the
interval is estimated: nothing is handed over but fixes and the line. Run:

    python benchmarks/movement/recovery_barriers.py --studies 200
"""

import argparse
import time

import numpy as np

from kulan import __version__
from kulan.movement.barriers.behaviour import BehaviourSettings, encounters
from kulan.movement.barriers.crossing_probability import crossing_probability, exact_interval
from kulan.movement.barriers.outcomes import outcomes
from kulan.movement.barriers.segments import segments_of
from kulan.movement.intervals import Interval
from kulan.movement.simulation.observing import Collar
from kulan.movement.simulation.straight_barriers import StraightBarrier
from kulan.movement.simulation.study import StudyPlan, simulate_study
from kulan.movement.tracks import tracks_of

PROBABILITIES = (0.05, 0.3, 0.9)
COLLARS = {
    "every fix": Collar(),
    "5 % missing, two in a row, 10 m error": Collar(0.05, 2.0, 10.0),
}
ZONE_M = 300.0


def recovered(
    probability: float, seed: int, *, collar: Collar, animals: int = 12, days: float = 120.0
) -> Interval:
    """Simulate a study with a planted probability, and return what is found of it.

    Parameters
    ----------
    probability
        Planted mean over animals.
    seed
        Of all chance.
    collar
        How fixes are taken.
    animals, days
        Size of the study.
    """
    line = StraightBarrier((0.0, -1e6), (0.0, 1e6), ZONE_M, (probability,), alike=0.1)
    plan = StudyPlan(animals, days, barrier=line, collar=collar)
    study = simulate_study(plan, np.random.default_rng([round(probability * 100), seed]))
    segments = segments_of(["rail"], line.shapes)
    settings = BehaviourSettings(ZONE_M)
    crossed, met = [], []
    for track in tracks_of(study.fixes):
        found = outcomes(track, segments, encounters(track, segments, settings), settings)
        crossed.append((found["outcome"] == "crossed").sum())
        met.append((found["outcome"] != "unknown").sum())
    return crossing_probability(crossed, met).interval()


def main() -> None:
    """Print a table of how often the interval holds what was planted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=200)
    studies = parser.parse_args().studies
    print(f"Kulan {__version__}, {studies} studies of 12 animals, 120 days, fixes every 2 h")
    print("| Collar | Planted | Held by the interval | Mean width | Median estimate |")
    print("|---|---|---|---|---|")
    start = time.process_time()
    for name, collar in COLLARS.items():
        for probability in PROBABILITIES:
            found = [recovered(probability, seed, collar=collar) for seed in range(studies)]
            held = sum(one.holds(probability) for one in found)
            sure = exact_interval(held, studies)
            print(
                f"| {name} | {probability} | {held / studies:.1%} "
                f"({sure.low:.1%}-{sure.high:.1%}) | "
                f"{np.mean([one.high - one.low for one in found]):.3f} | "
                f"{np.median([one.estimate for one in found]):.3f} |",
                flush=True,
            )
    print(f"{time.process_time() - start:.0f} CPU-s")


if __name__ == "__main__":
    main()
