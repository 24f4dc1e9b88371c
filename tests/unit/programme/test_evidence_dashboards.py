"""What dashboards count, what they call stalled and what one more object would complete."""

from dataclasses import replace
from datetime import date

import pytest

from builders_of_evidence import TODAY, ask_for, declare, make_action, make_evidence
from kulan.programme.actions import Priority, actions
from kulan.programme.evidence import (
    Override,
    Requirement,
    Status,
    declarations,
    states_concerned,
)
from kulan.programme.evidence.dashboards import (
    Asked,
    Choice,
    board_of,
    one_more,
    over_time,
    stalled,
    tally,
    with_overrides,
)

LAW = Requirement("law", per="state")
START = date(2021, 1, 1)


def law_of(iso3, key="cami-2021:16.9", day=date(2023, 3, 1)):
    return make_evidence(
        kind="law", reference=f"law:{iso3}", states=(iso3,), actions=(key,), day=day
    )


def counts(frame):
    """Return what a tally counts, zeros left out, by value."""
    return {
        row["value"]: {
            name: number
            for name, number in row.items()
            if name not in ("value", "total") and number
        }
        for row in frame.to_dict("records")
    }


def test_states_are_counted_each_by_its_own_status():
    board = board_of([ask_for(LAW)], [law_of("KAZ")], [TODAY])

    assert counts(tally(board, "state", Choice())) == {
        "KAZ": {"done": 1},
        "MNG": {"not_started": 1},
    }
    assert counts(tally(board, "section", Choice())) == {"16": {"under_way": 1}}


def test_with_a_state_chosen_statuses_are_those_in_that_state():
    board = board_of([ask_for(LAW)], [law_of("KAZ")], [TODAY])

    assert counts(tally(board, "species", Choice(state="KAZ"))) == {"goitered_gazelle": {"done": 1}}
    assert counts(tally(board, "state", Choice(state="MNG"))) == {"MNG": {"not_started": 1}}


def test_an_action_of_several_leads_stands_in_several_rows():
    board = board_of([ask_for(LAW)], [], [TODAY])

    assert set(counts(tally(board, "lead", Choice()))) == {"government_agencies", "ngos"}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(), 2),
        (Choice(section="16"), 1),
        (Choice(species="saiga"), 1),
        (Choice(lead="ngos"), 2),
        (Choice(priority="low"), 1),
        (Choice(priority="medium"), 1),
        (Choice(priority="high"), 1),
        (Choice(state="NPL"), 0),
        (Choice(landscape="gobi_steppe"), 0),
        (Choice(section="16", species="saiga"), 0),
    ],
    ids=str,
)
def test_choices_narrow_together(choice, expected):
    other = make_action("21.1", species=("saiga",), priority=Priority("low", "low"))
    board = board_of([ask_for(LAW), ask_for(LAW, action=other)], [], [TODAY])

    assert tally(board, "section", choice)["total"].sum() == expected


def test_a_state_no_action_is_for_has_nothing_to_tell():
    board, nowhere = board_of([ask_for(LAW)], [], [TODAY]), Choice(state="NPL")

    assert tally(board, "section", nowhere).empty
    assert over_time(board, nowhere).empty
    assert stalled(board, nowhere, days_without=0, since=START) == ()
    assert one_more(board, nowhere) == ()


def test_over_time_each_day_counts_what_was_there_then():
    board = board_of(
        [ask_for(LAW)],
        [law_of("KAZ"), law_of("MNG", day=TODAY)],
        [date(2022, 1, 1), date(2023, 3, 1), TODAY],
    )

    assert counts(over_time(board, Choice())) == {
        "2022-01-01": {"not_started": 1},
        "2023-03-01": {"under_way": 1},
        "2024-07-01": {"done": 1},
    }


def test_stalled_is_what_is_not_done_and_had_nothing_new_for_long():
    board = board_of([ask_for(LAW)], [law_of("KAZ")], [TODAY])

    (found,) = stalled(board, Choice(), days_without=365, since=START)

    assert (found.status, found.last_evidence) == (Status.under_way, date(2023, 3, 1))
    assert found.days_without == (TODAY - date(2023, 3, 1)).days
    assert stalled(board, Choice(), days_without=500, since=START) == ()


def test_stalled_in_a_state_looks_at_what_counts_there():
    board = board_of([ask_for(LAW)], [law_of("KAZ")], [TODAY])

    assert stalled(board, Choice(state="KAZ"), days_without=1, since=START) == ()
    (found,) = stalled(board, Choice(state="MNG"), days_without=1000, since=START)
    assert found.last_evidence is None
    assert found.days_without == (TODAY - START).days


def test_what_is_done_overtaken_or_unknowable_is_not_stalled():
    items = [
        ask_for(Requirement("protocol")),
        ask_for(LAW, overtaken=True),
        ask_for(declaration=None),
    ]
    board = board_of(items, [make_evidence()], [TODAY])

    assert stalled(board, Choice(), days_without=0, since=START) == ()


def test_one_more_object_names_what_it_must_be_and_what_it_completes():
    board = board_of([ask_for(LAW)], [law_of("KAZ")], [TODAY])

    (found,) = one_more(board, Choice())

    assert (found.missing.requirement.kind, found.missing.iso3) == ("law", "MNG")
    assert found.completes_action
    assert found.completes_states == ("MNG",)


def test_one_object_for_the_programme_completes_every_state():
    board = board_of([ask_for(Requirement("protocol"))], [], [TODAY])

    (found,) = one_more(board, Choice())

    assert (found.completes_action, found.completes_states) == (True, ("KAZ", "MNG"))


def test_where_two_states_lack_one_each_neither_completes_the_action():
    board = board_of([ask_for(LAW)], [], [TODAY])

    found = one_more(board, Choice())

    assert [(item.completes_action, item.completes_states) for item in found] == [
        (False, ("KAZ",)),
        (False, ("MNG",)),
    ]
    assert len(one_more(board, Choice(state="MNG"))) == 1


def test_what_lacks_two_objects_is_not_one_object_away():
    board = board_of([ask_for(Requirement("protocol", 2))], [], [TODAY])

    assert one_more(board, Choice()) == ()


def test_whole_actions_come_first_then_more_states_then_priority():
    programme = ask_for(Requirement("protocol"), action=make_action("16.1"))
    low = ask_for(
        Requirement("survey"), action=make_action("16.2", priority=Priority("low", "low"))
    )
    board = board_of([ask_for(LAW), low, programme], [], [TODAY])

    assert [item.asked.action.action_id for item in one_more(board, Choice())] == [
        "16.1",
        "16.2",
        "16.9",
        "16.9",
    ]


def test_an_override_changes_what_is_counted_and_keeps_what_was_computed():
    item = ask_for(LAW)
    held = Override(Status.done, "Settled by treaty", "secretariat", date(2024, 2, 1))
    days = [date(2024, 1, 31), TODAY]
    board = with_overrides(board_of([item], [], days), {item.key: [held]})

    assert counts(over_time(board, Choice())) == {
        "2024-01-31": {"not_started": 1},
        "2024-07-01": {"done": 1},
    }
    assert (board.computed == board.computed[0, 0]).all()
    assert one_more(board, Choice()) == ()


def test_the_whole_programme_without_evidence_is_near_where_one_object_is_enough():
    declared = declarations()
    items = [
        Asked(item, states_concerned(item), declared[f"cami-2021:{item.action_id}"])
        for item in actions()
    ]
    board = board_of(items, [], [TODAY])

    assert counts(tally(board, "section", Choice()))["10"] == {
        "cannot_be_computed": 1,
        "not_started": 12,
    }
    whole = [
        item.asked.action.action_id for item in one_more(board, Choice()) if item.completes_action
    ]
    assert {"6.3", "15.1", "30.2"} <= set(whole)
    assert tally(board, "state", Choice(state="BTN"))["total"].item() == sum(
        "BTN" in item.states for item in items
    )


def test_a_due_day_makes_what_is_not_done_overdue():
    late = replace(ask_for(LAW), due=date(2024, 6, 30))
    board = board_of([late], [law_of("KAZ")], [TODAY])

    assert counts(tally(board, "state", Choice())) == {"KAZ": {"done": 1}, "MNG": {"overdue": 1}}
    assert declare(LAW) == late.declaration
