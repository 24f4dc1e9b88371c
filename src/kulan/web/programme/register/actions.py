"""What people do in the register: each action asks whether they may, changes, leaves one event."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kulan.errors import NotAllowedNowError, UnknownNameError
from kulan.programme.evidence import STATUS_NAMES
from kulan.programme.evidence.objects import check_kind
from kulan.programme.species import check_species
from kulan.programme.states import range_states
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.policy import Viewer
from kulan.web.programme.register import catalogue
from kulan.web.programme.register.models import Correction, EvidenceItem, Override
from kulan.web.programme.register.permissions import (
    check_may_add,
    check_may_keep_register,
    check_may_override,
    check_may_withdraw,
    may_end,
)
from kulan.web.programme.register.terms import Audience, Field, Sets

SUBJECT = "programmeaction"
"""Kind of thing under which events of an action are kept."""


def add_evidence(
    viewer: Viewer,
    actions: tuple[str, ...],
    *,
    kind: str,
    reference: str,
    title: str,
    day: date,
    states: tuple[str, ...] = (),
    species: tuple[str, ...] = (),
    **more: Any,
) -> EvidenceItem:
    """Add a piece of evidence for actions.

    Nobody reviews it first: it stands under the name of whoever added it, each look at a status
    lists it, and the secretariat can withdraw it.

    Parameters
    ----------
    viewer
        Who adds it.
    actions
        Keys of the actions it is for.
    kind, reference, title, day, states, species
        As in `kulan.programme.evidence.Evidence`.
    more
        `amount`, `audience` and `note`, where they are not one, everyone and nothing.

    Raises
    ------
    AccessDeniedError
        If the viewer may not add evidence for these states and species.
    UnknownNameError
        If there is no such action, kind, state or species.
    NotAllowedNowError
        If the same stands there already.
    """
    check_may_add(viewer, states, species)
    _check_names(actions, kind, states, species)
    audience = Audience(more.pop("audience", Audience.PUBLIC))
    fresh = EvidenceItem(
        kind=kind,
        reference=reference,
        title=title,
        day=day,
        states=sorted(states),
        species=sorted(species),
        actions=sorted(actions),
        audience=audience,
        organisation_id=viewer.organisation_id,
        added_by_id=viewer.user_id,
        **more,
    )
    same = EvidenceItem.objects.filter(
        kind=kind, reference=reference, day=day, withdrawn_at=None, added_by=viewer.user_id
    )
    if any(item.actions == fresh.actions for item in same):
        raise NotAllowedNowError(
            current_words().say("You have added this already, for the same actions.")
        )
    with transaction.atomic():
        fresh.save(force_insert=True)
        record("evidence_added", fresh, by=viewer, actions=fresh.actions)
    return fresh


def withdraw_evidence(viewer: Viewer, item: EvidenceItem, *, reason: str) -> None:
    """Withdraw a piece of evidence; it stays in the list of what was withdrawn, and counts no more.

    Raises
    ------
    AccessDeniedError
        If it is another's, and the viewer is not the secretariat.
    NotAllowedNowError
        If it is withdrawn already.
    """
    check_may_withdraw(viewer, item)
    with transaction.atomic():
        standing = EvidenceItem.objects.filter(pk=item.pk, withdrawn_at=None)
        if not standing.update(
            withdrawn_at=timezone.now(), withdrawn_by_id=viewer.user_id, reason=reason
        ):
            raise NotAllowedNowError(
                current_words().say(
                    "This evidence has been withdrawn already. Load the page again."
                )
            )
        item.refresh_from_db()
        record("evidence_withdrawn", item, by=viewer, actions=item.actions)


def override_status(
    viewer: Viewer, key: str, *, status: str, reason: str, iso3: str = ""
) -> Override:
    """Set a status beside the computed one, for the programme or for one state.

    Raises
    ------
    AccessDeniedError
        If the viewer may not set it.
    UnknownNameError
        If there is no such action, status or state.
    """
    check_may_override(viewer, iso3)
    if status not in STATUS_NAMES:
        raise UnknownNameError(f"No status {status!r}; Kulan knows {', '.join(STATUS_NAMES)}.")
    if iso3:
        _check_states((iso3,))
    return _set(viewer, key, Override(iso3=iso3, status=status, reason=reason))


def set_due(viewer: Viewer, key: str, *, due: date, reason: str) -> Override:
    """Say by which day an action is due.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the register.
    UnknownNameError
        If there is no such action.
    """
    check_may_keep_register(viewer)
    return _set(viewer, key, Override(sets=Sets.DUE, due=due, reason=reason))


def mark_overtaken(viewer: Viewer, key: str, *, reason: str) -> Override:
    """Say that events have overtaken an action.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the register.
    UnknownNameError
        If there is no such action.
    """
    check_may_keep_register(viewer)
    return _set(viewer, key, Override(sets=Sets.OVERTAKEN, reason=reason))


def end_override(viewer: Viewer, override: Override, *, reason: str) -> None:
    """End what somebody has set: what is computed holds again.

    Raises
    ------
    AccessDeniedError
        If the viewer may not set it either.
    NotAllowedNowError
        If it has ended already.
    """
    if override.ended_at is None and not may_end(viewer, override):
        check_may_override(viewer, override.iso3)
        check_may_keep_register(viewer)
    with transaction.atomic():
        if not _end(viewer, Override.objects.filter(pk=override.pk), reason):
            raise NotAllowedNowError(
                current_words().say("This has ended already. Load the page again.")
            )
        override.refresh_from_db()
        _tell(f"action_{override.sets}_ended", override.action, viewer, **_about(override))


def correct(viewer: Viewer, key: str, *, field: str, corrected: str, reason: str) -> Correction:
    """Put a correction beside what is printed; a correction of the same field before it ends.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the register.
    UnknownNameError
        If there is no such action.
    """
    check_may_keep_register(viewer)
    one = catalogue.find_action(key)
    fresh = Correction(
        action=key,
        field=Field(field),
        printed=catalogue.as_printed(one, field),
        corrected=corrected,
        reason=reason,
        by_id=viewer.user_id,
    )
    with transaction.atomic():
        before = Correction.objects.filter(action=key, field=field, printed=fresh.printed)
        before.filter(ended_at=None).update(ended_at=timezone.now())
        fresh.save(force_insert=True)
        _tell("action_corrected", key, viewer, field=field)
    return fresh


def end_correction(viewer: Viewer, correction: Correction) -> None:
    """End a correction: the field stands as printed again.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the register.
    NotAllowedNowError
        If it has ended already.
    """
    check_may_keep_register(viewer)
    with transaction.atomic():
        standing = Correction.objects.filter(pk=correction.pk, ended_at=None)
        if not standing.update(ended_at=timezone.now()):
            raise NotAllowedNowError(
                current_words().say("This has ended already. Load the page again.")
            )
        _tell("action_correction_ended", correction.action, viewer, field=correction.field)


def _set(viewer: Viewer, key: str, fresh: Override) -> Override:
    """Store an override; the one before it, of the same action, state and thing, ends."""
    catalogue.find_action(key)
    fresh.action, fresh.by_id = key, viewer.user_id
    with transaction.atomic():
        before = Override.objects.filter(action=key, iso3=fresh.iso3, sets=fresh.sets)
        _end(viewer, before, "")
        fresh.save(force_insert=True)
        _tell(f"action_{fresh.sets}_set", key, viewer, **_about(fresh))
    return fresh


def _end(viewer: Viewer, rows: QuerySet[Override], reason: str) -> int:
    return rows.filter(ended_at=None).update(
        ended_at=timezone.now(), ended_by_id=viewer.user_id, ended_reason=reason
    )


def _about(override: Override) -> dict[str, str]:
    told = {"state": override.iso3, "status": override.status}
    if override.due:
        told["due"] = override.due.isoformat()
    return {name: value for name, value in told.items() if value}


def _tell(kind: str, key: str, viewer: Viewer, **details: Any) -> None:
    record(kind, (SUBJECT, key, key), by=viewer, **details)


def _check_names(
    keys: tuple[str, ...], kind: str, states: tuple[str, ...], species: tuple[str, ...]
) -> None:
    check_kind(kind)
    for key in keys:
        catalogue.find_action(key)
    _check_states(states)
    for species_id in species:
        check_species(species_id)


def _check_states(states: tuple[str, ...]) -> None:
    known = tuple(range_states()["iso3"])
    for iso3 in states:
        if iso3 not in known:
            raise UnknownNameError(f"No state {iso3!r}; Kulan knows {', '.join(known)}.")
