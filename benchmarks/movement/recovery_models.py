"""How often the limits of movement models and ranges hold the planted truth.

Paths are drawn from an OUF model, fitted anew by pHREML, and each interval of 95 % is asked whether
it holds what was planted; AKDE's area is asked for the planted Gaussian range.

    python benchmarks/movement/recovery_models.py --simulations 400
"""

import argparse
import math

import numpy as np

from kulan.movement.models import fit, make_model, simulate
from kulan.movement.ranges.akde import akde
from kulan.movement.tracks import Track

DAY_S = 86_400.0
TAU_POSITION_S, TAU_VELOCITY_S = 5 * DAY_S, 4 * 3600.0
SIGMA_M2 = np.array([[9e6, 2e6], [2e6, 4e6]])
# days, hours between fixes
RECORDS = ((60, 3.0), (200, 3.0), (600, 6.0))
ASKED = ("tau position", "tau velocity", "range of the model", "speed", "diffusion", "AKDE 95 %")


def drawn(days: float, hours: float, rng: np.random.Generator) -> Track:
    """Return one path of the planted model, one fix in ten missing."""
    truth = make_model(kind="OUF", memory=(TAU_POSITION_S, TAU_VELOCITY_S), sigma_m2=SIGMA_M2)
    time_s = np.arange(0, days * DAY_S, hours * 3600.0)
    return simulate(truth, time_s[rng.random(len(time_s)) > 0.1], rng)


def held(days: float, hours: float, simulations: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Return, by number and simulation, whether limits hold it, and the ratio of both."""
    truth = make_model(kind="OUF", memory=(TAU_POSITION_S, TAU_VELOCITY_S), sigma_m2=SIGMA_M2)
    area = -2 * math.log(0.05) * math.pi * math.sqrt(np.linalg.det(SIGMA_M2))
    planted = (
        TAU_POSITION_S,
        TAU_VELOCITY_S,
        area,
        truth.speed_m_s().estimate,
        truth.diffusion_m2_s().estimate,
        area,
    )
    found: dict[str, list[tuple[bool, float]]] = {name: [] for name in (*ASKED, "effective size")}
    for number in range(simulations):
        track = drawn(days, hours, np.random.default_rng([seed, number]))
        model = fit(track, "OUF anisotropic")
        told = (
            model.tau_interval_s("position"),
            model.tau_interval_s("velocity"),
            model.area_m2(),
            model.speed_m_s(),
            model.diffusion_m2_s(),
            akde(track, model, like="ctmm").areas[0.95],
        )
        for name, interval, value in zip(ASKED, told, planted, strict=True):
            found[name].append((interval.holds(value), interval.estimate / value))
        found["effective size"].append((True, model.dof["area"]))
    return {name: np.array(rows, dtype=float) for name, rows in found.items()}


def main() -> None:
    """Print a table for the page of methods."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simulations", type=int, default=400)
    count = parser.parse_args().simulations
    print(f"{count} simulations each; share of limits that hold the truth (median ratio)")
    for days, hours in RECORDS:
        found = held(days, hours, count)
        size = float(np.median(found.pop("effective size")[:, 1]))
        cells = [
            f"{rows[:, 0].mean():.1%} ({np.median(rows[:, 1]):.2f})" for rows in found.values()
        ]
        print(f"| {days} | {hours:g} | {size:.1f} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
