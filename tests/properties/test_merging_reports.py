"""A form filled offline and answers given meanwhile are joined, and nothing is lost."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulan.errors import InvalidAnswerError
from kulan.programme.reporting import Answer, Decision, by_key, decided, is_blank, merge

AT = datetime(2027, 5, 1, tzinfo=UTC)
values = st.sampled_from([None, "", "a", "b", "c", ("x",), ("x", "y"), ("y", "x"), 0.0, False])
answers = st.builds(
    Answer,
    question_id=st.sampled_from(["q1", "q2", "q3"]),
    subject=st.sampled_from(["", "saiga"]),
    value=values,
    note=st.sampled_from(["", "n", "m"]),
    by=st.sampled_from(["aigul", "bat"]),
    origin=st.sampled_from(["", "cycle:x"]),
    confirmed=st.booleans(),
)
sides = st.lists(answers, unique_by=lambda one: one.key).map(tuple)


def said(answers, key):
    """Return what stands in the fields of an answer, as a reader sees it."""
    one = by_key(answers).get(key, Answer(*key))
    value = None if is_blank(one.value) else one.value
    value = tuple(sorted(value)) if isinstance(value, tuple) else value
    return {"value": (value, one.confirmed or value is None), "note": one.note}


def everything(*sides):
    return {one.key for side in sides for one in side}


@given(sides)
def test_without_a_change_nothing_changes(side):
    merged = merge(side, side, side)
    assert by_key(merged.answers) == by_key(side)
    assert not merged.conflicts
    assert not merged.taken


@given(sides, sides)
def test_what_only_the_form_changed_is_taken(base, theirs):
    merged = merge(base, theirs, base)
    assert not merged.conflicts
    for key in everything(base, theirs):
        assert said(merged.answers, key) == said(theirs, key)


@given(sides, sides)
def test_an_untouched_form_changes_nothing_here(base, ours):
    merged = merge(base, base, ours)
    assert by_key(merged.answers) == by_key(ours)
    assert not merged.conflicts


@given(sides, sides, sides)
def test_no_field_is_lost_or_overwritten_silently(base, theirs, ours):
    merged = merge(base, theirs, ours)
    conflicting = {(*one.key, one.field) for one in merged.conflicts}
    for key in everything(base, theirs, ours):
        for field in ("value", "note"):
            was, form, here = (said(side, key)[field] for side in (base, theirs, ours))
            got = said(merged.answers, key)[field]
            if (*key, field) in conflicting:
                assert len({str(one) for one in (was, form, here)}) == 3
                assert got == here
            elif form != was:
                assert got == form
            else:
                assert got == here


@given(sides, sides, sides)
def test_conflicts_are_the_same_from_either_side(base, theirs, ours):
    one, other = merge(base, theirs, ours), merge(base, ours, theirs)
    assert one.conflicts == tuple(conflict.swapped for conflict in other.conflicts)
    conflicting = {(*conflict.key, conflict.field) for conflict in one.conflicts}
    for key in everything(base, theirs, ours):
        for field in ("value", "note"):
            if (*key, field) not in conflicting:
                assert said(one.answers, key)[field] == said(other.answers, key)[field]


@given(sides, sides, sides)
def test_merging_twice_changes_nothing_more(base, theirs, ours):
    once = merge(base, theirs, ours)
    again = merge(base, theirs, once.answers)
    assert by_key(again.answers) == by_key(once.answers)
    assert again.conflicts == once.conflicts


@given(sides, sides, sides, st.data())
def test_what_a_person_decides_is_what_stands(base, theirs, ours, data):
    merged = merge(base, theirs, ours)
    decisions = {
        (*one.key, one.field): Decision(
            data.draw(st.sampled_from(["theirs", "ours", "other"])), "z"
        )
        for one in merged.conflicts
    }
    done = decided(merged, decisions, by="secretary", at=AT)
    for conflict in merged.conflicts:
        decision = decisions[*conflict.key, conflict.field]
        got = said(done, conflict.key)[conflict.field]
        side = {"theirs": theirs, "ours": ours}.get(decision.side)
        wanted = said(side, conflict.key)[conflict.field] if side is not None else None
        assert got == (
            wanted if side is not None else {"note": "z", "value": ("z", True)}[conflict.field]
        )
    untouched = everything(base, theirs, ours) - {one.key for one in merged.conflicts}
    for key in untouched:
        assert said(done, key) == said(merged.answers, key)


def test_a_conflict_left_undecided_is_named():
    merged = merge((), [Answer("q", value="a")], [Answer("q", value="b")])
    with pytest.raises(InvalidAnswerError, match="first in q"):
        decided(merged, {}, by="secretary", at=AT)


def test_changing_what_somebody_just_confirmed_is_a_conflict():
    suggested = Answer("q", value="old", origin="cycle:x", confirmed=False)
    confirmed_here = replace(suggested, confirmed=True)
    changed_there = Answer("q", value="new")
    assert len(merge([suggested], [changed_there], [confirmed_here]).conflicts) == 1


def test_a_note_and_a_value_changed_apart_are_joined():
    base = [Answer("q", value="a", note="n")]
    merged = merge(base, [Answer("q", value="b", note="n")], [Answer("q", value="a", note="m")])
    assert (merged.answers[0].value, merged.answers[0].note) == ("b", "m")
    assert not merged.conflicts
