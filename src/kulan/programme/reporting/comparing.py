"""What states say of actions beside what the register computes from evidence."""

from collections.abc import Iterable, Mapping

from kulan.programme.reporting.answers import Report
from kulan.programme.reporting.questions import Questionnaire

Computed = Mapping[str, Mapping[str, str]]
"""Status codes by action and state; the state "" is the whole range."""

_STEPS = {"not_started": 0, "under_way": 1, "done": 2}


def statuses_said(filed: Iterable[tuple[Questionnaire, Report]]) -> dict[str, dict[str, str]]:
    """Return what reporters say of each action: code by action and reporter.

    Only answers that count are returned; the question is the one whose name ends in ``/status``.
    """
    found: dict[str, dict[str, str]] = {}
    for questionnaire, report in filed:
        answers = {one.question_id: one for one in report.answers if not one.subject and one.counts}
        for question in questionnaire.questions:
            answer = answers.get(question.question_id)
            if answer is None or not question.question_id.endswith("/status"):
                continue
            if question.action_key and isinstance(answer.value, str):
                found.setdefault(question.action_key, {})[report.reporter_id] = answer.value
    return found


def differs(said: str, computed: str) -> bool:
    """Whether what a state says cannot stand beside what is computed.

    What is late may well be under way; what cannot be computed, or a state does not judge, differs
    from nothing.

    Examples
    --------
    >>> differs("done", "under_way"), differs("under_way", "overdue"), differs("unknown", "done")
    (True, False, False)
    """
    if computed == "overdue":
        return said == "done"
    if "overtaken" in {said, computed}:
        return (
            said != computed
            and said in {*_STEPS, "overtaken"}
            and computed
            in {
                *_STEPS,
                "overtaken",
            }
        )
    return said in _STEPS and computed in _STEPS and _STEPS[said] != _STEPS[computed]
