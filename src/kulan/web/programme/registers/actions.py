"""What people do to records: each action asks whether they may, changes, and leaves one event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from kulan.errors import AccessDeniedError, InvalidTableError, NotAllowedNowError
from kulan.programme.registers import Checked, Problem, Register, check, moves
from kulan.web.events.record import record as record_event
from kulan.web.language import current_words
from kulan.web.policy import Viewer
from kulan.web.policy.registers import (
    check_may_add,
    check_may_keep,
    check_may_keep_content,
    visible_records,
)
from kulan.web.programme.registers.delivering import (
    Deliveries,
    check_named_once,
    settled_entries,
    unknown_entries,
)
from kulan.web.programme.registers.known_actions import unknown_actions
from kulan.web.programme.registers.models import Audience, Record, RecordLink, RecordVersion
from kulan.words import N_


@dataclass(frozen=True)
class Content:
    """What a record is to hold.

    Attributes
    ----------
    given
        Field to value, as people write them.
    audience
        Who may know of it.
    stage
        Of a new record; empty for the register's first one.
    organisation_id
        To which organisation it belongs.
    """

    given: Mapping[str, Any]
    audience: str = Audience.PUBLIC
    stage: str = ""
    organisation_id: int | None = None


def read_content(viewer: Viewer, one: Register, given: Mapping[str, Any], stage: str) -> Checked:
    """Read a record against its register and against what is there: records and actions it names.

    Parameters
    ----------
    viewer
        Who writes: a record that does not exist for the viewer cannot be named.
    one
        The register.
    given
        Field to value.
    stage
        Stage it is to be in.
    """
    read = check(one, given, stage)
    problems = list(read.problems)
    for field in one.fields:
        named = read.data.get(field.name)
        if field.kind == "records" and named:
            there = visible_records(viewer, field.of).filter(uid__in=named)
            if there.count() < len(named):
                problems.append(Problem(field.name, N_("There is no such record.")))
        if field.kind == "actions" and (unknown := unknown_actions(named or ())):
            message = N_("There is no action {value} in the programme.")
            problems.append(Problem(field.name, message, unknown[0]))
        if field.kind == "entries" and named and (lacking := unknown_entries(named)):
            message = N_("There is no entry {value} in the fund's books.")
            problems.append(Problem(field.name, message, lacking[0]))
    return Checked(read.data, tuple(problems))


def add(viewer: Viewer, one: Register, content: Content, *, reason: str = "") -> Record:
    """Add a record to a register.

    Raises
    ------
    AccessDeniedError
        If the viewer may not write this record, or names entries of books kept by others.
    InvalidTableError
        If it has faults.
    NotAllowedNowError
        If the viewer has a record of oneself already, or another names an entry that it names.
    """
    check_may_add(viewer, one)
    check_same_house(viewer, content.organisation_id)
    own = "person" in one.kept_by
    stage = content.stage or one.first_stage
    data = _sound(viewer, one, content.given, stage)
    data = settled_entries(viewer, one, data, content.given, {})
    if own and visible_records(viewer, one.name).filter(person=viewer.user_id).exists():
        say = current_words().say
        raise NotAllowedNowError(say("You have an entry already. Open it, and change it there."))
    if not own:
        check_may_keep_content(viewer, one, data, organisation_id=content.organisation_id)
    made = Record(
        register=one.name,
        stage=stage,
        audience=content.audience,
        organisation_id=content.organisation_id,
        person_id=viewer.user_id if own else None,
    )
    made.take(data)
    with transaction.atomic():
        made.save(force_insert=True)
        check_named_once(made, {})
        _keep_version(made, viewer, reason)
        _keep_links(made)
        record_event("record_added", made, by=viewer, register=one.name)
    return made


def change(
    viewer: Viewer, record: Record, content: Content, *, revision: int, reason: str = ""
) -> None:
    """Change what a record holds, if nobody has changed it since it was read.

    What it names that does not exist for the viewer stays named.

    Raises
    ------
    AccessDeniedError
        If the viewer may not keep the record, would not keep what it becomes, or names entries of
        books kept by others.
    InvalidTableError
        If it has faults.
    NotAllowedNowError
        If it has been changed, or withdrawn, meanwhile, or another names an entry that it names.
    """
    check_may_keep(viewer, record)
    if content.organisation_id != record.organisation_id:
        check_same_house(viewer, content.organisation_id)
    one = record.declared
    data = _sound(viewer, one, content.given, record.stage)
    data = settled_entries(viewer, one, data, content.given, record.data)
    if record.person_id is None:
        check_may_keep_content(viewer, one, data, organisation_id=content.organisation_id)
    before = record.data
    record.take(data | _unseen_links(viewer, record, data))
    changed = [
        field.name for field in one.fields if record.data.get(field.name) != before.get(field.name)
    ]
    with transaction.atomic():
        _move(
            record,
            revision,
            data=record.data,
            states=record.states,
            species=record.species,
            audience=content.audience,
            organisation_id=content.organisation_id,
        )
        check_named_once(record, before)
        _keep_version(record, viewer, reason)
        _keep_links(record)
        record_event("record_changed", record, by=viewer, register=one.name, fields=changed)


def move(viewer: Viewer, record: Record, stage: str, *, revision: int, reason: str = "") -> None:
    """Move a record to another stage.

    Raises
    ------
    AccessDeniedError
        If the viewer may not keep the record.
    InvalidTableError
        If it lacks what the stage needs.
    NotAllowedNowError
        If no way leads there, or the record has been changed meanwhile.
    """
    check_may_keep(viewer, record)
    one = record.declared
    if stage not in [possible.code for possible in moves(one, record.stage)]:
        say = current_words().say
        raise NotAllowedNowError(say("A record does not go from its stage to this one."))
    _sound(viewer, one, record.data, stage, links=False)
    _check_delivered(record, stage)
    before = record.stage
    with transaction.atomic():
        _move(record, revision, stage=stage)
        _keep_version(record, viewer, reason)
        told = {"register": one.name, "from": before, "to": stage}
        record_event("record_moved", record, by=viewer, **told)


def _check_delivered(record: Record, stage: str) -> None:
    """Refuse to say that a promise was delivered where the fund's books say it was not."""
    found = Deliveries().of(record.data) if stage == "delivered" else None
    if found is not None and found.state != "whole":
        say = current_words().say
        raise NotAllowedNowError(
            say(
                "By the fund's books, {delivered} of {promised} was received: it is delivered once "
                "the whole has been.",
                delivered=str(found.delivered),
                promised=str(found.promised),
            )
        )


def withdraw(viewer: Viewer, record: Record, *, revision: int, reason: str) -> None:
    """Withdraw a record: it is kept with its history, and read by those alone who keep it.

    What people entered of themselves is deleted, with its history.

    Raises
    ------
    AccessDeniedError
        If the viewer may not keep the record.
    NotAllowedNowError
        If it has been changed or withdrawn meanwhile.
    """
    check_may_keep(viewer, record)
    with transaction.atomic():
        _move(record, revision, withdrawn_at=timezone.now())
        record_event("record_withdrawn", record, by=viewer, register=record.register)
        if record.person_id is not None:
            record.delete()
        else:
            _keep_version(record, viewer, reason)


def check_same_house(viewer: Viewer, organisation_id: int | None) -> None:
    """Refuse that a record be given to an organisation that is not the viewer's.

    Raises
    ------
    AccessDeniedError
        If it is another one, and the viewer is not of the secretariat.
    """
    if not viewer.has("secretariat") and organisation_id not in {None, viewer.organisation_id}:
        raise AccessDeniedError("A record can only be given to your own organisation.")


def _sound(
    viewer: Viewer, one: Register, given: Mapping[str, Any], stage: str, *, links: bool = True
) -> dict[str, Any]:
    read = read_content(viewer, one, given, stage) if links else check(one, given, stage)
    if read.problems:
        told = "; ".join(f"{problem.field}: {problem.message}" for problem in read.problems)
        raise InvalidTableError(f"The record cannot be kept as it is. {told}")
    return read.data


def _unseen_links(viewer: Viewer, record: Record, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the lists of named records with those the viewer cannot know of put back."""
    kept = {}
    for field in record.declared.fields:
        before = record.data.get(field.name, []) if field.kind == "records" else []
        if not before:
            continue
        seen = {
            str(uid)
            for uid in visible_records(viewer).filter(uid__in=before).values_list("uid", flat=True)
        }
        unseen = [uid for uid in before if uid not in seen]
        if unseen:
            kept[field.name] = sorted({*unseen, *data.get(field.name, [])})
    return kept


def _move(record: Record, revision: int, **fields: Any) -> None:
    """Write fields if the record is as it was read: the database checks and writes in one step."""
    fields |= {"revision": revision + 1, "changed_at": timezone.now()}
    rows = Record.objects.filter(pk=record.pk, revision=revision, withdrawn_at=None)
    if not rows.update(**fields):
        say = current_words().say
        raise NotAllowedNowError(
            say("Somebody has changed this record since you opened it. Load it again.")
        )
    for name, value in fields.items():
        setattr(record, name, value)


def _keep_version(record: Record, viewer: Viewer | None, reason: str) -> None:
    RecordVersion.objects.create(
        record=record,
        revision=record.revision,
        data=record.data,
        stage=record.stage,
        audience=record.audience,
        withdrawn=record.withdrawn_at is not None,
        reason=reason,
        by_id=viewer.user_id if viewer else None,
    )


def _keep_links(record: Record) -> None:
    """Hold the references of a record as rows."""
    RecordLink.objects.filter(record=record).delete()
    for field in record.declared.fields:
        if field.kind == "records":
            for target in Record.objects.filter(uid__in=record.data.get(field.name, [])):
                RecordLink.objects.create(record=record, field=field.name, target=target)
