"""Words in the reader's language: translations, numbers and dates.

Texts are written in English in the code and the tables, and translated through gettext; names of
species and states are data (see `kulan.programme`), not translations.
"""

import gettext
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale
from babel.dates import format_date, get_month_names
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from kulan.errors import UnknownNameError


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a text for the catalogue of translations; it is translated where it is told."""
    return text


LANGUAGES = ("en", "ru", "fr")
_LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True)
class Words:
    """Everything a text needs to be written in one language.

    Attributes
    ----------
    language
        One of `LANGUAGES`.
    translations
        Gettext catalogue; English has an empty one.
    """

    language: str
    translations: gettext.NullTranslations

    def say(self, text: str, **values: object) -> str:
        """Translate a whole sentence and fill its named places (``{species}``).

        A value that ends with a full stop, as a day does in Russian, needs no second one after it.

        Examples
        --------
        >>> words_in("en").say("Kept by {whom}.", whom="Kulan Ltd.")
        'Kept by Kulan Ltd.'
        """
        translated = self.translations.gettext(text) if text else ""
        return _one_stop(translated, values).format(**values) if values else translated

    def say_count(self, one: str, many: str, count: int, **values: object) -> str:
        """Translate a sentence whose form depends on `count`, which it may name as ``{count}``.

        `one` and `many` are its two English forms; a language may have more.
        """
        text = self.translations.ngettext(one, many, count)
        return _one_stop(text, values).format(count=self.number(count), **values)

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number with the language's own separators."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return str(format_decimal(round(value, decimals), format=pattern, locale=self.language))

    def significant(self, value: float, digits: int = 3) -> str:
        """Write a number to so many significant digits, never with an exponent."""
        if value == 0:
            return self.number(0)
        magnitude = len(f"{abs(value):.0f}") if abs(value) >= 1 else 0
        decimals = max(0, digits - magnitude) if magnitude else _decimals_below_one(value, digits)
        rounded = float(f"{value:.{digits}g}")
        pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
        return str(format_decimal(rounded, format=pattern, locale=self.language))

    def percent(self, fraction: float, decimals: int = 1) -> str:
        """Write a fraction as a percentage."""
        pattern = (
            "#,##0" + ("." + "0" * decimals if decimals else "") + _percent_sign(self.language)
        )
        return str(format_percent(fraction, format=pattern, locale=self.language))

    def day(self, day: date) -> str:
        """Write a date in full."""
        return str(format_date(day, format="long", locale=self.language))

    def month(self, day: date, *, within: bool = False) -> str:
        """Write the month and year of a date.

        Parameters
        ----------
        day
            Any day of the month.
        within
            Whether it stands within a sentence, after "since" or "until": Russian inflects it.

        Examples
        --------
        >>> words_in("fr").month(date(2024, 5, 1))
        'mai 2024'
        >>> words_in("ru").month(date(2024, 5, 1), within=True).split()
        ['мая', '2024', 'г.']
        """
        pattern = str(Locale.parse(self.language).datetime_skeletons["yMMMM"].pattern)
        if within:
            pattern = pattern.replace("LLLL", "MMMM")
        return str(format_date(day, format=pattern, locale=self.language))

    def moment(self, at: datetime) -> str:
        """Write a date and a time of day, in Universal Time, which it says.

        Examples
        --------
        >>> from datetime import UTC
        >>> words_in("fr").moment(datetime(2026, 5, 3, 14, 5, tzinfo=UTC))
        '3 mai 2026, 14:05 UTC'
        """
        utc = at.astimezone(UTC)
        return f"{format_date(utc, format='long', locale=self.language)}, {utc:%H:%M} UTC"

    def month_names(self, *, short: bool = True) -> list[str]:
        """Return the twelve months' names, January first."""
        width: Literal["abbreviated", "wide"] = "abbreviated" if short else "wide"
        names = get_month_names(width, context="stand-alone", locale=self.language)
        return [names[month] for month in range(1, 13)]

    def listed(self, items: list[str]) -> str:
        """Join items as the language does: "a, b and c"."""
        return str(format_list(items, locale=Locale.parse(self.language))) if items else ""


def _one_stop(text: str, values: dict[str, object]) -> str:
    """Take the full stop of a sentence away where a value before it brings its own."""
    for name, value in values.items():
        if isinstance(value, str) and value.endswith("."):
            text = re.sub(rf"\{{{name}\}}\.(?!\.)", f"{{{name}}}", text)
    return text


def _decimals_below_one(value: float, digits: int) -> int:
    """Return how many decimals show `digits` significant digits of a value below one."""
    exponent = int(f"{abs(value):e}".split("e")[1])
    return digits - exponent - 1


def _percent_sign(language: str) -> str:
    # Russian and French set a no-break space before the sign; the French one is narrow
    return {"ru": "\u00a0%", "fr": "\u202f%"}.get(language, "%")


@lru_cache(maxsize=8)
def words_in(language: str) -> Words:
    """Return the words of a language.

    Raises
    ------
    UnknownNameError
        If the language is not one of `LANGUAGES`.

    Examples
    --------
    >>> words_in("en").number(1234.56, 1)
    '1,234.6'
    """
    if language not in LANGUAGES:
        raise UnknownNameError(
            f"language {language!r} is not available; choose one of {', '.join(LANGUAGES)}."
        )
    if language == "en":
        return Words("en", gettext.NullTranslations())
    return Words(language, gettext.translation("kulan", _LOCALE, languages=[language]))
