"""How long likelihoods, model choice and kernel ranges take: processor seconds on one core.

    KULAN_SHARED_DATA=shared/data python benchmarks/movement/models_and_ranges.py

Answers are checked before any time is taken: the likelihood against one big matrix, the gazelles
against ctmm's winners, the rest against what was planted. Code is compiled before the clock starts;
the first call on a machine takes about half a minute more.
"""

import json
import math
import os
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import multivariate_normal

from kulan.movement.models import make_model, select, simulate
from kulan.movement.models.filters import filter_columns
from kulan.movement.models.likelihood import Observed
from kulan.movement.models.processes import KINDS, autocorrelation
from kulan.movement.ranges.akde import akde
from kulan.movement.tracks import Track

DAY_S = 86_400.0
MEMORY = (5 * DAY_S, 4 * 3600.0)
SIGMA_M2 = np.diag([9e6, 4e6])
# ctmm 1.3.0 on the machine of shared/movement.md, processor seconds
IN_R = {"likelihood": 8.22e-5, "gazelles": 1330.0, "weighted": 59.0}


def seconds_of(work: Callable[[], object], repeat: int = 3) -> float:
    """Return the least processor seconds of some runs."""
    least = math.inf
    for _ in range(repeat):
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return least


def drawn(n: int, hours: float, seed: int = 1, jitter: float = 0.0) -> Track:
    """Return a path of an OUF model with so many fixes."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(n) * hours * 3600.0 + rng.uniform(0, jitter * hours * 3600.0, n)
    model = make_model(kind="OUF", memory=MEMORY, sigma_m2=SIGMA_M2)
    return simulate(model, time_s, rng)


def likelihood() -> None:
    """Time an isotropic OUF log-likelihood, per fix."""
    small = drawn(300, 1.0, jitter=0.8)
    lag = small.time_s[:, None] - small.time_s[None, :]
    kind = KINDS["OUF"]
    rho = 4e6 * autocorrelation(kind, MEMORY, lag)
    dense = 0.0
    for values in small.positions_m.T:
        solved = np.linalg.solve(rho, np.column_stack([values, np.ones(300)]))
        mean = (np.ones(300) @ solved[:, 0]) / (np.ones(300) @ solved[:, 1])
        dense += multivariate_normal(np.full(300, mean), rho).logpdf(values)
    ours = Observed(small).log_likelihood(kind, MEMORY, (4e6, 4e6, 0.0))
    assert abs(ours - dense) < 1e-6, (ours, dense)
    for n, jitter in ((1_000, 0.8), (10_000, 0.8), (100_000, 0.8), (100_000, 0.0)):
        track = drawn(n, 1.0, jitter=jitter)
        arrays = (track.time_s, track.x_m - track.x_m.mean(), track.y_m - track.y_m.mean())
        rounds = max(1, 200_000 // n)
        work = partial(_filtered, arrays, kind.order, kind.rates(MEMORY), rounds)
        told = seconds_of(work, 5) / rounds / n
        gaps = "uneven" if jitter else "even"
        print(f"OUF log-likelihood, {n:,} fixes, {gaps} gaps: {told * 1e9:.0f} ns a fix "
              f"(ctmm {IN_R['likelihood'] * 1e9:,.0f})")  # fmt: skip


def _filtered(
    arrays: tuple[np.ndarray, ...], order: int, rates: tuple[float, float], rounds: int
) -> None:
    for _ in range(rounds):
        filter_columns(*arrays, np.empty(0), order, *rates)


def gazelles() -> None:
    """Time the choice of a model and the range of all 36 gazelles."""
    folder = Path(os.environ["KULAN_SHARED_DATA"]).parent / "conformance" / "telemetry"
    table = pd.read_csv(folder / "ctmm_gazelle.csv")
    tracks = {
        name: Track(name, rows["t"].to_numpy(float), rows["x"].to_numpy(), rows["y"].to_numpy())
        for name, rows in table.groupby("individual", sort=False)
    }
    chosen = {name: select(track).best for name, track in tracks.items()}
    assert Counter(one.kind for one in chosen.values()) == {"OUF": 32, "OUf": 2, "OU": 2}
    for answer in json.loads((folder / "ctmm_gazelle.json").read_text())["results"]:
        assert chosen[answer["id"]].name == answer["fit"]["model"]
    akde(tracks["583657A"], chosen["583657A"], like="ctmm")

    def work() -> None:
        for track in tracks.values():
            akde(track, select(track).best, like="ctmm")

    print(f"36 gazelles, choice and range: {seconds_of(work):.2f} s (ctmm {IN_R['gazelles']:,.0f})")


def weighted() -> None:
    """Time a weighted range of 1,000 hourly fixes."""
    track = drawn(1_000, 1.0)
    model = select(track).best
    found = akde(track, model, weights=True, like="ctmm")
    assert found.kernels is not None
    assert abs(found.kernels.weights.sum() - 1) < 1e-9
    assert (found.kernels.weights >= 0).all()
    told = seconds_of(lambda: akde(track, model, weights=True, like="ctmm"))
    print(f"weighted range, 1,000 hourly fixes: {told:.2f} s (ctmm {IN_R['weighted']:.0f})")


def long_track() -> None:
    """Time choice and range of one track of 100,000 fixes."""
    track = drawn(100_000, 1.0, jitter=0.5)
    start = time.process_time()
    model = select(track).best
    between = time.process_time()
    found = akde(track, model)
    end = time.process_time()
    assert model.kind == "OUF"
    assert model.tau_interval_s("position", 0.999).holds(MEMORY[0])
    assert found.areas[0.95].estimate > 0
    print(
        f"one track of 100,000 fixes: choice {between - start:.1f} s, range {end - between:.1f} s"
    )


def main() -> None:
    """Run all, and say what else the machine is doing."""
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    likelihood()
    weighted()
    gazelles()
    long_track()


if __name__ == "__main__":
    main()
