"""What animals choose: steps taken beside random ones, with rasters and barriers as covariates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import shapely

from kulan.assessment.movement.covariates import RasterCovariate
from kulan.assessment.movement.folders import MovementAnswer
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
from kulan.movement.intervals import UNKNOWN
from kulan.movement.planes import Plane
from kulan.movement.selection.between_animals import BetweenAnimals, between_animals
from kulan.movement.selection.calibration import Calibration, calibrate
from kulan.movement.selection.conditional_logit import (
    ConditionalLogit,
    choices_from,
    fit_conditional_logit,
)
from kulan.movement.selection.random_steps import (
    observed_steps,
    with_covariates,
    with_crossings,
    with_random_steps,
)
from kulan.movement.selection.step_families import StepFamily
from kulan.movement.selection.step_selection import StepSelection, fit_step_selection
from kulan.movement.threads import on_one_thread
from kulan.notes import Note, note_of
from kulan.provenance import Input
from kulan.words import N_

MOVEMENT = ("length_m", "log_length", "cos_turn")
CROSSES = "crosses"
_SOURCE = (
    "Avgar et al. 2016, Methods in Ecology and Evolution 7:619-630; Fortin et al. 2005, Ecology "
    "86:1320-1330; Fieberg et al. 2018, Ecography 41:737-752."
)
_REDRAWS = 5
_HELD_BACK = 5  # every fifth set


@dataclass(frozen=True)
class SelectionAsked:
    """What is asked of the choices.

    Attributes
    ----------
    interval_s
        Time between fixes, s.
    covariates
        Rasters, read where steps end, and where they start for products.
    products
        Products of covariates, "a:b"; `start_` before a raster's name means where a step starts.
    barriers
        Lines in the plane of the tracks; a step that meets one has the covariate `crosses`.
    barrier_inputs
        Where they are from.
    controls, seed
        Random steps for each observed one, and the seed of their draw.
    tolerance_s
        By how much a step may be shorter or longer, s; None for a tenth.
    """

    interval_s: float
    covariates: tuple[RasterCovariate, ...] = ()
    products: tuple[str, ...] = ()
    barriers: tuple[shapely.Geometry, ...] = ()
    barrier_inputs: tuple[Input, ...] = ()
    controls: int = 20
    seed: int = 0
    tolerance_s: float | None = None

    @property
    def terms(self) -> tuple[str, ...]:
        """Covariates of the model, in the order of its coefficients."""
        crosses = (CROSSES,) if self.barriers else ()
        return (*(one.name for one in self.covariates), *crosses, *MOVEMENT, *self.products)


@dataclass(frozen=True, eq=False)
class SelectionFound:
    """The model and what it rests on.

    Attributes
    ----------
    table
        Observed and random steps with their covariates.
    selection
        The model, of all sets.
    between_draws
        Standard deviation of each coefficient over further draws of random steps.
    spreads
        Standard deviation of each covariate among the random steps.
    calibrations
        Of each raster and of crossing, on sets that were held back; by name.
    never_crossed
        Whether no observed step met a barrier: crossing then has no coefficient.
    animals
        The model of each animal alone, where there are several.
    refused
        Why an animal has none, by animal.
    population
        Mean and spread between animals of each coefficient; empty for one animal.
    """

    table: pd.DataFrame
    selection: StepSelection
    between_draws: dict[str, float]
    spreads: dict[str, float]
    calibrations: dict[str, Calibration]
    never_crossed: bool
    animals: Mapping[str, ConditionalLogit] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    population: Mapping[str, BetweenAnimals] = field(default_factory=dict)


@on_one_thread
def find_selection(read: TracksRead, asked: SelectionAsked) -> SelectionFound:
    """Fit an integrated step-selection model, and see whether it foretells what was held back.

    Parameters
    ----------
    read
        Tracks, all in one plane.
    asked
        Interval, covariates, barriers.

    Raises
    ------
    InvalidRequestError
        If a product names what is no covariate.
    NotEnoughDataError, InvalidGeometryError, UnknownCrsError, InvalidTableError
        As the library says of steps, covariates and choices.
    """
    _check_products(asked)
    steps = observed_steps(read.tracks, asked.interval_s, asked.tolerance_s)
    plane = read.tracks[0].plane
    table, family = _drawn(steps, asked, plane, asked.seed, None)
    terms = asked.terms
    never = bool(asked.barriers) and not table.loc[table["case"], CROSSES].any()
    if never:
        terms = tuple(term for term in terms if CROSSES not in term.split(":"))
    selection = fit_step_selection(table, terms, family)
    again = [
        fit_step_selection(
            _drawn(steps, asked, plane, asked.seed + k, family)[0], terms, family
        ).fit.coefficients
        for k in range(1, _REDRAWS + 1)
    ]
    spread = np.std([selection.fit.coefficients, *again], axis=0, ddof=1)
    others = table[~table["case"]]
    seen = [*(one.name for one in asked.covariates), *([CROSSES] if asked.barriers else [])]
    animals, refused = _animal_by_animal(table, terms)
    return SelectionFound(
        table,
        selection,
        dict(zip(terms, map(float, spread), strict=True)),
        {name: float(np.nanstd(others[name])) for name in (*seen, *MOVEMENT)},
        _calibrated(table, terms, seen),
        never,
        animals,
        refused,
        _between(animals, terms) if animals or refused else {},
    )


def _animal_by_animal(
    table: pd.DataFrame, terms: Sequence[str]
) -> tuple[dict[str, ConditionalLogit], dict[str, str]]:
    """Fit the model to each animal alone; nothing where there is one only."""
    names = table["animal_id"].unique()
    fits: dict[str, ConditionalLogit] = {}
    refused: dict[str, str] = {}
    for name in map(str, names) if len(names) > 1 else ():
        own = table[table["animal_id"] == name]
        try:
            fits[name] = fit_conditional_logit(choices_from(own, terms, sets="set_id"))
        except NotEnoughDataError as error:
            refused[name] = note_of(error)
    return fits, refused


def _between(
    animals: Mapping[str, ConditionalLogit], terms: Sequence[str]
) -> dict[str, BetweenAnimals]:
    return {
        term: between_animals(
            {name: float(fit.coefficients[k]) for name, fit in animals.items()},
            {name: float(fit.standard_errors[k]) for name, fit in animals.items()},
        )
        for k, term in enumerate(terms)
    }


def _drawn(
    steps: pd.DataFrame, asked: SelectionAsked, plane: Plane, seed: int, family: StepFamily | None
) -> tuple[pd.DataFrame, StepFamily]:
    table, family = with_random_steps(steps, controls=asked.controls, family=family, seed=seed)
    readers = {one.name: partial(one.at, plane) for one in asked.covariates}
    at_start = {
        name: reader
        for name, reader in readers.items()
        if any(f"start_{name}" in product.split(":") for product in asked.products)
    }
    table = with_covariates(table, readers, at_start)
    if asked.barriers:
        table = with_crossings(table, asked.barriers, CROSSES)
    return table, family


def _check_products(asked: SelectionAsked) -> None:
    rasters = [one.name for one in asked.covariates]
    known = [*rasters, *(f"start_{name}" for name in rasters), *MOVEMENT]
    if asked.barriers:
        known.append(CROSSES)
    for product in asked.products:
        unknown = [name for name in product.split(":") if name not in known]
        if unknown or ":" not in product:
            raise InvalidRequestError(
                f"product '{product}': write two of these joined by a colon: {', '.join(known)}."
            )


def _calibrated(
    table: pd.DataFrame, terms: Sequence[str], seen: Sequence[str]
) -> dict[str, Calibration]:
    """Fit without every fifth set, and see whether those are foretold; nothing where too few."""
    back = table["set_id"] % _HELD_BACK == _HELD_BACK - 1
    try:
        learned = fit_conditional_logit(
            choices_from(table[~back], terms, sets="set_id", clusters="animal_id")
        )
        read = {*seen, *(name for term in terms for name in term.split(":"))}
        fresh = table[back].dropna(subset=sorted(read))
        choices = choices_from(fresh, terms, sets="set_id", clusters="animal_id")
    except NotEnoughDataError:
        return {}
    # sets that could not be used would shift the values of the others
    whole = fresh[fresh["set_id"].isin(_usable_sets(fresh))]
    whole = whole.sort_values("set_id", kind="stable")
    return {name: calibrate(learned, choices, whole[name].to_numpy()) for name in seen}


def _usable_sets(table: pd.DataFrame) -> "pd.Index[int]":
    counted = table.groupby("set_id")["case"].agg(["sum", "size"])
    return counted.index[(counted["sum"] == 1) & (counted["size"] > 1)]


def answer_of_selection(
    read: TracksRead, asked: SelectionAsked, found: SelectionFound
) -> MovementAnswer:
    """Make an answer of choices that were found.

    Parameters
    ----------
    read, asked, found
        Tracks, question and finding.
    """
    calibrations = calibration_table(found.calibrations)
    each = {name: fit.intervals() for name, fit in found.animals.items()}
    return MovementAnswer(
        "kulan.movement.selection.step_selection.fit_step_selection",
        {
            "interval_s": asked.interval_s,
            "tolerance_s": asked.tolerance_s,
            "covariates": [one.name for one in asked.covariates],
            "products": list(asked.products),
            "barriers": [one.name for one in asked.barrier_inputs],
            "controls": asked.controls,
            "seed": asked.seed,
            "plane": read.tracks[0].plane.crs,
        },
        [*read.inputs, *(one.source for one in asked.covariates), *asked.barrier_inputs],
        _numbers(found),
        units={"scale_m": "m"},
        source=_SOURCE,
        tables={
            "coefficients": coefficients_of(found),
            "steps": found.table,
            **({"animals": animals_table(each, found.refused)} if found.population else {}),
            **({"calibration": calibrations} if len(calibrations) else {}),
        },
        readings=read.readings,
        reading=read.asked.told,
        notes=[*read.notes, *_notes(read, found)],
    )


def coefficients_of(found: SelectionFound) -> pd.DataFrame:
    """Return a row for each term: coefficient, errors, limits, and strength per deviation.

    Parameters
    ----------
    found
        The model. `strength_per_sd` is how many times likelier a step is that has one standard
        deviation more of the covariate; for crossing, how many times likelier one that crosses.
    """
    fit = found.selection.fit
    limits = fit.intervals()
    rows = []
    for k, term in enumerate(fit.terms):
        unit = 1.0 if term == CROSSES else found.spreads.get(term, np.nan)
        crossing = {"sd_of_covariate": np.nan} if term == CROSSES else {}
        rows.append(
            {
                **strength_row(term, limits[term], unit),
                **crossing,
                "error": float(fit.standard_errors[k]),
                "robust_error": float(fit.robust_standard_errors[k]),
                "sd_between_draws": found.between_draws[term],
            }
        )
    return pd.DataFrame(rows)


def _numbers(found: SelectionFound) -> dict[str, Any]:
    fit, tentative = found.selection.fit, found.selection.tentative
    numbers: dict[str, Any] = {
        "steps": fit.sets,
        "animals": fit.clusters,
        "coefficients": fit.intervals(),
        "errors_by_animal": fit.has_enough_clusters,
        "log_likelihood": fit.log_likelihood,
        "log_likelihood_without_selection": fit.null_log_likelihood,
        "aic": fit.aic,
        "left_out": fit.left_out,
        "movement_tentative": {
            "shape": tentative.shape,
            "scale_m": tentative.scale_m,
            "concentration": tentative.concentration,
        },
        "movement_without_selection": found.selection.updated(),
        "calibration_share_inside": {
            name: one.share_inside for name, one in found.calibrations.items()
        },
    }
    if found.never_crossed:
        numbers["crosses"] = UNKNOWN
    if found.population:
        numbers |= population_told(found.population)
    return numbers


def _notes(read: TracksRead, found: SelectionFound) -> list[str]:
    notes: list[str] = []
    fit = found.selection.fit
    if found.never_crossed:
        text = N_(
            "no step of the animals meets a barrier, while {count} random ones do: crossing has no "
            "coefficient, only a bound. `kulan movement barriers` tells chances that hold at none."
        )
        notes.append(Note(text, count=int(found.table[CROSSES].sum())))
    if not fit.has_enough_clusters:
        text = N_(
            "{count} animal(s): limits take the steps of one animal as independent, and are too "
            "narrow for the population. Ten or more give limits that are not."
        )
        notes.append(Note(text, count=fit.clusters))
    if found.population:
        notes += population_notes(found.population)
    if found.refused:
        notes.append(refused_note(found.refused))
    for reason, count in fit.left_out.items():
        text = N_("{count} steps are left out: {reason}.")
        notes.append(Note(text, count=count, reason=Note(reason)))
    without = len(read.tracks) - fit.clusters
    if without:
        notes.append(Note(N_("{count} animal(s) have no step of this interval."), count=without))
    return [*notes, *_notes_on_fit(found)]


def _notes_on_fit(found: SelectionFound) -> list[str]:
    fit = found.selection.fit
    notes: list[str] = []
    errors = dict(zip(fit.terms, fit.standard_errors, strict=True))
    shaky = [term for term, value in found.between_draws.items() if value > 0.5 * errors[term]]
    if shaky:
        text = N_(
            "{terms}: differ between draws of random steps by more than half their error. Raise "
            "--controls."
        )
        notes.append(Note(text, terms=shaky))
    bad = [name for name, one in found.calibrations.items() if one.share_inside < 0.8]
    if bad:
        text = N_(
            "{covariates}: the model does not foretell what was used in the steps held back; "
            "something that matters is missing or has another form."
        )
        notes.append(Note(text, covariates=bad))
    if not found.calibrations and found.spreads.keys() - set(MOVEMENT):
        text = N_("too few steps to hold some back: whether the model foretells is not known.")
        notes.append(Note(text))
    return notes


def with_picture(answer: MovementAnswer, found: SelectionFound, language: str) -> MovementAnswer:
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
    told = reader.say(
        "Steps: {steps}; animals: {animals}",
        steps=reader.words.number(found.selection.fit.sets),
        animals=reader.words.number(found.selection.fit.clusters),
    )
    drawn = SelectionDrawn(coefficients_of(found), found.calibrations, _of_each(found))
    picture = selection_picture(drawn, caption(reader.say("What the animals choose"), told), reader)
    return replace(answer, pictures={**answer.pictures, "selection.png": picture.encode(".png")})


def _of_each(found: SelectionFound) -> dict[str, list[float]]:
    """Return the strength for each animal, by term."""
    return {
        term: [float(np.exp(fit.coefficients[k] * unit)) for fit in found.animals.values()]
        for k, term in enumerate(found.selection.fit.terms)
        for unit in (1.0 if term == CROSSES else found.spreads.get(term, np.nan),)
    }
