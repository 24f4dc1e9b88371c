"""What the registers' pages show, as their reader may see it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from kulan.programme.registers import REGISTERS, Register, Span, moves, steps
from kulan.report.reader import Reader
from kulan.web.policy import Viewer
from kulan.web.policy.registers import Sight, may_add, may_keep, visible_records
from kulan.web.programme.registers.hotspot_facts import facts_of
from kulan.web.programme.registers.models import Audience, Record
from kulan.web.programme.registers.overviews import gaps_told, states
from kulan.web.programme.registers.telling import (
    STAGE_LOOKS,
    fields_told,
    heading,
    lines_of,
)

ON_A_PAGE = 100
_IN_LIST = (
    "person", "house", "states", "state", "species", "species_id", "kind", "topic", "topics",
    "status", "quantity", "participants", "edition",
)  # fmt: skip
_MOST_IN_LIST = 3
_BEGINNINGS = ("valid_from", "begins", "signed_on", "promised_on", "published_on", "handed_over_on")


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
    """Return the registers with how many records each has, and how many gaps."""
    rows = list(visible_records(viewer).filter(withdrawn_at=None))
    by_register = Counter(row.register for row in rows)
    today = timezone.localdate()
    return [
        {
            "name": one.name,
            "title": reader.say(one.title),
            "purpose": reader.say(one.purpose),
            "count": by_register[one.name],
            "gaps": len(
                gaps_told(one.name, [r for r in rows if r.register == one.name], reader, today)
            ),
        }
        for one in REGISTERS
    ]


def listed(
    viewer: Viewer, one: Register, reader: Reader, asked: QueryDict, sight: Sight
) -> list[Line]:
    """Return the records that fit what was asked; filters see what the viewer sees."""
    rows = visible_records(viewer, one.name).filter(withdrawn_at=None)
    if (state := asked.get("state", "")) in states():
        rows = rows.filter(states__contains=f" {state} ")
    if species := asked.get("species", ""):
        rows = rows.filter(species__contains=f" {species} ")
    if stage := asked.get("stage", ""):
        rows = rows.filter(stage=stage)
    today = timezone.localdate()
    lines = []
    for row in rows:
        seen = sight.data(row)
        line = line_told(one, row, seen, reader, today)
        if asked.get("now") and line.over:
            continue
        if _fits(asked.get("q", ""), line.title, seen):
            lines.append(line)
    newest = sorted(lines, key=lambda line: _day_of(line.record), reverse=True)
    return newest if one.heading == ("title",) else sorted(newest, key=lambda line: line.title)


def _fits(text: str, title: str, seen: dict[str, Any]) -> bool:
    wanted = text[:100].casefold().split()
    held = f"{title} {' '.join(str(value) for value in seen.values())}".casefold()
    return all(word in held for word in wanted)


def _day_of(record: Record) -> str:
    return next((str(record.data[n]) for n in _BEGINNINGS if record.data.get(n)), "")


def line_told(
    one: Register, row: Record, seen: dict[str, Any], reader: Reader, today: date
) -> Line:
    """Return a record as it stands in lists."""
    names = [name for name in _IN_LIST if name in seen and name not in one.heading]
    cells = []
    for name in names[:_MOST_IN_LIST]:
        field = one.field(name)
        cells.append((reader.say(field.title), ", ".join(lines_of(field, seen[name], reader))))
    stage = one.stage(row.stage)
    day = next((seen[name] for name in _BEGINNINGS if seen.get(name)), "")
    span = Span("", "", str(seen.get("valid_to", "")) if one.span else "")
    return Line(
        record=row,
        title=heading(row, reader, seen),
        cells=tuple(cells),
        stage=reader.say(stage.title) if stage else "",
        look=STAGE_LOOKS.get(row.stage, ""),
        day=reader.day(day) if day else "",
        over=not span.holds_on(today) or bool(stage and stage.ended),
    )


def record_page(viewer: Viewer, record: Record, reader: Reader) -> dict[str, Any]:
    """Return what the page of a record shows."""
    sight = Sight(viewer)
    seen = sight.data(record)
    one = record.declared
    stage = one.stage(record.stage)
    keeps = may_keep(viewer, record) and record.withdrawn_at is None
    return {
        "register": one,
        "record": record,
        "title": heading(record, reader, seen),
        "fields": fields_told(one, seen, reader),
        "hidden": _hidden(one, record, seen, reader),
        "links": _links(viewer, record, seen, reader),
        "named_by": _named_by(viewer, record, sight, reader),
        "stage": reader.say(stage.title) if stage else "",
        "look": STAGE_LOOKS.get(record.stage, ""),
        "audience": Audience(record.audience).label,
        "keeps": keeps,
        "sees_history": may_keep(viewer, record),
        "moves": moves(one, record.stage) if keeps else (),
        "steps": _steps(viewer, record, sight) if record.register == "hotspots" else (),
        "levels": {
            "partners": reader.say("people with a role"),
            "government": reader.say("focal points, coordinators and the secretariat"),
            "keepers": reader.say("those who keep this record"),
            "consented": reader.say("whom its person shows it"),
        },
    }


def _hidden(one: Register, record: Record, seen: dict[str, Any], reader: Reader) -> list[str]:
    """Return names of fields that not everyone reads, where the record's kind has such fields.

    Whether this very record has them is not told: the names are those of the register.
    """
    del record
    return [
        reader.say(field.title)
        for field in one.fields
        if field.level not in {"public", "consented"}
        and field.name not in seen
        and field.name != "shown"
    ]


def _links(
    viewer: Viewer, record: Record, seen: dict[str, Any], reader: Reader
) -> list[tuple[str, list[Line]]]:
    told = []
    today = timezone.localdate()
    for field in record.declared.fields:
        if field.kind == "records" and seen.get(field.name):
            rows = visible_records(viewer, field.of).filter(uid__in=seen[field.name])
            sight = Sight(viewer)
            lines = [line_told(row.declared, row, sight.data(row), reader, today) for row in rows]
            told.append((reader.say(field.title), lines))
    return told


def _named_by(viewer: Viewer, record: Record, sight: Sight, reader: Reader) -> list[Line]:
    today = timezone.localdate()
    rows = visible_records(viewer).filter(links__target=record, withdrawn_at=None).distinct()
    fields_seen = [
        row
        for row in rows
        if any(str(record.uid) in sight.data(row).get(f.name, []) for f in row.declared.fields
               if f.kind == "records")
    ]  # fmt: skip
    return [line_told(row.declared, row, sight.data(row), reader, today) for row in fields_seen]


def _steps(viewer: Viewer, record: Record, sight: Sight) -> tuple[Any, ...]:
    """Return the way of a transboundary area, for those who keep it."""
    return steps(facts_of(viewer, record, sight)) if may_keep(viewer, record) else ()


@dataclass(frozen=True)
class Revision:
    """One version in a record's history: who made it when, why, and what changed."""

    number: int
    who: str
    when: str
    reason: str
    stage: str
    withdrawn: bool
    changed: tuple[tuple[str, str, str], ...]


def history_told(record: Record, reader: Reader) -> list[Revision]:
    """Return a record's versions, newest first, each with what it changed; for who keeps it."""
    one = record.declared
    told: list[Revision] = []
    before: dict[str, Any] = {}
    for version in record.versions.select_related("by").order_by("revision"):
        stage = one.stage(version.stage)
        told.append(
            Revision(
                number=version.revision,
                who=str(version.by or "Kulan"),
                when=reader.words.moment(version.at),
                reason=version.reason,
                stage=reader.say(stage.title) if stage else "",
                withdrawn=version.withdrawn,
                changed=tuple(differences(one, before, version.data, reader)),
            )
        )
        before = version.data
    return told[::-1]


def differences(
    one: Register, before: dict[str, Any], after: dict[str, Any], reader: Reader
) -> list[tuple[str, str, str]]:
    """Return the fields that differ: heading, words before, words after."""
    told = []
    for field in one.fields:
        pair = [content.get(field.name) for content in (before, after)]
        if pair[0] != pair[1]:
            words = [
                "–"
                if value in (None, "", [])
                else "; ".join(_names(value) if field.kind == "records"
                               else lines_of(field, value, reader))
                for value in pair
            ]  # fmt: skip
            told.append((reader.say(field.title), words[0], words[1]))
    return told


def _names(uids: list[str]) -> list[str]:
    return [uid[:8] for uid in uids]


def adds(viewer: Viewer, one: Register) -> bool:
    """Whether a page offers to add a record."""
    return may_add(viewer, one)
