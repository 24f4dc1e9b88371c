"""Pages about people: the list, one person, invitations, organisations."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kulan.errors import KulanError
from kulan.web.events.history import events_of
from kulan.web.people import actions, invitations
from kulan.web.people.forms import (
    GrantForm,
    InvitationForm,
    OrganisationChoice,
    OrganisationForm,
    posted,
    with_refusal,
)
from kulan.web.people.models import Grant, Invitation, Organisation, User
from kulan.web.people.roles import PURPOSES, Role
from kulan.web.people.scopes import scope_name
from kulan.web.policy.people import (
    KEEP_ORGANISATIONS,
    KEEP_PEOPLE,
    SEE_PEOPLE,
    roles_to_invite,
    visible_invitations,
)

_ON_A_PAGE = 50


def _see(request: HttpRequest, *roles: str) -> Any:
    """Return the viewer, or say that there is no such page."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if not viewer.has(*roles):
        raise Http404
    return viewer


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List accounts, for whoever keeps or sees them."""
    viewer = _see(request, *SEE_PEOPLE)
    page = Paginator(_found(request.GET), _ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "people/list.html",
        {
            "page": page,
            "sought": request.GET,
            "roles": Role.choices,
            "organisations": Organisation.objects.order_by("name"),
            "held_by": {person.pk: _held(person, request) for person in page},
            "may_invite": bool(roles_to_invite(viewer)),
        },
    )


def _found(sought: Any) -> QuerySet[User]:
    found = User.objects.select_related("organisation").prefetch_related("grants")
    if words := sought.get("q", "").strip():
        found = found.filter(Q(name__icontains=words) | Q(email__icontains=words))
    if sought.get("role") in Role.values:
        today = timezone.localdate()
        lasting = Q(grants__valid_to=None) | Q(grants__valid_to__gte=today)
        found = found.filter(
            lasting, grants__role=sought["role"], grants__valid_from__lte=today
        ).distinct()
    if sought.get("organisation", "").isdigit():
        found = found.filter(organisation=int(sought["organisation"]))
    if sought.get("state") == "closed":
        found = found.filter(is_active=False)
    elif sought.get("state") != "all":
        found = found.filter(is_active=True)
    return found.order_by("name", "pk")


def _held(person: User, request: HttpRequest) -> list[tuple[str, str]]:
    """Return the roles somebody holds today, each with what it is for."""
    language = request.words.language  # type: ignore[attr-defined]
    today = timezone.localdate()
    return [
        (str(Role(grant.role).label), scope_name(grant.iso3, grant.species_id, language))
        for grant in person.grants.all()
        if grant.holds_on(today)
    ]


@require_GET
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show one person."""
    viewer = _see(request, *SEE_PEOPLE)
    user = get_object_or_404(User, pk=user_id)
    return _person_page(request, user, may_keep=viewer.has(*KEEP_PEOPLE))


def _person_page(
    request: HttpRequest, user: User, *, may_keep: bool, form: GrantForm | None = None
) -> HttpResponse:
    language = request.words.language  # type: ignore[attr-defined]
    today = timezone.localdate()
    grants = [
        (grant, str(Role(grant.role).label), scope_name(grant.iso3, grant.species_id, language))
        for grant in user.grants.select_related("given_by").order_by("valid_to", "role")
    ]
    answer = {
        "person": user,
        "grants": [(*row, row[0].holds_on(today)) for row in grants],
        "today": today,
        "may_keep": may_keep and not user.erased_at,
        "form": form or GrantForm(initial={"valid_from": today}),
        "organisation_form": OrganisationChoice(initial={"organisation": user.organisation}),
        "purposes": [(Role(role).label, purpose) for role, purpose in PURPOSES.items()],
        "happened": events_of("user", user.uid),
    }
    return render(request, "people/person.html", answer, status=422 if form else 200)


def _keep(request: HttpRequest, user_id: int) -> tuple[Any, User]:
    """Return the administrator and the person; 403 for who may only see."""
    viewer = _see(request, *SEE_PEOPLE)
    return viewer, get_object_or_404(User, pk=user_id)


@require_POST
def give_grant(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a person a role."""
    viewer, user = _keep(request, user_id)
    form = GrantForm(request.POST)
    if not form.is_valid():
        return _person_page(request, user, may_keep=viewer.has(*KEEP_PEOPLE), form=form)
    actions.give_grant(viewer, user, form.cleaned_data.pop("role"), **form.cleaned_data)
    return redirect("person", user_id)


@require_POST
def end_grant(request: HttpRequest, user_id: int, grant_id: int) -> HttpResponse:
    """End a role."""
    viewer, user = _keep(request, user_id)
    actions.end_grant(viewer, get_object_or_404(Grant, pk=grant_id, user=user))
    return redirect("person", user_id)


@require_POST
def close(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close an account."""
    viewer, user = _keep(request, user_id)
    actions.close_account(viewer, user)
    return redirect("person", user_id)


@require_POST
def reopen(request: HttpRequest, user_id: int) -> HttpResponse:
    """Open an account again."""
    viewer, user = _keep(request, user_id)
    actions.reopen_account(viewer, user)
    return redirect("person", user_id)


@require_POST
def move(request: HttpRequest, user_id: int) -> HttpResponse:
    """Say for whom a person works."""
    viewer, user = _keep(request, user_id)
    form = OrganisationChoice(request.POST)
    if form.is_valid():
        actions.move_to_organisation(viewer, user, form.cleaned_data["organisation"])
    return redirect("person", user_id)


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Show whom the viewer has invited, and invite somebody."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if not roles_to_invite(viewer):
        raise Http404
    initial = {"language": request.words.language, "role": Role.PARTNER}  # type: ignore[attr-defined]
    form = InvitationForm(viewer, posted(request), initial=initial)
    if form.is_valid() and (invitation := _invited(request, form)):
        return _invite_page(request, InvitationForm(viewer, initial=initial), invitation)
    return _invite_page(request, form, status=422 if form.errors else 200)


def _invited(request: HttpRequest, form: InvitationForm) -> Invitation | None:
    viewer = request.viewer  # type: ignore[attr-defined]
    try:
        invitation = invitations.invite(viewer, **form.cleaned_data)
    except KulanError as error:
        with_refusal(form, error)
        return None
    address = invitations.link(invitation, request)
    invitations.send_letter(invitation, viewer.name, address)
    say = request.words.say  # type: ignore[attr-defined]
    messages.success(
        request, say("An invitation is on its way to {address}.", address=invitation.email)
    )
    return invitation


def _invite_page(
    request: HttpRequest, form: InvitationForm, made: Invitation | None = None, status: int = 200
) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    language = request.words.language  # type: ignore[attr-defined]
    sent = visible_invitations(viewer).select_related("organisation", "invited_by", "used_by")
    rows = [
        (
            invitation,
            str(Role(invitation.role).label) if invitation.role else "",
            scope_name(invitation.iso3, invitation.species_id, language),
        )
        for invitation in sent.order_by("-invited_at")[:200]
    ]
    answer = {
        "form": form,
        "rows": rows,
        "now": timezone.now(),
        "link": invitations.link(made, request) if made else "",
        "sees_people": viewer.has(*SEE_PEOPLE),
        "days": invitations.GOOD_FOR_DAYS,
    }
    return render(request, "people/invitations.html", answer, status=status)


@require_POST
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Withdraw an invitation."""
    viewer = request.viewer  # type: ignore[attr-defined]
    invitation = get_object_or_404(visible_invitations(viewer), pk=invitation_id)
    invitations.withdraw(viewer, invitation)
    return redirect("invitations")


@require_http_methods(["GET", "POST"])
def organisations(request: HttpRequest) -> HttpResponse:
    """List organisations, and add one."""
    _see(request, *KEEP_ORGANISATIONS)
    return _organisation_page(request, None)


@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Change an organisation."""
    _see(request, *KEEP_ORGANISATIONS)
    return _organisation_page(request, get_object_or_404(Organisation, pk=organisation_id))


def _organisation_page(request: HttpRequest, chosen: Organisation | None) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    form = OrganisationForm(posted(request), instance=chosen)
    if form.is_valid():
        actions.keep_organisation(viewer, organisation=chosen, **form.cleaned_data)
        return redirect("organisations")
    language = request.words.language  # type: ignore[attr-defined]
    counted = Organisation.objects.annotate(
        people_count=Count("people", distinct=True), layer_count=Count("layers", distinct=True)
    ).order_by("name")
    answer = {
        "form": form,
        "chosen": chosen,
        "rows": [(one, scope_name(one.iso3, "", language)) for one in counted],
    }
    return render(request, "people/organisations.html", answer, status=422 if form.errors else 200)
