"""Which layers and versions exist for a viewer at all."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from kulan.web.catalogue.models import Layer, LayerVersion
from kulan.web.catalogue.themes import Audience, State
from kulan.web.people.roles import Role
from kulan.web.policy.viewer import Viewer

REVIEWERS = (Role.SCIENTIST, Role.SECRETARIAT)
"""Who may see, and review, what others have brought."""


def owned(viewer: Viewer, prefix: str = "") -> Q:
    """Return the condition that a layer is the viewer's own, or of the viewer's organisation."""
    if not viewer.signed_in:
        return Q(pk__in=())
    mine = Q(**{f"{prefix}owner_id": viewer.user_id})
    if viewer.organisation_id is not None:
        mine |= Q(**{f"{prefix}organisation_id": viewer.organisation_id})
    return mine


def _admitted(viewer: Viewer, prefix: str = "") -> Q:
    """Return the condition that a layer's audience has the viewer in it today."""
    audiences = [Audience.PUBLIC]
    if viewer.roles:
        audiences.append(Audience.PARTNERS)
    today = timezone.localdate()
    embargo = Q(**{f"{prefix}embargo_until": None}) | Q(**{f"{prefix}embargo_until__lt": today})
    agreed = Q(**{f"{prefix}pk__in": [layer for layer, _ in viewer.agreements]})
    return Q(**{f"{prefix}audience__in": audiences}) & embargo | agreed | owned(viewer, prefix)


def visible_layers(viewer: Viewer) -> QuerySet[Layer]:
    """Return the layers of which the viewer may see a released version, and the viewer's own."""
    released = Q(versions__state=State.RELEASED) & _admitted(viewer)
    return Layer.objects.filter(released | owned(viewer)).distinct()


def visible_versions(viewer: Viewer) -> QuerySet[LayerVersion]:
    """Return the versions that exist for the viewer.

    Released and superseded ones of layers the viewer is admitted to; all of the viewer's own; those
    in review, for whoever may review them. Withdrawn ones only for their owners.
    """
    published = Q(state__in=(State.RELEASED, State.SUPERSEDED)) & _admitted(viewer, "layer__")
    seen = published | owned(viewer, "layer__")
    if viewer.has(*REVIEWERS):
        seen |= Q(state=State.IN_REVIEW) & ~Q(layer__audience=Audience.NAMED)
    if viewer.has(Role.SECRETARIAT):
        seen |= Q(state=State.IN_REVIEW)
    return LayerVersion.objects.filter(seen).select_related("layer")
