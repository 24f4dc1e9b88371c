"""Pointers in the text: "see 3.2" links to this programme, an action of another plan does not."""

import re
from functools import cache

from kulan.programme.text.imported import Reference
from kulan.programme.text.wording import WORDINGS, Wording, folded

_NUMBER = r"\d{1,2}(?:\.\d{1,2}){0,3}\.?"


@cache
def _pattern(language: str) -> re.Pattern[str]:
    words = WORDINGS[language]
    between = rf"(?:\s*(?:{words.and_})\s*)+"
    words_before = (
        "la|les?|l'|the|au|aux|points?|items?|actions?|mesures?|пункт\\w*|п\\.|действи\\w*"
    )
    lead_in = rf"(?:(?:{words_before})\s*)*"
    section = rf"(?P<section>{words.section_word}\s+)?"
    numbers = rf"(?P<numbers>{_NUMBER}(?:{between}{_NUMBER})*)"
    plan = rf"(?P<plan>\s*(?:{words.other_plan}))?"
    return re.compile(rf"(?:^|[\s(«\"])(?:{words.see})\s+{lead_in}{section}{numbers}{plan}")


def references_of(text: str, words: Wording, known: frozenset[str]) -> tuple[Reference, ...]:
    """Return where a text points.

    A number counts as a pointer only after a word such as "see"; a document's symbol or a decimal
    number does not. A number of three steps, or one followed by the name of another plan, belongs
    to that plan and is not linked.

    Parameters
    ----------
    text
        Words of an action.
    words
        The language's words.
    known
        Actions and sections of the edition, as keys.

    Examples
    --------
    >>> from kulan.programme.text.wording import ENGLISH
    >>> found = references_of("Mend fences (see 1.7 and 3.5).", ENGLISH, frozenset({"1.7", "3.5"}))
    >>> [one.target for one in found]
    ['1.7', '3.5']
    >>> references_of("(see Action 3.1.10 of the Action Plan)", ENGLISH, frozenset())[0].kind
    'other_plan'
    """
    found = []
    for match in _pattern(words.language).finditer(folded(text)):
        for printed in re.findall(_NUMBER, match.group("numbers")):
            number = printed.rstrip(".")
            if match.group("plan") or number.count(".") > 1:
                found.append(Reference(number, "other_plan"))
            elif match.group("section") or "." not in number:
                found.append(Reference(number, "section", number if number in known else ""))
            else:
                found.append(Reference(number, "action", number if number in known else ""))
    return tuple(dict.fromkeys(found))
