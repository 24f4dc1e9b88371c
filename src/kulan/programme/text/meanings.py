"""Terms that a text uses for several things, told apart by what stands around them.

The French edition calls transboundary conservation hotspots, hotspots of conflict and focal points
by one name. A classifier by key word would file the people under the places.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import islice

from kulan.programme.text.imported import Meaning
from kulan.programme.text.wording import folded

TRANSBOUNDARY_HOTSPOT = "transboundary_hotspot"
CONFLICT_HOTSPOT = "conflict_hotspot"
FOCAL_POINT = "focal_point"
UNCLEAR = "unclear"
# in the words of one action; a text that says a term more often is no programme
_MOST_USES = 50


@dataclass(frozen=True)
class _Sense:
    """One meaning of a term, and the words near it that tell it."""

    concept: str
    # right after the term
    follows: str
    # anywhere in the sentence that holds it
    near: str


@dataclass(frozen=True)
class _Term:
    language: str
    term: str
    senses: tuple[_Sense, ...]


_TERMS = (
    _Term(
        "fr",
        r"points? nevralgiques?",
        (
            _Sense(CONFLICT_HOTSPOT, r" (?:potentiels )?(?:de )?conflits?", r"\bconflits? reels\b"),
            _Sense(
                FOCAL_POINT,
                r" (?:nationaux|national|pour les especes|pour la cami|de la cms)",
                r"\b(?:design\w+ un|list\w+ des points|non-parties|comite permanent)\b",
            ),
            _Sense(
                TRANSBOUNDARY_HOTSPOT, r" (?:de conservation|transfrontal\w+)", r"\btransfrontal\w+"
            ),
        ),
    ),
    _Term(
        "en",
        r"hot ?spots?|focal points?",
        (
            _Sense(FOCAL_POINT, r"(?<=focal point)|(?<=focal points)", r"(?!)"),
            _Sense(
                CONFLICT_HOTSPOT,
                r" of (?:real |perceived |actual )*.{0,24}?conflicts?",
                r"\bconflict hot ?spots?",
            ),
            _Sense(TRANSBOUNDARY_HOTSPOT, r"(?!)", r"\btrans-?boundary\b|\bcross-?border\b"),
        ),
    ),
    _Term(
        "ru",
        r"горяч\w+ точ\w+|ключев\w+ точ\w+|координатор\w*|контактн\w+ (?:лиц|пункт)\w*",
        (
            _Sense(
                FOCAL_POINT,
                r"(?<=лица)|(?<=лиц)|(?<=пункт)|(?<=пункты)|(?<=координатор)|(?<=координаторы)",
                r"\b(?:назнач\w+|перечен\w*|список|списк\w+)\b",
            ),
            _Sense(CONFLICT_HOTSPOT, r" (?:\w+ )?конфликт\w*", r"(?!)"),
            _Sense(TRANSBOUNDARY_HOTSPOT, r"(?!)", r"\bтрансгранич\w+"),
        ),
    ),
)  # fmt: skip


@cache
def _terms(language: str) -> tuple[_Term, ...]:
    return tuple(each for each in _TERMS if each.language == language)


def meanings_of(text: str, context: str, language: str) -> tuple[Meaning, ...]:
    """Return what each use of an ambiguous term means, with the words that tell it.

    What follows the term decides first, then its own sentence, then what it is a part of: the
    words of the action above it and the heading of its section.

    Parameters
    ----------
    text
        Words of an action or of a part of it.
    context
        Words of the action it belongs to and the section's heading; may be empty.
    language
        ``en``, ``fr`` or ``ru``.

    Examples
    --------
    >>> [one.concept for one in meanings_of("Lister les points névralgiques de conflits", "", "fr")]
    ['conflict_hotspot']
    """
    plain_text = folded(text)
    found = []
    for term in _terms(language):
        for match in islice(re.finditer(term.term, plain_text), _MOST_USES):
            concept, because = _meaning(plain_text, match, folded(context), term)
            found.append(Meaning(match.group(0), concept, because))
    return tuple(found)


def _meaning(text: str, match: re.Match[str], context: str, term: _Term) -> tuple[str, str]:
    for sense in term.senses:
        if after := re.compile(sense.follows).match(text, match.end()):
            return sense.concept, f"followed by “{after.group(0).strip() or match.group(0)}”"
    start = max(text.rfind(". ", 0, match.start()) + 1, 0)
    end = text.find(". ", match.end())
    sentence = text[start : end if end >= 0 else len(text)]
    for where, words in (
        ("its sentence", sentence),
        ("the action", text),
        ("what it is part of", context),
    ):
        for sense in term.senses:
            if near := re.search(sense.near, words):
                return sense.concept, f"“{near.group(0)}” in {where}"
    return UNCLEAR, "nothing near it tells"
