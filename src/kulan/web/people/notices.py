"""What allauth tells people, in Kulan's words: notices on the next page, and errors of forms."""

from kulan.web.language import say_lazy as _
from kulan.words import N_

NOTICES = {
    "account/messages/logged_in.txt": "",  # the name in the header says it
    "account/messages/logged_out.txt": N_("You are signed out."),
    "account/messages/email_confirmation_sent.txt": N_("A letter is on its way to {email}."),
    "account/messages/email_confirmed.txt": N_("{email} is confirmed."),
    "account/messages/email_confirmation_failed.txt": N_(
        "{email} cannot be confirmed: it belongs to another account."
    ),
    "account/messages/email_deleted.txt": N_("{email} no longer belongs to your account."),
    "account/messages/cannot_delete_primary_email.txt": N_(
        "{email} is the address you sign in with, and stays."
    ),
    "account/messages/primary_email_set.txt": N_("You sign in with the new address from now on."),
    "account/messages/unverified_primary_email.txt": N_("Confirm the address first."),
    "account/messages/password_changed.txt": N_("Your password is changed."),
    "account/messages/password_set.txt": N_("Your password is kept."),
    "mfa/messages/totp_activated.txt": N_("The app is set up."),
    "mfa/messages/totp_deactivated.txt": N_("The app is taken away."),
    "mfa/messages/webauthn_added.txt": N_("The key is added."),
    "mfa/messages/webauthn_removed.txt": N_("The key is removed."),
    "mfa/messages/recovery_codes_generated.txt": N_("Here are your recovery codes."),
    "usersessions/messages/sessions_logged_out.txt": N_("You are signed out everywhere else."),
}
"""Text of each notice, by the template that allauth asks for; an empty one is left out."""

ACCOUNT_ERRORS = {
    "account_inactive": _("This account is closed."),
    "cannot_remove_primary_email": _("The address you sign in with stays."),
    "duplicate_email": _("This is your address already."),
    "email_password_mismatch": _("Address and password do not go together."),
    "email_taken": _("This address belongs to another account."),
    "enter_current_password": _("This is not the password so far."),
    "incorrect_code": _("This code is wrong, or too old."),
    "incorrect_password": _("This is not your password."),
    "invalid_or_expired_key": _("This link is no longer good."),
    "invalid_login": _("Address and password do not go together."),
    "invalid_password_reset": _("This link is no longer good."),
    "max_email_addresses": _("An account has one address."),
    "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
    "unknown_email": _("There is no account with this address."),
    "unverified_primary_email": _("Confirm the address first."),
    "select_only_one": _("Choose one."),
    "same_as_current": _("This is what it was before."),
    "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
}
MFA_ERRORS = {
    "add_email_blocked": _("This cannot be done while there is a second factor."),
    "cannot_delete_authenticator": _("This cannot be taken away."),
    "cannot_generate_recovery_codes": _("Set up an app or a key first."),
    "incorrect_code": _("This code is wrong, or too old."),
    "unverified_email": _("Confirm your e-mail address first."),
}
"""Errors by allauth's code for them."""

WAYS = {
    "reauthenticate": _("Use the password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey or security key"),
}
"""Ways to show once more who one is, by allauth's name for them."""
