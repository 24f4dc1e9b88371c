"""What the page of a record shows, as its reader may see it."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from kulan.programme.registers import Register, moves, place_of, steps
from kulan.report.reader import Reader
from kulan.web.policy import Viewer
from kulan.web.policy.registers import Sight, may_keep, visible_records
from kulan.web.programme.registers.areas import areas_on_map, steps_for
from kulan.web.programme.registers.delivering import promise_told
from kulan.web.programme.registers.hotspot_facts import facts_of
from kulan.web.programme.registers.listing import Line, line_told
from kulan.web.programme.registers.models import Audience, Record
from kulan.web.programme.registers.organisation_roles import roles_told
from kulan.web.programme.registers.telling import STAGE_LOOKS, fields_told, heading, lines_of

PARTS_OF_AREAS = ("stakeholders", "groups", "workshops", "recommendations")
"""Fields that have a part of their own on the page of a transboundary area."""
_TOLD_OF_AREAS = frozenset({"title", *PARTS_OF_AREAS})


def record_page(viewer: Viewer, record: Record, reader: Reader) -> dict[str, Any]:
    """Return what the page of a record shows."""
    sight = Sight(viewer)
    seen = sight.data(record)
    one = record.declared
    stage = one.stage(record.stage)
    keeps = may_keep(viewer, record) and record.withdrawn_at is None
    own_parts = _TOLD_OF_AREAS if record.register == "hotspots" else frozenset()
    return {
        "register": one,
        "record": record,
        "title": heading(record, reader, seen),
        "fields": [f for f in fields_told(one, seen, reader) if f.name not in own_parts],
        "hidden": _hidden(one, record, seen, reader),
        "links": [
            (title, lines)
            for name, title, lines in _links(viewer, record, seen, reader)
            if name not in own_parts
        ],
        "named_by": _named_by(viewer, record, sight, reader),
        "stage": reader.say(stage.title) if stage else "",
        "look": STAGE_LOOKS.get(record.stage, ""),
        "audience": Audience(record.audience).label,
        "keeps": keeps,
        "sees_history": may_keep(viewer, record),
        "moves": moves(one, record.stage) if keeps else (),
        **_area(viewer, record, sight, reader),
        "roles": roles_told(viewer, seen, reader) if record.register == "organisations" else None,
        "promise": promise_told(viewer, record, seen, reader, timezone.localdate())
        if record.register == "commitments"
        else None,
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
) -> list[tuple[str, str, list[Line]]]:
    told = []
    today = timezone.localdate()
    for field in record.declared.fields:
        if field.kind == "records" and seen.get(field.name):
            rows = visible_records(viewer, field.of).filter(uid__in=seen[field.name])
            sight = Sight(viewer)
            lines = [line_told(row.declared, row, sight.data(row), reader, today) for row in rows]
            told.append((field.name, reader.say(field.title), lines))
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


def _area(viewer: Viewer, record: Record, sight: Sight, reader: Reader) -> dict[str, Any]:
    """Return what the page of a transboundary area has more than others: map, way, parts."""
    if record.register != "hotspots":
        return {"steps": (), "map": None}
    told = steps_for(steps(facts_of(viewer, record, sight)), keeps=may_keep(viewer, record))
    seen = sight.data(record)
    place = place_of(seen)
    links = {name: lines for name, _, lines in _links(viewer, record, seen, reader)}
    return {
        "parts": [
            (
                name,
                reader.say(record.declared.field(name).title),
                seen.get(name, ()),
                links.get(name),
            )
            for name in PARTS_OF_AREAS
        ],
        "steps": told,
        "next_step": next((step for step in told if not step.done), None),
        "map": areas_on_map([record], sight, reader) if place else None,
        "place": place,
    }


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
