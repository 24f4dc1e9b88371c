"""Who may do what: each rule is a pair, one that asks and one that refuses."""

from kulan.errors import AccessDeniedError
from kulan.web.people.roles import Role
from kulan.web.policy.viewer import Viewer


def check_role(viewer: Viewer, *roles: str, to: str) -> None:
    """Refuse unless one of the roles is held.

    Parameters
    ----------
    viewer
        Who wants to.
    roles
        Any of them will do.
    to
        What they want to do, for the message: ``release a layer``.

    Raises
    ------
    AccessDeniedError
        Naming who may.
    """
    if not viewer.has(*roles):
        who = " or ".join(Role(role).value.replace("_", " ") for role in roles)
        raise AccessDeniedError(f"To {to} takes the role of {who}; ask an administrator for it.")


def may_speak_for(viewer: Viewer, iso3: str) -> bool:
    """Whether the viewer is focal point of a state."""
    return iso3 in viewer.states


def may_keep_species(viewer: Viewer, species_id: str) -> bool:
    """Whether the viewer coordinates a species."""
    return species_id in viewer.species
