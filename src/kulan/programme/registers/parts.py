"""Fields that several registers have."""

from kulan.programme.registers.fields import Field
from kulan.words import N_

TITLE = Field("title", "line", N_("Title"), required=True)
STATE = Field("state", "state", N_("Range state"), required=True)
STATES = Field("states", "states", N_("Range states"))
SPECIES = Field("species", "several_species", N_("Species"))
PLACE = Field("place", "line", N_("Place"))
FROM = Field(
    "valid_from",
    "day",
    N_("Valid from"),
    N_("A year, a month or a day."),
    example="2024-03",
)
UNTIL = Field("valid_to", "day", N_("Valid until"), N_("Leave empty while it holds."))
ABOUT = Field("about", "text", N_("Description"))
LINK = Field("link", "link", N_("Link to the document"), example="https://agency.example/doc.pdf")
SOURCE = Field("source", "line", N_("Source"), N_("Where this is written."))
ACTIONS = Field(
    "actions",
    "actions",
    N_("Actions of the programme"),
    N_("Numbers of the actions this serves, one a line."),
    example="1.3",
)
ORGANISATIONS = Field(
    "organisations", "records", N_("Organisations that take part"), of="organisations"
)
CONTACTS = (
    Field("person", "line", N_("Name of the person"), required=True),
    Field("position", "line", N_("Position")),
    Field("house", "line", N_("Ministry, institute or organisation")),
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
)
"""Of focal points: the office is public, how to reach the person is not."""
