"""How allauth makes accounts here: for the invited only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from kulan.web.people.models import Invitation


class ByInvitation(DefaultAccountAdapter):
    """Opens sign-up to whoever holds an invitation that is still good."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether this visitor came with an invitation."""
        return open_invitation(request) is not None

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Give the account the name that the form or the invitation has."""
        invitation = open_invitation(request)
        user.name = form.cleaned_data.get("name") or (invitation and invitation.name) or "?"
        return super().save_user(request, user, form, commit=commit)


def open_invitation(request: HttpRequest) -> Invitation | None:
    """Return the invitation this visitor followed, while it is good."""
    from django.utils import timezone  # noqa: PLC0415  stays beside its use

    code = request.session.get("invitation", "")
    return Invitation.objects.filter(
        code=code, used_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    ).first()
