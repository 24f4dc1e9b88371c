"""What animals were doing: hidden Markov models of several numbers of states, compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kulan.assessment.movement.covariates import RasterCovariate
from kulan.assessment.movement.folders import MovementAnswer
from kulan.assessment.movement.reading import TracksRead
from kulan.errors import InvalidRequestError
from kulan.movement.fixes import Fixes
from kulan.movement.states.decoding import DecodedStates, PseudoResiduals
from kulan.movement.states.decoding import decode_states as decode
from kulan.movement.states.decoding import pseudo_residuals as residuals_of
from kulan.movement.states.fitting import FittedStates, fit_states
from kulan.movement.states.hidden_markov import Turns, design_for
from kulan.movement.states.observations import Observations, observations_of
from kulan.movement.threads import on_one_thread
from kulan.movement.tracks import Track
from kulan.notes import Note
from kulan.places import WGS84
from kulan.words import N_

Floats = NDArray[np.float64]

_SOURCE = (
    "Morales et al. 2004, Ecology 85:2436-2445; Zucchini, MacDonald and Langrock 2016, Hidden "
    "Markov Models for Time Series, 2nd ed."
)
_ALIKE = 0.15  # autocorrelation of residuals above which the model leaves much unsaid


@dataclass(frozen=True)
class StatesAsked:
    """What is asked of the states.

    Attributes
    ----------
    interval_s
        Time between fixes, s.
    states
        Numbers of states to try, in the order wanted.
    turns
        Family of turning angles; None for steps alone.
    covariates
        What the changes between states may depend on.
    starts, seed
        Of the search.
    tolerance_s
        How far a fix may lie from its tick of the clock, s; None for a tenth of the interval.
    """

    interval_s: float
    states: tuple[int, ...] = (2, 3)
    turns: Turns | None = "von_mises"
    covariates: tuple[RasterCovariate, ...] = ()
    starts: int = 10
    seed: int = 0
    tolerance_s: float | None = None


@dataclass(frozen=True, eq=False)
class StatesFound:
    """The model kept, the others, and what they say of the observations.

    Attributes
    ----------
    observations
        Steps and turns.
    kept
        The model with the lowest BIC.
    tried
        All models, in the order asked.
    decoded, residuals
        Of the model kept.
    scales
        Mean and standard deviation by which each covariate was put on one scale.
    """

    observations: Observations
    kept: FittedStates
    tried: tuple[FittedStates, ...]
    decoded: DecodedStates
    residuals: PseudoResiduals
    scales: Mapping[str, tuple[float, float]]


@on_one_thread
def find_states(read: TracksRead, asked: StatesAsked) -> StatesFound:
    """Fit hidden Markov models with each number of states, and keep the one of lowest BIC.

    Parameters
    ----------
    read
        Tracks.
    asked
        Interval, numbers of states, covariates.

    Raises
    ------
    InvalidRequestError
        If no number of states is asked for.
    InvalidTableError, NotEnoughDataError, UnknownCrsError
        If a covariate is unknown at a fix or lies elsewhere; if there are too few steps.
    """
    if not asked.states:
        raise InvalidRequestError("no number of states: name one or more, such as 2.")
    covariates, scales = _at_fixes(read, asked.covariates)
    observations = observations_of(
        read.tracks, asked.interval_s, tolerance_s=asked.tolerance_s, covariates=covariates
    )
    names = tuple(covariates)
    tried = tuple(
        fit_states(
            observations,
            design_for(observations, states, turns=asked.turns, covariates=names),
            starts=asked.starts,
            seed=asked.seed,
        )
        for states in asked.states
    )
    kept = min(tried, key=lambda one: one.bic)
    return StatesFound(
        observations,
        kept,
        tried,
        decode(kept, observations),
        residuals_of(kept, observations),
        scales,
    )


def _at_fixes(
    read: TracksRead, covariates: Sequence[RasterCovariate]
) -> tuple[dict[str, Floats], dict[str, tuple[float, float]]]:
    made, scales = {}, {}
    for covariate in covariates:
        values = np.full(len(read.fixes.table), np.nan)
        for track in read.tracks:
            values[track.rows] = covariate.at(track.plane, track.x_m, track.y_m)
        mean, spread = float(np.nanmean(values)), float(np.nanstd(values))
        if not spread > 0:
            raise InvalidRequestError(
                f"covariate '{covariate.name}' has one value at all fixes, or none: nothing can be "
                "said of it."
            )
        made[covariate.name] = (values - mean) / spread
        scales[covariate.name] = (mean, spread)
    return made, scales


def answer_of_states(read: TracksRead, asked: StatesAsked, found: StatesFound) -> MovementAnswer:
    """Make an answer of states that were found.

    Parameters
    ----------
    read, asked, found
        Tracks, question and finding.
    """
    table = table_of_states(read.fixes, found)
    return MovementAnswer(
        "kulan.movement.states.fitting.fit_states",
        {
            "interval_s": asked.interval_s,
            "tolerance_s": asked.tolerance_s,
            "states": list(asked.states),
            "turns": asked.turns or "none",
            "covariates": [one.name for one in asked.covariates],
            "starts": asked.starts,
            "seed": asked.seed,
        },
        [*read.inputs, *(one.source for one in asked.covariates)],
        _numbers(found),
        units={"turn_mean_rad": "rad", "step_mean_m": "m", "step_sd_m": "m"},
        source=_SOURCE,
        features=_points(read.tracks, table),
        tables={"states": table, "models": _compared(found)},
        readings=read.readings,
        reading=read.asked.told,
        notes=[*read.notes, *_notes(found)],
    )


def table_of_states(fixes: Fixes, found: StatesFound) -> pd.DataFrame:
    """Return a row for each observation: whose, when, step, turn, state and chances.

    Parameters
    ----------
    fixes
        What the tracks were made from.
    found
        The states.
    """
    seen = found.observations
    times: Any = seen.time_s
    if fixes.clock == "utc":
        times = pd.to_datetime(np.rint(seen.time_s * 1e6).astype("int64"), unit="us", utc=True)
    chances = {f"chance_{k + 1}": found.decoded.chances[:, k] for k in range(_states(found))}
    return pd.DataFrame(
        {
            "animal_id": seen.animal_id,
            "time": times,
            "row": seen.rows,
            "step_m": seen.step_m,
            "turn_rad": seen.turn_rad,
            "state": found.decoded.likeliest + 1,
            **chances,
            "residual_step": found.residuals.step,
            "residual_turn": found.residuals.turn,
        }
    )


def _states(found: StatesFound) -> int:
    return found.kept.design.states


def _numbers(found: StatesFound) -> dict[str, Any]:
    parameters = found.kept.parameters()
    renamed = {"mean_m": "step_mean_m", "sd_m": "step_sd_m", "zero": "chance_of_no_step"}
    renamed |= {"mean_rad": "turn_mean_rad", "concentration": "turn_concentration"}
    renamed["resultant_length"] = "turn_resultant_length"
    states = [
        {
            "state": k + 1,
            "share_of_time": float(found.decoded.shares[k]),
            **{renamed[name]: limits[k] for name, limits in parameters.items()},
        }
        for k in range(_states(found))
    ]
    at_mean = dict.fromkeys(found.kept.design.covariates, 0.0)
    return {
        "observations": found.kept.observations,
        "states": states,
        "moves": found.kept.moves(**at_mean),
        "stationary": found.kept.stationary(**at_mean),
        "changes": dict(found.kept.changes()),
        "covariate_scales": {
            name: {"mean": mean, "sd": spread} for name, (mean, spread) in found.scales.items()
        },
        "log_likelihood": found.kept.log_likelihood,
        "aic": found.kept.aic,
        "bic": found.kept.bic,
        "residual_autocorrelation": _alike(found),
    }


def _compared(found: StatesFound) -> pd.DataFrame:
    least = min(one.bic for one in found.tried)
    return pd.DataFrame(
        [
            {
                "states": one.design.states,
                "parameters": len(one.working),
                "log_likelihood": one.log_likelihood,
                "aic": one.aic,
                "bic": one.bic,
                "bic_above_least": one.bic - least,
                "searches": one.starts,
                "searches_that_found_it": one.found,
            }
            for one in found.tried
        ]
    )


def _points(tracks: Sequence[Track], table: pd.DataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Return the fixes with their states as points; none for local metres."""
    if any(track.plane.is_local for track in tracks):
        return {}
    by_row: dict[int, tuple[float, float]] = {}
    for track in tracks:
        longitude, latitude = track.plane.inverse(track.x_m, track.y_m)
        by_row |= dict(zip(track.rows.tolist(), zip(longitude, latitude, strict=True), strict=True))
    seen = table[table["row"] >= 0]
    places = np.array([by_row[row] for row in seen["row"]])
    points = gpd.points_from_xy(places[:, 0], places[:, 1])
    return {"states": gpd.GeoDataFrame(seen.reset_index(drop=True), geometry=points, crs=WGS84)}


def _alike(found: StatesFound) -> float:
    """Return the correlation of the residuals of steps that follow each other."""
    step, starts = found.residuals.step, found.observations.is_start
    both = np.isfinite(step[1:]) & np.isfinite(step[:-1]) & ~starts[1:]
    if both.sum() < 10:
        return float("nan")
    return float(np.corrcoef(step[1:][both], step[:-1][both])[0, 1])


def _notes(found: StatesFound) -> list[str]:
    notes: list[str] = []
    kept = found.kept
    if len(found.tried) > 1:
        others = [
            Note(N_("{count} states by {bic}"), count=one.design.states, bic=one.bic - kept.bic)
            for one in found.tried
            if one is not kept
        ]
        text = N_(
            "{count} states have the lowest BIC (lower than {others}). Criteria tend to ask for "
            "more states than animals have; keep fewer where the further ones mean nothing."
        )
        notes.append(Note(text, count=kept.design.states, others=others))
    if kept.starts > 1 and kept.found < 2:
        text = N_("only one of {count} searches found this model: raise --starts until several do.")
        notes.append(Note(text, count=kept.starts))
    if _alike(found) > _ALIKE:
        text = N_(
            "residuals of steps that follow each other are alike (correlation {correlation}): the "
            "states do not say all that the animal did."
        )
        notes.append(Note(text, correlation=_alike(found)))
    known = found.residuals.step[np.isfinite(found.residuals.step)]
    if stats.kstest(known, "norm").pvalue < 0.001:
        text = N_(
            "residuals of the steps are not normal: a gamma in each state does not fit all steps."
        )
        notes.append(Note(text))
    text = N_("States are kinds of movement; what the animal did in them is the reader's word.")
    notes.append(Note(text))
    return notes


def with_picture(
    answer: MovementAnswer, read: TracksRead, found: StatesFound, language: str
) -> MovementAnswer:
    """Return the answer with its picture, states.png.

    Parameters
    ----------
    answer, read, found
        What was found, and of what.
    language
        Of the picture.

    Raises
    ------
    UnknownNameError
        If the language is not one of `kulan.words.LANGUAGES`.
    """
    # matplotlib is heavy, and most runs draw nothing
    from kulan.assessment.movement.captions import captioned  # noqa: PLC0415
    from kulan.report.movement.states import StatesDrawn, states_picture  # noqa: PLC0415

    reader, caption = captioned(answer, language)
    told = reader.say(
        "Steps: {steps}; animals: {animals}",
        steps=reader.words.number(found.kept.observations),
        animals=reader.words.number(len(read.tracks)),
    )
    drawn = StatesDrawn(
        found.observations, found.kept, found.decoded, found.residuals, read.fixes.clock == "utc"
    )
    picture = states_picture(
        drawn, caption(reader.say("What the animals were doing"), told), reader
    )
    return replace(answer, pictures={**answer.pictures, "states.png": picture.encode(".png")})
