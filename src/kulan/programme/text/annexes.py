"""The lists before the programme: species with their appendices, and range states."""

import re
from dataclasses import dataclass
from functools import cache

from kulan.programme.species import species_names
from kulan.programme.states import range_states
from kulan.programme.text.hyphens import Hyphens
from kulan.programme.text.imported import ListedSpecies, ListedState
from kulan.programme.text.sources import Line
from kulan.programme.text.wording import Wording, folded, plain

_LATIN = re.compile(r"([A-Z][a-z]+(?: ?[a-z]+\.?){1,2})\s*$")
_FEWEST_STATES = 6
# how the 14 are also called in official texts, folded, in any of the three languages
_ALSO_CALLED = {
    "AFG": ("afganistan",),
    "CHN": ("republique populaire de chine", "people's republic of china", "кнр"),
    "IRN": ("republique islamique d'iran", "islamic republic of iran", "iran",
            "исламская республика иран"),
    "KGZ": ("kirghizstan", "kirghizistan", "kirghizie", "kyrgyz republic",
            "кыргызская республика", "киргизия"),
    "RUS": ("russie", "federation de russie", "russian federation", "russia",
            "российская федерация"),
    "TJK": ("tadjikistan", "таджикистан"),
    "TKM": ("turkmenie", "туркмения"),
}  # fmt: skip


_SPECIES_ALSO_CALLED = {
    "khulan": ("ane sauvage asiatique", "khulan", "туркменский кулан"),
    "bukhara_deer": ("cerf de bukhara", "bactrian deer"),
    "saiga": ("antilope de saiga", "saiga antelope", "сайгак"),
    "tibetan_gazelle": ("gazelle tibetaine",),
    "persian_leopard": ("leopard de perse",),
    "gobi_bear": ("ours du gobi",),
    "kiang": ("tibetan wild ass",),
    "chiru": ("tibetan antelope",),
}


@cache
def species_by_name() -> dict[str, str]:
    """Return every name of every species, folded, to its short name."""
    found = {name: each for each, names in _SPECIES_ALSO_CALLED.items() for name in names}
    for row in species_names().to_dict("records"):
        found.setdefault(folded(str(row["name"])), str(row["species_id"]))
    return found


@cache
def states_by_name() -> dict[str, str]:
    """Return every name of the range states in three languages, folded, to the code."""
    found = {name: iso3 for iso3, names in _ALSO_CALLED.items() for name in names}
    for row in range_states().to_dict("records"):
        for language in ("en", "ru", "fr"):
            found[folded(str(row[f"name_{language}"]))] = str(row["iso3"])
    return found


def species_named(scientific_name: str) -> str:
    """Return the species a scientific name stands for, by its nearest spelling; empty if none.

    Print sometimes joins or misspells a Latin name; one letter more, less or changed is forgiven.

    Examples
    --------
    >>> species_named("Equus hemonius"), species_named("Bosgrunniens"), species_named("Felis nova")
    ('khulan', 'wild_yak', '')
    """
    wanted = folded(scientific_name).replace(" ", "")
    if not wanted:
        return ""
    latin = {
        name.replace(" ", ""): species_id
        for name, species_id in species_by_name().items()
        if re.fullmatch(r"[a-z]+ [a-z. ]+", name)
    }
    if wanted in latin:
        return latin[wanted]
    from rapidfuzz import process  # noqa: PLC0415 - only for names that print got wrong
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    best = process.extractOne(wanted, latin.keys(), scorer=OSA.distance, score_cutoff=2)
    return latin[best[0]] if best else ""


def listed_species(lines: list[Line], words: Wording) -> tuple[list[ListedSpecies], set[int]]:
    """Read the table of species, whether its cells stand in one line or one under the other.

    Parameters
    ----------
    lines
        Lines before the programme's tables.
    words
        The language's words.

    Returns
    -------
    tuple
        The rows, and the numbers of the lines they were read from.
    """
    found: list[ListedSpecies] = []
    used: set[int] = set()
    covered = True
    written = [line for line in lines if plain(line.text)]
    for index, line in enumerate(written):
        text = plain(line.text)
        if found and words.uncovered in folded(text):
            covered = False
        if not re.match(rf"{len(found) + 1}(?:\s|$)", text):
            continue
        row, n_lines = _row(written[index : index + 5], words, covered=covered)
        if row is not None:
            found.append(row)
            used.update(each.number for each in written[index : index + n_lines])
    return found, used


def _row(lines: list[Line], words: Wording, *, covered: bool) -> tuple[ListedSpecies | None, int]:
    """Read one row from as few lines as hold it."""
    joined = ""
    best: tuple[ListedSpecies | None, int] = (None, 0)
    for count, line in enumerate(lines, start=1):
        if count > 1 and re.match(
            rf"{int(plain(lines[0].text).split()[0]) + 1}\b", plain(line.text)
        ):
            break
        joined = f"{joined}  {plain(line.text)}".strip()
        found = re.fullmatch(rf"(\d+)\s+({_appendix(words)})\s+(.+)", joined, re.IGNORECASE)
        latin = _LATIN.search(found.group(3)) if found else None
        if found is None or latin is None or not plain(found.group(3)[: latin.start()]):
            continue
        scientific = plain(latin.group(1))
        row = ListedSpecies(
            int(found.group(1)),
            frozenset(re.findall(r"\bI{1,3}\b", found.group(2))),
            plain(found.group(2)),
            plain(found.group(3)[: latin.start()]),
            scientific,
            species_named(scientific),
            covered,
            lines[0].number,
        )
        best = (row, count)
        if row.species_id:
            break  # a capital within the common name has not been taken for the Latin one
    return best


def _appendix(words: Wording) -> str:
    """Return a pattern for the column of appendices; accents may be there or not."""
    nots = "|".join(re.sub("e", "[eéè]", each) + r"\w*" for each in words.not_listed)
    joins = r"(?:\s*(?:et|and|и|,|/|&)\s*)"
    return (
        rf"(?:{words.appendix})\s+I{{1,3}}(?:{joins}(?:(?:{words.appendix})\s+)?I{{1,3}})*|{nots}"
    )


def listed_states(lines: list[Line]) -> tuple[list[ListedState], set[int]]:
    """Read the list of range states; a name with a word in capitals is a Party to CMS.

    Parameters
    ----------
    lines
        Lines before the programme's tables.

    Returns
    -------
    tuple
        The states in their order, and the numbers of the lines they were read from.
    """
    names = states_by_name()
    hyphens = Hyphens(lines)
    best: tuple[list[ListedState], set[int]] = ([], set())
    for start in range(len(lines)):
        # a list may run over several lines, and begin only after its lead-in
        joined, taken, used = "", list[Line](), set[int]()
        for line in lines[start : start + 6]:
            if not plain(line.text) and joined:
                break
            taken, used = [*taken, line], used | {line.number}
            joined = plain(hyphens.join(taken))
            states = _states(joined, names)
            if len(states) > len(best[0]) and len(states) >= _FEWEST_STATES:
                best = (states, set(used))
    return best


def _states(text: str, names: dict[str, str]) -> list[ListedState]:
    found = []
    for piece in re.split(r",|;|\bet\b|\band\b|\bи\b|:", text.rstrip(".")):
        printed = plain(piece).removeprefix("the ").strip(" .")
        iso3 = names.get(folded(printed), "")
        if iso3:
            party = any(len(word) > 2 and word.isupper() for word in re.findall(r"\w+", printed))
            found.append(ListedState(printed, iso3, party))
    return found


def states_in(text: str, language: str) -> tuple[str, ...]:
    """Return the range states that a text names, in the order of its naming.

    A state within the name of a species is not named: the Mongolian gazelle, in French "of
    Mongolia", says nothing of where.

    Examples
    --------
    >>> states_in("entre la Mongolie, la Chine et la Russie", "fr")
    ('MNG', 'CHN', 'RUS')
    >>> states_in("Compter la gazelle de Mongolie", "fr")
    ()
    """
    return _found_in(_long_names(language).pattern.sub(" ", folded(text)), _names_of_states())


def species_in(text: str, language: str) -> tuple[str, ...]:
    """Return the species that a text names by a name of two words or more, or by a Latin one.

    Examples
    --------
    >>> species_in("reserves for the Mongolian gazelle", "en")
    ('mongolian_gazelle',)
    """
    return _found_in(text, _long_names(language))


@dataclass(frozen=True)
class _Names:
    """Names to find in running text, any word of them perhaps in the plural."""

    keys: dict[str, str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, names: dict[str, str]) -> "_Names":
        # the longest first: "Tibetan wild ass" before "wild ass"
        ordered = sorted(names, key=len, reverse=True)
        words = (r"s? ".join(map(re.escape, _singular(name).split(" "))) for name in ordered)
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(words)})s?(?!\w)")
        return cls({_singular(name): key for name, key in names.items()}, pattern)


@cache
def _names_of_states() -> _Names:
    return _Names.of(states_by_name())


@cache
def _long_names(language: str) -> _Names:
    """Return names of species in a language and in Latin that no other word is like."""
    names = {
        name: each for each, many in _SPECIES_ALSO_CALLED.items() for name in many if " " in name
    }
    for row in species_names().to_dict("records"):
        name = folded(str(row["name"]))
        if " " in name and row["language"] in {language, "la"}:
            names.setdefault(name, str(row["species_id"]))
    return _Names.of(names)


def species_listed(text: str, language: str) -> tuple[str, ...]:
    """Return the species of a list with commas, each by any of its names, Latin ones too.

    Examples
    --------
    >>> species_listed("Argali, khulan, snow leopards", "en")
    ('argali', 'khulan', 'snow_leopard')
    """
    names = species_by_name()
    found = []
    for piece in re.split(r",|;|\bet\b|\band\b|\bи\b", folded(text)):
        name = piece.strip(" .")
        exact = names.get(name) or names.get(name.removesuffix("s"))
        found += [exact] if exact else list(species_in(name, language))
    return tuple(dict.fromkeys(found))


def _found_in(text: str, names: _Names) -> tuple[str, ...]:
    found = (
        names.keys[_singular(match.group(0))] for match in names.pattern.finditer(folded(text))
    )
    return tuple(dict.fromkeys(found))


def _singular(name: str) -> str:
    return " ".join(word.removesuffix("s") for word in name.split(" "))
