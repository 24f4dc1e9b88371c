"""Changes that allauth makes to how people sign in, written into the audit trail."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator

from kulan.web.events.record import record


def begin() -> None:
    """Listen to allauth, which has no other way to say what it did."""
    account.password_changed.connect(_password, dispatch_uid="kulan password_changed")
    account.password_reset.connect(_password, dispatch_uid="kulan password_reset")
    account.password_set.connect(_password, dispatch_uid="kulan password_set")
    account.email_changed.connect(_address, dispatch_uid="kulan email_changed")
    mfa.authenticator_added.connect(_added, dispatch_uid="kulan authenticator_added")
    mfa.authenticator_reset.connect(_added, dispatch_uid="kulan authenticator_reset")
    mfa.authenticator_removed.connect(_removed, dispatch_uid="kulan authenticator_removed")


def _password(user: Any, **_: Any) -> None:
    record("password_changed", user, by=user)


def _address(user: Any, **_: Any) -> None:
    record("address_changed", user, by=user)


def _added(user: Any, authenticator: Any, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        record("recovery_codes_made", user, by=user)
    else:
        record("second_factor_added", user, by=user, type=str(authenticator.type))


def _removed(user: Any, authenticator: Any, **_: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record("second_factor_removed", user, by=user, type=str(authenticator.type))
