"""Paths as a question: how far, how fast and which way, and where animals linger and come back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import tzinfo
from typing import Any

import numpy as np
import pandas as pd

from kulan.assessment.movement.folders import MovementAnswer
from kulan.assessment.movement.path_tables import (
    PathFound,
    layers_of,
    median_of,
    steps_table,
    tables_of,
)
from kulan.assessment.movement.reading import TracksRead
from kulan.errors import NotEnoughDataError
from kulan.movement.intervals import middle_of
from kulan.movement.paths import (
    daily_distance,
    passages,
    recursion,
    regularise,
    stays,
    steps,
    walked_by_interval,
)
from kulan.movement.tracks import Track
from kulan.notes import Note, share_told
from kulan.words import N_

SOURCE = (
    "Calenge et al. 2009, Ecological Informatics 4: 34-41 (steps); Fauchald and Tveraa 2003, "
    "Ecology 84: 282-288 (first passage); Bracis et al. 2018, Ecography 41: 1801-1811 (visits)"
)
_USUAL_GAPS, _RADII, _REACH = 4.0, 12, 0.25
_HOUR_S, _DAY_S = 3600.0, 86_400.0


@dataclass(frozen=True)
class PathsAsked:
    """What is wanted of paths.

    Attributes
    ----------
    gap_s
        A burst ends at a longer gap, s; None for four times each animal's usual interval.
    regular_s
        Interval of a track at even times, s; None for no such track.
    radii_m
        Of circles, m; () for a dozen from the usual step to a quarter of the usual extent.
    stay_radius_m
        Within which an animal stays, m; None for the usual step.
    stay_s
        Shortest stay, s.
    zone
        Whose midnights part days; None for no days.
    """

    gap_s: float | None = None
    regular_s: float | None = None
    radii_m: tuple[float, ...] = ()
    stay_radius_m: float | None = None
    stay_s: float = _DAY_S
    zone: tzinfo | None = None


@dataclass(frozen=True)
class _Scales:
    """What was not said, settled for all animals alike."""

    radii_m: tuple[float, ...]
    stay_radius_m: float


def follow_paths(
    read: TracksRead, asked: PathsAsked | None = None
) -> tuple[MovementAnswer, tuple[PathFound, ...]]:
    """Follow the paths of animals: steps, circles, stays, days.

    Parameters
    ----------
    read
        Tracks, and where they are from.
    asked
        What is wanted.

    Returns
    -------
    MovementAnswer
        Tables as `kulan.assessment.movement.path_tables.tables_of` makes them; the layers `paths`,
        `stays` and, where asked for, `regular`.
    tuple of PathFound
        One for each animal with two fixes at least.

    Raises
    ------
    NotEnoughDataError
        If no animal has two fixes.
    InvalidTableError
        If a radius, gap or interval is not above zero, or days are asked of elapsed seconds.
    TooLargeError
        If a track at even times would be too long.
    """
    asked = asked or PathsAsked()
    tracks = [track for track in read.tracks if len(track) > 1]
    if not tracks:
        raise NotEnoughDataError("no animal has two fixes that are used: there is no path.")
    scales = _settled(tracks, asked)
    found = tuple(_found(track, asked, scales) for track in tracks)
    parameters = {
        **asdict(replace(asked, zone=None)),
        "zone": None if asked.zone is None else str(asked.zone),
        "radii_m": list(scales.radii_m),
        "lingering_at": "every radius" if asked.radii_m else "radius of greatest variance",
        "stay_radius_m": scales.stay_radius_m,
    }
    answer = MovementAnswer(
        "kulan.movement.paths.steps",
        parameters,
        read.inputs,
        _numbers(found),
        {"share_in_stays": "1", "distance_left_at_twice_the_interval": "ratio"},
        SOURCE,
        features=layers_of(found),
        tables={"animals": _animals_table(found), **tables_of(found)},
        readings=read.readings,
        reading=read.asked.told,
        notes=(*read.notes, *_notes(found, read.tracks)),
    )
    return answer, found


def _settled(tracks: Sequence[Track], asked: PathsAsked) -> _Scales:
    """Settle radii from the usual step of an animal to a quarter of the extent of its path."""
    lengths = [steps(track).length_m for track in tracks]
    usual = median_of(median_of(one[one > 0]) for one in lengths)
    usual = usual if usual > 0 else 1.0
    extents = [max(np.ptp(track.x_m), np.ptp(track.y_m)) for track in tracks]
    reach = max(_REACH * median_of(extents), 8 * usual)
    radii = sorted({_rounded(one) for one in np.geomspace(usual, reach, _RADII)})
    return _Scales(asked.radii_m or tuple(radii), asked.stay_radius_m or _rounded(usual))


def _rounded(value: float) -> float:
    """Return a number with two digits that count."""
    return float(f"{value:.2g}")


def _found(track: Track, asked: PathsAsked, scales: _Scales) -> PathFound:
    gap_s = asked.gap_s
    if gap_s is None:
        gap_s = _USUAL_GAPS * median_of(np.diff(track.time_s))
    through = passages(track, scales.radii_m)
    told = through.radius_m if asked.radii_m else through.radius_m[[through.greatest]]
    days = pd.DataFrame()
    if asked.zone is not None:
        days = daily_distance(track, asked.zone, max_gap_s=gap_s)
        days.insert(0, "animal_id", track.animal_id)
    return PathFound(
        track,
        gap_s,
        steps_table(track, gap_s),
        through,
        tuple(recursion(track, float(radius)) for radius in told),
        stays(track, scales.stay_radius_m, asked.stay_s, gap_s),
        walked_by_interval(track, gap_s),
        days,
        None if asked.regular_s is None else regularise(track, asked.regular_s, gap_s),
        asked.stay_s,
    )


def _numbers(found: Sequence[PathFound]) -> dict[str, Any]:
    left = [one.walked.m_per_day[1] / _above_zero(one.walked.m_per_day[0]) for one in found]
    peaks = [one.passages.peak_m for one in found]
    numbers: dict[str, Any] = {
        "fixes": sum(len(one.track) for one in found),
        "distance_per_day_m": middle_of(one.walked.m_per_day[0] for one in found),
        "animals_with_a_distance_per_day": len(found) - len(_without_distance(found)),
        "distance_left_at_twice_the_interval": middle_of(left),
        "passage_peak_m": middle_of(peaks),
        "animals_with_a_peak": int(np.isfinite(peaks).sum()),
        "animals": {one.animal: _told(one) for one in found},
    }
    regular = [one.regular for one in found if one.regular is not None]
    if regular:
        made = sum(int(one.interpolated.sum()) for one in regular)
        numbers["regular_fixes"] = sum(len(one.track) for one in regular)
        numbers["regular_fixes_interpolated"] = made
    return numbers


def _without_distance(found: Sequence[PathFound]) -> list[str]:
    """Return animals that a middle of distances by day leaves out."""
    return [one.animal for one in found if not 0 < one.walked.m_per_day[0] < np.inf]


def _above_zero(value: float) -> float:
    return value if value > 0 else np.nan


def _told(one: PathFound) -> dict[str, Any]:
    return {
        "distance_per_day_m": float(one.walked.m_per_day[0]),
        "distance_per_day_at_twice_the_interval_m": float(one.walked.m_per_day[1]),
        "farthest_from_first_m": float(np.sqrt(one.steps["net_squared_m2"].max())),
        "passage_peak_m": one.passages.peak_m,
        "usual_interval_s": one.usual_interval_s,
        "stays": len(one.stays) if one.could_be_seen_staying else None,
        "share_in_stays": one.share_in_stays,
        "bursts": int(one.steps["burst"].iloc[-1]) + 1,
        "walked_m": float(one.steps["length_m"].sum()),
        "fixes": len(one.track),
        "span_s": one.track.span_s,
        "gap_s": one.gap_s,
    }


def _animals_table(found: Sequence[PathFound]) -> pd.DataFrame:
    return pd.DataFrame([{"animal_id": one.animal, **_told(one)} for one in found])


def _notes(found: Sequence[PathFound], tracks: Sequence[Track]) -> list[str]:
    notes: list[str] = []
    single = [track.animal_id for track in tracks if len(track) < 2]
    if single:
        notes.append(Note(N_("One fix only, so no path: {animals}."), animals=single))
    still = _without_distance(found)
    if still:
        text = N_(
            "Middles over animals are of those that have a distance of a day; left out, for they "
            "have none or lay still, are {count} of {all}: {animals}."
        )
        notes.append(Note(text, count=len(still), all=len(found), animals=_some_of(still)))
    left = _numbers(found)["distance_left_at_twice_the_interval"]
    if left.estimate < 1:
        text = N_(
            "Distances are sums of straight steps, shorter than the way walked: with every second "
            "fix {share} of them are left (intervals.csv). Compare only animals with one interval, "
            "or use the speed that `kulan movement fit` estimates."
        )
        notes.append(Note(text, share=share_told(left.estimate)))
    notes += _stays_told(found)
    flat = [one.animal for one in found if not np.isfinite(one.passages.peak_m)]
    if flat:
        text = N_(
            "No peak of first-passage time between the radii tried ({count} of {all} animals): "
            "{animals}."
        )
        notes.append(Note(text, count=len(flat), all=len(found), animals=_some_of(flat)))
    if found[0].track.clock == "elapsed":
        notes.append(Note(N_("Elapsed seconds have no sun and no season: neither is told.")))
    elif any(one.track.plane.is_local for one in found):
        notes.append(Note(N_("Local metres lie nowhere on Earth: no sun and no season is told.")))
    return notes


def _stays_told(found: Sequence[PathFound]) -> list[str]:
    """Say of whom no stay could be seen, as their fixes come in bursts shorter than a stay."""
    unseen = [one.animal for one in found if not one.could_be_seen_staying]
    if not unseen:
        return []
    text = N_(
        "No stay could be seen of {animals}: none of their bursts of fixes is as long as a stay. "
        "Their stays are unknown, not none: allow longer gaps with --gap-hours, or shorter stays "
        "with --stay-hours."
    )
    return [Note(text, animals=_some_of(unseen))]


def _some_of(animals: list[str]) -> list[str]:
    return [*animals[:10], *(["…"] if len(animals) > 10 else [])]


def draw_paths(
    answer: MovementAnswer, found: Sequence[PathFound], language: str = "en"
) -> MovementAnswer:
    """Draw first passage by radius and distance by interval, as paths.png.

    Parameters
    ----------
    answer, found
        What `follow_paths` found.
    language
        Of the picture.

    Raises
    ------
    UnknownNameError
        If the language is not one of `kulan.words.LANGUAGES`.
    """
    # matplotlib is heavy, and most runs draw nothing
    from kulan.assessment.movement.captions import captioned  # noqa: PLC0415
    from kulan.report.movement.paths import ShownPath, paths_picture  # noqa: PLC0415

    reader, caption_of = captioned(answer, language)
    shown = [
        ShownPath(
            one.animal,
            one.passages.radius_m,
            one.passages.variance_of_log,
            one.passages.peak_m,
            one.walked.interval_s / _HOUR_S,
            one.walked.m_per_day / 1000,
        )
        for one in found
    ]
    caption = caption_of(
        reader.say("At which scale animals linger, and how far they go in a day"),
        reader.say("Each pale line is an animal; the dark line is the median of all.")
        if len(shown) > 1
        else shown[0].animal,
    )
    picture = paths_picture(shown, caption, reader)
    return replace(answer, pictures={**answer.pictures, "paths.png": picture.encode(".png")})
