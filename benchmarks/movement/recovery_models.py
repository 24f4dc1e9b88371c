"""How often the limits of movement models and ranges hold the planted truth.

Paths are drawn from a planted model, fitted anew by pHREML, and each interval of 95 % is asked
whether it holds what was planted; AKDE's areas are asked for the planted Gaussian range, of the
records that are given one (an effective sample size of 4 and more).

    python benchmarks/movement/recovery_models.py --simulations 400
"""

import argparse
import math
from datetime import UTC, datetime

import numpy as np

from kulan import __version__
from kulan.movement.models import fit, make_model, simulate
from kulan.movement.models.model import Model
from kulan.movement.ranges.akde import akde

DAY_S = 86_400.0
TAU_POSITION_S, TAU_VELOCITY_S = 5 * DAY_S, 4 * 3600.0
SIGMA_M2 = np.array([[9e6, 2e6], [2e6, 4e6]])
MEMORY = {"OUF": (TAU_POSITION_S, TAU_VELOCITY_S), "OU": (TAU_POSITION_S,), "IID": ()}
# kind, days, hours between fixes: effective sample sizes of about 5, 10, 30 and 100
RECORDS = (
    ("OUF", 28, 3.0),
    ("OUF", 55, 3.0),
    ("OUF", 165, 3.0),
    ("OUF", 550, 6.0),
    ("OU", 28, 12.0),
    ("OU", 55, 12.0),
    ("OU", 165, 12.0),
    ("OU", 550, 24.0),
    ("IID", 30, 24.0),
    ("IID", 110, 24.0),
)
ASKED = (
    "tau position",
    "tau velocity",
    "range of the model",
    "speed",
    "diffusion",
    "AKDE 95 %",
    "AKDE 50 %",
    "AKDE 95 % by chi-square",
)


def planted(kind: str) -> Model:
    """Return the model that paths are drawn from."""
    return make_model(kind=kind, memory=MEMORY[kind], sigma_m2=SIGMA_M2)


def held(
    kind: str, days: float, hours: float, simulations: int, seed: int = 1
) -> tuple[dict[str, np.ndarray], float, float]:
    """Return, by number and simulation, whether limits hold it, and the ratio of both.

    And the median effective sample size, and the share of records that were refused a range.
    """
    truth = planted(kind)
    area, half = truth.area_m2().estimate, truth.area_m2(0.5).estimate
    wanted = (
        *(MEMORY[kind] + (math.nan, math.nan))[:2],
        area,
        truth.speed_m_s().estimate,
        truth.diffusion_m2_s().estimate,
        area,
        half,
        area,
    )
    found: dict[str, list[tuple[bool, float]]] = {name: [] for name in ASKED}
    sizes = []
    for number in range(simulations):
        rng = np.random.default_rng([seed, number])
        time_s = np.arange(0, days * DAY_S, hours * 3600.0)
        # one fix in ten is missing
        track = simulate(truth, time_s[rng.random(len(time_s)) > 0.1], rng)
        model = fit(track, f"{kind} anisotropic")
        sizes.append(model.dof["area"])
        own = akde(track, model)
        told = (
            model.tau_interval_s("position"),
            model.tau_interval_s("velocity"),
            model.area_m2(),
            model.speed_m_s(),
            model.diffusion_m2_s(),
            own.areas[0.95],
            own.areas[0.5],
            akde(track, model, like="ctmm").areas[0.95] if own.resident else own.areas[0.95],
        )
        for name, interval, value in zip(ASKED, told, wanted, strict=True):
            if interval.is_known:
                found[name].append((interval.holds(value), interval.estimate / value))
    rows = {name: np.array(rows, dtype=float) for name, rows in found.items()}
    return rows, float(np.median(sizes)), float(np.mean(np.array(sizes) < 4))


def main() -> None:
    """Print a table for the page of methods."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simulations", type=int, default=400)
    count = parser.parse_args().simulations
    today = datetime.now(UTC).date()
    print(
        f"{count} simulations each, version {__version__}, {today}; share of limits that hold the"
    )
    print("truth (median ratio of estimate and truth)")
    print("| model | days | hours | effective size | refused | " + " | ".join(ASKED) + " |")
    for kind, days, hours in RECORDS:
        found, size, refused = held(kind, days, hours, count)
        cells = [
            f"{rows[:, 0].mean():.1%} ({np.median(rows[:, 1]):.2f})" if len(rows) else "–"
            for rows in found.values()
        ]
        print(
            f"| {kind} | {days} | {hours:g} | {size:.1f} | {refused:.0%} | "
            + " | ".join(cells)
            + " |",
            flush=True,
        )


if __name__ == "__main__":
    main()
