"""All that Kulan holds of one person, to be given to that person."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import models
from django.db.models import Q

from kulan.web.catalogue.models import Agreement, Layer, LayerVersion
from kulan.web.events.models import Event
from kulan.web.jobs.models import Job
from kulan.web.people.models import Grant, Invitation, User
from kulan.web.programme.money.holdings import money_of
from kulan.web.programme.newsletter.holdings import issues_of, subscription_of
from kulan.web.programme.register.models import (
    Correction,
    Crosswalk,
    CrosswalkPair,
    EvidenceItem,
    Override,
    TextSource,
    TextUpload,
)
from kulan.web.programme.registers.erasing import held_of_person
from kulan.web.programme.reporting.persons import held_in_reports


def held_of(user: Any) -> dict[str, Any]:
    """Return everything that is kept about a person; secrets of the account are left out.

    Left out are the password's hash, the secrets of apps and keys, and the codes of invitations and
    sessions: whoever reads a file that was left about must not get in with it.
    """
    account = _row(
        user, ("id", "email", "name", "language", "joined_at", "last_login", "is_active")
    )
    return {
        "account": account | {"organisation": str(user.organisation or "")},
        "addresses": _rows(
            EmailAddress.objects.filter(user=user), ("email", "verified", "primary")
        ),
        "roles": _rows(
            Grant.objects.filter(user=user),
            ("role", "iso3", "species_id", "valid_from", "valid_to"),
        ),
        "agreements": _rows(
            Agreement.objects.filter(user=user),
            ("layer_id", "level", "valid_from", "valid_to", "terms", "ended_at"),
        ),
        "second_factors": _rows(
            Authenticator.objects.filter(user=user), ("type", "created_at", "last_used_at")
        ),
        "sessions": _rows(
            UserSession.objects.filter(user=user), ("ip", "user_agent", "created_at")
        ),
        "invitations": _rows(
            Invitation.objects.filter(Q(invited_by=user) | Q(used_by=user)),
            ("email", "name", "role", "invited_at", "used_at", "withdrawn_at"),
        ),
        "layers": _rows(Layer.objects.filter(owner=user), ("layer_id", "created_at")),
        "versions": _rows(
            LayerVersion.objects.filter(Q(created_by=user) | Q(reviewed_by=user)),
            ("uid", "created_at", "reviewed_at", "review_note"),
        ),
        **held_in_reports(user),
        **held_of_person(user),
        "jobs": _rows(Job.objects.filter(by=user), ("uid", "kind", "state", "queued_at")),
        **_held_in_the_programme(user),
        "money": money_of(user),
        "newsletters": issues_of(user),
        "newsletter_by_post": subscription_of(user),
        "events": _rows(
            Event.objects.filter(Q(by_id=user.pk) | Q(subject_kind="user", subject_id=user.uid)),
            ("at", "kind", "by_name", "subject_kind", "subject_id", "subject_title", "details"),
        ),
    }


def _held_in_the_programme(user: Any) -> dict[str, Any]:
    """Return what a person added to the register, set by hand, corrected and brought in."""
    return {
        "evidence": _rows(
            EvidenceItem.objects.filter(Q(added_by=user) | Q(withdrawn_by=user)),
            ("uid", "title", "reference", "note", "actions", "added_at", "withdrawn_at", "reason"),
        ),
        "set_by_hand": _rows(
            Override.objects.filter(Q(by=user) | Q(ended_by=user)),
            ("action", "iso3", "sets", "status", "due", "reason", "at", "ended_at", "ended_reason"),
        ),
        "corrections": _rows(
            Correction.objects.filter(by=user), ("action", "field", "corrected", "reason", "at")
        ),
        "texts_brought_in": _rows(
            TextSource.objects.filter(imported_by=user), ("file_name", "language", "imported_at")
        ),
        "texts_sent": _rows(
            TextUpload.objects.filter(by=user), ("uid", "file_name", "edition_id", "at")
        ),
        "pairs_decided": _rows(
            CrosswalkPair.objects.filter(by=user), ("before", "after", "state", "why", "at")
        ),
        "crosswalks": _rows(
            Crosswalk.objects.filter(proposed_by=user), ("before", "after", "proposed_at")
        ),
    }


def _rows(rows: Iterable[models.Model], names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_row(row, names) for row in rows]


def _row(row: models.Model | User, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
