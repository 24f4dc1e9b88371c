"""The transboundary areas that Kulan carries, put into their register as illustrations."""

import uuid

from django.db import transaction

from kulan.programme.registers import illustrative_areas
from kulan.web.events.record import record as record_event
from kulan.web.programme.registers.models import Record, RecordVersion

_NAMESPACE = uuid.UUID("8c1d9a52-0f0e-5b7b-8a34-5f1f6b6f3c90")
"""Ours: the same landscape is the same record in every installation."""
ILLUSTRATIVE = "illustrative"


def seed_areas() -> int:
    """Add the areas that were never added; return how many there were.

    What people have changed, confirmed or withdrawn since stays theirs.
    """
    known = set(Record.objects.filter(register="hotspots").values_list("uid", flat=True))
    rows = {uuid.uuid5(_NAMESPACE, one["landscape"]): one for one in illustrative_areas()}
    fresh = {uid: data for uid, data in rows.items() if uid not in known}
    if not fresh:
        return 0
    with transaction.atomic():
        for uid, data in fresh.items():
            made = Record(uid=uid, register="hotspots", stage=ILLUSTRATIVE)
            made.take(data)
            made.save(force_insert=True)
            RecordVersion.objects.create(
                record=made, revision=1, data=data, stage=made.stage, audience=made.audience
            )
        record_event("registers_seeded", ("record", "hotspots", ""), by=None, count=len(fresh))
    return len(fresh)
