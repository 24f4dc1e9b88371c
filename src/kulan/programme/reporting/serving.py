"""One report, many conventions: the answers that serve a treaty, target or memorandum."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kulan.programme.reporting.answers import Answer, Report
from kulan.programme.reporting.questions import READERS, Question, Questionnaire, Readers
from kulan.words import N_, Words

TAG_NAMES: dict[str, str] = {
    "cms": N_("Convention on Migratory Species (CMS)"),
    "cites": N_("Convention on international trade in endangered species (CITES)"),
    "samarkand": N_("Samarkand Strategic Plan for Migratory Species"),
    "mou:saiga": N_("Memorandum on the saiga"),
    "mou:bukhara-deer": N_("Memorandum on the Bukhara deer"),
    "gslep": N_("Global snow leopard programme (GSLEP)"),
}
# of a question asked for each species, these take the answers on theirs alone
TAG_SPECIES = {"mou:saiga": "saiga", "mou:bukhara-deer": "bukhara_deer", "gslep": "snow_leopard"}
GBF_TARGETS = tuple(f"gbf:target-{number}" for number in range(1, 24))
TAGS: tuple[str, ...] = (*TAG_NAMES, *GBF_TARGETS)


@dataclass(frozen=True, slots=True)
class Serving:
    """One answer that serves another convention too."""

    cycle_id: str
    reporter_id: str
    question: Question
    answer: Answer


def tag_name(tag: str, words: Words) -> str:
    """Return what a tag stands for; the tag itself where it is nobody's but the user's own.

    Examples
    --------
    >>> from kulan.words import words_in
    >>> tag_name("gbf:target-4", words_in("en"))
    'Kunming-Montreal Framework, target 4'
    """
    if tag in GBF_TARGETS:
        number = tag.rpartition("-")[2]
        return words.say("Kunming-Montreal Framework, target {number}", number=number)
    return words.say(TAG_NAMES[tag]) if tag in TAG_NAMES else tag


def tags_of(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the tags of a questionnaire, known ones first in their own order."""
    used = {tag for question in questionnaire.questions for tag in question.tags}
    return (*(tag for tag in TAGS if tag in used), *sorted(used - set(TAGS)))


def answers_serving(tag: str, filed: Iterable[tuple[Questionnaire, Report]]) -> tuple[Serving, ...]:
    """Return the answers that serve a tag, in the order of the reports and of their questions.

    Only answers that count are returned. A question that is asked for each species serves a
    memorandum on one species with the answers on that species alone.

    Parameters
    ----------
    tag
        Such as ``cites``, ``gbf:target-4`` or ``mou:saiga``.
    filed
        Reports with the questionnaires they answer; of one cycle or several.
    """
    only = TAG_SPECIES.get(tag, "")
    found = []
    for questionnaire, report in filed:
        answers: dict[str, list[Answer]] = {}
        for answer in report.answers:
            answers.setdefault(answer.question_id, []).append(answer)
        for question in questionnaire.questions:
            if tag not in question.tags:
                continue
            for answer in sorted(
                answers.get(question.question_id, []), key=lambda one: one.subject
            ):
                species = answer.subject.partition(":")[0]
                if answer.counts and (not species or not only or species == only):
                    found.append(Serving(report.cycle_id, report.reporter_id, question, answer))
    return tuple(found)


def readable(questionnaire: Questionnaire, report: Report, reader: Readers) -> Report:
    """Return a report with the answers alone that a reader may see.

    Parameters
    ----------
    questionnaire
        What the report answers; an answer to a question that is not in it is shown to nobody.
    report
        The report.
    reader
        ``public``, ``partners`` or ``government``; each sees what those before it see.
    """
    seen = READERS[: READERS.index(reader) + 1]
    shown = {one.question_id for one in questionnaire.questions if one.readers in seen}
    return replace(report, answers=tuple(a for a in report.answers if a.question_id in shown))
