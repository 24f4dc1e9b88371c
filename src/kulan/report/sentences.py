"""The words of every closed list: a code of the findings, and the English text it is told in."""


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a text for the catalogue of translations; it is translated where it is told."""
    return text


LAYER_TITLES = (
    N_("Known and planned barriers"),
    N_("Key areas"),
    N_("Landscapes"),
)
"""Titles of the Atlas's own layers that no table declares."""

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
    "within": N_("within the effect distance"),
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
    "key_area": N_("key area"),
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

_FENCE_TYPES = {
    "wire_mesh": N_("wire mesh"),
    "barbed_wire": N_("barbed wire"),
    "chain_link": N_("chain link"),
    "electric": N_("electric fence"),
    "wall": N_("wall"),
    "other": N_("other"),
}

_STRUCTURE_KINDS = {
    "overpass": N_("overpass"),
    "underpass": N_("underpass"),
    "level_crossing": N_("level crossing"),
    "culvert": N_("culvert"),
    "bridge": N_("bridge"),
    "gap": N_("gap in the fence"),
    "ramp": N_("ramp"),
    "other": N_("other"),
}

_FENCED = {
    "yes": N_("fenced"),
    "partly": N_("partly fenced"),
    "no": N_("not fenced"),
    "unknown": N_("not known whether it is fenced"),
}

_DIMENSIONS = {
    "min_width_m": N_("at least {value} wide"),
    "min_height_m": N_("at least {value} high"),
    "max_spacing_km": N_("at most {value} apart"),
    "bottom_wire_min_cm": N_("lowest wire at least {value} above the ground"),
    "top_wire_max_cm": N_("top wire at most {value} above the ground"),
    "buffer_km": N_("at least {value} away from what is protected"),
}

_REASONS = {
    "no_effect_distance": N_("no source gives an effect distance"),
    "no_habitat_in_layer": N_("the layer has none in this state"),
    "farther_than_200_km": N_("farther than 200 km"),
    "is_area": N_("an area has no length"),
    "is_line": N_("a line has no area"),
    "layer_has_no_areas": N_("the layer holds lines or points only"),
    "layer_overlaps_itself": N_("the layer's polygons overlap and are too many to be merged"),
    "layer_is_empty": N_("the layer is empty"),
    "no_layer": N_("the Atlas has no layer of this species"),
}

_CRITERION_REASONS = {
    "count_reaches_threshold": N_("The count given with the layers reaches the threshold."),
    "beyond_reach": N_("There is no potential habitat of the species within the effect distance."),
    "count_below_threshold": N_(
        "The animals counted are below the threshold, and how many were not counted is not known."
    ),
    "no_population_figure": N_("There is no global population figure to compare with."),
    "habitat_only": N_(
        "Only potential habitat is known here; its extent is not a number of animals."
    ),
    "specialists_judge": N_("It is for specialists to judge; no layer gives the answer."),
    "no_extent_of_occurrence": N_("The species' extent of occurrence is not in the Atlas."),
    "no_national_red_list": N_("National Red Lists are not in the Atlas."),
    "no_refuge_layer": N_("No layer of climate refuges or of other key processes is in the Atlas."),
    "no_ecosystem_map": N_("No map of threatened ecosystems is in the Atlas."),
    "no_conservation_plan": N_("No regional or national conservation plan is in the Atlas."),
}

_RANKINGS = {
    "length": N_("Length"),
    "habitat_crossed": N_("Length through potential habitat"),
    "habitat_affected_share": N_("Share of the habitat within the effect distance"),
    "habitat_cut_off": N_("Habitat cut off"),
    "user_layer_crossed": N_("Length through the layers you added"),
    "key_areas_crossed": N_("Key areas crossed"),
    "landscapes_crossed": N_("Landscapes crossed"),
    "length_near_border": N_("Length near a border"),
    "new_fragments": N_("Fragments of land added"),
    "barriers_crossed": N_("Existing barriers crossed"),
    "beside_existing": N_("Length beside existing barriers"),
}

_UNKNOWNS = {
    "habitat_is_potential": N_(
        "Habitat is potential habitat, worked out from land cover, elevation and presence by "
        "state. Where the animals really are, and where they move, is not known from it."
    ),
    "no_tracking_layer": N_(
        "No tracking data, observed range or corridor was given: movements themselves were not "
        "looked at."
    ),
    "layer_old": N_("Layers from {date}, {years} years old by now or older: {layer}."),
    "layer_undated": N_("Layers that do not say when they were made: {layer}."),
    "layer_coarser_than_effect": N_(
        "Layers with a grain of {resolution}, coarser than the effect distance of "
        "{effect_distance}, so that areas within it are rough: {layer}."
    ),
    "layer_coarser_than_right_of_way": N_(
        "Layers with a grain of {resolution}, coarser than the right of way of {right_of_way}, so "
        "that the area taken is rough: {layer}."
    ),
    "layer_coarser_than_alternatives": N_(
        "Layers with a grain of {resolution} that can hardly tell this alternative from “{other}”, "
        "{apart} away: {layer}."
    ),
    "species_without_layer": N_("{species}: the Atlas has no layer of habitat or range."),
    "species_listed_without_habitat_near": N_(
        "{species}: listed for {state}, but no potential habitat lies near the alternative there."
    ),
    "presence_uncertain": N_("{species}: presence in {state} is uncertain."),
    "presence_unlisted": N_("{species}: not listed for {state}, yet the layer reaches into it."),
    "effect_not_measured": N_(
        "{species}: no study has measured how far the effect of such a barrier reaches; the "
        "general figure of {distance} was used."
    ),
    "no_season_on_record": N_("{species}: no calendar of births, rut or migration is on record."),
    "no_population_figure": N_("{species}: no global population figure is on record."),
    "barrier_position": N_(
        "The position of the barrier “{name}” is known only to about {precision}."
    ),
    "barrier_is_the_alternative": N_(
        "The known barrier “{name}” seems to be this alternative itself; it was not counted among "
        "those already there."
    ),
    "area_outline_unknown": N_("Areas whose outline is not known, only their centre: {count}."),
    "more_areas_than_listed": N_(
        "The layer “{layer}” has more features within reach than are listed; not listed: {count}."
    ),
    "no_rule_on_record": N_("No national rule is on record for {state}."),
    "outside_states": N_("{length} of the alternative lie in no state of the map."),
    "runs_along_border": N_(
        "{length} of the alternative run within 2 km of the border between {state} and "
        "{neighbour}, closer than the border itself is known here: which of the two states they "
        "lie in is uncertain, and figures by state with it."
    ),
    "fence_not_told": N_(
        "Whether the alternative will be fenced was not told. A fence makes a great difference."
    ),
    "traffic_not_told": N_("How much traffic is expected was not told."),
    "right_of_way_not_told": N_(
        "The width of the right of way was not told, so the area taken was not worked out."
    ),
    "structure_off_the_line": N_(
        "The crossing structure “{structure}” lies {distance} off the line."
    ),
}

CODES: dict[str, dict[str, str]] = {
    "fence_type": _FENCE_TYPES,
    "structure": _STRUCTURE_KINDS,
    "fenced": _FENCED,
    "dimension": _DIMENSIONS,
    "reason": _REASONS,
    "criterion_reason": _CRITERION_REASONS,
    "criterion": _RANKINGS,
    "unknown": _UNKNOWNS,
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
