"""The programme's nouns: species, states, areas, barriers, seasons and instruments, with dates."""

from kulan.programme.accounts import AccountSection, species_account, species_accounts
from kulan.programme.areas import key_areas, landscapes
from kulan.programme.barriers import barriers
from kulan.programme.instruments import instruments
from kulan.programme.populations import (
    PopulationEstimate,
    Reason,
    comparable,
    estimates_of,
    in_order,
    populations,
)
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
    "AccountSection",
    "PartyStatus",
    "PopulationEstimate",
    "Reason",
    "barriers",
    "cami_lists",
    "comparable",
    "edition_species",
    "estimates_of",
    "in_order",
    "instruments",
    "key_areas",
    "landscapes",
    "memberships",
    "party_status",
    "populations",
    "presence",
    "range_states",
    "seasons",
    "species",
    "species_account",
    "species_accounts",
    "species_name",
    "species_names",
    "species_statuses",
    "state_name",
    "statuses_on",
]
