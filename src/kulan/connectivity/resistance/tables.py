"""Resistance profiles of species, declared: what each land cover, height or neighbour costs."""

from kulan.schemas import Column, Table

LAYERS = (
    "land_cover",
    "elevation_m",
    "relief_m",
    "people_per_km2",
    "water_distance_km",
    "snow_depth_cm",
)
"""Layers a profile may speak of: IGBP classes as coded in MCD12C1, height above the sea, range of
heights within about 10 km, density of people, distance to open water, depth of snow."""

RESISTANCE_PROFILES = Table(
    name="resistance_profiles",
    title="How much each kind of land resists the movement of a species",
    columns=(
        Column("species_id", "Species."),
        Column(
            "season",
            "`all`, or the season for which the row's layer takes the place of that of `all`.",
            values=("all", "summer", "winter"),
        ),
        Column("layer", "Layer the row speaks of; its unit ends its name.", values=LAYERS),
        Column(
            "value",
            "Class of land cover, or value of the layer; between rows resistance is interpolated, "
            "beyond the first and the last it stays.",
            kind="number",
        ),
        Column(
            "resistance",
            "Cost of movement against that of the best land, which has 1; layers multiply.",
            kind="number",
        ),
        Column("resistance_low", "Least it may well be.", kind="number"),
        Column("resistance_high", "Most it may well be.", kind="number"),
        Column("source", "What the row rests on."),
        Column(
            "confidence",
            "How sure we are of the row.",
            values=("high", "medium", "low", "unverified"),
        ),
        Column("note", "What a careful user should know about the row.", required=False),
    ),
    key=("species_id", "season", "layer", "value"),
)

TABLES = (RESISTANCE_PROFILES,)
