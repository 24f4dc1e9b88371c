"""Letters to people, each in the language of whoever gets it, as plain text."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from kulan.words import LANGUAGES, N_, Words, words_in

TEXTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "invitation": (
        N_("{inviter} invites you to Kulan"),
        (
            N_("Good day, {name}."),
            N_(
                "{inviter} invites you to Kulan, the Atlas of the migratory mammals of Central "
                "Asia. Follow this link to choose a password; your account is ready then:"
            ),
            "{link}",
            N_("The link works once, until {until}. If you expected no such letter, let it be."),
        ),
    ),
    "account/email/password_reset_key": (
        N_("Choose a new password"),
        (
            N_("Somebody, you most likely, wants a new password for your account. Choose it here:"),
            "{password_reset_url}",
            N_("The link works once, for a day. If it was not you, let it be: nothing changes."),
        ),
    ),
    "account/email/unknown_account": (
        N_("No account with this address"),
        (
            N_(
                "Somebody, you most likely, wants a new password for an account with the address "
                "{email}. There is none. Perhaps you sign in with another address; otherwise ask "
                "the secretariat for an invitation."
            ),
        ),
    ),
    "account/email/email_confirmation": (
        N_("Confirm your e-mail address"),
        (
            N_("This is to be the address of the account of {name}. Confirm it here:"),
            "{activate_url}",
            N_("The link works for three days. If you know nothing of it, let it be."),
        ),
    ),
    "account/email/email_confirm": (N_("Address confirmed"), (N_("Your address is confirmed."),)),
    "account/email/email_changed": (
        N_("Your e-mail address has changed"),
        (N_("You sign in with {to_email} from now on, no longer with {from_email}."),),
    ),
    "account/email/email_deleted": (
        N_("An e-mail address was removed"),
        (N_("{deleted_email} no longer belongs to your account."),),
    ),
    "account/email/password_changed": (
        N_("Your password has changed"),
        (N_("The password of your account has changed."),),
    ),
    "account/email/password_reset": (
        N_("Your password has changed"),
        (N_("The password of your account has changed, by a link sent to this address."),),
    ),
    "account/email/password_set": (
        N_("Your account has a password"),
        (N_("A password was chosen for your account."),),
    ),
    "mfa/email/totp_activated": (
        N_("An app was set up as second factor"),
        (N_("Signing in now takes a code from your app as well."),),
    ),
    "mfa/email/totp_deactivated": (
        N_("The app is no longer a second factor"),
        (N_("The app that gave codes was taken away from your account."),),
    ),
    "mfa/email/webauthn_added": (
        N_("A key was added"),
        (N_("A passkey or security key was added to your account."),),
    ),
    "mfa/email/webauthn_removed": (
        N_("A key was removed"),
        (N_("A passkey or security key was removed from your account."),),
    ),
    "mfa/email/recovery_codes_generated": (
        N_("New recovery codes"),
        (N_("New recovery codes were made for your account; the old ones no longer work."),),
    ),
}
"""Subject and paragraphs of each letter. allauth asks for its letters by the name it gives them."""

ALIASES = {"account/email/email_confirmation_signup": "account/email/email_confirmation"}
_ORIGIN = N_(
    "It came from the address {ip}, with {user_agent}. If that was not you, choose a new password "
    "at once and tell the secretariat."
)


def write(letter: str, words: Words, /, **values: Any) -> tuple[str, str]:
    """Return the subject and the text of a letter.

    Where `values` say from which device a change came (``ip``), the letter says it too.
    """
    subject, paragraphs = TEXTS[ALIASES.get(letter, letter)]
    told = [words.say(text).format(**values) for text in paragraphs]
    if "ip" in values:
        told.append(words.say(_ORIGIN).format(**values))
    # a line break in a name must not begin another header
    title = " ".join(words.say(subject).format(**values).split())
    return title, "\n\n".join([*told, "Kulan"]) + "\n"


def send(letter: str, address: str, language: str, /, **values: Any) -> None:
    """Send a letter in a language; in English where Kulan does not speak it."""
    words = words_in(language if language in LANGUAGES else "en")
    subject, text = write(letter, words, **values)
    EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [address]).send()
