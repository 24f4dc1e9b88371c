"""The way of a version: to review, and from there to its release or back to who brought it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from kulan.errors import NotAllowedNowError
from kulan.web.atlas.jobs import warm_soon
from kulan.web.catalogue.actions import job_of, write_terms
from kulan.web.catalogue.checks import missing
from kulan.web.catalogue.materialise import harden, harden_older
from kulan.web.catalogue.models import LayerVersion, SensitivityRule
from kulan.web.catalogue.states import check_move
from kulan.web.catalogue.themes import State
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.people.models import User
from kulan.web.policy.bringing import check_may_change, check_may_review, check_may_withdraw
from kulan.web.policy.viewer import viewer_of


def submit(version: LayerVersion, *, by: User) -> None:
    """Ask for the review of a draft.

    Raises
    ------
    AccessDeniedError
        If the version is not `by`'s to change.
    NotAllowedNowError
        If it is no draft, a file is being read, or something needed is missing.
    """
    check_may_change(viewer_of(by), version)
    with transaction.atomic():
        version = _locked(version)
        check_move(version.state, State.IN_REVIEW)
        say = current_words().say
        if missing(version):
            raise NotAllowedNowError(
                say("The description is not whole yet. The page of the draft says what is missing.")
            )
        job = job_of(version)
        if job is not None and not job.ended:
            raise NotAllowedNowError(
                say("A file is being read for this version. Wait until it is.")
            )
        _move(version, State.IN_REVIEW, submitted_at=timezone.now(), reviewed_by=None)
        record("layer_submitted", version, by=by)


def take_back(version: LayerVersion, *, by: User) -> None:
    """Make a version that waits for review, or was sent back, a draft again."""
    check_may_change(viewer_of(by), version)
    with transaction.atomic():
        version = _locked(version)
        check_move(version.state, State.DRAFT)
        _move(version, State.DRAFT, submitted_at=None)
        record("layer_taken_back", version, by=by)


def send_back(version: LayerVersion, note: str, *, by: User) -> None:
    """Send a version back to who brought it, with what is to be mended.

    Raises
    ------
    AccessDeniedError
        If `by` may not decide on it.
    NotAllowedNowError
        If nothing is said of why.
    """
    with transaction.atomic():
        version = _locked(version)
        check_may_review(viewer_of(by), version)
        check_move(version.state, State.REJECTED)
        if not note.strip():
            say = current_words().say
            raise NotAllowedNowError(say("Say what is to be mended."))
        now = timezone.now()
        _move(version, State.REJECTED, reviewed_by=by, reviewed_at=now, review_note=note.strip())
        record("layer_sent_back", version, by=by)


def release(version: LayerVersion, note: str = "", *, by: User) -> None:
    """Release a version; the one released until now is superseded in the same moment.

    Raises
    ------
    AccessDeniedError
        If `by` may not decide on it: a second person does, of another house.
    NotAllowedNowError
        If it does not wait for review.
    """
    with transaction.atomic():
        version = _locked(version)
        check_may_review(viewer_of(by), version)
        check_move(version.state, State.RELEASED)
        # a rule may have come after the file was read, and before its records stood there
        if SensitivityRule.objects.filter(set_at__gt=version.created_at).exists():
            harden(version)
        now = timezone.now()
        for older in version.layer.versions.filter(state=State.RELEASED):
            check_move(older.state, State.SUPERSEDED)
            _move(older, State.SUPERSEDED)
            record("layer_superseded", older, by=by, by_version=version.number)
        _move(
            version,
            State.RELEASED,
            reviewed_by=by,
            reviewed_at=now,
            released_at=now,
            review_note=note.strip(),
        )
        changed = {
            name: version.term(name)
            for name in version.layer_terms
            if version.term(name) != getattr(version.layer, name)
        }
        write_terms(version.layer, changed)
        harden_older(version)
        record("layer_released", version, by=by, changed=sorted(changed))
        transaction.on_commit(warm_soon)


def withdraw(version: LayerVersion, reason: str, *, by: User) -> None:
    """Take a released version back; the world sees it no more, and its number is not used again.

    Raises
    ------
    AccessDeniedError
        If `by` is neither owner nor secretariat.
    NotAllowedNowError
        If it is not released, or no reason is given.
    """
    check_may_withdraw(viewer_of(by), version)
    with transaction.atomic():
        version = _locked(version)
        check_move(version.state, State.WITHDRAWN)
        if not reason.strip():
            say = current_words().say
            raise NotAllowedNowError(say("Say why it is withdrawn."))
        _move(version, State.WITHDRAWN, withdrawn_reason=reason.strip())
        record("layer_withdrawn", version, by=by)


def _locked(version: LayerVersion) -> LayerVersion:
    locked = LayerVersion.objects.select_for_update(of=("self",))
    return locked.select_related("layer__organisation").get(pk=version.pk)


def _move(version: LayerVersion, state: str, **fields: Any) -> None:
    """Write the new state; that nobody else has moved it since is part of the condition."""
    moved = LayerVersion.objects.filter(pk=version.pk, state=version.state).update(
        state=state, **fields
    )
    if not moved:
        say = current_words().say
        raise NotAllowedNowError(say("Somebody else has just decided on this version."))
    version.state = state
