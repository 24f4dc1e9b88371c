"""Choosing actions: by section, lead, priority, species and state."""

from collections.abc import Iterable

from kulan.errors import UnknownNameError
from kulan.programme.actions.actors import actor
from kulan.programme.actions.register import Action, Priority
from kulan.programme.actions.tables import PRIORITIES
from kulan.programme.species import check_species
from kulan.programme.states import state_name

NO_PRIORITY = "none"
"""What asks for actions that are printed without a priority."""


def selected(
    among: Iterable[Action],
    *,
    section: str = "",
    lead: str = "",
    priority: str = "",
    species: str = "",
    state: str = "",
) -> tuple[Action, ...]:
    """Return the actions that meet everything asked for, in the order given.

    Parameters
    ----------
    among
        Actions to choose from.
    section
        Number of the section; empty for every section. So with the others.
    lead
        Actor printed as responsible, by short name.
    priority
        ``low``, ``medium`` or ``high``: actions whose interval holds it; ``none``: actions
        printed without one.
    species
        Species the action or its section names. Actions that speak of all species are left out.
    state
        State the action or its section names, ISO 3166-1 alpha-3. Actions that speak of all
        states are left out.

    Raises
    ------
    UnknownNameError
        If the lead, priority, species or state is not one Kulan knows.

    Examples
    --------
    >>> from kulan.programme.actions import actions
    >>> [one.action_id for one in selected(actions(), species="saiga")]
    ['21.1', '27.1', '27.2', '27.3', '27.4']
    """
    _check(lead, priority, species, state)
    return tuple(
        one
        for one in among
        if section in ("", one.section_id)
        and (not lead or lead in one.leads)
        and (not priority or holds(one.priority, priority))
        and (not species or species in one.species)
        and (not state or state in one.states)
    )


def holds(interval: Priority, priority: str) -> bool:
    """Return whether a priority lies within the interval printed.

    Examples
    --------
    >>> holds(Priority("medium", "high"), "high"), holds(Priority("", ""), "none")
    (True, True)
    """
    if not interval.low:
        return priority == NO_PRIORITY
    if priority == NO_PRIORITY:
        return False
    place = PRIORITIES.index
    return place(interval.low) <= place(priority) <= place(interval.high)


def _check(lead: str, priority: str, species: str, state: str) -> None:
    if lead:
        actor(lead)
    if priority and priority not in (*PRIORITIES, NO_PRIORITY):
        raise UnknownNameError(
            f"{priority!r} is no priority; choose one of {', '.join(PRIORITIES)}, {NO_PRIORITY}."
        )
    if species:
        check_species(species)
    if state:
        state_name(state)
