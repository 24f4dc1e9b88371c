"""What people do to records: each action asks whether they may, changes, and leaves one event."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from kulan.errors import NotAllowedNowError
from kulan.programme.population_tables import POPULATIONS
from kulan.programme.species import check_species
from kulan.web.events.record import record as record_event
from kulan.web.policy import Viewer
from kulan.web.species.letters import tell_decided, tell_proposed
from kulan.web.species.models import (
    CONTENT_OF_ACCOUNT,
    CONTENT_OF_POPULATION,
    AccountText,
    PopulationRecord,
    Version,
)
from kulan.web.species.permissions import (
    check_may_decide,
    check_may_propose_account,
    check_may_propose_population,
    check_may_take_back,
)
from kulan.web.species.seeding import record_of_account
from kulan.web.species.terms import Change, State


def propose_population(
    viewer: Viewer, species_id: str, iso3: str, content: dict[str, Any], *, reason: str = ""
) -> PopulationRecord:
    """Propose a new population record.

    Raises
    ------
    UnknownNameError
        If there is no such species.
    AccessDeniedError
        If the viewer may not propose for this species and state.
    InvalidTableError
        If the figures contradict themselves.
    """
    check_species(species_id)
    check_may_propose_population(viewer, species_id, iso3)
    return _propose(
        PopulationRecord(species_id=species_id, iso3=iso3, reason=reason, **content), viewer
    )


def propose_account(
    viewer: Viewer,
    species_id: str,
    place: tuple[str, str],
    content: dict[str, Any],
    *,
    reason: str = "",
) -> AccountText:
    """Propose a text for a section and a language; a change, where there is one already.

    Parameters
    ----------
    viewer
        Who proposes.
    species_id
        Of which species.
    place
        Section and language.
    content
        Text, source and confidence.
    reason
        Why.

    Raises
    ------
    UnknownNameError
        If there is no such species.
    AccessDeniedError
        If the viewer may not propose texts about this species.
    """
    check_species(species_id)
    check_may_propose_account(viewer, species_id)
    section, language = place
    record = record_of_account(species_id, section, language)
    before = AccountText.objects.filter(record=record, state=State.APPROVED).first()
    fresh = AccountText(
        record=record,
        change=Change.CHANGE if before else Change.NEW,
        replaces=before,
        species_id=species_id,
        section=section,
        language=language,
        reason=reason,
        **content,
    )
    return _propose(fresh, viewer)


def propose_change(
    viewer: Viewer, version: PopulationRecord, content: dict[str, Any], *, reason: str
) -> PopulationRecord:
    """Propose that a population record in force be changed.

    Raises
    ------
    AccessDeniedError
        If the viewer may not propose for this species and state.
    NotAllowedNowError
        If the version is not in force.
    InvalidTableError
        If the figures contradict themselves.
    """
    check_may_propose_population(viewer, version.species_id, version.iso3)
    check_in_force(version)
    return _propose(_next_of(version, Change.CHANGE, content, reason), viewer)


def propose_withdrawal(viewer: Viewer, version: Version, *, reason: str) -> Version:
    """Propose that a record in force be withdrawn.

    Raises
    ------
    AccessDeniedError
        If the viewer may not propose for this record.
    NotAllowedNowError
        If the version is not in force.
    """
    if isinstance(version, PopulationRecord):
        check_may_propose_population(viewer, version.species_id, version.iso3)
    else:
        check_may_propose_account(viewer, version.species_id)
    check_in_force(version)
    return _propose(_next_of(version, Change.WITHDRAWAL, {}, reason), viewer)


def approve(viewer: Viewer, version: Version, *, note: str = "") -> None:
    """Approve a proposal; what it replaces is superseded in the same moment.

    Of two who decide at once one is told that it has been decided, and of two proposals about one
    version the second is told that the record has changed meanwhile.

    Raises
    ------
    AccessDeniedError
        If the viewer may not decide, or proposed it.
    NotAllowedNowError
        If it is decided already, or the record has changed since it was proposed.
    """
    check_may_decide(viewer, version)
    withdrawal = version.change == Change.WITHDRAWAL
    with transaction.atomic():
        _check_not_there_twice(version)
        if version.replaces_id is not None:
            replaced = type(version).objects.filter(pk=version.replaces_id, state=State.APPROVED)
            if not replaced.update(state=State.SUPERSEDED):
                raise NotAllowedNowError(
                    "The record has changed since this was proposed. Reject it, and have it "
                    "proposed again from the record as it is now."
                )
        _decide(viewer, version, State.WITHDRAWN if withdrawal else State.APPROVED, note)


def reject(viewer: Viewer, version: Version, *, note: str) -> None:
    """Reject a proposal; the note tells its proposer why.

    Raises
    ------
    AccessDeniedError
        If the viewer may not decide, or proposed it.
    NotAllowedNowError
        If it is decided already.
    """
    check_may_decide(viewer, version)
    with transaction.atomic():
        _decide(viewer, version, State.REJECTED, note)


def take_back(viewer: Viewer, version: Version) -> None:
    """Take back one's own proposal before it is decided.

    Raises
    ------
    AccessDeniedError
        If it is another's.
    NotAllowedNowError
        If it is decided already.
    """
    check_may_take_back(viewer, version)
    with transaction.atomic():
        _move(version, state=State.TAKEN_BACK, decided_at=timezone.now())
        _record("taken_back", version, viewer)


def check_in_force(version: Version) -> None:
    """Refuse to build on a version that is not in force.

    Raises
    ------
    NotAllowedNowError
        Saying what to do.
    """
    if version.state != State.APPROVED:
        raise NotAllowedNowError(
            "Only the version in force can be changed or withdrawn. Open the record again and "
            "begin from there."
        )


def _propose(fresh: Any, viewer: Viewer) -> Any:
    if isinstance(fresh, PopulationRecord):
        fresh.estimated()  # refuses figures that contradict themselves
    fresh.proposed_by_id = viewer.user_id
    with transaction.atomic():
        fresh.save(force_insert=True)
        _record("proposed", fresh, viewer, change=fresh.change)
        tell_proposed(fresh)
    return fresh


def _next_of(version: Any, change: str, content: dict[str, Any], reason: str) -> Any:
    if isinstance(version, PopulationRecord):
        names, place = CONTENT_OF_POPULATION, {"iso3": version.iso3}
    else:
        names, place = (
            CONTENT_OF_ACCOUNT,
            {"section": version.section, "language": version.language},
        )
    kept = {name: getattr(version, name) for name in names}
    return type(version)(
        record=version.record,
        change=change,
        replaces=version,
        species_id=version.species_id,
        reason=reason,
        **place,
        **{**kept, **content},
    )


def _check_not_there_twice(version: Version) -> None:
    if version.change != Change.NEW:
        return
    if isinstance(version, PopulationRecord):
        same = {name: getattr(version, name) for name in POPULATIONS.key}
    else:
        same = {"record": version.record}
    if type(version).objects.filter(state=State.APPROVED, **same).exists():
        raise NotAllowedNowError(
            "There is an approved record of the same already. Reject this proposal, and change "
            "that record instead."
        )


def _decide(viewer: Viewer, version: Version, state: str, note: str) -> None:
    _move(
        version,
        state=state,
        decided_by_id=viewer.user_id,
        decided_at=timezone.now(),
        decision_note=note,
    )
    _record(state, version, viewer, change=version.change)
    tell_decided(version)


def _move(version: Version, **fields: Any) -> None:
    """Decide a proposal if nobody has: the condition is checked by the database in one step."""
    if not type(version).objects.filter(pk=version.pk, state=State.PROPOSED).update(**fields):
        raise NotAllowedNowError("This proposal has been decided already. Load the page again.")
    version.refresh_from_db()


def _record(verb: str, version: Version, viewer: Viewer, **details: Any) -> None:
    """Write one event; it names no figure and no text."""
    noun = "population" if isinstance(version, PopulationRecord) else "account"
    record_event(f"{noun}_{verb}", version, by=viewer, record=str(version.record), **details)
