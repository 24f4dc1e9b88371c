"""How allauth does its part here: accounts for the invited only, in Kulan's words and letters."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.http import HttpRequest

from kulan.web.language import current_words
from kulan.web.people import letters
from kulan.web.people.models import User
from kulan.web.people.notices import ACCOUNT_ERRORS, MFA_ERRORS, NOTICES, WAYS
from kulan.web.security import client_address


class ByInvitation(DefaultAccountAdapter):
    """Signs people in and out, changes passwords and addresses; makes no accounts."""

    error_messages = {**DefaultAccountAdapter.error_messages, **ACCOUNT_ERRORS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an invitation has a page of its own."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that counts for how often someone may ask."""
        return client_address(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter, in the language of whoever has the address."""
        known = User.objects.filter(email=email.lower()).first() or context.get("user")
        language = getattr(known, "language", "") or current_words().language
        values = {**context, "email": email, "name": getattr(known, "name", "")}
        letters.send(template_prefix, email, language, **values)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Put a notice on the next page."""
        if message is None:
            text = NOTICES[message_template or ""]
            message = current_words().say(text).format(**(message_context or {}))
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways this person can show once more who they are."""
        return [
            {**way, "description": str(WAYS[way["id"]])}
            for way in super().get_reauthentication_methods(user)
        ]


class SecondFactors(DefaultMFAAdapter):
    """Second factors, with errors in Kulan's words."""

    error_messages = {**DefaultMFAAdapter.error_messages, **MFA_ERRORS}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  allauth's name
        """Return the name a new key has at first."""
        return current_words().say("My key")
