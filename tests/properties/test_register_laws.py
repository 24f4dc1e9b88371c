"""Laws of registers: reading twice, levels, gaps, next steps, two states side by side."""

import itertools
from dataclasses import fields, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kulan.programme.registers import (
    LEVELS,
    QUESTIONS,
    REGISTERS,
    Answer,
    Facts,
    Span,
    check,
    divergences,
    gaps,
    held_together,
    moves,
    next_step,
    readable,
    share_ready,
    steps,
)

some_register = st.sampled_from(REGISTERS)
values = st.one_of(
    st.text(max_size=30),
    st.lists(st.text(max_size=12), max_size=4),
    st.none(),
    st.integers(-5, 10**12),
    st.sampled_from(
        ["KAZ", "saiga", "2024-05", "2024", "hunting", "party", "https://a.example/x", "1.3",
         "a@b.example", "00000000-0000-4000-8000-000000000000", "4", "12.50"]
    ),
)  # fmt: skip
partial_days = st.dates(date(2000, 1, 1), date(2030, 1, 1)).flatmap(
    lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])
)
spans = st.builds(
    Span, st.sampled_from("abc"), partial_days | st.just(""), partial_days | st.just("")
)
facts = st.builds(
    Facts,
    **{field.name: st.integers(0, 3) for field in fields(Facts) if field.type is int},
    met_after_answers=st.booleans(),
)
answers = st.dictionaries(
    st.sampled_from([one.code for one in QUESTIONS]),
    st.builds(Answer, st.none() | st.integers(0, 4), st.text(max_size=5)),
)


@st.composite
def given_records(draw):
    one = draw(some_register)
    names = st.sampled_from([field.name for field in one.fields])
    return one, draw(st.dictionaries(names, values, max_size=len(one.fields)))


@given(given_records())
def test_reading_what_was_read_changes_nothing(record):
    one, given_data = record
    once = check(one, given_data)
    again = check(one, once.data)
    assert again.data == once.data
    needed = {problem.field for problem in once.problems}
    assert {problem.field for problem in again.problems} <= needed


@given(given_records())
def test_a_higher_level_reads_all_that_a_lower_one_reads(record):
    one, given_data = record
    data = check(one, given_data).data
    seen = [readable(one, data, level) for level in LEVELS]
    for lower, higher in itertools.pairwise(seen):
        assert all(higher[name] == value for name, value in lower.items())
    assert seen[-1].keys() == data.keys()


@given(some_register, st.data())
def test_every_move_leads_to_another_stage_of_the_register(one, data):
    if not one.stages:
        return
    now = data.draw(st.sampled_from([stage.code for stage in one.stages]))
    codes = [stage.code for stage in moves(one, now)]
    assert now not in codes
    assert codes
    assert set(codes) <= {stage.code for stage in one.stages}


@given(st.lists(spans, max_size=8), st.dates(date(1999, 1, 1), date(2031, 1, 1)))
def test_a_key_is_a_gap_exactly_when_nothing_holds(rows, on):
    found = {gap.key for gap in gaps("abc", rows, on)}
    held = {span.key for span in rows if span.holds_on(on)}
    assert found == set("abc") - held


@given(st.lists(spans, max_size=6), st.data())
def test_two_that_hold_on_one_day_are_told_and_nobody_else(rows, data):
    days = [date(1999, 1, 1) + timedelta(days=half * 45) for half in range(260)]
    told = held_together(rows)
    for one, other in told:
        assert one.key == other.key
    day = data.draw(st.sampled_from(days))
    for key in "abc":
        holding = [span for span in rows if span.key == key and span.holds_on(day)]
        if len(holding) > 1:
            assert any(pair[0].key == key for pair in told)


@given(facts, st.sampled_from([field.name for field in fields(Facts)]))
def test_more_never_undoes_a_step(known, name):
    if name == "asked":
        return  # to ask another pair opens a question anew
    more = True if name == "met_after_answers" else getattr(known, name) + 1
    before, after = steps(known), steps(replace(known, **{name: more}))
    assert all(later.done for was, later in zip(before, after, strict=True) if was.done)


@given(facts)
def test_the_next_step_is_the_first_that_is_not_done(known):
    step = next_step(known)
    done = [one.done for one in steps(known)]
    assert (step is None) == all(done)
    if step is not None:
        assert steps(known).index(step) == done.index(False)


@given(answers, answers)
def test_divergence_does_not_ask_who_is_first(first, second):
    one, other = divergences(first, second), divergences(second, first)
    assert [pair.question for pair in one] == [pair.question for pair in other]
    assert [pair.agreement for pair in one] == [pair.agreement for pair in other]
    assert {pair.question for pair in one} == set(QUESTIONS)


@given(answers)
def test_a_state_never_diverges_from_itself(given_answers):
    told = divergences(given_answers, given_answers)
    assert not [pair for pair in told if pair.agreement == "divergent"]
    share = share_ready(given_answers)
    assert share is None or 0 <= share <= 1


@given(answers, answers)
def test_what_diverges_stands_first_and_the_farthest_before_the_others(first, second):
    told = divergences(first, second)
    places = [pair.agreement == "divergent" for pair in told]
    assert places == sorted(places, reverse=True)
    apart = [pair.distance for pair in told if pair.agreement == "divergent"]
    assert apart == sorted(apart, reverse=True)
