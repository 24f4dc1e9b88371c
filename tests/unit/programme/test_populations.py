"""Population estimates hold together, and comparisons between them are honest."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulan.errors import InvalidTableError, UnknownNameError
from kulan.programme import PopulationEstimate, comparable, estimates_of, populations, range_states
from kulan.programme.count_methods import (
    COUNT_METHODS,
    INTERVAL_NAMES,
    QUANTITY_NAMES,
    SEASON_NAMES,
)
from kulan.programme.terms import COUNT_METHODS as METHOD_CODES
from kulan.programme.terms import INTERVAL_KINDS, QUANTITIES, SPECIES_IDS, SURVEY_SEASONS
from kulan.words import LANGUAGES, words_in


def make_estimate(**told: object) -> PopulationEstimate:
    """Return an estimate that can be compared with itself of another year."""
    plain = PopulationEstimate(
        species_id="khulan",
        iso3="MNG",
        population="Southern Gobi",
        estimate=100.0,
        low=80.0,
        high=130.0,
        interval_kind="confidence_95",
        quantity="individuals",
        method="distance_sampling",
        survey_from="2013-05",
        survey_to="2013-06",
        season="spring",
        area_covered_km2=1000.0,
        reference="A study",
        data_source="A service",
        quality="high",
    )
    return replace(plain, **told)  # type: ignore[arg-type]


ESTIMATES = st.builds(
    make_estimate,
    iso3=st.sampled_from(["MNG", "KAZ"]),
    population=st.sampled_from(["", "Southern Gobi"]),
    quantity=st.sampled_from(QUANTITIES),
    method=st.sampled_from(METHOD_CODES),
    season=st.sampled_from(SURVEY_SEASONS),
    interval_kind=st.sampled_from(INTERVAL_KINDS),
    area_covered_km2=st.none() | st.floats(0, 1e6),
    reference=st.sampled_from(["A study", "Another"]),
    quality=st.sampled_from(["high", "low", "unverified"]),
)


@given(ESTIMATES, ESTIMATES)
def test_it_does_not_matter_which_of_two_is_named_first(
    a: PopulationEstimate, b: PopulationEstimate
) -> None:
    assert comparable(a, b) == comparable(b, a)


@given(ESTIMATES)
def test_an_estimate_never_differs_from_itself(one: PopulationEstimate) -> None:
    differences = {"population", "quantity", "method", "season", "area"}

    assert not differences & {reason.code for reason in comparable(one, one)}


@given(ESTIMATES, ESTIMATES)
def test_every_reason_is_told_as_a_sentence_in_every_language(
    a: PopulationEstimate, b: PopulationEstimate
) -> None:
    for reason in comparable(a, b):
        for language in LANGUAGES:
            assert reason.told(words_in(language)).endswith(".")


@given(ESTIMATES, ESTIMATES)
def test_what_may_be_compared_was_counted_alike_with_intervals(
    a: PopulationEstimate, b: PopulationEstimate
) -> None:
    if not comparable(a, b):
        assert (a.method, a.quantity, a.season) == (b.method, b.quantity, b.season)
        assert a.has_sampling_interval
        assert b.has_sampling_interval
        assert COUNT_METHODS[a.method].allows_for_missed


def test_two_years_of_one_survey_can_be_compared() -> None:
    later = make_estimate(survey_from="2015-05", survey_to="2015-06", estimate=90.0)

    assert comparable(make_estimate(), later) == ()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"iso3": "CHN"}, "population"),
        ({"quantity": "adults"}, "quantity"),
        ({"method": "double_observer"}, "method"),
        ({"method": "vehicle_count"}, "undercount"),
        ({"method": "expert_estimate"}, "judgement"),
        ({"season": "autumn"}, "season"),
        ({"area_covered_km2": 1200.0}, "area"),
        ({"area_covered_km2": None}, "area_unknown"),
        ({"interval_kind": "expert_range"}, "interval"),
        ({"high": None}, "interval"),
        ({"quality": "unverified"}, "unverified"),
    ],
)
def test_each_difference_that_matters_is_named(changed: dict[str, object], code: str) -> None:
    reasons = {reason.code for reason in comparable(make_estimate(), make_estimate(**changed))}

    assert code in reasons


def test_an_area_a_tenth_larger_is_still_the_same_ground() -> None:
    assert comparable(make_estimate(), make_estimate(area_covered_km2=1111.0)) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"estimate": None, "low": None, "high": None},
        {"low": 120.0},
        {"estimate": -1.0, "low": None},
        {"estimate": float("nan")},
        {"survey_to": "2012"},
        {"method": "guess"},
    ],
)
def test_an_estimate_that_contradicts_itself_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidTableError, match="Population estimate of khulan in MNG"):
        make_estimate(**wrong)


@pytest.mark.parametrize("species_id", SPECIES_IDS)
def test_every_seed_row_becomes_an_estimate(species_id: str) -> None:
    found = estimates_of(species_id)

    assert len(found) == (populations()["species_id"] == species_id).sum()


def test_a_species_there_is_not_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="saiga"):
        estimates_of("unicorn")


def test_every_seed_row_is_of_a_range_state_and_names_its_holder() -> None:
    rows = populations()

    assert set(rows["iso3"]) <= set(range_states()["iso3"])
    assert rows["reference"].str.len().min() > 10
    assert rows["data_source"].str.len().min() > 5


def test_a_figure_from_memory_has_no_doi() -> None:
    rows = populations()

    assert rows.loc[rows["quality"] == "unverified", "doi"].isna().all()


def test_every_code_has_a_name_and_every_method_a_definition() -> None:
    assert tuple(COUNT_METHODS) == METHOD_CODES
    assert tuple(QUANTITY_NAMES) == QUANTITIES
    assert tuple(SEASON_NAMES) == SURVEY_SEASONS
    assert tuple(INTERVAL_NAMES) == INTERVAL_KINDS
    assert all(method.definition.endswith(".") for method in COUNT_METHODS.values())
