"""Habitat preferences as sourced tables: land cover, elevation and where a species can be at all.

The files are in `kulan/habitat/data/`; `kulan.habitat.preferences` reads them.
"""

from kulan.schemas import Column, Table

LAND_COVER_CLASSES = {
    0: "water",
    1: "evergreen needleleaf forest",
    2: "evergreen broadleaf forest",
    3: "deciduous needleleaf forest",
    4: "deciduous broadleaf forest",
    5: "mixed forest",
    6: "closed shrubland",
    7: "open shrubland",
    8: "woody savanna",
    9: "savanna",
    10: "grassland",
    11: "permanent wetland",
    12: "cropland",
    13: "urban and built-up",
    14: "cropland and natural vegetation mosaic",
    15: "permanent snow and ice",
    16: "barren",
}
"""IGBP land-cover classes as coded in MCD12C1."""

_CODES = tuple(str(code) for code in LAND_COVER_CLASSES)
_CONFIDENCES = ("high", "medium", "low", "unverified")

PREFERENCES = Table(
    name="preferences",
    title="Land cover and elevation each species can live in",
    columns=(
        Column("species_id", "Species."),
        Column("suitable", "IGBP classes it lives in.", kind="list", values=_CODES),
        Column(
            "marginal",
            "IGBP classes it uses at the edge of its habitat or in passing.",
            kind="list",
            required=False,
            values=_CODES,
        ),
        Column("elevation_min_m", "Lowest elevation.", unit="m", kind="number"),
        Column("elevation_max_m", "Highest elevation.", unit="m", kind="number"),
        Column(
            "relief_min_m",
            "Least relief of open land it lives in: highest minus lowest elevation within three by "
            "three cells of 5 arc minutes, about 25 km; forest and woodland (classes 1 to 5 and 8) "
            "need none. Empty when relief does not limit it.",
            unit="m",
            kind="number",
            required=False,
        ),
        Column(
            "west",
            "Western edge of the box around all its limits; empty when the species has none.",
            unit="°",
            kind="number",
            required=False,
        ),
        Column("south", "Southern edge of that box.", unit="°", kind="number", required=False),
        Column("east", "Eastern edge of that box.", unit="°", kind="number", required=False),
        Column("north", "Northern edge of that box.", unit="°", kind="number", required=False),
        Column(
            "near_river_km",
            "Farthest it lives from one of the rivers named; empty when rivers do not limit it.",
            unit="km",
            kind="number",
            required=False,
        ),
        Column(
            "rivers",
            "Names of those rivers as in Natural Earth.",
            kind="list",
            required=False,
        ),
        Column("limit_note", "Why the limits are needed.", required=False, words=True),
        Column("limit_source", "What the limits rest on.", required=False),
        Column("source", "What land cover and elevation rest on."),
        Column("confidence", "How sure we are of the row.", values=_CONFIDENCES),
        Column("note", "What a careful user should know about the row.", required=False),
    ),
    key=("species_id",),
)

LIMITS = Table(
    name="limits",
    title="Boxes outside which a species is not looked for, whatever land cover and elevation say",
    columns=(
        Column("species_id", "Species."),
        Column("place", "Population or region the box stands for."),
        Column("west", "Western edge.", unit="°", kind="number"),
        Column("south", "Southern edge.", unit="°", kind="number"),
        Column("east", "Eastern edge.", unit="°", kind="number"),
        Column("north", "Northern edge.", unit="°", kind="number"),
        Column("source", "What the box rests on."),
        Column("confidence", "How sure we are of the box.", values=_CONFIDENCES),
        Column("note", "What a careful user should know about the box.", required=False),
    ),
    key=("species_id", "place"),
)

TABLES = (PREFERENCES, LIMITS)
