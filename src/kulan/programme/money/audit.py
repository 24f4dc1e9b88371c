"""The chain of hashes through a fund's books, and the search for what was changed behind it.

Each record's hash is SHA-256 of its content together with the hash before it, so that a change of
one record breaks every hash after it. What is cut off at the end breaks nothing: the last number
and hash are therefore kept elsewhere too, and compared.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kulan.programme.money.ledger import Entry, Posted, imbalance
from kulan.words import N_

BEGINNING = "0" * 64
"""What stands before the first record."""

FINDINGS: dict[str, str] = {
    "number_missing": N_("Number {number} is missing, or stands in the wrong place."),
    "content_changed": N_("Record {number} is not what it was when it was posted."),
    "chain_broken": N_("Record {number} does not follow the one before it."),
    "unbalanced": N_("Entry {number} does not balance."),
    "one_person": N_("Entry {number} was entered and approved by one person."),
    "reversed_twice": N_("Entry {number} takes back an entry that was taken back before."),
    "reverses_nothing": N_("Entry {number} takes back an entry that does not stand in the books."),
    "not_the_mirror": N_("Entry {number} is not the mirror of the entry that it takes back."),
    "in_closed_period": N_("Entry {number} is dated in a period that had been closed before it."),
    "witness_differs": N_("Record {number} differs from what the audit trail noted."),
    "cut_off": N_("The audit trail knows record {number}, and the books do not."),
}
"""What an audit may find, in words."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A period that was closed: no entry is posted for a day up to its last.

    It stands in the same row of numbers, and in the same chain, as entries.
    """

    number: int
    last_day: date
    entered_by: str
    approved_by: str
    at: str
    previous: str
    hash: str


Record = Posted | Closing


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an audit found: a code of `FINDINGS`, and the record's number."""

    code: str
    number: int


def hash_of(content: Mapping[str, object], previous: str) -> str:
    """Return the hash of a record's content after another record.

    Examples
    --------
    >>> hash_of({"text": "a"}, BEGINNING) == hash_of({"text": "a"}, BEGINNING)
    True
    >>> hash_of({"text": "a"}, BEGINNING) == hash_of({"text": "b"}, BEGINNING)
    False
    """
    written = json.dumps(
        {"content": content, "previous": previous},
        ensure_ascii=True,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(written.encode()).hexdigest()


def post(entry: Entry, *, number: int, previous: str, by: tuple[str, str], at: str) -> Posted:
    """Return an entry as it stands in the books.

    Check it first: see `kulan.programme.money.ledger.check_entry` and `check_open`.

    Parameters
    ----------
    entry
        What is posted.
    number
        Its place: one after the last.
    previous
        Hash of the record before it, `BEGINNING` for the first.
    by
        Who entered and who approved it.
    at
        When, ISO 8601 with the zone.
    """
    bare = Posted(number, entry, *by, at, previous, "")
    return Posted(number, entry, *by, at, previous, hash_of(_content(bare), previous))


def close_period(
    last_day: date, *, number: int, previous: str, by: tuple[str, str], at: str
) -> Closing:
    """Return the record that closes the books up to a day; parameters as for `post`."""
    bare = Closing(number, last_day, *by, at, previous, "")
    return Closing(number, last_day, *by, at, previous, hash_of(_content(bare), previous))


def audit(
    records: Sequence[Record], *, witnesses: Mapping[int, str] | None = None
) -> tuple[Finding, ...]:
    """Return everything that is wrong with the books; of sound books nothing.

    Parameters
    ----------
    records
        Entries and closings.
    witnesses
        Number to hash, as noted elsewhere when records were posted.
    """
    in_order = sorted(records, key=lambda one: one.number)
    found = [*_chain(in_order), *_rules(in_order), *_reversals(in_order)]
    present = {one.number: one.hash for one in in_order}
    for number, noted in sorted((witnesses or {}).items()):
        if number not in present:
            found.append(Finding("cut_off", number))
        elif present[number] != noted:
            found.append(Finding("witness_differs", number))
    return tuple(sorted(set(found), key=lambda one: (one.number, one.code)))


def _chain(records: Iterable[Record]) -> Iterable[Finding]:
    previous = BEGINNING
    for expected, one in enumerate(records, start=1):
        if one.number != expected:
            yield Finding("number_missing", expected)
        if one.previous != previous:
            yield Finding("chain_broken", one.number)
        if hash_of(_content(one), one.previous) != one.hash:
            yield Finding("content_changed", one.number)
        previous = one.hash


def _rules(records: Iterable[Record]) -> Iterable[Finding]:
    closed: date | None = None
    for one in records:
        if one.entered_by == one.approved_by:
            yield Finding("one_person", one.number)
        if isinstance(one, Closing):
            closed = one.last_day if closed is None else max(closed, one.last_day)
            continue
        if imbalance(one.entry.lines):
            yield Finding("unbalanced", one.number)
        if closed is not None and one.entry.day <= closed:
            yield Finding("in_closed_period", one.number)


def _reversals(records: Iterable[Record]) -> Iterable[Finding]:
    posted: dict[int, Posted] = {}
    taken_back: set[int] = set()
    for one in records:
        if isinstance(one, Closing):
            continue
        if one.entry.reverses:
            original = posted.get(one.entry.reverses)
            if original is None or original.entry.reverses:
                yield Finding("reverses_nothing", one.number)
            elif _signed(original.entry, -1) != _signed(one.entry, 1):
                yield Finding("not_the_mirror", one.number)
            if one.entry.reverses in taken_back:
                yield Finding("reversed_twice", one.number)
            taken_back.add(one.entry.reverses)
        posted[one.number] = one


def _signed(entry: Entry, sign: int) -> list[tuple[str, str, str, str]]:
    return sorted(
        (line.account, line.fund, line.money.currency, str(line.signed.amount * sign))
        for line in entry.lines
    )


def _content(record: Record) -> dict[str, object]:
    common: dict[str, object] = {
        "number": record.number,
        "entered_by": record.entered_by,
        "approved_by": record.approved_by,
        "at": record.at,
    }
    if isinstance(record, Closing):
        return common | {"kind": "closing", "last_day": record.last_day.isoformat()}
    entry = record.entry
    return common | {
        "kind": "entry",
        "day": entry.day.isoformat(),
        "text": entry.text,
        "document": entry.document,
        "reverses": entry.reverses,
        "lines": [
            [line.account, line.fund, line.side, str(line.money.amount), line.money.currency]
            for line in entry.lines
        ],
    }
