"""What a register lacks, and its table of states: offices, laws by topic, treaties."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kulan.programme import range_states
from kulan.programme.actions import actions
from kulan.programme.registers import Gap, Span, gaps, held_together, named_leads
from kulan.programme.registers import vocabularies as lists
from kulan.programme.terms import SPECIES_IDS
from kulan.report.reader import Reader
from kulan.web.programme.registers.timelines import entries

WITH_GAPS = ("organisations", "state-focal-points", "species-focal-points", "laws", "memberships")
"""Registers that tell what they lack."""
_MOST_IN_CELL = 3
_OFFICES_WANTED = ("cami", "cms")
"""Functions that every state should have somebody for."""


@dataclass(frozen=True, slots=True)
class Held:
    """A record as lists weigh it, by the thousand.

    Attributes
    ----------
    pk, uid, stage
        Of the record.
    states, species
        Codes it is about, each between spaces.
    data
        All it holds: what its reader reads of it is decided where it is told.
    """

    pk: int
    uid: uuid.UUID
    stage: str
    states: str
    species: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One cell of a table of states.

    Attributes
    ----------
    lines
        The newest of what is recorded: words, and the number of the record.
    more
        How many there are besides.
    state, topic
        What the list is asked for to show them all.
    """

    lines: tuple[tuple[str, uuid.UUID], ...] = ()
    more: int = 0
    state: str = ""
    topic: str = ""


@dataclass(frozen=True)
class Grid:
    """A table of states.

    Attributes
    ----------
    caption, columns
        Headings, in words.
    rows
        Name of the state, and a cell for each column.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def states() -> tuple[str, ...]:
    """Return the codes of the range states."""
    return tuple(str(code) for code in range_states()["iso3"])


def gaps_told(register: str, records: Sequence[Held], reader: Reader, on: date) -> list[str]:
    """Return what a register lacks on a day, as sentences; only of what its reader may see."""
    match register:
        case "state-focal-points":
            return _offices(records, reader, on)
        case "species-focal-points":
            return _of_species(records, reader, on)
        case "organisations":
            return _leads(records, reader)
        case "laws":
            return _topics(records, reader, on)
        case "memberships":
            return _treaties(records, reader, on)
    return []


def _offices(records: Sequence[Held], reader: Reader, on: date) -> list[str]:
    wanted = [(iso3, office) for office in _OFFICES_WANTED for iso3 in states()]
    spans = _spans(records, lambda data: [(data.get("state"), data.get("function"))])
    names = dict(lists.FUNCTIONS)
    told = []
    for gap in gaps(wanted, spans, on):
        iso3, office = gap.key  # type: ignore[misc]
        told.append(_sentence(gap, reader.state(iso3), reader.say(names[office]), reader))
    for one, other in held_together(spans):
        iso3, office = one.key  # type: ignore[misc]
        told.append(
            reader.say(
                "{state}: two at the same time for “{what}”, since {one} and since {other}.",
                state=reader.state(iso3),
                what=reader.say(names[office]),
                one=reader.day(one.valid_from, within=True) or "–",
                other=reader.day(other.valid_from, within=True) or "–",
            )
        )
    return told


def _of_species(records: Sequence[Held], reader: Reader, on: date) -> list[str]:
    spans = _spans(records, lambda data: [data.get("species_id")])
    return [
        _sentence(gap, reader.species(str(gap.key)), reader.say("focal point"), reader)
        for gap in gaps(SPECIES_IDS, spans, on)
    ]


def _sentence(gap: Gap, where: str, what: str, reader: Reader) -> str:
    if gap.begins:
        return reader.say(
            "{where}: nobody for “{what}” until {day}.",
            where=where,
            what=what,
            day=reader.day(gap.begins, within=True),
        )
    if gap.since:
        return reader.say(
            "{where}: nobody for “{what}” since {day}.",
            where=where,
            what=what,
            day=reader.day(gap.since, within=True),
        )
    return reader.say("{where}: nobody recorded for “{what}”.", where=where, what=what)


def _topics(records: Sequence[Held], reader: Reader, on: date) -> list[str]:
    wanted = [(topic, iso3) for topic, _ in lists.LAW_TOPICS for iso3 in states()]
    spans = _spans(
        records, lambda data: [(topic, data.get("state")) for topic in data.get("topics", [])]
    )
    missing: dict[str, list[str]] = defaultdict(list)
    for gap in gaps(wanted, spans, on):
        topic, iso3 = gap.key  # type: ignore[misc]
        missing[topic].append(iso3)
    return [
        reader.say_count(
            "{topic}: no record for {count} state.",
            "{topic}: no record for {count} states.",
            len(missing[topic]),
            topic=reader.say(title),
        )
        for topic, title in lists.LAW_TOPICS
        if missing[topic]
    ]


def _leads(records: Sequence[Held], reader: Reader) -> list[str]:
    known = {record.data.get("actor") for record in records}
    number = Counter(lead for one in actions() for lead in one.leads)
    return [
        reader.say_count(
            "{organisation}: leads {count} action and has no record.",
            "{organisation}: leads {count} actions and has no record.",
            number[one.actor_id],
            organisation=one.title(reader.words.language),
        )
        for one in named_leads()
        if number[one.actor_id] and one.actor_id not in known
    ]


def _treaties(records: Sequence[Held], reader: Reader, on: date) -> list[str]:
    known = defaultdict(set)
    for row in entries(records):
        known[row.instrument].add(row.iso3)
    return [
        reader.say(
            "{treaty}: nothing recorded for {states}.",
            treaty=reader.say(title),
            states=reader.states_listed(tuple(i for i in states() if i not in known[code])),
        )
        for code, title in lists.INSTRUMENTS[:3]
        if len(known[code]) < len(states()) and on
    ]


def _spans(records: Iterable[Held], keys: Any) -> list[Span]:
    found: list[Span] = []
    for record in records:
        data = record.data
        for key in keys(data):
            held: Hashable = key
            found.append(Span(held, data.get("valid_from", ""), data.get("valid_to", "")))
    return found


def grid_of(register: str, records: Sequence[Held], reader: Reader, on: date) -> Grid | None:
    """Return the table of states of a register that has one."""
    return _law_grid(records, reader, on) if register == "laws" else None


def _law_grid(records: Sequence[Held], reader: Reader, on: date) -> Grid:
    cells: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for record in records:
        data = record.data
        if Span("", data.get("valid_from", ""), data.get("valid_to", "")).holds_on(on):
            for topic in data.get("topics", []):
                cells[data["state"], topic].append(record)
    named = sorted((reader.state(iso3), iso3) for iso3 in states())
    topics = [topic for topic, _ in lists.LAW_TOPICS]
    return Grid(
        reader.say("Laws and policies in force, by state and topic"),
        tuple(reader.say(title) for _, title in lists.LAW_TOPICS),
        tuple(
            (name, tuple(_law_cell(cells[iso3, topic], iso3, topic) for topic in topics))
            for name, iso3 in named
        ),
    )


def _law_cell(held: list[Held], iso3: str, topic: str) -> Cell:
    newest = sorted(held, key=lambda one: str(one.data.get("valid_from", "")), reverse=True)
    lines = []
    for record in newest[:_MOST_IN_CELL]:
        year, told = record.data.get("valid_from", "")[:4], record.data["citation"]
        if year and year not in told:
            told = f"{told} ({year})"
        lines.append((told, record.uid))
    return Cell(tuple(lines), max(len(held) - _MOST_IN_CELL, 0), iso3, topic)
