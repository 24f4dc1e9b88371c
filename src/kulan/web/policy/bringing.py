"""Who may bring a layer, change it, review it, and say who sees it."""

from kulan.errors import AccessDeniedError
from kulan.web.catalogue.models import Layer, LayerVersion
from kulan.web.catalogue.themes import State
from kulan.web.language import current_words
from kulan.web.people.roles import Role
from kulan.web.policy.layers import REVIEWERS
from kulan.web.policy.renditions import owns
from kulan.web.policy.viewer import Viewer

BRINGERS = (Role.SCIENTIST, Role.FOCAL_POINT, Role.SPECIES_COORDINATOR, Role.SECRETARIAT)
"""Roles that may bring layers."""


def may_bring(viewer: Viewer) -> bool:
    """Whether the viewer may bring layers at all."""
    return viewer.has(*BRINGERS)


def owns_layer(viewer: Viewer, layer: Layer) -> bool:
    """Whether a layer is the viewer's own, or of the viewer's organisation."""
    return owns(viewer, LayerVersion(layer=layer))


def may_change(viewer: Viewer, version: LayerVersion) -> bool:
    """Whether the viewer may change a version and ask for its review."""
    return may_bring(viewer) and owns(viewer, version)


def may_review(viewer: Viewer, version: LayerVersion) -> bool:
    """Whether the viewer may decide on a version: a second person, of another house.

    Neither who made the version nor anyone of the organisation the layer belongs to decides.
    """
    if not viewer.has(*REVIEWERS) or version.state != State.IN_REVIEW:
        return False
    return version.created_by_id != viewer.user_id and not owns(viewer, version)


def may_withdraw(viewer: Viewer, version: LayerVersion) -> bool:
    """Whether the viewer may take a released version back: its owner, or the secretariat."""
    return may_change(viewer, version) or viewer.has(Role.SECRETARIAT)


def may_agree(viewer: Viewer, layer: Layer) -> bool:
    """Whether the viewer may say who else sees a layer finely, and see who did."""
    return may_bring(viewer) and owns_layer(viewer, layer)


def may_keep_rules(viewer: Viewer) -> bool:
    """Whether the viewer may change the rules of sensitivity, and set them aside for a layer."""
    return viewer.has(Role.SECRETARIAT)


def check_may_bring(viewer: Viewer) -> None:
    """Refuse who may not bring layers.

    Raises
    ------
    AccessDeniedError
        Naming the roles that may.
    """
    if not may_bring(viewer):
        say = current_words().say
        raise AccessDeniedError(
            say("Layers are brought by scientists, focal points, coordinators and the secretariat.")
        )


def check_may_change(viewer: Viewer, version: LayerVersion) -> None:
    """Refuse who may not change a version.

    Raises
    ------
    AccessDeniedError
        Saying who may.
    """
    if not may_change(viewer, version):
        say = current_words().say
        raise AccessDeniedError(say("Only the owner of a layer, and its organisation, change it."))


def check_may_review(viewer: Viewer, version: LayerVersion) -> None:
    """Refuse who may not decide on a version.

    Raises
    ------
    AccessDeniedError
        Saying who may.
    """
    if not may_review(viewer, version):
        say = current_words().say
        raise AccessDeniedError(
            say(
                "A scientist or the secretariat decides on a version in review, "
                "but nobody of the organisation that brings it."
            )
        )


def check_may_withdraw(viewer: Viewer, version: LayerVersion) -> None:
    """Refuse who may not take a version back.

    Raises
    ------
    AccessDeniedError
        Saying who may.
    """
    if not may_withdraw(viewer, version):
        say = current_words().say
        raise AccessDeniedError(say("Only the owner or the secretariat withdraws a version."))


def check_may_agree(viewer: Viewer, layer: Layer) -> None:
    """Refuse who may not make agreements about a layer.

    Raises
    ------
    AccessDeniedError
        Saying who may.
    """
    if not may_agree(viewer, layer):
        say = current_words().say
        raise AccessDeniedError(say("Only the owner of a layer says who sees it finely."))


def check_may_keep_rules(viewer: Viewer) -> None:
    """Refuse who may not keep the rules of sensitivity.

    Raises
    ------
    AccessDeniedError
        Saying who may.
    """
    if not may_keep_rules(viewer):
        say = current_words().say
        raise AccessDeniedError(say("The secretariat keeps the rules of sensitivity."))
