"""What each state was to each treaty over time, drawn as bars that are told in words too."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from kulan.programme import memberships, range_states
from kulan.programme.dates import first_day
from kulan.programme.registers import vocabularies as lists
from kulan.report.reader import Reader

if TYPE_CHECKING:
    from kulan.web.programme.registers.overviews import Held

WIDTH = 1000
"""Units of a bar, from the first year of the axis to its last."""
_DECADE = 10
_MOST_TOLD = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """That a state was something to a treaty for a time.

    Attributes
    ----------
    iso3, instrument, status, valid_from, valid_to
        As in the table of memberships.
    uid
        Number of the record that says so; None where Kulan carries it.
    """

    iso3: str
    instrument: str
    status: str
    valid_from: str
    valid_to: str
    uid: UUID | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One state's bar.

    Attributes
    ----------
    state
        Its name.
    pieces
        Beginning, width (of `WIDTH`) and status of each piece.
    lines
        The newest of it in words, and the number of the record where there is one.
    earlier
        How many entries there are before these.
    iso3
        Code of the state.
    """

    state: str
    pieces: tuple[tuple[int, int, str], ...]
    lines: tuple[tuple[str, UUID | None], ...]
    earlier: int
    iso3: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All treaties over time.

    Attributes
    ----------
    decades
        Years at which the axis is marked, evenly apart; the last one is its end.
    treaties
        Name of each, and its rows.
    carried, added
        How many entries Kulan carries, and how many people have added.
    statuses
        Code and words of each status that is drawn.
    """

    decades: tuple[int, ...]
    treaties: tuple[tuple[str, tuple[Row, ...]], ...]
    carried: int
    added: int
    statuses: tuple[tuple[str, str], ...]


def carried(register: str) -> int:
    """Return how many entries of a register Kulan carries itself, beside its records."""
    return len(_carried()) if register == "memberships" else 0


@cache
def _carried() -> tuple[Entry, ...]:
    told = memberships().fillna({"valid_from": "", "valid_to": ""})
    known = {code for code, _ in lists.INSTRUMENTS}
    return tuple(
        Entry(str(row.iso3), str(row.instrument), str(row.status), row.valid_from, row.valid_to)
        for row in told.itertuples(index=False)
        if row.instrument in known
    )


def entries(records: Sequence["Held"]) -> list[Entry]:
    """Return what Kulan carries and what people added, oldest first."""
    added = [
        Entry(
            one.data["state"], one.data["instrument"], one.data["status"],
            one.data["valid_from"], one.data.get("valid_to", ""), one.uid,
        )
        for one in records
    ]  # fmt: skip
    return sorted([*_carried(), *added], key=lambda one: (one.valid_from, one.uid is not None))


def timeline_of(
    register: str, records: Sequence["Held"], reader: Reader, on: date
) -> Timeline | None:
    """Return the timeline of a register that has one; see `Timeline`.

    Parameters
    ----------
    register, records
        The register, and what it holds for the viewer.
    reader
        For whom it is told.
    on
        Today: where what still holds ends.
    """
    if register != "memberships":
        return None
    told: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    every = entries(records)
    for one in every:
        told[one.instrument, one.iso3].append(one)
    begins = min((first_day(one.valid_from).year for one in every if one.valid_from), default=1970)
    first, last = begins // _DECADE * _DECADE, (on.year // _DECADE + 1) * _DECADE
    axis = (date(first, 1, 1), date(last, 1, 1))
    named = sorted((reader.state(str(iso3)), str(iso3)) for iso3 in range_states()["iso3"])
    return Timeline(
        tuple(range(first, last + 1, _DECADE)),
        tuple(
            (
                reader.say(title),
                tuple(
                    _row((name, iso3), told[code, iso3], reader, axis, on) for name, iso3 in named
                ),
            )
            for code, title in lists.INSTRUMENTS
        ),
        carried(register),
        len(records),
        tuple((code, reader.say(title)) for code, title in lists.STATUSES),
    )


def _row(
    state: tuple[str, str], held: list[Entry], reader: Reader, axis: tuple[date, date], on: date
) -> Row:
    pieces: list[tuple[int, int, str]] = []
    for place, one in enumerate(held):
        later = held[place + 1].valid_from if place + 1 < len(held) else ""
        ends = min((end for end in (one.valid_to, later) if end), default="", key=first_day)
        start = _across(first_day(one.valid_from) if one.valid_from else axis[0], axis)
        stop = _across(min(first_day(ends), on) if ends else on, axis)
        if stop > start:
            if pieces and pieces[-1][2] == one.status and sum(pieces[-1][:2]) >= start:
                start = pieces.pop()[0]  # the same as before: one piece
            pieces.append((start, stop - start, one.status))
    lines = tuple((_told(one, reader), one.uid) for one in held[-_MOST_TOLD:])
    return Row(state[0], tuple(pieces), lines, max(len(held) - _MOST_TOLD, 0), state[1])


def _across(day: date, axis: tuple[date, date]) -> int:
    whole = (axis[1] - axis[0]).days
    return round(WIDTH * min(max((day - axis[0]).days, 0), whole) / whole)


def _told(one: Entry, reader: Reader) -> str:
    status = reader.say(dict(lists.STATUSES).get(one.status, one.status))
    since = reader.day(one.valid_from, within=True) if one.valid_from else ""
    until = reader.day(one.valid_to, within=True) if one.valid_to else ""
    if since and until:
        return reader.say("{status}, from {day} until {end}", status=status, day=since, end=until)
    return reader.say("{status}, from {day}", status=status, day=since) if since else status
