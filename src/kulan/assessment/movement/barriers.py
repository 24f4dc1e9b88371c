"""What animals do at barriers, asked from files: encounters, permeability, where and how far."""

from dataclasses import dataclass, field
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from kulan.assessment.movement.barrier_lines import LinesRead
from kulan.assessment.movement.barrier_notes import (
    change_told,
    crossing_told,
    effect_told,
    times_told,
    unknown_told,
    weighing_told,
)
from kulan.assessment.movement.barrier_tables import (
    for_connectivity,
    permeability_by_place,
    species_told,
)
from kulan.assessment.movement.degrees import layer_in_degrees
from kulan.assessment.movement.folders import MovementAnswer
from kulan.assessment.movement.reading import TracksRead
from kulan.errors import InvalidGeometryError, InvalidTableError, NotEnoughDataError
from kulan.exchange.telemetry import LOCAL_SYSTEM
from kulan.movement.barriers.behaviour import BEHAVIOURS, BehaviourSettings, Like, encounters
from kulan.movement.barriers.crossing_places import (
    Concentration,
    EffectDistance,
    concentration,
    effect_distance,
    stretches,
)
from kulan.movement.barriers.crossing_probability import Change
from kulan.movement.barriers.null_crossings import (
    FreeMovement,
    brownian_movement,
    expected_crossings,
    modelled_movement,
)
from kulan.movement.barriers.outcomes import baba_index, outcomes, sweep
from kulan.movement.barriers.permeability import (
    KNOWN,
    change_at,
    permeability_by,
    permeability_by_segment,
)
from kulan.movement.barriers.segments import BarrierSegments
from kulan.movement.models.selection import select
from kulan.movement.paths.sun import day_or_night, season_of
from kulan.movement.threads import on_one_thread
from kulan.movement.tracks import Track
from kulan.notes import Note, note_of
from kulan.words import N_

Null = Literal["model", "brownian", "none"]
METHOD = "kulan.movement.barriers.permeability.permeability_by"
SOURCE = (
    "Xu, W., Dejid, N., Herrmann, V., Sawyer, H. & Middleton, A.D. (2021). Barrier Behaviour "
    "Analysis (BaBA) reveals extensive effects of fencing on wide-ranging ungulates. Journal of "
    "Applied Ecology 58: 690-698."
)


@dataclass(frozen=True)
class BarrierQuestion:
    """What is asked of tracks and lines.

    Attributes
    ----------
    settings
        What makes an encounter, and tells behaviours apart.
    like
        "BaBA" for the answers of that package.
    null
        Against what crossings are weighed: a "model" fitted to each animal, "brownian" motion, or
        "none".
    changed_s
        Moment at which the barrier changed, s; None for none.
    longest_m
        Longest segment, m; None for the lines as they are.
    stretch_m
        Length of the stretches in which crossings are counted, m.
    reach_m
        How far from barriers an effect on speed is looked for, m.
    sweep_m
        Further distances at which encounters are counted, m.
    paths
        Paths drawn for each encounter.
    level
        Of intervals.
    seed
        Of all drawing.
    """

    settings: BehaviourSettings
    like: Like = None
    null: Null = "model"
    changed_s: float | None = None
    longest_m: float | None = None
    stretch_m: float = 1000.0
    reach_m: float = 5000.0
    sweep_m: tuple[float, ...] = ()
    paths: int = 100
    level: float = 0.95
    seed: int = 1

    @property
    def parameters(self) -> dict[str, Any]:
        """What was asked, for the recipe."""
        own = {name: value for name, value in vars(self).items() if name != "settings"}
        return vars(self.settings) | own


@dataclass(frozen=True)
class BarriersFound:
    """All that was found, before it is told.

    Attributes
    ----------
    tracks
        The tracks, in one plane.
    segments
        The barriers in that plane.
    met
        Encounters of all animals with outcome, group and, where reckoned, expectation.
    overall, groups, by_segment, by_place, places
        Permeability of all together, by group, by segment, and by barrier and segment within
        species, season, day and night; stretches.
    crowd, effect, change
        Concentration of crossings, effect on speed, change; None where not asked or not possible.
    models
        Name of each animal's movement without the line.
    notes
        Sentences a careful reader must know.
    """

    tracks: tuple[Track, ...]
    segments: BarrierSegments
    met: pd.DataFrame
    overall: pd.DataFrame
    groups: pd.DataFrame
    by_segment: pd.DataFrame
    by_place: pd.DataFrame
    places: pd.DataFrame
    crowd: Concentration | None = None
    effect: EffectDistance | None = None
    change: Change | None = None
    models: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@on_one_thread
def find_at_barriers(
    read: TracksRead, lines: LinesRead, question: BarrierQuestion
) -> BarriersFound:
    """Find encounters of tracks with lines, and what comes of them.

    Parameters
    ----------
    read
        Tracks, all in one plane.
    lines
        The barriers.
    question
        What is asked.

    Raises
    ------
    InvalidGeometryError
        If tracks lie in different planes, or none comes near a line.
    InvalidTableError
        If a change is asked for and times are elapsed seconds.
    NotEnoughDataError
        If no encounter has a known outcome.
    """
    plane = read.tracks[0].plane
    if any(track.plane != plane for track in read.tracks):
        raise InvalidGeometryError(
            "tracks lie in different planes; name one for all with --plane, such as EPSG:32648."
        )
    if question.changed_s is not None and any(t.clock == "elapsed" for t in read.tracks):
        raise InvalidTableError(
            "times are elapsed seconds and fall on no day: encounters before and after the day of "
            "--changed cannot be told apart. Give fixes with dates, or leave --changed out."
        )
    segments = lines.segments(plane, question.longest_m)
    notes: list[str] = []
    tables, used = [], []
    models: dict[str, str] = {}
    for number, track in enumerate(read.tracks):
        try:
            table = _of_animal(track, segments, question, number, models, notes)
        except (NotEnoughDataError, InvalidTableError) as error:
            notes.append(Note(N_("Left out: {reason}"), reason=note_of(error)))
            continue
        tables.append(table.assign(species=_species_of(read, track.animal_id)))
        used.append(track)
    met = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    if met.empty:
        raise InvalidGeometryError(
            f"no fix of {len(read.tracks)} animals lies within {question.settings.distance_m:g} m "
            "of a line. Check the system of the fixes and of the lines, or give a longer "
            f"--distance. {' '.join(notes)}".strip()
        )
    if not met["outcome"].isin(KNOWN).any():
        raise NotEnoughDataError(
            f"{len(met)} encounters, and of none is the outcome known. "
            f"{' '.join(unknown_told(met))} Where fixes are too far apart in time, give a larger "
            "--missing-fixes; where the record begins and ends at the line, more of the record; "
            "where the zone is narrow beside location errors, a longer --distance."
        )
    return _weighed(met, tuple(used), segments, question, models, tuple(notes))


def _of_animal(
    track: Track,
    segments: BarrierSegments,
    question: BarrierQuestion,
    number: int,
    models: dict[str, str],
    notes: list[str],
) -> pd.DataFrame:
    settings = question.settings
    found = encounters(track, segments, settings, like=question.like)
    table = outcomes(track, segments, found, settings)
    first = table["first_fix"].to_numpy(np.int64)
    if track.clock == "utc" and not track.plane.is_local:
        table["season"] = season_of(track)[first]
        table["daylight"] = day_or_night(track)[first]
    if question.null == "none" or table.empty:
        return table
    movement = _free_movement(track, segments, question, notes)
    models[track.animal_id] = movement.name if movement else "none"
    if movement is None:
        return table.assign(expected=np.nan)
    rng = np.random.default_rng([question.seed, number])
    share = expected_crossings(
        track, segments, table, settings, movement, rng=rng, paths=question.paths
    )
    return table.assign(expected=share)


def _free_movement(
    track: Track, segments: BarrierSegments, question: BarrierQuestion, notes: list[str]
) -> FreeMovement | None:
    try:
        if question.null == "model":
            return modelled_movement(select(track, ("OU", "OUf", "OUF")).best)
        distance_m, _ = segments.nearest(track.x_m, track.y_m, question.settings.distance_m)
        return brownian_movement(track, ~np.isfinite(distance_m))
    except NotEnoughDataError as error:
        text = N_("Nothing is expected of {animal}: {reason}")
        notes.append(Note(text, animal=track.animal_id, reason=note_of(error)))
        return None


def _species_of(read: TracksRead, animal_id: str) -> str:
    table = read.fixes.table
    if "species" not in table:
        return ""
    names = table.loc[table["animal_id"] == animal_id, "species"].dropna()
    return str(names.iloc[0]) if len(names) else ""


def _weighed(
    met: pd.DataFrame,
    tracks: tuple[Track, ...],
    segments: BarrierSegments,
    question: BarrierQuestion,
    models: dict[str, str],
    notes: tuple[str, ...],
) -> BarriersFound:
    level, rng = question.level, np.random.default_rng(question.seed)
    if "expected" in met and not met["expected"].notna().any():
        met = met.drop(columns="expected")
    asked: dict[str, Any] = {"level": level, "paths": question.paths}
    groups = [
        permeability_by(met, [name], **asked).rename(columns={name: "group"}).assign(by=name)
        for name in ("species", "season", "daylight")
        if name in met and met[name].replace("", np.nan).notna().any()
    ]
    changed = question.changed_s
    return BarriersFound(
        tracks,
        segments,
        met,
        permeability_by(met, **asked),
        pd.concat(groups, ignore_index=True) if groups else pd.DataFrame(),
        permeability_by_segment(met, segments, **asked),
        permeability_by_place(met, segments, **asked),
        stretches(met, segments, length_m=question.stretch_m),
        concentration(met, segments, length_m=question.stretch_m, rng=rng)
        if (met["outcome"] == "crossed").any()
        else None,
        effect_distance(tracks, segments, reach_m=question.reach_m, rng=rng),
        None if changed is None else change_at(met, changed, level=level),
        models,
        notes,
    )


def answer_of(
    read: TracksRead, lines: LinesRead, question: BarrierQuestion, found: BarriersFound
) -> MovementAnswer:
    """Tell what was found: numbers, tables, layers and notes.

    Parameters
    ----------
    read, lines
        What was asked of.
    question
        What was asked.
    found
        See `find_at_barriers`.
    """
    tables = {
        "encounters": _encounters_told(found),
        "permeability": _permeability_told(found),
        "segments": _segments_told(found, question),
        "places": found.places.drop(columns="segment").round(1),
        "by_species_and_time": found.by_place.round(4),
        "barrier_permeabilities": for_connectivity(
            found.by_place,
            f"within {question.settings.distance_m:g} m; {_weighed_against(found, question)}",
        ),
    }
    if question.sweep_m:
        distances = sorted({*question.sweep_m, question.settings.distance_m})
        tables["sweep"] = sweep(found.tracks, found.segments, question.settings, distances)
    return MovementAnswer(
        METHOD,
        {**question.parameters, "lines": lines.asked},
        read.inputs + lines.inputs,
        _numbers(found),
        source=SOURCE,
        features=_features(found),
        tables=tables,
        readings=read.readings,
        reading=read.asked.told,
        notes=_notes(read, lines, question, found),
    )


def _weighed_against(found: BarriersFound, question: BarrierQuestion) -> str:
    if "expected" not in found.met:
        return "crossing probability for each encounter, not weighed against free movement"
    what = "a fitted model" if question.null == "model" else "Brownian motion"
    return f"crossings left of those expected without the line by {what} of each animal"


def _encounters_told(found: BarriersFound) -> pd.DataFrame:
    met, segments = found.met, found.segments
    segment = met["at_segment"].to_numpy(np.int64)
    clock = found.tracks[0].clock
    told = pd.DataFrame({"animal_id": met["animal_id"], "species": met["species"]})
    for name in ("start_s", "end_s"):
        column = met[name]
        if clock == "utc":
            told[name.removesuffix("_s")] = pd.to_datetime(column, unit="s", utc=True).dt.strftime(
                "%Y-%m-%dT%H:%M:%SZ"
            )
        else:
            told[name] = column
    told["barrier_id"] = np.array(segments.barrier_id)[segment]
    told["segment_id"] = np.array(segments.segment_id)[segment]
    kept = [
        "duration_h", "n_fixes", "n_missing", "distance_m", "behaviour", "why", "outcome",
        "why_unknown", "crossings", "straightness", "straightness_mean", "straightness_sd",
        "season", "daylight", "expected",
    ]  # fmt: skip
    for name in kept:
        if name in met:
            told[name] = met[name]
    return told.round({"distance_m": 1, "straightness": 4, "expected": 3})


def _permeability_told(found: BarriersFound) -> pd.DataFrame:
    whole = found.overall.assign(by="all", group="")
    told = pd.concat([whole, found.groups], ignore_index=True)
    first = ["by", "group"]
    return told[first + [name for name in told if name not in first]].round(4)


def _segments_told(found: BarriersFound, question: BarrierQuestion) -> pd.DataFrame:
    met = found.met
    near = found.segments.near_to(
        met["x_m"].to_numpy(float), met["y_m"].to_numpy(float), question.settings.distance_m
    )
    index = baba_index(met, near, least=5).round(4)
    told = found.by_segment.assign(
        length_m=shapely.length(found.segments.shapes[found.by_segment["segment"]]).round(1),
        baba_index=index.reindex(found.by_segment["segment"]).to_numpy(),
    )
    return told.drop(columns="segment").round(4)


def _numbers(found: BarriersFound) -> dict[str, Any]:
    met, row = found.met, found.overall.iloc[0].to_dict()
    numbers: dict[str, Any] = {
        "animals": len(found.tracks),
        "encounters": len(met),
        "behaviours": {name: int((met["behaviour"] == name).sum()) for name in BEHAVIOURS},
        "outcomes": {name: int((met["outcome"] == name).sum()) for name in (*KNOWN, "unknown")},
        "crossing_probability": _limits(row, "probability"),
        "animals_that_ever_crossed": {
            "crossed": row["animals_crossed"],
            "of": row["animals"],
            "share_low": row["animals_share_low"],
            "share_high": row["animals_share_high"],
        },
        "likeness_of_encounters_of_one_animal": row["alike"],
        "segments_met": len(found.by_segment),
    }
    if "expected" in row:
        numbers["expected_without_the_line"] = row["expected"]
        numbers["crossing_left_of_expected"] = _limits(row, "left")
        numbers["movement_without_the_line"] = found.models
    if found.crowd is not None:
        numbers["crossings_in_most_crossed_tenth"] = found.crowd
    if found.effect is not None:
        numbers["effect_on_speed"] = found.effect
    if found.change is not None:
        numbers["change"] = found.change
    return numbers


def _limits(row: dict[Any, Any], name: str) -> dict[str, float]:
    return {"low": row[f"{name}_low"], "estimate": row[name], "high": row[f"{name}_high"]}


def _features(found: BarriersFound) -> dict[str, gpd.GeoDataFrame]:
    plane, met, segments = found.segments.plane, found.met, found.segments
    system = plane.crs or LOCAL_SYSTEM
    told = _encounters_told(found)
    at = shapely.points(met["x_m"].to_numpy(float), met["y_m"].to_numpy(float))
    layers = {"encounters": gpd.GeoDataFrame(told, geometry=at, crs=system)}
    crossed = met["crossing_x_m"].notna().to_numpy()
    if crossed.any():
        where = met[crossed]
        points = shapely.points(where["crossing_x_m"].to_numpy(), where["crossing_y_m"].to_numpy())
        layers["crossings"] = gpd.GeoDataFrame(
            told[crossed].reset_index(drop=True), geometry=points, crs=system
        )
    by_segment = found.by_segment
    which = "left" if "left" in by_segment else "probability"
    lines = by_segment.drop(columns="segment").assign(
        **{
            f"permeability{end}": by_segment[f"{which}{end}"].clip(0, 1)
            for end in ("", "_low", "_high")
        }
    )
    shapes = segments.shapes[by_segment["segment"].to_numpy(np.int64)]
    layers["segments"] = gpd.GeoDataFrame(lines, geometry=shapes, crs=system)
    if plane.is_local:
        return layers
    return {name: layer_in_degrees(layer) for name, layer in layers.items()}


def _notes(
    read: TracksRead, lines: LinesRead, question: BarrierQuestion, found: BarriersFound
) -> list[str]:
    row = found.overall.iloc[0]
    notes = [*read.notes, *lines.notes, *found.notes, *crossing_told(row)]
    notes += unknown_told(found.met)
    notes += weighing_told(row)
    notes += species_told(found.met)
    if question.null == "brownian":
        text = N_(
            "Crossings are weighed against Brownian motion, which does not go on in its direction: "
            "it crosses less than an animal under way, so that what is left looks larger."
        )
        notes.append(Note(text))
    notes += times_told(is_local=found.segments.plane.is_local, clock=found.tracks[0].clock)
    notes += change_told(question.changed_s, found.change)
    notes += effect_told(found.effect, question.reach_m)
    text = N_(
        "baba_index is scaled within this study and grows with the number of animals: it cannot "
        "be compared with other studies, nor between segments met by different numbers of animals."
    )
    return [*notes, Note(text)]
