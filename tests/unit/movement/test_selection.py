"""What animals choose is told from where they could have gone, with limits that hold."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from kulan.errors import (
    InvalidGeometryError,
    InvalidRequestError,
    InvalidTableError,
    NotEnoughDataError,
)
from kulan.movement.planes import Plane
from kulan.movement.selection.calibration import calibrate
from kulan.movement.selection.conditional_logit import choices_from, fit_conditional_logit
from kulan.movement.selection.random_steps import (
    observed_steps,
    with_covariates,
    with_crossings,
    with_random_steps,
)
from kulan.movement.selection.resource_selection import fit_resource_selection
from kulan.movement.selection.step_families import StepFamily, fit_step_family
from kulan.movement.selection.step_selection import fit_step_selection, relative_strength
from kulan.movement.tracks import Track


def _picked(coefficients, sets=400, size=6, seed=0, animals=1):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(sets, size, len(coefficients)))
    score = x @ np.array(coefficients) + rng.gumbel(size=(sets, size))
    table = pd.DataFrame(
        x.reshape(-1, len(coefficients)), columns=["forest", "slope"][: x.shape[2]]
    )
    table["set_id"] = np.repeat(np.arange(sets), size)
    table["case"] = (np.arange(size) == score.argmax(axis=1)[:, None]).ravel()
    table["animal_id"] = np.repeat(np.arange(sets) % animals, size)
    return table


def _walk(n=400, seed=1, plane=""):
    """A correlated walk through a wood that the animal prefers: one of ten places is chosen."""
    rng = np.random.default_rng(seed)
    family = StepFamily(2.0, 100.0, 1.0)
    x, y, heading = [0.0], [0.0], 0.0
    for _ in range(n):
        length, turn = family.lengths_m(30, rng), family.turns_rad(30, rng)
        east, north = (
            x[-1] + length * np.cos(heading + turn),
            y[-1] + length * np.sin(heading + turn),
        )
        pick = int((1.5 * _wood(east, north) + rng.gumbel(size=30)).argmax())
        heading += turn[pick]
        x.append(east[pick])
        y.append(north[pick])
    return Track("k1", np.arange(n + 1) * 3600.0, np.array(x), np.array(y), Plane(plane))


def _wood(x_m, y_m):
    return ((np.floor(x_m / 300) + np.floor(y_m / 300)) % 2).astype(float)


def test_two_alternatives_by_hand():
    # three sets with a difference of one, two of which chose the larger: logit(2/3) = ln 2
    table = pd.DataFrame(
        {"set_id": [1, 1, 2, 2, 3, 3], "case": [1, 0, 1, 0, 1, 0], "x": [1.0, 0, 1, 0, 0, 1]}
    )
    fit = fit_conditional_logit(choices_from(table, ["x"]))
    assert fit.coefficients[0] == pytest.approx(np.log(2))
    assert fit.standard_errors[0] == pytest.approx(1 / np.sqrt(3 * (2 / 3) * (1 / 3)))
    assert fit.log_likelihood == pytest.approx(2 * np.log(2 / 3) + np.log(1 / 3))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(0.01, 100), st.floats(-1e3, 1e3))
def test_units_and_the_order_of_rows_change_nothing(seed, factor, shift):
    table = _picked([0.8, -0.5], sets=60, seed=seed)
    one = fit_conditional_logit(choices_from(table, ["forest", "slope"]))
    other = table.assign(slope=table["slope"] * factor + shift).sample(frac=1, random_state=seed)
    scaled = fit_conditional_logit(choices_from(other, ["forest", "slope"]))
    assert scaled.coefficients[0] == pytest.approx(one.coefficients[0], abs=1e-6)
    assert scaled.coefficients[1] * factor == pytest.approx(one.coefficients[1], abs=1e-5)
    assert scaled.log_likelihood == pytest.approx(one.log_likelihood, abs=1e-7)


def test_limits_of_planted_coefficients_hold_them_as_often_as_they_say():
    held = [
        fit_conditional_logit(choices_from(_picked([0.8], sets=150, seed=seed), ["forest"]))
        .intervals()["forest"]
        .holds(0.8)
        for seed in range(200)
    ]
    # 95 % of 200: with true limits fewer than 180 would come once in 500
    assert 180 <= sum(held) <= 199


def test_errors_of_ten_animals_that_differ_are_wider_than_the_model_thinks():
    parts = [
        _picked([strength], sets=100, seed=k).assign(
            set_id=lambda t, k=k: t["set_id"] + 1000 * k, animal_id=k
        )
        for k, strength in enumerate(np.linspace(-1.0, 2.0, 12))
    ]
    fit = fit_conditional_logit(choices_from(pd.concat(parts), ["forest"], clusters="animal_id"))
    assert fit.clusters == 12
    assert fit.robust_standard_errors[0] > 2 * fit.standard_errors[0]
    robust, narrow = fit.intervals()["forest"], fit.intervals(robust=False)["forest"]
    assert robust.high - robust.low > 2 * (narrow.high - narrow.low)


def test_one_animal_has_no_robust_error():
    fit = fit_conditional_logit(choices_from(_picked([0.8]), ["forest"]))
    assert np.isnan(fit.robust_standard_errors).all()
    assert fit.intervals()["forest"].is_known


def test_a_set_without_its_choice_is_left_out_and_counted():
    table = _picked([0.8], sets=50)
    first = table.index[table["case"]][0]
    table.loc[first, "forest"] = np.nan
    choices = choices_from(table, ["forest"])
    assert choices.sets == 49
    assert choices.left_out == {"covariate of the choice unknown": 1}


def test_two_choices_in_a_set_are_refused():
    table = _picked([0.8], sets=5).assign(case=True)
    with pytest.raises(InvalidTableError, match="5 sets of alternatives have more than one choice"):
        choices_from(table, ["forest"])


@pytest.mark.parametrize(
    ("columns", "terms", "word"),
    [
        ({"flat": 1.0}, ["flat"], "the same for all alternatives"),
        ({"copy": lambda t: 2 * t["forest"]}, ["forest", "copy"], "copies or sums"),
        ({"told": lambda t: t["case"].astype(float)}, ["told"], "has no bound"),
    ],
)
def test_a_term_that_cannot_be_told_is_named(columns, terms, word):
    table = _picked([0.8]).assign(**columns)
    with pytest.raises(NotEnoughDataError, match=word):
        fit_conditional_logit(choices_from(table, terms))


def test_an_unknown_column_is_named_beside_the_known():
    with pytest.raises(InvalidTableError, match="no column 'wood'; found forest"):
        choices_from(_picked([0.8]), ["wood"])


def test_how_an_animal_steps_is_found_again():
    rng = np.random.default_rng(3)
    truth = StepFamily(0.8, 500.0, -0.6)
    family = fit_step_family(truth.lengths_m(20_000, rng), truth.turns_rad(20_000, rng))
    assert family.shape == pytest.approx(0.8, rel=0.03)
    assert family.scale_m == pytest.approx(500.0, rel=0.03)
    assert family.concentration == pytest.approx(-0.6, rel=0.05)


def test_random_steps_start_where_the_animal_was_and_have_their_lengths():
    steps = observed_steps([_walk()], 3600.0)
    table, _ = with_random_steps(steps, controls=4, seed=2)
    starts = table["x_start_m"].to_numpy().reshape(-1, 5)
    assert np.array_equal(starts, np.repeat(starts[:, :1], 5, axis=1))
    length = np.hypot(table["x_end_m"] - table["x_start_m"], table["y_end_m"] - table["y_start_m"])
    assert np.allclose(length, table["length_m"])
    turned = np.arctan2(
        table["y_end_m"] - table["y_start_m"], table["x_end_m"] - table["x_start_m"]
    )
    assert np.allclose(np.cos(turned - table["bearing_rad"]), table["cos_turn"])


def test_the_same_seed_draws_the_same_steps():
    steps = observed_steps([_walk(60)], 3600.0)
    one, other = (with_random_steps(steps, seed=7)[0] for _ in range(2))
    pd.testing.assert_frame_equal(one, other)


def test_planted_selection_and_movement_are_found_again():
    steps = observed_steps([_walk(1500)], 3600.0)
    table, family = with_random_steps(steps, controls=30)
    table = with_covariates(table, at_end={"wood": _wood})
    found = fit_step_selection(table, ["wood", "length_m", "log_length", "cos_turn"], family)
    assert found.fit.intervals(0.999)["wood"].holds(1.5)
    updated = found.updated(0.999)
    assert updated["shape"].holds(2.0)
    assert updated["scale_m"].holds(100.0)
    assert updated["concentration"].holds(1.0)


def test_what_lies_at_the_start_counts_only_in_a_product():
    steps = observed_steps([_walk(300)], 3600.0)
    table, family = with_random_steps(steps)
    table = with_covariates(table, at_start={"wood": _wood})
    with pytest.raises(NotEnoughDataError, match="the same for all alternatives"):
        fit_step_selection(table, ["start_wood"], family)
    assert fit_step_selection(table, ["log_length", "log_length:start_wood"], family).fit.sets > 200


def test_a_line_in_the_way_is_met_by_the_steps_across_it():
    steps = observed_steps([_walk(200)], 3600.0)
    table, family = with_random_steps(steps, controls=20)
    table = with_crossings(table, [shapely.LineString([(0, -1e6), (0, 1e6)])])
    across = np.sign(table["x_start_m"]) != np.sign(table["x_end_m"])
    assert (table["crosses"].to_numpy() == across.to_numpy()).mean() > 0.999
    never = table.assign(crosses=np.where(table["case"], 0.0, table["crosses"]))
    with pytest.raises(NotEnoughDataError, match="crosses: separates"):
        fit_step_selection(never, ["crosses"], family)


def test_tracks_in_two_planes_are_refused():
    with pytest.raises(InvalidGeometryError, match="2 planes"):
        observed_steps([_walk(30), _walk(30, plane="EPSG:32648")], 3600.0)


def test_a_gap_makes_no_step():
    track = _walk(50)
    later = Track("k1", track.time_s + 3000.0 * (np.arange(51) > 25), track.x_m, track.y_m)
    assert len(observed_steps([later], 3600.0)) == len(observed_steps([track], 3600.0)) - 2


def test_a_place_without_a_covariate_is_named():
    fit = fit_conditional_logit(choices_from(_picked([0.8, 0.2]), ["forest", "slope"]))
    with pytest.raises(InvalidRequestError, match="no value of slope"):
        relative_strength(fit, {"forest": 1.0}, {"forest": 0.0, "slope": 0.0})


def test_a_model_without_what_matters_is_not_calibrated_and_the_true_one_is():
    learned, fresh = _picked([1.5, 1.0], seed=1), _picked([1.5, 1.0], sets=2000, seed=2)
    shares = {}
    for terms in (["slope"], ["forest", "slope"]):
        fit = fit_conditional_logit(choices_from(learned, terms))
        choices = choices_from(fresh, terms)
        shares[len(terms)] = calibrate(fit, choices, fresh["forest"].to_numpy()).share_inside
    assert shares[1] < 0.5
    assert shares[2] >= 0.8


def test_fixes_that_count_for_less_make_wider_limits():
    rng = np.random.default_rng(5)
    land = rng.normal(size=(5_000, 1))
    used = rng.normal(0.5, 1.0, size=(300, 1))
    all_count, few_count = (
        fit_resource_selection(used, land, ("snow",), effective=n) for n in (300.0, 30.0)
    )
    assert all_count.coefficients[0] == pytest.approx(few_count.coefficients[0], rel=0.02)
    ratio = np.sqrt(few_count.covariance[0, 0] / all_count.covariance[0, 0])
    assert ratio == pytest.approx(np.sqrt(10), rel=0.05)


def test_too_few_independent_fixes_are_refused():
    with pytest.raises(NotEnoughDataError, match=r"counts as 1\.5 independent fixes for 2"):
        fit_resource_selection(np.ones((9, 2)), np.ones((9, 2)), ("a", "b"), effective=1.5)


_RNG = np.random.default_rng(0)
_SNOW, _USED = _RNG.normal(size=(4_000, 1)), _RNG.normal(0.3, 1.0, size=(300, 1))
_TOWN = (_RNG.random((4_000, 1)) < 0.2) * 1.0


def _both(first, second):
    return np.hstack([first, second * np.ones((len(first), 1))])


@pytest.mark.parametrize(
    ("used", "available", "word"),
    [
        (_both(_USED, 0.0), _both(_SNOW, _TOWN), "^town: separates what was used.*no bound"),
        (_both(_USED, 1.0), _both(_SNOW, _TOWN), "^town: separates what was used.*no bound"),
        (_both(_USED, 9.0), _both(_SNOW, _RNG.random((4_000, 1))), "^town: separates"),
        (_both(_USED, _USED), _both(_SNOW, _SNOW), "copies or sums of one another"),
        (_both(_USED, 9 - 2 * _USED), _both(_SNOW, 9 - 2 * _SNOW), "copies or sums"),
        (_both(_USED, _USED > 0), _both(_SNOW, 0.0), "^town: the same everywhere"),
    ],
    ids=["never used", "always used", "beyond the land", "a copy", "a sum", "same land"],
)
def test_a_covariate_of_land_that_cannot_be_told_is_named(used, available, word):
    with pytest.raises(NotEnoughDataError, match=word):
        fit_resource_selection(used, available, ("snow", "town"), effective=30.0)


def test_a_rare_class_that_is_much_used_is_found():
    land, used = np.zeros((10_000, 1)), np.zeros((1_000, 1))
    land[:20], used[:200] = 1.0, 1.0
    fit = fit_resource_selection(used, land, ("spring",), effective=100.0)
    # odds of use, 1 to 4, over those of land, 20 to 9,980
    assert fit.coefficients[0] == pytest.approx(np.log(0.25 / (20 / 9_980)), rel=0.01)


@pytest.mark.parametrize(("fixes", "points"), [(500, 500), (500, 100), (2_000, 1_000)])
def test_limits_hold_the_chance_of_the_available_points_too(fixes, points):
    rng = np.random.default_rng(1)
    held, runs = 0, 200
    for _ in range(runs):
        # used exp(0.5 snow) as much: a normal moved by half
        land, used = rng.normal(size=(points, 1)), rng.normal(0.5, 1.0, size=(fixes, 1))
        fit = fit_resource_selection(used, land, ("snow",), effective=float(fixes))
        held += fit.intervals()["snow"].holds(0.5)
    assert fit.by_points[0] > 0.4
    assert held / runs >= 0.91


def test_many_available_points_leave_the_limits_to_the_fixes():
    rng = np.random.default_rng(1)
    land, used = rng.normal(size=(10_000, 1)), rng.normal(0.5, 1.0, size=(300, 1))
    fit = fit_resource_selection(used, land, ("snow",), effective=30.0)
    assert fit.by_points[0] < 0.01
