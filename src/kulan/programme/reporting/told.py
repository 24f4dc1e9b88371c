"""A text in the three languages of the programme, as a form or a database carries it."""

from collections.abc import Mapping
from dataclasses import dataclass

from kulan.words import words_in


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader is told, in English, Russian and French; a language may be empty.

    Attributes
    ----------
    en, ru, fr
        The text in each language.
    """

    en: str
    ru: str = ""
    fr: str = ""

    def tell(self, language: str = "en") -> str:
        """Return the text in a language, or in the first one that has any.

        Examples
        --------
        >>> Told("Saiga", ru="Сайгак").tell("ru"), Told("Saiga").tell("fr")
        ('Сайгак', 'Saiga')
        """
        wanted = {"en": self.en, "ru": self.ru, "fr": self.fr}.get(language, "")
        return wanted or self.en or self.ru or self.fr

    def as_data(self) -> dict[str, str]:
        """Return the texts by language, without the empty ones."""
        pairs = (("en", self.en), ("ru", self.ru), ("fr", self.fr))
        return {language: text for language, text in pairs if text}


UNTOLD = Told("")


def told(text: str, **values: "str | Told") -> Told:
    """Tell a sentence of Kulan's catalogue in every language; ``{places}`` may be told too.

    Examples
    --------
    >>> told("{species}: trend", species=Told("Saiga", ru="Сайгак")).en
    'Saiga: trend'
    """
    found = {}
    for language in ("en", "ru", "fr"):
        filled = {
            name: value.tell(language) if isinstance(value, Told) else value
            for name, value in values.items()
        }
        found[language] = words_in(language).say(text, **filled)
    return Told(**found)


def told_from(data: Mapping[str, str]) -> Told:
    """Return the text that `Told.as_data` wrote.

    Examples
    --------
    >>> told_from({"fr": "Chamois"}).tell("en")
    'Chamois'
    """
    return Told(en=data.get("en", ""), ru=data.get("ru", ""), fr=data.get("fr", ""))
