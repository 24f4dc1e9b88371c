"""Whether limits of segments hold what was planted, where the same animals come to many of them.

Animals are bold or shy at all segments alike, or at each for itself; counts are drawn straight from
that, and the limits of every segment are looked at. Run:

    python benchmarks/movement/recovery_segments.py --studies 200
"""

import argparse
import time

import numpy as np
from scipy import stats

from kulan import __version__
from kulan.movement.barriers.crossing_probability import crossing_probabilities

ALIKE, MET = 0.15, 2.0


def held_and_width(
    animals: int, segments: int, mean: float, *, everywhere: bool, spread: float, seed: int
) -> tuple[float, float]:
    """Return the share of a study's segments whose limits hold, and the mean width of limits.

    Parameters
    ----------
    animals, segments
        Size of the study.
    mean
        Planted mean over animals and segments.
    everywhere
        Whether a bold animal is bold at all segments.
    spread
        How much segments differ: 0 for not at all.
    seed
        Of all chance.
    """
    rng = np.random.default_rng(seed)
    size, apart = (1 - ALIKE) / ALIKE, (1 - spread) / spread if spread else 0.0
    own = rng.beta(mean * apart, (1 - mean) * apart, segments) if spread else [mean] * segments
    bold = rng.random(animals)
    crossed, met, names = [], [], []
    for one in own:
        place = bold if everywhere else rng.random(animals)
        share = stats.beta.ppf(place, one * size, (1 - one) * size)
        count = rng.poisson(MET, animals)
        there = np.flatnonzero(count)
        crossed.append(rng.binomial(count[there], share[there]))
        met.append(count[there])
        names.append([str(number) for number in there])
    found = [one.interval() for one in crossing_probabilities(crossed, met, names)]
    holds = [limits.holds(one) for limits, one in zip(found, own, strict=True)]
    return float(np.mean(holds)), float(np.mean([limits.high - limits.low for limits in found]))


def main() -> None:
    """Print a table of how often limits hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=200)
    studies = parser.parse_args().studies
    print(f"Kulan {__version__}, {studies} studies")
    print("| Animals, segments | Bold | Segments differ | Mean | Held | Mean width |")
    print("|---|---|---|---|---|---|")
    start = time.process_time()
    for animals, segments in ((10, 12), (3, 30)):
        for everywhere in (True, False):
            for spread in (0.0, 0.1):
                for mean in (0.05, 0.3):
                    asked = {"everywhere": everywhere, "spread": spread}
                    found = np.array(
                        [
                            held_and_width(animals, segments, mean, **asked, seed=seed)
                            for seed in range(studies)
                        ]
                    )
                    held, width = found.mean(axis=0)
                    print(
                        f"| {animals}, {segments} | {'everywhere' if everywhere else 'at each'} | "
                        f"{spread:g} | {mean:g} | {held:.1%} | {width:.3f} |",
                        flush=True,
                    )
    print(f"{time.process_time() - start:.0f} CPU-s")


if __name__ == "__main__":
    main()
