"""The register of actions: all of them, told apart, as printed, with leads and priorities."""

import pytest

from kulan.errors import UnknownNameError
from kulan.programme import landscapes, range_states
from kulan.programme.actions import (
    Priority,
    action,
    action_key,
    action_targets,
    actions,
    actor,
    actors,
    edition,
    from_key,
    references,
    section,
    sections,
)
from kulan.programme.actions.tables import PROGRAMME_LANDSCAPES, TREATY_TAGS

EVERYTHING = actions(parts=True)


def test_the_programme_of_2021_has_228_actions_in_32_sections() -> None:
    assert len(actions()) == 228
    assert len(sections("cami-2021")) == 32
    assert {one.section_id for one in actions()} == {one.section_id for one in sections()}


def test_226_numbers_are_printed_for_228_actions_and_none_shares_its_id() -> None:
    assert len({one.printed for one in actions()}) == 226
    assert len({action_key(one) for one in EVERYTHING}) == len(EVERYTHING) == 291


def test_the_action_printed_14_1_under_section_13_stands_there() -> None:
    assert action("13.1").printed == action("14.1").printed == "14.1"
    assert action("13.1").species == ("chinkara",)
    assert action("14.1").species == ("chiru",)


def test_the_second_29_10_is_an_action_of_its_own_without_a_priority() -> None:
    assert action("29.10b").printed == "29.10"
    assert action("29.10b").priority == Priority("", "")
    assert action("29.10").priority == Priority("high", "high")


def test_there_is_no_4_10() -> None:
    with pytest.raises(UnknownNameError, match=r"no action '4\.10'"):
        action("4.10")
    assert len([one for one in actions() if one.section_id == "4"]) == 15


def test_priority_of_3_2_belongs_to_its_parts() -> None:
    assert action("3.2").priority == Priority("medium", "high")
    assert [action(f"3.2.{part}").priority.high for part in "abcd"] == [
        "high",
        "high",
        "high",
        "medium",
    ]
    assert action("3.2.a.5").priority == Priority("high", "high")


def test_a_split_priority_keeps_the_order_it_is_printed_in() -> None:
    assert action("20.6").priority == action("1.4").priority == Priority("medium", "high")
    assert action("20.6").priority_order == "medium/high"
    assert action("1.4").priority_order == "high/medium"


def test_as_many_priorities_of_each_kind_as_the_text_prints() -> None:
    kinds = [(one.priority.low, one.priority.high) for one in actions()]

    assert kinds.count(("high", "high")) == 135
    assert kinds.count(("medium", "medium")) == 52
    assert kinds.count(("medium", "high")) == 22 + 1 + 3 + 1
    assert kinds.count(("low", "medium")) == 2
    assert kinds.count(("low", "low")) == 10
    assert kinds.count(("", "")) == 2


def test_five_layers_of_the_atlas_are_parts_of_a_part() -> None:
    nested = [one for one in EVERYTHING if one.parent_id == "3.2.a"]

    assert [one.action_id for one in nested] == [f"3.2.a.{number}" for number in range(1, 6)]


def test_a_part_stands_after_the_action_it_belongs_to_and_in_its_section() -> None:
    place = {one.action_id: one for one in EVERYTHING}
    for one in EVERYTHING:
        if one.parent_id:
            parent = place[one.parent_id]
            assert parent.order < one.order
            assert parent.section_id == one.section_id
            assert one.leads == parent.leads


def test_every_lead_is_a_known_actor_and_every_actor_leads_something() -> None:
    leading = {lead for one in EVERYTHING for lead in one.leads}

    assert leading == {one.actor_id for one in actors()}


def test_a_lead_printed_twice_is_one_lead() -> None:
    assert action("11.2").leads.count("cms") == 1
    for one in EVERYTHING:
        assert len(set(one.leads)) == len(one.leads)


def test_a_missing_comma_does_not_make_an_actor() -> None:
    assert action("25.4").leads == ("wcpf_uk", "wcpf_mongolia", "government_agencies", "ngos")


def test_leads_to_be_confirmed_are_marked() -> None:
    marked = [one.action_id for one in actions() if one.leads_to_confirm]

    assert marked == ["2.5", "2.6"]
    assert action("2.5").leads_to_confirm == ("traffic", "cites")


def test_a_stale_reference_keeps_what_is_printed_and_says_what_is_meant_and_why() -> None:
    stale = [one for one in references() if one.corrected != one.printed]

    assert {(one.action_id, one.printed, one.corrected) for one in stale} >= {
        ("2.2", "7.5", "7.4"),
        ("11.3", "24.3", "27.3"),
    }
    assert all(one.reason for one in stale)
    assert action("2.2").see_also == ("7.4",)


def test_what_an_action_refers_to_exists() -> None:
    known = {one.action_id for one in EVERYTHING}
    for one in EVERYTHING:
        assert set(one.see_also) <= known
    assert {one.action_id for one in references()} <= known


def test_a_number_of_the_argali_plan_is_not_an_action_of_this_programme() -> None:
    assert action("9.5").see_also == ()
    assert [one.kind for one in references() if one.action_id == "9.5"] == ["other_plan"]


def test_states_and_landscapes_named_are_known_ones() -> None:
    states = set(range_states()["iso3"])
    places = {*landscapes()["landscape_id"], *PROGRAMME_LANDSCAPES}
    for one in EVERYTHING:
        assert set(one.states) <= states
        assert set(one.landscapes) <= places
        assert not set(one.other_states) & states


def test_a_landscape_section_names_its_states_and_species() -> None:
    assert section("27").states == ("CHN", "MNG", "RUS")
    assert len(section("28").species) == 6


def test_nothing_but_title_and_years_is_known_of_the_first_edition() -> None:
    assert actions("cami-2014") == ()
    assert sections("cami-2014") == ()
    assert not edition("cami-2014").actions_known
    assert (edition("cami-2014").first_year, edition("cami-2014").last_year) == (2014, 2020)


def test_a_key_names_an_action_again() -> None:
    for one in EVERYTHING:
        assert from_key(action_key(one)) is one


@pytest.mark.parametrize("ask", [edition, section, actor, action, from_key, actions, sections])
def test_what_is_not_known_is_refused_by_name(ask) -> None:
    with pytest.raises(UnknownNameError, match="nothing-such"):
        ask("nothing-such")


def test_a_title_in_a_language_not_written_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="'de'"):
        action("1.1").title("de")


def test_every_action_serves_the_convention_whose_programme_it_is() -> None:
    for one in EVERYTHING:
        assert "cms" in one.targets
        assert set(one.targets) <= set(TREATY_TAGS)


def test_a_part_serves_what_its_action_serves_unless_it_says_otherwise() -> None:
    assert action("18.4.c").targets == action("18.4").targets
    assert action("3.2.a.1").targets == action("3.2.a").targets
    assert "gbf:target-20" in action("3.5.d").targets
    assert "gbf:target-20" not in action("3.5").targets


def test_a_memorandum_is_served_by_its_species_and_only_there() -> None:
    saiga = [one.action_id for one in actions() if "mou:saiga" in one.targets]
    deer = [one.action_id for one in actions() if "mou:bukhara-deer" in one.targets]

    assert (saiga, deer) == (["21.1"], ["12.1", "12.2"])


def test_a_target_that_was_read_into_an_action_never_claims_high_confidence() -> None:
    for one in action_targets():
        assert one.target == "cms" or one.confidence in ("medium", "low")
        assert one.target == "cms" or "wn reading" in one.source
