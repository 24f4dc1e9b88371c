"""How fast choices and states are fitted: the red deer of amt, the elk of moveHMM.

Answers are compared with those of survival::clogit and moveHMM before any time is told. The R
figures are CPU-seconds of one core on another day and machine; no package for Python has either.
Needs the shared telemetry cases (KULAN_SHARED_DATA).

    python benchmarks/movement/choices_and_states.py
"""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
from _gauges import machine, seconds_of, tell

from kulan.movement.selection.conditional_logit import choices_from, fit_conditional_logit
from kulan.movement.states.fitting import fit_states
from kulan.movement.states.hidden_markov import design_for
from kulan.movement.states.observations import Observations, steps_and_turns

DATA = Path(os.environ.get("KULAN_SHARED_DATA", ".")).parent / "conformance" / "telemetry"


def check(what: str, ours: float, theirs: float, allowed: float) -> None:
    """Stop where an answer is another one."""
    if ours < theirs - allowed:
        raise SystemExit(f"{what}: {ours} where {theirs} is known")


def deer() -> None:
    """Time the conditional logistic regressions of the red deer."""
    answers = json.loads((DATA / "amt_deer.json").read_text())["issf"]
    table = pd.read_csv(DATA / "amt_deer_issf_data.csv.gz")
    table = table.assign(forest_=(table["forest"] == 1).astype(float))
    for name in ("m1", "m2"):
        theirs = answers[name]
        choices = choices_from(table, theirs["terms"], chosen="case_", sets="step_id_")
        fit = fit_conditional_logit(choices)
        if np.abs(fit.coefficients - theirs["coef"]).max() > 1e-9:
            raise SystemExit(f"{name}: coefficients differ")
        seconds = seconds_of(
            lambda terms=theirs["terms"]: fit_conditional_logit(
                choices_from(table, terms, chosen="case_", sets="step_id_")
            ),
            repeat=5,
        )
        print(f"  clogit {name}, 12,096 rows: {1000 * seconds:.1f} ms; clogit in R 76 ms")
        tell(f"times as fast as clogit ({name})", theirs["t"]["cpu"] / seconds, bar=10)


def elk() -> None:
    """Time the hidden Markov models of the elk, from one start as moveHMM searches."""
    answers = json.loads((DATA / "moveHMM_elk.json").read_text())["elk"]
    table = pd.read_csv(DATA / "moveHMM_elk_states.csv")
    parts = [
        steps_and_turns(one["x"].to_numpy(), one["y"].to_numpy())
        for _, one in table.groupby("ID", sort=False)
    ]
    names = table["ID"].to_numpy(dtype=object)
    seen = Observations(
        np.concatenate([step for step, _ in parts]),
        np.concatenate([turn for _, turn in parts]),
        np.concatenate([[True], names[1:] != names[:-1]]),
        names,
        np.arange(len(names)),
        np.arange(len(names)) * 86_400.0,
        {"dist_water": table["dist_water_z"].to_numpy()},
    )
    for case, states, covariates in (
        ("no_cov", 2, ()),
        ("dist_water", 2, ("dist_water",)),
        ("three_state", 3, ()),
    ):
        design = design_for(seen, states, covariates=covariates)
        check(case, fit_states(seen, design, starts=1).log_likelihood, -answers[case]["nll"], 1e-3)
        seconds = seconds_of(lambda design=design: fit_states(seen, design, starts=1), repeat=5)
        theirs = answers[case]["t"]["cpu"]
        print(f"  {case}: {1000 * seconds:.0f} ms; moveHMM {1000 * theirs:.0f} ms")
        tell(f"times as fast as moveHMM ({case})", theirs / seconds, bar=20)


def main() -> None:
    """Check, time and print."""
    if not DATA.is_dir():
        raise SystemExit("the shared telemetry cases are not here: set KULAN_SHARED_DATA")
    print(machine())
    deer()
    elk()


if __name__ == "__main__":
    main()
