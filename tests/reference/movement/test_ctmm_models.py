"""Models of the gazelles against ctmm 1.3.0."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from known_gazelles import answers, sigma_of, tracks
from kulan.movement.models import fit, select
from kulan.movement.models.curvature import curvature, slopes
from kulan.movement.models.likelihood import Observed, shape_of
from kulan.movement.models.processes import KINDS

# ctmm's time scale of place lies 2.3 % below the Newton step from the exact maximum: its search
# ended 1.2 % before that, where the likelihood is 0.0003 lower, and the step doubles the distance,
# as the test shows of where theirs differs
OFF_IN_CTMM = {"618674A"}
# their searches ended 0.3 % beside the maximum in the time scale of speed
NEARLY = {"618677A", "631740A"}


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


def test_the_residual_step_is_theirs_where_both_start_from_the_maximum(chosen):
    for name, answer in answers().items():
        if name in OFF_IN_CTMM | NEARLY:
            continue
        model = chosen[name].best
        scales = [*answer["fit"]["tau_s"].values(), 0.0][:2]
        assert model.tau_s == pytest.approx(scales, rel=2e-5), name
        assert model.sigma_m2 == pytest.approx(sigma_of(answer), rel=2e-5), name
        assert model.dof["area"] == pytest.approx(answer["fit_summary"]["DOF"]["area"], rel=5e-5), (
            name
        )


def _step(seen, memory):
    """Where the Newton step of pHREML leads from a memory, its best shape given; and how likely."""
    kind = KINDS["OUF"]
    _, gram = seen.gram(kind, tuple(memory))
    spread = gram[:2, :2] - np.outer(gram[:2, 2], gram[:2, 2]) / gram[2, 2]
    values = np.array([*shape_of(spread / seen.n), *memory])
    scale = np.array([values[0], values[1], 1.0, *memory])

    def likely(place, residual=False):
        at = values + place * scale
        return seen.log_likelihood(kind, tuple(at[3:]), tuple(at[:3]), residual=residual)

    reach, here = np.full(5, 3e-3), np.zeros(5)
    curved = curvature(lambda place: -likely(place), here, reach)
    towards = slopes(lambda place: likely(place, True) - likely(place), here, reach)
    return memory * (1 + np.linalg.solve(curved, towards)[3:]), likely(here)


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("618674A", (-0.011914, 2.65e-5)),
        ("618677A", (0.0022475, -0.0034449)),
        ("631740A", (0.00081676, -0.0029631)),
    ],
)
def test_where_theirs_differs_its_search_ended_early(herd, name, beside):
    track, told = herd[name], answers()[name]["fit"]
    theirs = np.array(list(told["tau_s"].values()))
    best = fit(track, "OUF anisotropic", "ML")
    seen = Observed(track)
    # from anywhere the search ends at the same maximum
    for factors in ((0.3, 3.0), (3.0, 0.3), (0.5, 0.5), (2.0, 2.0)):
        away = np.r_[best.values[:3], np.array(best.memory) * factors]
        again = fit(track, "OUF anisotropic", "ML", near=replace(best, values=away))
        assert again.loglik == pytest.approx(best.loglik, abs=1e-6)
        assert again.memory == pytest.approx(best.memory, rel=3e-3)
    # from it, the step leads to our answer, and from a little beside it to theirs
    ours = fit(track, "OUF anisotropic")
    assert _step(seen, np.array(best.memory))[0] == pytest.approx(ours.memory, rel=1e-3)
    end, likely = _step(seen, np.array(best.memory) * np.exp(beside))
    assert end == pytest.approx(theirs, rel=1e-3)
    assert 1e-4 < best.loglik - likely < 2e-3
    # and ours is the likelier by the residual likelihood, which the step is to raise
    residual = [
        seen.log_likelihood(KINDS["OUF"], memory, shape_of(sigma), residual=True)
        for memory, sigma in (
            (ours.memory, ours.sigma_m2),
            (tuple(theirs), np.reshape(told["sigma"], (2, 2))),
        )
    ]
    assert residual[0] > residual[1]


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
