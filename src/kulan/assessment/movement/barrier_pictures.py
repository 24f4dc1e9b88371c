"""The pictures of what animals do at barriers."""

from dataclasses import replace

from kulan.assessment.movement.barriers import BarriersFound
from kulan.assessment.movement.captions import captioned
from kulan.assessment.movement.folders import MovementAnswer
from kulan.report.movement.barriers import encounter_map, permeability_chart


def draw_barriers(
    answer: MovementAnswer, found: BarriersFound, language: str = "en"
) -> MovementAnswer:
    """Draw encounters as a map, and the permeability of segments with its limits.

    Parameters
    ----------
    answer
        What was told.
    found
        What was found.
    language
        Of the pictures.
    """
    reader, caption = captioned(answer, language)
    words = reader.words
    species = ", ".join(name for name in found.met["species"].unique() if name)
    met = reader.say(
        "{encounters} encounters of {animals} animals",
        encounters=words.number(len(found.met)),
        animals=words.number(len(found.tracks)),
    )
    told = reader.joined([species, met])
    atlas = encounter_map(
        [(track.x_m, track.y_m) for track in found.tracks],
        found.segments.shapes,
        found.met,
        caption(reader.say("What animals did at barriers"), told),
        words,
        crs=found.segments.plane.crs,
    )
    chart = permeability_chart(
        found.overall.iloc[0].to_dict(),
        found.by_segment,
        caption(reader.say("How often an encounter ends in a crossing"), told),
        words,
    )
    pictures = {"encounters.png": atlas.encode(), "permeability.png": chart.encode()}
    return replace(answer, pictures={**answer.pictures, **pictures})
