"""Cleaning as a question: which fixes are set aside, why, and what paths that leaves."""

from dataclasses import asdict, replace
from datetime import tzinfo

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from kulan.assessment.movement.degrees import layer_in_degrees
from kulan.assessment.movement.doubts import doubts_of
from kulan.assessment.movement.folders import MovementAnswer
from kulan.assessment.movement.imports import animals_told
from kulan.assessment.movement.path_tables import steps_table
from kulan.assessment.movement.reading import FixesRead
from kulan.exchange.telemetry import LOCAL_SYSTEM
from kulan.movement.cleaning import CleaningReport, Screening, clean
from kulan.movement.fixes import Fixes, reasons_of
from kulan.movement.paths import daily_distance
from kulan.movement.planes import Plane
from kulan.movement.tracks import track_of, tracks_of

SOURCE = (
    "Bjørneraas et al. 2010, Journal of Wildlife Management 74: 1361-1366 (spikes); longest chain "
    "of mutually reachable fixes (speeds)"
)


def clean_fixes(read: FixesRead, screening: Screening) -> MovementAnswer:
    """Flag what is wrong or doubtful in fixes that were read; none is dropped.

    Parameters
    ----------
    read
        The fixes, and where they are from.
    screening
        What is set aside.
    """
    fixes, report = clean(read.fixes, screening)
    numbers = {
        "fixes": len(fixes.table),
        "fixes_used": int(fixes.used.sum()),
        "animals": len(fixes.animals),
        "set_aside": report.totals,
    }
    return MovementAnswer(
        "kulan.movement.cleaning.clean",
        asdict(screening),
        read.inputs,
        numbers,
        source=SOURCE,
        fixes=fixes,
        features=_features(fixes),
        tables={"animals": _joined(fixes, report)},
        readings=read.readings,
        reading=read.asked.told,
        notes=(
            *(note for note in read.notes if " set aside and kept" not in note),
            *report.notes,
            *(note for note in doubts_of(fixes) if not note.startswith("One usable fix")),
        ),
    )


def with_steps(answer: MovementAnswer, gap_s: float | None, plane: Plane | None) -> MovementAnswer:
    """Add a table of the steps between used fixes.

    Parameters
    ----------
    answer
        What `clean_fixes` found.
    gap_s
        Steps over a longer gap are not measured, s; None for any.
    plane
        Where they lie; None as `kulan.movement.tracks.track_of` says.
    """
    assert answer.fixes is not None
    tables = [steps_table(track, gap_s) for track in tracks_of(answer.fixes, plane) if len(track)]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    return replace(
        answer,
        parameters={**answer.parameters, "steps_over_gap_s": gap_s},
        tables={**answer.tables, "steps": table},
    )


def with_days(answer: MovementAnswer, zone: tzinfo, plane: Plane | None) -> MovementAnswer:
    """Add a table of distance by day.

    Parameters
    ----------
    answer
        What `clean_fixes` found.
    zone
        Whose midnights part the days.
    plane
        As in `with_steps`.

    Raises
    ------
    InvalidTableError
        If times are elapsed seconds.
    """
    assert answer.fixes is not None
    tables = []
    for track in tracks_of(answer.fixes, plane):
        days = daily_distance(track, zone)
        days.insert(0, "animal_id", track.animal_id)
        tables.append(days)
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    return replace(
        answer,
        parameters={**answer.parameters, "days_in_zone": str(zone)},
        tables={**answer.tables, "days": table},
    )


def draw_cleaning(answer: MovementAnswer, language: str = "en") -> MovementAnswer:
    """Draw what was set aside, in space and in time, as cleaning.png.

    Parameters
    ----------
    answer
        What `clean_fixes` found.
    language
        Of the picture.

    Raises
    ------
    UnknownNameError
        If the language is not one of `kulan.words.LANGUAGES`.
    """
    # matplotlib is heavy, and most runs draw nothing
    from kulan.assessment.movement.captions import captioned  # noqa: PLC0415
    from kulan.report.movement.cleaning import cleaning_picture  # noqa: PLC0415

    assert answer.fixes is not None
    reader, caption_of = captioned(answer, language)
    told = reader.say(
        "{aside} of {all} fixes of {animals} animals are set aside",
        aside=reader.words.number(int((~answer.fixes.used).sum())),
        all=reader.words.number(len(answer.fixes.table)),
        animals=reader.words.number(len(answer.fixes.animals)),
    )
    caption = caption_of(reader.say("Fixes used and set aside"), told)
    picture = cleaning_picture(answer.fixes, caption, reader)
    return replace(answer, pictures={**answer.pictures, "cleaning.png": picture.encode(".png")})


def _joined(fixes: Fixes, report: CleaningReport) -> pd.DataFrame:
    told = animals_told(fixes).drop(columns=["fixes", "used"])
    return report.animals.merge(told, on="animal_id")


def _features(fixes: Fixes) -> dict[str, gpd.GeoDataFrame]:
    """Return the paths between used fixes, and the fixes set aside that have a place."""
    system = fixes.crs or LOCAL_SYSTEM
    names, lines = [], []
    for animal in fixes.animals:
        track = track_of(fixes, animal, None)
        if len(track) < 2:
            continue
        used = fixes.table.iloc[track.rows]
        names.append(animal)
        lines.append(shapely.LineString(used[["x", "y"]].to_numpy(float)))
    paths = gpd.GeoDataFrame({"animal_id": names}, geometry=lines, crs=system)
    table = fixes.table[~fixes.used]
    x, y = table["x"].to_numpy(float), table["y"].to_numpy(float)
    placed = np.isfinite(x) & np.isfinite(y)
    table = table[placed]
    words = {one: ", ".join(reasons_of(int(one))) for one in table["flags"].unique()}
    aside = gpd.GeoDataFrame(
        {
            "animal_id": table["animal_id"].astype(str).to_numpy(dtype=object),
            "time": table["time"].astype(str).to_numpy(dtype=object),
            "reasons": table["flags"].map(words).to_numpy(dtype=object),
        },
        geometry=shapely.points(x[placed], y[placed]),
        crs=system,
    )
    found = {"paths": paths, "set_aside": aside}
    if fixes.is_geographic:
        found = {name: layer_in_degrees(layer) for name, layer in found.items()}
    return {name: layer for name, layer in found.items() if len(layer)}
