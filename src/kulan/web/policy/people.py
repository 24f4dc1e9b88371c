"""Who may see, invite and keep people, and who may read what happened."""

from django.db.models import Q, QuerySet

from kulan.errors import AccessDeniedError
from kulan.web.catalogue.models import Layer, LayerVersion
from kulan.web.events.models import Event
from kulan.web.people.models import Invitation, Organisation, User
from kulan.web.people.roles import Role
from kulan.web.policy.layers import owned
from kulan.web.policy.viewer import Viewer

SEE_PEOPLE = (Role.ADMINISTRATOR, Role.SECRETARIAT)
KEEP_PEOPLE = (Role.ADMINISTRATOR,)
KEEP_ORGANISATIONS = (Role.ADMINISTRATOR, Role.SECRETARIAT)
SEE_EVENTS = (Role.ADMINISTRATOR,)


def visible_people(viewer: Viewer) -> QuerySet[User]:
    """Return the accounts the viewer may look at: all, or only the viewer's own."""
    if viewer.has(*SEE_PEOPLE):
        return User.objects.all()
    return User.objects.filter(pk=viewer.user_id) if viewer.signed_in else User.objects.none()


def roles_to_invite(viewer: Viewer) -> tuple[Role, ...]:
    """Return the roles the viewer may invite people to.

    Administrators all; the secretariat all but administrator; focal points partners and scientists,
    of organisations of their state. Nobody else invites.
    """
    if viewer.has(Role.ADMINISTRATOR):
        return tuple(Role)
    if viewer.has(Role.SECRETARIAT):
        return tuple(role for role in Role if role != Role.ADMINISTRATOR)
    return (Role.PARTNER, Role.SCIENTIST) if viewer.states else ()


def organisations_to_invite(viewer: Viewer) -> QuerySet[Organisation]:
    """Return the organisations the viewer may invite people of."""
    if viewer.has(*SEE_PEOPLE):
        return Organisation.objects.all()
    return Organisation.objects.filter(iso3__in=sorted(viewer.states)).exclude(iso3="")


def must_name_organisation(viewer: Viewer) -> bool:
    """Whether whom the viewer invites must belong to an organisation the viewer may invite of."""
    return not viewer.has(*SEE_PEOPLE)


def visible_invitations(viewer: Viewer) -> QuerySet[Invitation]:
    """Return the invitations the viewer may see and withdraw: all, or those the viewer sent."""
    if viewer.has(*SEE_PEOPLE):
        return Invitation.objects.all()
    return (
        Invitation.objects.filter(invited_by=viewer.user_id)
        if viewer.signed_in
        else (Invitation.objects.none())
    )


def check_may_invite(viewer: Viewer, role: str, organisation: Organisation | None) -> None:
    """Refuse an invitation that is not the viewer's to give.

    Raises
    ------
    AccessDeniedError
        Saying what the viewer may not.
    """
    if role not in roles_to_invite(viewer):
        raise AccessDeniedError(f"You may not invite somebody as {role or 'a reader'}.")
    if must_name_organisation(viewer) and (
        organisation is None
        or not organisations_to_invite(viewer).filter(pk=organisation.pk).exists()
    ):
        raise AccessDeniedError("You may invite people of organisations of your state only.")


def visible_events(viewer: Viewer) -> QuerySet[Event]:
    """Return what happened, as far as the viewer may read it.

    Administrators all of it; owners what happened to their layers, down to who looked; everyone
    what happened to their own account and what they did themselves.
    """
    if viewer.has(*SEE_EVENTS):
        return Event.objects.all()
    if not viewer.signed_in:
        return Event.objects.none()
    layers = Layer.objects.filter(owned(viewer))
    names = list(layers.values_list("layer_id", flat=True))
    keys = [str(key) for key in layers.values_list("pk", flat=True)]
    versions = LayerVersion.objects.filter(owned(viewer, "layer__")).values_list("uid", flat=True)
    return Event.objects.filter(
        Q(by_id=viewer.user_id)
        | Q(subject_kind="user", subject_id=str(viewer.user_id))
        | Q(subject_kind="layer", subject_id__in=names + keys)
        | Q(subject_kind="layerversion", subject_id__in=[str(uid) for uid in versions])
    )
