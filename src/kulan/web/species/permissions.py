"""Who may propose and who may decide: rules that ask, and rules that refuse."""

from functools import cache

from kulan.errors import AccessDeniedError
from kulan.programme import presence
from kulan.web.people.roles import Role
from kulan.web.policy import Viewer
from kulan.web.policy.permissions import may_keep_species, may_speak_for
from kulan.web.species.models import AccountText, PopulationRecord, Version


def may_propose_population(viewer: Viewer, species_id: str, iso3: str) -> bool:
    """Whether the viewer may propose a figure for a species in a state."""
    return (
        viewer.has(Role.SCIENTIST, Role.SECRETARIAT)
        or may_speak_for(viewer, iso3)
        or may_keep_species(viewer, species_id)
    )


def check_may_propose_population(viewer: Viewer, species_id: str, iso3: str) -> None:
    """Refuse who may not propose a figure for a species in a state.

    Raises
    ------
    AccessDeniedError
        Naming who may.
    """
    if not may_propose_population(viewer, species_id, iso3):
        raise AccessDeniedError(
            f"Records of {species_id} in {iso3} are proposed by scientists, the focal point of "
            "that state, the coordinator of the species and the secretariat; your account is none "
            "of them. Ask an administrator for the role."
        )


def may_propose_account(viewer: Viewer, species_id: str) -> bool:
    """Whether the viewer may propose a text about a species."""
    return (
        viewer.has(Role.SCIENTIST, Role.SECRETARIAT)
        or may_keep_species(viewer, species_id)
        or any(may_speak_for(viewer, iso3) for iso3 in _states_of(species_id))
    )


def check_may_propose_account(viewer: Viewer, species_id: str) -> None:
    """Refuse who may not propose a text about a species.

    Raises
    ------
    AccessDeniedError
        Naming who may.
    """
    if not may_propose_account(viewer, species_id):
        raise AccessDeniedError(
            f"Texts about {species_id} are proposed by scientists, focal points of its range "
            "states, the coordinator of the species and the secretariat; your account is none of "
            "them. Ask an administrator for the role."
        )


def may_propose_anything(viewer: Viewer, species_id: str) -> bool:
    """Whether there is a state for which the viewer may propose a figure of the species."""
    return (
        viewer.has(Role.SCIENTIST, Role.SECRETARIAT)
        or bool(viewer.states)
        or may_keep_species(viewer, species_id)
    )


def check_may_propose_anything(viewer: Viewer, species_id: str) -> None:
    """Refuse who may not propose a figure of the species for any state.

    Raises
    ------
    AccessDeniedError
        Naming who may.
    """
    if not may_propose_anything(viewer, species_id):
        raise AccessDeniedError(
            f"Records of {species_id} are proposed by scientists, focal points for their state, "
            "the coordinator of the species and the secretariat; your account is none of them. "
            "Ask an administrator for the role."
        )


def has_standing(viewer: Viewer, version: Version) -> bool:
    """Whether the viewer's roles let them decide on what others propose of this record."""
    if viewer.has(Role.SECRETARIAT) or may_keep_species(viewer, version.species_id):
        return True
    return isinstance(version, PopulationRecord) and may_speak_for(viewer, version.iso3)


def may_decide(viewer: Viewer, version: Version) -> bool:
    """Whether the viewer may approve or reject a proposal: never one's own."""
    return has_standing(viewer, version) and version.proposed_by_id != viewer.user_id


def check_may_decide(viewer: Viewer, version: Version) -> None:
    """Refuse who may not decide on a proposal.

    Raises
    ------
    AccessDeniedError
        Saying why not, and who may.
    """
    if may_decide(viewer, version):
        return
    if has_standing(viewer, version):
        raise AccessDeniedError(
            "You proposed this yourself, and a second person decides: the focal point of the "
            "state, the coordinator of the species or the secretariat."
        )
    who = "the coordinator of the species or the secretariat"
    if not isinstance(version, AccountText):
        who = f"the focal point of the state, {who}"
    raise AccessDeniedError(f"This is decided by {who}; your account is none of them.")


def may_take_back(viewer: Viewer, version: Version) -> bool:
    """Whether the proposal is the viewer's own."""
    return viewer.signed_in and version.proposed_by_id == viewer.user_id


def check_may_take_back(viewer: Viewer, version: Version) -> None:
    """Refuse who takes back what another has proposed.

    Raises
    ------
    AccessDeniedError
        If the proposal is another's.
    """
    if not may_take_back(viewer, version):
        raise AccessDeniedError("Only the person who proposed this can take it back.")


@cache
def _states_of(species_id: str) -> frozenset[str]:
    table = presence()
    return frozenset(table.loc[table["species_id"] == species_id, "iso3"])
