"""Priorities: an interval between grades, whatever way round and over however many lines."""

import re
from functools import cache

from kulan.programme.text.imported import PrintedPriority
from kulan.programme.text.wording import WORDINGS, Wording, folded, plain

GRADES = ("low", "medium", "high")


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = WORDINGS[language]
    grade = r"\b(?:" + "|".join(word for word, _ in words.grades) + r")\b"
    letters = r"(?:\s*\(\s*[a-zа-я](?:\s*[,;/-]\s*[a-zа-я])*\s*\))?"
    between = r"\s*(?:/|-|to|a|до|,|;|\s)\s*"
    cell = re.compile(rf"{grade}{letters}(?:{between}{grade}{letters})*\s*/?")
    one = re.compile(rf"({grade})\s*(?:\(\s*([a-zа-я](?:\s*[,;/-]\s*[a-zа-я])*)\s*\))?")
    return cell, one


def is_priority(text: str, words: Wording) -> bool:
    """Say whether a line is nothing but a priority, or a half of one.

    Examples
    --------
    >>> from kulan.programme.text.wording import FRENCH
    >>> is_priority("Haute/", FRENCH), is_priority("Haute route", FRENCH)
    (True, False)
    """
    return _patterns(words.language)[0].fullmatch(folded(text).strip(" .")) is not None


def split_off_priority(text: str, words: Wording) -> tuple[str, str]:
    """Take a priority off the end of a line; the second text is empty where none stands there."""
    tokens = plain(text).split(" ")
    for start in range(max(1, len(tokens) - 7), len(tokens)):
        if is_priority(" ".join(tokens[start:]), words):
            return " ".join(tokens[:start]), " ".join(tokens[start:])
    return plain(text), ""


def priority_of(printed: str, words: Wording) -> PrintedPriority:
    """Read a cell of the column of priorities.

    Parameters
    ----------
    printed
        The cell, of one line or several; may be empty.
    words
        The language's words.

    Examples
    --------
    >>> from kulan.programme.text.wording import FRENCH
    >>> priority_of("Moyenne/Haute", FRENCH).low
    'medium'
    >>> priority_of("Haute (a, b)/ Moyenne (c)", FRENCH).by_part
    (('a', 'high'), ('b', 'high'), ('c', 'medium'))
    """
    found = _patterns(words.language)[1].findall(folded(printed))
    graded = [(_grade(word, words), letters) for word, letters in found]
    grades = sorted((grade for grade, _ in graded), key=GRADES.index)
    parts = tuple(
        (letter, grade) for grade, letters in graded for letter in re.findall(r"[a-zа-я]", letters)
    )
    if not grades:
        return PrintedPriority(printed=printed.strip())
    return PrintedPriority(grades[0], grades[-1], printed.strip(), parts)


def _grade(word: str, words: Wording) -> str:
    return next(grade for pattern, grade in words.grades if re.fullmatch(pattern, word))
