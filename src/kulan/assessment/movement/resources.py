"""What of the land it lives in an animal uses more than its share: resource selection."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kulan.assessment.movement.covariates import RasterCovariate
from kulan.assessment.movement.folders import MovementAnswer
from kulan.assessment.movement.range_questions import RangeAsked, RangeFound
from kulan.assessment.movement.ranges import by_akde
from kulan.assessment.movement.reading import TracksRead
from kulan.assessment.movement.selection_tables import (
    animals_table,
    calibration_table,
    population_notes,
    population_told,
    refused_note,
    strength_row,
)
from kulan.errors import InvalidRequestError, NotEnoughDataError
from kulan.exchange.telemetry import LOCAL_SYSTEM
from kulan.movement.intervals import Interval
from kulan.movement.ranges.hulls import minimum_convex_polygon
from kulan.movement.selection.available import available_points
from kulan.movement.selection.between_animals import BetweenAnimals, between_animals
from kulan.movement.selection.calibration import Calibration
from kulan.movement.selection.resource_calibration import (
    HeldBack,
    boyce_index,
    calibrate_resources,
    held_back,
)
from kulan.movement.selection.resource_selection import ResourceSelection, fit_resource_selection
from kulan.movement.tracks import Track
from kulan.notes import Note, note_of
from kulan.words import N_

Floats = NDArray[np.float64]

_SOURCE = (
    "Manly et al. 2002, Resource Selection by Animals; Fithian and Hastie 2013, Annals of Applied "
    "Statistics 7:1917-1939; Alston et al. 2023, Methods in Ecology and Evolution 14:643-654; "
    "Boyce et al. 2002, Ecological Modelling 157:281-300."
)
AVAILABILITIES = ("range", "mcp", "buffer")
_FEW_UNKNOWN = 0.05
_MUCH_BY_POINTS = 0.2
_FOLDS = 5


@dataclass(frozen=True)
class ResourcesAsked:
    """What is asked of the land that animals use.

    Attributes
    ----------
    covariates
        Rasters.
    availability
        "range" (the autocorrelated kernel's contour), "mcp" (minimum convex polygon) or "buffer"
        (all land within `buffer_m` of a fix): what counts as available.
    share
        Of use ("range", below 1) or of fixes ("mcp", up to 1) that the land holds, above 0.
    buffer_m
        How far from a fix land is available, m.
    available
        How many available points for each animal.
    seed
        Of their draw.
    """

    covariates: tuple[RasterCovariate, ...]
    availability: str = "range"
    share: float = 0.95
    buffer_m: float = 0.0
    available: int = 10_000
    seed: int = 0

    @property
    def terms(self) -> tuple[str, ...]:
        """Covariates of the model, in the order of its coefficients."""
        return tuple(one.name for one in self.covariates)


@dataclass(frozen=True, eq=False)
class AnimalResources:
    """One animal: the land it could use, and what it chose of it.

    Attributes
    ----------
    animal_id
        Whose.
    land
        What counts as available, in the track's plane.
    fit
        The function.
    outside, unknown
        Fixes left out: outside the land, and where a covariate is unknown.
    unknown_land
        Share of the available points where a covariate is unknown.
    values
        Covariates of the available points, shape (points, terms).
    parts
        Stretches of its track held back.
    """

    animal_id: str
    land: shapely.Geometry
    fit: ResourceSelection
    outside: int
    unknown: int
    unknown_land: float
    values: Floats
    parts: tuple[HeldBack, ...]


@dataclass(frozen=True, eq=False)
class ResourcesFound:
    """What was found for each animal and between them.

    Attributes
    ----------
    animals
        Of whom something can be said.
    refused
        Why not of the others, by animal.
    population
        Mean and spread between animals of each coefficient.
    spreads
        Standard deviation of each covariate over the available points of all.
    calibrations
        Of each covariate, on stretches held back; by name.
    boyce
        Rank correlation of use with what is foretold, in each fold.
    """

    animals: tuple[AnimalResources, ...]
    refused: Mapping[str, str]
    population: Mapping[str, BetweenAnimals]
    spreads: Mapping[str, float]
    calibrations: Mapping[str, Calibration] = field(default_factory=dict)
    boyce: tuple[float, ...] = ()


def find_resources(read: TracksRead, asked: ResourcesAsked) -> ResourcesFound:
    """Fit a resource-selection function to each animal, and say what they have in common.

    Parameters
    ----------
    read
        Tracks, all in one plane.
    asked
        Covariates, and what land is available.

    Raises
    ------
    InvalidRequestError
        If there is no covariate, the availability is none of the three, or the land should be a
        range that holds all use.
    NotEnoughDataError
        If nothing can be said of any animal.
    UnknownCrsError
        If a covariate and the tracks cannot be laid over one another.
    """
    if not asked.covariates:
        raise InvalidRequestError("no covariate: name one or more with --covariate NAME=FILE.")
    if asked.availability not in AVAILABILITIES:
        raise InvalidRequestError(
            f"availability '{asked.availability}' is not one of {', '.join(AVAILABILITIES)}."
        )
    if asked.availability == "buffer" and not asked.buffer_m > 0:
        raise InvalidRequestError("availability 'buffer': how far? Name it with --buffer-km.")
    if asked.availability == "range" and not asked.share < 1:
        raise InvalidRequestError(
            f"share {asked.share:g} of a range: a range has no edge that holds all use. Name a "
            "--share below 1, or --availability mcp."
        )
    animals, refused = [], {}
    for place, track in enumerate(read.tracks):
        try:
            animals.append(_of_animal(track, asked, asked.seed + place))
        except NotEnoughDataError as error:
            refused[track.animal_id] = note_of(error)
    if not animals:
        raise NotEnoughDataError("\n".join(f"{name}: {why}" for name, why in refused.items()))
    parts = [part for one in animals for part in one.parts]
    population = {term: _between(animals, k) for k, term in enumerate(asked.terms)}
    values = np.concatenate([one.values for one in animals])
    folds = sorted({part.fold for part in parts})
    return ResourcesFound(
        tuple(animals),
        refused,
        population,
        dict(zip(asked.terms, map(float, values.std(axis=0)), strict=True)),
        {term: calibrate_resources(parts, k) for k, term in enumerate(asked.terms) if parts},
        tuple(boyce_index(part for part in parts if part.fold == fold) for fold in folds),
    )


def _of_animal(track: Track, asked: ResourcesAsked, seed: int) -> AnimalResources:
    # its range says as how many independent fixes the track counts, whatever land is available
    share = asked.share if asked.availability == "range" else 0.95
    home = by_akde(track, RangeAsked(levels=(share,)))
    if home.word:
        raise NotEnoughDataError(home.word)
    land = _land(track, asked, home)
    points = available_points(land, asked.available, seed)
    inside = shapely.intersects_xy(land, track.positions_m)
    used = _values(track, asked, track.positions_m[inside])
    offered = _values(track, asked, points)
    known, known_land = np.isfinite(used).all(axis=1), np.isfinite(offered).all(axis=1)
    if not known.any() or not known_land.any():
        raise NotEnoughDataError("a covariate is unknown all over the land it uses.")
    used, offered = used[known], offered[known_land]
    effective = home.numbers["effective_sample_size"] * len(used) / len(track)
    fit = fit_resource_selection(used, offered, asked.terms, effective=effective)
    parts = held_back(used, offered, asked.terms, effective=effective, folds=_FOLDS)
    return AnimalResources(
        track.animal_id,
        land,
        fit,
        int((~inside).sum()),
        int((~known).sum()),
        float((~known_land).mean()),
        offered,
        tuple(parts),
    )


def _values(track: Track, asked: ResourcesAsked, points: Floats) -> Floats:
    columns = [one.at(track.plane, points[:, 0], points[:, 1]) for one in asked.covariates]
    return np.column_stack(columns)


def _land(track: Track, asked: ResourcesAsked, home: RangeFound) -> shapely.Geometry:
    if asked.availability == "mcp":
        return minimum_convex_polygon(track, asked.share)
    if asked.availability == "buffer":
        return shapely.MultiPoint(track.positions_m).buffer(asked.buffer_m)
    shape: shapely.Geometry = home.contours()[asked.share]
    return shape


def _between(animals: list[AnimalResources], column: int) -> BetweenAnimals:
    return between_animals(
        {one.animal_id: float(one.fit.coefficients[column]) for one in animals},
        {one.animal_id: float(one.fit.covariance[column, column]) ** 0.5 for one in animals},
    )


# --- the answer -----------------------------------------------------------------------------------


def answer_of_resources(
    read: TracksRead, asked: ResourcesAsked, found: ResourcesFound
) -> MovementAnswer:
    """Make an answer of resource selection.

    Parameters
    ----------
    read, asked, found
        Tracks, question and finding.
    """
    plane = read.tracks[0].plane
    land = gpd.GeoDataFrame(
        {"animal_id": [one.animal_id for one in found.animals]},
        geometry=[one.land for one in found.animals],
        crs=plane.crs or LOCAL_SYSTEM,
    )
    calibrations = calibration_table(found.calibrations)
    return MovementAnswer(
        "kulan.movement.selection.resource_selection.fit_resource_selection",
        {
            "covariates": list(asked.terms),
            "availability": asked.availability,
            "share": asked.share,
            "buffer_m": asked.buffer_m or None,
            "available": asked.available,
            "seed": asked.seed,
            "plane": plane.crs,
        },
        [*read.inputs, *(one.source for one in asked.covariates)],
        _numbers(found),
        units={"land_km2": "km²"},
        source=_SOURCE,
        features={"available": land},
        tables={
            "coefficients": coefficients_of(found),
            "animals": animals_table({one.animal_id: _limits(one) for one in found.animals},
                                     found.refused),
            **({"calibration": calibrations} if len(calibrations) else {}),
        },
        readings=read.readings,
        reading=read.asked.told,
        notes=[*read.notes, *_notes(found)],
    )  # fmt: skip


def _limits(one: AnimalResources) -> dict[str, Interval]:
    return one.fit.intervals()


def coefficients_of(found: ResourcesFound) -> pd.DataFrame:
    """Return a row for each term: the population's mean, or where too few animals, each animal's.

    Parameters
    ----------
    found
        The functions. `strength_per_sd` is how many times more land is used that has one standard
        deviation more of the covariate.
    """
    rows = []
    for term, spread in found.spreads.items():
        between = found.population[term]
        if between.is_known:
            rows.append(strength_row(term, between.mean, spread))
            continue
        several = len(found.animals) > 1
        rows += [
            strength_row(
                f"{term}, {one.animal_id}" if several else term, _limits(one)[term], spread
            )
            for one in found.animals
        ]
    return pd.DataFrame(rows)


def _numbers(found: ResourcesFound) -> dict[str, Any]:
    known = [value for value in found.boyce if np.isfinite(value)]
    return {
        "animals": {
            **{one.animal_id: _animal(one) for one in found.animals},
            **{name: {"word": why} for name, why in found.refused.items()},
        },
        **population_told(found.population),
        "boyce_index": float(np.mean(known)) if known else None,
        "boyce_index_least": min(known) if known else None,
        "calibration_share_inside": {
            name: one.share_inside for name, one in found.calibrations.items()
        },
    }


def _animal(one: AnimalResources) -> dict[str, Any]:
    return {
        "fixes": one.fit.used,
        "effective_sample_size": one.fit.effective,
        "land_km2": one.land.area / 1e6,
        "coefficients": _limits(one),
    }


def _notes(found: ResourcesFound) -> list[str]:
    fixes = sum(one.fit.used for one in found.animals)
    effective = sum(one.fit.effective for one in found.animals)
    notes: list[str] = [
        Note(
            N_(
                "{fixes} fixes count as {effective} independent ones: fixes soon after one another "
                "are alike, and limits are as wide as so many independent ones give."
            ),
            fixes=fixes,
            effective=effective,
        )
    ]
    notes += [
        Note(N_("{animal} is left out: {reason}."), animal=name, reason=why)
        for name, why in found.refused.items()
    ]
    if found.refused and any(one.is_known for one in found.population.values()):
        notes.append(refused_note(found.refused))
    outside = sum(one.outside for one in found.animals)
    if outside:
        text = N_("{count} fixes lie outside the land taken as available and are left out.")
        notes.append(Note(text, count=outside))
    unknown = sum(one.unknown for one in found.animals)
    if unknown:
        text = N_("{count} fixes are left out: a covariate is unknown there.")
        notes.append(Note(text, count=unknown))
    bare = [one.animal_id for one in found.animals if one.unknown_land > _FEW_UNKNOWN]
    if bare:
        text = N_(
            "{animals}: over a twentieth of the land taken as available has no value of a "
            "covariate; what is said is of the rest."
        )
        notes.append(Note(text, animals=bare))
    shaky = [one.animal_id for one in found.animals if one.fit.by_points.max() > _MUCH_BY_POINTS]
    if shaky:
        text = N_(
            "{animals}: over a fifth of what is unknown of a coefficient is the chance by which "
            "available points fell. Raise --available for narrower limits."
        )
        notes.append(Note(text, animals=shaky))
    notes += population_notes(found.population)
    return [*notes, *_notes_on_calibration(found)]


def _notes_on_calibration(found: ResourcesFound) -> list[str]:
    if not found.calibrations:
        text = N_("too few fixes to hold some back: whether the model foretells is not known.")
        return [Note(text)]
    bad = [name for name, one in found.calibrations.items() if one.share_inside < 0.8]
    text = N_(
        "{covariates}: the model does not foretell what was used in the stretches held back; "
        "something that matters is missing or has another form."
    )
    return [Note(text, covariates=bad)] if bad else []


def with_picture(answer: MovementAnswer, found: ResourcesFound, language: str) -> MovementAnswer:
    """Return the answer with its picture, selection.png.

    Parameters
    ----------
    answer, found
        What was found.
    language
        Of the picture.

    Raises
    ------
    UnknownNameError
        If the language is not one of `kulan.words.LANGUAGES`.
    """
    # matplotlib is heavy, and most runs draw nothing
    from kulan.assessment.movement.captions import captioned  # noqa: PLC0415
    from kulan.report.movement.selection import SelectionDrawn, selection_picture  # noqa: PLC0415

    reader, caption = captioned(answer, language)
    means = any(one.is_known for one in found.population.values())
    told = reader.say(
        "Fixes: {fixes}, as {effective} independent ones; animals: {animals}",
        fixes=reader.words.number(sum(one.fit.used for one in found.animals)),
        effective=reader.words.number(sum(one.fit.effective for one in found.animals), 1),
        animals=reader.words.number(len(found.animals)),
    )
    drawn = SelectionDrawn(coefficients_of(found), found.calibrations, _of_each(found), False)
    title = reader.say("What land animals use")
    if means:
        title = reader.say("What land animals use: the mean of the population")
    picture = selection_picture(drawn, caption(title, told), reader)
    return replace(answer, pictures={**answer.pictures, "selection.png": picture.encode(".png")})


def _of_each(found: ResourcesFound) -> dict[str, list[float]]:
    """Return the strength for each animal, by term; none where animals have rows of their own."""
    return {
        term: [float(np.exp(_limits(one)[term].estimate * spread)) for one in found.animals]
        for term, spread in found.spreads.items()
        if found.population[term].is_known
    }
