"""Titles in the reader's language, English where a language has none."""

from collections.abc import Mapping
from typing import Any

from kulan.errors import UnknownNameError
from kulan.words import LANGUAGES


def title_in(titles: Mapping[str, str], language: str, otherwise: str) -> str:
    """Return the title in a language; in English or another, where there is none.

    Parameters
    ----------
    titles
        Titles by language.
    language
        ``en``, ``ru`` or ``fr``.
    otherwise
        What to call it where it has no title at all, such as its number.

    Raises
    ------
    UnknownNameError
        If titles are not written in that language.

    Examples
    --------
    >>> title_in({"en": "Saiga", "ru": ""}, "ru", "21")
    'Saiga'
    """
    if language not in LANGUAGES:
        raise UnknownNameError(
            f"Titles are not written in {language!r}; choose one of {', '.join(LANGUAGES)}."
        )
    known = (titles.get(language), titles.get("en"), *titles.values())
    return next((title for title in known if title), otherwise)


def titles_of(row: Mapping[Any, Any]) -> dict[str, str]:
    """Return the titles a table's row holds, by language; a language without one is left out."""
    found = {language: row[f"title_{language}"] for language in LANGUAGES}
    return {language: str(title) for language, title in found.items() if title}
