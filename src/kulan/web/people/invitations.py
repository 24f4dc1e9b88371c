"""Invitations: sent, withdrawn, used once. The only way to an account, but for the command line."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from kulan.errors import NotAllowedNowError
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.people import letters
from kulan.web.people.actions import give_grant, make_account
from kulan.web.people.models import Invitation, Organisation, User
from kulan.web.people.scopes import check_scope
from kulan.web.policy.people import check_may_invite, visible_invitations
from kulan.web.policy.viewer import Viewer
from kulan.words import LANGUAGES, words_in

GOOD_FOR_DAYS = 14


def invite(
    by: Viewer | None,
    email: str,
    *,
    role: str,
    name: str = "",
    organisation: Organisation | None = None,
    iso3: str = "",
    species_id: str = "",
    language: str = "en",
) -> Invitation:
    """Write down an invitation; `send_letter` then tells whom it is for.

    An earlier one to the same address is withdrawn. `by` is None for the command line.

    Raises
    ------
    AccessDeniedError
        If the inviter may not give this role, or to this organisation.
    UnknownNameError
        If the role asks for a state or a species and has none that exists.
    NotAllowedNowError
        If the address has an account.
    """
    if by is not None:
        check_may_invite(by, role, organisation)
    check_scope(role, iso3, species_id)
    email = email.strip().lower()
    _check_has_no_account(email)
    with transaction.atomic():
        Invitation.objects.filter(email=email, used_at=None, withdrawn_at=None).update(
            withdrawn_at=timezone.now()
        )
        invitation = Invitation.objects.create(
            email=email,
            name=name,
            organisation=organisation,
            role=role,
            iso3=iso3,
            species_id=species_id,
            language=language if language in LANGUAGES else "en",
            invited_by_id=by.user_id if by else None,
            expires_at=timezone.now() + timedelta(days=GOOD_FOR_DAYS),
        )
        record("invitation_sent", invitation, by=by, role=role)
    return invitation


def link(invitation: Invitation, request: HttpRequest | None = None) -> str:
    """Return the address that the letter gives; the public one where the settings know it."""
    path = reverse("invitation", args=[invitation.code])
    if settings.PUBLIC_URL or request is None:
        return f"{settings.PUBLIC_URL or 'http://127.0.0.1:8000'}{path}"
    return request.build_absolute_uri(path)


def send_letter(invitation: Invitation, inviter: str, address: str) -> None:
    """Send the letter, in the language of whom it is for."""
    letters.send(
        "invitation",
        invitation.email,
        invitation.language,
        name=invitation.name or invitation.email,
        inviter=inviter,
        link=address,
        until=words_in(invitation.language).day(timezone.localdate(invitation.expires_at)),
    )


def withdraw(by: Viewer, invitation: Invitation) -> None:
    """Withdraw an invitation that nobody has used.

    Raises
    ------
    NotAllowedNowError
        If it was used, or withdrawn before.
    """
    if not visible_invitations(by).filter(pk=invitation.pk).exists():
        raise NotAllowedNowError("This invitation is not yours to withdraw.")
    with transaction.atomic():
        _take(invitation, withdrawn_at=timezone.now())
        record("invitation_withdrawn", invitation, by=by)


def accept(invitation: Invitation, *, name: str, password: str) -> User:
    """Make the account that was invited, with the role it was invited to.

    Raises
    ------
    NotAllowedNowError
        If the invitation is no longer good.
    """
    _check_has_no_account(invitation.email)
    with transaction.atomic():
        _take(invitation, used_at=timezone.now())
        user = make_account(
            invitation.email,
            password,
            source="invitation",
            name=name,
            organisation=invitation.organisation,
            language=invitation.language,
        )
        Invitation.objects.filter(pk=invitation.pk).update(used_by=user)
        if invitation.role:
            grant = give_grant(
                None, user, invitation.role, iso3=invitation.iso3, species_id=invitation.species_id
            )
            grant.given_by_id = invitation.invited_by_id
            grant.save(update_fields=["given_by"])
        record("invitation_used", invitation, by=user)
    return user


def _check_has_no_account(email: str) -> None:
    if User.objects.filter(email=email).exists():
        say = current_words().say
        raise NotAllowedNowError(say("{address} has an account already.", address=email))


def _take(invitation: Invitation, **change: Any) -> None:
    """Change an invitation that is still good: of two who try at once, one succeeds."""
    good = Invitation.objects.filter(
        pk=invitation.pk, used_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )
    taken = good.update(**change)
    if not taken:
        say = current_words().say
        raise NotAllowedNowError(say("This invitation is no longer good."))
