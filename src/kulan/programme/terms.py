"""Closed lists of words the programme's tables use."""

SPECIES_IDS = (
    "argali",
    "asiatic_cheetah",
    "khulan",
    "bukhara_deer",
    "gobi_bear",
    "goitered_gazelle",
    "kiang",
    "mongolian_gazelle",
    "persian_leopard",
    "przewalski_horse",
    "saiga",
    "snow_leopard",
    "urial",
    "wild_camel",
    "wild_yak",
    "pallas_cat",
    "eurasian_lynx",
    "chiru",
    "tibetan_gazelle",
    "chinkara",
)
CONFIDENCES = ("high", "medium", "low", "unverified")
EDITIONS = ("2014", "2021", "2025")
FENCED = ("yes", "partly", "no", "unknown")
LIFE_EVENTS = (
    "birth",
    "rut",
    "spring_migration",
    "autumn_migration",
    "winter_range",
    "denning",
    "dispersal",
    "nomadic_movement",
)
