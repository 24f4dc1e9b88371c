"""For whom a report is written: their language, and the names of things in it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from babel import Locale
from babel.core import get_global

from kulan import programme
from kulan.notes import Note
from kulan.report.document import Cell
from kulan.report.sentences import CODES, UNITS
from kulan.screening.findings import (
    Figure,
    LayerUsed,
    MitigationFinding,
    Unknown,
)
from kulan.words import Words

NBSP = "\u00a0"
_BREAKABLE = re.compile(r"(?<=\d) (?=\d{3}\b|%|(?:km|m|cm|км|м|см)\b)")
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_BETWEEN_WORKS = re.compile(r"; (?![a-z])")
_PERCENT = re.compile(r"[\s\u00a0\u202f]*%$")
_FRENCH_MARKS = (" :", " ;", " !", " ?", " »")
_SMALLEST_SHARE = 0.0001
_NAMED = {
    "species_id": "species",
    "species": "species",
    "iso3": "state",
    "neighbour_iso3": "neighbour",
    "states": "states",
    "neighbours": "neighbours",
    "layer_id": "layer",
}
"""Values that are codes of something with a name, and the place they fill."""
_SUBJECTS = ("species_id", "layer_id")
_ENDINGS = (
    ("_km_per_100km2", "km_per_100km2"),
    ("_km2", "km2"),
    ("_km", "km"),
    ("_m", "m"),
)


@dataclass(frozen=True)
class Reader:
    """A reader's language, with the names of species, states and codes in it.

    Attributes
    ----------
    words
        The language.
    layers
        Layers of the screening, by id, whose titles sentences name.
    """

    words: Words
    layers: Mapping[str, LayerUsed] = field(default_factory=dict)
    _species: dict[str, str] = field(default_factory=dict, repr=False)
    _cited: dict[str, int] = field(default_factory=dict, repr=False)

    def say(self, text: str, **values: object) -> str:
        """Translate a whole sentence and fill its places; French marks get their space."""
        return self._typeset(self.words.say(text, **values))

    def say_count(self, one: str, many: str, count: int, **values: object) -> str:
        """Translate a sentence whose form depends on `count`."""
        return self._typeset(self.words.say_count(one, many, count, **values))

    def noted(self, note: Note) -> str:
        """Say a note of an answer."""
        return self._typeset(note.said(self.words))

    def pair(self, name: str, value: str) -> str:
        """Join a name and what is told of it by the language's colon."""
        return f"{name}{self.colon}{value}"

    @property
    def colon(self) -> str:
        """The language's colon with its spaces."""
        return f"{NBSP}: " if self.words.language == "fr" else ": "

    def joined(self, parts: Iterable[str]) -> str:
        """Join parts by the language's semicolon; empty ones are left out."""
        mark = f"{NBSP}; " if self.words.language == "fr" else "; "
        return mark.join(part for part in parts if part)

    def _typeset(self, text: str) -> str:
        text = _BREAKABLE.sub(NBSP, text)
        if self.words.language == "fr":
            for mark in _FRENCH_MARKS:
                text = text.replace(mark, NBSP + mark[1:])
            text = text.replace("« ", "«" + NBSP)
        return text

    def code(self, kind: str, code: str) -> str:
        """Return the words of a code of a closed list (see `kulan.report.sentences`).

        Raises
        ------
        KeyError
            If the list has no such code: a mistake of ours, which a test looks for.
        """
        return self.say(CODES[kind][code]) if code else ""

    def codes(self, kind: str, codes: tuple[str, ...]) -> str:
        """Return the words of several codes, as a list."""
        return self.words.listed([self.code(kind, code) for code in codes])

    def species(self, species_id: str) -> str:
        """Return a species' common name in the language, or its scientific one."""
        if species_id not in self._species:
            name = programme.species_name(species_id, self.words.language)
            self._species[species_id] = name
        return self._species[species_id]

    def species_listed(self, species_ids: tuple[str, ...]) -> str:
        """Return the names of several species, separated by commas."""
        return ", ".join(self.species(species_id) for species_id in species_ids)

    @cached_property
    def _scientific(self) -> dict[str, str]:
        table = programme.species()
        return dict(zip(table["species_id"], table["scientific_name"], strict=True))

    def scientific(self, species_id: str) -> str:
        """Return the scientific name Kulan prints."""
        return self._scientific[species_id]

    def state(self, iso3: str) -> str:
        """Return a state's name: the United Nations' for range states, else Unicode's."""
        if not iso3:
            return self.say("outside every state of the map")
        return self._states.get(iso3) or _territory(iso3, self.words.language)

    @cached_property
    def _states(self) -> dict[str, str]:
        table = programme.range_states()
        return dict(zip(table["iso3"], table[f"name_{self.words.language}"], strict=True))

    def states_listed(self, codes: tuple[str, ...]) -> str:
        """Return the names of several states, separated by commas."""
        return ", ".join(self.state(code) for code in codes)

    def day(self, text: str, *, within: bool = False) -> str:
        """Write an ISO date in full, a month by its name, a year as it is.

        Parameters
        ----------
        text
            The date, or what is known of it; what is no date stays as it is.
        within
            Whether it stands within a sentence, after "since" or "until".

        Examples
        --------
        >>> from kulan.words import words_in
        >>> reader = Reader(words_in("en"))
        >>> reader.day("2024-05-17"), reader.day("2024-05"), reader.day("2024")
        ('May 17, 2024', 'May 2024', '2024')
        """
        try:
            if _MONTH.fullmatch(text):
                return self.words.month(date.fromisoformat(f"{text}-01"), within=within)
            return self.words.day(date.fromisoformat(text))
        except ValueError:
            return text

    def quantity(self, value: float, unit: str) -> str:
        """Write a number with its unit, three significant digits."""
        if unit == "fraction":
            return self.share(value)
        if unit == "km" and 0 < value < 1:
            return self.quantity(value * 1000, "m")
        digits = self.words.number(value) if unit == "count" else self.words.significant(value)
        return self.say(UNITS[unit], value=digits).replace(" ", NBSP)

    def share(self, fraction: float) -> str:
        """Write a fraction as a percentage with three significant digits at most."""
        if 0 < fraction < _SMALLEST_SHARE:
            return self.say("less than {value}", value=self.words.percent(_SMALLEST_SHARE, 2))
        decimals = 2 if fraction < 0.01 else 1 if fraction < 0.995 else 0
        return self.words.percent(fraction, 0 if fraction == 0 else decimals)

    def figure(self, figure: Figure | None) -> str:
        """Write a figure with its interval, or why there is none."""
        if figure is None:
            return "–"
        if figure.value is None:
            return self.say("cannot be said")
        text = self.quantity(figure.value, figure.unit)
        interval = self._interval(figure)
        return f"{text} ({interval})" if interval else text

    def _interval(self, figure: Figure) -> str:
        """Write a figure's interval, or nothing when it has none that rounding leaves."""
        if figure.low is None or figure.high is None:
            return ""
        low, high = self._bare(figure.low, figure.unit), self._bare(figure.high, figure.unit)
        if low == high:
            return ""
        if figure.unit == "fraction" and figure.low >= _SMALLEST_SHARE:
            low = _PERCENT.sub("", low)
        return f"{low}–{high}"

    def _bare(self, value: float, unit: str) -> str:
        """Write an end of an interval: without a unit where it is that of the figure."""
        if unit == "fraction" or (unit == "km" and 0 < value < 1):
            return self.quantity(value, unit)
        return self.words.number(value) if unit == "count" else self.words.significant(value)

    def cell(self, figure: Figure | None) -> Cell:
        """Return a figure as a cell that names its recipe, with its interval beneath."""
        if figure is None:
            return Cell("–", sort=-1)
        if figure.value is None:
            return Cell(
                self.say("cannot be said"),
                note=self.code("reason", figure.reason),
                sort=-1,
                recipe=figure.recipe,
                tone="unsaid",
            )
        text = self.quantity(figure.value, figure.unit)
        return Cell(text, note=self._interval(figure), sort=figure.value, recipe=figure.recipe)

    def layer(self, layer_id: str) -> str:
        """Return a layer's title; that of a species' potential habitat in the language."""
        used = self.layers[layer_id]
        if used.given_by_user:
            return used.title
        if used.kind == "potential_habitat" and used.species_id:
            return self.say("Potential habitat: {species}", species=self.species(used.species_id))
        return self.say(used.title)

    def filled(self, values: Mapping[str, object]) -> dict[str, str]:
        """Return the values of a finding's sentence as words, by the name of their place.

        ``species_id`` fills ``{species}``, ``iso3`` fills ``{state}``, a name that ends in a unit
        (``length_km``) fills the place without it (``{length}``).
        """
        told: dict[str, str] = {}
        for name, value in values.items():
            place, words = self._filled(name, value)
            told[place] = words
        return told

    def cite(self, *sources: str) -> tuple[int, ...]:
        """Return the numbers of the works a source names, separated by semicolons.

        A work met for the first time gets the next number; `cited` lists them. What begins with a
        small letter is no work but says something of the one before it, and stays with it.
        """
        works = [
            work.strip() for source in sources for work in _BETWEEN_WORKS.split(source.strip())
        ]
        numbers = [self._cited.setdefault(work, len(self._cited) + 1) for work in works if work]
        return tuple(dict.fromkeys(numbers))

    @property
    def cited(self) -> tuple[str, ...]:
        """Works cited so far, in the order of their numbers."""
        return tuple(self._cited)

    def source_cell(self, source: str, confidence: str = "", *more: str) -> Cell:
        """Return a source as a cell: its numbers, and how sure we are beneath."""
        notes = list(more)
        if confidence:
            level = self.code("confidence", confidence)
            notes.insert(0, self.say("confidence: {level}", level=level))
        return Cell("", note=self.joined(notes), cites=self.cite(source))

    def _filled(self, name: str, value: object) -> tuple[str, str]:
        if name in _NAMED:
            ids = (value,) if isinstance(value, str) else value
            assert isinstance(ids, list | tuple)
            return _NAMED[name], self._named(name, [str(one) for one in ids])
        for ending, unit in _ENDINGS:
            if name.endswith(ending) and value not in (None, ""):
                return name.removesuffix(ending), self._measured(float(str(value)), unit)
        if isinstance(value, list | tuple):
            return name, ", ".join(str(one) for one in value)
        return name.removesuffix("_id"), self._plain(name, value)

    def _named(self, name: str, ids: list[str]) -> str:
        """Return the names of species, states or layers."""
        if _NAMED[name] == "species":
            return self.species_listed(tuple(ids))
        if _NAMED[name] == "layer":
            return self.joined(self.layer(one) for one in ids)
        return self.words.listed([self.state(one) for one in ids])

    def _plain(self, name: str, value: object) -> str:
        """Return a value that needs no name looked up."""
        if name == "date":
            return self.day(str(value))
        if name == "share":
            return self.share(float(str(value)))
        if isinstance(value, int | float):
            return self.words.number(value)
        return str(value)

    def _measured(self, value: float, unit: str) -> str:
        if unit == "m" and value >= 1000:
            return self.quantity(value / 1000, "km")
        return self.quantity(value, unit)

    def unknown(self, unknown: Unknown) -> str:
        """Tell something that cannot be said."""
        sentence = CODES["unknown"][unknown.code]
        return self.say(sentence, **self.filled(unknown.values))

    def unknowns(self, found: tuple[Unknown, ...]) -> list[str]:
        """Tell several; those that differ in their species or layer only are told once."""
        groups: dict[tuple[object, ...], list[Unknown]] = {}
        for one in found:
            shared = tuple(item for item in one.values.items() if item[0] not in _SUBJECTS)
            groups.setdefault((one.code, tuple(one.values), shared), []).append(one)
        told = []
        for members in groups.values():
            first = members[0]
            values: dict[str, object] = dict(first.values)
            for name in _SUBJECTS:
                if name in values:
                    values[name] = list(dict.fromkeys(one.values[name] for one in members))
            sentence = CODES["unknown"][first.code]
            told.append(self.say(sentence, **self.filled(values)))
        return told

    def design(self, measure: MitigationFinding) -> str:
        """Tell a measure's dimensions and how they are to be read."""
        words = CODES["dimension"]
        parts = [
            self.say(words[name], value=self._dimension(name, value))
            for name, value in measure.dimensions.items()
        ]
        text = self.joined(parts)
        note = self.say(measure.design) if measure.design else ""
        return ". ".join(part for part in (text, note) if part) or "–"

    def _dimension(self, name: str, value: float) -> str:
        if name.endswith("_cm"):
            return self.say("{value} cm", value=self.words.number(value)).replace(" ", NBSP)
        return self.quantity(value, "km" if name.endswith("_km") else "m")

    def species_cell(self, species_id: str) -> Cell:
        """Return a species' name with its scientific name beneath."""
        if not species_id:
            return Cell("–")
        name, scientific = self.species(species_id), self.scientific(species_id)
        return Cell(name, note="" if name == scientific else scientific, italic=True)


def _territory(iso3: str, language: str) -> str:
    """Return Unicode's name of a country that is not a range state."""
    aliases = get_global("territory_aliases").get(iso3)
    names = Locale.parse(language).territories
    return str(names.get(aliases[0], iso3)) if aliases else iso3
