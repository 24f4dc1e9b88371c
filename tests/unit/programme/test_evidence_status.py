"""What counts for an action, and where that leaves it: cases worked by hand."""

from datetime import date

import pytest

from builders_of_evidence import ACTION, TODAY, declare, make_evidence
from kulan.errors import InvalidTableError, UnknownNameError
from kulan.programme.evidence import (
    KIND_NAMES,
    STATUS_NAMES,
    Declaration,
    Evidence,
    Override,
    Requirement,
    Status,
    lower,
    overridden,
    status_of,
)
from kulan.words import words_in

PROTOCOL = Requirement("protocol", species=("goitered_gazelle",))
PROTOCOL_BY_STATE = Requirement("protocol", per="state")


def ask(declaration, *evidence, states=("KAZ", "MNG"), **told):
    return status_of(ACTION, declaration, evidence, states=states, **{"on": TODAY, **told})


def test_nothing_at_hand_is_not_started_and_says_what_lacks():
    answer = ask(declare(PROTOCOL))

    assert answer.status is Status.not_started
    assert [(item.requirement, item.iso3, item.lacking) for item in answer.missing] == [
        (PROTOCOL, "", 1)
    ]
    assert answer.last_evidence is None


def test_one_protocol_for_the_programme_is_done_in_every_state():
    answer = ask(declare(PROTOCOL), make_evidence())

    assert answer.status is Status.done
    assert answer.by_state == {"KAZ": Status.done, "MNG": Status.done}
    assert answer.counted == (make_evidence(),)
    assert answer.last_evidence == date(2023, 3, 1)


def test_a_threshold_by_state_leaves_the_neighbour_to_do():
    answer = ask(declare(PROTOCOL_BY_STATE), make_evidence())

    assert answer.status is Status.under_way
    assert answer.by_state == {"KAZ": Status.done, "MNG": Status.not_started}
    assert [item.iso3 for item in answer.missing] == ["MNG"]
    assert answer.share == 0.5


def test_a_range_wide_object_is_no_states_own():
    survey = make_evidence(states=())

    answer = ask(declare(PROTOCOL_BY_STATE), survey)

    assert answer.status is Status.not_started
    assert answer.beside == (survey,)
    assert ask(declare(PROTOCOL), survey).status is Status.done


@pytest.mark.parametrize(
    ("kind", "expected"), [("plan", Status.not_started), ("survey", Status.done)]
)
def test_a_plan_that_states_share_is_not_the_plan_of_each(kind, expected):
    shared = make_evidence(kind=kind, states=("KAZ", "MNG"))

    assert ask(declare(Requirement(kind, per="state")), shared).status is expected


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "survey"},
        {"day": date(2024, 7, 2)},
        {"withdrawn": True},
        {"amount": 0.0},
        {"amount": -5.0},
        {"states": ("NPL",)},
        {"species": ("saiga",)},
        {"actions": ()},
        {"actions": ("cami-2021:16.1",)},
    ],
    ids=str,
)
def test_what_does_not_count(told):
    assert ask(declare(PROTOCOL), make_evidence(**told)).status is Status.not_started


def test_an_object_of_the_day_asked_about_counts():
    assert ask(declare(PROTOCOL), make_evidence(day=TODAY)).status is Status.done


def test_an_object_older_than_the_requirement_allows_does_not_count():
    recent = Requirement("protocol", since=date(2023, 3, 2))

    assert ask(declare(recent), make_evidence()).status is Status.not_started


def test_a_linked_object_of_no_species_in_particular_counts():
    assert ask(declare(PROTOCOL), make_evidence(species=())).status is Status.done


def test_an_object_nobody_declared_counts_where_the_species_is_enough():
    by_species = Requirement("protocol", species=("goitered_gazelle",), only_linked=False)

    assert ask(declare(by_species), make_evidence(actions=())).status is Status.done
    unnamed = make_evidence(actions=(), species=())
    assert ask(declare(by_species), unnamed).status is Status.not_started


def test_a_declared_object_that_does_not_count_is_shown_beside():
    report = make_evidence(kind="report", reference="report:1")

    assert ask(declare(PROTOCOL), report).beside == (report,)


def test_a_common_plan_is_of_several_states_or_of_all_of_them():
    common = declare(Requirement("plan", per="common"))

    assert ask(common, make_evidence(kind="plan")).status is Status.not_started
    assert ask(common, make_evidence(kind="plan", states=("KAZ", "NPL"))).status is Status.done
    assert ask(common, make_evidence(kind="plan", states=())).status is Status.done


def test_one_alternative_is_enough_and_states_may_differ_in_theirs():
    law, plan = Requirement("law", per="state"), Requirement("plan", per="state")

    answer = ask(
        declare(law, plan),
        make_evidence(kind="law", states=("KAZ",)),
        make_evidence(kind="plan", states=("MNG",)),
    )

    assert answer.status is Status.done


def test_every_requirement_of_an_alternative_is_needed():
    way = (Requirement("protocol"), Requirement("survey", 2))

    answer = ask(declare(way), make_evidence(), make_evidence(kind="survey"))

    assert answer.status is Status.under_way
    assert [(item.requirement.kind, item.have, item.lacking) for item in answer.missing] == [
        ("survey", 1, 1)
    ]
    assert answer.share == pytest.approx(2 / 3)


def test_what_lacks_is_told_for_the_nearest_alternative():
    far, near = Requirement("survey", 3), Requirement("protocol", 2)

    assert ask(declare(far, near)).missing[0].requirement == near


def test_the_same_object_named_twice_is_one_object():
    two = Requirement("protocol", 2)

    answer = ask(declare(two), make_evidence(), make_evidence(title="The same, titled otherwise"))

    assert answer.status is Status.under_way


def test_it_is_overdue_on_the_day_after_the_last_one():
    due = date(2024, 6, 30)

    assert ask(declare(PROTOCOL), due=TODAY).status is Status.not_started
    assert ask(declare(PROTOCOL), due=due).status is Status.overdue
    assert ask(declare(PROTOCOL), make_evidence(), due=due).status is Status.done


def test_overdue_does_not_hide_how_far_it_has_come():
    answer = ask(declare(PROTOCOL_BY_STATE), make_evidence(), due=date(2024, 1, 1))

    assert (answer.status, answer.progress) == (Status.overdue, Status.under_way)
    assert answer.by_state == {"KAZ": Status.done, "MNG": Status.overdue}


def test_events_overtake_what_is_not_done_and_not_what_is():
    assert ask(declare(PROTOCOL), overtaken=True).status is Status.overtaken
    assert ask(declare(PROTOCOL), make_evidence(), overtaken=True).status is Status.done


@pytest.mark.parametrize("declaration", [None, Declaration(ACTION), Declaration(ACTION, ((),))])
def test_with_nothing_declared_it_cannot_be_computed(declaration):
    answer = ask(declaration, make_evidence(), due=date(2020, 1, 1))

    assert answer.status is Status.cannot_be_computed
    assert answer.beside == (make_evidence(),)


def test_thresholds_by_state_cannot_be_computed_where_no_state_is_known():
    answer = ask(declare(PROTOCOL_BY_STATE), make_evidence(), states=())

    assert answer.status is Status.cannot_be_computed
    assert ask(declare(PROTOCOL), make_evidence(), states=()).status is Status.done


def test_an_override_stands_beside_what_was_computed():
    computed = ask(declare(PROTOCOL_BY_STATE), make_evidence())
    whole = Override(Status.done, "Nothing to do in Mongolia", "secretariat", date(2024, 1, 5))
    state = Override(Status.under_way, "Being drafted", "focal point", date(2024, 2, 1), "MNG")

    answer = overridden(computed, [state, whole])

    assert (answer.status, answer.computed.status) == (Status.done, Status.under_way)
    assert answer.by_state == {"KAZ": Status.done, "MNG": Status.under_way}
    assert answer.computed.by_state["MNG"] is Status.not_started
    assert answer.differs()


def test_the_newest_override_holds_and_one_of_tomorrow_does_not_yet():
    told = [
        Override(Status.done, "", "a", date(2024, 1, 5)),
        Override(Status.overtaken, "", "b", date(2024, 3, 5)),
        Override(Status.not_started, "", "c", date(2024, 7, 2)),
    ]

    answer = overridden(ask(declare(PROTOCOL)), told)

    assert answer.status is Status.overtaken
    assert [held.by for held in answer.overrides] == ["b"]


def test_an_override_of_a_state_the_action_is_not_for_changes_nothing():
    stray = Override(Status.done, "", "a", date(2024, 1, 5), "NPL")

    assert overridden(ask(declare(PROTOCOL)), [stray]).by_state == {
        "KAZ": Status.not_started,
        "MNG": Status.not_started,
    }


def test_statuses_are_ordered_by_progress_and_lateness_is_no_step_of_it():
    assert lower(Status.not_started, Status.under_way)
    assert not lower(Status.under_way, Status.not_started)
    assert lower(Status.overdue, Status.done)
    assert not lower(Status.overdue, Status.not_started)
    assert not lower(Status.not_started, Status.overdue)
    assert not lower(Status.done, Status.done)


@pytest.mark.parametrize(
    "told",
    [
        {"at_least": 0},
        {"per": "decade"},
        {"only_linked": False},
    ],
    ids=str,
)
def test_a_requirement_that_nothing_or_anything_would_meet_is_refused(told):
    with pytest.raises(InvalidTableError):
        Requirement("layer", **told)


def test_an_unknown_kind_is_refused_with_the_kinds_there_are():
    with pytest.raises(UnknownNameError, match="working_group"):
        Evidence("song", "song:1", "A song", TODAY)


@pytest.mark.parametrize("language", ["ru", "fr"])
def test_statuses_and_kinds_are_told_in_every_language(language):
    words = words_in(language)

    for text in (*STATUS_NAMES.values(), *KIND_NAMES.values()):
        assert words.say(text) != text or text == "Publication"
    assert set(STATUS_NAMES) == set(Status)
