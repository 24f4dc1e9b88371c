"""The two sides' answers: the only module that reads them, and shows them to nobody too early.

Until both sides have finished, a side reads its own answers and nothing of the other, not even
whether it has finished; nobody else reads anything, the secretariat included. What a side does
leaves no event and changes nothing that another may see: who finished when is written down at once
for both sides, when the second one has.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from kulan.errors import AccessDeniedError, NotAllowedNowError
from kulan.programme.registers import QUESTIONS, SCALE, Answer, Divergence, divergences
from kulan.web.events.record import record as record_event
from kulan.web.language import current_words
from kulan.web.people.roles import Role
from kulan.web.policy import Viewer
from kulan.web.policy.registers import side_of, visible_questionnaires
from kulan.web.programme.registers.models import AnswerSheet, Questionnaire, Record

_SCORES = {score for score, _ in SCALE}
LONGEST_COMMENT = 2_000


def may_open(viewer: Viewer, hotspot: Record, pair: tuple[str, str]) -> bool:
    """Whether a viewer may have two states asked about an area.

    The secretariat may, and the focal point of one of the two, if the area names both.
    """
    named = set(hotspot.data.get("states", []))
    if pair[0] == pair[1] or not set(pair) <= named:
        return False
    return viewer.has(Role.SECRETARIAT) or bool(viewer.states & set(pair))


def open_questionnaire(viewer: Viewer, hotspot: Record, pair: tuple[str, str]) -> Questionnaire:
    """Ask two states about a transboundary area.

    Raises
    ------
    AccessDeniedError
        If the viewer may not, or the area does not name both states.
    NotAllowedNowError
        If the two are being asked about it already.
    """
    if hotspot.register != "hotspots" or not may_open(viewer, hotspot, pair):
        raise AccessDeniedError(
            "Two states are asked by the secretariat or by the focal point of one of them, and the "
            "area must name both."
        )
    first, second = sorted(pair)
    with transaction.atomic():
        for one in Questionnaire.objects.filter(hotspot=hotspot, first=first, second=second):
            if not all_finished(one):
                say = current_words().say
                raise NotAllowedNowError(
                    say("These two states are being asked already; wait until both have answered.")
                )
        made = Questionnaire.objects.create(
            hotspot=hotspot, first=first, second=second, opened_by_id=viewer.user_id
        )
        record_event("feasibility_asked", made, by=viewer)
    return made


def own_sheet(viewer: Viewer, questionnaire: Questionnaire) -> AnswerSheet | None:
    """Return the sheet of the viewer's own side, unsaved where there is none yet; None for others.

    Raises
    ------
    AccessDeniedError
        If the viewer speaks for both sides.
    """
    side = side_of(viewer, questionnaire)
    if not side:
        return None
    found = AnswerSheet.objects.filter(questionnaire=questionnaire, iso3=side).first()
    return found or AnswerSheet(questionnaire=questionnaire, iso3=side, revision=0)


def finished_sides(questionnaire: Questionnaire) -> frozenset[str]:
    """Return which sides have finished."""
    done = AnswerSheet.objects.filter(questionnaire=questionnaire, finished_at__isnull=False)
    return frozenset(done.values_list("iso3", flat=True))


def all_finished(questionnaire: Questionnaire) -> bool:
    """Whether both sides have finished."""
    return finished_sides(questionnaire) == set(questionnaire.sides)


def last_answered(questionnaire: Questionnaire) -> Any:
    """Return when the second side finished; None until it has."""
    if not all_finished(questionnaire):
        return None
    return max(sheet.finished_at for sheet in questionnaire.sheets.all())


def side_by_side(viewer: Viewer, questionnaire: Questionnaire) -> tuple[Divergence, ...] | None:
    """Return both sides' answers; None until both have finished, and for whom they are not.

    Parameters
    ----------
    viewer
        A focal point of one of the two states, or of the secretariat.
    questionnaire
        Which.
    """
    if not visible_questionnaires(viewer).filter(pk=questionnaire.pk).exists():
        return None
    if not all_finished(questionnaire):
        return None
    sheets = {sheet.iso3: answers_of(sheet) for sheet in questionnaire.sheets.all()}
    return divergences(sheets[questionnaire.first], sheets[questionnaire.second])


def answers_of(sheet: AnswerSheet) -> dict[str, Answer]:
    """Return a sheet's answers as the library knows them."""
    return {
        code: Answer(one.get("score"), one.get("comment", ""))
        for code, one in sheet.answers.items()
    }


def save_answers(
    viewer: Viewer,
    questionnaire: Questionnaire,
    answers: Mapping[str, Mapping[str, Any]],
    *,
    revision: int,
    finish: bool,
) -> AnswerSheet:
    """Save the answers of the viewer's side, and finish them if asked; it then stays as it is.

    Parameters
    ----------
    viewer
        Focal point of one of the two states.
    questionnaire
        Which.
    answers
        Question to ``score`` (None: cannot say) and ``comment``.
    revision
        Of the sheet, as it was read; 0 where there was none.
    finish
        Whether these are the answers.

    Raises
    ------
    AccessDeniedError
        If the viewer speaks for neither side, or for both.
    NotAllowedNowError
        If the side has finished, a colleague has saved meanwhile, or a question is left out.
    """
    side = side_of(viewer, questionnaire)
    if not side:
        raise AccessDeniedError("Only the focal points of the two states answer.")
    clean = _clean(answers)
    say = current_words().say
    if finish and any("score" not in clean.get(question.code, {}) for question in QUESTIONS):
        raise NotAllowedNowError(
            say("Answer every question before you finish; “we cannot say” is an answer.")
        )
    with transaction.atomic():
        fields: dict[str, Any] = {"answers": clean, "revision": revision + 1}
        if finish:  # of two sides that finish at once, one waits, and sees the other
            Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
            fields |= {"finished_at": timezone.now(), "finished_by_id": viewer.user_id}
        rows = AnswerSheet.objects.filter(questionnaire=questionnaire, iso3=side)
        is_new = False
        if revision == 0:  # of two colleagues who begin at once, one begins
            _, is_new = AnswerSheet.objects.get_or_create(
                questionnaire=questionnaire, iso3=side, defaults=fields
            )
        if not is_new and not rows.filter(revision=revision, finished_at=None).update(**fields):
            raise NotAllowedNowError(
                say(
                    "Your side has finished, or a colleague has saved since you opened this page. "
                    "Load it again."
                )
            )
        if finish and all_finished(questionnaire):
            _tell_both(questionnaire)
    return rows.get()


def _tell_both(questionnaire: Questionnaire) -> None:
    """Leave the events of both sides at once: one of its own would tell who was first."""
    for sheet in questionnaire.sheets.select_related("finished_by").order_by("finished_at"):
        when = sheet.finished_at.isoformat(timespec="seconds") if sheet.finished_at else ""
        record_event(
            "feasibility_finished", questionnaire, by=sheet.finished_by, state=sheet.iso3, on=when
        )


def _clean(answers: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    clean: dict[str, dict[str, Any]] = {}
    for question in QUESTIONS:
        one = answers.get(question.code)
        if one is None:
            continue
        kept: dict[str, Any] = {"comment": str(one.get("comment", ""))[:LONGEST_COMMENT]}
        if "score" in one:  # a comment alone is a note for later, and no answer
            kept["score"] = one["score"] if one["score"] in _SCORES else None
        clean[question.code] = kept
    return clean
