"""What kinds of barriers are taken to let through."""

import pytest

from kulan.connectivity.barriers.type_permeability import (
    permeability_of_type,
    type_permeabilities,
)
from kulan.errors import UnknownNameError
from kulan.vocabulary import BARRIER_TYPES


def test_every_kind_of_barrier_has_a_row_for_all_species():
    rows = type_permeabilities()
    general = rows[rows["species_id"].isna()]
    assert set(general["barrier_type"]) == set(BARRIER_TYPES)


def test_each_value_lies_in_its_range():
    rows = type_permeabilities()
    assert (rows["permeability_low"] >= 0).all()
    assert (rows["permeability_low"] <= rows["permeability"]).all()
    assert (rows["permeability"] <= rows["permeability_high"]).all()
    assert (rows["permeability_high"] <= 1).all()


def test_nothing_here_claims_to_be_measured():
    assert set(type_permeabilities()["confidence"]) <= {"low", "unverified"}


def test_a_fence_lets_less_through():
    fenced, open_line = (permeability_of_type("railway", fenced=word) for word in ("yes", "no"))
    assert fenced.high < open_line.middle


def test_the_species_own_row_goes_first():
    own = permeability_of_type("railway", fenced="yes", species_id="khulan")
    assert own.middle < permeability_of_type("railway", fenced="yes").middle


def test_a_fence_that_stands_counts_more_than_the_species_at_another():
    open_line = permeability_of_type("railway", fenced="no", species_id="khulan")
    assert open_line == permeability_of_type("railway", fenced="no")


def test_a_kind_without_rows_by_fence_ignores_the_fence():
    assert permeability_of_type("canal", fenced="yes") == permeability_of_type("canal")


def test_an_unknown_kind_is_refused_with_those_that_are_known():
    with pytest.raises(UnknownNameError, match="'moat' is not known; known: border_fence"):
        permeability_of_type("moat")
