"""What holds of computed statuses for any declaration and any objects."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from builders_of_evidence import (
    ACTION,
    TODAY,
    collections,
    days,
    declarations,
    evidences,
    requirements,
    state_sets,
)
from kulan.programme.evidence import (
    Declaration,
    Evidence,
    Missing,
    Status,
    StatusAnswer,
    lower,
    status_of,
)

questions = st.fixed_dictionaries(
    {
        "states": state_sets,
        "on": st.just(TODAY),
        "due": st.none() | days,
        "overtaken": st.booleans(),
    }
)


def ask(declaration: Declaration, evidence: list[Evidence], told: dict[str, Any]) -> StatusAnswer:
    return status_of(ACTION, declaration, evidence, **told)


def assert_not_lower(after: StatusAnswer, before: StatusAnswer) -> None:
    assert not lower(after.status, before.status)
    assert not lower(after.progress, before.progress)
    assert after.share >= before.share - 1e-9
    for iso3, status in before.by_state.items():
        assert not lower(after.by_state[iso3], status)


@given(declarations, collections, evidences, questions)
def test_adding_evidence_never_lowers_a_status(declaration, evidence, more, told):
    assert_not_lower(
        ask(declaration, [*evidence, more], told), before=ask(declaration, evidence, told)
    )


@given(declarations, collections.filter(bool), st.data(), questions)
def test_withdrawing_never_raises_a_status(declaration, evidence, data, told):
    place = data.draw(st.integers(0, len(evidence) - 1))
    without = list(evidence)
    without[place] = replace(evidence[place], withdrawn=True)

    assert_not_lower(ask(declaration, evidence, told), before=ask(declaration, without, told))


@given(declarations, collections, st.data(), questions)
def test_the_order_of_objects_does_not_matter(declaration, evidence, data, told):
    shuffled = data.draw(st.permutations(evidence))

    assert ask(declaration, shuffled, told) == ask(declaration, evidence, told)


@given(declarations, collections, questions)
def test_naming_an_object_twice_changes_nothing(declaration, evidence, told):
    assert ask(declaration, evidence * 2, told) == ask(declaration, evidence, told)


@given(declarations, collections, st.data(), questions)
def test_another_alternative_never_lowers_a_status_that_can_be_computed(
    declaration, evidence, data, told
):
    before = ask(declaration, evidence, told)
    way = tuple(data.draw(st.lists(requirements(), min_size=1, max_size=2)))
    more = replace(declaration, alternatives=(*declaration.alternatives, way))

    after = ask(more, evidence, told)

    if before.status is not Status.cannot_be_computed:
        assert not lower(after.status, before.status)


@given(declarations, collections, questions)
def test_a_day_passing_never_takes_progress_away(declaration, evidence, told):
    earlier = ask(declaration, evidence, {**told, "on": TODAY.replace(year=2023)})
    later = ask(declaration, evidence, told)

    assert not lower(later.progress, earlier.progress)
    assert set(earlier.counted) <= set(later.counted)


@given(declarations, collections, questions)
def test_what_is_counted_says_the_same_alone(declaration, evidence, told):
    answer = ask(declaration, evidence, told)

    alone = ask(declaration, list(answer.counted), told)

    assert (alone.status, alone.by_state, alone.missing) == (
        answer.status,
        answer.by_state,
        answer.missing,
    )


@given(declarations, collections, questions)
def test_the_parts_of_an_answer_agree(declaration, evidence, told):
    answer = ask(declaration, evidence, told)

    assert (answer.progress is Status.done) == (answer.share == pytest.approx(1.0))
    if answer.progress is Status.done:
        assert answer.missing == ()
    if answer.status in (Status.not_started, Status.under_way):
        assert answer.missing != ()
    if answer.by_state and answer.status is Status.done:
        assert set(answer.by_state.values()) == {Status.done}
    assert all(0 <= item.have < item.requirement.at_least for item in answer.missing)
    assert not set(answer.beside) & set(answer.counted)


def fitting(lack: Missing, number: int) -> Evidence:
    """Return an object that a requirement asks for, in the state where it lacks."""
    need = lack.requirement
    return Evidence(
        kind=need.kind,
        reference=f"planted:{need.kind}/{need.species}/{need.per}/{lack.iso3}/{number}",
        title="Planted",
        day=max(need.since or TODAY, TODAY),
        states=(lack.iso3,) if lack.iso3 else (),
        species=need.species,
        actions=(need.of or ACTION,),
    )


@given(declarations, collections, questions)
def test_planting_what_is_said_to_lack_completes_the_action(declaration, evidence, told):
    before = ask(declaration, evidence, told)
    planted = [fitting(lack, number) for lack in before.missing for number in range(lack.lacking)]
    told = {**told, "on": max([TODAY, *(item.day for item in planted)])}

    after = ask(declaration, [*evidence, *planted], told)

    if before.missing:
        assert after.status is Status.done


@given(declarations, questions)
def test_one_object_short_of_what_lacks_is_not_done(declaration, told):
    one_way = replace(declaration, alternatives=declaration.alternatives[:1])
    before = ask(one_way, [], told)
    planted = [fitting(lack, number) for lack in before.missing for number in range(lack.lacking)]
    kinds = [lack.requirement for lack in before.missing]
    # requirements of the same kind share objects: then one object may serve two of them
    assume(planted and len({need.kind for need in kinds}) == len(set(kinds)))
    later = {**told, "on": max([TODAY, *(item.day for item in planted)])}

    after = ask(one_way, planted[1:], later)

    assert after.status is not Status.done
    assert after.lacking == 1
