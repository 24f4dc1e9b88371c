"""Closing one's own account for good: the person goes, what was done stays without the name."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from kulan.web.catalogue.models import Agreement
from kulan.web.events.models import Event
from kulan.web.events.record import record
from kulan.web.people import actions
from kulan.web.people.models import Invitation, User
from kulan.web.programme.money.models import Donor
from kulan.web.programme.newsletter.subscribing import forget_address
from kulan.web.programme.registers.erasing import forget_person
from kulan.web.programme.reporting.persons import forget_in_reports


def replacement_name(user: User) -> str:
    """Return what stands in events and on layers in place of the name."""
    return f"closed account {user.pk}"


def erase_account(user: User) -> None:
    """Close the person's own account and take the person out of everything Kulan keeps.

    The account's row stays, without name, address, password, roles, keys or sessions, so that
    layers, reviews and events still say that one and the same person did them. In events the name
    is replaced: they are otherwise never changed.

    Raises
    ------
    NotAllowedNowError
        If this is the last administrator.
    """
    with transaction.atomic():
        actions.close_account(None, user)
        told = {"user": user.pk, "name": replacement_name(user)}
        _forget_in_events(user, told["name"])
        _forget_in_invitations(user, told["name"])
        forget_person(user, str(told["name"]))
        user.grants.all().delete()
        Donor.objects.filter(champion=user).update(champion=None)
        Agreement.objects.filter(user=user, ended_at=None).update(ended_at=timezone.now())
        forget_in_reports(user)
        forget_address(user.email)
        Authenticator.objects.filter(user=user).delete()
        EmailAddress.objects.filter(user=user).delete()
        user.name = str(told["name"])
        user.email = f"closed-{user.pk}@closed.invalid"
        user.organisation = None
        user.last_login = None
        user.erased_at = timezone.now()
        user.set_unusable_password()
        user.save()
        record("account_erased", user, by=user)


def _forget_in_events(user: User, name: Any) -> None:
    Event.objects.filter(by_id=user.pk).update(by_name=name)
    Event.objects.filter(subject_kind="user", subject_id=user.uid).update(subject_title=name)


def _forget_in_invitations(user: User, name: Any) -> None:
    letters = Invitation.objects.filter(used_by=user) | Invitation.objects.filter(email=user.email)
    for invitation in letters.distinct():
        Event.objects.filter(subject_kind="invitation", subject_id=str(invitation.pk)).update(
            subject_title=name
        )
        invitation.email = f"closed-{user.pk}@closed.invalid"
        invitation.name = str(name)
        if invitation.used_at is None and invitation.withdrawn_at is None:
            invitation.withdrawn_at = timezone.now()
        invitation.save()
