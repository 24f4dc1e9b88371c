"""A study of movement as one document: the answers of several commands, side by side."""

import base64
import json
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kulan import __version__
from kulan.notes import Note, note_from_json
from kulan.report.compose import labels
from kulan.report.document import (
    Block,
    Bullets,
    Callout,
    Cell,
    Column,
    Document,
    FigureMap,
    Heading,
    KeyValues,
    Paragraph,
    RecipeEntry,
    Recipes,
    Row,
    Section,
    Table,
)
from kulan.report.html import set_html
from kulan.report.movement.study_tables import (
    MIGRATION,
    STATE_NUMBERS,
    STATES,
    animal_tables,
    is_by_animal,
    is_interval,
    is_share,
    journey_tables,
    state_tables,
    told_estimate,
)
from kulan.report.movement.study_words import (
    COEFFICIENTS,
    is_told_as_chance,
    label_of,
    label_of_path,
    picture_title,
    told_limits,
    told_values,
    told_word,
)
from kulan.report.pdf import set_pdf
from kulan.report.reader import Reader
from kulan.words import N_, Words

_KEY_LETTERS, _HASH_LETTERS = 12, 12
_MOST_ITEMS, _MOST_CAUTIONS = 40, 12
_PARTS = (
    ("kulan.exchange.telemetry", N_("Fixes as they came in")),
    ("kulan.movement.cleaning", N_("What was set aside")),
    ("kulan.movement.paths", N_("Paths")),
    ("kulan.movement.models", N_("Movement models")),
    ("kulan.movement.ranges", N_("Ranges")),
    ("kulan.movement.bridges", N_("Where animals were")),
    (MIGRATION, N_("Migration")),
    ("kulan.movement.corridors", N_("Corridors and stopovers")),
    ("kulan.movement.selection", N_("What animals choose")),
    (STATES, N_("What animals were doing")),
    ("kulan.movement.barriers", N_("At barriers")),
    ("kulan.movement.simulation", N_("A simulated study")),
    ("kulan.atlas.precision", N_("As it may be shared")),
)


TRACKS = "tracks.png"


@dataclass(frozen=True)
class StudyPart:
    """The answer of one command.

    Attributes
    ----------
    name
        What its folder is called.
    result
        What its result.json holds.
    pictures
        PNG by file name.
    """

    name: str
    result: Mapping[str, Any]
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """Dotted name of what found it."""
        return str(self.result["method"])

    @property
    def key(self) -> str:
        """Short name of its recipe."""
        return str(self.result["recipe_sha256"])[:_KEY_LETTERS]

    @property
    def notes(self) -> list[Note]:
        """What a careful reader must know."""
        parts = self.result.get("notes_by_parts")
        if parts is None:
            return [Note(str(note)) for note in self.result.get("notes", [])]
        return [note_from_json(one) for one in parts]

    def told_notes(self, reader: Reader) -> list[str]:
        """Return the notes in the reader's language; those without a translation in English."""
        return [reader.noted(note) for note in self.notes]


def study_document(
    parts: Sequence[StudyPart], title: str, words: Words, *, on: str, tracks: bytes = b""
) -> Document:
    """Compose the report of a study.

    Parameters
    ----------
    parts
        Answers in the order in which they are told.
    title
        Of the study; empty for one of ours.
    words
        The reader's language.
    on
        Day it is made on, ISO 8601.
    tracks
        Map of the tracks, PNG, which stands first and for the maps of single parts; empty for the
        first of those.

    Returns
    -------
    Document
        In no format yet: `study_html` and `study_pdf` set it.
    """
    reader = Reader(words)
    numbers = {key: n for n, key in enumerate(dict.fromkeys(part.key for part in parts), start=1)}
    first = next((part for part in parts if TRACKS in part.pictures), None)
    tracks = tracks or (first.pictures[TRACKS] if first else b"")
    told = [_at_a_glance(parts, tracks, reader)]
    for number, part in enumerate(parts, start=1):
        told.append(_part(number, _without_tracks(part) if part is first else part, reader))
    told.append(_recipes(parts, numbers, reader))
    return Document(
        language=words.language,
        title=title or reader.say("A study of movement"),
        subtitle=reader.say("Report of {day}", day=reader.day(on)),
        made=reader.say("Made by Kulan {version}.", version=__version__),
        on=on,
        sections=tuple(told),
        recipe_numbers=numbers,
        alternatives=(),
        species=(),
        labels={
            **labels(reader),
            "left_out": reader.say("{count} more rows stand in result.json and in the tables."),
        },
        contents=len(parts) > 2,
    )


def study_html(document: Document) -> bytes:
    """Set the report of a study as a self-contained page."""
    return set_html(document)


def study_pdf(document: Document) -> bytes:
    """Set the report of a study as a tagged PDF."""
    return set_pdf(document)


def part_title(method: str, reader: Reader) -> str:
    """Return what a method's answer is called, in the reader's language.

    Examples
    --------
    >>> from kulan.words import words_in
    >>> part_title("kulan.movement.barriers.permeability.permeability_by", Reader(words_in("en")))
    'At barriers'
    """
    title = next((title for start, title in _PARTS if method.startswith(start)), "")
    return reader.say(title) if title else label_of(method.rsplit(".", 1)[-1], reader)


# --- sections -------------------------------------------------------------------------------------


def _without_tracks(part: StudyPart) -> StudyPart:
    """Return a part without its map of tracks, which stands at the beginning of the report."""
    kept = {name: content for name, content in part.pictures.items() if name != TRACKS}
    return replace(part, pictures=kept)


def _at_a_glance(parts: Sequence[StudyPart], tracks: bytes, reader: Reader) -> Section:
    say = reader.say
    rows = tuple(
        Row(
            (
                Cell(part_title(part.method, reader), recipe=part.key),
                Cell(part.name),
                Cell(", ".join(one["name"] for one in part.result["recipe"]["inputs"]) or "–"),
                Cell(reader.words.number(len(part.notes)), sort=float(len(part.notes))),
            )
        )
        for part in parts
    )
    table = Table(
        say("What this report is made of"),
        (
            Column(say("Answer"), share=1.4),
            Column(say("Folder"), share=1.2),
            Column(say("Inputs"), share=2.0),
            Column(say("Cautions"), numeric=True, share=0.7),
        ),
        rows,
        whole=True,
    )
    blocks: list[Block] = [table]
    if tracks:
        blocks.append(_figure(TRACKS, tracks, reader))
    cautions = list(dict.fromkeys(note for part in parts for note in part.told_notes(reader)))
    if cautions:
        shown = cautions[:_MOST_CAUTIONS]
        if len(cautions) > len(shown):
            more = len(cautions) - len(shown)
            shown.append(
                reader.say_count(
                    "{count} more stands with its answer.",
                    "{count} more stand with their answers.",
                    more,
                )
            )
        blocks.append(Callout(say("To be known before the numbers are used"), tuple(shown)))
    return Section("at-a-glance", say("At a glance"), tuple(blocks))


def _part(number: int, part: StudyPart, reader: Reader) -> Section:
    blocks: list[Block] = []
    found = part.result["numbers"]
    items = list(_items(found, part, reader))
    if items:
        shown = items[:_MOST_ITEMS]
        blocks.append(KeyValues(reader.say("What was found"), tuple(shown)))
        if len(items) > len(shown):
            blocks.append(_small(reader.say("More numbers stand in result.json.")))
    if part.method.startswith(STATES):
        blocks += state_tables(found, part.key, reader)
    blocks += animal_tables(found, part.method, part.key, reader)
    if part.method.startswith(MIGRATION):
        blocks += journey_tables(found, part.key, reader)
    blocks += [
        _figure(name, content, reader)
        for name, content in part.pictures.items()
        if content.startswith(b"\x89PNG")
    ]
    if part.notes:
        blocks += [Heading(reader.say("Cautions")), Bullets(tuple(part.told_notes(reader)))]
    title = part_title(part.method, reader)
    return Section(f"part-{number}", reader.pair(title, part.name), tuple(blocks))


def _small(text: str) -> Paragraph:
    return Paragraph(text, small=True)


def _items(
    found: Mapping[str, Any], part: StudyPart, reader: Reader, above: tuple[str, ...] = ()
) -> Iterator[tuple[str, Cell]]:
    """Yield each number with its label; those of single animals and states stand in tables."""
    told_in_tables = STATE_NUMBERS if part.method.startswith(STATES) else ()
    for name, given in found.items():
        if is_by_animal(name, given) or (not above and name in told_in_tables):
            continue
        path = (*above, str(name))
        value = _counted(given, reader) if _is_of_words(given) else given
        if isinstance(value, Mapping) and not is_interval(value):
            yield from _items(value, part, reader, path)
            continue
        unit = _unit_of(path)
        told = told_values(unit, value, reader) if isinstance(value, list) else None
        text = told or told_estimate(unit, value, reader)
        if text is None or is_told_as_chance(path):
            continue
        note = told_limits(unit, value, reader) if isinstance(value, Mapping) else ""
        yield label_of_path(path, reader), Cell(text, note=note, recipe=part.key)


def _unit_of(path: tuple[str, ...]) -> str:
    """Return the name that ends in the unit of a number; empty for one without a unit."""
    # coefficients are per unit of what they are called after, and have not its unit
    if path[0] in COEFFICIENTS:
        return ""
    return path[-2] if len(path) > 1 and is_share(path[-1]) else path[-1]


def _is_of_words(value: Any) -> bool:
    several = isinstance(value, Mapping) and len(value) > 1
    return several and all(isinstance(one, str) for one in value.values())


def _counted(value: Mapping[str, str], reader: Reader) -> str:
    """Tell how many animals have which word, the commonest first."""
    many = Counter(value.values()).most_common()
    return reader.joined(
        f"{told_word(word, reader)} ({reader.words.number(count)})" for word, count in many
    )


def _figure(name: str, content: bytes, reader: Reader) -> FigureMap:
    """Put a picture into an SVG, as which documents take their figures."""
    width, height = struct.unpack(">II", content[16:24])
    data = base64.b64encode(content).decode()
    title = picture_title(name, reader)
    # only our own bytes go in: base64, and two whole numbers
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width} {height}" role="img" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" xlink:href="data:image/png;base64,{data}" '
        f'href="data:image/png;base64,{data}"/></svg>'
    )
    described = reader.say("The numbers it shows stand in the tables beside it.")
    return FigureMap(svg, title, described, title)


def _recipes(parts: Sequence[StudyPart], numbers: Mapping[str, int], reader: Reader) -> Section:
    say = reader.say
    entries = {part.key: _entry(numbers[part.key], part) for part in parts}
    block = Recipes(
        tuple(entries.values()),
        method_title=say("Method"),
        inputs_title=say("Inputs"),
        parameters_title=say("Parameters"),
        source_title=say("Source"),
    )
    return Section("recipes", say("How the figures were made"), (block,))


def _entry(number: int, part: StudyPart) -> RecipeEntry:
    recipe = part.result["recipe"]
    inputs = tuple(f"{one['name']} ({one['sha256'][:_HASH_LETTERS]})" for one in recipe["inputs"])
    parameters = tuple(
        (str(name), value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in recipe["parameters"].items()
    )
    return RecipeEntry(
        number,
        part.key,
        recipe["method"],
        recipe["version"],
        inputs,
        parameters,
        recipe.get("source", ""),
    )
