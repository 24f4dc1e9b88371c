"""A board of many actions and days says what each answer says alone."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from builders_of_evidence import (
    ACTION,
    TODAY,
    collections,
    days,
    declarations,
    make_action,
    state_sets,
)
from kulan.programme.evidence import Override, Status, lower, overridden, status_of
from kulan.programme.evidence.dashboards import (
    STATUSES,
    Asked,
    Choice,
    board_of,
    one_more,
    with_overrides,
)

DAYS = [TODAY - timedelta(days=300), TODAY - timedelta(days=30), TODAY]
asked = st.builds(
    Asked,
    action=st.just(make_action()),
    states=state_sets,
    declaration=st.none() | declarations,
    due=st.none() | days,
    overtaken=st.booleans(),
)
overrides = st.lists(
    st.builds(
        Override,
        status=st.sampled_from(list(Status)),
        reason=st.just("known otherwise"),
        by=st.just("secretariat"),
        day=days,
        iso3=st.sampled_from(["", "KAZ", "MNG", "NPL"]),
    ),
    max_size=4,
    unique_by=lambda held: (held.iso3, held.day),
)


def one_by_one(item, evidence):
    return [
        status_of(
            ACTION,
            item.declaration,
            evidence,
            states=item.states,
            on=day,
            due=item.due,
            overtaken=item.overtaken,
        )
        for day in DAYS
    ]


@given(st.lists(asked, min_size=1, max_size=3), collections)
def test_a_board_says_what_each_answer_says(items, evidence):
    board = board_of(items, evidence, DAYS)

    for place, item in enumerate(items):
        answers = one_by_one(item, evidence)
        assert [STATUSES[code] for code in board.status[:, place]] == [
            answer.status for answer in answers
        ]
        for column, iso3 in enumerate(board.states):
            told = [
                STATUSES[code] if code >= 0 else None for code in board.by_state[:, place, column]
            ]
            assert told == [answer.by_state.get(iso3) for answer in answers]


@given(asked, collections)
def test_what_lacks_and_what_came_last_are_those_of_the_answer(item, evidence):
    board = board_of([item], evidence, DAYS)

    answer = one_by_one(item, evidence)[-1]

    assert board.lacking[0] == answer.lacking
    newest = answer.last_evidence.toordinal() if answer.last_evidence else 0
    assert board.last_evidence[0] == newest
    assert board.last_by_state[0].max(initial=0) in (0, newest)
    single = {item.missing for item in one_more(board, Choice()) if item.completes_action}
    closed = answer.status in (Status.done, Status.overtaken)
    assert single == (set(answer.missing) if answer.lacking == 1 and not closed else set())


@given(st.lists(asked, min_size=1, max_size=2), collections, st.data())
def test_the_order_of_objects_does_not_change_a_board(items, evidence, data):
    shuffled = data.draw(st.permutations(evidence))
    one, other = board_of(items, evidence, DAYS), board_of(items, shuffled, DAYS)

    assert (one.status == other.status).all()
    assert (one.by_state == other.by_state).all()
    assert one.single == other.single


@given(asked, collections, st.data())
def test_no_object_added_lowers_a_status_on_a_board(item, evidence, data):
    more = data.draw(collections)
    before, after = board_of([item], evidence, DAYS), board_of([item], [*evidence, *more], DAYS)

    for was, now in zip(before.by_state.ravel(), after.by_state.ravel(), strict=True):
        assert was == now or not lower(STATUSES[now], STATUSES[was])


@given(asked, collections, overrides)
def test_overrides_on_a_board_are_those_of_the_answer(item, evidence, held):
    item = replace(item, states=item.states or ("KAZ",))
    board = with_overrides(board_of([item], evidence, DAYS), {ACTION: held})

    for row, answer in enumerate(one_by_one(item, evidence)):
        told = overridden(answer, held)
        assert STATUSES[board.status[row, 0]] == told.status
        assert STATUSES[board.computed[row, 0]] == answer.status
        by_state = dict(
            zip(board.states, (STATUSES[code] for code in board.by_state[row, 0]), strict=True)
        )
        assert by_state == told.by_state
