"""A report's way from draft to locked."""

import pytest

from kulan.errors import AccessDeniedError, NotAllowedNowError, UnknownNameError
from kulan.programme.reporting import STATES, TRANSITIONS, allowed, moved
from kulan.words import words_in

EN = words_in("en")


def test_a_report_goes_from_draft_to_locked_in_the_usual_order():
    state = "draft"
    for action, role in [
        ("open", "secretariat"),
        ("answer", "reporter"),
        ("delegate", "reporter"),
        ("answer", "delegate"),
        ("submit", "reporter"),
        ("return", "secretariat"),
        ("answer", "reporter"),
        ("submit", "reporter"),
        ("accept", "secretariat"),
        ("lock", "secretariat"),
    ]:
        state = moved(state, action, (role,), EN, reason="so it was agreed")
    assert state == "locked"


def test_nothing_can_be_done_to_a_locked_report():
    assert not allowed("locked", ("secretariat", "reporter", "delegate"))


def test_every_other_state_is_reached_and_left():
    reached = {one.after for one in TRANSITIONS} | {"draft"}
    left = {state for one in TRANSITIONS for state in one.before}
    assert set(STATES) <= reached
    assert left == set(STATES) - {"locked"}


def test_a_delegate_answers_and_does_not_submit():
    assert moved("delegated", "answer", ("delegate",), EN) == "delegated"
    with pytest.raises(AccessDeniedError):
        moved("delegated", "submit", ("delegate",), EN)


def test_a_reporter_does_not_accept_its_own_report():
    with pytest.raises(AccessDeniedError):
        moved("submitted", "accept", ("reporter",), EN)


def test_the_secretariat_writes_no_answer_of_a_state():
    assert not any("secretariat" in one.roles for one in TRANSITIONS if one.action == "answer")


def test_a_return_needs_a_reason():
    with pytest.raises(NotAllowedNowError, match="Say why"):
        moved("submitted", "return", ("secretariat",), EN, reason=" ")


def test_an_incomplete_report_is_not_submitted_and_says_how_much_lacks():
    with pytest.raises(NotAllowedNowError, match="3 required questions"):
        moved("in_progress", "submit", ("reporter",), EN, missing=3)


def test_an_answer_does_not_change_a_submitted_report():
    with pytest.raises(NotAllowedNowError, match="Submitted"):
        moved("submitted", "answer", ("reporter",), EN)


def test_an_unknown_action_is_named():
    with pytest.raises(UnknownNameError, match="shred"):
        moved("open", "shred", ("reporter",), EN)
