"""A red deer's steps, against the R packages amt and survival."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kulan.movement.fixes import make_fixes
from kulan.movement.selection.conditional_logit import choices_from, fit_conditional_logit
from kulan.movement.selection.random_steps import observed_steps
from kulan.movement.selection.step_families import StepFamily, fit_step_family
from kulan.movement.selection.step_selection import StepSelection
from kulan.movement.tracks import tracks_of

DATA = Path(os.environ.get("KULAN_SHARED_DATA", ".")).parent / "conformance" / "telemetry"
pytestmark = pytest.mark.skipif(
    not (DATA / "amt_deer.json").exists(), reason="the shared telemetry cases are not here"
)


@pytest.fixture(scope="module")
def answers():
    return json.loads((DATA / "amt_deer.json").read_text())["issf"]


@pytest.fixture(scope="module")
def table():
    table = pd.read_csv(DATA / "amt_deer_issf_data.csv.gz")
    return table.assign(forest_=(table["forest"] == 1).astype(float))


@pytest.mark.parametrize("model", ["m1", "m2"])
def test_coefficients_errors_and_likelihood_are_theirs(table, answers, model):
    theirs = answers[model]
    fit = fit_conditional_logit(
        choices_from(table, theirs["terms"], chosen="case_", sets="step_id_")
    )
    assert fit.sets == theirs["nevent"]
    assert fit.coefficients == pytest.approx(theirs["coef"], rel=1e-9)
    assert fit.standard_errors == pytest.approx(theirs["se"], rel=1e-9)
    assert fit.null_log_likelihood == pytest.approx(theirs["loglik"][0], abs=1e-9)
    assert fit.log_likelihood == pytest.approx(theirs["loglik"][1], abs=1e-9)


def test_how_the_deer_steps_without_choosing_is_theirs(table, answers):
    theirs = answers["m1"]
    fit = fit_conditional_logit(
        choices_from(table, theirs["terms"], chosen="case_", sets="step_id_")
    )
    named = {"sl_": "length_m", "log_sl_": "log_length", "cos_ta_": "cos_turn"}
    fit = type(fit)(
        tuple(named.get(term, term) for term in fit.terms),
        fit.coefficients,
        fit.covariance,
        fit.robust_covariance,
        fit.log_likelihood,
        fit.null_log_likelihood,
        fit.sets,
        fit.clusters,
        fit.left_out,
    )
    drawn_from = answers["sl_distr"]["params"]
    family = StepFamily(
        drawn_from["shape"], drawn_from["scale"], answers["ta_distr"]["params"]["kappa"]
    )
    updated = StepSelection(fit, family).updated()
    assert updated["shape"].estimate == pytest.approx(answers["updated_sl"]["shape"], rel=1e-9)
    assert updated["scale_m"].estimate == pytest.approx(answers["updated_sl"]["scale"], rel=1e-9)
    kappa = answers["updated_ta"]["kappa"]
    assert updated["concentration"].estimate == pytest.approx(kappa, rel=1e-9)


def test_the_deer_steps_as_they_say(answers):
    deer = pd.read_csv(DATA / "amt_deer_epsg3035.csv")
    fixes = make_fixes(
        pd.DataFrame(
            {
                "animal_id": "deer",
                "time": pd.to_datetime(deer["t_"], utc=True),
                "x": deer["x_"],
                "y": deer["y_"],
            }
        ),
        crs="EPSG:3035",
    )
    steps = observed_steps(tracks_of(fixes), 6 * 3600.0, 15 * 60.0)
    family = fit_step_family(steps["length_m"].to_numpy(), steps["turn_rad"].to_numpy())
    # they use first steps of bursts for lengths too; ours are those with a turn
    assert family.shape == pytest.approx(answers["sl_distr"]["params"]["shape"], rel=0.02)
    assert np.isclose(family.scale_m, answers["sl_distr"]["params"]["scale"], rtol=0.02)
    # this deer tends to turn back: they tell the size of that, and straight on as its direction
    assert family.concentration == pytest.approx(-answers["ta_distr"]["params"]["kappa"], rel=0.01)
