"""How finely someone sees a place that is hidden from the public so far: the rule itself."""

from kulan.web.people.roles import Role

EXACT, COARSEST, WITHHELD = 0, 4, 5
ROLE_LEVELS = {Role.SPECIES_COORDINATOR: 2, Role.SECRETARIAT: 3}
"""Finest level of a species' coordinator (0.01°) and of the secretariat (0.1°); what is withheld
from the public they see at 1°. All other roles see what the public sees, unless they own the layer,
speak for the state, or hold an agreement."""


def seen_level(
    default: int,
    *,
    owns: bool = False,
    speaks_for_state: bool = False,
    coordinates_species: bool = False,
    secretariat: bool = False,
    agreed: int | None = None,
) -> int:
    """Return the level at which a feature is seen, 5 for not at all.

    Parameters
    ----------
    default
        Level at which the public sees it.
    owns, speaks_for_state, coordinates_species, secretariat
        What the viewer is to the layer, the feature's state, its species, the programme.
    agreed
        Finest level an agreement on the layer lets the viewer see.

    Examples
    --------
    >>> seen_level(3), seen_level(3, speaks_for_state=True), seen_level(5, secretariat=True)
    (3, 0, 4)
    """
    levels = [default]
    if owns or speaks_for_state:
        levels.append(EXACT)
    if agreed is not None:
        levels.append(agreed)
    for role, held in (
        (Role.SPECIES_COORDINATOR, coordinates_species),
        (Role.SECRETARIAT, secretariat),
    ):
        if held:
            levels.append(COARSEST if default == WITHHELD else ROLE_LEVELS[role])
    return min(levels)
