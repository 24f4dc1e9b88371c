"""How often the limits of step selection and of states hold the planted truth.

Animals walk through a wood of squares that they prefer and across lines that they shun, each step
chosen from thirty; integrated step selection must find what they prefer and how they would walk
without preferring. Others rest and travel; hidden Markov models must find how. Last, animals differ
in what they prefer; the mean of their population and its spread must be found.

    python benchmarks/movement/recovery_selection.py --simulations 200
"""

import argparse
import math

import numpy as np
import shapely

from kulan.movement.selection.between_animals import between_animals
from kulan.movement.selection.random_steps import (
    observed_steps,
    with_covariates,
    with_crossings,
    with_random_steps,
)
from kulan.movement.selection.step_families import StepFamily
from kulan.movement.selection.step_selection import fit_step_selection
from kulan.movement.states.fitting import fit_states
from kulan.movement.states.hidden_markov import design_for
from kulan.movement.states.observations import Observations
from kulan.movement.tracks import Track

WOOD, CROSSES, FAMILY = 1.0, -1.5, StepFamily(2.0, 150.0, 0.8)
LINES = [shapely.LineString([(k * 2000.0, -1e6), (k * 2000.0, 1e6)]) for k in range(-60, 61)]
STEPS, STATES, ANIMALS = (500, 2000), (500, 2000), (4, 8, 15)
MEAN_OF_ALL, SPREAD_OF_ALL = 0.5, 0.4
MEAN, SPREAD = np.array([100.0, 800.0]), np.array([80.0, 400.0])
CONCENTRATION, MOVES = np.array([0.5, 3.0]), np.array([[0.9, 0.1], [0.2, 0.8]])


def wood(x_m: np.ndarray, y_m: np.ndarray) -> np.ndarray:
    """Return 1 in every other square of 300 m."""
    return ((np.floor(x_m / 300) + np.floor(y_m / 300)) % 2).astype(float)


def walk(steps: int, rng: np.random.Generator) -> Track:
    """Return the track of an animal that chooses each step from many."""
    x, y, heading = [1000.0], [0.0], 0.0
    for _ in range(steps):
        length, turn = FAMILY.lengths_m(200, rng), FAMILY.turns_rad(200, rng)
        east = x[-1] + length * np.cos(heading + turn)
        north = y[-1] + length * np.sin(heading + turn)
        crosses = np.floor(east / 2000) != np.floor(x[-1] / 2000)
        score = WOOD * wood(east, north) + CROSSES * crosses + rng.gumbel(size=200)
        pick = int(score.argmax())
        heading += turn[pick]
        x.append(east[pick])
        y.append(north[pick])
    return Track("k", np.arange(steps + 1) * 3600.0, np.array(x), np.array(y))


def choices(steps: int, rng: np.random.Generator, seed: int) -> dict[str, tuple[bool, float]]:
    """Return for each number whether its limits hold the truth, and estimate over truth."""
    observed = observed_steps([walk(steps, rng)], 3600.0)
    table, family = with_random_steps(observed, controls=50, seed=seed)
    table = with_crossings(with_covariates(table, {"wood": wood}), LINES)
    terms = ["wood", "crosses", "length_m", "log_length", "cos_turn"]
    found = fit_step_selection(table, terms, family)
    told = {**found.fit.intervals(), **found.updated()}
    truth = {
        "wood": WOOD,
        "crosses": CROSSES,
        "shape": FAMILY.shape,
        "scale_m": FAMILY.scale_m,
        "concentration": FAMILY.concentration,
    }
    return {k: (told[k].holds(v), told[k].estimate / v) for k, v in truth.items()}


def states(steps: int, rng: np.random.Generator, _seed: int) -> dict[str, tuple[bool, float]]:
    """Return for each parameter of two states whether its limits hold the truth."""
    state = np.zeros(steps, dtype=int)
    for t in range(1, steps):
        state[t] = rng.random() < MOVES[state[t - 1], 1]
    shape, scale = (MEAN / SPREAD) ** 2, SPREAD**2 / MEAN
    seen = Observations(
        rng.gamma(shape[state], scale[state]),
        rng.vonmises(0.0, CONCENTRATION[state]),
        np.arange(steps) == 0,
        np.full(steps, "k", dtype=object),
        np.arange(steps),
        np.arange(steps) * 3600.0,
        {},
    )
    fitted = fit_states(seen, design_for(seen, 2), starts=1)
    told, changes = fitted.parameters(), dict(fitted.changes())
    found = {}
    for name, truth in (("mean_m", MEAN), ("sd_m", SPREAD), ("concentration", CONCENTRATION)):
        for k in range(2):
            interval = told[name][k]
            found[f"{name} {k + 1}"] = interval.holds(truth[k]), interval.estimate / truth[k]
    for pair, (leave, stay) in {"1 -> 2": (0.1, 0.9), "2 -> 1": (0.2, 0.8)}.items():
        interval, truth = changes[f"base: {pair}"], math.log(leave / stay)
        found[f"leaving, {pair}"] = interval.holds(truth), interval.estimate / truth
    return found


def population(animals: int, rng: np.random.Generator, _seed: int) -> dict[str, tuple[bool, float]]:
    """Return whether limits hold the mean and spread of animals, each fitted with its own error."""
    errors = rng.uniform(0.1, 0.4, animals)
    fitted = rng.normal(rng.normal(MEAN_OF_ALL, SPREAD_OF_ALL, animals), errors)
    found = between_animals(dict(enumerate(fitted)), dict(enumerate(errors)))
    truth = {"mean": (found.mean, MEAN_OF_ALL), "spread": (found.spread, SPREAD_OF_ALL)}
    return {k: (told.holds(v), told.estimate / v) for k, (told, v) in truth.items()}


def main() -> None:
    """Print a table for each of the methods."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simulations", type=int, default=200)
    count = parser.parse_args().simulations
    print(f"{count} simulations each; share of 95 % limits that hold (median of estimate / truth)")
    for what, sizes in (
        (choices, STEPS),
        (states, STATES),
        (population, ANIMALS),
    ):
        for size in sizes:
            runs = [what(size, np.random.default_rng([size, k]), k) for k in range(count)]
            for name in runs[0]:
                held = np.mean([run[name][0] for run in runs])
                ratio = np.median([run[name][1] for run in runs])
                print(f"| {what.__name__}, {size} | {name} | {held:.1%} ({ratio:.2f}) |")


if __name__ == "__main__":
    main()
