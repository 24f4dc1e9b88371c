"""The registers about states, areas and agreements, and the list of all registers."""

from kulan.errors import UnknownNameError
from kulan.programme.registers import vocabularies as lists
from kulan.programme.registers.fields import Field, Register, Stage
from kulan.programme.registers.organisations import ORGANISATION_REGISTER
from kulan.programme.registers.parts import (
    ABOUT,
    ACTIONS,
    CONTACTS,
    FROM,
    LINK,
    ORGANISATIONS,
    PLACE,
    SOURCE,
    SPECIES,
    STATE,
    STATES,
    TITLE,
    UNTIL,
)
from kulan.programme.registers.people_and_promises import (
    COMMITMENTS,
    EQUIPMENT,
    EVENTS,
    PRACTICES,
    RESEARCHERS,
    TRAININGS,
)
from kulan.words import N_

STATE_FOCAL_POINTS = Register(
    "state-focal-points",
    N_("Focal points by state"),
    N_("Who speaks for each range state, in what, since when."),
    fields=(
        STATE,
        Field("function", "choice", N_("In what"), required=True, choices=lists.FUNCTIONS),
        *CONTACTS,
        FROM,
        UNTIL,
        SOURCE,
    ),
    heading=("state", "function"),
    span=("valid_from", "valid_to"),
    kept_by=("state",),
    personal=True,
)
SPECIES_FOCAL_POINTS = Register(
    "species-focal-points",
    N_("Focal points by species"),
    N_("Whom to ask about a species, for the whole range or for one state."),
    fields=(
        Field("species_id", "species", N_("Species"), required=True),
        Field("state", "state", N_("Range state"), N_("Leave empty for the whole range.")),
        *CONTACTS,
        FROM,
        UNTIL,
        SOURCE,
    ),
    heading=("species_id", "state"),
    span=("valid_from", "valid_to"),
    kept_by=("species", "state"),
    personal=True,
)
AGREEMENTS = Register(
    "agreements",
    N_("Agreements"),
    N_("Memoranda, treaties and joint plans between states, from first proposal to the end."),
    fields=(
        TITLE,
        Field("kind", "choice", N_("Kind"), required=True, choices=lists.AGREEMENT_KINDS),
        STATES,
        SPECIES,
        Field("signed_on", "day", N_("Signed on"), example="2024-06-14"),
        FROM,
        UNTIL,
        Field("hotspots", "records", N_("Transboundary areas it is about"), of="hotspots"),
        ORGANISATIONS,
        Field("next_step", "text", N_("What comes next"), level="government"),
        ABOUT,
        LINK,
        ACTIONS,
    ),
    heading=("title",),
    stages=(
        Stage("proposed", N_("Proposed")),
        Stage("negotiated", N_("Under negotiation")),
        Stage("agreed", N_("Text agreed")),
        Stage("signed", N_("Signed"), needs=("signed_on",), counts=True),
        Stage("in_force", N_("In force"), needs=("signed_on", "valid_from"), counts=True),
        Stage("ended", N_("Ended or given up"), ended=True),
    ),
    span=("valid_from", "valid_to"),
    evidence="agreement",
    evidence_day=("signed_on", "valid_from"),
    kept_by=("state",),
)
HOTSPOTS = Register(
    "hotspots",
    N_("Transboundary areas"),
    N_("Areas that neighbours keep together: who is concerned, what was agreed, what comes next."),
    fields=(
        TITLE,
        Field(
            "landscape",
            "landscape",
            N_("Landscape in the Atlas"),
            N_("Gives it its place on the map; leave empty for a place of its own."),
        ),
        Field(
            "centre",
            "point",
            N_("Centre"),
            N_("Latitude and longitude, degrees with a point before their fraction."),
            example="44.0, 56.5",
        ),
        Field("area_km2", "whole", N_("Area, km²")),
        STATES,
        SPECIES,
        Field(
            "stakeholders",
            "lines",
            N_("Who is concerned"),
            N_("One a line, with the state in brackets where it is of one."),
            example="Ustyurt State Reserve (KAZ)",
        ),
        ORGANISATIONS,
        Field("groups", "records", N_("Working groups"), of="working-groups"),
        Field("workshops", "records", N_("Workshops and meetings"), of="meetings"),
        Field("recommendations", "lines", N_("Recommendations"), N_("One a line.")),
        ABOUT,
        LINK,
        SOURCE,
        ACTIONS,
    ),
    heading=("title",),
    stages=(
        Stage("illustrative", N_("Illustrative, not confirmed"), needs=("source",)),
        Stage("proposed", N_("Proposed")),
        Stage("recognised", N_("Recognised by its states"), needs=("states",)),
        Stage("given_up", N_("Given up"), ended=True),
    ),
    begins_in="proposed",
    kept_by=("state",),
)
WORKING_GROUPS = Register(
    "working-groups",
    N_("Working groups"),
    N_("Groups that work between meetings: mandate, members, and when they met."),
    fields=(
        TITLE,
        Field("kind", "choice", N_("Kind"), required=True, choices=lists.GROUP_KINDS),
        STATES,
        SPECIES,
        Field("members", "lines", N_("Members"), N_("One a line."), level="partners"),
        ORGANISATIONS,
        Field("mandate", "text", N_("Mandate")),
        Field("meetings", "records", N_("Its meetings"), of="meetings"),
        FROM,
        UNTIL,
        LINK,
        ACTIONS,
    ),
    heading=("title",),
    span=("valid_from", "valid_to"),
    kept_by=("state", "species"),
)
MEETINGS = Register(
    "meetings",
    N_("Meetings and decisions"),
    N_("Meetings and workshops with what they decided, and who does it until when."),
    fields=(
        TITLE,
        Field("kind", "choice", N_("Kind"), required=True, choices=lists.MEETING_KINDS),
        Field("begins", "day", N_("First day"), required=True, example="2025-04-22"),
        Field("ends", "day", N_("Last day")),
        PLACE,
        STATES,
        SPECIES,
        Field("participants", "whole", N_("Number of participants")),
        ORGANISATIONS,
        Field(
            "decisions",
            "lines",
            N_("Decisions"),
            N_("One a line: what, who does it, until when."),
            example="Joint count of saiga: both agencies, by 2026-05",
        ),
        LINK,
        ACTIONS,
    ),
    heading=("title",),
    stages=(
        Stage("planned", N_("Planned")),
        Stage("held", N_("Held"), counts=True),
        Stage("cancelled", N_("Cancelled"), ended=True),
    ),
    evidence="meeting",
    evidence_day=("ends", "begins"),
    kept_by=("state", "organisation"),
)
LAWS = Register(
    "laws",
    N_("Laws and policies"),
    N_("What applies in each state, by topic, with its citation and its dates."),
    fields=(
        STATE,
        Field("topics", "choices", N_("Topics"), required=True, choices=lists.LAW_TOPICS),
        Field("kind", "choice", N_("Kind"), required=True, choices=lists.LAW_KINDS),
        TITLE,
        Field(
            "citation",
            "line",
            N_("Citation"),
            N_("Number and date as officially published."),
            required=True,
        ),
        FROM,
        UNTIL,
        Field("gist", "text", N_("What it says about the topic")),
        SPECIES,
        LINK,
        SOURCE,
        ACTIONS,
    ),
    heading=("title",),
    span=("valid_from", "valid_to"),
    evidence="law",
    evidence_day=("valid_from",),
    kept_by=("state",),
)
MEMBERSHIPS = Register(
    "memberships",
    N_("Treaty membership"),
    N_("What each state was to each treaty, over time; each line with its source."),
    fields=(
        STATE,
        Field("instrument", "choice", N_("Treaty"), required=True, choices=lists.INSTRUMENTS),
        Field("status", "choice", N_("Status"), required=True, choices=lists.STATUSES),
        Field("valid_from", "day", N_("In force from"), required=True, example="2021-01-01"),
        UNTIL,
        Field("source", "line", N_("Source"), required=True),
    ),
    heading=("instrument", "state"),
    span=("valid_from", "valid_to"),
    kept_by=("state",),
)

REGISTERS = (
    STATE_FOCAL_POINTS,
    SPECIES_FOCAL_POINTS,
    ORGANISATION_REGISTER,
    AGREEMENTS,
    HOTSPOTS,
    WORKING_GROUPS,
    MEETINGS,
    LAWS,
    MEMBERSHIPS,
    TRAININGS,
    EQUIPMENT,
    PRACTICES,
    RESEARCHERS,
    COMMITMENTS,
    EVENTS,
)
"""Every register, in the order of the index."""


def register(name: str) -> Register:
    """Return a register by its name.

    Raises
    ------
    UnknownNameError
        If there is none of that name.

    Examples
    --------
    >>> register("agreements").first_stage
    'proposed'
    """
    for one in REGISTERS:
        if one.name == name:
            return one
    raise UnknownNameError(
        f"There is no register {name!r}; choose of {', '.join(one.name for one in REGISTERS)}."
    )
