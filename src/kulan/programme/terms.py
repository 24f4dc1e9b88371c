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

INTERVAL_KINDS = ("confidence_95", "credible_95", "expert_range", "minimum_maximum", "none")
QUANTITIES = ("individuals", "adults", "mature", "groups", "density_per_100_km2")
SURVEY_SEASONS = ("spring", "summer", "autumn", "winter", "several", "unknown")
COUNT_METHODS = (
    "total_aerial_count",
    "strip_transect",
    "distance_sampling",
    "double_observer",
    "camera_trap_scr",
    "genetic_scr",
    "block_count",
    "vehicle_count",
    "expert_estimate",
    "questionnaire",
    "other",
)
ACCOUNT_SECTIONS = (
    "behaviour",
    "ecology",
    "movement_needs",
    "habitat_needs",
    "water_needs",
    "forage_needs",
    "disturbance",
    "threats",
    "status",
)
