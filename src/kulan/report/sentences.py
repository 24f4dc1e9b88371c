"""The words of every closed list: a code of the findings, and the English text it is told in."""


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a text for the catalogue of translations; it is translated where it is told."""
    return text


UNITS = {
    "km": N_("{value} km"),
    "km2": N_("{value} km²"),
    "m": N_("{value} m"),
    "km_per_100km2": N_("{value} km per 100 km²"),
    "count": "{value}",
}

_BARRIER_TYPES = {
    "railway": N_("railway"),
    "road": N_("road"),
    "fence": N_("fence"),
    "border_fence": N_("border fence"),
    "pipeline": N_("pipeline"),
    "canal": N_("canal"),
    "power_line": N_("power line"),
    "mine": N_("mine"),
    "solar_field": N_("solar field"),
    "wind_farm": N_("wind farm"),
    "settlement": N_("settlement"),
}

_STATUSES = {
    "planned": N_("planned"),
    "under_construction": N_("under construction"),
    "operational": N_("in use"),
    "suspended": N_("suspended"),
    "removed": N_("removed"),
}

_PRESENCE = {
    "extant": N_("present"),
    "reintroduced": N_("reintroduced"),
    "uncertain": N_("presence uncertain"),
    "extinct": N_("extinct there"),
    "unlisted": N_("not listed for this state"),
}

_LIFE_EVENTS = {
    "birth": N_("births"),
    "rut": N_("rut"),
    "spring_migration": N_("spring migration"),
    "autumn_migration": N_("autumn migration"),
    "winter_range": N_("winter range"),
    "denning": N_("denning"),
    "dispersal": N_("dispersal of the young"),
    "nomadic_movement": N_("nomadic movement"),
}

_IUCN = {
    "EX": N_("Extinct"),
    "EW": N_("Extinct in the Wild"),
    "CR": N_("Critically Endangered"),
    "EN": N_("Endangered"),
    "VU": N_("Vulnerable"),
    "NT": N_("Near Threatened"),
    "LC": N_("Least Concern"),
    "DD": N_("Data Deficient"),
    "NE": N_("Not Evaluated"),
}

_MEASURED = {
    "avoidance": N_("avoidance"),
    "reduced_occupancy": N_("lower occupancy"),
    "reduced_abundance": N_("lower abundance"),
    "barrier_to_movement": N_("hindered movement"),
    "mortality": N_("mortality"),
    "none": N_("nothing measured"),
}

_EFFECT_EVIDENCE = {
    "measured_species": N_("measured on the species"),
    "measured_related": N_("measured on a related species or barrier"),
    "general": N_("general figure for mammals"),
    "no_evidence": N_("no evidence found"),
}

_EVIDENCE = {
    "strong": N_("strong"),
    "moderate": N_("moderate"),
    "weak": N_("weak"),
    "expert": N_("expert opinion only"),
    "none": N_("none"),
}

_HIERARCHY = {
    "avoid": N_("Avoid"),
    "minimise": N_("Minimise"),
    "restore": N_("Restore"),
    "offset": N_("Offset"),
}

_OUTCOMES = {
    "met": N_("met"),
    "not_met": N_("not met"),
    "cannot_be_said": N_("cannot be said with these data"),
}

_RELATIONS = {
    "crossed": N_("crossed"),
    "within": N_("inside it"),
    "near": N_("near"),
    "crossing": N_("crosses the alternative"),
    "parallel": N_("runs alongside"),
}

_EXTENTS = {
    "polygon": N_("outline known"),
    "circle": N_("outline not known: a circle of its area stands in for it"),
}

_CONFIDENCES = {
    "high": N_("high"),
    "medium": N_("medium"),
    "low": N_("low"),
    "unverified": N_("not verified"),
}

_MEMBERSHIP = {
    "party": N_("Party"),
    "non_party": N_("not a Party"),
    "signatory": N_("signatory"),
    "unknown": N_("not recorded"),
}

_INSTRUMENTS = {
    "CMS": N_("Convention on Migratory Species (CMS)"),
    "CITES": N_("CITES"),
    "CBD": N_("Convention on Biological Diversity (CBD)"),
    "saiga_mou": N_("Saiga Memorandum of Understanding"),
    "bukhara_deer_mou": N_("Bukhara Deer Memorandum of Understanding"),
}

_AREA_KINDS = {
    "protected_area": N_("protected area"),
    "world_heritage_site": N_("World Heritage site"),
    "breeding_centre": N_("breeding centre"),
    "gslep_landscape": N_("snow leopard landscape (GSLEP)"),
    "transboundary_area": N_("transboundary area"),
}

_LAYER_KINDS = {
    "potential_habitat": N_("potential habitat"),
    "range": N_("range"),
    "corridor": N_("corridor"),
    "key_areas": N_("key areas"),
    "barriers": N_("barriers"),
    "landscapes": N_("landscapes"),
    "states": N_("states"),
    "other": N_("other"),
}

_MIGRATORY_KINDS = {
    "seasonal_migrant": N_("seasonal migrant"),
    "nomad": N_("nomad"),
    "altitudinal_migrant": N_("migrant between altitudes"),
    "wide_ranging": N_("wide-ranging"),
    "resident": N_("resident"),
}

_CMS_APPENDICES = {
    "I": N_("Appendix I"),
    "II": N_("Appendix II"),
    "III": N_("Appendix III"),
    "Appendix I": N_("Appendix I"),
    "Appendix II": N_("Appendix II"),
    "Appendix III": N_("Appendix III"),
    "not listed": N_("not listed"),
}

CODES: dict[str, dict[str, str]] = {
    "barrier_type": _BARRIER_TYPES,
    "status": _STATUSES,
    "presence": _PRESENCE,
    "life_event": _LIFE_EVENTS,
    "iucn": _IUCN,
    "measured": _MEASURED,
    "effect_evidence": _EFFECT_EVIDENCE,
    "evidence": _EVIDENCE,
    "hierarchy": _HIERARCHY,
    "outcome": _OUTCOMES,
    "relation": _RELATIONS,
    "extent": _EXTENTS,
    "confidence": _CONFIDENCES,
    "membership": _MEMBERSHIP,
    "instrument": _INSTRUMENTS,
    "area_kind": _AREA_KINDS,
    "layer_kind": _LAYER_KINDS,
    "migratory_kind": _MIGRATORY_KINDS,
    "appendix": _CMS_APPENDICES,
}
"""Every closed list that findings speak in, by kind; tests hold it against what declares them."""
