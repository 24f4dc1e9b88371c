"""What the two kinds of selection tell alike: strengths, animals, a population, calibrations."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from kulan.movement.intervals import Interval
from kulan.movement.selection.between_animals import FEWEST_ANIMALS, BetweenAnimals
from kulan.movement.selection.calibration import Calibration
from kulan.notes import Note
from kulan.words import N_


def strength_row(term: str, limits: Interval, unit: float) -> dict[str, Any]:
    """Return a row of coefficients.csv: the coefficient, and the strength of a step of one unit.

    Parameters
    ----------
    term
        What it is of.
    limits
        The coefficient.
    unit
        By how much the covariate is greater: a standard deviation; NaN for a strength of nothing.

    Examples
    --------
    >>> round(strength_row("snow", Interval(0.0, 0.693147, 2.0), 1.0)["strength_per_sd"], 3)
    2.0
    """
    low, middle, high = (
        float(np.exp(end * unit)) for end in (limits.low, limits.estimate, limits.high)
    )
    return {
        "term": term,
        "coefficient": limits.estimate,
        "low": limits.low,
        "high": limits.high,
        "sd_of_covariate": unit,
        "strength_per_sd": middle,
        "strength_low": low,
        "strength_high": high,
    }


def animals_table(
    limits: Mapping[str, Mapping[str, Interval]], refused: Mapping[str, str]
) -> pd.DataFrame:
    """Return a row for each animal and term, and one for each animal of which nothing can be said.

    Parameters
    ----------
    limits
        Coefficients by animal and term.
    refused
        Why there are none, by animal.
    """
    rows: list[dict[str, Any]] = [
        {
            "animal_id": animal,
            "term": term,
            "coefficient": one.estimate,
            "low": one.low,
            "high": one.high,
            "word": "",
        }
        for animal, terms in limits.items()
        for term, one in terms.items()
    ]
    rows += [{"animal_id": animal, "term": "", "word": why} for animal, why in refused.items()]
    return pd.DataFrame(rows)


def population_told(population: Mapping[str, BetweenAnimals]) -> dict[str, Any]:
    """Return what result.json says of the population: how many animals, mean and spread.

    Parameters
    ----------
    population
        By term.
    """
    return {
        "population_animals": max((one.animals for one in population.values()), default=0),
        "population_mean": {term: one.mean for term, one in population.items()},
        "population_spread": {term: one.spread for term, one in population.items()},
    }


def population_notes(population: Mapping[str, BetweenAnimals]) -> list[str]:
    """Say where there are too few animals for a population, and which tell nothing of it.

    Parameters
    ----------
    population
        By term.
    """
    text = N_(
        "{animals}: not in the mean of {term}, for their error is over fifty times that of the "
        "animal that is known best. Where they nearly never do a thing, the mean of the others is "
        "too high."
    )
    notes: list[str] = [
        Note(text, animals=list(one.left_out), term=term)
        for term, one in population.items()
        if one.left_out
    ]
    few = max((one.animals for one in population.values()), default=0)
    if few >= FEWEST_ANIMALS:
        return notes
    return [
        *notes,
        Note(
            N_(
                "{count} animal(s): not enough for the mean of a population or how far animals "
                "differ, for which at least {least} are needed. What is said is of these animals "
                "alone."
            ),
            count=few,
            least=FEWEST_ANIMALS,
        ),
    ]


def refused_note(refused: Collection[str]) -> Note:
    """Say which animals the mean of a population is without, and which way that leans.

    Parameters
    ----------
    refused
        Animals of which nothing can be said.
    """
    text = N_(
        "{animals}: not in the mean of the population, as animals.csv tells. Where animals are "
        "left out because they never do a thing, the mean of the others is too high."
    )
    return Note(text, animals=list(refused))


def calibration_table(calibrations: Mapping[str, Calibration]) -> pd.DataFrame:
    """Return a row for each class of each covariate: available, used, foretold, limits.

    Parameters
    ----------
    calibrations
        By covariate.
    """
    tables = [
        pd.DataFrame(
            {
                "covariate": name,
                "from": one.edges[:-1],
                "to": one.edges[1:],
                "available": one.available,
                "used": one.used,
                "foretold": one.foretold,
                "low": one.low,
                "high": one.high,
            }
        )
        for name, one in calibrations.items()
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
