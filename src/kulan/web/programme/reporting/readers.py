"""What of a report its reader reads: all, the sections that were given, or what is for everyone.

Every page and file of a report takes its questions and answers from here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kulan.programme.reporting import Answer, Key, Question, Questionnaire
from kulan.programme.reporting.workflow import Role as Part
from kulan.web.people.roles import Role
from kulan.web.policy import Viewer
from kulan.web.programme.reporting.models import Filing
from kulan.web.programme.reporting.permissions import FILED, given_to, parts_of


@dataclass(frozen=True, slots=True)
class Reading:
    """What one viewer reads of one report.

    Attributes
    ----------
    viewer
        Who reads.
    parts
        What the viewer is to the report.
    sections
        Sections that were given to the viewer.
    filed
        Whether the report was accepted, so that everyone reads what is for them.
    """

    viewer: Viewer
    parts: tuple[Part, ...]
    sections: frozenset[str]
    filed: bool

    @property
    def whole(self) -> bool:
        """Whether the viewer reads all of it, what nobody has confirmed yet included."""
        return "secretariat" in self.parts or "reporter" in self.parts

    def works_on(self, section: str) -> bool:
        """Whether the viewer reads a section as those do who write or review it."""
        return self.whole or section in self.sections

    def reads(self, question: Question) -> bool:
        """Whether the viewer reads the answers to a question."""
        if self.works_on(question.section):
            return True
        if not self.filed:
            return False
        if question.readers == "public":
            return True
        if question.readers == "partners":
            return bool(self.viewer.roles - {Role.ADMINISTRATOR})
        return self.viewer.has(Role.FOCAL_POINT)

    def asked(self, questionnaire: Questionnaire) -> Questionnaire:
        """Return a questionnaire with the questions that the viewer reads, and no other section."""
        if self.whole:
            return questionnaire
        return asked_by((self,), questionnaire)

    def answers(self, questionnaire: Questionnaire, answers: Iterable[Answer]) -> dict[Key, Answer]:
        """Return those of a report's answers that the viewer reads.

        Who does not work on a section reads neither what nobody has confirmed nor who answered.
        """
        if self.whole:
            return {one.key: one for one in answers}
        known = {one.question_id: one for one in questionnaire.questions if self.reads(one)}
        found: dict[Key, Answer] = {}
        for one in answers:
            question = known.get(one.question_id)
            if question is None:
                continue
            if self.works_on(question.section):
                found[one.key] = one
            elif one.counts:
                found[one.key] = replace(one, by="") if one.by else one
        return found


def asked_by(readings: Iterable[Reading], questionnaire: Questionnaire) -> Questionnaire:
    """Return a questionnaire with the questions that are read in one of several reports."""
    several = tuple(readings)
    if any(one.whole for one in several):
        return questionnaire
    questions = tuple(
        one for one in questionnaire.questions if any(by.reads(one) for by in several)
    )
    names = {one.question_id for one in questions}
    sections = {one.section for one in questions}
    return replace(
        questionnaire,
        sections=tuple(one for one in questionnaire.sections if one.section_id in sections),
        # a condition on what the viewer does not read would tell it
        questions=tuple(
            replace(one, depends_on=None)
            if one.depends_on and one.depends_on.question_id not in names
            else one
            for one in questions
        ),
    )


def reading_of(
    viewer: Viewer, filing: Filing, given: Mapping[int, frozenset[str]] | None = None
) -> Reading:
    """Return what the viewer reads of a report.

    Parameters
    ----------
    viewer, filing
        Who, and of which.
    given
        Sections by report that were given to the viewer, where they were looked up for many at
        once.
    """
    sections = (
        frozenset(given_to(viewer, filing)) if given is None else given.get(filing.pk, frozenset())
    )
    filed = filing.state in FILED and filing.accepted_at is not None
    return Reading(viewer, parts_of(viewer, filing, helps=bool(sections)), sections, filed)
