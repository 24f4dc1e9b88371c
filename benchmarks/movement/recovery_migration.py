"""How often the limits of migration dates hold the planted truth.

Migrants go out in spring and back in autumn at a steady pace, on dates drawn anew each time, and
stray from that as an Ornstein-Uhlenbeck process; daily positions, one in ten missing. The net
displacement is looked at twice: of these, and of journeys that follow its own curve.

    python benchmarks/movement/recovery_migration.py --simulations 200 --memory 1 --memory 3
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable

import numpy as np

from kulan.movement.migration.mean_shift import fit_mean_shifts
from kulan.movement.migration.net_displacement import fit_displacement
from kulan.movement.migration.thinning import DAY_S
from kulan.movement.tracks import Track

DISTANCE_M, SPREAD_M = 60e3, 2500.0
MEMORIES_DAYS = (1.0, 3.0)
SHARES = (0.1, 0.5, 0.9)
COVERED = (
    "departure", "middle", "arrival", "return departure", "return middle", "return arrival",
    "distance",
)  # fmt: skip
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


def steady(memory_days: float, rng: np.random.Generator) -> tuple[Track, list[float]]:
    """Return a migrant's year, and when a tenth, half and nine tenths are covered, out and back."""
    track, (start, end, back, home) = drawn(memory_days, rng)
    covered = [start + share * (end - start) for share in SHARES]
    return track, covered + [back + share * (home - back) for share in SHARES]


def curved(memory_days: float, rng: np.random.Generator) -> tuple[Track, list[float]]:
    """Return a year by the curve of the squared net displacement, and the same days."""
    days = np.arange(365.0)[rng.random(365) > 0.1]
    middles, scales = (rng.uniform(90, 130), rng.uniform(250, 290)), rng.uniform(1.5, 5, 2)
    out, back = (1 / (1 + np.exp((m - days) / s)) for m, s in zip(middles, scales, strict=True))
    x, y = strays(days, memory_days, rng)
    mean = DISTANCE_M * np.sqrt(np.maximum(out - back, 0))
    # half the distance is a quarter of its square
    apart = np.log([share**2 / (1 - share**2) for share in SHARES])
    covered = [*(middles[0] + scales[0] * apart), *(middles[1] - scales[1] * apart[::-1])]
    return Track("k", days * DAY_S, x + mean, y), covered


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


def of_displacement(
    plant: Callable[[float, np.random.Generator], tuple[Track, list[float]]],
    memory_days: float,
    simulations: int,
    seed: int = 2,
) -> np.ndarray:
    """Return whether each limit of the migrant's curve holds, one year a row."""
    rows = []
    for number in range(simulations):
        track, covered = plant(memory_days, np.random.default_rng([seed, number]))
        [migrant] = fit_displacement(track, ways=("migrant",)).models
        limits = migrant.dates.values()
        held = [date.holds(day * DAY_S) for date, day in zip(limits, covered, strict=True)]
        rows.append([*held, migrant.distance_km.holds(DISTANCE_M / 1000)])
    return np.array(rows, dtype=float)


def main() -> None:
    """Print how often limits hold, for each memory of straying."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--simulations", type=int, default=200)
    parser.add_argument("--memory", type=float, action="append", help="days")
    parser.add_argument("--only", choices=["shifts", "displacement"])
    asked = parser.parse_args()
    count = asked.simulations
    for memory in asked.memory or MEMORIES_DAYS:
        start = time.process_time()
        if asked.only != "displacement":
            counts, held = of_shifts(memory, count)
            print(f"memory {memory:g} d, mean shifts, journeys found {dict(counts)}")
            told(ASKED, held)
        for plant in (steady, curved) if asked.only != "shifts" else ():
            print(f"memory {memory:g} d, net displacement of {plant.__name__} journeys")
            told(COVERED, of_displacement(plant, memory, count))
        print(f"  {(time.process_time() - start) / count:.2f} CPU s each", flush=True)


def told(names: tuple[str, ...], held: np.ndarray) -> None:
    """Print the share held of each name."""
    for name, share in zip(names, held.mean(axis=0), strict=True):
        print(f"  {name:16s} {share:6.1%} of {len(held)}", flush=True)


if __name__ == "__main__":
    main()
