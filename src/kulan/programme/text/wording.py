"""How the programme's tables are worded in the languages they are printed in.

A reader of texts must know few words: those that head the columns, name a part, grade a priority,
list a species and point to another action. They stand here, folded (no case, no accents).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

_BOOKMARK = re.compile(r"\[\s*bookmark\s*:[^\]]*\]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"\s+")
# one text has some thousand lines, and each is looked at several times
_KEPT = 8192


@lru_cache(maxsize=_KEPT)
def plain(text: str) -> str:
    r"""Return the words of a text on one line: composed letters, single spaces, no bookmarks.

    Examples
    --------
    >>> plain("[bookmark: _Hlk1]9.\u00a0Argali \n (Ovis  ammon)")
    '9. Argali (Ovis ammon)'
    """
    text = _INVISIBLE.sub("", _BOOKMARK.sub("", unicodedata.normalize("NFC", text)))
    return _SPACES.sub(" ", text).strip()


@lru_cache(maxsize=_KEPT)
def folded(text: str) -> str:
    r"""Return a text for comparing: no case, no accents, one kind of apostrophe and dash.

    Examples
    --------
    >>> folded("Âne sauvage d\u2019Asie")
    "ane sauvage d'asie"
    """
    letters = unicodedata.normalize("NFKD", plain(text).casefold())
    # й and ё stay what they are: without their marks they are other letters
    kept = "".join(each for each in letters if not unicodedata.combining(each) or each == "\u0306")
    kept = unicodedata.normalize("NFC", kept)
    return re.sub("[‐-―−]", "-", re.sub("[’‘ʼ`´]", "'", kept))


@dataclass(frozen=True)
class Wording:
    """The words by which one language's tables are recognised; all folded.

    Attributes
    ----------
    lead_head, priority_head
        What heads the columns of leads and priorities.
    part
        What a part is called.
    grades
        Pattern of a word to its grade.
    appendix, not_listed
        How the table of species names an appendix, and the lack of one.
    uncovered
        Words that head the rows of species the programme does not cover.
    see
        Words after which a number points elsewhere.
    and_, section_word, other_plan
        Joins of numbers, the word for a section, and how another plan is called.
    actors
        Beginnings of words that make a list of leads recognisable.
    countries, species
        Words that introduce lists in the heading of a landscape.
    """

    language: str
    lead_head: tuple[str, ...]
    priority_head: tuple[str, ...]
    part: str
    grades: tuple[tuple[str, str], ...]
    appendix: str
    not_listed: tuple[str, ...]
    uncovered: str
    see: str
    and_: str
    section_word: str
    other_plan: str
    actors: tuple[str, ...]
    countries: str
    species: str


FRENCH = Wording(
    language="fr",
    lead_head=("responsable", "responsables", "responsabilite"),
    priority_head=("priorite", "priorites"),
    part="partie",
    grades=(
        ("hautes?", "high"), ("elevee?s?", "high"), ("moyen(?:ne)?s?", "medium"),
        ("bas(?:se)?s?", "low"), ("faibles?", "low"),
    ),
    appendix="annexes?",
    not_listed=("non repertorie", "non inscrit"),
    uncovered="non couverte",
    see=r"voir(?: (?:aussi|egalement))?|decrits? au|conformement au",
    and_=r"et|ou|,|;|-",
    section_word=r"sections?",
    other_plan=r"du plan d'action|du plan international",
    actors=(
        "cms", "cites", "uicn", "pnue", "traffic", "gslep", "ong", "oing", "ongi", "ame", "mea",
        "agence", "organisme", "organisation", "institution", "institut", "administration",
        "gouvernement", "ministere", "departement", "doe", "ics", "itg", "ktt", "wcpf", "societe",
        "groupe", "projet", "conseil", "secretariat", "coordination", "secteur", "entreprise",
        "communaute", "eleveur", "donateur", "media", "partenaire", "forum", "chef", "reserve",
        "zone de protection", "universite", "chercheur", "banque", "etats", "parties",
        "en tant que plateforme", "implication", "non gouvernemental", "fondation", "autorite",
        "responsable", "acteur", "autres",
    ),
    countries="pays",
    species="especes",
)  # fmt: skip
ENGLISH = Wording(
    language="en",
    lead_head=("responsible", "responsibility", "responsible party", "responsible parties", "lead",
               "leads", "responsible entity", "responsible entities", "who"),
    priority_head=("priority", "priorities"),
    part="part",
    grades=(("high", "high"), ("medium", "medium"), ("moderate", "medium"), ("low", "low")),
    appendix="appendix|appendices",
    not_listed=("not listed", "unlisted"),
    uncovered="not covered",
    see=r"see(?: also)?|described (?:in|under)|in line with",
    and_=r"and|or|,|;|&|-",
    section_word=r"sections?",
    other_plan=r"of the (?:single species |international )?action plan|of the plan",
    actors=(
        "cms", "cites", "iucn", "unep", "traffic", "gslep", "ngo", "ingo", "mea", "agenc", "govern",
        "organi", "institut", "administration", "ministr", "department", "doe", "ics", "itg",
        "ktt", "wcpf", "societ", "group", "project", "council", "secretariat", "coordination",
        "sector", "compan", "communit", "herder", "donor", "media", "partner", "fora", "forum",
        "leader", "reserve", "universit", "researcher", "bank", "range states", "parties",
        "as a platform", "scientist", "business", "industr", "insur", "non-govern", "foundation",
        "authorit", "stakeholder", "other",
    ),
    countries="countries",
    species="species",
)  # fmt: skip
RUSSIAN = Wording(
    language="ru",
    lead_head=("ответственный", "ответственные", "ответственная сторона", "ответственные стороны",
               "исполнитель", "исполнители"),
    priority_head=("приоритет", "приоритетность", "приоритеты"),
    part="часть",
    grades=(
        ("высок(?:ий|ая|ое)", "high"), ("средн(?:ий|яя|ее)", "medium"), ("низк(?:ий|ая|ое)", "low"),
    ),
    appendix="приложени[еяй]|приложениях",
    not_listed=("не включен", "не внесен", "не указан"),
    uncovered="не охвачен",
    see=r"см\.?(?: также)?|описанн\w+ в",
    and_=r"и|или|,|;|-",
    section_word=r"раздел\w*",
    other_plan=r"плана действий|международного плана",
    actors=(
        "кмв", "cms", "ситес", "cites", "мсоп", "юнеп", "traffic", "трафик", "gslep", "нпо", "мнпо",
        "мпс", "агентств", "государств", "правительств", "орган", "ведомств", "институт",
        "учреждени", "администраци", "министерств", "департамент", "doe", "ics", "itg", "ktt",
        "wcpf", "общест", "групп", "проект", "совет", "секретариат", "координаци", "сектор",
        "компани", "сообществ", "общин", "скотовод", "животновод", "донор", "сми", "партнер",
        "форум", "лидер", "заповедник", "университет", "учены", "банк", "страны ареала",
        "стороны", "как платформа", "научны", "неправительств", "фонд", "власт", "лиц", "друг",
    ),
    countries="страны",
    species="виды",
)  # fmt: skip
WORDINGS = {each.language: each for each in (FRENCH, ENGLISH, RUSSIAN)}


def is_lead_head(text: str, words: Wording) -> bool:
    """Say whether a line heads the column of leads, alone."""
    return folded(text).rstrip(" :.") in words.lead_head


def is_priority_head(text: str, words: Wording) -> bool:
    """Say whether a line heads the column of priorities, alone."""
    return folded(text).rstrip(" :.") in words.priority_head


def without_heads(text: str, words: Wording) -> tuple[str, bool]:
    """Take the heads of columns off the end of a line, and say whether they were there.

    Examples
    --------
    >>> without_heads("3. Infrastructure   Responsible  Priority", ENGLISH)
    ('3. Infrastructure', True)
    """
    found = _heads_at_end(words.language).search(folded(text))
    if found is None:
        return plain(text), False
    n_words = len(found.group(0).replace("|", " ").split())
    kept = plain(text.replace("|", " ")).split(" ")
    return " ".join(kept[: len(kept) - n_words]), True


@cache
def _heads_at_end(language: str) -> re.Pattern[str]:
    words = WORDINGS[language]
    leads = sorted(words.lead_head, key=len, reverse=True)
    lead = "|".join(map(re.escape, leads))
    priority = "|".join(map(re.escape, words.priority_head))
    return re.compile(rf"(?:^|[\s|]+)(?:{lead})[\s|]+(?:{priority})[\s|]*$")


def language_of(texts: list[str]) -> str:
    """Return the language whose columns these lines head, most often; empty where none is.

    Examples
    --------
    >>> language_of(["1. Сотрудничество", "Ответственные", "Приоритет"])
    'ru'
    """
    counts = dict.fromkeys(WORDINGS, 0)
    for text in texts:
        short = folded(text)
        if len(short) > 200:
            continue
        for language, words in WORDINGS.items():
            heads = (*words.lead_head, *words.priority_head)
            if short in heads or without_heads(short, words)[1]:
                counts[language] += 1
    best = max(counts, key=lambda each: counts[each])
    return best if counts[best] else ""
