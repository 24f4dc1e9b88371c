"""What a register lacks, and its tables of states: offices, laws by topic, treaties over time."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kulan.programme import memberships, range_states
from kulan.programme.registers import Gap, Span, gaps, held_together
from kulan.programme.registers import vocabularies as lists
from kulan.programme.terms import SPECIES_IDS
from kulan.report.reader import Reader
from kulan.web.programme.registers.models import Record

_OFFICES_WANTED = ("cami", "cms")
"""Functions that every state should have somebody for."""


@dataclass(frozen=True)
class Cell:
    """One cell of a table of states.

    Attributes
    ----------
    lines
        What is recorded: words, and the record where there is one.
    """

    lines: tuple[tuple[str, Record | None], ...] = ()


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


def gaps_told(register: str, records: Sequence[Record], reader: Reader, on: date) -> list[str]:
    """Return what a register lacks on a day, as sentences; only of what its reader may see."""
    match register:
        case "state-focal-points":
            return _offices(records, reader, on)
        case "species-focal-points":
            return _of_species(records, reader, on)
        case "laws":
            return _topics(records, reader, on)
        case "memberships":
            return _treaties(records, reader, on)
    return []


def _offices(records: Sequence[Record], reader: Reader, on: date) -> list[str]:
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
                one=reader.day(one.valid_from) or "–",
                other=reader.day(other.valid_from) or "–",
            )
        )
    return told


def _of_species(records: Sequence[Record], reader: Reader, on: date) -> list[str]:
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
            day=reader.day(gap.begins),
        )
    if gap.since:
        return reader.say(
            "{where}: nobody for “{what}” since {day}.",
            where=where,
            what=what,
            day=reader.day(gap.since),
        )
    return reader.say("{where}: nobody recorded for “{what}”.", where=where, what=what)


def _topics(records: Sequence[Record], reader: Reader, on: date) -> list[str]:
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


def _treaties(records: Sequence[Record], reader: Reader, on: date) -> list[str]:
    known = defaultdict(set)
    for row in _membership_rows(records):
        known[row["instrument"]].add(row["iso3"])
    return [
        reader.say(
            "{treaty}: nothing recorded for {states}.",
            treaty=reader.say(title),
            states=reader.states_listed(tuple(i for i in states() if i not in known[code])),
        )
        for code, title in lists.INSTRUMENTS[:3]
        if len(known[code]) < len(states()) and on
    ]


def _spans(records: Iterable[Record], keys: Any) -> list[Span]:
    found: list[Span] = []
    for record in records:
        data = record.data
        for key in keys(data):
            held: Hashable = key
            found.append(Span(held, data.get("valid_from", ""), data.get("valid_to", "")))
    return found


def grid_of(register: str, records: Sequence[Record], reader: Reader, on: date) -> Grid | None:
    """Return the table of states of a register that has one."""
    if register == "laws":
        return _law_grid(records, reader, on)
    if register == "memberships":
        return _membership_grid(records, reader)
    return None


def _law_grid(records: Sequence[Record], reader: Reader, on: date) -> Grid:
    cells: dict[tuple[str, str], list[tuple[str, Record | None]]] = defaultdict(list)
    for record in records:
        data = record.data
        if Span("", data.get("valid_from", ""), data.get("valid_to", "")).holds_on(on):
            year, told = data.get("valid_from", "")[:4], data["citation"]
            if year and year not in told:
                told = f"{told} ({year})"
            for topic in data.get("topics", []):
                cells[data["state"], topic].append((told, record))
    topics = [topic for topic, _ in lists.LAW_TOPICS]
    return Grid(
        reader.say("Laws and policies in force, by state and topic"),
        tuple(reader.say(title) for _, title in lists.LAW_TOPICS),
        _rows(reader, lambda iso3: tuple(Cell(tuple(cells[iso3, topic])) for topic in topics)),
    )


def _membership_rows(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Return the package's memberships and those that people added, oldest first."""
    rows = [
        {
            "iso3": str(row.iso3),
            "instrument": str(row.instrument),
            "status": str(row.status),
            "valid_from": str(row.valid_from) if isinstance(row.valid_from, str) else "",
            "record": None,
        }
        for row in memberships().itertuples(index=False)
    ]
    rows += [
        {
            "iso3": record.data["state"],
            "instrument": record.data["instrument"],
            "status": record.data["status"],
            "valid_from": record.data["valid_from"],
            "record": record,
        }
        for record in records
    ]
    return sorted(rows, key=lambda row: (row["valid_from"], row["record"] is not None))


def _membership_grid(records: Sequence[Record], reader: Reader) -> Grid:
    names = dict(lists.STATUSES)
    cells: dict[tuple[str, str], list[tuple[str, Record | None]]] = defaultdict(list)
    for row in _membership_rows(records):
        status = reader.say(names.get(row["status"], row["status"]))
        day = reader.day(row["valid_from"]) if row["valid_from"] else ""
        told = reader.say("{status}, from {day}", status=status, day=day) if day else status
        cells[row["iso3"], row["instrument"]].append((told, row["record"]))
    codes = [code for code, _ in lists.INSTRUMENTS]
    return Grid(
        reader.say("What each state was to each treaty; links lead to lines added here"),
        tuple(reader.say(title) for _, title in lists.INSTRUMENTS),
        _rows(reader, lambda iso3: tuple(Cell(tuple(cells[iso3, code])) for code in codes)),
    )


def _rows(reader: Reader, of: Any) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    named = sorted((reader.state(iso3), iso3) for iso3 in states())
    return tuple((name, of(iso3)) for name, iso3 in named)
