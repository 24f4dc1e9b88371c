"""Closed lists of the codes findings carry, and what each one tells.

A report must have a sentence for every one of them; a test compares. Where a code has values, they
are listed with it: `Unknown.values` and `Headline.values` hold just these.
"""

FIGURE_REASONS = (
    "no_effect_distance",  # no source gives a distance for this species and barrier
    "no_habitat_in_layer",  # the layer has none in that state, so there is nothing to share
    "farther_than_200_km",  # nothing of it within 200 km
    "is_area",  # an area has no length
    "is_line",  # a line has no area
    "layer_has_no_areas",  # the user's layer holds lines or points: no lengths inside, no areas
    "layer_overlaps_itself",  # its polygons lie over one another, and are too many to be dissolved
    "layer_is_empty",
    "no_layer",  # no layer of this species at all
)
"""Why a figure has no value."""

UNKNOWNS: dict[str, tuple[str, ...]] = {
    # about the data as a whole
    "habitat_is_potential": (),
    "no_tracking_layer": (),
    "layer_old": ("layer_id", "date", "years"),
    "layer_undated": ("layer_id",),
    "layer_coarser_than_effect": ("layer_id", "resolution_m", "effect_distance_m"),
    "layer_coarser_than_right_of_way": ("layer_id", "resolution_m", "right_of_way_m"),
    "layer_coarser_than_alternatives": ("layer_id", "resolution_m", "other", "apart_m"),
    # about a species
    "species_without_layer": ("species_id",),
    "species_listed_without_habitat_near": ("species_id", "iso3"),
    "presence_uncertain": ("species_id", "iso3"),
    "presence_unlisted": ("species_id", "iso3"),
    "effect_not_measured": ("species_id", "distance_m"),
    "no_season_on_record": ("species_id",),
    "no_population_figure": ("species_id",),
    # about what lies around
    "barrier_position": ("barrier_id", "name", "precision_km"),
    "barrier_is_the_alternative": ("barrier_id", "name"),
    "area_outline_unknown": ("count",),
    "more_areas_than_listed": ("layer_id", "count"),
    "no_rule_on_record": ("iso3",),
    # about the alternative
    "outside_states": ("length_km",),
    "runs_along_border": ("iso3", "neighbour_iso3", "length_km"),
    "fence_not_told": (),
    "traffic_not_told": (),
    "right_of_way_not_told": (),
    "structure_off_the_line": ("structure_id", "distance_m"),
}
"""What cannot be said, and the values that fill each sentence."""

HEADLINES: dict[str, tuple[str, ...]] = {
    # first line: the species
    "habitat_crossed": ("species_id", "length_km", "states", "species_count"),
    "habitat_affected": ("species_id", "area_km2", "states", "species_count"),
    "habitat_near": ("species_id", "distance_km"),
    "no_habitat_near": (),
    # second line: what it does to the landscape
    "habitat_cut_off": ("species_id", "area_km2", "share"),
    "new_fragments": ("before", "after"),
    "near_border": ("length_km", "neighbours"),
    "denser_barriers": ("before_km_per_100km2", "after_km_per_100km2", "within_km"),
    # third line: what a lender must know, or the largest gap
    "criterion_met": ("criterion", "species_id"),
    "criteria_open": ("criteria", "species"),
    "biggest_gap": ("unknown", "values"),
}
"""What matters most, and the values that fill each sentence."""

CRITERION_REASONS = (
    "count_reaches_threshold",  # met: a count the user brought reaches it
    "beyond_reach",  # not met: no potential habitat within the effect distance
    "count_below_threshold",  # cannot be said: what was counted is below it, the rest is not known
    "no_population_figure",  # cannot be said: no global figure to divide by
    "habitat_only",  # cannot be said: habitat is no count
    "specialists_judge",  # cannot be said: a judgement that no layer gives
    "no_extent_of_occurrence",
    "no_national_red_list",
    "no_refuge_layer",
    "no_ecosystem_map",
    "no_conservation_plan",
)
"""Why a criterion of the critical-habitat test came out as it did."""

RANKINGS: dict[str, str] = {
    "length": "less",
    "habitat_crossed": "less",  # for a species
    "habitat_affected_share": "less",  # for a species
    "habitat_cut_off": "less",  # for a species
    "user_layer_crossed": "less",
    "key_areas_crossed": "less",
    "landscapes_crossed": "less",
    "length_near_border": "less",
    "new_fragments": "less",
    "barriers_crossed": "less",
    "beside_existing": "more",  # animals then meet one barrier, not two
}
"""Criteria that alternatives are ranked by, and which way is better for the animals."""

DIMENSIONS = (
    "min_width_m",
    "min_height_m",
    "max_spacing_km",
    "bottom_wire_min_cm",
    "top_wire_max_cm",
    "buffer_km",
)
"""Dimensions a measure's source may give."""
