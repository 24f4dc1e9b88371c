"""The standard questions of an edition, from which the secretariat chooses."""

from datetime import date
from functools import lru_cache

from kulan.programme.actions import Action, Section
from kulan.programme.reporting import Question, Questionnaire, Told, standard_questionnaire
from kulan.web.language import current_words
from kulan.web.programme.register.catalogue import all_actions, all_editions, all_sections

_ANY_DAY = date(2000, 1, 1)


def reported_editions() -> tuple[tuple[str, str], ...]:
    """Return the editions that have actions with their titles, those in force first; drafts too."""
    return tuple(
        (one.edition_id, one.title(current_words().language))
        for one in all_editions(drafts=True)
        if all_actions(one.edition_id)
    )


def standard_of(edition_id: str, kind: str) -> Questionnaire:
    """Return the standard questionnaire of an edition, with a day and a name that mean nothing.

    Raises
    ------
    UnknownNameError
        If there is no such edition, or it has no actions.
    """
    return _standard(edition_id, kind, all_actions(edition_id), all_sections(edition_id))


@lru_cache(maxsize=8)
def _standard(
    edition_id: str, kind: str, actions: tuple[Action, ...], sections: tuple[Section, ...]
) -> Questionnaire:
    return standard_questionnaire(
        edition_id,
        Told(edition_id),
        kind=kind,
        actions=actions,
        sections=sections,
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
