"""How an action stands to its lettered parts, for any declarations and any objects."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders_of_evidence import (
    ACTION,
    TODAY,
    days,
    evidences,
    make_action,
    requirements,
    state_sets,
)
from kulan.programme.actions import action_key, actions
from kulan.programme.evidence import (
    PROGRESS,
    Declaration,
    Evidence,
    Status,
    StatusAnswer,
    declarations,
    lower,
    states_concerned,
    status_of,
)
from kulan.programme.evidence.dashboards import STATUSES, Asked, board_of
from kulan.programme.evidence.wholes import with_parts

PARTS = tuple(f"{ACTION}.{letter}" for letter in "ab")
own_needs = requirements().map(lambda need: replace(need, of=""))
ways = st.lists(st.lists(own_needs, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple)
linked = st.lists(
    st.builds(
        lambda item, keys: replace(item, actions=keys),
        evidences,
        st.sampled_from([(), (ACTION,), PARTS[:1], PARTS[1:], PARTS, (f"{PARTS[0]}.1",)]),
    ),
    max_size=12,
)
questions = st.fixed_dictionaries(
    {
        "states": state_sets,
        "on": st.just(TODAY),
        "due": st.none() | days,
        "overtaken": st.booleans(),
    }
)


@st.composite
def families(draw: st.DrawFn) -> tuple[Declaration, list[Declaration]]:
    """Draw what an action asks for with its parts, and what each part does."""
    parts = [Declaration(key, draw(ways)) for key in PARTS]
    return with_parts(Declaration(ACTION, draw(ways)), parts), parts


def whole_of(family: Any, evidence: list[Evidence], told: dict[str, Any]) -> StatusAnswer:
    return status_of(ACTION, family[0], evidence, **told)


def parts_of(family: Any, evidence: list[Evidence], told: dict[str, Any]) -> list[StatusAnswer]:
    return [status_of(part.action_key, part, evidence, **told) for part in family[1]]


def assert_not_lower(after: StatusAnswer, before: StatusAnswer) -> None:
    assert not lower(after.status, before.status)
    assert not lower(after.progress, before.progress)
    for iso3, status in before.by_state.items():
        assert not lower(after.by_state[iso3], status)


@given(families(), linked, evidences, st.sampled_from([ACTION, *PARTS]), questions)
def test_adding_evidence_of_a_part_lowers_neither_whole_nor_parts(
    family, evidence, more, key, told
):
    grown = [*evidence, replace(more, actions=(key,))]

    assert_not_lower(whole_of(family, grown, told), whole_of(family, evidence, told))
    before = parts_of(family, evidence, told)
    for after, one in zip(parts_of(family, grown, told), before, strict=True):
        assert_not_lower(after, one)


@given(families(), linked.filter(bool), st.data(), questions)
def test_withdrawing_evidence_of_a_part_raises_neither_whole_nor_parts(
    family, evidence, data, told
):
    place = data.draw(st.integers(0, len(evidence) - 1))
    without = list(evidence)
    without[place] = replace(evidence[place], withdrawn=True)

    assert_not_lower(whole_of(family, evidence, told), whole_of(family, without, told))
    left = parts_of(family, without, told)
    for before, after in zip(left, parts_of(family, evidence, told), strict=True):
        assert_not_lower(after, before)


@given(families(), linked, questions)
def test_an_action_is_under_way_as_soon_as_one_of_its_parts_is(family, evidence, told):
    whole = whole_of(family, evidence, told)
    begun = any(
        part.progress is not Status.not_started for part in parts_of(family, evidence, told)
    )

    # where the action itself asks for nothing and a part for nothing, nothing of it is weighed
    weighed = family[0].computable(told["states"])
    shown = {need.of for way in weighed for need in way} - {""}
    if begun and shown == set(PARTS):
        assert PROGRESS.index(whole.progress) >= PROGRESS.index(Status.under_way)


@given(families(), linked, questions)
def test_an_action_whose_every_part_is_done_is_done(family, evidence, told):
    parts = parts_of(family, evidence, told)

    if all(part.status is Status.done for part in parts):
        assert whole_of(family, evidence, told).status is Status.done


@given(families(), linked, questions)
def test_what_was_declared_for_the_action_alone_shows_no_part(family, evidence, told):
    only = [replace(item, actions=(ACTION,)) for item in evidence]
    free = [
        replace(part, alternatives=tuple(
            tuple(replace(need, only_linked=True) for need in way) for way in part.alternatives
        ))
        for part in family[1]
    ]  # fmt: skip

    for part in parts_of((family[0], free), only, told):
        assert part.progress is Status.not_started


@given(families(), linked, st.sampled_from([("KAZ",), ("KAZ", "MNG"), ()]))
def test_boards_count_wholes_as_single_answers_do(family, evidence, states):
    asked = Asked(make_action(), states, family[0])
    board = board_of([asked], evidence, (TODAY,))
    answer = status_of(ACTION, family[0], evidence, states=states, on=TODAY)

    assert STATUSES[board.status[-1, 0]] == answer.status


DECLARED = declarations()
PARENTS = sorted({item.parent_id for item in actions(parts=True) if item.parent_id})


@pytest.mark.parametrize("parent", PARENTS)
def test_planting_all_that_the_parts_ask_for_completes_the_whole_and_one_less_does_not(parent):
    items = [item for item in actions(parts=True) if item.parent_id == parent]
    planted = [
        Evidence(
            kind=need.kind,
            reference=f"{need.kind}:{action_key(item)}/{number}/{iso3}",
            title="Planted",
            day=TODAY,
            states=(iso3,) if iso3 else () if need.per == "common" else states_concerned(item)[:1],
            species=need.species[:1],
            actions=(need.of or action_key(item),),
        )
        for item in items
        for need in DECLARED[action_key(item)].alternatives[0]
        for iso3 in (states_concerned(item) if need.per == "state" else ("",))
        for number in range(need.at_least)
    ]
    key = f"cami-2021:{parent}"
    states = states_concerned(items[0])

    def ask(evidence: list[Evidence]) -> StatusAnswer:
        return status_of(key, DECLARED[key], evidence, states=states, on=TODAY)

    assert ask(planted).status is Status.done
    assert ask(planted[:1]).status is Status.under_way
