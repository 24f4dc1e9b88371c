"""Records that show that something of the programme was done."""

from datetime import date
from typing import Any

from django.utils import timezone

from kulan.programme.dates import first_day
from kulan.programme.evidence import Evidence
from kulan.programme.registers import Span, counts, evidence_day, species_of, states_of
from kulan.report.reader import Reader
from kulan.web.policy import PUBLIC, Viewer
from kulan.web.policy.registers import Sight, visible_records
from kulan.web.programme.registers.delivering import Deliveries
from kulan.web.programme.registers.models import Record
from kulan.web.programme.registers.telling import heading
from kulan.words import words_in


def evidence_objects(viewer: Viewer | None = None) -> list[Evidence]:
    """Return the evidence of all registers that exists for a viewer; None is the public.

    A signed agreement, a meeting that was held, a training with its participants, a law in force, a
    commitment that was delivered (by the fund's books where it names entries of them), a document
    that was published, equipment in use; and a working group once it has met.
    """
    who = viewer or PUBLIC
    sight, reader = Sight(who), Reader(words_in("en"))
    records = {str(one.uid): one for one in visible_records(who).filter(withdrawn_at=None)}
    found, deliveries = [], Deliveries()
    for record in records.values():
        declared = record.declared
        if not _may_count(record):
            continue
        data = sight.data(record)
        if record.register == "working-groups":
            found += _group(record, data, records, reader)
        elif delivery := deliveries.of(record.data) if record.register == "commitments" else None:
            if delivery.delivered_on and record.stage != "not_kept":
                found.append(_evidence("commitment", record, data, delivery.delivered_on, reader))
        elif declared.evidence and counts(declared, record.stage) and _still_holds(record):
            day = evidence_day(declared, data)
            if day and not (declared.evidence_named and not data.get("actions")):
                amount = float(data.get(declared.evidence_amount) or 1)
                found.append(
                    _evidence(declared.evidence, record, data, first_day(day), reader, amount)
                )
    return found


def _may_count(record: Record) -> bool:
    """Whether a record can be evidence at all, before it is read as its reader reads it."""
    if record.register in {"working-groups", "commitments"}:
        return True
    one = record.declared
    named = not one.evidence_named or bool(record.data.get("actions"))
    return bool(one.evidence) and named and counts(one, record.stage)


def _still_holds(record: Record) -> bool:
    """Whether a law is in force today; what was once signed or held stays so."""
    if record.register != "laws":
        return True
    span = Span("", record.data.get("valid_from", ""), record.data.get("valid_to", ""))
    return span.holds_on(timezone.localdate())


def _group(
    record: Record, data: dict[str, Any], records: dict[str, Record], reader: Reader
) -> list[Evidence]:
    """Return a working group as evidence, on the day it last met; nothing if it never did."""
    held = [
        first_day(meeting.data.get("ends") or meeting.data["begins"])
        for uid in data.get("meetings", [])
        if (meeting := records.get(uid)) and counts(meeting.declared, meeting.stage)
    ]
    return [_evidence("working_group", record, data, max(held), reader)] if held else []


def _evidence(
    kind: str, record: Record, data: dict[str, Any], day: date, reader: Reader, amount: float = 1.0
) -> Evidence:
    return Evidence(
        kind=kind,
        reference=f"register:{record.register}/{record.uid}",
        title=heading(record, reader, data),
        day=day,
        states=states_of(data),
        species=species_of(data),
        actions=tuple(data.get("actions", ())),
        amount=amount,
    )
