"""The map of tracks that commands of movement draw first."""

from collections.abc import Sequence
from dataclasses import replace

from shapely.geometry.base import BaseGeometry

from kulan.assessment.movement.folders import MovementAnswer
from kulan.movement.fixes import Fixes
from kulan.report.reader import Reader

TRACKS = "tracks.png"


def with_track_map(
    answer: MovementAnswer,
    fixes: Fixes,
    language: str = "en",
    lines: Sequence[BaseGeometry] = (),
) -> MovementAnswer:
    """Draw the tracks as the first picture of an answer, tracks.png.

    Parameters
    ----------
    answer
        What is told of them.
    fixes
        Flagged fixes.
    language
        Of the picture.
    lines
        Barriers, longitude and latitude.

    Raises
    ------
    UnknownNameError
        If the language is not one of `kulan.words.LANGUAGES`.
    """
    # matplotlib is heavy, and most runs draw nothing
    from kulan.assessment.movement.captions import captioned  # noqa: PLC0415
    from kulan.report.movement.tracks import tracks_picture  # noqa: PLC0415

    reader, caption_of = captioned(answer, language)
    caption = caption_of(*words_of_map(fixes, reader))
    picture = tracks_picture(fixes, caption, reader, lines)
    return replace(answer, pictures={TRACKS: picture.encode(".png"), **answer.pictures})


def words_of_map(fixes: Fixes, reader: Reader) -> tuple[str, str]:
    """Return the title of a map of tracks, and what it shows in numbers.

    Parameters
    ----------
    fixes
        What is drawn.
    reader
        For whom.
    """
    number = reader.words.number
    told = reader.say(
        "Animals: {animals}. Fixes: {fixes}, of which set aside: {aside}.",
        animals=number(len(fixes.animals)),
        fixes=number(len(fixes.table)),
        aside=number(int((~fixes.used).sum())),
    )
    return reader.say("Tracks"), told
