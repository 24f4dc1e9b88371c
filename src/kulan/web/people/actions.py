"""What is done to accounts, grants and organisations: each checks, changes, and leaves an event."""

from datetime import date, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from kulan.errors import NotAllowedNowError
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.people.models import Grant, Invitation, Organisation, User
from kulan.web.people.roles import Role
from kulan.web.people.scopes import check_scope
from kulan.web.policy.permissions import check_role
from kulan.web.policy.viewer import Viewer


def make_account(
    email: str, password: str | None, *, by: Any = None, source: str = "", **fields: Any
) -> User:
    """Make an account, and write down how it came about.

    Parameters
    ----------
    email, password
        To sign in with.
    by
        Who makes it; None for the command line.
    source
        How it came about, for the event: ``invitation``, ``command line``.
    fields
        Name, organisation, language.
    """
    with transaction.atomic():
        user = User.objects.create_user(email, password, **fields)
        record("account_made", user, by=by or user, source=source)
    return user


def give_grant(
    by: Viewer | None,
    user: User,
    role: str,
    *,
    iso3: str = "",
    species_id: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Grant:
    """Give a person a role; one that was ended before is held again.

    `by` is None for the command line and for an invitation that is used: what it gives was checked
    when it was sent.
    """
    if by is not None:
        check_role(by, Role.ADMINISTRATOR, to="give somebody a role")
    check_scope(role, iso3, species_id)
    valid_from = valid_from or timezone.localdate()
    if valid_to is not None and valid_to < valid_from:
        say = current_words().say
        raise NotAllowedNowError(say("A role cannot end before it begins."))
    with transaction.atomic():
        grant, _ = Grant.objects.update_or_create(
            user=user,
            role=role,
            iso3=iso3,
            species_id=species_id,
            defaults={
                "valid_from": valid_from,
                "valid_to": valid_to,
                "given_by_id": by.user_id if by else None,
            },
        )
        told = {"role": role, "iso3": iso3, "species_id": species_id}
        told |= {"valid_from": str(valid_from), "valid_to": str(valid_to or "")}
        record("grant_given", user, by=by, **{key: value for key, value in told.items() if value})
    return grant


def end_grant(by: Viewer, grant: Grant) -> None:
    """End a role as of yesterday: today it is no longer held."""
    check_role(by, Role.ADMINISTRATOR, to="end somebody's role")
    with transaction.atomic():
        if grant.role == Role.ADMINISTRATOR:
            _keep_an_administrator(leaving=grant.user_id)
        yesterday = timezone.localdate() - timedelta(days=1)
        grant.valid_to = yesterday
        grant.valid_from = min(grant.valid_from, yesterday)
        grant.save(update_fields=["valid_from", "valid_to"])
        record(
            "grant_ended",
            grant.user,
            by=by,
            role=grant.role,
            **{key: getattr(grant, key) for key in ("iso3", "species_id") if getattr(grant, key)},
        )


def administrators(on: date | None = None) -> set[int]:
    """Return the open accounts that hold the role of administrator on a day."""
    day = on or timezone.localdate()
    held = Grant.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
    return {grant.user_id for grant in held if grant.holds_on(day)}


def _keep_an_administrator(*, leaving: int) -> None:
    if administrators() <= {leaving}:
        say = current_words().say
        raise NotAllowedNowError(
            say("This is the last administrator. Make somebody else administrator first.")
        )


def close_account(by: Viewer | None, user: User) -> None:
    """Close an account: nobody gets in with it any more, and its open invitations are withdrawn.

    It can be opened again; the roles are kept for that. `by` is None for the command line.
    """
    if by is not None:
        check_role(by, Role.ADMINISTRATOR, to="close an account")
    with transaction.atomic():
        if not user.is_active:
            return
        _keep_an_administrator(leaving=user.pk)
        _shut(user)
        record("account_closed", user, by=by)


def _shut(user: User) -> None:
    user.is_active = False
    user.closed_at = timezone.now()
    user.save(update_fields=["is_active", "closed_at"])
    for session in UserSession.objects.filter(user=user):
        session.end()
    Invitation.objects.filter(invited_by=user, used_at=None, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )


def reopen_account(by: Viewer, user: User) -> None:
    """Open a closed account again; one that its owner erased stays closed."""
    check_role(by, Role.ADMINISTRATOR, to="open an account again")
    if user.erased_at:
        say = current_words().say
        raise NotAllowedNowError(say("Its owner has erased this account. Send an invitation."))
    with transaction.atomic():
        user.is_active = True
        user.closed_at = None
        user.save(update_fields=["is_active", "closed_at"])
        record("account_reopened", user, by=by)


def move_to_organisation(by: Viewer, user: User, organisation: Organisation | None) -> None:
    """Say for whom a person works: what belongs to that organisation is then theirs as well."""
    check_role(by, Role.ADMINISTRATOR, to="say for whom somebody works")
    with transaction.atomic():
        user.organisation = organisation
        user.save(update_fields=["organisation"])
        record("account_moved", user, by=by, organisation=str(organisation or ""))


def change_own_account(user: User, *, name: str, language: str) -> None:
    """Change what people may change of their own account."""
    with transaction.atomic():
        changed = [
            field
            for field, value in (("name", name), ("language", language))
            if getattr(user, field) != value
        ]
        user.name, user.language = name, language
        user.save(update_fields=["name", "language"])
        if changed:
            record("account_changed", user, by=user, changed=", ".join(changed))


def keep_organisation(
    by: Viewer, *, name: str, iso3: str, organisation: Organisation | None = None
) -> Organisation:
    """Add an organisation, or change one."""
    check_role(by, Role.ADMINISTRATOR, Role.SECRETARIAT, to="keep organisations")
    kind = "organisation_changed" if organisation else "organisation_added"
    with transaction.atomic():
        kept = organisation or Organisation()
        kept.name, kept.iso3 = name, iso3
        kept.save()
        record(kind, kept, by=by, iso3=iso3)
    return kept
