"""Between rows and the types of `kulan.programme.reporting`."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from kulan.errors import UnknownNameError
from kulan.programme.reporting import (
    Answer,
    Key,
    Questionnaire,
    Report,
    Reporter,
    completeness,
    questionnaire_as_data,
    questionnaire_from_data,
    questionnaire_hash,
    value_as_data,
    value_from_data,
)
from kulan.web.programme.reporting.models import Cycle, Filing, Form, GivenAnswer

_BY = "by__name"
_COLUMNS = (
    "question_id", "subject", "value", "note", _BY, "at", "revision", "origin", "confirmed",
)  # fmt: skip


def questionnaire_of(cycle: Cycle, kind: str) -> Questionnaire:
    """Return what a cycle asks; read from the database once for each content.

    Raises
    ------
    UnknownNameError
        If the cycle has no form of the kind.
    """
    found = Form.objects.filter(cycle=cycle, kind=kind).values_list("pk", "sha256").first()
    if found is None:
        raise UnknownNameError(f"{cycle} asks nothing of the kind {kind!r}.")
    return _questionnaire(*found)


def questionnaires_of(cycle: Cycle) -> dict[str, Questionnaire]:
    """Return what a cycle asks by kind, in one query where it was read before."""
    rows = Form.objects.filter(cycle=cycle).order_by("kind").values_list("kind", "pk", "sha256")
    return {kind: _questionnaire(key, sha256) for kind, key, sha256 in rows}


@lru_cache(maxsize=64)
def _questionnaire(key: int, sha256: str) -> Questionnaire:  # noqa: ARG001  what keeps it fresh
    return questionnaire_from_data(Form.objects.values_list("questions", flat=True).get(pk=key))


def keep_questionnaire(cycle: Cycle, questionnaire: Questionnaire) -> None:
    """Write what a cycle asks, in place of what it asked before."""
    told = {
        "questions": questionnaire_as_data(questionnaire),
        "sha256": questionnaire_hash(questionnaire).removeprefix("sha256:")[:64],
    }
    Form.objects.update_or_create(cycle=cycle, kind=questionnaire.kind, defaults=told)


def reporter_of(filing: Filing) -> Reporter:
    """Return who files a report, with what its looped questions are asked about."""
    return Reporter(
        reporter_id=filing.reporter_id,
        party=filing.party,
        species=tuple(filing.species),
        populations={key: tuple(names) for key, names in filing.populations.items()},
    )


def answers_of(filing: Filing) -> dict[Key, Answer]:
    """Return the answers of a report by question and subject, in one query."""
    rows = GivenAnswer.objects.filter(filing=filing).order_by("question_id", "subject")
    return {one.key: one for one in map(_answer, rows.values_list(*_COLUMNS))}


def answers_by_filing(filings: Iterable[Filing], *, named: bool = True) -> dict[int, list[Answer]]:
    """Return the answers of several reports by the report's key, in one query.

    Parameters
    ----------
    filings
        The reports.
    named
        Whether it is told who gave each answer.
    """
    found: dict[int, list[Answer]] = {one.pk: [] for one in filings}
    columns = _COLUMNS if named else tuple(one for one in _COLUMNS if one != _BY)
    place = _COLUMNS.index(_BY)
    rows = GivenAnswer.objects.filter(filing__in=list(found)).order_by("question_id", "subject")
    for key, *told in rows.values_list("filing_id", *columns):
        if not named:
            told.insert(place, "")
        found[key].append(_answer(told))
    return found


def report_of(filing: Filing, answers: Iterable[Answer] | None = None) -> Report:
    """Return a report as the library knows it."""
    told = tuple(answers_of(filing).values()) if answers is None else tuple(answers)
    cycle_id = f"{filing.cycle.cycle_id}-{filing.kind}"
    return Report(cycle_id, filing.reporter_id, filing.state, told)  # type: ignore[arg-type]


def _answer(row: Sequence[Any]) -> Answer:
    question_id, subject, value, note, by, at, revision, origin, confirmed = row
    return Answer(
        question_id,
        subject,
        value_from_data(value),
        note,
        by=by or "",
        at=at,
        revision=revision,
        origin=origin,
        confirmed=confirmed,
    )


def columns_of(answer: Answer) -> dict[str, Any]:
    """Return the columns of an answer that say something."""
    return {
        "value": value_as_data(answer.value),
        "note": answer.note,
        "origin": answer.origin,
        "confirmed": answer.confirmed,
    }


def row_of(filing: Filing, answer: Answer, by_id: int | None = None) -> GivenAnswer:
    """Return a new row for an answer."""
    return GivenAnswer(
        filing=filing,
        question_id=answer.question_id,
        subject=answer.subject,
        revision=max(1, answer.revision),
        by_id=by_id,
        at=answer.at,
        **columns_of(answer),
    )


def keep_progress(filing: Filing, answers: Mapping[Key, Answer] | None = None) -> None:
    """Write how far a report is beside it, so that lists need not read its answers."""
    questionnaire = questionnaire_of(filing.cycle, filing.kind)
    known = answers_of(filing) if answers is None else answers
    found = completeness(questionnaire, reporter_of(filing), known)
    filing.asked, filing.answered = found.asked, found.answered
    filing.required, filing.required_answered = found.required, found.required_answered
    filing.to_confirm, filing.changed_at = len(found.to_confirm), timezone.now()
    filing.save(update_fields=[
        "asked", "answered", "required", "required_answered", "to_confirm", "changed_at",
    ])  # fmt: skip


def locked(filing: Filing) -> Filing:
    """Return a report as it stands, held for this transaction."""
    rows: QuerySet[Filing] = Filing.objects.select_for_update(of=("self",))
    return rows.select_related("cycle", "organisation").get(pk=filing.pk)
