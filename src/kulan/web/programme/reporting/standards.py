"""The standard questions of an edition, from which the secretariat chooses."""

from datetime import date
from functools import lru_cache

from kulan.programme.actions import actions, editions, sections
from kulan.programme.reporting import Question, Questionnaire, Told, standard_questionnaire

_ANY_DAY = date(2000, 1, 1)


def reported_editions() -> tuple[str, ...]:
    """Return the editions whose actions are known, the newest first."""
    return tuple(one.edition_id for one in reversed(editions()) if actions(one.edition_id))


@lru_cache(maxsize=8)
def standard_of(edition_id: str, kind: str) -> Questionnaire:
    """Return the standard questionnaire of an edition, with a day and a name that mean nothing."""
    return standard_questionnaire(
        edition_id,
        Told(edition_id),
        kind=kind,
        actions=actions(edition_id),
        sections=sections(edition_id),
        opens=_ANY_DAY,
        due=_ANY_DAY,
    )


def offered_in(questionnaire: Questionnaire, section_id: str) -> tuple[Question, ...]:
    """Return what may be asked in a section: standard questions, and the cycle's own ones.

    A question that the cycle asks stands there as the cycle asks it.
    """
    asked = {one.question_id: one for one in questionnaire.in_section(section_id)}
    standard = standard_of(questionnaire.edition_id, questionnaire.kind).in_section(section_id)
    known = {one.question_id for one in standard}
    own = [one for key, one in asked.items() if key not in known]
    return (*(asked.get(one.question_id, one) for one in standard), *own)
