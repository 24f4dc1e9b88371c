"""Corridors as a question: where a population migrates and stops, and for whom that holds."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from kulan.assessment.movement.folders import MovementAnswer, PlaneRaster
from kulan.assessment.movement.reading import TracksRead
from kulan.assessment.movement.seasons import (
    dates_table,
    journeys_of,
    movers_told,
    read_seasons,
    seasons_found,
    shared_plane,
    system_of,
    wanderers_told,
)
from kulan.errors import NotEnoughDataError
from kulan.movement.contours import outline
from kulan.movement.corridors.animals import AnimalUse, BridgeSettings, Traveller, uses_of
from kulan.movement.corridors.populations import Corridors, population_corridors
from kulan.movement.distributions import PlaneFrame, frame_around
from kulan.movement.intervals import Interval
from kulan.movement.migration.mean_shift import fit_mean_shifts
from kulan.movement.migration.net_displacement import fit_displacement
from kulan.movement.migration.ways import WANDERING, moves_on_often, way_of_life
from kulan.movement.planes import Plane, plane_around
from kulan.movement.threads import on_one_thread
from kulan.movement.tracks import Track, tracks_of
from kulan.notes import Note, note_of, share_told
from kulan.provenance import Input
from kulan.words import N_

SOURCE = (
    "Sawyer et al. 2009, Ecological Applications 19: 2016-2025; Kranstauber et al. 2012, Journal "
    "of Animal Ecology 81: 738-746; Merkle et al. 2022, Methods in Ecology and Evolution 13: "
    "2397-2403; Kauffman et al. 2020, USGS SIR 2020-5101 (classes)"
)
CLASSES = ("low", "medium", "high")
_PAD_CELLS = 20
_FEW_ANIMALS = 20


@dataclass(frozen=True)
class CorridorAsked:
    """What is wanted of corridors.

    Attributes
    ----------
    dates
        File of dates that someone has checked; None to go by the mean shifts of those that do not
        wander.
    seasons
        Names of migrations in that file that are wanted; () for all.
    cell_m
        Width of a cell, m.
    bridges
        How journeys are bridged.
    smallest_m2
        Smaller parts of a polygon are dropped and smaller holes are filled, m².
    resamples
        How often animals are drawn anew for the limits of the share held.
    most
        Journeys of an animal looked for where there is no file of dates.
    """

    dates: Path | None = None
    seasons: tuple[str, ...] = ()
    cell_m: float = 250.0
    bridges: BridgeSettings = field(default_factory=BridgeSettings)
    smallest_m2: float = 20_000.0
    resamples: int = 1000
    most: int = 8


@dataclass(frozen=True, eq=False)
class CorridorsFound:
    """Corridors with what they rest on.

    Attributes
    ----------
    corridors
        Of the population.
    uses
        Of each animal, those that could not be bridged too.
    travellers
        Animals with their journeys.
    """

    corridors: Corridors
    uses: tuple[AnimalUse, ...]
    travellers: tuple[Traveller, ...]


@on_one_thread
def find_corridors(
    read: TracksRead, asked: CorridorAsked | None = None, *, executor: Executor | None = None
) -> tuple[MovementAnswer, CorridorsFound]:
    """Find the corridors and stopovers of a population from the animals that were tracked.

    Parameters
    ----------
    read
        Tracks, and where they are from.
    asked
        What is wanted.
    executor
        Where animals are worked on; None for one after another. The answer is the same.

    Returns
    -------
    MovementAnswer
        Maps `animals`, `use`, `class`, `stopovers`, `share_low` and `share_high`; layers
        `corridors`, `stopovers` and `footprints`; tables `animals`, `curve` and `dates`.
    CorridorsFound

    Raises
    ------
    NotEnoughDataError
        If no journey of any animal could be bridged, or nobody has journeys and no dates are given.
    InvalidTableError
        If the location error is unknown, or the file of dates holds something that cannot be.
    """
    asked = asked or CorridorAsked()
    tracks = _in_one_plane(read)
    seasons, notes, inputs = _seasons(tracks, asked)
    travellers = tuple(
        Traveller(track, journeys)
        for track in tracks
        if (journeys := journeys_of(track, seasons, asked.seasons))
    )
    if not travellers:
        raise NotEnoughDataError(
            "no animal has a migration"
            + (f" called {', '.join(asked.seasons)}" if asked.seasons else "")
            + ". See `kulan movement migration`, and the column 'season' of its dates.csv."
        )
    frame = _frame_for(travellers, asked.cell_m)
    uses = tuple(uses_of(travellers, frame, asked.bridges, executor=executor))
    corridors = population_corridors(uses, frame, resamples=asked.resamples)
    found = CorridorsFound(corridors, uses, travellers)
    answer = MovementAnswer(
        "kulan.movement.corridors.populations.population_corridors",
        _parameters(asked),
        (*read.inputs, *inputs),
        _numbers(found, len(tracks)),
        {"share_held": "share of an untracked animal's use"},
        SOURCE,
        rasters=_rasters(corridors),
        features=_features(found, asked.smallest_m2),
        tables={
            "animals": _animals_table(found),
            "curve": pd.DataFrame(corridors.curve, columns=["animals", "share_held", "area_km2"]),
            "dates": dates_table(seasons),
        },
        readings=read.readings,
        reading=read.asked.told,
        notes=(*read.notes, *notes, *_warnings(found, len(tracks))),
    )
    return answer, found


def draw_corridors(
    answer: MovementAnswer, found: CorridorsFound, language: str = "en"
) -> MovementAnswer:
    """Draw corridors and stopovers with the journeys, and the curve of the share held.

    Parameters
    ----------
    answer, found
        What `find_corridors` found.
    language
        Of the picture.

    Raises
    ------
    UnknownNameError
        If the language is not one of `kulan.words.LANGUAGES`.
    """
    # matplotlib is heavy, and most runs draw nothing
    from kulan.assessment.movement.captions import captioned  # noqa: PLC0415
    from kulan.report.movement.corridors import corridors_picture  # noqa: PLC0415

    reader, caption_of = captioned(answer, language)
    caption = caption_of(
        reader.say("Where the population migrates and stops"),
        reader.say(
            "Dynamic Brownian bridges; journeys: {journeys}, animals: {animals}",
            journeys=sum(use.journeys for use in found.uses),
            animals=len(found.corridors.animals),
        ),
    )
    ways = [
        (traveller.track, [(one.start_s, one.end_s) for one in traveller.journeys])
        for traveller in found.travellers
    ]
    picture = corridors_picture(found.corridors, ways, caption, reader)
    return replace(answer, pictures={**answer.pictures, "corridors.png": picture.encode(".png")})


def _in_one_plane(read: TracksRead) -> tuple[Track, ...]:
    """Return the tracks in a plane that all share: their own, or one centred on all fixes."""
    if shared_plane(read.tracks) is not None:
        return read.tracks
    places = [track.plane.inverse(track.x_m, track.y_m) for track in read.tracks]
    longitude, latitude = (np.concatenate([place[k] for place in places]) for k in (0, 1))
    plane: Plane = plane_around(longitude, latitude)
    return tuple(track for track in tracks_of(read.fixes, plane) if len(track))


def _seasons(
    tracks: Sequence[Track], asked: CorridorAsked
) -> tuple[pd.DataFrame, list[str], list[Input]]:
    if asked.dates is not None:
        seasons, file = read_seasons(asked.dates, tracks)
        return seasons, [], [file]
    settled, wanderers = [], []
    notes: list[str] = []
    for track in tracks:
        try:
            shifts = fit_mean_shifts(track, most=asked.most)
            way = way_of_life(fit_displacement(track), shifts)
        except NotEnoughDataError as error:
            notes.append(note_of(error))
            continue
        if way == WANDERING:
            wanderers.append(track.animal_id)
        else:
            settled.append(shifts)
    movers = [one.track.animal_id for one in settled if moves_on_often(one)]
    if movers:
        notes.append(movers_told(movers))
    if wanderers:
        notes.append(wanderers_told(wanderers))
        text = N_(
            "`kulan movement migration` writes dates and ways of those that wander too; give the "
            "dates with --dates."
        )
        notes.append(Note(text))
    if not settled:
        raise NotEnoughDataError(
            "\n".join(["no animal has journeys to lay a corridor on.", *notes])
        )
    text = N_(
        "Journeys are as the mean shifts tell them and nobody has looked at them: correct "
        "dates.csv and give it back with --dates."
    )
    notes.append(Note(text))
    return seasons_found(settled, tracks[0].clock), notes, []


def _frame_for(travellers: Sequence[Traveller], cell_m: float) -> PlaneFrame:
    x, y = [], []
    for one in travellers:
        track = one.track
        for journey in one.journeys:
            on_way = (track.time_s >= journey.start_s) & (track.time_s <= journey.end_s)
            x.append(track.x_m[on_way])
            y.append(track.y_m[on_way])
    x_m, y_m = np.concatenate(x), np.concatenate(y)
    if not len(x_m):
        raise NotEnoughDataError("no fix lies within a migration: see the times in dates.csv.")
    plane = travellers[0].track.plane
    return frame_around(x_m, y_m, pad_m=_PAD_CELLS * cell_m, cell_m=cell_m, plane=plane)


def _parameters(asked: CorridorAsked) -> dict[str, Any]:
    return {
        "seasons": list(asked.seasons),
        "cell_m": asked.cell_m,
        "smallest_m2": asked.smallest_m2,
        "resamples": asked.resamples,
        "most": asked.most,
        **asdict(asked.bridges),
    }


def _numbers(found: CorridorsFound, tracked: int) -> dict[str, Any]:
    corridors = found.corridors
    return {
        "animals_tracked": tracked,
        "animals_in_corridor": len(corridors.animals),
        "journeys": sum(use.journeys for use in found.uses),
        "low_use_km2": corridors.low_km2,
        "medium_use_km2": corridors.medium_km2,
        "high_use_km2": corridors.high_km2,
        "stopovers_km2": float(corridors.stopovers.sum() * corridors.frame.cell_m2 / 1e6),
        "share_held": corridors.held,
        "use_inside_frame": float(np.mean([use.inside for use in found.uses if len(use.cells)])),
    }


def _warnings(found: CorridorsFound, tracked: int) -> list[str]:
    corridors = found.corridors
    n = len(corridors.animals)
    notes: list[str] = []
    if n < tracked:
        text = N_("{count} of {all} animals have no journey in the corridor.")
        notes.append(Note(text, count=tracked - n, all=tracked))
    left_out = [reason for use in found.uses for reason in use.left_out]
    if left_out:
        text = N_("Journeys that could not be bridged, as animals.csv tells: {count}.")
        notes.append(Note(text, count=len(left_out)))
    if corridors.held.is_known:
        held = corridors.held
        text = N_(
            "An animal that was not tracked would have {share} of its use on migration inside this "
            "corridor ({low} to {high}), if it is of the same population as those that were."
        )
        ends = {"low": held.low, "share": held.estimate, "high": held.high}
        notes.append(Note(text, **{name: share_told(one) for name, one in ends.items()}))
    if n < _FEW_ANIMALS:
        _, high = corridors.share_limits()
        unseen = float(high[corridors.animals_in == 0].max(initial=0.0))
        text = N_(
            "{count} animals are few: up to {share} of the population may use a place that none of "
            "them did."
        )
        notes.append(Note(text, count=n, share=share_told(unseen)))
    return notes


def _rasters(corridors: Corridors) -> dict[str, PlaneRaster]:
    low, high = corridors.share_limits()
    maps: dict[str, tuple[Any, str]] = {
        "animals": (corridors.animals_in, "animals whose footprint holds the cell"),
        "use": (corridors.use.mass, "share of use on migration in the cell"),
        "class": (corridors.classes, "0 none, 1 low, 2 medium, 3 high use"),
        "stopovers": (corridors.stopovers.astype(np.uint8), "1 where most time is spent"),
        "share_low": (low, "share of the population using the cell, lower limit of 95 %"),
        "share_high": (high, "share of the population using the cell, upper limit of 95 %"),
    }
    return {
        name: PlaneRaster(values, corridors.frame, unit) for name, (values, unit) in maps.items()
    }


def _features(found: CorridorsFound, smallest_m2: float) -> dict[str, gpd.GeoDataFrame]:
    corridors = found.corridors
    frame, system = corridors.frame, system_of(corridors.frame.plane)
    areas: tuple[Interval, ...] = (corridors.low_km2, corridors.medium_km2, corridors.high_km2)
    rows = [
        {
            "use": name,
            "area_km2": area.estimate,
            "area_km2_low": area.low,
            "area_km2_high": area.high,
        }
        for name, area in zip(CLASSES, areas, strict=True)
    ]
    shapes = [tidied(outline(corridors.classes >= k, frame), smallest_m2) for k in (1, 2, 3)]
    stops = tidied(outline(corridors.stopovers, frame), smallest_m2)
    parts = list(stops.geoms)
    footprints, names = [], []
    for use in found.uses:
        if len(use.cells):
            inside = np.zeros(frame.rows * frame.columns, bool)
            inside[use.cells] = True
            footprints.append(tidied(outline(inside.reshape(frame.shape), frame), smallest_m2))
            names.append(use.animal_id)
    return {
        "corridors": gpd.GeoDataFrame(rows, geometry=shapes, crs=system),
        "stopovers": gpd.GeoDataFrame(
            {"stopover": range(1, len(parts) + 1), "area_km2": [one.area / 1e6 for one in parts]},
            geometry=parts,
            crs=system,
        ),
        "footprints": gpd.GeoDataFrame({"animal_id": names}, geometry=footprints, crs=system),
    }


def tidied(shape: shapely.MultiPolygon, smallest_m2: float) -> shapely.MultiPolygon:
    """Return a shape without its smaller parts, and with its smaller holes filled.

    Parameters
    ----------
    shape
        Polygons in metres.
    smallest_m2
        Area of the smallest that stays, m².

    Examples
    --------
    >>> field = shapely.box(0, 0, 100, 100).difference(shapely.box(40, 40, 50, 50))
    >>> tidied(shapely.MultiPolygon([field, shapely.box(200, 0, 210, 10)]), 1000).area
    10000.0
    """
    kept = []
    for part in shape.geoms:
        holes = [hole for hole in part.interiors if shapely.Polygon(hole).area >= smallest_m2]
        filled = shapely.Polygon(part.exterior, holes)
        if filled.area >= smallest_m2:
            kept.append(filled)
    return shapely.MultiPolygon(kept)


def _animals_table(found: CorridorsFound) -> pd.DataFrame:
    counts = found.corridors.animals_in.ravel()
    cell_km2 = found.corridors.frame.cell_m2 / 1e6
    return pd.DataFrame(
        [
            {
                "animal_id": use.animal_id,
                "journeys": use.journeys,
                "years": use.years,
                "footprint_km2": len(use.cells) * cell_km2,
                "share_held_by_others": float(use.share[counts[use.cells] > 1].sum())
                if len(use.cells)
                else float("nan"),
                "left_out": "; ".join(use.left_out),
            }
            for use in found.uses
        ]
    )
