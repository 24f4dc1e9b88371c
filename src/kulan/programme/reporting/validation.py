"""Whether an answer fits its question, said so that whoever answers can mend it."""

import math
from collections.abc import Callable, Iterable
from datetime import date

from kulan.errors import InvalidAnswerError
from kulan.programme.reporting.answers import Answer, is_blank
from kulan.programme.reporting.questions import Question
from kulan.words import N_, Words

LONGEST_TEXT = 20_000
LONGEST_NOTE = 5_000
LONGEST_REFERENCE = 500
MOST_REFERENCES = 100
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def problems(question: Question, answer: Answer, words: Words) -> tuple[str, ...]:
    """Return what is wrong with an answer, in the reader's language; nothing for a blank one.

    Whether an answer is required is a matter of the whole report: see
    `kulan.programme.reporting.completeness`.

    Parameters
    ----------
    question
        The question.
    answer
        The answer.
    words
        The language.

    Examples
    --------
    >>> from kulan.programme.reporting.told import Told
    >>> from kulan.words import words_in
    >>> asked = Question("n", "species", Told("How many?"), kind="number", at_least=0)
    >>> problems(asked, Answer("n", value=-3.0), words_in("en"))
    ('-3 is too small: at least 0 is expected.',)
    """
    found = list(_of_subject(question, answer, words))
    if len(answer.note) > LONGEST_NOTE:
        found.append(_too_long(len(answer.note), LONGEST_NOTE, words))
    if not is_blank(answer.value):
        found += _CHECKS[question.kind](question, answer.value, words)
    return tuple(found)


def check_answer(question: Question, answer: Answer, words: Words) -> None:
    """Refuse an answer that does not fit its question.

    Raises
    ------
    InvalidAnswerError
        With everything that is wrong with it.
    """
    found = problems(question, answer, words)
    if found:
        raise InvalidAnswerError(" ".join(found))


def _of_subject(question: Question, answer: Answer, words: Words) -> Iterable[str]:
    species, _, population = answer.subject.partition(":")
    fits = {
        "none": not answer.subject,
        "species": bool(species) and not population,
        "population": bool(species and population),
    }[question.loop]
    if not fits:
        yield words.say("The question is not asked for “{subject}”.", subject=answer.subject or "–")


def _text(question: Question, value: object, words: Words) -> list[str]:
    if not isinstance(value, str):
        return [_wrong_kind(question, words)]
    return [_too_long(len(value), LONGEST_TEXT, words)] if len(value) > LONGEST_TEXT else []


def _choice(question: Question, value: object, words: Words) -> list[str]:
    if not isinstance(value, str):
        return [_wrong_kind(question, words)]
    return [] if question.choice(value) else [_not_offered(question, value, words)]


def _choices(question: Question, value: object, words: Words) -> list[str]:
    if not isinstance(value, tuple):
        return [_wrong_kind(question, words)]
    found = [_not_offered(question, code, words) for code in value if not question.choice(code)]
    if len(set(value)) < len(value):
        found.append(words.say("An answer is chosen twice."))
    return found


def _number(question: Question, value: object, words: Words) -> list[str]:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return [_wrong_kind(question, words)]
    shown = words.significant(value, 15)
    if question.at_least is not None and value < question.at_least:
        limit = words.significant(question.at_least, 15)
        return [
            words.say(
                "{value} is too small: at least {limit} is expected.", value=shown, limit=limit
            )
        ]
    if question.at_most is not None and value > question.at_most:
        limit = words.significant(question.at_most, 15)
        return [
            words.say(
                "{value} is too large: at most {limit} is expected.", value=shown, limit=limit
            )
        ]
    return []


def _yes_no(question: Question, value: object, words: Words) -> list[str]:
    return [] if isinstance(value, bool) else [_wrong_kind(question, words)]


def _date(question: Question, value: object, words: Words) -> list[str]:
    if not isinstance(value, str):
        return [_wrong_kind(question, words)]
    try:
        year = date.fromisoformat(value).year
    except ValueError:
        return [words.say("“{typed}” is not a day. Write it as in 2026-05-31.", typed=value[:40])]
    if len(value) != 10 or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return [words.say("“{typed}” is not a day. Write it as in 2026-05-31.", typed=value[:40])]
    return []


def _references(question: Question, value: object, words: Words) -> list[str]:
    if not isinstance(value, tuple):
        return [_wrong_kind(question, words)]
    found = []
    if len(value) > MOST_REFERENCES:
        found.append(
            words.say("More than {count} references: name the weightiest.", count=MOST_REFERENCES)
        )
    if any(not one.strip() for one in value):
        found.append(words.say("A reference is empty."))
    longest = max((len(one) for one in value), default=0)
    if longest > LONGEST_REFERENCE:
        found.append(_too_long(longest, LONGEST_REFERENCE, words))
    return found


_CHECKS: dict[str, Callable[[Question, object, Words], list[str]]] = {
    "text": _text,
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "yes_no": _yes_no,
    "date": _date,
    "references": _references,
}


def _wrong_kind(question: Question, words: Words) -> str:
    return words.say(_EXPECTED[question.kind])


_EXPECTED: dict[str, str] = {
    "text": N_("A text is expected."),
    "choice": N_("One of the answers offered is expected."),
    "choices": N_("One or more of the answers offered are expected."),
    "number": N_("A number is expected."),
    "yes_no": N_("Yes or no is expected."),
    "date": N_("A day is expected, written as in 2026-05-31."),
    "references": N_("References are expected, one a line."),
}


def _not_offered(question: Question, code: str, words: Words) -> str:
    offered = "; ".join(one.words.tell(words.language) for one in question.choices)
    return words.say(
        "“{typed}” is not among the answers offered: {offered}.", typed=code[:80], offered=offered
    )


def _too_long(length: int, most: int, words: Words) -> str:
    return words.say(
        "The text has {length} characters; {most} are kept.",
        length=words.number(length),
        most=words.number(most),
    )
