"""Lists of records: which of them fit what was asked, in which order, and a page of them in words.

What is weighed of thousands of records is little: their order and whether they fit. Only those on
the page are read as their reader reads them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils import timezone

from kulan.programme.money.promises import STATES
from kulan.programme.registers import REGISTERS, Register, Span
from kulan.report.reader import Reader
from kulan.web.policy import Viewer
from kulan.web.policy.registers import Sight, visible_records
from kulan.web.programme.registers.delivering import LOOKS, Deliveries
from kulan.web.programme.registers.models import Record
from kulan.web.programme.registers.overviews import WITH_GAPS, Held, gaps_told
from kulan.web.programme.registers.telling import STAGE_LOOKS, heading, lines_of, title_of
from kulan.web.programme.registers.timelines import carried

ON_A_PAGE = 100
_IN_LIST = (
    "person", "house", "states", "state", "species", "species_id", "kind", "topic", "topics",
    "status", "quantity", "participants", "edition",
)  # fmt: skip
_OF_PROMISES = ("kind", "due_on", "delivered_on")
_MOST_IN_LIST = 3
_BEGINNINGS = ("valid_from", "begins", "signed_on", "promised_on", "published_on", "handed_over_on")
_LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Line:
    """A record in a list.

    Attributes
    ----------
    record, title
        The record, and what it is called.
    cells
        Some of its fields, heading and words.
    stage, look
        Its stage in words, and the look of its badge.
    day
        When it began, or was held.
    over
        Whether it no longer holds.
    """

    record: Record
    title: str
    cells: tuple[tuple[str, str], ...]
    stage: str
    look: str
    day: str
    over: bool


def index_cards(viewer: Viewer, reader: Reader) -> list[dict[str, Any]]:
    """Return the registers with how many records each shows, and how many gaps."""
    rows = visible_records(viewer).filter(withdrawn_at=None).values_list("register")
    count = dict(rows.annotate(Count("pk")).order_by())
    today = timezone.localdate()
    told = []
    for one in REGISTERS:
        name = one.name
        gaps = gaps_told(name, all_held(viewer, name), reader, today) if name in WITH_GAPS else ()
        told.append(
            {
                "name": name,
                "title": reader.say(one.title),
                "purpose": reader.say(one.purpose),
                "count": count.get(name, 0) + carried(name),
                "gaps": len(gaps),
            }
        )
    return told


def all_held(viewer: Viewer, register: str, species_id: str = "") -> list[Held]:
    """Return what a register holds for a viewer today, before anything else is asked of it.

    Parameters
    ----------
    viewer, register
        Who looks, and at which.
    species_id
        Of which species alone, where a page is about one.
    """
    rows = visible_records(viewer, register).filter(withdrawn_at=None).order_by("pk")
    if species_id:
        rows = rows.filter(species__contains=f" {species_id} ")
    return [
        Held(*row) for row in rows.values_list("pk", "uid", "stage", "states", "species", "data")
    ]


def fitting(
    held: Sequence[Held], one: Register, reader: Reader, asked: Mapping[str, str], sight: Sight
) -> list[Held]:
    """Return the records that fit what was asked, in their order; filters see what the viewer sees.

    Registers whose records have titles stand with the newest first, the others by their names.

    Parameters
    ----------
    held
        Of `all_held`.
    one
        The register.
    reader
        In whose language records are named.
    asked
        ``q`` (words), ``state``, ``species``, ``stage``, ``topic``, and ``now`` (what holds today).
    sight
        Of the viewer.
    """
    kept = _chosen(held, one, asked)
    titles = {row.pk: title_of(one, row.data, reader) for row in kept}
    if wanted := asked.get("q", "")[:_LONGEST_SEARCH].casefold().split():
        kept = _with_words(kept, one, titles, wanted, sight)
    kept.sort(key=lambda row: titles[row.pk].casefold())
    if one.heading == ("title",):
        kept.sort(key=lambda row: _day_of(row.data), reverse=True)
    return kept


def _chosen(held: Sequence[Held], one: Register, asked: Mapping[str, str]) -> list[Held]:
    kept = list(held)
    for name in ("state", "species"):
        if code := asked.get(name, ""):
            kept = [
                row
                for row in kept
                if f" {code} " in (row.states if name == "state" else row.species)
            ]
    if stage := asked.get("stage", ""):
        kept = [row for row in kept if row.stage == stage]
    if topic := asked.get("topic", ""):
        kept = [row for row in kept if topic in row.data.get("topics", ())]
    if asked.get("now"):
        today = timezone.localdate()
        kept = [row for row in kept if not _over(one, row.stage, row.data, today)]
    return kept


def _with_words(
    kept: list[Held], one: Register, titles: Mapping[int, str], wanted: list[str], sight: Sight
) -> list[Held]:
    """Return the records that hold all words where their reader can read them.

    What everyone reads is looked at first; only where words stand in the rest too, a record is read
    as its reader reads it.
    """
    public = {f.name for f in one.fields if f.level == "public" and f.kind != "records"}
    sure, doubtful = set(), []
    for row in kept:
        if _holds(wanted, titles[row.pk], {k: v for k, v in row.data.items() if k in public}):
            sure.add(row.pk)
        elif _holds(wanted, titles[row.pk], row.data):
            doubtful.append(row.pk)
    for record in Record.objects.filter(pk__in=doubtful):
        if _holds(wanted, titles[record.pk], sight.data(record)):
            sure.add(record.pk)
    return [row for row in kept if row.pk in sure]


def _holds(wanted: list[str], title: str, data: Mapping[str, Any]) -> bool:
    text = f"{title} {' '.join(str(value) for value in data.values())}".casefold()
    return all(word in text for word in wanted)


def _day_of(data: Mapping[str, Any]) -> str:
    return next((str(data[name]) for name in _BEGINNINGS if data.get(name)), "")


def _over(one: Register, stage: str, data: Mapping[str, Any], today: date) -> bool:
    known = one.stage(stage)
    span = Span("", "", str(data.get("valid_to", "")) if one.span else "")
    return not span.holds_on(today) or bool(known and known.ended)


def records_of(held: Sequence[Held]) -> list[Record]:
    """Return the records of a list, in its order."""
    found = Record.objects.in_bulk([row.pk for row in held])
    return [found[row.pk] for row in held if row.pk in found]


def page_of(found: Sequence[Held], number: str | None) -> Page[Held]:
    """Return a page of a list; a number that is none, or beyond the last, gives the nearest."""
    return Paginator(found, ON_A_PAGE).get_page(number)


def lines_told(held: Sequence[Held], one: Register, reader: Reader, sight: Sight) -> list[Line]:
    """Return records of a list in words; promises with what the fund's books say of them."""
    today, deliveries = timezone.localdate(), Deliveries()
    told = []
    for record in records_of(held):
        seen = sight.data(record)
        found = deliveries.of(record.data) if one.name == "commitments" else None
        if found is not None:
            seen.pop("delivered_on", None)
            if found.delivered_on:
                seen["delivered_on"] = found.delivered_on.isoformat()
        line = line_told(one, record, seen, reader, today)
        if found is not None:
            line = replace(line, stage=reader.say(STATES[found.state]), look=LOOKS[found.state])
        told.append(line)
    return told


def line_told(
    one: Register, row: Record, seen: dict[str, Any], reader: Reader, today: date
) -> Line:
    """Return a record as it stands in lists."""
    names = [name for name in _IN_LIST if name in seen and name not in one.heading]
    if one.name == "commitments":
        names = [name for name in _OF_PROMISES if name in seen]
    cells = []
    for name in names[:_MOST_IN_LIST]:
        field = one.field(name)
        cells.append((reader.say(field.title), ", ".join(lines_of(field, seen[name], reader))))
    stage = one.stage(row.stage)
    day = _day_of(seen)
    return Line(
        record=row,
        title=heading(row, reader, seen),
        cells=tuple(cells),
        stage=reader.say(stage.title) if stage else "",
        look=STAGE_LOOKS.get(row.stage, ""),
        day=reader.day(day) if day else "",
        over=_over(one, row.stage, seen, today),
    )
