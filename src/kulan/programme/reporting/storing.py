"""Questionnaires and reports as plain data, for a database, a package or a file."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from kulan.errors import InvalidTableError
from kulan.programme.reporting.answers import Report, answer_as_data, answer_from_data
from kulan.programme.reporting.questions import (
    FORM_KINDS,
    KINDS,
    Choice,
    Condition,
    FormSection,
    Question,
    Questionnaire,
)
from kulan.programme.reporting.told import UNTOLD, Told, told_from
from kulan.programme.reporting.workflow import STATES
from kulan.provenance import canonical_json, hash_bytes

_PLAIN = ("question_id", "section", "kind", "action_key", "required", "loop", "asked", "readers")
_LISTS = ("species", "states", "tags")
_TOLD = ("words", "help", "heading", "unit")
_REST = ("at_least", "at_most", "carries")
_DEFAULTS = {one.name: one.default for one in fields(Question)}


def questionnaire_as_data(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return a questionnaire as a plain dictionary for JSON.

    What a question leaves at its default is left out, and choices that several questions offer are
    written once.
    """
    lists: dict[tuple[Choice, ...], int] = {}
    questions = [_question_as_data(one, lists) for one in questionnaire.questions]
    return {
        "cycle_id": questionnaire.cycle_id,
        "title": questionnaire.title.as_data(),
        "kind": questionnaire.kind,
        "edition_id": questionnaire.edition_id,
        "opens": questionnaire.opens.isoformat(),
        "due": questionnaire.due.isoformat(),
        "sections": [
            {
                "section_id": one.section_id,
                "title": one.title.as_data(),
                "instructions": one.instructions.as_data(),
            }
            for one in questionnaire.sections
        ],
        "choice_lists": [
            [{"code": one.code, "words": one.words.as_data()} for one in choices]
            for choices in lists
        ],
        "questions": questions,
    }


def questionnaire_from_data(data: Mapping[str, Any]) -> Questionnaire:
    """Return the questionnaire that `questionnaire_as_data` wrote.

    Raises
    ------
    InvalidTableError
        If the data is not a questionnaire.
    """
    try:
        lists = [
            tuple(Choice(one["code"], told_from(one["words"])) for one in choices)
            for choices in data["choice_lists"]
        ]
        made = Questionnaire(
            cycle_id=str(data["cycle_id"]),
            title=told_from(data["title"]),
            kind=str(data["kind"]),
            edition_id=str(data["edition_id"]),
            opens=date.fromisoformat(data["opens"]),
            due=date.fromisoformat(data["due"]),
            sections=tuple(
                FormSection(
                    one["section_id"], told_from(one["title"]), told_from(one["instructions"])
                )
                for one in data["sections"]
            ),
            questions=tuple(_question_from_data(one, lists) for one in data["questions"]),
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as problem:
        raise InvalidTableError(
            f"Not a questionnaire of a reporting cycle: {problem!r}. Take it from the page of the "
            "cycle or from the cycle's data package."
        ) from problem
    check_questionnaire(made)
    return made


def check_questionnaire(questionnaire: Questionnaire) -> None:
    """Refuse a questionnaire that could not be answered.

    Raises
    ------
    InvalidTableError
        If names are doubled, a question stands in no section or depends on one that is not there,
        a choice has nothing to choose from, or the cycle is due before it opens.
    """
    wrong = list(_mistakes(questionnaire))
    if wrong:
        raise InvalidTableError(f"{questionnaire.cycle_id}: {'; '.join(wrong[:5])}.")


def _mistakes(questionnaire: Questionnaire) -> list[str]:
    found = []
    if questionnaire.kind not in FORM_KINDS:
        found.append(f"kind {questionnaire.kind!r} is none of {', '.join(FORM_KINDS)}")
    if questionnaire.due < questionnaire.opens:
        found.append("it is due before it opens")
    sections = {one.section_id for one in questionnaire.sections}
    names = [one.question_id for one in questionnaire.questions]
    found += [f"question {name} is there twice" for name in _doubled(names)]
    for one in questionnaire.questions:
        if one.section not in sections:
            found.append(f"question {one.question_id} stands in section {one.section!r}, unknown")
        if one.kind not in KINDS:
            found.append(f"question {one.question_id} has kind {one.kind!r}")
        if one.kind in {"choice", "choices"} and not one.choices:
            found.append(f"question {one.question_id} offers nothing to choose from")
        if any(";" in name for choice in one.choices for name in choice.words.as_data().values()):
            found.append(f"question {one.question_id} offers an answer with a semicolon in it")
        if one.depends_on and one.depends_on.question_id not in names:
            found.append(f"question {one.question_id} depends on one that is not there")
    return found


def _doubled(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def questionnaire_hash(questionnaire: Questionnaire) -> str:
    """Return the hash of everything a questionnaire asks: another one after any change."""
    return hash_bytes(canonical_json(questionnaire_as_data(questionnaire)))


def report_as_data(report: Report) -> dict[str, Any]:
    """Return a report as a plain dictionary for JSON, its answers by question and subject."""
    return {
        "cycle_id": report.cycle_id,
        "reporter_id": report.reporter_id,
        "state": report.state,
        "answers": [answer_as_data(one) for one in sorted(report.answers, key=lambda a: a.key)],
    }


def report_from_data(data: Mapping[str, Any]) -> Report:
    """Return the report that `report_as_data` wrote.

    Raises
    ------
    InvalidTableError
        If the data is not a report.
    """
    try:
        state = data["state"]
        if state not in STATES:
            raise InvalidTableError(f"A report is in state {state!r}, which is none of {STATES}.")
        return Report(
            cycle_id=str(data["cycle_id"]),
            reporter_id=str(data["reporter_id"]),
            state=state,
            answers=tuple(answer_from_data(one) for one in data["answers"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise InvalidTableError(f"Not a report of a reporting cycle: {problem!r}.") from problem


def _question_as_data(question: Question, lists: dict[tuple[Choice, ...], int]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name in (*_PLAIN, *_REST):
        value = getattr(question, name)
        if value != _DEFAULTS.get(name):
            data[name] = value
    for name in _LISTS:
        if getattr(question, name):
            data[name] = list(getattr(question, name))
    for name in _TOLD:
        text: Told = getattr(question, name)
        if text != UNTOLD:
            data[name] = text.as_data()
    if question.choices:
        data["choices"] = lists.setdefault(question.choices, len(lists))
    if question.depends_on:
        data["depends_on"] = {
            "question_id": question.depends_on.question_id,
            "values": list(question.depends_on.values),
        }
    return data


def _question_from_data(data: Mapping[str, Any], lists: list[tuple[Choice, ...]]) -> Question:
    given: dict[str, Any] = {name: data[name] for name in (*_PLAIN, *_REST) if name in data}
    given |= {name: tuple(data[name]) for name in _LISTS if name in data}
    given |= {name: told_from(data[name]) for name in _TOLD if name in data}
    condition = data.get("depends_on")
    return Question(
        **given,
        choices=lists[data["choices"]] if "choices" in data else (),
        depends_on=Condition(condition["question_id"], tuple(condition["values"]))
        if condition
        else None,
    )
