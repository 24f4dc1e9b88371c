"""An action as calls look at it: where, for what, and what those who lead it are."""

from kulan.programme.actions import Action, action_key, actors
from kulan.programme.money.funding import theme_of_section
from kulan.programme.money.gaps import Gap
from kulan.programme.money.matching import Fundable

_KINDS_OF_ACTORS = {
    "business": ("private_sector",),
    "un_agency": ("intergovernmental",),
    "convention": ("intergovernmental",),
    "science": ("research",),
    "ngo": ("international_ngo", "national_ngo"),
    "union": ("international_ngo",),
    "partner": ("international_ngo", "national_ngo"),
    "protected_area": ("government", "other_public"),
    "government": ("government", "local_government"),
    "community": ("community",),
}


def fundable(one: Action, gap: Gap) -> Fundable:
    """Return an action as calls look at it.

    Parameters
    ----------
    one
        The action.
    gap
        What is missing for it.
    """
    kinds = {one.actor_id: one.kind for one in actors()}
    found: dict[str, None] = {}
    for lead in one.leads:
        found |= dict.fromkeys(_KINDS_OF_ACTORS.get(kinds.get(lead, ""), ()))
    return Fundable(
        action=action_key(one),
        priority=one.priority.high,
        states=one.states,
        species=one.species,
        theme=theme_of_section(one.section_id),
        lead_kinds=tuple(found),
        gap=gap,
    )
