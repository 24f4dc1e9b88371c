"""How often the limits of movement models and ranges hold the planted truth.

Paths are drawn from a planted model, fitted anew by pHREML, and each interval of 95 % is asked
whether it holds what was planted; AKDE's areas are asked for the planted Gaussian range, of the
records that are given one (an effective sample size of 4 and more). The speed along the path is
asked for that of the path that was drawn, between its fixes too, not for the model's.

    python benchmarks/movement/recovery_models.py --simulations 400 --tables models path-speed
"""

import argparse
import math
from datetime import UTC, datetime

import numpy as np

from kulan import __version__
from kulan.movement.models import fit, make_model, simulate
from kulan.movement.models.draws import free_states
from kulan.movement.models.model import Model
from kulan.movement.models.path_speed import path_speed_m_s
from kulan.movement.ranges.akde import akde
from kulan.movement.tracks import Track

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
# fixes, hours between them: half the time scale of velocity, and twice
PATHS = ((300, 2.0), (300, 8.0))
# a path is known to the experimenter so often, s
STEP_S = 225.0
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


def paths_held(fixes: int, hours: float, simulations: int, seed: int = 2) -> list[list[float]]:
    """Return, by simulation, whether limits of the speed along the path hold that of the path.

    Then the ratio of both, that of the straight ways between fixes to the truth, and the lower and
    upper limit over the estimate. Records whose fit has no memory of speed are left out.
    """
    truth = planted("OUF")
    every = round(hours * 3600.0 / STEP_S)
    rows = []
    for number in range(simulations):
        rng = np.random.default_rng([seed, number])
        time_s = np.arange((fixes - 1) * every + 1) * STEP_S
        positions, velocities = free_states(truth, time_s, rng)
        speeds = np.hypot(*velocities.T)
        walked = float((speeds[1:] + speeds[:-1]).mean() / 2)
        # one fix in ten is missing, the first and the last are there
        kept = rng.random(fixes) > 0.1
        kept[[0, -1]] = True
        at, xy = time_s[::every][kept], positions[::every][kept]
        track = Track("k", at, xy[:, 0], xy[:, 1], clock="elapsed")
        told = path_speed_m_s(fit(track, "OUF anisotropic"), track, rng)
        if not told.is_known:
            continue
        straight = np.hypot(*np.diff(xy, axis=0).T).sum() / track.span_s
        rows.append(
            [
                float(told.holds(walked)),
                told.estimate / walked,
                straight / walked,
                told.low / told.estimate,
                told.high / told.estimate,
            ]
        )
    return rows


def path_speeds(count: int) -> None:
    """Print how often limits of the speed along the path hold it."""
    heads = "| fixes | hours | interval / time scale | no speed | limits hold | truth below | "
    print(heads + "truth above | estimate / truth | straight / truth | limits |")
    for fixes, hours in PATHS:
        rows = np.array(paths_held(fixes, hours, count))
        held, ratio = rows.T[:2]
        missed = ratio[held == 0]
        told = np.median(rows, axis=0)
        print(
            f"| {fixes:,} | {hours:g} | {hours * 3600 / TAU_VELOCITY_S:g} | "
            f"{1 - len(rows) / count:.1%} | {held.mean():.1%} | "
            f"{(missed > 1).sum() / len(rows):.1%} | {(missed < 1).sum() / len(rows):.1%} | "
            f"{told[1]:.3f} | {told[2]:.2f} | "
            f"{told[3] - 1:+.1%} to {told[4] - 1:+.1%} |",
            flush=True,
        )


def models(count: int) -> None:
    """Print how often limits of models and ranges hold what was planted."""
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


def main() -> None:
    """Print a table for the page of methods."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simulations", type=int, default=400)
    parser.add_argument("--tables", nargs="+", default=("models", "path-speed"))
    asked = parser.parse_args()
    count = asked.simulations
    today = datetime.now(UTC).date()
    print(
        f"{count} simulations each, version {__version__}, {today}; share of limits that hold the"
    )
    print("truth (median ratio of estimate and truth)")
    if "path-speed" in asked.tables:
        path_speeds(count)
    if "models" in asked.tables:
        models(count)


if __name__ == "__main__":
    main()
