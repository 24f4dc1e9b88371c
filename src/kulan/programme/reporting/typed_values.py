"""From what a person types to a value: numbers, days and choices in three languages."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime

from kulan.errors import InvalidAnswerError
from kulan.programme.reporting.answers import Value
from kulan.programme.reporting.questions import Choice, Question
from kulan.words import Words

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
_AMBIGUOUS = re.compile(r"-?\d{1,3}[.,]\d{3}")
_GROUPED = (
    re.compile(r"-?\d{1,3}(,\d{3}){2,}(\.\d+)?"),
    re.compile(r"-?\d{1,3}(\.\d{3}){2,}(,\d+)?"),
)
_NUMBER = re.compile(r"-?\d+([.,]\d+)?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YES = {"yes", "y", "да", "д", "oui", "o", "true", "1"}
_NO = {"no", "n", "нет", "н", "non", "false", "0"}
_SEVERAL = re.compile(r"\s*[;\n]\s*")
_LINES = re.compile(r"\s*\n\s*")


def typed_value(question: Question, typed: object, words: Words) -> Value:
    """Return the value that somebody typed, or that a cell of a form holds.

    Choices are known by code or by their words in any of the three languages. A number that may be
    read in two ways (``1,234``) is refused, and so is a day that may be (``03/04/2026``).

    Parameters
    ----------
    question
        The question it answers.
    typed
        A text; or what a spreadsheet had made of it: a number, a truth value, a date.
    words
        Language of a refusal.

    Raises
    ------
    InvalidAnswerError
        If it cannot be read.

    Examples
    --------
    >>> from kulan.programme.reporting.told import Told
    >>> from kulan.words import words_in
    >>> asked = Question("n", "species", Told("How many?"), kind="number")
    >>> typed_value(asked, "1 318,5", words_in("fr"))
    1318.5
    """
    if typed is None or (isinstance(typed, str) and not typed.strip()):
        return None
    return _READERS[question.kind](question, typed, words)


def typed_text(typed: object) -> str:
    """Return what a cell holds as text; whole numbers without a fraction, days as ISO 8601.

    Examples
    --------
    >>> typed_text(2026.0), typed_text(date(2026, 5, 31))
    ('2026', '2026-05-31')
    """
    if isinstance(typed, datetime):
        return typed.date().isoformat() if typed.time() == datetime.min.time() else str(typed)
    if isinstance(typed, date):
        return typed.isoformat()
    if isinstance(typed, float) and typed.is_integer():
        return str(int(typed))
    return str(typed).strip() if typed is not None else ""


def _text(_: Question, typed: object, __: Words) -> Value:
    return unicodedata.normalize("NFC", typed_text(typed)).replace("\r\n", "\n")


def _number(_: Question, typed: object, words: Words) -> Value:
    if isinstance(typed, int | float) and not isinstance(typed, bool):
        return float(typed)
    text = _SPACES.sub("", typed_text(typed)).replace("−", "-")
    if _AMBIGUOUS.fullmatch(text) and not text.lstrip("-").startswith("0"):
        plain = text.replace(",", "").replace(".", "")
        raise InvalidAnswerError(
            words.say(
                "“{typed}” can be read in two ways. Write {whole} without a mark, or the fraction "
                "with one digit more or less.",
                typed=text,
                whole=plain,
            )
        )
    for pattern, mark, point in ((_GROUPED[0], ",", "."), (_GROUPED[1], ".", ",")):
        if pattern.fullmatch(text):
            return float(text.replace(mark, "").replace(point, "."))
    if not _NUMBER.fullmatch(text):
        raise InvalidAnswerError(
            words.say("“{typed}” is not a number; write a remark into the note.", typed=text[:40])
        )
    return float(text.replace(",", "."))


def _yes_no(_: Question, typed: object, words: Words) -> Value:
    if isinstance(typed, bool):
        return typed
    text = typed_text(typed).casefold().rstrip(".")
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise InvalidAnswerError(
        words.say("“{typed}” is neither yes nor no.", typed=typed_text(typed)[:40])
    )


def _date(_: Question, typed: object, words: Words) -> Value:
    text = typed_text(typed)
    if _ISO_DAY.fullmatch(text):
        return text
    found = _DAY_FIRST.fullmatch(text)
    if found:
        day, mark, month, year = found.groups()
        # with dots the day always comes first; with slashes some write the month first
        if mark == "." or int(day) > 12 or day == month:
            return f"{year}-{int(month):02}-{int(day):02}"
    raise InvalidAnswerError(
        words.say("“{typed}” is not a day. Write it as in 2026-05-31.", typed=text[:40])
    )


def _choice(question: Question, typed: object, words: Words) -> Value:
    text = typed_text(typed)
    known = _by_words(question.choices)
    if plain(text) not in known:
        offered = "; ".join(one.words.tell(words.language) for one in question.choices)
        raise InvalidAnswerError(
            words.say(
                "“{typed}” is not among the answers offered: {offered}.",
                typed=text[:80],
                offered=offered,
            )
        )
    return known[plain(text)]


def _choices(question: Question, typed: object, words: Words) -> Value:
    parts = _parts(typed, _SEVERAL)
    return tuple(dict.fromkeys(str(_choice(question, part, words)) for part in parts))


def _references(_: Question, typed: object, __: Words) -> Value:
    # one a line: a citation or an address may hold a semicolon
    return tuple(dict.fromkeys(_parts(typed, _LINES)))


def _parts(typed: object, marks: re.Pattern[str]) -> list[str]:
    if isinstance(typed, list | tuple):
        return [typed_text(one) for one in typed if typed_text(one)]
    return [part for part in marks.split(typed_text(typed)) if part]


def plain(text: str) -> str:
    """Return a text by which words are compared: no case, one kind of space, marks composed.

    Examples
    --------
    >>> plain(" Not\u00a0Begun ")
    'not begun'
    """
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _by_words(choices: tuple[Choice, ...]) -> dict[str, str]:
    known = {}
    for one in choices:
        for name in (one.words.en, one.words.ru, one.words.fr):
            if name:
                known[plain(name)] = one.code
    # a code is known before the words of another choice that happen to be spelt the same
    return {**known, **{plain(one.code): one.code for one in choices}}


_READERS: dict[str, Callable[[Question, object, Words], Value]] = {
    "text": _text,
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "yes_no": _yes_no,
    "date": _date,
    "references": _references,
}
