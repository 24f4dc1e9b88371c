"""Choosing actions by section, lead, priority, species and state."""

import pytest

from kulan.errors import UnknownNameError
from kulan.programme.actions import Priority, actions
from kulan.programme.actions.selection import holds, selected
from kulan.programme.actions.tables import PRIORITIES

ALL = actions()


def ids(**asked):
    return [one.action_id for one in selected(ALL, **asked)]


def test_nothing_asked_for_is_everything_in_order():
    assert ids() == [one.action_id for one in ALL]


def test_a_section_has_its_actions():
    assert ids(section="12") == ["12.1", "12.2"]


def test_everything_asked_for_must_be_met():
    both = ids(section="1", lead="gslep")
    assert both == ["1.3"]
    assert ids(section="1", lead="gslep", priority="low") == []


def test_a_priority_asked_for_lies_within_the_interval_printed():
    assert "3.2" in ids(priority="high")
    assert "3.2" in ids(priority="medium")
    assert "3.2" not in ids(priority="low")
    assert ids(priority="none") == ["29.10b", "29.11"]


def test_every_action_has_a_priority_or_none():
    found = [set(ids(priority=asked)) for asked in (*PRIORITIES, "none")]
    assert set.union(*found) == set(ids())
    assert not found[-1] & set.union(*found[:-1])


def test_an_interval_from_low_to_high_would_hold_medium():
    assert holds(Priority("low", "high"), "medium")
    assert not holds(Priority("low", "high"), "none")


def test_a_species_brings_its_section_and_the_landscapes_it_lives_in():
    assert ids(species="saiga") == ["21.1", "27.1", "27.2", "27.3", "27.4"]


def test_a_state_brings_only_what_names_it():
    assert set(ids(state="KGZ")) == {"22.5"}
    assert "27.1" in ids(state="RUS")


@pytest.mark.parametrize("asked", ["lead", "priority", "species", "state"])
def test_a_name_that_is_not_known_is_refused(asked):
    with pytest.raises(UnknownNameError, match="nonesuch"):
        ids(**{asked: "nonesuch"})
