"""The programme's nouns: species, states, areas, barriers, seasons and instruments, with dates."""

from kulan.programme.areas import key_areas, landscapes
from kulan.programme.barriers import barriers
from kulan.programme.instruments import instruments
from kulan.programme.seasons import seasons
from kulan.programme.species import (
    cami_lists,
    edition_species,
    presence,
    species,
    species_name,
    species_names,
    species_statuses,
    statuses_on,
)
from kulan.programme.states import (
    PartyStatus,
    memberships,
    party_status,
    range_states,
    state_name,
)

__all__ = [
    "PartyStatus",
    "barriers",
    "cami_lists",
    "edition_species",
    "instruments",
    "key_areas",
    "landscapes",
    "memberships",
    "party_status",
    "presence",
    "range_states",
    "seasons",
    "species",
    "species_name",
    "species_names",
    "species_statuses",
    "state_name",
    "statuses_on",
]
