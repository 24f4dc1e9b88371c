"""How often the limits of migration dates hold the planted truth.

Migrants go out in spring and back in autumn at a steady pace, on dates drawn anew each time, and
stray from that as an Ornstein-Uhlenbeck process; daily positions, one in ten missing. The net
displacement is planted as its own curve, as it is a model of another shape.

    python benchmarks/movement/recovery_migration.py --simulations 200
"""

import argparse
import time
from collections import Counter

import numpy as np

from kulan.movement.migration.mean_shift import fit_mean_shifts
from kulan.movement.migration.net_displacement import fit_displacement
from kulan.movement.migration.thinning import DAY_S
from kulan.movement.tracks import Track

DISTANCE_M, SPREAD_M = 60e3, 2500.0
MEMORIES_DAYS = (1.0, 3.0)
ASKED = ("start out", "end out", "start back", "end back", "days out", "days back")


def strays(days: np.ndarray, memory_days: float, rng: np.random.Generator) -> np.ndarray:
    """Return how positions stray from the mean, m, shape (2, n)."""
    off = rng.normal(size=(2, len(days)))
    for i in range(1, len(days)):
        keep = np.exp(-(days[i] - days[i - 1]) / memory_days)
        off[:, i] = keep * off[:, i - 1] + np.sqrt(1 - keep**2) * off[:, i]
    return SPREAD_M * off


def drawn(memory_days: float, rng: np.random.Generator) -> tuple[Track, tuple[float, ...]]:
    """Return a migrant's year and the days it was planted with."""
    days = np.arange(365.0)[rng.random(365) > 0.1]
    out, back = rng.uniform(90, 130), rng.uniform(250, 290)
    planted = out, out + rng.uniform(5, 25), back, back + rng.uniform(5, 25)
    mean = np.interp(days, planted, [0, DISTANCE_M, DISTANCE_M, 0])
    x, y = strays(days, memory_days, rng)
    return Track("k", days * DAY_S, x + mean, y), planted


def displaced(memory_days: float, rng: np.random.Generator) -> tuple[Track, tuple[float, float]]:
    """Return a year by the curve of the squared net displacement, and when half is covered."""
    days = np.arange(365.0)[rng.random(365) > 0.1]
    middles, scales = (rng.uniform(90, 130), rng.uniform(250, 290)), rng.uniform(1.5, 5, 2)
    out, back = (1 / (1 + np.exp((m - days) / s)) for m, s in zip(middles, scales, strict=True))
    x, y = strays(days, memory_days, rng)
    x, y = x - x[0], y - y[0]
    mean = DISTANCE_M * np.sqrt(np.maximum(out - back, 0))
    half = middles[0] - scales[0] * np.log(3), middles[1] + scales[1] * np.log(3)
    return Track("k", days * DAY_S, x + mean, y), half


def of_shifts(memory_days: float, simulations: int, seed: int = 1) -> tuple[Counter, np.ndarray]:
    """Return how many journeys were found, and whether each limit holds where there were two."""
    counts: Counter = Counter()
    rows = []
    for number in range(simulations):
        track, planted = drawn(memory_days, np.random.default_rng([seed, number]))
        origin = track.time_s[0] * 0
        shifts = fit_mean_shifts(track).shifts
        counts[len(shifts)] += 1
        if len(shifts) != 2:
            continue
        dates = [date for one in shifts for date in (one.start_s, one.end_s)]
        held = [date.holds(origin + day * DAY_S) for date, day in zip(dates, planted, strict=True)]
        lasting = (planted[1] - planted[0], planted[3] - planted[2])
        held += [
            one.duration_s.holds(day * DAY_S) for one, day in zip(shifts, lasting, strict=True)
        ]
        rows.append(held)
    return counts, np.array(rows, dtype=float)


def of_displacement(memory_days: float, simulations: int, seed: int = 2) -> tuple[Counter, list]:
    """Return the ways of life that were chosen, and whether the dates of halfway hold."""
    ways: Counter = Counter()
    rows = []
    for number in range(simulations):
        track, half = displaced(memory_days, np.random.default_rng([seed, number]))
        found = fit_displacement(track)
        ways[found.best.way] += 1
        migrant = next(model for model in found.models if model.way == "migrant")
        dates = (migrant.dates["middle"], migrant.dates["return_middle"])
        rows.append([d.holds(day * DAY_S) for d, day in zip(dates, half, strict=True)])
    return ways, rows


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--simulations", type=int, default=200)
    count = parser.parse_args().simulations
    for memory in MEMORIES_DAYS:
        start = time.process_time()
        counts, held = of_shifts(memory, count)
        spent = (time.process_time() - start) / count
        print(f"memory {memory:g} d, mean shifts, journeys found {dict(counts)}, {spent:.2f} CPU s")
        for name, share in zip(ASKED, held.mean(axis=0), strict=True):
            print(f"  {name:10s} {share:6.1%} of {len(held)}", flush=True)
        start = time.process_time()
        ways, rows = of_displacement(memory, count)
        spent = (time.process_time() - start) / count
        print(f"memory {memory:g} d, net displacement, ways {dict(ways)}, {spent:.2f} CPU s")
        for name, share in zip(("halfway out", "halfway back"), np.mean(rows, axis=0), strict=True):
            print(f"  {name:12s} {share:6.1%} of {count}", flush=True)


if __name__ == "__main__":
    main()
