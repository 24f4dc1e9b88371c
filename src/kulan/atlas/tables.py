"""Tables of the Atlas, declared."""

from kulan.programme.terms import CONFIDENCES, LIFE_EVENTS, SPECIES_IDS
from kulan.schemas import Column, Table

STARTER_SOURCES = Table(
    name="starter_sources",
    title="Where the starter Atlas's inputs come from",
    columns=(
        Column("file", "File in the package."),
        Column("title", "What it is.", words=True),
        Column("package", "Package of a registry it was taken from, with its version."),
        Column("package_sha256", "SHA-256 of that package's file."),
        Column("package_licence", "Licence the package declares for itself."),
        Column("source", "Who made the data: product, edition, identifier."),
        Column("licence", "Terms of the data."),
        Column("attribution", "Words to print wherever the data are shown."),
        Column("date", "Year the data stand for, or of their edition.", kind="date"),
        Column("resolution_m", "Size of what can be told apart.", unit="m", kind="integer"),
        Column("notes", "What was changed, and what the data cannot tell."),
    ),
    key=("file",),
)

STATES = Table(
    name="states",
    title="States and territories of the region",
    columns=(
        Column("iso3", "ISO 3166-1 alpha-3 code, or one of its codes for users."),
        Column("name", "Short English name of the source."),
        Column(
            "code_from",
            "Whether the code is assigned by ISO or taken from the range for users.",
            values=("ISO 3166-1", "range for users of ISO 3166-1"),
        ),
        Column("note", "What a reader should know.", required=False),
        Column("geometry", "Polygons, cut to the region.", kind="geometry"),
    ),
    key=("iso3",),
)

DISPUTED_BOUNDARIES = Table(
    name="disputed_boundaries",
    title="Disputed and undefined boundaries",
    columns=(
        Column(
            "kind",
            "What the source calls the line.",
            values=("disputed", "line of control", "indefinite", "lease limit", "overlay limit"),
        ),
        Column("left", "Territory on the left of the line.", required=False),
        Column("right", "Territory on the right of the line.", required=False),
        Column("note", "The source's comment.", required=False),
        Column("geometry", "Line.", kind="geometry"),
    ),
    key=(),
)

RIVERS = Table(
    name="rivers",
    title="Larger rivers",
    columns=(
        Column("name", "Name in Latin letters.", required=False),
        Column("kind", "River or lake.", values=("river", "line through a lake")),
        Column("scale_rank", "Importance on a map, 0 the greatest.", kind="integer"),
        Column("geometry", "Line.", kind="geometry"),
    ),
    key=(),
)

PLACES = Table(
    name="places",
    title="Towns",
    columns=(
        Column("name", "Name in Latin letters without diacritics."),
        Column("iso2", "State the source puts it in, ISO 3166-1 alpha-2.", required=False),
        Column("population", "People in the larger urban area.", kind="number", required=False),
        Column("capital", "Whether it is the capital of a state.", kind="flag"),
        Column("scale_rank", "Importance on a map, 0 the greatest.", kind="integer"),
        Column("geometry", "Point.", kind="geometry"),
    ),
    key=(),
)

HABITAT_AREAS = Table(
    name="habitat_areas",
    title="Potential habitat by species and state",
    columns=(
        Column("species_id", "Species."),
        Column("iso3", "State, ISO 3166-1 alpha-3."),
        Column(
            "presence",
            "Presence of the species in the state; empty for cells that are not known.",
            required=False,
            values=("extant", "reintroduced", "uncertain"),
        ),
        Column(
            "suitability",
            "Whether land cover is suitable, marginal, or habitat cannot be told.",
            values=("suitable", "marginal", "not known"),
        ),
        Column("area_km2", "Area on the WGS 84 ellipsoid.", unit="km²", kind="number"),
    ),
    key=("species_id", "iso3", "presence", "suitability"),
)

STYLES = Table(
    name="styles",
    title="How the themes of the Atlas are drawn, on paper and on the screen",
    columns=(
        Column("theme", "Theme of the layer."),
        Column("kind", "Kind of thing within the theme, as its data name it."),
        Column(
            "value",
            "Value of that kind: a cell's value, a status, a share; empty where one style is all.",
            required=False,
        ),
        Column("shape", "What is drawn.", values=("fill", "line", "point")),
        Column("fill", "Colour inside, empty where nothing is filled.", required=False),
        Column("stroke", "Colour of the line or outline, empty where none.", required=False),
        Column("fill_dark", "Colour inside, on dark ground.", required=False),
        Column("stroke_dark", "Colour of the line or outline, on dark ground.", required=False),
        Column(
            "width_px",
            "Width of the line or outline; across the mark of a point. 96 pixels are an inch.",
            unit="pixels",
            kind="number",
        ),
        Column(
            "dash_px", "Dash and gap, pixels, by turns; empty for a solid line.", required=False
        ),
        Column(
            "marker",
            "Mark of a point, mark repeated along a line, or hatch of an area; empty where none.",
            required=False,
            values=(
                "circle",
                "square",
                "diamond",
                "triangle",
                "triangle_down",
                "hexagon",
                "cross",
                "plus",
                "tick",
                "dot",
                "hatch",
                "hatch_wide",
                "hatch_back",
            ),
        ),
        Column("opacity", "Of the line or mark, or of an area's inside, 0 to 1.", kind="number"),
        Column("words", "What the legend calls it.", words=True),
        Column("detail", "Status or class the legend adds.", required=False, words=True),
        Column("source", "Where the colours come from."),
    ),
    key=("theme", "kind", "value"),
)

SENSITIVITIES = Table(
    name="sensitivities",
    title="How sensitive positions of a species are, by state and season",
    columns=(
        Column(
            "species_id",
            "Species, by the short name used everywhere in Kulan.",
            values=SPECIES_IDS,
        ),
        Column(
            "iso3",
            "Range state the row speaks of, ISO 3166-1 alpha-3; empty for all.",
            required=False,
        ),
        Column(
            "season",
            "Life event the row speaks of; empty for the whole year.",
            required=False,
            values=LIFE_EVENTS,
        ),
        Column(
            "category",
            "Category of GBIF's guide (Chapman 2020, Table 7): open; low (4): 0.001°; medium (3): "
            "0.01°; high (2): 0.1°; extreme (1): 1°; withheld (1): nothing.",
            values=("open", "low", "medium", "high", "extreme", "withheld"),
        ),
        Column("basis", "What harm a precise position makes possible, to what."),
        Column("source", "Where the basis comes from, and what of it was checked."),
        Column(
            "confidence",
            "high: read in the source named; medium: well known, the source not opened; "
            "low: doubtful or inferred; unverified: not checked at all.",
            values=CONFIDENCES,
        ),
        Column("reviewed", "When the category was last weighed.", kind="date"),
        Column("review_due", "When it must be weighed again.", kind="date"),
    ),
    key=("species_id", "iso3", "season"),
)

TABLES = (
    *(STARTER_SOURCES, STATES, DISPUTED_BOUNDARIES),
    *(RIVERS, PLACES, HABITAT_AREAS, STYLES, SENSITIVITIES),
)
