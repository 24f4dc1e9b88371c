"""Answers suggested before anybody has answered: from the last cycle, and from evidence.

A suggestion carries its origin and counts for nothing until a person confirms it. The status of an
action is never suggested from evidence: what a state says and what the register computes are to
stand beside each other, and would not be two things any more.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from kulan.programme.reporting.answers import Answer, Key, Report, is_blank
from kulan.programme.reporting.questions import Question, Questionnaire, Reporter, slots
from kulan.words import LANGUAGES, words_in

EVIDENCE = "evidence"
CYCLE = "cycle:"


class Proof(Protocol):
    """What prefilling reads of a piece of evidence; `kulan.programme.evidence.Evidence` is one."""

    @property
    def reference(self) -> str:
        """Where it is found."""

    @property
    def day(self) -> date:
        """When it came about."""

    @property
    def states(self) -> tuple[str, ...]:
        """States it concerns; empty for all."""

    @property
    def actions(self) -> tuple[str, ...]:
        """Actions it was given for."""

    @property
    def withdrawn(self) -> bool:
        """Whether it holds no more."""


def prefilled(
    questionnaire: Questionnaire,
    reporter: Reporter,
    *,
    last: Report | None = None,
    renamed: Mapping[str, str] | None = None,
    evidence: Sequence[Proof] = (),
    known: Mapping[Key, tuple[Answer, ...]] | None = None,
    given: Mapping[Key, Answer] | None = None,
) -> tuple[Answer, ...]:
    """Return suggestions for every place that has no answer yet.

    Parameters
    ----------
    questionnaire, reporter
        What is asked, and of whom.
    last
        The reporter's report of an earlier cycle; only answers that counted are carried over, and
        only to questions that are meant to carry over.
    renamed
        Keys of actions of the earlier edition, and of this one, where the crosswalk joins them.
    evidence
        Pieces of evidence; those given for an action and valid for the reporter are suggested as
        references.
    known
        Answers known from elsewhere, such as population records, the best first.
    given
        Answers that stand already; they are left alone.

    Returns
    -------
    tuple of Answer
        Not confirmed; `origin` says where each comes from.
    """
    standing = given or {}
    carried = _carried(last, renamed or {}) if last else {}
    proofs = _by_action(evidence, reporter)
    found = []
    for slot in slots(questionnaire, reporter):
        if slot.key in standing and not is_blank(standing[slot.key].value):
            continue
        suggestion = _suggestion(slot.question, slot.subject, carried, proofs)
        elsewhere = (known or {}).get(slot.key, ())
        if suggestion is None and elsewhere:
            suggestion = elsewhere[0]
        if suggestion is not None:
            found.append(suggestion)
    return tuple(found)


def _carried(last: Report, renamed: Mapping[str, str]) -> dict[Key, Answer]:
    """Return the answers of an earlier report under the questions of today."""
    found = {}
    for answer in last.answers:
        if not answer.counts:
            continue
        topic, slash, rest = answer.question_id.rpartition("/")
        question_id = f"{renamed.get(topic, topic)}{slash}{rest}"
        found[question_id, answer.subject] = Answer(
            question_id,
            answer.subject,
            answer.value,
            answer.note,
            by=answer.by,
            at=answer.at,
            origin=f"{CYCLE}{last.cycle_id}",
            confirmed=False,
        )
    return found


def _by_action(evidence: Iterable[Proof], reporter: Reporter) -> dict[str, tuple[str, ...]]:
    """Return the references valid for a reporter by action, the newest first."""
    found: dict[str, dict[str, None]] = {}
    for one in sorted(evidence, key=lambda proof: (proof.day, proof.reference), reverse=True):
        if one.withdrawn or (one.states and reporter.reporter_id not in one.states):
            continue
        for action_key in one.actions:
            found.setdefault(action_key, {})[one.reference] = None
    return {action_key: tuple(references) for action_key, references in found.items()}


def _suggestion(
    question: Question,
    subject: str,
    carried: Mapping[Key, Answer],
    proofs: Mapping[str, tuple[str, ...]],
) -> Answer | None:
    references = proofs.get(question.action_key, ()) if question.kind == "references" else ()
    if references and question.action_key:
        return Answer(question.question_id, subject, references, origin=EVIDENCE, confirmed=False)
    earlier = carried.get((question.question_id, subject))
    return earlier if earlier is not None and question.carries else None


def origin_said(origin: str, language: str) -> str:
    """Say where a suggested answer comes from.

    Examples
    --------
    >>> origin_said("cycle:cami-2024-national", "en")
    'suggested from the report to cami-2024-national'
    """
    say = words_in(language if language in LANGUAGES else "en").say
    if origin.startswith(CYCLE):
        return say("suggested from the report to {cycle}", cycle=origin.removeprefix(CYCLE))
    if origin == EVIDENCE:
        return say("suggested from evidence in the register")
    return say("suggested from {origin}", origin=origin) if origin else ""
