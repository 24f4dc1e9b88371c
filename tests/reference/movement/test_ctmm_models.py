"""Models of the gazelles against ctmm 1.3.0."""

from collections import Counter

import numpy as np
import pytest

from known_gazelles import answers, sigma_of, tracks
from kulan.movement.models import fit, select
from kulan.movement.models.likelihood import Observed, shape_of
from kulan.movement.models.processes import KINDS

# ctmm's time scale of place lies 2.3 % below the Newton step from the exact maximum; ours differs
# from its answers by less than 0.02 % for the same animal's isotropic model and for all others
OFF_IN_CTMM = {"618674A"}


@pytest.fixture(scope="module")
def herd():
    return tracks()


@pytest.fixture(scope="module")
def chosen(herd):
    return {name: select(track) for name, track in herd.items()}


def test_log_likelihoods_at_given_parameters(herd):
    for name, answer in answers().items():
        told = answer["fit"]
        kind = KINDS[told["model"].split()[0]]
        ours = Observed(herd[name]).log_likelihood(
            kind, tuple(told["tau_s"].values()), shape_of(sigma_of(answer))
        )
        assert ours == pytest.approx(told["loglike"], abs=1e-6), name
        alone = fit(herd[name], "IID anisotropic")
        assert alone.loglik == pytest.approx(answer["iid_loglike"], abs=1e-6), name


def test_the_same_model_wins(chosen):
    for name, answer in answers().items():
        assert chosen[name].best.name == answer["fit"]["model"], name
    kinds = Counter(selection.best.kind for selection in chosen.values())
    assert kinds == {"OUF": 32, "OUf": 2, "OU": 2}


def test_every_candidate_is_as_likely_as_theirs(chosen):
    for name, answer in answers().items():
        ours = {model.name: model for model in chosen[name].candidates}
        for theirs in answer["candidates"]:
            if name in OFF_IN_CTMM and theirs["name"] == "OUF anisotropic":
                continue
            model = ours[theirs["name"]]
            assert model.loglik > theirs["loglike"] - 0.01, (name, model.name)
            assert model.aicc == pytest.approx(theirs["AICc"], abs=0.02), (name, model.name)


def test_time_scales_variance_and_effective_sizes(chosen):
    for name, answer in answers().items():
        model, told = chosen[name].best, answer["fit"]
        tolerance = 0.03 if name in OFF_IN_CTMM else 0.01
        scales = [*told["tau_s"].values(), 0.0][:2]
        assert model.tau_s == pytest.approx(scales, rel=tolerance), name
        assert model.sigma_m2 == pytest.approx(sigma_of(answer), rel=tolerance), name
        sizes = answer["fit_summary"]["DOF"]
        assert model.dof["area"] == pytest.approx(sizes["area"], rel=2 * tolerance), name
        assert model.dof["mean"] == pytest.approx(sizes["mean"], rel=tolerance), name


def test_speed_and_diffusion_with_their_limits(chosen):
    for name, answer in answers().items():
        if name in OFF_IN_CTMM:
            continue
        model = chosen[name].best
        told = dict(zip(answer["fit_summary"]["rows"], answer["fit_summary"]["CI"], strict=True))
        pairs = {
            "speed (meters/second)": model.speed_m_s(),
            "diffusion (square meters/second)": model.diffusion_m2_s(),
        }
        for row, ours in pairs.items():
            if row in told:
                assert (ours.low, ours.estimate, ours.high) == pytest.approx(
                    tuple(told[row]), rel=0.01
                ), (name, row)


def test_twenty_of_the_gazelles_have_too_small_an_effective_sample(chosen):
    sizes = np.array([selection.best.dof["area"] for selection in chosen.values()])
    assert (sizes < 4).sum() == 20
    assert np.median(sizes) == pytest.approx(3.1, abs=0.05)
