"""The register of organisations: who takes part, with or without an account in Kulan."""

from kulan.programme.actions import Actor, actors
from kulan.programme.money.funding import ORGANISATION_KINDS
from kulan.programme.registers.fields import Field, Register
from kulan.programme.registers.parts import ABOUT, SOURCE, SPECIES
from kulan.words import N_

_OF_MANY = frozenset(
    {
        "meas", "international_forums", "government_agencies", "local_government",
        "education_ministries", "protected_area_administrations", "ngos", "national_ngos",
        "international_ngos", "scientific_institutions", "local_communities", "community_leaders",
        "herders", "local_stakeholders", "private_sector", "insurance_sector", "tourism_agencies",
        "donors", "development_agencies", "international_agencies", "international_partners",
        "media",
    }
)  # fmt: skip
"""Leads of actions that are kinds of organisations, and no organisation."""

ORGANISATION_REGISTER = Register(
    "organisations",
    N_("Organisations"),
    N_("Who takes part in the programme, with an account here or without: kind, states, roles."),
    fields=(
        Field("name", "line", N_("Name"), required=True),
        Field("abbreviation", "line", N_("Abbreviation"), example="WWF"),
        Field(
            "kind",
            "choice",
            N_("Kind"),
            required=True,
            choices=tuple(ORGANISATION_KINDS.items()),
        ),
        Field("states", "states", N_("Range states it works in")),
        SPECIES,
        Field(
            "actor",
            "actor",
            N_("Lead of actions as"),
            N_("Under which name the programme gives it actions."),
        ),
        Field(
            "iati_ref",
            "line",
            N_("Identifier with IATI"),
            N_("Joins it to the donors and to those who publish projects."),
            example="XM-DAC-41116",
        ),
        Field(
            "person",
            "line",
            N_("Contact person"),
            N_("Read by people with a role in the programme."),
            level="partners",
        ),
        Field("position", "line", N_("Position"), level="partners"),
        Field(
            "email",
            "email",
            N_("E-mail address"),
            N_("Read by focal points, species coordinators and the secretariat."),
            level="government",
            example="name@agency.example",
        ),
        Field(
            "telephone",
            "line",
            N_("Telephone"),
            N_("Read by focal points, species coordinators and the secretariat."),
            level="government",
        ),
        ABOUT,
        Field("link", "link", N_("Website"), example="https://organisation.example"),
        SOURCE,
    ),
    heading=("name",),
    kept_by=("state", "organisation"),
)


def named_leads() -> tuple[Actor, ...]:
    """Return the leads of actions that are one organisation each, in the programme's order."""
    return tuple(one for one in actors() if one.actor_id not in _OF_MANY)
