"""Names of species, states and months for readers; what Kulan does not know stands as it is."""

from kulan.errors import UnknownNameError
from kulan.programme import species, species_name, state_name
from kulan.web.catalogue.models import LayerVersion
from kulan.words import Words


def species_words(species_id: str, words: Words) -> str:
    """Return the name of a species in the reader's language."""
    try:
        return species_name(species_id, words.language)
    except UnknownNameError:
        return species_id.replace("_", " ")


def state_words(iso3: str, words: Words) -> str:
    """Return the name of a state in the reader's language."""
    try:
        return state_name(iso3, words.language)
    except UnknownNameError:
        return iso3


def latin_name(species_id: str) -> str:
    """Return the scientific name of a species; of one Kulan does not know, its id in words."""
    rows = species()
    found = rows.loc[rows["species_id"] == species_id, "scientific_name"]
    return str(found.iloc[0]) if len(found) else species_id.replace("_", " ").capitalize()


def months_words(months: list[int], words: Words) -> str:
    """Return months in words."""
    names = words.month_names(short=False)
    return words.listed([names[month - 1] for month in months if 1 <= month <= 12])


def level_words(level: int, words: Words) -> str:
    """Say how finely a place is given at a level."""
    if level == 0:
        return words.say("exactly")
    if level >= 5:
        return words.say("not at all")
    cell = {1: "0.001°", 2: "0.01°", 3: "0.1°", 4: "1°"}[level]
    return words.say("as a cell of {cell}", cell=cell)


def file_stem(version: LayerVersion) -> str:
    """Return the name of a version's files: the same for all readers."""
    return f"kulan-{version.layer.layer_id}-{version.number}"
