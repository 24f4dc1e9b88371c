"""Tables that files are read into and accounts are given in."""

from kulan.schemas import Column, Table
from kulan.vocabulary import BARRIER_STATUSES, BARRIER_TYPES, FENCE_TYPES, STRUCTURE_KINDS

LEFT_OUT = Table(
    name="left_out",
    title="What a file held that could not be used",
    columns=(
        Column(
            "source_row",
            "Feature of the file, 1 for the first; empty when it concerns the whole file.",
            kind="integer",
            required=False,
        ),
        Column("what", "A feature, an attribute, a part of a feature, or another layer."),
        Column("reason", "Why it was left out."),
    ),
    key=(),
)

CHANGES = Table(
    name="changes",
    title="What was altered while a file was read",
    columns=(
        Column("what", "Name of the alteration."),
        Column("detail", "How it was done, with its tolerance where it has one."),
        Column("n_features", "Features it touched; 0 for the whole file.", kind="integer"),
        Column(
            "first_source_row",
            "The first feature it touched; empty for the whole file.",
            kind="integer",
            required=False,
        ),
    ),
    key=(),
)


ALIGNMENTS = Table(
    name="alignments",
    title="Planned or standing works to be screened",
    columns=(
        Column("source_row", "Feature of the file, 1 for the first.", kind="integer"),
        Column("alternative", "Alternative it belongs to; one file is one unless this says more."),
        Column("name", "Name of the work or of its section.", required=False),
        Column("type", "What is built.", required=False, values=BARRIER_TYPES),
        Column("status", "How far it is built.", required=False, values=BARRIER_STATUSES),
        Column("fenced", "Whether fences stand along it.", kind="flag", required=False),
        Column("fence_type", "What the fence is made of.", required=False, values=FENCE_TYPES),
        Column("fence_height_m", "Height of the fence.", "m", kind="number", required=False),
        Column(
            "traffic_per_day",
            "Trains or vehicles in both directions in a day.",
            "1/day",
            kind="number",
            required=False,
        ),
        Column("gauge_mm", "Railway gauge.", "mm", kind="number", required=False),
        Column("right_of_way_m", "Width of the right of way.", "m", kind="number", required=False),
        Column("geometry", "Line or polygon, EPSG:4326.", kind="geometry"),
    ),
    key=(),
)

STRUCTURES = Table(
    name="structures",
    title="Planned places where animals can pass",
    columns=(
        Column("source_row", "Feature of the file, 1 for the first.", kind="integer"),
        Column("structure_id", "Name by which the project knows it."),
        Column("kind", "What it is.", values=STRUCTURE_KINDS),
        Column("width_m", "Clear width across the animals' path.", "m", "number", required=False),
        Column("height_m", "Clear height under it; empty above.", "m", "number", required=False),
        Column("name", "What people call it.", required=False),
        Column("geometry", "Point, EPSG:4326.", kind="geometry"),
    ),
    key=("structure_id",),
)

IATI_ELEMENTS = Table(
    name="iati_elements",
    title="Places of elements in an activity of the IATI standard, version 2.03",
    columns=(
        Column("element", "The element, after those it stands in; in the order of the standard."),
        Column("at_least", "How often it stands there at least.", kind="integer"),
        Column(
            "at_most", "How often at most; empty where any often.", kind="integer", required=False
        ),
        Column("holds", "Type of its text in XML Schema; empty for elements.", required=False),
        Column(
            "attributes",
            "Names and types of XML Schema, one after another; `!` where it must be there.",
            required=False,
        ),
        Column(
            "others", "Whether attributes or elements of other names may be there.", required=False
        ),
        Column("source", "Where this is said."),
    ),
    key=("element",),
)
