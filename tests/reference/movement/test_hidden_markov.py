"""Four elk in two and three states, against the R package moveHMM."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kulan.movement.states.decoding import decode_states
from kulan.movement.states.fitting import fit_states
from kulan.movement.states.hidden_markov import design_for, log_likelihood
from kulan.movement.states.observations import Observations, steps_and_turns

DATA = Path(os.environ.get("KULAN_SHARED_DATA", ".")).parent / "conformance" / "telemetry"
pytestmark = pytest.mark.skipif(
    not (DATA / "moveHMM_elk.json").exists(), reason="the shared telemetry cases are not here"
)


@pytest.fixture(scope="module")
def answers():
    return json.loads((DATA / "moveHMM_elk.json").read_text())["elk"]


@pytest.fixture(scope="module")
def their_states():
    return pd.read_csv(DATA / "moveHMM_elk_states.csv")


@pytest.fixture(scope="module")
def elk(their_states):
    pairs = [
        steps_and_turns(one["x"].to_numpy(), one["y"].to_numpy())
        for _, one in their_states.groupby("ID", sort=False)
    ]
    names = their_states["ID"].to_numpy(dtype=object)
    return Observations(
        np.concatenate([step for step, _ in pairs]),
        np.concatenate([turn for _, turn in pairs]),
        np.concatenate([[True], names[1:] != names[:-1]]),
        names,
        np.arange(len(names)),
        np.arange(len(names)) * 86400.0,
        {"dist_water": their_states["dist_water_z"].to_numpy()},
    )


def _their_working(design, answer):
    first = np.array(answer["delta"])
    return np.concatenate(
        [
            design.steps.working(np.array(answer["step"]).T).ravel(),
            design.turns.working(np.array(answer["angle"]).T).ravel(),
            np.ravel(answer["beta"]),
            np.log(first[1:] / first[0]),
        ]
    )


@pytest.mark.parametrize("case", ["no_cov", "dist_water"])
def test_the_likelihood_at_their_parameters_is_theirs(elk, answers, case):
    covariates = ("dist_water",) if case == "dist_water" else ()
    design = design_for(elk, 2, covariates=covariates)
    value, _ = log_likelihood(design, elk, _their_working(design, answers[case]))
    assert value == pytest.approx(-answers[case]["nll"], abs=1e-9)


@pytest.mark.parametrize(
    ("case", "states", "starts"), [("no_cov", 2, 3), ("dist_water", 2, 3), ("three_state", 3, 6)]
)
def test_the_fit_is_as_likely_as_theirs_or_more(elk, answers, case, states, starts):
    covariates = ("dist_water",) if case == "dist_water" else ()
    fitted = fit_states(elk, design_for(elk, states, covariates=covariates), starts=starts)
    assert fitted.log_likelihood > -answers[case]["nll"] - 1e-3


def test_the_likeliest_states_are_theirs(elk, their_states):
    fitted = fit_states(elk, design_for(elk, 2, covariates=("dist_water",)), starts=3)
    same = decode_states(fitted, elk).likeliest + 1 == their_states["viterbi"]
    assert same.mean() >= 0.99


def test_the_chances_of_states_are_theirs(elk, their_states):
    fitted = fit_states(elk, design_for(elk, 2, covariates=("dist_water",)), starts=3)
    theirs = their_states[["stateProbs.1", "stateProbs.2"]]
    assert np.abs(decode_states(fitted, elk).chances - theirs.to_numpy()).max() < 0.01


def test_limits_of_steps_are_theirs_where_both_are_known(elk, answers):
    fitted = fit_states(elk, design_for(elk, 2, covariates=("dist_water",)), starts=3)
    theirs = answers["dist_water"]["CI"]
    ours = fitted.parameters()
    for row, name in enumerate(("mean_m", "sd_m")):
        for state in range(2):
            interval = ours[name][state]
            assert interval.low == pytest.approx(theirs["step_lower"][row][state], rel=2e-3)
            assert interval.high == pytest.approx(theirs["step_upper"][row][state], rel=2e-3)
