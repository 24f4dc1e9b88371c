"""What a report still lacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kulan.programme.reporting.answers import Answer, Key, is_blank
from kulan.programme.reporting.questions import Question, Questionnaire, Reporter, Slot, slots


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far a report is.

    Attributes
    ----------
    asked, answered
        Places for an answer that are asked now, and those with an answer that counts.
    required, required_answered
        The same of the required ones.
    to_confirm
        Places with a prefilled answer behind which nobody stands yet.
    missing
        Required places without an answer that counts.
    """

    asked: int
    answered: int
    required: int
    required_answered: int
    to_confirm: tuple[Slot, ...]
    missing: tuple[Slot, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every required question is answered."""
        return not self.missing


def completeness(
    questionnaire: Questionnaire, reporter: Reporter, answers: Mapping[Key, Answer]
) -> Completeness:
    """Return how far a report is; a prefilled answer counts only once it is confirmed."""
    asked = tuple(asked_now(questionnaire, reporter, answers))
    counting = {key for key, answer in answers.items() if answer.counts}
    waiting = {
        key
        for key, answer in answers.items()
        if not answer.confirmed and not is_blank(answer.value)
    }
    required = [slot for slot in asked if slot.question.required]
    return Completeness(
        asked=len(asked),
        answered=sum(slot.key in counting for slot in asked),
        required=len(required),
        required_answered=sum(slot.key in counting for slot in required),
        to_confirm=tuple(slot for slot in asked if slot.key in waiting),
        missing=tuple(slot for slot in required if slot.key not in counting),
    )


def asked_now(
    questionnaire: Questionnaire, reporter: Reporter, answers: Mapping[Key, Answer]
) -> Iterator[Slot]:
    """Yield the places for an answer that are asked with the answers given so far.

    A question that depends on one that is itself not asked is not asked either, whatever once
    stood there.
    """
    known = {one.question_id: one for one in questionnaire.questions}
    for slot in slots(questionnaire, reporter):
        if _holds(slot, known, answers):
            yield slot


def _holds(slot: Slot, known: Mapping[str, Question], answers: Mapping[Key, Answer]) -> bool:
    question, passed = slot.question, set()
    while question.depends_on is not None:
        condition = question.depends_on
        if condition.question_id in passed or condition.question_id not in known:
            return False
        passed.add(condition.question_id)
        question = known[condition.question_id]
        subject = {"none": "", "species": slot.subject.partition(":")[0]}.get(
            question.loop, slot.subject
        )
        answer = answers.get((question.question_id, subject))
        if answer is None or not codes_of(answer) & set(condition.values):
            return False
    return True


def codes_of(answer: Answer) -> set[str]:
    """Return the codes an answer holds, as conditions name them.

    Examples
    --------
    >>> codes_of(Answer("a", value=True)), sorted(codes_of(Answer("b", value=("x", "y"))))
    ({'yes'}, ['x', 'y'])
    """
    value = answer.value
    if isinstance(value, bool):
        return {"yes" if value else "no"}
    if isinstance(value, tuple):
        return set(value)
    return {value} if isinstance(value, str) else set()
