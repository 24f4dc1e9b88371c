"""Ranges as a question: where each animal lives or was, over what area, by which method."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd

from kulan.assessment.movement.degrees import in_degrees
from kulan.assessment.movement.folders import MovementAnswer, PlaneRaster
from kulan.assessment.movement.models import fit_tracks, told_of
from kulan.assessment.movement.plain_ranges import PLAIN_METHODS
from kulan.assessment.movement.range_questions import RangeAsked, RangeFound, RangeMethod
from kulan.assessment.movement.reading import TracksRead
from kulan.errors import NotEnoughDataError, UnknownNameError
from kulan.exchange.telemetry import LOCAL_SYSTEM
from kulan.movement.intervals import UNKNOWN
from kulan.movement.ranges.akde import akde
from kulan.movement.threads import on_one_thread
from kulan.movement.tracks import Track
from kulan.notes import Note, note_of
from kulan.words import N_

TOO_FEW = "too few fixes"


def by_akde(track: Track, asked: RangeAsked) -> RangeFound:
    """Estimate a range by autocorrelated kernel density, under the model its fixes ask for.

    Parameters
    ----------
    track
        One animal's track.
    asked
        What is wanted.

    Raises
    ------
    NotEnoughDataError
        If there are too few fixes for a model.
    """
    model = fit_tracks([track], asked.fit).selections[0].best
    found = akde(
        track,
        model,
        weights=asked.weights,
        levels=tuple(asked.levels),
        confidence=asked.fit.level,
        like=asked.like,
    )
    told = told_of(model, asked.fit.level)
    numbers = {
        "range_resident": found.resident,
        "effective_sample_size": found.effective_sample_size,
        "bandwidth_m2": found.bandwidth,
        "model": told.pop("model"),
        "movement": {key: value for key, value in told.items() if key != "area_95_m2"},
    }
    return RangeFound(track, found.areas, found.distribution, word=found.word, numbers=numbers)


METHODS: dict[str, RangeMethod] = {
    "akde": RangeMethod(
        by_akde,
        "kulan.movement.ranges.akde.akde",
        "Fleming et al. 2015, Ecology 96: 1182-1188; Fleming and Calabrese 2017, Methods in "
        "Ecology and Evolution 8: 571-579; Fleming et al. 2018, Ecological Applications 28: "
        "1003-1010 (weights)",
    ),
    **PLAIN_METHODS,
}


@on_one_thread
def find_ranges(
    read: TracksRead, asked: RangeAsked, *, executor: Executor | None = None
) -> tuple[MovementAnswer, tuple[RangeFound, ...]]:
    """Find the range of each animal that was read.

    Parameters
    ----------
    read
        Tracks, and where they are from.
    asked
        What is wanted.
    executor
        Where the animals are worked on, all alike; None for here, one after the other.

    Raises
    ------
    NotEnoughDataError
        If no track is long enough.
    UnknownNameError
        If no method is called so.
    """
    if asked.method not in METHODS:
        raise UnknownNameError(
            f"no method of ranges is called '{asked.method}'; known: {', '.join(METHODS)}."
        )
    method = METHODS[asked.method]
    found, notes = [], list(read.notes)
    share = map if executor is None else executor.map
    for track, one in zip(read.tracks, share(partial(_range, asked), read.tracks), strict=True):
        if isinstance(one, str):
            notes.append(one)
            unknown = dict.fromkeys(asked.levels, UNKNOWN)
            found.append(RangeFound(track, unknown, word=TOO_FEW))
        else:
            found.append(one)
    notes += _words(found)
    if all(one.word == TOO_FEW for one in found):
        raise NotEnoughDataError("\n".join(notes))
    answer = MovementAnswer(
        method.function,
        _parameters(asked),
        read.inputs,
        {"animals": {one.track.animal_id: _told(one) for one in found}},
        {"area_km2": "km²"},
        method.source,
        rasters=_rasters(found),
        features=_features(found),
        tables={"ranges": _table(found)},
        readings=read.readings,
        reading=read.asked.told,
        notes=tuple(notes),
    )
    return answer, tuple(found)


@on_one_thread
def _range(asked: RangeAsked, track: Track) -> RangeFound | str:
    """Return the range of a track, or why there are too few fixes for one."""
    try:
        return METHODS[asked.method].find(track, asked)
    except NotEnoughDataError as error:
        return note_of(error)


def draw_ranges(
    answer: MovementAnswer, found: Sequence[RangeFound], language: str = "en"
) -> MovementAnswer:
    """Draw each animal's range with its fixes, and all areas with their limits.

    Parameters
    ----------
    answer
        What `find_ranges` found.
    found
        And the ranges themselves.
    language
        Of the pictures.

    Raises
    ------
    UnknownNameError
        If the language is not one of `kulan.words.LANGUAGES`.
    """
    # matplotlib is heavy, and most runs draw nothing
    from kulan.assessment.movement.captions import captioned  # noqa: PLC0415
    from kulan.report.movement.ranges import ShownRange, ranges_picture  # noqa: PLC0415

    reader, caption_of = captioned(answer, language)
    shown = [
        ShownRange(one.track, one.areas, one.contours() if not one.word else {}, bool(one.word))
        for one in found
    ]
    refused = sum(one.without_range for one in shown)
    lived = all(one.distribution is None or one.distribution.kind == "range" for one in found)
    told = (
        reader.say(
            "{with_range} of {all} animals have a range; {refused} were not seen to stay in one.",
            with_range=len(shown) - refused,
            all=len(shown),
            refused=refused,
        )
        if lived
        else reader.say("The cells it used, not where it will be found.")
    )
    title = reader.say("Where each animal lives")
    if not lived:
        title = reader.say("Where each animal was while it was tracked")
    caption = caption_of(title, told)
    picture = ranges_picture(shown, caption, reader)
    return replace(answer, pictures={**answer.pictures, "ranges.png": picture.encode(".png")})


def _words(found: Sequence[RangeFound]) -> list[str]:
    """Return a sentence for each reason why animals have no range, with their names."""
    by_reason: dict[str, list[str]] = {}
    text = N_("Not range-resident: {animals}; see `word` of each animal.")
    for one in found:
        reason = one.word.partition(":")[0]
        if reason and reason != TOO_FEW:
            by_reason.setdefault(reason, []).append(one.track.animal_id)
    return [
        Note(text, animals=names)
        if reason == "not range-resident"
        else f"{reason[0].upper()}{reason[1:]}: {', '.join(names)}; see `word` of each animal."
        for reason, names in by_reason.items()
    ]


def _parameters(asked: RangeAsked) -> dict[str, Any]:
    return {
        "method": asked.method,
        "levels": list(asked.levels),
        "weights": asked.weights,
        "like": asked.like,
        "model": asked.fit.model or list(asked.fit.kinds),
        "fit": asked.fit.method,
        "confidence": asked.fit.level,
        **dict(asked.settings),
    }


def _told(found: RangeFound) -> dict[str, Any]:
    areas = {f"{level:g}": area.times(1e-6) for level, area in found.areas.items()}
    return {"word": found.word, "area_km2": areas, "fixes": len(found.track), **found.numbers}


def _table(found: Sequence[RangeFound]) -> pd.DataFrame:
    rows = []
    for one in found:
        for level, area in one.areas.items():
            km2 = area.times(1e-6)
            rows.append(
                {
                    "animal_id": one.track.animal_id,
                    "share": level,
                    "area_km2": km2.estimate,
                    "area_km2_low": km2.low,
                    "area_km2_high": km2.high,
                    "effective_sample_size": one.numbers.get("effective_sample_size"),
                    "model": one.numbers.get("model"),
                    "word": one.word,
                }
            )
    return pd.DataFrame(rows)


def _file_name(kind: str, animal: str) -> str:
    """Return a name any file system takes."""
    plain = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in animal)
    return f"{kind}_{plain}"


def _rasters(found: Sequence[RangeFound]) -> dict[str, PlaneRaster]:
    rasters: dict[str, PlaneRaster] = {}
    for one in found:
        if one.distribution is None:
            continue
        name = _file_name("use", one.track.animal_id)
        while name in rasters:
            name += "_"
        rasters[name] = PlaneRaster(
            one.distribution.mass, one.distribution.frame, "share of use in the cell"
        )
    return rasters


def _features(found: Sequence[RangeFound]) -> dict[str, gpd.GeoDataFrame]:
    """Return the contours, in the tracks' plane if all share one, else in degrees."""
    planes = {one.track.plane for one in found}
    shared = planes.pop() if len(planes) == 1 else None
    rows, shapes = [], []
    for one in found:
        for level, shape in one.contours().items():
            area = one.areas[level].times(1e-6)
            rows.append(
                {
                    "animal_id": one.track.animal_id,
                    "share": level,
                    "area_km2": area.estimate,
                    "area_km2_low": area.low,
                    "area_km2_high": area.high,
                }
            )
            shapes.append(shape if shared is not None else in_degrees(shape, one.track.plane))
    if not rows:
        return {}
    crs = "EPSG:4326" if shared is None else shared.crs or LOCAL_SYSTEM
    return {"ranges": gpd.GeoDataFrame(rows, geometry=shapes, crs=crs)}
