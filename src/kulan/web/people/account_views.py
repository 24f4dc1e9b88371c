"""Pages about one's own account, and the page an invitation leads to."""

import json
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import perform_login
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kulan.errors import KulanError
from kulan.web.language import remember
from kulan.web.people import actions, invitations
from kulan.web.people.erasing import erase_account, replacement_name
from kulan.web.people.forms import JoiningForm, OwnAccountForm, posted, with_refusal
from kulan.web.people.holdings import held_of
from kulan.web.people.models import Invitation
from kulan.web.people.roles import PURPOSES, Role
from kulan.web.people.scopes import scope_name
from kulan.web.policy.people import roles_to_invite
from kulan.web.rates import check_rate
from kulan.web.security import client_address


@require_http_methods(["GET", "POST"])
@login_required
def my_account(request: HttpRequest) -> HttpResponse:
    """Show people what their account is, and let them change what is theirs to change."""
    user: Any = request.user
    form = OwnAccountForm(posted(request), initial={"name": user.name, "language": user.language})
    if form.is_valid():
        actions.change_own_account(user, **form.cleaned_data)
        response = redirect("my_account")
        remember(request, response, form.cleaned_data["language"])
        return response
    language = request.words.language  # type: ignore[attr-defined]
    today = timezone.localdate()
    grants = [grant for grant in user.grants.all() if grant.holds_on(today)]
    answer = {
        "form": form,
        "held": [
            (
                Role(grant.role).label,
                scope_name(grant.iso3, grant.species_id, language),
                PURPOSES[Role(grant.role)],
                grant.valid_to,
            )
            for grant in grants
        ],
        "factors": Authenticator.objects.filter(user=user)
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .count(),
        "may_invite": bool(roles_to_invite(request.viewer)),  # type: ignore[attr-defined]
    }
    return render(request, "account/mine.html", answer, status=422 if form.errors else 200)


@require_GET
@login_required
def my_data(request: HttpRequest) -> HttpResponse:
    """Give people all that Kulan holds of them, as JSON."""
    check_rate(f"my data {request.user.pk}", most=10, per_s=3600)
    text = json.dumps(held_of(request.user), ensure_ascii=False, indent=2, default=str)
    return HttpResponse(
        text,
        content_type="application/json; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="kulan-my-data.json"',
            "Cache-Control": "no-store",
        },
    )


@require_http_methods(["GET", "POST"])
@login_required
@reauthentication_required
def erase(request: HttpRequest) -> HttpResponse:
    """Close one's own account for good, after saying what that means."""
    user: Any = request.user
    refused = ""
    if request.method == "POST":
        try:
            erase_account(user)
        except KulanError as error:
            refused = str(error)
        else:
            logout(request)
            say = request.words.say  # type: ignore[attr-defined]
            messages.success(request, say("Your account is closed, and your name is gone from it."))
            return redirect("account_login")
    answer = {"name_then": replacement_name(user), "refused": refused}
    return render(request, "account/erase.html", answer, status=409 if refused else 200)


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Let whoever was invited choose a name and a password."""
    check_rate(f"invitation {client_address(request)}", most=60, per_s=600)
    invited = get_object_or_404(Invitation, code=code)
    if request.user.is_authenticated or not invited.is_open:
        status = 200 if request.user.is_authenticated and invited.is_open else 410
        return render(
            request, "account/invitation_closed.html", {"invited": invited}, status=status
        )
    form = JoiningForm(invited.email, posted(request), initial={"name": invited.name})
    if form.is_valid():
        try:
            user = invitations.accept(
                invited, name=form.cleaned_data["name"], password=form.cleaned_data["password1"]
            )
        except KulanError as error:
            with_refusal(form, error)
        else:
            return perform_login(request, user, signup=True)
    language = request.words.language  # type: ignore[attr-defined]
    answer = {
        "form": form,
        "invited": invited,
        "role": Role(invited.role).label if invited.role else "",
        "scope": scope_name(invited.iso3, invited.species_id, language),
        "purpose": PURPOSES[Role(invited.role)] if invited.role else "",
    }
    return render(request, "account/invitation.html", answer, status=422 if form.errors else 200)
