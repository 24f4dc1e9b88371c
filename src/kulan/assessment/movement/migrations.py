"""Migration as a question: who migrates, when and between which ranges, and who wanders."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from kulan.assessment.movement.degrees import in_degrees
from kulan.assessment.movement.folders import MovementAnswer
from kulan.assessment.movement.reading import TracksRead
from kulan.assessment.movement.seasons import (
    dates_table,
    movers_told,
    read_seasons,
    seasonal_ranges,
    seasons_found,
    shared_plane,
    system_of,
    wanderers_told,
)
from kulan.errors import NotEnoughDataError
from kulan.movement.fixes import Clock
from kulan.movement.intervals import Interval
from kulan.movement.migration.mean_shift import MeanShifts, fit_mean_shifts
from kulan.movement.migration.net_displacement import Displacement, fit_displacement
from kulan.movement.migration.thinning import DAY_S
from kulan.movement.migration.wandering import Wandering, measure_wandering
from kulan.movement.migration.ways import WANDERING, moves_on_often, way_of_life
from kulan.movement.threads import on_one_thread
from kulan.movement.tracks import Track
from kulan.notes import Note, note_of
from kulan.words import N_

SOURCE = (
    "Bunnefeld et al. 2011, Journal of Animal Ecology 80: 466-476; Spitz et al. 2017, Ecography "
    "40: 788-799 (ways of life); Gurarie et al. 2017, Journal of Animal Ecology 86: 943-959 (dates)"
)


@dataclass(frozen=True)
class MigrationAsked:
    """What is wanted of migrations.

    Attributes
    ----------
    every_s
        One mean position is taken for each such interval, s.
    shifts
        Number of journeys of every animal; None for what its positions ask for.
    most
        The most that are tried.
    dates
        File of dates that someone has checked; None to go by those found.
    """

    every_s: float = DAY_S
    shifts: int | None = None
    most: int = 8
    dates: Path | None = None


@dataclass(frozen=True, eq=False)
class MigrationFound:
    """What is known of one animal.

    Attributes
    ----------
    track
        Whose.
    displacement, shifts
        Ways of life by its net displacement; ranges and journeys.
    wandering
        How it wanders; None where the record is too short to say.
    """

    track: Track
    displacement: Displacement
    shifts: MeanShifts
    wandering: Wandering | None

    @property
    def way(self) -> str:
        """Its way of life, see `kulan.movement.migration.ways.way_of_life`."""
        return way_of_life(self.displacement, self.shifts)

    @property
    def wanders(self) -> bool:
        """Whether it moves on so often that it has no seasons."""
        return self.way == WANDERING


@on_one_thread
def find_migrations(
    read: TracksRead, asked: MigrationAsked | None = None, *, executor: Executor | None = None
) -> tuple[MovementAnswer, tuple[MigrationFound, ...]]:
    """Find who migrates, when and between which ranges.

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
        Tables `dates` (to be edited and given back), `journeys` and `ways`; the layers
        `seasonal_ranges` and `journeys`.
    tuple of MigrationFound
        One for each animal with positions enough.

    Raises
    ------
    NotEnoughDataError
        If no animal has positions enough.
    InvalidTableError
        If the file of dates holds something that cannot be.
    """
    asked = asked or MigrationAsked()
    share = map if executor is None else executor.map
    answers = list(share(partial(_found, asked), read.tracks))
    found = [one for one in answers if isinstance(one, MigrationFound)]
    notes = [*read.notes, *(one for one in answers if isinstance(one, str))]
    if not found:
        raise NotEnoughDataError("\n".join(notes))
    clock = found[0].track.clock
    inputs = list(read.inputs)
    if asked.dates is None:
        settled = [one for one in found if not one.wanders]
        seasons = seasons_found([one.shifts for one in settled], clock)
        notes += _notes_on_dates(found, settled)
    else:
        seasons, file = read_seasons(asked.dates, read.tracks)
        inputs.append(file)
    ranges, few = seasonal_ranges([one.track for one in found], seasons)
    if few:
        notes.append(Note(N_("Too few days for a seasonal range: {which}."), which=list(few)))
    layers = {"seasonal_ranges": ranges, "journeys": _ways_walked(found)}
    answer = MovementAnswer(
        "kulan.movement.migration.mean_shift.fit_mean_shifts",
        {"every_s": asked.every_s, "shifts": asked.shifts, "most": asked.most},
        inputs,
        {"animals": {one.track.animal_id: _told(one) for one in found}},
        {"spreading": "exponent", "fidelity": "ratio"},
        SOURCE,
        features={name: layer for name, layer in layers.items() if layer is not None},
        tables={
            "dates": dates_table(seasons),
            "journeys": _journeys_table(found),
            "ways": _ways_table(found),
        },
        readings=read.readings,
        reading=read.asked.told,
        notes=tuple(notes),
    )
    return answer, tuple(found)


def _notes_on_dates(
    found: Sequence[MigrationFound], settled: Sequence[MigrationFound]
) -> list[str]:
    notes: list[str] = []
    if settled:
        text = N_(
            "Dates are as the mean shifts tell them. Look at them, correct dates.csv, and give it "
            "back with --dates."
        )
        notes.append(Note(text))
    movers = [one.track.animal_id for one in settled if moves_on_often(one.shifts)]
    if movers:
        notes.append(movers_told(movers))
    wanderers = [one.track.animal_id for one in found if one.wanders]
    if wanderers:
        notes.append(wanderers_told(wanderers))
    return notes


@on_one_thread
def _found(asked: MigrationAsked, track: Track) -> MigrationFound | str:
    """Return what is known of an animal, or why there are too few positions for anything."""
    try:
        displacement = fit_displacement(track, every_s=asked.every_s)
        shifts = fit_mean_shifts(track, shifts=asked.shifts, most=asked.most, every_s=asked.every_s)
    except NotEnoughDataError as error:
        return note_of(error)
    try:
        wandering = measure_wandering(track)
    except NotEnoughDataError:
        wandering = None
    return MigrationFound(track, displacement, shifts, wandering)


def draw_migrations(
    answer: MovementAnswer, found: Sequence[MigrationFound], language: str = "en"
) -> MovementAnswer:
    """Draw the net displacement of each animal with its model and journeys, as migration.png.

    Parameters
    ----------
    answer, found
        What `find_migrations` found.
    language
        Of the picture.

    Raises
    ------
    UnknownNameError
        If the language is not one of `kulan.words.LANGUAGES`.
    """
    # matplotlib is heavy, and most runs draw nothing
    from kulan.assessment.movement.captions import captioned  # noqa: PLC0415
    from kulan.report.movement.migrations import ShownMigration, migrations_picture  # noqa: PLC0415

    reader, caption_of = captioned(answer, language)
    shown = [ShownMigration(one.displacement, one.shifts, one.way) for one in found]
    caption = caption_of(
        reader.say("How far each animal is from where it began"),
        reader.say("Dots are mean positions; bands are the journeys between ranges."),
    )
    picture = migrations_picture(shown, caption, reader)
    return replace(answer, pictures={**answer.pictures, "migration.png": picture.encode(".png")})


def moment(seconds: float, clock: Clock) -> str | None:
    """Return a moment as ISO 8601 in UTC, or seconds on an elapsed clock; None for no number.

    Examples
    --------
    >>> moment(0.0, "utc")
    '1970-01-01T00:00:00Z'
    """
    if not abs(seconds) < float("inf"):
        return None
    if clock == "elapsed":
        return f"{seconds:.0f}"
    return pd.Timestamp(round(seconds), unit="s").strftime("%Y-%m-%dT%H:%M:%SZ")


def _date(interval: Interval, clock: Clock) -> dict[str, Any]:
    limits = (moment(value, clock) for value in (interval.low, interval.estimate, interval.high))
    return dict(zip(("low", "estimate", "high"), limits, strict=True)) | {"level": interval.level}


def _told(one: MigrationFound) -> dict[str, Any]:
    best, clock = one.displacement.best, one.track.clock
    return {
        "way": one.way,
        "way_by_net_displacement": best.way,
        "probabilities": {model.way: model.weight for model in one.displacement.models},
        "distance_km": best.distance_km,
        "dates_by_net_displacement": {
            name: _date(date, clock) for name, date in best.dates.items()
        },
        "journeys": [
            {
                "start": _date(shift.start_s, clock),
                "end": _date(shift.end_s, clock),
                "duration_days": shift.duration_s.times(1 / DAY_S),
                "distance_km": shift.distance_m / 1000,
            }
            for shift in one.shifts.shifts
        ],
        "spread_in_a_range_km": one.shifts.spread_m / 1000,
        "wandering": one.wandering,
    }


def _journeys_table(found: Sequence[MigrationFound]) -> pd.DataFrame:
    rows = []
    for one in found:
        clock = one.track.clock
        for number, shift in enumerate(one.shifts.shifts, start=1):
            row: dict[str, Any] = {"animal_id": one.track.animal_id, "journey": number}
            for name, date in (("start", shift.start_s), ("end", shift.end_s)):
                told = _date(date, clock)
                row |= {name: told["estimate"], f"{name}_low": told["low"]}
                row[f"{name}_high"] = told["high"]
            days = shift.duration_s.times(1 / DAY_S)
            row |= {"days": days.estimate, "days_low": days.low, "days_high": days.high}
            row["distance_km"] = shift.distance_m / 1000
            rows.append(row)
    return pd.DataFrame(rows)


def _ways_table(found: Sequence[MigrationFound]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "animal_id": one.track.animal_id,
                "way": model.way,
                "aicc": model.aicc,
                "probability": model.weight,
                "distance_km": model.distance_km.estimate,
                "distance_km_low": model.distance_km.low,
                "distance_km_high": model.distance_km.high,
            }
            for one in found
            for model in one.displacement.models
        ]
    )


def _ways_walked(found: Sequence[MigrationFound]) -> gpd.GeoDataFrame | None:
    """Return each journey as the line of the fixes on it."""
    plane = shared_plane([one.track for one in found])
    rows, lines = [], []
    for one in found:
        track = one.track
        for number, shift in enumerate(one.shifts.shifts, start=1):
            on_way = track.time_s >= shift.start_s.estimate
            on_way &= track.time_s <= shift.end_s.estimate
            if on_way.sum() < 2:
                continue
            line = shapely.LineString(track.positions_m[on_way])
            lines.append(line if plane is not None else in_degrees(line, track.plane))
            rows.append(
                {
                    "animal_id": track.animal_id,
                    "journey": number,
                    "start": moment(shift.start_s.estimate, track.clock),
                    "end": moment(shift.end_s.estimate, track.clock),
                    "distance_km": shift.distance_m / 1000,
                }
            )
    return gpd.GeoDataFrame(rows, geometry=lines, crs=system_of(plane)) if rows else None
