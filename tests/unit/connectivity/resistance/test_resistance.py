"""Layers become resistance: curves through known points, combinations, judged weights."""

import numpy as np
import pytest

from kulan.connectivity.resistance import combining, transforms
from kulan.errors import InvalidGridError

ROW = np.array([[0.0, 0.25, 0.5, 1.0, np.nan]])


def test_classes_get_their_resistance_and_unknown_classes_are_refused():
    classes = np.array([[10.0, 16.0, np.nan]])

    found = transforms.reclassify(classes, {10: 1.0, 16: 4.0})

    np.testing.assert_array_equal(found, [[1.0, 4.0, np.nan]])
    with pytest.raises(InvalidGridError, match="16 have no resistance"):
        transforms.reclassify(classes, {10: 1.0})
    np.testing.assert_array_equal(
        transforms.reclassify(classes, {10: 1.0}, others=9.0), [[1.0, 9.0, np.nan]]
    )


CURVES = {
    "linear": lambda v: transforms.linear(v, best=0, worst=1, greatest=50),
    "linear downward": lambda v: transforms.linear(1 - v, best=1, worst=0, greatest=50),
    "monomolecular": lambda v: transforms.monomolecular(v, best=0, worst=1, greatest=50, rate=3),
    "monomolecular, slow": lambda v: transforms.monomolecular(
        v, best=0, worst=1, greatest=50, rate=-3
    ),
    "from suitability": lambda v: transforms.from_suitability(1 - v, greatest=50, steepness=4),
}


@pytest.mark.parametrize("curve", CURVES)
def test_a_curve_begins_at_one_ends_at_the_greatest_and_never_falls(curve):
    found = CURVES[curve](ROW)

    assert found[0, 0] == pytest.approx(1)
    assert found[0, 3] == pytest.approx(50)
    assert (np.diff(found[0, :4]) > 0).all()
    assert np.isnan(found[0, 4])


def test_curves_pass_the_published_points():
    # Keeley et al. (2016), c = 8, suitability 0.5: 100 - 99 (1 - e^-4) / (1 - e^-8)
    assert transforms.from_suitability(np.array([0.5]), steepness=8)[0] == pytest.approx(
        2.7807, abs=1e-4
    )
    assert transforms.hill(np.array([20.0]), half=20, power=3, greatest=9)[0] == pytest.approx(5)
    decayed = transforms.distance_decay(np.array([2000.0]), reach_m=2000, greatest=11)
    assert decayed[0] == pytest.approx(1 + 10 / np.e)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: transforms.linear(ROW, best=1, worst=1, greatest=5), "both 1"),
        (lambda: transforms.linear(ROW, best=0, worst=1, greatest=0.5), "at least that"),
        (lambda: transforms.from_suitability(ROW * 3, steepness=2), "Divide by its maximum"),
        (lambda: transforms.hill(ROW - 1, half=1, power=1, greatest=2), "begins at 0"),
        (lambda: transforms.monomolecular(ROW, best=0, worst=1, greatest=2, rate=0), "linear"),
        (lambda: combining.weighted_sum({}), "none given"),
        (lambda: combining.product({"a": ROW, "b": ROW[:, :2]}), "different shapes"),
        (lambda: combining.weighted_sum({"a": ROW}, {"b": 1.0}), "given for b, needed for a"),
        (lambda: combining.weighted_sum({"a": ROW}, {"a": -1.0}), "zero or more"),
        (lambda: combining.geometric_mean({"a": ROW}), "above 0"),
        (lambda: combining.trapezoid(ROW, feet=(1, 2), top=(0, 2)), "within the feet"),
        (lambda: combining.fuzzy_gamma({"a": ROW * 2}, 0.5), "between 0 and 1"),
    ],
)
def test_what_cannot_be_meant_is_refused(call, told):
    with pytest.raises(InvalidGridError, match=told):
        call()


LAYERS = {"cover": np.array([[1.0, 4.0]]), "relief": np.array([[9.0, 1.0]])}


def test_combinations_have_their_known_values():
    np.testing.assert_allclose(combining.product(LAYERS), [[9, 4]])
    np.testing.assert_allclose(combining.largest(LAYERS), [[9, 4]])
    np.testing.assert_allclose(
        combining.weighted_sum(LAYERS, {"cover": 3, "relief": 1}), [[3, 3.25]]
    )
    np.testing.assert_allclose(combining.geometric_mean(LAYERS), [[3, 2]])


def test_ordered_weights_run_from_the_smallest_to_the_largest_layer():
    np.testing.assert_allclose(combining.ordered_weights(LAYERS, [1, 0]), combining.largest(LAYERS))
    np.testing.assert_allclose(combining.ordered_weights(LAYERS, [0, 1]), [[1, 1]])
    np.testing.assert_allclose(
        combining.ordered_weights(LAYERS, [1, 1]), combining.weighted_sum(LAYERS)
    )
    assert combining.orness([1, 0, 0]) == 1
    assert combining.orness([0, 0, 1]) == 0
    assert combining.orness([1, 1, 1]) == pytest.approx(0.5)


def test_judgements_of_a_published_matrix_give_its_weights_and_consistency():
    # criteria of Saaty (1980)'s kind, consistent by construction: 6 : 3 : 1
    names = ["cover", "relief", "people"]
    consistent = {("cover", "relief"): 2, ("cover", "people"): 6, ("relief", "people"): 3}
    found = combining.judge_weights(names, consistent)
    assert found.weights == pytest.approx({"cover": 0.6, "relief": 0.3, "people": 0.1})
    assert found.consistency_ratio == pytest.approx(0, abs=1e-9)
    circular = {("cover", "relief"): 5, ("relief", "people"): 5, ("people", "cover"): 5}
    assert combining.judge_weights(names, circular).consistency_ratio > 1
    assert not combining.judge_weights(names, circular).is_consistent


def test_the_consistency_of_an_inconsistent_matrix_is_that_worked_by_hand():
    # a = [[1, 2, 8], [1/2, 1, 2], [1/8, 1/2, 1]]: for three things the principal eigenvalue is
    # 1 + k + 1/k, with k the cube root of a12 a23 / a13
    k = (2 * 2 / 8) ** (1 / 3)
    expected = (1 + k + 1 / k - 3) / 2 / 0.58
    judged = {("a", "b"): 2, ("a", "c"): 8, ("b", "c"): 2}
    assert combining.judge_weights(["a", "b", "c"], judged).consistency_ratio == pytest.approx(
        expected
    )


@pytest.mark.parametrize(
    ("judgements", "told"),
    [
        ({("a", "b"): 2}, "a and c are not compared"),
        ({("a", "b"): 2, ("b", "a"): 2}, "judged twice"),
        ({("a", "b"): 12}, "scale is 1/9 to 9"),
        ({("a", "x"): 2}, "no pair of the layers"),
    ],
)
def test_judgements_that_are_incomplete_or_off_the_scale_are_refused(judgements, told):
    with pytest.raises(InvalidGridError, match=told):
        combining.judge_weights(["a", "b", "c"], judgements)


def test_fuzzy_sets_have_their_known_values():
    values = np.array([0.0, 1.0, 2.0, 3.0, 4.0, np.nan])
    np.testing.assert_allclose(
        combining.trapezoid(values, feet=(0, 4), top=(2, 3)), [0, 0.5, 1, 1, 0, np.nan]
    )
    members = {"a": np.array([0.5]), "b": np.array([0.8])}
    assert combining.fuzzy_gamma(members, 0)[0] == pytest.approx(0.4)
    assert combining.fuzzy_gamma(members, 1)[0] == pytest.approx(0.9)
