"""Keys under which the spellings of one name meet, whatever the script and the transliteration.

A name is written in Latin letters (`anyascii`), then *folded*: letters and groups of letters that
the romanisations in use in the region write for one sound become one letter. They are compared
from ISO 9:1995, BGN/PCGN, ALA-LC and the Latin alphabets of Kazakh, Uzbek, Turkmen and Mongolian:
kh, h and x; zh, dzh and j; sh, shch and ş; ts, ch and c; q and k; gh and g; w and v; y, ı and i;
ou and u. Doubled letters count once, and apostrophes, spaces and hyphens not at all.

The *skeleton* is what is left of a folded name without its vowels, for Arabic script leaves most
of them out. A vowel at the beginning is kept as ``a``. In Arabic script و may be a consonant or a
vowel and a last ه may be mute: such a name has one skeleton for each reading.
"""

import re
import unicodedata
from itertools import product

from anyascii import anyascii

_MARKS = re.compile("[\u0300-\u036f\u064b-\u0655\u0670\u200c-\u200f\u0640]")
_APOSTROPHES = re.compile(r"['`’‘ʻʼʹʺ\"”“ьъЬЪ]")
_ARABIC = re.compile("[\u0620-\u06ff\u0750-\u077f]")
_BEGINNING = re.compile("(?<![\u0620-\u06ff])ا([وی])?")
_GROUPS = {
    "shch": "s",
    "tch": "c",
    "dzh": "j",
    "zh": "j",
    "dj": "j",
    "kh": "h",
    "sh": "s",
    "ch": "c",
    "ts": "c",
    "tz": "c",
    "gh": "g",
    "ph": "f",
    "th": "t",
    "dh": "d",
    "ck": "k",
    "ou": "u",
    "q": "k",
    "w": "v",
    "x": "h",
    "y": "i",
}
_GROUP = re.compile("|".join(_GROUPS))
_DOUBLED = re.compile(r"(.)\1+")
_PARTED = "|"
_WORD = re.compile(r"[a-z0-9][a-z0-9|]*")
_VOWELS = re.compile("[aeiou]")
# before marks are taken off: with the caron, these letters are other sounds
_CARONS = str.maketrans({"ž": "zh", "š": "sh", "č": "ch", "ǰ": "j", "ə": "a", "ı": "i"})
# as Persian, Dari, Urdu and Uyghur say them; anyascii follows Arabic
_PERSIAN = str.maketrans(
    {"ث": "s", "ذ": "z", "ض": "z", "ظ": "z", "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ع": ""}
)


def plain(text: str) -> str:
    """Return a name as it is typed: case, composition and outer spaces do not count.

    Examples
    --------
    >>> plain("  Saïga ")
    'saïga'
    """
    return " ".join(unicodedata.normalize("NFC", text.casefold()).split())


def folded_words(text: str) -> list[str]:
    """Fold each word of a name; words are parted by all that is neither letter nor apostrophe.

    Examples
    --------
    >>> folded_words("Улан-Батор"), folded_words("Ulaanbaatar")
    (['ulan', 'bator'], ['ulanbatar'])
    """
    spelt = text.casefold()
    if not spelt.isascii():
        spelt = _in_latin_letters(spelt)
    return [_fold_word(word) for word in _WORD.findall(_APOSTROPHES.sub("", spelt).lower())]


def fold(text: str) -> str:
    """Return the folded key of a name: one for all its romanisations.

    Examples
    --------
    >>> {fold(name) for name in ("Қызылорда", "Кызылорда", "Kyzylorda", "Qızılorda")}
    {'kizilorda'}
    """
    return joined(folded_words(text))


def joined(words: list[str]) -> str:
    """Join folded words; letters doubled where two words meet count once too."""
    return _DOUBLED.sub(r"\1", "".join(words))


def skeletons(text: str) -> tuple[str, ...]:
    """Return the skeletons of a name, more than one where its script leaves a choice.

    Examples
    --------
    >>> skeletons("سایگا"), skeletons("Сайга"), skeletons("Saïga")
    (('sg',), ('sg',), ('sg',))
    >>> skeletons("Dushanbe"), "dsnb" in skeletons("دوشنبه")
    (('dsnb',), True)
    """
    return skeletons_of(fold(text), vowels=not is_arabic(text))


def skeletons_of(key: str, *, vowels: bool) -> tuple[str, ...]:
    """Return the skeletons of a folded name; `vowels` tells whether its script writes them.

    Examples
    --------
    >>> skeletons_of("tvs", vowels=False)
    ('tvs', 'ts')
    """
    if vowels:
        return (_skeleton(key),) if key else ()
    readings = product(*(_readings(key, place) for place in range(len(key))))
    found = (_skeleton("".join(reading)) for reading in readings)
    return tuple(dict.fromkeys(skeleton for skeleton in found if skeleton))


def is_arabic(text: str) -> bool:
    """Tell whether a name has letters of the Arabic script.

    Examples
    --------
    >>> is_arabic("تاشکند"), is_arabic("Toshkent")
    (True, False)
    """
    return bool(_ARABIC.search(text))


def _in_latin_letters(text: str) -> str:
    """Transliterate; letters of the Arabic script are parted, for two of them are never one."""
    spelt = unicodedata.normalize("NFKC", text).translate(_CARONS)
    spelt = _MARKS.sub("", unicodedata.normalize("NFD", spelt)).translate(_PERSIAN)
    if is_arabic(spelt):
        spelt = _BEGINNING.sub(_first_vowel, spelt.replace(_PARTED, " "))
        spelt = _ARABIC.sub(lambda match: anyascii(match[0]) + _PARTED, spelt)
    return str(anyascii(_APOSTROPHES.sub("", spelt)))


def _first_vowel(match: re.Match[str]) -> str:
    """Write the vowel with which a word in Arabic script begins."""
    return {"و": "u", "ی": "i"}.get(match[1] or "", "a")


def _fold_word(word: str) -> str:
    if word.startswith("ye"):  # Е at the beginning of a word: Yekaterinburg, Ekaterinburg
        word = word[1:]
    grouped = _GROUP.sub(lambda match: _GROUPS[match[0]], word).replace(_PARTED, "")
    return _DOUBLED.sub(r"\1", grouped)


def _readings(key: str, place: int) -> tuple[str, ...]:
    """Return what the letter at a place of a folded name in Arabic script may stand for."""
    letter = key[place]
    # four at most: a sentence pasted into the field must not have thousands of readings
    if letter == "v" and place > 0 and key[:place].count("v") < 4:
        return ("v", "")
    if letter == "h" and place == len(key) - 1:
        return ("h", "")
    return (letter,)


def _skeleton(key: str) -> str:
    """Take the vowels off a folded name, and the voice off a last d: Tashkent is تاشکند."""
    if not key:
        return ""
    first = "a" if key[0] in "aeiou" else key[0]
    bare = _DOUBLED.sub(r"\1", first + _VOWELS.sub("", key[1:]))
    return f"{bare[:-1]}t" if bare.endswith("d") and len(bare) > 1 else bare
