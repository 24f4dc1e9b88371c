"""How animals are counted: each method, its definition, and whether it allows for those unseen."""

from dataclasses import dataclass

from kulan.words import N_


@dataclass(frozen=True)
class CountMethod:
    """A way to arrive at a population figure.

    Attributes
    ----------
    name
        As a table prints it, English; translated where it is told.
    definition
        One sentence, English.
    allows_for_missed
        Whether the method itself estimates how many animals were present and not seen.
    is_survey
        Whether it rests on animals or their traces met in the field by design.
    """

    name: str
    definition: str
    allows_for_missed: bool = False
    is_survey: bool = True


COUNT_METHODS: dict[str, CountMethod] = {
    "total_aerial_count": CountMethod(
        N_("total aerial count"),
        N_("All animals seen from the air over the whole area are counted."),
    ),
    "strip_transect": CountMethod(
        N_("strip transects"),
        N_(
            "Animals within a strip of known width along lines are counted, all in it being taken "
            "as seen, and the count is raised to the area."
        ),
    ),
    "distance_sampling": CountMethod(
        N_("distance sampling"),
        N_(
            "Distances from a line or point to the animals seen tell what share was missed, and "
            "density follows (Buckland et al. 2001)."
        ),
        allows_for_missed=True,
    ),
    "double_observer": CountMethod(
        N_("double observers"),
        N_(
            "Two observers search the same ground independently; what one saw and the other did "
            "not tells what both missed (Suryawanshi et al. 2012)."
        ),
        allows_for_missed=True,
    ),
    "camera_trap_scr": CountMethod(
        N_("camera traps, spatial capture-recapture"),
        N_(
            "Animals recognised on photographs and met again at known places give density "
            "(Royle et al. 2014)."
        ),
        allows_for_missed=True,
    ),
    "genetic_scr": CountMethod(
        N_("genetic capture-recapture"),
        N_(
            "Animals recognised by DNA from hair or droppings and met again give abundance or "
            "density."
        ),
        allows_for_missed=True,
    ),
    "block_count": CountMethod(
        N_("block count"),
        N_("Teams count all animals they see in blocks that together cover the area."),
    ),
    "vehicle_count": CountMethod(
        N_("count by teams on the ground"),
        N_("Animals seen from vehicles, horseback or on foot along routes are added up."),
    ),
    "expert_estimate": CountMethod(
        N_("expert estimate"),
        N_("People who know the species judge its number; no survey was designed for it."),
        is_survey=False,
    ),
    "questionnaire": CountMethod(
        N_("questionnaire"),
        N_("Herders, rangers or hunters are asked how many animals there are."),
        is_survey=False,
    ),
    "other": CountMethod(
        N_("other or not told"),
        N_("Another method, or one that the source does not tell; see the note."),
        is_survey=False,
    ),
}
"""By code; the codes are those of `kulan.programme.terms.COUNT_METHODS`."""

QUANTITY_NAMES: dict[str, str] = {
    "individuals": N_("animals"),
    "adults": N_("adults"),
    "mature": N_("mature animals"),
    "groups": N_("groups"),
    "density_per_100_km2": N_("animals per 100 km²"),
}
"""What a figure counts, by code."""

SEASON_NAMES: dict[str, str] = {
    "spring": N_("spring"),
    "summer": N_("summer"),
    "autumn": N_("autumn"),
    "winter": N_("winter"),
    "several": N_("several seasons"),
    "unknown": N_("season not known"),
}
"""Seasons of fieldwork, by code."""

INTERVAL_NAMES: dict[str, str] = {
    "confidence_95": N_("95 % confidence interval"),
    "credible_95": N_("95 % credible interval"),
    "expert_range": N_("range given by experts"),
    "minimum_maximum": N_("least and greatest number"),
    "none": N_("no interval published"),
}
"""What an interval means, by code."""
